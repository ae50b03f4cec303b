"""What every slip gives on an exercise's probes: built once, then asked which slips give a student's numbers.

A row of the table holds for each probe and each gradient a shape and the projection on one fixed direction;
who agrees in all of them is looked at in full. So a whole class of students costs one table.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice

import numpy as np

from autograder.slips import (
    blocks,
    branches,
    closed_forms,
    factors,
    masks,
    moves,
    one_of_two_terms,
    outputs,
    paths,
    products,
    rules_of_slopes,
    slopes,
    sums,
    upstream,
    values,
)
from autograder.slips.pairs import candidates, distinct, on_one_path, together
from autograder.slips.rows import REST, Answer, agree, key_of, row_of, same_rows, tolerance
from autograder.slips.slip import Probe, Slip
from autograder.slips.stories import are_one_story, likelihood, place_of
from autograder.tracing.gradient import Exchange, gradients, gradients_of_nodes
from autograder.trees import Array

SLIP_FAMILIES = (
    paths,
    slopes,
    blocks,
    factors,
    sums,
    products,
    masks,
    branches,
    moves,
    closed_forms,
    one_of_two_terms,
    rules_of_slopes,
    outputs,
    upstream,
    values,
)
IN_TABLE = 6
# Answers of slips, probe by probe, that are kept to be held against the next student's
ANSWERS_KEPT = 2000
SLIPS_IN_PAIRS = 24
# Pairs on one path that are worked out for a class, times the nodes of its tape
WORK_FOR_PAIRS = 8000
# A second slip that is looked for behind one that explains a part
SECOND_SLIPS = 40


class DerivedMistakes:
    """The slips of one traced exercise, with what they give on its probes.

    in_table: how many of the probes stand in the table; the others only confirm what was found.
    """

    def __init__(self, probes: Sequence[Probe], wanted: Sequence[str], in_table: int = IN_TABLE) -> None:
        self.probes, self.wanted, self.in_table = tuple(probes), tuple(wanted), in_table
        self._kept: dict[tuple[tuple[int, ...], int], Answer | None] = {}
        self.right = [self._answer(probe, None) for probe in self.probes]
        self.rests = np.array([self._rest(probe) for probe in self.probes])
        self.slips: list[Slip] = []
        rows = []
        right_row = row_of(self.right[:in_table], self.wanted)
        for slip in self._all():
            answers = [self._answer(probe, slip.exchange) for probe in self.probes[:in_table]]
            if all(answer is None for answer in answers):
                continue
            row = row_of(answers, self.wanted)
            if agree(row[None], right_row, tolerance(right_row, self.rests[:in_table])).all():
                continue
            self.slips.append(slip)
            rows.append(row)
        self.table = np.array(rows) if rows else np.zeros((0, *right_row.shape))
        self.right_row = right_row

    @staticmethod
    def _rest(probe: Probe) -> float:
        """What is as good as 0: far below the largest gradient on the way back."""
        with np.errstate(all="ignore"):
            found = gradients_of_nodes(probe.run.tape, probe.upstream).values()
        sizes = [np.max(np.abs(g), initial=0) for g in found]
        return float(REST * max((size for size in sizes if np.isfinite(size)), default=0.0)) + 1e-290

    def _all(self) -> Iterator[Slip]:
        run = self.probes[0].run
        for family in SLIP_FAMILIES:
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

    def answers_of(self, slip: Slip) -> list[Answer | None]:
        """What a slip gives on each probe, None where it raises."""
        return [self._answer(probe, slip.exchange) for probe in self.probes]

    # ---- which slips give these numbers? ---------------------------------------------------------------

    def explain(self, answers: Sequence[Answer | None], pairs: int = SLIPS_IN_PAIRS) -> "SlipsFound | None":
        """The slip that gives all of these answers, or one for each wrong gradient, or a pair of them.

        answers: for each probe the student's gradients by name, None where the function raised. pairs: how
        many are worked out at most. None where every answer is right.
        """
        row = row_of(answers[: self.in_table], self.wanted)
        allowed = tolerance(row, self.rests[: self.in_table])
        right = [self._gives((), answers, name) for name in self.wanted]
        wrong = [i for i, is_right in enumerate(right) if not is_right]
        if not wrong:
            return None
        names = self._names(wrong)
        found = agree(self.table, row, allowed)
        whole = self._chosen(np.flatnonzero(found.all(axis=1)).tolist(), wrong, answers)
        if whole is not None:
            return SlipsFound([whole], names, True)
        parts = [
            self._chosen(np.flatnonzero(found[:, i]).tolist(), [i], answers, self.wanted[i]) for i in wrong
        ]
        told = [part for part in parts if part is not None]
        if len(told) == len(wrong):
            return SlipsFound(_without_repeats(told), names, False)
        stepped = self._stepped(answers, wrong)
        if stepped:
            return SlipsFound(stepped, names, True)
        pair = self._pair(answers, row, wrong, pairs)
        if pair is None and pairs:
            pair = self._and_another(told, answers, row, wrong)
        return pair or SlipsFound([], names, False)

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
                if not 1e-9 < rate < 1e3 or not same_rows(step, rate * g):
                    return []
            slip = Slip("updated", {"of": name}, lambda tape: Exchange(), code="K36")
            told.append(Told(slip, (name,), True, ""))
        return told

    def _names(self, places: Sequence[int]) -> tuple[str, ...]:
        return tuple(self.wanted[i] for i in places)

    def _gives(self, slips: tuple[int, ...], answers: Sequence[Answer | None], only: str = "") -> bool:
        """Do the slips at these places together (none: no slip) give these answers, number by number?"""
        for at, (rest, answer) in enumerate(zip(self.rests, answers, strict=True)):
            mine = self._answer_of(slips, at)
            if (mine is None) != (answer is None):
                return False
            if mine is None or answer is None:
                continue
            for name in (only,) if only else self.wanted:
                if not same_rows(mine[name], answer[name], rest):
                    return False
        return True

    def _answer_of(self, slips: tuple[int, ...], at: int) -> Answer | None:
        """What slips give on one probe; kept, for other students have made them too."""
        if not slips:
            return self.right[at]
        key = (slips, at)
        if key not in self._kept:
            if len(self._kept) > ANSWERS_KEPT:
                self._kept.clear()
            made = [self.slips[i] for i in slips]
            exchange = made[0].exchange if len(made) == 1 else together(*made)
            self._kept[key] = self._answer(self.probes[at], exchange)
        return self._kept[key]

    def _chosen(
        self, found: Sequence[int], wrong: Sequence[int], answers: Sequence[Answer | None], only: str = ""
    ) -> "Told | None":
        """The likeliest of those slips that give the same numbers."""
        ordered = sorted(found, key=lambda i: (self.slips[i].rank, likelihood(self.slips[i]), i))
        if len(wrong) == 1 and self._is_more_than_0(answers, self.wanted[wrong[0]]):
            # Numbers that cancel come of many mistakes: that they are as good as 0 is all that is known.
            ordered.sort(key=lambda i: self.slips[i].kind != "zero")
        gives = next((i for i in ordered if self._gives((i,), answers, only)), None)
        if gives is None:
            return None
        best = self.slips[gives]
        rivals = [self.slips[i] for i in ordered if self.slips[i].rank == best.rank]
        one_story = all(are_one_story(best, slip) for slip in rivals)
        texts = {place_of(slip) for slip in rivals}
        text = texts.pop() if len(texts) == 1 else ""
        others = () if one_story else self._other_stories(best, ordered, answers, only)
        return Told(best, self._names(wrong), one_story or not others, text, others)

    def _other_stories(
        self, best: Slip, ordered: Sequence[int], answers: Sequence[Answer | None], only: str
    ) -> tuple[Slip, ...]:
        """The slips of the same rank that tell another story and give the same numbers, each story once."""
        found: list[Slip] = []
        for i in ordered:
            slip = self.slips[i]
            told_already = any(are_one_story(one, slip) for one in (best, *found))
            if slip.rank == best.rank and not told_already and self._gives((i,), answers, only):
                found.append(slip)
        return tuple(found)

    @staticmethod
    def _is_more_than_0(answers: Sequence[Answer | None], name: str) -> bool:
        """Is any number of this gradient other than 0, if only by rounding?"""
        return any(answer is not None and np.any(np.asarray(answer[name])) for answer in answers)

    def _pair(
        self, answers: Sequence[Answer | None], row: Array, wrong: Sequence[int], most: int
    ) -> "SlipsFound | None":
        """Two slips together: their changes add up, one is a factor, or one stands behind the other."""
        right = self.right_row
        found = islice(candidates(self.slips, self.table, right, row, self.rests[: self.in_table]), most)
        kept = [i for i in range(len(self.wanted)) if i not in wrong]
        for one, other in chain(found, self._behind(row) if most else ()):
            pair = (one, other)
            # Two that undo each other in a gradient that is right are nobody's two mistakes.
            if not self._spoils[np.ix_(pair, kept)].any() and self._gives(pair, answers):
                told = [Told(self.slips[i], self._spoilt(i, wrong), True, "") for i in pair]
                return SlipsFound(told, self._names(wrong), True)
        return None

    def _behind(self, row: Array) -> Iterator[tuple[int, int]]:
        """The pairs on one path that give the first probe's answer."""
        first = row[:1]
        allowed = tolerance(first, self.rests[:1])
        for pair, mine in self._pairs_on_one_path:
            if bool(agree(mine[None], first, allowed).all()):
                yield pair

    @cached_property
    def _pairs_on_one_path(self) -> list[tuple[tuple[int, int], Array]]:
        """What two common slips together give on the first probe: the same for every student."""
        found = []
        tape = self.probes[0].run.tape
        most = WORK_FOR_PAIRS // max(len(tape.nodes), 20)
        for pair in islice(on_one_path(self.slips, self.table, tape), most):
            answer = self._answer(self.probes[0], together(*(self.slips[i] for i in pair)))
            if answer is not None:
                found.append((pair, row_of([answer], self.wanted)))
        return found

    def _and_another(
        self, parts: Sequence["Told"], answers: Sequence[Answer | None], row: Array, wrong: Sequence[int]
    ) -> "SlipsFound | None":
        """A slip that explains some of the wrong gradients, and another one that spoils only the rest."""
        first, allowed = row[:1], tolerance(row[:1], self.rests[:1])
        for part in parts:
            one = next(i for i, slip in enumerate(self.slips) if slip is part.slip)
            rest = [i for i in wrong if self.wanted[i] not in part.results]
            kept = [i for i in range(len(self.wanted)) if i not in rest]
            others = [i for i in self._distinct if not self._spoils[i, kept].any()]
            for other in others[:SECOND_SLIPS]:
                try:
                    exchange = together(self.slips[one], self.slips[other])
                    answer = self._answer(self.probes[0], exchange)
                except ValueError:
                    continue
                if answer is None or not agree(row_of([answer], self.wanted)[None], first, allowed).all():
                    continue
                pair = (one, other)
                if self._gives(pair, answers):
                    told = [Told(self.slips[i], self._spoilt(i, wrong), True, "") for i in pair]
                    return SlipsFound(told, self._names(wrong), True)
        return None

    @cached_property
    def _distinct(self) -> list[int]:
        return distinct(self.slips, self.table)

    @cached_property
    def _spoils(self) -> Array:
        """Which gradients each slip changes: (slips, gradients)."""
        allowed = tolerance(self.right_row, self.rests[: self.in_table])
        return np.asarray(~agree(self.table, self.right_row, allowed))

    def _spoilt(self, slip: int, wrong: Sequence[int]) -> tuple[str, ...]:
        """The gradients that a slip changes by itself, among the wrong ones."""
        found = [i for i in wrong if self._spoils[slip, i]]
        return self._names(found or list(wrong))

    def classes(self) -> int:
        """How many different wrong answers the slips give."""
        return len({key_of(row) for row in self.table})


@dataclass(frozen=True)
class Told:
    """A slip with the gradients that it spoils; one_story is false where others are as likely."""

    slip: Slip
    results: tuple[str, ...]
    one_story: bool
    text: str
    others: tuple[Slip, ...] = ()


@dataclass(frozen=True)
class SlipsFound:
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
                before.others,
            )
        found[key] = part
    return list(found.values())
