"""Certifies every exercise: `autograder verify` runs this, above all for instructors who add one.

The expected numbers agree with an independent oracle to rounding; the solution earns everything and the stub
nothing; every wrong form of every catalogue entry is caught where it applies, and none bears another's name;
the points add up.
"""

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from autograder import trees
from autograder._language import _
from autograder.authoring.forward_report import forward_report
from autograder.course.own_exercises import BOOK, Course
from autograder.diagnosis.assess import assess
from autograder.exercises import ALL_EXERCISES, GRADED
from autograder.exercises.exercise import Exercise
from autograder.exercises.expected import expected_of, leaves_of
from autograder.exercises.graded.g9_project import REPORTS
from autograder.exercises.rounding import ROUTES, U64
from autograder.feedback.words import check_message, check_name
from autograder.judging.comparison import compare
from autograder.judging.gradient_check import compare_check
from autograder.notebooks.clear_solutions import clear_solution
from autograder.sandbox.calls import LocalCaller

SEED = b"verify"
# content: 100 points in all, bonus apart
REQUIRED, BONUS = 100.0, 28.0
BY_HAND = ("why_same_g", *REPORTS)
# Findings that tell of a traced forward pass and certify nothing
FORWARD = "forward"


@dataclass(frozen=True)
class Certified:
    """One thing that was certified, or not.

    what: "reference", "solution", "stub", "points", "forward", or a code such as "K13".
    """

    exercise: str
    what: str
    passed: bool
    message: str


@dataclass(frozen=True)
class Verification:
    """All findings, in the order of the chapters."""

    findings: tuple[Certified, ...]

    @property
    def passed(self) -> bool:
        return all(finding.passed for finding in self.findings)

    @property
    def failures(self) -> tuple[Certified, ...]:
        return tuple(finding for finding in self.findings if not finding.passed)


@dataclass(frozen=True)
class Solution:
    """An exercise as its source notebook has it: the solution, the stub, the cells before it, its points."""

    solution: str
    stub: str
    before: str
    points: float
    bonus: bool
    optional: bool = False
    graded: bool = False


def verify(
    source: Path,
    exercises: Mapping[str, Exercise] = ALL_EXERCISES,
    whole_book: bool = True,
    course: Course = BOOK,
) -> Verification:
    """Certifies the exercises against the text notebooks in source; FileNotFoundError if it has none.

    whole_book: the points must add up to the book's 100 and its bonus; a course's own exercises may be worth
    anything.
    course: whose exercises the notebooks may have, and whose catalogue is certified with the exercises.
    """
    solutions = read_solutions(source)
    findings: list[Certified] = []
    for exercise in exercises.values():
        findings.append(_reference(exercise))
        certify = _statement_and_stub if exercise.id in GRADED else _solution_and_stub
        findings.extend(certify(exercise, solutions.get(exercise.id)))
        findings.extend(_misconceptions(exercise, course))
        findings.extend(
            Certified(exercise.id, FORWARD, True, line)
            for line in forward_report(exercise, SEED, course.catalogue)
        )
    judged = [name for name in solutions if name not in course.exercises and name not in BY_HAND]
    findings.append(
        Certified(
            "all",
            "judged",
            not judged,
            _("graded without a judge: {judged}", judged=", ".join(judged) or _("none")),
        )
    )
    if whole_book:
        findings.append(_points(solutions))
    return Verification(tuple(findings))


def read_solutions(source: Path) -> dict[str, Solution]:
    """Every graded cell of the source notebooks by its grade_id, in the order of the chapters."""
    import jupytext  # type: ignore[import-untyped]  # only instructors verify

    paths = [*sorted(source.glob("*/*.md")), *sorted(source.glob("*/*/*.md"))]
    if not paths:
        raise FileNotFoundError(
            _(
                "looked for solutions in {source} and found no */*.md; give the folder of "
                "the source notebooks (solutions/ in a checkout) with --source",
                source=source,
            )
        )
    found: dict[str, Solution] = {}
    for path in paths:
        before: list[str] = []
        last = ""
        for cell in jupytext.read(path, fmt="md:myst").cells:
            meta = cell.metadata.get("nbgrader") or {}
            if meta.get("grade"):
                given = "\n\n".join(before)
                stub = clear_solution(last, "code")[0] if last else ""
                tags = cell.metadata.get("tags", [])
                points = float(meta["points"])
                kinds = [tag in tags for tag in ("bonus", "optional", "graded")]
                found[meta["grade_id"]] = Solution(last, stub, given, points, *kinds)
            elif cell.cell_type == "code":
                if last:
                    before.append(last)
                last = cell.source if meta.get("solution") else ""
                if not meta.get("solution"):
                    before.append(cell.source.replace("from autograder import check", ""))
    return found


def _reference(exercise: Exercise) -> Certified:
    """The expected numbers against the oracle's, in units of what a right answer may be off by."""
    oracle = exercise.oracle
    if oracle is None:
        return _without_oracle(exercise)
    worst, count = 0.0, 0
    for case in exercise.probes(SEED):
        with np.errstate(all="ignore"):
            answer = oracle.answer(case)
        if answer is None:
            continue
        count += 1
        target = exercise.target(case)
        for leaf, other in zip(leaves_of(target.template), trees.arrays(answer), strict=True):
            tolerance = ROUTES * U64 * leaf.error_units + oracle.error + 1e-290
            off = np.abs(np.asarray(other, dtype=np.longdouble) - leaf.expected) / tolerance
            if leaf.kink is not None:
                off = np.where(leaf.kink == 0, off, 0)
            worst = max(worst, float(np.max(off, initial=0)))
    message = _(
        "{count} cases agree with an independent oracle; the largest gap is {worst:.2g} of what is allowed",
        count=count,
        worst=worst,
    )
    return Certified(exercise.id, "reference", worst <= 1 and count > 0, message)


def _without_oracle(exercise: Exercise) -> Certified:
    """A stated loss: the expected numbers must accept themselves and reject a change of a millionth."""
    cases = exercise.probes(SEED)
    if exercise.reference is not None and exercise.compared_as == "values":
        return _sharp(exercise)
    if exercise.compared_as == "verdict":
        results = (
            [compare_check(case, exercise.target(case), exercise.reference(*case.args)) for case in cases]
            if exercise.reference
            else []
        )
        right = bool(results) and not any(result.wrong for result in results)
        return Certified(
            exercise.id,
            "reference",
            right,
            _("the reference passes its own {count} cases", count=len(results)),
        )
    for case in cases:
        target = exercise.target(case)
        expected = expected_of(target.template)
        finite = all(np.isfinite(array).all() for array in trees.arrays(expected))
        if compare(target, expected).wrong or not finite:
            return Certified(
                exercise.id,
                "reference",
                False,
                _("the expected numbers fail themselves: {name}", name=case.name),
            )
    message = _("{count} cases resolved from the stated loss alone", count=len(cases))
    return Certified(exercise.id, "reference", True, message)


def _sharp(exercise: Exercise) -> Certified:
    """A course's own right solution: it earns everything, and itself times 1 + 1e-6 does not."""
    reference = exercise.reference
    assert reference is not None

    def nearly(*args: Any) -> Any:
        found = reference(*args)
        return tuple(1.000001 * a for a in found) if isinstance(found, tuple) else 1.000001 * found

    right = assess(exercise, LocalCaller(reference, exercise.function), SEED)
    near = assess(exercise, LocalCaller(nearly, exercise.function), SEED)
    if right.fraction < 1:
        failed = "; ".join(
            f"{check_name(check)}: {check_message(check)}" for check in right.checks if not check.passed
        )
        return Certified(
            exercise.id, "reference", False, _("the worked solution fails itself: {failed}", failed=failed)
        )
    message = _("the worked solution passes, itself times 1.000001 does not")
    if near.fraction == 1:
        message = _("itself times 1.000001 passes too: its answers move too much with rounding of the inputs")
    return Certified(exercise.id, "reference", near.fraction < 1, message)


def _function(exercise: Exercise, before: str, source: str) -> Callable[..., Any]:
    module = ModuleType("student")
    exec(compile(before, "<notebook>", "exec"), module.__dict__)
    exec(compile(source, "<notebook>", "exec"), module.__dict__)
    function: Callable[..., Any] = module.__dict__[exercise.function]
    return function


def _solution_and_stub(exercise: Exercise, solution: Solution | None) -> Iterator[Certified]:
    if solution is None:
        yield Certified(
            exercise.id, "solution", False, _("no cell of the source notebooks has this grade_id")
        )
        return
    try:
        right = assess(exercise, LocalCaller(_function(exercise, solution.before, solution.solution)), SEED)
    except Exception as error:
        # Whatever the notebook raises
        yield Certified(
            exercise.id,
            "solution",
            False,
            _("the solution's notebook raises {name}: {error}", name=type(error).__name__, error=error),
        )
        return
    failed = "; ".join(
        f"{check_name(check)}: {check_message(check)}" for check in right.checks if not check.passed
    )
    yield Certified(
        exercise.id, "solution", right.fraction == 1, failed or _("the solution earns everything")
    )
    stub = assess(exercise, LocalCaller(_function(exercise, solution.before, solution.stub)), SEED)
    yield Certified(
        exercise.id, "stub", stub.fraction == 0, _("the stub earns {fraction:.0%}", fraction=stub.fraction)
    )


def _statement_and_stub(exercise: Exercise, solution: Solution | None) -> Iterator[Certified]:
    """Of the graded set: nothing is written down, and what lies at hand earns nothing."""
    if solution is None:
        yield Certified(
            exercise.id, "solution", False, _("no cell of the source notebooks has this grade_id")
        )
        return
    written = solution.solution.replace("### BEGIN SOLUTION", "").replace("### END SOLUTION", "")
    blank = len(ast.parse(written).body) == 1 and len(ast.parse(written).body[0].body) == 1  # type: ignore[attr-defined]
    yield Certified(exercise.id, "solution", blank, _("no answer is written down, here or anywhere"))
    stub = assess(exercise, LocalCaller(_function(exercise, solution.before, solution.stub)), SEED)
    yield Certified(
        exercise.id, "stub", stub.fraction == 0, _("the stub earns {fraction:.0%}", fraction=stub.fraction)
    )
    names = [argument.name for argument in exercise.arguments]
    earned = {
        name: assess(exercise, LocalCaller(lambda *args, i=i: args[i], exercise.function), SEED).fraction
        for i, name in enumerate(names)
    }
    paid = [
        _("{name} earns {fraction:.0%}", name=name, fraction=fraction)
        for name, fraction in earned.items()
        if fraction
    ]
    yield Certified(
        exercise.id, "arguments", not paid, "; ".join(paid) or _("an argument handed back earns nothing")
    )


def _misconceptions(exercise: Exercise, course: Course) -> Iterator[Certified]:
    """Every wrong form of every entry: none earns everything, none has another's name.

    The typical one of each has its own name.
    """
    for code in course.catalogue.codes_of(exercise.id):
        entry = course.catalogue[code]
        forms = entry.forms(exercise.id)
        named, problem = 0, ""
        for place, form in enumerate(forms):
            verdict = assess(exercise, LocalCaller(form, exercise.function), SEED, course=course)
            which = _("form {place} of {count} ", place=place + 1, count=len(forms)) if len(forms) > 1 else ""
            if verdict.fraction == 1:
                problem = _("{which}earns everything", which=which)
            elif verdict.codes == (code,):
                named += 1
            elif verdict.codes or place == 0:
                problem = _(
                    "{which}is named {codes}", which=which, codes=", ".join(verdict.codes) or _("nothing")
                )
            if problem:
                break
        count = (
            _("caught and named")
            if named == len(forms) == 1
            else _("{count} forms caught, {named} named", count=len(forms), named=named)
        )
        yield Certified(exercise.id, code, not problem, f"{entry.name}: {problem or count}")


def _points(solutions: Mapping[str, Solution]) -> Certified:
    required = sum(s.points for s in solutions.values() if not (s.bonus or s.optional or s.graded))
    bonus = sum(s.points for s in solutions.values() if s.bonus)
    message = _(
        "{required:g} points and {bonus:g} of bonus; expected {asked:g} and {asked_bonus:g}",
        required=required,
        bonus=bonus,
        asked=REQUIRED,
        asked_bonus=BONUS,
    )
    return Certified("all", "points", (required, bonus) == (REQUIRED, BONUS), message)
