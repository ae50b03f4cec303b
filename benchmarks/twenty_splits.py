"""A hidden layer against one layer, split by split, and what a last batch of three examples does (chapter 10).

Each seed draws a split of the digits, and both networks are trained on the same images. The columns are cut in two
ways: into nearly equal batches, and into batches of 32 with what is left over, three examples, as the last one.
The table of the book, backprop/data/twenty_splits.csv, is written by experiments.py.
"""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from backprop import accuracy, batches, forward, initialise, loss, step
from backprop.digits import load_digits, one_hot, split

EPOCHS, EARLY = 40, 20
COLUMNS = ("cut", "seed", "one_layer", "hidden_20", "hidden_40", "largest_rise", "largest_fall")

Cut = Callable[[int, int, np.random.Generator], Iterator[NDArray]]


def with_rest(m: int, size: int, rng: np.random.Generator) -> Iterator[NDArray]:
    """The numbers 0..m-1 in a random order, size at a time, and at last what is left over."""
    order = rng.permutation(m)
    for start in range(0, m, size):
        yield order[start : start + size]


CUTS: dict[str, Cut] = {"nearly equal": batches, "a rest of three": with_rest}


def measure(cut: str, seed: int) -> tuple[float, float, float, float, float]:
    """Test accuracy of one layer after 40 epochs, and of the hidden layer after 20 and after 40; then what the last
    batch of an epoch did at worst in the first 20: the factor by which J rose on the training set, and the test
    accuracy that was lost."""
    rng = np.random.default_rng(seed)
    X, c, X_test, c_test = split(*load_digits(), 0.25, rng)
    Y, Y_test = one_hot(c, 10), one_hot(c_test, 10)

    def descend(W, b, columns):  # type: ignore[no-untyped-def]
        return step(W, b, X[:, columns], Y[:, columns], "relu", "softmax", 0.5)

    W, b = initialise([64, 10], rng, scale=np.sqrt(2))
    for _ in range(EPOCHS):
        for columns in CUTS[cut](X.shape[1], 32, rng):
            W, b = descend(W, b, columns)
    one_layer = accuracy(W, b, X_test, Y_test, "relu", "softmax")

    def scores():  # type: ignore[no-untyped-def]
        J = loss("softmax", forward(W, b, X, "relu", "softmax")[0][2], Y)
        return J, accuracy(W, b, X_test, Y_test, "relu", "softmax")

    W, b = initialise([64, 128, 10], rng, scale=np.sqrt(2))
    hidden, rises, falls = {}, [], []
    for epoch in range(1, EPOCHS + 1):
        *others, last = CUTS[cut](X.shape[1], 32, rng)
        for columns in others:
            W, b = descend(W, b, columns)
        before = scores()
        W, b = descend(W, b, last)
        after = scores()
        hidden[epoch] = after[1]
        if epoch <= EARLY:
            rises.append(after[0] / before[0])
            falls.append(before[1] - after[1])
    return one_layer, hidden[EARLY], hidden[EPOCHS], max(rises), max(falls)


def rows(seed: int) -> list[tuple[object, ...]]:
    """The table's rows of one seed: both cuts."""
    return [(cut, seed, *measure(cut, seed)) for cut in CUTS]
