"""The book on paper: every page is in it, the table of contents is right, formulas are letters, widgets are
pictures.
"""

import importlib
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pypdfium2
import pytest
from pypdf import PdfReader

from tests.support.built_book import HTML, ROOT, build
from tests.support.machine import needed

sys.path.insert(0, str(ROOT / "tools"))
pdf = importlib.import_module("pdf")
NAMES = [page for _, pages in pdf.order() for page in pages]


@dataclass(frozen=True)
class Printed:
    """The book on paper, and the text of each of its pages."""

    pdf: PdfReader
    texts: list[str]


@lru_cache(1)
def book(folder: Path) -> Printed:
    """The book, printed once."""
    needed("chromium")
    code, log = build()
    assert code == 0, log[-4000:]
    target = folder / "book.pdf"
    # The tool writes one page of all beside the others: not where other tests look at every page.
    beside = folder / "html"
    beside.mkdir()
    for entry in HTML.iterdir():
        (beside / entry.name).symlink_to(entry)
    assert pdf.main(["--html", str(beside), "--to", str(target)]) == 0
    with pypdfium2.PdfDocument(target) as document:
        texts = [page.get_textpage().get_text_bounded() for page in document]
    return Printed(PdfReader(target), texts)


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Printed:
    return book(tmp_path_factory.getbasetemp())


def test_every_page_of_the_book_begins_where_the_contents_say(printed: Printed) -> None:
    contents = "\n".join(printed.texts[1:3])
    for name in NAMES:
        title = pdf.BeautifulSoup((HTML / f"{name}.html").read_text(), "html.parser").select_one("article h1")
        title.select_one(".headerlink").decompose()
        words = title.get_text().strip()
        line = next(line for line in contents.splitlines() if line.startswith(words))
        number = int(line.removeprefix(words))
        assert words.split()[0] in printed.texts[number - 1][:200], f"{name} on page {number}"
    assert printed.pdf.outline, "a reader's program shows an outline"


def test_pages_are_numbered_and_formulas_are_letters(printed: Printed) -> None:
    assert "10" in printed.texts[9].split()
    kinds = {
        font.get_object()["/Subtype"]
        for page in printed.pdf.pages[5:20]
        for font in (page["/Resources"].get("/Font") or {}).values()
    }
    assert kinds  # MathJax's fonts and the text's, no pictures of either
    step_2 = next(i for i, text in enumerate(printed.texts) if "Step 2: δ goes backward" in text[:100])
    assert "(6.1)" in "".join(printed.texts[step_2 + 1 : step_2 + 4])


def test_answers_are_open_and_buttons_are_left_out(printed: Printed) -> None:
    text = "\n".join(printed.texts)
    assert "Why the transpose?" in text
    assert "Copy state as NumPy" not in text.replace("“Copy state as NumPy”", "")
    assert "Run all" not in text


def test_a_link_to_a_page_of_the_book_stays_in_the_book() -> None:
    pages = {"06-step-2", "07-step-3"}
    assert pdf.inward("07-step-3.html#code", "06-step-2", pages) == "#07-step-3--code"
    assert pdf.inward("#here", "06-step-2", pages) == "#06-step-2--here"
    assert pdf.inward("07-step-3.html", "06-step-2", pages) == "#07-step-3"
    assert pdf.inward("https://doi.org/10.1/x", "06-step-2", pages) == "https://doi.org/10.1/x"


@pytest.mark.needs("chromium")
def test_a_book_that_was_not_built_is_said(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="must be built first"):
        pdf.main(["--html", str(tmp_path), "--to", str(tmp_path / "x.pdf")])
