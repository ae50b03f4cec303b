"""The zygote: a clean Python with NumPy loaded, from which a locked process is forked for every child.

>>> import numpy as np
>>> from autograder.sandbox.zygote import Zygote
>>> cells = ["import numpy as np", "def affine(W, a_prev, b):\\n    return W @ a_prev + b"]
>>> with Zygote("strong") as zygote, zygote.child(cells, seconds=10) as child:
...     outcome = child("affine", (np.eye(2), np.ones((2, 1)), np.zeros((2, 1))))
>>> outcome.value.tolist(), outcome.error
([[1.0], [1.0]], None)
"""

import socket
import threading
import time
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from autograder._language import _
from autograder.sandbox import launch
from autograder.sandbox.calls import CallError, FunctionPlace
from autograder.sandbox.channel import Channel, DeadlineExceeded, PeerClosed
from autograder.sandbox.child import Child, LoadingRecord
from autograder.sandbox.forked_process import ForkedProcess
from autograder.sandbox.grader_words import why_not_locked
from autograder.sandbox.inside.wire import FrameError, clean
from autograder.sandbox.known_messages import NotebookWords
from autograder.sandbox.launch import SandboxError, SandboxUnavailable, ZygoteProcess, require_linux
from autograder.sandbox.limits import Isolation, Limits
from autograder.sandbox.protocol import EncodedArguments
from autograder.sandbox.turns import Turns, address_space_of

__all__ = ["Isolation", "Limits", "SandboxError", "SandboxUnavailable", "Zygote"]


class Zygote:
    """Makes children. One a core; use as a context manager.

    isolation: "strong" locks every child in, "none" runs code that you trust. restrictions: what the last
    child said that it is locked in by, before any student's code ran: {"seccomp": True, "landlock": version,
    "uid": number, "mount_namespace": is it in bubblewrap's?}.
    """

    def __init__(self, isolation: Isolation = "strong", limits: Limits | None = None) -> None:
        if isolation not in ("strong", "none"):
            raise ValueError(f"Zygote: isolation {isolation!r} was given; expected 'strong' or 'none'")
        self.isolation: Isolation = isolation
        self.limits = limits or Limits()
        self.process: ZygoteProcess | None = None
        self.restrictions: dict[str, Any] = {}
        self.lock = threading.RLock()
        self.turns = Turns(self.limits.waiting_bytes)
        self.forks = 0
        self.record = LoadingRecord()
        self.encoded = EncodedArguments()

    def __enter__(self) -> "Zygote":
        require_linux(self.isolation)
        with self.lock:
            if self.process is None:
                self.process = self._start()
        return self

    def __exit__(self, *_: object) -> None:
        with self.lock:
            for forked in list(self.turns.running):
                forked.end()
            if self.process is not None:
                self.process.close()
                self.process = None

    def child(
        self,
        cells: Sequence[str],
        *,
        seconds: float = 10.0,
        public: bool = False,
        asked: Mapping[str, FunctionPlace] = MappingProxyType({}),
        told: Mapping[int, CallError] | None = None,
    ) -> Child:
        """A fresh child that runs the cells when it is entered; seconds bounds its life to the last call.

        public: it is called with nothing that is hidden, so its errors may be told in more than their kind.
        asked: the places of the functions that are asked for as they were at some cell; others are asked for
        as the last cell left them. told: what cells failed with in a child before this one, where no other
        failure may be told in words.
        """
        if self.record.words.cells != tuple(cells):
            self.record = LoadingRecord(NotebookWords(tuple(cells)))
        return Child(self.fork, self.limits, self.record, self.encoded, seconds, public, asked, told)

    def bound(self, limits: Limits) -> None:
        """Give the children from now on these limits; what hung under other ones is tried again."""
        if limits != self.limits:
            self.limits, self.record = limits, LoadingRecord()
            self.turns.waiting_bytes = limits.waiting_bytes

    def fork(self, seconds: float) -> ForkedProcess:
        """A locked process that knows nothing yet; SandboxUnavailable if it could not lock itself in."""
        with self.lock:
            if self.process is None:
                raise SandboxError(_("Zygote: not started; use it as a context manager"))
            try:
                return self._fork(self.process, seconds)
            except SandboxUnavailable:
                raise
            except SandboxError:
                # The zygote itself was ended, by the kernel or by hand: another one.
                self.process.close()
                self.process = self._start()
                return self._fork(self.process, seconds)

    def _start(self) -> ZygoteProcess:
        return launch.start_strong() if self.isolation == "strong" else launch.start(False)

    def _fork(self, process: ZygoteProcess, seconds: float) -> ForkedProcess:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        self.forks += 1
        settings = {
            "memory": process.memory + self.limits.memory_bytes,
            "seconds": int(seconds + self.limits.cell_seconds) + 2,
            "uid": process.first_uid + self.forks % (1 << 14),
            "mount_namespace": process.namespaces,
            "frame": self.limits.frame_bytes,
        }
        try:
            answer, descriptors = process.request({"fork": settings}, [theirs.fileno()])
        except SandboxError:
            ours.close()
            raise
        finally:
            theirs.close()
        pid, pidfd = int(answer["pid"]), descriptors[0] if descriptors else -1
        channel = Channel(ours, self.limits.frame_bytes, self.limits.child_bytes)
        forked = ForkedProcess(process, pid, pidfd, channel, self.turns, self.lock)
        try:
            header, _body = channel.receive(time.monotonic() + launch.START_SECONDS)
        except (DeadlineExceeded, PeerClosed, FrameError):
            forked.end()
            raise SandboxError(_("a child ended before it began")) from None
        if "ready" not in header:
            forked.end()
            raise SandboxUnavailable(
                _(
                    "students' code can't be locked in here: {clean}. `autograder doctor` says what this "
                    "machine offers",
                    clean=why_not_locked(clean(str(header.get("refused")))),
                )
            )
        self.restrictions = header["ready"]
        forked.size_when_ready = address_space_of(forked)
        return forked
