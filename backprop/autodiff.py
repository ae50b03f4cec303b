"""Reverse-mode automatic differentiation in sixty lines (chapter 12): a value remembers its gate."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Back = Callable[[NDArray], NDArray]


class Node:
    """A matrix in a graph: its value, its gradient, and (parent, back) for each node it was made of.

    back turns the gradient at this node into what it sends to that parent, of the parent's shape.
    """

    def __init__(self, value: ArrayLike, parents: Sequence[tuple["Node", Back]] = ()) -> None:
        self.value = np.asarray(value, dtype=float)
        self.parents = parents
        self.grad = np.zeros(self.value.shape)

    def map(self, f: Back, slope: Back) -> "Node":
        """f of each entry; slope is f', a function of the input (eq. 12.2)."""
        return Node(f(self.value), [(self, lambda d: d * slope(self.value))])  # (12.2)

    def __matmul__(self, other: "Node") -> "Node":
        to_self, to_other = (lambda d: d @ other.value.T), (lambda d: self.value.T @ d)  # (12.3)
        return Node(self.value @ other.value, [(self, to_self), (other, to_other)])

    def __add__(self, other: "Node") -> "Node":
        parents = [(self, lambda d: gather(d, self)), (other, lambda d: gather(d, other))]  # (12.4)
        return Node(self.value + other.value, parents)

    def __mul__(self, other: "Node") -> "Node":
        to_self, to_other = (
            (lambda d: gather(d * other.value, self)),  # (12.5)
            (lambda d: gather(d * self.value, other)),
        )
        return Node(self.value * other.value, [(self, to_self), (other, to_other)])

    def sum(self, axis: int | None = None) -> "Node":
        """The sum over one axis or over all entries; the axes stay, with length 1 (eq. 12.6)."""
        parents = [(self, lambda d: np.broadcast_to(d, self.value.shape))]  # (12.6)
        return Node(np.sum(self.value, axis, keepdims=True), parents)

    def backward(self) -> None:
        """Fill in grad, the gradient of this node's sum, at this node and at all it depends on (eq. 12.1)."""
        nodes, seen, stack = [], set(), [(self, False)]
        # Parents first: a node enters the list when all of its parents are in it.
        while stack:
            node, ready = stack.pop()
            if ready:
                nodes.append(node)
            elif node not in seen:
                seen.add(node)
                stack += [(node, True), *((parent, False) for parent, _ in node.parents)]
        for node in nodes:
            node.grad = np.zeros(node.value.shape)
        self.grad = np.ones(self.value.shape)
        for node in reversed(nodes):
            for parent, back in node.parents:
                parent.grad = parent.grad + back(node.grad)  # (12.1)


def gather(d: NDArray, node: Node) -> NDArray:
    """The sum of d over each axis along which node's value was repeated (eq. 12.4)."""
    repeated = tuple(i for i, n in enumerate(d.shape) if n != node.value.shape[i])
    return np.sum(d, axis=repeated, keepdims=True)  # (12.4)
