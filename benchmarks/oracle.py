"""What is right, established without the judge: every exercise in long double, from its statement, on
inputs of its own.

`is_right` is used to tell mutants that changed nothing from mutants that broke something. It shares no code, no inputs
and no tolerance with autograder: it compares with a long-double evaluation on a few dozen inputs, and looks at shapes,
keys, unchanged arguments and a second call.
"""

import copy
import functools
import itertools
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import oracle_forwards

L = np.longdouble
NAMES = ("sigmoid", "tanh", "relu")
OUTPUTS = ("identity", "sigmoid", "softmax")
CLOSE = 2e-10  # of an array's largest entry: mutants change far more or nothing


def wide(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: wide(item) for key, item in value.items()}
    return np.asarray(value, dtype=L)


def sigma(z: Any) -> Any:
    z = wide(z)
    return np.where(z >= 0, 1 / (1 + np.exp(-np.abs(z))), np.exp(-np.abs(z)) / (1 + np.exp(-np.abs(z))))


def simplex(z: Any) -> Any:
    z = wide(z)
    e = np.exp(z - np.max(z, axis=0))
    return e / np.sum(e, axis=0)


def value(name: str, z: Any) -> Any:
    z = wide(z)
    return {
        "sigmoid": sigma,
        "tanh": np.tanh,
        "relu": lambda t: t * (t > 0),
        "identity": lambda t: t,
        "softmax": simplex,
    }[name](z)


def slope(name: str, z: Any) -> Any:
    z = wide(z)
    if name == "sigmoid":
        return sigma(z) * sigma(-z)
    if name == "tanh":
        return 1 / np.cosh(np.clip(z, -5000, 5000)) ** 2
    return (z > 0).astype(L)


def truth(exercise: str, args: tuple[Any, ...]) -> Any:
    """The right answer in long double, from the exercise's statement."""
    if exercise in oracle_forwards.EXERCISES:
        return oracle_forwards.truth(exercise, args)
    if exercise == "affine":
        W, a, b = map(wide, args)
        return np.einsum("ij,jk->ik", W, a) + b
    if exercise == "forward":
        W, b, X, hidden, output = args
        Z, A = {}, {0: wide(X)}
        for l in sorted(W):
            Z[l] = np.einsum("ij,jk->ik", wide(W[l]), A[l - 1]) + wide(b[l])
            A[l] = value(output if l == max(W) else hidden, Z[l])
        return Z, A
    if exercise == "sigmoid":
        return sigma(args[0])
    if exercise == "softmax":
        return simplex(args[0])
    if exercise == "g_prime":
        return slope(*args)
    if exercise == "loss":
        output, z, Y = args[0], wide(args[1]), wide(args[2])
        if output == "identity":
            each = (z - Y) ** 2 / 2
        elif output == "sigmoid":
            each = np.logaddexp(L(0), z) - Y * z
        else:
            each = Y * (np.logaddexp.reduce(z, axis=0) - z)
        return np.sum(each) / z.shape[1]
    if exercise == "output_delta":
        return value(args[0], args[1]) - wide(args[2])
    if exercise == "huber_output_delta":
        r, kappa = wide(args[0]) - wide(args[1]), L(args[2])
        return np.where(np.abs(r) <= kappa, r, kappa * np.sign(r))
    if exercise == "hidden_delta":
        W, d, z, hidden = args
        return np.einsum("ji,jm->im", wide(W), wide(d)) * slope(hidden, z)
    if exercise == "residual_delta":
        W, z, da = map(wide, args)
        dz = da * slope("tanh", z)
        return dz, np.einsum("ji,jm->im", W, dz) + da
    if exercise == "layer_gradients":
        d, a = map(wide, args)
        return np.einsum("im,jm->ij", d, a) / d.shape[1], np.sum(d, axis=1)[:, None] / d.shape[1]
    if exercise in ("all_deltas", "backprop", "l2_backprop"):
        W, Z, A, Y, hidden, output = args[:6]
        N, m = max(W), Y.shape[1]
        delta = {N: value(output, Z[N]) - wide(Y)}
        for l in range(N - 1, 0, -1):
            delta[l] = np.einsum("ji,jm->im", wide(W[l + 1]), delta[l + 1]) * slope(hidden, Z[l])
        if exercise == "all_deltas":
            return delta
        lam = args[6] if exercise == "l2_backprop" else 0
        dW = {l: np.einsum("im,jm->ij", delta[l], wide(A[l - 1])) / m + L(lam) * wide(W[l]) for l in W}
        return dW, {l: np.sum(delta[l], axis=1)[:, None] / m for l in W}
    raise KeyError(exercise)


# ---- inputs ----------------------------------------------------------------------------------------------

SIZES = ((3, 5, 4, 2), (4, 4, 4), (2, 3, 1), (1, 2, 2), (3, 2), (2, 1, 3, 2, 3), (5, 5))


def _net(
    rng: np.random.Generator, hidden: str, output: str, sizes: tuple[int, ...], m: int, poisoned: bool
) -> Any:
    W = {l: rng.normal(size=(sizes[l], sizes[l - 1])) for l in range(1, len(sizes))}
    b = {l: rng.normal(size=(sizes[l], 1)) for l in W}
    X = rng.normal(size=(sizes[0], m)) * (1000 if sizes == (3, 2) else 1)
    Y = rng.random((sizes[-1], m))
    if output == "softmax":
        Y /= Y.sum(axis=0)
    Z, A = truth("forward", (W, b, X, hidden, output))
    if poisoned:
        Z = {l: wide(rng.normal(size=Z[l].shape)) for l in Z}
        A = {0: A[0]} | {l: value(output if l == max(W) else hidden, Z[l]) for l in Z}
    narrow = lambda layers: {l: layers[l].astype(float) for l in layers}  # noqa: E731
    return W, b, X, Y, narrow(Z), narrow(A)


def _logits(rng: np.random.Generator, output: str) -> Iterator[tuple[Any, Any]]:
    for k, m in ((3, 4), (2, 2), (1, 3), (4, 1), (2, 5)):
        for scale in (1, 3, 300):
            z = rng.normal(size=(k, m)) * scale
            Y = rng.random((k, m))
            yield z, Y / Y.sum(axis=0) if output == "softmax" else Y
    z = np.array([[1000.0, -1000, 0], [0, 1000, -1000]])
    hard = np.array([[0.0, 1, 1], [1, 0, 0]])
    yield z, hard
    yield z[:, ::-1].copy(), hard.astype(int)


def inputs(exercise: str) -> Iterator[tuple[Any, ...]]:
    """Arguments that the statement allows, the same at every call."""
    rng = np.random.default_rng(20260710)
    shapes = [(3, 4), (2, 2), (1, 3), (4, 1), (2, 5), (1, 1)]
    if exercise in oracle_forwards.EXERCISES:
        yield from oracle_forwards.inputs(exercise, rng)
    elif exercise == "affine":
        for n, m in shapes:
            for prev in (1, 3, n):
                yield rng.normal(size=(n, prev)), rng.normal(size=(prev, m)), rng.normal(size=(n, 1))
        yield rng.integers(-3, 4, (2, 3)), rng.integers(-3, 4, (3, 2)), rng.integers(-3, 4, (2, 1))
    elif exercise in ("sigmoid", "softmax"):
        for z, _ in _logits(rng, "softmax"):
            yield (z,)
        yield (rng.integers(-3, 4, (3, 4)),)
        yield (np.array([[1000.0, 990], [995, -1000]]),)
    elif exercise == "g_prime":
        for name in NAMES:
            for n, m in shapes:
                yield name, rng.normal(size=(n, m)) * 2
            yield name, np.array([[-30.0, -0.3, 0.4, 35.0]])
            yield name, np.array([[-3, 1], [2, -1]])
        yield "relu", np.array([[0.0, 1.0], [-1.0, 0.0]])
    elif exercise in ("loss", "output_delta"):
        for output in OUTPUTS:
            for z, Y in _logits(rng, output):
                yield output, z, Y
    elif exercise == "huber_output_delta":
        for (n, m), kappa in itertools.product(shapes, (0.3, 1.0, 2.5)):
            yield 3 * rng.normal(size=(n, m)), rng.normal(size=(n, m)), kappa
    elif exercise == "hidden_delta":
        for (n, m), nxt, hidden in itertools.product([*shapes, (6, 7)], (1, 2, 4), NAMES):
            yield rng.normal(size=(nxt, n)), rng.normal(size=(nxt, m)), 2 * rng.normal(size=(n, m)), hidden
    elif exercise == "residual_delta":
        for n, m in shapes:
            yield rng.normal(size=(n, n)), rng.normal(size=(n, m)), rng.normal(size=(n, m))
    elif exercise == "layer_gradients":
        for (n, m), prev in itertools.product(shapes, (1, 3, 4)):
            yield rng.normal(size=(n, m)), rng.normal(size=(prev, m))
    else:
        pairs = itertools.product(NAMES, OUTPUTS)
        for number, (hidden, output) in enumerate(pairs):
            for place, sizes in enumerate(SIZES):
                W, b, X, Y, Z, A = _net(
                    rng, hidden, output, sizes, (1, 4, 2, 7)[(number + place) % 4], place % 2 == 1
                )
                if exercise == "forward":
                    yield W, b, X, hidden, output
                elif exercise == "l2_backprop":
                    yield W, Z, A, Y, hidden, output, (0.0, 0.3, 1.7)[place % 3]
                else:
                    yield W, Z, A, Y, hidden, output


# ---- comparison ------------------------------------------------------------------------------------------


def _close(answer: Any, right: Any) -> bool:
    if isinstance(right, dict):
        return (
            isinstance(answer, dict)
            and set(answer) == set(right)
            and all(_close(answer[k], right[k]) for k in right)
        )
    if isinstance(right, tuple):
        return (
            isinstance(answer, tuple | list)
            and len(answer) == len(right)
            and all(_close(a, r) for a, r in zip(answer, right, strict=True))
        )
    if isinstance(answer, dict | tuple | list | str) or answer is None:
        return False
    got = np.asarray(answer)
    if got.ndim == 1 and right.shape == (got.size, 1):
        got = got[:, None]  # the contract accepts (n,) where (n, 1) is meant, with a remark
    if got.dtype.kind not in "fiub" or got.shape != right.shape:
        return False
    got = got.astype(L)
    return bool(
        np.all(np.isfinite(got))
        and np.all(np.abs(got - right) <= CLOSE * max(np.max(np.abs(right)), L(1e-30)))
    )


def _unchanged(before: Any, after: Any) -> bool:
    if isinstance(before, dict):
        return set(before) == set(after) and all(_unchanged(before[k], after[k]) for k in before)
    if isinstance(before, np.ndarray):
        return (
            before.shape == after.shape
            and before.dtype == after.dtype
            and bool(np.array_equal(before, after))
        )
    return True


def _call(function: Callable[..., Any], args: tuple[Any, ...]) -> tuple[Any, bool]:
    given = copy.deepcopy(args)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        answer = function(*given)
    return copy.deepcopy(answer), all(_unchanged(b, a) for b, a in zip(args, given, strict=True))


@functools.cache
def _asked(exercise: str) -> list[tuple[tuple[Any, ...], Any]]:
    """All inputs with their right answers; whoever calls with them copies them."""
    return [(args, truth(exercise, args)) for args in inputs(exercise)]


def is_right(exercise: str, function: Callable[..., Any]) -> bool:
    """Does the function do what the statement says, on every input here?"""
    try:
        if exercise == "numerical_delta":
            return _differentiates(function)
        if exercise == "gradient_check":
            return _checks(function)
        cases = _asked(exercise)
        for args, right in cases + cases[:3]:
            answer, pure = _call(function, args)
            if exercise == "g_prime" and args[0] == "relu" and (args[1] == 0).any():
                answer = _any_slope_at_0(answer, args[1])
            if not pure or not _close(answer, right):
                return False
    except Exception:
        return False
    return True


def _any_slope_at_0(answer: Any, z: Any) -> Any:
    """ReLU's slope at 0 may be anything from 0 to 1: then it counts as 0."""
    return np.where((z == 0) & (answer >= 0) & (answer <= 1), 0, answer)


def _differentiates(function: Callable[..., Any]) -> bool:
    rng = np.random.default_rng(4)
    for n, m in ((3, 2), (1, 1), (2, 4), (3, 3)):
        C, z = rng.normal(size=(n, n)), rng.normal(size=(n, m))
        smooth = (
            lambda t, C=C: float(np.sum(np.sin(C @ t))),
            lambda t, C=C: float(np.sum((C @ t) ** 2) / 2),
            lambda t: float(np.sum(t**3)),
        )
        for f in smooth:
            for h in (1e-2, 1e-4):
                right = np.zeros((n, m))
                for i in np.ndindex(n, m):
                    step = np.zeros((n, m))
                    step[i] = h
                    right[i] = (f(z + step) - f(z - step)) / (2 * h)
                for _ in range(2):
                    given = z.copy()
                    answer = function(f, given, h)
                    if np.shape(answer) != (n, m) or not np.allclose(answer, right, rtol=1e-9, atol=1e-9):
                        return False
                    if not np.allclose(given, z, rtol=0, atol=1e-14):
                        return False
    return True


def _central(f: Callable[[Any], float], theta: Any, h: float) -> tuple[Any, float]:
    """Eq. 9.1, and what the rounding of f may add to it."""
    numeric, largest = np.zeros(theta.shape), 0.0
    for i in np.ndindex(theta.shape):
        step = np.zeros(theta.shape)
        step[i] = h
        up, down = f(theta + step), f(theta - step)
        numeric[i] = (up - down) / (2 * h)
        largest = max(largest, abs(up), abs(down))
    return numeric, 8 * 2.2e-16 * largest / h


def _rounded_slope(rng: np.random.Generator) -> tuple[Callable[[Any], float], Any, Any]:
    """f, a point and the right gradient there, one slope 0: differences see its rounding, below eps |f| / h."""
    while True:
        theta, c, y = rng.uniform(0.5, 2, 3), rng.uniform(8, 16, 3), np.zeros(3)
        c[0], y[0] = rng.uniform(4, 8), 1 / (1 + np.exp(-theta[0]))

        def f(t: Any, c: Any = c, y: Any = y) -> float:
            return float(np.sum(c * (np.logaddexp(0, t) - y * t)))

        step = np.array([1e-5, 0, 0])
        seen = abs(f(theta + step) - f(theta - step)) / 2e-5
        if 1e-10 < seen < 0.6 * np.finfo(float).eps * abs(f(theta)) / 1e-5:
            return f, theta, c * (1 / (1 + np.exp(-theta)) - y)


def _checks(function: Callable[..., Any]) -> bool:
    """The contract: right gradients accepted, planted mistakes of 1e-4 and more rejected, nan and shapes, errors."""
    rng = np.random.default_rng(9)

    def agrees(f: Any, theta: Any, grad: Any, h: float, right: bool) -> bool:
        given = theta.copy()
        with np.errstate(all="ignore"):
            ok, errors = function(f, given, grad, h)
        if not np.allclose(given, theta, rtol=0, atol=1e-14 * (1 + np.max(np.abs(theta)))):
            return False
        if not isinstance(ok, bool | np.bool_) or bool(ok) != right:
            return False
        if np.shape(grad) != theta.shape or np.isnan(grad).any():
            return True
        numeric, noise = _central(f, theta, h)
        below = np.maximum(1e-8, np.abs(numeric) + np.abs(grad))
        expected = np.abs(numeric - grad) / below
        if np.shape(errors) != theta.shape:
            return False
        return bool(np.all(np.abs(errors - expected) <= 1e-6 * expected + 2 * noise / below))

    for shape, size in itertools.product(((3,), (2, 3), (1, 1), (2, 2, 2)), (1e-3, 1.0, 1e3)):
        first = int(np.prod(shape)) // 3
        c = rng.uniform(0.5, 2, shape) * size
        c.reshape(-1)[:first] = 0
        theta = rng.uniform(0.5, 1.0, shape) * rng.choice([-1, 1], shape)
        centre = theta + rng.uniform(0.4, 1.0, shape)
        centre.reshape(-1)[:first] = theta.reshape(-1)[:first]  # slopes of 0 with curvature: rounding shows
        steep = np.abs(c) + size
        pairs = (
            (lambda t, c=c: float(np.sum(c * t**2) / 2), c * theta, 1e-5),
            (lambda t, c=c: float(np.sum(c * np.sin(t))), c * np.cos(theta), 1e-5),
            (lambda t, c=c: float(-np.sum(c * t**3)), -3 * c * theta**2, 1e-4),
            (lambda t, c=c: float(-np.sum(c * np.exp(2 * t))), -2 * c * np.exp(2 * theta), 3e-4),
            (
                lambda t, c=steep, y=centre: float(np.sum(c * (t - y) ** 2) / 2),
                steep * (theta - centre),
                1e-5,
            ),
            (
                lambda t, c=steep, y=centre: float(-np.sum(c * (t - y) ** 2)),
                -2 * steep * (theta - centre),
                1e-5,
            ),
            (
                lambda t, c=steep, y=centre, k=77.7 * size: float(k + np.sum(c * (t - y) ** 2)),
                2 * steep * (theta - centre),
                1e-5,
            ),
        )
        for f, grad, h in pairs:
            if not agrees(f, theta, grad, h, True):
                return False
            for relative in (2e-4, 1e-3, 0.5, -2.0):
                at = np.unravel_index(int(rng.integers(first, c.size)), shape)
                wrong = grad.copy()
                wrong[at] *= 1 + relative
                if not agrees(f, theta, wrong, h, False):
                    return False
            if first:
                wrong = grad.copy()
                wrong.reshape(-1)[0] = 1e-3 * size
                if not agrees(f, theta, wrong, h, False):
                    return False
            wrong = grad.copy()
            wrong.reshape(-1)[-1] = np.nan
            for broken in (wrong, np.full(shape, np.nan), np.append(grad.reshape(-1), 1.0), grad[None]):
                if not agrees(f, theta, broken, h, False):
                    return False
    slopes = np.array([1.0, -1.5, 0.7])
    for k in (1e-6, 1e4):  # a small f, and a large one, beside slopes of size 1
        if not agrees(
            lambda t, k=k: float(slopes @ (t - 1) + k), np.ones(3), slopes * (1, 1, 1.0003), 1e-5, False
        ):
            return False
    if not agrees(*_rounded_slope(rng), 1e-5, True):
        return False
    flat = np.ones(3)
    for constant in (0.0, 5.0):
        if not agrees(lambda t, k=constant: k, flat, np.zeros(3), 1e-5, True):
            return False
    function(lambda t: float(np.sum(np.abs(t))), np.array([0.0, 1.0, 2e-6]), np.array([0.0, 1.0, 1.0]), 1e-5)
    return True
