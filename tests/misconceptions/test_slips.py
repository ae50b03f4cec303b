"""The slips of beginners get their name: one slot exchanged, or a form of its own, and nothing else."""

import inspect
import itertools
import re

import numpy as np
import pytest

import backprop as recipe
from autograder.diagnosis.assess import assess
from autograder.exercises import EXERCISES
from autograder.misconceptions import CATALOGUE
from autograder.misconceptions.forward_slots import AFFINE, ForwardContext, affine_at, forward_by
from autograder.misconceptions.slots import exercises_of, replay_recipe
from autograder.sandbox.calls import LocalCaller

NAMES = {"np": np, **{name: getattr(recipe, name) for name in ("g", "g_prime", "sigmoid", "softmax")}}
SLIPS = [f"K{number}" for number in range(80, 112)]
AFFINE_CODE = "def affine(W, a_prev, b):\n    m = a_prev.shape[1]\n    return {}"
FORWARD_CODE = """
def forward(W, b, X, hidden, output):
    N = len(W)
    Z, A = {{}}, {{0: {X}}}
    for l in range(1, N + 1):
        Z[l] = {z}
        A[l] = {a}
    return Z, A
"""
RIGHT_Z = "W[l] @ A[l - 1] + b[l]"
RIGHT_A = "g(output if l == N else hidden, Z[l])"


def judged(exercise, source):
    names = dict(NAMES)
    exec(source, names)
    return assess(EXERCISES[exercise], LocalCaller(names[exercise], exercise), b"slips")


def forward_named(z=RIGHT_Z, a=RIGHT_A, X="X"):
    return set(judged("forward", FORWARD_CODE.format(z=z, a=a, X=X)).codes)


def test_the_slots_of_the_way_forward_give_the_recipe_where_nothing_is_exchanged():
    rng = np.random.default_rng(4)
    W = {1: rng.normal(size=(4, 3)), 2: rng.normal(size=(2, 4))}
    b = {l: rng.normal(size=(len(W[l]), 1)) for l in W}
    X = rng.normal(size=(3, 5))
    for hidden, output in itertools.product(recipe.HIDDEN, recipe.OUTPUTS):
        Z, A = forward_by({}, W, b, X, hidden, output)
        right_Z, right_A = recipe.forward(W, b, X, hidden, output)
        assert all(np.array_equal(Z[l], right_Z[l]) for l in right_Z)
        assert all(np.array_equal(A[l], right_A[l]) for l in right_A)
    assert np.array_equal(affine_at({}, ForwardContext(W[1], X, b[1])), recipe.affine(W[1], X, b[1]))


@pytest.mark.parametrize("slot", AFFINE)
def test_a_change_of_the_affine_map_shows_in_affine_and_in_forward_and_nowhere_else(slot):
    assert exercises_of({slot: lambda *args: args[0]}) == ["affine", "forward"]


@pytest.mark.parametrize(("z", "code"), [
    ("np.maximum(0, W @ a_prev + b)", "K80"),
    ("np.tanh(W @ a_prev + b)", "K80"),
    ("W @ a_prev + 2 * b", "K81"),
    ("2 * W @ a_prev + b", "K81"),
    ("W @ a_prev + b / m", "K82"),
    ("W @ a_prev / m + b", "K82"),
    ("W[:, -1:] @ a_prev[-1:] + b", "K83"),
    ("W[:, :-1] @ a_prev[:-1] + b", "K83"),
    ("np.abs(W) @ a_prev + b", "K84"),
    ("W / np.linalg.norm(W) @ a_prev + b", "K84"),
    ("W @ a_prev.mean(axis=1, keepdims=True) + b + 0 * (W @ a_prev)", "K89"),
    ("W.reshape(W.shape[::-1]).T @ a_prev + b", "K95"),
    ("W.T @ a_prev + b", "K54"),
])  # fmt: skip
def test_a_slip_in_affine_has_its_name(z, code):
    assert set(judged("affine", AFFINE_CODE.format(z)).codes) == {code}


@pytest.mark.parametrize(("z", "codes"), [
    ("np.maximum(0, W @ a_prev)", "K53 K80"),
    ("np.maximum(0, W @ a_prev + 2 * b)", "K80 K81"),
    ("np.abs(W) @ a_prev", "K53 K84"),
    ("W[:, -1:] @ a_prev[-1:] - b", "K53 K83"),
    ("W.reshape(W.shape[::-1]).T @ a_prev", "K53 K95"),
])  # fmt: skip
def test_two_slips_in_affine_are_both_named(z, codes):
    assert set(judged("affine", AFFINE_CODE.format(z)).codes) == set(codes.split())


@pytest.mark.parametrize(("change", "codes"), [
    ({"z": "W[l] @ A[l - 1] + (b[l] if l > 1 else 0)"}, "K87"),
    ({"z": "W[l] @ A[l - 1] + (b[l] if l < N else 0)"}, "K87"),
    ({"z": "W[l] @ A[l - 1] + 2 * b[l]"}, "K81"),
    ({"z": "np.abs(W[l]) @ A[l - 1] + b[l]"}, "K84"),
    ({"a": "g(output if l >= N - 1 else hidden, Z[l])"}, "K55"),
    ({"a": "g(output, Z[l]) if l == N else g(hidden, g(hidden, Z[l]))"}, "K85"),
    ({"a": "g(output if l == N else hidden, Z[l]) / X.shape[1]"}, "K82"),
    ({"z": "W[l] @ A[l - 1]", "a": "g(output if l == N else hidden, Z[l]) + b[l]"}, "K88"),
    ({"X": "g(hidden, X)"}, "K86"),
    ({"X": "X - X.mean(axis=1, keepdims=True)"}, "K86"),
    ({"z": "W[l] @ A[l - 1]", "a": "g(hidden, Z[l])"}, "K53 K55"),
    ({"z": "np.abs(W[l]) @ A[l - 1] - b[l]"}, "K53 K84"),
    ({"X": "g(hidden, X)", "z": "W[l] @ A[l - 1] + b[l] / X.shape[1]"}, "K82 K86"),
])  # fmt: skip
def test_slips_in_forward_have_their_names_one_or_two_of_them(change, codes):
    assert forward_named(**change) == set(codes.split())


def test_a_right_forward_pass_has_no_name():
    assert judged("forward", FORWARD_CODE.format(z=RIGHT_Z, a=RIGHT_A, X="X")).fraction == 1


def test_what_would_show_with_every_nonlinearity_is_not_said_of_one_alone():
    """A factor z with ReLU alone is its value for its slope; with all of them it is one factor too many."""
    code = "def hidden_delta(W, d, z, hidden):\n    return (W.T @ d) * {}"
    relu = code.format("(np.maximum(z, 0) if hidden == 'relu' else g_prime(hidden, z))")
    assert judged("hidden_delta", relu).codes == ("K14",)
    assert judged("hidden_delta", code.format("g_prime(hidden, z) * z")).codes == ("K90",)


def test_a_transpose_left_out_and_a_reshape_differ_where_the_shapes_do():
    """On square weights both give the same numbers; on others one raises and the other does not."""
    left_out = "def hidden_delta(W, d, z, hidden):\n    return ({} @ d) * g_prime(hidden, z)"
    assert judged("hidden_delta", left_out.format("W")).codes == ("K10",)
    assert judged("hidden_delta", left_out.format("W.reshape(W.shape[::-1])")).codes == ("K95",)


@pytest.mark.parametrize(("then", "said"), [
    ("z[:, 1:] = 0", "Only the first column is right"),
    ("z[:-1] = 0", "Only the last row is right"),
    ("z[:, -1] = 0", "Right except the last column"),
    ("z = np.minimum(z, 1.5)", "Right up to a size, and cut off there"),
])  # fmt: skip
def test_an_answer_that_is_right_in_part_is_told_which(then, said):
    code = f"def affine(W, a_prev, b):\n    z = W @ a_prev + b\n    {then}\n    return z"
    verdict = judged("affine", code)
    assert verdict.codes == ()
    assert said in verdict.pattern


@pytest.mark.parametrize(("dW", "db", "code"), [
    ("dW[l] + (lam * W[l] if l == N else 0)", "db[l]", "K107"),
    ("dW[l] + (lam * W[l] if l > 1 else 0)", "db[l]", "K107"),
    ("dW[l] + lam * W[l]", "db[l] + lam * W[l].sum(axis=1, keepdims=True)", "K108"),
    ("dW[l] + lam * W[l]", "db[l] + lam", "K108"),
    ("lam * W[l]", "db[l]", "K109"),
    ("dW[l] * lam * W[l]", "db[l]", "K109"),
    ("dW[l]", "db[l]", "K71"),
])  # fmt: skip
def test_where_the_penalty_goes_is_named(dW, db, code):
    def l2_backprop(W, Z, A, Y, hidden, output, lam):
        right = recipe.backprop(W, Z, A, Y, hidden, output)
        names = dict(NAMES, W=W, lam=lam, N=len(W), dW=right[0], db=right[1])
        return {l: eval(dW, names | {"l": l}) for l in W}, {l: eval(db, names | {"l": l}) for l in W}

    exercise = EXERCISES["l2_backprop"]
    assert assess(exercise, LocalCaller(l2_backprop, "l2_backprop"), b"slips").codes == (code,)


def _asked(exercise):
    """Arguments with every name that chooses a branch; large enough that clipping shows."""
    rng = np.random.default_rng(8)
    W, d, z, a = (rng.normal(size=size) for size in ((2, 4), (2, 5), (4, 5), (3, 5)))
    return {
        "affine": [(W, z, rng.normal(size=(2, 1)))],
        "output_delta": [(output, 300 * z, 9 * rng.random(z.shape)) for output in recipe.OUTPUTS],
        "hidden_delta": [(300 * W, d, z, hidden) for hidden in recipe.HIDDEN],
        "layer_gradients": [(300 * z, a)],
    }[exercise]


@pytest.mark.parametrize("exercise", ["affine", "output_delta", "hidden_delta", "layer_gradients"])
@pytest.mark.parametrize("code", SLIPS)
def test_every_variant_changes_what_the_exercise_answers(code, exercise):
    """An entry that answers like the recipe would name what is right."""
    entry = CATALOGUE[code]
    for variant in entry.variants:
        needs = any(getattr(formula, "needs_net", False) for formula in variant.values())
        if needs or exercise not in exercises_of(variant) or (entry.within and exercise not in entry.within):
            continue
        assert any(_differs(exercise, variant, args) for args in _asked(exercise)), variant


def _differs(exercise, variant, args):
    with np.errstate(all="ignore"):
        try:
            answer = replay_recipe(exercise, variant, *args)
        except (ValueError, TypeError):
            return True
        right = replay_recipe(exercise, {}, *args)
    pairs = zip(answer, right, strict=True) if isinstance(right, tuple) else [(answer, right)]
    return not all(np.array_equal(u, v) for u, v in pairs)


def test_every_new_entry_is_told_in_words_of_its_own():
    told = [CATALOGUE[code] for code in SLIPS]
    for field in ("name", "sentence", "hint", "snippet"):
        assert len({getattr(entry, field) for entry in CATALOGUE.values()}) >= len(CATALOGUE) - 6, field
        assert len({getattr(entry, field) for entry in told}) == len(told), field
    for entry in told:
        assert "The check" in " ".join(inspect.cleandoc(entry.__doc__).split()), entry.code
        assert re.fullmatch(r"\d+\.\d+", entry.equation), entry.code
        assert not entry.sentence.endswith("."), entry.code
