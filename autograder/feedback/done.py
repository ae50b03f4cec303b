"""Which exercises a reader has got right: those of this session, and what a page that remembers says."""

from collections.abc import Mapping
from dataclasses import dataclass

from autograder.exercises.exercise import Exercise

# Ids; a page of the book adds those of earlier visits.
RIGHT_SO_FAR: set[str] = set()


@dataclass(frozen=True)
class NextExercise:
    """What comes next in a notebook: its id, "" where all are done; how many of how many are done."""

    id: str
    done: int
    of: int


def next_exercise(exercise: Exercise, exercises: Mapping[str, Exercise]) -> NextExercise:
    """The first exercise of the same notebook that isn't right yet, looked for from this one on."""
    ids = [id for id, other in exercises.items() if other.assignment == exercise.assignment]
    at = ids.index(exercise.id)
    open_ones = [id for id in (*ids[at + 1 :], *ids[:at]) if id not in RIGHT_SO_FAR]
    done = sum(id in RIGHT_SO_FAR or id == exercise.id for id in ids)
    return NextExercise(open_ones[0] if open_ones else "", done, len(ids))
