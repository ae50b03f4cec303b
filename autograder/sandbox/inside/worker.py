"""The student's side of the wall. Standard library and NumPy only; it imports nothing of ours and reads no file of ours.

The grader starts a clean Python, hands it this text, and calls main(). That process, the zygote, imports NumPy and
then waits. For every child that is asked for it forks; the child locks itself in (confinement's text), takes over the
imports (imports' text), runs the student's cells and answers calls in frames (wire's text). Nothing here is secret
and nothing that it says is believed: it returns numbers, the judging is done elsewhere.
"""

import contextlib
import gc
import json
import os
import random
import select
import socket
import struct
import sys
import traceback
import types
from collections.abc import Callable
from time import monotonic
from typing import Any

MESSAGE_LENGTH = struct.Struct("<I")
OUT_OF_MEMORY = 77  # exit status of a child that could not even answer
MAX_MESSAGE, MAX_DETAIL, MAX_NAME = 500, 2_000, 100
YOUNG = 10_000  # objects made before the collector looks: a frame has a thousand
KEPT_SECONDS, KEPT_BYTES = (
    0.01,
    1 << 20,
)  # how long and how much of the replies is kept for a frame of several
HELD_SECONDS = 0.5  # an answer that took so long is sent as it is: its caller's patience ends


class Parts:
    """The other texts of this side, executed as modules that no import finds."""

    def __init__(self, sources: dict[str, str]) -> None:
        self.wire = self._module("wire", sources)
        self.confinement = self._module("confinement", sources)
        self.frozen_modules = self._module("frozen_modules", sources)
        self.imports = self._module("imports", sources)
        self.scalar_functions = self._module("scalar_functions", sources)

    @staticmethod
    def _module(name: str, sources: dict[str, str]) -> Any:
        module = types.ModuleType(name)
        exec(compile(sources[name], f"<{name}>", "exec"), module.__dict__)
        return module


def read_exactly(descriptor: int, count: int) -> bytes:
    """count bytes; EOFError if the other side closed before."""
    parts = []
    while count:
        part = os.read(descriptor, min(count, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


# ---- the zygote ------------------------------------------------------------------------------------------------


def main(control_descriptor: int, alive_descriptor: int) -> None:
    """The zygote's life: settings, then fork and reap as told, until the grader closes or dies.

    alive_descriptor is a pidfd of the grader (or -1): it wakes us if the grader is killed while some other
    process still holds its end of the control socket.
    """
    control = socket.socket(fileno=control_descriptor)
    settings, _ = receive(control)
    sys.path.append(settings["numpy"])
    try:
        parts = Parts(settings["sources"])
        parts.imports.preload()
        parts.imports.close_gate(parts.frozen_modules.everything())
        program = parts.confinement.filter_program() if settings["confined"] else b""
        if program:
            parts.confinement.landlock_version()  # and with it what ctypes prepares at its first call
    except Exception as error:
        send(control, {"failed": f"{type(error).__name__}: {error}"})
        return
    os.dup2(1, 2)  # nowhere: what went wrong at the start could still be said
    gc.collect()
    parts.confinement.trim()
    gc.freeze()  # shared with the children as it is: no collector touches, and so copies, these pages
    gc.set_threshold(YOUNG)
    send(control, {"ready": True, "memory": address_space()})
    children: set[int] = set()
    while wait_for(control, alive_descriptor):
        try:
            order, descriptors = receive(control)
        except (EOFError, ConnectionError):
            return
        if "fork" in order:
            pid = os.fork()
            if pid == 0:
                status = 1
                try:
                    status = child(descriptors[0], parts, order["fork"], program)
                finally:
                    os._exit(status)
            os.close(descriptors[0])
            children.add(pid)
            handle = os.pidfd_open(pid) if hasattr(os, "pidfd_open") else -1
            send(control, {"pid": pid}, [handle] if handle >= 0 else [])
            if handle >= 0:
                os.close(handle)
        elif order.get("reap") in children:
            children.remove(order["reap"])
            send(control, {"status": os.waitstatus_to_exitcode(os.waitpid(order["reap"], 0)[1])})


def wait_for(control: socket.socket, alive_descriptor: int) -> bool:
    """True once an order is there, False if the grader is gone."""
    waiting = [control.fileno()] + ([alive_descriptor] if alive_descriptor >= 0 else [])
    return alive_descriptor not in select.select(waiting, [], [])[0]


def receive(control: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """One order and the descriptors that came with it."""
    prefix, descriptors, _, _ = socket.recv_fds(control, MESSAGE_LENGTH.size, 4)
    if not prefix:
        raise EOFError
    prefix += read_exactly(control.fileno(), MESSAGE_LENGTH.size - len(prefix))
    order: dict[str, Any] = json.loads(read_exactly(control.fileno(), MESSAGE_LENGTH.unpack(prefix)[0]))
    return order, list(descriptors)


def send(control: socket.socket, message: dict[str, Any], descriptors: list[int] | None = None) -> None:
    data = json.dumps(message).encode()
    data = MESSAGE_LENGTH.pack(len(data)) + data
    if descriptors:
        data = data[socket.send_fds(control, [data], descriptors) :]
    control.sendall(data)


def address_space() -> int:
    """Bytes of address space in use; where /proc is not to be seen, what NumPy customarily takes."""
    try:
        with open("/proc/self/statm") as file:  # noqa: PTH123 (nothing more than needed is imported here)
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 256 << 20


# ---- a child ---------------------------------------------------------------------------------------------------


def child(descriptor: int, parts: Parts, order: dict[str, Any], program: bytes) -> int:
    """Lock in, then load and answer until the grader closes the channel; returns the exit status."""
    held: dict[str, Any] = {}
    parts.confinement.close_all_but(descriptor)
    try:
        if not program:
            parts.confinement.bound(order["memory"], order["seconds"])
        else:
            held = parts.confinement.confine(
                memory=order["memory"], seconds=order["seconds"], uid=order["uid"],
                mount_namespace=order["mount_namespace"], program=program,
            )  # fmt: skip
    except Exception as error:
        write_all(
            descriptor, parts.wire.pack({"refused": f"{type(error).__name__}: {error}"[:MAX_MESSAGE]}, [])
        )
        return 1
    write_all(descriptor, parts.wire.pack({"ready": held}, []))
    try:
        Answering(descriptor, parts, order["frame"]).run()
    except EOFError:
        return 0
    except MemoryError:
        return OUT_OF_MEMORY
    return 0


class Reply:
    """What one call gave: the reply without a nonce, the bytes of the value's arrays and of changed arguments'."""

    def __init__(self) -> None:
        self.header: dict[str, Any] = {}
        self.value: Any = None
        self.chunks: list[bytes] = []
        self.after: list[bytes] = []

    def size(self) -> int:
        return sum(map(len, self.chunks)) + sum(map(len, self.after))


class Answering:
    """Runs cells and calls as the frames that come in say."""

    def __init__(self, descriptor: int, parts: Parts, limit: int) -> None:
        self.descriptor, self.frames, self.limit = descriptor, parts.wire, limit
        self.make_function: Callable[..., Any] = parts.scalar_functions.make_function
        self.printed = parts.imports.Printed()
        self.names: dict[str, Any] = parts.imports.install(self.printed)
        self.np: Any = sys.modules["numpy"]
        self.traced = False  # were lines of a traceback told in answer to this message? One traceback will do

    def run(self) -> None:
        while True:
            frame = os.read(self.descriptor, 1 << 16)  # a whole frame, nearly always: there is one at a time
            while len(frame) < self.frames.LENGTHS.size:
                frame += read_exactly(self.descriptor, self.frames.LENGTHS.size - len(frame))
            start, payload_bytes = self.frames.LENGTHS.unpack(frame[: self.frames.LENGTHS.size])
            start += self.frames.LENGTHS.size
            if len(frame) < start + payload_bytes:
                frame += read_exactly(self.descriptor, start + payload_bytes - len(frame))
            header, payload = json.loads(frame[self.frames.LENGTHS.size : start]), frame[start:]
            if "cells" in header:
                self.load(header)
            else:
                self.answer(header, payload)

    def write(self, header: dict[str, Any], chunks: list[bytes]) -> None:
        write_all(self.descriptor, self.frames.pack(header, chunks, self.limit))

    def load(self, header: dict[str, Any]) -> None:
        """Run the cells in order; say which one begins, so that one that never ends is known by its number."""
        self.np.random.seed(header["seed"])
        random.seed(header["seed"])
        import linecache

        errors = []
        for place, source in enumerate(header["cells"]):
            if place in header["skip"]:
                continue
            self.write({"cell": place}, [])
            file = f"<cell {place + 1}>"
            linecache.cache[file] = (len(source), None, source.splitlines(True), file)
            try:
                exec(compile(source, file, "exec", dont_inherit=True), self.names)
            except BaseException as error:  # SystemExit and KeyboardInterrupt too: the next cells still run
                errors.append([place, *described(error)])
        names = [name for name, what in self.names.items() if type(name) is str and callable(what)]
        self.write(
            {
                "nonce": header["nonce"],
                "loaded": errors,
                "names": names[:2000],
                "printed": self.printed.text(),
            },
            [],
        )

    def answer(self, header: dict[str, Any], payload: bytes) -> None:
        """Call after call; replies that come quickly share a frame, and none is kept back for long.

        held: an answer is read again after the next call, which may have written into the same array.
        """
        kept: list[Reply] = []
        since, size, at = monotonic(), 0, 0
        self.traced = False
        for name, trees, length in header["calls"]:
            kept.append(self.call(name, trees, payload[at : at + length]))
            at += length
            if header.get("held") and len(kept) > 1:
                self.read_again(kept[-2])
            size += kept[-1].size()
            spent = monotonic() - since
            if spent > KEPT_SECONDS or size > KEPT_BYTES:
                ready = len(kept) - (1 if header.get("held") and spent < HELD_SECONDS else 0)
                if ready:
                    self.reply_all(header["nonce"], kept[:ready])
                kept, since, size = kept[ready:], monotonic(), 0
        if kept:
            self.reply_all(header["nonce"], kept)

    def read_again(self, reply: "Reply") -> None:
        """Its answer as it is now."""
        if "value" not in reply.header:
            return
        try:
            reply.chunks = []
            reply.header["value"] = self.frames.encode(reply.value, reply.chunks)
        except BaseException as error:
            reply.chunks = []
            del reply.header["value"]
            reply.header["error"] = described(error)

    def reply_all(self, nonce: str, kept: "list[Reply]") -> None:
        try:
            chunks = [chunk for reply in kept for chunk in (*reply.chunks, *reply.after)]
            self.write({"nonce": nonce, "replies": [reply.header for reply in kept]}, chunks)
        except self.frames.FrameError:  # too much together: each by itself
            for reply in kept:
                try:
                    self.write({"nonce": nonce, "replies": [reply.header]}, [*reply.chunks, *reply.after])
                except self.frames.FrameError as error:
                    long = {"error": ["protocol", f"the answer is too long: {error}", "", "", ""]}
                    self.write({"nonce": nonce, "replies": [long]}, [])

    def call(self, name: str, trees: list[Any], payload: bytes) -> "Reply":
        """The reply to one call."""
        reply = Reply()
        function = self.names.get(name)
        if not callable(function):
            reply.header["error"] = ["missing", f"no function {name} was found", "", "", ""]
            return reply
        decoder = self.frames.Decoder(payload, self.make_function)
        args = [decoder.value(tree) for tree in trees]
        try:
            with self.np.errstate(all="ignore"):
                reply.value = function(*args)
            reply.header["value"] = self.frames.encode(reply.value, reply.chunks)
        except BaseException as error:
            reply.chunks.clear()
            reply.header["error"] = described(error, lines=not self.traced)
            self.traced, error.__traceback__ = True, None
        reply.header["after"] = not decoder.untouched(payload) and [
            not callable(arg) and [self.frames.encode(arg, reply.after)] for arg in args
        ]  # False: as it came
        return reply


def described(error: BaseException, lines: bool = True) -> list[str]:
    """Kind, one line, the student's own lines of the traceback, the exception's type, and the notebook's function that
    raised it; never raises, whatever the exception does.
    """
    kind = "memory" if isinstance(error, MemoryError) else "exception"
    try:
        text = str(error)
    except BaseException:
        text = "(its text can't be had)"
    own = ""
    if lines:
        with contextlib.suppress(BaseException):
            told = traceback.format_exception(error, limit=-20, chain=False)
            # The student's own lines: no other file's, whose path would tell where the grader lives.
            own = "".join(
                line for line in told if '  File "' not in line[:8] or '  File "<cell ' in line[:14]
            )
    name = type(error).__name__
    message = f"{name}: {text}" if text else name
    return [kind, message[:MAX_MESSAGE], own[-MAX_DETAIL:], name[:MAX_NAME], raised_in(error)[:MAX_NAME]]


def raised_in(error: BaseException) -> str:
    """The name of the notebook's innermost function on the way to the error, "" if there is none."""
    name = ""
    with contextlib.suppress(BaseException):
        trace = error.__traceback__
        while trace is not None:
            code = trace.tb_frame.f_code
            if code.co_filename.startswith("<cell "):
                name = code.co_name
            trace = trace.tb_next
    return name
