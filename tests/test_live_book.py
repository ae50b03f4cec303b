"""The pages in a real browser: every chapter, no other host, no error, cells run, exercises are judged, loops end."""

import json
from collections.abc import Iterator

import pytest
from built_book import HTML, ROOT, SWITCHES, build, chromium, pages, served
from playwright.sync_api import Browser, Locator, Page, sync_playwright

CHAPTERS = sorted(p.stem for p in (ROOT / "book").glob("[0-9][0-9]-*.md"))
OVER = "e => ['done', 'failed'].includes(e.dataset.liveState)"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=SWITCHES)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def book() -> Iterator[str]:
    code, log = build()
    assert code == 0, log[-4000:]
    # From a sub-path, as project pages are served.
    root = HTML.parent / "served"
    root.mkdir(exist_ok=True)
    link = root / "book"
    if not link.is_symlink():
        link.symlink_to(HTML, target_is_directory=True)
    with served(root) as address:
        yield address + "book/"


class Watched:
    """A page whose errors and foreign requests are remembered."""

    def __init__(self, browser: Browser, address: str, **options: object) -> None:
        self.page: Page = browser.new_page(**options)
        self.errors: list[str] = []
        self.foreign: list[str] = []
        self.page.on(
            "console", lambda m: self.errors.append(m.text) if m.type in ("error", "warning") else None
        )
        self.page.on("pageerror", lambda e: self.errors.append(str(e)))
        local = (address, "data:", "blob:")
        self.page.on("request", lambda r: None if r.url.startswith(local) else self.foreign.append(r.url))

    def clean(self) -> None:
        """Nothing went wrong, nothing was asked elsewhere."""
        assert self.errors == []
        assert self.foreign == []


@pytest.fixture
def watched(browser: Browser, book: str) -> Iterator[Watched]:
    page = Watched(browser, book.removesuffix("book/"))
    yield page
    page.page.close()


def run(page: Page, cell: Locator, seconds: float = 60) -> str:
    """Press Run and wait for the end; the state."""
    cell.locator("[data-live-run]").click()
    page.wait_for_function(OVER, arg=cell.element_handle(), timeout=seconds * 1000)
    return cell.get_attribute("data-live-state") or ""


def write(cell: Locator, text: str) -> None:
    """Replace a cell's text."""
    if cell.locator("[data-live-open]").is_visible():
        cell.locator("[data-live-open]").click()
    cell.locator("[data-live-edit]").fill(text)


def check(page: Page, cell: Locator) -> str:
    """Press Check; the verdict."""
    cell.locator("[data-live-check]").click()
    page.wait_for_function(
        "e => e.querySelector('[data-live-feedback]').dataset.verdict",
        arg=cell.element_handle(),
        timeout=60_000,
    )
    return cell.locator("[data-live-feedback]").get_attribute("data-verdict") or ""


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_cell_of_a_chapter_runs(watched: Watched, book: str, chapter: str) -> None:
    page = watched.page
    page.goto(f"{book}{chapter}.html")
    assert page.locator(f'[data-chapter="{chapter}"]').count() == 1
    assert page.locator("html").get_attribute("data-live-status") == "off"
    cells = page.locator("[data-live-cell]:not([data-exercise])")
    names = [c.get_attribute("data-live-cell") for c in page.locator("[data-live-cell]").all()]
    assert len(set(names)) == len(names)
    assert page.locator("[data-live-cell]:not([data-exercise]) [data-live-run]:visible").count() > 0
    page.get_by_label("Run all cells of this page").click()
    page.wait_for_function(OVER, arg=cells.last.element_handle(), timeout=120_000)
    for cell in cells.all():
        expected = "failed" if "raises-exception" in (cell.get_attribute("data-tags") or "") else "done"
        assert cell.get_attribute("data-live-state") == expected, cell.inner_text()[-1500:]
    watched.clean()


def solutions(chapter: str) -> dict[str, str]:
    """The reference solution of each exercise, read from the instructor's source."""
    import jupytext

    notebook = jupytext.read(ROOT / "solutions" / chapter / f"{chapter}.md")
    found = {}
    for cell in notebook.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if cell.cell_type == "code" and grade_id.endswith("_solution"):
            found[grade_id.removesuffix("_solution")] = cell.source
    return found


@pytest.mark.parametrize("chapter", [c for c in CHAPTERS if (ROOT / "solutions" / c).is_dir()])
def test_exercises_from_stub_to_right(watched: Watched, book: str, chapter: str) -> None:
    page = watched.page
    page.goto(f"{book}{chapter}.html")
    right = solutions(chapter)
    exercises = page.locator("[data-exercise]").all()
    assert {e.get_attribute("data-exercise") for e in exercises} == set(right)
    for cell in exercises:
        name = cell.get_attribute("data-exercise") or ""
        assert check(page, cell) in ("wrong", "error")
        write(cell, right[name])
        assert check(page, cell) == "right", cell.inner_text()[-2000:]
    watched.clean()


def test_a_known_mistake_is_named(watched: Watched, book: str) -> None:
    page = watched.page
    page.goto(f"{book}06-step-2.html")
    cell = page.locator('[data-exercise="hidden_delta"]')
    write(cell, "def hidden_delta(W_next, delta_next, z, hidden):\n    return W_next.T @ delta_next\n")
    assert check(page, cell) == "wrong"
    assert cell.locator("[data-live-feedback]").get_attribute("data-codes") == "K13"
    watched.clean()


def test_a_runaway_loop_is_stopped(watched: Watched, book: str) -> None:
    page = watched.page
    page.goto(f"{book}{CHAPTERS[0]}.html")
    cell = page.locator("[data-live-cell]:not([data-exercise])").first
    write(cell, "while True:\n    pass")
    cell.locator("[data-live-run]").click()
    page.wait_for_selector("html[data-live-status=ready]", timeout=30_000)
    cell.locator("[data-live-stop]").click()
    page.wait_for_function(OVER, arg=cell.element_handle())
    page.wait_for_selector("html[data-live-status=ready]", timeout=30_000)
    write(cell, "6 * 7")
    assert run(page, cell) == "done"
    assert cell.locator("[data-live-output]").inner_text().strip() == "42"
    write(cell, "1 / 0")
    assert run(page, cell) == "failed"
    shown = cell.locator("[data-live-output]").inner_text()
    assert "ZeroDivisionError" in shown
    assert "live_shell" not in shown
    watched.clean()


def test_controls_and_memory(watched: Watched, book: str) -> None:
    page = watched.page
    page.goto(f"{book}{CHAPTERS[0]}.html")
    cell = page.locator("[data-live-cell]:not([data-exercise])").first
    source = "from ipywidgets import interact\n@interact(n=(0, 10))\n"
    source += "def square(n=3):\n    print('n squared is', n * n)\n"
    write(cell, source)
    assert run(page, cell) == "done", cell.inner_text()
    output = cell.locator("[data-live-output]")
    output.get_by_text("n squared is 9").wait_for()
    slider = output.locator("input[type=range]")
    slider.focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    output.get_by_text("n squared is 49").wait_for()
    page.reload()
    kept = page.locator("[data-live-cell]:not([data-exercise])").first
    assert kept.locator("[data-live-edit]").input_value() == source
    kept.locator("[data-live-reset]").click()
    assert kept.locator("[data-live-edit]").input_value() != source
    watched.clean()


def test_my_notebook_holds_what_i_wrote(watched: Watched, book: str) -> None:
    page = watched.page
    page.goto(f"{book}06-step-2.html")
    text = "def hidden_delta(W_next, delta_next, z, hidden):\n    return 'mine'"
    write(page.locator('[data-exercise="hidden_delta"]'), text)
    with page.expect_download() as info:
        page.get_by_role("button", name="Download my notebook").first.click()
    notebook = json.loads(info.value.path().read_text())
    found = [
        c
        for c in notebook["cells"]
        if c["metadata"].get("nbgrader", {}).get("grade_id") == "hidden_delta_solution"
    ]
    assert len(found) == 1
    assert "".join(found[0]["source"]) == text


def test_wrong_bytes_are_refused(browser: Browser, book: str) -> None:
    page = browser.new_page()
    page.route(
        "**/numpy-*.zip", lambda route: route.fulfill(body=b"something else", content_type="application/zip")
    )
    page.goto(f"{book}{CHAPTERS[0]}.html")
    cell = page.locator("[data-live-cell]").first
    assert run(page, cell) == "failed"
    assert "refused" in cell.locator("[data-live-output]").inner_text()
    assert page.locator("html").get_attribute("data-live-status") == "failed"
    page.unroute("**/numpy-*.zip")
    assert run(page, cell) == "done", "the reader can try again"
    page.close()


def test_reads_without_javascript_and_on_a_phone(browser: Browser, book: str) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(f"{book}06-step-2.html")
    assert "def hidden_delta" in page.locator("article").inner_text()
    page.close()
    for name in [p.name for p in pages()]:
        page = browser.new_page(viewport={"width": 360, "height": 740})
        page.goto(book + name)
        width = page.evaluate("document.scrollingElement.scrollWidth")
        page.close()
        assert width <= 360, f"{name} is {width} px wide"


def test_accessibility(browser: Browser, book: str) -> None:
    axe = (ROOT / ".cache" / "vendor" / "axe-core" / "axe.min.js").read_text()
    found: dict[str, list[str]] = {}
    for name in [p.name for p in pages()]:
        page = browser.new_page(color_scheme="light")
        page.goto(book + name)
        page.wait_for_function(
            "!window.MathJax?.startup?.promise || window.MathJax.startup.promise.then(() => true)"
        )
        page.evaluate(axe)
        for theme, only in (("light", ""), ("dark", ", runOnly: ['color-contrast']")):
            page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
            page.evaluate("Promise.all(document.getAnimations().map((a) => a.finished.catch(() => null)))")
            result = page.evaluate(f"axe.run(document, {{resultTypes: ['violations']{only}}})")
            for violation in result["violations"]:
                found.setdefault(f"{theme}: {violation['id']}: {violation['help']}", []).append(
                    f"{name} {violation['nodes'][0]['html'][:160]}"
                )
        page.close()
    assert not found, json.dumps(found, indent=1)
