"""The engine on the real wall and nbgrader's real database: resumed, regraded, spread, and never beside another."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from test_grading import NO_SLOPE, RIGHT, notebook

from autograder import engine, jobs
from autograder.engine import EngineError, Settings, course_seed, grade_course, locked
from autograder.gradebook import default_url

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


def run(course, **changes):
    return grade_course(Settings(course, seed="s", **changes), default_url(course))


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
    with pytest.raises(EngineError, match="--assignment 99-else"):
        run(course, assignments=["99-else"])
    with pytest.raises(EngineError, match="--student zoe"):
        run(course, students=["zoe"])


def test_the_seed_is_made_once_and_is_secret(course):
    seed = course_seed(course)
    assert len(seed) == 32
    assert course_seed(course) == seed
    assert (course / ".autograder" / "seed").stat().st_mode & 0o077 == 0
    for path in (*course.glob("feedback/**/*"), *course.glob("autograded/**/*")):
        assert not path.is_file() or seed not in path.read_text()


def test_two_graders_do_not_meet(course):
    with locked(course), pytest.raises(EngineError, match="another grader is at work"):
        run(course)


def test_killed_in_mid_run_and_run_again(course):
    for i in range(12):
        hand_in(course, f"s{i:02}", RIGHT)
    command = [sys.executable, "-m", "autograder", "grade", str(course), "--seed", "s", "--jobs", "1"]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    time.sleep(2.5)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    graded = run(course)
    assert len(graded.reports) == 14
    assert set(scores(graded).values()) == {26, 12}
    assert run(course).fresh == 0


def fatal(job):
    """Stands for run_job where a submission brings down the process that grades it, whenever it is tried."""
    if job["student"] == "bob":
        os._exit(9)
    return engine.run_job(job)


def test_a_job_that_takes_its_process_down_twice_is_reported_and_alone(course):
    hand_in(course, "cy", RIGHT)
    found = engine.find_submissions(course)[0]
    released = jobs.released_bytes(course, NAME)
    todo = [jobs.make_job(f, released, seed="s", seconds=10, isolation="strong") for f in found]
    results = {job["student"]: result for job, result in engine._local(todo, 2, fatal)}
    assert sorted(results) == ["ada", "bob", "cy"]
    assert {e["status"] for e in results["bob"]["report"]["exercises"]} == {"ungradable"}
    assert results["bob"]["key"] == ""  # so the next run tries it again
    assert [results[name]["report"]["score"] for name in ("ada", "cy")] == [26, 26]


def test_a_cluster_gives_the_same_bytes(course):
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
    bin = Path(sys.executable).parent
    address_file = course / "scheduler.json"
    common = {"env": environment, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    quiet = ["--no-dashboard"]
    processes = [
        subprocess.Popen(
            [
                bin / "dask",
                "scheduler",
                "--host",
                "127.0.0.1",
                "--port",
                "0",
                "--scheduler-file",
                address_file,
                *quiet,
            ],
            **common,
        )
    ]
    try:
        for _ in range(200):
            if address_file.exists() and address_file.stat().st_size:
                break
            time.sleep(0.1)
        address = json.loads(address_file.read_text())["address"]
        processes += [
            subprocess.Popen(
                [bin / "dask", "worker", address, "--nthreads", "1", "--no-nanny", *quiet], **common
            )
            for _ in range(2)
        ]
        local = run(course)
        cluster = run(course, scheduler=address, force=True)
        assert [r | {"seconds": 0} for r in cluster.reports] == [r | {"seconds": 0} for r in local.reports]
    finally:
        for process in processes:
            process.kill()
            process.wait()


def policy(course, text):
    (course / "autograder.toml").write_text(text)


def read(course):
    from autograder.exports.scores import read_scores
    from autograder.gradebook import Gradebook

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
    assert read(course).assignments == {NAME: 12.0}
    assert run(course).changes == []
    policy(course, "")
    assert scores(run(course)) == {"ada": 26, "bob": 12}
    policy(course, f'[drop]\n"{NAME}" = ["no_such"]')
    with pytest.raises(EngineError, match="no such exercise"):
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
        "return", "time.sleep(0.05)\n    return", 1
    )
    hand_in(course, "ada", RIGHT | {"hidden_delta_solution": slow})
    hand_in(course, "bob", RIGHT | {"hidden_delta_solution": slow})
    policy(course, "[time]\nada = 30")
    graded = run(course, seconds=1.0, assignments=(NAME,))
    found = {r["student"]: r["exercises"][0]["status"] for r in graded.reports}
    assert found == {"ada": "graded", "bob": "timeout"}


def test_a_policy_that_is_wrong_stops_the_run_before_anything_is_written(course):
    policy(course, "[late]\nmethod = 3")
    with pytest.raises(EngineError, match=r"autograder.toml: late.method is 3; expected one of"):
        run(course)
    assert not (course / "gradebook.db").exists()


def test_a_course_s_own_exercise_is_graded_behind_the_wall(tmp_path):
    from autograder.new_exercise import add_exercise
    from autograder.release import release

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
    with pytest.raises(EngineError, match=r"own_exercises.py, line 1: ZeroDivisionError"):
        run(tmp_path)
