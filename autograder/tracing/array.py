"""The array that records: NumPy's functions and operators on it become nodes of a tape.

What has no slope (a comparison, argmax, a shape) comes out as plain numbers, constants of this run.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from autograder._language import N_, _
from autograder.tracing.elementwise import ELEMENTWISE
from autograder.tracing.source import Author
from autograder.tracing.tape import NotTraceable, Tape
from autograder.trees import Array

KEEP = N_("{call} of a traced array: keep it an array")
WITH = N_("np.{function} with {what} has no rule on the tape")
NO_RULE = N_("np.{function} has no rule on the tape")
CONSTANT_UFUNCS = {
    "greater",
    "greater_equal",
    "less",
    "less_equal",
    "equal",
    "not_equal",
    "isfinite",
    "isnan",
    "isinf",
    "sign",
    "floor",
    "ceil",
    "rint",
    "trunc",
    "signbit",
    "logical_and",
    "logical_or",
    "logical_not",
    "heaviside",
}


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

    def refuse(self, what: str, /, **values: str) -> NotTraceable:
        """The error for what has no rule, in a marked sentence with its values, and the author's line."""
        return NotTraceable(f"{_(what, **values)}{self.author.line()}")


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
        raise self.recorder.refuse(KEEP, call="float(...)")

    def __int__(self) -> int:
        raise self.recorder.refuse(KEEP, call="int(...)")

    def item(self, *args: Any) -> Any:
        raise self.recorder.refuse(KEEP, call="item()")

    def tolist(self) -> Any:
        raise self.recorder.refuse(KEEP, call="tolist()")

    def __array__(self, dtype: Any = None, copy: Any = None) -> Array:
        raise self.recorder.refuse(
            N_("a traced array is turned into a plain one: its path to the result is lost")
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
                WITH,
                function=ufunc.__name__,
                what=", ".join(kwargs) or method,
            )
        if name in CONSTANT_UFUNCS:
            return ufunc(*(plain_value(v) for v in inputs))
        if name in ELEMENTWISE or name == "matmul":
            found = self.recorder.record(name, inputs)
        else:
            raise self.recorder.refuse(NO_RULE, function=ufunc.__name__)
        if out is not None:
            (target,) = out
            if not isinstance(target, TracedArray):
                raise self.recorder.refuse(
                    N_("a plain array is written into: make it with np.zeros in the function")
                )
            target.index = found.index
            return target
        return found

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        handler = HANDLERS.get(function)
        if handler is not None:
            return handler(self.recorder, *args, **kwargs)
        if function in CONSTANT_FUNCTIONS:
            return function(*_plain_all(args), **{key: plain_value(v) for key, v in kwargs.items()})
        raise self.recorder.refuse(NO_RULE, function=function.__name__)

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

    # NumPy's names.
    @property
    def T(self) -> "TracedArray":
        return self.transpose()

    @property
    def mT(self) -> "TracedArray":
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


# What NumPy's own functions do with a traced array: filled in by numpy_functions.
Handler = Callable[..., Any]
HANDLERS: dict[Any, Handler] = {}
CONSTANT_FUNCTIONS: set[Any] = set()
