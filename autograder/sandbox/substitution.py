"""Right functions as a cell of text, to stand in a notebook's namespace in the place of the student's own.

The student's side imports nothing of ours, so the functions go there with what they call, compiled: both
sides are the same Python. Nothing in it is secret: it is the recipe that the book prints.
"""

import inspect
import marshal
from collections.abc import Callable, Mapping
from functools import cache
from types import CodeType, FunctionType
from typing import Any


def replacement_cell(functions: Mapping[str, Callable[..., Any]]) -> str:
    """A cell that binds each name that the notebook has to its function; these need NumPy as np alone."""
    return _cell(tuple(functions.items()))


@cache
def _cell(functions: tuple[tuple[str, Callable[..., Any]], ...]) -> str:
    parts: dict[str, str] = {}
    for _, function in functions:
        _add(function, parts)
    source = "from __future__ import annotations\nimport numpy as np\n\n" + "\n\n".join(parts.values())
    code = marshal.dumps(compile(source, "<right functions>", "exec"))
    chosen = {name: function.__name__ for name, function in functions}
    return (
        f"(lambda own, s: (exec(__import__('marshal').loads({code!r}), s), own.update("
        f"{{k: s[v] for k, v in {chosen!r}.items() if k in own}})))(globals(), {{}})"
    )


def _add(function: Callable[..., Any], parts: dict[str, str]) -> None:
    """The source of a function, and before it of what it calls."""
    if function.__name__ in parts or not isinstance(function, FunctionType):
        return
    parts[function.__name__] = inspect.getsource(function)
    for name in _names(function.__code__):
        value = function.__globals__.get(name)
        if isinstance(value, FunctionType):
            _add(value, parts)
        elif isinstance(value, (tuple, str, int, float)):
            parts[name] = f"{name} = {value!r}"


def _names(code: CodeType) -> set[str]:
    found = set(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            found |= _names(constant)
    return found
