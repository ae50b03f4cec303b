"""A class graded by `autograder grade`, stock `nbgrader autograde` and `otter run`, side by side on the same notebooks.

    python benchmarks/grading.py [--sizes 40 400] [--others 8] [--jobs 1 2] [--dask] [--parts] [--json FILE]

Ours is the whole command, isolation strong, from the start of Python to the last row of the gradebook; stock and Otter
are run on fewer submissions, as many as said, and each is one whole command too (Otter's one a submission; it grades
one notebook a command). The class: right answers in two styles and eight mistakes in turn, none of them a loop
without an end. Otter's copies lack our test cells, which Otter would run beside its own tests. Otter is installed
into build/otter at the first run, from requirements-otter.txt. Processor time is the whole process tree's.
"""

import argparse
import itertools
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(HERE), str(ROOT), str(ROOT / "examples")]

from make_class import ASSIGNMENT, CLASS, STYLES, filled  # noqa: E402
from measured import Measured, counted, measured, sampled  # noqa: E402

from autograder.authoring.release import write_source_notebooks  # noqa: E402

BIN = Path(sysconfig.get_path("scripts"))
OTTER = ROOT / "build" / "otter"
PATH = {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
LEFT_OUT = ("an infinite loop", "no notebook")
NOTEBOOKS = [
    filled(ASSIGNMENT, {} if answer is None else STYLES | {"hidden_delta": answer})
    for kind, answer in CLASS.items()
    if kind not in LEFT_OUT
]
EXERCISES = {"hidden_delta": 14, "all_deltas": 6, "residual_delta": 6}


@dataclass
class Row:
    """One measurement, a submission: what did it, on how many, and what that took."""

    what: str
    submissions: int
    wall: float
    cpu: float
    memory: float

    @classmethod
    def of(cls, what: str, count: int, found: Measured) -> "Row":
        return cls(what, count, found.wall / count, found.cpu / count, found.memory)


def hand_in(course: Path, count: int) -> Path:
    for i in range(count):
        folder = course / "submitted" / f"s{i:05}" / ASSIGNMENT
        folder.mkdir(parents=True)
        (folder / f"{ASSIGNMENT}.ipynb").write_text(NOTEBOOKS[i % len(NOTEBOOKS)])
    return course


def ours(course: Path, count: int, jobs: int, *more: str) -> Measured:
    command = [sys.executable, "-m", "autograder", "grade", course, "--seed", "s", "--jobs", str(jobs), *more]
    return measured(command, ROOT, os.environ | PATH, ok=(0, 1))


def on_dask(course: Path, folder: Path) -> Measured:
    """With a scheduler and two workers as processes; their start and their memory are counted too."""
    file = folder / "scheduler.json"
    with counted() as found, sampled(os.getpid()) as most:
        start = [sys.executable, "-m", "dask"]
        quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": ROOT}
        address = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
        cluster = [subprocess.Popen([*start, "scheduler", *address, "--scheduler-file", file], **quiet)]
        while not (file.exists() and file.stat().st_size):
            time.sleep(0.1)
        one = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--scheduler-file", file]
        cluster += [subprocess.Popen([*start, "worker", *one], **quiet) for _ in range(2)]
        where = json.loads(file.read_text())["address"]
        command = [sys.executable, "-m", "autograder", "grade", course, "--seed", "s", "--scheduler", where]
        code = subprocess.run(command, env=os.environ | PATH, **quiet).returncode
        for process in reversed(
            cluster
        ):  # workers first: without a scheduler one may wait for it to come back
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
    if code not in (0, 1):
        raise RuntimeError(f"grading on the cluster ended with {code}")
    return Measured(found[0], found[1], most[0])


def stock(course: Path, count: int) -> Measured:
    (course / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'nets'\n")
    write_source_notebooks(ROOT / "solutions", course / "all")
    (course / "source").mkdir()
    (course / "all" / ASSIGNMENT).rename(course / "source" / ASSIGNMENT)
    nbgrader = [sys.executable, "-m", "nbgrader"]
    measured([*nbgrader, "generate_assignment", ASSIGNMENT], course, os.environ | PATH)
    hand_in(course, count)
    return measured([*nbgrader, "autograde", ASSIGNMENT], course, os.environ | PATH)


def otter(folder: Path, count: int) -> Measured:
    """`otter run` on each submission; the tests ask our judge with its public numbers, as stock's test cells do."""
    if not (OTTER / "bin" / "otter").exists():
        subprocess.run([sys.executable, "-m", "venv", OTTER], check=True)
        subprocess.run([OTTER / "bin" / "python", "-m", "pip", "install", "-q", "-r", HERE / "requirements-otter.txt"], check=True)  # fmt: skip
    (folder / "tests").mkdir(parents=True)
    for name, points in EXERCISES.items():
        code = (
            ">>> from autograder.sandbox.calls import LocalCaller\n>>> from autograder.exercises import EXERCISES\n"
            ">>> from autograder.diagnosis.assess import assess\n"
            f">>> assess(EXERCISES['{name}'], LocalCaller({name}), b'public', public=True).fraction == 1\nTrue"
        )
        case = {"code": code, "hidden": False, "locked": False}
        suite = {"cases": [case], "scored": True, "setup": "", "teardown": "", "type": "doctest"}
        test = {"name": name, "points": points, "suites": [suite]}
        (folder / "tests" / f"{name}.py").write_text(f"OK_FORMAT = True\ntest = {test!r}\n")
    environment = os.environ | {
        "PATH": f"{OTTER / 'bin'}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    command = OTTER / "bin" / "otter"
    subprocess.run([command, "generate", "-t", "tests", "-o", "ag.zip", "--no-environment", "--no-requirements"], cwd=folder, env=environment, check=True, capture_output=True)  # fmt: skip
    found = []
    for i in range(count):
        notebook = json.loads(NOTEBOOKS[i % len(NOTEBOOKS)])
        notebook["cells"] = [
            c for c in notebook["cells"] if not "".join(c["source"]).strip().startswith("check(")
        ]
        (folder / "submission.ipynb").write_text(json.dumps(notebook))
        found.append(measured([command, "run", "-a", "ag.zip", "--no-logo", "submission.ipynb"], folder, environment))  # fmt: skip
    right = json.loads((folder / "results.json").read_text())
    assert len(right["tests"]) >= len(EXERCISES), right
    return Measured(sum(f.wall for f in found), sum(f.cpu for f in found), max(f.memory for f in found))


def floor(count: int) -> Measured:
    """The same cells run and judged in one warm process, with no wall, no files and no gradebook."""
    from autograder.grading.grade_submission import grade
    from autograder.notebooks.submission import load_assignment
    from tests.support.in_process import InProcess

    assignment, zygote = load_assignment(None, ASSIGNMENT), InProcess()
    for data in NOTEBOOKS:  # warm
        grade(assignment, data.encode(), student="warm", seed="s", zygote=zygote)
    began, before = time.monotonic(), time.process_time()
    for i in range(count):
        data = NOTEBOOKS[i % len(NOTEBOOKS)].encode()
        grade(assignment, data, student=f"s{i:05}", seed="s", zygote=zygote)
    return Measured(time.monotonic() - began, time.process_time() - before, 0.0)


def parts(count: int) -> list[tuple[str, float]]:
    """Where a submission's processor time goes, in ms: the stages of one warm process, and its children's."""
    import parts as stages

    return stages.of([NOTEBOOKS[i % len(NOTEBOOKS)].encode() for i in range(count)], ASSIGNMENT)


def table(rows: list[Row], against: Row | None) -> str:
    lines = [f"{'':44s} {'subm.':>6s} {'wall ms':>9s} {'CPU ms':>9s} {'MB':>7s} {'wall':>8s} {'CPU':>8s}"]
    for row in rows:
        times = ""
        if against is not None and row is not against:
            times = f"{against.wall / row.wall:7.1f}× {against.cpu / row.cpu:7.1f}×"
        lines.append(
            f"{row.what:44s} {row.submissions:6d} {1e3 * row.wall:9.1f} {1e3 * row.cpu:9.1f} {row.memory:7.0f} {times}"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[40, 400], help="submissions of our own runs")
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, 2])
    parser.add_argument(
        "--others", type=int, default=8, help="submissions for stock nbgrader and Otter; 0: none"
    )
    parser.add_argument("--dask", action="store_true", help="also a scheduler and two workers")
    parser.add_argument("--parts", action="store_true", help="also where the time goes")
    parser.add_argument("--json", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    rows: list[Row] = []
    against = None
    with tempfile.TemporaryDirectory(prefix="grading-") as temporary:
        folder = Path(temporary)

        def add(what: str, count: int, found: Measured) -> Row:
            rows.append(Row.of(what, count, found))
            print(
                f"… {what}, {count}: {found.wall:.1f} s wall, {found.cpu:.1f} s CPU",
                file=sys.stderr,
                flush=True,
            )
            return rows[-1]

        if arguments.others:
            count = arguments.others
            (folder / "stock").mkdir()
            against = add("nbgrader autograde", count, stock(folder / "stock", count))
            add("otter run", count, otter(folder / "otter", count))
        for count in arguments.sizes:
            for jobs in arguments.jobs:
                course = hand_in(folder / f"ours-{count}-{jobs}", count)
                say = f"autograder grade, {jobs} job{'s' * (jobs > 1)}"
                add(f"{say}, cold (no gradebook)", count, ours(course, count, jobs))
                if count == arguments.sizes[0]:
                    add(f"{say}, again (--force)", count, ours(course, count, jobs, "--force"))
                    add(f"{say}, again, nothing changed", count, ours(course, count, jobs))
                shutil.rmtree(course)
        if arguments.dask:
            count = arguments.sizes[0]
            course = hand_in(folder / "dask", count)
            add("autograder grade, Dask, 2 workers, with its start", count, on_dask(course, folder))
        bottom = add("the floor: one warm process, no wall", 40, floor(40))
    print(table(rows, against))
    cold = {(r.submissions, r.what): r for r in rows if "cold" in r.what}
    for jobs in arguments.jobs:
        mine = [r for (_, what), r in sorted(cold.items()) if f" {jobs} job" in what]
        for small, large in itertools.pairwise(mine):
            n, more = small.submissions, large.submissions - small.submissions
            cpu = (large.cpu * large.submissions - small.cpu * n) / more
            wall = (large.wall * large.submissions - small.wall * n) / more
            line = f"{jobs} jobs, each submission from {n} to {large.submissions}: {1e3 * wall:.1f} ms wall, {1e3 * cpu:.1f} ms CPU"
            print(f"{line}, {cpu / bottom.cpu:.2f} times the floor")
    if arguments.parts:
        for what, ms in parts(40):
            print(f"{what:60s} {ms:8.2f} ms CPU a submission")
    if arguments.json:
        arguments.json.write_text(json.dumps([asdict(row) for row in rows], indent=1))


if __name__ == "__main__":
    main()
