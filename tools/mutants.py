"""Changes the grader's code in one place at a time and sees whether a test notices: make mutants.

    python tools/mutants.py                      300 changes, drawn with seed 0
    python tools/mutants.py --count 0            every change
    python tools/mutants.py --only judging       the folders that end in this word

The changes are Cosmic Ray's, and one of ours. For each, only tests that reach the changed line are run, quick
ones first; then, if none noticed, the rest of their files. tools/mutants.toml says what is changed, which
tests are asked, and which changes alter nothing.
"""

import argparse
import ast
import difflib
import fnmatch
import itertools
import json
import os
import queue
import random
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import parso
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator

ROOT = Path(__file__).resolve().parents[1]
COPIED = ("autograder", "backprop", "deltabook", "tests", "tools", "pyproject.toml")


class ConditionNeverTrue(Operator):
    """The body of an `if` never runs: is the guard needed?"""

    def mutation_positions(self, node):
        if isinstance(node, parso.python.tree.IfStmt):
            yield node.children[1].start_pos, node.children[1].end_pos

    def mutate(self, node, index):
        node.children[1] = parso.parse(" False")
        return node

    @classmethod
    def examples(cls):
        return ()


# One change of each operator, not all of Cosmic Ray's eleven: the others are noticed by the same tests.
SWAPS = {
    "Binary": "Add_Sub Sub_Add Mul_Div Div_Mul FloorDiv_Div Mod_Mul Pow_Mul LShift_RShift RShift_LShift "
    "BitOr_BitAnd BitAnd_BitOr BitXor_BitAnd",
    "Comparison": "Eq_NotEq NotEq_Eq Lt_LtE LtE_Lt Gt_GtE GtE_Gt Is_IsNot IsNot_Is",
    "Unary": "Delete_Not Delete_USub Delete_Invert",
}
NAMES = [f"Replace{kind}Operator_{swap}" for kind, swaps in SWAPS.items() for swap in swaps.split()]
NAMES += ["AddNot", "ReplaceAndWithOr", "ReplaceOrWithAnd", "ReplaceTrueWithFalse", "ReplaceFalseWithTrue"]
NAMES += ["ReplaceBreakWithContinue", "ReplaceContinueWithBreak", "ExceptionReplacer", "NumberReplacer"]
NAMES += ["RemoveDecorator", "ZeroIterationForLoop"]
OPERATORS = {name: get_operator(f"core/{name}")() for name in NAMES} | {
    "ConditionNeverTrue": ConditionNeverTrue()
}


@dataclass(frozen=True)
class Mutant:
    """One change: the operator's n-th place in a file, its line, and the lines of its statement or head."""

    file: str
    operator: str
    occurrence: int
    line: int
    statement: tuple[int, int]

    def text(self) -> str:
        """The whole file, changed."""
        source = (ROOT / self.file).read_text(encoding="utf-8")
        return mutate_code(source, OPERATORS[self.operator], self.occurrence)

    def diff(self) -> str:
        """What is changed, as a unified diff with one line around it."""
        before = (ROOT / self.file).read_text(encoding="utf-8").splitlines()
        lines = difflib.unified_diff(
            before, self.text().splitlines(), self.file, self.operator, n=1, lineterm=""
        )
        return "\n".join(lines)


@dataclass
class Part:
    """A folder whose code is changed, and what is known of its tests."""

    folder: str
    tests: list[str]
    without: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    lines: dict[str, dict[int, list[str]]] = field(default_factory=dict)

    def files(self) -> list[str]:
        """The files that are changed."""
        found = [path.relative_to(ROOT).as_posix() for path in sorted((ROOT / self.folder).rglob("*.py"))]
        return [path for path in found if not any(fnmatch.fnmatch(path, p) for p in self.unchanged)]

    def pytest(self, folder: Path, *more: str, seconds: float) -> int:
        """pytest's exit code in a copy of the project; 124 if it took too long."""
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-x",
            "-q",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:xdist",
            *more,
        ]
        with subprocess.Popen(
            command,
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

    def learn(self, folder: Path) -> None:
        """Run the tests on the code as it is. SystemExit if one fails."""
        target = folder / "reached.json"
        options = [f"--ignore={path}" for path in self.without]
        options += ["-p", "reached", f"--reached={target}", f"--reached-source={self.folder}"]
        code = self.pytest(folder, *self.tests, *options, seconds=3600)
        found = json.loads(target.read_text(encoding="utf-8")) if target.exists() else {"failed": self.tests}
        if code:
            raise SystemExit(f"mutants: the unchanged code fails: {' '.join(found['failed'])}")
        self.seconds = found["seconds"]
        for file, lines in found["lines"].items():
            name = Path(file).resolve().relative_to(folder.resolve()).as_posix()
            self.lines[name] = {int(line): tests for line, tests in lines.items()}

    def asked(self, mutant: Mutant, limits: dict[str, float]) -> tuple[list[str], list[str]]:
        """The quick tests that reach the line, quickest first; and the other quick ones of their files.

        A line that runs at import alone is everybody's. Each list ends where its time is spent.
        """
        took = self.seconds
        quick = sorted((test for test in took if took[test] <= limits["slow"]), key=took.__getitem__)
        lines, (first, last) = self.lines.get(mutant.file, {}), mutant.statement
        if not lines.keys() & range(first, last + 1):
            return [], []
        reached = {test for line in range(first, last + 1) for test in lines.get(line, ())}
        if not reached:
            return self.within(quick, limits["direct"]), []
        files = {test.split("::")[0] for test in reached}
        direct = [test for test in quick if test in reached]
        beside = [test for test in quick if test.split("::")[0] in files and test not in reached]
        return self.within(direct, limits["direct"]), self.within(beside, limits["beside"])

    def within(self, tests: list[str], seconds: float) -> list[str]:
        """The first of the tests that fit into the time."""
        spent = itertools.accumulate(self.seconds[test] for test in tests)
        return [test for test, until in zip(tests, spent, strict=True) if until <= seconds]


def environment(folder: Path) -> dict[str, str]:
    """Programs that a test starts find the copy too, before the installed project."""
    path = os.pathsep.join([str(folder), str(folder / "tools")])
    return {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}


def annotations(source: str) -> set[tuple[int, int]]:
    """Where an annotation or a check for types stands, in lines and columns: nothing there runs."""
    spans = []
    for node in ast.walk(ast.parse(source)):
        for name in ("annotation", "returns"):
            if isinstance(part := getattr(node, name, None), ast.AST):
                spans.append(part)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            spans.append(node)
    return {
        (line, column)
        for part in spans
        for line in range(part.lineno, part.end_lineno + 1)
        for column in range(
            part.col_offset if line == part.lineno else 0,
            part.end_col_offset if line == part.end_lineno else 200,
        )
    }


def statements(source: str) -> dict[int, tuple[int, int]]:
    """For each line the first and last line of its statement; of a block, of its head alone."""
    found: dict[int, tuple[int, int]] = {}
    # From the outside inwards
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.stmt | ast.ExceptHandler):
            first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
            body = getattr(node, "body", None)
            last = max(node.lineno, body[0].lineno - 1) if body else node.end_lineno or node.lineno
            found.update(dict.fromkeys(range(first, last + 1), (first, last)))
    return found


def mutants(file: str) -> Iterator[Mutant]:
    """Every change of a file, in the order of the places."""
    source = (ROOT / file).read_text(encoding="utf-8")
    idle, heads = annotations(source), statements(source)
    count: Counter[str] = Counter()
    for node in ast_nodes(get_ast(source)):
        for name, operator in OPERATORS.items():
            for start, _ in operator.mutation_positions(node):
                if tuple(start) not in idle:
                    yield Mutant(file, name, count[name], start[0], heads[start[0]])
                count[name] += 1


def equivalents(settings: dict[str, Any], every: list[Mutant]) -> dict[Mutant, str]:
    """The changes that are listed as altering nothing, with the reason. SystemExit if an entry fits none."""
    found: dict[Mutant, str] = {}
    wrong = []
    for entry in settings.get("equivalent", []):
        fitting = [
            mutant
            for mutant in every
            if (mutant.file, mutant.operator) == (entry["file"], entry["operator"])
            and (ROOT / mutant.file).read_text("utf-8").splitlines()[mutant.line - 1].strip() == entry["line"]
        ]
        found.update(dict.fromkeys(fitting, entry["reason"]))
        if not fitting:
            wrong.append(
                f"mutants: tools/mutants.toml: {entry['file']} has no place like this for "
                f"{entry['operator']}: {entry['line']}"
            )
    if wrong:
        raise SystemExit("\n".join(wrong))
    return found


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


def outcome(part: Part, mutant: Mutant, folder: Path, limits: dict[str, float]) -> str:
    """killed, survived, or unreached (no test that may be asked runs the line)."""
    changed = folder / mutant.file
    first, rest = part.asked(mutant, limits)
    if not first:
        return "unreached"
    before = changed.read_text(encoding="utf-8")
    changed.write_text(mutant.text(), encoding="utf-8")
    try:
        for tests in (first, rest):
            limit = 20 + 6 * sum(part.seconds[test] for test in tests)
            if tests and part.pytest(folder, *tests, seconds=limit):
                return "killed"
        return "survived"
    finally:
        changed.write_text(before, encoding="utf-8")


def table(results: dict[Mutant, str], listed: dict[Mutant, str]) -> str:
    """A row a file, and the sum."""
    rows: dict[str, Counter[str]] = defaultdict(Counter)
    for mutant, what in results.items():
        for row in (mutant.file, "all"):
            rows[row]["listed" if what != "killed" and mutant in listed else what] += 1
    text = f"{'module':<52}{'mutants':>8}{'killed':>8}{'survived':>10}{'unreached':>10}{'equivalent':>11}\n"
    for name in [*sorted(row for row in rows if row != "all"), "all"]:
        c = rows[name]
        text += f"{name:<52}{c.total():>8}{c['killed']:>8}{c['survived']:>10}{c['unreached']:>10}"
        text += f"{c['listed']:>11}\n"
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
    parser.add_argument("--only", default="", help="the folders that end in this word")
    given = parser.parse_args()
    settings = tomllib.loads((ROOT / "tools" / "mutants.toml").read_text(encoding="utf-8"))
    parts = [Part(**part) for part in settings["part"]]
    owner = {file: part for part in parts for file in part.files()}
    every = [mutant for file in owner for mutant in mutants(file)]
    listed = equivalents(settings, every)
    wanted = [mutant for mutant in every if owner[mutant.file].folder.endswith(given.only)]
    drawn = random.Random(given.seed).sample(wanted, min(given.count or len(wanted), len(wanted)))
    results: dict[Mutant, str] = {}
    with tempfile.TemporaryDirectory(prefix="mutants-") as scratch:
        # Some tests run as a user without any privilege.
        Path(scratch).chmod(0o755)
        copies: queue.SimpleQueue[Path] = queue.SimpleQueue()
        for number in range(given.jobs):
            copies.put(copy(Path(scratch) / f"copy{number}"))

        def with_copy(do: Any, *what: Any) -> Any:
            folder = copies.get()
            try:
                return do(*what, folder)
            finally:
                copies.put(folder)

        with ThreadPoolExecutor(given.jobs) as pool:
            asked = [part for part in parts if any(owner[mutant.file] is part for mutant in drawn)]
            list(pool.map(lambda part: with_copy(part.learn), asked))
            judged = pool.map(
                lambda m: (m, with_copy(lambda m, f: outcome(owner[m.file], m, f, settings["seconds"]), m)),
                drawn,
            )
            for mutant, what in judged:
                results[mutant] = what
                if what != "killed" and mutant not in listed:
                    print(f"\n{what}: {mutant.file}:{mutant.line}\n{mutant.diff()}", flush=True)
    print(f"\n{len(drawn)} of {len(wanted)} changes, drawn with seed {given.seed}\n{table(results, listed)}")
    counted = [what for mutant, what in results.items() if what == "killed" or mutant not in listed]
    return 0 if counted.count("killed") >= 0.9 * len(counted) else 1


if __name__ == "__main__":
    sys.exit(main())
