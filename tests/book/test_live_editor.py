"""The editor of a live cell: CodeMirror and its keys, what is kept, two tabs, no storage."""

from playwright.sync_api import Browser, expect

from tests.support.live_page import Watched, first, output, over, ran, text_of, write

DENIED = """
for (const name of ["localStorage", "sessionStorage"])
  Object.defineProperty(window, name, {configurable: true, get() { throw new DOMException("denied", "SecurityError"); }});
"""


def test_the_editor_is_codemirror_and_a_keyboard_can_leave_it(watched: Watched) -> None:
    page, cell = watched.page, first(watched.page)
    cell.locator("[data-live-open]").focus()
    page.keyboard.press("Enter")
    edit = cell.locator(".cm-content[data-live-edit]")
    edit.wait_for()
    page.wait_for_function("document.activeElement.classList.contains('cm-content')")
    page.keyboard.press("Control+a")
    page.keyboard.type("def f(n):\nreturn n + 1\n")  # the editor indents
    assert text_of(cell).startswith("def f(n):\n    return n + 1\n")
    page.keyboard.press("Control+a")
    page.keyboard.press("Tab")
    assert text_of(cell).startswith("    def f")
    page.keyboard.press("Shift+Tab")
    assert text_of(cell).startswith("def f")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert not edit.evaluate("e => e === document.activeElement")
    assert text_of(cell).startswith("def f")
    edit.fill("6 * 7")
    edit.press("Shift+Enter")
    assert over(page, cell) == "done"
    assert output(cell) == "42"
    assert edit.get_attribute("aria-label") == "Code of cell 1. Tab indents; Escape, then Tab, leaves."
    watched.clean()


def test_text_is_kept_and_the_books_version_comes_back(watched: Watched) -> None:
    page = watched.page
    folded = page.locator("[data-live-cell=cell-2]")
    write(folded, "answer + 1")
    assert folded.locator("[data-live-edit]").is_visible()  # Edit unfolds
    page.reload()
    assert text_of(folded) == "answer + 1"
    assert text_of(first(page)) == "answer = 42\nanswer"
    folded.locator("summary").click()
    folded.locator("[data-live-reset]").click()
    assert text_of(folded) == "2 * answer"
    page.reload()
    assert text_of(folded) == "2 * answer"
    assert not folded.locator("[data-live-reset]").is_visible()
    watched.clean()


def test_two_tabs_share_what_is_written(browser: Browser, book: str) -> None:
    context = browser.new_context()
    one, two = (Watched(context, book) for _ in range(2))
    for tab in (one, two):
        tab.page.goto(f"{book}01-cells.html")
    write(first(one.page), "answer = 'from the first tab'\nanswer")
    heard = first(two.page).locator("[data-live-edit]:visible")
    expect(heard).to_be_visible()
    assert text_of(first(two.page)) == "answer = 'from the first tab'\nanswer"
    for tab in (one, two):  # each has a Python of its own
        first(tab.page).locator("[data-live-run]").click()
    for tab in (one, two):
        assert over(tab.page, first(tab.page)) == "done"
        assert output(first(tab.page)) == "'from the first tab'"
        tab.clean()
    context.close()


def test_without_storage_everything_works_without_memory(browser: Browser, book: str) -> None:
    watched = Watched(browser, book)
    watched.page.add_init_script(DENIED)
    watched.page.goto(f"{book}01-cells.html")
    cell = ran(watched, "1 + 1")
    assert output(cell) == "2"
    write(cell, "1 + 2")
    cell.get_by_text("kept until this page closes").wait_for()
    watched.page.reload()
    assert text_of(first(watched.page)) == "answer = 42\nanswer"
    watched.clean()
    watched.page.close()
