"""Starts the zygote: a clean Python that knows nothing of the grader, in bubblewrap where this machine allows
it.
"""

import importlib.util
import json
import os
import secrets
import shutil
import socket
import struct
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from autograder._language import _
from autograder.errors import GraderError, reason
from autograder.sandbox.inside.magics import OF_IPYTHON

INSIDE = Path(__file__).parent / "inside"
# What the child is made of, as text: the worker, and what it executes as modules.
SHIPPED = (
    "worker",
    "frame_server",
    "wire",
    "confinement",
    "frozen_modules",
    "one_thread",
    "imports",
    "magics",
    "cells",
)
SOURCES = {name: INSIDE / f"{name}.py" for name in SHIPPED}
SOURCES["scalar_functions"] = INSIDE.parents[1] / "exercises" / "scalar_functions.py"
START_SECONDS = 30.0
LENGTH = struct.Struct("<I")

# Read the worker's text from the control socket and call its main().
BOOTSTRAP = """
import os, sys
control, alive = int(sys.argv[1]), int(sys.argv[2])
def read(count):
    text = b""
    while len(text) < count:
        part = os.read(control, count - len(text))
        if not part: sys.exit()
        text += part
    return text
names = {"__name__": "worker"}
exec(compile(read(int.from_bytes(read(4), "little")), "<worker>", "exec"), names)
names["main"](control, alive)
"""
# One thread: OpenBLAS's own would be refused by seccomp, and the child would hang. One
# hash seed: fair to sets of str.
ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "BLIS_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "LC_ALL": "C.UTF-8",
    "PATH": "/usr/bin:/bin",
}


class SandboxError(GraderError):
    """The worker could not be started or is gone."""


class SandboxUnavailable(SandboxError):
    """This machine can't hold a stranger's code; the message says what is missing and what to do."""


@dataclass
class ZygoteProcess:
    """A running zygote: its process, the socket by which it is told what to do, and what it said at the
    start.

    namespaces: does it run in bubblewrap? memory: bytes of address space that it takes by itself. first_uid:
    its children are users from this number on.
    """

    popen: "subprocess.Popen[bytes]"
    control: socket.socket
    namespaces: bool
    memory: int
    first_uid: int

    def request(
        self, message: dict[str, Any], descriptors: list[int] | None = None
    ) -> tuple[dict[str, Any], list[int]]:
        """{"fork": settings} or {"reap": pid}: the answer and its descriptors;
        SandboxError if the zygote is gone.
        """
        try:
            data = json.dumps(message).encode()
            data = LENGTH.pack(len(data)) + data
            if descriptors:
                data = data[socket.send_fds(self.control, [data], descriptors) :]
            self.control.sendall(data)
            return _receive(self.control)
        except (OSError, EOFError) as error:
            raise SandboxError(_("the worker process is gone ({name})", name=type(error).__name__)) from None

    def close(self) -> None:
        """End it; its children die with it."""
        self.control.close()
        try:
            self.popen.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            self.popen.wait()


def _receive(control: socket.socket) -> tuple[dict[str, Any], list[int]]:
    prefix, descriptors, _, _ = socket.recv_fds(control, LENGTH.size, 4)
    while len(prefix) < LENGTH.size:
        prefix += _some(control, LENGTH.size - len(prefix))
    (length,) = LENGTH.unpack(prefix)
    text = b""
    while len(text) < length:
        text += _some(control, length - len(text))
    return json.loads(text), list(descriptors)


def _some(control: socket.socket, count: int) -> bytes:
    part = control.recv(count)
    if not part:
        raise EOFError
    return part


def interpreter() -> str:
    """The Python under any virtual environment: the zygote needs no environment, only NumPy's folder."""
    return os.path.realpath(getattr(sys, "_base_executable", "") or sys.executable)


def ipythons_texts() -> dict[str, str]:
    """The texts of the modules by which IPython rewrites magics; SandboxError if there is no IPython."""
    # The package alone is looked for: importing it would take a second.
    found = importlib.util.find_spec("IPython")
    if found is None or not found.submodule_search_locations:
        raise SandboxError(_("IPython, which reads a cell's magics, is not installed: pip install ipython"))
    folder = Path(found.submodule_search_locations[0])
    return {
        name: folder.joinpath(*name.split(".")).with_suffix(".py").read_text(encoding="utf-8")
        for name in OF_IPYTHON
    }


def numpy_folder() -> Path:
    """The folder from which NumPy is imported."""
    return Path(np.__file__).resolve().parent.parent


def bubblewrap() -> list[str] | None:
    """The command in front of the zygote's: namespaces of its own, Python and NumPy to read, nothing else."""
    program = shutil.which("bwrap")
    if program is None or not sys.platform.startswith("linux"):
        return None
    command = [program]
    if os.geteuid() == 0:
        # Root needs no user namespace; it keeps what it takes to make each child a user of its own.
        command += [
            "--unshare-ipc",
            "--unshare-pid",
            "--unshare-net",
            "--unshare-uts",
            "--unshare-cgroup-try",
        ]
        # CAP_KILL: the kernel's own signal to the orphans of a dead zygote is held to the dead one's rights.
        command += ["--cap-drop", "ALL"]
        command += [word for name in ("CAP_SETUID", "CAP_SETGID", "CAP_KILL") for word in ("--cap-add", name)]
    else:
        command += ["--unshare-all"]
    # As process 1 of its namespace the zygote takes everything along when it ends.
    command += ["--as-pid-1", "--new-session", "--hostname", "worker"]
    for folder in ("/usr/lib", "/usr/lib64", "/lib", "/lib64", "/etc/ld.so.cache"):
        command += ["--ro-bind-try", folder, folder]
    python = interpreter()
    read = [sys.base_prefix, python, str(numpy_folder() / "numpy")]
    read += [str(path) for path in (numpy_folder() / "numpy.libs",) if path.exists()]
    for path in read:
        command += ["--ro-bind", path, path]
    return [*command, "--chdir", "/", "--"]


def start(confined: bool, prefix: list[str] | None = None) -> ZygoteProcess:
    """Start a zygote, behind bubblewrap if its command is given as prefix.

    confined: its children lock themselves in. SandboxError with the reason if it does not start.
    """
    ipython = ipythons_texts()
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    # The zygote watches the grader itself, not only the socket, of which a forked process might hold a copy.
    alive = os.pidfd_open(os.getpid()) if hasattr(os, "pidfd_open") else -1
    inherited = [theirs.fileno()] + ([alive] if alive >= 0 else [])
    command = [*(prefix or []), interpreter(), "-s", "-S", "-P", "-B", "-c", BOOTSTRAP, *map(str, inherited)]
    try:
        popen = subprocess.Popen(
            command if alive >= 0 else [*command, "-1"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=ENVIRONMENT,
            cwd="/",
            pass_fds=inherited,
            start_new_session=True,
        )
    except OSError as error:
        ours.close()
        raise SandboxError(
            _("the worker process could not be started: {reason}", reason=reason(error))
        ) from None
    finally:
        theirs.close()
        if alive >= 0:
            os.close(alive)
    try:
        ours.settimeout(START_SECONDS)
        sources = {name: path.read_text(encoding="utf-8") for name, path in SOURCES.items()}
        worker = sources.pop("worker").encode()
        told = {"sources": sources, "numpy": str(numpy_folder()), "confined": confined, "ipython": ipython}
        settings = json.dumps(told).encode()
        ours.sendall(LENGTH.pack(len(worker)) + worker + LENGTH.pack(len(settings)) + settings)
        answer = _receive(ours)[0]
    except (OSError, EOFError):
        answer = {"failed": ""}
    if "ready" not in answer:
        ours.close()
        popen.kill()
        said = popen.communicate()[1].decode("utf-8", "replace").strip().splitlines()
        raise SandboxError(
            _(
                "the worker process did not start: {failed}",
                failed=answer["failed"] or (said or [_("no reason given")])[-1],
            )
        )
    # The worker has pointed its own end elsewhere.
    assert popen.stderr is not None
    popen.stderr.close()
    ours.settimeout(START_SECONDS)
    # No account has these numbers; children count up from here.
    first_uid = 0x40000000 + (secrets.randbits(15) << 14)
    return ZygoteProcess(popen, ours, bool(prefix), int(answer["memory"]), first_uid)


_namespaces_work: bool | None = None


def start_strong() -> ZygoteProcess:
    """A zygote that locks its children in: in namespaces where that works here, else without."""
    global _namespaces_work
    prefix = bubblewrap() if _namespaces_work is not False else None
    if prefix is not None:
        try:
            process = start(True, prefix)
            _namespaces_work = True
            return process
        except SandboxError:
            # It worked a moment ago: bad luck, not a property of this machine.
            if _namespaces_work:
                time.sleep(0.1)
                return start(True, prefix)
            _namespaces_work = False
    return start(True)


def require_linux(isolation: str) -> None:
    """SandboxUnavailable on a system that has no such locks, with the ways out."""
    if sys.platform.startswith("linux") and isolation == "strong":
        return
    if isolation == "none" and os.name == "posix":
        return
    system = {"darwin": "macOS", "win32": "Windows"}.get(sys.platform, sys.platform)
    ways = _("in WSL2") if system == "Windows" else _("in a Linux container or a virtual machine")
    raise SandboxUnavailable(
        _(
            "students' code is locked in by Linux's own means, which {system} does not have. "
            "Grade {ways} (python:3.12 in Docker or Podman will do).",
            system=system,
            ways=ways,
        )
        + (
            _(" --isolation none grades without a wall: for code that you trust.")
            if os.name == "posix"
            else ""
        )
    )
