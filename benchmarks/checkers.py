"""The customary gradient checkers, each asked the same question: is this code's gradient of this net's loss right?

A piece of student code (output_delta, hidden_delta, all_deltas, layer_gradients, backprop or l2_backprop) is put into
an otherwise right recipe; the gradient of J with respect to all weights and biases is what a checker judges. Each is
used as its own documentation or course does, on one net with the caches of a real forward pass.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.optimize

ASSEMBLED = ("output_delta", "hidden_delta", "all_deltas", "layer_gradients", "backprop", "l2_backprop")
SIZES, EXAMPLES, LAM = (4, 5, 3), 6, 0.3
Flat = np.ndarray


@dataclass(frozen=True)
class Question:
    """J of the flat vector of all weights and biases, and the gradient that the student's code claims."""

    cost: Callable[[Flat], float]
    gradient: Callable[[Flat], Flat]
    theta: Flat
    kinks: bool


def question(exercise: str, function: Callable[..., Any], hidden: str, output: str, seed: int) -> Question:
    """One net, with the student's function in its recipe."""
    rng = np.random.default_rng(seed)
    N = len(SIZES) - 1
    shapes = [(SIZES[l], SIZES[l - 1]) for l in range(1, N + 1)] + [(SIZES[l], 1) for l in range(1, N + 1)]
    cuts = np.cumsum([rows * columns for rows, columns in shapes])
    X = rng.normal(size=(SIZES[0], EXAMPLES))
    if output == "softmax":
        Y = np.eye(SIZES[-1])[:, rng.integers(0, SIZES[-1], EXAMPLES)]
    else:
        Y = rng.integers(0, 2, (SIZES[-1], EXAMPLES)).astype(float)
    lam = LAM if exercise == "l2_backprop" else 0.0

    def unpack(theta: Flat) -> tuple[dict[int, Any], dict[int, Any]]:
        parts = [
            piece.reshape(shape) for piece, shape in zip(np.split(theta, cuts[:-1]), shapes, strict=True)
        ]
        return dict(enumerate(parts[:N], start=1)), dict(enumerate(parts[N:], start=1))

    def run(theta: Flat) -> tuple[dict[int, Any], dict[int, Any], dict[int, Any]]:
        W, b = unpack(theta)
        Z, A = {}, {0: X}
        for l in range(1, N + 1):
            Z[l] = W[l] @ A[l - 1] + b[l]
            A[l] = activation(output if l == N else hidden, Z[l])
        return W, Z, A

    def cost(theta: Flat) -> float:
        W, Z, _ = run(theta)
        z = Z[N]
        if output == "identity":
            total = np.sum((z - Y) ** 2) / 2
        elif output == "sigmoid":
            total = np.sum(np.logaddexp(0, z) - Y * z)
        else:
            total = np.sum(Y * (np.logaddexp.reduce(z, axis=0) - z))
        return float(total / EXAMPLES + lam / 2 * sum(np.sum(W[l] ** 2) for l in W))

    def gradient(theta: Flat) -> Flat:
        W, Z, A = run(theta)
        A[0] = X.copy()
        dW, db = assemble(exercise, function, W, Z, A, Y.copy(), hidden, output)
        parts = [np.asarray(dW[l], dtype=float) for l in range(1, N + 1)]
        parts += [np.asarray(db[l], dtype=float) for l in range(1, N + 1)]
        for place, shape in enumerate(shapes):
            if parts[place].shape == (shape[0],) and shape[1] == 1:
                parts[place] = parts[place].reshape(shape)
            if parts[place].shape != shape:
                raise ValueError(f"a gradient of shape {parts[place].shape} for {shape}")
        return np.concatenate([part.ravel() for part in parts])

    theta = np.concatenate([rng.normal(size=shape).ravel() * 0.7 for shape in shapes])
    return Question(cost, gradient, theta, hidden == "relu")


def activation(name: str, z: Any) -> Any:
    if name == "sigmoid":
        return 1 / (1 + np.exp(-z))
    if name == "softmax":
        e = np.exp(z - z.max(axis=0))
        return e / e.sum(axis=0)
    return {"tanh": np.tanh, "relu": lambda t: np.maximum(t, 0), "identity": lambda t: t.copy()}[name](z)


def slope(name: str, z: Any) -> Any:
    if name == "sigmoid":
        return activation(name, z) * (1 - activation(name, z))
    return 1 - np.tanh(z) ** 2 if name == "tanh" else (z > 0) * 1.0


def assemble(exercise: str, function: Any, W: Any, Z: Any, A: Any, Y: Any, hidden: str, output: str) -> Any:
    """The recipe with one of its functions replaced by the student's."""
    if exercise == "backprop":
        return function(W, Z, A, Y, hidden, output)
    if exercise == "l2_backprop":
        return function(W, Z, A, Y, hidden, output, LAM)
    N, m = max(W), Y.shape[1]
    if exercise == "all_deltas":
        delta = function(W, Z, A, Y, hidden, output)
    else:
        delta = {N: function(output, Z[N], Y) if exercise == "output_delta" else A[N] - Y}
        for l in range(N - 1, 0, -1):
            if exercise == "hidden_delta":
                delta[l] = function(W[l + 1], delta[l + 1], Z[l], hidden)
            else:
                delta[l] = (W[l + 1].T @ delta[l + 1]) * slope(hidden, Z[l])
    if exercise == "layer_gradients":
        pairs = {l: function(delta[l], A[l - 1]) for l in W}
        return {l: pairs[l][0] for l in W}, {l: pairs[l][1] for l in W}
    dW = {l: delta[l] @ A[l - 1].T / m for l in W}
    return dW, {l: delta[l].sum(axis=1, keepdims=True) / m for l in W}


# ---- the checkers: True is "right" -------------------------------------------------------------------------


def _numerical(q: Question, h: float) -> Flat:
    return np.array(
        [(q.cost(q.theta + step) - q.cost(q.theta - step)) / (2 * h) for step in h * np.eye(q.theta.size)]
    )


def cs231n(q: Question) -> bool:
    """CS231n's notes: h = 1e-5, the largest relative error below 1e-7, or below 1e-4 where there are kinks."""
    numerical, claimed = _numerical(q, 1e-5), q.gradient(q.theta)
    errors = np.abs(numerical - claimed) / np.maximum(1e-8, np.abs(numerical) + np.abs(claimed))
    return bool(np.max(errors) < (1e-4 if q.kinks else 1e-7))


def ng(q: Question) -> bool:
    """Ng's course: epsilon 1e-7, |numerical - claimed| / (|numerical| + |claimed|) of whole vectors below 2e-7."""
    numerical, claimed = _numerical(q, 1e-7), q.gradient(q.theta)
    gap = np.linalg.norm(numerical - claimed)
    return bool(gap / (np.linalg.norm(numerical) + np.linalg.norm(claimed)) < 2e-7)


def scipy_check_grad(q: Question) -> bool:
    """scipy.optimize.check_grad with its own step; below 1e-6 in its example's order of magnitude."""
    return bool(scipy.optimize.check_grad(q.cost, q.gradient, q.theta) < 1e-6)


def _direction(q: Question) -> Flat:
    """The random unit vector along which the projecting checkers look."""
    v = np.random.default_rng(q.theta.size).normal(size=q.theta.shape)
    return np.asarray(v / np.linalg.norm(v))


def chainer_check_backward(q: Question) -> bool:
    """chainer.gradient_check.check_backward: eps = 1e-3 along one random direction, atol = 1e-5, rtol = 1e-4."""
    v = _direction(q)
    numerical = (q.cost(q.theta + 1e-3 * v) - q.cost(q.theta - 1e-3 * v)) / 2e-3
    return bool(np.isclose(q.gradient(q.theta) @ v, numerical, atol=1e-5, rtol=1e-4))


def tensorflow_compute_gradient(q: Question) -> bool:
    """tf.test.compute_gradient: delta = 1/1024 for every entry; its example asks for a largest error below 1e-4."""
    return bool(np.max(np.abs(_numerical(q, 1 / 1024) - q.gradient(q.theta))) < 1e-4)


def theano_verify_grad(q: Question) -> bool:
    """theano.gradient.verify_grad in float64: forward differences of 1e-7, wrong if off by 1e-4 both absolutely and relatively."""
    numerical = np.array(
        [(q.cost(q.theta + step) - q.cost(q.theta)) / 1e-7 for step in 1e-7 * np.eye(q.theta.size)]
    )
    gap = np.abs(numerical - q.gradient(q.theta))
    relative = gap / np.maximum(np.abs(numerical) + np.abs(q.gradient(q.theta)), 1e-8)
    return bool(np.all((gap < 1e-4) | (relative < 1e-4)))


def autograd_check_grads(q: Question) -> bool:
    """autograd.test_util.check_grads: eps = 1e-6 along one random direction, tolerances 1e-6."""
    v = _direction(q)
    numerical = (q.cost(q.theta + 5e-7 * v) - q.cost(q.theta - 5e-7 * v)) / 1e-6
    claimed = float(q.gradient(q.theta) @ v)
    gap = abs(claimed - numerical)
    return bool(gap < 1e-6 or gap < 1e-6 * abs(claimed + numerical))


def make_torch(fast: bool) -> Callable[[Question], bool]:
    """torch.autograd.gradcheck of a Function whose backward is the student's gradient. ImportError without torch."""
    import torch

    def checker(q: Question) -> bool:
        class Student(torch.autograd.Function):
            @staticmethod
            def forward(ctx: Any, theta: Any) -> Any:
                ctx.save_for_backward(theta)
                return torch.tensor(q.cost(theta.detach().numpy()), dtype=torch.float64)

            @staticmethod
            def backward(ctx: Any, upstream: Any) -> Any:
                (theta,) = ctx.saved_tensors
                return upstream * torch.from_numpy(q.gradient(theta.detach().numpy().copy()))

        theta = torch.tensor(q.theta, requires_grad=True)
        return bool(torch.autograd.gradcheck(Student.apply, (theta,), raise_exception=False, fast_mode=fast))

    return checker


def make_jax() -> Callable[[Question], bool]:
    """jax.test_util.check_grads of a function whose vjp is the student's gradient. ImportError without jax."""
    import jax

    jax.config.update("jax_enable_x64", True)
    import jax.numpy as jnp
    from jax.test_util import check_grads

    def checker(q: Question) -> bool:
        @jax.custom_vjp
        def cost(theta: Any) -> Any:
            return jnp.asarray(q.cost(np.asarray(theta)))

        def forward(theta: Any) -> Any:
            return cost(theta), np.asarray(theta)

        def backward(theta: Any, upstream: Any) -> Any:
            return (upstream * jnp.asarray(q.gradient(np.array(theta))),)

        cost.defvjp(forward, backward)
        try:
            check_grads(cost, (jnp.asarray(q.theta),), order=1, modes=("rev",))
        except AssertionError:
            return False
        return True

    return checker
