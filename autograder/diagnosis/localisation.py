"""Where an answer is wrong, in one sentence: only with relu, only for m > 1, only in layer 1.

Each sentence says of some arrays that they are wrong and of all others that they are right. It is said only
if every array that is wrong, or never came, is of that kind, and if enough numbers of the other kind were
asked for and right. What a sentence speaks of (a layer, an example, the sign of z) has been declared of the
exercise, or it isn't said.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TypeAlias

import numpy as np

from autograder._language import N_, _
from autograder.diagnosis.answer_arrays import AnswerArray
from autograder.exercises.exercise import EXAMPLES, Argument

OfKind: TypeAlias = Callable[[AnswerArray], bool]
Claims: TypeAlias = Iterator[tuple[str, OfKind]]
# right numbers of the other kind
ENOUGH = 12

ONE_EXAMPLE_RIGHT = N_("Only wrong for m > 1: one example is right.")
ONE_EXAMPLE_WRONG = N_("Only wrong for m = 1.")
FIRST_STEP = ("A[0]", "Z[1]")
FIRST_STEP_RIGHT = N_(
    "A[0] and Z[1] are right, most of what comes after is not: look at the step from z to a."
)
LARGE = N_("Right on small networks and batches, wrong on large ones: does your code count on their size?")
TAGS = {
    "large": LARGE,
    "extreme": N_("Right except where |z| is large."),
    "integer": N_(
        "Only wrong where inputs are whole numbers: does an array of integers cut off your decimals?"
    ),
    "square": N_("Only wrong where {square}."),
    "poisoned": (
        N_(
            "Only wrong where the caches come from another network: use the caches given, not "
            "a forward pass of your own."
        )
    ),
}


def where(arrays: Sequence[AnswerArray], square: str = "") -> str | None:
    """The first sentence that holds of these arrays, those that never came among them; None where none does.

    square: what the probes tagged "square" have in common. Where only batches are wrong and only some layers,
    it is two.
    """
    for sentence, kind in (*_tags(square), *_branches(arrays), *_results(arrays)):
        if only(arrays, kind):
            return sentence
    found = [
        sentence
        for sentence, kind in _examples()
        if all(only(branch, kind) and _mostly(branch, kind) for branch in _wrong_branches(arrays))
    ]
    found += [sentence for sentence, kind in _layers(arrays) if only(arrays, kind)][:1]
    return " ".join(found) or _side_of_zero(arrays) or _way_forward(arrays)


def _wrong_branches(arrays: Sequence[AnswerArray]) -> list[list[AnswerArray]]:
    """The arrays of each nonlinearity and of each output, without those where all is right.

    Each name by itself: not every pair of the two is asked for with every number of examples.
    """
    found: dict[tuple[str, str], list[AnswerArray]] = {}
    for array in arrays:
        for branch in array.inputs.branches.items() or [("", "")]:
            found.setdefault(branch, []).append(array)
    return [branch for branch in found.values() if not all(array.right for array in branch)]


def only(arrays: Sequence[AnswerArray], kind: OfKind) -> bool:
    """Is all that is wrong of this kind, and enough of all else right?"""
    wrong = [array for array in arrays if not array.right]
    if not wrong or not all(map(kind, wrong)):
        return False
    return sum(array.expected.size for array in arrays if array.right and not kind(array)) >= ENOUGH


def _mostly(arrays: Sequence[AnswerArray], kind: OfKind) -> bool:
    """Is most of this kind wrong? Else it is not the kind that matters."""
    right = [array.right for array in arrays if kind(array)]
    return 2 * sum(right) <= len(right)


def _tags(square: str) -> Claims:
    for tag, sentence in TAGS.items():
        yield _(sentence, square=_(square)), partial(_tagged, tag)


def _tagged(tag: str, array: AnswerArray) -> bool:
    return tag in array.inputs.tags


def _branches(arrays: Sequence[AnswerArray]) -> Claims:
    """Only one nonlinearity or output is wrong, or all but one."""
    for argument in dict.fromkeys(name for array in arrays for name in array.inputs.branches):
        names = sorted({array.inputs.branches[argument] for array in arrays})
        if len(names) < 2:
            continue
        for name in names:
            yield _("Right except with {name}.", name=name), partial(_named, argument, name)
        for name in names if len(names) > 2 else ():
            yield _("Right with {name} alone.", name=name), partial(_not_named, argument, name)


def _named(argument: str, name: str, array: AnswerArray) -> bool:
    return array.inputs.branches[argument] == name


def _not_named(argument: str, name: str, array: AnswerArray) -> bool:
    return not _named(argument, name, array)


def _results(arrays: Sequence[AnswerArray]) -> Claims:
    """One of several results is wrong, all else is right."""
    names = sorted({array.result.name for array in arrays})
    if len(names) == 2:
        for good, bad in (names, names[::-1]):
            yield _("{good} is right, {bad} is not.", good=good, bad=bad), partial(_of, bad)
    elif len(names) > 2:
        for name in names:
            yield _("Right except {name}.", name=name), partial(_of, name)


def _of(name: str, array: AnswerArray) -> bool:
    return array.result.name == name


def _way_forward(arrays: Sequence[AnswerArray]) -> str | None:
    """Of Z and A: the first step is right, and most of what follows from it is not."""
    first = [array for array in arrays if array.name in FIRST_STEP]
    later = [array for array in arrays if array.name not in FIRST_STEP]
    if {array.name for array in first} != set(FIRST_STEP) or not all(array.right for array in first):
        return None
    wrong = sum(not array.right for array in later)
    return _(FIRST_STEP_RIGHT) if later and 2 * wrong >= len(later) else None


def _layers(arrays: Sequence[AnswerArray]) -> Claims:
    if any(array.layer is None for array in arrays):
        return

    def from_top(array: AnswerArray) -> int:
        assert array.layer is not None
        return array.inputs.layers - array.layer

    yield _("Right except layer 1."), lambda array: array.layer == 1
    yield _("Right except the last layer."), lambda array: from_top(array) == 0
    wrong = [from_top(array) for array in arrays if not array.right]
    if wrong and min(wrong) == 1:
        yield (
            _("The last layer is right; the mistake is on the way from one layer to the one before."),
            lambda array: from_top(array) >= 1,
        )
    if wrong and min(wrong) > 1:
        yield (
            _("Right in the last layers, wrong in those before."),
            lambda array: from_top(array) >= min(wrong),
        )
    yield _("Right but for networks of one or two layers."), lambda array: array.inputs.layers <= 2
    yield _("Right for networks of one or two layers, not for more."), lambda array: array.inputs.layers > 2


def is_one_example(array: AnswerArray) -> bool:
    """Is this the answer to a batch of one?"""
    return array.inputs.sizes.get(EXAMPLES) == 1


def is_batch(array: AnswerArray) -> bool:
    """Is this the answer to a batch of more than one example?"""
    return array.inputs.sizes.get(EXAMPLES, 1) > 1


def _examples() -> Claims:
    yield _(ONE_EXAMPLE_RIGHT), is_batch
    yield _(ONE_EXAMPLE_WRONG), is_one_example


def _side_of_zero(arrays: Sequence[AnswerArray]) -> str | None:
    """Only wrong where an argument of the result's shape is positive, negative or 0, entry by entry."""
    for argument, _value in arrays[0].inputs.arguments:
        if argument.shape and all(_alike(argument, array.result) for array in arrays):
            counts = _by_sign(arrays, argument)
            if counts and (sides := _wrong_sides(counts)):
                return _("Right except where {symbol} {sides} 0.", symbol=argument.symbol, sides=sides)
    return None


def _alike(argument: Argument, result: Argument) -> bool:
    return (argument.shape, argument.layered) == (result.shape, result.layered)


# The signs for which all is wrong that is, and how a sentence says that. What isn't asked speaks for nothing.
SIDES = {(1,): ">", (-1,): "<", (0,): "=", (0, 1): "≥", (-1, 0): "≤"}


def _wrong_sides(counts: Mapping[int, tuple[int, int]]) -> str | None:
    """The relation to 0 where entries are wrong, most of each sign in it; None where signs don't tell."""
    wrong = tuple(sign for sign, (off, _) in sorted(counts.items()) if off)
    right = sum(asked for off, asked in counts.values() if not off)
    mostly = all(2 * off >= asked for off, asked in counts.values() if off)
    return SIDES.get(wrong) if mostly and right >= ENOUGH else None


def _by_sign(arrays: Sequence[AnswerArray], argument: Argument) -> dict[int, tuple[int, int]]:
    """How many entries are wrong, of how many, for each sign of the argument; {} where shapes differ."""
    counts = dict.fromkeys((-1, 0, 1), (0, 0))
    for array in arrays:
        value = dict(array.inputs.arguments)[argument]
        signs = np.sign(np.asarray(value if array.layer is None else value[argument.key(array.layer)]))
        if signs.shape != array.answer.shape or signs.shape != array.expected.shape:
            return {}
        scale = max(float(np.max(np.abs(array.expected), initial=0)), 1e-290)
        off = ~((np.abs(array.answer - array.expected) <= 1e-7 * scale) | array.right)
        for sign, (wrong, asked) in counts.items():
            here = signs == sign
            counts[sign] = wrong + int((off & here).sum()), asked + int(here.sum())
    return counts
