"""Running error analysis of any NumPy code: values that carry how far rounding may have moved them.

`Running(value, units)` goes through a formula in place of an array: each operation passes on the errors of its
inputs, as its slopes say, and adds its own. So units is a bound to first order, of that one formula.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

# One evaluation of exp or tanh, in units of u of its result, as autograder/exercises/rounding.py counts it
FUNCTION = 8.0
SLOPES: dict[Any, Callable[..., tuple[Any, ...]]] = {
    np.negative: lambda x, out: (1.0,),
    np.absolute: lambda x, out: (1.0,),
    np.exp: lambda x, out: (out,),
    np.tanh: lambda x, out: (1 - out * out,),
    np.add: lambda x, y, out: (1.0, 1.0),
    np.subtract: lambda x, y, out: (1.0, 1.0),
    np.multiply: lambda x, y, out: (y, x),
    np.divide: lambda x, y, out: (1 / y, out / y),
    np.power: lambda x, p, out: (p * x ** (p - 1.0), 0.0),
}
# In units of u of the result; every other operation rounds once.
OWN = {np.negative: 0.0, np.absolute: 0.0, np.exp: FUNCTION, np.tanh: FUNCTION, np.power: FUNCTION}


class Running(np.lib.mixins.NDArrayOperatorsMixin):
    """An array with its error, both of one shape, in units of u."""

    def __init__(self, value: Any, units: Any) -> None:
        self.value = np.asarray(value)
        self.units = np.broadcast_to(units, self.value.shape)
        self.shape = self.value.shape

    @property
    def T(self) -> "Running":
        return Running(self.value.T, self.units.T)

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        """The plain numbers: which branch of np.where is taken doesn't round."""
        return self.value

    def __array_ufunc__(self, f: Any, method: str, *inputs: Any, **how: Any) -> Any:
        values = [_value(x) for x in inputs]
        out, errors = f(*values), [_units(x) for x in inputs]
        if f is np.matmul:
            a, b = map(np.abs, values)
            passed_on = errors[0] @ b + a @ errors[1]
            return Running(out, passed_on + a.shape[-1] * (a @ b))
        slopes = SLOPES[f](*values, out)
        passed_on = sum(np.abs(slope) * e for slope, e in zip(slopes, errors, strict=True))
        return Running(out, passed_on + OWN.get(f, 1.0) * np.abs(out))

    def __array_function__(self, f: Any, types: Any, args: Any, how: Any) -> Any:
        if f is np.sum:
            (x,) = args
            out = np.sum(x.value, **how)
            n = x.value.size // out.size
            return Running(out, np.sum(x.units + n * np.abs(x.value), **how))
        if f is np.max:
            (x,) = args
            return Running(np.max(x.value, **how), np.max(x.units, **how))
        if f is np.where:
            condition, *branches = args
            return Running(
                np.where(condition, *map(_value, branches)), np.where(condition, *map(_units, branches))
            )
        return NotImplemented


def _value(x: Any) -> Any:
    return x.value if isinstance(x, Running) else x


def _units(x: Any) -> Any:
    return x.units if isinstance(x, Running) else np.zeros(np.shape(x))


def given(x: Any) -> Running:
    """An input, which a student may convert to float32: its own representation is an error of one unit."""
    return Running(x, np.abs(x))
