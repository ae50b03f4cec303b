"""The wrong forms of an exercise's mistakes, and what they give on its probes, worked out once for a class.

Hundreds of forms are held against each wrong answer. Most give other numbers at once: the last entry of each
array is kept of every form that was ever asked on a probe (lookup.py), and only what it leaves is run again.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, partial
from typing import Any

import numpy as np

from autograder import trees
from autograder.diagnosis.lookup import FAILS, ByIdentity, last_entries, may_give
from autograder.diagnosis.part_answers import PartAnswers
from autograder.exercises.exercise import Exercise
from autograder.judging.scoring import Judged
from autograder.misconceptions import Misconception
from autograder.trees import copy_value

# Entries whose forms are kept, and probes of which last entries are: of some versions of an exercise all that
# was asked.
KEPT_ENTRIES, KEPT_PROBES = 1_000, 2_000
# Whole answers, some 2 kB each: a class makes the same mistakes again and again.
KEPT_ANSWERS = 10_000

Form = Callable[..., Any]


class Forms:
    """The wrong forms of mistakes in an exercise, and what they give, each asked once for each probe."""

    def __init__(self, exercise: Exercise) -> None:
        self._exercise = exercise

    def of(self, entry: type[Misconception]) -> tuple[Form, ...]:
        """The entry's forms."""
        return _forms_of(ByIdentity((entry,)), self._exercise.id)

    def give(self, form: Form, j: Judged) -> Any:
        """The form's answer, to be read alone, or the exception that it raised."""
        return _answer(form, _probe(j))

    def may_give(self, form: Form, part: PartAnswers, j: Judged) -> bool:
        """Looked up: may the form give the student's numbers of the part in this case?"""
        return bool(_may_give(_probe(j).entries_of([form]), part, j)[0])

    def possible(
        self, entries: Iterable[type[Misconception]], part: PartAnswers, j: Judged
    ) -> set[type[Misconception]]:
        """Those of the entries that may give the student's numbers of the part in this case, by one of their
        forms.
        """
        of_forms = [(entry, form) for entry in entries for form in self.of(entry)]
        if j.outcome.error is not None:
            return {entry for entry, _ in of_forms}
        mask = _may_give(_probe(j).entries_of([form for _, form in of_forms]), part, j)
        return {entry for (entry, _), may in zip(of_forms, mask, strict=True) if may}


def _may_give(entries: np.ndarray, part: PartAnswers, j: Judged) -> np.ndarray:
    """Which of the forms with these last entries, (forms, arrays), may give the part's numbers: (forms,)."""
    of = part.of(j)
    mask = np.full(len(entries), of.given is not None)
    if of.given is not None:
        for place, (_, leaf), given in zip(of.numbers, of.places, of.given, strict=True):
            if not leaf.regions:
                mask &= may_give(entries[:, place], given, of.tolerance)
    return mask


@lru_cache(maxsize=KEPT_ENTRIES)
def _forms_of(asked: ByIdentity, exercise_id: str) -> tuple[Form, ...]:
    """Some entries make their forms anew whenever they are asked: here they are asked once."""
    (entry,) = asked.arguments
    return tuple(entry.forms(exercise_id))


class ProbeEntries:
    """The last entry of each array that forms give on one probe, in the order of the expected answer's."""

    def __init__(self, args: Sequence[Any], template: Any) -> None:
        self._args = args
        self._paths = [path for path, _ in trees.paths(template)]
        self._rows: dict[Form, np.ndarray] = {}

    def entries_of(self, forms: Sequence[Form]) -> np.ndarray:
        """Of these forms, (forms, arrays)."""
        for form in forms:
            if form not in self._rows:
                self._rows[form] = self._row(form)
        rows = [self._rows[form] for form in forms]
        return np.array(rows).reshape(len(forms), len(self._paths))

    def _row(self, form: Form) -> np.ndarray:
        answer = _answer(form, self)
        if isinstance(answer, Exception):
            return np.full(len(self._paths), FAILS)
        return last_entries(partial(trees.at, answer, path) for path in self._paths)

    def answer_of(self, form: Form) -> Any:
        """What the form gives, or the exception that it raises."""
        try:
            return form(*map(copy_value, self._args))
        except Exception as error:
            # Without the frames, which hold the arrays.
            return error.with_traceback(None)


@lru_cache(maxsize=KEPT_ANSWERS)
def _answer(form: Form, probe: ProbeEntries) -> Any:
    return probe.answer_of(form)


def _probe(j: Judged) -> ProbeEntries:
    return _entries_on(ByIdentity((*j.case.args, j.target.template)))


@lru_cache(maxsize=KEPT_PROBES)
def _entries_on(asked: ByIdentity) -> ProbeEntries:
    *args, template = asked.arguments
    return ProbeEntries(args, template)
