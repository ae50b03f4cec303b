"""Is a traced run's gradient the right one? Held against the complex step, or against differences."""

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from autograder._language import N_
from autograder.tracing.gradient import gradients
from autograder.tracing.lists import flat, like
from autograder.tracing.tape import Tape
from autograder.tracing.trace import as_tuple
from autograder.trees import Array

CERTIFYING_STEP = 1e-30
# Of the largest entry: what two exact ways may differ by
ANALYTIC = 1e-9
H = 6e-6
# The same for central differences
DIFFERENT = 1e-5
# A gradient below is as good as 0
LEAST = 1e-3
DIRECTIONS = 3


def disagreement(
    function: Callable[..., Any],
    arguments: Mapping[str, Any],
    tape: Tape,
    upstream: Sequence[Array],
    wanted: Sequence[str],
) -> tuple[float, str]:
    """How far the tape's gradient is from an independent one, in units of what is allowed.

    And by which way: along directions in which every wanted argument moves in every entry, Im f(x + ihv)/h
    where f is analytic, central differences else. The gap is nan where one of the numbers is.
    """
    found = gradients(tape, upstream, wanted)
    rng = np.random.Generator(np.random.PCG64(1))
    worst, way = 0.0, N_("the complex step")
    at = {name: flat(arguments[name]) for name in wanted}
    for _ in range(DIRECTIONS):
        v = {
            name: rng.uniform(0.5, 1.5, x.shape) * rng.choice([-1.0, 1.0], x.shape) for name, x in at.items()
        }
        parts = np.concatenate([np.ravel(found[name] * v[name]) for name in wanted])
        expected, size = float(np.sum(parts)), float(np.sum(np.abs(parts))) + 1e-300
        exact = _complex_slope(function, arguments, v, upstream)
        differences = _difference(function, arguments, v, upstream)
        if exact is not None and abs(exact - differences) <= DIFFERENT * max(size, abs(differences), LEAST):
            gap = abs(exact - expected) / (ANALYTIC * max(size, LEAST))
        else:
            # abs, max and the like drop the imaginary part without a word
            way = N_("central differences")
            gap = abs(differences - expected) / (DIFFERENT * max(size, LEAST))
        worst = gap if not gap <= worst else worst
    return worst, way


def _weighed(result: Any, upstream: Sequence[Array]) -> Any:
    return sum(np.sum(g * np.asarray(out)) for g, out in zip(upstream, as_tuple(result), strict=True))


@contextmanager
def real_buffers_allowed() -> Iterator[None]:
    """No warning where a function casts complex numbers to real ones: its differences tell."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", np.exceptions.ComplexWarning)
        yield


def _moved(arguments: Mapping[str, Any], v: Mapping[str, Array], h: complex) -> dict[str, Any]:
    moved = {name: like(arguments[name], flat(arguments[name]) + h * along) for name, along in v.items()}
    return {**arguments, **moved}


def _complex_slope(
    function: Callable[..., Any],
    arguments: Mapping[str, Any],
    v: Mapping[str, Array],
    upstream: Sequence[Array],
) -> float | None:
    try:
        with real_buffers_allowed(), np.errstate(all="ignore"):
            moved = _weighed(function(**_moved(arguments, v, CERTIFYING_STEP * 1j)), upstream)
    except Exception:
        # It is written for real numbers alone
        return None
    return float(np.imag(moved)) / CERTIFYING_STEP


def _difference(
    function: Callable[..., Any],
    arguments: Mapping[str, Any],
    v: Mapping[str, Array],
    upstream: Sequence[Array],
) -> float:
    with np.errstate(all="ignore"):
        ahead = _weighed(function(**_moved(arguments, v, H)), upstream)
        behind = _weighed(function(**_moved(arguments, v, -H)), upstream)
    return float(ahead - behind) / (2 * H)
