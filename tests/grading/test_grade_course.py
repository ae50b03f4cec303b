"""The engine on the real wall and nbgrader's real database: resumed,
regraded, spread, and never beside another.
"""

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time

import pytest

from autograder.course.own_exercises import AuthoringError
from autograder.course.policies import PolicyError
from autograder.exercises import EXERCISES
from autograder.gradebook.gradebook_url import default_url
from autograder.grading import jobs, pool
from autograder.grading.grade_course import grade_course
from autograder.grading.records import course_seed, locked
from autograder.grading.settings import GradingError, Settings
from tests.grading.test_grade_submission import NO_SLOPE, RIGHT, notebook

pytestmark = pytest.mark.filterwarnings(
    "ignore:::nbgrader", "ignore:::sqlalchemy", "ignore::DeprecationWarning"
)
NAME = "06-step-2"


def hand_in(course, student, answers, name=NAME):
    path = course / "submitted" / student / name / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook(answers, name)))


@pytest.fixture
def course(tmp_path):
    hand_in(tmp_path, "ada", RIGHT)
    hand_in(tmp_path, "bob", RIGHT | {"hidden_delta_solution": NO_SLOPE})
    return tmp_path


def run(course, progress=lambda done, total, report: None, **changes):
    return grade_course(Settings(course, **({"seed": "s"} | changes)), default_url(course), progress)


def scores(graded):
    return {r["student"]: r["score"] for r in graded.reports}


def test_only_what_changed_is_graded_again(course):
    first = run(course)
    assert first.fresh == 2
    assert scores(first) == {"ada": 26, "bob": 12}
    assert [e["misconceptions"] for e in first.reports[1]["exercises"]] == [["K13"], [], []]
    assert run(course).fresh == 0
    assert run(course).reports == first.reports
    hand_in(course, "bob", RIGHT)
    again = run(course)
    assert again.fresh == 1
    assert scores(again) == {"ada": 26, "bob": 26}
    assert run(course, force=True).fresh == 2


def test_the_same_seed_gives_the_same_bytes_but_for_seconds(course):
    def bytes_of(graded):
        return json.dumps([r | {"seconds": 0} for r in graded.reports])

    assert bytes_of(run(course)) == bytes_of(run(course, force=True, jobs=2))


def test_nothing_is_handed_in_is_missing_and_no_zero(course):
    (course / "submitted" / "cy").mkdir()
    reports = {r["student"]: r for r in run(course).reports}
    assert {e["status"] for e in reports["cy"]["exercises"]} == {"missing"}
    assert "nothing was handed in" in reports["cy"]["notes"]
    assert not (course / "autograded" / "cy").exists()
    assert run(course).fresh == 0


def test_an_unknown_assignment_is_a_remark_and_asked_for_an_error(course):
    (course / "submitted" / "ada" / "99-else").mkdir()
    graded = run(course)
    assert any("99-else" in remark for remark in graded.remarks)
    assert len(graded.reports) == 2
    with pytest.raises(GradingError, match="--assignment 99-else"):
        run(course, assignments=["99-else"])
    with pytest.raises(GradingError, match="--student zoe"):
        run(course, students=["zoe"])


def test_the_seed_is_made_once_and_is_secret(course):
    seed = course_seed(course)
    assert len(seed) == 32
    assert course_seed(course) == seed
    assert (course / ".autograder" / "seed").stat().st_mode & 0o077 == 0
    for path in (*course.glob("feedback/**/*"), *course.glob("autograded/**/*")):
        assert not path.is_file() or seed not in path.read_text()


def test_a_seed_that_was_emptied_is_not_taken_for_one(course):
    course_seed(course)
    (course / ".autograder" / "seed").write_text("\n")
    with pytest.raises(GradingError, match="seed is empty; the course's seed was expected"):
        run(course, seed=None)
    assert not (course / "gradebook.db").exists()


def test_two_graders_do_not_meet(course):
    with locked(course), pytest.raises(GradingError, match="another grader is at work"):
        run(course)


GRADE = """
import sys
from autograder.grading import write_results
from autograder.__main__ import main
write_results.CHUNK = 3
sys.argv[1:] = ["grade", sys.argv[1], "--seed", "s", "--jobs", "2"]
main()
"""


def grade_in_a_process(course):
    return subprocess.Popen(
        [sys.executable, "-c", GRADE, str(course)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def written(course):
    """Everything that a run leaves, but for times and random keys:
    files, records and the gradebook's rows.
    """
    files = {
        str(path.relative_to(course)): path.read_bytes()
        for step in ("autograded", "feedback")
        for path in (course / step).rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }
    with sqlite3.connect(course / "gradebook.db") as db:
        rows = db.execute(
            "SELECT sa.student_id, bc.name, g.auto_score, g.manual_score, g.needs_manual_grade FROM grade g "
            "JOIN base_cell bc ON bc.id = g.cell_id JOIN submitted_notebook sn ON sn.id = g.notebook_id "
            "JOIN submitted_assignment sa ON sa.id = sn.assignment_id ORDER BY 1, 2"
        ).fetchall()
        counts = [
            db.execute(f"SELECT count(*) FROM {table}").fetchone()
            for table in ("student", "submitted_assignment", "submitted_notebook", "comment")
        ]
    return files, rows, counts


def test_killed_at_some_points_nothing_is_lost_and_nothing_twice(course, tmp_path_factory):
    for i in range(10):
        hand_in(course, f"s{i:02}", RIGHT | ({"hidden_delta_solution": NO_SLOPE} if i % 3 else {}))
    whole = tmp_path_factory.mktemp("whole")
    shutil.copytree(course / "submitted", whole / "submitted")
    began = time.monotonic()
    assert grade_in_a_process(whole).wait(timeout=120) == 0
    length = time.monotonic() - began
    # While it starts, in the midst of grading, and while it writes, as far as one machine's runs are alike.
    points = [part * length for part in (0.4, 0.65, 0.9)]
    for point in points:
        process = grade_in_a_process(course)
        time.sleep(point)
        process.send_signal(signal.SIGKILL)
        process.wait()
    graded = run(course, jobs=2)
    said = f"killed after {points} of {length} seconds"
    assert [r | {"seconds": 0} for r in graded.reports] == [r | {"seconds": 0} for r in run(whole).reports], (
        said
    )
    assert written(course) == written(whole), said
    assert run(course).fresh == 0


def test_a_file_half_written_when_the_grader_died_is_written_again(course):
    first = run(course)
    (course / ".autograder" / "results" / "bob" / f"{NAME}.json").write_text('{"key": "')
    (course / "autograded" / "ada" / NAME / f"{NAME}.ipynb").unlink()
    again = run(course)
    assert again.fresh == 2
    assert scores(again) == scores(first)


def test_what_the_gradebook_lost_is_graded_again(course):
    run(course)
    (course / "gradebook.db").unlink()
    assert run(course).fresh == 2


def test_the_submissions_bytes_are_read_as_they_are_needed(course, monkeypatch):
    for i in range(20):
        hand_in(course, f"s{i:02}", RIGHT)
    read, most = [], []
    whole = jobs.make_job
    monkeypatch.setattr(jobs, "make_job", lambda found, *a, **k: read.append(found) or whole(found, *a, **k))
    grade_course(
        Settings(course, seed="s", force=True),
        default_url(course),
        lambda done, total, report: most.append(len(read) - done),
    )
    assert len(most) == len(read) == 22
    assert max(most) <= pool.JOBS_HELD


def policy(course, text):
    (course / "autograder.toml").write_text(text)


def read(course):
    from autograder.gradebook.gradebook import Gradebook
    from autograder.lms.scores import read_scores

    with Gradebook(default_url(course)) as book:
        return read_scores(book.nbgrader)


def test_a_dropped_exercise_costs_nobody_anything_and_the_changes_are_listed(course):
    assert scores(run(course)) == {"ada": 26, "bob": 12}
    policy(course, f'[drop]\n"{NAME}" = ["hidden_delta"]')
    graded = run(course)
    assert {r["student"]: (r["score"], r["max_score"]) for r in graded.reports} == {
        "ada": (12, 12),
        "bob": (12, 12),
    }
    assert [(c.student, c.before, c.after) for c in graded.changes] == [("ada", 26, 12)]
    # The bonus is in no maximum
    assert (read(course).assignments, read(course).bonus) == ({NAME: 6.0}, {NAME: 6.0})
    assert run(course).changes == []
    policy(course, "")
    assert scores(run(course)) == {"ada": 26, "bob": 12}
    policy(course, f'[drop]\n"{NAME}" = ["no_such"]')
    with pytest.raises(GradingError, match="no such exercise"):
        run(course)


def test_lateness_costs_what_the_policy_says_less_the_extension(course):
    for student, day in (("ada", 4), ("bob", 4)):
        (course / "submitted" / student / NAME / "timestamp.txt").write_text(f"2026-03-0{day} 12:00:00 UTC")
    policy(
        course,
        f'[late]\nmethod = "per_day"\npercent = 10\n[due]\n"{NAME}" = 2026-03-02T18:00:00Z\n'
        f'[extensions."{NAME}"]\nbob = 48\n',
    )
    run(course)
    found = read(course)
    assert found.mark("ada", NAME).penalty == pytest.approx(5.2)  # two days begun, 20 % of 26
    assert found.mark("ada", NAME).score == pytest.approx(20.8)
    assert found.mark("bob", NAME).penalty == 0
    policy(course, f'[late]\nmethod = "zero"\n[due]\n"{NAME}" = 2026-03-02T18:00:00Z\n')
    assert run(course).fresh == 0  # nothing is graded again for it
    assert read(course).mark("ada", NAME).score == 0


def test_the_best_attempt_counts_with_its_own_time(course):
    policy(course, '[attempts]\nkeep = "best"')
    stamp = course / "submitted" / "ada" / NAME / "timestamp.txt"
    stamp.write_text("2026-03-01 12:00:00 UTC")
    run(course)
    hand_in(course, "ada", RIGHT | {"hidden_delta_solution": NO_SLOPE})
    stamp.write_text("2026-03-05 12:00:00 UTC")
    graded = run(course)
    assert scores(graded) == {"ada": 26, "bob": 12}
    assert graded.reports[0]["notes"] == ["attempt 1 of 2 counts: it has the most points"]
    assert str(read(course).mark("ada", NAME).handed_in) == "2026-03-01 12:00:00"
    assert run(course).fresh == 0
    policy(course, "")
    assert scores(run(course)) == {"ada": 12, "bob": 12}


def test_one_student_has_more_time(course):
    slow = "import time\n" + RIGHT["hidden_delta_solution"].replace(
        "return", "time.sleep(0.025)\n    return", 1
    )
    # Alone: all_deltas would call it hundreds of times.
    for student in ("ada", "bob"):
        hand_in(course, student, {"hidden_delta_solution": slow})
    policy(course, "[time]\nada = 30")
    graded = run(course, seconds=1.0, assignments=(NAME,))
    found = {r["student"]: r["exercises"][0]["status"] for r in graded.reports}
    assert found == {"ada": "graded", "bob": "timeout"}


def test_a_policy_that_is_wrong_stops_the_run_before_anything_is_written(course):
    policy(course, "[late]\nmethod = 3")
    with pytest.raises(PolicyError, match=r"autograder.toml: late.method is 3; expected one of"):
        run(course)
    assert not (course / "gradebook.db").exists()


def test_a_course_s_own_exercise_is_graded_behind_the_wall(tmp_path):
    from autograder.authoring.new_exercise import add_exercise
    from autograder.authoring.release import release

    add_exercise(tmp_path, "log_cosh_delta", "13-own", "stated", 4)
    release(tmp_path / "solutions", tmp_path / "release")
    released = json.loads((tmp_path / "release" / "13-own" / "13-own.ipynb").read_text())
    for student, answer in (("ada", "np.tanh(z - Y)"), ("bob", "np.tanh(z) - Y")):
        for cell in released["cells"]:
            if cell["id"] == "log_cosh_delta_solution":
                cell["source"] = f"def log_cosh_delta(z, Y):\n    return {answer}\n"
        path = tmp_path / "submitted" / student / "13-own" / "13-own.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(released))
    assert scores(run(tmp_path)) == {"ada": 4, "bob": 0}
    (tmp_path / "own_exercises.py").write_text("1 / 0")
    with pytest.raises(AuthoringError, match=r"own_exercises.py, line 1: ZeroDivisionError"):
        run(tmp_path)
    assert "log_cosh_delta" not in EXERCISES


def test_different_notebooks_are_counted_as_attempts(course):
    from autograder.reports.records import read_course

    run(course)
    run(course, force=True)  # the same again is no attempt
    hand_in(course, "bob", RIGHT)
    run(course)
    assert read_course(course).attempts == {("ada", NAME): 1, ("bob", NAME): 2}


def test_grading_starts_no_thread(course, monkeypatch):
    """Two threads that import one package at once can leave it half
    made; SQLAlchemy's parts ask for each other.
    """

    def start(thread):
        raise AssertionError(f"{thread} was started")

    monkeypatch.setattr(threading.Thread, "start", start)
    assert run(course).fresh == 2
