"""`-p tests.support.longest_first`: in several processes, the longest files of tests are begun first.

pytest-xdist by itself begins with the files that have most tests. Those that build a book have few: one
process would still be building when the others have nothing left to do, and two that need the same build
would begin together, one of them waiting for the other.
"""

from collections import Counter
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
# About ten seconds and more each, the longest first; but the file that builds the book comes before all, two
# that don't need it come next, and those that build in the same place stand apart.
FIRST = (
    "book/test_book.py",
    "authoring/test_verify.py",
    "judging/test_corpus.py",
    "book/test_live_book.py",
    "book/test_editions.py",
    "book/test_live_practice.py",
    "widgets/test_hands.py",
    "gradebook/test_formgrader.py",
    "book/test_pdf.py",
    "attacks/test_attacks.py",
    "book/test_live_mishaps.py",
    "tools/test_lite.py",
    "platforms/test_bundle.py",
    "book/test_translations.py",
    "grading/test_grade_course.py",
    "gradebook/test_stock_nbgrader.py",
    "attacks/test_budgets.py",
    "habits/test_habits.py",
    "book/test_reading.py",
    "judging/test_monotone.py",
    "book/test_presence.py",
    "widgets/test_story.py",
    "book/test_live_editor.py",
    "book/test_questions.py",
    "widgets/test_numbers.py",
    "gradebook/test_postgresql.py",
    "book/test_live_runs.py",
    "reports/test_reports.py",
    "book/test_live_controls.py",
    "feedback/test_check_notebook.py",
    "book/test_live_exercises.py",
    "grading/test_cluster.py",
    "authoring/test_init_course.py",
    "gradebook/test_gradebook.py",
    "widgets/test_widgets_jupyter.py",
    "gradebook/test_create_assignment.py",
    "gradebook/test_two_users.py",
)


def place(path: Path) -> int:
    """Where a file stands in FIRST; behind them all where it doesn't."""
    name = path.relative_to(TESTS).as_posix() if path.is_relative_to(TESTS) else ""
    return FIRST.index(name) if name in FIRST else len(FIRST)


def pytest_configure(config: pytest.Config) -> None:
    # xdist takes the files in the order in which they come.
    config.option.loadscopereorder = False


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hasattr(config, "workerinput"):
        count = Counter(item.path for item in items)
        items.sort(key=lambda item: (place(item.path), -count[item.path]))
