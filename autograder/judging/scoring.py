"""What a run of answers earns, and for what.

The points are divided over the exercise's parts; a part whose values are right in every probe earns its
share. What a named mistake keeps of a part that is wrong is decided where mistakes are named
(diagnosis/credit.py), and put in with with_credits. Then, once for the whole exercise each: another shape or
type than asked, and inputs changed or answers that differ, take a fifth away.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from autograder.exercises.cases import Case
from autograder.exercises.exercise import Exercise
from autograder.exercises.expected import Target, leaves_of
from autograder.facts import Fact
from autograder.judging.comparison import CaseResult, Check, LeafResult
from autograder.judging.gradient_check import says_always_the_same
from autograder.judging.precision import NOTE_NUMERIC, settle
from autograder.judging.purity import Impurity
from autograder.sandbox.calls import CallError, Outcome

# What is left of the points where the form is not as asked, and where something else was changed.
OTHER_FORM, IMPURE = 0.8, 0.8


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
                for part in leaf.parts:
                    found.setdefault(part, []).append(LeafResult(leaf, "missing"))
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
        return self.ended is not None and self.ended.kind in ("missing", "not_loaded")

    @property
    def answered(self) -> bool:
        """Did any call give a value?"""
        return self.ended is None and any(j.outcome.error is None for j in self.judged)


@dataclass(frozen=True)
class Credit:
    """What the mistake with this code and name keeps of a part, 0 to 1."""

    share: float
    code: str
    name: str


@dataclass(frozen=True)
class Score:
    """What a run earns, and for what. other_form: right numbers came in another form than asked."""

    parts: tuple[Check, ...]
    shape: Check
    purity: Check
    other_form: bool
    notes: tuple[Fact, ...]

    @property
    def fraction(self) -> float:
        """Of the exercise's points, 0 to 1."""
        earned = sum(check.earned for check in self.parts)
        form = OTHER_FORM if self.other_form else 1.0
        return round(earned * form * (1.0 if self.purity.passed else IMPURE), 12)

    @property
    def flawless(self) -> bool:
        return self.shape.passed and self.purity.passed and self.values_right

    @property
    def values_right(self) -> bool:
        return all(check.passed for check in self.parts)

    def with_credits(self, credits: Mapping[str, Credit]) -> "Score":
        """The score with what named mistakes keep of the parts that are wrong."""
        parts = []
        for check in self.parts:
            credit = None if check.passed else credits.get(check.part)
            if credit is not None:
                found = Fact("credited", (credit.share, credit.name, credit.code))
                check = replace(check, credit=credit.share, found=found, case="")
            parts.append(check)
        return replace(self, parts=tuple(parts))


def score_of(exercise: Exercise, run: Run, public: bool, before: Score | None = None) -> Score:
    """The points; what passed before, with the student's own earlier functions, stays passed."""
    notes: dict[Fact, None] = {}
    graded = run.graded
    parts = _parts(exercise, graded, notes, public)
    shape = _shape_check(graded)
    purity = _purity_check(run.impure)
    other_form = any(j.result is not None and j.result.other_form for j in graded)
    if not run.answered:
        shape, purity = replace(shape, passed=False), replace(purity, passed=False)
    elif before is not None:
        kept = {check.part: check for check in before.parts if check.passed}
        parts = [check if check.passed else kept.get(check.part, check) for check in parts]
        shape, purity = (b if b.passed else a for a, b in ((shape, before.shape), (purity, before.purity)))
        other_form = other_form and before.other_form
    return Score(tuple(parts), shape, purity, other_form, tuple(notes))


def _weights(exercise: Exercise, judged: Sequence[Judged]) -> Mapping[str, float]:
    """Each part's share of the points: as declared, or else alike."""
    if exercise.parts:
        return exercise.parts
    names = dict.fromkeys(part for j in judged for part in j.target.parts)
    return dict.fromkeys(names, 1 / max(len(names), 1))


def _parts(
    exercise: Exercise, judged: Sequence[Judged], notes: dict[Fact, None], public: bool
) -> list[Check]:
    weights = _weights(exercise, judged)
    if judged and all(j.result is not None and j.result.right for j in judged):
        return [Check("values", True, weight, part) for part, weight in weights.items()]
    groups: dict[str, list[LeafResult]] = {part: [] for part in weights}
    first: dict[str, str] = {}
    raised: dict[str, CallError] = {}
    for j in judged:
        for part, results in j.parts().items():
            groups[part].extend(results)
            if any(r.wrong for r in results):
                first.setdefault(part, j.case.name)
                if j.outcome.error is not None:
                    raised.setdefault(part, j.outcome.error)
    same = exercise.compared_as == "verdict" and says_always_the_same(
        [(j.target, j.outcome.value) for j in judged if j.outcome.error is None]
    )
    small_apart = any(j.target.small_apart for j in judged)
    checks = []
    for part, results in groups.items():
        weight = weights[part]
        ok, note, pattern = settle(results, small_apart)
        if same and any(r.leaf.name == "ok" for r in results):
            checks.append(Check("values", False, weight, part, Fact("always_the_same")))
            continue
        if ok and note:
            notes[note] = None
        if ok and results:
            checks.append(Check("values", True, weight, part))
            continue
        case = first.get(part, "")
        if _numeric_but_in_float32(results):
            notes[NOTE_NUMERIC] = None
            found = Fact("float32_inputs")
        elif pattern:
            found, case = Fact("pattern", (pattern,)), ""
        elif part in raised:
            stub = raised[part].unwritten(exercise.depends_on)
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
            return Check("shape", False, 0.0, "shape", found, j.case.name)
    return Check("shape", True, 0.0, "shape")


def _purity_check(impure: Impurity | None) -> Check:
    if impure is None:
        return Check("purity", True, 0.0, "purity")
    return Check("purity", False, 0.0, "purity", Fact(impure.kind), impure.case)
