"""How every command ends: 0, 1 or 2, a line that says why, and never a traceback that nobody asked for."""

import errno

import pytest
import typer
from typer.testing import CliRunner

from autograder._files import write_atomically
from autograder.cli.app import SUBCOMMANDS, app
from autograder.cli.ending import ending_well
from autograder.errors import GraderError, reason


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


def test_version():
    done = CliRunner().invoke(app, ["--version"])
    assert done.exit_code == 0
    assert done.output.startswith("autograder of deltabook ")


def test_what_is_mistyped_is_2():
    assert CliRunner().invoke(app, ["grade", "course", "--no-such-option"]).exit_code == 2
    assert CliRunner().invoke(app, ["no-such-command"]).exit_code == 2


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
