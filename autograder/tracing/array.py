"""The array that records: NumPy's functions and operators on it become nodes of a tape.

What has no slope (a comparison, argmax, a shape) comes out as plain numbers, constants of this run.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from autograder.tracing.elementwise import ELEMENTWISE
from autograder.tracing.source import Author
from autograder.tracing.tape import Array, NotTraceable, Tape

CONSTANT_UFUNCS = {
    "greater", "greater_equal", "less", "less_equal", "equal", "not_equal", "isfinite", "isnan", "isinf", "sign",
    "floor", "ceil", "rint", "trunc", "signbit", "logical_and", "logical_or", "logical_not", "heaviside",
}  # fmt: skip


class Recorder:
    """A tape that is being written, and the author's source, which tells where each operation stands."""

    def __init__(self, tape: Tape, author: Author) -> None:
        self.tape, self.author = tape, author

    def record(self, op: str, values: Sequence[Any], **options: Any) -> "TracedArray":
        """Do an operation on traced and plain values, and keep it."""
        site = self.author.site(op)
        parents = [value.index if isinstance(value, TracedArray) else None for value in values]
        plain = [plain_value(value) for value in values]
        return TracedArray(self, self.tape.record(op, parents, plain, options, site))

    def refuse(self, what: str) -> NotTraceable:
        """The error for what has no rule, with the author's line."""
        return NotTraceable(f"{what}{self.author.line()}")


def plain_value(value: Any) -> Any:
    """A traced array's numbers; anything else as it is, lists as arrays."""
    if isinstance(value, TracedArray):
        return value.value
    if isinstance(value, (list, tuple)) and value and not any(isinstance(v, TracedArray) for v in value):
        return np.asarray(value)
    return value


class TracedArray(np.lib.mixins.NDArrayOperatorsMixin):
    """Stands for an array in a traced run. It may change (out[i] = v): then it points to a later node."""

    __array_priority__ = 1000

    def __init__(self, recorder: Recorder, index: int) -> None:
        self.recorder, self.index = recorder, index

    @property
    def value(self) -> Array:
        """The numbers."""
        return self.recorder.tape.nodes[self.index].out

    # ---- what is known without a slope ---------------------------------------------------------------------

    @property
    def shape(self) -> tuple[int, ...]:
        return self.value.shape

    @property
    def ndim(self) -> int:
        return self.value.ndim

    @property
    def size(self) -> int:
        return self.value.size

    @property
    def dtype(self) -> Any:
        return self.value.dtype

    def __len__(self) -> int:
        return len(self.value)

    def argmax(self, axis: Any = None, **kwargs: Any) -> Any:
        return self.value.argmax(axis=axis, **kwargs)

    def argmin(self, axis: Any = None, **kwargs: Any) -> Any:
        return self.value.argmin(axis=axis, **kwargs)

    def argsort(self, axis: int = -1, **kwargs: Any) -> Any:
        return self.value.argsort(axis=axis, **kwargs)

    def any(self, *args: Any, **kwargs: Any) -> Any:
        return self.value.any(*args, **kwargs)

    def all(self, *args: Any, **kwargs: Any) -> Any:
        return self.value.all(*args, **kwargs)

    def __bool__(self) -> bool:
        return bool(self.value)

    def __float__(self) -> float:
        raise self.recorder.refuse("float(...) of a traced array: keep it an array")

    def __int__(self) -> int:
        raise self.recorder.refuse("int(...) of a traced array: keep it an array")

    def item(self, *args: Any) -> Any:
        raise self.recorder.refuse("item() of a traced array: keep it an array")

    def tolist(self) -> Any:
        raise self.recorder.refuse("tolist() of a traced array: keep it an array")

    def __array__(self, dtype: Any = None, copy: Any = None) -> Array:
        raise self.recorder.refuse(
            "a traced array is turned into a plain one: its path to the result is lost"
        )

    __hash__ = None  # type: ignore[assignment]

    # ---- NumPy's protocols ---------------------------------------------------------------------------------

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        out = kwargs.pop("out", None)
        name = {"true_divide": "divide", "float_power": "power", "fabs": "absolute"}.get(
            ufunc.__name__, ufunc.__name__
        )
        kwargs.pop("dtype", None)
        if method == "reduce" and name in ("add", "maximum", "minimum", "multiply"):
            reduction = {"add": "sum", "maximum": "max", "minimum": "min", "multiply": "prod"}[name]
            return getattr(as_traced(self.recorder, inputs[0]), reduction)(
                axis=kwargs.get("axis", 0), keepdims=kwargs.get("keepdims", False)
            )
        if method == "outer" and name == "multiply":
            return self.recorder.record("outer", inputs)
        if method != "__call__" or kwargs:
            raise self.recorder.refuse(
                f"np.{ufunc.__name__} with {', '.join(kwargs) or method} has no rule on the tape"
            )
        if name in CONSTANT_UFUNCS:
            return ufunc(*(plain_value(v) for v in inputs))
        if name in ELEMENTWISE or name == "matmul":
            found = self.recorder.record(name, inputs)
        else:
            raise self.recorder.refuse(f"np.{ufunc.__name__} has no rule on the tape")
        if out is not None:
            (target,) = out
            if not isinstance(target, TracedArray):
                raise self.recorder.refuse(
                    "a plain array is written into: make it with np.zeros in the function"
                )
            target.index = found.index
            return target
        return found

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        handler = FUNCTIONS.get(function)
        if handler is not None:
            return handler(self.recorder, *args, **kwargs)
        if function in CONSTANT_FUNCTIONS:
            return function(*_plain_all(args), **{key: plain_value(v) for key, v in kwargs.items()})
        raise self.recorder.refuse(f"np.{function.__name__} has no rule on the tape")

    # ---- methods -------------------------------------------------------------------------------------------

    def _reduced(self, op: str, axis: Any, keepdims: bool) -> "TracedArray":
        axis = tuple(axis) if isinstance(axis, list) else axis
        return self.recorder.record(op, [self], axis=axis, keepdims=bool(keepdims))

    def sum(self, axis: Any = None, keepdims: bool = False, **_: Any) -> "TracedArray":
        return self._reduced("sum", axis, keepdims)

    def mean(self, axis: Any = None, keepdims: bool = False, **_: Any) -> "TracedArray":
        return self._reduced("mean", axis, keepdims)

    def max(self, axis: Any = None, keepdims: bool = False, **_: Any) -> "TracedArray":
        return self._reduced("max", axis, keepdims)

    def min(self, axis: Any = None, keepdims: bool = False, **_: Any) -> "TracedArray":
        return self._reduced("min", axis, keepdims)

    def prod(self, axis: Any = None, keepdims: bool = False, **_: Any) -> "TracedArray":
        return self._reduced("prod", axis, keepdims)

    def var(self, axis: Any = None, ddof: int = 0, keepdims: bool = False, **_: Any) -> "TracedArray":
        """The mean square of what is left when the mean is taken off."""
        off = self - self.mean(axis=axis, keepdims=True)
        if not ddof:
            return (off * off).mean(axis=axis, keepdims=keepdims)
        total = (off * off).sum(axis=axis, keepdims=keepdims)
        return total / (self.size // max(total.size, 1) - ddof)

    def std(self, axis: Any = None, ddof: int = 0, keepdims: bool = False, **_: Any) -> Any:
        return np.sqrt(self.var(axis=axis, ddof=ddof, keepdims=keepdims))

    def cumsum(self, axis: Any = None, **_: Any) -> "TracedArray":
        flat = self.ravel() if axis is None else self
        return self.recorder.record("cumsum", [flat], axis=axis or 0)

    def reshape(self, *shape: Any, **_: Any) -> "TracedArray":
        wanted = shape[0] if len(shape) == 1 and not isinstance(shape[0], (int, np.integer)) else shape
        return self.recorder.record("reshape", [self], shape=wanted)

    def ravel(self, *_: Any) -> "TracedArray":
        return self.reshape(-1)

    flatten = ravel

    def squeeze(self, axis: Any = None) -> "TracedArray":
        return self.reshape(np.squeeze(self.value, axis=axis).shape)

    def transpose(self, *axes: Any) -> "TracedArray":
        given = axes[0] if len(axes) == 1 and not isinstance(axes[0], (int, np.integer)) else axes
        wanted = None if not given else tuple(int(a) % self.ndim for a in given)
        return self.recorder.record("transpose", [self], axes=wanted)

    @property
    def T(self) -> "TracedArray":  # NumPy's name
        return self.transpose()

    @property
    def mT(self) -> "TracedArray":  # NumPy's name
        return self.swapaxes(-1, -2)

    def swapaxes(self, a: int, b: int) -> "TracedArray":
        order = list(range(self.ndim))
        order[a], order[b] = order[b], order[a]
        return self.transpose(order)

    def dot(self, other: Any) -> Any:
        return np.dot(self, other)

    def copy(self, *_: Any) -> "TracedArray":
        return self.recorder.record("copy", [self])

    def astype(self, dtype: Any, **_: Any) -> Any:
        if np.dtype(dtype).kind != "f":
            return self.value.astype(dtype)
        return self

    def clip(self, low: Any = None, high: Any = None, **_: Any) -> Any:
        return np.clip(self, low, high)

    def repeat(self, repeats: Any, axis: Any = None) -> Any:
        return np.repeat(self, repeats, axis=axis)

    def take(self, indices: Any, axis: Any = None) -> Any:
        return np.take(self, indices, axis=axis)

    # ---- items ---------------------------------------------------------------------------------------------

    def __getitem__(self, key: Any) -> "TracedArray":
        return self.recorder.record("getitem", [self], key=_plain_key(key))

    def __setitem__(self, key: Any, value: Any) -> None:
        self.index = self.recorder.record("setitem", [self, value], key=_plain_key(key)).index

    def __iter__(self) -> Iterator["TracedArray"]:
        if not self.ndim:
            raise TypeError("iteration over a number")
        return (self[i] for i in range(len(self)))


def _plain_key(key: Any) -> Any:
    if isinstance(key, tuple):
        return tuple(plain_value(k) for k in key)
    found = plain_value(key)
    return np.array(found) if isinstance(found, np.ndarray) else found


def _plain_all(values: Any) -> Any:
    if isinstance(values, (list, tuple)):
        return type(values)(_plain_all(v) for v in values)
    return plain_value(values)


def as_traced(recorder: Recorder, value: Any) -> TracedArray:
    """A value as a traced array; a plain one becomes a constant of its own."""
    if isinstance(value, TracedArray):
        return value
    if isinstance(value, (list, tuple)) and any(isinstance(v, TracedArray) for v in value):
        return recorder.record("stack", list(value), axis=0)
    return constant(recorder, np.asarray(value, dtype=float))


def constant(recorder: Recorder, value: Array) -> TracedArray:
    """A plain array that the function may write into."""
    return TracedArray(
        recorder, recorder.tape.record("copy", [None], [value], {}, recorder.author.site("copy"))
    )


Handler = Callable[..., Any]
FUNCTIONS: dict[Any, Handler] = {}
CONSTANT_FUNCTIONS = {
    np.argmax, np.argmin, np.argsort, np.shape, np.ndim, np.size, np.zeros_like, np.ones_like, np.any, np.all,
    np.isclose, np.allclose, np.array_equal, np.nonzero, np.flatnonzero, np.count_nonzero, np.round, np.around,
    np.searchsorted, np.digitize, np.result_type, np.iscomplexobj, np.isrealobj,
}  # fmt: skip


def _handles(*functions: Any) -> Callable[[Handler], Handler]:
    def add(handler: Handler) -> Handler:
        for function in functions:
            FUNCTIONS[function] = handler
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
    FUNCTIONS[getattr(np, _name)] = _method(_name)
FUNCTIONS[np.amax], FUNCTIONS[np.amin] = FUNCTIONS[np.max], FUNCTIONS[np.min]


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


@_handles(np.clip)
def _clip(recorder: Recorder, x: Any, a_min: Any = None, a_max: Any = None, **kwargs: Any) -> Any:
    low, high = kwargs.get("min", a_min), kwargs.get("max", a_max)
    found = x if low is None else np.maximum(x, low)
    return found if high is None else np.minimum(found, high)


@_handles(np.dot)
def _dot(recorder: Recorder, a: Any, b: Any) -> Any:
    na, nb = np.ndim(plain_value(a)), np.ndim(plain_value(b))
    if not na or not nb:
        return recorder.record("multiply", [a, b])
    if nb > 2:
        raise recorder.refuse("np.dot with more than two axes has no rule on the tape: use @ or np.einsum")
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
    na, nb = np.ndim(plain_value(a)), np.ndim(plain_value(b))
    if isinstance(axes, int):
        over_a, over_b = list(range(na - axes, na)), list(range(axes))
    else:
        over_a, over_b = (list(np.atleast_1d(x)) for x in axes)
    left = [chr(97 + i) for i in range(na)]
    right = [chr(97 + na + i) for i in range(nb)]
    for i, j in zip(over_a, over_b, strict=True):
        right[j % nb] = left[i % na]
    kept = [c for i, c in enumerate(left) if i not in [x % na for x in over_a]]
    kept += [c for j, c in enumerate(right) if j not in [x % nb for x in over_b]]
    return recorder.record("einsum", [a, b], subscripts=f"{''.join(left)},{''.join(right)}->{''.join(kept)}")


@_handles(np.einsum)
def _einsum(recorder: Recorder, subscripts: str, *operands: Any, **_: Any) -> Any:
    if "..." in subscripts:
        raise recorder.refuse("np.einsum with ... has no rule on the tape: write the letters")
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
        raise recorder.refuse(f"np.pad with mode {mode!r} has no rule on the tape")
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
        raise recorder.refuse(f"np.linalg.norm with ord={ord!r} has no rule on the tape")
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


class TracingNumPy:
    """Stands for `np` in a traced function: what makes a new array makes one that may hold traced numbers."""

    MAKERS = ("zeros", "ones", "empty", "full")
    LIKE = {"zeros_like": np.zeros, "ones_like": np.ones, "empty_like": np.zeros}

    def __init__(self, recorder: Recorder, under: Any = np) -> None:
        self._recorder, self._under = recorder, under

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._under, name)
        if self._under is not np:
            return found
        if name in self.MAKERS:
            return self._made(found)
        if name in self.LIKE:
            return lambda x, **_: constant(self._recorder, self.LIKE[name](np.shape(plain_value(x))))
        if name == "full_like":
            return lambda x, value, **_: constant(self._recorder, np.full(np.shape(plain_value(x)), value))
        if name in ("array", "asarray", "asanyarray", "ascontiguousarray"):
            return self._array(found)
        return found

    def _made(self, maker: Any) -> Any:
        def make(*args: Any, **kwargs: Any) -> Any:
            dtype = kwargs.get("dtype")
            if dtype is not None and np.dtype(dtype).kind != "f":
                return maker(*args, **kwargs)
            if maker is np.empty:
                return constant(self._recorder, np.zeros(*args, **kwargs))
            return constant(self._recorder, np.asarray(maker(*args, **kwargs), dtype=float))

        return make

    def _array(self, maker: Any) -> Any:
        def make(x: Any, *args: Any, **kwargs: Any) -> Any:
            if isinstance(x, TracedArray):
                return x.copy() if maker is np.array else x
            if isinstance(x, (list, tuple)) and _holds_traced(x):
                return _nested_stack(self._recorder, x)
            return maker(x, *args, **kwargs)

        return make


def _holds_traced(x: Any) -> bool:
    if isinstance(x, (list, tuple)):
        return any(_holds_traced(v) for v in x)
    return isinstance(x, TracedArray)


def _nested_stack(recorder: Recorder, x: Any) -> TracedArray:
    parts = [_nested_stack(recorder, v) if isinstance(v, (list, tuple)) else v for v in x]
    return recorder.record("stack", parts, axis=0)
