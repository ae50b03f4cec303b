"""Primitives that are one operation to a reader: softmax, log-sum-exp, the losses from logits, normalisation.

Each has a value that no extreme spoils and the closed form of its gradient, so that what people get wrong
in that closed form can be told. autograder.forward offers them to authors.
"""

from typing import Any

import numpy as np

from autograder.tracing.elementwise import elementwise, unbroadcast
from autograder.tracing.tape import Node, primitive
from autograder.trees import Array


def sigmoid(z: Any) -> Any:
    """1 / (1 + exp(-z)), for any z."""
    small = np.exp(-np.abs(z))
    return np.where(np.asarray(z) >= 0, 1 / (1 + small), small / (1 + small))


def softplus(z: Any) -> Any:
    """log(1 + exp(z)), for any z."""
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


def softmax(z: Any, *, axis: int) -> Any:
    """exp(z) / sum exp(z) along an axis."""
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return e / np.sum(e, axis=axis, keepdims=True)


def log_softmax(z: Any, *, axis: int) -> Any:
    """z - log sum exp(z) along an axis."""
    shifted = z - np.max(z, axis=axis, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=axis, keepdims=True))


def log_sum_exp(z: Any, *, axis: int, keepdims: bool) -> Any:
    """log sum exp(z) along an axis."""
    top = np.max(z, axis=axis, keepdims=True)
    found = top + np.log(np.sum(np.exp(z - top), axis=axis, keepdims=True))
    return found if keepdims else np.squeeze(found, axis=axis)


def softmax_cross_entropy(z: Any, Y: Any, *, axis: int) -> Any:
    """-sum Y log softmax(z) along an axis."""
    return -np.sum(Y * log_softmax(z, axis=axis), axis=axis)


def binary_cross_entropy(z: Any, Y: Any) -> Any:
    """-Y log sigmoid(z) - (1 - Y) log(1 - sigmoid(z)), entry by entry."""
    return softplus(z) - Y * z


def normalise(x: Any, *, axis: int, eps: float) -> Any:
    """(x - mean) / sqrt(variance + eps) along an axis."""
    off = x - np.mean(x, axis=axis, keepdims=True)
    return off / np.sqrt(np.mean(off * off, axis=axis, keepdims=True) + eps)


def _softmax_backward(node: Node, place: int, g: Array) -> Array:
    s, axis = node.out, node.options["axis"]
    return np.asarray(s * (g - np.sum(g * s, axis=axis, keepdims=True)))


def _log_softmax_backward(node: Node, place: int, g: Array) -> Array:
    axis = node.options["axis"]
    return np.asarray(g - np.exp(node.out) * np.sum(g, axis=axis, keepdims=True))


def _log_sum_exp_backward(node: Node, place: int, g: Array) -> Array:
    axis = node.options["axis"]
    g = g if node.options["keepdims"] else np.expand_dims(g, axis)
    return np.asarray(g * softmax(node.values[0], axis=axis))


def _cross_entropy_backward(node: Node, place: int, g: Array) -> Array:
    (z, Y), axis = node.values, node.options["axis"]
    g = np.expand_dims(g, axis)
    if place == 1:
        return unbroadcast(-g * log_softmax(z, axis=axis), np.shape(Y))
    return np.asarray(g * (softmax(z, axis=axis) * np.sum(Y, axis=axis, keepdims=True) - Y))


def _normalise_backward(node: Node, place: int, g: Array) -> Array:
    axis, eps = node.options["axis"], node.options["eps"]
    x = np.asarray(node.values[0])
    off = x - np.mean(x, axis=axis, keepdims=True)
    spread = np.sqrt(np.mean(off * off, axis=axis, keepdims=True) + eps)
    norm = node.out
    mean_g = np.mean(g, axis=axis, keepdims=True)
    return np.asarray((g - mean_g - norm * np.mean(g * norm, axis=axis, keepdims=True)) / spread)


elementwise("sigmoid", sigmoid, lambda z, out: out * (1 - out))
elementwise("softplus", softplus, lambda z, out: sigmoid(z))
elementwise("relu", lambda z: np.maximum(z, 0.0), lambda z, out: np.where(np.asarray(z) > 0, 1.0, 0.0))
elementwise(
    "binary_cross_entropy", binary_cross_entropy, lambda z, Y, out: sigmoid(z) - Y, lambda z, Y, out: -z
)
primitive("softmax", softmax, _softmax_backward)
primitive("log_softmax", log_softmax, _log_softmax_backward)
primitive("log_sum_exp", log_sum_exp, _log_sum_exp_backward)
primitive("softmax_cross_entropy", softmax_cross_entropy, _cross_entropy_backward)
primitive("normalise", normalise, _normalise_backward)
