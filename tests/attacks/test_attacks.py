"""Every attack through the real wall and the real grade(): 0 points gained, and nothing else harmed."""

import json
import time
from pathlib import Path

import psutil
import pytest

from autograder.grading.documents import autograded, page_facts
from autograder.grading.feedback_page import render_page
from autograder.grading.grade_submission import grade
from autograder.notebooks.assignment import load_assignment
from autograder.sandbox.zygote import Limits, Zygote

from . import comparison, flooding, forging, patching, persistence, stealing
from .surgery import SURGERY

ROOT = Path(__file__).resolve().parents[2]
NAME = "06-step-2"
LIMITS = Limits(call_seconds=0.7, cell_seconds=0.7, memory_bytes=256 << 20, frame_bytes=8 << 20)
CLASSES = {
    module.__name__.rpartition(".")[2]: module.ATTACKS
    for module in (comparison, patching, stealing, forging, persistence, flooding)
}
RIGHT = (
    "def hidden_delta(W_next, delta_next, z, hidden):\n"
    "    return (W_next.T @ delta_next) * g_prime(hidden, z)\n"
)
OTHERS = {
    "all_deltas_solution": "def all_deltas(W, Z, A, Y, hidden, output):\n"
    "    N = len(W)\n    delta = {N: output_delta(output, Z[N], Y)}\n"
    "    for l in range(N - 1, 0, -1):\n"
    "        delta[l] = (W[l + 1].T @ delta[l + 1]) * g_prime(hidden, Z[l])\n    return delta\n",
    "residual_delta_solution": "def residual_delta(W, z, delta_a):\n"
    "    dz = delta_a * (1 - np.tanh(z) ** 2)\n    return dz, W.T @ dz + delta_a\n",
}
# Attacks that break the tools of everything that follows in the same notebook cost their
# author more than hidden_delta.
ALONE = {"forging", "stealing", "comparison"}
# A flood goes on until the exercise's time is over, and what it leaves of the others' is not asked.
SECONDS, FLOODED_SECONDS = 3.0, 1.0


@pytest.fixture(scope="module")
def zygote():
    with Zygote("strong", LIMITS) as made:
        yield made


def notebook(source):
    content = json.loads((ROOT / "exercises" / NAME / f"{NAME}.ipynb").read_bytes())
    answers = OTHERS | {"hidden_delta_solution": source}
    for cell in content["cells"]:
        cell["source"] = answers.get(cell["metadata"].get("nbgrader", {}).get("grade_id"), cell["source"])
    return content


def graded(zygote, content, seconds=SECONDS):
    data = json.dumps(content).encode()
    assignment = load_assignment(None, NAME)
    return grade(assignment, data, student="mallory", seed="s", zygote=zygote, seconds=seconds)


def others(report):
    return {exercise.id: exercise.score for exercise in report.exercises if exercise.id != "hidden_delta"}


def mine(report):
    return next(exercise for exercise in report.exercises if exercise.id == "hidden_delta")


def processes():
    return {p.pid for p in psutil.Process().children(recursive=True)}


def test_the_honest_answer_earns_everything(zygote):
    report, _ = graded(zygote, notebook(RIGHT))
    assert mine(report).score == 14
    assert others(report) == {"all_deltas": 6, "residual_delta": 6}


def test_there_are_enough_and_no_two_are_the_same():
    every = [source for attacks in CLASSES.values() for source in attacks.values()]
    assert len(every) == len(set(every))
    assert len(every) + len(SURGERY) >= 60
    assert all(len(attacks) >= 20 for attacks in CLASSES.values())


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, attacks in CLASSES.items() for name in attacks]
)
def test_an_attack_gains_nothing(zygote, kind, name):
    before = processes()
    started = time.monotonic()
    seconds = FLOODED_SECONDS if kind == "flooding" else SECONDS
    report, submission = graded(zygote, notebook(CLASSES[kind][name]), seconds)
    assert time.monotonic() - started < 12
    assert mine(report).score == 0, mine(report)
    assert all(score <= 6 for score in others(report).values())
    if kind in ALONE:
        # At loading it ended the process or the cell failed: the others keep their marks all the same.
        assert others(report) == {"all_deltas": 6, "residual_delta": 6}
    page, text = render_page(page_facts(report, submission)), json.dumps(report.to_json())
    back = json.dumps(autograded(load_assignment(None, NAME), report, submission))
    assert "<script>alert" not in page
    assert not any(character in text + back for character in ("\\u001b", "\\u0007"))
    assert len(text) < 100_000
    assert processes() == before  # no leftover, and the zygote lives


def test_after_all_that_a_classmates_grade_is_right(zygote):
    report, _ = graded(zygote, notebook(RIGHT))
    assert mine(report).score == 14
    assert others(report) == {"all_deltas": 6, "residual_delta": 6}


@pytest.mark.parametrize("name", list(SURGERY))
def test_notebook_surgery_gains_nothing(zygote, name):
    content = notebook("def hidden_delta(W_next, delta_next, z, hidden):\n    return np.zeros(z.shape)\n")
    SURGERY[name](content)
    report, submission = graded(zygote, content)
    assert mine(report).score == 0
    assert report.to_json()["max_score"] == 26
    assert report.to_json()["score"] <= 12
    assert "<script>alert" not in render_page(page_facts(report, submission))


def test_a_kept_attackers_state_does_not_reach_the_next_exercise(zygote):
    """Each exercise has a child of its own: what one call changed is gone in the next."""
    source = (
        "import builtins\ndef hidden_delta(W_next, delta_next, z, hidden):\n"
        "    np.tanh = np.exp = lambda x: x * 0\n    builtins.len = lambda x: 0\n"
        "    return np.zeros(z.shape)\n"
    )
    report, _ = graded(zygote, notebook(source))
    assert mine(report).score == 0
    assert others(report) == {"all_deltas": 6, "residual_delta": 6}
