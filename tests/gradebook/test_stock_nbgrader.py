"""Stock nbgrader, unmodified, on our notebooks: its release is ours, and on chapters 1 to 9 honest
submissions get our points.

One course, made with stock tools alone: generate_assignment, then autograde of two students a chapter, one
right in another style than the solutions, one with a classic mistake in each exercise. `autograder grade`
then grades the same folder into a gradebook of its own, and each score of each exercise is compared. The
essay is graded by hand in both.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.notebooks.submission import assignment_names, load_assignment

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))

from corpus.variants import right_variants, wrong_variants  # noqa: E402

from autograder.authoring.release import write_source_notebooks  # noqa: E402

GRADED = [f"{number:02}" for number in range(1, 10)]
STOCK = """
import sys
from nbgrader.apps.api import NbGraderAPI
from traitlets.config import Config

config = Config()
config.CourseDirectory.course_id = "nets"
config.Exchange.root = "exchange"
api = NbGraderAPI(config=config)
for name in sys.argv[1].split(","):
    done = api.generate_assignment(name)
    for student in sys.argv[3].split(",") if name in sys.argv[2].split(",") else ():
        done = done if not done["success"] else api.autograde(name, student)
    if not done["success"]:
        sys.exit(done["log"])
"""
STUDENTS = ("right", "mistakes")


def answers():
    """student -> exercise -> the cell's text"""
    right = {variant.exercise: variant.source for variant in right_variants() if not variant.note}
    wrong = {variant.exercise: variant.source for variant in reversed(wrong_variants()) if not variant.both}
    return dict(zip(STUDENTS, (right, wrong), strict=True))


def run(course, *command):
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    environment.pop("NBGRADER_EXECUTION", None)
    return subprocess.run(
        [sys.executable, *map(str, command)],
        cwd=course,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def graded():
    """The assignments that the corpus has answers to: the later ones have none."""
    names = [name for name in assignment_names(None) if name[:2] in GRADED]
    assert [name[:2] for name in names] == GRADED
    return names


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course")
    write_source_notebooks(ROOT / "solutions", folder / "source")
    for name in graded():
        for student, texts in answers().items():
            content = json.loads((ROOT / "exercises" / name / f"{name}.ipynb").read_bytes())
            for cell in content["cells"]:
                meta = cell["metadata"]["nbgrader"]
                if meta["solution"] and not meta["grade"]:
                    cell["source"] = texts[meta["grade_id"].removesuffix("_solution")]
            path = folder / "submitted" / student / name / f"{name}.ipynb"
            path.parent.mkdir(parents=True)
            path.write_text(json.dumps(content))
    done = run(folder, "-c", STOCK, ",".join(assignment_names(None)), ",".join(graded()), ",".join(STUDENTS))
    # Its code alone: a kernel that is stopped while it writes prints a traceback, and nothing is lost.
    assert done.returncode == 0, done.stderr
    (folder / "autograded").rename(folder / "autograded-by-stock")
    return folder


def scores(database, names):
    """(student, assignment, exercise) -> auto_score"""
    from nbgrader.api import Gradebook

    found = {}
    with Gradebook(f"sqlite:///{database}") as gradebook:
        for name in names:
            for submission in gradebook.assignment_submissions(name):
                for notebook in submission.notebooks:
                    for grade in notebook.grades:
                        found[submission.student.id, name, grade.name] = grade.auto_score
    return found


def test_stock_release_is_ours_cell_by_cell(course):
    for name in assignment_names(None):
        stock = json.loads((course / "release" / name / f"{name}.ipynb").read_bytes())["cells"]
        ours = json.loads((ROOT / "exercises" / name / f"{name}.ipynb").read_bytes())["cells"]
        assert ["".join(cell["source"]) for cell in stock] == ["".join(cell["source"]) for cell in ours]
        assert [cell["metadata"]["nbgrader"] for cell in stock] == [
            cell["metadata"]["nbgrader"] for cell in ours
        ]


def test_stock_autograde_gives_our_points_on_every_chapter(course):
    names = graded()
    done = run(course, "-m", "autograder", "grade", course, "--db", f"sqlite:///{course}/ours.db")
    assert done.returncode in (0, 1), done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    stock, ours = scores(course / "gradebook.db", names), scores(course / "ours.db", names)
    assert stock == pytest.approx(ours, abs=1e-9)
    assert len(stock) == len(STUDENTS) * sum(len(load_assignment(None, name).exercises) for name in names)
    points = {
        (name, exercise.id): exercise.points
        for name in names
        for exercise in load_assignment(None, name).exercises
        if not exercise.manual
    }
    for (name, id), full in points.items():
        assert stock["right", name, id] == full
        assert 0 <= stock["mistakes", name, id] < full
    assert len({stock["mistakes", name, id] / full for (name, id), full in points.items()}) > 2


def test_the_test_cells_output_is_the_plain_number_and_nothing_else(course):
    for name in graded():
        path = course / "autograded-by-stock" / "right" / name / f"{name}.ipynb"
        for cell in json.loads(path.read_bytes())["cells"]:
            meta = cell["metadata"].get("nbgrader", {})
            if meta.get("grade") and cell["cell_type"] == "code":
                (output,) = cell["outputs"]
                assert list(output["data"]) == ["text/plain"]
                assert float("".join(output["data"]["text/plain"])) == meta["points"]
