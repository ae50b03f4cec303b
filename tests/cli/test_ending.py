"""How every command ends: 0, 1 or 2, a line that says why, and never a traceback that nobody asked for."""

import errno
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from autograder._files import write_atomically
from autograder.cli.app import SUBCOMMANDS, app
from autograder.cli.ending import ending_well
from autograder.errors import GraderError, reason

ROOT = Path(__file__).resolve().parents[2]


def ended(command, monkeypatch, debug=None):
    """Exit code and what is printed when the command does this."""
    monkeypatch.delenv("AUTOGRADER_DEBUG", raising=False)
    if debug:
        monkeypatch.setenv("AUTOGRADER_DEBUG", debug)
    alone = typer.Typer(pretty_exceptions_enable=False)
    alone.command("try")(ending_well("try", command))
    done = CliRunner().invoke(alone, [])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def raising(error):
    def command() -> None:
        raise error

    return command


def test_done_is_0_and_a_commands_own_code_stays(monkeypatch):
    assert ended(lambda: None, monkeypatch) == (0, "")
    assert ended(raising(typer.Exit(1)), monkeypatch) == (1, "")


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (GraderError("no such course; a folder was expected"), "no such course; a folder was expected"),
        (FileNotFoundError("no folder submitted/"), "no folder submitted/"),
        (OSError(errno.ENOSPC, "No space left on device", "a/b.json"), "a/b.json: No space left on device"),
        (KeyboardInterrupt(), "interrupted"),
        (GraderError("two\nlines\x1b[2J"), "two lines"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_can_be_foreseen_is_2_and_one_line(monkeypatch, error, line):
    assert ended(raising(error), monkeypatch) == (2, f"try: {line}\n")


def test_a_missing_package_says_what_to_install(monkeypatch):
    code, said = ended(
        raising(ModuleNotFoundError("No module named 'jupytext'", name="jupytext")), monkeypatch
    )
    assert code == 2
    assert "jupytext is needed" in said
    assert "pip install" in said


def test_a_fault_of_ours_is_one_line_with_its_place_and_where_to_report_it(monkeypatch):
    code, said = ended(raising(TypeError("unsupported")), monkeypatch)
    assert code == 2
    assert len(said.splitlines()) == 1
    assert "TypeError: unsupported" in said
    assert "test_ending.py, line " in said
    assert "Please report it" in said


def test_the_traceback_is_there_for_who_asks_for_it(monkeypatch):
    code, said = ended(raising(TypeError("unsupported")), monkeypatch, debug="1")
    assert code == 2
    assert "Traceback (most recent call last)" in said


@pytest.mark.parametrize("flag", ["-h", "--help"])
@pytest.mark.parametrize("command", [[], *([name] for name in SUBCOMMANDS)], ids=" ".join)
def test_help_is_everywhere(command, flag):
    done = CliRunner().invoke(app, [*command, flag])
    assert done.exit_code == 0
    assert "Usage:" in done.output
    # COURSE and --to FILE, as on the page of commands: no {course}, no <list[str]>, no <bool> after a flag
    assert not re.search(r"[{<]\w|list\[", done.output)


def test_a_value_has_one_word_in_the_help_and_on_the_page_of_commands():
    help_of = {name: CliRunner().invoke(app, [name, "-h"]).output for name in ("check", "collect", "grade")}
    assert "check [OPTIONS] NOTEBOOK..." in help_of["check"]
    assert "collect [OPTIONS] COURSE DOWNLOAD..." in help_of["collect"]
    assert re.search(r"--isolation +strong\|none ", help_of["grade"])
    assert re.search(r"--force +grade everything again", help_of["grade"])


def test_version():
    done = CliRunner().invoke(app, ["--version"])
    assert done.exit_code == 0
    assert done.output.startswith("autograder of deltabook ")


def test_what_is_mistyped_is_2():
    assert CliRunner().invoke(app, ["grade", "course", "--no-such-option"]).exit_code == 2
    assert CliRunner().invoke(app, ["no-such-command"]).exit_code == 2


@pytest.mark.parametrize(
    "asked",
    [
        ["report", "gone"],
        ["export", "gone", "--format", "csv", "--to", "x.csv"],
        ["explain", "gone", "ada", "06-step-2"],
        ["undo", "gone"],
        ["feedback", "gone", "--for", "canvas", "--to", "x.zip"],
        ["rename", "gone", "--student", "ada", "--to", "ben"],
        ["forget", "gone", "--student", "ada", "--yes"],
        ["verify", "--course", "gone"],
        ["check", "work.ipynb", "--course", "gone"],
        ["grade-one", "work.ipynb", "--json", "x.json", "--course", "gone"],
        ["bundle", "--for", "gradescope", "--assignment", "06-step-2", "--to", "x.zip", "--course", "gone"],
    ],
    ids=lambda asked: asked[0],
)
def test_a_course_that_is_not_there_is_said_to_be_none_and_the_book_is_not_used_instead(
    asked, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    copy = (ROOT / "exercises" / "06-step-2" / "06-step-2.ipynb").read_bytes()
    (tmp_path / "work.ipynb").write_bytes(copy)
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 2
    assert (
        " ".join(done.output.split()) == f"{asked[0]}: gone: no such folder; a course's folder was expected"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["work.ipynb"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["verify", "--source", "gone"], "verify: looked for solutions in gone"),
        (["report", ".", "--to", "taken"], "report: --to taken: it is a file; a folder to write into was"),
        (["new-exercise", "No", "--assignment", "13-own"], "new-exercise: 'No': expected a function's name"),
        (
            ["grade-one", "gone.ipynb", "--json", "x.json"],
            "grade-one: gone.ipynb: can't be read: No such file",
        ),
    ],
)
def test_a_line_names_its_command_and_its_file_once(asked, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "taken").touch()
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 2
    assert " ".join(done.output.split()).startswith(said)


@pytest.mark.parametrize("package", ["autograder", "deltabook"])
def test_an_unknown_language_in_the_environment_is_a_line(package):
    done = subprocess.run(
        [sys.executable, "-m", package, "--help"],
        capture_output=True,
        text=True,
        env={**os.environ, "DELTABOOK_LANGUAGE": "xx"},
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(
        "autograder: DELTABOOK_LANGUAGE, language: given 'xx'; expected one of en, "
    )
    assert done.stderr.count("\n") == 1


def test_a_folder_in_the_place_of_a_notebook_is_said_to_be_none(tmp_path):
    (tmp_path / "work.ipynb").mkdir()
    for given, said in (("work.ipynb", "it is no plain file"), ("gone.ipynb", "No such file or directory")):
        done = CliRunner().invoke(app, ["check", str(tmp_path / given)])
        assert done.exit_code == 2
        assert " ".join(done.output.split()) == f"check: {tmp_path / given}: can't be read: {said}"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty; a notebook was expected"),
        (b"{", "the notebook is cut off: it ends in line 1 in the middle"),
        (
            b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
            "no exercise was found in it; expected a notebook of 01-forward, ",
        ),
        (None, "can't be read: No such file or directory"),
    ],
)
def test_of_a_notebook_every_command_says_the_same_and_its_name_once(tmp_path, content, said):
    path = tmp_path / "mine.ipynb"
    if content is not None:
        path.write_bytes(content)
    told = {
        "check": f"check: {path}: {said}",
        "grade-one": f"grade-one: mine.ipynb: {said}",
    }
    for command, expected in told.items():
        more = ["--json", str(tmp_path / "result.json")]
        done = CliRunner().invoke(app, [command, str(path), *more])
        assert done.exit_code == 2
        assert " ".join(done.output.split()).startswith(expected)
        assert done.output.count("mine.ipynb") == 1


def test_of_a_released_notebook_every_caller_says_whose_it_is_once(tmp_path):
    path = tmp_path / "release" / "ps1" / "ps1.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}')
    handed_in = tmp_path / "submitted" / "ada" / "ps1" / "ps1.ipynb"
    handed_in.parent.mkdir(parents=True)
    handed_in.write_bytes(path.read_bytes())
    said = "ps1: the released notebook has no graded cell (nbgrader metadata missing?)"
    commands = {
        f"grade {tmp_path} --assignment ps1": f"grade: --assignment {said}",
        f"bundle --for gradescope --assignment ps1 --course {tmp_path} --to x": f"bundle: {said}",
        f"check {handed_in} --course {tmp_path}": f"check: {handed_in}: {said}",
        f"grade-one {handed_in} --assignment ps1 --course {tmp_path} --json x": f"grade-one: {said}",
    }
    for command, expected in commands.items():
        done = CliRunner().invoke(app, command.split())
        assert done.exit_code == 2
        assert " ".join(done.output.split()) == expected


def test_what_could_not_be_written_is_named_and_not_the_file_beside_it(tmp_path):
    (tmp_path / "taken").mkdir()
    with pytest.raises(IsADirectoryError) as error:
        write_atomically(tmp_path / "taken", b"x")
    assert reason(error.value) == f"{tmp_path / 'taken'}: Is a directory"
    with pytest.raises(OSError, match="File name too long") as error:
        write_atomically(tmp_path / ("x" * 250), b"x")
    assert error.value.filename == str(tmp_path / ("x" * 250))
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]
