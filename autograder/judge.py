"""Judges one exercise: calls the function, compares, counts the points (scoring.py), asks for a diagnosis."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from autograder.cases import ENDED, Caller, CallError, Case, Evidence, Outcome, call_each, rescale
from autograder.checks import Check, compare_all
from autograder.exercise import Exercise, Seed, Target, expected_of, units_of
from autograder.follow_through import Asked, Followed, Known, alike, follow
from autograder.purity import impurities
from autograder.rounding import ROUTES, U64
from autograder.scoring import Judged, Run, Score, score_of

Status = Literal["graded", "crashed", "timeout", "memory", "not_run", "missing"]


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


def judge(
    exercise: Exercise, call: Caller, seed: Seed, *, public: bool = False, known: Known | None = None
) -> Judgement:
    """Calls exercise.function through call on the probes of the seed, twice, and judges what comes back.

    known: what the notebook's earlier exercises gave on the same seed, to which this one's answers are added.
    """
    followed = _at_a_glance(exercise, call, seed, public, known or {})
    if followed is not None:
        caller, again = followed
        found = score_of(exercise, again, public)
        if found.flawless:
            return _judgement(exercise, again, found, (_note(found, caller.names),), public)
    run = _run(exercise, call, seed, public)
    score = score_of(exercise, run, public)
    if known is not None:
        answers = [j.asked for j in run.graded]
        if run.ended is not None:
            (case, *_), (target, *_) = exercise.asked(seed, public)
            answers = [(case, target, Outcome(None, run.ended, None))]
        known[exercise.id] = Asked(answers, score.flawless)
    notes: tuple[str, ...] = ()
    if exercise.depends_on and not score.flawless and not _missing(run):
        telling = _telling(run)
        if followed is None:
            other = follow(exercise, call, [j.asked for j in telling], seed, public, known or {})
            if other is not None:
                pure = run.answered and not run.impure
                followed = other, _run(exercise, other.call, seed, public, pure=pure)
        if followed is not None and (not telling or _felt(telling, followed[1])):
            caller, again = followed
            found = score_of(exercise, again, public, score)
            if found.values_right or not caller.unproven:
                if found.fraction > score.fraction:
                    notes = (_note(found, caller.names),)
                    score, run = found, again
                elif again.answered:
                    run = again  # no points, but the caller's own mistakes are seen apart from the others'
    return _judgement(exercise, run, score, notes, public)


def _at_a_glance(
    exercise: Exercise, call: Caller, seed: Seed, public: bool, known: Known
) -> tuple[Followed, Run] | None:
    """What judges the exercise apart from earlier mistakes that are known and show in a few calls, and what it gave.

    Mostly the exercise itself is right, and nothing more needs to be asked.
    """
    if all(known[name].flawless for name in exercise.depends_on if name in known):
        return None
    few: dict[tuple[str, ...], tuple[Case, Target]] = {}
    for case, target in zip(*exercise.asked(seed, public), strict=True):
        if not case.advisory:
            few.setdefault(target.parts, (case, target))
    cases, targets = zip(*few.values(), strict=True)
    outcomes = call_each(call, exercise.function, [case.args for case in cases])
    judged = _judged(exercise, cases[: len(outcomes)], targets[: len(outcomes)], outcomes)
    wrong = [j for j in judged if j.result is None or not j.result.right]
    if not wrong or (outcomes[-1].error is not None and outcomes[-1].error.kind in ENDED):
        return None
    followed = follow(exercise, call, [j.asked for j in wrong], seed, public, known)
    if followed is None:
        return None
    again = _run(exercise, followed.call, seed, public)
    if not _felt(wrong, again):
        return None
    known[exercise.id] = Asked([j.asked for j in judged], False)
    return followed, again


def _felt(judged: Sequence[Judged], again: Run) -> bool:
    """Does another caller give something else for these calls?"""
    now = {id(j.target): j.outcome for j in again.judged}
    return again.ended is not None or any(not alike(j.outcome, now[id(j.target)]) for j in judged)


def _telling(run: Run) -> list[Judged]:
    """A call that went wrong for each part."""
    found: dict[str, Judged] = {}
    for j in run.graded:
        for part, results in j.parts().items():
            if any(result.state != "right" for result in results):
                found.setdefault(part, j)
    return list({id(j): j for j in found.values()}.values())


def _missing(run: Run) -> bool:
    return run.ended is not None and run.ended.kind == "missing"


def _note(score: Score, names: Sequence[str]) -> str:
    earlier = " and ".join(names)
    if score.flawless:
        return f"Right given your own {earlier}: the mistake there costs nothing here."
    return f"Judged with a right {earlier} in place of your own: the mistake there costs nothing here."


def _run(exercise: Exercise, call: Caller, seed: Seed, public: bool, pure: bool = False) -> Run:
    """Every call once, and some again unless the function is known to be pure."""
    cases, targets = exercise.asked(seed, public)
    outcomes = call_each(call, exercise.function, [case.args for case in cases])
    last = outcomes[-1].error
    if last is not None and last.kind in ENDED:
        return Run((), ended=last)
    impure = ""
    if not pure and any(outcome.error is None for outcome in outcomes):
        impure, ended = impurities(exercise, call, outcomes, exercise.seed(seed, public))
        if ended is not None:
            return Run((), ended=ended)
    counted = [_remark_only(case, outcome) for case, outcome in zip(cases, outcomes, strict=True)]
    return Run(tuple(_judged(exercise, counted, targets, outcomes)), impure)


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


def _without_values(exercise: Exercise, run: Run, public: bool) -> Judgement:
    """The judgement where no call gave a value."""
    error = run.error
    assert error is not None
    statuses: dict[str, Status] = {"missing": "missing", "timeout": "timeout", "memory": "memory"}
    if run.ended is not None:
        status: Status = statuses.get(error.kind, "crashed")
        return Judgement(
            exercise.id, status, 0.0, (Check("runs", False, error.message, 1.0, ""),), error=error
        )
    check = Check("runs", False, f"no call gave an answer, the first: {error.message}", 1.0, "")
    status = "graded" if error.kind == "protocol" else "crashed"
    evidence = [_evidence(j) for j in run.judged]
    codes, sentences, pattern = _diagnosis(exercise, evidence) if status == "graded" else ((), (), None)
    shown = tuple(evidence[:3]) if public else ()
    return Judgement(exercise.id, status, 0.0, (check,), codes, sentences, pattern, (), shown, error)


def _judgement(exercise: Exercise, run: Run, score: Score, notes: Sequence[str], public: bool) -> Judgement:
    """The verdict in words: checks, notes, and the mistake's name."""
    if not run.answered:
        return _without_values(exercise, run, public)
    said = dict.fromkeys((*score.notes, *notes))
    for j in run.judged:
        if j.result is not None and score.shape.passed:  # "accepted" is said of nothing that lost points
            said.update(dict.fromkeys(sorted(j.result.notes)))
        if j.case.advisory and (j.result is None or j.result.wrong) and score.values_right:
            what = "an error is raised" if j.outcome.error is not None else "another answer"
            said[f"Not counted: {what} for {j.case.name}."] = None
    mistaken = not score.flawless
    evidence = [_evidence(j) for j in run.judged] if mistaken or public else []
    codes, sentences, pattern = _diagnosis(exercise, evidence, run.impure) if mistaken else ((), (), None)
    return Judgement(
        exercise.id,
        "graded",
        score.fraction,
        (score.shape, score.purity, *score.parts),
        codes,
        sentences,
        pattern,
        tuple(said),
        tuple(evidence) if public else (),
        run.error,
    )


def _evidence(j: Judged) -> Evidence:
    expected = expected_of(j.target.template)

    def bounds() -> Any:
        return rescale(units_of(j.target.template), ROUTES * U64)

    return Evidence(j.case, j.outcome.value, expected, bounds, j.outcome.error)


def _diagnosis(
    exercise: Exercise, evidence: Sequence[Evidence], impure: str = ""
) -> tuple[tuple[str, ...], tuple[str, ...], str | None]:
    from autograder.diagnosis import diagnose

    found = diagnose(exercise.id, evidence, impure)
    return found.codes, found.sentences, found.pattern
