"""Inputs of an exercise that is known by the shapes of its arguments alone: letters for sizes, ranges for numbers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

Shape: TypeAlias = Sequence[str | int] | tuple[float, float]


@dataclass(frozen=True)
class Plan:
    """The sizes of one case and the size of its numbers; place in 0..1 says where numbers with a range stand in it."""

    sizes: Mapping[str, int]
    scale: float
    place: float

    @property
    def label(self) -> str:
        sizes = ", ".join(f"{letter} = {n}" for letter, n in self.sizes.items())
        return sizes if self.scale == 1 else f"{sizes}, inputs of size {self.scale:g}"


def letters_of(shapes: Mapping[str, Shape]) -> list[str]:
    return sorted({d for shape in shapes.values() for d in shape if isinstance(d, str)})


def plans(letters: Sequence[str], rng: np.random.Generator) -> Iterator[Plan]:
    """All sizes different, all the same, each of them 1, all 1; small and large inputs. In an order of the seed's."""
    distinct = dict(zip(letters, (3, 5, 4, 2, 6) * (len(letters) // 5 + 1), strict=False))
    kinds: list[tuple[dict[str, int], float]] = [(distinct, 1.0), (distinct, 1.0), (dict.fromkeys(letters, 3), 1.0)]
    kinds += [({**distinct, one: 1}, 1.0) for one in letters]
    kinds += [(dict.fromkeys(letters, 1), 1.0), (distinct, 0.2), (distinct, 3.0), (distinct, 1.0), (distinct, 0.6)]
    for i in rng.permutation(len(kinds)):  # numbers run through their whole range, one stretch a case
        place = float(i * 3 % len(kinds) + rng.uniform()) / len(kinds)
        yield Plan(kinds[i][0], kinds[i][1], place)


def values_of(rng: np.random.Generator, shapes: Mapping[str, Shape], plan: Plan) -> dict[str, Any]:
    """Normal numbers of the plan's sizes and scale; a number with a range (low, high) stands at the plan's place."""
    values: dict[str, Any] = {}
    for name, shape in shapes.items():
        if all(isinstance(d, float) for d in shape):
            low, high = (float(d) for d in shape)
            values[name] = low + (high - low) * plan.place
        else:
            dims = tuple(plan.sizes[d] if isinstance(d, str) else int(d) for d in shape)
            values[name] = rng.normal(size=dims) * plan.scale
    return values
