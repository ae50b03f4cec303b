"""Judges one exercise: calls the function, compares, counts the points, asks for a diagnosis.

20 % shape and dtype, 20 % purity (inputs unchanged, the same answer on a second call in another order), 60 % values
split evenly over the exercise's parts. Shape and purity count only where at least one part's values are right.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from autograder.cases import ENDED, Caller, CallError, Case, Evidence, Outcome, call_each
from autograder.checks import CaseResult, Check, LeafResult, compare, compare_all, settle
from autograder.exercise import Exercise, Target, expected_of, follow_all, generator, leaves_of, units_of
from autograder.repeats import same, unchanged
from autograder.rounding import ROUTES, U64

Status = Literal["graded", "crashed", "timeout", "memory", "not_run", "missing"]
SHAPE, PURITY, VALUES, BY_M = 0.2, 0.2, 0.6, 0.75

AGAIN = 16  # second calls: of so many cases in shuffled order, each after others of its own shape

NOTE_BY_M = (
    "Right but for a factor 1/m: δ is per example, the mean over the m examples enters in Step 3 alone."
)


@dataclass(frozen=True)
class Judgement:
    """The verdict on one exercise: fraction of its points in 0..1, and why."""

    exercise_id: str
    status: Status
    fraction: float
    checks: tuple[Check, ...] = ()
    codes: tuple[str, ...] = ()  # catalogue codes, "K13"
    sentences: tuple[str, ...] = ()  # the diagnosis in words
    pattern: str | None = None
    notes: tuple[str, ...] = ()
    visible: tuple[Evidence, ...] = ()  # the cases that may be shown with their numbers
    error: CallError | None = None  # the first error, where one was raised


@dataclass(frozen=True)
class Judged:
    """One case with what the function gave and how that compares; result is None where the call gave no value."""

    case: Case
    target: Target
    outcome: Outcome
    result: CaseResult | None

    def parts(self) -> dict[str, list[LeafResult]]:
        found: dict[str, list[LeafResult]] = {}
        if self.result is None:
            for leaf in leaves_of(self.target.template):
                found.setdefault(leaf.part, []).append(LeafResult(leaf, "missing"))
        else:
            for result in self.result.leaves:
                found.setdefault(result.leaf.part, []).append(result)
        return found


def judge(exercise: Exercise, call: Caller, seed: bytes, *, public: bool = False) -> Judgement:
    """Calls exercise.function through call on the probes of the seed, twice, and judges what comes back."""
    cases = exercise.probes(seed, public)
    outcomes = call_each(call, exercise.function, [case.args for case in cases])
    if outcomes[-1].error is not None and outcomes[-1].error.kind in ENDED:
        return _ended(exercise, outcomes[-1].error)
    error = next((outcome.error for outcome in outcomes if outcome.error is not None), None)
    if error is not None and all(outcome.error is not None for outcome in outcomes):
        return _all_raised(exercise, cases, outcomes, error, public)
    impure, ended = _impurities(exercise, call, cases, outcomes, seed)
    if ended is not None:
        return _ended(exercise, ended)
    targets = [exercise.target(case) for case in cases]
    cases = [_remark_only(case, outcome) for case, outcome in zip(cases, outcomes, strict=True)]
    judged = _judged(exercise, cases, targets, outcomes)
    return _verdict(exercise, call, judged, impure, error, public)


def _judged(
    exercise: Exercise, cases: Sequence[Case], targets: Sequence[Target], outcomes: Sequence[Outcome]
) -> list[Judged]:
    """Each outcome beside its target, compared where there is a value."""
    rows = list(zip(cases, targets, outcomes, strict=True))
    answered = [(case, target, outcome.value) for case, target, outcome in rows if outcome.error is None]
    if exercise.compare is not None:
        compared = iter([exercise.compare(*row) for row in answered])
    else:
        compared = iter(compare_all([(target, value) for _, target, value in answered]))
    return [Judged(*row, None if row[2].error is not None else next(compared)) for row in rows]


def _remark_only(case: Case, outcome: Outcome) -> Case:
    """Did NumPy refuse to write fractions into an array of whole numbers? Nobody was told of whole ones: a remark only."""
    refused = ("_UFuncOutputCastingError: ", "UFuncTypeError: ")
    if "integer" in case.tags and outcome.error is not None and outcome.error.message.startswith(refused):
        return replace(case, tags=case.tags | {"advisory"})
    return case


def _ended(exercise: Exercise, error: CallError) -> Judgement:
    statuses: dict[str, Status] = {"missing": "missing", "timeout": "timeout", "memory": "memory"}
    status = statuses.get(error.kind, "crashed")
    check = Check("runs", False, error.message, 1.0, "")
    return Judgement(exercise.id, status, 0.0, (check,), error=error)


def _all_raised(
    exercise: Exercise, cases: Sequence[Case], outcomes: Sequence[Outcome], error: CallError, public: bool
) -> Judgement:
    evidence = [
        _evidence(Judged(case, exercise.target(case), outcome, None))
        for case, outcome in zip(cases, outcomes, strict=True)
    ]
    check = Check("runs", False, f"no call gave an answer, the first: {error.message}", 1.0, "")
    status: Status = "graded" if error.kind == "protocol" else "crashed"
    codes, sentences, pattern = _diagnosis(exercise, evidence) if status == "graded" else ((), (), None)
    shown = tuple(evidence[:3]) if public else ()
    return Judgement(exercise.id, status, 0.0, (check,), codes, sentences, pattern, (), shown, error)


def _impurities(
    exercise: Exercise, call: Caller, cases: Sequence[Case], outcomes: Sequence[Outcome], seed: bytes
) -> tuple[str, CallError | None]:
    """What changed an input, or another answer on a second call in shuffled order; "" if nothing did."""
    for case, outcome in zip(cases, outcomes, strict=True):
        if outcome.args_after is not None and not unchanged(case.args, outcome.args_after, exercise.restores):
            return f"an argument was changed in place ({case.name})", None
    order = generator(seed, f"order of {exercise.id}").permutation(len(cases))[:AGAIN]
    second = call_each(call, exercise.function, [cases[i].args for i in order])
    for i, again in zip(order, second, strict=False):
        if again.error is not None and again.error.kind in ENDED:
            return "", again.error
        first = outcomes[i]
        if (again.error is None) != (first.error is None) or not same(again.value, first.value):
            return f"a second call with the same inputs gave another answer ({cases[i].name})", None
    return "", None


def _verdict(
    exercise: Exercise,
    call: Caller,
    judged: Sequence[Judged],
    impure: str,
    error: CallError | None,
    public: bool,
) -> Judgement:
    graded = [j for j in judged if not j.case.advisory]
    notes: dict[str, None] = {}
    parts = _parts(graded, notes)
    by_m = False
    if not all(check.passed for check in parts):
        merged = parts
        followed = _follow(exercise, call, graded) if exercise.follow is not None else None
        if followed is not None:
            again = _parts(followed, {})
            merged = [b if b.passed and not a.passed else a for a, b in zip(parts, again, strict=True)]
        inherited = all(
            check.passed for check in merged
        )  # a 1/m of an earlier function is no mistake of this one
        if not inherited and exercise.per_example and _right_but_for_m(graded):
            by_m = True
            notes[NOTE_BY_M] = None
        elif merged != parts:
            parts = merged
            earlier = " and ".join(exercise.depends_on)
            notes[f"Right given your own {earlier}: the mistake there costs nothing here."] = None
    shape = _shape_check(graded)
    purity = Check(
        "purity", not impure, impure or "inputs unchanged, the same answer twice", PURITY, "purity"
    )
    for j in judged:
        notes.update(dict.fromkeys(sorted(j.result.notes) if j.result else ()))
        if j.case.advisory and (j.result is None or j.result.wrong) and all(check.passed for check in parts):
            what = "an error is raised" if j.outcome.error is not None else "another answer"
            notes[f"Not counted: {what} for {j.case.name}."] = None
    passed = sum(check.passed for check in parts)
    fraction = 0.0
    if by_m:
        fraction = BY_M * (VALUES + SHAPE * shape.passed + PURITY * purity.passed)
    elif passed:
        fraction = VALUES * passed / len(parts) + SHAPE * shape.passed + PURITY * purity.passed
    codes: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()
    pattern: str | None = None
    mistaken = bool(impure) or not all(check.passed for check in (*parts, shape))
    evidence = [_evidence(j) for j in judged] if mistaken or public else []
    if mistaken:
        codes, sentences, pattern = _diagnosis(exercise, evidence, impure)
    shown = tuple(evidence) if public else ()
    return Judgement(
        exercise.id,
        "graded",
        round(fraction, 12),
        (shape, purity, *parts),
        codes,
        sentences,
        pattern,
        tuple(notes),
        shown,
        error,
    )  # fmt: skip


def _parts(judged: Sequence[Judged], notes: dict[str, None]) -> list[Check]:
    groups: dict[str, list[LeafResult]] = {}
    first: dict[str, str] = {}
    raised: dict[str, str] = {}
    for j in judged:
        for part, results in j.parts().items():
            groups.setdefault(part, []).extend(results)
            if any(r.state not in ("right", "gap", "epsilon") for r in results):
                first.setdefault(part, j.case.name)
                if j.outcome.error is not None:
                    raised.setdefault(part, j.outcome.error.message)
    checks = []
    for part, results in groups.items():
        ok, note, pattern = settle(results)
        if ok and note:
            notes[note] = None
        message = "right" if ok else pattern or _what(results, first.get(part, ""), raised.get(part))
        checks.append(Check(f"values: {part}", ok, message, VALUES / len(groups), part))
    return checks


def _what(results: Sequence[LeafResult], where: str, raised: str | None) -> str:
    if raised is not None:
        return f"raised {raised} ({where})"
    bad = [r for r in results if r.state not in ("right", "gap", "epsilon")]
    states = {r.state for r in bad}
    if states <= {"shape", "missing"}:
        return f"no numbers to compare: the shape is off ({where})"
    if "nonfinite" in states:
        return f"nan or inf in the answer ({where})"
    return f"other numbers than expected in {len(bad)} of {len(results)} arrays, first in: {where}"


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


def rescale(answer: Any, factor: float) -> Any:
    """The answer with every array times factor, its structure kept."""
    if isinstance(answer, dict):
        return {key: rescale(item, factor) for key, item in answer.items()}
    if isinstance(answer, (tuple, list)):
        return tuple(rescale(item, factor) for item in answer)
    if isinstance(answer, (np.ndarray, np.generic, float, int)):
        values = np.asarray(answer)
        with np.errstate(all="ignore"):  # an answer near the largest float overflows: it was wrong anyway
            return values * factor if values.dtype.kind in "fiub" else answer
    return answer


def _follow(exercise: Exercise, call: Caller, judged: Sequence[Judged]) -> list[Judged] | None:
    """The same answers beside what would be right given the student's own earlier functions; None if there are none."""
    assert exercise.follow is not None
    targets = follow_all(call, exercise.follow, [j.case for j in judged])
    if targets is None:
        return None
    return _judged(exercise, [j.case for j in judged], targets, [j.outcome for j in judged])


def _evidence(j: Judged) -> Evidence:
    expected = expected_of(j.target.template)
    bound = rescale(units_of(j.target.template), ROUTES * U64)
    return Evidence(j.case, j.outcome.value, expected, bound, j.outcome.error)


def _diagnosis(
    exercise: Exercise, evidence: Sequence[Evidence], impure: str = ""
) -> tuple[tuple[str, ...], tuple[str, ...], str | None]:
    from autograder.diagnosis import diagnose

    found = diagnose(exercise.id, evidence, impure)
    return found.codes, found.sentences, found.pattern
