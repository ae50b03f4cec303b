"""All children of a zygote together are bounded: one runs, and the others stand still and hold little."""

import time
from pathlib import Path

import pytest

from autograder.grading.memory_budget import SHARE, WORKER_BYTES, processes_that_fit
from autograder.sandbox.limits import Limits
from autograder.sandbox.turns import held_by
from autograder.sandbox.zygote import Zygote

MB = 1 << 20
SMALL = Limits(memory_bytes=64 * MB, waiting_bytes=16 * MB)
# Holds what it is asked for, in MB; and takes more while nobody asks, by a timer.
HOLDS = """
import signal
import numpy as np
held = []
def hold(size):
    held.append(np.ones(int(size) << 17))
    return size
def later(size):
    signal.signal(signal.SIGALRM, lambda *_: hold(size))
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    return size
"""


@pytest.fixture(params=["strong", "none"])
def zygote(request):
    with Zygote(request.param, SMALL) as made:
        yield made


def all_held(zygote):
    return sum(map(held_by, zygote.turns.running))


def test_four_that_each_want_all_hold_no_more_than_one_may_and_a_little(zygote):
    # The address space that the zygote had at its start counts as used, a part of which is free again.
    bound = SMALL.memory_bytes + SMALL.waiting_bytes + 64 * MB
    with (
        zygote.child([HOLDS]) as one,
        zygote.child([HOLDS]) as two,
        zygote.child([HOLDS]) as three,
        zygote.child([HOLDS]) as four,
    ):
        children = (one, two, three, four)
        for child in children:
            assert child("hold", (40,)).error is None
            assert all_held(zygote) <= bound
        # Those before were ended to make room, and say so; the last goes on.
        assert [child.alive for child in children] == [False, False, False, True]
        assert one("hold", (1,)).error.kind == "memory"
        assert four("hold", (1,)).error is None


def test_what_holds_little_is_asked_in_turn_for_ever(zygote):
    with zygote.child([HOLDS]) as one, zygote.child([HOLDS]) as two:
        for _ in range(5):
            assert [child("hold", (0.01,)).error for child in (one, two)] == [None, None]
        assert len(zygote.turns.running) == 2


def test_one_that_waits_stands_still(zygote):
    with zygote.child([HOLDS]) as one, zygote.child([HOLDS]) as two:
        assert one("later", (40,)).error is None
        assert two("hold", (1,)).error is None
        status = Path(f"/proc/{one.process.number_here()}/status").read_text()
        assert "State:\tT" in status
        time.sleep(0.1)
        assert held_by(one.process) < 16 * MB


def test_so_many_processes_are_started_as_memory_holds_the_worst_of():
    assert processes_that_fit(8, None) == 8
    assert processes_that_fit(8, int(3.5 * WORKER_BYTES / SHARE)) == 3
    assert processes_that_fit(2, 1 << 40) == 2
    assert processes_that_fit(8, 1 << 30) == 1
