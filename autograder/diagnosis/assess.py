"""Judges an exercise, then names the mistake behind what is wrong: the whole answer to one function of a
student's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from autograder.course.own_exercises import BOOK, Course
from autograder.diagnosis.answer_arrays import AnswerArrays
from autograder.diagnosis.credit import credits_of
from autograder.diagnosis.diagnose import Diagnosis, NamedMistake, diagnose
from autograder.diagnosis.matching import in_order
from autograder.exercises.exercise import Exercise
from autograder.exercises.expected import error_units_of, expected_of
from autograder.exercises.rounding import ROUTES, U64
from autograder.exercises.versions import Seed
from autograder.facts import Fact
from autograder.judging.comparison import ACCEPTED, Check
from autograder.judging.evidence import Evidence
from autograder.judging.follow_through import HelperAnswers
from autograder.judging.judge import Verdict, judge
from autograder.judging.scoring import Judged, Run, Score
from autograder.misconceptions import Catalogue, Misconception
from autograder.misconceptions.step_3 import BiasGradientOverWrongAxis
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
    mistakes: tuple[NamedMistake, ...] = ()
    pattern: str | None = None
    notes: tuple[Fact, ...] = ()
    # The cases that may be shown with their numbers.
    visible: tuple[AnswerArrays, ...] = ()
    # The first error, where one was raised.
    error: CallError | None = None
    # Whose stub raised it: an earlier function's, "" for its own, None for nobody's.
    unwritten: str | None = None

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the named mistakes, each once: "K13"."""
        return tuple(dict.fromkeys(mistake.code for mistake in self.mistakes))

    @property
    def sentences(self) -> tuple[str, ...]:
        """The named mistakes in words."""
        return tuple(mistake.sentence for mistake in self.mistakes)


def assess(
    exercise: Exercise,
    call: SubstitutingCaller,
    seed: Seed,
    *,
    public: bool = False,
    earlier: Mapping[str, HelperAnswers] = MappingProxyType({}),
    course: Course = BOOK,
) -> Judgement:
    """Calls exercise.function through call on the probes of the seed, judges what comes back, and names the
    mistake.

    earlier: the helper_answers of those exercises of the notebook that were judged before on the same seed.
    course: whose exercises are the helpers, and whose catalogue names the mistakes.
    """
    verdict = judge(exercise, call, seed, public=public, earlier=earlier, exercises=course.exercises)
    return explain_verdict(exercise, verdict, public, course)


def explain_verdict(
    exercise: Exercise, verdict: Verdict, public: bool = False, course: Course = BOOK
) -> Judgement:
    """The judgement of a verdict, with the mistake's name; public: on numbers that may be shown."""
    return _judgement(exercise, verdict.run, verdict.score, verdict.notes, public, course.catalogue)


def _without_values(exercise: Exercise, run: Run, public: bool, catalogue: Catalogue) -> Judgement:
    """The judgement where no call gave a value."""
    error = run.error
    assert error is not None
    statuses: dict[str, Status] = {
        "missing": "missing",
        "not_loaded": "not_run",
        "timeout": "timeout",
        "memory": "memory",
    }
    if run.ended is not None:
        status: Status = statuses.get(error.kind, "crashed")
        check = Check("runs", False, 1.0, "", Fact("error", (error,)))
        return Judgement(exercise.id, status, 0.0, (check,), error=error)
    check = Check("runs", False, 1.0, "", Fact("no_answer", (error,)))
    status = "graded" if error.kind == "protocol" else "crashed"
    evidence = [_evidence(exercise, j) for j in run.judged]
    found = diagnose(exercise, evidence, catalogue=catalogue) if status == "graded" else Diagnosis()
    shown = tuple(evidence[:3]) if public else ()
    stub = error.unwritten(exercise.depends_on)
    return Judgement(
        exercise.id, status, 0.0, (check,), found.mistakes, found.pattern, (), shown, error, stub
    )


def _judgement(
    exercise: Exercise, run: Run, score: Score, notes: Sequence[Fact], public: bool, catalogue: Catalogue
) -> Judgement:
    """The verdict in words: checks, notes, and the mistake's name."""
    if not run.answered:
        return _without_values(exercise, run, public, catalogue)
    said = dict.fromkeys((*score.notes, *notes))
    for j in run.judged:
        # "accepted" is said of nothing that lost points
        if j.result is not None and score.shape.passed:
            said.update(dict.fromkeys(note for note in ACCEPTED if note in j.result.notes))
        if j.case.advisory and (j.result is None or j.result.wrong) and score.values_right:
            kind = "advisory_error" if j.outcome.error is not None else "advisory_answer"
            said[Fact(kind, (j.case.name,))] = None
    mistaken = not score.flawless
    evidence = [_evidence(exercise, j) for j in run.judged] if mistaken or public else []
    found = diagnose(exercise, evidence, run.impure is not None, catalogue) if mistaken else Diagnosis()
    mistakes = found.mistakes
    if score.values_right:
        mistakes = mistakes or _of_the_form(exercise, run, catalogue)
    else:
        if mistakes:
            mistakes = tuple(dict.fromkeys((*mistakes, *_of_the_form(exercise, run, catalogue))))
        credits = credits_of(exercise, run, score, found.mistakes, catalogue)
        score = score.with_credits(credits)
        if not mistakes and all(check.passed or check.part in credits for check in score.parts):
            codes = frozenset(credit.code for credit in credits.values())
            mistakes = tuple(catalogue[code] for code in in_order(codes))
    return Judgement(
        exercise.id,
        "graded",
        score.fraction,
        (score.shape, score.purity, *score.parts),
        mistakes,
        None if mistakes and not found.mistakes else found.pattern,
        tuple(said),
        tuple(evidence) if public else (),
        run.error,
        run.error.unwritten(exercise.depends_on) if run.error is not None else None,
    )


def _of_the_form(exercise: Exercise, run: Run, catalogue: Catalogue) -> tuple[type[Misconception], ...]:
    """The mistake where right numbers came as (n,) for a db of (n, 1)."""
    problems = [p for j in run.graded if j.result is not None for p in j.result.problems]
    # Of one unit, (1,) may as well be one number for all units.
    flat = any(p.flat and p.given.shape != (1,) for p in problems)
    code = BiasGradientOverWrongAxis.code
    if flat and code in catalogue and exercise.id in catalogue[code].exercises():
        return (catalogue[code],)
    return ()


def _evidence(exercise: Exercise, j: Judged) -> AnswerArrays:
    expected = expected_of(j.target.template)

    def bounds() -> Any:
        return rescale(error_units_of(j.target.template), ROUTES * U64)

    return AnswerArrays(exercise, Evidence(j.case, j.outcome.value, expected, bounds, j.outcome.error))
