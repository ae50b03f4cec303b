"""What is kept of each wrong part of the points: the credit of the one mistake that gives its numbers.

A part is explained by a mistake of the catalogue if one of its wrong forms gives all numbers of the part, or
if the mistake was named for the whole answer.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import numpy as np

from autograder import trees
from autograder.diagnosis.closeness import largest, same_array
from autograder.diagnosis.diagnose import NamedMistake
from autograder.diagnosis.lookup import FAILS, ByIdentity, last_entries, may_give
from autograder.exercises.exercise import EXAMPLES, Exercise
from autograder.exercises.expected import ExpectedArray, expected_of
from autograder.exercises.number_sizes import ORDINARY_BESIDE
from autograder.exercises.rounding import ROUTES, U64
from autograder.judging.comparison import compare
from autograder.judging.scoring import Credit, Judged, Run, Score
from autograder.misconceptions import Catalogue, Misconception
from autograder.misconceptions.arrangement import REARRANGED
from autograder.misconceptions.backward_loop import InputsChangedOrStateKept
from autograder.misconceptions.step_1 import DividedByMBeforeStep3
from autograder.sandbox.calls import STUB
from autograder.trees import copy_value, rescale

# float32's rounding, a slope that may be anything: a wrong form need not give these.
UNCREDITED_TAGS = frozenset({"single", "kink"})
# All steps of the recipe in one function.
WHOLE_RECIPE = ("deltas", "gradients", "penalised gradients")

# What an answer without a part's arrays raises where they are looked for.
LACKING = (TypeError, ValueError, KeyError, IndexError, AttributeError, StopIteration, RuntimeError)

# Entries whose forms are kept, and calls of these: of some versions of an exercise all that was asked.
KEPT_ENTRIES, KEPT_FORM_ROWS = 1_000, 20_000

Form = Callable[..., Any]


@dataclass(slots=True, eq=False)
class PartOfAnswer:
    """Where a part's arrays stand in an answer to one case, how far off they may be, and the student's; None
    where the student's answer lacks one. numbers: which of all the answer's arrays they are.
    """

    numbers: list[int]
    places: list[tuple[tuple[Any, ...], ExpectedArray]]
    tolerance: float
    given: list[np.ndarray] | None


class PartAnswers:
    """The answers to one part of an exercise: of each case in it the arrays that belong to the part."""

    def __init__(self, exercise: Exercise, run: Run, part: str) -> None:
        self.exercise, self.run, self.part = exercise, run, part
        self.cases = [j for j in run.graded if part in j.target.parts and not j.case.tags & UNCREDITED_TAGS]
        self.ordinary = any("extreme" not in j.case.tags for j in self.cases)
        self._of: dict[int, PartOfAnswer] = {}

    def wrong_groups(self) -> list[list[Judged]]:
        """The cases by the branches that they take, without the groups in which all is right.

        What is wrong comes first: most forms are no answer to that.
        """
        groups: dict[tuple[str, ...], list[Judged]] = {}
        for j in self.cases:
            groups.setdefault(tuple(self.exercise.branches(j.case).values()), []).append(j)
        return [sorted(group, key=self.right) for group in groups.values() if not all(map(self.right, group))]

    def beside(self) -> "PartAnswers | None":
        """The same asked of ordinary numbers, where this part is about other sizes."""
        for sizes, ordinary in ORDINARY_BESIDE.items():
            if self.part.endswith(sizes):
                return PartAnswers(self.exercise, self.run, self.part.removesuffix(sizes) + ordinary)
        return None

    def handed_back(self, groups: Sequence[Sequence[Judged]]) -> bool:
        """Are all wrong numbers an argument's own? To hand an input back is no work."""
        answered = [j for group in groups for j in group if self._is_wrong_answer(j)]
        return bool(answered) and all(map(self._is_an_argument, answered))

    def _is_wrong_answer(self, j: Judged) -> bool:
        """Is it wrong, and no error?"""
        return j.outcome.error is None and not self.right(j)

    def _is_an_argument(self, j: Judged) -> bool:
        given = self.of(j).given or ()
        arguments = [leaf for leaf in trees.leaves(j.case.args) if isinstance(leaf, np.ndarray)]
        return bool(given) and all(any(same_array(a, own) for own in arguments) for a in given)

    def wrong_numbers(self, j: Judged) -> bool:
        """Is the answer to this case wrong by numbers that are more than rounding?"""
        if not self._is_wrong_answer(j):
            return False
        of = self.of(j)
        verdict = self.exercise.compared_as == "verdict"
        return any(verdict or np.any(np.abs(a) > of.tolerance) for a in of.given or ())

    def right(self, j: Judged) -> bool:
        return not any(r.state != "right" for r in j.parts()[self.part])

    def of(self, j: Judged) -> PartOfAnswer:
        """The part in this case's answer: hundreds of forms are held against it."""
        if id(j) not in self._of:
            all_places = enumerate(trees.paths(j.target.template))
            own = [(number, place) for number, place in all_places if self.part in place[1].parts]
            numbers, places = [number for number, _ in own], [place for _, place in own]
            units = max((largest(leaf.error_units) for _, leaf in places), default=0.0)
            self._of[id(j)] = PartOfAnswer(numbers, places, ROUTES * U64 * units, None)
            with contextlib.suppress(*LACKING):
                self._of[id(j)].given = list(self.numbers(j, j.outcome.value))
        return self._of[id(j)]

    def numbers(self, j: Judged, answer: Any) -> Iterator[np.ndarray]:
        """The part's numbers in such an answer, array by array; one of LACKING where it lacks them."""
        for path, leaf in self.of(j).places:
            found = trees.at(answer, path)
            array = found if isinstance(found, np.ndarray) else next(trees.arrays(found))
            yield _region(leaf, self.part, array)

    def same(self, j: Judged, some: Iterable[np.ndarray], others: Iterable[np.ndarray]) -> bool:
        """Are the part's numbers of two answers the same? One of LACKING where one lacks them."""
        tolerance = self.of(j).tolerance
        return all(same_array(u, v, tolerance) for u, v in zip(some, others, strict=True))

    def _if_there(self, leaf: ExpectedArray, path: tuple[Any, ...], answer: Any) -> list[np.ndarray]:
        """The array at this place of an answer, as floats; [] where none is."""
        try:
            array = _region(leaf, self.part, next(trees.arrays(trees.at(answer, path))))
            return [array.astype(float)] if array.dtype.kind in "fiub" else []
        except LACKING:
            return []

    def says_something(self, groups: Sequence[Sequence[Judged]]) -> bool:
        """Are there different numbers in an array, or from call to call? A constant is nobody's mistake."""
        seen: set[float] = set()
        for j in (j for group in groups for j in group if j.outcome.error is None):
            arrays = [
                a for path, leaf in self.of(j).places for a in self._if_there(leaf, path, j.outcome.value)
            ]
            finite = [a[np.isfinite(a)] for a in arrays]
            if any(a.size > 1 and a.min() < a.max() for a in finite):
                return True
            seen |= {float(a.flat[0]) for a in finite if a.size == 1}
        # A verdict is 0 or 1, and says something if it changes.
        return len(seen if self.exercise.compared_as == "verdict" else seen - {0.0}) > 1


def _region(leaf: ExpectedArray, part: str, array: np.ndarray) -> np.ndarray:
    """The entries of an array that belong to the part; all of them where it has but one."""
    if not leaf.regions:
        return array
    mask = leaf.regions[part]
    if array.shape != mask.shape:
        raise ValueError("the array has another shape, so no entry belongs to a part")
    return array[mask]


class Forms:
    """The wrong forms of mistakes in an exercise, and what they give, each asked once for each case."""

    def __init__(self, exercise: Exercise) -> None:
        self._exercise = exercise
        # The form itself is the key, never its id(), which a later form may have when this one is gone.
        self._given: dict[tuple[Form, int], Any] = {}

    def of(self, entry: type[Misconception]) -> tuple[Form, ...]:
        """The entry's forms."""
        return _forms_of(ByIdentity((entry,)), self._exercise.id)

    def give(self, form: Form, j: Judged) -> Any:
        """The form's answer, or the exception that it raised. j lives as long as the run that is scored."""
        key = form, id(j)
        if key not in self._given:
            try:
                self._given[key] = form(*(copy_value(arg) for arg in j.case.args))
            except Exception as error:
                self._given[key] = error
        return self._given[key]

    def may_give(self, form: Form, part: PartAnswers, j: Judged) -> bool:
        """Looked up: may the form give the student's numbers of the part in this case?"""
        of, entries = part.of(j), _last_entries_of(form, ByIdentity((*j.case.args, j.target.template)))
        return of.given is not None and all(
            leaf.regions or may_give(entries[place : place + 1], given, of.tolerance)[0]
            for place, (_, leaf), given in zip(of.numbers, of.places, of.given, strict=True)
        )


@lru_cache(maxsize=KEPT_ENTRIES)
def _forms_of(asked: ByIdentity, exercise_id: str) -> tuple[Form, ...]:
    """Some entries make their forms anew whenever they are asked: here they are asked once."""
    (entry,) = asked.arguments
    return tuple(entry.forms(exercise_id))


@lru_cache(maxsize=KEPT_FORM_ROWS)
def _last_entries_of(form: Form, asked: ByIdentity) -> np.ndarray:
    """The last entry of each array that the form gives, in the order of the expected answer's: (arrays,)."""
    *args, template = asked.arguments
    places = [path for path, _ in trees.paths(template)]
    try:
        answer = form(*map(copy_value, args))
    except Exception:
        return np.full(len(places), FAILS)
    return last_entries(partial(trees.at, answer, path) for path in places)


def credits_of(
    exercise: Exercise,
    run: Run,
    score: Score,
    named: Sequence[NamedMistake],
    catalogue: Catalogue,
) -> dict[str, Credit]:
    """What is kept of the parts that are wrong, by their names; parts of which nothing is kept are left out.

    named: the mistakes that the diagnosis named for the answer as a whole.
    """
    found: dict[str, Credit] = {}
    forms = Forms(exercise)
    # Then all numbers are right, wherever they stand.
    rearranged = next((_credit(exercise, entry, catalogue) for entry in REARRANGED if entry in named), None)
    # What was named for the whole answer comes first: a part alone may agree with another by chance.
    candidates = sorted(
        _candidates(exercise, catalogue), key=lambda pair: (-pair[0].share, pair[1] not in named)
    )
    with np.errstate(all="ignore"):
        for check in score.parts:
            if check.passed:
                continue
            part = PartAnswers(exercise, run, check.part)
            if rearranged is not None:
                found[check.part] = rearranged
                continue
            groups = part.wrong_groups()
            if not groups or not part.says_something(groups) or part.handed_back(groups):
                continue
            credits = [
                _whole(exercise, part, named, catalogue),
                _too_early(exercise, part, groups, catalogue),
            ]
            best = max((c for c in credits if c is not None), key=lambda c: c.share, default=None)
            for credit, entry in candidates:
                if best is not None and best.share >= credit.share:
                    break
                if not _same_errors(entry, exercise, run, forms):
                    continue
                explained = _explains(entry, part, groups, forms)
                if explained and (entry in named or _tells(entry, part, groups, forms)):
                    best = credit
            if best is not None and best.share:
                found[check.part] = best
    return found


def _credit(exercise: Exercise, entry: type[Misconception], catalogue: Catalogue) -> Credit:
    whole_recipe = exercise.explained_as in WHOLE_RECIPE
    return Credit(catalogue.credit_of(entry.code, whole_recipe), entry.code, entry.name)


def _candidates(exercise: Exercise, catalogue: Catalogue) -> Iterator[tuple[Credit, type[Misconception]]]:
    """The mistakes that keep something, and have forms to be tried in this exercise."""
    for code in catalogue.codes_of(exercise.id):
        credit = _credit(exercise, catalogue[code], catalogue)
        if credit.share and catalogue[code] not in REARRANGED:
            yield credit, catalogue[code]


def _whole(
    exercise: Exercise, part: PartAnswers, named: Sequence[NamedMistake], catalogue: Catalogue
) -> Credit | None:
    """The credit of the one mistake that was named for the whole answer, of which ordinary numbers tell."""
    entry = catalogue.get(named[0].code) if len(named) == 1 else None
    if entry is None or not part.ordinary or entry is InputsChangedOrStateKept or entry.credit_only:
        return None
    return _credit(exercise, entry, catalogue)


def _too_early(
    exercise: Exercise, part: PartAnswers, groups: Sequence[Sequence[Judged]], catalogue: Catalogue
) -> Credit | None:
    """The credit for 1/m in what is asked for one example, whatever the exercise."""
    if not exercise.per_example or DividedByMBeforeStep3.code not in catalogue:
        return None
    for j in (j for group in groups for j in group):
        if j.outcome.error is not None:
            return None
        m = exercise.sizes(j.case.args).get(EXAMPLES) or _examples(j)
        result = compare(j.target, rescale(j.outcome.value, float(m)))
        if any(r.state != "right" for r in result.leaves if r.leaf.part == part.part):
            return None
    return _credit(exercise, catalogue[DividedByMBeforeStep3.code], catalogue)


def _examples(j: Judged) -> int:
    return next(iter(trees.leaves(expected_of(j.target.template)))).shape[-1]


def _explains(
    entry: type[Misconception], part: PartAnswers, groups: Sequence[Sequence[Judged]], forms: Forms
) -> bool:
    """Does a form of the entry give all numbers of each group? Each branch may have its own form."""
    tried = forms.of(entry)
    only = entry.credit_only
    if only and not all(part.right(j) for j in part.cases if only not in j.case.tags):
        return False
    return all(
        any(
            all(_gives(form, part, j, forms) for j in group) and _is_wrong(form, part, group, forms)
            for form in tried
        )
        for group in groups
    )


def _tells(
    entry: type[Misconception], part: PartAnswers, groups: Sequence[Sequence[Judged]], forms: Forms
) -> bool:
    """Can an agreement in this part alone be no chance?

    In errors, or in numbers that are nothing but rounding, many forms agree; and at one size alone,
    as curves that end at 1 do: ordinary numbers have to be right, or the same mistake's.
    """
    if not all(any(map(part.wrong_numbers, group)) for group in groups):
        return False
    beside = part.beside()
    return beside is None or _explains(entry, beside, beside.wrong_groups(), forms)


def _same_errors(entry: type[Misconception], exercise: Exercise, run: Run, forms: Forms) -> bool:
    """Of a verdict: does one form give the numbers that it is made of? That many say no tells nothing."""
    if exercise.compared_as != "verdict":
        return True
    numbers = [PartAnswers(exercise, run, result.name) for result in exercise.results[1:]]
    return any(
        all(_gives(form, part, j, forms) for part in numbers for j in part.cases) for form in forms.of(entry)
    )


def _is_wrong(form: Form, part: PartAnswers, group: Sequence[Judged], forms: Forms) -> bool:
    """Does the form give wrong numbers in the part? Else it is no mistake in this part."""
    for j in group:
        wrong = forms.give(form, j)
        if isinstance(wrong, Exception):
            return True
        try:
            right = part.numbers(j, expected_of(j.target.template))
            if not part.same(j, part.numbers(j, wrong), right):
                return True
        except LACKING:
            return True
    return False


def _gives(form: Form, part: PartAnswers, j: Judged, forms: Forms) -> bool:
    """Does the form give the student's numbers of the part in this case? An error answers an error."""
    if j.outcome.error is None and not forms.may_give(form, part, j):
        return False
    wrong = forms.give(form, j)
    if isinstance(wrong, Exception) or j.outcome.error is not None:
        # What is not written yet raises, and is no mistake's answer.
        written = j.outcome.error is not None and j.outcome.error.type != STUB
        return isinstance(wrong, Exception) and written
    given = part.of(j).given
    try:
        return given is not None and part.same(j, given, part.numbers(j, wrong))
    except LACKING:
        return False
