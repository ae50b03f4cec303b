"""Mistakes in Step 3, dW = (1/m) delta a_prev^T and db = (1/m) sum of delta's columns."""

import numpy as np
from numpy.typing import NDArray

from autograder.misconceptions.entry import Misconception
from autograder.misconceptions.wrong_recipe import in_step_3
from backprop import layer_gradients


def columns_sum(delta: NDArray) -> NDArray:
    """The sum of delta's columns, (n, 1)."""
    return np.sum(delta, axis=1, keepdims=True)


class K24(Misconception):
    """dW has the shape of W: row j belongs to unit j of the layer."""

    code, name, equation, chapter = "K24", "dW transposed", "7.1", "07-step-3"
    sentence = "A gradient has its variable's shape"
    hint = "Compare dW.shape with W.shape."
    formulas = in_step_3(lambda delta, a: (layer_gradients(delta, a)[0].T, layer_gradients(delta, a)[1]))


class K26(Misconception):
    """J is the mean of the examples' losses, so its gradient is the mean of theirs."""

    code, name, equation, chapter = "K26", "sum for mean", "7.1", "07-step-3"
    sentence = "J averages over m"
    hint = "Duplicate every example: J stays, so ∇J must stay."
    formulas = in_step_3(
        lambda delta, a: (delta @ a.T, columns_sum(delta)),
        lambda delta, a: (delta @ a.T, columns_sum(delta) / delta.shape[1]),
        lambda delta, a: (delta @ a.T / delta.shape[1], columns_sum(delta)),
    )


class K27(Misconception):
    """1/m enters once, in Step 3."""

    code, name, equation, chapter = "K27", "1/m twice", "7.1", "07-step-3"
    sentence = "Once only"
    hint = "Is δ per example, or did you divide it by m already?"
    formulas = in_step_3(
        lambda delta, a: (delta @ a.T / delta.shape[1] ** 2, columns_sum(delta) / delta.shape[1] ** 2)
    )


class K28(Misconception):
    """The mean is over the m examples, the columns, and not over units."""

    code, name, equation, chapter = "K28", "divided by n for m", "7.1", "07-step-3"
    sentence = "Count examples"
    hint = "m is delta.shape[1]."
    formulas = in_step_3(
        lambda delta, a: (delta @ a.T / delta.shape[0], columns_sum(delta) / delta.shape[0]),
        lambda delta, a: (delta @ a.T / a.shape[0], columns_sum(delta) / a.shape[0]),
    )


class K29(Misconception):
    """Inside a loop over examples, `=` keeps the last one; `+=` adds them all."""

    code, name, equation, chapter = "K29", "the last example only", "7.1", "07-step-3"
    sentence = "Add every example"
    hint = "What does your dW hold after the second turn of the loop?"
    formulas = in_step_3(
        lambda delta, a: (delta[:, -1:] @ a[:, -1:].T / delta.shape[1], delta[:, -1:] / delta.shape[1]),
        lambda delta, a: (delta[:, -1:] @ a[:, -1:].T, delta[:, -1:]),
    )


class K30(Misconception):
    """The mean of products is not the product of the means."""

    code, name, equation, chapter = "K30", "mean(δ) · mean(a)ᵀ", "7.1", "07-step-3"
    sentence = "An average of products"
    hint = "Try two examples whose δ are 1 and -1."
    formulas = in_step_3(
        lambda delta, a: (
            delta.mean(axis=1, keepdims=True) @ a.mean(axis=1, keepdims=True).T,
            columns_sum(delta) / delta.shape[1],
        )
    )


class K31(Misconception):
    """Each example has the same b, so its gradient gathers m contributions."""

    code, name, equation, chapter = "K31", "db not summed", "7.2", "07-step-3"
    sentence = "One b, m contributions"
    hint = "db has the shape of b, (n_l, 1)."
    formulas = in_step_3(
        lambda delta, a: (layer_gradients(delta, a)[0], delta / delta.shape[1]),
        lambda delta, a: (layer_gradients(delta, a)[0], delta),
    )


class K33(Misconception):
    """Every unit has its own b, so db has a row for each."""

    code, name, equation, chapter = "K33", "a scalar db", "7.2", "07-step-3"
    sentence = "One for each unit"
    hint = "Sum over axis 1 and keep the dimension."
    formulas = in_step_3(
        lambda delta, a: (layer_gradients(delta, a)[0], np.sum(delta) / delta.shape[1]),
        lambda delta, a: (layer_gradients(delta, a)[0], np.mean(delta)),
    )


ENTRIES = (K24, K26, K27, K28, K29, K30, K31, K33)
