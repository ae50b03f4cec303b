"""What a run of answers earns, and for what.

20 % shape and dtype, 20 % purity (inputs unchanged, the same answer on a second call in another order), 60
% values split evenly over the exercise's parts. Shape and purity count only where at least one part's
values are right.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from autograder.exercises.cases import Case
from autograder.exercises.exercise import Exercise
from autograder.exercises.expected import Target, leaves_of
from autograder.facts import Fact
from autograder.judging.comparison import CaseResult, Check, LeafResult, compare
from autograder.judging.precision import NOTE_NUMERIC, settle
from autograder.judging.purity import Impurity
from autograder.sandbox.calls import CallError, Outcome
from autograder.trees import rescale

SHAPE, PURITY, VALUES, BY_M = 0.2, 0.2, 0.6, 0.75

NOTE_BY_M = Fact("factor_1_m")


@dataclass(slots=True, eq=False)
class Judged:
    """One case with what the function gave and how that compares; result is None where the call gave no
    value.
    """

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
    """All answers of one exercise compared; impure says what changed an input or another answer, if
    anything did.

    ended: the error after which no call could give a value.
    """

    judged: tuple[Judged, ...]
    impure: Impurity | None = None
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
    notes: tuple[Fact, ...]

    @property
    def flawless(self) -> bool:
        return self.shape.passed and self.purity.passed and self.values_right

    @property
    def values_right(self) -> bool:
        return all(check.passed for check in self.parts)


def score_of(exercise: Exercise, run: Run, public: bool, before: Score | None = None) -> Score:
    """The points; what passed before, with the student's own earlier functions, stays passed."""
    notes: dict[Fact, None] = {}
    graded = run.graded
    parts = _parts(graded, notes, exercise.depends_on, public)
    shape = _shape_check(graded)
    purity = _purity_check(run.impure)
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
    judged: Sequence[Judged], notes: dict[Fact, None], earlier: Sequence[str] = (), public: bool = False
) -> list[Check]:
    if all(j.result is not None and j.result.right for j in judged):
        names = dict.fromkeys(part for j in judged for part in j.target.parts)
        return [Check("values", True, VALUES / len(names), part) for part in names]
    groups: dict[str, list[LeafResult]] = {}
    first: dict[str, str] = {}
    raised: dict[str, CallError] = {}
    for j in judged:
        for part, results in j.parts().items():
            groups.setdefault(part, []).extend(results)
            if any(r.wrong for r in results):
                first.setdefault(part, j.case.name)
                if j.outcome.error is not None:
                    raised.setdefault(part, j.outcome.error)
    checks = []
    for part, results in groups.items():
        weight = VALUES / len(groups)
        ok, note, pattern = settle(results)
        if ok and note:
            notes[note] = None
        if ok:
            checks.append(Check("values", True, weight, part))
            continue
        case = first.get(part, "")
        if _numeric_but_in_float32(results):
            notes[NOTE_NUMERIC] = None
            found = Fact("float32_inputs")
        elif pattern:
            found, case = Fact("pattern", (pattern,)), ""
        elif part in raised:
            stub = raised[part].unwritten(earlier)
            found = Fact("unwritten", (stub,)) if stub else Fact("raised", (raised[part],))
        else:
            found = _what_is_wrong(results, public)
        checks.append(Check("values", False, weight, part, found, case))
    return checks


def _numeric_but_in_float32(results: Sequence[LeafResult]) -> bool:
    """Is all wrong in float32 that is right in float64, as differences are right?"""
    double = [r for r in results if not r.float32_inputs]
    if not double or len(double) == len(results):
        return False
    ok, note, _ = settle(double)
    return ok and note == NOTE_NUMERIC


def _what_is_wrong(results: Sequence[LeafResult], public: bool) -> Fact:
    bad = [r for r in results if r.wrong]
    states = {r.state for r in bad}
    if states <= {"shape", "missing"}:
        return Fact("no_numbers")
    if "nonfinite" in states:
        return Fact("not_finite")
    # How many of the hidden ones are wrong can be made to say something of their numbers.
    return Fact("other_numbers", (len(bad), len(results)) if public else ())


def _shape_check(judged: Sequence[Judged]) -> Check:
    for j in judged:
        found = None
        if j.outcome.error is not None and j.outcome.error.kind == "protocol":
            found = Fact("error", (j.outcome.error,))
        if j.result is not None and j.result.problems:
            found = Fact("problem", (j.result.problems[0],))
        if found is not None:
            return Check("shape", False, SHAPE, "shape", found, j.case.name)
    return Check("shape", True, SHAPE, "shape")


def _purity_check(impure: Impurity | None) -> Check:
    if impure is None:
        return Check("purity", True, PURITY, "purity")
    return Check("purity", False, PURITY, "purity", Fact(impure.kind), impure.case)


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
