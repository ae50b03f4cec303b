"""The project's own promises: what an install brings, what the README points at, what the pins cover."""

import ast
import re
import tomllib
from collections import defaultdict
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


# What each module of a kind has under one name, for the package that puts them together.
PROTOCOLS = {"ASSIGNMENT", "ENTRIES", "EXERCISES", "slips"}
# One function in another reading (in long double, on rounding errors, traced), called as rounding.product.
READINGS = {
    "exercises/oracles.py",
    "exercises/rounding.py",
    "tracing/fused.py",
    "misconceptions/residual_layer.py",
}
# Run as programs, or put in place of the other of the name: the first may not grow.
STAND_INS = {"main": {"__main__.py", "sandbox/inside/worker.py"}, "check": {"sandbox/inside/imports.py"}}
# Still to be renamed: this may only shrink.
TWICE: set[str] = set()


def public_names(source):
    """What a module defines at its top level: functions, classes, constants, types; not what it imports."""
    found = set()
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = (n for t in targets for n in ast.walk(t) if isinstance(n, ast.Name))
            # table[key] = value only uses the table's name.
            found |= {n.id for n in names if isinstance(n.ctx, ast.Store)}
    return {name for name in found if not name.startswith("_")}


def test_a_public_name_means_one_thing():
    modules = defaultdict(list)
    for path in sorted((ROOT / "autograder").rglob("*.py")):
        for name in public_names(path.read_text(encoding="utf-8")):
            modules[name].append(path.relative_to(ROOT / "autograder").as_posix())
    assert len(modules) > 300
    twice = {
        name: places
        for name, found in modules.items()
        if name not in PROTOCOLS
        if len(places := set(found) - READINGS - STAND_INS.get(name, set())) > 1
    }
    assert twice.keys() == TWICE, twice


def test_public_names_are_found_and_imported_ones_are_not():
    source = "from a import b\nimport c\nX, (Y, _z) = 1, (2, 3)\nW: int = 1\n_i = 1\n"
    source += "def f(): g = 1\nclass D: h = 1\nb[c] = 1\n"
    assert public_names(source) == {"X", "Y", "W", "f", "D"}
