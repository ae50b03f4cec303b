"""Whatever is done to a course in whatever order: people's work is untouched, every number is explained."""

import json
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from autograder.course.policies import read_policies
from autograder.gradebook.gradebook import Gradebook
from autograder.grading.explain import explain_score
from autograder.grading.explain_words import explanation_lines
from autograder.lms.scores import read_scores
from tests.grading.test_grade_submission import NO_SLOPE, RIGHT
from tests.support.classroom import LINES, STEP_2, Classroom

pytestmark = pytest.mark.filterwarnings(
    "ignore:::nbgrader", "ignore:::sqlalchemy", "ignore::DeprecationWarning"
)
ANSWERS = {
    STEP_2: {"right": RIGHT, "wrong": RIGHT | {"hidden_delta_solution": NO_SLOPE}, "stubs": {}},
    LINES: {"one": {"why_same_g": "The target."}, "two": {"why_same_g": "The loss."}, "blank": {}},
}
CELLS = {STEP_2: ("hidden_delta", "all_deltas"), LINES: ("why_same_g", "g_prime")}
TIMES = (None, "2026-03-01 12:00:00 UTC", "2026-03-03 12:00:00 UTC", "2026-03-09 12:00:00 +0200")
DUE = f'[due]\n"{STEP_2}" = 2026-03-02T18:00:00Z\n"{LINES}" = 2026-03-02T18:00:00Z\n'
PARTS = {
    "late": ("", '[late]\nmethod = "per_day"\n', '[late]\nmethod = "zero"\ngrace_minutes = 60\n'),
    "due": ("", DUE),
    "extensions": ("", f'[extensions."{STEP_2}"]\nada = 48\n'),
    "attempts": ("", '[attempts]\nkeep = "best"\n'),
    "drop": ("", f'[drop]\n"{STEP_2}" = ["all_deltas"]\n', f'[drop]\n"{LINES}" = ["why_same_g"]\n'),
    "time": ("", "[time]\nada = 2\n"),
}
STUDENTS = ("ada", "ben")
names = st.sampled_from((STEP_2, LINES))
students = st.sampled_from(STUDENTS)


class AnyOrder(RuleBasedStateMachine):
    """A course's life. by_hand: (student, assignment, cell) -> what a person entered there last."""

    def __init__(self):
        super().__init__()
        self.room = Classroom(Path(tempfile.mkdtemp()))
        (self.room.folder / "submitted").mkdir()
        self.policies = dict.fromkeys(PARTS, "")
        self.by_hand = {}
        self.renamed = 0

    def teardown(self):
        shutil.rmtree(self.room.folder)

    @initialize()
    def a_class_is_graded(self):
        for student in STUDENTS:
            self.room.hand_in(student, RIGHT, STEP_2)
            self.room.hand_in(student, ANSWERS[LINES]["one"], LINES)
        self.room.grade()

    # ---- what people do ----

    @rule(student=students, name=names, which=st.integers(0, 2), time=st.sampled_from(TIMES))
    def hand_in(self, student, name, which, time):
        answers = list(ANSWERS[name].values())[which]
        (self.room.folder / "submitted" / student / name / "timestamp.txt").unlink(missing_ok=True)
        self.room.hand_in(student, answers, name, time)

    @rule(part=st.sampled_from(sorted(PARTS)), which=st.integers(0, 2))
    def change_a_policy(self, part, which):
        self.policies[part] = PARTS[part][which % len(PARTS[part])]
        self.room.policy("".join(self.policies.values()))

    @rule(points=st.sampled_from((2, 6, 14)))
    def change_points(self, points):
        self.room.points(STEP_2, hidden_delta=points)
        self.room.points(LINES, why_same_g=points)

    @rule(student=students)
    def rename(self, student):
        folder = self.room.folder / "submitted" / student
        if folder.is_dir():
            self.renamed += 1
            folder.rename(folder.with_name(f"{student}{self.renamed}"))

    @rule(student=students, name=names, which=st.integers(0, 1), score=st.sampled_from((0.0, 1.5, 2.0)))
    def grade_by_hand(self, student, name, which, score):
        cell = CELLS[name][which]
        if self.room.mark(student, name) is not None:
            comment = f"seen {len(self.by_hand)}"
            self.room.by_hand(student, name, cell, score, comment)
            self.by_hand[student, name, cell] = (score, comment)

    # ---- what grading does ----

    def seen(self):
        """(student, assignment, cell) -> the answer that stands in autograded/, and whether it asks for
        another look.
        """
        found = {}
        for student, name, cell in self.by_hand:
            path = self.room.folder / "autograded" / student / name / f"{name}.ipynb"
            solution = cell if cell == "why_same_g" else f"{cell}_solution"
            answer = next(
                c["source"]
                for c in json.loads(path.read_text())["cells"]
                if c["metadata"].get("nbgrader", {}).get("grade_id") == solution
            )
            found[student, name, cell] = (answer, self.room.mark(student, name).cells[cell].pending)
        return found

    @precondition(lambda self: any((self.room.folder / "submitted").glob("*/*")))
    @rule(force=st.booleans())
    def grade(self, force):
        before = self.seen()
        graded = self.room.grade(force=force)
        for key, (score, comment) in self.by_hand.items():
            mark = self.room.mark(*key[:2]).cells[key[2]]
            assert (mark.manual, mark.comment) == (score, comment)
        for key, (answer, pending) in self.seen().items():
            assert pending == (before[key][1] or answer != before[key][0]), key
        again = self.room.grade()
        assert (again.fresh, again.changes) == (0, [])
        assert again.marks == graded.marks
        self.every_number_is_explained(graded)

    def every_number_is_explained(self, graded):
        room, late = self.room, read_policies(self.room.folder).late
        listed = {(r["student"], r["assignment"]) for r in graded.reports}
        with Gradebook(room.url) as book:
            exported = read_scores(book.nbgrader)
        for (student, name), mark in exported.marks.items():
            found = explain_score(room.folder, room.url, student, name)
            points = sum(exercise.cell.score or 0.0 for exercise in found.exercises)
            assert mark.score == pytest.approx(max(0.0, points - found.mark.penalty))
            assert found.mark.penalty == pytest.approx(late.penalty(points, found.mark.seconds_late))
            lines = list(explanation_lines(found))
            assert f"score: {mark.score:g} of {found.mark.maximum:g}" in "\n".join(lines)
            # Of whoever has another name now the gradebook keeps what it had.
            if (student, name) not in listed:
                continue
            assert f"{mark.score:g} of {found.mark.maximum:g} points" in room.page(student, name)
            for exercise in found.exercises:
                judged = exercise.found
                # The grader's points are those that the record explains.
                if judged["status"] != "manual":
                    assert exercise.cell.auto == judged["score"]
                assert exercise.cell.maximum == judged["max_score"]
        for key in listed & set(exported.marks):
            assert graded.marks[key].score == exported.marks[key].score


AnyOrder.TestCase.settings = settings(
    max_examples=10,
    stateful_step_count=12,
    # A step is a whole run of grading: an example is not made smaller, which would take hours.
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)
TestAnyOrder = AnyOrder.TestCase
