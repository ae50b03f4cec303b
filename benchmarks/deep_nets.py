"""Six layers, six ways to begin, and which layers are allowed to learn (chapter 11).

Each seed draws a split of the digits and a start; within a seed every run sees the same batches. A frozen layer keeps
its first weights: what the layers behind it can learn shows how much of the input still gets through to them.
The table of the book, backprop/data/deep_nets.csv, is written by experiments.py.
"""

import numpy as np

from backprop import accuracy, batches, initialise, step
from backprop.digits import load_digits, one_hot, split

SIZES = (64, 32, 32, 32, 32, 32, 10)
STARTS = (
    ("sigmoid", 1.0),
    ("sigmoid", 4.0),
    ("tanh", 0.5),
    ("tanh", 1.0),
    ("relu", 0.5),
    ("relu", float(np.sqrt(2))),
)
# rate, epochs, how many layers are frozen
RUNS = {
    "all": (0.1, 10, 0),
    "layer_1_frozen": (0.1, 10, 1),
    "layers_1_5_frozen": (0.1, 10, 5),
    "all_rate_1": (1.0, 10, 0),
    "layers_1_5_frozen_rate_1": (1.0, 10, 5),
    "all_rate_1_40_epochs": (1.0, 40, 0),
}
COLUMNS = ("hidden", "scale", "seed", *RUNS)


def measure(hidden: str, scale: float, seed: int, rate: float, epochs: int, frozen: int) -> float:
    """Test accuracy after training, with layers 1 to frozen kept as they were drawn."""
    X, c, X_test, c_test = split(*load_digits(), 0.25, np.random.default_rng(seed))
    Y = one_hot(c, 10)
    W, b = initialise(SIZES, np.random.default_rng(seed), scale)
    rng = np.random.default_rng(seed)
    with np.errstate(
        over="ignore", invalid="ignore"
    ):  # some of these runs end in inf and nan, and that is the result
        for _ in range(epochs):
            for columns in batches(X.shape[1], 32, rng):
                V, v = step(W, b, X[:, columns], Y[:, columns], hidden, "softmax", rate)
                W = {l: W[l] if l <= frozen else V[l] for l in W}
                b = {l: b[l] if l <= frozen else v[l] for l in b}
        return accuracy(W, b, X_test, one_hot(c_test, 10), hidden, "softmax")


def rows(seed: int) -> list[tuple[object, ...]]:
    """The table's rows of one seed: every start with every run."""
    return [(g, f"{s:.4f}", seed, *(measure(g, s, seed, *how) for how in RUNS.values())) for g, s in STARTS]
