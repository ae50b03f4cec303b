"""A course, a watch over it and a notebook alone give the same points and the same words.

The archive for a platform is held to them in test_bundle.py; all forty notebooks by all four ways in
benchmarks/four_ways.py.
"""

import json
import zipfile

import pytest

from autograder.cli.run_gradescope import find_notebook
from autograder.course.policies import read_policies
from autograder.errors import GraderError
from autograder.gradebook.gradebook_url import default_url
from autograder.grading.grade_course import grade_course
from autograder.grading.settings import Settings
from autograder.grading.watch import Watch
from autograder.platforms.bundle import bundle
from autograder.platforms.classroom50 import classroom50_result
from autograder.platforms.one_notebook import grade_notebook
from tests.platforms.test_classroom50 import RUNNER
from tests.support.forty_notebooks import NOTEBOOKS, STEP_2
from tests.support.four_ways import by_course, hand_in, said_of

KINDS = ("right with loops", "no g'", "an own cell that raises", "no bytes", "a quick end", "an older format")
POLICIES = '[credit]\nK13 = 0.5\n[drop]\n"06-step-2" = ["residual_delta"]\n[feedback]\nhelp = 0\n'


def alone(path):
    one = grade_notebook(path, assignment=path.stem, seed="three")
    return said_of(one.report, one.texts)


@pytest.mark.filterwarnings("ignore:::nbgrader", "ignore:::sqlalchemy", "ignore::DeprecationWarning")
def test_a_course_a_watch_and_a_notebook_alone_say_the_same(tmp_path):
    course, watched = tmp_path / "course", tmp_path / "watched"
    (watched / "submitted").mkdir(parents=True)
    watch = Watch(Settings(watched, seed="two"), default_url(watched), lambda line: None)
    watch.begin()
    found = {}
    for place, kind in enumerate(KINDS):
        assignment, make = NOTEBOOKS[kind]
        data = make()
        hand_in(watched, f"s{place}", assignment, data)
        found[f"s{place}"] = alone(hand_in(course, f"s{place}", assignment, data))
    grade_course(Settings(course, seed="one"), default_url(course))
    watch.look(0)
    watch.look(1)
    assert by_course(course) == found == by_course(watched)
    assert [sum(row[1] for row in found[f"s{place}"]) for place in range(len(KINDS))] == [
        26,
        12,
        26,
        0,
        12,
        26,
    ]
    assert found["s3"] == []


def test_what_mistakes_keep_drops_and_help_hold_for_one_notebook_too(tmp_path):
    path = hand_in(tmp_path, "ada", STEP_2, NOTEBOOKS["no g'"][1]())
    (tmp_path / "autograder.toml").write_text(POLICIES)
    one = grade_notebook(path, course=tmp_path, seed="s")
    assert [(e["id"], e["score"], e["max_score"]) for e in one.report["exercises"]] == [
        ("hidden_delta", 7, 14),
        ("all_deltas", 6, 6),
        ("residual_delta", 0, 0),
    ]
    assert "hint" not in one.texts["hidden_delta"]
    (tmp_path / "autograder.toml").write_text('[drop]\n"06-step-2" = ["nothing"]\n')
    with pytest.raises(GraderError, match="it has no such exercise"):
        grade_notebook(path, course=tmp_path, seed="s")


def test_an_archive_has_the_policies_of_one_notebook_and_nobodys_name(tmp_path):
    (tmp_path / "autograder.toml").write_text(
        POLICIES + '[time]\nada = 2\n[extensions."06-step-2"]\nben = 3\n'
    )
    (tmp_path / "wheels").mkdir()
    (tmp_path / "wheels" / "deltabook-0-py3-none-any.whl").touch()
    bundle("classroom50", STEP_2, tmp_path / "b.zip", course=tmp_path, wheels=tmp_path / "wheels")
    unpacked = tmp_path / "unpacked"
    zipfile.ZipFile(tmp_path / "b.zip").extractall(unpacked)
    text = (unpacked / "course" / "autograder.toml").read_text()
    assert "ada" not in text
    assert "ben" not in text
    there, here = read_policies(unpacked / "course"), read_policies(tmp_path)
    assert (there.credit, there.drop, there.help) == (here.credit, here.drop, here.help)


def test_where_nothing_can_be_graded_no_points_are_given_anywhere(tmp_path):
    path = hand_in(tmp_path, "ada", STEP_2, b"{")
    one = grade_notebook(path, assignment=STEP_2, seed="s")
    assert one.nothing_graded
    with pytest.raises(GraderError, match="nothing could be graded"):
        classroom50_result(one, RUNNER)


def test_a_platform_finds_the_notebook_that_a_course_would_find(tmp_path):
    content = json.dumps({"cells": [{"cell_type": "code", "source": "", "metadata": {}}], "nbformat": 4})
    (tmp_path / "06-step-2.ipynb.txt").write_text(content)
    path, notes = find_notebook(tmp_path, STEP_2)
    assert path.name == "06-step-2.ipynb.txt"
    assert "06-step-2.ipynb was expected" in notes[0]
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "06-step-2.ipynb").write_text(content)
    (tmp_path / "06-step-2.ipynb.txt").unlink()
    assert find_notebook(tmp_path, STEP_2)[0] == tmp_path / "deeper" / "06-step-2.ipynb"
