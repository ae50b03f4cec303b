"""Slides for lectures, a deck a chapter, from slides/*.md: make slides

    python tools/slides.py                  _build/slides/<chapter>.html and .pdf, and <chapter>-notes.pdf
    python tools/slides.py 06-step-2        only this deck

A slide ends at a line of three hyphens. `![words](W10)` is the widget's still. `Note 5 min:` begins the
speaker's notes, with the minutes that the slide takes. A block of ```python check is not shown: a test runs
it, so that every number on a slide is the book's. In the page: arrows turn the slides, n shows the notes, p
prints what is shown.
"""

import argparse
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, select_autoescape
from local_server import served
from markdown_it import MarkdownIt
from markupsafe import Markup
from mdit_py_plugins.dollarmath import dollarmath_plugin
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
SOURCE, OUT = ROOT / "slides", ROOT / "_build" / "slides"
TEMPLATES = Path(__file__).with_name("templates")
MATHJAX = ROOT / ".cache" / "vendor" / "mathjax"
# Milliseconds that a busy machine may take to set the formulas of a deck
SLOWEST = 300_000
CHECK = re.compile(r"^```python check\n(.*?)^```\n?", re.MULTILINE | re.DOTALL)
NOTE = re.compile(r"^Note (\d+) min: ", re.MULTILINE)
PICTURE = re.compile(r"^!\[([^\]]+)\]\((W\d+)\)$", re.MULTILINE)


@dataclass(frozen=True)
class Slide:
    """One slide: its Markdown, the notes' Markdown, the minutes it takes, and the Python that checks it."""

    text: str
    note: str
    minutes: int
    checks: tuple[str, ...]


def read_deck(path: Path) -> list[Slide]:
    """The slides of a deck; ValueError for one without notes and minutes."""
    slides = []
    for number, part in enumerate(
        re.split(r"^---\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE), 1
    ):
        checks = tuple(CHECK.findall(part))
        text, *noted = NOTE.split(CHECK.sub("", part))
        if len(noted) != 2:
            raise ValueError(
                f"{path.name}, slide {number}: one “Note N min: …” was expected, {len(noted) // 2} found"
            )
        slides.append(Slide(text.strip(), noted[1].strip(), int(noted[0]), checks))
    return slides


def _math(content: str, options: dict[str, bool]) -> str:
    """As MathJax finds it; escaped, so that < is no tag."""
    opening, closing = ("\\[", "\\]") if options.get("display_mode") else ("\\(", "\\)")
    return str(Markup.escape(opening + content + closing))


def markdown(text: str) -> Markup:
    """HTML of a slide's Markdown, with widgets' stills for their names."""
    renderer = MarkdownIt("commonmark", {"html": False}).enable("table")
    renderer.use(dollarmath_plugin, renderer=_math)
    html = renderer.render(PICTURE.sub(r"STILL-\2-\1-STILL", text))

    def still(found: re.Match[str]) -> str:
        picture = (ROOT / "widgets" / "stills" / f"{found[1]}.svg").read_text(encoding="utf-8")
        return f'<figure title="{Markup.escape(found[2])}">{picture}</figure>'

    return Markup(re.sub(r"<p>STILL-(W\d+)-(.*?)-STILL</p>", still, html))


def page(path: Path) -> str:
    """The deck as one page."""
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=select_autoescape())
    slides = read_deck(path)
    return environment.get_template("slides.html.j2").render(
        title=slides[0].text.splitlines()[0].removeprefix("# "),
        slides=[(markdown(slide.text), markdown(slide.note), slide.minutes) for slide in slides],
        deck_minutes=sum(slide.minutes for slide in slides),
        style=Markup((TEMPLATES / "slides.css").read_text(encoding="utf-8")),
        widgets=Markup((ROOT / "widgets" / "js" / "widget.css").read_text(encoding="utf-8")),
        script=Markup((TEMPLATES / "slides.js").read_text(encoding="utf-8")),
    )


def print_pages(folder: Path, pages: list[tuple[str, str]], chromium: str) -> None:
    """Pages of the folder, by address and the PDF's name, printed when their formulas are set."""
    with served(folder) as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        sheet = browser.new_page()
        sheet.set_default_timeout(SLOWEST)
        for address, name in pages:
            sheet.goto(f"{base}{address}")
            sheet.wait_for_selector("html[data-typeset]")
            sheet.pdf(path=folder / name, prefer_css_page_size=True, print_background=True)
        browser.close()


def main() -> int:
    """0; 2 where a deck can't be made."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("decks", nargs="*", help="their names; all of them if none is given")
    wanted = parser.parse_args().decks
    there = {path.stem: path for path in sorted(SOURCE.glob("*.md"))}
    if unknown := [name for name in wanted if name not in there]:
        print(f"slides: no deck {', '.join(unknown)}; there are {', '.join(there)}", file=sys.stderr)
        return 2
    names = wanted or list(there)
    OUT.mkdir(parents=True, exist_ok=True)
    if MATHJAX.is_dir():
        shutil.copytree(MATHJAX, OUT / "mathjax", dirs_exist_ok=True)
    try:
        for name in names:
            (OUT / f"{name}.html").write_text(page(there[name]), encoding="utf-8")
    except ValueError as error:
        print(f"slides: {error}", file=sys.stderr)
        return 2
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium and MATHJAX.is_dir():
        # A slide a page, and once more with the notes under the slides.
        kinds = (("", ""), ("?notes", "-notes"))
        pages = [(f"{name}.html{query}", f"{name}{end}.pdf") for name in names for query, end in kinds]
        print_pages(OUT, pages, chromium)
    else:
        print(
            "slides: pages only; Chromium and MathJax (make book brings it) make PDFs of them",
            file=sys.stderr,
        )
    print(f"The slides: {OUT / names[0]}.html and {len(names) - 1} more")
    return 0


if __name__ == "__main__":
    sys.exit(main())
