"""The grader's side of the wall: starts, limits and ends children; arrays in, arrays out, never a pickle.

    with Zygote("strong") as zygote, zygote.child(cells, seconds=10) as child:
        outcome = child("all_deltas", (Y_hat, Y, Ws, Zs, As, g, out))

What comes back is a stranger's word: its length, form, dtypes and shapes are checked before anything is made of it,
a reply must carry its call's nonce, and there is one reply a call. Time is measured here. A child that breaks the
rules, hangs or dies is killed, and from then on every call says so.
"""

import os
import secrets
import select
import signal
import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from autograder.sandbox import launch, protocol, redaction
from autograder.sandbox.calls import CallError, Outcome, Value, repeat_the_end
from autograder.sandbox.channel import Channel, Gone, Late
from autograder.sandbox.inside import wire
from autograder.sandbox.inside.wire import FrameError, clean
from autograder.sandbox.launch import SandboxError, SandboxUnavailable, require_linux
from autograder.sandbox.protocol import Requests, error_of, request

__all__ = ["Child", "Limits", "SandboxError", "SandboxUnavailable", "Zygote"]

Isolation = Literal["strong", "none"]
BATCH = 64  # calls a message
MAX_LEFT_OUT = 8  # cells that hang or end the process; one more and the notebook counts as hanging
LEAST_CELL_SECONDS = 1.0  # each cell that had to be left out halves the patience with the next, down to this


@dataclass
class Loading:
    """What is known of a notebook whose cells were tried: those to leave out, and the seconds lost on them."""

    cells: tuple[str, ...] = ()
    left_out: dict[int, CallError] = field(default_factory=dict)
    lost: float = 0.0
    words: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Limits:
    """What one child may use. Memory is on top of what Python and NumPy take."""

    call_seconds: float = 5.0
    cell_seconds: float = 5.0
    loading_seconds: float = 20.0  # lost on one notebook's hanging cells, in all its children together
    memory_bytes: int = 1 << 30
    frame_bytes: int = 64 << 20


class Zygote:
    """A clean Python with NumPy loaded, from which children are forked. One a core; use as a context manager."""

    def __init__(self, isolation: Isolation = "strong", limits: Limits | None = None) -> None:
        if isolation not in ("strong", "none"):
            raise ValueError(f"Zygote: isolation {isolation!r} was given; expected 'strong' or 'none'")
        self.isolation: Isolation = isolation
        self.limits = limits or Limits()
        self.process: launch.Process | None = None
        self.held: dict[
            str, Any
        ] = {}  # what the last child said it is held by, before any student's code ran
        self.lock = threading.RLock()
        self.live: set[Forked] = set()
        self.forks = 0
        self.loading = Loading()
        self.requests = Requests()

    def __enter__(self) -> "Zygote":
        require_linux(self.isolation)
        with self.lock:
            if self.process is None:
                self.process = self._start()
        return self

    def __exit__(self, *_: object) -> None:
        with self.lock:
            for forked in list(self.live):
                forked.end()
            if self.process is not None:
                self.process.close()
                self.process = None

    def _start(self) -> launch.Process:
        return launch.start_strong() if self.isolation == "strong" else launch.start(False)

    def child(self, cells: Sequence[str], *, seconds: float = 10.0) -> "Child":
        """A fresh child that has run the cells; seconds bounds its life from the first cell to the last call."""
        return Child(self, cells, seconds)

    def fork(self, seconds: float) -> "Forked":
        """A locked-in child that knows nothing yet; SandboxUnavailable if it could not lock itself in."""
        with self.lock:
            if self.process is None:
                raise SandboxError("Zygote: not started; use it as a context manager")
            try:
                return self._fork(self.process, seconds)
            except SandboxUnavailable:
                raise
            except SandboxError:  # the zygote itself was ended, by the kernel or by hand: another one
                self.process.close()
                self.process = self._start()
                return self._fork(self.process, seconds)

    def _fork(self, process: launch.Process, seconds: float) -> "Forked":
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        self.forks += 1
        order = {
            "memory": process.memory + self.limits.memory_bytes,
            "seconds": int(seconds + self.limits.cell_seconds) + 2,
            "uid": process.first_uid + self.forks % (1 << 14),
            "mount_namespace": process.namespaces,
            "frame": self.limits.frame_bytes,
        }
        try:
            answer, descriptors = process.order({"fork": order}, [theirs.fileno()])
        except SandboxError:
            ours.close()
            raise
        finally:
            theirs.close()
        forked = Forked(self, process, int(answer["pid"]), descriptors[0] if descriptors else -1, ours)
        self.live.add(forked)
        try:
            header, _ = forked.channel.receive(time.monotonic() + launch.START_SECONDS)
        except (Late, Gone, FrameError):
            forked.end()
            raise SandboxError("a child ended before it began") from None
        if "ready" not in header:
            forked.end()
            raise SandboxUnavailable(
                f"students' code can't be locked in here: {clean(str(header.get('refused')))}."
                " `autograder doctor` says what this machine offers"
            )
        self.held = header["ready"]
        return forked


class Forked:
    """One forked process: its channel, and the handle by which it is killed, whatever becomes of its number."""

    def __init__(
        self, zygote: Zygote, process: launch.Process, pid: int, handle: int, sock: socket.socket
    ) -> None:
        self.zygote, self.process, self.pid, self.handle = zygote, process, pid, handle
        self.channel = Channel(sock, zygote.limits.frame_bytes)
        self.status: int | None = None

    def end(self, patience: float = 0.0) -> int | None:
        """Kill and reap it; exit status, −n for signal n, None if unknown. With patience, let it die by itself."""
        with self.zygote.lock:
            if self not in self.zygote.live:
                return self.status
            self.zygote.live.discard(self)
            try:
                if patience and self.handle >= 0:
                    select.select([self.handle], [], [], patience)
                if self.handle >= 0:
                    signal.pidfd_send_signal(self.handle, signal.SIGKILL)
                else:
                    os.kill(self.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                pass  # dead already, and not reaped yet
            self.channel.sock.close()
            if self.handle >= 0:
                os.close(self.handle)
            try:
                self.status = int(self.process.order({"reap": self.pid})[0]["status"])
            except SandboxError:
                self.status = None  # the zygote went, and took its children along
            return self.status


def _cause(status: int | None, doing: str) -> CallError:
    """What ended a process that was not ended by us."""
    if status == 77 or status == -signal.SIGKILL:
        return CallError("memory", f"{doing} took more memory than there is for it")
    if status == -signal.SIGXCPU:
        return CallError("timeout", f"{doing} took more processor time than there is for it")
    if status is not None and status < 0:
        try:
            name = signal.Signals(-status).name
        except ValueError:
            name = f"signal {-status}"
        return CallError("crashed", f"{doing} ended Python ({name})")
    return CallError(
        "crashed", f"{doing} ended Python" + (f" (exit code {status})" if status is not None else "")
    )


class Child:
    """The student's functions behind the wall: a Caller. load_errors holds (cell, message) of cells that failed."""

    def __init__(self, zygote: Zygote, cells: Sequence[str], seconds: float) -> None:
        self.zygote, self.cells, self.seconds = zygote, tuple(cells), seconds
        self.load_failures: dict[int, CallError] = {}
        self.names: frozenset[str] = frozenset()
        self.words: frozenset[str] = frozenset()
        self.printed = ""  # the beginning and the end of what the cells printed
        self.dead: CallError | None = None
        self.forked: Forked | None = None
        self.deadline = 0.0

    @property
    def load_errors(self) -> list[tuple[int, str]]:
        return [(place, error.message) for place, error in sorted(self.load_failures.items())]

    @property
    def alive(self) -> bool:
        """Can it still be called?"""
        return self.dead is None and self.forked is not None

    def renew(self, seconds: float) -> None:
        """Live for so many seconds from now; its processor time stays what was given at its start."""
        self.seconds, self.deadline = seconds, time.monotonic() + seconds

    def has(self, name: str) -> bool:
        """Did the cells leave a callable of this name?"""
        return name in self.names

    def __enter__(self) -> "Child":
        if self.zygote.loading.cells != self.cells:
            self.zygote.loading = Loading(self.cells, words=redaction.words(self.cells))
        loading = self.zygote.loading
        self.words = loading.words
        while True:
            self.load_failures = dict(loading.left_out)
            started = time.monotonic()
            found = self._load(set(loading.left_out))
            if found is None:
                return self
            place, error = found
            loading.left_out[place] = error
            loading.lost += time.monotonic() - started
            self._die(error)
            if len(loading.left_out) > MAX_LEFT_OUT or loading.lost > self.zygote.limits.loading_seconds:
                return self
            self.dead = None

    def __exit__(self, *_: object) -> None:
        if self.forked is not None:
            self.forked.end()
            self.forked = None

    def _die(self, error: CallError) -> CallError:
        self.dead = error
        if self.forked is not None:
            self.forked.end()
        return error

    def _load(self, skip: set[int]) -> tuple[int, CallError] | None:
        """Run the cells in a fresh child; the cell that hung or ended it, with the reason, else None."""
        self.forked = self.zygote.fork(self.seconds)
        self.deadline = time.monotonic() + self.seconds
        patience = max(self.zygote.limits.cell_seconds / 2 ** len(skip), LEAST_CELL_SECONDS)
        return self._run(self.cells, skip, patience)

    def add(self, cell: str) -> None:
        """Run one more cell, the grader's own, in the child as it is; whatever goes wrong ends the child."""
        if self.dead is None:
            there = ("",) * len(self.cells)  # they ran: their places count, not their text
            found = self._run((*there, cell), set(range(len(there))), self.zygote.limits.cell_seconds)
            if found is not None:
                self._die(found[1])

    def _run(self, cells: Sequence[str], skip: set[int], patience: float) -> tuple[int, CallError] | None:
        """Run these cells but some; the cell that hung or ended the child, with the reason, else None."""
        assert self.forked is not None
        channel, started = self.forked.channel, time.monotonic()
        nonce = secrets.token_hex(8)
        order = {"nonce": nonce, "cells": cells, "skip": sorted(skip), "seed": 0}
        place = -1
        limit = min(patience, self.zygote.limits.cell_seconds, self.seconds)
        deadline = started + limit
        try:
            channel.send(wire.pack(order, []), deadline)
            while True:
                header, payload = channel.receive(deadline)
                cell = header.get("cell")
                if type(cell) is int and place < cell < len(cells) and not payload and len(header) == 1:
                    place, deadline = cell, min(time.monotonic() + limit, self.deadline)
                    continue
                self._loaded(header, payload, nonce)
                return None
        except Late:
            error = CallError(
                "timeout", f"still running after {limit:g} seconds; it was stopped (a loop without an end?)"
            )
        except Gone:
            error = _cause(self.forked.end(patience=0.5), "the cell")
        except FrameError as problem:
            error = CallError("protocol", f"the cell wrote where only the grader's side may: {problem}")
        if place < 0:  # no cell had begun: nothing to leave out
            self._die(error)
            return None
        return place, error

    def _loaded(self, header: dict[str, Any], payload: bytes, nonce: str) -> None:
        if header.get("nonce") != nonce or payload:
            raise FrameError("an answer that nobody asked for")
        errors, names, printed = header.get("loaded"), header.get("names"), header.get("printed")
        if not isinstance(errors, list) or not isinstance(names, list) or not isinstance(printed, str):
            raise FrameError("an answer of no known form")
        for each in errors:
            if not isinstance(each, list) or len(each) != 6 or type(each[0]) is not int:
                raise FrameError("an answer of no known form")
            if 0 <= each[0] < len(self.cells):
                self.load_failures[each[0]] = error_of(each[1:], self.words)
        self.names = frozenset(clean(name, 200) for name in names if isinstance(name, str))
        self.printed = clean(printed, 10_000)

    def __call__(self, name: str, args: tuple[Value, ...]) -> Outcome:
        """Call the student's function; a CallError in the Outcome for whatever goes wrong on the other side."""
        return self.call_many(name, [args])[0]

    def call_many(self, name: str, many: Sequence[tuple[Value, ...]]) -> list[Outcome]:
        """The Outcomes of one call after another, in order: as __call__ gives them, in far fewer messages."""
        return self._in_batches(name, many, pipelined=False)

    def call_pipelined(self, name: str, many: Sequence[tuple[Value, ...]]) -> list[Outcome]:
        """As call_many, an answer being read after the call that follows it."""
        return self._in_batches(name, many, pipelined=True)

    def _in_batches(self, name: str, many: Sequence[tuple[Value, ...]], pipelined: bool) -> list[Outcome]:
        outcomes: list[Outcome] = []
        while len(outcomes) < len(many):
            outcomes += self._batch(name, many[len(outcomes) : len(outcomes) + BATCH], pipelined)
        return repeat_the_end(outcomes)

    def _batch(self, name: str, many: Sequence[tuple[Value, ...]], pipelined: bool) -> list[Outcome]:
        outcomes: list[Outcome] = []
        if self.dead is not None or self.forked is None:
            error = self.dead or CallError("crashed", "the child was closed")
            return [Outcome(None, error, None) for _ in many]
        nonce = secrets.token_hex(8)
        channel = self.forked.channel
        try:
            if channel.unasked():
                raise FrameError("an answer that nobody asked for")
            channel.send(request(nonce, name, many, pipelined, self.zygote.requests), self._deadline())
            while len(outcomes) < len(many):
                header, payload = channel.receive(self._deadline())
                outcomes += protocol.outcomes(header, payload, nonce, many[len(outcomes) :], self.words)
            if channel.buffer:
                raise FrameError("more than one answer")
        except Late:
            spent = min(self.zygote.limits.call_seconds, self.seconds)
            self._die(
                CallError(
                    "timeout",
                    f"still running after {spent:g} seconds; it was stopped (a loop without an end?)",
                )
            )
        except Gone:
            self._die(_cause(self.forked.end(patience=0.5), name))
        except FrameError as problem:
            outcomes = []  # whoever breaks the rules once is believed nothing of the same batch
            self._die(
                CallError("protocol", f"the answer was not one that the grader's own worker sends: {problem}")
            )
        return outcomes + [Outcome(None, self.dead, None) for _ in many[len(outcomes) :]]

    def _deadline(self) -> float:
        """When the call that runs now must have been answered."""
        return min(time.monotonic() + self.zygote.limits.call_seconds, self.deadline)
