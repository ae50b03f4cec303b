"""The student's side of the wall: the zygote's life, and a child's from its fork to its end.

The grader starts a clean Python, hands it this text, and calls main(). That process, the zygote, imports
NumPy and then waits. For every child that is asked for it forks; the child locks itself in (confinement's
text), takes over the imports (imports' text), runs the student's cells and answers calls (frame_server's
text). Nothing here is secret and nothing that it says is believed: it returns numbers, the judging is done
elsewhere.

Standard library and NumPy only; it imports nothing of ours and reads no file of ours.
"""

import gc
import json
import os
import select
import socket
import struct
import sys
import types
from typing import Any

MESSAGE_LENGTH = struct.Struct("<I")
# Exit status of a child that could not even answer.
OUT_OF_MEMORY = 77
MAX_REASON = 500
# Objects made before the collector looks: a frame has a thousand.
OBJECTS_BEFORE_COLLECTION = 10_000


def execute(sources: dict[str, str]) -> Any:
    """The other texts of this side as modules that no import finds: an object with one by each name."""
    modules = types.SimpleNamespace()
    for name, source in sources.items():
        module = types.ModuleType(name)
        exec(compile(source, f"<{name}>", "exec"), module.__dict__)
        setattr(modules, name, module)
    return modules


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


# ---- the zygote ----


def main(control_descriptor: int, alive_descriptor: int) -> None:
    """The zygote's life: settings, then fork and reap as told, until the grader closes or dies.

    alive_descriptor: a pidfd of the grader (or -1), which wakes the zygote if the grader is killed while some
    other process still has its end of the control socket.
    """
    control = socket.socket(fileno=control_descriptor)
    settings, _ = receive(control)
    sys.path.append(settings["numpy"])
    try:
        modules = execute(settings["sources"])
        modules.imports.preload()
        manager = modules.magics.transformer_manager(settings["ipython"])
        modules.plain = lambda source: modules.magics.transformed(source, manager)
        adjust = modules.one_thread.adjusted
        for module in list(sys.modules.values()):
            adjust(module)
        modules.imports.close_gate(modules.frozen_modules.freeze_all(adjust))
        program = modules.confinement.filter_program() if settings["confined"] else b""
        if program:
            # What ctypes prepares at its first call is prepared before the fork.
            modules.confinement.landlock_version()
    except Exception as error:
        send(control, {"failed": f"{type(error).__name__}: {error}"})
        return
    # To nowhere from here on: what went wrong at the start could still be said.
    os.dup2(1, 2)
    gc.collect()
    modules.confinement.trim()
    # Shared with the children as it is: no collector touches, and so copies, these pages.
    gc.freeze()
    gc.set_threshold(OBJECTS_BEFORE_COLLECTION)
    send(control, {"ready": True, "memory": address_space()})
    children: set[int] = set()
    while wait_for(control, alive_descriptor):
        try:
            message, descriptors = receive(control)
        except (EOFError, ConnectionError):
            return
        if "fork" in message:
            pid = os.fork()
            if pid == 0:
                status = 1
                try:
                    status = child(descriptors[0], modules, message["fork"], program)
                finally:
                    os._exit(status)
            os.close(descriptors[0])
            children.add(pid)
            handle = os.pidfd_open(pid) if hasattr(os, "pidfd_open") else -1
            send(control, {"pid": pid}, [handle] if handle >= 0 else [])
            if handle >= 0:
                os.close(handle)
        elif message.get("reap") in children:
            children.remove(message["reap"])
            send(control, {"status": os.waitstatus_to_exitcode(os.waitpid(message["reap"], 0)[1])})


def wait_for(control: socket.socket, alive_descriptor: int) -> bool:
    """True once a message is there, False if the grader is gone."""
    waiting = [control.fileno()] + ([alive_descriptor] if alive_descriptor >= 0 else [])
    return alive_descriptor not in select.select(waiting, [], [])[0]


def receive(control: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """One message and the descriptors that came with it."""
    prefix, descriptors, _, _ = socket.recv_fds(control, MESSAGE_LENGTH.size, 4)
    if not prefix:
        raise EOFError
    prefix += read_exactly(control.fileno(), MESSAGE_LENGTH.size - len(prefix))
    message: dict[str, Any] = json.loads(read_exactly(control.fileno(), MESSAGE_LENGTH.unpack(prefix)[0]))
    return message, list(descriptors)


def send(control: socket.socket, message: dict[str, Any], descriptors: list[int] | None = None) -> None:
    data = json.dumps(message).encode()
    data = MESSAGE_LENGTH.pack(len(data)) + data
    if descriptors:
        data = data[socket.send_fds(control, [data], descriptors) :]
    control.sendall(data)


def address_space() -> int:
    """Bytes of address space in use; where /proc is not to be seen, what NumPy customarily takes."""
    try:
        # No pathlib: nothing more than needed is imported here.
        with open("/proc/self/statm") as file:  # noqa: PTH123
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 256 << 20


# ---- a child ----


def child(descriptor: int, modules: Any, settings: dict[str, Any], program: bytes) -> int:
    """Lock in, then load and answer until the grader closes the channel; returns the exit status."""
    wire, confinement, frame_server = modules.wire, modules.confinement, modules.frame_server
    restrictions: dict[str, Any] = {}
    confinement.close_all_but(descriptor)
    try:
        if not program:
            confinement.bound(settings["memory"], settings["seconds"])
        else:
            restrictions = confinement.confine(
                memory=settings["memory"],
                seconds=settings["seconds"],
                uid=settings["uid"],
                mount_namespace=settings["mount_namespace"],
                program=program,
            )
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"[:MAX_REASON]
        frame_server.write_all(descriptor, wire.pack({"refused": reason}, []))
        return 1
    frame_server.write_all(descriptor, wire.pack({"ready": restrictions}, []))
    try:
        frame_server.FrameServer(descriptor, settings["frame"], modules, read_exactly).run()
    except EOFError:
        return 0
    except MemoryError:
        return OUT_OF_MEMORY
    return 0
