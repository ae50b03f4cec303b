"""Chapter 9: gradient_check, a judge that is judged itself: by right gradients, planted mistakes, traps."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.exercises.cases import Case, PublicFunction
from autograder.exercises.chapters.helps import HELPS
from autograder.exercises.exercise import Argument, Exercise, Result
from autograder.exercises.expected import ExpectedArray, Target
from autograder.exercises.rounding import U64
from autograder.exercises.versions import generator
from autograder.misconceptions.gradient_checking import FLOOR
from autograder.trees import Array
from backprop import central_difference, sigmoid, softmax

# The parts of the credit. The first two earn nothing if the verdict is the same for all gradients.
ACCEPTED_PART, REJECTED, ERRORS = "right gradients accepted", "wrong gradients rejected", "errors"
# What a case asks: the verdict and the errors, or the verdict alone, the errors meaning nothing there.
BOTH, VERDICT = "verdict and errors", "verdict"
DIFFERENCE_STEP = 1e-5
EXACT_STEP = 2.0**-17
# What differences see of one unit of rounding of an f between 2^6 and 2^7.
ONE_UNIT = 2.0**-46 / (2 * DIFFERENCE_STEP)
# The smallest entry that is off by a relative 1.2e-4, in gradients of size 1e-3 as of size 1.
SLIGHT = 0.55

GRADIENTS: dict[str, Callable[..., Array]] = {
    "linear": lambda theta, c: c + 0 * theta,
    "quadratic": lambda theta, c, y: c * (theta - y),
    "cubic": lambda theta, c: 3 * c * theta**2,
    "softplus_sum": lambda theta, c, y: c * (sigmoid(theta) - y),
    "sine_sum": lambda theta, c: c * np.cos(theta),
    "log_sum_exp": lambda theta, y: softmax(theta) - y,
}


# What f adds up, in absolute values of theta and y: the size of its rounding.
TERMS: dict[str, Callable[[Array, Array], Array]] = {
    "linear": lambda theta, y: theta,
    "quadratic": lambda theta, y: 4 * (theta + y) ** 2,
    "cubic": lambda theta, y: 4 * theta**3,
    "softplus_sum": lambda theta, y: 8 + 4 * theta * (1 + y),
    "sine_sum": lambda theta, y: 8 + 0 * theta,
    "log_sum_exp": lambda theta, y: 8 + 4 * theta * (1 + y),
}


def _draw(
    rng: np.random.Generator, name: str, shape: tuple[int, ...], size: float, zeros: int
) -> tuple[PublicFunction, Array, Array]:
    """A function, a point and its gradient, no entry so far below the others that rounding would own it, and
    one at least that may be wrong: no less than the smallest that is, by every seed (SLIGHT).
    """
    while True:
        theta = rng.normal(size=shape)
        c = rng.uniform(0.5, 2, shape) * rng.choice([-1, 1], shape) * size
        # The function forgets these entries: their gradient is exactly 0
        c.reshape(-1)[:zeros] = 0.0
        y = rng.uniform(0.1, 0.9, shape)
        given = (
            {"c": c, "y": y}
            if name in ("quadratic", "softplus_sum")
            else {"y": y}
            if name == "log_sum_exp"
            else {"c": c}
        )
        gradient = GRADIENTS[name](theta, **given)
        live = np.abs(gradient[c != 0]) if name != "log_sum_exp" else np.abs(gradient)
        if live.size == 0 or (live.min() > 0.1 * size and live.max() > SLIGHT * size):
            return PublicFunction(name, given), theta, gradient


def _exact(
    rng: np.random.Generator, powers: Sequence[int], shape: tuple[int, ...]
) -> tuple[PublicFunction, Array, Array]:
    """A linear function with slopes of these powers of 2.

    Every kind of difference is exact where h is a power of 2.
    """
    c = (rng.integers(17, 32, shape) / 16) * 2.0 ** np.reshape(powers, shape) * rng.choice([-1, 1], shape)
    return PublicFunction("linear", {"c": c}), rng.integers(-8, 9, shape) / 4, c.copy()


def _linear_of_size(rng: np.random.Generator, size: float) -> tuple[PublicFunction, Array, Array]:
    """A linear f with f(theta) of that size, its slopes of size 1e-3 where f is nearly 0, else 0.6.

    Of one size by every seed: so is the widest room for rounding that still sees one of them wrong.
    """
    c = rng.choice([-1, 1], 4) * (rng.uniform(0.6, 2, 4) * 1e-3 if size < 1 else 0.6)
    theta = rng.uniform(0.5, 2, 4) * (1.0 if size < 1 else size / 4 * np.sign(c))
    theta[0] += (size - float(c @ theta)) / c[0]
    return PublicFunction("linear", {"c": c}), theta, c.copy()


def _rounded_zero(
    rng: np.random.Generator, shape: tuple[int, ...], sign: int
) -> tuple[PublicFunction, Array, Array]:
    """A sum of softplus with one slope of 0 that differences see as rounding of this sign, and no more.

    f lies between 2^6 and 2^7, and they see one unit of its rounding: 7.1e-10 by every seed. That makes an
    error (9.3) above any threshold, and is no more than 0.5 eps |f| / h, which the statement allows.
    """
    while True:
        theta = rng.uniform(0.5, 2, shape)
        c, y = rng.uniform(12, 24, shape), np.zeros(shape)
        c.flat[0], y.flat[0] = rng.uniform(6, 12), sigmoid(theta).flat[0]
        f = PublicFunction("softplus_sum", {"c": c, "y": y})
        gradient = c * (sigmoid(theta) - y)
        seen = sign * float(central_difference(f, theta, DIFFERENCE_STEP).flat[0])
        if 64 < f(theta) < 128 and 0 < seen < 1.5 * ONE_UNIT:
            return f, theta, gradient


def _large_and_curved(rng: np.random.Generator) -> tuple[PublicFunction, Array, Array]:
    """A sum of cubes with slopes of about 2000, each of which central differences miss by 750 h^2.

    With h = 2e-4 that is 3e-5 by every seed: next to nothing beside the slope, and a hundred times what
    rounding does. All to one side, so that a sum of the entries misses it too.
    """
    theta = rng.uniform(0.85, 1.5, (2, 2)) * rng.choice([-1, 1], (2, 2))
    c = np.full((2, 2), 750.0 * rng.choice([-1, 1]))
    return PublicFunction("cubic", {"c": c}), theta, 3 * c * theta**2


def gradient_check_cases(seed: bytes) -> list[Case]:
    """Right gradients of many sizes, mistakes from gross to 1e-4, nan and shapes, kinks."""
    rng = generator(seed, "gradient_check")
    cases: list[Case] = []
    kinds = (
        ("quadratic", (4,), 1.0, 0, 1e-5),
        ("quadratic", (2, 3), 1e3, 1, 1e-5),
        ("softplus_sum", (3, 2), 1e-3, 1, 1e-5),
        ("softplus_sum", (3, 2), 1.0, 0, 1e-5),
        ("sine_sum", (1,), 1.0, 0, 1e-5),
        ("sine_sum", (5, 1), 1e3, 2, 1e-5),
        ("cubic", (2, 2, 3), 1e-3, 1, 1e-5),
        # Its entries hang together: with so long a step, one measured where another was left moved is off.
        ("log_sum_exp", (3, 2), 1.0, 0, 3e-4),
        ("softplus_sum", (1, 4), 30.0, 1, 1e-4),
    )

    def add(
        label: str, say: str, f: PublicFunction, theta: Array, grad: Array, h: float, part: str = BOTH
    ) -> None:
        cases.append(Case(f"{label} (h = {h:.2g})", (f, theta, grad, h), part, frozenset({say})))

    for name, shape, size, zeros, h in kinds:
        f, theta, gradient = _draw(rng, name, shape, size, zeros)
        add(f"the right gradient of {name}, size {size:g}, shape {shape}", "accept", f, theta, gradient, h)
        wrong = gradient.copy().reshape(-1)
        at = int(rng.choice(np.flatnonzero(np.abs(wrong) > SLIGHT * size)))
        wrong[at] *= 1 + float(rng.choice([-1, 1])) * (
            1.2e-4 if wrong.size > 8 else float(rng.choice([1.2e-4, 1e-3, 1e-2]))
        )
        add(f"one entry of {name}'s gradient off by a little", "reject", f, theta, wrong.reshape(shape), h)
        if zeros:
            wrong = gradient.copy().reshape(-1)
            wrong[0] = 1e-3 * size
            add(
                f"an entry of {name}'s gradient that should be 0", "reject", f, theta, wrong.reshape(shape), h
            )
    # No entry may hide
    f, theta, gradient = _exact(rng, (-6, -3, 0, 3, 6), (5,))
    add("the right gradient, entries of size 0.02 to 100", "accept", f, theta, gradient, EXACT_STEP)
    for at in (0, 1):
        wrong = gradient.copy()
        wrong[at] *= 1 + 1.2e-4
        add("a small entry beside large ones off by a little", "reject", f, theta, wrong, EXACT_STEP)
    f, theta, gradient = _exact(rng, (0,) * 18, (9, 2))
    add("the right gradient, 18 entries", "accept", f, theta, gradient, EXACT_STEP)
    wrong = gradient.copy()
    wrong[-1, -1] *= 1 + 1e-3
    add("the last of 18 entries off by a little", "reject", f, theta, wrong, EXACT_STEP)
    # Rounding grows with |f|: who allows for it with |f| below, or too much of it, is caught where f is
    # small, or large.
    for size in (1e-6, 1e4):
        f, theta, gradient = _linear_of_size(rng, size)
        # The other way round a plain threshold would meet the rounding of f
        if size < 1:
            add(f"f of size {size:g}", "accept", f, theta, gradient, DIFFERENCE_STEP)
        wrong = gradient.copy()
        wrong[-1] *= 1 + 1.2e-4
        add(f"f of size {size:g}, one entry off by a little", "reject", f, theta, wrong, DIFFERENCE_STEP)
    # f below 0, and slopes of 0 with a curvature: what is allowed for rounding must not fall with the sign
    # of f or theta.
    c, theta = -1e-4 * rng.uniform(0.5, 2, (2, 3)), rng.uniform(0.5, 1, (2, 3)) * [[-1, 1, -1], [1, -1, 1]]
    y = theta + rng.uniform(0.5, 1, (2, 3)) * [[0, 0, 1], [-1, 1, -1]]
    f = PublicFunction("quadratic", {"c": c, "y": y})
    add("f below 0, two slopes of 0", "accept", f, theta, c * (theta - y), DIFFERENCE_STEP)
    # Of both signs: an error without its modulus shows in every version.
    for shape, sign in (((3,), 1), ((2, 2), -1)):
        f, theta, gradient = _rounded_zero(rng, shape, sign)
        add(f"a slope of 0 that is rounding, shape {shape}", "accept", f, theta, gradient, DIFFERENCE_STEP)
        wrong = gradient.copy()
        wrong.flat[0] = 1e-3
        add(f"a slope of 0 claimed to be 1e-3, shape {shape}", "reject", f, theta, wrong, DIFFERENCE_STEP)
    # A threshold that is no proportion of the slope is too small for the first, or too wide for the last.
    f, theta, gradient = _large_and_curved(rng)
    add("the right gradient of a curved f, size 1000", "accept", f, theta, gradient, 2e-4)
    c = SLIGHT * 1e-3 * rng.choice([-1, 1], 3)
    f, theta = PublicFunction("linear", {"c": c}), rng.uniform(0.5, 1, 3)
    add("the right gradient, each entry 5.5e-4", "accept", f, theta, c.copy(), DIFFERENCE_STEP)
    wrong = c.copy()
    wrong[1] *= 1 + 1.2e-4
    add("an entry of 5.5e-4 off by a relative 1.2e-4", "reject", f, theta, wrong, DIFFERENCE_STEP)
    f, theta, gradient = _draw(rng, "quadratic", (3,), 1.0, 3)
    add("the gradient 0 of a function that is constant", "accept", f, theta, gradient * 0, 1e-5)
    f, theta, gradient = _draw(rng, "quadratic", (3, 2), 1.0, 0)
    add("theta of size 1000", "accept", _shifted(f, 1e3), theta + 1e3, gradient, 1e-4)
    # Central differences of it are exact, others far off.
    f, theta, gradient = _draw(rng, "quadratic", (2, 2), 1.0, 0)
    add("the right gradient of quadratic, a long step", "accept", f, theta, gradient, 2.0**-6)
    f, theta, gradient = _draw(rng, "quadratic", (3, 2), 1.0, 0)
    for label, wrong in (("the sign flipped", -gradient), ("twice", 2 * gradient), ("zero", 0 * gradient)):
        add(f"the gradient {label}", "reject", f, theta, wrong, 1e-5)
    f, theta, gradient = _draw(rng, "sine_sum", (2, 3), 1.0, 0)
    add("the gradient times 1.5, a long step", "reject", f, theta, 1.5 * gradient, 0.05)
    # Forward differences are another mistake than these two parts look for, so here they make none,
    # at any threshold.
    f, theta, gradient = _exact(rng, (0,) * 6, (2, 3))
    add("a right gradient", "accept", f, theta, gradient, EXACT_STEP, VERDICT)
    # Above and below: signs are another mistake too
    both = gradient + np.array([[1, -1, 1], [-1, 1, -1]])
    add("a wrong gradient", "reject", f, theta, both, EXACT_STEP, VERDICT)
    wrong = gradient.copy()
    wrong[1, 1] = np.nan
    add("one nan in the gradient", "reject", f, theta, wrong, EXACT_STEP, VERDICT)
    add("nan throughout the gradient", "reject", f, theta, np.full((2, 3), np.nan), EXACT_STEP, VERDICT)
    for shape in ((3, 2), (6,), (1, 3), (2, 1)):
        short = np.resize(gradient, shape)
        add(
            f"a gradient of shape {shape} for theta of shape (2, 3)",
            "reject",
            f,
            theta,
            short,
            EXACT_STEP,
            VERDICT,
        )
    f, theta, gradient = _draw(rng, "quadratic", (1, 3), 1.0, 0)
    f = PublicFunction("quadratic", {"c": np.ones((1, 3)), "y": theta - 1})
    add(
        "a gradient of one entry, right for each of three", "reject", f, theta, np.ones((1, 1)), 1e-5, VERDICT
    )
    corner = np.array([0.0, 1.0, -2.0, 4e-6])
    kinked = PublicFunction("absolute_sum", {"c": np.ones(4)})
    add("a kink at theta, the slope 0 claimed", "either", kinked, corner, np.sign(corner), 1e-5, VERDICT)
    slopes = np.array([1.0, 1.0, -1.0, 1.0])
    add("a kink at theta, the slope 1 claimed", "either", kinked, corner, slopes, 1e-5, VERDICT)
    return cases + _examples()


def _examples() -> list[Case]:
    """The calls that the statement prints: a parabola, long steps."""
    f = PublicFunction("quadratic", {"c": np.full(3, 2.0), "y": np.zeros(3)})
    theta, right = np.array([1.0, -2.0, 0.0]), np.array([2.0, -4.0, 0.0])
    calls = (
        ("a right gradient", right, BOTH, "accept"),
        ("an entry of 1 for 0", np.array([2.0, -4.0, 1.0]), BOTH, "reject"),
        ("a gradient of two entries", right[:2], VERDICT, "reject"),
    )
    return [
        Case(f"the statement's example, {say}", (f, theta, grad, 0.5), part, frozenset({verdict}))
        for say, grad, part, verdict in calls
    ]


def _shifted(f: PublicFunction, by: float) -> PublicFunction:
    return PublicFunction(f.name, {"c": f.parameters["c"], "y": f.parameters["y"] + by})


def relative_errors(f: Any, theta: Array, grad: Array, h: float) -> tuple[Array, Array]:
    """Eq. 9.3 for each entry, and how far rounding in f and in theta + h may move it."""
    numeric = central_difference(f, theta, h)
    below = np.maximum(FLOOR, np.abs(numeric) + np.abs(grad))
    c, y = (np.abs(f.parameters.get(name, default)) for name, default in (("c", 1.0), ("y", 0.0)))
    terms = float(np.sum(c * TERMS[f.name](np.abs(theta), y)))
    spread = U64 * (4 * terms / h + np.abs(numeric) * (np.abs(theta) / h + 8))
    live = np.abs(np.asarray(f.parameters.get("c", 1.0)) + 0 * theta) > 0
    return np.abs(numeric - grad) / below, np.where(live, 2 * spread / below, 1e-12) + 1e-9


def gradient_check_target(case: Case) -> Target:
    f, theta, grad, h = case.args
    # At a kink either verdict is right, and an exception is as wrong as rejecting.
    part = REJECTED if "reject" in case.tags else ACCEPTED_PART
    ok = ExpectedArray("ok", np.asarray(float("accept" in case.tags)), np.zeros(()), part)
    if case.part == VERDICT:
        return Target((ok,))
    errors, spread = relative_errors(f, theta, grad, h)
    return Target((ok, ExpectedArray("errors", errors, spread / U64, ERRORS)))


def textbook_check(f: Any, theta: Array, grad: Array, h: float) -> tuple[bool, Array]:
    """A right gradient_check."""
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    numeric = central_difference(f, theta, h)
    gap, size = np.abs(numeric - grad), np.abs(numeric) + np.abs(grad)
    # What the differences of f cannot resolve
    rounding = 16 * U64 * abs(f(theta)) / h
    return bool(np.all(gap <= 1e-5 * size + rounding)), gap / np.maximum(FLOOR, size)


EXERCISES = (
    Exercise(
        "gradient_check",
        "09-gradient-checking",
        gradient_check_cases,
        gradient_check_target,
        textbook_check,
        arguments=(Argument("f"), Argument("theta"), Argument("grad"), Argument("h")),
        results=(Result("ok"), Result("errors")),
        parts={ACCEPTED_PART: 0.45, REJECTED: 0.45, ERRORS: 0.1},
        compared_as="verdict",
        restores=True,
        # the verdict's threshold is the student's own; the errors tell more
        one_by_one=("errors",),
        help=HELPS["gradient_check"],
    ),
)
