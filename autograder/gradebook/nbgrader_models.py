"""nbgrader's database models and nothing else of nbgrader.

`import nbgrader` starts with four server extensions and, through jsonschema, with a grammar compiled anew
each time: 3.6 s of processor time, more than a class of forty takes to grade. The models alone still import
what a gradebook never calls, JupyterHub's client, setuptools and a JSON schema validator: as much again as
SQLAlchemy takes.
"""

import importlib
import importlib.util
import sys
from types import ModuleType
from typing import Any

# Asked for by nbgrader.api and nbgrader.utils, for annotations or for functions that a gradebook never calls.
UNUSED = ("nbgrader.auth", "nbformat", "nbformat.notebooknode", "setuptools", "setuptools.archive_util")


class Unused(ModuleType):
    """A module of which every name is a class that nobody uses."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


def models() -> Any:
    """The module nbgrader.api; ModuleNotFoundError if nbgrader is not installed."""
    if "nbgrader" in sys.modules or "nbgrader.api" in sys.modules:
        return importlib.import_module("nbgrader.api")
    return _alone()


def utilities() -> Any:
    """The module nbgrader.utils."""
    return models().utils


def _alone() -> Any:
    found = importlib.util.find_spec("nbgrader")
    if found is None or found.submodule_search_locations is None:
        raise ModuleNotFoundError("No module named 'nbgrader'", name="nbgrader")
    # Stands in for the package, whose own text then does not run
    package = ModuleType("nbgrader")
    package.__path__ = list(found.submodule_search_locations)
    unused = {name: Unused(name) for name in UNUSED if name not in sys.modules}
    sys.modules.update(unused, nbgrader=package)
    try:
        return importlib.import_module("nbgrader.api")
    finally:
        # Whoever imports these later gets the real ones
        for name in ("nbgrader", "nbgrader.utils", *unused):
            sys.modules.pop(name, None)
