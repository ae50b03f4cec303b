"""The reference pages say what the commands say, and the student's files are whole."""

import subprocess
import sys
import zipfile

import pytest
from built_book import HTML, ROOT, build

sys.path.insert(0, str(ROOT / "book" / "_ext"))

from reference import ZIP, read_parameters, wheel_name

from autograder.cli import app


@pytest.mark.parametrize("info", app.registered_commands, ids=lambda info: info.callback.__name__)
def test_every_option_of_the_help_is_on_the_page(info):
    name = info.callback.__name__.replace("_", "-")
    shown = subprocess.run(
        [sys.executable, "-m", "autograder", name, "--help"], capture_output=True, text=True, timeout=60,
        env={"PATH": "", "COLUMNS": "200", "TERM": "dumb"},
    ).stdout  # fmt: skip
    flags = {word.strip("│ ,") for word in shown.split() if word.startswith("--")} - {"--help"}
    told = {p.name.split()[0] for p in read_parameters(info.callback)}
    assert flags <= told | {"--"}, flags - told


def test_the_students_files_are_in_the_built_book():
    assert build()[0] == 0
    folder = HTML / "_static" / "notebooks"
    with zipfile.ZipFile(folder / ZIP) as archive:
        names = archive.namelist()
        assert names == sorted(p.relative_to(ROOT).as_posix() for p in (ROOT / "exercises").glob("*/*.ipynb"))
    with zipfile.ZipFile(folder / wheel_name()) as wheel:
        inside = wheel.namelist()
    assert "autograder/checks.py" in inside
    assert "autograder/notebooks/06-step-2/06-step-2.ipynb" in inside
    assert not [name for name in inside if "solutions" in name]
    page = (HTML / "for-students.html").read_text()
    assert f"_static/notebooks/{wheel_name()}" in page
