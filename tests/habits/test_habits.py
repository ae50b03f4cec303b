"""Two hundred habits of notebooks: grading, `autograder check` and the book's page agree on each, and with a
real kernel.

The table is habits.txt. What a kernel gives is written there and held against a real one: a few of them each
time, and a third of them against the page; all with HABITS=all.
"""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from autograder.feedback import check_notebook as checking
from autograder.feedback import notebook_process
from autograder.feedback.ask_process import in_a_fork
from autograder.grading.grade_submission import grade
from autograder.notebooks.assignment import load_assignment
from autograder.sandbox.zygote import Limits, Zygote
from tests.grading.test_grade_submission import NAME, notebook

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "book" / "_ext" / "live_book" / "static" / "python"
VALUE = "(W_next.T @ delta_next) * g_prime(hidden, z)"
DEF = f"def hidden_delta(W_next, delta_next, z, hidden):\n    return {VALUE}"


@dataclass
class Habit:
    """cells: texts, "S" the right solution, "T" the test; kernel, graded: what comes of it."""

    name: str
    kernel: str = "right"
    graded: str = "right"
    cells: list[str] = field(default_factory=list)


def read_habits():
    text = Path(__file__).with_name("habits.txt").read_text(encoding="utf-8")
    found = []
    for part in re.split(r"^=== ", text, flags=re.MULTILINE)[1:]:
        name, _, body = part.partition("\n")
        habit = Habit(name)
        while words := re.match(r"(kernel|graded): (\w+)\n", body):
            setattr(habit, words[1], words[2])
            body = body[words.end() :]
        body = body.replace("{def}", DEF).replace("{value}", VALUE)
        habit.cells = [cell.strip("\n") for cell in re.split(r"^--$\n?", body, flags=re.MULTILINE)]
        if not any(cell == "S" or cell.startswith("S:") for cell in habit.cells):
            habit.cells.append("S")
        if "T" not in habit.cells:
            habit.cells.append("T")
        found.append(habit)
    return found


HABITS = read_habits()
# A loop without an end takes all the time that a cell may have.
ENDLESS, SOON = "while True", Limits(cell_seconds=1.0)
EVERY_HABIT = pytest.mark.parametrize("habit", HABITS, ids=lambda habit: habit.name)


def content_of(habit):
    """The released notebook with the habit's cells where hidden_delta's stood."""
    content = notebook({})
    cells = {cell["metadata"]["nbgrader"]["grade_id"]: cell for cell in content["cells"]}
    place = content["cells"].index(cells["hidden_delta_solution"])
    made = []
    for number, text in enumerate(habit.cells):
        if text == "T":
            made.append(cells["hidden_delta"])
        elif text == "S" or text.startswith("S:"):
            source = DEF if text == "S" else text[2:].lstrip("\n")
            made.append(cells["hidden_delta_solution"] | {"source": source})
        else:
            own = {"cell_type": "code", "id": f"own-{number}", "metadata": {}, "source": text, "outputs": []}
            made.append(own | {"execution_count": None})
    content["cells"][place : place + 2] = made
    return content


@pytest.fixture(scope="module")
def zygote():
    with Zygote("strong") as made:
        yield made


@pytest.fixture(scope="module")
def impatient():
    with Zygote("strong", SOON) as made:
        yield made


def loops(habit):
    return any(ENDLESS in cell for cell in habit.cells)


def test_there_are_two_hundred_and_each_has_its_name():
    assert len({habit.name for habit in HABITS}) == len(HABITS) >= 200


@EVERY_HABIT
def test_grading_gives_it(habit, zygote, impatient):
    data = json.dumps(content_of(habit)).encode()
    used = impatient if loops(habit) else zygote
    report, _ = grade(load_assignment(None, NAME), data, student="ada", seed="s", zygote=used)
    found = report.to_json()["exercises"][0]
    assert (found["score"] == found["max_score"]) == (habit.graded == "right"), found


@EVERY_HABIT
def test_check_agrees(habit, tmp_path, monkeypatch):
    # Whatever other threads the tests have: a new Python takes a second.
    monkeypatch.setattr(checking, "ask", in_a_fork)
    if loops(habit):
        monkeypatch.setattr(notebook_process, "Limits", lambda: SOON)
    path = tmp_path / f"{NAME}.ipynb"
    path.write_text(json.dumps(content_of(habit)))
    found = checking.check_notebook(path, 30)["exercises"][0]
    assert (found["score"] == found["max_score"]) == (habit.graded == "right"), found["text"]


def job_of_the_page(habit):
    """What the page sends for Check: an exercise is one cell there, so what stands between solution and test
    is in it.
    """
    stop, sources = habit.cells.index("T"), []
    for text in habit.cells[:stop]:
        sources.append(DEF if text == "S" else text[2:].lstrip("\n") if text.startswith("S:") else text)
    first = next(i for i, text in enumerate(habit.cells) if text == "S" or text.startswith("S:"))
    given = [cell for cell in notebook({})["cells"] if cell["cell_type"] == "code"]
    place = [cell["metadata"]["nbgrader"]["grade_id"] for cell in given].index("hidden_delta_solution")
    above = ["".join(cell["source"]) for cell in given[:place]]
    before = [(f"cell-{i}", source) for i, source in enumerate([*above, *sources[:first]])]
    own = "\n\n".join(sources[first:])
    return {"type": "check", "cell": "own", "exercise": "hidden_delta", "source": own, "before": before}


def test_the_page_agrees(tmp_path):
    habits = [habit for habit in HABITS if habit.kernel != "ends"]
    habits = habits if os.environ.get("HABITS") == "all" else habits[::3]
    jobs = "".join(json.dumps(job_of_the_page(habit)) + "\n" for habit in habits)
    command = [sys.executable, Path(__file__).with_name("page_verdicts.py"), PAGE, "20"]
    done = subprocess.run(
        command,
        input=jobs,
        capture_output=True,
        text=True,
        # Some habits write files.
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        timeout=240,
        check=True,
    )
    verdicts = done.stdout.split("\n")[: len(habits)]
    wrong = [
        (h.name, h.graded, v)
        for h, v in zip(habits, verdicts, strict=True)
        if (v == "right") != (h.graded == "right")
    ]
    assert wrong == []


def of_a_kernel(habit, folder):
    """What a real kernel gives: right, wrong, or it ends (or hangs)."""
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    book = nbformat.reads(json.dumps(content_of(habit)), 4)
    book.cells = [cell for cell in book.cells if cell.cell_type == "code"]
    stop = next(i for i, cell in enumerate(book.cells) if cell.source.startswith("check(hidden_delta"))
    above = book.cells[: stop + 1]
    below = [cell for cell in book.cells[stop + 1 :] if cell.id.startswith("own-")]
    book.cells = [*above, *below]
    client = NotebookClient(
        book, timeout=6, allow_errors=True, allow_stdin=False, resources={"metadata": {"path": str(folder)}}
    )
    try:
        client.execute()
    except (CellTimeoutError, DeadKernelError, RuntimeError):
        return "ends"
    outputs = book.cells[stop].outputs
    text = "".join(output.get("data", {}).get("text/plain", "") for output in outputs)
    return "right" if text.startswith("✓ hidden_delta") else "wrong"


ASKED = HABITS if os.environ.get("HABITS") == "all" else HABITS[3::67]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("habit", ASKED, ids=lambda habit: habit.name)
def test_a_kernel_gives_what_the_table_says(habit, tmp_path):
    assert of_a_kernel(habit, tmp_path) == habit.kernel
