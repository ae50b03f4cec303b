"""Local processes: one that dies costs its job a retry and nobody else
anything; a fault of the grader's costs one job.
"""

import os
import signal
import time
from pathlib import Path

import pytest

from autograder.course.submitted import SubmissionFolder
from autograder.grading import jobs, pool
from autograder.sandbox.launch import SandboxError
from tests.grading.test_grade_submission import RIGHT, notebook

NAME = "06-step-2"


def made(count):
    released = jobs.released_bytes(Path(), NAME)
    return [
        jobs.make_job(
            SubmissionFolder(f"s{i:02}", NAME, None), released, seed="s", seconds=10, isolation="strong"
        )
        for i in range(count)
    ]


def quick(job):
    return {"key": job["key"], "report": {"student": job["student"], "pid": os.getpid()}}


def dies_on_s03(job):
    if job["student"] == "s03":
        os._exit(9)
    return quick(job)


def dies_once(job):
    mark = Path(job["own"]) / job["student"]
    if job["student"] == "s05" and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return quick(job)


def fails(job):
    if job["student"] == "s02":
        raise ZeroDivisionError("a fault of ours")
    return quick(job)


def has_no_wall(job):
    raise SandboxError("no wall here")


def slow(job):
    time.sleep(0.05)
    return quick(job)


def test_a_job_that_takes_its_process_down_twice_is_lost_alone():
    results = {job["student"]: result for job, result in pool.run_on_processes(made(12), 2, dies_on_s03)}
    assert len(results) == 12
    lost = results.pop("s03")
    assert lost["key"] == ""  # so the next run tries it again
    assert "ended twice" in lost["report"]["notes"][-1]
    assert all(result["key"] for result in results.values())
    assert (
        len({result["report"]["pid"] for result in results.values()}) <= 4
    )  # two at first, one for each death


def test_a_process_that_dies_once_costs_nothing_but_time(tmp_path):
    todo = [job | {"own": str(tmp_path)} for job in made(12)]
    seen = [job["student"] for job, result in pool.run_on_processes(todo, 2, dies_once) if result["key"]]
    assert (tmp_path / "s05").exists()
    assert sorted(seen) == [f"s{i:02}" for i in range(12)]


def test_a_fault_of_the_graders_own_costs_one_job():
    results = {job["student"]: result for job, result in pool.run_on_processes(made(5), 2, fails)}
    assert "ZeroDivisionError, test_pool.py:" in results["s02"]["report"]["notes"][-1]
    assert sum(bool(result["key"]) for result in results.values()) == 4


def test_no_wall_is_an_error_of_the_run():
    with pytest.raises(SandboxError, match="no wall here"):
        list(pool.run_on_processes(made(3), 2, has_no_wall))


def test_jobs_are_drawn_as_they_are_needed_and_every_process_works():
    drawn = []
    todo = (drawn.append(job) or job for job in made(20))
    pids = set()
    for done, (_, result) in enumerate(pool.run_on_processes(todo, 2, slow), start=1):
        assert len(drawn) - done <= 2 * pool.JOBS_HELD
        pids.add(result["report"]["pid"])
    assert (done, len(pids)) == (20, 2)


def test_processes_end_when_the_run_is_abandoned():
    run = pool.run_on_processes(made(20), 2, slow)
    _, result = next(run)
    run.close()
    with pytest.raises(ProcessLookupError):
        os.kill(result["report"]["pid"], 0)


def test_a_job_of_another_version_is_refused():
    (job,) = made(1)
    with pytest.raises(SandboxError, match="another version"):
        list(pool.run_on_processes([job | {"version": -1}], 1))


def test_right_answers_through_a_real_process(tmp_path):
    import json

    (job,) = made(1)
    path = tmp_path / f"{NAME}.ipynb"
    path.write_text(json.dumps(notebook(RIGHT)))
    job = jobs.make_job(
        SubmissionFolder("ada", NAME, str(path)),
        job["released"].encode(),
        seed="s",
        seconds=10,
        isolation="strong",
    )
    ((_, result),) = pool.run_on_processes([job], 1)
    assert result["report"]["score"] == 26


def test_what_is_to_be_done_meanwhile_is_done_once_and_before_the_first_result():
    done = []
    found = pool.run_on_processes(made(3), 2, quick, meanwhile=lambda: done.append("meanwhile"))
    next(found)
    assert done == ["meanwhile"]
    assert len(list(found)) == 2
    assert done == ["meanwhile"]
