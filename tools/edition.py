"""Build a course's own edition of the book: make book EDITION=edition.toml

    python tools/edition.py edition.toml                 into build/editions/<name>/
    python tools/edition.py edition.toml --to FOLDER
    python tools/edition.py edition.toml --python-of ../    it will lie in a folder of the book, whose Python
                                                            it takes

    book/ _config.yml      what Jupyter Book was given: the book's pages but those left out, and the own ones
    _build/html/           the built edition
    course/                release/ and own_exercises.py, ready for `autograder grade`

tools/edition_file.py says what edition.toml may hold. Ends with 2 and a line where the file can't be used,
and with Jupyter Book's own code where the build fails.
"""

import argparse
import datetime
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import assemble_pyodide
import translation
import yaml
from babel.dates import format_date
from edition_file import ROOT, Edition, EditionError, book_chapters, first_heading, is_graded, read_edition

from autograder._language import ENGLISH, _, use_language
from autograder.authoring.release import release

PAGES = ("*.md", "*.bib", "*.toml")
# The way into the book, on its first page.
START = re.compile(r"\[([^\]]*?)1\]\(01-forward\.md\)\{\.start\}")
LABEL = re.compile(r"^\((.+)\)=$|^:(?:name|label): (.+)$", re.MULTILINE)


def write_pages(edition: Edition, book: Path) -> None:
    """The pages: the book's but the chapters left out, the own ones, and the course's box on the first."""
    for pattern in PAGES:
        for path in (ROOT / "book").glob(pattern):
            if path.stem not in edition.left_out:
                shutil.copy(path, book / path.name)
    translate_pages(edition, book)
    shutil.copytree(ROOT / "book" / "_templates", book / "_templates")
    for chapter in edition.own_chapters:
        shutil.copy(chapter.file, book / chapter.file.name)
    index = starting_with(first_chapter(edition), (book / "index.md").read_text(encoding="utf-8"))
    if "title" in edition.texts:
        index = re.sub(r"^# .*$", lambda _: f"# {edition.texts['title']}", index, count=1, flags=re.MULTILINE)
    before, heading, after = index.partition("\n## ")
    (book / "index.md").write_text(before + course_box(edition) + heading + after, encoding="utf-8")
    (book / "_toc.yml").write_text(yaml.safe_dump(contents(edition), sort_keys=False), encoding="utf-8")


def first_chapter(edition: Edition) -> str:
    """The first of the book's chapters that the edition has."""
    return next(name for name in book_chapters() if name not in edition.left_out)


def starting_with(chapter: str, index: str) -> str:
    """The first page with its way in leading to that chapter: "06-step-2" is chapter 6."""
    return START.sub(rf"[\g<1>{int(chapter[:2])}]({chapter}.md){{.start}}", index)


def translate_pages(edition: Edition, book: Path) -> None:
    """Put translated pages in the place of the English ones, and a translated title over the others."""
    titles = translation.words(edition.language)["titles"]
    for path in book.glob("*.md"):
        translated = translation.translated_pages(edition.language).get(path.stem)
        if translated:
            shutil.copy(translated, path)
        elif path.stem in titles:
            text = path.read_text(encoding="utf-8")
            path.write_text(translation.retitled(text, titles[path.stem]), encoding="utf-8")


def untranslated(edition: Edition) -> list[str]:
    """The edition's pages that are English in another language's edition."""
    if edition.language == ENGLISH:
        return []
    there = translation.translated_pages(edition.language)
    return [page for page in translation.book_pages() if page not in there and page not in edition.left_out]


def course_box(edition: Edition) -> str:
    """What the course says on the first page, in MyST; "" if it says nothing."""
    lines = [edition.texts["announcement"], ""] if "announcement" in edition.texts else []
    if edition.dates:
        lines += [f"| {_('Date')} | |", "|---|---|"]
        lines += [f"| {date_words(day, edition.language)} | {text} |" for day, text in edition.dates]
    if not lines:
        return ""
    title = edition.texts.get("course", _("This course"))
    return "\n".join(["", f":::{{admonition}} {title}", ":class: course", *lines, ":::", ""])


def date_words(day: datetime.date, language: str) -> str:
    """A day as the language writes it: 12 January 2027, 12 de enero de 2027."""
    return f"{day:%d %B %Y}" if language == ENGLISH else format_date(day, "long", locale=language)


def contents(edition: Edition) -> dict[str, Any]:
    """The table of contents."""
    toc: dict[str, Any] = yaml.safe_load((ROOT / "book" / "_toc.yml").read_text(encoding="utf-8"))
    captions = translation.words(edition.language)["captions"]
    parts = []
    for part in toc["parts"]:
        chapters = []
        for chapter in part["chapters"]:
            if chapter["file"] not in edition.left_out:
                chapters.append(chapter)
            chapters += [{"file": own.name} for own in edition.own_chapters if own.after == chapter["file"]]
        if chapters:
            caption = captions.get(part["caption"], part["caption"])
            parts.append({**part, "caption": caption, "chapters": chapters})
    return {**toc, "parts": parts}


def configuration(edition: Edition, folder: Path) -> dict[str, Any]:
    """Jupyter Book's configuration: the book's, with what the edition says."""
    config: dict[str, Any] = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    words = translation.words(edition.language)["words"]
    config |= {key: words[key] for key in ("title",) if key in words}
    config |= {key: edition.texts[key] for key in ("title", "author") if key in edition.texts}
    config["html"] |= {key: words[key] for key in ("extra_footer",) if key in words}
    logo = edition.path("logo")
    if logo is not None:
        config["logo"] = str(logo)
    if "address" in edition.texts:
        config["html"]["baseurl"] = edition.texts["address"]
    config["execute"]["cache"] = str(ROOT / ".cache" / "notebooks")
    sphinx = config["sphinx"]
    theme = sphinx["config"]["html_theme_options"]
    theme |= {key: words[key] for key in theme if key in words}
    if edition.language != ENGLISH:
        sphinx["config"]["language"] = edition.language
        # Chapters that are still English keep their apostrophes: no quote becomes another language's.
        sphinx["config"]["smartquotes_action"] = "De"
        # MyST-NB has these in English alone; its other kinds of folded cells occur in no page
        sphinx["config"]["nb_code_prompt_show"] = _("Show the code")
        sphinx["config"]["nb_code_prompt_hide"] = _("Hide the code")
    sphinx["local_extensions"] = {
        **{name: str(ROOT / path) for name, path in sphinx["local_extensions"].items()},
        "edition": str(ROOT / "book" / "_ext"),
    }
    titles = book_chapters(edition.language)
    own = edition.path("own_exercises")
    sphinx["config"] |= {
        "languages_beside": edition.beside,
        "languages_untranslated": untranslated(edition),
        "reading_repository": edition.texts.get("repository", ""),
        "live_cache": str(folder / "cache"),
        "edition_left_out": {name: titles[name] for name in edition.left_out},
        "edition_labels_left_out": labels_left_out(edition),
        "edition_own_chapters": {c.name: first_heading(c.file) for c in edition.own_chapters},
        "edition_exercises": str(folder / "exercises"),
        "edition_own_exercises": str(own) if own else "",
    }
    return config


def labels_left_out(edition: Edition) -> dict[str, str]:
    """Every label of the chapters left out, with its chapter's title: references to it become words."""
    titles = book_chapters(edition.language)
    found = {}
    for name in edition.left_out:
        text = (ROOT / "book" / f"{name}.md").read_text(encoding="utf-8")
        found |= {(match[1] or match[2]).strip(): titles[name] for match in LABEL.finditer(text)}
    return found


def write_exercises(edition: Edition, folder: Path) -> None:
    """The students' notebooks, and the course's files for grading them."""
    exercises, course = folder / "exercises", folder / "course"
    own = edition.path("own_exercises")
    solutions = edition.path("solutions")
    if solutions is not None:
        command = [sys.executable, "-m", "autograder", "release", "--source", solutions, "--to", exercises]
        command += ["--language", edition.language]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=edition.folder)
        if done.returncode:
            raise EditionError(f"solutions: they can't be released: {(done.stderr or done.stdout).strip()}")
    books = released_in(edition.language, folder)
    for name in edition.assignments:
        if (books / name).is_dir():
            shutil.copytree(books / name, exercises / name)
    for path in exercises.iterdir():
        if path.name not in edition.assignments:
            shutil.rmtree(path)
    shutil.copytree(exercises, course / "release")
    for path in exercises.iterdir():
        if is_graded(path.name):
            shutil.rmtree(path)
    if own is not None:
        shutil.copy(own, course / "own_exercises.py")
    if edition.language != ENGLISH:
        (course / "autograder.toml").write_text(f'language = "{edition.language}"\n', encoding="utf-8")


def released_in(language: str, folder: Path) -> Path:
    """The folder of the book's own notebooks in a language."""
    if language == ENGLISH:
        return ROOT / "exercises"
    release(ROOT / "solutions", folder / "released")
    return folder / "released"


def write_cache(edition: Edition, folder: Path, python_of: str) -> None:
    """What the pages carry: the book's, with the own exercises in the archive of our own package.

    python_of: where the book lies whose Python they take, from the edition's first page; "": their own.
    """
    shared = ROOT / ".cache"
    cache = folder / "cache"
    cache.mkdir()
    # A page's equations are set once for all editions in which it has the same
    (shared / "equations").mkdir(parents=True, exist_ok=True)
    for part in ("vendor", "editor", "equations"):
        if (shared / part).is_dir():
            (cache / part).symlink_to(shared / part)
    if (shared / "pyodide" / ".complete").is_file():
        own = edition.path("own_exercises")
        added = {"own_exercises.py": own.read_bytes()} if own else {}
        for path in (folder / "exercises").glob("*/*.ipynb"):
            added[f"autograder/released/{path.parent.name}/{path.name}"] = path.read_bytes()
        there = f"../../{python_of}_static/pyodide/" if python_of else ""
        assemble_pyodide.with_files(shared / "pyodide", cache / "pyodide", added, there)


def assemble(edition: Edition, folder: Path, python_of: str = "") -> None:
    """Everything that Jupyter Book needs, in a folder that is made anew but for what was built."""
    for name in ("book", "exercises", "course", "cache", "released"):
        shutil.rmtree(folder / name, ignore_errors=True)
    (folder / "book").mkdir(parents=True)
    (folder / "exercises").mkdir()
    write_pages(edition, folder / "book")
    write_exercises(edition, folder)
    write_cache(edition, folder, python_of)
    # JSON is YAML
    text = json.dumps(configuration(edition, folder), indent=1, ensure_ascii=False)
    (folder / "_config.yml").write_text(text + "\n", encoding="utf-8")


def main() -> int:
    """0; 2 where the edition can't be built as it stands; Jupyter Book's code where the build fails."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path, help="edition.toml")
    parser.add_argument("--to", type=Path, help="the folder (build/editions/<name>)")
    parser.add_argument(
        "--python-of",
        default="",
        metavar="PLACE",
        help="take Python's files from the book at PLACE, seen from the edition's first page: ../",
    )
    given = parser.parse_args()
    if given.python_of and not given.python_of.endswith("/"):
        parser.error(f"--python-of: given {given.python_of!r}; expected a folder, ../")
    try:
        edition = read_edition(given.file)
        use_language(edition.language)
        folder = (given.to or ROOT / "build" / "editions" / edition.name).resolve()
        assemble(edition, folder, given.python_of)
    except EditionError as error:
        print(f"edition: {error}", file=sys.stderr)
        return 2
    command = ["jupyter-book", "build", folder / "book", "--config", folder / "_config.yml"]
    code = subprocess.run([*command, "--path-output", folder, "-W", "--keep-going"], check=False).returncode
    if code == 0:
        print(f"The edition: {folder / '_build' / 'html' / 'index.html'}\nIts course:  {folder / 'course'}")
    return code


if __name__ == "__main__":
    sys.exit(main())
