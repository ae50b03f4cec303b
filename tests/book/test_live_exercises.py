"""Exercises in the page: the notebook to hand in, and a page in use for everybody."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.support import axe
from tests.support.built_book import ROOT
from tests.support.live_page import Watched, check, first, run, write

RIGHT = "def hidden_delta(W_next, delta_next, z, hidden):\n    from_above = W_next.T @ delta_next\n    return from_above * g_prime(hidden, z)\n"


@pytest.mark.filterwarnings("ignore:::nbgrader", "ignore:::sqlalchemy", "ignore::DeprecationWarning")
def test_my_notebook_is_ready_to_hand_in(watched: Watched, book: str, tmp_path: Path) -> None:
    from autograder.gradebook.gradebook_url import default_url
    from autograder.grading.grade_course import grade_course
    from autograder.grading.settings import Settings

    page = watched.page
    page.goto(f"{book}06-step-2.html")
    assert "advice, not a grade" in page.locator(".live-promise").inner_text()
    cell = page.locator('[data-exercise="hidden_delta"]')
    write(cell, RIGHT)
    assert check(page, cell) == "right"
    assert page.locator(".toctree-l1.current .live-progress").inner_text() == "1/1"
    with page.expect_download() as info:
        page.get_by_role("button", name="Download my notebook").click()
    handed_in = tmp_path / "submitted" / "ada" / "06-step-2" / "06-step-2.ipynb"
    handed_in.parent.mkdir(parents=True)
    info.value.save_as(handed_in)
    assert info.value.suggested_filename == "06-step-2.ipynb"
    released = json.loads((ROOT / "exercises" / "06-step-2" / "06-step-2.ipynb").read_text())
    mine = json.loads(handed_in.read_text())
    assert [c["metadata"] for c in mine["cells"]] == [c["metadata"] for c in released["cells"]]
    report = grade_course(Settings(tmp_path, seed="s"), default_url(tmp_path)).reports[0]
    scores = {e["id"]: (e["score"], e["max_score"]) for e in report["exercises"]}
    assert scores["hidden_delta"][0] == scores["hidden_delta"][1] > 0
    assert scores["all_deltas"][0] == 0
    watched.clean()


def test_a_page_being_used_passes_axe(browser: Browser, book: str) -> None:
    watched = Watched(browser, book, viewport={"width": 360, "height": 740})
    page = watched.page
    page.goto(f"{book}06-step-2.html")
    exercise = page.locator("[data-exercise]")
    write(
        exercise,
        "def hidden_delta(W_next, delta_next, z, hidden):\n    return W_next.T @ delta_next  # K13\n",
    )
    assert check(page, exercise) == "wrong"
    plain = first(page)
    write(
        plain,
        "import ipywidgets as w, sys\nprint('err', file=sys.stderr)\n"
        "w.VBox([w.IntSlider(description='n'), w.Dropdown(options=['a']), w.Tab([w.Text()], titles=['t']), w.Checkbox(), w.Button()])",
    )
    assert run(page, plain) == "done"
    colours = plain.locator(".cm-line").first.evaluate(
        "(line) => { line.style.color = 'rgb(103, 48, 197)'; return [line, line.parentElement].map((e) => getComputedStyle(e).color); }"
    )
    assert colours[0] == colours[1], "what a browser writes into a line has the editor's colours"
    assert axe.told(page) == []
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 360
    watched.clean()
    page.close()
