"""Practice in the page: the whole statement, folded answers, the card's help and case, limits, progress."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page

from tests.support.live_page import Watched, check, first, newcomer, output, run, text_of, write

WRONG = "def hidden_delta(W_next, delta_next, z, hidden):\n    return W_next.T @ delta_next\n"
RIGHT = "def hidden_delta(W_next, delta_next, z, hidden):\n    return (W_next.T @ delta_next) * g_prime(hidden, z)\n"


@pytest.fixture
def practice(browser: Browser, book: str):
    """The page with the exercise, as a reader finds it who was never here."""
    with newcomer(browser, book, "html[data-live-page]") as watched:
        yield watched


def exercise(page: Page) -> Locator:
    return page.locator('[data-exercise="hidden_delta"]')


def feedback(page: Page) -> Locator:
    return exercise(page).locator("[data-live-feedback]")


def test_the_exercise_has_its_notebooks_statement_and_its_names(practice: Watched) -> None:
    text = practice.page.locator("article").inner_text()
    assert "hidden_delta: Step 2 (14 points)" in text
    assert "array([[31.]," in text
    assert "What the graded check covers" in text
    assert "You have np, NDArray, Layers, g_prime(name, z), g(output, z), output_delta(output, z, Y)." in text
    assert "residual_delta: a layer" not in text
    write(
        exercise(practice.page),
        "def hidden_delta(*_):\n    return [NDArray, Layers, g_prime, g, output_delta, np]\n",
    )
    assert check(practice.page, exercise(practice.page)) == "wrong"
    assert "NameError" not in feedback(practice.page).inner_text()
    practice.clean()


def test_the_books_answer_is_folded_and_still_runs_and_pasted_in_is_right(practice: Watched) -> None:
    page = practice.page
    fold = page.locator('[data-fold="hidden_delta"]')
    assert fold.get_attribute("data-fold-state") == "folded"
    assert not fold.locator("pre").first.is_visible()
    later = page.locator("[data-live-cell=cell-3]")
    assert run(page, later) == "done"
    assert output(later) == "[[1.0], [1.0]]"
    answer = str(fold.locator(".cell_input pre").first.text_content())
    write(exercise(page), answer)
    assert check(page, exercise(page)) == "right"
    assert "Back along the columns of W" in feedback(page).inner_text()
    assert "next: all_deltas (1 of 3 done)" in feedback(page).inner_text()
    assert fold.get_attribute("data-fold-state") == "open"
    assert fold.locator("pre").first.is_visible()
    practice.clean()


def test_a_fold_opens_by_its_button_by_the_pages_switch_and_on_the_third_try(practice: Watched) -> None:
    page = practice.page
    fold = page.locator("[data-fold]")
    page.locator("[data-fold-all]").click()
    assert fold.get_attribute("data-fold-state") == "open"
    page.reload()
    assert fold.get_attribute("data-fold-state") == "open"
    page.locator("[data-fold-all]").click()
    assert fold.get_attribute("data-fold-state") == "folded"
    for state in ("folded", "folded", "open"):
        write(exercise(page), WRONG)
        assert check(page, exercise(page)) == "wrong"
        assert fold.get_attribute("data-fold-state") == state
    page.evaluate("localStorage.clear()")
    page.reload()
    fold.locator("[data-fold-open]").click()
    assert fold.get_attribute("data-fold-state") == "open"
    page.reload()
    assert fold.get_attribute("data-fold-state") == "open"


def test_nothing_is_folded_on_paper_or_without_scripts(
    browser: Browser, book: str, practice: Watched
) -> None:
    page = practice.page
    page.emulate_media(media="print")
    assert page.locator("[data-fold] .cell pre").first.is_visible()
    assert not page.locator(".live-fold").is_visible()
    context = browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(f"{book}06-step-2.html")
    assert plain.locator("[data-fold]").get_attribute("data-fold-state") == "open"
    assert plain.locator("[data-fold] pre").first.is_visible()
    context.close()


def test_help_is_opened_one_by_one_and_a_case_becomes_a_cell(practice: Watched) -> None:
    page = practice.page
    write(
        exercise(page),
        f"{WRONG.rstrip()}  # K13\nprint('top')\n".replace("    return", "    print('inside')\n    return"),
    )
    assert check(page, exercise(page)) == "wrong"
    card = feedback(page)
    text = card.inner_text()
    assert text.startswith("× hidden_delta: not right yet")
    assert "top" not in text.splitlines()
    assert card.locator("details", has_text="What it printed").get_attribute("open") is None
    assert card.locator("[data-help-level]").count() == 0
    for level in ("1", "2", "3", "4"):
        card.locator("[data-help-next]").click()
        shown = card.locator("[data-help-level]")
        assert [s.get_attribute("data-help-level") for s in shown.all()][-1] == level
        assert ("g_prime(hidden, z)" in card.inner_text()) == (level == "4")
    assert card.locator("[data-help-next]").count() == 0
    assert card.locator("[data-case-inputs]").inner_text().startswith("W_next = [[")
    yours = card.locator("[data-case-yours] td").inner_text().split()[-1]
    card.locator("[data-case-to-cell]").click()
    cell = page.locator('[data-live-cell="hidden_delta-case"]')
    assert run(page, cell) == "done"
    assert yours in output(cell)
    write(exercise(page), RIGHT)
    assert run(page, cell) == "done"  # the exercise's new text runs before it
    assert card.locator("[data-case-expected] td").inner_text().split()[-1] in output(cell)
    practice.clean()


def test_a_name_that_is_not_there_is_told_where_it_is(practice: Watched) -> None:
    page = practice.page
    write(first(page), "import numpy as np\nlosses = 3")
    write(exercise(page), "x = losses\n")
    assert check(page, exercise(page)) == "error"
    text = feedback(page).inner_text()
    assert "losses is defined in the chapter (cell [1]), not here: Check runs your cell with np" in text
    assert "g_prime(name, z)" in text
    write(exercise(page), "def hidden_delta(W_next, delta_next, z, hidden):\n    return losses\n")
    assert check(page, exercise(page)) == "error"
    assert "losses is defined in the chapter (cell [1])" in feedback(page).inner_text()
    write(page.locator("[data-live-cell=cell-3]"), "later = 1")
    write(first(page), "later + nowhere")
    assert run(page, first(page)) == "failed"
    assert "later is defined in cell [3], which comes later" in output(first(page))
    link = first(page).locator("[data-live-output] a")
    assert link.inner_text() == "<cell [1]>"
    assert link.get_attribute("href") == f"#{first(page).get_attribute('id')}"


# The page's ten seconds, passed in one: the wait is the browser's, what follows it is ours.
SHORT_LIMIT = """() => {
  window.unhurried = window.setTimeout;
  window.setTimeout = (then, wait, ...rest) => window.unhurried(then, wait === 10_000 ? 1_000 : wait, ...rest);
}"""


def test_a_loop_without_an_end_is_stopped_and_said(practice: Watched) -> None:
    page = practice.page
    page.evaluate(SHORT_LIMIT)
    write(exercise(page), "def hidden_delta(*_):\n    while True:\n        pass\n")
    assert check(page, exercise(page)) == "error"
    page.evaluate("window.setTimeout = window.unhurried")
    assert "did not return within 10 seconds" in feedback(page).inner_text()
    assert "loop that never ends" in feedback(page).inner_text()
    write(exercise(page), RIGHT)
    assert check(page, exercise(page)) == "right"


# Some of tests/habits/habits.txt, which the page's Python is held to outside a browser.
BODY = "(W_next.T @ delta_next) * g_prime(hidden, z)"
HABITS = {
    "indented, with prompts": f">>> def hidden_delta(W_next, delta_next, z, hidden):\n...     return {BODY}",
    "a lambda below a shell's line": f"!ls\nhidden_delta = lambda W_next, delta_next, z, hidden: {BODY}",
    "input, exit and await": (
        "import asyncio\nawait asyncio.sleep(0)\nname = input()\n" + RIGHT + "exit()\nhidden_delta = None"
    ),
    "an error below": "%%time\n" + RIGHT + "1 / 0",
}


def test_habits_that_cost_nothing_where_it_is_graded_cost_nothing_here(practice: Watched) -> None:
    page = practice.page
    for source in HABITS.values():
        write(exercise(page), source)
        assert check(page, exercise(page)) == "right", source


def test_long_output_scrolls_and_magics_are_told(practice: Watched) -> None:
    page = practice.page
    cell = first(page)
    write(cell, "%matplotlib inline\n%timeit 1 + 1\n!ls\nfor i in range(2000): print(i)")
    assert run(page, cell) == "done"
    assert cell.bounding_box()["height"] < 900
    assert "%timeit 1 + 1 was left out: this page has no magics" in output(cell)
    assert "!ls was left out: this page has no shell" in output(cell)
    assert "%matplotlib" not in output(cell)
    cell.get_by_role("button", name="Show all 2000 lines").click()
    assert cell.bounding_box()["height"] > 20_000
    assert cell.locator(".live-show-all").count() == 0


def test_run_all_reports(practice: Watched) -> None:
    page = practice.page
    report = page.locator(".live-report")
    write(first(page), "nothing")
    page.get_by_role("button", name="Run all").click()
    page.wait_for_function("document.querySelector('.live-report').textContent")
    assert report.inner_text() == "Cell [1] failed, so the 2 cells after it did not run."
    write(first(page), "import numpy as np")
    page.get_by_role("button", name="Run all").click()
    page.wait_for_function("document.querySelector('.live-report').textContent.startsWith('All')")
    assert report.inner_text() == "All 3 cells ran."
    assert page.locator(".live-number").first.inner_text() == "[1]"


def test_progress_is_kept_reviewed_saved_and_taken_over(practice: Watched, book: str, tmp_path: Path) -> None:
    page = practice.page
    write(exercise(page), WRONG)
    assert check(page, exercise(page)) == "wrong"
    feedback(page).locator("[data-help-next]").click()
    page.evaluate("document.querySelector('[data-question]').dataset.questionState = 'wrong'")
    page.goto(f"{book}my-progress.html")
    page.wait_for_selector("[data-review]")
    row = page.locator('[data-progress-page="06-step-2"]').inner_text().split("\t")
    assert row[1:] == ["0 of 1", "0 of 1", "1"]
    assert [item.get_attribute("data-review") for item in page.locator("[data-review]").all()] == [
        "hidden_delta",
        "q-transpose",
    ]
    assert "last time: K13" in page.locator("[data-review]").first.inner_text()
    page.locator('[data-review="q-transpose"] a', has_text="Why the transpose in").wait_for()
    with page.expect_download() as info:
        page.locator("[data-progress-export]").click()
    saved = tmp_path / "mine.json"
    info.value.save_as(saved)
    assert "progress:06-step-2" in json.loads(saved.read_text())["kept"]
    page.evaluate("localStorage.clear()")
    page.reload()
    assert page.locator("[data-review]").count() == 0
    page.locator("[data-progress-import]").set_input_files(saved)
    page.wait_for_selector("[data-review]")
    other = tmp_path / "other.json"
    other.write_text('{"kept": {}}')
    page.locator("[data-progress-import]").set_input_files(other)
    page.get_by_text("This file was not saved by this page.").wait_for()
    page.goto(f"{book}06-step-2.html")
    assert text_of(exercise(page)).strip() == WRONG.strip()
    write(exercise(page), RIGHT)
    assert check(page, exercise(page)) == "right"
    badge = page.locator(".toctree-l1.current .live-progress")
    assert badge.inner_text() == "1/1"
    assert badge.get_attribute("data-done") == ""
    page.goto(f"{book}my-progress.html")
    page.wait_for_selector('[data-review="q-transpose"]')
    assert page.locator('[data-review="hidden_delta"]').count() == 0
    practice.clean()
