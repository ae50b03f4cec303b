"""Where a chapter's notebook can be opened: only doors that are there."""

import sys
from types import SimpleNamespace

import pytest

from tests.support.built_book import ROOT

sys.path.insert(0, str(ROOT / "book" / "_ext"))
from live_book.directives import doors


def config(**known: object) -> SimpleNamespace:
    return SimpleNamespace(
        **{"live_lite": False, "reading_repository": "", "reading_branch": "main", **known}
    )


@pytest.mark.parametrize("repository", ["", "https://git.example/a/b", "https://github.com/only-an-owner"])
def test_where_nothing_is_known_there_is_no_link(repository: str) -> None:
    assert doors(config(reading_repository=repository), "06-step-2", "") == {}


def test_jupyterlite_stands_beside_the_page() -> None:
    found = doors(config(live_lite=True), "06-step-2", "../")
    assert found == {"JupyterLite": "../lite/lab/index.html?path=06-step-2/06-step-2.ipynb"}


def test_colab_and_binder_read_from_github() -> None:
    found = doors(config(reading_repository="https://github.com/someone/book"), "06-step-2", "")
    path = "exercises/06-step-2/06-step-2.ipynb"
    assert found == {
        "Colab": f"https://colab.research.google.com/github/someone/book/blob/main/{path}",
        "Binder": f"https://mybinder.org/v2/gh/someone/book/main?labpath={path}",
    }
    assert (ROOT / path).is_file()
    assert "anywidget" in (ROOT / ".binder" / "requirements.txt").read_text()
