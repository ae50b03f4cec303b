import numpy as np
import pytest

from autograder import trees
from autograder.course.own_exercises import BOOK
from autograder.diagnosis.assess import assess
from autograder.exercises.expected import expected_of
from autograder.exercises.given_code import GivenCode
from autograder.sandbox.calls import LocalCaller
from autograder.slips.other_code import changes_of

GIVEN = [id for id, exercise in BOOK.exercises.items() if exercise.given_code is not None]


def sentences(id, student):
    return assess(BOOK.exercises[id], LocalCaller(student, id), b"1", course=BOOK).sentences


def ahead(z, slope):
    return np.where(z > 0, z, slope * z)


def below(a, slope):
    return np.where(a > 0, a, a / slope)


def log_probabilities(z):
    return z - np.logaddexp.reduce(z, axis=1, keepdims=True)


def loss_of_shares(z, c, rest, own):
    """Every class has this share, and the true one so much more."""
    y = np.full(z.shape, rest / z.shape[1])
    y[np.arange(len(z)), c] += own
    return -np.sum(y * log_probabilities(z)) / len(z)


def rows_with(W, b, X, step):
    Z, A = [], [X]
    for l in range(len(W)):
        z, a = step(A[l], W[l], b[l], l == len(W) - 1)
        Z.append(z)
        A.append(a)
    return Z, A


IF = "would be right if in the given code"


@pytest.mark.parametrize(
    ("id", "student", "says"),
    [
        (
            "layer_input",
            lambda W, b, a, slope: np.linalg.inv(W) @ below(a, slope),
            f"Your a_prev {IF} `W @ a_prev + b` were without `b`",
        ),
        (
            "layer_input",
            lambda W, b, a, slope: W.T @ (below(a, slope) - b),
            f"Your a_prev {IF} `W @ a_prev` had the inverse of `W`, transposed",
        ),
        (
            "layer_input",
            lambda W, b, a, slope: np.linalg.inv(W) @ (a - b),
            f"Your a_prev {IF} `np.where(z > 0, z, slope * z)` were `z` everywhere",
        ),
        (
            "scores_of",
            lambda p, T: np.log(p) - np.log(p).mean(axis=1, keepdims=True),
            f"Your z {IF} `z / T` were without `T`",
        ),
        (
            "scores_of",
            lambda p, T: T * (np.log(p) - np.log(p).max(axis=1, keepdims=True)),
            "Your z gives the right p in the given code, but the statement asks for one of a certain "
            "kind, and yours is another",
        ),
        (
            "next_delta",
            lambda W, delta, z: np.linalg.solve(W.T, delta),
            f"Your delta_next {IF} `z / (1 + np.abs(z))` were without `1 + np.abs(z)`",
        ),
        (
            "smoothed_loss",
            lambda z, c, eps: loss_of_shares(z, c, eps, 1),
            f"Your J {IF} `1 - eps` were without `eps`",
        ),
        (
            "smoothed_loss",
            lambda z, c, eps: loss_of_shares(z, c, 0, 1),
            f"Your J {IF} `eps` were 0",
        ),
        (
            "forward_rows",
            lambda W, b, X, slope: rows_with(
                W, b, X, lambda a, W, b, last: (a @ W, a @ W if last else ahead(a @ W, slope))
            ),
            f"Your Z and A {IF} `W[l] @ A[l] + b[l]` were without `b[l]`",
        ),
        (
            "forward_rows",
            lambda W, b, X, slope: rows_with(
                W, b, X, lambda a, W, b, last: (a @ W + b, ahead(a @ W + b, slope))
            ),
            f"Your Z and A {IF} `np.where(Z[l] > 0, Z[l], slope * Z[l])` stood there always, never `Z[l]`",
        ),
    ],
)
def test_an_answer_is_told_by_the_change_of_the_code_that_it_comes_of(id, student, says):
    assert sentences(id, student) == (says,)


@pytest.mark.parametrize("id", GIVEN)
def test_the_unchanged_code_has_the_expected_numbers_and_every_change_runs_or_raises(id):
    exercise = BOOK.exercises[id]
    given = exercise.given_code
    case = next(case for case in exercise.probes(b"1") if not case.tags)
    at = case.hidden["at"]
    found = trees.arrays(given.results(given.function, at))
    expected = trees.arrays(
        case.hidden["came"] if given.unknown else expected_of(exercise.target(case).template)
    )
    for mine, right in zip(found, expected, strict=True):
        np.testing.assert_allclose(mine, right, rtol=1e-9, atol=1e-9)
    changes = changes_of(given.function)
    assert len(changes) > 3
    assert len({change.words for change in changes}) == len(changes)


@pytest.mark.parametrize("answer", [None, [1.0], np.array([[None]]), {"a": 1}, "text", np.array(1j)])
@pytest.mark.parametrize("id", ["targets_of", "layer_input", "forward_rows", "two_sided_softplus"])
def test_an_answer_of_another_form_is_told_nothing_of_the_code(id, answer):
    assert not any("given code" in said for said in sentences(id, lambda *args: answer))


def test_a_changed_step_is_made_once_for_all_students():
    made = []

    def used(function):
        made.append(function)
        return function

    given = GivenCode(lambda x: 2 * x, used, "", ("y",))
    assert [given.results(given.function, {"x": x})[0] for x in (1.0, 2.0, 3.0)] == [2.0, 4.0, 6.0]
    assert made == [given.function]


@pytest.mark.parametrize(
    ("id", "student", "says"),
    [
        ("two_sided_softplus", lambda z: np.log1p(np.exp(-2 * np.abs(z))), "Your a lacks `np.abs(z)`"),
        (
            "two_sided_softplus",
            np.abs,
            "Your a is `np.abs(z)` and nothing else",
        ),
        (
            "two_sided_softplus",
            lambda z: np.logaddexp(z, -z) + np.maximum(z, 0),
            "Your a has `np.maximum(z, 0)` too much",
        ),
        (
            "layer_input",
            lambda W, b, a, slope: np.linalg.inv(W) @ (np.maximum(a, 0) - b),
            "Your a_prev gives the right a in the given code only where a > 0",
        ),
        (
            "layer_input",
            lambda W, b, a, slope: np.linalg.solve(W, np.where(a > b, a - b, (a - b) / slope)),
            f"Your a_prev {IF} `b` were added to `np.where(z > 0, z, slope * z)`, not before",
        ),
    ],
)
def test_an_answer_is_told_by_what_it_lacks_or_where_it_is_right(id, student, says):
    assert sentences(id, student) == (says,)
