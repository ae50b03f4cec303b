"""What a given code for one example, or for one vector, comes to on a batch: run once for each."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from autograder.trees import Array


def by_examples(one: Callable[..., Any], in_its_layout: Callable[[Mapping[str, Any]], dict[str, Any]]) -> Any:
    """A function of a batch X of rows: `one` run on each as a column x, its columns put back as rows.

    in_its_layout gives one's other arguments from the batch's.
    """

    def batch(**at: Any) -> Any:
        others = in_its_layout(at)
        return tuple(
            _stacked(list(runs)) for runs in zip(*(one(x=x[:, None], **others) for x in at["X"]), strict=True)
        )

    return batch


def _stacked(runs: list[Any]) -> Any:
    """The columns that several runs gave, as the rows of one array; lists entry by entry."""
    if isinstance(runs[0], list):
        return [_stacked(list(parts)) for parts in zip(*runs, strict=True)]
    return np.concatenate([run.T for run in runs])


def affine_map(layers: Callable[..., Array], weight: str, rows: bool) -> Callable[..., tuple[Array, Array]]:
    """A function that gives the matrix and the constant of layers(x, **at), which is affine in x.

    They are read off what it does to 0 and to the unit vectors. weight: the argument that x meets first.
    rows: x holds vectors as rows, and a constant has one dimension.
    """

    def found(**at: Array) -> tuple[Array, Array]:
        n = at[weight].shape[0 if rows else 1]
        constant = layers(np.zeros((1, n) if rows else (n, 1)), **at)
        return layers(np.eye(n), **at) - constant, constant[0] if rows else constant

    return found
