"""A student's function called: what came back, or why nothing did, whether it runs here or behind the wall."""

import builtins
import re
import traceback
import warnings
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol, TypeAlias

import numpy as np

from autograder.trees import copy_value

# What may cross the wall: arrays, dicts keyed by layer, tuples, numbers, names, and functions chosen by name.
Value: TypeAlias = Any


@dataclass(frozen=True)
class CallError:
    """Why a call gave no value; detail holds the student's own traceback lines, capped."""

    kind: Literal["exception", "timeout", "memory", "crashed", "protocol", "missing"]
    message: str
    detail: str = ""

    def unwritten(self, earlier: Sequence[str] = ()) -> str | None:
        """A stub raised it? Then whose: one of these earlier functions', or "" for the function's own; else None."""
        if not self.message.startswith("NotImplementedError"):
            return None
        raised_in = re.findall(r", in (\w+)\n", self.detail)
        return raised_in[-1] if raised_in and raised_in[-1] in earlier else ""


# Not frozen: thousands are made, and a frozen one takes five times as long.
@dataclass(slots=True, eq=False)
class Outcome:
    """A call's value or its error, and the arguments as they were afterwards."""

    value: Any
    error: CallError | None
    args_after: tuple[Value, ...] | None


class Caller(Protocol):
    """Calls the student's function of that name.

    A caller may have more: each(name, many) makes many calls in few messages; held(name, many) does, and reads each
    answer only after the call that follows; instead(functions) is a caller with these functions in the place of the
    student's own of the same names.
    """

    def __call__(self, name: str, args: tuple[Value, ...]) -> Outcome: ...


ENDED = ("missing", "timeout", "memory", "crashed")  # no later call can give a value


def call_each(call: Caller, name: str, many: Sequence[tuple[Value, ...]]) -> list[Outcome]:
    """The Outcomes of one call after another, in one message where the caller can; none after one that ended it."""
    if hasattr(call, "each"):
        outcomes: list[Outcome] = call.each(name, many)
    else:
        outcomes = []
        for args in many:
            outcomes.append(call(name, args))
            if _ended(outcomes[-1]):
                break
    return _to_the_end(outcomes)


def call_held(call: Caller, name: str, many: Sequence[tuple[Value, ...]]) -> list[Outcome]:
    """As call_each, but each answer is read after the next call: an array that the function writes into again shows."""
    return _to_the_end(call.held(name, many)) if hasattr(call, "held") else call_each(call, name, many)


def _to_the_end(outcomes: list[Outcome]) -> list[Outcome]:
    last = next((i for i, outcome in enumerate(outcomes) if _ended(outcome)), len(outcomes))
    return outcomes[: last + 1]


def _ended(outcome: Outcome) -> bool:
    return outcome.error is not None and outcome.error.kind in ENDED


class LocalCaller:
    """Calls functions of the notebook in this process: for check() and for tests, not for grading strangers.

    The function itself answers to its own name; the other names are looked up in its globals.
    """

    def __init__(self, function: Callable[..., Any], name: str | None = None) -> None:
        self.function = function
        self.name = name if name is not None else str(getattr(function, "__name__", ""))
        self.names: dict[str, Any] = getattr(function, "__globals__", {})
        self.replaced: Mapping[str, Callable[..., Any]] = {}

    def find(self, name: str) -> Callable[..., Any] | None:
        if name == self.name:
            return self.function
        found = self.names.get(name)
        return found if callable(found) and not hasattr(builtins, name) else None

    def instead(self, functions: Mapping[str, Callable[..., Any]]) -> "LocalCaller":
        """The same functions, each call with these in the place of those that the notebook has."""
        other = copy(self)
        other.replaced = {name: function for name, function in functions.items() if self.find(name)}
        return other

    def __call__(self, name: str, args: tuple[Value, ...]) -> Outcome:
        outcome = self._call(name, args)
        # The answer may be one of the arguments, or change with the next call: keep what it is now.
        return replace(outcome, value=copy_value(outcome.value))

    def held(self, name: str, many: Sequence[tuple[Value, ...]]) -> list[Outcome]:
        outcomes: list[Outcome] = []
        for args in many:
            outcomes.append(self._call(name, args))
            if len(outcomes) > 1:
                outcomes[-2] = replace(outcomes[-2], value=copy_value(outcomes[-2].value))
        return [replace(outcome, value=copy_value(outcome.value)) for outcome in outcomes]

    def _call(self, name: str, args: tuple[Value, ...]) -> Outcome:
        function = self.find(name)
        if function is None:
            return Outcome(None, CallError("missing", f"no function {name} was found"), None)
        given = tuple(copy_value(arg) for arg in args)
        own = {name: self.names[name] for name in self.replaced}
        self.names.update(self.replaced)
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")  # a NumPy warning costs nothing
                return Outcome(function(*given), None, given)
        except (Exception, SystemExit) as error:
            detail = "".join(traceback.format_exception(error, limit=-3))[-2000:]
            message = f"{type(error).__name__}: {error}"[:500]
            return Outcome(None, CallError("exception", message, detail), given)
        finally:
            self.names.update(own)
