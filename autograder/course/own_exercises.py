"""A course's own exercises: COURSE/own_exercises.py, in a few lines each, beside the book's.

    stated("log_cosh_delta", "13-own", loss=…, arguments={…}, gradients=("z",))     # a loss, nothing else

    @worked("13-own", arguments={"z": ("n", "m")})                                  # a right solution
    def swish_prime(z): …

    @mistake                                                                        # and what goes wrong with it
    class SwishForItsSlope(Misconception): …

The file is the instructor's and is trusted; it runs where students' answers are judged, never where they run.
"""

import functools
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from autograder.errors import GraderError
from autograder.exercises import EXERCISES
from autograder.exercises.exercise import Exercise
from autograder.exercises.from_loss import stated_loss_exercise
from autograder.exercises.from_solution import worked_exercise
from autograder.exercises.sampling import Shape
from autograder.misconceptions import CATALOGUE, Misconception

FILE = "own_exercises.py"
FIELDS = ("code", "name", "sentence", "hint", "equation", "chapter", "snippet")

F = TypeVar("F", bound=Callable[..., Any])
M = TypeVar("M", bound=type[Misconception])

_exercises: dict[str, Exercise] = {}  # of the file that was loaded last, or is being read
_entries: dict[str, type[Misconception]] = {}


class AuthoringError(GraderError):
    """own_exercises.py can't be used; str() says file, line, what was given, what was expected."""


def stated(id: str, assignment: str, **how: Any) -> Exercise:
    """An exercise that is judged by its stated loss alone: see autograder.exercises.from_loss."""
    return _register(stated_loss_exercise(id, assignment, **{"bonus": False} | how))


def worked(assignment: str, *, arguments: Mapping[str, Shape], bonus: bool = False) -> Callable[[F], F]:
    """An exercise whose right solution is the function below: see autograder.exercises.from_solution."""

    def add(solution: F) -> F:
        _register(worked_exercise(solution.__name__, assignment, solution, arguments=arguments, bonus=bonus))
        return solution

    return add


def mistake(entry: M) -> M:
    """A mistake that students make in an exercise of this file, with a code of the course's own: C1, C2 …"""
    missing = [name for name in FIELDS if not isinstance(getattr(entry, name, None), str)]
    if missing:
        raise AuthoringError(f"{entry.__name__} lacks {', '.join(missing)}; a text for each was expected")
    if not re.fullmatch(r"C[1-9]\d*", entry.code):
        raise AuthoringError(
            f"{entry.__name__} has the code {entry.code!r}; expected C1, C2 … (K is the book's)"
        )
    unknown = [id for id in entry.formulas if id not in _exercises]
    if unknown or not entry.formulas:
        raise AuthoringError(
            f"{entry.__name__}.formulas names {', '.join(unknown) or 'no exercise'}; expected an exercise of this file "
            f"above it ({', '.join(_exercises) or 'none yet'}) with a tuple of wrong formulas"
        )
    _entries[entry.code] = entry
    return entry


def _register(exercise: Exercise) -> Exercise:
    if exercise.id in EXERCISES:
        raise AuthoringError(f"{exercise.id} is an exercise of the book; give yours another name")
    _exercises[exercise.id] = exercise
    return exercise


def own_source(course: Path) -> str:
    """The text of the course's own_exercises.py, "" if it has none. AuthoringError if it can't be read."""
    path = course / FILE
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise AuthoringError(f"{path}: it can't be read ({error})") from None


def load(source: str) -> tuple[str, ...]:
    """Have the exercises of an own_exercises.py's text beside the book's, and no other file's; their ids.

    An empty text leaves the book alone. AuthoringError with the line where the file fails.
    """
    for id in _exercises:
        EXERCISES.pop(id, None)
    for code in _entries:
        CATALOGUE.pop(code, None)
    _exercises.clear()
    _entries.clear()
    exercises, entries = _read(source) if source.strip() else ({}, {})
    _exercises.update(exercises)
    _entries.update(entries)
    EXERCISES.update(exercises)
    CATALOGUE.update(entries)
    return tuple(exercises)


@functools.lru_cache(maxsize=4)
def _read(source: str) -> tuple[dict[str, Exercise], dict[str, type[Misconception]]]:
    """Run the file's text once; what it registered."""
    module = ModuleType("own_exercises")
    try:
        exec(compile(source, FILE, "exec"), module.__dict__)
        return dict(_exercises), dict(_entries)
    except AuthoringError as error:
        raise AuthoringError(f"{FILE}{_line(error)}: {error}") from None
    except SyntaxError as error:
        raise AuthoringError(f"{FILE}, line {error.lineno}: no Python: {error.msg}") from None
    except Exception as error:  # whatever the instructor's code raises
        raise AuthoringError(f"{FILE}{_line(error)}: {type(error).__name__}: {error}") from None
    finally:
        _exercises.clear()
        _entries.clear()


def _line(error: BaseException) -> str:
    found, trace = "", error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == FILE:
            found = f", line {trace.tb_lineno}"
        trace = trace.tb_next
    return found
