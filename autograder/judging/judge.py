"""Judges one exercise: calls the function, compares, counts the points (scoring.py), asks for a diagnosis."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from autograder.exercises.cases import Case
from autograder.exercises.exercise import Exercise
from autograder.exercises.expected import Target
from autograder.exercises.versions import Seed
from autograder.judging.comparison import compare_all
from autograder.judging.follow_through import Asked, Followed, Known, alike, follow
from autograder.judging.gradient_check import compare_check
from autograder.judging.purity import impurities
from autograder.judging.scoring import Judged, Run, Score, score_of
from autograder.sandbox.calls import Caller, Outcome, SubstitutingCaller, ended


@dataclass(frozen=True)
class Verdict:
    """What a run of answers earns, and what is to be said of how it was judged."""

    run: Run
    score: Score
    notes: tuple[str, ...] = ()


def judge(
    exercise: Exercise,
    call: SubstitutingCaller,
    seed: Seed,
    *,
    public: bool = False,
    known: Known | None = None,
) -> Verdict:
    """Calls exercise.function through call on the probes of the seed, twice, and judges what comes back.

    known: what the notebook's earlier exercises gave on the same seed, to which this one's answers are added.
    """
    followed = _at_a_glance(exercise, call, seed, public, known or {})
    if followed is not None:
        caller, again = followed
        found = score_of(exercise, again, public)
        if found.flawless:
            return Verdict(again, found, (_note(found, caller.names),))
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
    return Verdict(run, score, notes)


def _at_a_glance(
    exercise: Exercise, call: SubstitutingCaller, seed: Seed, public: bool, known: Known
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
    outcomes = call.call_many(exercise.function, [case.args for case in cases])
    judged = _judged(exercise, cases, targets, outcomes)
    wrong = [j for j in judged if j.result is None or not j.result.right]
    if not wrong or ended(outcomes[-1]):
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
    outcomes = call.call_many(exercise.function, [case.args for case in cases])
    if ended(outcomes[-1]):
        return Run((), ended=outcomes[-1].error)
    impure = ""
    if not pure and any(outcome.error is None for outcome in outcomes):
        impure, error = impurities(exercise, call, outcomes, exercise.seed(seed, public))
        if error is not None:
            return Run((), ended=error)
    counted = [_remark_only(case, outcome) for case, outcome in zip(cases, outcomes, strict=True)]
    return Run(tuple(_judged(exercise, counted, targets, outcomes)), impure)


def _judged(
    exercise: Exercise, cases: Sequence[Case], targets: Sequence[Target], outcomes: Sequence[Outcome]
) -> list[Judged]:
    """Each outcome beside its target, compared where there is a value."""
    rows = list(zip(cases, targets, outcomes, strict=True))
    answered = [(case, target, outcome.value) for case, target, outcome in rows if outcome.error is None]
    if exercise.compared_as == "verdict":
        compared = iter([compare_check(*row) for row in answered])
    else:
        compared = iter(compare_all([(target, value) for _, target, value in answered]))
    return [Judged(*row, None if row[2].error is not None else next(compared)) for row in rows]


def _remark_only(case: Case, outcome: Outcome) -> Case:
    """Did NumPy refuse to write fractions into an array of whole numbers? Nobody was told of whole ones: a remark only."""
    if "integer" in case.tags and outcome.error is not None and outcome.error.type == "UFuncTypeError":
        return replace(case, tags=case.tags | {"advisory"})
    return case
