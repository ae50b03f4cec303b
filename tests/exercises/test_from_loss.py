"""Exercises known by a stated loss alone."""

import numpy as np
import pytest

from autograder.diagnosis.assess import assess
from autograder.exercises import stated_loss_exercise
from autograder.exercises.complex_step import complex_step
from autograder.exercises.from_loss import gradients_at_once
from autograder.sandbox.calls import LocalCaller
from tests.support.seeded import SEEDS


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
    with pytest.raises(ValueError, match="gradients names W, none of its arguments"):
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


@pytest.mark.parametrize(("loss", "answer", "says"), [
    (lambda z, Y: np.sum(np.log(np.cosh(z - Y))), lambda z, Y: np.tanh(Y - z), "Your dz has the wrong sign"),
    (
        lambda z, Y: np.sum(
            np.log(np.cosh(z - Y))
        ),
        lambda z, Y: np.sinh(z - Y),
        "On the way back through `np.log(np.cosh(z - Y))` its slope is left out",
    ),
])  # fmt: skip
def test_a_loss_that_can_be_traced_names_mistakes_in_its_own_words_and_gives_no_points_for_it(
    loss, answer, says
):
    """A lambda over several lines has words, too."""
    exercise = stated_loss_exercise(
        "told", "13-own", loss=loss, arguments={"z": ("k", "m"), "Y": ("k", "m")}, gradients=("z",)
    )
    found = assess(exercise, LocalCaller(answer, "told"), b"told")
    assert found.sentences == (says,)
    assert found.fraction == 0


def test_a_loss_without_a_text_is_judged_and_names_nothing():
    names = {"np": np}
    exec("loss = lambda z, Y: np.sum(np.log(np.cosh(z - Y)))", names)
    exercise = stated_loss_exercise(
        "told", "13-own", loss=names["loss"], arguments={"z": ("m",), "Y": ("m",)}, gradients=("z",)
    )
    assert "its text can't be read" in exercise.forward.problem
    assert assess(exercise, LocalCaller(lambda z, Y: np.tanh(z - Y), "told"), b"told").fraction == 1
    assert assess(exercise, LocalCaller(lambda z, Y: np.sinh(z - Y), "told"), b"told").codes == ()
