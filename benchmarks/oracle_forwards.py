"""What is right in the exercises of the graphs and the optional layers: long double, from the statements alone.

Where a statement gives a forward pass, its gradient is a central difference of that pass in long double: a step of
1e-6 leaves errors below 1e-12, far below what the oracle tells apart.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

L = np.longdouble
H = L(1e-6)


def sigma(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def rms_norm(x: Any, gamma: Any) -> Any:
    return x / np.sqrt((x**2).mean(axis=1, keepdims=True) + L(1e-5)) * gamma


def average_pool(x: Any) -> Any:
    return (x[:, ::2, ::2] + x[:, ::2, 1::2] + x[:, 1::2, ::2] + x[:, 1::2, 1::2]) / 4


def glu(x: Any, W: Any, V: Any) -> Any:
    return (x @ W) * sigma(x @ V)


def gru(x: Any, h: Any, Wz: Any, Uz: Any, Wr: Any, Ur: Any, Wn: Any, Un: Any) -> Any:
    z, r = sigma(x @ Wz + h @ Uz), sigma(x @ Wr + h @ Ur)
    return (1 - z) * np.tanh(x @ Wn + (r * h) @ Un) + z * h


def triplet(anchor: Any, positive: Any, negative: Any) -> Any:
    near, far = ((anchor - positive) ** 2).sum(axis=1), ((anchor - negative) ** 2).sum(axis=1)
    return np.maximum(near - far + 1, 0).mean()


# The exercise's forward pass, and where the gradient of its result stands among the arguments: None for a loss.
PASSES: Mapping[str, tuple[Callable[..., Any], int | None]] = {
    "product_messages": (lambda A, b: A * b, 2),
    "rms_norm_backward": (rms_norm, 0),
    "average_pool_backward": (average_pool, 0),
    "glu_backward": (glu, 0),
    "gru_backward": (gru, 0),
    "triplet_backward": (triplet, None),
}
EXERCISES = frozenset({*PASSES, "graph_gradients", "softmax_atoms"})


def truth(exercise: str, args: tuple[Any, ...]) -> Any:
    """The right answer in long double."""
    args = tuple(np.asarray(arg, dtype=L) for arg in args)
    if exercise == "graph_gradients":
        return _over_all_paths(args[0])
    if exercise == "softmax_atoms":
        z, Y = args
        U_bar, S = Y.sum(axis=0, keepdims=True), np.exp(z).sum(axis=0, keepdims=True)
        return U_bar, U_bar / S, U_bar / S * np.ones(z.shape), U_bar * np.exp(z) / S - Y
    forward, place = PASSES[exercise]
    upstream = L(1) if place is None else args[place]
    arguments = [arg for i, arg in enumerate(args) if i != place]
    found = tuple(_slopes(forward, arguments, i, upstream) for i in range(len(arguments)))
    return found if len(found) > 1 else found[0]


def _over_all_paths(slopes: Any) -> Any:
    """From each node to node 0, the sum over all paths of the product of the slopes: paths of 0 to n arrows."""
    arrived = np.zeros((len(slopes), 1), dtype=L)
    arrived[0] = 1
    total = arrived
    for _ in slopes:
        arrived = np.einsum("uv,uk->vk", slopes, arrived)
        total = total + arrived
    return total


def _slopes(forward: Callable[..., Any], arguments: list[Any], which: int, upstream: Any) -> Any:
    """The gradient of sum(upstream * forward) in one of the arguments."""

    def at(moved: Any) -> Any:
        return forward(*arguments[:which], moved, *arguments[which + 1 :])

    array = arguments[which]
    slopes = np.zeros(array.shape, dtype=L)
    for i in np.ndindex(array.shape):
        step = np.zeros(array.shape, dtype=L)
        step[i] = H
        slopes[i] = np.sum(upstream * ((at(array + step) - at(array - step)) / (2 * H)))
    return slopes


def inputs(exercise: str, rng: np.random.Generator) -> Iterator[tuple[Any, ...]]:
    """Arguments that the statement allows."""
    draw = lambda *shape: rng.normal(size=shape)  # noqa: E731
    if exercise == "graph_gradients":
        yield from ((graph,) for graph in _graphs(rng))
        return
    if exercise == "average_pool_backward":
        for m, h, w in ((3, 4, 6), (1, 2, 2), (2, 8, 2), (4, 2, 4)):
            yield draw(m, h // 2, w // 2), draw(m, h, w)
        return
    for m, n, k in ((3, 4, 2), (1, 3, 3), (4, 1, 2), (2, 2, 1), (1, 1, 1), (5, 2, 2)):
        if exercise == "product_messages":
            yield draw(n, m), draw(n, 1), draw(n, m)
        elif exercise == "softmax_atoms":
            Y = rng.random((n, m))
            yield 2 * draw(n, m), Y / Y.sum(axis=0)
        elif exercise == "rms_norm_backward":
            # In a row of one entry the slope is a difference of equal numbers.
            yield draw(m, n + 1), draw(m, n + 1), draw(n + 1)
        elif exercise == "glu_backward":
            yield draw(m, k), draw(m, n), draw(n, k), draw(n, k)
        elif exercise == "gru_backward":
            yield draw(m, k), draw(m, n), draw(m, k), *(draw(r, k) for _ in range(3) for r in (n, k))
        else:
            # The loss of every second example is 0; drawn freely, many margins are near 0 on both sides.
            far = np.where(np.arange(m)[:, None] % 2, 5, 0.5)
            anchor = draw(m, n)
            yield anchor, anchor + draw(m, n) / 2, anchor + far * rng.choice([-1, 1], (m, n))
            for size in (0.3, 0.6, 1.0) * 4:
                yield size * draw(m, n), size * draw(m, n), size * draw(m, n)


def _graphs(rng: np.random.Generator) -> Iterator[Any]:
    """Graphs without cycles under shuffled numbers; in the sparse ones L does not depend on every node."""
    for n in (1, 2, 3, 5, 5, 8, 8, 11):
        for share in (0.3, 0.6, 1.0):
            ordered = np.triu(rng.normal(size=(n, n)) * (rng.random((n, n)) < share), k=1)
            # Node 0 is L; the others have their numbers in no order.
            names = np.append(0, 1 + rng.permutation(n - 1))
            yield ordered[np.ix_(names, names)]
