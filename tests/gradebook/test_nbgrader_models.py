"""nbgrader's models alone: quick to import, and the whole package still imports after them."""

import importlib
import importlib.util
import subprocess
import sys
from importlib.machinery import ModuleSpec
from types import ModuleType

import pytest

from autograder.gradebook.nbgrader_models import models

PROGRAM = """
import sys
from autograder.gradebook.nbgrader_models import models, utilities
api = models()
unused = {"nbgrader", "nbgrader.auth", "nbformat", "setuptools", "jsonschema", "rfc3987_syntax", "requests"}
assert not unused & set(sys.modules), unused & set(sys.modules)
assert not [name for name in sys.modules if name.startswith("nbgrader.server_extensions")]
assert utilities().parse_utc("2026-01-31 18:00 UTC").hour == 18
import nbgrader
from nbgrader.api import Gradebook
from nbgrader.auth import Authenticator
from nbgrader.utils import is_grade, unpack_archive
import nbformat
assert unpack_archive.__module__ == "setuptools.archive_util"
assert Authenticator.mro()[1].__name__ == "LoggingConfigurable"
assert nbformat.v4.new_notebook() and not is_grade(nbformat.v4.new_code_cell())
assert Gradebook is api.Gradebook and models() is api and nbgrader.__version__
"""


def test_the_models_come_alone_and_the_package_later():
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_without_nbgrader_the_error_names_it():
    program = "import importlib.util; importlib.util.find_spec = lambda name: None\n"
    program += "from autograder.gradebook.nbgrader_models import models\n"
    program += "try: models()\n"
    program += "except ModuleNotFoundError as error: assert error.name == 'nbgrader'\n"
    program += "else: raise SystemExit(1)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_nbgrader_that_is_imported_already_is_used_as_it_is(monkeypatch):
    whole, asked = ModuleType("nbgrader"), []
    monkeypatch.setitem(sys.modules, "nbgrader", whole)
    monkeypatch.delitem(sys.modules, "nbgrader.api", raising=False)
    monkeypatch.setattr(importlib, "import_module", asked.append)
    models()
    assert asked == ["nbgrader.api"]
    assert sys.modules["nbgrader"] is whole


@pytest.mark.parametrize("found", [None, ModuleSpec("nbgrader", None)])
def test_a_file_of_that_name_is_no_nbgrader(monkeypatch, found):
    monkeypatch.delitem(sys.modules, "nbgrader", raising=False)
    monkeypatch.delitem(sys.modules, "nbgrader.api", raising=False)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: found)
    with pytest.raises(ModuleNotFoundError, match="nbgrader"):
        models()
