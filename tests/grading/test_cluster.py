"""A real scheduler and worker processes: the same bytes as locally, a
worker killed in mid-run, a poisoned submission.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from autograder.course.submitted import find_submissions
from autograder.grading import cluster, jobs
from autograder.grading.cluster import ClusterError
from tests.grading.test_grade_course import NAME, hand_in, run
from tests.grading.test_grade_submission import NO_SLOPE, RIGHT

pytestmark = pytest.mark.filterwarnings(
    "ignore:::nbgrader", "ignore:::sqlalchemy", "ignore:::distributed", "ignore::DeprecationWarning"
)
ROOT = Path(__file__).resolve().parents[2]


class Cluster:
    """A scheduler and workers as processes, on this machine's own address."""

    def __init__(self, folder):
        self.environment = os.environ | {
            "PYTHONPATH": str(ROOT),
            "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
        }
        self.processes = []
        file = folder / "scheduler.json"
        self.start("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file))
        until = time.monotonic() + 60
        while not (file.exists() and file.stat().st_size):
            assert time.monotonic() < until, "no scheduler"
            time.sleep(0.1)
        self.address = json.loads(file.read_text())["address"]

    def start(self, what, *arguments):
        command = [sys.executable, "-m", "dask", what, *arguments, "--no-dashboard"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.processes.append(subprocess.Popen(command, env=self.environment, **quiet))
        return self.processes[-1]

    def worker(self):
        return self.start("worker", self.address, "--nthreads", "1", "--no-nanny")

    def close(self):
        for process in self.processes:
            process.kill()
            process.wait()


@pytest.fixture
def some_cluster(tmp_path_factory):
    made = Cluster(tmp_path_factory.mktemp("cluster"))
    yield made
    made.close()


def poisoned(job):
    """Stands for run_here where a submission brings down every worker that grades it."""
    if job["student"] == "bob":
        os.kill(os.getpid(), signal.SIGKILL)
    return jobs.run_here(job)


def test_a_worker_killed_in_mid_run_changes_no_byte(tmp_path, some_cluster):
    for i in range(10):
        hand_in(tmp_path, f"s{i:02}", RIGHT | ({"hidden_delta_solution": NO_SLOPE} if i % 2 else {}))
    local = run(tmp_path)
    files = {path: path.read_bytes() for path in tmp_path.glob("feedback/**/*.html")}
    victim, _ = some_cluster.worker(), some_cluster.worker()
    killed = threading.Event()

    def kill(done, total, report):
        if done == 4:
            victim.send_signal(signal.SIGKILL)
            killed.set()

    spread = run(tmp_path, progress=kill, scheduler=some_cluster.address, force=True)
    assert killed.is_set()
    assert spread.fresh == 10
    assert [r | {"seconds": 0} for r in spread.reports] == [r | {"seconds": 0} for r in local.reports]
    assert {path: path.read_bytes() for path in tmp_path.glob("feedback/**/*.html")} == files


def test_a_poisoned_submission_is_lost_alone(tmp_path, some_cluster):
    for name in ("ada", "bob", "cy", "dan"):
        hand_in(tmp_path, name, RIGHT)
    released = jobs.released_bytes(tmp_path, NAME)
    todo = [
        jobs.make_job(found, released, seed="s", seconds=10, isolation="strong")
        for found in find_submissions(tmp_path)[0]
    ]
    stop = threading.Event()

    def nanny():  # what a deployer does: a worker that ends is started again
        workers = [some_cluster.worker() for _ in range(2)]
        while not stop.wait(0.2):
            workers = [worker if worker.poll() is None else some_cluster.worker() for worker in workers]

    keeper = threading.Thread(target=nanny)
    keeper.start()
    try:
        results = {
            job["student"]: result
            for job, result in cluster.run_on_cluster(todo, some_cluster.address, poisoned)
        }
    finally:
        stop.set()
        keeper.join()
    assert sorted(results) == ["ada", "bob", "cy", "dan"]
    assert "every worker that tried this submission was lost" in results["bob"]["report"]["notes"][-1]
    assert [results[name]["report"]["score"] for name in ("ada", "cy", "dan")] == [26, 26, 26]


def test_no_scheduler_and_no_worker_say_so(tmp_path, some_cluster, monkeypatch):
    hand_in(tmp_path, "ada", RIGHT)
    monkeypatch.setattr(cluster, "ANSWER", "1s")
    with pytest.raises(ClusterError, match=r"tcp://127.0.0.1:9: no scheduler answers there"):
        run(tmp_path, scheduler="tcp://127.0.0.1:9")
    monkeypatch.setattr(cluster, "PATIENCE", 1.0)
    with pytest.raises(ClusterError, match="no worker for 1 seconds"):
        run(tmp_path, scheduler=some_cluster.address)
    assert not (tmp_path / "gradebook.db").exists()
