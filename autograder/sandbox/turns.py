"""One child of a zygote runs at a time: all together hold no more memory than one may, and a little.

The others stand still, by SIGSTOP: what stands still takes no memory, whatever timers it has set. When the
turn goes to another child, and what those that wait hold is more than they may, the largest are ended.
"""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from autograder._language import _
from autograder.sandbox.launch import SandboxError

# A process stops when the kernel next gives it a time slice.
STOP_SECONDS = 5.0
PAGE = os.sysconf("SC_PAGE_SIZE")


class Process(Protocol):
    """What can be given a turn. size_when_ready: bytes of address space before a student's code ran."""

    size_when_ready: int

    def number_here(self) -> int:
        """Its number in our namespace; ProcessLookupError if it is no more."""

    def signal(self, number: signal.Signals, /) -> None:
        """Send it."""

    def end(self) -> int | None:
        """Kill and reap it; its exit status."""


class Turns:
    """Whose turn it is. waiting_bytes: what the others may hold together, beyond the zygote's own size."""

    def __init__(self, waiting_bytes: int) -> None:
        self.waiting_bytes = waiting_bytes
        self.running: set[Process] = set()
        self.active: Process | None = None

    def give_to(self, process: Process) -> None:
        """From now on this one runs, and no other."""
        if self.active is process:
            return
        if self.active is not None:
            self._stop(self.active)
        self.active = process
        held = {other: held_by(other) for other in self.running if other is not process}
        for other in sorted(held, key=lambda each: held[each], reverse=True):
            if sum(held.values()) <= self.waiting_bytes:
                break
            other.end()
            del held[other]
        process.signal(signal.SIGCONT)

    def _stop(self, process: Process) -> None:
        process.signal(signal.SIGSTOP)
        end = time.monotonic() + STOP_SECONDS
        while not _stands_still(process):
            if time.monotonic() > end:
                # Whatever keeps it from stopping, it gets no more time.
                process.end()
                return
            time.sleep(0.0001)

    def add(self, process: Process) -> None:
        """One that was forked: the turn is its own."""
        self.running.add(process)
        self.give_to(process)

    def remove(self, process: Process) -> bool:
        """It was ended; False if it was already."""
        if process not in self.running:
            return False
        self.running.discard(process)
        self.active = None if self.active is process else self.active
        return True


def held_by(process: Process) -> int:
    """Bytes of address space that it has taken since it was ready, before any code of a student's ran."""
    return max(0, address_space_of(process) - process.size_when_ready)


def address_space_of(process: Process) -> int:
    """Bytes of its address space; 0 if it is no more. SandboxError where the system doesn't tell."""
    return int(_of_proc(process, "statm", "0").split()[0]) * PAGE


def _stands_still(process: Process) -> bool:
    """Has it stopped, or ended?"""
    return _of_proc(process, "stat", "0 () X").rpartition(")")[2].split()[0] in "TtZX"


def _of_proc(process: Process, name: str, gone: str) -> str:
    """A file of /proc on the process, or what it would say if it were gone."""
    with suppress(ProcessLookupError, FileNotFoundError):
        try:
            return Path(f"/proc/{process.number_here()}/{name}").read_text(encoding="ascii", errors="replace")
        except PermissionError:
            raise SandboxError(_("what memory a child holds can't be read in /proc")) from None
    return gone
