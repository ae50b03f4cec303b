"""The quotients of which a difference formula may be made, without the weights that it gives them."""

from collections.abc import Callable

import numpy as np

from autograder.trees import Array

# Parts of h, as people write them
STEPS_WRITTEN = {0.5: "h/2", 1.0: "h", 1.5: "3h/2", 2.0: "2h", 3.0: "3h"}

Function = Callable[[Array], float]


def quotients(
    f: Function, z: Array, h: float, v: Array, steps: tuple[float, float], along: bool
) -> list[dict[str, Array]]:
    """Choices of terms by name: D at the steps that are asked, at others, on the other side, on both.

    steps: the two that are asked, in parts of h; both below z where they are negative. along: one number,
    along v; else entry by entry.
    """
    side = 1.0 if steps[0] > 0 else -1.0
    one, other = sorted(abs(step) for step in steps)
    direction = " * v" if along else ""

    def moved(step: float, v: Array = v) -> Array:
        """f at z + step h v less f(z): a number along v, else for each entry."""
        if along:
            return np.asarray(f(z + step * h * v) - f(z))
        found = np.empty(z.shape)
        for place in np.ndindex(z.shape):
            at = z.copy()
            at[place] += step * h
            found[place] = f(at) - f(z)
        return found

    def quotient(step: float, side: float = side) -> Array:
        return moved(side * step) / (side * step * h)

    def of(steps: tuple[float, ...]) -> dict[str, Array]:
        return {f"D({STEPS_WRITTEN[step]})": quotient(step) for step in steps}

    def over(step: float) -> str:
        return STEPS_WRITTEN[step] if step == 1 else f"({STEPS_WRITTEN[step]})"

    def beyond(step: float) -> str:
        way = "-" if side > 0 else "+"
        at = f"f(z {way} {STEPS_WRITTEN[step]}{direction})"
        return f"(f(z) - {at}) / {over(step)}" if side > 0 else f"({at} - f(z)) / {over(step)}"

    def both(step: float) -> dict[str, Array]:
        text = STEPS_WRITTEN[step]
        name = f"(f(z + {text}{direction}) - f(z - {text}{direction})) / (2 * {text})"
        return {name: (quotient(step) + quotient(step, -side)) / 2}

    def at_once_at(step: float) -> str:
        text = STEPS_WRITTEN[step]
        forward, behind = f"(f(z + {text}) - f(z))", f"(f(z) - f(z - {text}))"
        return f"{forward if side > 0 else behind} / {over(step)}"

    found = [of((one, other))]
    found += [of(pair) for pair in ((0.5, 1.0), (1.0, 2.0), (0.5, 2.0)) if pair != (one, other)]
    found += [both(step) for step in (0.5, 1.0, 2.0)]
    found.append({beyond(step): quotient(step, -side) for step in (one, other)})
    found.append(
        {
            f"{STEPS_WRITTEN[step]} * D({STEPS_WRITTEN[step]})": quotient(step) * step * h
            for step in (one, other)
        }
    )
    # The second step on top of the first, as where z isn't put back
    both_steps = one + other
    for step, kept in ((one, other), (other, one)):
        at = f"f(z {'+' if side > 0 else '-'} {STEPS_WRITTEN[both_steps]}{direction})"
        difference = f"({at} - f(z))" if side > 0 else f"(f(z) - {at})"
        far = moved(side * both_steps) / (side * step * h)
        found.append({f"{difference} / {over(step)}": far, **of((kept,))})
    ones = np.ones(z.shape)
    at_once = {
        at_once_at(step): np.broadcast_to(
            (f(z + side * step * h * ones) - f(z)) / (side * step * h), () if along else z.shape
        )
        for step in (one, other)
    }
    return [*found, at_once]
