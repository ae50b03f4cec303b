"""An interrupt that comes while an object's last callback runs ends the command all the same."""

import subprocess
import sys

LOST = """
import signal, time, weakref
from autograder._interrupts import keep_interrupts

class Thing:
    pass

keep_interrupts()
thing = Thing()
gone = weakref.ref(thing, lambda _: signal.raise_signal(signal.SIGINT))
del thing
try:
    time.sleep(60)
except KeyboardInterrupt:
    print("interrupted")
"""
OTHER = """
import weakref
from autograder._interrupts import keep_interrupts

class Thing:
    pass

keep_interrupts()
thing = Thing()
gone = weakref.ref(thing, lambda _: 1 / 0)
del thing
"""


def run(script):
    return subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=50, check=True
    )


def test_an_interrupt_in_a_callback_comes_again_without_a_traceback():
    done = run(LOST)
    assert done.stdout == "interrupted\n"
    assert done.stderr == ""


def test_whatever_else_is_raised_there_is_told_as_before():
    assert "ZeroDivisionError" in run(OTHER).stderr
