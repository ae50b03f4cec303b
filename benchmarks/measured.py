"""A command measured with everything that it starts: wall-clock time, processor time, memory."""

import contextlib
import ctypes
import os
import resource
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

PR_SET_CHILD_SUBREAPER = 36


@dataclass
class Measured:
    """Seconds on the clock, seconds of processor time of the whole tree, and the most memory it held at once, in MB."""

    wall: float
    cpu: float
    memory: float


def measured(
    command: Sequence[str | Path],
    cwd: Path | None = None,
    env: dict[str, str] | None = None,
    ok: tuple[int, ...] = (0,),
) -> Measured:
    """Run the command to its end; RuntimeError with what it said if it ends otherwise than expected."""
    with tempfile.TemporaryFile() as said, counted() as found:
        process = subprocess.Popen(command, cwd=cwd, env=env, stdout=said, stderr=said)
        with sampled(process.pid) as most:
            code = process.wait()
        if code not in ok:
            said.seek(0)
            raise RuntimeError(
                f"{command} ended with {code}: {said.read()[-2000:].decode('utf-8', 'replace')}"
            )
    return Measured(found[0], found[1], most[0])


@contextlib.contextmanager
def counted() -> Iterator[list[float]]:
    """[wall, cpu] of what runs inside, filled in at its end: all descendants, those that lost their parent too."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    found: list[float] = []
    began, before = time.monotonic(), _children()
    yield found
    found.append(time.monotonic() - began)
    until = time.monotonic() + 10
    while time.monotonic() < until:  # orphans come to us: their time counts once they are waited for
        try:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                time.sleep(0.02)
        except ChildProcessError:
            break
    found.append(_children() - before)


@contextlib.contextmanager
def sampled(pid: int) -> Iterator[list[float]]:
    """[MB]: the most that the process and its descendants held at once, shared pages counted once (PSS)."""
    most, stop = [0.0], threading.Event()

    def sample() -> None:
        while not stop.wait(0.5):
            with contextlib.suppress(psutil.Error):
                tree = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
                most[0] = max(most[0], sum(map(_pss, tree)))

    thread = threading.Thread(target=sample)
    thread.start()
    try:
        yield most
    finally:
        stop.set()
        thread.join()


def _pss(process: psutil.Process) -> float:
    with contextlib.suppress(psutil.Error):
        return float(process.memory_full_info().pss) / 1e6
    return 0.0


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
