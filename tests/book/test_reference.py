"""The reference pages say what the commands say, and the student's files are whole."""

import re
import shlex
import subprocess
import sys
import zipfile

import pytest
import typer

from tests.support.built_book import HTML, ROOT, build

sys.path.insert(0, str(ROOT / "book" / "_ext"))

from reference import ZIP, read_parameters, wheel_name

from autograder.cli.app import SUBCOMMANDS, app

PAGES = [ROOT / "README.md", *sorted((ROOT / "book").glob("*.md"))]
PRINTED = [
    (page.name, line.split(" #")[0].strip())
    for page in PAGES
    for block in re.findall(r"^```text\n(.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    for line in block.replace("\\\n", " ").splitlines()
    if line.startswith("autograder ")
]


@pytest.mark.parametrize("name", SUBCOMMANDS)
def test_every_option_of_the_help_is_on_the_page(name):
    shown = subprocess.run(
        [sys.executable, "-m", "autograder", name, "--help"], capture_output=True, text=True, timeout=60,
        env={"PATH": "", "COLUMNS": "200", "TERM": "dumb"},
    ).stdout  # fmt: skip
    flags = {word.strip("│ ,") for word in shown.split() if word.startswith("--")} - {"--help"}
    told = {p.name.split()[0] for p in read_parameters(SUBCOMMANDS[name])}
    assert flags <= told | {"--"}, flags - told


@pytest.mark.parametrize(("page", "line"), PRINTED)
def test_a_printed_command_is_one_that_the_program_takes(page, line):
    words = shlex.split(line.removeprefix("autograder "))
    group = typer.main.get_command(app)
    name, command, rest = group.resolve_command(typer.Context(group), words)
    assert command is not None, f"{page}: no command {name}"
    command.make_context(name, list(rest))  # a UsageError names what is wrong


def test_commands_are_printed_on_the_pages_that_lead_through_the_work():
    assert {"README.md", "for-students.md", "for-instructors.md", "for-authors.md"} <= {
        page for page, _ in PRINTED
    }


def test_the_students_files_are_in_the_built_book():
    assert build()[0] == 0
    folder = HTML / "_static" / "notebooks"
    with zipfile.ZipFile(folder / ZIP) as archive:
        names = archive.namelist()
        assert names == sorted(
            p.relative_to(ROOT).as_posix() for p in (ROOT / "exercises").glob("[0-9]*/*.ipynb")
        )
    with zipfile.ZipFile(folder / wheel_name()) as wheel:
        inside = wheel.namelist()
        (metadata,) = [wheel.read(name).decode() for name in inside if name.endswith(".dist-info/METADATA")]
    needed = [
        line
        for line in re.findall(r"^Requires-Dist: (.*)$", metadata, re.MULTILINE)
        if "extra ==" not in line
    ]
    assert [re.split(r"[<>=~ ]", line)[0] for line in needed] == ["numpy"]
    assert "autograder/judging/comparison.py" in inside
    for package in ("autograder", "backprop", "deltabook"):
        assert {f"{package}/__init__.py", f"{package}/py.typed"} <= set(inside)
    assert "autograder/released/06-step-2/06-step-2.ipynb" in inside
    assert not [name for name in inside if "solutions" in name.split("/")]
    page = (HTML / "for-students.html").read_text()
    assert f"_static/notebooks/{wheel_name()}" in page
