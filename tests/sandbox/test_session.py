"""Who is judged in which child: right functions enter one last, and nobody else comes upon them."""

from contextlib import ExitStack

import pytest

from autograder.sandbox.calls import LocalCaller
from autograder.sandbox.session import IsolatedCaller, SharedChild
from tests.support.in_process import InProcess

CELLS = ("def slope(z): return 0 * z\ndef step(z): return slope(z) + 1",)


def right(z):
    return 7 * z


class Counted(InProcess):
    def __init__(self):
        self.made = []

    def child(self, cells, **more):
        made = super().child(cells, **more)
        self.made.append(made)
        return made


@pytest.fixture
def judging():
    """(zygote, shared, call): `step` about to be judged in a shared child."""
    zygote = Counted()
    with SharedChild(zygote, CELLS) as shared, ExitStack() as closing:
        child, _ = shared.open(5)
        yield zygote, shared, IsolatedCaller(child, "step", zygote, CELLS, lambda: 5, closing, shared.retire)


def test_exercises_share_a_child(judging):
    zygote, shared, call = judging
    assert call("step", (1,)).value == 1
    child, used = shared.open(5)
    assert used
    assert child is call.own
    assert len(zygote.made) == 1


def test_right_functions_enter_the_child_and_nobody_else_is_judged_in_it(judging):
    zygote, shared, call = judging
    other = call.with_functions({"slope": right})
    assert other("step", (1,)).value == 8
    assert len(zygote.made) == 1
    child, used = shared.open(5)
    assert not used
    assert child is not other
    assert child("step", (1,)).value == 1


def test_after_right_functions_the_own_ones_are_asked_in_a_new_child(judging):
    zygote, _, call = judging
    other = call.with_functions({"slope": right})
    assert call("step", (1,)).value == 1
    assert other("step", (1,)).value == 8
    assert len(zygote.made) == 2


def test_earlier_functions_are_asked_apart(judging):
    zygote, _, call = judging
    assert call("slope", (1,)).value == 0
    assert call("step", (1,)).value == 1
    assert len(zygote.made) == 2


def test_a_dead_child_is_followed_by_a_new_one(judging):
    zygote, _, call = judging
    call.own.alive = False
    other = call.with_functions({"slope": right})
    assert other.alive
    assert other("step", (1,)).value == 8
    assert isinstance(other, LocalCaller)
    assert len(zygote.made) == 2


@pytest.mark.parametrize(("given", "public"), [({}, False), ({"public": True}, True)])
def test_what_a_child_is_asked_counts_as_hidden_unless_it_is_said_to_be_public(given, public):
    class Remembering(Counted):
        def child(self, cells, **more):
            self.more = more
            return super().child(cells, **more)

    zygote = Remembering()
    with SharedChild(zygote, CELLS, **given) as shared:
        shared.open(5)
    assert zygote.more["public"] is public
