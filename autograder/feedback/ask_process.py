"""A process of its own for each exercise that `autograder check` judges: where it is safe a fork of this one,
which has imported everything already; else a new Python.
"""

import gc
import json
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import NoReturn

from autograder._language import VARIABLE, language
from autograder.feedback.notebook_process import CheckJob, answer_into

# Whole lines, and the exit code; None: it was stopped after its seconds
Asked = tuple[list[str], int | None]


def ask(job: CheckJob, folder: Path, seconds: float) -> Asked:
    """The whole lines that the process wrote, and its exit code, None if it was stopped after the seconds."""
    # Elsewhere the system's own libraries may not be forked, nor anywhere locks that other threads hold.
    forks = sys.platform == "linux" and threading.active_count() == 1
    return (in_a_fork if forks else in_a_new_python)(job, folder, seconds)


def in_a_fork(job: CheckJob, folder: Path, seconds: float) -> Asked:
    """Of a fork of this process."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        _answer_and_end(job, folder, writing)
    os.close(writing)
    end = time.monotonic() + seconds
    code = None
    try:
        output = _until_closed(reading, end)
        code = _code_of(pid, end)
    finally:
        os.close(reading)
        if code is None:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
    return _lines(output, code), code


def _answer_and_end(job: CheckJob, folder: Path, descriptor: int) -> NoReturn:
    """In the fork: its end must never return into the program that it was forked from."""
    code = 1
    try:
        # What was imported is never garbage: not looked through again by each collection.
        gc.freeze()
        os.chdir(folder)
        os.environ.pop("NBGRADER_EXECUTION", None)
        sys.argv[:] = [""]
        signal.signal(signal.SIGINT, signal.default_int_handler)
        answer_into(job, descriptor)
        code = 0
    except SystemExit as asked:
        code = asked.code if isinstance(asked.code, int) else 1
    finally:
        os._exit(code)


def _until_closed(descriptor: int, end: float) -> bytes:
    """What comes until the other side closes, or until the time is over."""
    output = b""
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        while selector.select(max(0.0, end - time.monotonic())):
            part = os.read(descriptor, 1 << 16)
            if not part:
                break
            output += part
    return output


def _code_of(pid: int, end: float) -> int | None:
    """Its exit code, or None where it runs on when the time is over."""
    while time.monotonic() < end:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.001)
    return None


def in_a_new_python(job: CheckJob, folder: Path, seconds: float) -> Asked:
    """Of a Python that is started for it."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([p for p in sys.path if p])}
    environment.pop("NBGRADER_EXECUTION", None)
    environment[VARIABLE] = language()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "autograder.feedback.notebook_process"],
            input=json.dumps(job).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env=environment,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as stopped:
        return _lines(stopped.stdout or b"", None), None
    return _lines(done.stdout, done.returncode), done.returncode


def _lines(output: bytes, code: int | None) -> list[str]:
    """The last line of a process that did not end well may be half of one."""
    text = output.decode("utf-8", "replace")
    whole = text.split("\n") if code == 0 else text.split("\n")[:-1]
    return [line for line in whole if line]
