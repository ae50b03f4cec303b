"""nbgrader's database models and nothing else of nbgrader.

`import nbgrader` starts with four server extensions and, through jsonschema, with a grammar compiled anew each time:
3.6 s of processor time, more than a class of forty takes to grade. The models alone take 1.4 s.
"""

import importlib
import importlib.util
import sys
from types import ModuleType
from typing import Any

SLOW = "rfc3987_syntax"  # jsonschema asks for it to check IRIs, which no gradebook holds


def models() -> Any:
    """The module nbgrader.api; ModuleNotFoundError if nbgrader is not installed."""
    return _part("nbgrader.api")


def utilities() -> Any:
    """The module nbgrader.utils."""
    return _part("nbgrader.utils")


def _part(name: str) -> Any:
    if name in sys.modules or "nbgrader" in sys.modules:
        return importlib.import_module(name)
    found = importlib.util.find_spec("nbgrader")
    if found is None or found.submodule_search_locations is None:
        raise ModuleNotFoundError("No module named 'nbgrader'", name="nbgrader")
    package = ModuleType("nbgrader")  # stands in for the package, whose own text then does not run
    package.__path__ = list(found.submodule_search_locations)
    sys.modules["nbgrader"] = package
    without = SLOW not in sys.modules
    if without:
        sys.modules[SLOW] = None  # type: ignore[assignment]
    try:
        return importlib.import_module(name)
    finally:
        del sys.modules["nbgrader"]  # whoever imports nbgrader later gets the real one
        if without:
            del sys.modules[SLOW]
