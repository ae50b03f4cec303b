"""Runs a forward pass with recording arrays: a tape, guarded by the plain run's result."""

from collections.abc import Callable, Mapping, Sequence
from traceback import extract_tb
from types import CellType, FunctionType
from typing import Any

import numpy as np

from autograder._language import _

# Imported for the primitives and handlers that they add.
from autograder.tracing import fused, numpy_functions, products, reductions, shaping  # noqa: F401
from autograder.tracing.array import Recorder, TracedArray
from autograder.tracing.lists import add_entries, in_form_of, is_layered
from autograder.tracing.source import Author, functions_beside
from autograder.tracing.tape import NotTraceable, Tape
from autograder.tracing.tracing_numpy import TracingNumPy
from autograder.trees import copy_value

# Of the largest number: what two runs of one program may differ by
SAME = 1e-12


def traced_run(
    function: Callable[..., Any],
    arguments: Mapping[str, Any],
    differentiated: Sequence[str],
    author: Author | None = None,
) -> tuple[Tape, Author]:
    """The tape of function(**arguments); the named arguments are traced, the others are constants.

    author: what an earlier run has read of the function's file.

    NotTraceable where an operation has no rule, where the result isn't one of arrays, and where the traced
    run gives other numbers than the plain one (a write through a view, say).
    """
    tape, author = Tape(), author or Author(function)
    recorder = Recorder(tape, author)
    given = {
        name: _as_input(recorder, name, value) if name in differentiated else copy_value(value)
        for name, value in arguments.items()
    }
    with np.errstate(all="ignore"):
        result = _traced(function, recorder, given)
        plain = function(**copy_value(dict(arguments)))
    tape.outputs = tuple(_index(recorder, item) for item in as_tuple(result))
    for place, (index, expected) in enumerate(zip(tape.outputs, as_tuple(plain), strict=True)):
        got, expected = tape.nodes[index].out, np.asarray(expected)
        size = float(np.max(np.abs(expected), initial=1e-300, where=np.isfinite(expected)))
        if got.shape != expected.shape or not np.allclose(
            got, expected, rtol=0, atol=SAME * size, equal_nan=True
        ):
            raise NotTraceable(
                _(
                    "{function}: result {place} of the traced run is not that of the plain run (does it "
                    "write into a slice that shares its numbers with another array?)",
                    function=function.__name__,
                    place=place + 1,
                )
            )
    return tape, author


def _traced(function: Callable[..., Any], recorder: Recorder, given: Mapping[str, Any]) -> Any:
    """The result of the traced run. NotTraceable where anything is raised in it."""
    again = _with_tracing_numpy(function, recorder)
    try:
        return again(**given)
    except NotTraceable:
        raise
    except Exception as error:
        # NumPy, or the author's code, takes no traced array there
        lines = [
            frame.lineno
            for frame in extract_tb(error.__traceback__)
            if frame.filename == recorder.author.filename
        ]
        raise NotTraceable(
            _(
                "{function}: {kind} in the traced run: {error}",
                function=function.__name__,
                kind=type(error).__name__,
                error=error,
            )
            + (_(" (line {line})", line=lines[-1]) if lines else "")
        ) from error


def as_tuple(value: Any) -> tuple[Any, ...]:
    """A function's result as a tuple of results."""
    return tuple(value) if isinstance(value, (tuple, list)) else (value,)


def _as_input(recorder: Recorder, name: str, value: Any) -> Any:
    if is_layered(value):
        entries = [TracedArray(recorder, index) for index in add_entries(recorder.tape, name, value)]
        return in_form_of(value, entries)
    return TracedArray(recorder, recorder.tape.add_input(name, value))


def _index(recorder: Recorder, value: Any) -> int:
    if isinstance(value, TracedArray):
        return value.index
    raise NotTraceable(
        _(
            "{function}: a result is {kind}, which depends on none of the traced arguments; return arrays "
            "made of them",
            function=recorder.author.function.__name__,
            kind=type(value).__name__,
        )
    )


def _with_tracing_numpy(function: Callable[..., Any], recorder: Recorder) -> Callable[..., Any]:
    """The same function, and those of its file that it calls, with a `np` whose new arrays can be traced."""
    if not isinstance(function, FunctionType):
        raise NotTraceable(
            _("{function}: a function written in Python was expected", function=repr(function))
        )
    names = dict(function.__globals__)
    for name, value in function.__globals__.items():
        if value is np:
            names[name] = TracingNumPy(recorder)
    beside = functions_beside(function)
    for name, helper in beside.items():
        recorder.author.read(helper)
        names[name] = _again(helper, names)
    return _again(function, names)


def _again(function: FunctionType, names: dict[str, Any]) -> FunctionType:
    cells = None
    if function.__closure__:
        cells = tuple(
            CellType(_again(cell.cell_contents, names))
            if isinstance(cell.cell_contents, FunctionType)
            and cell.cell_contents.__code__.co_filename == function.__code__.co_filename
            and cell.cell_contents is not function
            else cell
            for cell in function.__closure__
        )
    again = FunctionType(function.__code__, names, function.__name__, function.__defaults__, cells)
    again.__kwdefaults__ = function.__kwdefaults__
    return again
