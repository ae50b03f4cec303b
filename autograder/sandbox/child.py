"""A notebook's functions behind the wall: its cells are run in a child, then the child is called.

What comes back is a stranger's word: its length, form, dtypes and shapes are checked before anything is made
of it, a reply must carry its call's nonce, and there is one reply a call. Time is measured here. A child that
breaks the rules, hangs or dies is killed, and from then on every call says so.
"""

import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from autograder._language import _
from autograder.sandbox import protocol
from autograder.sandbox.calls import (
    CallError,
    FunctionPlace,
    Outcome,
    no_function,
    not_loaded,
    repeat_the_end,
    still_running,
)
from autograder.sandbox.channel import DeadlineExceeded, PeerClosed
from autograder.sandbox.forked_process import ForkedProcess, cause_of_end, too_much_memory
from autograder.sandbox.inside import wire
from autograder.sandbox.inside.wire import FrameError
from autograder.sandbox.known_messages import NotebookWords
from autograder.sandbox.limits import Limits
from autograder.sandbox.protocol import EncodedArguments
from autograder.trees import Value

# Calls a message.
BATCH = 64
# Cells that hang or end the process; one more and the notebook counts as hanging.
MAX_LEFT_OUT = 8
# Each cell that had to be left out halves the patience with the next, down to this.
LEAST_CELL_SECONDS = 1.0


@dataclass
class LoadingRecord:
    """What is known of a notebook whose cells were tried, shared by all its children.

    words: its cells, and what its errors may say. stopped: by place, the cells that hang or end Python.
    stops: how many of their statements come before the one that does. losses: how often a child was lost.
    """

    words: NotebookWords = field(default_factory=lambda: NotebookWords(()))
    stopped: dict[int, CallError] = field(default_factory=dict)
    stops: dict[int, int] = field(default_factory=dict)
    losses: int = 0
    seconds_lost: float = 0.0


class Child:
    """The student's functions in a child of the zygote: a Caller. A context manager: entered, it is loaded.

    fork: gives a fresh, locked process that lives for so many seconds. seconds: from the first cell to the
    last call. public: it is called with nothing that is hidden. asked: the places of the functions that are
    asked for as they were at some cell. told: what cells failed with in a child before this one; another
    failure is told by its kind alone. load_failures: by place, why a cell failed, as it was told before the
    first call. names: what the cells left that can be called. dead: why it can't
    be called any more.
    """

    def __init__(
        self,
        fork: Callable[[float], ForkedProcess],
        limits: Limits,
        record: LoadingRecord,
        encoded: EncodedArguments,
        seconds: float,
        public: bool = False,
        asked: Mapping[str, FunctionPlace] = MappingProxyType({}),
        told: Mapping[int, CallError] | None = None,
    ) -> None:
        self.fork, self.limits, self.record = fork, limits, record
        self.encoded, self.seconds, self.public, self.asked = encoded, seconds, public, asked
        self.told = told
        self.load_failures: dict[int, CallError] = {}
        self.names: frozenset[str] = frozenset()
        self.dead: CallError | None = None
        self.process: ForkedProcess | None = None
        self.deadline = 0.0

    @property
    def alive(self) -> bool:
        """Can it still be called?"""
        return self.dead is None and self.process is not None and not self.process.ended

    def renew(self, seconds: float) -> None:
        """Live for so many seconds from now; its processor time stays what was given at its start."""
        self.seconds, self.deadline = seconds, time.monotonic() + seconds

    def hide(self) -> None:
        """From now on it may be called with hidden numbers: of an error, its kind is told, no more."""
        self.public = False

    def has(self, name: str) -> bool:
        """Did the cells leave a callable of this name?"""
        return name in self.names

    # ---- loading ----

    def __enter__(self) -> "Child":
        record = self.record
        while True:
            self.load_failures = {place: self._as_told(place, why) for place, why in record.stopped.items()}
            started = time.monotonic()
            stopped = self._load()
            if stopped is None:
                return self
            place, statement, error = stopped
            record.stopped[place], record.stops[place] = error, statement
            record.losses += 1
            record.seconds_lost += time.monotonic() - started
            self._die(error)
            if record.losses > MAX_LEFT_OUT or record.seconds_lost > self.limits.loading_seconds:
                return self
            self.dead = None

    def __exit__(self, *_exception: object) -> None:
        if self.process is not None:
            self.process.end()
            self.process = None

    def add(self, cell: str) -> None:
        """Run one more cell, the grader's own, for every function that is asked; one more fails no other."""
        if self.dead is not None or self.process is None or not self._turn(self.process, _("the cell")):
            return
        nonce = secrets.token_hex(8)
        # What the notebook would have if the cell ran is replaced too.
        message = {"nonce": nonce, "added": cell, "absent": sorted(self._not_loaded())}
        # The student's cells ran: what the child says of itself now, it says knowing the hidden numbers.
        error: CallError | None = None
        limit = self.limits.cell_seconds
        try:
            self.process.channel.send(wire.pack(message, []), self._deadline(limit))
            _names(*self.process.channel.receive(self._deadline(limit)), nonce)
            return
        except DeadlineExceeded:
            error = self._still_running(limit)
        except PeerClosed:
            error = cause_of_end(self.process.end(patience=0.5), _("the cell"))
        except FrameError as problem:
            error = _wrote_elsewhere(problem)
        self._die(error)

    def _not_loaded(self) -> dict[str, CallError]:
        """The functions that aren't there because their cells failed."""
        return {
            name: not_loaded(self.load_failures[place.cell])
            for name, place in self.asked.items()
            if name not in self.names and place.cell in self.load_failures
        }

    def _load(self) -> tuple[int, int, CallError] | None:
        """Run the cells in a fresh process; the cell that hung or ended it, the statement, and the reason;
        else None.
        """
        self.process = self.fork(self.seconds)
        self.deadline = time.monotonic() + self.seconds
        channel = self.process.channel
        nonce = secrets.token_hex(8)
        cells, place, statement, failures = self.record.words.cells, -1, 0, dict(self.load_failures)
        patience = self.limits.cell_seconds / 2 ** len(self.record.stopped)
        limit = min(max(patience, LEAST_CELL_SECONDS), self.limits.cell_seconds)
        deadline = self._deadline(limit)
        asked = {name: where.after for name, where in self.asked.items()}
        message = {"nonce": nonce, "cells": cells, "stops": self.record.stops, "asked": asked, "seed": 0}
        try:
            channel.send(wire.pack(message, []), deadline)
            while True:
                header, payload = channel.receive(deadline)
                if header.keys() == {"cell", "statement"} and not payload:
                    at = header["cell"], header["statement"]
                    if not (type(at[0]) is type(at[1]) is int and (place, statement) < at < (len(cells), 0)):
                        raise FrameError("a place that is none")
                    if at[0] > place:
                        deadline = self._deadline(limit)
                    place, statement = at
                elif header.keys() == {"failed"} and not payload and place >= 0:
                    found = protocol.call_error_of(header["failed"], self.record.words, public=True)
                    failures.setdefault(place, self._as_told(place, found))
                else:
                    self.names = _names(header, payload, nonce)
                    self.load_failures = failures
                    return None
        except DeadlineExceeded:
            error = self._still_running(limit)
        except PeerClosed:
            error = cause_of_end(self.process.end(patience=0.5), _("the cell"))
        except FrameError as problem:
            error = _wrote_elsewhere(problem)
        if place < 0:
            # No cell had begun: nothing to leave out.
            self._die(error)
            return None
        return place, statement, error

    def _as_told(self, place: int, error: CallError) -> CallError:
        """The error as an earlier child told it: cells see the clock, and may fail as they like."""
        if self.told is None:
            return error
        return self.told.get(place, CallError(error.kind, "", withheld=True))

    # ---- calls ----

    def __call__(self, name: str, args: tuple[Value, ...]) -> Outcome:
        """Call the student's function; what goes wrong on the other side is a CallError in the Outcome."""
        return self.call_many(name, [args])[0]

    def call_many(self, name: str, many: Sequence[tuple[Value, ...]]) -> list[Outcome]:
        """The Outcomes of one call after another, in order: as __call__ gives them, in far fewer messages."""
        return self._in_batches(name, many, pipelined=False)

    def call_pipelined(self, name: str, many: Sequence[tuple[Value, ...]]) -> list[Outcome]:
        """As call_many, an answer being read after the call that follows it."""
        return self._in_batches(name, many, pipelined=True)

    def _in_batches(self, name: str, many: Sequence[tuple[Value, ...]], pipelined: bool) -> list[Outcome]:
        outcomes: list[Outcome] = []
        while len(outcomes) < len(many):
            outcomes += self._batch(name, many[len(outcomes) : len(outcomes) + BATCH], pipelined)
        return repeat_the_end(outcomes)

    def _batch(self, name: str, many: Sequence[tuple[Value, ...]], pipelined: bool) -> list[Outcome]:
        outcomes: list[Outcome] = []
        if self.dead is not None or self.process is None or not self._turn(self.process, name):
            error = self.dead or CallError("crashed", _("the child was closed"))
            return [Outcome(None, error, None)] * len(many)
        if name not in self.names:
            # The grader's to say: the cells ran, and left nothing of this name.
            return [Outcome(None, self._not_loaded().get(name) or no_function(name), None)] * len(many)
        nonce = secrets.token_hex(8)
        channel, limit = self.process.channel, self.limits.call_seconds
        try:
            if channel.unasked():
                raise FrameError("an answer that nobody asked for")
            channel.send(
                protocol.calls_message(nonce, name, many, pipelined, self.encoded), self._deadline(limit)
            )
            while len(outcomes) < len(many):
                header, payload = channel.receive(self._deadline(limit))
                asked = many[len(outcomes) :]
                outcomes += protocol.outcomes(header, payload, nonce, asked, self.record.words, self.public)
            if channel.buffer:
                raise FrameError("more than one answer")
        except DeadlineExceeded:
            self._die(self._still_running(limit))
        except PeerClosed:
            self._die(cause_of_end(self.process.end(patience=0.5), name))
        except FrameError as problem:
            # Whoever breaks the rules once is believed nothing of the same batch.
            outcomes = []
            self._die(
                CallError(
                    "protocol",
                    _(
                        "the answer was not one that the grader's own worker sends: {problem}",
                        problem=problem,
                    ),
                )
            )
        return outcomes + [Outcome(None, self.dead, None)] * (len(many) - len(outcomes))

    def _deadline(self, seconds: float) -> float:
        """When something that may take so long must be done."""
        return min(time.monotonic() + seconds, self.deadline)

    def _still_running(self, limit: float) -> CallError:
        """The limit is told, and not what was left of another: that, who was called before has chosen."""
        if time.monotonic() < self.deadline:
            return still_running(limit)
        return CallError(
            "timeout", _("still running when its time was over; it was stopped (a loop without an end?)")
        )

    def _turn(self, process: ForkedProcess, running: str) -> bool:
        """Let it run, and no other child; False if it was ended for what it held while others ran."""
        if process.take_turn():
            return True
        self._die(too_much_memory(running))
        return False

    def _die(self, error: CallError) -> None:
        self.dead = error
        if self.process is not None:
            self.process.end()


def _wrote_elsewhere(problem: FrameError) -> CallError:
    return CallError(
        "protocol", _("the cell wrote where only the grader's side may: {problem}", problem=problem)
    )


def _names(header: dict[str, Any], payload: bytes, nonce: str) -> frozenset[str]:
    """The names that the child says it can be asked for; FrameError if that has another form."""
    if header.keys() != {"nonce", "names"} or header["nonce"] != nonce or payload:
        raise FrameError("an answer that nobody asked for")
    if not isinstance(header["names"], list):
        raise FrameError("an answer of no known form")
    return frozenset(name for name in header["names"] if isinstance(name, str))
