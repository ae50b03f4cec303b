"""The zygote: no process is left over, a dead one is replaced, and starting is fast."""

import doctest
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import psutil
import pytest

from autograder.sandbox import launch
from autograder.sandbox.forked_process import ForkedProcess
from autograder.sandbox.turns import Turns
from autograder.sandbox.zygote import SandboxError, Zygote
from tests.support.children import AFTER, QUICK, call

ROOT = Path(__file__).resolve().parents[2]


def family():
    return [p for p in psutil.Process().children(recursive=True) if p.status() != psutil.STATUS_ZOMBIE]


@pytest.mark.parametrize("isolation", ["strong", "none"])
def test_no_process_is_left(isolation):
    before = {p.pid for p in family()}
    with Zygote(isolation, QUICK) as made:
        during = {p.pid for p in family()} - before
        assert during
        for code in ("def f():\n    while True: pass", "import os\ndef f(): os._exit(1)", "def f(): pass"):
            call(made, code, "f")
        assert {
            p.pid for p in family()
        } - before == during  # no child of the zygote is left, not even a dead one
        left_open = made.child(["def f(): pass"]).__enter__()
        assert left_open("f", ()).error is None
    assert {p.pid for p in family()} == before


@pytest.mark.parametrize("way", ["strong", "no namespaces", "none"])
def test_a_killed_grader_takes_everything_along(way):
    code = (
        "import sys, os, threading\nfrom autograder.sandbox import launch\n"
        "from autograder.sandbox.zygote import Zygote, Limits\n"
        f"launch._namespaces_work = None if {way!r} == 'strong' else False\n"
        f"with Zygote('none' if {way!r} == 'none' else 'strong', Limits(call_seconds=60)) as z:\n"
        "    with z.child(['def f():\\n    while True: pass'], seconds=60) as c:\n"
        "        if os.fork() == 0:"
        " os.execvp('sleep', ['sleep', '60'])\n"  # one more holder of our descriptors' copies
        "        print('ready', flush=True)\n        c('f', ())\n"
    )
    grader = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=ROOT)
    assert grader.stdout.readline() == b"ready\n"
    end = time.monotonic() + 30
    holders = []
    while not holders and time.monotonic() < end:
        family = psutil.Process(grader.pid).children(recursive=True)
        holders = [p for p in family if p.name() == "sleep"]
    left = [p for p in family if p not in holders]
    assert len(left) >= 2
    grader.send_signal(signal.SIGKILL)
    grader.wait()
    grader.stdout.close()
    try:
        assert psutil.wait_procs(left, timeout=30)[1] == []
    finally:
        for holder in holders:
            holder.kill()


def test_a_zygote_that_dies_is_replaced(zygote):
    assert call(zygote, AFTER, "g").value == 1
    zygote.process.popen.kill()
    for process in psutil.Process(zygote.process.popen.pid).children(recursive=True):
        process.kill()
    zygote.process.popen.wait()
    assert call(zygote, AFTER, "g").value == 1


def test_starting_and_calling_are_fast(zygote):
    """Measured 4.5 ms and 0.12 ms on two shared cores; ten times that, whenever it is asked, is a bug."""
    starts, calls = [], []
    x = np.ones((5, 7))
    for _ in range(20):
        started = time.perf_counter()
        with zygote.child(["import numpy as np", "def f(x): return 2 * x"]) as child:
            starts.append(time.perf_counter() - started)
            for _ in range(20):
                started = time.perf_counter()
                assert child("f", (x,)).error is None
                calls.append(time.perf_counter() - started)
    assert min(starts) < 0.045
    assert min(calls) < 0.0012


def test_the_docstrings_example_is_true():
    assert doctest.testmod(sys.modules[Zygote.__module__]) == (0, 5)


def test_a_key_in_the_terminal_that_stops_the_grader_does_not_reach_the_zygote():
    with Zygote("none", QUICK) as made:
        number = made.process.popen.pid
        assert os.getsid(number) == number != os.getsid(0)


def test_namespaces_that_worked_a_moment_ago_are_tried_again_and_others_are_not(monkeypatch):
    monkeypatch.setattr(launch, "bubblewrap", lambda: ["bwrap"])
    waits = []
    monkeypatch.setattr(launch.time, "sleep", waits.append)
    for worked, expected in ((True, ["bwrap", "bwrap"]), (None, ["bwrap", None])):
        tried = []

        def start(confined, prefix=None, tried=tried):
            assert confined
            tried.append(prefix[0] if prefix else None)
            if len(tried) == 1:
                raise SandboxError("it did not start")
            return "started"

        monkeypatch.setattr(launch, "start", start)
        monkeypatch.setattr(launch, "_namespaces_work", worked)
        assert launch.start_strong() == "started"
        assert tried == expected
        assert launch._namespaces_work is bool(worked)
    assert len(waits) == 1
    assert 0 < waits[0] < 1


def test_of_a_child_whose_zygote_is_gone_nobody_knows_how_it_ended():
    class Gone:
        def request(self, what):
            raise SandboxError("the zygote is gone")

    class Closed:
        class sock:
            close = staticmethod(lambda: None)

    sleeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    turns = Turns(0)
    child = ForkedProcess(Gone(), sleeper.pid, -1, Closed, turns, threading.Lock())
    assert child.end(patience=0.01) is None
    assert turns.running == set()
    assert sleeper.wait() == -signal.SIGKILL


@pytest.mark.parametrize("said", [b"", b"\1", launch.LENGTH.pack(9) + b"{"], ids=["none", "a byte", "half"])
def test_a_zygote_that_ends_amid_its_word_is_no_answer(said):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(said)
        theirs.shutdown(socket.SHUT_WR)
        with pytest.raises(EOFError):
            launch._receive(ours)
