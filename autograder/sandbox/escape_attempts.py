"""Forbidden acts: what a stranger's code would try. Each is tried behind the wall, where it must fail, and outside,
where it must succeed, or its failure inside would prove nothing.

Every probe is the text of a function act(x) that returns an int if the act succeeded and raises if it did not; x is
what it acts on (a path, a process number, a port). Run by `autograder doctor` and by the tests.
"""

import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from autograder.sandbox.zygote import Zygote

Target = Literal["file", "folder", "process", "port", "none"]


@dataclass(frozen=True)
class Act:
    """A forbidden act: its code, and what it is aimed at."""

    name: str
    code: str
    target: Target = "none"


def _act(name: str, body: str, target: Target = "none") -> Act:
    lines = "\n".join("    " + line for line in body.strip().splitlines())
    return Act(name, f"def act(x):\n    import ctypes, os, platform, signal, socket, sys\n{lines}\n", target)


SYSCALL = """
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
done = libc.syscall({numbers}[platform.machine()], {arguments})
if done < 0: raise OSError(ctypes.get_errno(), "refused")
return 1
"""

ACTS: tuple[Act, ...] = (
    _act("read a file", "return len(open(x, 'rb').read()) >= 0", "file"),
    _act("list a folder", "return len(os.listdir(x)) + 1", "folder"),
    _act("look at a file", "return os.stat(x).st_size + 1", "file"),
    _act("write a file", "return open(x + '/written', 'w').write('x')", "folder"),
    _act("append to a file", "return open(x, 'ab').write(b'x')", "file"),
    _act("remove a file", "open(x + '/gone', 'w').close()\nos.unlink(x + '/gone')\nreturn 1", "folder"),
    _act("make a folder", "os.mkdir(x + '/made')\nos.rmdir(x + '/made')\nreturn 1", "folder"),
    _act("make a symlink", "os.symlink('/', x + '/link')\nos.unlink(x + '/link')\nreturn 1", "folder"),
    _act("rename a file", "open(x + '/a', 'w').close()\nos.rename(x + '/a', x + '/b')\nreturn 1", "folder"),
    _act("change a file's mode", "os.chmod(x, 0o600)\nreturn 1", "file"),
    _act("read the accounts", "return len(open('/etc/passwd').read())"),
    _act("read its own maps", "return len(open('/proc/self/maps').read())"),
    _act("write its own memory", "return open('/proc/self/mem', 'r+b').fileno()"),
    _act("read another's command line", "return len(open(f'/proc/{x}/cmdline').read())", "process"),
    _act("read the machine's name", "return len(os.uname().nodename) + 1"),
    _act("fork", "pid = os.fork()\nif pid == 0: os._exit(0)\nos.waitpid(pid, 0)\nreturn 1"),
    _act("start a thread", "import threading\nt = threading.Thread(target=int)\nt.start()\nt.join()\nreturn 1"),
    _act("run a program", "import subprocess\nreturn len(subprocess.run(['/bin/echo', 'x'], capture_output=True, check=True).stdout)"),
    _act("run a shell", "assert os.system('true') == 0\nreturn 1"),
    _act("replace itself", "try: os.execv('/nonexistent/program', ['x'])\nexcept FileNotFoundError: return 1"),
    _act("signal a process", "os.kill(x, 0)\nreturn 1", "process"),
    _act("signal its parent", "os.kill(os.getppid(), 0)\nreturn 1"),
    _act("signal its group", "os.killpg(0, 0)\nreturn 1"),
    _act("change a process's priority", "os.setpriority(os.PRIO_PROCESS, x, os.getpriority(os.PRIO_PROCESS, x))\nreturn 1", "process"),
    _act("open a network socket", "socket.socket(socket.AF_INET, socket.SOCK_STREAM).close()\nreturn 1"),
    _act("open a datagram socket", "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close()\nreturn 1"),
    _act("open a local socket", "socket.socket(socket.AF_UNIX, socket.SOCK_STREAM).close()\nreturn 1"),
    _act("open a netlink socket", "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0).close()\nreturn 1"),
    _act("connect to a port", "socket.create_connection(('127.0.0.1', x), 2).close()\nreturn 1", "port"),
    _act("make a socket pair", "a, b = socket.socketpair()\na.close(), b.close()\nreturn 1"),
    _act("make a pipe", "a, b = os.pipe()\nos.close(a), os.close(b)\nreturn 1"),
    _act("copy a descriptor", "os.close(os.dup(0))\nreturn 1"),
    _act("change its session", "os.setpgid(0, os.getpgid(0))\nreturn 1"),
    _act("raise its limits", "import resource\nl = resource.getrlimit(resource.RLIMIT_NOFILE)\nresource.setrlimit(resource.RLIMIT_NOFILE, l)\nreturn 1"),
    _act("make memory without a file", "os.close(os.memfd_create('x'))\nreturn 1"),
    _act("make memory executable", "import mmap\nmmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC).close()\nreturn 1"),
    _act("share memory", SYSCALL.format(numbers="{'x86_64': 29, 'aarch64': 194}", arguments="0, 4096, 0o1600")),
    _act("change its name and more (prctl)", "libc = ctypes.CDLL(None, use_errno=True)\nassert libc.prctl(1, 0, 0, 0, 0) == 0\nreturn 1"),
    _act("set a file mask", "os.umask(os.umask(0o22))\nreturn 1"),
    _act("change its folder", "os.chdir('/')\nreturn 1"),
    _act("wait for others' events", "import select\nselect.epoll().close()\nreturn 1"),
    _act("read another's memory", SYSCALL.format(
        numbers="{'x86_64': 310, 'aarch64': 270}", arguments="os.getpid(), None, 0, None, 0, ctypes.c_long(0)")),  # the last goes by the stack, where an int's upper half is anything
    _act("get a handle on a process", "os.close(os.pidfd_open(x))\nreturn 1", "process"),
    _act("make a key ring", SYSCALL.format(numbers="{'x86_64': 250, 'aarch64': 219}", arguments="0, -3, 1")),
    _act("be traced or trace", "libc = ctypes.CDLL(None, use_errno=True)\npid = os.fork()\nif pid == 0: os._exit(0 if libc.ptrace(0, 0, 0, 0) == 0 else 1)\nassert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0\nreturn 1"),
)  # fmt: skip


@contextmanager
def targets() -> Iterator[dict[Target, str | int | None]]:
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
    """The names of the acts that succeed in this zygote's children, each in a child of its own."""
    found = set()
    with targets() as aim:
        for act in ACTS:
            with zygote.child([act.code], seconds=10) as child:
                outcome = child("act", (aim[act.target],))
            if outcome.error is None and isinstance(outcome.value, int) and outcome.value > 0:
                found.add(act.name)
    return frozenset(found)
