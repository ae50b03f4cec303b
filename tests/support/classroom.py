"""A course whose submissions are graded in this process, each notebook once: for tests of what is written."""

import contextlib
import json
from unittest import mock

from autograder.gradebook.gradebook import Gradebook
from autograder.gradebook.gradebook_url import default_url
from autograder.grading import jobs, pool
from autograder.grading.grade_course import grade_course
from autograder.grading.settings import Settings
from tests.grading.test_grade_submission import RIGHT, notebook
from tests.support.in_process import InProcess

STEP_2, LINES = "06-step-2", "02-nonlinearities"
_known = {}


def graded_here(todo, count, work=None, meanwhile=lambda: None):
    """As pool.run_on_processes; what was graded once under a key is known."""
    for job in todo:
        if job["key"] not in _known:
            _known[job["key"]] = json.dumps(jobs.run(job, InProcess()))
        yield job, json.loads(_known[job["key"]])


class Classroom:
    """A course's folder, and what an instructor and an assistant do in it."""

    def __init__(self, folder):
        self.folder, self.url = folder, default_url(folder)

    def hand_in(self, student, answers=RIGHT, name=STEP_2, time=None, content=None):
        path = self.folder / "submitted" / student / name / f"{name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(notebook(answers, name) if content is None else content))
        if time is not None:
            (path.parent / "timestamp.txt").write_text(time)

    def policy(self, text):
        (self.folder / "autograder.toml").write_text(text)

    def points(self, name, **points):
        """Release the assignment with these exercises' points."""
        content = notebook({}, name)
        for cell in content["cells"]:
            if (
                cell["metadata"]["nbgrader"]["grade_id"] in points
                and "points" in cell["metadata"]["nbgrader"]
            ):
                cell["metadata"]["nbgrader"]["points"] = points[cell["metadata"]["nbgrader"]["grade_id"]]
        path = self.folder / "release" / name / f"{name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content))

    def grade(self, **settings):
        with mock.patch.object(pool, "run_on_processes", graded_here):
            return grade_course(Settings(self.folder, **({"seed": "s"} | settings)), self.url)

    @contextlib.contextmanager
    def cell(self, student, name, cell):
        """The cell's row in the gradebook, to be changed as formgrader does."""
        with Gradebook(self.url) as book:
            yield book.nbgrader.find_grade(cell, name, name, student)
            book.nbgrader.db.commit()

    def by_hand(self, student, name, cell, score, comment=""):
        """As formgrader: a score, no flag any more, perhaps a comment."""
        with self.cell(student, name, cell) as grade:
            grade.manual_score, grade.needs_manual_grade = score, False
        with Gradebook(self.url) as book:
            solution = cell if name == LINES and cell.startswith("why") else f"{cell}_solution"
            book.nbgrader.find_comment(solution, name, name, student).manual_comment = comment or None
            book.nbgrader.db.commit()

    def mark(self, student, name=STEP_2):
        with Gradebook(self.url) as book:
            return book.marks([name]).get((student, name))

    def page(self, student, name=STEP_2):
        return (self.folder / "feedback" / student / name / f"{name}.html").read_text()
