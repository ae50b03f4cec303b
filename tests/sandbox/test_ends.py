"""Why a child ended, in words, and the limits that it had."""

import signal

import pytest

from autograder.sandbox.forked_process import cause_of_end
from autograder.sandbox.inside.worker import OUT_OF_MEMORY
from autograder.sandbox.known_messages import NotebookWords
from autograder.sandbox.limits import Limits
from autograder.sandbox.protocol import call_error_of


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (OUT_OF_MEMORY, "memory", "more memory"),
        (-signal.SIGKILL, "memory", "more memory"),
        (-signal.SIGXCPU, "timeout", "more processor time"),
        (-signal.SIGSEGV, "crashed", "the cell ended Python (SIGSEGV)"),
        (-signal.SIGSYS, "crashed", "(SIGSYS)"),
        (-99, "crashed", "(signal 99)"),
        (0, "crashed", "(exit code 0)"),
        (9, "crashed", "(exit code 9)"),
        (None, "crashed", "the cell ended Python"),
    ],
)
def test_what_an_exit_status_means(status, kind, words):
    error = cause_of_end(status, "the cell")
    assert error.kind == kind
    assert words in error.message
    assert ("exit code" in error.message) == (status is not None and status in (0, 9))


@pytest.mark.parametrize("public", [True, False])
def test_whatever_a_child_calls_it_out_of_memory_is_a_memory_error(public):
    error = call_error_of(["memory", "KeyError", "'x'", "", []], NotebookWords(()), public)
    assert (error.kind, error.type) == ("memory", "MemoryError")


def test_a_student_with_more_time_has_more_of_each_time_and_of_nothing_else():
    limits = Limits()
    twice = limits.scaled(2.0)
    assert (limits.call_seconds, limits.cell_seconds, limits.loading_seconds) == (5.0, 5.0, 20.0)
    assert (twice.call_seconds, twice.cell_seconds, twice.loading_seconds) == (10.0, 10.0, 40.0)
    assert (twice.memory_bytes, twice.frame_bytes, twice.child_bytes) == (1 << 30, 16 << 20, 64 << 20)
