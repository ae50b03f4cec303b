"""What is kept of each wrong part of the points: the credit of the one mistake that gives its numbers.

A part is explained by a mistake of the catalogue if one of its wrong forms gives all numbers of the part, or
if the mistake was named for the whole answer.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from autograder import trees
from autograder.diagnosis.diagnose import NamedMistake
from autograder.diagnosis.part_answers import LACKING, PartAnswers
from autograder.diagnosis.wrong_forms import Form, Forms
from autograder.exercises.exercise import EXAMPLES, Exercise
from autograder.exercises.expected import expected_of
from autograder.judging.comparison import compare
from autograder.judging.scoring import Credit, Judged, Run, Score
from autograder.misconceptions import Catalogue, Misconception
from autograder.misconceptions.arrangement import REARRANGED
from autograder.misconceptions.backward_loop import InputsChangedOrStateKept
from autograder.misconceptions.step_1 import DividedByMBeforeStep3
from autograder.sandbox.calls import STUB
from autograder.trees import rescale

# All steps of the recipe in one function.
WHOLE_RECIPE = ("deltas", "gradients", "penalised gradients")


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
    # All numbers are right, wherever they stand, if it is named alone.
    alone = next((entry for entry in REARRANGED if tuple(named) == (entry,)), None)
    rearranged = None if alone is None else _credit(exercise, alone, catalogue)
    # What was named for the whole answer comes first: a part alone may agree with another by chance.
    candidates = sorted(
        _candidates(exercise, catalogue), key=lambda pair: (-pair[0].share, pair[1] not in named)
    )
    with np.errstate(all="ignore"):
        wrong = [PartAnswers(exercise, run, check.part) for check in score.parts if not check.passed]
        if rearranged is not None:
            return {part.part: rearranged for part in wrong}
        grouped = [(part, part.wrong_groups()) for part in wrong]
        telling = [bool(groups) and part.says_something(groups) for part, groups in grouped]
        for (part, groups), tells in zip(grouped, telling, strict=True):
            if not groups or not any(telling) or part.handed_back(groups):
                continue
            # What the mistake of the whole gives is its own also where it is 0, with all units off.
            credits = [_whole(exercise, part, named, catalogue)]
            if tells:
                credits.append(_too_early(exercise, part, groups, catalogue))
            best = max((c for c in credits if c is not None), key=lambda c: c.share, default=None)
            least = 0.0 if best is None else best.share
            in_reach = (entry for credit, entry in candidates if credit.share > least)
            possible = forms.possible(in_reach, part, groups[0][0])
            for credit, entry in candidates if tells else ():
                if best is not None and best.share >= credit.share:
                    break
                if entry not in possible or not _same_errors(entry, exercise, run, forms):
                    continue
                explained = _explains(entry, part, groups, forms)
                if explained and (entry in named or _tells(entry, part, groups, forms)):
                    best = credit
            if best is not None and best.share:
                found[part.part] = best
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
    if exercise.forward is not None and exercise.forward.only_names:
        return None
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
