"""Answers to exercises about a given code: which change of the code do they come of?

Where the code's results are asked in another form, an answer may be what the code would give with one place
changed. Where the code is to be undone, an answer may be what went into the changed code.
"""

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from autograder._language import _
from autograder.diagnosis.closeness import is_right
from autograder.diagnosis.derived_mistakes import DerivedMistake
from autograder.diagnosis.off_by import off_by
from autograder.diagnosis.undone_step import SAME_WITHIN, agrees, scaled_before, slopes_of, undone_step
from autograder.exercises.exercise import Exercise
from autograder.exercises.given_code import GivenCode
from autograder.exercises.graded.derived_step import DerivedStep
from autograder.judging.evidence import Evidence
from autograder.slips.kinds import PLACE, VALUE
from autograder.slips.other_code import changes_of
from autograder.slips.sentences import listed
from autograder.tracing.tape import NotTraceable
from autograder.trees import Array, leaves

# Cases that are looked at: of these an answer must come, all of them
CASES = 6
# What a changed code may raise on these shapes
FAILURES = (
    ValueError,
    TypeError,
    IndexError,
    KeyError,
    AttributeError,
    NameError,
    ZeroDivisionError,
    np.linalg.LinAlgError,
    NotTraceable,
)
TAGS_LEFT_OUT = frozenset({"extreme", "large", "single"})

# A changed code and changed arguments that give an answer, in words that go after "if"
WaysChanged = tuple[str, Callable[..., Any], Callable[[Mapping[str, Any]], Mapping[str, Any]]]


def changed_code(exercise: Exercise, evidence: Sequence[Evidence]) -> tuple[DerivedMistake, ...]:
    """What the given code would have to be for these answers, or what they are off by, or nothing."""
    given = exercise.given_code
    cases = [e for e in evidence if not e.case.tags & TAGS_LEFT_OUT and "at" in e.case.hidden]
    if given is None or not cases or not all(_is_plain(exercise, e) for e in cases):
        return ()
    cases = sorted(cases, key=_smallest_size, reverse=True)[:CASES]
    if all(is_right(e) for e in cases):
        # what is wrong elsewhere alone comes of no other code
        return ()
    asked = listed([result.name for result in exercise.results])
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        if given.unknown and _fits(given, cases, ("", given.function, dict)):
            words = _(
                "Your {asked} gives the right {listed} in the given code, but the statement asks for "
                "one of a certain kind, and yours is another",
                asked=asked,
                listed=listed(given.outcomes),
            )
            return (DerivedMistake.of_kind(PLACE, words, exercise.assignment),)
        if found := scaled_before(exercise, cases):
            return found
        for change in _changes(given, cases[0].case.hidden["at"]):
            if _fits(given, cases, change):
                words = _(
                    "Your {asked} would be right if in the given code {change}", asked=asked, change=change[0]
                )
                return (DerivedMistake.of_kind(VALUE, words, exercise.assignment),)
        if found := undone_step(exercise, cases):
            return found
        if _done_once_more(given, cases):
            words = _(
                "Your {asked} is what the given code makes of `{came}`: it is done once more, not undone",
                asked=asked,
                came=given.outcomes[0],
            )
            return (DerivedMistake.of_kind(PLACE, words, exercise.assignment),)
        if where := _half_undone(given, cases):
            return (
                DerivedMistake.of_kind(
                    PLACE, _("Your {asked} {where}", asked=asked, where=where), exercise.assignment
                ),
            )
        off = off_by(exercise, cases) if len(exercise.results) == 1 else ""
    return (
        (DerivedMistake.of_kind(VALUE, _("Your {asked} {off}", asked=asked, off=off), exercise.assignment),)
        if off
        else ()
    )


def _done_once_more(given: GivenCode, cases: Sequence[Evidence]) -> bool:
    """Is the answer what the code gives for what it had given?"""
    if not given.unknown:
        return False
    for e in cases:
        at, came = e.case.hidden["at"], e.case.hidden["came"]
        if np.shape(came[0]) != np.shape(at[given.unknown]):
            return False
        if not _alike(given.results(given.function, {**at, given.unknown: came[0]})[:1], [e.answer]):
            return False
    return True


def _half_undone(given: GivenCode, cases: Sequence[Evidence]) -> str:
    """The sign of the results that come right from what was answered, "" where it is none alone."""
    if not given.unknown or len(given.outcomes) != 1:
        return ""
    right: list[Array] = []
    signs: list[Array] = []
    for e in cases:
        if np.shape(e.answer) != np.shape(e.case.hidden["at"][given.unknown]):
            return ""
        at = {**e.case.hidden["at"], given.unknown: np.asarray(e.answer, dtype=float)}
        (found,), (came,) = given.results(given.function, at), e.case.hidden["came"]
        right.append(np.ravel(np.abs(found - came) <= SAME_WITHIN * np.max(np.abs(came))))
        signs.append(np.ravel(np.sign(came)))
    is_right, sign = np.concatenate(right), np.concatenate(signs)
    for which, written in ((1, ">"), (-1, "<")):
        if np.array_equal(is_right, sign == which) and 0 < is_right.sum() < is_right.size:
            name = given.outcomes[0]
            return _(
                "gives the right {name} in the given code only where {name} {written} 0",
                name=name,
                written=written,
            )
    return ""


def _is_plain(exercise: Exercise, e: Evidence) -> bool:
    """Is the answer made of numbers, and one array where one result is asked?"""
    if e.error is not None or (len(exercise.results) == 1 and isinstance(e.answer, (tuple, list, dict))):
        return False
    try:
        return all(np.asarray(leaf).dtype.kind in "fiub" for leaf in leaves(e.answer))
    except (TypeError, ValueError):
        return False


def _smallest_size(e: Evidence) -> int:
    """The length of the shortest axis of a case's arguments: the longer, the more tells it apart."""
    arrays = [np.shape(leaf) for leaf in leaves(list(e.case.hidden["at"].values()))]
    return min((n for shape in arrays for n in shape), default=0)


def changes_with_arguments(function: Callable[..., Any], at: Mapping[str, Any]) -> Iterator[WaysChanged]:
    """The code with one change, and the code itself with a number among its arguments changed."""
    for change in changes_of(function):
        yield change.words, change.function, dict
    for name, value in at.items():
        if isinstance(value, float):
            yield _("`{name}` were 0", name=name), function, _with(name, lambda v: 0.0)
            yield _("`{name}` were 1", name=name), function, _with(name, lambda v: 1.0)
            yield _("`{name}` were `1 - {name}`", name=name), function, _with(name, lambda v: 1 - v)
            half, twice = f"{name} / 2", f"2 * {name}"
            yield _("`{text}` were `{other}`", text=name, other=half), function, _with(name, lambda v: v / 2)
            yield _("`{text}` were `{other}`", text=name, other=twice), function, _with(name, lambda v: 2 * v)


def _changes(given: GivenCode, at: Mapping[str, Any]) -> Iterator[WaysChanged]:
    yield from changes_with_arguments(given.function, at)
    if given.unknown and given.kind is None:
        yield (
            _("`{unknown}` had a minus", unknown=given.unknown),
            given.function,
            _with(given.unknown, lambda v: -v),
        )


def _with(name: str, f: Callable[[Any], Any]) -> Callable[[Mapping[str, Any]], Mapping[str, Any]]:
    return lambda at: {**at, name: f(at[name])}


def _fits(given: GivenCode, cases: Sequence[Evidence], change: WaysChanged) -> bool:
    """Does the change give every case's answer?"""
    _, function, changed = change
    for e in cases:
        at = dict(e.case.hidden["at"])
        if given.unknown:
            if np.shape(e.answer) != np.shape(at[given.unknown]):
                return False
            at[given.unknown] = np.asarray(e.answer, dtype=float)
            wanted: Any = e.case.hidden["came"]
        else:
            wanted = e.answer
        try:
            found = given.results(function, changed(at))
        except FAILURES:
            return False
        if _alike(found, wanted):
            continue
        one_step = isinstance(given.used, DerivedStep) and len(found) == len(wanted)
        if not one_step or not agrees(found[0], wanted[0], np.shape(e.answer), slopes_of(given, e)):
            return False
    return True


def _alike(found: Any, wanted: Any) -> bool:
    try:
        mine = [np.asarray(leaf, dtype=float) for leaf in leaves(list(found))]
        theirs = [np.asarray(leaf, dtype=float) for leaf in leaves(wanted)]
    except (TypeError, ValueError):
        return False
    if [array.shape for array in mine] != [array.shape for array in theirs]:
        return False
    for a, b in zip(mine, theirs, strict=True):
        if not (np.isfinite(a).all() and np.isfinite(b).all()):
            return False
        if np.max(np.abs(a - b), initial=0) > SAME_WITHIN * np.max(np.abs(b), initial=1e-30):
            return False
    return True
