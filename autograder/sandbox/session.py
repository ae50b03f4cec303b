"""The children in which a notebook's functions run: one for exercise after exercise, others apart.

A child costs as much as a hundred calls, so exercises share one as long as all goes well. What one does to
the process costs no other: where an exercise isn't flawless and another was judged in that child before, it
is judged again in a new one, and a child that died is followed by a new one. Right functions enter a child
last: nobody else is judged in it afterwards.
"""

import contextlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from types import MappingProxyType
from typing import Any, Literal, Protocol

from autograder.sandbox.calls import Caller, CallError, FunctionPlace, Outcome
from autograder.sandbox.substitution import replacement_cell
from autograder.trees import Value


class SandboxChild(Caller, Protocol):
    """The student's functions, loaded and callable. load_failures: by a cell's index, what went wrong."""

    @property
    def load_failures(self) -> Mapping[int, CallError]: ...

    @property
    def alive(self) -> bool:
        """Can it still be called?"""
        ...

    def renew(self, seconds: float) -> None:
        """Live for so many seconds from now."""
        ...

    def add(self, cell: str) -> None:
        """Run one more cell, the grader's own."""
        ...

    def hide(self) -> None:
        """From now on it may be called with hidden numbers: of an error, its kind is told, no more."""
        ...


class ChildMaker(Protocol):
    """Makes a child that loads cells; `seconds` bounds its whole life."""

    @property
    def isolation(self) -> Literal["strong", "none"]: ...

    def child(
        self,
        cells: Sequence[str],
        *,
        seconds: float,
        public: bool = False,
        asked: Mapping[str, FunctionPlace] = MappingProxyType({}),
        told: Mapping[int, CallError] | None = None,
    ) -> AbstractContextManager[SandboxChild]: ...


class IsolatedCaller:
    """Calls the exercise's function in its child, and the student's earlier functions in another.

    What they do by themselves must depend on nothing that the exercise's function has seen.

    left: seconds of the exercise's time. retire: says that the child is for no other exercise any more.
    public: nothing hidden is asked. asked: the places of the notebook's functions. told: what their cells
    failed with in a child before (Child).
    """

    def __init__(
        self,
        child: SandboxChild,
        function: str,
        zygote: ChildMaker,
        cells: Sequence[str],
        left: Callable[[], float],
        closing: contextlib.ExitStack,
        retire: Callable[[], None] = lambda: None,
        public: bool = False,
        asked: Mapping[str, FunctionPlace] = MappingProxyType({}),
        told: Mapping[int, CallError] | None = None,
    ) -> None:
        self.function, self.closing, self.public, self.asked = function, closing, public, asked
        self.told = told
        self.zygote, self.cells = zygote, cells
        self.left, self.retire = left, retire
        self.own: SandboxChild | None = child
        self.other: SandboxChild | None = None

    def __call__(self, name: str, args: tuple[Value, ...]) -> Outcome:
        return self._child_of(name)(name, args)

    def call_many(self, name: str, many: Sequence[tuple[Value, ...]]) -> list[Outcome]:
        return self._child_of(name).call_many(name, many)

    def call_pipelined(self, name: str, many: Sequence[tuple[Value, ...]]) -> list[Outcome]:
        return self._child_of(name).call_pipelined(name, many)

    def with_functions(self, functions: Mapping[str, Callable[..., Any]]) -> SandboxChild:
        """The exercise's child with these functions in the notebook; its own are asked in a new child."""
        child, self.own = self._child_of(self.function), None
        if child.alive:
            self.retire()
        else:
            child = self._new()
        child.add(replacement_cell(functions))
        return child

    def _child_of(self, name: str) -> SandboxChild:
        if name == self.function:
            self.own = self.own or self._new()
            return self.own
        self.other = self.other or self._new()
        return self.other

    def _new(self) -> SandboxChild:
        return self.closing.enter_context(
            self.zygote.child(
                self.cells, seconds=self.left(), public=self.public, asked=self.asked, told=self.told
            )
        )


class SharedChild:
    """A child for exercise after exercise; use as a context manager.

    public: nothing hidden is asked, until hide() is called. asked: the places of the notebook's functions.
    """

    def __init__(
        self,
        zygote: ChildMaker,
        cells: Sequence[str],
        public: bool = False,
        asked: Mapping[str, FunctionPlace] = MappingProxyType({}),
    ) -> None:
        self.zygote, self.cells, self.public, self.asked = zygote, cells, public, asked
        self.child: SandboxChild | None = None
        self.retired = False
        self.failures: dict[int, CallError] = {}
        # What may be said of cells that fail; None as long as nothing hidden was asked.
        self.told: Mapping[int, CallError] | None = None
        self.closing = contextlib.ExitStack()

    def __enter__(self) -> "SharedChild":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the child: whoever asks next gets a new one."""
        self.child, self.retired = None, False
        self.closing.close()

    def hide(self) -> None:
        """From now on hidden numbers are asked, in this child too: nothing that is said after this, or that
        cells of a child started after this raise, is told but by its kind.
        """
        self.public, self.told = False, self.failures
        if self.child is not None:
            self.child.hide()

    def retire(self) -> None:
        """Whoever asks next gets a new child; whoever has this one goes on with it."""
        self.retired = True

    def open(self, seconds: float) -> tuple[SandboxChild, bool]:
        """A child that lives for so long, and has it judged another exercise?"""
        if self.child is not None and self.child.alive and not self.retired:
            self.child.renew(seconds)
            return self.child, True
        self.close()
        self.child = self.closing.enter_context(
            self.zygote.child(
                self.cells, seconds=seconds, public=self.public, asked=self.asked, told=self.told
            )
        )
        if self.told is None:
            for place, error in self.child.load_failures.items():
                self.failures.setdefault(place, error)
        return self.child, False
