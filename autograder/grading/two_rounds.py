"""The two rounds in which a notebook is asked: all of it with public numbers, then all with hidden ones.

What is said to a student comes from the first round, points from the second. A process that answers in the
first was given no hidden number, and was started before any was sent: whatever it reads, the clock too, it
can say nothing about them. Mostly one process does for both rounds. What went wrong in the first is judged in
a new one in the second: what a function kept from the first must neither harm it there nor help it.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace

from autograder.course.own_exercises import Course
from autograder.diagnosis.assess import Judgement, explain_verdict
from autograder.exercises.exercise import Exercise
from autograder.exercises.versions import ProbeVersion
from autograder.grading.public_wording import in_public_words
from autograder.judging.follow_through import HelperAnswers
from autograder.judging.judge import Verdict, judge, judge_if_flawless
from autograder.notebooks.helpers_named import helpers_named
from autograder.notebooks.submission import StudentCell
from autograder.sandbox.calls import SubstitutingCaller
from autograder.sandbox.session import IsolatedCaller, SandboxChild, SharedChild

# Of an exercise's time, how much the public round may take besides.
PUBLIC_SHARE = 0.5


@dataclass(frozen=True)
class PublicAnswer:
    """What the public round gave for an exercise. judgement: in words, worked out where it is needed."""

    flawless: bool
    missing: bool
    judgement: Callable[[], Judgement]


class TwoRounds:
    """The exercises of one notebook, asked publicly first; shared ends with the second round.

    cells: the notebook's. shared: a child of it that nothing hidden was asked yet. seconds: of each exercise.
    """

    def __init__(
        self,
        exercises: Sequence[Exercise],
        cells: Sequence[StudentCell],
        shared: SharedChild,
        seconds: float,
        course: Course,
    ) -> None:
        self.exercises, self.shared, self.seconds, self.course = exercises, shared, seconds, course
        self.called = {e.id: helpers_named(cells, e.depends_on) for e in exercises}
        self.public: dict[str, PublicAnswer] = {}

    def ask_publicly(self) -> None:
        """The first round."""
        earlier: dict[str, HelperAnswers] = {}
        for exercise in in_turn(self.exercises, earlier):
            verdict = self._public_verdict(exercise, earlier)
            earlier[exercise.id] = verdict.helper_answers
            self.public[exercise.id] = self._kept(exercise, verdict)

    def judge(self, secret: ProbeVersion) -> dict[str, Judgement]:
        """The second round: by id, the judgement in words that may be shown."""
        self.shared.hide()
        earlier: dict[str, HelperAnswers] = {}
        found: dict[str, Judgement] = {}
        for exercise in in_turn(self.exercises, earlier):
            verdict = self._hidden_verdict(exercise, secret, earlier)
            earlier[exercise.id] = verdict.helper_answers
            judgement = explain_verdict(exercise, verdict, course=self.course)
            found[exercise.id] = in_public_words(judgement, self.public[exercise.id].judgement)
        return found

    def _public_verdict(self, exercise: Exercise, earlier: Mapping[str, HelperAnswers]) -> Verdict:
        seconds = self.seconds * PUBLIC_SHARE
        end = time.monotonic() + seconds

        def asked(child: SandboxChild) -> Verdict:
            child.renew(max(1.0, end - time.monotonic()))
            with self._apart(exercise, child, end) as call:
                return judge(
                    exercise,
                    call,
                    b"",
                    public=True,
                    earlier=earlier,
                    exercises=self.course.exercises,
                    called=self.called[exercise.id],
                    written_first=True,
                )

        child, used = self.shared.open(self.seconds)
        verdict = asked(child)
        # Perhaps another exercise's doing
        if used and verdict.run.error is not None and not verdict.run.missing:
            self.shared.close()
            child, _ = self.shared.open(self.seconds)
            verdict = asked(child)
        return verdict

    def _kept(self, exercise: Exercise, verdict: Verdict) -> PublicAnswer:
        """Of what is wrong, the words; its answers are a stranger's, and may be large."""
        if verdict.score.flawless:
            words = lambda: explain_verdict(exercise, verdict, True, self.course)  # noqa: E731
        else:
            judgement = replace(explain_verdict(exercise, verdict, True, self.course), visible=())
            words = lambda: judgement  # noqa: E731
        return PublicAnswer(verdict.score.flawless, verdict.run.missing, words)

    def _hidden_verdict(
        self, exercise: Exercise, secret: ProbeVersion, earlier: Mapping[str, HelperAnswers]
    ) -> Verdict:
        end = time.monotonic() + self.seconds
        public = self.public[exercise.id]
        # A function that isn't there can have been spoilt by nobody.
        if not (public.flawless or public.missing):
            self.shared.close()
        child, used = self.shared.open(self.seconds)
        called, exercises, known_wrong = self.called[exercise.id], self.course.exercises, not public.flawless
        if used and public.flawless:
            with self._apart(exercise, child, end) as call:
                verdict = judge_if_flawless(
                    exercise, call, secret, earlier=earlier, exercises=exercises, called=called
                )
            if verdict is not None:
                return verdict
            # What another exercise did to the process can make this one wrong, but not right.
            self.shared.close()
            child, _ = self.shared.open(max(1.0, end - time.monotonic()))
            known_wrong = True
        with self._apart(exercise, child, end) as call:
            return judge(
                exercise,
                call,
                secret,
                earlier=earlier,
                exercises=exercises,
                called=called,
                written_first=known_wrong,
            )

    @contextmanager
    def _apart(self, exercise: Exercise, child: SandboxChild, end: float) -> Iterator[SubstitutingCaller]:
        of = self.shared
        with ExitStack() as closing:
            yield IsolatedCaller(
                child,
                exercise.function,
                of.zygote,
                of.cells,
                lambda: max(1.0, end - time.monotonic()),
                closing,
                of.retire,
                of.public,
                of.asked,
                of.told,
            )


def in_turn(exercises: Sequence[Exercise], earlier: Mapping[str, HelperAnswers]) -> Iterator[Exercise]:
    """In order, but last what comes after a mistake: it may need right functions, which nobody else may
    come upon.
    """
    later: dict[str, Exercise] = {}
    for exercise in exercises:
        if any(
            name in later or (name in earlier and not earlier[name].flawless) for name in exercise.depends_on
        ):
            later[exercise.id] = exercise
        else:
            yield exercise
    yield from later.values()
