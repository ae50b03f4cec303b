"""Where an answer is wrong, in one sentence: only with relu, only for m > 1, only in layer 1.

Each sentence says of some arrays that they are wrong and of all others that they are right. It is said only if every
array that is wrong, or never came, is of that kind, and if enough numbers of the other kind were asked for and right.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, TypeAlias

import numpy as np

from autograder.diagnosis.answer_arrays import AnswerArray

Kind: TypeAlias = Callable[[AnswerArray], bool]
ENOUGH = 12  # right numbers of the other kind

ONE_EXAMPLE_RIGHT = "Only wrong for m > 1: one example is right."
LARGE = "Right on small networks and batches, wrong on large ones: does your code count on their size?"
TAGS = {
    "large": LARGE,
    "extreme": "Right except where |z| is large: exp overflows there, or a 0 stands in a log or below a line. Work from the logits, the largest one taken off.",
    "integer": "Only wrong where inputs are whole numbers: does an array of integers cut off your decimals?",
    "square": "Only wrong where all layers have one width.",
    "poisoned": "Only wrong where the caches come from another network: use the caches given, not a forward pass of your own.",
}  # fmt: skip


def where(leaves: Sequence[AnswerArray]) -> str | None:
    """The first sentence that holds of these arrays, those that never came among them; None where none does.

    Where only batches are wrong and only some layers, it is two.
    """
    for sentence, kind in (*_tags(), *_branches(leaves), *_parts(leaves)):
        if only(leaves, kind):
            return sentence
    found = [
        sentence
        for sentence, kind in _examples()
        if all(only(branch, kind) and _mostly(branch, kind) for branch in _wrong_branches(leaves))
    ]
    found += [sentence for sentence, kind in _layers(leaves) if only(leaves, kind)][:1]
    return " ".join(found) or _side_of_zero(leaves)


def _wrong_branches(leaves: Sequence[AnswerArray]) -> list[list[AnswerArray]]:
    """The arrays of each nonlinearity and of each output, without those where all is right.

    Each name by itself: not every pair of the two is asked for with every number of examples.
    """
    found: dict[tuple[int, str], list[AnswerArray]] = {}
    for leaf in leaves:
        names = [(place, a) for place, a in enumerate(leaf.case.args) if isinstance(a, str)]
        for name in names or [(-1, "")]:
            found.setdefault(name, []).append(leaf)
    return [branch for branch in found.values() if not all(leaf.right for leaf in branch)]


def only(leaves: Sequence[AnswerArray], kind: Kind) -> bool:
    """Is all that is wrong of this kind, and enough of all else right?"""
    wrong = [leaf for leaf in leaves if not leaf.right]
    if not wrong or not all(map(kind, wrong)):
        return False
    return sum(leaf.expected.size for leaf in leaves if leaf.right and not kind(leaf)) >= ENOUGH


def _mostly(leaves: Sequence[AnswerArray], kind: Kind) -> bool:
    """Is most of this kind wrong? Else it is not the kind that matters."""
    right = [leaf.right for leaf in leaves if kind(leaf)]
    return 2 * sum(right) <= len(right)


Claims: TypeAlias = Iterator[tuple[str, Kind]]


def _tags() -> Claims:
    for tag, sentence in TAGS.items():
        yield sentence, partial(_tagged, tag)


def _tagged(tag: str, leaf: AnswerArray) -> bool:
    return tag in leaf.case.tags or (tag == "square" and _square(leaf.case))


def _branches(leaves: Sequence[AnswerArray]) -> Claims:
    """Only one nonlinearity or output is wrong, or all but one."""
    for place in (0, 3, 4, 5):
        names = {leaf.case.args[place] for leaf in leaves if names_branch(leaf.case, place)}
        if len(names) < 2:
            continue
        for name in sorted(names):
            yield f"Right except with {name}.", partial(_named, place, name)
        for name in sorted(names) if len(names) > 2 else ():
            yield f"Right with {name} alone.", partial(_not_named, place, name)


def _named(place: int, name: str, leaf: AnswerArray) -> bool:
    return names_branch(leaf.case, place) and bool(leaf.case.args[place] == name)


def _not_named(place: int, name: str, leaf: AnswerArray) -> bool:
    return not _named(place, name, leaf)


def names_branch(case: Any, place: int) -> bool:
    return len(case.args) > place and isinstance(case.args[place], str)


def _parts(leaves: Sequence[AnswerArray]) -> Claims:
    """One of two results is right, the other is not."""
    names = sorted({leaf.path[0] for leaf in leaves if leaf.path and isinstance(leaf.path[0], str)})
    if len(names) == 2:
        for good, bad in (names, names[::-1]):
            yield f"{good} is right, {bad} is not.", partial(_of, bad)


def _of(part: str, leaf: AnswerArray) -> bool:
    return bool(leaf.path[0] == part)


def _layers(leaves: Sequence[AnswerArray]) -> Claims:
    if not all(leaf.path and isinstance(leaf.path[-1], int) for leaf in leaves):
        return

    def from_top(leaf: AnswerArray) -> int:
        return int(leaf.layers - leaf.path[-1])

    yield "Right except layer 1.", lambda leaf: leaf.path[-1] == 1
    yield "Right except the last layer.", lambda leaf: from_top(leaf) == 0
    wrong = [from_top(leaf) for leaf in leaves if not leaf.right]
    if wrong and min(wrong) == 1:
        yield (
            "The last layer is right; the mistake is on the way from one layer to the one before.",
            lambda leaf: from_top(leaf) >= 1,
        )
    if wrong and min(wrong) > 1:
        yield "Right in the last layers, wrong in those before.", lambda leaf: from_top(leaf) >= min(wrong)
    yield "Right but for networks of one or two layers.", lambda leaf: leaf.layers <= 2
    yield "Right for networks of one or two layers, not for more.", lambda leaf: leaf.layers > 2


def _examples() -> Claims:
    yield ONE_EXAMPLE_RIGHT, lambda leaf: leaf.m != 1
    yield "Only wrong for m = 1.", lambda leaf: leaf.m == 1


def _square(case: Any) -> bool:
    """Does hidden_delta get a square W here, as in a net whose layers have one width?"""
    if len(case.args) != 4 or not names_branch(case, 3) or not isinstance(case.args[0], np.ndarray):
        return False
    rows, columns = case.args[0].shape
    return bool(rows == columns > 1)


def _side_of_zero(leaves: Sequence[AnswerArray]) -> str | None:
    """Only wrong where z <= 0, or where z > 0, entry by entry, and right where it is not."""
    off: set[str] = set()
    fine: dict[str, int] = {"z > 0": 0, "z ≤ 0": 0}
    for leaf in leaves:
        z = _z_of(leaf)
        if z is None or z.shape != leaf.answer.shape or z.shape != leaf.expected.shape:
            return None
        close = np.abs(leaf.answer - leaf.expected) <= 1e-7 * max(
            float(np.max(np.abs(leaf.expected))), 1e-290
        )
        good = close | leaf.right
        for side, here in (("z > 0", z > 0), ("z ≤ 0", z <= 0)):
            fine[side] += int(np.sum(here & good))
            if np.any(here & ~good):
                off.add(side)
        if len(off) == 2:
            return None
    if len(off) != 1:
        return None
    side = off.pop()
    return f"Right except where {side}." if sum(fine.values()) - fine[side] >= ENOUGH else None


def _z_of(leaf: AnswerArray) -> np.ndarray | None:
    args = leaf.case.args
    if len(args) == 4 and isinstance(args[3], str):
        return np.asarray(args[2])
    if len(args) in (1, 2) and isinstance(args[-1], np.ndarray):
        return np.asarray(args[-1])
    if len(args) == 6 and leaf.path and isinstance(args[1], dict):
        return np.asarray(args[1][leaf.path[-1]])
    return None
