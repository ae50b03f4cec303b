"""scikit-learn's digits in the browser: `load_digits` alone, on the very same data file."""

import gzip
from pathlib import Path
from types import SimpleNamespace

import numpy as np


def load_digits(*, n_class: int = 10, return_X_y: bool = False):
    """1797 pictures of 8 x 8 pixels, data (1797, 64), target (1797,), as sklearn.datasets.load_digits."""
    with gzip.open(Path(__file__).with_name("digits.csv.gz"), "rt") as file:
        table = np.loadtxt(file, delimiter=",")
    data, target = table[:, :-1], table[:, -1].astype(int)
    keep = target < n_class
    data, target = data[keep], target[keep]
    if return_X_y:
        return data, target
    names = np.arange(n_class)
    return SimpleNamespace(data=data, target=target, images=data.reshape(-1, 8, 8), target_names=names)
