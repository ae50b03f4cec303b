"""Sums of products: matrix products and einsum."""

from typing import Any

import numpy as np

from autograder.tracing.elementwise import unbroadcast
from autograder.tracing.tape import Node, primitive
from autograder.trees import Array


def _swap(x: Any) -> Array:
    return np.swapaxes(x, -1, -2)


def _matmul_backward(node: Node, place: int, g: Array) -> Array:
    a, b = (np.asarray(value) for value in node.values)
    if a.ndim == 1 and b.ndim == 1:
        return np.asarray(g * (b, a)[place])
    # (p) @ (..., p, n)
    if a.ndim == 1:
        a2, g2 = a[None, :], np.expand_dims(g, -2)
        if place == 0:
            return unbroadcast((g2 @ _swap(b))[..., 0, :], a.shape)
        return unbroadcast(_swap(a2) @ g2, b.shape)
    # (..., n, p) @ (p)
    if b.ndim == 1:
        b2, g2 = b[:, None], np.expand_dims(g, -1)
        if place == 0:
            return unbroadcast(g2 @ _swap(b2), a.shape)
        return unbroadcast((_swap(a) @ g2)[..., 0], b.shape)
    return unbroadcast(g @ _swap(b) if place == 0 else _swap(a) @ g, (a, b)[place].shape)


def _outer_backward(node: Node, place: int, g: Array) -> Array:
    a, b = (np.ravel(value) for value in node.values)
    found = g @ b if place == 0 else a @ g
    return np.asarray(found).reshape(np.shape(node.values[place]))


def _einsum(*values: Any, subscripts: str) -> Any:
    return np.einsum(subscripts, *values)


def letters(node: Node) -> tuple[list[str], str]:
    """The letters of each input and of the result."""
    text = node.options["subscripts"].replace(" ", "")
    given, arrow, result = text.partition("->")
    if not arrow:
        result = "".join(sorted(c for c in set(given) - {","} if given.count(c) == 1))
    return given.split(","), result


def _einsum_backward(node: Node, place: int, g: Array) -> Array:
    given, result = letters(node)
    others = [(l, v) for i, (l, v) in enumerate(zip(given, node.values, strict=True)) if i != place]
    mine, shape = given[place], np.shape(node.values[place])
    known = set(result).union(*(set(l) for l, _ in others))
    kept = "".join(c for c in mine if c in known)
    inputs = [result, *(l for l, _ in others)]
    found = np.einsum(f"{','.join(inputs)}->{kept}", g, *(v for _, v in others))
    # A letter that stands in this input alone was summed over: its gradient is the same along it.
    for axis, c in enumerate(mine):
        if c not in known:
            found = np.expand_dims(found, axis)
    return np.array(np.broadcast_to(found, shape))


primitive("matmul", np.matmul, _matmul_backward)
primitive("outer", np.outer, _outer_backward)
primitive("einsum", _einsum, _einsum_backward)
