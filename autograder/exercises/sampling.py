"""Inputs of an exercise that is known by the shapes of its arguments alone: letters for sizes, ranges for numbers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from autograder.exercises.exercise import Argument

LARGE = 11  # more than anyone writes out, or caps by mistake

Shape: TypeAlias = Sequence[str | int] | tuple[float, float]

TYPES: dict[str, type] = {"": np.float64, "integer": np.int64, "single": np.float32}
SAID = {"integer": "whole numbers", "single": "float32"}


@dataclass(frozen=True)
class Plan:
    """The sizes of one case and the size of its numbers; place in 0..1 says where numbers with a range stand in it."""

    sizes: Mapping[str, int]
    scale: float
    place: float
    kind: str = ""  # "integer" or "single": the dtype of the arrays, else float64

    @property
    def label(self) -> str:
        sizes = ", ".join(f"{letter} = {n}" for letter, n in self.sizes.items())
        if self.kind:
            return f"{sizes}, {SAID[self.kind]}"
        return sizes if self.scale == 1 else f"{sizes}, inputs of size {self.scale:g}"

    @property
    def tags(self) -> set[str]:
        """The kind, whether a size is large, and whether there are several and all are the same."""
        sizes = list(self.sizes.values())
        tags = {"large"} if LARGE in sizes else set()
        return tags | ({self.kind} - {""}) | ({"square"} if len(sizes) > len(set(sizes)) == 1 else set())

    @property
    def may_be_left_out(self) -> bool:
        """A loss with a kink at 0 or at whole numbers has no verdict there."""
        return self.scale < 1e-3 or self.kind == "integer"

    def held(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values as the arrays' dtype holds them, in float64 all the same."""
        if not self.kind:
            return dict(values)
        round_off = np.rint if self.kind == "integer" else lambda x: x.astype(np.float32).astype(np.float64)
        return {name: round_off(x) if np.ndim(x) else x for name, x in values.items()}

    def given(self, value: Any) -> Any:
        """One of those values as the student gets it."""
        return value.astype(TYPES[self.kind]) if np.ndim(value) else value


def declared(shapes: Mapping[str, Shape]) -> tuple[Argument, ...]:
    """These names and shapes as an exercise declares them; a number with a range (low, high) has no shape."""
    return tuple(
        Argument(name, () if _is_range(shape) else tuple(d for d in shape if not isinstance(d, float)))
        for name, shape in shapes.items()
    )


def _is_range(shape: Shape) -> bool:
    return all(isinstance(d, float) for d in shape)


def letters_of(shapes: Mapping[str, Shape]) -> list[str]:
    return sorted({d for shape in shapes.values() for d in shape if isinstance(d, str)})


def plans(
    letters: Sequence[str], rng: np.random.Generator, more: Sequence[tuple[float, str]] = ()
) -> Iterator[Plan]:
    """All sizes different, all the same, each of them 1, all 1, each of them large; small and large inputs; more (scale, kind). In an order of the seed's."""
    distinct = dict(zip(letters, (3, 5, 4, 2, 6) * (len(letters) // 5 + 1), strict=False))
    kinds: list[tuple[dict[str, int], float]] = [(distinct, 1.0), (distinct, 1.0), (dict.fromkeys(letters, 3), 1.0)]
    kinds += [({**distinct, one: LARGE}, 1.0) for one in letters]
    kinds += [({**distinct, one: 1}, 1.0) for one in letters]
    kinds += [(dict.fromkeys(letters, 1), 1.0), (distinct, 0.2), (distinct, 3.0), (distinct, 1.0), (distinct, 0.6)]
    found = [(sizes, scale, "") for sizes, scale in kinds] + [(distinct, scale, kind) for scale, kind in more]
    for i in rng.permutation(len(found)):  # numbers run through their whole range, one stretch a case
        place = float(i * 3 % len(found) + rng.uniform()) / len(found)
        sizes, scale, kind = found[i]
        yield Plan(sizes, scale, place, kind)


def values_of(rng: np.random.Generator, shapes: Mapping[str, Shape], plan: Plan) -> dict[str, Any]:
    """Normal numbers of the plan's sizes and scale; a number with a range (low, high) stands at the plan's place."""
    values: dict[str, Any] = {}
    for name, shape in shapes.items():
        if _is_range(shape):
            low, high = (float(d) for d in shape)
            values[name] = low + (high - low) * plan.place
        else:
            dims = tuple(plan.sizes[d] if isinstance(d, str) else int(d) for d in shape)
            values[name] = rng.normal(size=dims) * plan.scale
    return values
