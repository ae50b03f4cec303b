"""What a teacher would give: pieces of work and the points that anchor the rule, within a tenth."""

import numpy as np
import pytest

import backprop as recipe
from autograder.exercises import EXERCISES
from tests.support.judged import judged

SEEDS = (b"anchor 1", b"anchor 2")


def scaled(value, factor):
    if isinstance(value, dict):
        return {key: scaled(item, factor) for key, item in value.items()}
    return tuple(scaled(item, factor) for item in value) if isinstance(value, tuple) else value * factor


def times(id, factor):
    """The right answer times factor(number of examples)."""

    def function(*args):
        answer = EXERCISES[id].reference(*args)
        return scaled(answer, factor(_examples(args)))

    return function


def _examples(args):
    arrays = [
        a if isinstance(a, np.ndarray) else a[max(a)] for a in args if isinstance(a, (np.ndarray, dict))
    ]
    return arrays[-1].shape[1]


def changed(id, change):
    """The right answer, changed."""
    return lambda *args: change(EXERCISES[id].reference(*args), *args)


def l2(penalty, *args):
    *net, lam = args
    dW, db = recipe.backprop(*net)
    return {l: dW[l] + penalty(net[0][l], lam) for l in dW}, db


def residual(W, z, delta_a):
    delta_z = delta_a * (1 - np.tanh(z) ** 2)
    return delta_z, W.T @ delta_z


def checker(ok):
    def gradient_check(f, theta, grad, h):
        if np.shape(grad) != theta.shape:
            return False, np.full(theta.shape, np.inf)
        numeric = recipe.central_difference(f, theta, h)
        size = np.maximum(1e-8, np.abs(numeric) + np.abs(grad))
        errors = np.abs(numeric - grad) / size
        return bool(np.all(errors < 1e-5)) if ok is None else ok, errors

    return gradient_check


def times_over(id, count):
    """The right answer over a number that is counted in itself."""
    return lambda *args: EXERCISES[id].reference(*args) / count(EXERCISES[id].reference(*args))


def of_examples(some):
    """Step 3 of some of the examples, over all of them."""

    def layer_gradients(delta, a_prev):
        m, d = delta.shape[1], delta[:, some]
        return d @ a_prev[:, some].T / m, d.sum(axis=1, keepdims=True) / m

    return layer_gradients


def rounded_labels(output, z, Y):
    return recipe.g(output, z) - np.rint(Y)


def log2_loss(output, z, Y):
    return recipe.loss(output, z, Y) / (1 if output == "identity" else np.log(2))


def in_place(W_next, delta_next, z, hidden):
    delta = recipe.hidden_delta(W_next, delta_next, z, hidden)
    z *= 2
    return delta


def flat_db(delta, a_prev):
    dW, db = recipe.layer_gradients(delta, a_prev)
    return dW, db[:, 0]


def wrong_layer(which):
    """backprop with both gradients of the layer which(N) zero."""

    def change(answer, W, *_):
        l = which(max(W))
        return tuple({key: v * (key != l) for key, v in part.items()} for part in answer)

    return changed("backprop", change)


def one_dW_wrong(answer, W, *_):
    dW, db = answer
    return {l: v * (3 if l == 2 else 1) for l, v in dW.items()}, db


def without_a(delta, a_prev):
    m = delta.shape[1]
    dW = np.repeat(delta.sum(axis=1, keepdims=True) / m, a_prev.shape[0], axis=1)
    return dW, delta.sum(axis=1, keepdims=True) / m


def overflowing(z):
    return np.exp(z) / (1 + np.exp(z))


ANCHORS = {
    "1/m forgotten": ("layer_gradients", times("layer_gradients", lambda m: m), 0.5, ("K26",)),
    "1/m forgotten in the recipe": ("backprop", times("backprop", lambda m: m), 0.5, ("K26",)),
    "1/m too early": ("output_delta", times("output_delta", lambda m: 1 / m), 0.75, ("K39",)),
    "1/m too early, all layers": ("all_deltas", times("all_deltas", lambda m: 1 / m), 0.75, ("K39",)),
    "a pair in the other order": (
        "forward",
        changed("forward", lambda pair, *_: pair[::-1]),
        0.75,
        ("K120",),
    ),
    "A without key 0": (
        "forward",
        changed("forward", lambda pair, *_: (pair[0], {l: a for l, a in pair[1].items() if l})),
        0.5 + 0.5 * 0.75,
        ("K121",),
    ),
    "keys one too low": (
        "all_deltas",
        changed("all_deltas", lambda delta, *_: {l - 1: d for l, d in delta.items()}),
        0.75,
        ("K122",),
    ),
    "the sign flipped": ("output_delta", times("output_delta", lambda m: -1), 0.5, ("K5",)),
    "a factor 2": ("hidden_delta", times("hidden_delta", lambda m: 2), 0.5, ("K6",)),
    "m - 1 for m": (
        "layer_gradients",
        times("layer_gradients", lambda m: m / max(m - 1, 1)),
        0.5,
        ("K50",),
    ),
    "dW transposed": (
        "layer_gradients",
        changed("layer_gradients", lambda pair, *_: (pair[0].T, pair[1])),
        0.7 * 0.5 + 0.3,
        ("K24",),
    ),
    "another logarithm": ("loss", log2_loss, 1 / 3 + 2 / 3 * 0.5, ("K63",)),
    "db of shape (n,)": ("layer_gradients", flat_db, 0.8, ("K32",)),
    "inputs changed in place": ("hidden_delta", in_place, 0.8, ("K35",)),
    "Z right, A wrong": (
        "forward",
        changed("forward", lambda pair, *_: (pair[0], scaled(pair[1], 3.0))),
        0.5,
        None,
    ),
    "layer 1 wrong": ("backprop", wrong_layer(lambda N: 1), 0.7, ("K34",)),
    "one dW wrong": ("backprop", changed("backprop", one_dW_wrong), 0.55, None),
    "clipped at 5": (
        "hidden_delta",
        changed("hidden_delta", lambda delta, *_: np.clip(delta, -5, 5)),
        0.75,
        None,
    ),
    "digits rounded off": ("affine", changed("affine", lambda z, *_: np.round(z, 8)), 0.75, ()),
    "overflow where extremes count": ("sigmoid", overflowing, 0.7, ("K58",)),
    "dW without any activation": ("layer_gradients", without_a, 0.3, None),
    "right for one output of three": (
        "output_delta",
        lambda output, z, Y: z - Y,
        1 / 3,
        ("K40",),
    ),
    "l2_backprop that is backprop": ("l2_backprop", lambda *args: l2(lambda W, lam: 0, *args), 0.1, ("K71",)),
    "a g too early": ("affine", lambda W, a, b: np.maximum(W @ a + b, 0), 0.25, ("K80",)),
    "over the number of inputs": ("affine", lambda W, a, b: W @ a / W.shape[1] + b, 0.5, ("K82",)),
    "over the number of units": ("output_delta", times_over("output_delta", len), 0.5, ("K116",)),
    "= for += over the inputs": ("affine", lambda W, a, b: W[:, -1:] @ a[-1:] + b, 0.25, ("K83",)),
    "the first example only": ("layer_gradients", of_examples(slice(0, 1)), 0.25, ("K103",)),
    "an example left out": ("layer_gradients", of_examples(slice(-1)), 0.25, ("K123",)),
    "labels rounded": ("output_delta", rounded_labels, 0.5, ("K102",)),
    "no room for rounding": ("gradient_check", checker(None), 0.8875, ("K125",)),
    "residual without its shortcut": ("residual_delta", residual, 0.25, ("K48",)),
    "a checker that always says True": ("gradient_check", checker(True), 0.1, None),
    "a checker that always says False": ("gradient_check", checker(False), 0.1, None),
}


@pytest.mark.parametrize("piece", ANCHORS)
def test_a_piece_earns_what_a_teacher_would_give(piece):
    id, function, points, codes = ANCHORS[piece]
    for seed in SEEDS:
        verdict = judged(id, function, seed)
        assert verdict.fraction == pytest.approx(points, abs=0.1)
        assert codes is None or verdict.codes == codes


def stubs(id):
    """Functions that do nothing of what is asked: constants and arguments handed back, in the
    answer's form.
    """
    exercise = EXERCISES[id]

    def expected(args):
        (target,) = [
            t
            for c, t in zip(*exercise.asked(SEEDS[0]), strict=True)
            if all(a is b for a, b in zip(c.args, args, strict=True))
        ]
        from autograder.exercises.expected import expected_of

        return expected_of(target.template)

    for constant in (0.0, 1.0):
        yield f"all {constant:g}", lambda *args, c=constant: _filled(expected(args), c)
    for place in range(len(exercise.arguments)):
        yield f"argument {place}", lambda *args, i=place: args[i]
        if len(exercise.results) > 1:
            yield f"argument {place}, twice", lambda *args, i=place: (args[i], args[i])
    yield "nothing", lambda *args: None


def _filled(value, constant):
    if isinstance(value, dict):
        return {key: _filled(item, constant) for key, item in value.items()}
    if isinstance(value, tuple):
        return tuple(_filled(item, constant) for item in value)
    return np.full(np.shape(value), constant)


@pytest.mark.parametrize("id", [id for id in EXERCISES if EXERCISES[id].compared_as == "values"])
def test_a_stub_a_constant_and_an_argument_handed_back_earn_nothing(id):
    for what, function in stubs(id):
        assert judged(id, function, SEEDS[0]).fraction == 0, what


def test_the_chapters_one_to_nine_declare_their_parts():
    without = {id for id, exercise in EXERCISES.items() if not exercise.parts}
    assert all(EXERCISES[id].assignment >= "10" for id in without)


@pytest.mark.parametrize("id", [id for id in EXERCISES if EXERCISES[id].parts])
def test_the_parts_are_declared_and_asked_in_every_version(id):
    exercise = EXERCISES[id]
    assert sum(exercise.parts.values()) == pytest.approx(1)
    for seed in SEEDS:
        cases, targets = exercise.asked(seed)
        asked = {p for c, t in zip(cases, targets, strict=True) if not c.advisory for p in t.parts}
        assert asked == set(exercise.parts)
