"""Where there is no Chromium, a browser test is left out and counted; it neither fails nor passes."""

import shutil

import pytest
from playwright.sync_api import sync_playwright

from tests.support import machine
from tests.support.built_book import chromium


def test_without_a_browser_a_test_is_left_out_also_where_playwright_runs_already(
    monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    machine.find.cache_clear()
    chromium.cache_clear()
    try:
        with sync_playwright(), pytest.raises(machine.LeftOut, match=r"needs Chromium .*install chromium"):
            chromium()
    finally:
        machine.find.cache_clear()
