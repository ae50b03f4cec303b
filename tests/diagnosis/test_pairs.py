"""Two mistakes at once, each written in one line of the solution, are both named; and an
elementwise product for a matrix product.
"""

import numpy as np
import pytest

import backprop as recipe
from autograder.diagnosis.assess import assess
from autograder.exercises import EXERCISES
from autograder.sandbox.calls import LocalCaller

LAYER_GRADIENTS = """
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    return {dW}, {db}
"""
HIDDEN_DELTA = """
def hidden_delta(W_next, delta_next, z, hidden):
    m = z.shape[1]
    return {}
"""
ALL_DELTAS = """
def all_deltas(W, Z, A, Y, hidden, output):
    N = max(W)
    delta = {{N: {top}}}
    for l in range(N - 1, 0, -1):
        delta[l] = {step}
    return delta
"""
BACKPROP = """
def backprop(W, Z, A, Y, hidden, output):
    N = max(W)
    dW, db = {{}}, {{}}
    m = Y.shape[1]
    delta = {{N: {top}}}
    for l in range(N, 0, -1):
        if l < N:
            delta[l] = {step}
        dW[l] = delta[l] @ A[l - 1].T / m
        db[l] = delta[l].sum(axis=1, keepdims=True) / m
    return dW, db
"""
L2_BACKPROP = """
def l2_backprop(W, Z, A, Y, hidden, output, lam):
    m = Y.shape[1]
    dW, db = {{}}, {{}}
    for l, d in all_deltas(W, Z, A, Y, hidden, output).items():
        dW[l] = {dW}
        db[l] = {db}
    return dW, db
"""
NUMERICAL_DELTA = """
def numerical_delta(loss_of_z, z, h):
    slope = np.zeros(z.shape)
    for i in np.ndindex(z.shape):
        step = np.zeros(z.shape)
        step[i] = h
        slope[i] = (loss_of_z(z + step) - loss_of_z(z - step)) {}
    return slope
"""
RIGHT_STEP = "(W[l + 1].T @ delta[l + 1]) * g_prime(hidden, Z[l])"
BACK = "(W[l + 1].T @ delta[l + 1])"
MEDIAN_SLOPE = "np.median(g_prime(hidden, Z[l]), axis=1, keepdims=True)"
SUM = "delta.sum(axis=1, keepdims=True)"


def judged(exercise, source):
    names = {"np": np} | {name: getattr(recipe, name) for name in ("g", "g_prime", "all_deltas")}
    exec(source, names)
    return assess(EXERCISES[exercise], LocalCaller(names[exercise], exercise), b"pairs")


def named(exercise, source):
    return set(judged(exercise, source).codes)


@pytest.mark.parametrize(
    ("dW", "db", "codes"),
    [
        ("delta @ a_prev.T", "np.sum(delta)", "K26 K33"),
        ("delta @ a_prev.T / m**2", "np.sum(delta) / m**2", "K27 K33"),
        ("delta @ a_prev.T / len(delta)", "np.sum(delta) / len(delta)", "K28 K33"),
        ("-delta @ a_prev.T", f"-{SUM}", "K5 K26"),
        ("-delta @ a_prev.T / m", "-np.sum(delta) / m", "K5 K33"),
        ("-a_prev @ delta.T / m", f"-{SUM} / m", "K5 K24"),
        ("2 * delta @ a_prev.T", f"2 * {SUM}", "K6 K26"),
        ("delta @ a_prev.T", "delta.sum(axis=0, keepdims=True)", "K26 K32"),
    ],
)
def test_two_mistakes_of_step_3(dW, db, codes):
    assert named("layer_gradients", LAYER_GRADIENTS.format(dW=dW, db=db)) == set(codes.split())


def test_one_number_for_every_db_is_no_pair_of_mistakes():
    assert named("layer_gradients", LAYER_GRADIENTS.format(dW="delta @ a_prev.T / m", db="1.5")) == set()


@pytest.mark.parametrize("db", ["None", "'0'", "1j", "[None, 1.0]", "np.array(['0'])", "np.zeros(0)"])
def test_what_is_no_number_is_no_pair_of_mistakes(db):
    assert named("layer_gradients", LAYER_GRADIENTS.format(dW="delta @ a_prev.T", db=db)) == set()


@pytest.mark.parametrize(
    ("step", "codes"),
    [
        ("2 * W_next.T @ delta_next", "K6 K13"),
        ("2 * (np.abs(W_next).T @ delta_next) * g_prime(hidden, z)", "K6 K17"),
        ("-W_next.T @ delta_next", "K5 K13"),
        ("-(W_next.T @ delta_next) * g_prime(hidden, z) / m", "K5 K39"),
        ("W_next.T * delta_next * g_prime(hidden, z)", "K73"),
        ("np.multiply(W_next, delta_next) * g_prime(hidden, z)", "K73"),
        ("W_next.T * delta_next", "K13 K73"),
    ],
)
def test_mistakes_of_step_2(step, codes):
    assert named("hidden_delta", HIDDEN_DELTA.format(step)) == set(codes.split())


@pytest.mark.parametrize(("exercise", "source"), [("all_deltas", ALL_DELTAS), ("backprop", BACKPROP)])
@pytest.mark.parametrize(
    ("step", "codes"),
    [
        ("W[l].T @ delta[l + 1]", "K11 K13"),
        ("(W[l] @ delta[l + 1]) * g_prime(hidden, Z[l])", "K10 K11"),
        ("(W[l].T @ delta[l + 1]) * g_prime(hidden, Z[l])", "K11"),
        ("W[l + 1].T * delta[l + 1] * g_prime(hidden, Z[l])", "K73"),
    ],
)
def test_mistakes_of_step_2_in_a_net(exercise, source, step, codes):
    assert named(exercise, source.format(top="A[N] - Y", step=step)) == set(codes.split())


@pytest.mark.parametrize(
    ("z", "code"),
    [
        ("W * a_prev + b", "K73"),
        ("np.multiply(W, a_prev) + b", "K73"),
        ("a_prev @ W + b", "K54"),
        ("W.T @ a_prev + b", "K54"),
    ],
)
def test_an_elementwise_product_in_affine_is_no_transpose(z, code):
    assert named("affine", f"def affine(W, a_prev, b):\n    return {z}") == {code}


@pytest.mark.parametrize(
    "z",
    [
        "np.stack([np.multiply(W, a_prev[:, i]).sum(axis=0) for i in range(m)], axis=1) + b",
        "np.stack([np.multiply(W, column).sum(axis=0) + b[:, 0] for column in a_prev.T], axis=1)",
        "into(np.zeros((len(W), m)), lambda i: np.multiply(W, a_prev[:, i]).sum(axis=0) + b[:, 0])",
    ],
)
def test_an_elementwise_product_summed_over_the_wrong_units(z):
    into = "def into(z, f):\n    for i in range(z.shape[1]):\n        z[:, i] = f(i)\n    return z\n"
    source = f"{into}\ndef affine(W, a_prev, b):\n    m = a_prev.shape[1]\n    return {z}"
    assert named("affine", source) == {"K73"}


def test_an_elementwise_product_in_the_residual_layer():
    source = "def residual_delta(W, z, d):\n    dz = d * (1 - np.tanh(z) ** 2)\n    return dz, W.T * dz + d"
    assert named("residual_delta", source) == {"K73"}


@pytest.mark.parametrize(("exercise", "source"), [("all_deltas", ALL_DELTAS), ("backprop", BACKPROP)])
@pytest.mark.parametrize(
    ("top", "step"),
    [
        ("np.median(A[N] - Y, axis=1, keepdims=True)", RIGHT_STEP),
        ("A[N] - Y[:, :1]", RIGHT_STEP),
        ("A[N] - Y", f"{BACK} * {MEDIAN_SLOPE}"),
    ],
)
def test_right_for_one_example_is_said_before_anything_about_layers(exercise, source, top, step):
    verdict = judged(exercise, source.format(top=top, step=step))
    assert verdict.codes == ()
    assert verdict.pattern.startswith("Only wrong for m > 1: one example is right")


@pytest.mark.parametrize(
    ("exercise", "source", "top", "step"),
    [
        ("all_deltas", ALL_DELTAS, "np.mean(A[N] - Y, axis=1, keepdims=True)", RIGHT_STEP),
        ("all_deltas", ALL_DELTAS, "A[N] - Y", f"{RIGHT_STEP}.mean(axis=1, keepdims=True)"),
        ("backprop", BACKPROP, "A[N] - Y", f"{RIGHT_STEP}.mean(axis=1, keepdims=True)"),
    ],
)
def test_a_mean_over_the_examples_has_a_name(exercise, source, top, step):
    assert named(exercise, source.format(top=top, step=step)) == {"K89"}


def test_right_for_one_example_and_in_the_last_layer_are_both_said():
    step = "(W[l + 1].T @ delta[l + 1]) * g_prime(hidden, Z[l]) / m"
    averaged = f"{BACK} * {MEDIAN_SLOPE}"
    said = judged("backprop", BACKPROP.format(top="A[N] - Y", step=averaged)).pattern
    assert said.startswith("Only wrong for m > 1: one example is right. The last layer is right;")
    assert named("backprop", BACKPROP.format(top="A[N] - Y", step=step)) == {"K27"}


@pytest.mark.parametrize(
    ("dW", "db", "codes"),
    [
        ("d @ A[l - 1].T / m + lam / m * W[l]", "d.sum(axis=0, keepdims=True) / m", "K32 K71"),
        ("d @ A[l - 1].T / m + lam / m * W[l]", "np.sum(d) / m", "K33 K71"),
        ("d @ A[l - 1].T + 2 * lam * W[l]", "d.sum(axis=1, keepdims=True)", "K6 K26"),
        ("d @ A[l - 1].T + lam * W[l]", "d.sum(axis=1, keepdims=True)", "K26"),
    ],
)
def test_another_penalty_and_a_mistake_of_step_3(dW, db, codes):
    assert named("l2_backprop", L2_BACKPROP.format(dW=dW, db=db)) == set(codes.split())


@pytest.mark.parametrize("over", ["/ 2 * h", "/ h * 2", "/ h"])
def test_a_step_outside_the_divisor(over):
    assert named("numerical_delta", NUMERICAL_DELTA.format(over)) == {"K66"}
