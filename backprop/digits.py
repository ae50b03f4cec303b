"""scikit-learn's digits as columns, from a file of our own: no scikit-learn needed (chapter 10)."""

from importlib.resources import files

import numpy as np
from numpy.typing import NDArray


def load_digits() -> tuple[NDArray, NDArray]:
    """X (64, 1797) with pixels in [0, 1], and the classes (1797,), integers 0..9 that may be an index."""
    with (files("backprop") / "data" / "digits.npz").open("rb") as file, np.load(file) as data:
        return data["images"].T / 16.0, data["labels"].astype(np.intp)


def one_hot(classes: NDArray, k: int) -> NDArray:
    """Y (k, m): column i is 1 at row classes[i] and 0 elsewhere. ValueError for a class outside 0..k-1."""
    if np.any((classes < 0) | (classes >= k)):
        raise ValueError(
            f"one_hot: given classes from {np.min(classes)} to {np.max(classes)}; expected 0 to {k - 1}"
        )
    Y = np.zeros((k, len(classes)))
    Y[classes, np.arange(len(classes))] = 1.0
    return Y


def split(
    X: NDArray, classes: NDArray, share: float, rng: np.random.Generator
) -> tuple[NDArray, NDArray, NDArray, NDArray]:
    """(X_train, classes_train, X_test, classes_test) with about share of each class in the test part."""
    test = np.zeros(len(classes), dtype=bool)
    for c in np.unique(classes):
        members = rng.permutation(np.flatnonzero(classes == c))
        test[members[: round(share * len(members))]] = True
    return X[:, ~test], classes[~test], X[:, test], classes[test]
