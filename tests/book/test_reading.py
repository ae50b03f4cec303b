"""Notes over symbols, links, reading marks: the file they are made of, and the pages in a real browser."""

import importlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import Browser, Page, expect
from sphinx.errors import ConfigError

from tests.support.built_book import HTML, ROOT, build, served

sys.path.insert(0, str(ROOT / "book" / "_ext"))
notation = importlib.import_module("reading.notation")
repository = importlib.import_module("reading.repository")


# ---- the notation file ----------------------------------------------------------------------------------


def test_the_books_notation_is_sound() -> None:
    symbols = {s.plain: s for s in notation.read()}
    assert symbols["W[l]"].shape == "(n[l], n[l-1])"
    assert symbols["W[l]"].shape_in_tex == "$(n_{l}, n_{l-1})$"
    assert symbols["δ[l]"].shape == "(n[l], m)"
    assert {"ŷ, Ŷ", "(g[l])'", "∇W[l]J", "η"} <= set(symbols)
    assert not [plain for plain in symbols if "\\" in plain]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[[symbol]]\ntex = "a"\nletters = ["a"]\nname = "x"\n', "shape is missing"),
        ('[[symbol]]\ntex = "a"\nletters = ["a"]\nname = "x"\nshape = ""\nsize = 3\n', "unknown key size"),
        (2 * '[[symbol]]\ntex = "a"\nletters = ["a"]\nname = "x"\nshape = ""\n', "stands for two"),
    ],
)
def test_a_bad_entry_is_named(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "notation.toml"
    path.write_text(text)
    with pytest.raises(notation.NotationError, match=says):
        notation.read(path)


def test_a_pages_own_symbol_goes_first() -> None:
    held = notation.for_page(notation.read(), "09-gradient-checking")
    first = next(s for s in held if "g" in s.letters)
    assert first.pages == ("09-gradient-checking",)
    assert all(not s.pages for s in notation.for_page(notation.read(), "01-forward"))


# ---- links to edit a page and report a mistake -----------------------------------------------------------


def config(address: str) -> SimpleNamespace:
    return SimpleNamespace(
        reading_repository=repository.address(address),
        reading_branch="main",
        reading_edit=repository.EDIT,
        reading_issue=repository.ISSUE,
    )


def test_links_are_made_of_the_repositorys_address() -> None:
    found = repository.links(config("https://example.org/me/book/"), "06-step-2", "Step 2: δ & more")
    assert found["Edit this page"] == "https://example.org/me/book/edit/main/book/06-step-2.md"
    assert (
        found["Report a mistake"]
        == "https://example.org/me/book/issues/new?title=Step%202%3A%20%CE%B4%20%26%20more%3A%20"
    )


def test_without_an_address_there_are_no_links_and_the_book_says_why() -> None:
    assert repository.links(config(""), "06-step-2", "Step 2") == {}
    build()
    assert "page-links" not in (HTML / "06-step-2.html").read_text()
    assert "BOOK_REPOSITORY" in (HTML / "index.html").read_text()


@pytest.mark.parametrize("text", ["example.org/me", "ftp://example.org/x", "https://", "javascript:alert(1)"])
def test_what_is_no_web_address_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="expected a web address"):
        repository.address(text)


# ---- in the browser ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def book() -> Iterator[str]:
    code, log = build()
    assert code == 0, log[-4000:]
    with served(HTML) as address:
        yield address


def opened(browser: Browser, address: str, **options: object) -> Page:
    page = browser.new_page(**options)
    page.goto(address)
    # The notes listen when the deferred scripts have run
    page.wait_for_load_state("load")
    return page


def test_hovering_a_symbol_shows_its_name_and_shape(browser: Browser, book: str) -> None:
    page = opened(browser, f"{book}06-step-2.html")
    note = page.locator("#symbol-note")
    assert note.is_hidden()
    formula = page.locator("#equation-eq-6-1 mjx-container")
    symbols = {s.plain: s for s in notation.read()}
    for letter, plain in (("δ", "δ[l]"), ("W", "W[l]"), ("z", "z[l], Z[l]"), ("N", "N")):
        index = page.evaluate(
            "x => JSON.parse(document.getElementById('notation-data').textContent).findIndex((n) => n.letters.includes(x))",
            letter,
        )
        formula.locator(f'mjx-math [data-symbol="{index}"] mjx-c').first.hover()
        expect(note).to_contain_text(f"{plain}: {symbols[plain].name}")
        expect(note).to_contain_text(symbols[plain].shape)
    page.keyboard.press("Escape")
    expect(note).to_be_hidden()
    # The book's answers are folded until the reader asks for them.
    page.locator("[data-fold-all]").click()
    page.locator(".live-cell .highlight span", has_text=re.compile("^delta$")).first.hover()
    expect(note).to_contain_text(symbols["δ[l]"].name)  # names in code have notes too
    page.close()


def test_the_keyboard_reaches_every_displayed_formula(browser: Browser, book: str) -> None:
    page = opened(browser, f"{book}06-step-2.html")
    assert page.locator('mjx-container[display="true"]:not([tabindex])').count() == 0
    formula = page.locator("#equation-eq-6-1 mjx-container").first
    formula.evaluate("e => e.previousElementSibling")
    page.keyboard.press("Tab")  # from here on a focus counts as one by keyboard
    formula.focus()
    note = page.locator("#symbol-note")
    expect(note).to_contain_text("gradient of each example's L")
    assert "weights of layer l" in note.inner_text()
    assert formula.get_attribute("aria-describedby") == "symbol-note"
    page.keyboard.press("Tab")
    expect(formula).not_to_have_attribute("aria-describedby", re.compile(""))
    page.close()


def test_a_finger_taps_a_symbol(browser: Browser, book: str) -> None:
    page = opened(browser, f"{book}06-step-2.html", has_touch=True, viewport={"width": 360, "height": 740})
    page.locator("#equation-eq-6-1 mjx-math [data-symbol]").first.tap()
    note = page.locator("#symbol-note")
    expect(note).to_contain_text("shape")
    box = note.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    page.locator("article h1").tap()
    expect(note).to_be_hidden()
    page.close()


def test_formulas_can_be_heard(browser: Browser, book: str) -> None:
    page = opened(browser, f"{book}06-step-2.html")
    without = page.evaluate(
        "[...document.querySelectorAll('article mjx-container')].filter((e) => !e.querySelector('mjx-assistive-mml math')).length"
    )
    assert page.locator("article mjx-container").count() > 20
    assert without == 0
    page.close()


def test_a_copied_equation_is_tex(browser: Browser, book: str) -> None:
    page = opened(browser, f"{book}06-step-2.html")
    copied = page.evaluate("""() => {
      const formula = document.querySelector("#equation-eq-6-1");
      getSelection().selectAllChildren(formula);
      const event = new ClipboardEvent("copy", { bubbles: true, clipboardData: new DataTransfer() });
      formula.dispatchEvent(event);
      return event.clipboardData.getData("text/plain");
    }""")
    assert r"$$\delta^{[l]} = " in copied
    assert r"\circ" in copied
    page.close()


def test_where_i_was_is_remembered_here_and_can_be_forgotten(browser: Browser, book: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{book}07-step-3.html")
    assert page.locator(".read-mark").count() == 0
    page.locator("article h2").last.scroll_into_view_if_needed()
    page.locator(".bd-sidebar-primary .read-mark").first.wait_for(state="attached")
    page.goto(f"{book}index.html")
    link = page.locator(".go-on a")
    assert "Step 3" in link.inner_text()
    assert "1 of 12" in page.locator(".go-on").inner_text()
    assert "07-step-3.html#" in (link.get_attribute("href") or "")
    page.get_by_role("button", name="Forget where I was").click()
    assert page.locator(".read-mark, .go-on").count() == 0
    page.reload()
    assert page.locator(".read-mark, .go-on").count() == 0
    context.close()


def test_paper_shows_what_is_folded_and_no_buttons(browser: Browser, book: str) -> None:
    page = opened(browser, f"{book}06-step-2.html", color_scheme="dark")
    page.locator('[data-widget="W10"][data-widget-ready]').wait_for()
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("html").get_attribute("data-theme") == "light"
    assert page.locator("article details:not([open]):not(.hide)").count() == 0
    assert page.locator("article button:visible").count() == 0
    assert page.locator(".bd-sidebar-primary").is_hidden()
    assert page.locator("#jb-print-docs-body").is_hidden()
    assert page.locator("article.bd-article h1").inner_text().startswith("6. Step 2")
    assert page.locator('[data-widget="W10"] [data-widget-still]').is_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.close()


# Two frames on: how much folded code scrolls now, and what scrolls out of Tab's reach. The theme looks later.
REACHED = """async () => {
  for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
  const all = [...document.querySelectorAll('.bd-article :is(pre, table, mjx-container[display="true"])')];
  const wide = all.filter((e) => e.checkVisibility() && e.scrollWidth > e.clientWidth + 1);
  const unreached = wide.filter((e) => e.tabIndex < 0 && !e.querySelector("a[href], button, input"));
  return [wide.filter((e) => e.closest("details")).length, unreached.map((e) => e.textContent)];
}"""


def test_tab_reaches_what_scrolls_on_a_widened_page_and_in_what_is_opened(
    browser: Browser, book: str
) -> None:
    page = opened(browser, f"{book}06-step-2.html", viewport={"width": 360, "height": 740})
    page.wait_for_selector("html[data-live-page]")
    page.set_viewport_size({"width": 620, "height": 740})
    assert page.evaluate(REACHED)[1] == []
    page.evaluate("document.querySelectorAll('.bd-article details').forEach((fold) => (fold.open = true))")
    folded, unreached = page.evaluate(REACHED)
    assert folded > 0
    assert unreached == []
    page.close()


# The colours of a diagram's grounds, and of its words and lines, with the reader's own of page and text
FORCED = """() => {
  const own = document.createElement("i");
  own.style.cssText = "color: CanvasText; background-color: Canvas";
  document.body.append(own);
  const { color, backgroundColor } = getComputedStyle(own);
  const read = (what, of) => [...document.querySelectorAll(`svg.diagram ${what}`)].map((e) => getComputedStyle(e)[of]);
  const drawn = [...read("text", "fill"), ...read(".arrow", "stroke")];
  return [read("> rect:first-child", "fill"), backgroundColor, drawn, color];
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_diagrams_take_the_colours_that_a_reader_forces(browser: Browser, book: str, scheme: str) -> None:
    page = opened(browser, f"{book}12-graphs.html", forced_colors="active", color_scheme=scheme)
    assert page.locator("html").get_attribute("data-theme") == scheme
    grounds, paper, drawn, ink = page.evaluate(FORCED)
    assert paper != ink
    assert set(grounds) == {paper}
    assert set(drawn) == {ink}
    page.close()


@pytest.mark.parametrize("name", ["a-notation", "12-graphs", "index"])
def test_tables_of_words_fit_a_phone(browser: Browser, book: str, name: str) -> None:
    page = opened(browser, f"{book}{name}.html", viewport={"width": 360, "height": 740})
    tables = page.locator(".stacked table")
    assert tables.count() > 0
    wide = tables.evaluate_all("all => all.filter((t) => t.scrollWidth > t.clientWidth + 1).length")
    assert wide == 0
    page.close()


def test_search_finds_a_chapter(browser: Browser, book: str) -> None:
    page = browser.new_page()
    page.goto(f"{book}search.html?q=vanishing")
    page.locator("#search-results a", has_text="Deep networks").first.wait_for()
    page.close()
