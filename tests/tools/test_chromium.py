"""Where there is no Chromium, a browser test is skipped with its reason; it neither fails nor passes."""

import pytest

from tests.support import built_book


def test_without_a_browser_a_test_is_skipped_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(built_book, "_chromium", lambda: None)
    with pytest.raises(pytest.skip.Exception, match="none was found: install chromium"):
        built_book.chromium()
