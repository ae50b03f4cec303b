"""The commands put together: help asks for none of them, and each is whole when it is called."""

import gc
import re
import subprocess
import sys
from importlib import import_module

import pytest
from typer.testing import CliRunner

from autograder import _language
from autograder.cli import feedback, help_words
from autograder.cli.app import MODULES, SUBCOMMANDS, app, first_paragraph

# The package's own `app` is the command line itself.
app_module = import_module("autograder.cli.app")
HEAVY = ["numpy", "nbformat", "sqlalchemy", "nbgrader", "jinja2", "autograder.judging", "autograder.grading"]


def loaded_after(*arguments: str) -> set[str]:
    """The modules that a run of the command line has imported at its end."""
    code = (
        "import sys\nfrom autograder.cli.app import app\n"
        "try:\n    app(sys.argv[1:], prog_name='autograder')\nexcept SystemExit:\n    pass\n"
        "print('LOADED', *sys.modules)"
    )
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return set(done.stdout.rpartition("LOADED")[2].split())


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["no-such-command"], []], ids=" ".join)
def test_help_and_version_import_nothing_heavy(arguments: list[str]) -> None:
    assert not loaded_after(*arguments) & set(HEAVY)


def test_help_leaves_out_what_it_never_uses_and_nothing_else_is_without_it() -> None:
    loaded = loaded_after("--help")
    assert "typer.rich_utils" in loaded
    assert not {"rich.markdown", "rich.traceback", "markdown_it", "pygments"} & loaded
    code = (
        "from autograder.cli.app import app\n"
        "try:\n    app(['--help'])\nexcept SystemExit:\n    pass\n"
        "from rich.markdown import Markdown\nprint(Markdown('# LATER').markup)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("# LATER\n")


def test_only_the_version_asks_what_is_installed() -> None:
    assert "importlib.metadata" not in loaded_after("--help")
    assert "importlib.metadata" in loaded_after("--version")


def test_a_commands_help_imports_that_command() -> None:
    assert "autograder.cli.grade" in loaded_after("grade", "--help")
    assert "autograder.cli.doctor" not in loaded_after("grade", "--help")


@pytest.mark.parametrize("name", MODULES)
def test_what_the_list_says_is_the_commands_own_first_sentence(name: str) -> None:
    told = " ".join((SUBCOMMANDS[name].__doc__ or "").split("\n\n")[0].split())
    assert first_paragraph(name) == told
    assert told.endswith(".")


def test_the_list_has_every_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "autograder", "--help"], capture_output=True, text=True, check=True
    )
    shown = [line.strip(" │").split(" ")[0] for line in done.stdout.splitlines()]
    assert [name for name in shown if name in MODULES] == list(MODULES)


def test_a_commands_import_looks_for_no_garbage_and_what_runs_later_does(monkeypatch):
    seen = []
    monkeypatch.setattr(app_module, "import_module", lambda _name: seen.append(gc.isenabled()) or feedback)
    assert SUBCOMMANDS["feedback"] is feedback.feedback_command
    assert seen == [False]
    assert gc.isenabled()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("grade", "Falta el argumento COURSE."),
        ("grade-one a.ipynb", "Falta la opción --json."),
        ("no-such", "No hay ninguna orden no-such."),
        ("grade c --jbos 3", "No hay ninguna opción --jbos. ¿Es una de estas? --db, --jobs, --json"),
        ("grade c d", "Se dio más de lo que admite la orden: d"),
        ("grade c --jobs", "La opción --jobs necesita un valor."),
        ("grade c --jobs x", "--jobs: se esperaba un número"),
        ("grade c --jobs 0", "--jobs: se esperaba un número, como mínimo 1"),
        ("grade-one a --json b --format x", "--format: se esperaba uno de 'plain', "),
    ],
)
def test_what_is_mistyped_is_told_in_the_language_in_use(
    monkeypatch: pytest.MonkeyPatch, given: str, said: str
) -> None:
    # The titles of typer's panels are the whole process's
    monkeypatch.setattr(help_words, "TYPER_WORDS", {})
    monkeypatch.setattr(_language._Chosen, "language", "es")
    done = CliRunner().invoke(app, given.split())
    assert done.exit_code == 2
    assert f"│ {said}" in done.output
    assert not re.search(r"Missing|No such|Invalid|Got|requires|Usage|\[OPTIONS\]", done.output)
