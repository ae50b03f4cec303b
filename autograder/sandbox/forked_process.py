"""One process forked by the zygote: the handle by which it is ended, and what its end means."""

import os
import select
import signal
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any

from autograder._language import _
from autograder.sandbox.calls import CallError
from autograder.sandbox.channel import Channel
from autograder.sandbox.inside.worker import OUT_OF_MEMORY
from autograder.sandbox.launch import SandboxError, ZygoteProcess
from autograder.sandbox.turns import Turns


class ForkedProcess:
    """Its channel, and its pidfd (or -1), by which it is killed whatever becomes of its number.

    turns: the zygote's forked processes that were not ended yet, and whose turn it is; guarded by lock, as is
    the zygote's socket.
    """

    def __init__(
        self,
        parent: ZygoteProcess,
        pid: int,
        pidfd: int,
        channel: Channel,
        turns: Turns,
        lock: AbstractContextManager[Any],
    ) -> None:
        self.parent, self.pid, self.pidfd, self.channel = parent, pid, pidfd, channel
        self.turns, self.lock = turns, lock
        self.status: int | None = None
        # Bytes of address space
        self.size_when_ready = 0
        turns.add(self)

    @property
    def ended(self) -> bool:
        """Was it ended here, perhaps to make room for others?"""
        return self not in self.turns.running

    def take_turn(self) -> bool:
        """It runs from now on, and no other of its zygote; False if it was ended to make room for them."""
        with self.lock:
            if not self.ended:
                self.turns.give_to(self)
            return not self.ended

    def number_here(self) -> int:
        """Its number in our namespace: in its parent's it may have another. ProcessLookupError if it is no
        more.
        """
        if self.pidfd < 0:
            return self.pid
        text = Path(f"/proc/self/fdinfo/{self.pidfd}").read_text(encoding="ascii")
        # A kernel without namespaces of processes has no such line.
        told = (int(line.split()[1]) for line in text.splitlines() if line.startswith("Pid:"))
        number = next(told, self.pid)
        if number <= 0:
            raise ProcessLookupError(number)
        return number

    def signal(self, number: signal.Signals) -> None:
        """Send it; nothing to one that is dead already, and not reaped yet."""
        with suppress(ProcessLookupError, PermissionError):
            if self.pidfd >= 0:
                signal.pidfd_send_signal(self.pidfd, number)
            else:
                os.kill(self.pid, number)

    def end(self, patience: float = 0.0) -> int | None:
        """Kill and reap it, after so many seconds in which it may end by itself.

        Returns the exit status, −n for signal n, None if unknown.
        """
        with self.lock:
            if not self.turns.remove(self):
                return self.status
            if patience and self.pidfd >= 0:
                select.select([self.pidfd], [], [], patience)
            self.signal(signal.SIGKILL)
            self.channel.sock.close()
            if self.pidfd >= 0:
                os.close(self.pidfd)
            try:
                self.status = int(self.parent.request({"reap": self.pid})[0]["status"])
            except SandboxError:
                # The zygote went, and took its children along.
                self.status = None
            return self.status


def cause_of_end(status: int | None, running: str) -> CallError:
    """Why a process ended that nobody here killed; running: what it was running, in words."""
    if status == OUT_OF_MEMORY or status == -signal.SIGKILL:
        return too_much_memory(running)
    if status == -signal.SIGXCPU:
        return CallError(
            "timeout", _("{running} took more processor time than there is for it", running=running)
        )
    if status is not None and status < 0:
        try:
            name = signal.Signals(-status).name
        except ValueError:
            name = f"signal {-status}"
        return CallError("crashed", _("{running} ended Python ({signal})", running=running, signal=name))
    if status is None:
        return CallError("crashed", _("{running} ended Python", running=running))
    return CallError(
        "crashed", _("{running} ended Python (exit code {status})", running=running, status=status)
    )


def too_much_memory(running: str) -> CallError:
    """It was ended for its memory; running: what it was running, in words."""
    return CallError("memory", _("{running} took more memory than there is for it", running=running))
