"""What every slip gives on an exercise's probes: built once, then asked which slips give a student's numbers.

A row of the table holds for each probe and each gradient a shape and the projection on one fixed direction;
who agrees in all of them is looked at in full. So a whole class of students costs one table.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from time import perf_counter
from typing import Any

import numpy as np

from autograder.slips import (
    closed_forms,
    factors,
    masks,
    moves,
    outputs,
    paths,
    products,
    slopes,
    sums,
    upstream,
    values,
)
from autograder.slips.slip import Run, Slip
from autograder.slips.stories import FACTORS, are_one_story, likelihood, place_of
from autograder.tracing.gradient import Exchange, gradients
from autograder.tracing.tape import Array

FAMILIES = (paths, slopes, factors, sums, products, masks, moves, closed_forms, outputs, upstream, values)
CLOSE = 1e-6  # of an array's largest entry: rounding is far below, another formula far above
NO_SHAPE = -1.0
Answer = Mapping[str, Any]  # gradients by the argument's name


@dataclass(frozen=True, eq=False)
class Probe:
    """One case: its traced run, and the gradients that come in for its results."""

    run: Run
    upstream: tuple[Array, ...]


@lru_cache(maxsize=512)
def _direction(size: int) -> Array:
    return np.random.Generator(np.random.PCG64(size)).uniform(0.5, 1.5, size) * np.where(
        np.arange(size) % 2, -1.0, 1.0
    )


def _entries(value: Any) -> tuple[float, float, float]:
    """(shape, projection, size) of an array; a shape as one number that no other shape of an exercise has."""
    try:
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        return NO_SHAPE, 0.0, 0.0
    shape = float(hash(array.shape) % 1_000_003)
    if not np.isfinite(array).all():
        return shape, np.nan, np.nan
    flat = array.ravel()
    size = float(np.abs(flat).max()) if flat.size else 0.0
    return shape, float(flat @ _direction(flat.size)), size


class DerivedMistakes:
    """The slips of one traced exercise, with what they give on its probes."""

    def __init__(self, probes: Sequence[Probe], wanted: Sequence[str]) -> None:
        self.probes, self.wanted = tuple(probes), tuple(wanted)
        self.right = [self._answer(probe, None) for probe in self.probes]
        self.slips: list[Slip] = []
        rows = []
        right_row = self._row(self.right)
        for slip in self._all():
            answers = [self._answer(probe, slip.exchange) for probe in self.probes]
            if all(answer is None for answer in answers):
                continue
            row = self._row(answers)
            if self._agree(row[None], right_row, self._tolerance(right_row)).all():
                continue
            self.slips.append(slip)
            rows.append(row)
        self.table = np.array(rows) if rows else np.zeros((0, *right_row.shape))
        self.right_row = right_row

    def _all(self) -> Iterator[Slip]:
        run = self.probes[0].run
        for family in FAMILIES:
            yield from family.slips(run)

    def _answer(self, probe: Probe, exchange: Callable[..., Exchange] | None) -> Answer | None:
        """The gradients with a slip in them; None where its formula fails on these shapes."""
        tape = probe.run.tape
        try:
            with np.errstate(all="ignore"):
                if exchange is None:
                    return gradients(tape, probe.upstream, self.wanted)
                return gradients(tape, probe.upstream, self.wanted, exchange(tape))
        except (ValueError, TypeError, IndexError, KeyError, ZeroDivisionError, np.linalg.LinAlgError):
            return None

    def _row(self, answers: Sequence[Answer | None]) -> Array:
        """(probes, gradients, 3)."""
        return np.array(
            [
                [(NO_SHAPE, 0.0, 0.0)] * len(self.wanted)
                if a is None
                else [_entries(a[n]) for n in self.wanted]
                for a in answers
            ]
        )

    @staticmethod
    def _tolerance(row: Array) -> Array:
        return CLOSE * np.maximum(row[..., 2], 1e-290)

    def _agree(self, table: Array, row: Array, tolerance: Array) -> Array:
        """For each row of the table, probe and gradient: the same shape and the same projection? (rows,
        gradients).
        """
        with np.errstate(all="ignore"):
            near = np.abs(table[..., 1] - row[..., 1]) <= 20 * tolerance + 1e-300
        both_nan = np.isnan(table[..., 1]) & np.isnan(row[..., 1])
        return ((table[..., 0] == row[..., 0]) & (near | both_nan)).all(axis=1)

    # ---- which slips give these numbers?
    # ---------------------------------------------------------------------

    def explain(self, answers: Sequence[Answer | None], seconds: float = 0.0) -> "Explanation | None":
        """The slip that gives all of these answers, or one for each wrong gradient, or (with seconds to
        spend) a pair.

        answers: for each probe the student's gradients by name, None where the function raised.
        """
        row = self._row(answers)
        agree = self._agree(self.table, row, self._tolerance(row))
        right = self._agree(self.right_row[None], row, self._tolerance(self.right_row))[0]
        wrong = [i for i, is_right in enumerate(right) if not is_right]
        if not wrong:
            return None
        whole = [
            i
            for i in np.flatnonzero(agree.all(axis=1)).tolist()
            if self._gives(self.slips[i].exchange, answers)
        ]
        if whole:
            return Explanation([self._chosen(whole, wrong)], self._names(wrong), True)
        parts: list[Told] = []
        for i in wrong:
            name = self.wanted[i]
            found = [
                k
                for k in np.flatnonzero(agree[:, i]).tolist()
                if self._gives(self.slips[k].exchange, answers, name)
            ]
            if not found:
                parts = []
                break
            parts.append(self._chosen(found, [i]))
        if parts:
            return Explanation(_without_repeats(parts), self._names(wrong), False)
        stepped = self._stepped(answers, wrong)
        if stepped:
            return Explanation(stepped, self._names(wrong), True)
        pair = self._pair(answers, row, wrong, seconds) if seconds > 0 else None
        return pair or Explanation([], self._names(wrong), False)

    def _stepped(self, answers: Sequence[Answer | None], wrong: Sequence[int]) -> list["Told"]:
        """Is every wrong gradient its argument less a rate times the right gradient, at one rate for all?"""
        rate, told = None, []
        for name in self._names(wrong):
            for probe, answer, right in zip(self.probes, answers, self.right, strict=True):
                if answer is None or right is None:
                    return []
                value = probe.run.tape.nodes[probe.run.tape.inputs[name]].out
                if np.shape(answer[name]) != value.shape:
                    return []
                step, g = value - np.asarray(answer[name], dtype=float), right[name]
                if rate is None:
                    rate = float(np.sum(step * g) / max(np.sum(g * g), 1e-290))
                if not 1e-9 < abs(rate) < 1e3 or not _same(step, rate * g):
                    return []
            slip = Slip("updated", {"of": name}, lambda tape: Exchange(), code="K36")
            told.append(Told(slip, (name,), True, ""))
        return told

    def _names(self, places: Sequence[int]) -> tuple[str, ...]:
        return tuple(self.wanted[i] for i in places)

    def _gives(
        self, exchange: Callable[..., Exchange], answers: Sequence[Answer | None], only: str = ""
    ) -> bool:
        """Does the slip give these answers, number by number?"""
        for probe, answer in zip(self.probes, answers, strict=True):
            mine = self._answer(probe, exchange)
            if (mine is None) != (answer is None):
                return False
            if mine is None or answer is None:
                continue
            for name in (only,) if only else self.wanted:
                if not _same(mine[name], answer[name]):
                    return False
        return True

    def _chosen(self, found: Sequence[int], wrong: Sequence[int]) -> "Told":
        """The likeliest of slips that give the same numbers."""
        ordered = sorted(found, key=lambda i: (self.slips[i].rank, likelihood(self.slips[i]), i))
        best = self.slips[ordered[0]]
        rivals = [self.slips[i] for i in ordered if self.slips[i].rank == best.rank]
        one_story = all(are_one_story(best, slip) for slip in rivals)
        texts = {place_of(slip) for slip in rivals}
        return Told(best, self._names(wrong), one_story, texts.pop() if len(texts) == 1 else "")

    def _pair(
        self, answers: Sequence[Answer | None], row: Array, wrong: Sequence[int], seconds: float
    ) -> "Explanation | None":
        """Two slips together: their changes add up, one is a factor, or one stands behind the other."""
        until = perf_counter() + seconds
        for one, other in self._candidates(row, until):
            both = _together(self.slips[one], self.slips[other])
            if self._gives(both, answers):
                pair = [self.slips[one], self.slips[other]]
                return Explanation(
                    [
                        Told(slip, self._spoilt(i, wrong), True, "")
                        for slip, i in zip(pair, (one, other), strict=True)
                    ],
                    self._names(wrong),
                    True,
                )
        return None

    def _spoilt(self, slip: int, wrong: Sequence[int]) -> tuple[str, ...]:
        """The gradients that a slip changes by itself, among the wrong ones."""
        agree = self._agree(self.table[slip][None], self.right_row, self._tolerance(self.right_row))[0]
        found = [i for i in wrong if not agree[i]]
        return self._names(found or list(wrong))

    def _candidates(self, row: Array, until: float) -> Iterator[tuple[int, int]]:
        likely = np.array(self._distinct(), dtype=int)
        if not likely.size:
            return
        rows, right = self.table[likely], self.right_row
        # A factor on whole gradients, and any other slip.
        for f in (i for i in likely if self.slips[i].kind in FACTORS):
            with np.errstate(all="ignore"):
                by = self.table[f][..., 1] / right[..., 1]
                scaled = np.stack([row[..., 0], row[..., 1] / by, row[..., 2] / np.abs(by)], axis=-1)
            if not np.isfinite(scaled).all():
                continue
            for k in np.flatnonzero(self._agree(rows, scaled, self._tolerance(scaled)).all(axis=1)):
                if self.slips[likely[k]].kind not in FACTORS:
                    yield int(likely[k]), int(f)
        # Slips on different paths: their changes add up.
        shaped = (rows[..., 0] == right[..., 0]).all(axis=(1, 2)) & np.isfinite(rows[..., 1]).all(axis=(1, 2))
        if (row[..., 0] == right[..., 0]).all() and np.isfinite(row[..., 1]).all():
            size = np.maximum(np.maximum(row[..., 2], right[..., 2]), 1e-290)
            changes = ((rows[shaped][..., 1] - right[..., 1]) / size).reshape(int(shaped.sum()), -1)
            wanted = ((row[..., 1] - right[..., 1]) / size).ravel()
            weights = _direction(wanted.size) / wanted.size
            sums = changes @ weights
            order = np.argsort(sums)
            for i in range(len(sums)):
                low, high = np.searchsorted(
                    sums[order], (wanted @ weights) - sums[i] + np.array([-1e-4, 1e-4])
                )
                for k in order[low:high]:
                    if k > i and np.allclose(changes[i] + changes[k], wanted, rtol=0, atol=1e-4):
                        places = likely[shaped]
                        yield int(places[i]), int(places[k])
        # One behind the other on the same path: each pair has to be worked out.
        tolerance = self._tolerance(row)
        for one, other in combinations([int(i) for i in likely if self.slips[i].rank == 0], 2):
            if perf_counter() > until:
                return
            if self.slips[one].kind in FACTORS or self.slips[other].kind in FACTORS:
                continue
            first = self._answer(self.probes[0], _together(self.slips[one], self.slips[other]))
            if first is not None and self._agree(self._row([first])[None], row[:1], tolerance[:1]).all():
                yield one, other

    def _distinct(self) -> list[int]:
        """The likeliest slip of each set that gives the same numbers, likelier sets first."""
        seen: dict[Any, int] = {}
        order = sorted(range(len(self.slips)), key=lambda i: (self.slips[i].rank, i))
        for i in order:
            row = self.table[i]
            scale = np.maximum(row[..., 2], 1e-290)
            key = (row[..., 0].tobytes(), np.round(row[..., 1] / scale, 6).tobytes())
            seen.setdefault(key, i)
        return [i for i in seen.values() if self.slips[i].rank < 2]

    def classes(self) -> int:
        """How many different wrong answers the slips give."""
        keys = set()
        for row in self.table:
            scale = np.maximum(row[..., 2], 1e-290)
            keys.add((row[..., 0].tobytes(), np.round(row[..., 1] / scale, 6).tobytes()))
        return len(keys)


@dataclass(frozen=True)
class Told:
    """A slip with the gradients that it spoils; one_story is false where others are as likely."""

    slip: Slip
    results: tuple[str, ...]
    one_story: bool
    text: str


@dataclass(frozen=True)
class Explanation:
    """The slips that give an answer, none where none does; whole: one cause for all that is wrong."""

    told: Sequence[Told]
    wrong: tuple[str, ...]
    whole: bool


def _without_repeats(parts: Sequence[Told]) -> list[Told]:
    found: dict[tuple[str, ...], Told] = {}
    for part in parts:
        key = (part.slip.kind, *part.slip.names.values())
        if key in found:
            before = found[key]
            part = Told(
                before.slip,
                (*before.results, *part.results),
                before.one_story and part.one_story,
                before.text,
            )
        found[key] = part
    return list(found.values())


def _together(one: Slip, other: Slip) -> Callable[..., Exchange]:
    def exchange(tape: Any) -> Exchange:
        both = one.exchange(tape).and_also(other.exchange(tape))
        if both is None:
            raise ValueError("both change the same rule")
        return both

    return exchange


def _same(mine: Any, theirs: Any) -> bool:
    try:
        a, b = np.asarray(mine, dtype=float), np.asarray(theirs, dtype=float)
    except (TypeError, ValueError):
        return False
    if a.shape != b.shape:
        return False
    size = float(np.max(np.abs(b), initial=0, where=np.isfinite(b)))
    return bool(np.allclose(a, b, rtol=0, atol=CLOSE * size + 1e-290, equal_nan=True))
