"""The catalogue as a value: entries by their codes, and what the diagnosis asks of them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from autograder.misconceptions.misconception import IN_PAIRS, Misconception
from autograder.misconceptions.slots import WrongFormula

# What is kept of the parts that a mistake in one step hits, where the exercise asks for all steps.
LEAST_OF_ONE_STEP = 0.25


@dataclass(frozen=True)
class SlotChange:
    """One slot exchanged, the code of the mistake that is, and how many forms are likelier (see in_pairs)."""

    code: str
    slot: str
    formula: WrongFormula
    rank: int = 0


class Catalogue(Mapping[str, type[Misconception]]):
    """Entries by their codes, in the codes' order. Nothing is added to it: a course's entries make a new one.

    credits: what a course's rubric says that a mistake keeps, where it is not what the entry says. ValueError
    where two entries have one code.
    """

    def __init__(
        self, entries: Iterable[type[Misconception]], credits: Mapping[str, float] = MappingProxyType({})
    ) -> None:
        self._credits = credits
        self._entries: dict[str, type[Misconception]] = {}
        for entry in sorted(entries, key=lambda entry: code_order(entry.code)):
            if entry.code in self._entries:
                other = self._entries[entry.code]
                raise ValueError(f"{other.__name__} and {entry.__name__} have one code, {entry.code}")
            self._entries[entry.code] = entry
        # The same few questions come with every wrong answer.
        self.slot_changes = cache(self._slot_changes)
        self.codes_of = cache(self._codes_of)
        self.formulas_of = cache(self._formulas_of)

    def __getitem__(self, code: str) -> type[Misconception]:
        return self._entries[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def with_credits(self, credits: Mapping[str, float]) -> "Catalogue":
        """The same entries, with what a course's rubric says that these codes keep, 0 to 1."""
        return Catalogue(self._entries.values(), credits)

    def credit_of(self, code: str, whole_recipe: bool = False) -> float:
        """What the mistake keeps of a part of an exercise's points, 0 to 1.

        whole_recipe: the exercise asks for all steps, of which a mistake may hit one alone.
        """
        if code in self._credits:
            return self._credits[code]
        entry = self._entries[code]
        return max(entry.credit, LEAST_OF_ONE_STEP if whole_recipe and entry.one_step() else 0.0)

    def _codes_of(self, exercise_id: str) -> tuple[str, ...]:
        """The codes of the entries that show in this exercise."""
        return tuple(
            code
            for code, entry in self.items()
            if exercise_id in entry.exercises() or entry.forms(exercise_id)
        )

    def _formulas_of(self, exercise_id: str) -> tuple[SlotChange, ...]:
        """Every formula that answers this exercise by itself; the one slot is called "formula"."""
        return tuple(
            SlotChange(code, "formula", formula)
            for code, entry in self.items()
            for formula in entry.formulas_of(exercise_id)
        )

    def _slot_changes(self, slots: tuple[str, ...], exercise_id: str) -> tuple[SlotChange, ...]:
        """Every wrong formula that may stand in one of these slots in this exercise."""
        return tuple(
            SlotChange(
                code,
                slot,
                formula,
                sum(slot in likelier for likelier in entry.variants[:rank]) + IN_PAIRS - entry.in_pairs,
            )
            for code, entry in self.items()
            if not entry.within or exercise_id in entry.within
            for rank, variant in enumerate(entry.variants)
            for slot, formula in variant.items()
            if slot in slots
        )


def code_order(code: str) -> tuple[int, int, str]:
    """Where a code stands: the book's first, then a course's own, then kinds of derived ones ("D-path")."""
    number = code[1:]
    return ("KC".find(code[0]) % 3, int(number), "") if number.isdigit() else (2, 0, code)
