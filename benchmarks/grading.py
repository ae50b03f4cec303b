"""A class as classes are, graded by `autograder grade`, stock `nbgrader autograde` and `otter run`, side by side.

    python benchmarks/grading.py [--assignments 08] [--sizes 40 400] [--jobs 2] [--others 12] [--otter 4]
        [--kinds 20] [--again] [--floor] [--dask] [--parts] [--seed 1] [--json FILE]

The class (realistic_class.py): half right, in several styles, loops and prints among them; a quarter wrong, with one
mistake, two, or one without a name, or with a crash; a quarter not written. Every assignment of the book is graded at
every size, each by the whole command, isolation strong, from the start of Python to the last row of the gradebook.
Stock nbgrader and Otter grade fewer notebooks of the same class, as many as said, in the same run; Otter one a
command. The worst chapter is named: it is the one to speak of. --kinds: notebooks of one kind only, in one warm
process. Otter is installed into build/otter at the first run, from requirements-otter.txt; its copies lack our test
cells, which it would run beside its own. Processor time is the whole process tree's. Sizes over 400 hold each of 400
notebooks several times, by other students.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(HERE), str(ROOT)]

from measured import Measured, counted, measured, sampled  # noqa: E402
from practice import ASSIGNMENTS  # noqa: E402
from realistic_class import KINDS, mixed, of_one_kind  # noqa: E402

from autograder.authoring.release import write_source_notebooks  # noqa: E402
from autograder.grading.grade_submission import grade  # noqa: E402
from autograder.notebooks.assignment import load_assignment  # noqa: E402
from autograder.sandbox.zygote import Zygote  # noqa: E402

BIN = Path(sysconfig.get_path("scripts"))
OTTER = ROOT / "build" / "otter"
PATH = {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}


@dataclass
class Row:
    """One measurement: what graded how many notebooks of an assignment, and what each took."""

    assignment: str
    what: str
    submissions: int
    wall: float
    cpu: float
    memory: float

    @classmethod
    def of(cls, assignment: str, what: str, count: int, found: Measured) -> "Row":
        return cls(assignment, what, count, found.wall / count, found.cpu / count, found.memory)


def hand_in(course: Path, assignment: str, notebooks: Sequence[bytes]) -> Path:
    """A course's submitted/, a student each."""
    for i, data in enumerate(notebooks):
        folder = course / "submitted" / f"s{i:05}" / assignment
        folder.mkdir(parents=True)
        (folder / f"{assignment}.ipynb").write_bytes(data)
    return course


def ours(course: Path, jobs: int, *more: str) -> Measured:
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
        # Workers first: without a scheduler one may wait for it to come back.
        for process in reversed(cluster):
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
    if code not in (0, 1):
        raise RuntimeError(f"grading on the cluster ended with {code}")
    return Measured(found[0], found[1], most[0])


def stock(course: Path, assignment: str, notebooks: Sequence[bytes]) -> Measured:
    course.mkdir()
    (course / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'nets'\n")
    write_source_notebooks(ROOT / "solutions", course / "all")
    (course / "source").mkdir()
    (course / "all" / assignment).rename(course / "source" / assignment)
    nbgrader = [sys.executable, "-m", "nbgrader"]
    measured([*nbgrader, "generate_assignment", assignment], course, os.environ | PATH)
    hand_in(course, assignment, notebooks)
    return measured([*nbgrader, "autograde", assignment], course, os.environ | PATH)


def otter(folder: Path, assignment: str, notebooks: Sequence[bytes]) -> Measured:
    """`otter run` on each notebook; the tests ask our judge with its public numbers, as stock's test cells do."""
    if not (OTTER / "bin" / "otter").exists():
        subprocess.run([sys.executable, "-m", "venv", OTTER], check=True)
        install = [OTTER / "bin" / "python", "-m", "pip", "install", "-q"]
        subprocess.run([*install, "-r", HERE / "requirements-otter.txt"], check=True)
    (folder / "tests").mkdir(parents=True)
    graded = [exercise for exercise in load_assignment(None, assignment).exercises if not exercise.manual]
    for exercise in graded:
        name = exercise.id
        code = (
            ">>> from autograder.sandbox.calls import LocalCaller\n"
            ">>> from autograder.exercises import EXERCISES\n"
            ">>> from autograder.diagnosis.assess import assess\n"
            f">>> assess(EXERCISES['{name}'], LocalCaller({name}), b'public', public=True).fraction == 1\n"
            "True"
        )
        case = {"code": code, "hidden": False, "locked": False}
        suite = {"cases": [case], "scored": True, "setup": "", "teardown": "", "type": "doctest"}
        test = {"name": name, "points": exercise.points, "suites": [suite]}
        (folder / "tests" / f"{name}.py").write_text(f"OK_FORMAT = True\ntest = {test!r}\n")
    path = f"{OTTER / 'bin'}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PATH": path, "PYTHONPATH": str(ROOT)}
    command = OTTER / "bin" / "otter"
    generate = [command, "generate", "-t", "tests", "-o", "ag.zip", "--no-environment", "--no-requirements"]
    subprocess.run(generate, cwd=folder, env=environment, check=True, capture_output=True)
    found = []
    for data in notebooks:
        notebook = json.loads(data)
        cells = notebook["cells"]
        notebook["cells"] = [c for c in cells if not "".join(c["source"]).strip().startswith("check(")]
        (folder / "submission.ipynb").write_text(json.dumps(notebook))
        run = [command, "run", "-a", "ag.zip", "--no-logo", "submission.ipynb"]
        found.append(measured(run, folder, environment))
    right = json.loads((folder / "results.json").read_text())
    assert len(right["tests"]) >= len(graded), right
    return Measured(sum(f.wall for f in found), sum(f.cpu for f in found), max(f.memory for f in found))


def floor(assignment: str, notebooks: Sequence[bytes]) -> Measured:
    """The same cells run and judged in one warm process, with no wall, no files and no gradebook."""
    from tests.support.in_process import InProcess

    released, zygote = load_assignment(None, assignment), InProcess()
    for _ in range(2):
        began, before = time.monotonic(), time.process_time()
        for i, data in enumerate(notebooks):
            grade(released, data, student=f"s{i:05}", seed="s", zygote=zygote)
    return Measured(time.monotonic() - began, time.process_time() - before, 0.0)


def of_kind(assignment: str, kind: str, count: int, seed: int) -> tuple[float, float, float]:
    """Of notebooks of one kind, graded warm, behind the wall, without files: ms of processor time of the grader
    and of the children, and how many children, a notebook.
    """
    from parts import processor_time

    released, notebooks = load_assignment(None, assignment), of_one_kind(assignment, kind, count, seed)
    with Zygote() as zygote:
        # The probes are drawn, and what is looked up is worked out, once for a class.
        for _ in range(2):
            forks, began, children = zygote.forks, time.process_time(), processor_time(zygote)
            for i, data in enumerate(notebooks):
                grade(released, data, student=f"s{i}", seed="s", zygote=zygote)
        own, others = time.process_time() - began, processor_time(zygote) - children
        return 1e3 * own / count, 1e3 * others / count, (zygote.forks - forks) / count


def kinds_table(assignments: Sequence[str], count: int, seed: int) -> str:
    lines = [f"{'one kind only, warm':22} {'kind':18} {'grader ms':>10} {'children ms':>12} {'children':>9}"]
    for assignment in assignments:
        for kind in KINDS:
            own, others, forks = of_kind(assignment, kind, count, seed)
            lines.append(f"{assignment:22} {kind:18} {own:10.1f} {others:12.1f} {forks:9.1f}")
            print(lines[-1], file=sys.stderr, flush=True)
    return "\n".join(lines)


def table(rows: Sequence[Row]) -> str:
    """Every row; ours beside stock nbgrader on the same assignment."""
    against = {row.assignment: row for row in rows if row.what == "nbgrader autograde"}
    head = f"{'assignment':22} {'graded by':34} {'subm.':>6} {'wall ms':>9} {'CPU ms':>9} {'MB':>6}"
    lines = [f"{head} {'wall':>7} {'CPU':>7}"]
    for row in rows:
        times, other = "", against.get(row.assignment)
        if other is not None and row is not other:
            times = f" {other.wall / row.wall:6.1f}× {other.cpu / row.cpu:6.1f}×"
        lines.append(
            f"{row.assignment:22} {row.what:34} {row.submissions:6d} {1e3 * row.wall:9.1f}"
            f" {1e3 * row.cpu:9.1f} {row.memory:6.0f}{times}"
        )
    return "\n".join(lines)


def worst(rows: Sequence[Row]) -> str:
    """The assignment that costs the most, at each size."""
    lines = []
    for what, size in dict.fromkeys((r.what, r.submissions) for r in rows if r.what.startswith("autograder")):
        most = max((r for r in rows if (r.what, r.submissions) == (what, size)), key=lambda r: r.cpu)
        lines.append(
            f"worst of {size}, {what}: {most.assignment}, {1e3 * most.cpu:.1f} ms CPU, {1e3 * most.wall:.1f} ms wall"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--assignments", nargs="+", default=[""], help="those that begin so; all if not given"
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[40, 400], help="notebooks of our own runs")
    parser.add_argument("--jobs", type=int, nargs="+", default=[2])
    parser.add_argument("--others", type=int, default=12, help="notebooks for stock nbgrader; 0: none")
    parser.add_argument("--otter", type=int, default=0, help="notebooks for Otter")
    parser.add_argument("--kinds", type=int, default=0, help="notebooks of each kind, in one warm process")
    parser.add_argument("--again", action="store_true", help="also run again, with nothing changed")
    parser.add_argument("--dask", action="store_true", help="also a scheduler and two workers")
    parser.add_argument("--floor", action="store_true", help="also in one process, with no wall and no files")
    parser.add_argument("--parts", action="store_true", help="also where the time goes")
    parser.add_argument("--seed", type=int, default=1, help="of the class")
    parser.add_argument("--json", type=Path, metavar="FILE")
    given = parser.parse_args()
    assignments = [name for name in ASSIGNMENTS if name.startswith(tuple(given.assignments))]
    rows: list[Row] = []

    def add(assignment: str, what: str, count: int, found: Measured) -> None:
        rows.append(Row.of(assignment, what, count, found))
        line = f"… {assignment}, {what}, {count}: {found.wall:.1f} s wall, {found.cpu:.1f} s CPU"
        print(line, file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory(prefix="grading-") as temporary:
        folder = Path(temporary)
        for name in assignments:
            if given.others:
                found = stock(folder / f"stock-{name}", name, mixed(name, given.others, given.seed))
                add(name, "nbgrader autograde", given.others, found)
            if given.otter:
                found = otter(folder / f"otter-{name}", name, mixed(name, given.otter, given.seed))
                add(name, "otter run", given.otter, found)
            for count in given.sizes:
                for jobs in given.jobs:
                    course = hand_in(folder / "ours", name, mixed(name, count, given.seed))
                    say = f"autograder grade, {jobs} job{'s' * (jobs > 1)}"
                    add(name, say, count, ours(course, jobs))
                    if given.again:
                        add(name, f"{say}, again", count, ours(course, jobs))
                    shutil.rmtree(course)
            if given.floor:
                add(name, "one warm process, no wall", 40, floor(name, mixed(name, 40, given.seed)))
            if given.dask:
                count = given.sizes[0]
                course = hand_in(folder / f"dask-{name}", name, mixed(name, count, given.seed))
                add(name, "autograder grade, Dask, 2 workers", count, on_dask(course, folder))
    print(table(rows))
    print(worst(rows))
    if given.kinds:
        print(kinds_table(assignments, given.kinds, given.seed))
    if given.parts:
        import parts

        for name in assignments:
            for what, ms in parts.of(mixed(name, 40, given.seed), name):
                print(f"{name}: {what:60s} {ms:8.2f} ms CPU a submission")
    if given.json:
        given.json.write_text(json.dumps([asdict(row) for row in rows], indent=1))


if __name__ == "__main__":
    main()
