"""The way forward taken apart into slots, as slots.py does with the way back.

start(X, hidden) is A[0]. Layer by layer: product(W, fed(c)) -> bias(product, c) -> finish(z, c) is Z[l];
activate(z, c) is A[l] of a hidden layer, and activate_last(z, c), or else yhat(output, z), that of the last.
c is the ForwardContext at hand.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from backprop import g

Formula: TypeAlias = Callable[..., Any]
Changes: TypeAlias = Mapping[str, Formula]


@dataclass(slots=True, eq=False)
class ForwardContext:
    """What stands around layer l on the way forward: W (n_l, n_prev), a_prev (n_prev, m) and b (n_l, 1).

    Of a whole network also l and N, the names of its nonlinearities and z[l-1], None before layer 2.
    """

    W: Any
    a_prev: Any
    b: Any
    l: int = 1
    N: int = 1
    hidden: str = ""
    output: str = ""
    z_prev: Any = None


AFFINE = ("fed", "product", "bias", "finish")
START, HIDDEN, LAST = ("start",), ("activate",), ("activate_last", "yhat")
# Slots that show in forward, and in none of the backward exercises.
FORWARD_ONLY = (*START, *HIDDEN, "activate_last")

RIGHT_FORWARD: dict[str, Formula] = {
    "start": lambda X, hidden: X,
    "fed": lambda c: c.a_prev,
    "product": lambda W, a: W @ a,
    "bias": lambda product, c: product + c.b,
    "finish": lambda z, c: z,
    "activate": lambda z, c: g(c.hidden, z),
    "yhat": g,
}


def affine_at(changes: Changes, c: ForwardContext) -> Any:
    """z[l] (n_l, m) with these slots exchanged."""
    fed, product, bias, finish = (changes.get(slot) or RIGHT_FORWARD[slot] for slot in AFFINE)
    return finish(bias(product(c.W, fed(c)), c), c)


def hidden_at(changes: Changes, at: tuple[Any, ForwardContext]) -> Any:
    """a[l] of a hidden layer, made of (z[l], c), with these slots exchanged."""
    return (changes.get("activate") or RIGHT_FORWARD["activate"])(*at)


def last_at(changes: Changes, at: tuple[Any, ForwardContext]) -> Any:
    """a[N], made of (z[N], c), with these slots exchanged."""
    z, c = at
    if "activate_last" in changes:
        return changes["activate_last"](z, c)
    return (changes.get("yhat") or RIGHT_FORWARD["yhat"])(c.output, z)


def start_at(changes: Changes, at: tuple[Any, str]) -> Any:
    """a[0], made of (X, hidden), with these slots exchanged."""
    return (changes.get("start") or RIGHT_FORWARD["start"])(*at)


def forward_by(changes: Changes, W: Any, b: Any, X: Any, hidden: str, output: str) -> tuple[Any, Any]:
    """forward with these slots exchanged: (Z, A), dicts with the keys 1..N and 0..N."""
    N = max(W)
    Z: dict[int, Any] = {}
    A: dict[int, Any] = {0: start_at(changes, (X, hidden))}
    for l in range(1, N + 1):
        c = ForwardContext(W[l], A[l - 1], b[l], l, N, hidden, output, Z.get(l - 1))
        Z[l] = affine_at(changes, c)
        A[l] = (last_at if l == N else hidden_at)(changes, (Z[l], c))
    return Z, A
