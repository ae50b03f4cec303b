"""In several processes the files of tests that take longest are begun first; alone nothing is moved."""

import pytest

from tests.support.inner_run import run_pytest
from tests.support.longest_first import FIRST, TESTS, place

CONFTEST = """
from pathlib import Path
import pytest
from tests.support import longest_first

longest_first.TESTS = Path(__file__).parent
longest_first.FIRST = ("test_long.py",)

@pytest.fixture(autouse=True)
def told(request):
    with open("order", "a") as file:
        print(request.node.name, file=file)
"""


def test_every_file_that_is_named_is_there_and_named_once():
    assert [name for name in FIRST if not (TESTS / name).is_file()] == []
    assert len(set(FIRST)) == len(FIRST)


def test_the_book_is_built_before_all_and_a_quick_file_comes_after_them():
    assert place(TESTS / "book" / "test_book.py") == 0
    assert place(TESTS / "test_house.py") == place(TESTS.parent / "another.py") == len(FIRST)


@pytest.mark.parametrize(
    ("options", "order"),
    [
        ((), ["test_a", "test_b", "test_long"]),
        (("-n1", "--dist=loadfile"), ["test_long", "test_a", "test_b"]),
    ],
    ids=["alone", "in another process"],
)
def test_in_other_processes_the_order_is_another(tmp_path, options, order):
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "test_two.py").write_text("def test_a(): ...\ndef test_b(): ...\n")
    (tmp_path / "test_long.py").write_text("def test_long(): ...\n")
    named = [*options, "test_two.py", "test_long.py"]
    code, text = run_pytest(tmp_path, "", "-p", "tests.support.longest_first", *named)
    assert code == 0, text
    assert (tmp_path / "order").read_text().split() == order
