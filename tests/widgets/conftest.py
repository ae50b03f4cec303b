"""What the browser tests of the widgets share: the pages, served, and a fresh reader."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.support import widget_page
from tests.support.built_book import served
from tests.support.live_page import browser
from tools import widget_bundle

__all__ = ["browser"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("widgets")
    widget_bundle.write(folder)
    with served(folder) as address:
        yield address


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh reader, whose errors fail the test."""
    opened = browser.new_page(viewport={"width": 900, "height": 900})
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda m: errors.append(m.text) if m.type in ("error", "warning") else None)
    opened.add_init_script(widget_page.CLIPBOARD)
    yield opened
    opened.close()
    assert errors == []
