"""The book's pages in another language: book/translations/<language>/<page>.md, and whether each still says
what its English source says.

    python tools/translation.py                        every language: what is translated, what may be behind
    python tools/translation.py es/04-delta            this page alone
    python tools/translation.py --compared es/04-delta     it was compared with today's English source

What is the same in every language is compared: code but for its strings and comments, labels, directives,
links, formulas, questions with their right answers, and how the text is divided. compared.toml has for each
page the hash of the source that its translator read, so that a change of English words is seen as well.
Ends with 1 where a page differs or may be behind.
"""

import argparse
import hashlib
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import yaml
from translation_parts import differences

ROOT = Path(__file__).resolve().parents[1]
BOOK = ROOT / "book"
TRANSLATIONS = BOOK / "translations"
COMPARED = "compared.toml"
WORDS = "book.toml"


def translated_languages() -> list[str]:
    """The codes of the languages that some page is in."""
    return sorted(path.parent.name for path in TRANSLATIONS.glob(f"*/{WORDS}"))


def translated_pages(language: str) -> dict[str, Path]:
    """The pages that a language has, by their names."""
    return {path.stem: path for path in sorted((TRANSLATIONS / language).glob("*.md"))}


def book_pages() -> list[str]:
    """Every page of the book, in its order."""
    toc = yaml.safe_load((BOOK / "_toc.yml").read_text(encoding="utf-8"))
    return [toc["root"], *(chapter["file"] for part in toc["parts"] for chapter in part["chapters"])]


def words(language: str) -> dict[str, Any]:
    """A language's book.toml: the book's title, the captions, the titles of pages that are still English."""
    path = TRANSLATIONS / language / WORDS
    if not path.is_file():
        return {"words": {}, "captions": {}, "titles": {}}
    return tomllib.loads(path.read_text(encoding="utf-8"))


def source_hash(page: str) -> str:
    """Of the English source, as compared.toml keeps it."""
    return hashlib.sha256((BOOK / f"{page}.md").read_bytes()).hexdigest()[:16]


def compared(language: str) -> dict[str, str]:
    """The hash of the English source that each page was last compared with."""
    path = TRANSLATIONS / language / COMPARED
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def findings(language: str, page: str) -> list[str]:
    """What is wrong with a translated page, a line each; [] if it stands beside today's English."""
    path = translated_pages(language)[page]
    source = BOOK / f"{page}.md"
    if not source.is_file():
        return [f"{_name(path)}: the book has no page {page}"]
    texts = (source.read_text(encoding="utf-8"), path.read_text(encoding="utf-8"))
    found = [f"{_name(path)}: {what}" for what in differences(*texts)]
    kept = compared(language).get(page)
    if kept != source_hash(page):
        since = "has changed since it was compared" if kept else "was never compared with it"
        found.append(
            f"{_name(path)}: this page may be behind: {_name(source)} {since}. "
            f"Bring it up to date, then: python tools/translation.py --compared {language}/{page}"
        )
    return found


def note_compared(language: str, page: str) -> None:
    """Keep that a page was compared with today's English source."""
    kept = compared(language) | {page: source_hash(page)}
    lines = [f'{name} = "{kept[name]}"' for name in sorted(kept)]
    head = "# The hash of the English source that each page was last compared with: tools/translation.py"
    (TRANSLATIONS / language / COMPARED).write_text("\n".join([head, *lines, ""]), encoding="utf-8")


def retitled(text: str, title: str) -> str:
    """A page's source with another title."""
    return re.sub(r"^# .*$", lambda _: f"# {title}", text, count=1, flags=re.MULTILINE)


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _asked(pages: list[str]) -> list[tuple[str, str]]:
    """(language, page) of each page named, of all if none is; SystemExit for one that isn't there."""
    there = [(code, page) for code in translated_languages() for page in translated_pages(code)]
    if not pages:
        return there
    asked = [tuple(name.removesuffix(".md").rpartition("/")[::2]) for name in pages]
    for name, pair in zip(pages, asked, strict=True):
        if pair not in there:
            known = ", ".join("/".join(pair) for pair in there)
            raise SystemExit(f"translation: given {name}; expected one of {known}")
    return [(code, page) for code, page in asked]


def main(arguments: list[str] | None = None) -> int:
    """0; 1 where a page differs from its source or may be behind."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pages", nargs="*", help="es/04-delta; every page, if none is given")
    parser.add_argument("--compared", action="store_true", help="keep that they were compared with English")
    given = parser.parse_args(arguments)
    wrong = 0
    for language, page in _asked(given.pages):
        if given.compared:
            note_compared(language, page)
        found = findings(language, page)
        wrong += bool(found)
        print("\n".join(found) if found else f"{language}/{page}: as its English source")
    for language in translated_languages() if not given.pages else ():
        done, of = len(translated_pages(language)), len(book_pages())
        print(f"{language}: {done} of {of} pages translated")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
