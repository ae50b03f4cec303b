"""The recipe with one of its steps exchanged, so that one wrong step gives a wrong answer everywhere it is used."""

from collections.abc import Callable, Mapping
from typing import Any

from autograder.misconceptions.entry import WrongFormula
from backprop import hidden_delta, layer_gradients, output_delta

Forms = Mapping[str, tuple[WrongFormula, ...]]


def wrong_deltas(
    step_1: Callable[..., Any] = output_delta, step_2: Callable[..., Any] = hidden_delta
) -> WrongFormula:
    """all_deltas with these two steps; arguments and result as in the exercise."""

    def deltas(W: Any, Z: Any, A: Any, Y: Any, hidden: str, output: str) -> Any:
        N = max(W)
        delta = {N: step_1(output, Z[N], Y)}
        for l in range(N - 1, 0, -1):
            delta[l] = step_2(W[l + 1], delta[l + 1], Z[l], hidden)
        return delta

    return deltas


def wrong_backprop(
    step_1: Callable[..., Any] = output_delta,
    step_2: Callable[..., Any] = hidden_delta,
    step_3: Callable[..., Any] = layer_gradients,
) -> WrongFormula:
    """backprop with these three steps; arguments and result as in the exercise."""

    def gradients(W: Any, Z: Any, A: Any, Y: Any, hidden: str, output: str) -> Any:
        delta = wrong_deltas(step_1, step_2)(W, Z, A, Y, hidden, output)
        pairs = {l: step_3(delta[l], A[l - 1]) for l in delta}
        return {l: pairs[l][0] for l in pairs}, {l: pairs[l][1] for l in pairs}

    return gradients


def in_step_1(*forms: WrongFormula) -> Forms:
    """A wrong Step 1 shows in output_delta, all_deltas and backprop."""
    return {
        "output_delta": forms,
        "all_deltas": tuple(wrong_deltas(step_1=form) for form in forms),
        "backprop": tuple(wrong_backprop(step_1=form) for form in forms),
    }


def in_step_2(*forms: WrongFormula) -> Forms:
    """A wrong Step 2 shows in hidden_delta, all_deltas and backprop."""
    return {
        "hidden_delta": forms,
        "all_deltas": tuple(wrong_deltas(step_2=form) for form in forms),
        "backprop": tuple(wrong_backprop(step_2=form) for form in forms),
    }


def in_step_3(*forms: WrongFormula) -> Forms:
    """A wrong Step 3 shows in layer_gradients and backprop."""
    return {
        "layer_gradients": forms,
        "backprop": tuple(wrong_backprop(step_3=form) for form in forms),
    }
