"""A student's function called: what came back, or why nothing did, here or behind the wall."""

import builtins
import traceback
import warnings
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol

import numpy as np

from autograder._language import _
from autograder.trees import Value, copy_value

# What may cross the wall: arrays, dicts keyed by layer, tuples, numbers, names, and functions chosen by name.


# What a function raises that is not written yet
STUB = "NotImplementedError"


@dataclass(frozen=True)
class CallError:
    """Why a call gave no value.

    message: what may be told to everybody: the error in words that are known, or what the grader says of a
    call that it stopped; of kind "not_loaded" it is what kept the function's cell from running. detail: the
    student's own traceback lines, capped. type: the name of the exception's class, where one was raised and
    its name may be told. plain: the message without any word of the student's, where it may have one.
    raised_in: the notebook's function that raised it. withheld: its text depends on hidden numbers, and is
    not told. own_text: the text that the student wrote for it, for their own page.
    """

    kind: Literal["exception", "timeout", "memory", "crashed", "protocol", "missing", "not_loaded"]
    message: str
    detail: str = ""
    type: str = ""
    raised_in: str = ""
    withheld: bool = False
    own_text: str = ""
    plain: str = ""

    def unwritten(self, earlier: Sequence[str] = ()) -> str | None:
        """Whose stub raised it? One of these earlier functions', "" for the function's own, else None."""
        if self.type != STUB:
            return None
        return self.raised_in if self.raised_in in earlier else ""


@dataclass(frozen=True)
class FunctionPlace:
    """Where a notebook has a function: the cell that defines it, and the one after which it is asked for."""

    cell: int
    after: int


def no_function(name: str) -> CallError:
    """The cells ran, and left nothing of this name that can be called."""
    return CallError("missing", _("no function {name} was found", name=name))


def still_running(seconds: float) -> CallError:
    """It was stopped after so many seconds."""
    return CallError(
        "timeout",
        _(
            "still running after {seconds:g} seconds; it was stopped (a loop without an end?)",
            seconds=seconds,
        ),
    )


def not_loaded(failure: CallError) -> CallError:
    """Why a function isn't there whose cell failed: it was stopped, or did not run to its end."""
    return failure if failure.kind == "timeout" else replace(failure, kind="not_loaded")


# Not frozen: thousands are made, and a frozen one takes five times as long.
@dataclass(slots=True, eq=False)
class Outcome:
    """A call's value or its error, and the arguments as they were afterwards."""

    value: Any
    error: CallError | None
    args_after: tuple[Value, ...] | None


class Caller(Protocol):
    """Calls the student's functions by name, each call on copies of its arguments.

    Many calls at once give one Outcome a call, in order. After one that ended the process (ENDED) no later
    call can give a value: all of them get that Outcome.
    """

    def __call__(self, name: str, args: tuple[Value, ...]) -> Outcome: ...

    def call_many(self, name: str, many: Sequence[tuple[Value, ...]]) -> list[Outcome]:
        """One call after another; each answer is copied before the next call."""
        ...

    def call_pipelined(self, name: str, many: Sequence[tuple[Value, ...]]) -> list[Outcome]:
        """As call_many, but answers are copied after the next call: an array written into again shows."""
        ...


class SubstitutingCaller(Caller, Protocol):
    """A caller that can also put right functions in the place of the student's own."""

    def with_functions(self, functions: Mapping[str, Callable[..., Any]]) -> Caller:
        """A caller of the same notebook with these functions in the place of those of the same names.

        Names that the notebook doesn't have are left out. This caller goes on with the student's own.
        """
        ...


# Kinds of error after which no later call can give a value.
ENDED = ("missing", "not_loaded", "timeout", "memory", "crashed")


def ended(outcome: Outcome) -> bool:
    """Can no later call give a value?"""
    return outcome.error is not None and outcome.error.kind in ENDED


def repeat_the_end(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The same Outcomes up to the first that ended the process, and that one for every later call."""
    found: list[Outcome] = []
    for outcome in outcomes:
        found.append(found[-1] if found and ended(found[-1]) else outcome)
    return found


class LocalCaller:
    """Calls functions of the notebook in this process: for check() and for tests, not for grading strangers.

    The function itself answers to its own name; the other names are looked up in its globals.
    """

    def __init__(self, function: Callable[..., Any], name: str | None = None) -> None:
        self.function = function
        self.name = name if name is not None else str(getattr(function, "__name__", ""))
        self.names: dict[str, Any] = getattr(function, "__globals__", {})
        self.replaced: Mapping[str, Callable[..., Any]] = {}
        # Functions that the notebook defines in cells that failed.
        self.failed: Mapping[str, CallError] = {}

    def find(self, name: str) -> Callable[..., Any] | None:
        if name == self.name:
            return self.function
        found = self.names.get(name)
        return found if callable(found) and not hasattr(builtins, name) else None

    def with_functions(self, functions: Mapping[str, Callable[..., Any]]) -> "LocalCaller":
        """The same functions, each call with these in the place of those that the notebook has, or would have
        if their cells ran.
        """
        other = copy(self)
        other.replaced = {
            name: function for name, function in functions.items() if self.find(name) or name in self.failed
        }
        return other

    def __call__(self, name: str, args: tuple[Value, ...]) -> Outcome:
        outcome = self._call(name, args)
        # The answer may be one of the arguments, or change with the next call: copied, it stays what it is
        # now.
        return replace(outcome, value=copy_value(outcome.value))

    def call_many(self, name: str, many: Sequence[tuple[Value, ...]]) -> list[Outcome]:
        return repeat_the_end([self(name, args) for args in many])

    def call_pipelined(self, name: str, many: Sequence[tuple[Value, ...]]) -> list[Outcome]:
        outcomes: list[Outcome] = []
        for args in many:
            outcomes.append(self._call(name, args))
            if len(outcomes) > 1:
                outcomes[-2] = replace(outcomes[-2], value=copy_value(outcomes[-2].value))
        return repeat_the_end([replace(outcome, value=copy_value(outcome.value)) for outcome in outcomes])

    def _call(self, name: str, args: tuple[Value, ...]) -> Outcome:
        function = self.find(name)
        if function is None:
            return Outcome(None, self.failed.get(name) or no_function(name), None)
        given = tuple(copy_value(arg) for arg in args)
        own = {name: self.names[name] for name in self.replaced if name in self.names}
        self.names.update(self.replaced)
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                # A NumPy warning costs nothing.
                warnings.simplefilter("ignore")
                return Outcome(function(*given), None, given)
        except (Exception, SystemExit) as error:
            detail = "".join(traceback.format_exception(error, limit=-3))[-2000:]
            message = f"{type(error).__name__}: {error}"[:500]
            kind = type(error).__name__
            return Outcome(None, CallError("exception", message, detail, kind, _raised_in(error)), given)
        finally:
            for name in self.replaced.keys() - own.keys():
                del self.names[name]
            self.names.update(own)


def _raised_in(error: BaseException) -> str:
    """The name of the innermost function on the way to the error."""
    frames = traceback.extract_tb(error.__traceback__)
    return frames[-1].name if frames else ""
