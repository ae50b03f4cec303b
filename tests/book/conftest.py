"""What the tests of live cells share: the small book, served, and pages of it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.support.built_book import served, small_book
from tests.support.live_page import Watched, browser, first, run

__all__ = ["browser"]


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
def ready(browser: Browser, book: str) -> Iterator[Watched]:
    """A page whose Python is ready, shared by the tests that only write a cell and run it."""
    page = Watched(browser, book)
    page.page.goto(f"{book}01-cells.html")
    run(page.page, first(page.page))
    yield page
    page.clean()
    page.page.close()
