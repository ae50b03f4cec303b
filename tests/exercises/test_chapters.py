"""Every exercise: its probes, and what the judge says to right and nearly right functions over many seeds."""

import numpy as np
import pytest

import backprop as recipe
from autograder.diagnosis.assess import assess
from autograder.exercises import EXERCISES, stated_loss_exercise
from autograder.exercises.cases import PublicFunction
from autograder.exercises.complex_step import complex_step
from autograder.exercises.expected import leaves_of
from autograder.exercises.from_loss import gradients_at_once
from autograder.judging.precision import NOTE_EPSILON_BELOW
from autograder.sandbox.calls import LocalCaller
from tests.support.right_variants import RIGHT

SEEDS = [b"seed %d" % i for i in range(20)]
VARIANTS = [(exercise, function) for exercise, functions in RIGHT.items() for function in functions]


def same(a, b):
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    if isinstance(a, PublicFunction):
        return a.name == b.name and same(dict(a.parameters), dict(b.parameters))
    return np.array_equal(a, b, equal_nan=isinstance(a, np.ndarray) and a.dtype.kind == "f")


def fraction(exercise, function, seed):
    return assess(EXERCISES[exercise], LocalCaller(function, exercise), seed).fraction


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
        assert fraction(id, function, seed) < 1


@pytest.mark.parametrize(
    "name", sorted(set(TINY) - {"transposed", "the last entry", "absolute", "clipped at 5"})
)
def test_a_small_change_of_the_loss_is_seen(name):
    for seed in SEEDS[:4]:
        assert fraction("loss", changed("loss", lambda value, *_: float(TINY[name](value))), seed) < 1


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


@pytest.mark.parametrize("shift", [np.max, np.zeros_like])
def test_with_another_shift_it_loses_the_large_z_alone(shift):
    for seed in SEEDS[:5]:
        verdict = assess(EXERCISES["softmax"], LocalCaller(guarded_softmax(1e-12, shift), "softmax"), seed)
        assert [c.part for c in verdict.checks if not c.passed] == ["large |z|"]
        assert verdict.codes == ("K58",)


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
        assert fraction("softmax", lambda z: change(recipe.softmax(z), z), seed) < 1


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


def checker(numeric=recipe.central_difference, error=None, verdict=None, guard=True):
    def gradient_check(f, theta, grad, h):
        if guard and grad.shape != theta.shape:
            return False, np.zeros(theta.shape)
        n = numeric(f, theta, h)
        size = np.abs(n) + np.abs(grad)
        errors = np.abs(n - grad) / np.maximum(1e-8, size) if error is None else error(n, grad)
        return (bool(np.all(errors < 1e-6)) if verdict is None else bool(verdict(n, grad, errors))), errors

    return gradient_check


WRONG_CHECKERS = {
    "always": checker(verdict=lambda n, g, e: True),
    "never": checker(verdict=lambda n, g, e: False),
    "nan passes": checker(verdict=lambda n, g, e: not (e > 1e-6).any()),
    "mean of errors": checker(verdict=lambda n, g, e: e.mean() < 1e-5),
    "norms": checker(
        verdict=lambda n, g, e: np.linalg.norm(n - g) < 1e-7 * np.linalg.norm(n) + np.linalg.norm(g) * 1e-7
    ),
    "absolute": checker(verdict=lambda n, g, e: np.abs(n - g).max() < 1e-4),
    "too lax": checker(verdict=lambda n, g, e: (e < 1e-3).all()),
    "too strict": checker(verdict=lambda n, g, e: (e < 1e-15).all()),
    "forward differences": checker(numeric=forward_difference, verdict=lambda n, g, e: (e < 1e-4).all()),
    "no floor": checker(error=lambda n, g: np.abs(n - g) / (np.abs(n) + np.abs(g))),
    "another formula": checker(
        error=lambda n, g: np.abs(n - g) / np.maximum(np.maximum(np.abs(n), np.abs(g)), 1e-8)
    ),
    "signed": checker(error=lambda n, g: (n - g) / np.maximum(1e-8, np.abs(n) + np.abs(g))),
    "broadcasts": checker(guard=False),
    "one number": checker(error=lambda n, g: np.max(np.abs(n - g) / np.maximum(1e-8, np.abs(n) + np.abs(g)))),
}


@pytest.mark.parametrize("name", sorted(WRONG_CHECKERS))
def test_a_wrong_checker_is_seen(name):
    for seed in SEEDS[:5]:
        assert fraction("gradient_check", WRONG_CHECKERS[name], seed) < 1


# ---- stated losses


def log_cosh(z, Y):
    return np.sum(np.log(np.cosh(z - Y)))


def absolute(z, Y):
    return np.sum(np.abs(z - Y) ** 1.5)  # np.abs drops the imaginary part: only differences can judge it


@pytest.mark.parametrize(
    ("loss", "right"),
    [
        (log_cosh, lambda z, Y: np.tanh(z - Y)),
        (absolute, lambda z, Y: 1.5 * np.sign(z - Y) * np.abs(z - Y) ** 0.5),
    ],
)
def test_an_instructor_states_a_loss_and_shapes_and_nothing_else(loss, right):
    exercise = stated_loss_exercise(
        "my_delta", "05-step-1", loss=loss, arguments={"z": ("k", "m"), "Y": ("k", "m")}, gradients=("z",)
    )
    for seed in SEEDS[:6]:
        assert assess(exercise, LocalCaller(right, "my_delta"), seed).fraction == 1
        for wrong in (
            lambda z, Y: -right(z, Y),
            lambda z, Y: 2 * right(z, Y),
            lambda z, Y: right(z, Y) / z.shape[1],
            lambda z, Y: z - Y,
        ):
            assert assess(exercise, LocalCaller(wrong, "my_delta"), seed).fraction == 0


def test_a_loss_that_drops_the_imaginary_part_far_out_is_still_judged_right():
    """np.abs is analytic to the eye where not reached: each gradient is looked at, not the first alone."""

    def loss(z, Y):
        r = z - Y
        return np.sum(np.where(np.abs(r) < 4, r * r / 2, 4 * (np.abs(r) - 2)))

    exercise = stated_loss_exercise(
        "far_delta", "05-step-1", loss=loss, arguments={"z": ("k", "m"), "Y": ("k", "m")}, gradients=("z",)
    )
    for seed in (b"1", b"2", b"3"):
        call = LocalCaller(lambda z, Y: np.clip(z - Y, -4, 4), "far_delta")
        assert assess(exercise, call, seed).fraction == 1
        call = LocalCaller(lambda z, Y: z - Y, "far_delta")
        assert assess(exercise, call, seed).fraction < 1


def test_several_gradients_come_as_a_tuple_with_a_part_each():
    exercise = stated_loss_exercise(
        "bilinear",
        "x",
        loss=lambda W, a: np.sum(np.tanh(W @ a)),
        arguments={"W": ("n", "p"), "a": ("p", "m")},
        gradients=("W", "a"),
    )

    def half(W, a):
        d = 1 - np.tanh(W @ a) ** 2
        return d @ a.T, np.zeros(a.shape)

    verdict = assess(exercise, LocalCaller(half, "bilinear"), b"s")
    assert verdict.fraction == pytest.approx(0.5)
    assert [c.part for c in verdict.checks if not c.passed] == ["a"]


def test_a_gradient_of_nothing_is_refused_in_words():
    with pytest.raises(ValueError, match="gradients names W, none of its arguments or nudges"):
        stated_loss_exercise(
            "d", "x", loss=log_cosh, arguments={"z": ("k", "m"), "Y": ("k", "m")}, gradients=("W",)
        )


def test_a_loss_with_kinks_everywhere_is_refused_in_words():
    exercise = stated_loss_exercise(
        "d",
        "x",
        loss=lambda z: np.sum(np.abs(np.sin(300 * z))),
        arguments={"z": ("k", "m")},
        gradients=("z",),
    )
    with pytest.raises(ValueError, match="50 draws gave no input"):
        exercise.probes(b"s")


def test_the_complex_step_is_exact():
    z = np.array([[0.3, -2.0]])
    assert np.allclose(complex_step(lambda x: np.sum(x**3), z), 3 * z**2, rtol=1e-15)


def test_a_loss_that_sums_along_the_last_axes_takes_one_call():
    z, Y = np.random.default_rng(1).normal(size=(2, 3, 4))

    def loss(x):
        return np.sum(np.cosh(x) * Y, axis=(-2, -1))

    [(gradient, units)] = gradients_at_once(lambda arrays: loss(*arrays), [z])
    assert np.allclose(gradient, complex_step(loss, z), rtol=1e-14)
    assert units.shape == z.shape
    for no_stacks in (
        lambda a: np.sum(a[0] ** 2),
        lambda a: np.sum(Y.T @ a[0]),
        lambda a: np.sum(a[0].reshape(3, 4)),
    ):
        assert gradients_at_once(no_stacks, [z]) is None


def test_a_loss_that_mistakes_the_stack_for_examples_is_still_judged_right():
    # With a stack in front x.shape[1] is k and not m: the slope along one direction tells.
    exercise = stated_loss_exercise(
        "d",
        "x",
        loss=lambda z: np.sum(z**2, axis=(-2, -1)) / z.shape[1],
        arguments={"z": ("k", "m")},
        gradients=("z",),
    )
    for case in exercise.probes(b"s"):
        z = case.args[0].astype(float)
        assert np.allclose(exercise.target(case).template.expected, 2 * z / z.shape[1], rtol=1e-14)


def differences(up, down, tolerance):
    """gradient_check by (f(theta + up h) - f(theta - down h)) / ((up + down) h)."""

    def gradient_check(f, theta, grad, h):
        if np.shape(grad) != theta.shape:
            return False, np.full(theta.shape, np.inf)
        numeric = np.zeros(theta.shape)
        for i in np.ndindex(theta.shape):
            step = np.zeros(theta.shape)
            step[i] = h
            numeric[i] = (f(theta + up * step) - f(theta - down * step)) / ((up + down) * h)
        errors = np.abs(numeric - grad) / np.maximum(1e-8, np.abs(numeric) + np.abs(grad))
        return bool(np.all(errors < tolerance)), errors

    return gradient_check


@pytest.mark.parametrize("tolerance", [3e-5, 1e-5, 5e-6, 1e-7])
@pytest.mark.parametrize("up", [0, 1])
def test_one_sided_differences_earn_the_same_by_every_seed_and_threshold(up, tolerance):
    one_sided = differences(up, 1 - up, tolerance)
    assert {fraction("gradient_check", one_sided, seed) for seed in SEEDS} == {0.45}
    assert fraction("gradient_check", differences(1, 1, tolerance), SEEDS[0]) == 1


@pytest.mark.parametrize("tolerance", [1e-5, 1e-7])
def test_no_room_for_rounding_where_the_slope_is_0_earns_a_remark_alone(tolerance):
    for seed in SEEDS:
        verdict = assess(
            EXERCISES["gradient_check"], LocalCaller(differences(1, 1, tolerance), "gradient_check"), seed
        )
        assert verdict.fraction == 1
        assert {note.kind for note in verdict.notes} == {"advisory_answer"}
        assert all("a slope of 0 that is rounding" in note.values[0] for note in verdict.notes)
        right = assess(
            EXERCISES["gradient_check"],
            LocalCaller(EXERCISES["gradient_check"].reference, "gradient_check"),
            seed,
        )
        assert (right.fraction, right.notes) == (1, ())


@pytest.mark.parametrize(
    ("allowed", "right"),
    [
        ("abs(f(theta)) / h", True),
        ("f(theta) / h", False),
        ("f(up) / h", False),
        ("abs(f(theta)) / theta", False),
        ("abs(f(theta)) / up", False),
        ("abs(f(0.0)) / h", False),
    ],
)
def test_an_allowance_for_rounding_that_may_be_negative_or_of_another_f_is_seen(allowed, right):
    def gradient_check(f, theta, grad, h):
        numeric = np.zeros(theta.shape)
        if np.shape(grad) != theta.shape:
            return False, np.full(theta.shape, np.inf)
        for i in np.ndindex(theta.shape):
            up, down = theta.copy(), theta.copy()
            up[i] += h
            down[i] -= h
            numeric[i] = (f(up) - f(down)) / (2 * h)
        gap, size = np.abs(numeric - grad), np.abs(numeric) + np.abs(grad)
        rounding = 16 * 2.0**-53 * eval(allowed, {}, {"f": f, "theta": theta, "up": up, "h": h})
        return bool(np.all(gap <= 1e-5 * size + rounding)), gap / np.maximum(1e-8, size)

    for seed in range(8):
        verdict = assess(EXERCISES["gradient_check"], LocalCaller(gradient_check), b"%d" % seed)
        assert (verdict.fraction == 1) == right
