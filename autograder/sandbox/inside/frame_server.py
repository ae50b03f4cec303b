"""What a child does for the grader: it runs the student's cells and answers calls, frame by frame.

Standard library and NumPy only: the worker gets this text as source.
"""

import builtins
import contextlib
import json
import os
import random
import re
import sys
from collections.abc import Callable
from time import monotonic
from typing import Any

# Of an error so much is told: characters of its text, of a name, places on the way to it.
MAX_MESSAGE, MAX_NAME, MAX_PLACES = 300, 100, 5
CELL_FILE = re.compile(r"<cell ([0-9]{1,6})>")
MOST_NAMES = 2_000
# The name that a class has, whatever its metaclass says.
TYPE_NAME: Callable[[type], str] = vars(type)["__name__"].__get__
# How long and how much of the replies waits for more of them to share its frame.
WAITING_SECONDS, WAITING_BYTES = 0.01, 1 << 20
# A pipelined answer that took so long is sent as it is: its caller's patience ends.
PIPELINED_SECONDS = 0.5


def write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


class Reply:
    """What one call gave: the reply without a nonce, the bytes of the value's arrays and of changed
    arguments'.
    """

    def __init__(self) -> None:
        self.header: dict[str, Any] = {}
        self.value: Any = None
        self.chunks: list[bytes] = []
        self.after: list[bytes] = []

    def size(self) -> int:
        return sum(map(len, self.chunks)) + sum(map(len, self.after))


class FrameServer:
    """Runs cells and calls as the frames that come in say.

    limit: bytes of a frame. modules: the texts of this side, executed, and plain, which makes a cell Python.
    read_exactly: the worker's.
    """

    def __init__(
        self, descriptor: int, limit: int, modules: Any, read_exactly: Callable[[int, int], bytes]
    ) -> None:
        self.descriptor, self.limit, self.wire = descriptor, limit, modules.wire
        self.read_exactly = read_exactly
        self.make_function: Callable[..., Any] = modules.scalar_functions.make_function
        self.names: dict[str, Any] = modules.imports.install(modules.imports.Printed())
        builtins.input = modules.cells.ask_nobody
        self.notebook: Any = modules.cells.CellRunner(
            self.names, modules.plain, modules.imports.Inert, self.began, self.failed
        )
        self.np: Any = sys.modules["numpy"]

    def run(self) -> None:
        while True:
            # A whole frame, nearly always: there is one at a time.
            frame = os.read(self.descriptor, 1 << 16)
            while len(frame) < self.wire.LENGTHS.size:
                frame += self.read_exactly(self.descriptor, self.wire.LENGTHS.size - len(frame))
            start, payload_bytes = self.wire.LENGTHS.unpack(frame[: self.wire.LENGTHS.size])
            start += self.wire.LENGTHS.size
            if len(frame) < start + payload_bytes:
                frame += self.read_exactly(self.descriptor, start + payload_bytes - len(frame))
            header, payload = json.loads(frame[self.wire.LENGTHS.size : start]), frame[start:]
            if "cells" in header:
                self.load(header)
            elif "added" in header:
                self.notebook.add(header["added"], header["absent"])
                self.tell_names(header)
            else:
                self.answer(header, payload)

    def write(self, header: dict[str, Any], chunks: list[bytes]) -> None:
        write_all(self.descriptor, self.wire.pack(header, chunks, self.limit))

    def load(self, header: dict[str, Any]) -> None:
        """Run the cells in order; say which statement begins, as one may have no end, and what fails."""
        self.np.random.seed(header["seed"])
        random.seed(header["seed"])
        stops = {int(place): statements for place, statements in header["stops"].items()}
        self.notebook.run(header["cells"], stops, header["asked"])
        self.tell_names(header)

    def began(self, cell: int, statement: int) -> None:
        self.write({"cell": cell, "statement": statement}, [])

    def failed(self, cell: int, error: BaseException) -> None:
        self.write({"failed": described(error)}, [])

    def tell_names(self, header: dict[str, Any]) -> None:
        names = [name[:MAX_NAME] for name in self.notebook.callables()]
        self.write({"nonce": header["nonce"], "names": names[:MOST_NAMES]}, [])

    def answer(self, header: dict[str, Any], payload: bytes) -> None:
        """Call after call; replies that come quickly share a frame, and none waits for long.

        pipelined: an answer is read again after the next call, which may have written into the same array.
        """
        waiting: list[Reply] = []
        since, size, at = monotonic(), 0, 0
        for name, trees, length in header["calls"]:
            waiting.append(self.call(name, trees, payload[at : at + length]))
            at += length
            if header.get("pipelined") and len(waiting) > 1:
                self.read_again(waiting[-2])
            size += waiting[-1].size()
            spent = monotonic() - since
            if spent > WAITING_SECONDS or size > WAITING_BYTES:
                ready = len(waiting) - (1 if header.get("pipelined") and spent < PIPELINED_SECONDS else 0)
                if ready:
                    self.reply_all(header["nonce"], waiting[:ready])
                waiting, since, size = waiting[ready:], monotonic(), 0
        if waiting:
            self.reply_all(header["nonce"], waiting)

    def read_again(self, reply: "Reply") -> None:
        """Its answer as it is now."""
        if "value" not in reply.header:
            return
        try:
            reply.chunks = []
            reply.header["value"] = self.wire.encode(reply.value, reply.chunks)
        except BaseException as error:
            reply.chunks = []
            del reply.header["value"]
            reply.header["error"] = described(error)

    def reply_all(self, nonce: str, replies: "list[Reply]") -> None:
        try:
            chunks = [chunk for reply in replies for chunk in (*reply.chunks, *reply.after)]
            self.write({"nonce": nonce, "replies": [reply.header for reply in replies]}, chunks)
        except self.wire.FrameError:
            # Too much together: each by itself.
            for reply in replies:
                try:
                    self.write({"nonce": nonce, "replies": [reply.header]}, [*reply.chunks, *reply.after])
                except self.wire.FrameError:
                    self.write({"nonce": nonce, "replies": [{"error": ["long", "", "", "", []]}]}, [])

    def call(self, name: str, trees: list[Any], payload: bytes) -> "Reply":
        """The reply to one call."""
        reply = Reply()
        self.notebook.show(name)
        # Whether there is one by this name the grader knows: a cell or a call may have taken it away since.
        function: Any = self.names.get(name)
        decoder = self.wire.Decoder(payload, self.make_function)
        args = [decoder.value(tree) for tree in trees]
        try:
            with self.np.errstate(all="ignore"):
                reply.value = function(*args)
            reply.header["value"] = self.wire.encode(reply.value, reply.chunks)
        except BaseException as error:
            reply.chunks.clear()
            reply.header["error"] = described(error)
            error.__traceback__ = None
        # False for arguments, or for one that is a function, that are as they came.
        reply.header["after"] = not decoder.untouched(payload) and [
            not callable(arg) and [self.wire.encode(arg, reply.after)] for arg in args
        ]
        return reply


def described(error: BaseException) -> list[Any]:
    """[kind, the name of its type, its text, the function that raised it, places in the cells on the way].

    A place is [number of the cell, of the line, name of the function]. Never raises, whatever the exception
    does.
    """
    kind = "memory" if isinstance(error, MemoryError) else "exception"
    try:
        # Of a very long text the beginning; a str of another class could lie about its slices.
        text = str.__getitem__(str(error), slice(MAX_MESSAGE))
    except BaseException:
        text = "(its text can't be had)"
    places = places_of(error)
    raised_in = places[-1][2] if places else ""
    return [kind, TYPE_NAME(type(error))[:MAX_NAME], text, raised_in, places[-MAX_PLACES:]]


def places_of(error: BaseException) -> list[tuple[int, int, str]]:
    """Where in the notebook's cells the error came along, the innermost last."""
    places = []
    with contextlib.suppress(BaseException):
        trace = error.__traceback__
        while trace is not None:
            found = CELL_FILE.fullmatch(trace.tb_frame.f_code.co_filename)
            if found is not None:
                places.append((int(found[1]), trace.tb_lineno, trace.tb_frame.f_code.co_name[:MAX_NAME]))
                del places[:-MAX_PLACES]
            trace = trace.tb_next
    return places
