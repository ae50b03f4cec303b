"""Inputs of an exercise known by the shapes of its arguments: letters for sizes, ranges for numbers."""

import ast
import operator
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np

from autograder._language import _
from autograder.exercises.exercise import Argument

# More than anyone writes out, or caps by mistake
LARGE_SIZE = 11

Shape: TypeAlias = Sequence[str | int] | tuple[float, float]

TYPES: dict[str, type] = {"": np.float64, "integer": np.int64, "single": np.float32}
DTYPE_NAMES = {"integer": "whole numbers", "single": "float32"}
EXAMPLE = "the statement's example"
# Calls that every version makes: each with its label and its arguments by name.
Calls: TypeAlias = Sequence[tuple[str, Mapping[str, Any]]]
NO_EXAMPLE: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Plan:
    """The sizes of one case and the size of its numbers; place in 0..1 says where numbers with a range
    stand in it.
    """

    sizes: Mapping[str, int]
    scale: float
    place: float
    # "integer" or "single": the dtype of the arrays, else float64
    kind: str = ""

    @property
    def label(self) -> str:
        sizes = ", ".join(f"{letter} = {n}" for letter, n in self.sizes.items())
        if self.kind:
            return f"{sizes}, {DTYPE_NAMES[self.kind]}"
        return sizes if self.scale == 1 else f"{sizes}, inputs of size {self.scale:g}"

    @property
    def tags(self) -> set[str]:
        """The kind, whether a size is large, and whether there are several and all are the same."""
        sizes = list(self.sizes.values())
        tags = {"large"} if LARGE_SIZE in sizes else set()
        return tags | ({self.kind} - {""}) | ({"square"} if len(sizes) > len(set(sizes)) == 1 else set())

    @property
    def case_tags(self) -> frozenset[str]:
        """The tags of a case: += of numbers into a copy of whole ones raises in NumPy, and nobody was told of
        whole ones, so they are a remark only.
        """
        return frozenset(self.tags | ({"advisory"} if self.kind == "integer" else set()))

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


def declared(
    shapes: Mapping[str, Shape], lists: Sequence[str] = (), dicts: Sequence[str] = ()
) -> tuple[Argument, ...]:
    """These names and shapes as an exercise declares them; a number with a range (low, high) has no shape.

    lists, dicts: those that are lists or dicts of such arrays, one for each layer.
    """
    return tuple(
        Argument(
            name,
            () if _is_range(shape) else tuple(d for d in shape if not isinstance(d, float)),
            layered=name in lists or name in dicts,
            listed=name in lists,
        )
        for name, shape in shapes.items()
    )


def _is_range(shape: Shape) -> bool:
    return len(shape) == 2 and all(isinstance(d, float) for d in shape)


def letters_of(shapes: Mapping[str, Shape]) -> list[str]:
    """The letters in these shapes, those of "4*n" and the like among them."""
    return sorted(
        {
            node.id
            for shape in shapes.values()
            for size in shape
            if isinstance(size, str)
            for node in ast.walk(_expression(size))
            if isinstance(node, ast.Name)
        }
    )


SIZE_OPERATORS: dict[type, Any] = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul}


def _expression(size: str) -> ast.expr:
    """ValueError where a size is anything but letters and whole numbers, joined by +, - and *."""
    problem = _(
        "a size of {size}: expected a letter, a number, or some of them joined by +, - and *, as in '4*n'",
        size=repr(size),
    )
    try:
        found = ast.parse(size, mode="eval").body
    except SyntaxError:
        raise ValueError(problem) from None
    for node in ast.walk(found):
        number = isinstance(node, ast.Constant) and type(node.value) is int
        joined = isinstance(node, ast.BinOp) and type(node.op) in SIZE_OPERATORS
        if not (number or joined or isinstance(node, (ast.Name, ast.expr_context, ast.operator))):
            raise ValueError(problem)
    return found


def size_of(size: str | int | float, sizes: Mapping[str, int]) -> int:
    """What a size comes to: a number itself, "n" and "2*n + 1" by what the letters stand for."""

    def value(node: ast.expr) -> int:
        if isinstance(node, ast.BinOp):
            return int(SIZE_OPERATORS[type(node.op)](value(node.left), value(node.right)))
        return sizes[node.id] if isinstance(node, ast.Name) else int(ast.literal_eval(node))

    return value(_expression(size)) if isinstance(size, str) else int(size)


def plans(
    letters: Sequence[str], rng: np.random.Generator, more: Sequence[tuple[float, str]] = ()
) -> Iterator[Plan]:
    """All sizes different, all the same, each of them 1, all 1, each of them large; small and large inputs;
    more (scale, kind). In an order of the seed's.
    """
    distinct = dict(zip(letters, (3, 5, 4, 2, 6) * (len(letters) // 5 + 1), strict=False))
    kinds: list[tuple[dict[str, int], float]] = [
        (distinct, 1.0),
        (distinct, 1.0),
        (dict.fromkeys(letters, 3), 1.0),
    ]
    kinds += [({**distinct, one: LARGE_SIZE}, 1.0) for one in letters]
    kinds += [({**distinct, one: 1}, 1.0) for one in letters]
    kinds += [
        (dict.fromkeys(letters, 1), 1.0),
        (distinct, 0.2),
        (distinct, 3.0),
        (distinct, 1.0),
        (distinct, 0.6),
    ]
    found = [(sizes, scale, "") for sizes, scale in kinds] + [(distinct, scale, kind) for scale, kind in more]
    yield from _in_turn(found, rng)


def _in_turn(
    found: Sequence[tuple[Mapping[str, int], float, str]], rng: np.random.Generator
) -> Iterator[Plan]:
    """Plans in an order of the seed's."""
    # numbers run through their whole range, one stretch a case
    for i in rng.permutation(len(found)):
        place = float(i * 3 % len(found) + rng.uniform()) / len(found)
        sizes, scale, kind = found[i]
        yield Plan(sizes, scale, place, kind)


def plans_of(
    sizes: Sequence[Mapping[str, int]], rng: np.random.Generator, more: Sequence[tuple[float, str]] = ()
) -> Iterator[Plan]:
    """The same for given sizes: each of them twice, the first one's inputs small, large, and more."""
    kinds = [(each, 1.0, "") for each in (*sizes, *sizes)]
    kinds += [(sizes[0], scale, "") for scale in (0.2, 3.0, 0.6)]
    return _in_turn([*kinds, *((sizes[0], scale, kind) for scale, kind in more)], rng)


def wide(value: Any) -> Any:
    """An array as float64; a number as it is."""
    return np.asarray(value, dtype=float) if np.ndim(value) else value


def example_call(example: Mapping[str, Any], lists: Sequence[str] = ()) -> Calls:
    """The call that the statement prints, none for {}. A list stands for an array, in one of `lists` for a
    list of them, in a dict for one of its arrays.
    """

    def array(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: array(each) for key, each in value.items()}
        return np.array(value) if isinstance(value, list) else value

    call = {
        name: [array(each) for each in value] if name in lists else array(value)
        for name, value in example.items()
    }
    return [(EXAMPLE, call)] if call else []


def given_tags(values: Iterable[Any]) -> frozenset[str]:
    """The tags of a call that is given as it stands: are there arrays of whole numbers in it?"""
    whole = any(np.ndim(v) and np.asarray(v).dtype.kind == "i" for v in values)
    return frozenset({"integer"} if whole else ())


def dims_of(shape: Shape, plan: Plan) -> tuple[int, ...]:
    """A shape in numbers; () for a number with a range."""
    return () if _is_range(shape) else tuple(size_of(d, plan.sizes) for d in shape)


def values_of(rng: np.random.Generator, shapes: Mapping[str, Shape], plan: Plan) -> dict[str, Any]:
    """Normal numbers of the plan's sizes and scale; a number with a range (low, high) stands at the plan's
    place.
    """
    values: dict[str, Any] = {}
    for name, shape in shapes.items():
        if _is_range(shape):
            low, high = (float(d) for d in shape)
            values[name] = low + (high - low) * plan.place
        else:
            values[name] = rng.normal(size=dims_of(shape, plan)) * plan.scale
    return values
