"""What a run of answers earns, and for what.

20 % shape and dtype, 20 % purity (inputs unchanged, the same answer on a second call in another order), 60 % values
split evenly over the exercise's parts. Shape and purity count only where at least one part's values are right.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from autograder.exercises.cases import Case
from autograder.exercises.exercise import Exercise
from autograder.exercises.expected import Target, leaves_of
from autograder.judging.comparison import CaseResult, Check, LeafResult, compare
from autograder.judging.precision import NOTE_NUMERIC, settle
from autograder.sandbox.calls import CallError, Outcome
from autograder.trees import rescale

SHAPE, PURITY, VALUES, BY_M = 0.2, 0.2, 0.6, 0.75

CALLED = "is called, and not written yet"
NOTE_BY_M = (
    "Right but for a factor 1/m: δ is per example, the mean over the m examples enters in Step 3 alone."
)


@dataclass(slots=True, eq=False)
class Judged:
    """One case with what the function gave and how that compares; result is None where the call gave no value."""

    case: Case
    target: Target
    outcome: Outcome
    result: CaseResult | None

    @property
    def asked(self) -> tuple[Case, Target, Outcome]:
        """The call by itself."""
        return self.case, self.target, self.outcome

    def parts(self) -> dict[str, list[LeafResult]]:
        found: dict[str, list[LeafResult]] = {}
        if self.result is None:
            for leaf in leaves_of(self.target.template):
                found.setdefault(leaf.part, []).append(LeafResult(leaf, "missing"))
        else:
            for result in self.result.leaves:
                found.setdefault(result.leaf.part, []).append(result)
        return found


@dataclass(frozen=True)
class Run:
    """All answers of one exercise compared; impure says what changed an input or another answer, "" if nothing did.

    ended: the error after which no call could give a value.
    """

    judged: tuple[Judged, ...]
    impure: str = ""
    ended: CallError | None = None

    @property
    def graded(self) -> list[Judged]:
        return [j for j in self.judged if not j.case.advisory]

    @property
    def error(self) -> CallError | None:
        """The first error, where one was raised."""
        return self.ended or next((j.outcome.error for j in self.judged if j.outcome.error is not None), None)

    @property
    def missing(self) -> bool:
        """Does the notebook have no such function?"""
        return self.ended is not None and self.ended.kind == "missing"

    @property
    def answered(self) -> bool:
        """Did any call give a value?"""
        return self.ended is None and any(j.outcome.error is None for j in self.judged)


@dataclass(frozen=True)
class Score:
    """What a run earns, and for what."""

    fraction: float
    parts: tuple[Check, ...]
    shape: Check
    purity: Check
    by_m: bool
    notes: tuple[str, ...]

    @property
    def flawless(self) -> bool:
        return self.shape.passed and self.purity.passed and self.values_right

    @property
    def values_right(self) -> bool:
        return all(check.passed for check in self.parts)


def score_of(exercise: Exercise, run: Run, public: bool, before: Score | None = None) -> Score:
    """The points; what passed before, with the student's own earlier functions, stays passed."""
    notes: dict[str, None] = {}
    graded = run.graded
    parts = _parts(graded, notes, exercise.depends_on, public)
    shape = _shape_check(graded)
    purity = Check(
        "purity", not run.impure, run.impure or "inputs unchanged, the same answer twice", PURITY, "purity"
    )
    if not run.answered:
        shape, purity = replace(shape, passed=False), replace(purity, passed=False)
    elif before is not None:
        kept = {check.part: check for check in before.parts if check.passed}
        parts = [check if check.passed else kept.get(check.part, check) for check in parts]
        shape, purity = (b if b.passed else a for a, b in ((shape, before.shape), (purity, before.purity)))
    passed = sum(check.passed for check in parts)
    by_m = exercise.per_example and passed < len(parts) and bool(graded) and _right_but_for_m(graded)
    fraction = 0.0
    if by_m:
        notes[NOTE_BY_M] = None
        fraction = BY_M * (VALUES + SHAPE * shape.passed + PURITY * purity.passed)
    elif passed:
        fraction = VALUES * passed / len(parts) + SHAPE * shape.passed + PURITY * purity.passed
    return Score(round(fraction, 12), tuple(parts), shape, purity, by_m, tuple(notes))


def _parts(
    judged: Sequence[Judged], notes: dict[str, None], earlier: Sequence[str] = (), public: bool = False
) -> list[Check]:
    if all(j.result is not None and j.result.right for j in judged):
        names = dict.fromkeys(part for j in judged for part in j.target.parts)
        return [Check(f"values: {part}", True, "right", VALUES / len(names), part) for part in names]
    groups: dict[str, list[LeafResult]] = {}
    first: dict[str, str] = {}
    raised: dict[str, str] = {}
    for j in judged:
        for part, results in j.parts().items():
            groups.setdefault(part, []).extend(results)
            if any(r.wrong for r in results):
                first.setdefault(part, j.case.name)
                if j.outcome.error is not None:
                    stub = j.outcome.error.unwritten(earlier)
                    raised.setdefault(
                        part, f"{stub} {CALLED}" if stub else f"raised {j.outcome.error.message}"
                    )
    checks = []
    for part, results in groups.items():
        ok, note, pattern = settle(results)
        if ok and note:
            notes[note] = None
        message = "right" if ok else pattern or _what(results, first.get(part, ""), raised.get(part), public)
        if not ok and _numeric_but_in_float32(results):
            notes[NOTE_NUMERIC] = None
            message = f"right but for float32, where differences have no digits left ({first.get(part, '')})"
        checks.append(Check(f"values: {part}", ok, message, VALUES / len(groups), part))
    return checks


def _numeric_but_in_float32(results: Sequence[LeafResult]) -> bool:
    """Is all wrong in float32 that is right in float64, as differences are right?"""
    double = [r for r in results if not r.float32_inputs]
    if not double or len(double) == len(results):
        return False
    ok, note, _ = settle(double)
    return ok and note == NOTE_NUMERIC


def _what(results: Sequence[LeafResult], where: str, raised: str | None, public: bool) -> str:
    if raised is not None:
        return f"{raised} ({where})"
    bad = [r for r in results if r.wrong]
    states = {r.state for r in bad}
    if states <= {"shape", "missing"}:
        return f"no numbers to compare: the shape is off ({where})"
    if "nonfinite" in states:
        return f"nan or inf in the answer ({where})"
    # How many of the hidden ones are wrong can be made to say something of their numbers.
    how_many = f" in {len(bad)} of {len(results)} arrays" if public else ""
    return f"other numbers than expected{how_many}, first in: {where}"


def _shape_check(judged: Sequence[Judged]) -> Check:
    for j in judged:
        problem = j.outcome.error.message if j.outcome.error and j.outcome.error.kind == "protocol" else ""
        if j.result is not None and j.result.problems:
            problem = j.result.problems[0]
        if problem:
            return Check("shape and dtype", False, f"{problem} ({j.case.name})", SHAPE, "shape")
    return Check("shape and dtype", True, "as expected", SHAPE, "shape")


def _right_but_for_m(judged: Sequence[Judged]) -> bool:
    """Would every answer be right if it were multiplied by its number of examples?"""
    again = []
    for j in judged:
        if j.outcome.error is not None:
            return False
        leaf = leaves_of(j.target.template)[0]
        result = compare(j.target, rescale(j.outcome.value, float(leaf.expected.shape[-1])))
        if result.wrong:
            return False
        again.append(Judged(j.case, j.target, j.outcome, result))
    return all(check.passed for check in _parts(again, {}))
