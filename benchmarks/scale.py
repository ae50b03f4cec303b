"""A class of any size, graded from results that are there: what the parent costs, which everything passes through.

    python benchmarks/scale.py [--sizes 10000 20000] [--assignment 08] [--distinct 40] [--folder FOLDER]

A few notebooks of a class (realistic_class.py) are graded behind the wall, once; every further submission is one of
them by another student, a hard link, and its result a copy in that student's name. So what is measured is what comes
before and after a worker: finding what was handed in, making jobs, writing the gradebook, files and records; and two
runs again in which nothing changed, without and with rules for late work, after a first one that takes those up. A
line for each size: milliseconds of processor time a submission, the most memory of the parent, what stands on disk.
Give --folder on a disk with room: some 70 kB a submission.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(HERE), str(ROOT)]

from practice import ASSIGNMENTS  # noqa: E402
from realistic_class import mixed  # noqa: E402

from autograder.grading import grade_course as grading  # noqa: E402
from autograder.grading import jobs  # noqa: E402
from autograder.grading.settings import Settings  # noqa: E402

WHO = "student-of-the-class"
LATE = '[late]\nmethod = "per_day"\n[due]\n"{name}" = 2026-01-31T18:00:00Z\n'


class Copies:
    """In place of run_here: a notebook is graded once, and its result is every other student's too."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self.spent = 0.0

    def __call__(self, job: jobs.Job) -> jobs.JobResult:
        began = time.process_time()
        data = job["data"] or ""
        if data not in self._texts:
            as_another: Any = {**job, "student": WHO, "key": WHO}
            self._texts[data] = json.dumps(jobs.run_here(as_another))
        own = {**json.loads(self._texts[data].replace(WHO, job["student"])), "key": job["key"]}
        self.spent += time.process_time() - began
        return own  # type: ignore[return-value]


def hand_in(course: Path, name: str, notebooks: list[bytes], count: int) -> None:
    """submitted/ with so many students, each with one of the notebooks, and a time of hand-in."""
    originals = course / "originals"
    originals.mkdir(parents=True)
    for place, data in enumerate(notebooks):
        (originals / f"{place}.ipynb").write_bytes(data)
    (originals / "timestamp.txt").write_text("2026-01-30 12:00:00 UTC\n")
    for i in range(count):
        folder = course / "submitted" / f"s{i:06}" / name
        folder.mkdir(parents=True)
        os.link(originals / f"{i % len(notebooks)}.ipynb", folder / f"{name}.ipynb")
        os.link(originals / "timestamp.txt", folder / "timestamp.txt")


def run(course: Path, copies: Copies) -> tuple[float, float, int]:
    """Wall and processor seconds of a run, without what copying costs; how many were graded."""
    began, before, spent = time.monotonic(), time.process_time(), copies.spent
    done = grading.grade_course(Settings(course, seed="s", warm=True), f"sqlite:///{course}/gradebook.db")
    copied = copies.spent - spent
    return time.monotonic() - began - copied, time.process_time() - before - copied, done.fresh


def one_size(folder: Path, name: str, distinct: int, count: int) -> dict[str, Any]:
    """What a class of this size costs. To be called in a process of its own: its memory is what is asked."""
    course = folder / f"class-{count}"
    hand_in(course, name, mixed(name, distinct), count)
    grading.run_here = copies = Copies()  # type: ignore[attr-defined]
    steps = {"first": run(course, copies), "again": run(course, copies)}
    assert [fresh for _, _, fresh in steps.values()] == [count, 0], steps
    (course / "autograder.toml").write_text(LATE.format(name=name))
    steps |= {"late rules come": run(course, copies), "late, again": run(course, copies)}
    files = {
        "gradebook": (course / "gradebook.db").stat().st_size,
        "files": sum(
            path.stat().st_size
            for kind in ("autograded", "feedback", ".autograder")
            for path in (course / kind).rglob("*")
            if path.is_file()
        ),
    }
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    shutil.rmtree(course)
    return {"count": count, "memory": memory, "steps": steps, "bytes": files}


def line(found: dict[str, Any]) -> str:
    count = found["count"]
    times = "  ".join(
        f"{what} {1e3 * wall / count:.3f} / {1e3 * cpu / count:.3f}"
        for what, (wall, cpu, _) in found["steps"].items()
    )
    sizes = "  ".join(f"{what} {size / count / 1e3:.2f} kB" for what, size in found["bytes"].items())
    return f"{count:7d} submissions: {times} ms wall / CPU each; {found['memory']:.0f} MB in the parent; {sizes} each"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 20_000])
    parser.add_argument("--assignment", default="08", help="the one that begins so")
    parser.add_argument("--distinct", type=int, default=40, help="notebooks that are really graded")
    parser.add_argument("--folder", type=Path, help="where the courses are made, and removed")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    name = next(name for name in ASSIGNMENTS if name.startswith(given.assignment))
    with tempfile.TemporaryDirectory(prefix="scale-", dir=given.folder) as temporary:
        if given.one:
            print(json.dumps(one_size(Path(temporary), name, given.distinct, given.sizes[0])))
            return
        for count in given.sizes:
            rest = ["--assignment", given.assignment, "--distinct", str(given.distinct), "--one"]
            command = [sys.executable, __file__, "--sizes", str(count), "--folder", temporary, *rest]
            print(
                line(json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)),
                flush=True,
            )


if __name__ == "__main__":
    main()
