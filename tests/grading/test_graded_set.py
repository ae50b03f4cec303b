"""A graded assignment from the release to the feedback, in the variant that the course has."""

import inspect
import json
import re
from textwrap import dedent

import numpy as np
from typer.testing import CliRunner

from autograder.cli.app import app
from autograder.course.graded_set import ASSIGNMENTS, graded_notebooks, variant_of
from autograder.exercises.graded import GRADED, VARIANTS
from autograder.grading.records import course_seed
from tests.support.classroom import Classroom

NAME = "g6-step-2"
# A differentiator for any forward pass: no answer to anything.
COMPLEX_STEP = """
def slope(f, x, *upstream):
    found = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        moved = x.astype(complex)
        moved[place] += 1e-30j
        results = f(moved)
        results = results if isinstance(results, tuple) else (results,)
        found[place] = sum(np.sum(g * np.imag(out)) for g, out in zip(upstream, results)) / 1e-30
    return found
"""


def derived(id, call):
    """A cell that answers by the complex step of the stated forward pass."""
    exercise = GRADED[id]
    forward = re.sub(
        r"->[^:]*:", ":", re.sub(r": (Array|float)", "", dedent(inspect.getsource(exercise.forward.function)))
    )
    parameters = ", ".join(argument.name for argument in exercise.arguments)
    return f"{COMPLEX_STEP}\n{forward}\ndef {id}({parameters}):\n    return {call}\n"


def test_a_seed_chooses_a_variant_and_always_the_same():
    chosen = [variant_of(f"seed {i}") for i in range(40)]
    assert set(chosen) == set(VARIANTS)
    assert chosen == [variant_of(f"seed {i}") for i in range(40)]


def test_the_variants_have_the_same_assignments_and_other_exercises():
    for variant in VARIANTS:
        assert tuple(graded_notebooks(variant)) == ASSIGNMENTS
        assert all(path.is_file() for path in graded_notebooks(variant).values())
    one, other = (graded_notebooks(variant)[NAME].read_text() for variant in VARIANTS)
    assert "skip_delta" in one
    assert "skip_delta" not in other


def test_from_the_release_to_the_feedback(tmp_path):
    room = Classroom(tmp_path)
    content = json.loads(graded_notebooks("B")[NAME].read_bytes())
    released = tmp_path / "release" / NAME / f"{NAME}.ipynb"
    released.parent.mkdir(parents=True)
    released.write_text(json.dumps(content))
    right = {
        "forked_delta_solution": derived(
            "forked_delta",
            "slope(lambda x: forked_layer(x, V_left, V_right, alpha), z, delta_left, delta_right)",
        ),
        "squeezed_delta_solution": derived(
            "squeezed_delta", "slope(lambda x: squeezed_layer(x, P, Q), z, delta_next)"
        ),
    }
    no_second_path = right | {
        "forked_delta_solution": right["forked_delta_solution"].replace(
            "z, delta_left, delta_right)", "z, delta_left, 0 * delta_right)"
        )
    }
    for student, answers in (("ada", right), ("bob", no_second_path)):
        for cell in content["cells"]:
            cell["source"] = answers.get(cell["metadata"]["nbgrader"]["grade_id"], cell["source"])
        room.hand_in(student, name=NAME, content=content)
    run = room.grade()
    found = {report["student"]: {e["id"]: e for e in report["exercises"]} for report in run.reports}
    ada, bob = found["ada"], found["bob"]
    assert (ada["forked_delta"]["score"], ada["squeezed_delta"]["score"], ada["delta_after"]["score"]) == (
        5,
        4,
        0,
    )
    assert ada["delta_after"]["status"] == "not_run"
    assert (bob["forked_delta"]["score"], bob["squeezed_delta"]["score"]) == (0, 4)
    assert bob["forked_delta"]["misconceptions"] == ["D-path"]
    page = room.page("bob", NAME)
    assert "leaves out the path through <code>z_right</code>" in page or "through `z_right`" in page
    assert np.isclose(sum(e["max_score"] for e in ada.values()), 12)


def test_the_courses_seed_may_choose_the_variant(tmp_path):
    """The same course, asked again, has the same; another may have the other."""
    chosen = set()
    for i in range(12):
        course = tmp_path / str(i)
        for _ in range(2):
            done = CliRunner().invoke(
                app, ["init", str(course), "--graded", "--assignment", NAME, "--variant", "seed"]
            )
            assert done.exit_code == 0, done.output
        variant = variant_of(course_seed(course))
        released = (course / "release" / NAME / f"{NAME}.ipynb").read_bytes()
        assert released == graded_notebooks(variant)[NAME].read_bytes()
        chosen.add(variant)
    assert chosen == set(VARIANTS)
