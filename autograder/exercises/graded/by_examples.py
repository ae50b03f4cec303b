"""What a given code for one example, or for one vector, comes to on a batch: run once for each."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.trees import Array


def stacked(runs: list[Any]) -> Any:
    """The columns that several runs gave, as the rows of one array; lists entry by entry."""
    if isinstance(runs[0], list):
        return [stacked([run[place] for run in runs]) for place in range(len(runs[0]))]
    return np.concatenate([run.T for run in runs])


def affine_map(layers: Callable[[Array], Array], n: int) -> tuple[Array, Array]:
    """The matrix and the constant of a map that is known to be affine: what it does to 0 and to unit vectors.

    layers takes vectors of n entries as columns and gives columns.
    """
    constant = layers(np.zeros((n, 1)))
    return layers(np.eye(n)) - constant, constant
