"""What is graded a second time: what a person gave stays, and what changed is taken up, told and shown."""

import json

import pytest

from autograder.grading import grade_course as grading
from autograder.grading import jobs, rules_change, standing
from autograder.grading.explain import explain_score
from autograder.grading.explain_words import explanation_lines
from autograder.grading.result import attention_lines
from autograder.grading.rules import RULES
from autograder.grading.settings import GradingError
from autograder.reports.analysis import analyse
from autograder.reports.records import read_course
from tests.grading.test_grade_submission import NO_SLOPE, RIGHT, notebook
from tests.support.classroom import LINES, STEP_2, Classroom
from tests.support.command_line import autograder

pytestmark = pytest.mark.filterwarnings(
    "ignore:::nbgrader", "ignore:::sqlalchemy", "ignore::DeprecationWarning"
)
WRONG = RIGHT | {"hidden_delta_solution": NO_SLOPE}
ESSAY = {"why_same_g": "The target decides."}
DUE = f'[late]\nmethod = "per_day"\npercent = 10\n[due]\n"{STEP_2}" = 2026-03-02T18:00:00Z\n'


@pytest.fixture
def room(tmp_path):
    return Classroom(tmp_path)


# ---- what is nbgrader's own ----

HW0 = {
    "cells": [
        {
            "cell_type": "code",
            "execution_count": None,
            "id": "one",
            "metadata": {
                "nbgrader": {
                    "grade": True,
                    "grade_id": "one",
                    "locked": True,
                    "points": 5,
                    "solution": False,
                    "schema_version": 3,
                    "task": False,
                }
            },
            "outputs": [],
            "source": "assert 1",
        }
    ],
    "metadata": {},
    "nbformat": 4,
    "nbformat_minor": 5,
}


@pytest.fixture
def with_hw0(room):
    """A course in which nbgrader itself graded hw0: 5 points."""
    from autograder.gradebook.gradebook import Gradebook
    from autograder.notebooks.assignment import read_assignment

    room.hand_in("ada")
    room.hand_in("ada", name="hw0", content=HW0)
    for step in ("release", "autograded"):
        path = room.folder / step / ("ada" if step == "autograded" else "") / "hw0" / "hw0.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(HW0))
    with Gradebook(room.url) as book:
        book.add_assignment(read_assignment("hw0", json.dumps(HW0).encode()))
        book.nbgrader.update_or_create_student("ada")
        submission = book.nbgrader.add_submission("hw0", "ada")
        grade = submission.notebooks[0].grades[0]
        grade.auto_score, grade.needs_manual_grade = 5.0, False
        book.nbgrader.db.commit()
    return room


def test_an_assignment_without_an_exercise_of_ours_is_left_alone_with_one_line(with_hw0):
    written = (with_hw0.folder / "autograded" / "ada" / "hw0" / "hw0.ipynb").read_bytes()
    for settings in ({}, {"force": True}, {"students": ("ada",)}):
        graded = with_hw0.grade(**settings)
        assert [r["assignment"] for r in graded.reports] == [STEP_2]
        assert ["hw0" in remark for remark in graded.remarks] == [True]
    assert with_hw0.mark("ada", "hw0").score == 5
    assert not with_hw0.mark("ada", "hw0").pending
    assert (with_hw0.folder / "autograded" / "ada" / "hw0" / "hw0.ipynb").read_bytes() == written
    with pytest.raises(GradingError, match="left alone"):
        with_hw0.grade(assignments=("hw0",))


def test_formgraders_button_leaves_it_alone_too(with_hw0, monkeypatch, caplog):
    import nbformat

    from autograder.in_nbgrader import GradeBehindTheWall

    monkeypatch.chdir(with_hw0.folder)
    where = {"student": "ada", "assignment": "hw0", "notebook": "hw0", "db_url": with_hw0.url}
    given = nbformat.from_dict(HW0)
    step = GradeBehindTheWall()
    said = []
    monkeypatch.setattr(step.log, "warning", lambda text, *values: said.append(text % values))
    returned, _ = step.preprocess(given, {"nbgrader": where})
    assert returned == given
    assert len(said) == 1
    assert said[0].startswith("hw0 was left alone")
    assert with_hw0.mark("ada", "hw0").score == 5


# ---- what a person gave ----

REGRADES = {
    "the same again": lambda room: None,
    "forced": lambda room: room.grade(force=True),
    "points": lambda room: room.points(LINES, g_prime=2.0),
    "time": lambda room: room.policy("[time]\nada = 2"),
    "another cell": lambda room: room.hand_in("ada", ESSAY | {"given": "x = 1"}, LINES),
    "the seed": lambda room: room.grade(seed="another"),
}


@pytest.mark.parametrize("how", REGRADES)
def test_what_a_person_gave_for_an_essay_stays_given(room, how):
    room.hand_in("ada", ESSAY, LINES)
    room.grade()
    assert room.mark("ada", LINES).cells["why_same_g"].pending
    room.by_hand("ada", LINES, "why_same_g", 2.0, "Well said")
    REGRADES[how](room)
    graded = room.grade()
    cell = room.mark("ada", LINES).cells["why_same_g"]
    assert (cell.manual, cell.comment, cell.pending) == (2.0, "Well said", False)
    lines = attention_lines(graded.reports[0], graded.marks["ada", LINES])
    assert not any("by hand" in line for line in lines)


def test_a_dropped_exercise_leaves_the_others_as_a_person_gave_them(room):
    room.hand_in("ada", WRONG)
    room.grade()
    room.by_hand("ada", STEP_2, "hidden_delta", 7.0, "almost")
    room.policy(f'[drop]\n"{STEP_2}" = ["all_deltas"]')
    graded = room.grade()
    mark = room.mark("ada")
    assert graded.fresh == 1
    assert (mark.score, mark.maximum, mark.pending) == (7.0 + 6.0, 20.0, False)


def test_another_answer_asks_for_another_look_and_loses_nothing(room):
    room.hand_in("ada", ESSAY, LINES)
    room.grade()
    room.by_hand("ada", LINES, "why_same_g", 2.0, "Well said")
    room.hand_in("ada", {"why_same_g": "Something else."}, LINES)
    room.grade()
    cell = room.mark("ada", LINES).cells["why_same_g"]
    assert (cell.manual, cell.comment, cell.pending) == (2.0, "Well said", True)
    # Also where the run that wrote the gradebook was killed before its record was written.
    room.grade(force=True)
    assert room.mark("ada", LINES).cells["why_same_g"].pending


def test_a_code_score_that_a_person_overrode_stays_until_the_code_is_another(room):
    room.hand_in("ada", WRONG)
    room.grade()
    room.by_hand("ada", STEP_2, "hidden_delta", 9.0, "a slip")
    room.points(STEP_2, all_deltas=10)
    room.grade()
    cell = room.mark("ada").cells["hidden_delta"]
    assert (cell.auto, cell.manual, cell.pending) == (0.0, 9.0, False)
    # In another cell, where it counts too.
    content = notebook(WRONG)
    content["cells"].append(
        {
            "cell_type": "code",
            "id": "mine",
            "metadata": {},
            "outputs": [],
            "execution_count": None,
            "source": "def hidden_delta(W_next, delta_next, z, hidden):\n    return 0 * z\n",
        }
    )
    room.hand_in("ada", content=content)
    room.grade()
    assert room.mark("ada").cells["hidden_delta"].pending


def test_a_missing_cell_that_a_person_confirmed_asks_nobody_again(room):
    room.hand_in("ada", RIGHT | {"hidden_delta_solution": "def hiden_delta(W, d, z, h):\n    return d\n"})
    graded = room.grade()
    assert "missing" in attention_lines(graded.reports[0], graded.marks["ada", STEP_2])[0]
    with room.cell("ada", STEP_2, "hidden_delta") as grade:
        assert grade.needs_manual_grade
        grade.needs_manual_grade = False
    graded = room.grade(force=True)
    assert not room.mark("ada").pending
    assert attention_lines(graded.reports[0], graded.marks["ada", STEP_2]) == []


def test_points_beyond_a_changed_maximum_are_said(room):
    room.hand_in("ada", ESSAY, LINES)
    room.grade()
    room.by_hand("ada", LINES, "why_same_g", 2.0)
    room.points(LINES, why_same_g=1)
    graded = room.grade()
    (line, *_) = attention_lines(graded.reports[0], graded.marks["ada", LINES])
    assert line == "why_same_g: 2 points were given by hand, of 1; they count as they were given"


def test_points_given_for_another_answer_wait_for_a_person_and_it_is_said(room):
    room.hand_in("ada", WRONG)
    room.grade()
    room.by_hand("ada", STEP_2, "hidden_delta", 9.0)
    room.hand_in("ada", RIGHT)
    graded = room.grade()
    mark = graded.marks["ada", STEP_2]
    assert mark.cells["hidden_delta"].pending
    line = "hidden_delta: 9 points were given by hand, and wait for another look in formgrader"
    assert attention_lines(graded.reports[0], mark) == [line]
    assert [alert.what for alert in analyse(read_course(room.folder), ()).alerts] == [line]


def test_of_a_time_that_nobody_recorded_it_is_not_said_that_it_was_in_time(room):
    room.hand_in("ada", RIGHT)
    room.policy(f'[late]\nmethod = "zero"\n[due]\n"{STEP_2}" = 2026-03-02T18:00:00Z\n')
    room.grade()
    found = explain_score(room.folder, room.url, "ada", STEP_2)
    assert "late: not known; it was due 2026-03-02 18:00:00 UTC" in list(explanation_lines(found))


# ---- pages, tables, changes ----


def test_the_page_shows_what_the_gradebook_has_whoever_wrote_last(room):
    room.hand_in("ada", ESSAY, LINES)
    room.grade()
    assert "graded by hand" in room.page("ada", LINES)
    room.by_hand("ada", LINES, "why_same_g", 1.5, "Well <said>")
    assert room.grade().fresh == 0
    for settings in ({}, {"force": True}):
        room.grade(**settings)
        page = room.page("ada", LINES)
        assert "1.5 of 4" in page
        assert "Well &lt;said&gt;" in page
        assert "to be graded by hand" not in page
    room.by_hand("ada", LINES, "why_same_g", 2.0)
    room.grade()
    assert "2 of 4" in room.page("ada", LINES)
    assert "Well" not in room.page("ada", LINES)
    # A page that is gone is made again.
    (room.folder / "feedback" / "ada" / LINES / f"{LINES}.html").unlink()
    assert room.grade().fresh == 0
    assert "2 of 4" in room.page("ada", LINES)


def test_an_overridden_score_stands_on_the_page_beside_the_graders(room):
    room.hand_in("ada", WRONG)
    room.grade()
    room.by_hand("ada", STEP_2, "hidden_delta", 9.0)
    room.grade(force=True)
    assert "9 of 14 (given by hand; the grader gave 0)" in room.page("ada")
    assert "21 of 26 points" in room.page("ada")


def test_what_changed_is_told_by_the_gradebooks_scores(room):
    room.hand_in("ada", WRONG)
    assert room.grade().changes == []
    room.by_hand("ada", STEP_2, "hidden_delta", 9.0)
    assert room.grade(force=True).changes == []
    room.points(STEP_2, all_deltas=3)
    (change,) = room.grade().changes
    assert (change.student, change.before, change.after) == ("ada", 21, 18)


def test_a_timestamp_or_a_policy_that_came_later_is_taken_up_without_grading(room):
    room.hand_in("ada")
    room.grade()
    stamp = room.folder / "submitted" / "ada" / STEP_2 / "timestamp.txt"
    stamp.write_text("2026-03-04 12:00:00 UTC")
    room.policy(DUE)
    graded = room.grade()
    assert graded.fresh == 0
    assert [(c.before, c.after) for c in graded.changes] == [(26, 20.8)]
    assert room.mark("ada").penalty == pytest.approx(5.2)
    assert "20.8 of 26 points" in room.page("ada")
    assert "26 points, less 5.2 for being late" in room.page("ada")
    stamp.write_text("no time at all")
    assert any("no time at all" in remark for remark in room.grade().remarks)
    stamp.unlink()
    room.grade()
    assert room.mark("ada").handed_in is None
    assert room.mark("ada").score == 26


def test_what_a_policy_no_longer_says_is_taken_back_and_what_a_person_entered_is_not(room):
    room.hand_in("ada", time="2026-03-04 12:00:00 UTC")
    room.hand_in("ben", time="2026-03-04 12:00:00 UTC")
    room.policy(f'{DUE}[extensions."{STEP_2}"]\nada = 48\nben = 48\n')
    room.grade()
    assert [room.mark(s).score for s in ("ada", "ben")] == [26, 26]
    from datetime import timedelta

    from autograder.gradebook.gradebook import Gradebook

    with Gradebook(room.url) as book:
        book.nbgrader.find_submission(STEP_2, "ben").extension = timedelta(hours=72)
        book.nbgrader.db.commit()
    room.policy(DUE)
    room.grade()
    assert [room.mark(s).extension for s in ("ada", "ben")] == [None, timedelta(hours=72)]
    assert [room.mark(s).score for s in ("ada", "ben")] == [20.8, 26]
    room.policy("")
    room.grade()
    assert room.mark("ada").due is None
    assert room.mark("ada").score == 26


# ---- attempts ----


def test_the_best_attempt_is_the_one_with_the_most_points_after_the_penalty(room):
    room.policy(f'{DUE}[attempts]\nkeep = "best"\n')
    room.hand_in("ada", WRONG, time="2026-03-01 12:00:00 UTC")
    room.grade()
    assert room.mark("ada").score == 12
    room.hand_in("ada", RIGHT, time="2026-03-04 12:00:00 UTC")
    assert room.grade().fresh == 1
    assert room.mark("ada").score == 20.8
    # The penalty grows: the attempt that came in time counts, and is graded again to be written.
    room.policy(f'{DUE.replace("per_day", "zero")}[attempts]\nkeep = "best"\n')
    room.grade()
    assert (room.mark("ada").score, room.mark("ada").penalty) == (12, 0)
    assert room.grade().fresh == 0
    room.policy('[attempts]\nkeep = "best"\n')
    room.grade()
    assert room.mark("ada").score == 26


def test_of_equal_attempts_the_earliest_counts(room):
    room.policy('[attempts]\nkeep = "best"\n')
    room.hand_in("ada", time="2026-03-01 10:00:00 UTC")
    room.grade()
    room.hand_in("ada", RIGHT | {"given": "x = 1"}, time="2026-03-05 10:00:00 UTC")
    room.grade()
    assert str(room.mark("ada").handed_in) == "2026-03-01 10:00:00"


# ---- a notebook of another assignment ----


def test_a_notebook_of_another_assignment_has_no_points_and_is_named(room):
    room.hand_in("ada", content=notebook({}, "05-step-1"))
    graded = room.grade()
    assert graded.reports[0]["notes"] == ["this is the notebook of 05-step-1"]
    mark = room.mark("ada")
    assert (mark.score, mark.pending) == (None, True)


# ---- other rules ----


@pytest.fixture
def other_rules(room, monkeypatch):
    """A class that was graded, and then a grader of newer rules, which give 3 points less."""
    room.hand_in("ada")
    room.hand_in("ben", WRONG)
    room.grade()

    def newer():
        for module in (jobs, standing, rules_change):
            monkeypatch.setattr(module, "RULES", RULES + 1)
        whole = jobs.run

        def less(job, zygote):
            result = whole(job, zygote)
            if result["report"]["score"] > 20:
                result["report"]["exercises"][0]["score"] -= 3
                result["report"]["score"] -= 3
            return result

        monkeypatch.setattr(jobs, "run", less)

    newer()
    return room


def scores(room, students=("ada", "ben")):
    return [room.mark(student).score for student in students]


@pytest.mark.parametrize("settings", [{}, {"force": True}, {"seconds": 20.0}])
def test_a_newer_grader_moves_no_score_but_lists_what_would_change(other_rules, settings):
    before = scores(other_rules)
    graded = other_rules.grade(**settings)
    assert (graded.fresh, graded.changes) == (0, [])
    assert scores(other_rules) == before
    assert (graded.rules.before, graded.rules.held) == ((RULES,), 2)
    assert [(c.student, c.stands, c.would_be) for c in graded.rules.changes] == [("ada", 26, 23)]
    again = other_rules.grade(**settings)
    assert again.rules == graded.rules


def test_accepted_rules_move_scores_and_hold_from_then_on(other_rules):
    other_rules.grade()
    graded = other_rules.grade(accept_rules=True)
    assert [(c.student, c.before, c.after) for c in graded.changes] == [("ada", 26, 23)]
    assert graded.rules is None
    assert other_rules.grade().fresh == 0


def test_a_points_change_waits_for_the_rules_and_new_work_does_not(other_rules):
    other_rules.points(STEP_2, all_deltas=60)
    other_rules.hand_in("ben", RIGHT)
    other_rules.hand_in("cleo", WRONG)
    graded = other_rules.grade()
    assert graded.fresh == 2
    assert graded.rules.held == 1
    assert scores(other_rules, ("ada",)) == [26]
    assert scores(other_rules, ("ben", "cleo")) == [77, 63]


def test_what_would_change_is_found_out_once(other_rules, monkeypatch):
    other_rules.grade()
    monkeypatch.setattr(grading, "_graded", lambda tasks, settings: iter(() if not tasks else [1 / 0]))
    assert other_rules.grade().rules.changes


# ---- the commands ----


def test_the_commands_tell_the_penalty_and_how_a_score_came_about(room):
    room.hand_in("ada", WRONG, time="2026-03-04 12:00:00 UTC")
    room.policy(f"{DUE}[time]\nada = 1.5\n")
    room.grade(seed=None)
    room.by_hand("ada", STEP_2, "hidden_delta", 8.0, "a slip")
    done = autograder("grade", room.folder, "--jobs", 1)
    assert "ada      06-step-2   16     26  -4" in done.stdout
    assert "ada 06-step-2: 17.6 → 16" in done.stdout
    done = autograder("explain", room.folder, "ada", STEP_2)
    assert done.returncode == 0, done.stdout + done.stderr
    for line in (
        "handed in: 2026-03-04 12:00:00 UTC",
        f"graded: by rules {RULES}, --isolation none, 15 s for an exercise (10 s is usual; [time] in "
        "autograder.toml gives ada 1.5 times it)",
        "hidden_delta: 8 of 14",
        "  the grader: 0, graded",
        "  by hand: 8, in place of the grader's",
        "  comment: a slip",
        "sum: 20 of 26",
        "late: by 1 d 18 h; it was due 2026-03-02 18:00:00 UTC",
        'penalty: 4 points; [late] method = "per_day": 10 % each begun, at most 100 %',
        "score: 16 of 26",
    ):
        assert line in done.stdout.splitlines()
    room.hand_in("ada", RIGHT)
    done = autograder("explain", room.folder, "ada", STEP_2)
    assert done.returncode == 1
    assert "changed since: the notebook: `autograder grade` takes it up" in done.stdout
    done = autograder("explain", room.folder, "zoe", STEP_2)
    assert done.returncode == 2
    assert "there is nothing of zoe" in done.stderr
