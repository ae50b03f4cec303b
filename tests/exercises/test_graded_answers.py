"""The graded set on answers that are made when they are asked for (benchmarks/graded.py does it for all)."""

import itertools

import numpy as np
import pytest

from autograder.diagnosis.assess import assess
from autograder.exercises.expected import expected_of
from autograder.exercises.graded import GRADED
from autograder.exercises.graded.differences import difference_exercise
from autograder.sandbox.calls import LocalCaller
from benchmarks.graded import asked, told
from benchmarks.slipped_steps import right, wrong

SEED = b"answers"
FEW = 8


def judged(id, function):
    return assess(GRADED[id], LocalCaller(function, id), SEED)


@pytest.mark.parametrize("id", ["merged_layers", "delta_behind", "twin_gradients"])
def test_right_answers_keep_all_and_changed_lines_lose_and_are_mostly_told(id):
    cases = list(GRADED[id].probes(SEED))
    assert [judged(id, answer.call).fraction for answer in right(GRADED[id], cases)] in ([1], [1, 1])
    answers = list(itertools.islice(wrong(GRADED[id], cases), FEW))
    said = [told(judged(id, answer.call)) for answer in answers]
    assert len(said) == FEW
    assert "accepted" not in said
    assert said.count("nothing") <= 2


def test_answers_are_made_to_every_exercise_that_asks_gradients_or_another_form():
    undone = {id for id, e in GRADED.items() if e.given_code is not None and e.given_code.unknown}
    assert set(asked()) == {
        id for id, e in GRADED.items() if id not in undone and (e.forward or e.given_code)
    }
    assert len(asked()) > 30


@pytest.mark.parametrize(
    ("id", "points"),
    [
        ("one_sided_delta", lambda h: (-h, -h / 2)),
        ("backward_delta", lambda h: (h, 2 * h)),
    ],
)
def test_differences_to_the_other_side_are_wrong_and_told(id, points):
    other = difference_exercise(id, GRADED[id].assignment, points)
    cases = list(GRADED[id].probes(SEED))

    def student(f, z, h):
        at = (f, z, h)
        case = next(c for c in cases if c.args[0] is f and all(map(np.array_equal, c.args[1:], at[1:])))
        return expected_of(other.target(case).template)

    found = judged(id, student)
    assert found.fraction == 0
    assert "f(z" in found.sentences[0]


def test_weights_that_vary_with_a_count_are_told():
    (said,) = judged("grown_gradient", lambda dW, m, x, delta: dW + x.T @ delta / m).sentences
    assert said == "Your dW is `dW + (1 / m) * x.T @ delta`"
    (said,) = judged("shrunk_gradient", lambda dW, m, x, delta: x.T @ delta - dW).sentences
    assert said == "Your dW is `-dW + x.T @ delta`"


def test_a_loss_that_only_overflows_is_told_of_no_change_of_its_code():
    given = GRADED["neighbour_loss"].given_code.function
    found = judged("neighbour_loss", given)
    assert found.fraction == 0
    assert found.sentences == ()
    assert found.pattern


def test_labels_with_a_minus_are_of_another_kind():
    """delta comes of them with a minus, but they don't sum to 1: that isn't what was got wrong."""
    exercise = GRADED["targets_of"]
    cases = list(exercise.probes(SEED))

    def student(*args):
        case = next(case for case in cases if all(map(np.array_equal, case.args, args)))
        return -expected_of(exercise.target(case).template)

    found = judged("targets_of", student)
    assert found.fraction == 0
    assert found.sentences == ()
    assert found.pattern == "The sign is flipped."
