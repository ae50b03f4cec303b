"""The house rules: imports go one way, files can be read in one go, lists of exceptions only shrink."""

import doctest
import fnmatch
import importlib
import io
import re
import subprocess
import sys
import tokenize
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))
import house  # noqa: E402

CONFIG = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
CODE = (".py", ".js", ".mjs", ".css", ".j2")
PRODUCT = (*house.PRODUCT, "widgets", "book/_ext", "book/_templates", "tools", "examples")
DOCTESTED = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for package in house.PRODUCT
    for path in sorted((ROOT / package).rglob("*.py"))
    if re.search(r"^ *>>> ", path.read_text(encoding="utf-8"), re.MULTILINE)
]

# Longer than the rule says, and why it stays so.
DATA = {
    "tests/support/right_variants.py": "a corpus of right answers",
}
# Longer than the rule says for now: a file that is cut leaves this list.
TO_BE_CUT: set[str] = set()
# Rows that the formatter may not lay out, for now: a folder without any leaves this list.
UNFORMATTED: set[str] = set()


def files(*folders: str) -> dict[str, str]:
    """The text of every file of code in these folders, by its path from the project's root."""
    return {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in CODE and "__pycache__" not in path.parts
    }


def test_no_file_is_too_long_to_be_read_in_one_go():
    limits = {"tests": 500} | dict.fromkeys(PRODUCT, 400)
    long = {
        path
        for folder, limit in limits.items()
        for path, text in files(folder).items()
        if len(text.splitlines()) > limit
    }
    assert long == DATA.keys() | TO_BE_CUT


def test_the_formatter_lays_out_all_of_the_product():
    found = {path for path, text in files(*PRODUCT).items() if re.search(r"# fmt: (skip|off)", text)}
    assert {str(Path(path).parent) for path in found} == UNFORMATTED


def behind_code(source: str) -> list[str]:
    """The comments that stand behind code, but for a tool's marks and an equation's number."""
    return [
        token.string
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT and token.line[: token.start[1]].strip()
        if not re.match(r"# (type: ignore|noqa: |\(\d+\.\d+\))", token.string)
    ]


def test_comments_of_the_product_stand_above_the_code():
    texts = {path: text for path, text in files(*PRODUCT).items() if path.endswith(".py")}
    assert len(texts) > 250
    assert {path: found for path, text in texts.items() if (found := behind_code(text))} == {}


def test_a_comment_behind_code_is_found():
    source = "# above\na = 1  # behind\nb = 2  # (7.1), (7.2)\nc = '# d'  # noqa: F821\n"
    assert behind_code(source) == ["# behind"]


def test_who_may_still_have_long_lines_has_some():
    """Every entry of the list is still needed; ruff itself sees that nobody else has any."""
    allowed = {
        pattern for pattern, rules in CONFIG["ruff"]["lint"]["per-file-ignores"].items() if "E501" in rules
    }
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "ruff",
            "check",
            "--isolated",
            "--line-length=110",
            "--select=E501",
            "--extend-exclude=_build,build,exercises",
            "--output-format=concise",
            ".",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    long = {line.split(":")[0] for line in done.stdout.splitlines() if "E501" in line}
    assert {pattern for pattern in allowed if not fnmatch.filter(long, pattern)} == set()


def test_every_name_that_the_dead_code_check_passes_over_would_be_found():
    settings = CONFIG["vulture"]
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "vulture",
            "--config",
            "/dev/null",
            *settings["paths"],
            "--exclude",
            ",".join(settings["exclude"]),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stderr == ""
    unused = set(re.findall(r"unused \w+ '(\w+)'", done.stdout))
    assert {name for name in settings["ignore_names"] if not fnmatch.filter(unused, name)} == set()


def test_the_map_is_the_import_contract():
    """ARCHITECTURE.md's table under "The map": a row of it is a row of the contract."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    section = re.search(r"^## The map[^\n]*\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert section, "ARCHITECTURE.md has no section that begins with: ## The map"
    cells = re.findall(r"^\| (`[^|]*) \|", section[1], re.MULTILINE)
    rows = [re.findall(r"`(\w+)(?:/|\.py)`", cell) for cell in cells]
    assert rows == house.layers()


def test_a_folder_of_the_map_is_there_and_says_what_it_holds():
    rooms = [name for row in house.layers() for name in row]
    there = {
        path.stem
        for path in (ROOT / "autograder").iterdir()
        if (path.suffix == ".py" or (path / "__init__.py").is_file()) and path.stem != "__init__"
    }
    assert sorted(rooms) == sorted(there)
    for name in rooms:
        assert importlib.import_module(f"autograder.{name}").__doc__, name


def test_no_modules_import_each_other_in_a_circle():
    assert house.numbers()["cycles"] == []


def test_circles_and_floors_are_found():
    arrows = {"a": {"b"}, "b": {"c"}, "c": {"b", "d"}, "d": set(), "e": {"a", "d"}}
    assert house.cycles(arrows) == [["b", "c"]]
    assert house.floors(arrows) == {"d": 0, "b": 1, "c": 1, "a": 2, "e": 3}


@pytest.mark.parametrize("name", DOCTESTED)
def test_examples_in_docstrings_are_what_python_says(name):
    result = doctest.testmod(importlib.import_module(name), raise_on_error=False)
    assert result.attempted > 0
    assert result.failed == 0


def test_what_is_listed_for_mutants_as_altering_nothing_stands_in_the_code():
    """Else make mutants stops before it begins."""
    listed = tomllib.loads((ROOT / "tools" / "mutants.toml").read_text(encoding="utf-8"))["equivalent"]
    gone = [
        f"{entry['file']}: {entry['line']}"
        for entry in listed
        if entry["line"] not in map(str.strip, (ROOT / entry["file"]).read_text("utf-8").splitlines())
    ]
    assert gone == []
