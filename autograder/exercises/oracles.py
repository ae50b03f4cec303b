"""An independent way to each exercise's expected numbers: the complex step, or long double arithmetic.

Each exercise of the book declares its own; `autograder verify` holds the references against it. None shares
code with the recipe in backprop.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.exercises.cases import Case
from autograder.exercises.chapters.gradient_checking import GRADIENTS
from autograder.exercises.complex_step import batched_complex_step, complex_g, complex_losses, complex_step
from autograder.exercises.networks import Net

Wide = NDArray


def _wide(value: Any) -> Wide:
    return np.asarray(value, dtype=np.longdouble)


def affine(case: Case) -> Any:
    """W a_prev + b in long double."""
    W, a_prev, b = (_wide(x) for x in case.args)
    return np.einsum("ij,jm->im", W, a_prev) + b


def _g(name: str, z: Wide) -> Wide:
    if name == "identity":
        return z
    if name == "relu":
        return np.where(z > 0, z, 0)
    if name == "tanh":
        return np.tanh(z)
    if name == "sigmoid":
        # long double reaches to 1e4932
        return np.asarray(1 / (1 + np.exp(-z)))
    e = np.exp(z - z.max(axis=0))
    return np.asarray(e / e.sum(axis=0))


def forward(case: Case) -> Any:
    """Z and A in long double."""
    W, b, X, hidden, output = case.args
    Z, A = {}, {0: _wide(X)}
    for l in W:
        Z[l] = np.einsum("ij,jm->im", _wide(W[l]), A[l - 1]) + _wide(b[l])
        A[l] = _g(output if l == len(W) else hidden, Z[l])
    return Z, A


def sigmoid(case: Case) -> Any:
    return _g("sigmoid", _wide(case.args[0]))


def softmax(case: Case) -> Any:
    return _g("softmax", _wide(case.args[0]))


def g_prime(case: Case) -> Any:
    """The complex step of g, entry by entry; ReLU's slope at 0 is left open."""
    name, z = case.args[0], case.args[1].astype(float)
    return complex_step(lambda x: np.sum(complex_g(name, x)), z)


def loss(case: Case) -> Any:
    """The three losses in long double, where exp(1000) is a number, by their textbook formulas."""
    output, z, Y = case.args[0], _wide(case.args[1]), _wide(case.args[2])
    if output == "identity":
        return np.sum((z - Y) ** 2) / 2 / z.shape[1]
    if output == "sigmoid":
        return np.sum(Y * np.log1p(np.exp(-z)) + (1 - Y) * np.log1p(np.exp(z))) / z.shape[1]
    return np.sum(Y * (np.log(np.sum(np.exp(z), axis=0)) - z)) / z.shape[1]


def numerical_delta(case: Case) -> Any:
    """The derivative itself; only a short step's difference comes near it."""
    f, z, h = case.args
    return GRADIENTS[f.name](z, **f.parameters) if h <= 1e-3 else None


def output_delta(case: Case) -> Any:
    output, z, Y = case.args[0], case.args[1].astype(float), case.args[2]
    return complex_step(lambda x: np.sum(complex_losses(output, x, Y)), z)


def hidden_delta(case: Case) -> Any:
    """The gradient in z of sum delta[l+1] o (W[l+1] g(z)), which is linear in the next layer's z."""
    W, delta, z, hidden = case.args
    return complex_step(lambda x: np.sum(delta * (W.astype(float) @ complex_g(hidden, x))), z.astype(float))


def _net_and_shifts(case: Case) -> tuple[Net, dict[int, Any]] | None:
    """The net, and what W[l] a[l-1] lacks to be the cached Z[l]: b, or one number an example if redrawn."""
    net: Net = case.hidden["net"].wide
    if "single" in case.tags:
        # a in float32 is g(z) only to seven digits
        return None
    # g(z) in long double, not its rounding in the caches: large weights would carry that on.
    a = {0: _wide(net.X)} | {l: complex_g(net.hidden, _wide(net.Z[l])) for l in range(1, net.N)}
    return net, {l: _wide(net.Z[l]) - _wide(net.W[l]) @ a[l - 1] for l in net.W}


def all_deltas(case: Case) -> Any:
    """Each delta[l] as the gradient of the loss in a nudge of z[l], the layers above run forward again."""
    found = _net_and_shifts(case)
    if found is None:
        return None
    net, shifts = found

    def above(l: int) -> Callable[[list[Any]], Any]:
        def run(nudged: list[Any]) -> Any:
            (z,) = nudged
            for up in range(l + 1, net.N + 1):
                z = net.W[up] @ complex_g(net.hidden, z) + shifts[up]
            return np.sum(complex_losses(net.output, z, net.Y), axis=-1)

        return run

    return {l: batched_complex_step(above(l), [_wide(net.Z[l])])[0] for l in net.Z}


def layer_gradients(case: Case) -> Any:
    """The gradients in W and b of the mean of delta o (W a_prev + b)."""
    delta, a_prev = (x.astype(float) for x in case.args)
    n, m = delta.shape
    W = np.zeros((n, a_prev.shape[0]))
    dW = complex_step(lambda w: np.sum(delta * (w @ a_prev)) / m, W)
    return dW, complex_step(lambda b: np.sum(delta * (b + np.zeros(m))) / m, np.zeros((n, 1)))


def backprop(case: Case) -> Any:
    """The gradients of J in every weight and bias, the whole network run forward again for each."""
    found = _net_and_shifts(case)
    if found is None:
        return None
    net, shifts = found

    def run(nudged: list[Any]) -> Any:
        a: Any = net.X
        for l, W, b in zip(net.W, nudged[: net.N], nudged[net.N :], strict=True):
            z = W @ a + shifts[l] + b
            a = complex_g(net.hidden, z)
        return np.mean(complex_losses(net.output, z, net.Y), axis=-1)

    weights = [_wide(W) for W in net.W.values()]
    slopes = batched_complex_step(run, [*weights, *(np.zeros(b.shape) for b in net.b.values())])
    return dict(zip(net.W, slopes[: net.N], strict=True)), dict(zip(net.W, slopes[net.N :], strict=True))
