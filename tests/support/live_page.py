"""What the tests of live pages share: a browser, a page that remembers what went wrong, and a reader's
hands.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from tests.support.built_book import SWITCHES, chromium

# Milliseconds that a page may take for anything: a busy machine is slow, and that is nobody's mistake.
PATIENCE = 120_000
expect.set_options(timeout=PATIENCE)
OVER = "e => ['done', 'failed'].includes(e.dataset.liveState)"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, one for a module; its pages are patient."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=SWITCHES)
        for name in ("new_page", "new_context"):
            setattr(opened, name, patiently(getattr(opened, name)))
        yield opened
        opened.close()


def patiently(make: Callable[..., Page | BrowserContext]) -> Callable[..., Page | BrowserContext]:
    """The same, and what it makes waits longer than the usual 30 seconds."""

    def made(*arguments: object, **options: object) -> Page | BrowserContext:
        new = make(*arguments, **options)
        new.set_default_timeout(PATIENCE)
        return new

    return made


class Watched:
    """A page whose errors and foreign requests are remembered."""

    def __init__(self, home: Browser | BrowserContext, address: str, **options: object) -> None:
        self.page: Page = home.new_page(**options)
        self.errors: list[str] = []
        self.foreign: list[str] = []
        self.asked: list[str] = []
        self.page.on(
            "console", lambda m: self.errors.append(m.text) if m.type in ("error", "warning") else None
        )
        self.page.on("pageerror", lambda e: self.errors.append(str(e)))
        local = (address, "data:", "blob:")
        self.page.on("request", lambda r: self.asked.append(r.url))
        self.page.on("request", lambda r: None if r.url.startswith(local) else self.foreign.append(r.url))

    def clean(self) -> None:
        """Nothing went wrong, nothing was asked elsewhere."""
        assert self.errors == []
        assert self.foreign == []


@contextmanager
def newcomer(browser: Browser, book: str, ready: str) -> Iterator[Watched]:
    """Chapter 6 as a reader finds it who was never here; ready: what is there when the page is."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    watched = Watched(context, book)
    watched.page.goto(f"{book}06-step-2.html")
    watched.page.wait_for_selector(ready)
    yield watched
    context.close()


def until(page: Page, holds: Callable[[], bool]) -> None:
    """Wait until something holds that a page can't be asked by itself; AssertionError after PATIENCE."""
    end = time.monotonic() + PATIENCE / 1000
    while not holds():
        assert time.monotonic() < end, "it did not come to hold"
        page.wait_for_timeout(50)


def over(page: Page, cell: Locator) -> str:
    """Wait for the end of a run; the state."""
    page.wait_for_function(OVER, arg=cell.element_handle(), timeout=PATIENCE)
    return cell.get_attribute("data-live-state") or ""


def run(page: Page, cell: Locator) -> str:
    """Press Run and wait for the end; the state."""
    cell.locator("[data-live-run]").click()
    return over(page, cell)


def first(page: Page) -> Locator:
    """The page's first cell."""
    return page.locator("[data-live-cell]").first


def ran(watched: Watched, source: str, expected: str = "done") -> Locator:
    """The first cell after a run with this text."""
    cell = first(watched.page)
    write(cell, source)
    assert run(watched.page, cell) == expected, output(cell)
    return cell


def write(cell: Locator, text: str) -> None:
    """Replace a cell's text, as a reader with a keyboard does."""
    if cell.locator("[data-live-open]").is_visible():
        cell.locator("[data-live-open]").click()
    cell.locator("[data-live-edit]").fill(text)


def text_of(cell: Locator) -> str:
    """What stands in a cell's editor, a text field or CodeMirror."""
    return str(
        cell.locator("[data-live-edit]").evaluate(
            "e => e.value ?? [...e.querySelectorAll('.cm-line')].map((line) => line.textContent).join('\\n')"
        )
    )


def output(cell: Locator) -> str:
    """What a cell shows."""
    return cell.locator("[data-live-output]").inner_text().strip()


def check(page: Page, cell: Locator) -> str:
    """Press Check; the verdict."""
    cell.locator("[data-live-check]").click()
    page.wait_for_function(
        "e => e.querySelector('[data-live-feedback]').dataset.verdict",
        arg=cell.element_handle(),
        timeout=PATIENCE,
    )
    return cell.locator("[data-live-feedback]").get_attribute("data-verdict") or ""
