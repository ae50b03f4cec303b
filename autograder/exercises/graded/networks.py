"""Networks whose layers stand in lists, examples as rows: their sizes, weights and biases."""

from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from autograder.trees import Array

# Numbers of layers from one to four, all widths different, and each thing that may be one.
NETWORKS = (
    {"n0": 3, "n1": 5, "n2": 4, "k": 2, "m": 6},
    {"n0": 2, "n1": 4, "k": 3, "m": 5},
    {"n0": 4, "n1": 2, "n2": 5, "n3": 3, "k": 6, "m": 7},
    {"n0": 3, "n1": 3, "n2": 3, "k": 3, "m": 3},
    {"n0": 3, "n1": 5, "k": 1, "m": 4},
    {"n0": 1, "n1": 4, "n2": 2, "k": 3, "m": 5},
    {"n0": 3, "n1": 1, "n2": 4, "k": 2, "m": 6},
    {"n0": 4, "n1": 3, "n2": 5, "k": 2, "m": 1},
    {"n0": 3, "k": 2, "m": 4},
    {"n0": 11, "n1": 6, "n2": 13, "k": 7, "m": 17},
)


def widths(sizes: Mapping[str, int]) -> list[int]:
    """n0, n1 … and k, in the order of the layers."""
    return [n for letter, n in sizes.items() if letter != "m"]


def draw_weights(rng: np.random.Generator, shape: tuple[int, ...], sizes: Mapping[str, int]) -> list[Array]:
    """W[l] of shape (n_in, n_out), of a size that keeps tanh from saturating."""
    n = widths(sizes)
    return [rng.normal(size=pair) / np.sqrt(pair[0]) for pair in pairwise(n)]


def draw_augmented(rng: np.random.Generator, shape: tuple[int, ...], sizes: Mapping[str, int]) -> list[Array]:
    """The same with a row more."""
    n = widths(sizes)
    return [rng.normal(size=(i + 1, j)) / np.sqrt(i) for i, j in pairwise(n)]


def draw_biases(rng: np.random.Generator, shape: tuple[int, ...], sizes: Mapping[str, int]) -> list[Array]:
    """b[l] of shape (n_out,)."""
    return [rng.normal(size=n) for n in widths(sizes)[1:]]
