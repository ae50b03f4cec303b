"""Reads the corpus: pieces of student code with a label each, and makes functions of them.

A variant is run in the namespace of its notebook with the reference solutions in it (so that all_deltas finds
hidden_delta), and then replaces its own function there.
"""

import functools
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import jupytext

from autograder.exercises import EXERCISES

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
HEADER = re.compile(r"^# %% (\w+) \| ([^|]+) \| (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Variant:
    """One piece of student code. codes: what may name its one mistake; both: the two mistakes in it at once."""

    exercise: str
    title: str
    source: str
    right: bool
    codes: frozenset[str] = frozenset()
    both: frozenset[str] = frozenset()
    note: str = ""

    @property
    def name(self) -> str:
        return f"{self.exercise}: {self.title}"

    def function(self) -> Callable[..., Any]:
        """A fresh copy of the function, in a namespace of its own."""
        return make_function(self.exercise, self.source)


@functools.cache
def _solutions() -> dict[str, tuple[str, str]]:
    """For each exercise its reference solution and the code of its whole notebook, test cells apart.

    The graded set has no solutions.
    """
    found = {}
    for path in sorted((ROOT / "solutions").glob("*/*.md")):
        cells = [cell for cell in jupytext.read(path, fmt="md:myst").cells if cell.cell_type == "code"]
        code = [cell for cell in cells if not cell.metadata.nbgrader["grade"]]
        whole = "\n\n".join(cell.source for cell in code).replace("from autograder import check", "")
        for cell in code:
            grade_id = cell.metadata.nbgrader["grade_id"]
            exercise = grade_id.removesuffix("_solution")
            if exercise != grade_id and exercise in EXERCISES:
                found[exercise] = (cell.source, whole)
    return found


def exercises() -> list[str]:
    """Every exercise that is code, in the order of the book."""
    return list(_solutions())


def solution(exercise: str) -> str:
    """The reference solution's source."""
    return _solutions()[exercise][0]


@functools.cache
def _compiled(source: str) -> Any:
    return compile(source, "<student>", "exec")


def make_function(exercise: str, source: str) -> Callable[..., Any]:
    """The exercise's function as `source` defines it, in its notebook's namespace with the solutions beside it."""
    module = ModuleType("student")
    exec(_compiled(_solutions()[exercise][1]), module.__dict__)
    exec(_compiled(source), module.__dict__)
    return module.__dict__[exercise]


def _read(path: Path, right: bool) -> list[Variant]:
    text = path.read_text()
    headers = list(HEADER.finditer(text))
    variants = []
    for place, header in enumerate(headers):
        end = headers[place + 1].start() if place + 1 < len(headers) else len(text)
        exercise, label, title = (part.strip() for part in header.groups())
        if exercise not in _solutions():
            sys.exit(f"{path.name}: no exercise {exercise!r}; expected one of {', '.join(_solutions())}")
        source = text[header.end() : end].strip() + "\n"
        codes = frozenset(re.findall(r"K\d+", label))
        variants.append(
            Variant(
                exercise,
                title,
                source,
                right,
                codes=frozenset() if "+" in label or right else codes,
                both=codes if "+" in label else frozenset(),
                note=label if right and label != "-" else "",
            )
        )
    return variants


def wrong_variants() -> list[Variant]:
    return [variant for path in sorted(HERE.glob("wrong_*.py")) for variant in _read(path, right=False)]


def right_variants() -> list[Variant]:
    own = [Variant(exercise, "the reference solution", solution(exercise), True) for exercise in exercises()]
    written = [variant for path in sorted(HERE.glob("right*.py")) for variant in _read(path, right=True)]
    return own + written
