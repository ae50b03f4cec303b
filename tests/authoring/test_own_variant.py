"""A variant of one's own, as the page For instructors says: tried from its text."""

import re
from pathlib import Path

from autograder.authoring.new_exercise import add_exercise
from autograder.authoring.verify import verify
from autograder.course.own_exercises import load, own_source
from autograder.diagnosis.assess import assess
from autograder.sandbox.calls import LocalCaller

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "book" / "for-instructors.md").read_text()
ID = "joined_delta"


def joined_delta(delta_low, delta_high, z, V, W):
    return (V.T @ delta_low + W.T @ delta_high) / (1 + z**2)


def one_way(delta_low, delta_high, z, V, W):
    return (V.T @ delta_low) / (1 + z**2)


def test_the_pages_ten_lines_make_an_exercise_that_is_certified_and_names_mistakes(tmp_path):
    (block,) = [b for b in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL) if ID in b]
    assert len([line for line in block.splitlines() if re.search(r"\w", line) and line != "traced("]) <= 10
    add_exercise(tmp_path, ID, "g6-own", "traced", 5)
    own = tmp_path / "own_exercises.py"
    head = own.read_text().split("# joined_delta(")[0]
    own.write_text(f"{head.rstrip()}\n\n\n{block}")
    notebook = tmp_path / "solutions" / "g6-own" / "g6-own.md"
    text = notebook.read_text()
    written = (
        f"def {ID}(delta_low, delta_high, z, V, W):\n    ### BEGIN SOLUTION\n"
        "    return (V.T @ delta_low + W.T @ delta_high) / (1 + z**2)\n    ### END SOLUTION\n"
    )
    notebook.write_text(re.sub(rf"def {ID}\(.*?### END SOLUTION\n", lambda _: written, text, flags=re.DOTALL))
    course = load(own_source(tmp_path))
    exercise = course.exercises[ID]
    found = verify(tmp_path / "solutions", {ID: exercise}, whole_book=False, course=course)
    assert found.passed, found.failures
    assert assess(exercise, LocalCaller(joined_delta, ID), b"own", course=course).fraction == 1
    verdict = assess(exercise, LocalCaller(one_way, ID), b"own", course=course)
    assert (verdict.fraction, verdict.codes) == (0, ("D-path",))
    assert "`high`" in verdict.sentences[0]
