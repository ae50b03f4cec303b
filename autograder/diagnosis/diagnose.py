"""Which wrong formula reproduces these numbers? A name only if one mistake, or a pair, explains them all."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import product
from typing import Any, TypeAlias

import numpy as np

from autograder.diagnosis.another_function import another_function
from autograder.diagnosis.answer_arrays import AnswerArrays, branch_of
from autograder.diagnosis.arrangement import put_back, rearranged
from autograder.diagnosis.at_extremes import at_extremes, overflows_besides
from autograder.diagnosis.changed_code import changed_code
from autograder.diagnosis.changed_forward import changed_forward
from autograder.diagnosis.closeness import is_right
from autograder.diagnosis.derived_mistakes import DerivedMistake, derived_mistakes
from autograder.diagnosis.error_patterns import accepted_besides, pattern
from autograder.diagnosis.forward_layers import explain_forward
from autograder.diagnosis.layer_by_layer import explain_deltas, explain_gradients
from autograder.diagnosis.lookup import ByIdentity
from autograder.diagnosis.matching import (
    KEPT_OPTIONS,
    LIKELY,
    RIGHT,
    Explanation,
    Group,
    Item,
    Options,
    common_codes,
    explain,
    in_order,
    that_raise,
    that_reproduce,
)
from autograder.diagnosis.penalised import explain_penalised
from autograder.diagnosis.updates_and_state import remembers, returns_updates
from autograder.diagnosis.weighted_sum import weighted_sum
from autograder.exercises.exercise import EXAMPLES, Exercise
from autograder.judging.evidence import Evidence
from autograder.misconceptions import CATALOGUE, Catalogue, Misconception, SlotChange
from autograder.misconceptions.arrangement import PairInOtherOrder
from autograder.misconceptions.backward_loop import InputsChangedOrStateKept, UpdatedParametersReturned
from autograder.misconceptions.forward import ExpOverflows
from autograder.misconceptions.gradient_checking import StepsNeverTakenBack
from autograder.misconceptions.residual_layer import with_both
from autograder.misconceptions.slots import SlotChanges
from autograder.misconceptions.step_1 import DividedByMBeforeStep3, SignFlipped
from autograder.misconceptions.step_3 import SumForMean
from autograder.trees import copy_value, rescale

# float32's rounding, a slope that may be anything: they tell nothing more
LEFT_OUT = frozenset({"single", "kink"})


# What m examples multiply an answer by.
ByExamples: TypeAlias = Callable[[int], float]
# An entry of the catalogue, or a mistake derived from the exercise's own forward pass.
NamedMistake: TypeAlias = type[Misconception] | DerivedMistake


@dataclass(frozen=True)
class Diagnosis:
    """The mistakes that explain an answer, and else the pattern of its errors."""

    mistakes: tuple[NamedMistake, ...] = ()
    pattern: str | None = None


def diagnose(
    exercise: Exercise,
    answers: Sequence[AnswerArrays],
    impure: bool = False,
    catalogue: Catalogue = CATALOGUE,
) -> Diagnosis:
    """Name the mistake behind the wrong answers among these, or describe their pattern, or say nothing.

    impure: did the judge see something change between two calls, or in the arguments?
    """
    with np.errstate(all="ignore"):
        used = [a for a in answers if not (a.evidence.case.tags & LEFT_OUT or a.evidence.case.advisory)]
        # to replay formulas on the large ones takes long
        small = [a.evidence for a in used if "large" not in a.evidence.case.tags]
        if all(e.error is None and is_right(e) for e in small):
            # with another seed it shows in small ones too
            small = [a.evidence for a in used]
        elsewhere = rearranged([a.evidence for a in used])
        if elsewhere is not None and elsewhere.code in catalogue:
            return Diagnosis((elsewhere,))
        codes = _codes(exercise, small, catalogue)
        if not codes and (swapped := put_back(small)):
            codes = _codes(exercise, swapped, catalogue)
            codes = in_order(frozenset((PairInOtherOrder.code, *codes))) if codes else ()
        # an argument that is left moved comes before the slopes that are then measured elsewhere
        left_moved = impure and codes == (StepsNeverTakenBack.code,)
        if left_moved or (not codes and (impure or remembers(exercise.id, small))):
            codes = (InputsChangedOrStateKept.code,)
        named: tuple[NamedMistake, ...] = tuple(catalogue[code] for code in codes)
        if not named:
            named = (
                derived_mistakes(exercise, small, catalogue)
                or changed_code(exercise, small)
                or changed_forward(exercise, small)
                or weighted_sum(exercise, small)
            )
        checks = [form for code in codes for form in catalogue[code].forms(exercise.id)]
        verdict = exercise.compared_as == "verdict" and bool(checks)
        besides = verdict and accepted_besides(exercise, small, checks)
        said = pattern(exercise, used) if besides or not named else None
        if not named and said is None:
            named = tuple(catalogue[code] for code in another_function(exercise, small) if code in catalogue)
    return Diagnosis(named, said)


def _codes(exercise: Exercise, evidence: Sequence[Evidence], catalogue: Catalogue) -> tuple[str, ...]:
    ordinary = [e for e in evidence if "extreme" not in e.case.tags]
    if all(e.error is None and is_right(e) for e in ordinary):
        return at_extremes(exercise, evidence)
    if exercise.explained_as == "deltas":
        return explain_deltas(ordinary, catalogue) or ()
    if exercise.explained_as in ("gradients", "penalised gradients") and returns_updates(ordinary):
        return (UpdatedParametersReturned.code,)
    if exercise.explained_as == "gradients":
        return explain_gradients(ordinary, catalogue) or ()
    if exercise.explained_as == "penalised gradients":
        return explain_penalised(exercise, ordinary, catalogue)
    if exercise.explained_as == "forward":
        return _by_formulas(exercise, ordinary, catalogue) or explain_forward(ordinary, catalogue) or ()
    codes = _by_slots(exercise, ordinary, catalogue) or _by_formulas(exercise, ordinary, catalogue)
    if codes and overflows_besides(exercise, evidence, catalogue[codes[0]]):
        codes = in_order(frozenset((*codes, ExpOverflows.code)))
    return codes


def _surroundings(exercise: Exercise, e: Evidence) -> Any:
    assert exercise.surroundings is not None
    return exercise.surroundings(**exercise.given(e.case))


def _result_of(exercise: Exercise, place: int, answer: Any) -> Any:
    """One of several results in an answer. TypeError, IndexError or KeyError where it isn't there."""
    return answer if len(exercise.results) == 1 else answer[place]


def _by_slots(exercise: Exercise, evidence: Sequence[Evidence], catalogue: Catalogue) -> tuple[str, ...]:
    """One step of the recipe: each branch and result explained by a slot exchanged, or two."""
    groups: dict[tuple[int, str], Group] = {}
    for place, step in enumerate(exercise.steps):
        found = [
            change
            for change in catalogue.slot_changes(step.slots, exercise.id)
            if not getattr(change.formula, "needs_net", False)
        ]
        items: dict[str, list[Item]] = {}
        for e in evidence:
            if e.error is None:
                try:
                    part = partial(_result_of, exercise, place)
                    item = Item.of(_surroundings(exercise, e), e, part, step.run)
                except (TypeError, IndexError, KeyError):
                    # The answer is no pair
                    return ()
                items.setdefault(branch_of(exercise, e), []).append(item)
        for branch, group in items.items():
            groups[place, branch] = Group(group, found, step.run)
    raised = [e for e in evidence if e.error is not None]

    def fails_there(key: tuple[int, str], explanation: Explanation) -> bool:
        place, branch = key
        return all(
            _fails(exercise.steps[place].run, explanation, _surroundings(exercise, e))
            for e in raised
            if branch_of(exercise, e) == branch
        )

    explained = {key: that_raise(found, partial(fails_there, key)) for key, found in explain(groups).items()}
    codes = common_codes(list(explained.values()))
    return codes if codes and _all_raise(exercise, evidence, explained) else ()


def _all_raise(
    exercise: Exercise, evidence: Sequence[Evidence], groups: Mapping[tuple[int, str], list[Explanation]]
) -> bool:
    """Where the student's code raised, one of the explaining formulas must raise too.

    A branch may have no explanation of its own, if what came back there was 0 or nothing: then another
    branch's must do.
    """
    return all(
        any(
            _fails(exercise.steps[place].run, explanation, _surroundings(exercise, e))
            for (place, _), found in groups.items()
            for explanation in found
        )
        for e in evidence
        if e.error is not None
    )


def _fails(run: Callable[[SlotChanges, Any], Any], explanation: Explanation, inputs: Any) -> bool:
    try:
        run(explanation.changes, inputs)
    except Exception:
        return True
    return False


def _by_formulas(exercise: Exercise, evidence: Sequence[Evidence], catalogue: Catalogue) -> tuple[str, ...]:
    """Whole wrong formulas replayed, branch by branch, and result by result where the exercise says so."""
    found = catalogue.formulas_of(exercise.id)
    if not found or not evidence:
        return ()
    names = [result.name for result in exercise.results]
    groups = []
    for place in map(names.index, exercise.one_by_one) if exercise.one_by_one else (None,):

        def part(answer: Any, place: int | None = place) -> Any:
            return answer if place is None else answer[place]

        def run(changes: SlotChanges, args: Any, part: Callable[[Any], Any] = part) -> Any:
            return part(changes["formula"](*(copy_value(arg) for arg in args)))

        items: dict[str, list[Item]] = {}
        raised: list[Evidence] = []
        for e in evidence:
            # This result isn't asked of this case
            if place is not None and len(e.expected) <= place:
                continue
            if e.error is not None:
                raised.append(e)
                continue
            try:
                item = Item.of(e.case.args, e, part, (exercise.id, place))
                items.setdefault(branch_of(exercise, e), []).append(item)
            except (TypeError, IndexError, KeyError):
                return ()
        for branch, group in items.items():
            options = explain({"": Group(group, found, run)}, try_pairs=False)[""]
            if not options:
                options = _scaled(exercise, Group(group, found, run), catalogue)
            options = options or _at_two_places(Group(group, found, run))
            if not options:
                return ()
            here = [e for e in raised if branch_of(exercise, e) == branch]
            groups.append([o for o in options if o is RIGHT or all(_raises(o, e) for e in here)])
    return common_codes(groups) or ()


def _scaled(exercise: Exercise, group: Group, catalogue: Catalogue) -> list[Explanation]:
    """What explains answers that are off by a sign or a factor m besides, with both names."""
    for entry, factor in _factors(exercise, catalogue):
        items = [_times(factor, exercise, item) for item in group.items]
        options = explain({"": replace(group, items=items)}, try_pairs=False)[""]
        two = [replace(o, codes=o.codes | {entry.code}) for o in options if not o.codes <= {entry.code}]
        if two:
            return two
    return []


def _at_two_places(group: Group) -> list[Explanation]:
    """What explains answers of a residual layer by another delta_z and another way back at once."""
    if group.uninformative:
        return []
    return that_reproduce(group, _two_places(ByIdentity(tuple(group.slot_changes))))


@lru_cache(maxsize=KEPT_OPTIONS)
def _two_places(formulas: ByIdentity) -> Options:
    another_delta_z = _likelier(c for c in formulas.arguments if hasattr(c.formula, "delta_z"))
    another_back = _likelier(c for c in formulas.arguments if hasattr(c.formula, "back"))
    both = (
        Explanation(frozenset((a.code, b.code)), {"formula": with_both(a.formula, b.formula)})
        for a, b in product(another_delta_z, another_back)
    )
    return Options(tuple(both), ("two places", formulas))


def _likelier(changes: Iterable[SlotChange]) -> list[SlotChange]:
    """The first few of each entry."""
    by_code: dict[str, list[SlotChange]] = {}
    for change in changes:
        by_code.setdefault(change.code, []).append(change)
    return [change for few in by_code.values() for change in few[:LIKELY]]


def _factors(exercise: Exercise, catalogue: Catalogue) -> Iterator[tuple[type[Misconception], ByExamples]]:
    """What may be wrong beside a wrong formula, and what takes it away again, of m examples."""
    named_here = catalogue.codes_of(exercise.id)
    if exercise.averaged:
        yield SumForMean, lambda m: 1 / m
    if exercise.per_example or DividedByMBeforeStep3.code in named_here:
        yield DividedByMBeforeStep3, lambda m: m
    if SignFlipped.code in named_here and not exercise.averaged:
        yield SignFlipped, lambda m: -1


def _times(factor: ByExamples, exercise: Exercise, item: Item) -> Item:
    m = exercise.sizes(item.inputs).get(EXAMPLES) or 1
    return replace(item, answer=rescale(item.answer, factor(m)))


def _raises(explanation: Explanation, e: Evidence) -> bool:
    try:
        explanation.changes["formula"](*(copy_value(arg) for arg in e.case.args))
    except Exception:
        return True
    return False
