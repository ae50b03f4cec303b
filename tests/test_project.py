"""The project's own promises: what an install brings, what the README points at, what the pins cover."""

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
BEYOND_THE_EXTRAS = {"pytest", "numpy"}  # asked for by name in requirements.txt


def names(lines):
    wanted = [line.split("#")[0].strip() for line in lines]
    return {Requirement(line).name for line in wanted if line and not line.startswith("-")}


def test_a_plain_install_brings_numpy_alone_without_an_upper_pin():
    (numpy,) = (Requirement(line) for line in PROJECT["dependencies"])
    assert numpy.name == "numpy"
    assert all(pin.operator == ">=" for pin in numpy.specifier)
    assert {"book", "grade", "cluster", "dev"} <= set(PROJECT["optional-dependencies"])


def test_requirements_are_the_extras_and_every_one_is_pinned():
    extras = {name: names(lines) for name, lines in PROJECT["optional-dependencies"].items()}
    required = names((ROOT / "requirements.txt").read_text().splitlines())
    assert required == (extras["book"] | extras["grade"]) | BEYOND_THE_EXTRAS
    needed = names((ROOT / "requirements-dev.txt").read_text().splitlines())
    assert needed | {"pytest"} == extras["dev"] | extras["cluster"] | extras["postgresql"]
    pinned = names((ROOT / "constraints.txt").read_text().splitlines())
    assert required | needed <= pinned


def test_what_the_readme_points_at_is_there():
    text = (ROOT / "README.md").read_text()
    links = [link for link in re.findall(r"\]\(([^)]+)\)", text) if "://" not in link]
    pictures = re.findall(r'<img src="([^"]+)" width="\d+" alt="([^"]{20,})">', text)
    assert len(pictures) == text.count("<img ") >= 4
    for link in [*links, *(source for source, _ in pictures)]:
        assert (ROOT / link).exists(), link
    assert sum((ROOT / source).stat().st_size for source, _ in pictures) < 600_000
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"`make (\w+)", text)) <= targets
    commands = {path.stem.replace("_", "-") for path in (ROOT / "autograder" / "cli").glob("*.py")}
    assert set(re.findall(r"\bautograder ([a-z][a-z-]+)\b", text)) <= commands
