"""A class of which half would take the grader's time and memory: what they cost the others.

    python benchmarks/hostile_class.py [--count 400] [--hostile 200] [--jobs 2] [--timeout 10] [--each]

Grades the class by `autograder grade`, then writes the report, and says: the time beside the sum of the
hostile members' own limits, the most memory of the whole tree of processes, and whether every honest member
has all points. --each grades every kind of hostile notebook alone, in a process of its own, and prints the
time of each and the most memory that this process held.
"""

import argparse
import json
import multiprocessing
import resource
import sys
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from measured import measured  # noqa: E402

from autograder.course.submitted import SubmissionFolder  # noqa: E402
from autograder.grading import jobs  # noqa: E402
from tests.support import hostile_class  # noqa: E402


def alone(kind: str, timeout: float) -> None:
    """One kind graded in this process."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "notebook.ipynb"
        path.write_bytes(hostile_class.KINDS[kind]())
        job = jobs.make_job(
            SubmissionFolder("hostile", hostile_class.NAME, str(path)),
            hostile_class.RELEASED.read_bytes(),
            seed="s",
            seconds=timeout,
            isolation="strong",
        )
        began = time.monotonic()
        result = jobs.run_here(job)
    passed = time.monotonic() - began
    own = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    # ru_maxrss outlives exec: it may be that of the process that started this one.
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    most = next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM:"))
    print(
        f"{kind:42} {passed:6.1f} s of {hostile_class.limit(timeout):.0f}, {own:5.1f} s the grader's "
        f"own, {most:4} MB, {result['report']['score']:g} points",
        flush=True,
    )
    jobs.close_zygotes()


def whole(count: int, hostile: int, processes: int, timeout: float) -> int:
    """A class graded and reported on; 1 if a bar is missed."""
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder)
        hostile_class.make_class(course, count - hostile, list(islice(cycle(hostile_class.KINDS), hostile)))
        command = [sys.executable, "-m", "autograder"]
        options = ["--jobs", str(processes), "--timeout", str(timeout), "--json", str(course / "r.json")]
        graded = measured([*command, "grade", course, *options], cwd=HERE.parent, ok=(1,))
        told = measured([*command, "report", course], cwd=HERE.parent, ok=(0, 1))
        reports = json.loads((course / "r.json").read_text(encoding="utf-8"))
    allowed = hostile * hostile_class.limit(timeout) / processes
    wrong = [
        r["student"]
        for r in reports
        if r["student"].startswith("honest") and r["score"] != hostile_class.POINTS
    ]
    earned = [r["student"] for r in reports if r["student"].startswith("hostile") and r["score"]]
    print(f"{count} submissions, {hostile} of them hostile, {processes} processes")
    print(f"graded in {graded.wall:.0f} s; the hostile ones' limits together are {allowed:.0f} s")
    print(
        f"report in {told.wall:.0f} s; most memory: {graded.memory:.0f} and {told.memory:.0f} MB, all processes"
    )
    print(f"without all points though honest: {len(wrong)}; with points though hostile: {len(earned)}")
    return int(len(reports) != count or bool(wrong or earned) or graded.wall > allowed)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--count", type=int, default=400)
    parser.add_argument("--hostile", type=int)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--timeout", type=float, default=10.0)
    parser.add_argument("--each", action="store_true")
    given = parser.parse_args()
    if given.each:
        for kind in hostile_class.KINDS:
            process = multiprocessing.get_context("spawn").Process(target=alone, args=(kind, given.timeout))
            process.start()
            process.join()
        return 0
    hostile = given.count // 2 if given.hostile is None else given.hostile
    return whole(given.count, hostile, given.jobs, given.timeout)


if __name__ == "__main__":
    sys.exit(main())
