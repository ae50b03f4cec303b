"""A name only where one mistake, or a pair of them, gives every number."""

import numpy as np
import pytest

import backprop as recipe
from autograder.diagnosis.assess import assess
from autograder.exercises import EXERCISES
from autograder.sandbox.calls import LocalCaller


def named(exercise, function):
    return assess(EXERCISES[exercise], LocalCaller(function, exercise), b"diagnosis").codes


def test_tanh_for_sigmoid_is_not_called_a_wrong_sign():
    assert named("sigmoid", np.tanh) == ("K72",)
    assert named("sigmoid", lambda z: recipe.sigmoid(-np.asarray(z, dtype=float))) == ("K57",)


def test_nan_from_a_division_is_not_called_an_overflow_of_exp():
    def divided(z):
        a = recipe.sigmoid(z)
        return a * (a / a)

    assert named("sigmoid", divided) == ()

    def unstable(z):
        return np.exp(z) / (1 + np.exp(z))

    assert named("sigmoid", unstable) == ("K58",)


def test_where_no_extremes_are_asked_for_nan_in_them_is_a_remark():
    def unstable(output, z, Y):
        a = np.exp(z) / np.exp(z).sum(axis=0) if output == "softmax" else recipe.g(output, z)
        return a - Y

    verdict = assess(EXERCISES["output_delta"], LocalCaller(unstable, "output_delta"), b"remark")
    assert (verdict.fraction, verdict.codes) == (1, ())
    assert any("softmax, |z| up to 1000" in note.values for note in verdict.notes)


def test_an_overflow_in_a_slope_is_named_where_extremes_are_asked_for():
    def g_prime(name, z):
        if name == "sigmoid":
            return np.exp(-z) / (1 + np.exp(-z)) ** 2
        return recipe.g_prime(name, z)

    assert named("g_prime", g_prime) == ("K58",)


def test_a_name_must_explain_every_branch():
    def slope_of_delta(W_next, delta_next, z, hidden):
        back = W_next.T @ delta_next
        return back * recipe.g_prime(hidden, back)

    assert named("hidden_delta", slope_of_delta) == ("K21", "K113")

    def mask_and_something_else(W_next, delta_next, z, hidden):
        back = W_next.T @ delta_next
        return np.maximum(back, 0) if hidden == "relu" else back * np.cos(z)

    assert named("hidden_delta", mask_and_something_else) == ()


def test_two_mistakes_in_one_step_are_both_named():
    def output_delta(output, z, Y):
        a = recipe.g(output, z)
        return (Y - a) * (1 if output == "identity" else a * (1 - a))

    assert named("output_delta", output_delta) == ("K4", "K5")


def entry_by_entry(delta, a_prev):
    (n, m), dW = delta.shape, np.zeros(delta.shape)
    for i in range(n):
        for e in range(m):
            dW[i, e] = delta[i, e] * a_prev[i, e] / m
    return dW, delta.mean(axis=1, keepdims=True)


@pytest.mark.parametrize(
    ("exercise", "function", "code"),
    [
        ("affine", lambda W, a_prev, b: np.einsum("ji,jm->im", W, a_prev) + b, "K54"),
        ("hidden_delta", lambda W, d, z, h: np.einsum("ij,jm->im", W, d) * recipe.g_prime(h, z), "K10"),
        ("hidden_delta", lambda W, d, z, h: (W[:, :, None] * d).sum(axis=1) * recipe.g_prime(h, z), "K10"),
        ("hidden_delta", lambda W, d, z, h: (W.T @ d) @ recipe.g_prime(h, z).T @ np.eye(*z.shape), "K16"),
        ("layer_gradients", entry_by_entry, "K25"),
    ],
)
def test_a_mistake_is_named_in_whatever_way_it_is_written(exercise, function, code):
    """einsum and broadcasting run where @ raises: a width of 1 is repeated."""
    assert named(exercise, function) == (code,)


def test_where_affine_is_wrong_is_told_by_its_examples():
    def said(function):
        return assess(EXERCISES["affine"], LocalCaller(function, "affine"), b"diagnosis").pattern

    right = recipe.affine
    assert said(lambda W, a, b: right(W, a, b) + (a.shape[1] == 1)) == "Only wrong for m = 1."
    assert said(lambda W, a, b: right(W, a, b) * a.shape[1]) == "Off by a constant factor: m."


def test_a_loss_that_is_summed_and_has_another_mistake():
    def loss(output, z, Y):
        if output == "identity":
            return np.sum((z - Y) ** 2)
        return recipe.loss(output, z, Y) * z.shape[1]

    assert named("loss", loss) == ("K6", "K26")
    assert named("loss", lambda *args: str(loss(*args))) == ()


def test_the_sign_and_another_softmax_are_both_named():
    def output_delta(output, z, Y):
        e = np.exp(z - z.max())
        return Y - (e / e.sum() if output == "softmax" else recipe.g(output, z))

    assert named("output_delta", output_delta) == ("K5", "K8")


@pytest.mark.parametrize("exercise", ["all_deltas", "backprop"])
def test_the_hidden_slope_at_the_output_is_an_extra_slope(exercise):
    def all_deltas(W, Z, A, Y, hidden, output):
        N = len(W)
        delta = {N: (A[N] - Y) * recipe.g_prime(hidden, Z[N])}
        for l in range(N - 1, 0, -1):
            delta[l] = recipe.hidden_delta(W[l + 1], delta[l + 1], Z[l], hidden)
        return delta

    def backprop(W, Z, A, Y, hidden, output):
        pairs = {
            l: recipe.layer_gradients(d, A[l - 1]) for l, d in all_deltas(W, Z, A, Y, hidden, output).items()
        }
        return {l: p[0] for l, p in pairs.items()}, {l: p[1] for l, p in pairs.items()}

    assert named(exercise, {"all_deltas": all_deltas, "backprop": backprop}[exercise]) == ("K4",)


def test_answers_remembered_by_shape_are_found_out():
    seen = {}

    def affine(W, a_prev, b):
        return seen.setdefault((W.shape, a_prev.shape), W @ a_prev + b)

    assert named("affine", affine) == ("K35",)


@pytest.mark.parametrize(("factor", "code"), [(2, "K6"), (0.5, "K6"), (-1, "K71"), (0, "K71")])
def test_the_penalty_twice_is_another_mistake_than_the_penalty_left_out(factor, code):
    def l2_backprop(W, Z, A, Y, hidden, output, lam):
        dW, db = recipe.backprop(W, Z, A, Y, hidden, output)
        return {l: dW[l] + factor * lam * W[l] for l in W}, db

    assert named("l2_backprop", l2_backprop) == (code,)


def test_steps_returned_for_gradients_are_updates():
    def backprop(*args):
        return tuple({l: -0.01 * v for l, v in part.items()} for part in recipe.backprop(*args))

    assert named("backprop", backprop) == ("K36",)


def _with_relu_bare(W_next, delta_next, z, hidden):
    back = W_next.T @ delta_next
    return back if hidden == "relu" else back * recipe.g_prime(hidden, z)


def test_the_slope_left_out_for_relu_alone_is_named():
    assert named("hidden_delta", _with_relu_bare) == ("K13",)

    def all_deltas(W, Z, A, Y, hidden, output):
        N = len(W)
        delta = {N: A[N] - Y}
        for l in range(N - 1, 0, -1):
            delta[l] = _with_relu_bare(W[l + 1], delta[l + 1], Z[l], hidden)
        return delta

    def backprop(W, Z, A, Y, hidden, output):
        pairs = {
            l: recipe.layer_gradients(d, A[l - 1]) for l, d in all_deltas(W, Z, A, Y, hidden, output).items()
        }
        return {l: p[0] for l, p in pairs.items()}, {l: p[1] for l, p in pairs.items()}

    assert named("all_deltas", all_deltas) == ("K13",)
    assert named("backprop", backprop) == ("K13",)


def _softmax_loss(formula):
    return lambda output, z, Y: formula(z, Y) if output == "softmax" else recipe.loss(output, z, Y)


def _sigmoid_loss(formula):
    return lambda output, z, Y: formula(z, Y) if output == "sigmoid" else recipe.loss(output, z, Y)


@pytest.mark.parametrize(
    ("function", "code"),
    [
        (_softmax_loss(lambda z, Y: -(Y * np.log(recipe.softmax(z))).sum(0).mean()), "K9"),
        (_softmax_loss(lambda z, Y: -(Y * np.nan_to_num(np.log(recipe.softmax(z)))).sum(0).mean()), "K9"),
        (
            _softmax_loss(lambda z, Y: -(Y * np.log(np.maximum(recipe.softmax(z), 1e-300))).sum(0).mean()),
            "K9",
        ),
        # It works from the logits: what it lacks is the largest one taken off.
        (_softmax_loss(lambda z, Y: np.mean(np.log(np.exp(z).sum(0)) - (Y * z).sum(0))), "K58"),
        (_softmax_loss(lambda z, Y: -(Y * np.log(np.exp(z) / np.exp(z).sum(0))).sum(0).mean()), "K9"),
        (_sigmoid_loss(lambda z, Y: np.sum(np.log(1 + np.exp(z)) - Y * z) / z.shape[1]), "K58"),
        (_sigmoid_loss(lambda z, Y: np.sum(np.log(1 + np.exp(-z)) + (1 - Y) * z) / z.shape[1]), "K58"),
    ],
)
def test_a_loss_wrong_at_large_logits_alone_has_a_name_and_no_factor(function, code):
    found = assess(EXERCISES["loss"], LocalCaller(function, "loss"), b"diagnosis")
    assert found.codes == (code,)
    assert found.pattern is None


def test_a_loss_too_large_at_large_logits_is_not_called_a_log_of_nothing():
    def loss(output, z, Y):
        return recipe.loss(output, z, Y) * (2 if np.max(np.abs(z)) > 500 else 1)

    assert named("loss", loss) == ()


def test_a_rounded_prediction_has_one_name():
    def of_sigmoid(output, z, Y):
        a = recipe.g(output, z)
        return (np.round(a) if output == "sigmoid" else a) - Y

    assert named("output_delta", of_sigmoid) == ("K7",)
    assert named("output_delta", lambda output, z, Y: np.round(recipe.g(output, z)) - Y) == ("K119",)

    def of_both(output, z, Y):
        return (z if output == "identity" else np.round(recipe.g(output, z))) - Y

    assert named("output_delta", of_both) == ("K119",)


def test_one_number_of_shape_1_for_db_is_a_scalar_alone():
    def layer_gradients(delta, a_prev):
        m = delta.shape[1]
        return delta @ a_prev.T / m, np.array([np.sum(delta) / m])

    assert named("layer_gradients", layer_gradients) == ("K33",)
    assert named("layer_gradients", lambda d, a: (d @ a.T / d.shape[1], d.mean(axis=1))) == ("K32",)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (lambda d: 0 * d + d.mean(axis=1, keepdims=True), "K89"),
        (lambda d: d / len(d), "K116"),
    ],
)
def test_a_wrong_delta_that_looks_like_step_3_in_the_last_layer_is_told_by_the_layers_below(wrong, code):
    def backprop(W, Z, A, Y, hidden, output):
        N, m = len(W), Y.shape[1]
        d = wrong(A[N] - Y)
        dW, db = {}, {}
        for l in range(N, 0, -1):
            dW[l], db[l] = d @ A[l - 1].T / m, d.sum(axis=1, keepdims=True) / m
            if l > 1:
                d = W[l].T @ d * recipe.g_prime(hidden, Z[l - 1])
        return dW, db

    assert named("backprop", backprop) == (code,)


@pytest.mark.parametrize("at_zero", [np.greater, np.greater_equal])
def test_several_first_places_are_an_argmax_too(at_zero):
    def output_delta(output, z, Y):
        if output == "softmax":
            return (z == z.max(0)) - Y
        return at_zero(z, 0) - Y if output == "sigmoid" else z - Y

    assert named("output_delta", output_delta) == ("K7",)


RESIDUAL = {
    "K5": lambda W, s, t, z, d: (-d * s, -W.T @ (d * s) - d),
    "K6": lambda W, s, t, z, d: (2 * d * s, 2 * W.T @ (d * s) + d),
    "K12": lambda W, s, t, z, d: (d * (1 - np.tanh(t) ** 2), W.T @ (d * (1 - np.tanh(t) ** 2)) + d),
    "K16": lambda W, s, t, z, d: (d @ s, W.T @ (d @ s) + d),
    "K17": lambda W, s, t, z, d: (d * s, np.abs(W).T @ (d * s) + d),
    "K19": lambda W, s, t, z, d: (d * t * (1 - t), W.T @ (d * t * (1 - t)) + d),
    "K39": lambda W, s, t, z, d: (d * s / z.shape[1], W.T @ (d * s) / z.shape[1] + d / z.shape[1]),
    "K47": lambda W, s, t, z, d: (d * (1 - t), W.T @ (d * (1 - t)) + d),
    "K48": lambda W, s, t, z, d: (d * s, W.T @ (d * s) - d),
}


@pytest.mark.parametrize("code", RESIDUAL)
def test_the_residual_layer_knows_the_mistakes_of_step_2(code):
    def residual_delta(W, z, delta_a):
        t = np.tanh(z)
        return RESIDUAL[code](W, 1 - t * t, t, z, delta_a)

    found = assess(EXERCISES["residual_delta"], LocalCaller(residual_delta, "residual_delta"), b"diagnosis")
    assert found.codes == (code,)
    if code == "K39":
        assert found.fraction == pytest.approx(0.75)


def test_a_transpose_forgotten_where_w_is_square_is_named():
    def hidden_delta(W_next, delta_next, z, hidden):
        try:
            back = W_next @ delta_next
        except ValueError:
            back = W_next.T @ delta_next
        return back * recipe.g_prime(hidden, z)

    assert named("hidden_delta", hidden_delta) == ("K10",)


def test_who_raises_where_the_wrong_formula_runs_made_another_mistake():
    def hidden_delta(W_next, delta_next, z, hidden):
        if z.shape[1] == 1:
            raise ValueError("one example")
        return W_next.T @ delta_next

    assert named("hidden_delta", hidden_delta) == ()


def test_an_infinite_loss_replaced_by_the_largest_number_is_a_log_of_nothing():
    def cross_entropy(z, Y):
        with np.errstate(all="ignore"):
            logs = np.where(Y > 0, Y * np.log(recipe.softmax(z)), 0)
            return np.nan_to_num(-logs.sum(axis=0).mean())

    assert named("loss", _softmax_loss(cross_entropy)) == ("K9",)


def test_four_mistakes_that_would_explain_an_answer_are_no_explanation():
    def l2_backprop(W, Z, A, Y, hidden, output, lam):
        N, m = len(W), Y.shape[1]
        delta = {N: A[N] - Y}
        for l in range(N - 1, 0, -1):
            delta[l] = W[l + 1].T @ delta[l + 1]
        dW = {l: delta[l] @ A[l - 1].T + 2 * lam * W[l] for l in W}
        return dW, {l: delta[l].mean(axis=1, keepdims=True) / m for l in W}

    assert named("l2_backprop", l2_backprop) == ()


def test_a_clipped_logit_is_no_log_of_zero():
    def loss(output, z, Y):
        return recipe.loss(output, np.clip(z, -100, 100) if output == "sigmoid" else z, Y)

    assert named("loss", loss) == ()
