"""Judges one exercise: calls the function, compares, counts the points (scoring.py).

The function is called as it was written, with the notebook's own earlier functions, its helpers. Where a
helper is wrong, the function is called with right ones in their place too (follow_through.py), and the
better of the two counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from autograder.exercises import ALL_EXERCISES
from autograder.exercises.cases import Case
from autograder.exercises.exercise import Exercise
from autograder.exercises.expected import Target
from autograder.exercises.versions import Seed
from autograder.facts import Fact
from autograder.judging.comparison import compare_all
from autograder.judging.follow_through import HelperAnswers, Substitution, Trial, alike, substitute_helpers
from autograder.judging.gradient_check import compare_check
from autograder.judging.purity import impurities
from autograder.judging.scoring import Judged, Run, Score, score_of
from autograder.sandbox.calls import Caller, Outcome, SubstitutingCaller, ended

# Tags of cases that may go wrong and cost nothing: a remark only, inputs in float32.
MAY_BE_EXCUSED = frozenset({"advisory", "integer", "single"})


@dataclass(frozen=True)
class Verdict:
    """What a run of answers earns, and notes on how it was judged.

    helper_answers: what the function gave as it was written, for the exercises after it that may call it.
    """

    run: Run
    score: Score
    helper_answers: HelperAnswers
    notes: tuple[Fact, ...] = ()


@dataclass(frozen=True)
class Retry:
    """A run with right functions in the place of the student's own helpers, after a few calls with these."""

    substitution: Substitution
    run: Run
    few_answers: HelperAnswers


def judge(
    exercise: Exercise,
    call: SubstitutingCaller,
    seed: Seed,
    *,
    public: bool = False,
    earlier: Mapping[str, HelperAnswers] = MappingProxyType({}),
    exercises: Mapping[str, Exercise] = ALL_EXERCISES,
    called: Sequence[str] | None = None,
    written_first: bool = False,
) -> Verdict:
    """Calls exercise.function through call on the probes of the seed, twice, and judges what comes back.

    earlier: the helper_answers of those exercises of the notebook that were judged before on the same seed.
    exercises: the course's, its helpers among them. called: those of depends_on that the function may call,
    None for all. written_first: it is known that something is wrong; then one child does for the function as
    it was written and, after that, with right helpers.
    """
    trial = Trial(exercise, call, seed, public, earlier, exercises, called)
    retry = None if written_first else retry_with_right_helpers(trial)
    if retry is not None:
        flawless = _if_flawless(trial, retry)
        if flawless is not None:
            return flawless
    written = judge_as_written(trial)
    if written.score.flawless or not trial.helpers or written.run.missing:
        return written
    if retry is not None:
        return better_of(trial, written, retry.substitution, retry.run)
    substitution = substitute_helpers(trial, [j.asked for j in one_failure_per_part(written.run)])
    if substitution is None:
        return written
    pure = written.run.answered and not written.run.impure
    return better_of(trial, written, substitution, _run(trial, substitution.call, pure=pure))


def judge_if_flawless(
    exercise: Exercise,
    call: SubstitutingCaller,
    seed: Seed,
    *,
    earlier: Mapping[str, HelperAnswers] = MappingProxyType({}),
    exercises: Mapping[str, Exercise] = ALL_EXERCISES,
    called: Sequence[str] | None = None,
) -> Verdict | None:
    """As judge() for a function that is right, as it was written or with right helpers; None for others.

    For a process in which something else may have gone wrong before: what is said of it there is not kept.
    """
    trial = Trial(exercise, call, seed, False, earlier, exercises, called)
    few = _few_calls(trial) if trial.follows_a_mistake else []
    if any(_is_wrong(j) for j in few):
        retry = _retry(trial, few)
        return None if retry is None else _if_flawless(trial, retry)
    begun = _first_calls(trial)
    if begun is None:
        return None
    written = judge_as_written(trial, begun)
    return written if written.score.flawless else None


def _first_calls(trial: Trial) -> list[Outcome] | None:
    """What the calls up to the first ordinary one give, None where that is wrong whatever the others are:
    most that is wrong is wrong at once, and nothing more needs to be asked.
    """
    probes = list(trial.probes())
    count = next((n for n, (case, _) in enumerate(probes, 1) if not case.tags & MAY_BE_EXCUSED), 0)
    if not count:
        return []
    cases, targets = zip(*probes[:count], strict=True)
    outcomes = trial.call.call_many(trial.exercise.function, [case.args for case in cases])
    result = _judged(trial.exercise, cases, targets, outcomes)[-1].result
    return None if result is None or result.wrong else outcomes


def _if_flawless(trial: Trial, retry: Retry) -> Verdict | None:
    """The verdict on the run with right helpers, if nothing is wrong in it."""
    score = score_of(trial.exercise, retry.run, trial.public)
    note = _note(score, retry.substitution.names)
    return Verdict(retry.run, score, retry.few_answers, (note,)) if score.flawless else None


def retry_with_right_helpers(trial: Trial) -> Retry | None:
    """The run with right helpers, if helpers are known to be wrong and that shows in a few calls; else None.

    Mostly the function itself is right, and nothing more needs to be asked.
    """
    return _retry(trial, _few_calls(trial)) if trial.follows_a_mistake else None


def _few_calls(trial: Trial) -> list[Judged]:
    """A call for each part, compared."""
    few: dict[tuple[str, ...], tuple[Case, Target]] = {}
    for case, target in trial.graded_probes():
        few.setdefault(target.parts, (case, target))
    cases, targets = zip(*few.values(), strict=True)
    outcomes = trial.call.call_many(trial.exercise.function, [case.args for case in cases])
    return _judged(trial.exercise, cases, targets, outcomes)


def _is_wrong(j: Judged) -> bool:
    return j.result is None or not j.result.right


def _retry(trial: Trial, few: Sequence[Judged]) -> Retry | None:
    wrong = [j for j in few if _is_wrong(j)]
    if not wrong or ended(few[-1].outcome):
        return None
    substitution = substitute_helpers(trial, [j.asked for j in wrong])
    if substitution is None:
        return None
    run = _run(trial, substitution.call)
    # A function in float32 that calls no helper is not right "given" a helper, whatever that does.
    if not answers_differ(wrong, run):
        return None
    return Retry(substitution, run, HelperAnswers([j.asked for j in few], False))


def judge_as_written(trial: Trial, begun: Sequence[Outcome] = ()) -> Verdict:
    """The verdict on the function with the student's own helpers. begun: what the first calls gave."""
    run = _run(trial, trial.call, begun=begun)
    score = score_of(trial.exercise, run, trial.public)
    answers = [j.asked for j in run.graded]
    if run.ended is not None:
        case, target = next(trial.probes())
        answers = [(case, target, Outcome(None, run.ended, None))]
    return Verdict(run, score, HelperAnswers(answers, score.flawless))


def better_of(trial: Trial, written: Verdict, substitution: Substitution, run: Run) -> Verdict:
    """The verdict on the function as written, or that on the run with right helpers where this earns more."""
    score = score_of(trial.exercise, run, trial.public, written.score)
    if substitution.unproven and not score.values_right:
        return written
    if score.fraction > written.score.fraction:
        return replace(written, run=run, score=score, notes=(_note(score, substitution.names),))
    # It earns no more, but the function's own mistakes are seen apart from those of its helpers.
    return replace(written, run=run) if run.answered else written


def answers_differ(judged: Sequence[Judged], again: Run) -> bool:
    """Does the other run give something else for any of these calls?"""
    now = {id(j.target): j.outcome for j in again.judged}
    return again.ended is not None or any(not alike(j.outcome, now[id(j.target)]) for j in judged)


def one_failure_per_part(run: Run) -> list[Judged]:
    """A call that went wrong for each part."""
    found: dict[str, Judged] = {}
    for j in run.graded:
        for part, results in j.parts().items():
            if any(result.state != "right" for result in results):
                found.setdefault(part, j)
    return list({id(j): j for j in found.values()}.values())


def _note(score: Score, names: Sequence[str]) -> Fact:
    return Fact("right_given_own" if score.flawless else "judged_with_right", tuple(names))


def _run(trial: Trial, call: Caller, pure: bool = False, begun: Sequence[Outcome] = ()) -> Run:
    """Every call once, and some again unless the function is known to be pure. begun: of the first calls."""
    exercise = trial.exercise
    cases, targets = zip(*trial.probes(), strict=True)
    left = [case.args for case in cases[len(begun) :]]
    outcomes = [*begun, *call.call_many(exercise.function, left)]
    if ended(outcomes[-1]):
        return Run((), ended=outcomes[-1].error)
    impure = None
    if not pure and any(outcome.error is None for outcome in outcomes):
        impure, error = impurities(exercise, call, outcomes, exercise.seed(trial.seed, trial.public))
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
    """Did NumPy refuse to write fractions into an array of whole numbers?

    Nobody was told of whole ones: a remark only.
    """
    if "integer" in case.tags and outcome.error is not None and outcome.error.type == "UFuncTypeError":
        return replace(case, tags=case.tags | {"advisory"})
    return case
