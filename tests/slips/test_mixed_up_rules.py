"""Rules mixed up: a factor with one of two terms, slopes multiplied or added, values for slopes.

Each is what a student writes; the same code with the right line gives the right gradients.
"""

import numpy as np
import pytest

from autograder.course.own_exercises import BOOK
from autograder.diagnosis.assess import assess
from autograder.diagnosis.derived_mistakes import derived_mistakes
from autograder.exercises.expected import expected_of
from autograder.forward import log_softmax, softmax, softmax_cross_entropy
from autograder.judging.evidence import Evidence
from autograder.sandbox.calls import LocalCaller
from tests.slips.test_true_of_the_code import said

ONE = {"x": ("n", "d")}
LOGITS = {"x": ("n", "d"), "Y": ("n", "d")}


def shares(x):
    return softmax(3 * x, axis=1)


def shares_back(formula):
    def student(dout, x):
        e = np.exp(3 * x)
        s = e / e.sum(1, keepdims=True)
        return (formula(dout, x, s),)

    return student


def inner(v):
    return v.sum(1, keepdims=True)


def loss(x, Y):
    return np.sum(softmax_cross_entropy(x / 2, Y, axis=1))


def loss_back(formula):
    def student(x, Y):
        e = np.exp(x / 2)
        s = e / e.sum(1, keepdims=True)
        # Of labels that don't sum to 1, ŷ counts so often
        return (formula(x, s * inner(Y), s, Y),)

    return student


def logs(x):
    return log_softmax(x / 2, axis=1)


def logs_back(formula):
    def student(dout, x):
        return (formula(dout, np.exp(logs(x))),)

    return student


def hat(x):
    bell = np.exp(-x * x)
    return x * bell


def hat_back(slope):
    def student(dout, x):
        return (dout * slope(x, np.exp(-x * x)),)

    return student


def ratio(x):
    below = 1 + np.exp(x)
    return np.tanh(x) / below


def ratio_back(slope):
    def student(dout, x):
        return (dout * slope(1 - np.tanh(x) ** 2, np.tanh(x), np.exp(x)),)

    return student


def forked(x):
    a = np.tanh(x)
    return a * 3, a**3


def forked_back(join):
    def student(dout, dcube, x):
        a = np.tanh(x)
        return (join(3 * dout, 3 * a**2 * dcube) * (1 - a**2),)

    return student


def shifted(x, b):
    a = np.tanh(x + b)
    return a * a


def shifted_back(at):
    def student(dout, x, b):
        da = 2 * dout * np.tanh(x + b) * (1 - np.tanh(at(x, b)) ** 2)
        return da, da.sum(0)

    return student


def root(x):
    return np.sqrt(x**2 + 1)


def root_back(under):
    def student(dout, x):
        return (dout * x / np.sqrt(under(x) + 1),)

    return student


def bent(x):
    root = np.sqrt(x * x + 1)
    return root + x


def bent_back(slope):
    def student(dout, x):
        return (dout * slope(x / np.sqrt(x * x + 1)),)

    return student


def turned(x):
    return np.tanh(-3 * x)


def turned_back(inner):
    def student(dout, x):
        return (dout * (1 - np.tanh(3 * x) ** 2) * inner,)

    return student


def hinge(x, y):
    missing = 0.1 - y * x
    losses = np.maximum(missing, 0)
    return losses.mean()


def hinge_back(slope):
    return lambda x, y: (slope(y, np.maximum(0.1 - y * x, 0)),)


SHIFTED = {"x": ("n", "d"), "b": ("d",)}


IF = "would be right if in the given code"


def slopes(moved, z, h):
    """By steps of h, and of h/2 on top."""
    found = np.zeros(z.shape)
    for place in np.ndindex(z.shape):
        step = np.zeros(z.shape)
        step[place] = h
        found[place] = 2 * moved(1.5 * step) / (h / 2) - moved(step) / h
    return found


def soft_loss(z, c, eps, k):
    y = np.full(z.shape, eps / k)
    y[np.arange(len(z)), c] += 1 - eps
    return -np.sum(y * log_softmax(z, axis=1)) / len(z)


@pytest.mark.parametrize(
    ("forward", "shapes", "right", "wrong", "says"),
    [
        (
            shares,
            ONE,
            shares_back(lambda g, x, s: 3 * s * (g - inner(g * s))),
            {
                "3g": shares_back(lambda g, x, s: s * (3 * g - inner(g * s))),
                "3 sum": shares_back(lambda g, x, s: s * (g - 3 * inner(g * s))),
            },
            "The slope of `3 * x` stands with one of the two terms only: it belongs to both",
        ),
        (
            shares,
            ONE,
            shares_back(lambda g, x, s: 3 * s * (g - inner(g * s))),
            {"s - g": shares_back(lambda g, x, s: 3 * (s - g))},
            "What comes in for softmax is taken off softmax, as labels are in the gradient of a cross "
            "entropy",
        ),
        (
            shares,
            ONE,
            shares_back(lambda g, x, s: 3 * s * (g - inner(g * s))),
            {"sum s": shares_back(lambda g, x, s: 3 * s * (g - 1))},
            "In the gradient of softmax the incoming gradient is left out of the sum",
        ),
        (
            shares,
            ONE,
            shares_back(lambda g, x, s: 3 * s * (g - inner(g * s))),
            {"no first": shares_back(lambda g, x, s: -3 * s * inner(g * s))},
            "In the gradient of softmax the first term is left out",
        ),
        (
            shares,
            ONE,
            shares_back(lambda g, x, s: 3 * s * (g - inner(g * s))),
            {
                "twice": shares_back(
                    lambda g, x, s: (lambda t: 3 * t * (g - inner(g * t)))(softmax(s, axis=1))
                )
            },
            "Softmax is taken of `3 * x` twice, one after the other",
        ),
        (
            loss,
            LOGITS,
            loss_back(lambda x, sY, s, Y: (sY - Y) / 2),
            {"-Y": loss_back(lambda x, sY, s, Y: -Y / 2)},
            "Of the gradient of the loss only the target is left: the probabilities are left out",
        ),
        (
            loss,
            LOGITS,
            loss_back(lambda x, sY, s, Y: (sY - Y) / 2),
            {"-Y/p": loss_back(lambda x, sY, s, Y: -Y / s)},
            "This is the gradient in the probabilities, not in the logits",
        ),
        (
            loss,
            LOGITS,
            loss_back(lambda x, sY, s, Y: (sY - Y) / 2),
            {
                "p - Y/T": loss_back(lambda x, sY, s, Y: s - Y / 2),
                "p/T - Y": loss_back(lambda x, sY, s, Y: s / 2 - Y),
            },
            "The slope of `x / 2` stands with one of the two terms only: it belongs to both",
        ),
        (
            loss,
            LOGITS,
            loss_back(lambda x, sY, s, Y: (sY - Y) / 2),
            {"no exp": loss_back(lambda x, sY, s, Y: (x / inner(x) - Y) / 2)},
            "The probabilities are worked out of the logits themselves, without the exponentials",
        ),
        (
            logs,
            ONE,
            logs_back(lambda g, s: (g - s * inner(g)) / 2),
            {
                "g/T": logs_back(lambda g, s: g / 2 - s * inner(g)),
                "sum/T": logs_back(lambda g, s: g - s * inner(g) / 2),
            },
            "The slope of `x / 2` stands with one of the two terms only: it belongs to both",
        ),
        (
            hat,
            ONE,
            hat_back(lambda x, bell: bell - 2 * x * x * bell),
            {"f'g'": hat_back(lambda x, bell: -2 * x * bell)},
            "The slope of the product `x * bell` is taken as the product of the two slopes",
        ),
        (
            ratio,
            ONE,
            ratio_back(lambda slope, t, e: slope / (1 + e) - t * e / (1 + e) ** 2),
            {"f'/g'": ratio_back(lambda slope, t, e: slope / e)},
            "The slope of the quotient `np.tanh(x) / below` is taken as the quotient of the two slopes",
        ),
        (
            hat,
            ONE,
            hat_back(lambda x, bell: bell - 2 * x * x * bell),
            {"+": lambda dout, x: (dout + (1 - 2 * x * x) * np.exp(-x * x),)},
            "The slope of `x * bell` is added to what comes in: it is to be multiplied with it",
        ),
        (
            forked,
            ONE,
            forked_back(np.add),
            {"*": forked_back(np.multiply)},
            "What comes back to `a` on its paths is multiplied, and it is to be added up",
        ),
        (
            hat,
            ONE,
            hat_back(lambda x, bell: bell - 2 * x * x * bell),
            {"times x": hat_back(lambda x, bell: (bell - 2 * x * x * bell) * x)},
            "The gradient of `x` is multiplied by `x` once too often",
        ),
        (
            bent,
            ONE,
            bent_back(lambda root: root + 1),
            {"-": bent_back(lambda root: root - 1)},
            "The path on which `x` goes straight into `root + x` is subtracted, not added",
        ),
        (
            turned,
            ONE,
            turned_back(-3),
            {"no 3": turned_back(-1)},
            "The way back through `-3 * x` to `x` has only a part of the factor `-3`: `3` is left out",
        ),
        (
            shifted,
            SHIFTED,
            shifted_back(lambda x, b: x + b),
            {"at x": shifted_back(lambda x, b: x)},
            "The slope of `np.tanh(x + b)` is taken at `x`, not at its whole input `x + b`",
        ),
        (
            root,
            ONE,
            root_back(lambda x: x**2),
            {"no power": root_back(np.abs)},
            "`x**2` is worked out as an absolute value, without its power",
        ),
        (
            hinge,
            {"x": ("n",), "y": ("n",)},
            hinge_back(lambda y, losses: np.where(losses > 0, -y, 0) / losses.size),
            {"nonzero": hinge_back(lambda y, losses: np.where(losses > 0, -y, 0) / np.count_nonzero(losses))},
            "The mean `losses.mean()` divides by n, and your dx by the number of its terms that aren't 0",
        ),
    ],
)
def test_a_rule_mixed_up_is_told_and_the_right_one_is_right(forward, shapes, right, wrong, says):
    assert said(forward, shapes, list(shapes)[: 2 if "b" in shapes else 1], right) is None
    for student in wrong.values():
        assert said(forward, shapes, list(shapes)[: 2 if "b" in shapes else 1], student) == [says]


def test_a_loss_handed_back_for_its_slope_is_told():
    def losses(z, y, margin):
        return np.maximum(margin - y * z, 0) / len(z)

    exercise = BOOK.exercises["hinge_slope"]
    assert assess(exercise, LocalCaller(losses, exercise.id), b"1", course=BOOK).sentences == (
        "What stands for the gradient of `z` is the value of `losses`, divided by m",
    )


@pytest.mark.parametrize(
    ("id", "says"), [("backprop_rows", "Your dW and db hold"), ("backprop_augmented", "Your dW holds")]
)
def test_lists_from_the_last_layer_on_are_told(id, says):
    exercise = BOOK.exercises[id]

    def told(order):
        evidence = []
        for case in exercise.probes(b"1"):
            right = expected_of(exercise.target(case).template)
            lists = right if isinstance(right, tuple) else (right,)
            answer = tuple(order(list(part)) for part in lists)
            answer = answer if isinstance(right, tuple) else answer[0]
            evidence.append(Evidence(case, answer, right, lambda: None, None))
        return [mistake.sentence for mistake in derived_mistakes(exercise, evidence, BOOK.catalogue)]

    assert told(lambda part: part[::-1]) == [
        f"{says} the right arrays in the other order, the last layer's first"
    ]
    assert told(lambda part: part) == []


@pytest.mark.parametrize(
    ("id", "student", "says"),
    [
        (
            "one_sided_delta",
            lambda f, z, h: slopes(lambda step: f(z + step) - f(z), z, h),
            "Your delta is `2 * (f(z + 3h/2) - f(z)) / (h/2) - D(h)`",
        ),
        (
            "row_input",
            lambda V, c, a, beta: (np.sinh(a / beta) - c) @ np.linalg.inv(V),
            f"Your a_prev {IF} `np.arcsinh(beta * z)` were `beta * np.arcsinh(z)`",
        ),
        (
            "row_input",
            lambda V, c, a, beta: np.sinh(a) / beta @ np.linalg.inv(V) - c,
            f"Your a_prev {IF} `a_prev @ V + c` added `c` to `a_prev`, before the product",
        ),
        (
            "smoothed_loss",
            lambda z, c, eps: soft_loss(z, c, eps, max(z.shape[1] - 1, 1)),
            f"Your J {IF} `eps / k` divided by `k - 1`",
        ),
    ],
)
def test_another_order_another_length_and_a_step_on_top_of_another_are_told(id, student, says):
    found = assess(BOOK.exercises[id], LocalCaller(student, id), b"1", course=BOOK)
    assert found.sentences == (says,)
