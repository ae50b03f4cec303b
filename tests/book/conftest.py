"""What the tests of live cells share: the small book, served, and pages of it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.support.built_book import served, small_book
from tests.support.live_page import Watched, browser, first, run

__all__ = ["browser"]
# Its Python is there; a cell of it still runs or waits for its turn.
IDLE = "html[data-live-status=ready]"
BUSY = ":is([data-live-state=running], [data-live-state=waiting])"


@pytest.fixture(scope="module")
def book() -> Iterator[str]:
    with served(small_book()) as address:
        yield address


@pytest.fixture
def watched(browser: Browser, book: str) -> Iterator[Watched]:
    page = Watched(browser, book)
    page.page.goto(f"{book}01-cells.html")
    yield page
    page.page.close()


@pytest.fixture(scope="module")
def started(browser: Browser, book: str) -> Iterator[Watched]:
    page = Watched(browser, book)
    yield page
    page.page.close()


@pytest.fixture
def ready(started: Watched, book: str) -> Iterator[Watched]:
    """A page whose Python is ready, shared by the tests that only write a cell and run it.

    A test that fails in the middle of something leaves a page that is loaded anew.
    """
    page = started.page
    if not page.locator(IDLE).count() or page.locator(BUSY).count():
        page.goto(f"{book}01-cells.html")
        run(page, first(page))
    yield started
    try:
        started.clean()
    finally:
        started.errors.clear()
        started.foreign.clear()
