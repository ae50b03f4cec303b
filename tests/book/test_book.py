"""The built book: no warnings, nothing from another host, the library's own code, equation numbers that
exist.
"""

import ast
import html.parser
import inspect
import json
import re
from pathlib import Path

import pytest
import yaml

import backprop
from autograder.exercises.graded import GRADED_SET
from tests.support.built_book import HTML, ROOT, build, pages

SOURCES = sorted((ROOT / "book").glob("*.md"))
CELL = re.compile(r"^(`{3,})\{code-cell\}[^\n]*\n(.*?)^\1\s*$", re.DOTALL | re.MULTILINE)


def cells(path: Path) -> list[tuple[str, set[str]]]:
    """The code cells of a chapter: (source, tags)."""
    found = []
    for match in CELL.finditer(path.read_text()):
        block = re.match(r"---\n(.*?)\n---\n", match[2], re.DOTALL)
        lines = re.match(r"(?::[^\n]*\n)*", match[2])
        assert lines is not None
        options = block[1] if block else re.sub(r"^:", "", lines[0], flags=re.MULTILINE)
        tags = (yaml.safe_load(options) or {}).get("tags") or []
        source = match[2][(block or lines).end() :].removeprefix("\n")
        found.append((source, set(tags)))
    return found


def test_builds_without_a_warning() -> None:
    code, log = build()
    assert code == 0, log[-4000:]
    assert "WARNING: " not in log


class Addresses(html.parser.HTMLParser):
    """Everything a page makes the browser fetch by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            fetched = name in ("src", "srcset", "poster", "data", "action") or (
                name == "href" and tag == "link"
            )
            if value and fetched:
                self.found.append(value)


def test_no_page_asks_another_host() -> None:
    assert pages()
    for page in pages():
        parser = Addresses()
        parser.feed(page.read_text())
        foreign = [a for a in parser.found if re.match(r"(https?:)?//", a)]
        assert not foreign, f"{page.name}: {foreign}"
        assert "Content-Security-Policy" in page.read_text()


def test_no_stylesheet_asks_another_host() -> None:
    build()
    for path in HTML.rglob("*.css"):
        assert not re.search(r"(url\(|@import)\s*['\"]?(https?:)?//", path.read_text()), path


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.stem)
def test_cells_are_the_librarys_own_code(path: Path) -> None:
    for source, tags in cells(path):
        if tags & {"exercise", "mistake"}:
            continue
        for node in ast.parse(re.sub(r"^[%!].*$", "", source, flags=re.MULTILINE)).body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and callable(
                getattr(backprop, node.name, None)
            ):
                start = min([node.lineno, *(d.lineno for d in node.decorator_list)])
                shown = "\n".join(source.splitlines()[start - 1 : node.end_lineno])
                expected = inspect.getsource(getattr(backprop, node.name)).rstrip()
                assert shown == expected, f"{path.name}: {node.name} is not the library's"


def released(chapter: str) -> dict[str, str]:
    """The stubs of a chapter's notebook, by exercise."""
    path = ROOT / "exercises" / chapter / f"{chapter}.ipynb"
    if not path.is_file():
        return {}
    stubs = {}
    for cell in json.loads(path.read_text())["cells"]:
        grade_id = cell.get("metadata", {}).get("nbgrader", {}).get("grade_id", "")
        if cell["cell_type"] == "code" and grade_id.endswith("_solution"):
            source = cell["source"]
            stubs[grade_id.removesuffix("_solution")] = source if isinstance(source, str) else "".join(source)
    return stubs


# An optional assignment outside of the book, and the graded set: no chapter shows their exercises.
WITHOUT_CHAPTER = {"13-layers", *GRADED_SET}
IN_THE_BOOK = [path for path in sorted((ROOT / "exercises").glob("*")) if path.name not in WITHOUT_CHAPTER]


def test_only_the_optional_and_the_graded_assignments_have_no_chapter() -> None:
    chapters = {path.stem for path in (ROOT / "book").glob("*.md")}
    assert {path.name for path in (ROOT / "exercises").glob("*")} - chapters == WITHOUT_CHAPTER


@pytest.mark.parametrize("path", IN_THE_BOOK, ids=lambda p: p.name)
def test_exercise_cells_are_the_notebooks_stubs(path: Path) -> None:
    chapter = ROOT / "book" / f"{path.name}.md"
    shown = [source.rstrip() for source, tags in cells(chapter) if "exercise" in tags]
    stubs = released(path.name)
    assert stubs
    assert {s.rstrip() for s in stubs.values()} == set(shown)
    assert len(shown) == len(set(shown))


def test_equation_numbers_in_code_exist() -> None:
    text = "\n".join(path.read_text() for path in SOURCES)
    labels = {f"{a}.{b}" for a, b in re.findall(r"eq-(\d+)-(\d+)", text)}
    used = set()
    for path in (ROOT / "backprop").glob("*.py"):
        for line in path.read_text().splitlines():
            if "#" in line:
                used |= set(re.findall(r"\((\d+\.\d+)\)", line.split("#", 1)[1]))
    assert used
    assert not used - labels, f"equations named in code and not in the book: {sorted(used - labels)}"


def test_equations_are_numbered_by_their_label() -> None:
    build()
    page = (HTML / "06-step-2.html").read_text()
    assert re.search(r'id="equation-eq-6-1".*?class="eqno">.*?\(6\.1\)', page, re.DOTALL)
    assert re.search(r'class="eq-link"[^>]*href="[^"]*#equation-eq-6-1"', page), (
        "the code line links to its equation"
    )
    assert 'data-chapter="06-step-2"' in page
