"""Damaged and hostile notebooks: a Submission with every released cell in it, or one clear line."""

import json
import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.notebooks.notebook import NotebookError
from autograder.notebooks.submission import read_submission
from tests.support.said import said_of
from tests.support.submissions import ANSWER, BYTES, STEP_1

TOKENS = [
    b'"',
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\\",
    b"\\ud800",
    b"null",
    b"NaN",
    b"1e999",
    b"-",
    b"\x00",
    b"\xff",
    b'"source"',
    b'"cells"',
    b'"metadata"',
    b'"nbgrader"',
    b'"grade_id"',
    b'"output_delta"',
    b"true",
    b"\r",
    b"[[[[",
]


def mutate(data: bytes, random_: random.Random) -> bytes:
    mutated = bytearray(data)
    for _ in range(random_.choice((1, 1, 2, 5, 20))):
        at = random_.randrange(len(mutated) + 1)
        to = min(len(mutated), at + random_.choice((0, 1, 1, 4, 60, 900)))
        kind = random_.randrange(5)
        if kind == 0:
            del mutated[at:to]
        elif kind == 1:
            mutated[at:to] = random_.choice(TOKENS)
        elif kind == 2:
            mutated[at:at] = mutated[at:to]  # a piece twice
        elif kind == 3:
            mutated[at:at] = random_.randbytes(random_.randrange(1, 5))
        elif random_.random() < 0.2:
            del mutated[at:]
    return bytes(mutated)


def one_line(error: NotebookError) -> None:
    assert "\n" not in str(error)
    assert len(str(error)) < 300


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**64))
def test_ten_thousand_mutations_give_a_submission_or_one_clear_line(seed):
    random_ = random.Random(seed)
    for _ in range(25):
        data = mutate(BYTES["05-step-1"], random_)
        try:
            submission = read_submission(STEP_1, data)
        except NotebookError as error:
            one_line(error)
            continue
        released = [cell for cell in submission.notebook if cell.grade_id is not None]
        assert sorted(c.grade_id for c in released) == sorted(c.grade_id for c in STEP_1.cells)
        for cell in released:
            assert cell.nbgrader == STEP_1.cell(cell.grade_id).nbgrader
        assert len({cell.cell_id for cell in submission.notebook}) == len(submission.notebook)
        assert all("\n" not in note and len(note) < 300 for note in said_of(submission))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
IDS = st.sampled_from([cell.grade_id for cell in STEP_1.cells]) | st.text(max_size=5) | JSON
CELLS = st.fixed_dictionaries(
    {},
    optional={
        "cell_type": st.sampled_from(["code", "markdown", "raw", "heading"]) | JSON,
        "source": st.sampled_from([ANSWER, "check(output_delta)", "YOUR ANSWER HERE", "%ls", "def ("]) | JSON,
        "id": IDS,
        "metadata": st.fixed_dictionaries({"nbgrader": st.fixed_dictionaries({"grade_id": IDS}) | JSON})
        | JSON,
    },
)


@settings(max_examples=600, deadline=None)
@given(st.lists(CELLS | JSON, max_size=8))
def test_any_json_in_the_place_of_cells(cells):
    submission = read_submission(STEP_1, json.dumps({"cells": cells}).encode())
    kept = [cell.grade_id for cell in submission.notebook if cell.grade_id is not None]
    assert sorted(kept) == sorted(cell.grade_id for cell in STEP_1.cells)
    assert len({cell.cell_id for cell in submission.notebook}) == len(submission.notebook)
