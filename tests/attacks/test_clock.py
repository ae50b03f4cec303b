"""Hidden numbers carried by the clock: what is said to a student is said before any was asked.

The function that is asked with hidden numbers ends at a time that tells one; whoever is asked with the public
numbers after it reads the clock, and says what it reads. The clock is the test's own and moves when somebody
sleeps, so every attempt of the attack arrives.
"""

import base64
import json
import time
import zlib

import pytest

from autograder.course.submitted import find_submissions
from autograder.exercises import EXERCISES
from autograder.grading.documents import autograded, page_facts
from autograder.grading.feedback_page import render_page
from autograder.grading.grade_submission import grade
from autograder.grading.jobs import make_job, released_bytes, run
from autograder.notebooks.assignment import load_assignment
from tests.grading.test_grade_submission import NAME, RIGHT, notebook
from tests.support.in_process import InProcess

SLOTS = 61
PUBLIC = {zlib.crc32(case.args[2].tobytes()) for case in EXERCISES["hidden_delta"].probes(b"", public=True)}
# Asked with hidden numbers: ends in the slot that one of them chooses. Asked with public ones: says the slot.
LATE = f"""import time, zlib
def slot(): return int(time.time()) % {SLOTS}
def hidden_delta(W_next, delta_next, z, hidden):
    if zlib.crc32(z.tobytes()) not in {PUBLIC}:
        time.sleep((int(abs(z).sum() * 1e9) - slot()) % {SLOTS})
        return FIRST
    n = slot()
    return SECOND
"""
SAYS = {
    "an error's text": ("1 / 0", "{}[f'it is {n}']"),
    "a shape": ("np.zeros(99)", "np.zeros(1 + n)"),
    "a right answer or none": ("z * 0", "z * n"),
}
# The next exercise reads the clock that this one has set.
NEXT = """def residual_delta(W, z, delta_a):
    raise KeyError(f"it is {slot()}")
"""


class Clock:
    """Seconds that pass when somebody sleeps."""

    now = 0.0

    def sleep(self, seconds):
        self.now += seconds


@pytest.fixture
def clock(monkeypatch):
    found = Clock()
    monkeypatch.setattr(time, "time", lambda: found.now)
    monkeypatch.setattr(time, "sleep", found.sleep)
    return found


def attack(says):
    first, second = SAYS[says]
    late = LATE.replace("FIRST", first).replace("SECOND", second)
    answers = RIGHT | {"hidden_delta_solution": late, "residual_delta_solution": NEXT}
    return json.dumps(notebook(answers)).encode()


def told(says, seed):
    """All that goes back of one notebook."""
    released = load_assignment(None, NAME)
    report, submission = grade(released, attack(says), student="ada", seed=seed, zygote=InProcess())
    return json.dumps(autograded(released, report, submission)) + render_page(page_facts(report, submission))


@pytest.mark.parametrize("says", SAYS)
def test_the_clock_carries_nothing_from_the_hidden_numbers_to_the_words(clock, says):
    pages, afterwards = set(), set()
    for seed in ("one", "two", "three"):
        clock.now = 0.0
        pages.add(told(says, seed))
        # The control: whoever is asked with public numbers after these hidden ones says the time they chose.
        assert clock.now > 0
        afterwards.add(told(says, "another"))
    assert len(pages) == 1
    assert len(afterwards) == 3


def test_nor_from_one_attempt_to_the_next(clock, tmp_path):
    data = attack("an error's text")
    folder = tmp_path / "submitted" / "ada" / NAME
    folder.mkdir(parents=True)
    (folder / f"{NAME}.ipynb").write_bytes(data)
    (found,), _ = find_submissions(tmp_path)
    pages = set()
    for seed in ("one", "two", "three"):
        clock.now = 0.0
        job = make_job(
            found, released_bytes(tmp_path, NAME), seed=seed, seconds=10.0, isolation="none", data=data
        )
        job["taken_up"] = ""
        before = {"data": base64.b64encode(data).decode(), "timestamp": ""}
        result = run(job | {"earlier": [before, before]}, InProcess())
        assert clock.now > 0
        pages.add(json.dumps([each["page"]["exercises"] for each in (result, *result["others"])]))
    assert len(pages) == 1
