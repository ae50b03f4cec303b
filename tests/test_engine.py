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
