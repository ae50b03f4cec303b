"""Is the gradient of a traced run the right one? Held against the complex step, or differences where that can't be had."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from autograder.tracing.gradient import gradients
from autograder.tracing.tape import Array, Tape
from autograder.tracing.trace import as_tuple

STEP = 1e-30
ANALYTIC = 1e-9  # of the largest entry: what two exact ways may differ by
H = 6e-6
DIFFERENT = 1e-5  # the same for central differences


def disagreement(
    function: Callable[..., Any],
    arguments: Mapping[str, Any],
    tape: Tape,
    upstream: Sequence[Array],
    wanted: Sequence[str],
) -> tuple[float, str]:
    """The largest gap between the tape's gradient and an independent one, in units of what is allowed; and by which way.

    Along a few random directions: Im f(x + ihv)/h where f is analytic, central differences else.
    """
    found = gradients(tape, upstream, wanted)
    rng = np.random.Generator(np.random.PCG64(1))
    worst, way = 0.0, "the complex step"
    for name in wanted:
        at = np.asarray(arguments[name], dtype=float)
        for _ in range(3):
            v = rng.uniform(0.5, 1.5, at.shape) * rng.choice([-1.0, 1.0], at.shape)
            expected = float(np.sum(found[name] * v))
            size = float(np.sum(np.abs(found[name] * v))) + 1e-300
            exact = _complex_slope(function, arguments, name, v, upstream)
            differences = _difference(function, arguments, name, v, upstream)
            if exact is not None and abs(exact - differences) <= DIFFERENT * max(
                size, abs(differences), 1e-3
            ):
                worst = max(worst, abs(exact - expected) / (ANALYTIC * size))
            else:  # abs, max and the like drop the imaginary part without a word
                way = "central differences"
                worst = max(worst, abs(differences - expected) / (DIFFERENT * max(size, 1e-3)))
    return worst, way


def _weighed(result: Any, upstream: Sequence[Array]) -> Any:
    return sum(np.sum(g * np.asarray(out)) for g, out in zip(upstream, as_tuple(result), strict=True))


def _complex_slope(
    function: Callable[..., Any], arguments: Mapping[str, Any], name: str, v: Array, upstream: Sequence[Array]
) -> float | None:
    try:
        with np.errstate(all="ignore"):
            moved = _weighed(function(**{**arguments, name: arguments[name] + STEP * 1j * v}), upstream)
    except Exception:  # it is written for real numbers alone
        return None
    return float(np.imag(moved)) / STEP


def _difference(
    function: Callable[..., Any], arguments: Mapping[str, Any], name: str, v: Array, upstream: Sequence[Array]
) -> float:
    with np.errstate(all="ignore"):
        ahead = _weighed(function(**{**arguments, name: arguments[name] + H * v}), upstream)
        behind = _weighed(function(**{**arguments, name: arguments[name] - H * v}), upstream)
    return float(ahead - behind) / (2 * H)
