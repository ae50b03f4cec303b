"""What hostile notebooks may cost: their own limits, a bounded memory, and nobody else's points.

The whole measurement is benchmarks/hostile_class.py.
"""

import json
import subprocess
import sys
import time

from tests.support import hostile_class

# One of each way to take time or memory.
SIX = (
    "prompts with a magic",
    "a million lines before an error",
    "lists of numbers",
    "large arrays",
    "cells that loop",
    "many names",
)
# What one process that grades may hold, in MB; book/cluster.md says so.
MOST_MEMORY = 600
HEAVY = (
    "many names",
    "many numbers",
    "a wide text",
    "UTF-16",
    "saved outputs of 100 MB",
    "quotes in three signs",
    "code of signs of HTML",
    "an essay of signs that are not seen",
    "large arrays",
    "large arrays where a number is expected",
    "lists of texts",
    "lists of numbers",
    "trees of many numbers",
    "an array written into",
)
ONE_PROCESS = """
import sys
from pathlib import Path
from autograder.course.submitted import SubmissionFolder
from autograder.grading import jobs
released = Path(sys.argv[1]).read_bytes()
for path in sys.argv[2:]:
    folder = SubmissionFolder("s", "06-step-2", path)
    job = jobs.make_job(folder, released, seed="s", seconds=1.0, isolation="strong")
    assert jobs.run_here(job)["report"]["score"] == 0, path
# ru_maxrss outlives exec: it would be that of the process that started this one, if it was larger.
status = Path("/proc/self/status").read_text()
print(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")))
"""


def test_six_of_twelve_cost_no_more_than_their_limits_and_the_others_nothing(tmp_path):
    hostile_class.make_class(tmp_path, 6, list(SIX))
    began = time.monotonic()
    command = [sys.executable, "-m", "autograder", "grade", tmp_path, "--jobs", "2", "--timeout", "1"]
    done = subprocess.run(
        [*command, "--json", tmp_path / "r.json"],
        cwd=hostile_class.ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    passed = time.monotonic() - began
    assert done.returncode == 1, done.stderr
    scores = {r["student"]: r["score"] for r in json.loads((tmp_path / "r.json").read_text())}
    assert len(scores) == 12
    assert {scores[f"honest-{i}"] for i in range(6)} == {hostile_class.POINTS}
    assert {scores[f"hostile-{i}"] for i in range(6)} == {0}
    # One after the other, though there are two processes: the machine of a test has others to serve.
    assert passed < len(SIX) * hostile_class.limit(1.0) + 30


def test_a_process_that_grades_stays_under_the_stated_size(tmp_path):
    paths = []
    for i, kind in enumerate(HEAVY):
        paths.append(tmp_path / f"{i}.ipynb")
        paths[-1].write_bytes(hostile_class.KINDS[kind]())
    done = subprocess.run(
        [sys.executable, "-c", ONE_PROCESS, hostile_class.RELEASED, *paths],
        cwd=hostile_class.ROOT,
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < MOST_MEMORY * 1024
