"""Judges an exercise, then names the mistake behind what is wrong: the whole answer to one function of a student's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Literal

from autograder.diagnosis.diagnose import diagnose
from autograder.exercises.exercise import Exercise
from autograder.exercises.expected import error_units_of, expected_of
from autograder.exercises.rounding import ROUTES, U64
from autograder.exercises.versions import Seed
from autograder.judging.comparison import Check
from autograder.judging.evidence import Evidence
from autograder.judging.follow_through import HelperAnswers
from autograder.judging.judge import Verdict, judge
from autograder.judging.scoring import Judged, Run, Score
from autograder.misconceptions import CATALOGUE, Catalogue, Misconception
from autograder.sandbox.calls import CallError, SubstitutingCaller
from autograder.trees import rescale

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


def assess(
    exercise: Exercise,
    call: SubstitutingCaller,
    seed: Seed,
    *,
    public: bool = False,
    earlier: Mapping[str, HelperAnswers] = MappingProxyType({}),
) -> Judgement:
    """Calls exercise.function through call on the probes of the seed, judges what comes back, and names the mistake.

    earlier: the helper_answers of those exercises of the notebook that were judged before on the same seed.
    """
    return explain(exercise, judge(exercise, call, seed, public=public, earlier=earlier), public)


def explain(exercise: Exercise, verdict: Verdict, public: bool = False) -> Judgement:
    """The judgement that a verdict comes to, with the mistake's name; public: on numbers that may be shown."""
    return _judgement(exercise, verdict.run, verdict.score, verdict.notes, public)


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
        return rescale(error_units_of(j.target.template), ROUTES * U64)

    return Evidence(j.case, j.outcome.value, expected, bounds, j.outcome.error)


def _diagnosis(
    exercise: Exercise, evidence: Sequence[Evidence], impure: str = ""
) -> tuple[tuple[str, ...], tuple[str, ...], str | None]:
    found = diagnose(exercise.id, evidence, impure, _catalogue(tuple(CATALOGUE.values())))
    return found.codes, found.sentences, found.pattern


@lru_cache(maxsize=4)
def _catalogue(entries: tuple[type[Misconception], ...]) -> Catalogue:
    """The catalogue of these entries, with what it has found out about them."""
    return Catalogue(entries)
