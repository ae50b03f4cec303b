"""Every exercise: its probes, and what the judge says to right and nearly right functions over many seeds."""

import numpy as np
import pytest

import backprop as recipe
from autograder.diagnosis.assess import assess
from autograder.exercises import EXERCISES
from autograder.exercises.expected import leaves_of
from autograder.judging.precision import NOTE_EPSILON_BELOW
from autograder.sandbox.calls import LocalCaller
from tests.support.right_variants import RIGHT
from tests.support.seeded import SEEDS, flawless, fraction, same

VARIANTS = [(exercise, function) for exercise, functions in RIGHT.items() for function in functions]


def test_there_are_nineteen_and_five_optional_ones_in_the_order_of_the_chapters():
    assert len([e for e in EXERCISES.values() if e.assignment != "13-layers"]) == 19
    assert len(EXERCISES) == 24
    assert [e.assignment for e in EXERCISES.values()] == sorted(e.assignment for e in EXERCISES.values())
    assert {id for id, e in EXERCISES.items() if e.bonus} == {
        "huber_output_delta",
        "residual_delta",
        "l2_backprop",
        "product_messages",
        "graph_gradients",
        "softmax_atoms",
    }


@pytest.mark.parametrize("id", list(EXERCISES))
def test_probes_depend_on_the_seed_and_on_nothing_else(id):
    exercise = EXERCISES[id]
    first, again, other = exercise.probes(b"a"), exercise.probes(b"a"), exercise.probes(b"b")
    assert [c.name for c in first] == [c.name for c in again]
    assert all(
        same(x, y) for c, d in zip(first, again, strict=True) for x, y in zip(c.args, d.args, strict=True)
    )
    assert not all(
        same(x, y) for c, d in zip(first, other, strict=True) for x, y in zip(c.args, d.args, strict=True)
    )


@pytest.mark.parametrize("id", list(EXERCISES))
def test_targets_are_finite_and_their_bounds_positive_where_rounding_happens(id):
    for case in EXERCISES[id].probes(b"finite"):
        for leaf in leaves_of(EXERCISES[id].target(case).template):
            assert np.isfinite(leaf.expected).all(), case.name
            assert np.isfinite(leaf.error_units).all(), case.name
            assert leaf.error_units.shape == leaf.expected.shape
            assert (leaf.error_units >= 0).all()


@pytest.mark.parametrize("id", sorted(id for id, e in EXERCISES.items() if e.oracle))
def test_two_probes_of_one_shape(id):
    """A function that remembers its answer by the shape of its input must meet that shape again."""
    shapes = []
    for case in EXERCISES[id].probes(b"shapes"):
        arrays = [a for a in case.args if isinstance(a, np.ndarray)]
        layers = [a for a in case.args if isinstance(a, dict)]
        shapes.append(
            (str([a.shape for a in arrays]), str([{k: v.shape for k, v in d.items()} for d in layers]))
        )
    assert len(set(shapes)) < len(shapes)


# Right numbers that lose something: db of shape (n,); ½ for ReLU's slope at the kink.
LESS = {
    ("layer_gradients", "gradients_flat_db"): 0.8,
    ("backprop", "backprop_kink_half"): 0.8,
}


@pytest.mark.parametrize(("id", "function"), VARIANTS, ids=[f"{id}-{f.__name__}" for id, f in VARIANTS])
def test_a_right_function_in_any_style_earns_everything(id, function):
    for seed in SEEDS:
        verdict = assess(EXERCISES[id], LocalCaller(function, id), seed)
        earned = LESS.get((id, function.__name__), 1)
        assert verdict.fraction == pytest.approx(earned), [
            (c.kind, c.part, c.found) for c in verdict.checks if not c.passed
        ]


def test_there_are_enough_of_them():
    assert len(VARIANTS) >= 100


def changed(id, change):
    """The reference with its answer changed."""

    def function(*args):
        return change(EXERCISES[id].reference(*args), *args)

    return function


def everywhere(value, change):
    if isinstance(value, dict):
        return {k: everywhere(v, change) for k, v in value.items()}
    if isinstance(value, tuple):
        return tuple(everywhere(v, change) for v in value)
    return change(value)


def last_entry(value):
    value = np.array(value, dtype=float)
    value.reshape(-1)[-1] *= 1 + 1e-6
    return value


TINY = {
    "a millionth added": lambda v: v + 1e-6,
    "a billionth added": lambda v: v + 1e-9,
    "a millionth more": lambda v: v * (1 + 1e-6),
    "six decimals": lambda v: np.round(v, 6),
    "eight decimals": lambda v: np.round(v, 8),
    "half precision": lambda v: np.asarray(v, dtype=np.float16).astype(float),
    "the last entry": last_entry,
    "clipped at 5": lambda v: np.clip(v, -5, 5),
    "doubled": lambda v: v * 2,
    "negative": lambda v: -v,
    "absolute": lambda v: np.abs(v),
    "transposed": lambda v: np.asarray(v).T,
    "nan": lambda v: v * np.nan,
}
ARRAYS = [id for id, e in EXERCISES.items() if e.reference and id not in ("gradient_check", "loss")]
HARMLESS = {
    *((id, "clipped at 5") for id in ("sigmoid", "softmax", "g_prime")),
    *((id, "absolute") for id in ("sigmoid", "softmax", "g_prime")),
    *((id, name) for id in ("sigmoid", "softmax") for name in ("none",)),
}


@pytest.mark.parametrize("name", sorted(TINY))
@pytest.mark.parametrize("id", ARRAYS)
def test_a_small_change_of_every_answer_is_seen(id, name):
    if (id, name) in HARMLESS:
        return
    for seed in SEEDS[:4]:
        function = changed(id, lambda value, *_: everywhere(value, TINY[name]))
        assert not flawless(id, function, seed)


@pytest.mark.parametrize(
    "name", sorted(set(TINY) - {"transposed", "the last entry", "absolute", "clipped at 5"})
)
def test_a_small_change_of_the_loss_is_seen(name):
    for seed in SEEDS[:4]:
        assert not flawless("loss", changed("loss", lambda value, *_: float(TINY[name](value))), seed)


def clipped_loss(epsilon):
    def loss(output, z, Y):
        if output == "identity":
            return recipe.loss(output, z, Y)
        a = np.clip(recipe.g(output, z), epsilon, 1 - epsilon)
        if output == "softmax":
            return -np.mean(np.sum(Y * np.log(a), axis=0))
        return -np.mean(np.sum(Y * np.log(a) + (1 - Y) * np.log(1 - a), axis=0))

    return loss


def added_loss(epsilon):
    def loss(output, z, Y):
        a = recipe.g(output, z)
        if output == "identity":
            return recipe.loss(output, z, Y)
        if output == "softmax":
            return -np.sum(Y * np.log(a + epsilon)) / z.shape[1]
        return -np.sum(Y * np.log(a + epsilon) + (1 - Y) * np.log(1 - a + epsilon)) / z.shape[1]

    return loss


@pytest.mark.parametrize("make", [clipped_loss, added_loss])
@pytest.mark.parametrize("epsilon", [1e-7, 1e-8, 1e-12, 1e-15])
def test_a_loss_with_an_epsilon_fails_on_large_logits_alone(make, epsilon):
    for seed in SEEDS[:5]:
        verdict = assess(EXERCISES["loss"], LocalCaller(make(epsilon), "loss"), seed)
        failed = {c.part for c in verdict.checks if not c.passed}
        assert failed == {"sigmoid, large |z|", "softmax, large |z|"}, epsilon


def test_a_large_epsilon_fails_everywhere():
    verdict = assess(EXERCISES["loss"], LocalCaller(added_loss(1e-5), "loss"), b"x")
    assert {"sigmoid, ordinary z", "softmax, ordinary z"} <= {c.part for c in verdict.checks if not c.passed}


def by_column(z):
    return z.max(axis=0)


def guarded_softmax(epsilon, shift):
    def softmax(z):
        e = np.exp(z - shift(z))
        return e / (e.sum(axis=0, keepdims=True) + epsilon)

    return softmax


@pytest.mark.parametrize("epsilon", [1e-7, 1e-8, 1e-10, 1e-12, 1e-13])
def test_a_softmax_with_an_epsilon_below_earns_everything_and_a_note(epsilon):
    for seed in SEEDS:
        verdict = assess(
            EXERCISES["softmax"], LocalCaller(guarded_softmax(epsilon, by_column), "softmax"), seed
        )
        assert (verdict.fraction, verdict.notes) == (1, (NOTE_EPSILON_BELOW,))


@pytest.mark.parametrize(("shift", "code"), [(np.max, "K112"), (np.zeros_like, "K58")])
def test_with_another_shift_it_loses_the_large_z_alone(shift, code):
    for seed in SEEDS[:5]:
        verdict = assess(EXERCISES["softmax"], LocalCaller(guarded_softmax(1e-12, shift), "softmax"), seed)
        assert [c.part for c in verdict.checks if not c.passed] == ["large |z|"]
        assert verdict.codes == (code,)


@pytest.mark.parametrize(
    "change",
    [
        lambda a, z: a - 1e-8,
        lambda a, z: a * (1 - 1e-8),
        lambda a, z: a + 1e-8 * a / np.exp(z - z.max(axis=0)).sum(axis=0),
        lambda a, z: a - 1e-8 * a / np.sqrt(np.exp(z - z.max(axis=0)).sum(axis=0)),
        lambda a, z: np.where(a > 0.9, guarded_softmax(1e-8, by_column)(z), a),
        lambda a, z: guarded_softmax(1e-6, by_column)(z),
        lambda a, z: guarded_softmax(1e-8 * z.shape[0], by_column)(z),
    ],
)
def test_what_no_one_epsilon_explains_is_wrong(change):
    for seed in SEEDS[:5]:
        assert not flawless("softmax", lambda z: change(recipe.softmax(z), z), seed)


def forward_difference(loss_of_z, z, h):
    out = np.zeros(z.shape)
    for i in np.ndindex(z.shape):
        e = np.zeros(z.shape)
        e[i] = h
        out[i] = (loss_of_z(z + e) - loss_of_z(z)) / h
    return out


WRONG_NUMERICAL = {
    "forward": forward_difference,
    "backward": lambda f, z, h: forward_difference(f, z, -h),
    "own step": lambda f, z, h: recipe.central_difference(f, z, 1e-5),
    "no 2": lambda f, z, h: 2 * recipe.central_difference(f, z, h),
    "mean": lambda f, z, h: recipe.central_difference(f, z, h) / z.shape[1],
    "half step": lambda f, z, h: recipe.central_difference(f, z, h / 2),
}


@pytest.mark.parametrize("name", sorted(WRONG_NUMERICAL))
def test_another_difference_is_not_the_central_one(name):
    for seed in SEEDS[:5]:
        assert fraction("numerical_delta", WRONG_NUMERICAL[name], seed) < 0.9
