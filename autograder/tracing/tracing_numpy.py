"""What stands for `np` in a traced function: new arrays that may hold traced numbers."""

from typing import Any, ClassVar

import numpy as np

from autograder.tracing.array import Recorder, TracedArray, constant, plain_value


class TracingNumPy:
    """Stands for `np` in a traced function: what makes a new array makes one that may hold traced numbers."""

    MAKERS = ("zeros", "ones", "empty", "full")
    LIKE: ClassVar[dict[str, Any]] = {"zeros_like": np.zeros, "ones_like": np.ones, "empty_like": np.zeros}

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
