"""One process forked by the zygote: the handle by which it is ended, and what its end means."""

import os
import select
import signal
from contextlib import AbstractContextManager
from typing import Any

from autograder.sandbox.calls import CallError
from autograder.sandbox.channel import Channel
from autograder.sandbox.inside.worker import OUT_OF_MEMORY
from autograder.sandbox.launch import SandboxError, ZygoteProcess


class ForkedProcess:
    """Its channel, and its pidfd (or -1), by which it is killed whatever becomes of its number.

    running: the zygote's forked processes that were not ended yet, guarded by lock, as is the zygote's
    socket.
    """

    def __init__(
        self,
        parent: ZygoteProcess,
        pid: int,
        pidfd: int,
        channel: Channel,
        running: "set[ForkedProcess]",
        lock: AbstractContextManager[Any],
    ) -> None:
        self.parent, self.pid, self.pidfd, self.channel = parent, pid, pidfd, channel
        self.running, self.lock = running, lock
        self.status: int | None = None
        running.add(self)

    def end(self, patience: float = 0.0) -> int | None:
        """Kill and reap it, after so many seconds in which it may end by itself.

        Returns the exit status, −n for signal n, None if unknown.
        """
        with self.lock:
            if self not in self.running:
                return self.status
            self.running.discard(self)
            try:
                if patience and self.pidfd >= 0:
                    select.select([self.pidfd], [], [], patience)
                if self.pidfd >= 0:
                    signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)
                else:
                    os.kill(self.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                # Dead already, and not reaped yet.
                pass
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
        return CallError("memory", f"{running} took more memory than there is for it")
    if status == -signal.SIGXCPU:
        return CallError("timeout", f"{running} took more processor time than there is for it")
    if status is not None and status < 0:
        try:
            name = signal.Signals(-status).name
        except ValueError:
            name = f"signal {-status}"
        return CallError("crashed", f"{running} ended Python ({name})")
    code = f" (exit code {status})" if status is not None else ""
    return CallError("crashed", f"{running} ended Python{code}")
