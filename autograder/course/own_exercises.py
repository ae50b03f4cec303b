"""A course's own exercises: COURSE/own_exercises.py, in a few lines each, beside the book's.

    stated("log_cosh_delta", "13-own", loss=…, arguments={…}, gradients=("z",))  # a loss, nothing else

    @worked("13-own", arguments={"z": ("n", "m")})                               # a right solution
    def swish_prime(z): …

    traced("norm_backward", "13-own", forward=norm, arguments={…}, …)            # a forward pass, no gradient

    @mistake                                                                     # and what goes wrong with it
    class SwishForItsSlope(Misconception): …

The file is the instructor's and is trusted; it runs where students' answers are judged, never where they run.
"""

import functools
import hashlib
import linecache
import re
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

import numpy as np

from autograder._language import _
from autograder.errors import GraderError
from autograder.exercises import ALL_EXERCISES
from autograder.exercises.exercise import Exercise
from autograder.exercises.from_forward import traced_exercise
from autograder.exercises.from_loss import stated_loss_exercise
from autograder.exercises.from_solution import worked_exercise
from autograder.exercises.sampling import letters_of, plans, values_of
from autograder.misconceptions import CATALOGUE, Catalogue, Misconception

FILE = "own_exercises.py"
FIELDS = ("code", "name", "sentence", "hint", "chapter", "snippet")

F = TypeVar("F", bound=Callable[..., Any])
M = TypeVar("M", bound=type[Misconception])


@dataclass(frozen=True, eq=False)
class Course:
    """What answers are judged by in a course: the book's exercises and mistakes, and its own beside them."""

    exercises: Mapping[str, Exercise]
    catalogue: Catalogue
    own: tuple[str, ...] = ()

    def with_credits(self, credits: Mapping[str, float]) -> "Course":
        """The same, with what the course's rubric says that mistakes keep of a part, 0 to 1, by codes."""
        return replace(self, catalogue=self.catalogue.with_credits(credits)) if credits else self


BOOK = Course(ALL_EXERCISES, CATALOGUE)


@dataclass
class _Reading:
    """What a file has defined so far, while it is read."""

    exercises: dict[str, Exercise] = field(default_factory=dict)
    entries: dict[str, type[Misconception]] = field(default_factory=dict)


_reading: ContextVar[_Reading] = ContextVar("reading")


class AuthoringError(GraderError):
    """own_exercises.py can't be used; str() says file, line, what was given, what was expected."""


def stated(id: str, assignment: str, **how: Any) -> Exercise:
    """An exercise that is judged by its stated loss alone: see autograder.exercises.from_loss."""
    exercise = _register(stated_loss_exercise(id, assignment, **{"bonus": False} | how))
    if "sizes" not in how and "values" not in how:
        _try_loss(id, how.get("loss"), how.get("arguments"))
    return exercise


def _try_loss(id: str, loss: Any, arguments: Any) -> None:
    """Is the loss a number of such arguments? AuthoringError says what it is instead."""
    if not callable(loss) or not isinstance(arguments, Mapping):
        return
    rng = np.random.default_rng(0)
    values = values_of(rng, arguments, next(plans(letters_of(arguments), rng)))
    shapes = ", ".join(f"{name}: {np.shape(value)}" for name, value in values.items())
    try:
        found = loss(**values)
    except Exception as error:
        raise AuthoringError(
            _(
                "{id}: its loss raises {name}: {error} (asked with {shapes}); a number was expected",
                id=id,
                name=type(error).__name__,
                error=error,
                shapes=shapes,
            )
        ) from None
    if np.ndim(found) != 0 or not np.issubdtype(np.asarray(found).dtype, np.number):
        given = _("an array of shape {shape}", shape=np.shape(found)) if np.ndim(found) else repr(found)[:60]
        raise AuthoringError(
            _(
                "{id}: its loss gives {given} (asked with {shapes}); one number was expected: a sum?",
                id=id,
                given=given,
                shapes=shapes,
            )
        )


def traced(id: str, assignment: str, **how: Any) -> Exercise:
    """An exercise known by its forward pass, which is traced: see autograder.exercises.from_forward."""
    return _register(traced_exercise(id, assignment, **how))


def worked(assignment: str, **how: Any) -> Callable[[F], F]:
    """An exercise whose right solution is the function below: see autograder.exercises.from_solution."""

    def add(solution: F) -> F:
        _register(worked_exercise(solution.__name__, assignment, solution, **how))
        return solution

    return add


def mistake(entry: M) -> M:
    """A mistake that students make in an exercise of this file, with a code of the course's own: C1, C2 …"""
    missing = [name for name in FIELDS if not isinstance(getattr(entry, name, None), str)]
    if missing:
        raise AuthoringError(
            _(
                "{name} lacks {missing}; a text for each was expected",
                name=entry.__name__,
                missing=", ".join(missing),
            )
        )
    if not re.fullmatch(r"C[1-9]\d*", entry.code):
        raise AuthoringError(
            _(
                "{name} has the code {code!r}; expected C1, C2 … (K is the book's)",
                name=entry.__name__,
                code=entry.code,
            )
        )
    reading = _reading.get(_Reading())
    if entry.code in reading.entries:
        other = reading.entries[entry.code].__name__
        raise AuthoringError(
            _(
                "{name} has the code {code}, as {other} has; each mistake needs one of its own",
                name=entry.__name__,
                code=entry.code,
                other=other,
            )
        )
    unknown = [id for id in entry.formulas if id not in reading.exercises]
    if unknown or not entry.formulas:
        raise AuthoringError(
            _(
                "{name}.formulas names {unknown}; expected an exercise of this file above it "
                "({exercises}) with a tuple of wrong formulas",
                name=entry.__name__,
                unknown=", ".join(unknown) or "no exercise",
                exercises=", ".join(reading.exercises) or "none yet",
            )
        )
    reading.entries[entry.code] = entry
    return entry


def _register(exercise: Exercise) -> Exercise:
    if exercise.id in ALL_EXERCISES:
        raise AuthoringError(_("{id} is an exercise of the book; give yours another name", id=exercise.id))
    _reading.get(_Reading()).exercises[exercise.id] = exercise
    return exercise


def own_source(course: Path) -> str:
    """The text of the course's own_exercises.py, "" if it has none. AuthoringError if it can't be read."""
    path = course / FILE
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        said = error.strerror if isinstance(error, OSError) else error
        raise AuthoringError(_("{path}: it can't be read ({said})", path=path, said=said)) from None


@functools.lru_cache(maxsize=4)
def load(source: str) -> Course:
    """The course with the exercises and mistakes of an own_exercises.py's text; the book alone for an empty
    one.

    AuthoringError with the line where the file fails.
    """
    if not source.strip():
        return BOOK
    reading = _Reading()
    token = _reading.set(reading)
    name = _kept(source)
    try:
        exec(compile(source, name, "exec"), ModuleType("own_exercises").__dict__)
    except AuthoringError as error:
        raise AuthoringError(f"{FILE}{_line(error, name)}: {error}") from None
    except SyntaxError as error:
        raise AuthoringError(
            _("{file}, line {lineno}: no Python: {msg}", file=FILE, lineno=error.lineno, msg=error.msg)
        ) from None
    except Exception as error:
        # Whatever the instructor's code raises
        raise AuthoringError(f"{FILE}{_line(error, name)}: {type(error).__name__}: {error}") from None
    finally:
        _reading.reset(token)
    catalogue = Catalogue([*CATALOGUE.values(), *reading.entries.values()])
    return Course({**ALL_EXERCISES, **reading.exercises}, catalogue, tuple(reading.exercises))


def _kept(source: str) -> str:
    """A name for this text under which its functions' lines are found: forward passes are read in them."""
    name = f"<{FILE} {hashlib.sha256(source.encode()).hexdigest()[:16]}>"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    return name


def _line(error: BaseException, name: str) -> str:
    found, trace = "", error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == name:
            found = _(", line {tb_lineno}", tb_lineno=trace.tb_lineno)
        trace = trace.tb_next
    return found
