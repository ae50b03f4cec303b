"""The sixty lines against the recipe, the complex step and plain calculus."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from backprop import HIDDEN, OUTPUTS, backprop, forward, g, g_prime, initialise
from backprop import autodiff as module
from backprop.autodiff import Node, gather
from backprop.network import Layers


def loss_graph(
    W: Layers, b: Layers, X: NDArray, Y: NDArray, hidden: str, output: str
) -> tuple[Node, Layers, Layers]:
    """J as a graph of plain gates, and the nodes of the parameters."""
    N = max(W)
    w, c = {l: Node(W[l]) for l in W}, {l: Node(b[l]) for l in b}
    z = a = Node(X)
    for l in range(1, N + 1):
        z = w[l] @ a + c[l]
        a = z.map(lambda v: g(hidden, v), lambda v: g_prime(hidden, v))
    target, minus = Node(Y), Node([[-1.0]])
    if output == "identity":
        J = ((z + minus * target).map(np.square, lambda v: 2 * v) * Node([[0.5]])).sum()
    elif output == "sigmoid":
        soft = z.map(lambda v: np.logaddexp(0, v), lambda v: g("sigmoid", v))
        J = (soft + minus * target * z).sum()
    else:
        shifted = z + Node(-np.max(z.value, axis=0, keepdims=True))
        total = shifted.map(np.exp, np.exp).sum(axis=0).map(np.log, lambda v: 1 / v)
        J = (target * (total + minus * shifted)).sum()
    return J * Node([[1 / X.shape[1]]]), w, c


@given(
    hidden=st.sampled_from(HIDDEN),
    output=st.sampled_from(OUTPUTS),
    sizes=st.lists(st.integers(1, 5), min_size=2, max_size=5),
    m=st.integers(1, 4),
    seed=st.integers(0, 2**32 - 1),
)
def test_gives_the_recipes_gradients(hidden: str, output: str, sizes: list[int], m: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    W, b = initialise(sizes, rng)
    X, Y = rng.normal(size=(sizes[0], m)), rng.random((sizes[-1], m))
    Y = Y / Y.sum(axis=0) if output == "softmax" else Y
    Z, A = forward(W, b, X, hidden, output)
    dW, db = backprop(W, Z, A, Y, hidden, output)
    J, w, c = loss_graph(W, b, X, Y, hidden, output)
    J.backward()
    for l in W:
        assert w[l].grad.shape == dW[l].shape
        np.testing.assert_allclose(w[l].grad, dW[l], rtol=1e-11, atol=1e-13)
        np.testing.assert_allclose(c[l].grad, db[l], rtol=1e-11, atol=1e-13)


def test_fan_out_adds() -> None:
    w, x, y = Node([[2.0]]), Node([[3.0]]), Node([[-10.0]])
    a = (w * x).map(lambda v: np.maximum(v, 0), lambda v: (v > 0) * 1.0)
    e = w * a + y
    L = e.map(lambda v: v**2 / 2, lambda v: v)
    L.backward()
    assert w.grad.item() == 24  # 12 by way of w x, and 12 by way of w a
    assert x.grad.item() == 8
    L.backward()
    assert w.grad.item() == 24, "a second call begins anew"


def test_the_same_node_twice_in_one_gate() -> None:
    x = Node([[3.0]])
    (x * x).backward()
    assert x.grad.item() == 6
    M = Node(np.array([[1.0, 2.0], [3.0, 4.0]]))
    (M @ M).sum().backward()
    np.testing.assert_array_equal(M.grad, [[3 + 4, 7 + 4], [3 + 6, 7 + 6]])


def test_a_diamond_waits_for_both_ways() -> None:
    x = Node([[1.0]])
    left = x.map(np.exp, np.exp)
    both = left + left * x
    both.backward()
    assert both.grad.item() == 1
    assert x.grad.item() == pytest.approx(3 * np.e)  # d(e^x + x e^x)


def test_long_chains_need_no_deep_recursion() -> None:
    x = y = Node([[1.0]])
    for _ in range(5000):
        y = y + Node([[0.0]])
    y.backward()
    assert x.grad.item() == 1


def test_gather_sums_what_was_repeated() -> None:
    d = np.arange(6.0).reshape(2, 3)
    np.testing.assert_array_equal(gather(d, Node(np.zeros((2, 1)))), [[3], [12]])
    np.testing.assert_array_equal(gather(d, Node(np.zeros((1, 3)))), [[3, 5, 7]])
    np.testing.assert_array_equal(gather(d, Node(np.zeros((1, 1)))), [[15]])
    np.testing.assert_array_equal(gather(d, Node(np.zeros((2, 3)))), d)


def test_it_is_sixty_lines() -> None:
    code = [line for line in Path(module.__file__).read_text().splitlines() if line.strip()]
    assert len(code) <= 60


@pytest.mark.parametrize("axis", [None, 0, 1])
def test_a_sum_hands_its_gradient_to_all_it_added_infinite_values_too(axis: int | None) -> None:
    a = Node([[np.inf, 1.0, -2.0], [0.0, np.inf, 3.0]])
    a.sum(axis).backward()
    assert np.array_equal(a.grad, np.ones((2, 3)))
