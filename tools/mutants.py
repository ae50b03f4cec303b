"""Changes the grader's code in one place at a time and sees whether a test notices: make mutants.

    python tools/mutants.py                      300 changes, drawn with seed 0
    python tools/mutants.py --count 0            every change
    python tools/mutants.py --only scoring       the files with this in their paths
    python tools/mutants.py --patient            ask every test that reaches the line, however long it takes

For each change, only tests that reach its line are run, those first that are quick and reach little else;
then, if none noticed, others of their files. A change inside a function is put into a process that has
collected the tests already (mutant_server.py), any other into a new one. Tests that do not end in time count
only if they do without the change. tools/mutants.toml says what is changed, which tests are asked, and which
changes alter nothing.
"""

import argparse
import functools
import json
import math
import os
import queue
import random
import select
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

from mutant_places import ROOT, Mutant, equivalents, mutants

COPIED = ("autograder", "backprop", "deltabook", "tests", "tools", "pyproject.toml")
PYTEST = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
# Beyond the tests' own time, for a process to start and for a busy machine.
START, TIMES = 20.0, 6.0


@dataclass
class Part:
    """A folder whose code is changed, and what is known of its tests."""

    folder: str
    tests: list[str]
    without: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    work: dict[str, float] = field(default_factory=dict)
    lines: dict[str, dict[int, set[str]]] = field(default_factory=dict)

    def files(self) -> list[str]:
        """The files that are changed."""
        found = [path.relative_to(ROOT).as_posix() for path in sorted((ROOT / self.folder).rglob("*.py"))]
        return [path for path in found if not any(fnmatch(path, p) for p in self.unchanged)]

    def test_files(self) -> list[str]:
        """The files of its tests, large ones first."""
        found = {
            path.relative_to(ROOT).as_posix(): path.stat().st_size
            for place in self.tests
            for path in (sorted((ROOT / place).rglob("test_*.py")) or [ROOT / place])
        }
        return sorted(found.keys() - set(self.without), key=found.__getitem__, reverse=True)

    def learn(self, files: list[str], folder: Path) -> None:
        """Run these tests on the code as it is: how long, and which lines. SystemExit if one fails."""
        target = folder / f"reached-{self.folder.replace('/', '-')}.json"
        options = ["-p", "reached", f"--reached={target}", f"--reached-source={self.folder}"]
        code = run(folder, [*files, *options], 3600)
        found = json.loads(target.read_text(encoding="utf-8")) if target.exists() else {"failed": files}
        if code:
            raise SystemExit(f"mutants: the unchanged code fails: {' '.join(found['failed'])}")
        self.seconds |= found["seconds"]
        self.work |= found["work"]
        for file, lines in found["lines"].items():
            name = Path(file).resolve().relative_to(folder.resolve()).as_posix()
            for line, tests in lines.items():
                self.lines.setdefault(name, {}).setdefault(int(line), set()).update(tests)

    @functools.cached_property
    def cost(self) -> dict[str, float]:
        """What it costs to ask a test, by its work and by how many other lines it reaches."""
        reached = Counter(test for lines in self.lines.values() for tests in lines.values() for test in tests)
        return {test: (work + 1e-3) * reached[test] for test, work in self.work.items()}

    def asked(self, mutant: Mutant, limits: dict[str, float]) -> tuple[list[str], list[str], bool]:
        """The tests that reach the line, the cheap ones first; others of their files; are some left out?

        For a line that runs at import alone, those that reach what it is used for, else everybody.
        """
        lines = self.lines.get(mutant.file, {})
        here = [lines[line] for line in range(mutant.statement[0], mutant.statement[1] + 1) if line in lines]
        if not here:
            return [], [], False
        reached = (
            set().union(*here)
            or set().union(*(lines.get(line, ()) for line in mutant.uses))
            or {test for test, cost in self.cost.items() if cost}
        )
        files = {test.split("::")[0] for test in reached}
        others = [test for test in self.seconds if test not in reached and test.split("::")[0] in files]
        direct = self.within(reached, limits["direct"])
        return direct, self.within(others, limits["beside"]), len(direct) < len(reached)

    def within(self, tests: set[str] | list[str], seconds: float) -> list[str]:
        """Those of the tests that fit into the time, the cheap ones first."""
        found = []
        for test in sorted(tests, key=self.cost.__getitem__):
            if self.work[test] <= seconds:
                found.append(test)
                seconds -= self.work[test]
        return found


def run(folder: Path, options: list[str], seconds: float) -> int:
    """pytest's exit code in a copy of the project; 124 if it did not end in time."""
    with subprocess.Popen(
        [*PYTEST, *options],
        cwd=folder,
        env=environment(folder),
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as running:
        try:
            return running.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, 9)
            return 124


class Server:
    """A process that has collected a part's tests, in one of the copies."""

    def __init__(self, part: Part, folder: Path) -> None:
        self.part, self.folder = part, folder
        jobs, self.jobs = os.pipe()
        self.answers, answers = os.pipe()
        self.process = subprocess.Popen(
            [*PYTEST, "-s", "-p", "mutant_server", f"--serve={jobs},{answers}", *part.test_files()],
            cwd=folder,
            env=environment(folder),
            pass_fds=(jobs, answers),
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(jobs)
        os.close(answers)
        self.read(600)

    def read(self, seconds: float) -> str:
        """The next answer. SystemExit if none comes."""
        ready, _, _ = select.select([self.answers], [], [], seconds)
        line = os.read(self.answers, 4096) if ready else b""
        if not line:
            raise SystemExit(f"mutants: the tests of {self.part.folder} could not be collected or run")
        return str(json.loads(line))

    def ask(self, tests: list[str], seconds: float, mutant: Mutant) -> str:
        """What mutant_server says of the tests with the change."""
        job = {"tests": tests, "seconds": seconds, "file": mutant.file, "text": mutant.text()}
        data = json.dumps(job).encode() + b"\n"
        while data:
            data = data[os.write(self.jobs, data) :]
        return self.read(seconds + 60)

    def close(self) -> None:
        os.close(self.jobs)
        os.close(self.answers)
        self.process.wait()


@dataclass
class Copy:
    """A copy of the project, in which one change is made at a time."""

    folder: Path
    server: Server | None = None

    def outcome(self, part: Part, mutant: Mutant, limits: dict[str, float]) -> str:
        """killed, survived, undecided (not every test that reaches the line was asked) or unreached."""
        direct, beside, cut = part.asked(mutant, limits)
        if not direct:
            return "unreached"
        for tests in (direct, beside):
            if tests and self.notices(part, mutant, tests):
                return "killed"
        return "undecided" if cut else "survived"

    def notices(self, part: Part, mutant: Mutant, tests: list[str]) -> bool:
        """Does one of these tests fail, or never end, with the change alone?"""
        seconds = START + TIMES * sum(part.seconds[test] for test in tests)
        changed = self.folder / mutant.file
        before = changed.read_text(encoding="utf-8")
        try:
            said = "unchangeable"
            server = self.serves(part) if mutant.in_function else None
            # For the processes that the tests start, too.
            changed.write_text(mutant.text(), encoding="utf-8")
            if server is not None:
                said = server.ask(tests, seconds, mutant)
            if said == "unchangeable":
                said = {0: "passed", 1: "failed"}.get(run(self.folder, tests, seconds), "late")
        finally:
            changed.write_text(before, encoding="utf-8")
        # Not in time, or no test ran at all: the change's doing only if all is well without it.
        return said == "failed" or (said == "late" and run(self.folder, tests, seconds) == 0)

    def serves(self, part: Part) -> Server:
        """The part's server; another part's ends."""
        if self.server is None or self.server.part is not part:
            self.close()
            self.server = Server(part, self.folder)
        return self.server

    def close(self) -> None:
        if self.server is not None:
            self.server.close()
            self.server = None


def environment(folder: Path) -> dict[str, str]:
    """Programs that a test starts find the copy too, before the installed project."""
    path = os.pathsep.join([str(folder), str(folder / "tools")])
    # One thread each: there is one copy a core.
    return {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1", "OPENBLAS_NUM_THREADS": "1"}


def copy(folder: Path) -> Path:
    """The project in another folder: what is changed or run is copied, the rest is linked."""
    folder.mkdir()
    for path in ROOT.iterdir():
        if path.name in COPIED:
            if path.is_dir():
                shutil.copytree(path, folder / path.name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(path, folder / path.name)
        elif path.name not in (".git", ".venv"):
            (folder / path.name).symlink_to(path)
    return folder


def table(results: dict[Mutant, str], listed: dict[Mutant, str]) -> str:
    """A row a file, and the sum."""
    rows: dict[str, Counter[str]] = defaultdict(Counter)
    for mutant, what in results.items():
        for row in (mutant.file, "all"):
            rows[row]["listed" if what != "killed" and mutant in listed else what] += 1
    text = f"{'module':<52}{'mutants':>8}{'killed':>8}{'survived':>10}"
    text += f"{'undecided':>10}{'unreached':>10}{'equivalent':>11}\n"
    for name in [*sorted(row for row in rows if row != "all"), "all"]:
        c = rows[name]
        text += f"{name:<52}{c.total():>8}{c['killed']:>8}{c['survived']:>10}"
        text += f"{c['undecided']:>10}{c['unreached']:>10}{c['listed']:>11}\n"
    counted = rows["all"].total() - rows["all"]["listed"]
    return text + f"killed: {rows['all']['killed'] / max(counted, 1):.1%} of those that alter something"


def main() -> int:
    """0 if nine in ten are killed, 1 if fewer."""
    parser = argparse.ArgumentParser(description="change the code and see whether a test notices")
    parser.add_argument(
        "--count", type=int, default=300, help="how many changes to draw; 0: all (default: 300)"
    )
    parser.add_argument("--seed", type=int, default=0, help="for the draw (default: 0)")
    parser.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, help="at a time (default: one a core)"
    )
    parser.add_argument("--only", default="", help="the files with this in their paths")
    parser.add_argument("--patient", action="store_true", help="ask every test that reaches the line")
    given = parser.parse_args()
    settings = tomllib.loads((ROOT / "tools" / "mutants.toml").read_text(encoding="utf-8"))
    limits = dict.fromkeys(settings["seconds"], math.inf) if given.patient else settings["seconds"]
    parts = [Part(**part) for part in settings["part"]]
    owner = {file: part for part in parts for file in part.files()}
    every = [mutant for file in owner for mutant in mutants(file)]
    listed = equivalents(settings, every)
    wanted = [mutant for mutant in every if given.only in mutant.file]
    drawn = random.Random(given.seed).sample(wanted, min(given.count or len(wanted), len(wanted)))
    results: dict[Mutant, str] = {}
    with tempfile.TemporaryDirectory(prefix="mutants-") as scratch:
        # Some tests run as a user without any privilege.
        Path(scratch).chmod(0o755)
        copies: queue.SimpleQueue[Copy] = queue.SimpleQueue()
        for number in range(given.jobs):
            copies.put(Copy(copy(Path(scratch) / f"copy{number}")))

        @contextmanager
        def a_copy() -> Iterator[Copy]:
            used = copies.get()
            try:
                yield used
            finally:
                copies.put(used)

        def learn(part: Part, files: list[str]) -> None:
            with a_copy() as used:
                part.learn(files, used.folder)

        def judge(mutant: Mutant) -> str:
            with a_copy() as used:
                return used.outcome(owner[mutant.file], mutant, limits)

        with ThreadPoolExecutor(given.jobs) as pool:
            asked = [part for part in parts if any(owner[mutant.file] is part for mutant in drawn)]
            chunks = [(part, part.test_files()[k :: given.jobs]) for part in asked for k in range(given.jobs)]
            list(pool.map(learn, *zip(*chunks, strict=True)))
            # Part by part: each copy keeps the tests of one part collected.
            drawn.sort(key=lambda mutant: parts.index(owner[mutant.file]))
            for mutant, what in zip(drawn, pool.map(judge, drawn), strict=True):
                results[mutant] = what
                if what != "killed" and mutant not in listed:
                    print(f"\n{what}: {mutant.file}:{mutant.line}\n{mutant.diff()}", flush=True)
        for _ in range(given.jobs):
            copies.get().close()
    print(f"\n{len(drawn)} of {len(wanted)} changes, drawn with seed {given.seed}\n{table(results, listed)}")
    counted = [what for mutant, what in results.items() if what == "killed" or mutant not in listed]
    return 0 if counted.count("killed") >= 0.9 * len(counted) else 1


if __name__ == "__main__":
    sys.exit(main())
