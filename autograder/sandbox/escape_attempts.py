"""What a stranger's code would try in order to get out of the wall.

Each attempt is made behind the wall, where it must fail, and outside, where it must succeed, or its failure
inside would prove nothing. Run by `autograder doctor` and by the tests.
"""

import os
import socket
import tempfile
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from autograder.sandbox.zygote import Zygote

AimKind = Literal["file", "folder", "process", "port", "none"]


@dataclass(frozen=True)
class EscapeAttempt:
    """A forbidden act, and what it is aimed at.

    code: the text of a function act(x) that returns a positive int if the act succeeded and raises if it did
    not; x is the target (a path, a process's number, a port).
    """

    name: str
    code: str
    target: AimKind = "none"


def _attempt(name: str, body: str, target: AimKind = "none") -> EscapeAttempt:
    lines = textwrap.indent(textwrap.dedent(body).strip(), "    ")
    start = "def act(x):\n    import ctypes, os, platform, signal, socket, sys\n"
    return EscapeAttempt(name, f"{start}{lines}\n", target)


def _syscall(x86_64: int, aarch64: int, arguments: str) -> str:
    """A raw system call by its number on each machine."""
    return f"""
        libc = ctypes.CDLL(None, use_errno=True)
        libc.syscall.restype = ctypes.c_long
        done = libc.syscall({{'x86_64': {x86_64}, 'aarch64': {aarch64}}}[platform.machine()], {arguments})
        if done < 0: raise OSError(ctypes.get_errno(), "refused")
        return 1
        """


ATTEMPTS: tuple[EscapeAttempt, ...] = (
    _attempt("read a file", "return len(open(x, 'rb').read()) >= 0", "file"),
    _attempt("list a folder", "return len(os.listdir(x)) + 1", "folder"),
    _attempt("look at a file", "return os.stat(x).st_size + 1", "file"),
    _attempt("write a file", "return open(x + '/written', 'w').write('x')", "folder"),
    _attempt("append to a file", "return open(x, 'ab').write(b'x')", "file"),
    _attempt(
        "remove a file",
        """
        open(x + '/gone', 'w').close()
        os.unlink(x + '/gone')
        return 1
        """,
        "folder",
    ),
    _attempt(
        "make a folder",
        """
        os.mkdir(x + '/made')
        os.rmdir(x + '/made')
        return 1
        """,
        "folder",
    ),
    _attempt(
        "make a symlink",
        """
        os.symlink('/', x + '/link')
        os.unlink(x + '/link')
        return 1
        """,
        "folder",
    ),
    _attempt(
        "rename a file",
        """
        open(x + '/a', 'w').close()
        os.rename(x + '/a', x + '/b')
        return 1
        """,
        "folder",
    ),
    _attempt(
        "change a file's mode",
        """
        os.chmod(x, 0o600)
        return 1
        """,
        "file",
    ),
    _attempt("read the accounts", "return len(open('/etc/passwd').read())"),
    _attempt("read its own maps", "return len(open('/proc/self/maps').read())"),
    _attempt("write its own memory", "return open('/proc/self/mem', 'r+b').fileno()"),
    _attempt("read another's command line", "return len(open(f'/proc/{x}/cmdline').read())", "process"),
    _attempt("read the machine's name", "return len(os.uname().nodename) + 1"),
    _attempt(
        "fork",
        """
        pid = os.fork()
        if pid == 0: os._exit(0)
        os.waitpid(pid, 0)
        return 1
        """,
    ),
    _attempt(
        "start a thread",
        """
        import _thread
        _thread.start_new_thread(int, ())
        return 1
        """,
    ),
    _attempt(
        "run a program",
        """
        import subprocess
        return len(subprocess.run(['/bin/echo', 'x'], capture_output=True, check=True).stdout)
        """,
    ),
    _attempt(
        "run a shell",
        """
        assert os.system('true') == 0
        return 1
        """,
    ),
    _attempt(
        "replace itself",
        """
        try: os.execv('/nonexistent/program', ['x'])
        except FileNotFoundError: return 1
        """,
    ),
    _attempt(
        "signal a process",
        """
        os.kill(x, 0)
        return 1
        """,
        "process",
    ),
    _attempt(
        "signal its parent",
        """
        os.kill(os.getppid(), 0)
        return 1
        """,
    ),
    _attempt(
        "signal its group",
        """
        os.killpg(0, 0)
        return 1
        """,
    ),
    _attempt(
        "change a process's priority",
        """
        os.setpriority(os.PRIO_PROCESS, x, os.getpriority(os.PRIO_PROCESS, x))
        return 1
        """,
        "process",
    ),
    _attempt(
        "open a network socket",
        """
        socket.socket(socket.AF_INET, socket.SOCK_STREAM).close()
        return 1
        """,
    ),
    _attempt(
        "open a datagram socket",
        """
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close()
        return 1
        """,
    ),
    _attempt(
        "open a local socket",
        """
        socket.socket(socket.AF_UNIX, socket.SOCK_STREAM).close()
        return 1
        """,
    ),
    _attempt(
        "open a netlink socket",
        """
        socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0).close()
        return 1
        """,
    ),
    _attempt(
        "connect to a port",
        """
        socket.create_connection(('127.0.0.1', x), 2).close()
        return 1
        """,
        "port",
    ),
    _attempt(
        "make a socket pair",
        """
        a, b = socket.socketpair()
        a.close(), b.close()
        return 1
        """,
    ),
    _attempt(
        "make a pipe",
        """
        a, b = os.pipe()
        os.close(a), os.close(b)
        return 1
        """,
    ),
    _attempt(
        "copy a descriptor",
        """
        os.close(os.dup(0))
        return 1
        """,
    ),
    _attempt(
        "change its session",
        """
        os.setpgid(0, os.getpgid(0))
        return 1
        """,
    ),
    _attempt(
        "raise its limits",
        """
        import resource
        l = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, l)
        return 1
        """,
    ),
    _attempt(
        "make memory without a file",
        """
        os.close(os.memfd_create('x'))
        return 1
        """,
    ),
    _attempt(
        "make memory executable",
        """
        import mmap
        mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC).close()
        return 1
        """,
    ),
    _attempt("share memory", _syscall(29, 194, "0, 4096, 0o1600")),
    _attempt(
        "change its name and more (prctl)",
        """
        libc = ctypes.CDLL(None, use_errno=True)
        assert libc.prctl(1, 0, 0, 0, 0) == 0
        return 1
        """,
    ),
    _attempt(
        "set a file mask",
        """
        os.umask(os.umask(0o22))
        return 1
        """,
    ),
    _attempt(
        "change its folder",
        """
        os.chdir('/')
        return 1
        """,
    ),
    _attempt(
        "wait for others' events",
        """
        import select
        select.epoll().close()
        return 1
        """,
    ),
    # The last argument goes by the stack, where an int's upper half is anything.
    _attempt("read another's memory", _syscall(310, 270, "os.getpid(), None, 0, None, 0, ctypes.c_long(0)")),
    _attempt(
        "get a handle on a process",
        """
        os.close(os.pidfd_open(x))
        return 1
        """,
        "process",
    ),
    _attempt("make a key ring", _syscall(250, 219, "0, -3, 1")),
    _attempt(
        "be traced or trace",
        """
        libc = ctypes.CDLL(None, use_errno=True)
        pid = os.fork()
        if pid == 0: os._exit(0 if libc.ptrace(0, 0, 0, 0) == 0 else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
        return 1
        """,
    ),
)


@contextmanager
def aims() -> Iterator[dict[AimKind, str | int | None]]:
    """Things to act on, open to everybody: what is refused is refused by the wall, not by a file's mode."""
    with tempfile.TemporaryDirectory() as name, socket.create_server(("127.0.0.1", 0)) as server:
        folder = Path(name)
        file = folder / "file"
        file.write_text("a secret")
        folder.chmod(0o777)
        file.chmod(0o666)
        port = server.getsockname()[1]
        yield {"file": str(file), "folder": name, "process": os.getpid(), "port": port, "none": None}


def succeeded(zygote: Zygote) -> frozenset[str]:
    """The names of the attempts that succeed in this zygote's children, each in a child of its own."""
    found = set()
    with aims() as aim:
        for attempt in ATTEMPTS:
            with zygote.child([attempt.code], seconds=10) as child:
                outcome = child("act", (aim[attempt.target],))
            if outcome.error is None and isinstance(outcome.value, int) and outcome.value > 0:
                found.add(attempt.name)
    return frozenset(found)
