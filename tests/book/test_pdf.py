"""The book on paper: every page is in it, the table of contents is right, formulas are letters, widgets are
pictures.
"""

import importlib
import io
import sys
from functools import lru_cache
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.support.built_book import HTML, ROOT, build
from tests.support.machine import needed

sys.path.insert(0, str(ROOT / "tools"))
pdf = importlib.import_module("pdf")
NAMES = [page for _, pages in pdf.order() for page in pages]


@lru_cache(1)
def book(folder: Path) -> PdfReader:
    """The book, printed once."""
    needed("chromium")
    code, log = build()
    assert code == 0, log[-4000:]
    target = folder / "book.pdf"
    assert pdf.main(["--html", str(HTML), "--to", str(target)]) == 0
    return PdfReader(io.BytesIO(target.read_bytes()))


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> PdfReader:
    return book(tmp_path_factory.getbasetemp())


def test_every_page_of_the_book_begins_where_the_contents_say(printed: PdfReader) -> None:
    contents = "".join(page.extract_text() + "\n" for page in printed.pages[1:3])
    for name in NAMES:
        title = pdf.BeautifulSoup((HTML / f"{name}.html").read_text(), "html.parser").select_one("article h1")
        title.select_one(".headerlink").decompose()
        words = title.get_text().strip()
        line = next(line for line in contents.splitlines() if line.startswith(words))
        number = int(line.removeprefix(words))
        assert words.split()[0] in printed.pages[number - 1].extract_text()[:200], f"{name} on page {number}"
    assert printed.outline, "a reader's program shows an outline"


def test_pages_are_numbered_and_formulas_are_letters(printed: PdfReader) -> None:
    assert "10" in printed.pages[9].extract_text().split()
    kinds = {
        font.get_object()["/Subtype"]
        for page in printed.pages[5:20]
        for font in (page["/Resources"].get("/Font") or {}).values()
    }
    assert kinds  # MathJax's fonts and the text's, no pictures of either
    step_2 = next(p for p in printed.pages if "Step 2: δ goes backward" in p.extract_text()[:100])
    assert "(6.1)" in "".join(
        p.extract_text() for p in printed.pages[step_2.page_number : step_2.page_number + 3]
    )


def test_answers_are_open_and_buttons_are_left_out(printed: PdfReader) -> None:
    text = "\n".join(page.extract_text() for page in printed.pages)
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
