"""NumPy's functions on traced arrays: each becomes the operations that it is made of."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder._language import N_
from autograder.tracing.array import (
    CONSTANT_FUNCTIONS,
    HANDLERS,
    WITH,
    Handler,
    Recorder,
    as_traced,
    constant,
    plain_value,
)

CONSTANT_FUNCTIONS |= {
    np.argmax,
    np.argmin,
    np.argsort,
    np.shape,
    np.ndim,
    np.size,
    np.zeros_like,
    np.ones_like,
    np.any,
    np.all,
    np.isclose,
    np.allclose,
    np.array_equal,
    np.nonzero,
    np.flatnonzero,
    np.count_nonzero,
    np.round,
    np.around,
    np.searchsorted,
    np.digitize,
    np.result_type,
    np.iscomplexobj,
    np.isrealobj,
}


def _handles(*functions: Any) -> Callable[[Handler], Handler]:
    def add(handler: Handler) -> Handler:
        for function in functions:
            HANDLERS[function] = handler
        return handler

    return add


def _method(name: str) -> Handler:
    def call(recorder: Recorder, x: Any, *args: Any, **kwargs: Any) -> Any:
        return getattr(as_traced(recorder, x), name)(*args, **kwargs)

    return call


for _name in (
    "sum",
    "mean",
    "max",
    "min",
    "prod",
    "var",
    "std",
    "cumsum",
    "reshape",
    "ravel",
    "squeeze",
    "swapaxes",
    "copy",
):
    HANDLERS[getattr(np, _name)] = _method(_name)
HANDLERS[np.amax], HANDLERS[np.amin] = HANDLERS[np.max], HANDLERS[np.min]


@_handles(np.transpose)
def _transpose(recorder: Recorder, x: Any, axes: Any = None) -> Any:
    x = as_traced(recorder, x)
    return x.transpose() if axes is None else x.transpose(axes)


@_handles(np.moveaxis)
def _moveaxis(recorder: Recorder, x: Any, source: Any, destination: Any) -> Any:
    x = as_traced(recorder, x)
    return x.transpose(
        [
            int(a)
            for a in np.moveaxis(np.empty(tuple(range(1, x.ndim + 1))), source, destination).shape
            - np.ones(x.ndim, int)
        ]
    )


@_handles(np.expand_dims)
def _expand_dims(recorder: Recorder, x: Any, axis: Any) -> Any:
    x = as_traced(recorder, x)
    return x.reshape(np.expand_dims(x.value, axis).shape)


@_handles(np.atleast_2d)
def _atleast_2d(recorder: Recorder, x: Any) -> Any:
    x = as_traced(recorder, x)
    return x.reshape(np.atleast_2d(x.value).shape)


@_handles(np.broadcast_to)
def _broadcast_to(recorder: Recorder, x: Any, shape: Any) -> Any:
    return recorder.record("broadcast_to", [x], shape=tuple(np.atleast_1d(shape)))


@_handles(np.where)
def _where(recorder: Recorder, condition: Any, *branches: Any) -> Any:
    if not branches:
        return np.where(plain_value(condition))
    return recorder.record("where", list(branches), condition=plain_value(condition))


@_handles(np.tril)
def _lower(recorder: Recorder, x: Any, k: int = 0) -> Any:
    x = as_traced(recorder, x)
    return recorder.record("where", [x, 0.0], condition=np.tril(np.ones(x.shape), k) == 1)


@_handles(np.triu)
def _upper(recorder: Recorder, x: Any, k: int = 0) -> Any:
    x = as_traced(recorder, x)
    return recorder.record("where", [x, 0.0], condition=np.triu(np.ones(x.shape), k) == 1)


@_handles(np.clip)
def _clip(recorder: Recorder, x: Any, a_min: Any = None, a_max: Any = None, **kwargs: Any) -> Any:
    low, high = kwargs.get("min", a_min), kwargs.get("max", a_max)
    found = x if low is None else np.maximum(x, low)
    return found if high is None else np.minimum(found, high)


@_handles(np.dot)
def _dot(recorder: Recorder, a: Any, b: Any) -> Any:
    n_a, n_b = np.ndim(plain_value(a)), np.ndim(plain_value(b))
    if not n_a or not n_b:
        return recorder.record("multiply", [a, b])
    if n_b > 2:
        raise recorder.refuse(
            N_("np.dot with more than two axes has no rule on the tape: use @ or np.einsum")
        )
    return recorder.record("matmul", [a, b])


@_handles(np.inner)
def _inner(recorder: Recorder, a: Any, b: Any) -> Any:
    if np.ndim(plain_value(a)) == 1 == np.ndim(plain_value(b)):
        return recorder.record("matmul", [a, b])
    return recorder.record("matmul", [a, np.transpose(b)])


@_handles(np.vdot)
def _vdot(recorder: Recorder, a: Any, b: Any) -> Any:
    return (as_traced(recorder, a).ravel() * as_traced(recorder, b).ravel()).sum()


@_handles(np.outer)
def _outer(recorder: Recorder, a: Any, b: Any) -> Any:
    return recorder.record("outer", [a, b])


@_handles(np.tensordot)
def _tensordot(recorder: Recorder, a: Any, b: Any, axes: Any = 2) -> Any:
    n_a, n_b = np.ndim(plain_value(a)), np.ndim(plain_value(b))
    if isinstance(axes, int):
        over_a, over_b = list(range(n_a - axes, n_a)), list(range(axes))
    else:
        over_a, over_b = (list(np.atleast_1d(x)) for x in axes)
    left = [chr(97 + i) for i in range(n_a)]
    right = [chr(97 + n_a + i) for i in range(n_b)]
    for i, j in zip(over_a, over_b, strict=True):
        right[j % n_b] = left[i % n_a]
    kept = [c for i, c in enumerate(left) if i not in [x % n_a for x in over_a]]
    kept += [c for j, c in enumerate(right) if j not in [x % n_b for x in over_b]]
    return recorder.record("einsum", [a, b], subscripts=f"{''.join(left)},{''.join(right)}->{''.join(kept)}")


@_handles(np.einsum)
def _einsum(recorder: Recorder, subscripts: str, *operands: Any, **_: Any) -> Any:
    if "..." in subscripts:
        raise recorder.refuse(N_("np.einsum with ... has no rule on the tape: write the letters"))
    return recorder.record("einsum", list(operands), subscripts=subscripts)


@_handles(np.concatenate)
def _concatenate(recorder: Recorder, parts: Any, axis: int = 0, **_: Any) -> Any:
    return recorder.record("concatenate", list(parts), axis=axis)


@_handles(np.stack)
def _stack(recorder: Recorder, parts: Any, axis: int = 0, **_: Any) -> Any:
    return recorder.record("stack", list(parts), axis=axis)


@_handles(np.hstack)
def _hstack(recorder: Recorder, parts: Any, **_: Any) -> Any:
    parts = list(parts)
    return recorder.record("concatenate", parts, axis=0 if np.ndim(plain_value(parts[0])) == 1 else 1)


@_handles(np.vstack)
def _vstack(recorder: Recorder, parts: Any, **_: Any) -> Any:
    parts = list(parts)
    if np.ndim(plain_value(parts[0])) == 1:
        return recorder.record("stack", parts, axis=0)
    return recorder.record("concatenate", parts, axis=0)


@_handles(np.split)
def _split(recorder: Recorder, x: Any, sections: Any, axis: int = 0) -> Any:
    x = as_traced(recorder, x)
    parts = np.split(np.arange(x.shape[axis]), sections)
    key = [slice(None)] * x.ndim
    found = []
    for part in parts:
        key[axis] = slice(int(part[0]), int(part[-1]) + 1) if part.size else slice(0, 0)
        found.append(x[tuple(key)])
    return found


@_handles(np.pad)
def _pad(recorder: Recorder, x: Any, pad_width: Any, mode: str = "constant", **kwargs: Any) -> Any:
    if mode != "constant" or kwargs.get("constant_values", 0) != 0:
        raise recorder.refuse(WITH, function="pad", what=f"mode {mode!r}")
    return recorder.record("pad", [x], width=pad_width)


@_handles(np.repeat)
def _repeat(recorder: Recorder, x: Any, repeats: Any, axis: Any = None) -> Any:
    return recorder.record("repeat", [x], repeats=repeats, axis=axis)


@_handles(np.tile)
def _tile(recorder: Recorder, x: Any, reps: Any) -> Any:
    return recorder.record("tile", [x], reps=reps)


@_handles(np.roll)
def _roll(recorder: Recorder, x: Any, shift: Any, axis: Any = None) -> Any:
    return recorder.record("roll", [x], shift=shift, axis=axis)


@_handles(np.flip)
def _flip(recorder: Recorder, x: Any, axis: Any = None) -> Any:
    return recorder.record("flip", [x], axis=axis)


@_handles(np.take)
def _take(recorder: Recorder, x: Any, indices: Any, axis: Any = None, **_: Any) -> Any:
    x = as_traced(recorder, x)
    if axis is None:
        return x.ravel()[indices]
    return x[(slice(None),) * (axis % x.ndim) + (np.asarray(plain_value(indices)),)]


@_handles(np.take_along_axis)
def _take_along_axis(recorder: Recorder, x: Any, indices: Any, axis: int) -> Any:
    x, indices = as_traced(recorder, x), np.asarray(plain_value(indices))
    key = list(np.ogrid[tuple(slice(n) for n in indices.shape)])
    key[axis % x.ndim] = indices
    return x[tuple(key)]


@_handles(np.linalg.norm)
def _norm(recorder: Recorder, x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    x = as_traced(recorder, x)
    if ord not in (None, 2, "fro") or (ord == 2 and axis is None and x.ndim == 2):
        raise recorder.refuse(WITH, function="linalg.norm", what=f"ord={ord!r}")
    return np.sqrt((x * x).sum(axis=axis, keepdims=keepdims))


@_handles(np.trace)
def _trace(recorder: Recorder, x: Any, **_: Any) -> Any:
    return recorder.record("einsum", [x], subscripts="ii->")


@_handles(np.diagonal, np.diag)
def _diagonal(recorder: Recorder, x: Any, **_: Any) -> Any:
    x = as_traced(recorder, x)
    n = min(x.shape)
    if x.ndim == 1:
        found = constant(recorder, np.zeros((n, n)))
        found[np.arange(n), np.arange(n)] = x
        return found
    return x[np.arange(n), np.arange(n)]
