"""The whole book as one PDF: the built pages, joined in reading order, printed by Chromium. Run: make pdf

Nothing is built twice: the articles of _build/html are put into one page, their anchors made unique, their
links to one another kept. Chromium prints it with MathJax's fonts, so equations are letters and not pictures;
widgets are their stills. A first print tells on which page each chapter begins; the second, of the same page
in the same browser, has these numbers in its table of contents.
"""

import argparse
import io
import re
import shutil
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import yaml
from bs4 import BeautifulSoup, Tag
from jinja2 import Environment, FileSystemLoader, select_autoescape
from local_server import served
from playwright.sync_api import Page, sync_playwright
from pypdf import PdfReader

ROOT = Path(__file__).resolve().parents[1]
HTML = ROOT / "_build" / "html"
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]
EQUATIONS = re.compile(r'<style id="equation-style">(.*?)</style>', re.DOTALL)
# Milliseconds that a busy machine may take to lay the whole book out
SLOWEST = 300_000
# The numbers into the table of contents
NUMBERED = """(numbers) => {
  for (const entry of document.querySelectorAll(".contents li[data-leads]"))
    entry.dataset.page = numbers[entry.dataset.leads] ?? "";
}"""
CSS = ("_static/reading/print.css", "widgets/widget.css")


def order() -> list[tuple[str, list[str]]]:
    """The parts of the book and their pages, as _toc.yml has them; the first part is the first page alone."""
    toc = yaml.safe_load((ROOT / "book" / "_toc.yml").read_text(encoding="utf-8"))
    parts = [(part["caption"], [chapter["file"] for chapter in part["chapters"]]) for part in toc["parts"]]
    return [("", [toc["root"]]), *parts]


def article(html: Path, page: str, pages: set[str]) -> Tag:
    """A built page's article, its anchors named page--anchor, its links to the book's pages turned inward."""
    path = html / f"{page}.html"
    if not path.is_file():
        raise SystemExit(f"pdf: {path} is missing; the book must be built first (make book)")
    found = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser").select_one("article")
    if found is None:
        raise SystemExit(f"pdf: {path} has no <article>: not a page of the book")
    for tag in found.select("script, link, .headerlink, .page-links, button"):
        tag.decompose()
    for tag in found.find_all(True):
        for name in ("id", "aria-labelledby", "aria-describedby", "for"):
            if name in tag.attrs:
                tag[name] = f"{page}--{tag[name]}"
        # Paper is seen all at once
        tag.attrs.pop("loading", None)
        # A figure's code stays folded
        if tag.name == "details" and "hide" not in tag.get("class", []):
            tag["open"] = ""
        if tag.name == "a" and "href" in tag.attrs:
            tag["href"] = inward(str(tag["href"]), page, pages)
    found.name = "section"
    found["id"] = page
    found["class"] = ["bd-article", "printed-page"]
    return found


def inward(href: str, page: str, pages: set[str]) -> str:
    """A link to a page of the book, as a link inside the one page; others stay."""
    parts = urlsplit(href)
    if parts.scheme or parts.netloc:
        return href
    target = unquote(parts.path).removesuffix(".html") or page
    if target not in pages:
        return href
    return f"#{target}--{parts.fragment}" if parts.fragment else f"#{target}"


def joined(html: Path) -> str:
    """The book as one HTML page, its table of contents still without numbers."""
    parts = order()
    pages = {page for _, names in parts for page in names}
    articles = {page: article(html, page, pages) for _, names in parts for page in names}
    titles = {page: found.h1.get_text().strip() for page, found in articles.items() if found.h1}
    head = BeautifulSoup((html / f"{parts[0][1][0]}.html").read_text(encoding="utf-8"), "html.parser").head
    styles = [str(link["href"]) for link in head.select('link[rel~="stylesheet"][href]')] if head else []
    # Each page has the rules for its own equations
    equations = [
        found[1] for page in pages if (found := EQUATIONS.search((html / f"{page}.html").read_text("utf-8")))
    ]
    template = Environment(
        loader=FileSystemLoader(ROOT / "tools" / "templates"), autoescape=select_autoescape()
    ).get_template("pdf.html.j2")
    return template.render(
        title=yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["title"],
        parts=parts,
        titles=titles,
        articles={page: str(found) for page, found in articles.items()},
        styles=[*styles, *(css for css in CSS if not any(css in s for s in styles))],
        equations="\n".join(equations),
    )


def chromium() -> str | None:
    """The system's Chromium; None lets Playwright look for its own."""
    return next(
        (p for n in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(n))), None
    )


def opened(page: Page, address: str) -> None:
    """Open the page at an address until its formulas and pictures are there."""
    page.goto(address, wait_until="load")
    page.evaluate("document.fonts.ready.then(() => true)")
    broken = page.evaluate("[...document.images].filter((i) => !i.naturalWidth).map((i) => i.src)")
    if broken:
        raise SystemExit(f"pdf: these pictures can't be shown: {', '.join(broken)}")


def printed(page: Page, *, draft: bool = False) -> bytes:
    """The page as it stands; a draft has the same pages, and neither an outline nor a reader's structure."""
    return page.pdf(
        format="A4", prefer_css_page_size=True, print_background=True, outline=not draft, tagged=not draft
    )


def starts(pdf: bytes, pages: list[str]) -> dict[str, int]:
    """On which page of the PDF each of the book's pages begins, by the links of the table of contents."""
    reader = PdfReader(io.BytesIO(pdf))
    return {
        name: reader.get_destination_page_number(destination) + 1
        for name in pages
        if (destination := reader.named_destinations.get(name) or reader.named_destinations.get(f"/{name}"))
    }


def main(arguments: list[str] | None = None) -> int:
    """Print the book; 0 if it is there."""
    parser = argparse.ArgumentParser(description="print the built book into one PDF")
    parser.add_argument("--html", type=Path, default=HTML, help="the built book (default: _build/html)")
    parser.add_argument("--to", type=Path, default=ROOT / "_build" / "general-backpropagation.pdf")
    given = parser.parse_args(arguments)
    names = [page for _, pages in order() for page in pages]
    # Beside the pages, so that their pictures are found
    draft = given.html / "_print.html"
    try:
        with served(given.html) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=SWITCHES)
            page = browser.new_page(color_scheme="light")
            page.set_default_timeout(SLOWEST)
            draft.write_text(joined(given.html), encoding="utf-8")
            opened(page, f"{address}_print.html")
            page.evaluate(NUMBERED, starts(printed(page, draft=True), names))
            pdf = printed(page)
            numbers = starts(pdf, names)
            browser.close()
    finally:
        draft.unlink(missing_ok=True)
    if missing := sorted(set(names) - set(numbers)):
        raise SystemExit(f"pdf: the table of contents leads nowhere for {', '.join(missing)}")
    given.to.parent.mkdir(parents=True, exist_ok=True)
    given.to.write_bytes(pdf)
    print(f"{given.to}: {len(PdfReader(io.BytesIO(pdf)).pages)} pages, {len(pdf) / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
