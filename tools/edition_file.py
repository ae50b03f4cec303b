"""edition.toml: what a course's own edition of the book has, read and checked before anything is built.

title = "Backpropagation, winter term"      # the book's title, if not given
author = "Institute of Computing"
logo = "logo.svg"                           # beside this file; shown above the list of chapters
course = "CS 231"                           # heads the box on the first page
announcement = "Bring a pencil."            # a paragraph of that box, in MyST
address = "https://uni.example/bp/"         # where it will be published
language = "es"                             # of the pages and of the course's words: en or es
repository = "https://host/owner/name"      # links to edit a page and to report a mistake
leave_out = ["11-deep"]                     # or: chapters = ["01-forward", …], those it has
exercises = ["01-forward", "14-own"]        # if not given: of every chapter it has, and its own
own_exercises = "own_exercises.py"          # see "For authors"
solutions = "solutions"                     # the folder of their notebooks

[beside]                                    # the book in other languages: a switch on each page leads there
en = "../"                                  # from this edition's first page, or a whole address

[[dates]]
day = 2027-01-12
text = "Chapters 5 and 6 are due"

[[own_chapters]]
file = "gates.md"                           # beside this file
after = "06-step-2"
"""

import datetime
import difflib
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import translation
import yaml

from autograder._language import ENGLISH, languages

ROOT = Path(__file__).resolve().parents[1]
TEXTS = (
    "title",
    "author",
    "logo",
    "course",
    "announcement",
    "address",
    "language",
    "repository",
    "own_exercises",
    "solutions",
)
LISTS = ("leave_out", "chapters", "exercises")
TABLES = {"dates": {"day": datetime.date, "text": str}, "own_chapters": {"file": str, "after": str}}
# What stands above the first [[…]]
OF_EDITION = {*TEXTS, *LISTS}
PICTURES = (".svg", ".png", ".webp", ".jpg", ".jpeg")


class EditionError(Exception):
    """The edition can't be built; str() says which file and key, what was given and what was expected."""


@dataclass(frozen=True)
class OwnChapter:
    """A chapter that the book doesn't have: its file, and the chapter that it follows."""

    file: Path
    after: str

    @property
    def name(self) -> str:
        """As in the table of contents."""
        return self.file.stem


@dataclass(frozen=True)
class Edition:
    """What one edition has; paths are absolute."""

    name: str
    folder: Path
    texts: dict[str, str]
    left_out: tuple[str, ...]
    assignments: tuple[str, ...]
    own_chapters: tuple[OwnChapter, ...]
    dates: tuple[tuple[datetime.date, str], ...]
    beside: dict[str, str]

    @property
    def language(self) -> str:
        """The code of its language."""
        return self.texts.get("language", ENGLISH)

    def path(self, key: str) -> Path | None:
        """The file or folder that a key names, or None."""
        return (self.folder / self.texts[key]).resolve() if key in self.texts else None


def book_chapters(language: str = ENGLISH) -> dict[str, str]:
    """The book's numbered chapters in their order, with their titles in a language."""
    there, titles = translation.translated_pages(language), translation.words(language)["titles"]
    toc = yaml.safe_load((ROOT / "book" / "_toc.yml").read_text(encoding="utf-8"))
    files = [c["file"] for part in toc["parts"] if "numbered" in part for c in part["chapters"]]
    return {
        name: titles.get(name) or first_heading(there.get(name, ROOT / "book" / f"{name}.md"))
        for name in files
    }


def first_heading(path: Path) -> str:
    """A page's title; its name, if it has none."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((line.removeprefix("# ").strip() for line in lines if line.startswith("# ")), path.stem)


def read_edition(path: Path) -> Edition:
    """The edition of a file; EditionError if it can't be built as it stands."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise EditionError(
            f"{path} is not there; expected a file as the page “Your own edition” shows"
        ) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise EditionError(f"{path} can't be read: {getattr(error, 'strerror', None) or error}") from None
    try:
        return _checked(data, path.resolve())
    except EditionError as error:
        raise EditionError(f"{path}: {error}") from None


def _checked(data: dict[str, Any], path: Path) -> Edition:
    known = [*TEXTS, *LISTS, *TABLES, "beside"]
    for key in data:
        if key not in known:
            near = difflib.get_close_matches(key, known, 1)
            hint = f"; did you mean {near[0]}?" if near else f"; expected one of {', '.join(known)}"
            raise EditionError(f"the key {key} is unknown{hint}")
    texts = {key: _text(key, data[key]) for key in TEXTS if key in data}
    rows = {key: _rows(key, data.get(key, []), kinds) for key, kinds in TABLES.items()}
    chapters = book_chapters()
    own = tuple(_own_chapter(row, path.parent, chapters) for row in rows["own_chapters"])
    left_out = _left_out(data, chapters)
    for chapter in own:
        if chapter.after in left_out:
            raise EditionError(f"own_chapters: {chapter.name} follows {chapter.after}, which is left out")
    edition = Edition(
        path.stem if path.stem != "edition" else path.parent.name,
        path.parent,
        texts,
        left_out,
        (),
        own,
        tuple(sorted((row["day"], row["text"]) for row in rows["dates"])),
        _beside(data.get("beside", {}), texts.get("language", ENGLISH)),
    )
    _check_files(edition)
    return Edition(**{**vars(edition), "assignments": _assignments(data, edition)})


def _text(key: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise EditionError(f"{key} is {value!r}; expected a text in quotes")
    return value.strip()


def _names(key: str, value: object) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise EditionError(f'{key} is {value!r}; expected a list of names, like ["11-deep"]')
    return value


def _rows(key: str, value: object, kinds: dict[str, type]) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise EditionError(f"{key} is {value!r}; expected tables, each under [[{key}]]")
    for number, row in enumerate(value, 1):
        for name, kind in kinds.items():
            if not isinstance(row.get(name), kind):
                shown = repr(row[name]) if name in row else "missing"
                raise EditionError(f"{key}, entry {number}: {name} is {shown}; expected a {kind.__name__}")
        if extra := set(row) - set(kinds):
            names = ", ".join(sorted(extra))
            # In TOML a line below a table is the table's
            moved = "; a key of the edition itself stands above the first [[…]]" if extra & OF_EDITION else ""
            raise EditionError(
                f"{key}, entry {number}: {names} is unknown; expected {', '.join(kinds)}{moved}"
            )
    return value


def _left_out(data: dict[str, Any], chapters: dict[str, str]) -> tuple[str, ...]:
    """The book's chapters that the edition doesn't have."""
    if "leave_out" in data and "chapters" in data:
        raise EditionError("both leave_out and chapters are given; expected one of them")
    key = "chapters" if "chapters" in data else "leave_out"
    named = _names(key, data.get(key, []))
    if unknown := [name for name in named if name not in chapters]:
        raise EditionError(f"{key} names {', '.join(unknown)}; the book's chapters are {', '.join(chapters)}")
    left_out = [name for name in chapters if (name in named) == (key == "leave_out")]
    if len(left_out) == len(chapters):
        raise EditionError(f"{key} leaves no chapter")
    return tuple(left_out)


def _beside(value: object, own: str) -> dict[str, str]:
    """Where the book lies in other languages, by their codes."""
    if not isinstance(value, dict):
        raise EditionError(f'beside is {value!r}; expected a table, [beside], with lines like en = "../"')
    for code, place in value.items():
        if code == own or not re.fullmatch(r"[a-z]{2,3}(_[A-Z]{2})?", code):
            raise EditionError(f"beside: given the language {code}; expected another one, such as en or de")
        if not isinstance(place, str) or not place.endswith("/"):
            raise EditionError(f'beside: {code} is {place!r}; expected a folder, "../", or a whole address')
    return value


def _own_chapter(row: dict[str, Any], folder: Path, chapters: dict[str, str]) -> OwnChapter:
    file = (folder / row["file"]).resolve()
    if not file.is_file() or file.suffix != ".md":
        raise EditionError(
            f"own_chapters: the file {row['file']} is not there; expected a MyST notebook, .md"
        )
    if (ROOT / "book" / file.name).exists():
        raise EditionError(f"own_chapters: the book has a page {file.stem} already; give yours another name")
    if row["after"] not in chapters:
        raise EditionError(f"own_chapters: after = {row['after']!r}; expected one of {', '.join(chapters)}")
    return OwnChapter(file, row["after"])


def _check_files(edition: Edition) -> None:
    for key in ("logo", "own_exercises", "solutions"):
        path = edition.path(key)
        if path is not None and not path.exists():
            raise EditionError(f"{key}: {edition.texts[key]} is not there")
    logo = edition.path("logo")
    if logo is not None and logo.suffix.lower() not in PICTURES:
        raise EditionError(f"logo: {logo.name} is no picture; expected {', '.join(PICTURES)}")
    for key in ("address", "repository"):
        if not edition.texts.get(key, "https://").startswith(("https://", "http://")):
            raise EditionError(f"{key} is {edition.texts[key]!r}; expected an address, https://…")
    if edition.language not in languages():
        raise EditionError(f"language is {edition.language!r}; expected one of {', '.join(languages())}")


def is_graded(assignment: str) -> bool:
    """One of the graded set (g1-forward …): in the course's files if it is named, never on the pages."""
    return bool(re.match(r"g\d", assignment))


def own_assignments(edition: Edition) -> list[str]:
    """The notebooks of the edition's own exercises."""
    solutions = edition.path("solutions")
    return (
        sorted(p.parent.name for p in solutions.glob("*/*.md") if p.stem == p.parent.name)
        if solutions
        else []
    )


def _assignments(data: dict[str, Any], edition: Edition) -> tuple[str, ...]:
    there = sorted(path.parent.name for path in (ROOT / "exercises").glob("*/*.ipynb"))
    own = own_assignments(edition)
    if "exercises" not in data:
        public = [name for name in there if not is_graded(name)]
        return tuple(name for name in [*public, *own] if name not in edition.left_out)
    named = _names("exercises", data["exercises"])
    if unknown := [name for name in named if name not in [*there, *own]]:
        raise EditionError(f"exercises names {', '.join(unknown)}; there are {', '.join([*there, *own])}")
    return tuple(named)
