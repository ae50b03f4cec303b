"""Forward passes whose arguments are dicts of arrays, as the book's W and b are; and the one exercise of the
book that has no tape, with the reasons."""

import numpy as np
import pytest

from autograder.diagnosis.assess import assess
from autograder.exercises import EXERCISES
from autograder.exercises.expected import leaves_of
from autograder.exercises.from_forward import traced_exercise
from autograder.sandbox.calls import LocalCaller
from autograder.tracing.trace import traced_run
from backprop import forward, g_prime

NETWORKS = [
    {"n0": 3, "n1": 4, "n2": 5, "k": 2, "m": 6},
    {"n0": 2, "n1": 5, "k": 3, "m": 4},
    {"n0": 3, "n1": 3, "k": 3, "m": 3},
    {"n0": 4, "n1": 2, "k": 1, "m": 5},
]


def penalised(W, b, X, Y, lam):
    A = X
    for l in range(1, len(W)):
        z = W[l] @ A + b[l]
        A = np.tanh(z)
    Y_hat = W[len(W)] @ A + b[len(W)]
    squares = ((Y_hat - Y) ** 2).sum() / (2 * X.shape[1])
    penalty = sum((W[l] ** 2).sum() for l in W)
    return squares + lam / 2 * penalty


def widths(sizes):
    return [n for letter, n in sizes.items() if letter != "m"]


def weights(rng, shape, sizes):
    n = widths(sizes)
    return {l: rng.normal(size=(n[l], n[l - 1])) / np.sqrt(n[l - 1]) for l in range(1, len(n))}


def biases(rng, shape, sizes):
    n = widths(sizes)
    return {l: rng.normal(size=(n[l], 1)) for l in range(1, len(n))}


HOW = {
    "forward": penalised,
    "arguments": {
        "W": ("n[l]", "n[l-1]"),
        "b": ("n[l]", 1),
        "X": ("n0", "m"),
        "Y": ("k", "m"),
        "lam": (0.1, 1.0),
    },
    "gradients": ("W", "b"),
    "values": {"W": weights, "b": biases},
    "sizes": NETWORKS,
}
EXERCISE = traced_exercise("penalised_gradients", "13-own", dicts=("W", "b"), **HOW)


def student(penalty=1.0, slope=True, over_m=True, back_to_front=False):
    """The recipe in its own form: dicts keyed by the layer."""

    def penalised_gradients(W, b, X, Y, lam):
        Z, A = forward(W, b, X, "tanh", "identity")
        N, m = len(W), X.shape[1] if over_m else 1
        delta, dW, db = A[N] - Y, {}, {}
        for l in range(N, 0, -1):
            dW[l] = delta @ A[l - 1].T / m + penalty * lam * W[l]
            db[l] = delta.sum(axis=1, keepdims=True) / m
            delta = W[l].T @ delta
            if l > 1 and slope:
                delta = delta * g_prime("tanh", Z[l - 1])
        order = sorted(dW, reverse=back_to_front)
        return {l: dW[l] for l in order}, {l: db[l] for l in order}

    return penalised_gradients


def judged(answer):
    return assess(EXERCISE, LocalCaller(answer, EXERCISE.function), b"dicts")


def test_it_is_traced_and_certified():
    assert EXERCISE.forward.problem == ""
    named = [leaf.name for leaf in leaves_of(EXERCISE.target(EXERCISE.probes(b"s")[0]).template)]
    assert named == ["dW[1]", "dW[2]", "dW[3]", "db[1]", "db[2]", "db[3]"]


@pytest.mark.parametrize("how", [{}, {"back_to_front": True}])
def test_a_right_answer_in_dicts_earns_everything(how):
    found = judged(student(**how))
    assert (found.fraction, found.codes) == (1, ())


@pytest.mark.parametrize(("how", "says"), [
    ({"penalty": 0.0}, "Your dW leaves out the path through `penalty`"),
    ({"slope": False}, "On the way back through `np.tanh(z)` its slope is left out"),
])  # fmt: skip
def test_a_mistake_in_dicts_is_named(how, says):
    found = judged(student(**how))
    assert found.fraction < 1
    assert says in " ".join(found.sentences)


def test_two_slips_that_undo_each_other_are_not_told():
    """Half of the squares and twice of everything: the squares are right, the penalty is twice too large."""
    found = judged(student(penalty=2.0))
    (said,) = found.sentences
    assert said == "Your db is right and your dW is not: the mistake lies on the way back that leads to `W`"


def test_a_list_where_a_dict_was_asked_is_told():
    def as_lists(*args):
        return tuple(list(gradient.values()) for gradient in student()(*args))

    found = judged(as_lists)
    assert found.fraction < 1
    assert found.codes == ("K122",)


def test_a_drawn_dict_that_is_not_declared_is_told():
    arguments = {**HOW["arguments"], "W": (), "b": ()}
    with pytest.raises(ValueError, match=r"values draws a dict for W; say so: dicts=\('W',\)"):
        traced_exercise("undeclared", "13-own", **{**HOW, "arguments": arguments}).probes(b"s")


def test_the_books_l2_has_no_tape_and_this_is_why():
    """Its caches are arguments and the nonlinearity is one too, by name: a forward pass has no such argument.

    Each name is another operation, so that "g' left out" is no slip at one place. The catalogue's formulas
    take the name as it is given.
    """
    exercise = EXERCISES["l2_backprop"]
    assert exercise.forward is None
    assert {"Z", "A", "hidden"} <= {argument.name for argument in exercise.arguments}

    def by_name(W, X, hidden):
        z = W @ X
        a = np.tanh(z) if hidden == "tanh" else np.maximum(z, 0)
        return a.sum()

    rng = np.random.default_rng(0)
    at = {"W": rng.normal(size=(3, 2)), "X": rng.normal(size=(2, 4))}
    places = [
        {node.site for node in traced_run(by_name, {**at, "hidden": hidden}, ["W"])[0].nodes}
        for hidden in ("tanh", "relu")
    ]
    assert places[0] - places[1]
    assert places[1] - places[0]

    def l2_without_slope(W, Z, A, Y, hidden, output, lam):
        N, m = max(W), Y.shape[1]
        delta, dW, db = A[N] - Y, {}, {}
        for l in range(N, 0, -1):
            dW[l], db[l] = delta @ A[l - 1].T / m + lam * W[l], delta.sum(axis=1, keepdims=True) / m
            delta = W[l].T @ delta
        return dW, db

    assert assess(exercise, LocalCaller(l2_without_slope, "l2_backprop"), b"s").codes == ("K13",)
