"""The book's own pages in a real browser: every chapter, every cell, every exercise; no other host, no error;
axe.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.support import axe
from tests.support.built_book import HTML, ROOT, build, pages, served
from tests.support.live_page import Watched, check, over, until, write

CHAPTERS = sorted(p.stem for p in (ROOT / "book").glob("[0-9][0-9]-*.md"))


@pytest.fixture(scope="module")
def book() -> Iterator[str]:
    code, log = build()
    assert code == 0, log[-4000:]
    # From a sub-path, as project pages are served.
    root = HTML.parent / "served"
    root.mkdir(exist_ok=True)
    link = root / "book"
    # Relative and made anew: in a copied checkout an old link would show the book of the checkout it came from.
    link.unlink(missing_ok=True)
    link.symlink_to(f"../{HTML.name}", target_is_directory=True)
    with served(root) as address:
        yield address + "book/"


@pytest.fixture
def watched(browser: Browser, book: str) -> Iterator[Watched]:
    page = Watched(browser, book.removesuffix("book/"))
    yield page
    page.page.close()


def solutions(chapter: str) -> dict[str, str]:
    """The reference solution of each exercise, read from the instructor's source."""
    import jupytext

    source = ROOT / "solutions" / chapter / f"{chapter}.md"
    if not source.is_file():
        return {}
    found = {}
    for cell in jupytext.read(source).cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if cell.cell_type == "code" and grade_id.endswith("_solution"):
            found[grade_id.removesuffix("_solution")] = cell.source
    return found


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_cell_and_exercise_of_a_chapter(watched: Watched, book: str, chapter: str) -> None:
    page = watched.page
    page.goto(f"{book}{chapter}.html")
    assert page.locator(f'[data-chapter="{chapter}"]').count() == 1
    assert page.locator("html").get_attribute("data-live-status") == "off"

    # The book's answers are folded; the reader unfolds them, and each is a cell as any other.
    folded = page.locator('[data-fold-state="folded"]')
    assert folded.count() == page.locator("[data-fold]").count()
    while folded.count():
        folded.first.locator("[data-fold-open]").click()
    every = page.locator("[data-live-cell]").all()
    names = [cell.get_attribute("data-live-cell") for cell in every]
    assert len(set(names)) == len(names)
    for cell in every:
        for hook in ("run", "stop", "edit", "output"):
            assert cell.locator(f"[data-live-{hook}]").count() == 1, (names, hook)
        assert cell.get_attribute("data-live-state") == "saved"
        assert not cell.locator("[data-live-stop]").is_visible()
        if not cell.locator("[data-live-edit]").is_visible():
            assert cell.locator("[data-live-open]").is_visible()
    plain = page.locator("[data-live-cell]:not([data-exercise])")
    assert plain.locator("[data-live-run]:visible").count() > 0

    page.get_by_label("Run all cells of this page").click()
    over(page, plain.last)
    for cell in plain.all():
        expected = "failed" if "raises-exception" in (cell.get_attribute("data-tags") or "") else "done"
        assert cell.get_attribute("data-live-state") == expected, cell.inner_text()[-1500:]

    right = solutions(chapter)
    exercises = page.locator("[data-exercise]").all()
    assert {e.get_attribute("data-exercise") for e in exercises} == set(right)
    for cell in exercises:
        name = cell.get_attribute("data-exercise") or ""
        assert check(page, cell) in ("wrong", "error")
        write(cell, right[name])
        assert check(page, cell) == "right", cell.inner_text()[-2000:]
        assert "grading uses other numbers" in cell.locator("[data-live-feedback]").inner_text()
    if exercises:
        badge = page.locator(".toctree-l1.current .live-progress")
        assert badge.inner_text() == f"{len(right)}/{len(right)}"
    watched.clean()


def test_a_known_mistake_is_named(watched: Watched, book: str) -> None:
    page = watched.page
    page.goto(f"{book}06-step-2.html")
    cell = page.locator('[data-exercise="hidden_delta"]')
    write(cell, "def hidden_delta(W_next, delta_next, z, hidden):\n    return W_next.T @ delta_next\n")
    assert check(page, cell) == "wrong"
    feedback = cell.locator("[data-live-feedback]")
    assert feedback.get_attribute("data-codes") == "K13"
    assert "g' left out" in feedback.inner_text()  # the card as Jupyter shows it
    links = feedback.locator("a").evaluate_all("links => links.map(a => a.getAttribute('href'))")
    assert links == ["06-step-2.html#equation-eq-6-1", "common-mistakes.html#k13"]
    # Both go when the next check begins, and come back when it is over.
    gone = feedback.evaluate(
        """(feedback) => {
          feedback.closest("[data-live-cell]").querySelector("[data-live-check]").click();
          return !feedback.hasAttribute("data-verdict") && !feedback.hasAttribute("data-codes");
        }"""
    )
    assert gone
    page.wait_for_function("document.querySelector('[data-codes=K13][data-verdict=wrong]')")
    watched.clean()


def test_before_a_touch_a_page_is_light(browser: Browser, book: str) -> None:
    import gzip

    page = Watched(browser, book)
    weights: dict[str, int] = {}

    def weigh(request: object) -> None:
        body = request.response().body()  # type: ignore[attr-defined]
        weights[request.url] = min(len(body), len(gzip.compress(body, 6)))  # type: ignore[attr-defined]

    page.page.on("requestfinished", weigh)
    page.page.goto(f"{book}06-step-2.html")
    # To its end: nothing that was asked for is still on its way.
    page.page.wait_for_selector("html[data-live-page]")
    until(page.page, lambda: set(page.asked) <= weights.keys())
    assert len(weights) < 20, sorted(weights)
    assert sum(weights.values()) < 400_000, sorted((w, u) for u, w in weights.items())[-10:]
    later = ("pyodide", "codemirror", "mathjax/es5", "fontawesome")
    assert not [url for url in weights if any(part in url for part in later)]
    # Intent: the pointer over a cell brings what a run and an edit will need, and starts nothing.
    page.page.locator("[data-live-cell]").first.hover()
    for part in ("pyodide/pyodide.asm.wasm", "pyodide/numpy-", "codemirror/codemirror-view.js"):
        if not any(part in url for url in page.asked):
            page.page.wait_for_event("request", lambda request, part=part: part in request.url)
    assert page.page.locator("html").get_attribute("data-live-status") == "off"
    assert page.page.workers == []
    page.clean()
    page.page.close()


CONNECTION = "Object.defineProperty(navigator, 'connection', { value: %s })"
FAST = '{ effectiveType: "4g", downlink: 10, saveData: false }'


@pytest.mark.parametrize("fast", [True, False])
def test_python_starts_when_an_exercise_comes_near_on_a_fast_connection_alone(
    browser: Browser, book: str, fast: bool
) -> None:
    page = browser.new_page()
    if fast:
        page.add_init_script(CONNECTION % FAST)
    page.goto(f"{book}06-step-2.html")
    page.wait_for_selector("html[data-live-page]")
    assert page.locator("html[data-live-status=off]").count() == 1
    exercise = page.locator("[data-exercise]").first
    exercise.scroll_into_view_if_needed()
    if fast:
        page.wait_for_selector("html[data-live-status=loading]")
    else:
        # What comes near by the same rule is there
        exercise.locator(".cm-editor").wait_for()
        assert page.locator("html[data-live-status=off]").count() == 1
        assert page.workers == []
    page.close()


def test_reads_without_javascript(browser: Browser, book: str) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(f"{book}06-step-2.html")
    assert page.get_by_role("heading", name="Derivation").is_visible()
    equation = page.locator("#equation-eq-6-1 mjx-math").first
    assert equation.bounding_box()["width"] > 100  # type: ignore[index]
    assert "δ" in page.locator("#equation-eq-6-1 mjx-assistive-mml").first.text_content()  # type: ignore[operator]
    assert r"\delta" not in page.locator("article.bd-article").inner_text()
    assert page.locator("[data-live-output] img").first.is_visible()
    assert page.locator("[data-live-cell] pre").first.is_visible()
    assert page.locator("[data-widget-still], figure[data-widget] svg").first.is_visible()
    assert page.locator("button[data-live-run]").count() == 0
    page.close()


# Displayed equations that scroll on a phone, and say so at their edge
WIDE_EQUATIONS = """async () => {
  await document.fonts.ready;
  const wide = [...document.querySelectorAll('mjx-container[display="true"]')];
  return wide.filter((e) => e.scrollWidth > e.clientWidth + 1).map((e) => [e.dataset.tex, e.tabIndex, e.dataset.more]);
}"""
# How much of a chapter's first picture the first screen shows, in pixels
SEEN = "innerHeight - document.querySelector('figure[data-widget]').getBoundingClientRect().top"


def test_every_page_fits_a_phone(browser: Browser, book: str) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 740})
    scrolling = []
    for name in [p.name for p in pages()]:
        page.goto(book + name, wait_until="domcontentloaded")
        width = page.evaluate("document.scrollingElement.scrollWidth")
        assert width <= 360, f"{name} is {width} px wide"
        scrolling += [(name, *found) for found in page.evaluate(WIDE_EQUATIONS)]
        if name.removesuffix(".html") in CHAPTERS:
            assert page.evaluate(SEEN) > 80, name
    # The recipe with a column of numbers, as the notebook of chapter 8 states it
    recipe = [(name, more) for name, tex, tab, more in scrolling if "(5.1)" in tex and tab == 0]
    assert recipe == [("08-batches.html", "end")] * len(scrolling), scrolling
    page.close()


def test_accessibility(browser: Browser, book: str) -> None:
    found = []
    page = browser.new_page(color_scheme="light")
    for name in [p.name for p in pages()]:
        page.goto(book + name)
        # One page is looked at as it stands.
        if name != "06-step-2.html":
            page.evaluate(axe.FORMULAS_AS_WORDS)
            page.evaluate(axe.CODE_ONCE)
        found += [f"{name}: {line}" for line in axe.told(page)]
    page.close()
    assert found == [], "\n".join(found)
