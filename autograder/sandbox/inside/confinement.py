"""What a process gives up before it runs a stranger's code: Linux's own locks, set by ctypes alone.

After confine() the process keeps one descriptor and its memory. It can open no file, start no process or
thread, reach no network and signal nobody; time, memory and processor are bounded. Needs the standard library
only: the worker gets this text as source, and `autograder doctor` runs it to see what this machine offers.
"""

import contextlib
import ctypes
import errno
import functools
import os
import platform
import resource
import struct
from collections.abc import Callable
from typing import Any, NamedTuple

NOBODY = 65534
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS = 1, 4, 38
SIGKILL = 9
# The same on every architecture.
LANDLOCK_CREATE, LANDLOCK_RESTRICT = 444, 446
# One of these can be opened by anybody, before Landlock forbids it.
SHOULD_OPEN = ("/", "/usr", "/lib", "/proc/self")


def _numbers(text: str) -> dict[str, int]:
    """{"read": 0, …} of "read 0 …"."""
    words = text.split()
    return dict(zip(words[::2], map(int, words[1::2]), strict=True))


# Numbers of the system calls that are let through. What is missing here fails with EPERM.
X86_64 = _numbers(
    """
    read 0 write 1 close 3 poll 7 lseek 8 munmap 11 brk 12 rt_sigaction 13 rt_sigprocmask 14 rt_sigreturn 15
    readv 19 writev 20 select 23 sched_yield 24 mremap 25 madvise 28 nanosleep 35 getitimer 36 alarm 37
    setitimer 38 getpid 39 exit 60 getcwd 79 gettimeofday 96 getrusage 98 times 100 getuid 102
    getgid 104 geteuid 107 getegid 108 getppid 110 sigaltstack 131 gettid 186 time 201 futex 202
    sched_getaffinity 204 restart_syscall 219 clock_gettime 228 clock_getres 229 clock_nanosleep 230
    exit_group 231 pselect6 270 ppoll 271 set_robust_list 273 getrandom 318 membarrier 324 rseq 334
    """
)
AARCH64 = _numbers(
    """
    getcwd 17 close 57 lseek 62 read 63 write 64 readv 65 writev 66 pselect6 72 ppoll 73 exit 93 exit_group 94
    futex 98 set_robust_list 99 nanosleep 101 getitimer 102 setitimer 103 clock_gettime 113 clock_getres 114
    clock_nanosleep 115 sched_getaffinity 123 sched_yield 124 restart_syscall 128 sigaltstack 132
    rt_sigaction 134 rt_sigprocmask 135 rt_sigreturn 139 times 153 getrusage 165 gettimeofday 169 getpid 172
    getppid 173 getuid 174 geteuid 175 getgid 176 getegid 177 gettid 178 brk 214 munmap 215
    mremap 216 madvise 233 getrandom 278 membarrier 283 rseq 293
    """
)


class Architecture(NamedTuple):
    """A machine's numbers: the kernel's for itself, of the calls let through, of those with conditions."""

    audit: int
    allowed: dict[str, int]
    mmap: int
    mprotect: int
    prlimit64: int
    clone3: int
    seccomp: int


ARCHITECTURES = {
    "x86_64": Architecture(0xC000003E, X86_64, mmap=9, mprotect=10, prlimit64=302, clone3=435, seccomp=317),
    "aarch64": Architecture(
        0xC00000B7, AARCH64, mmap=222, mprotect=226, prlimit64=261, clone3=435, seccomp=277
    ),
}

# Of these the first argument is looked at: a process (none but 0, the caller itself), a clock (from 0 on:
# the negative ones are other processes' processor time, and tell which processes there are).
OF_ITSELF = ("sched_getaffinity",)
CLOCKS = ("clock_gettime", "clock_getres", "clock_nanosleep")
FIRST_DYNAMIC_CLOCK = 0x80000000

# BPF: load a word, jumps, return.
LD, JEQ, JGE, JSET, RET = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW, DENY, KILL = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x80000000
NO_SUCH_CALL = 0x00050000 | errno.ENOSYS
PROT_EXEC = 4


class ConfinementError(Exception):
    """A lock could not be set; the process must not run a stranger's code."""


# Made before the fork: a child then touches, and so copies, less memory.
@functools.cache
def _libc() -> Any:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    return libc


def trim() -> None:
    """Give free memory back to the system: a fork costs by the page. Some C libraries can't."""
    if hasattr(_libc(), "malloc_trim"):
        _libc().malloc_trim(0)


def _call(what: str, function: Callable[..., int], *args: Any) -> int:
    result = int(function(*args))
    if result < 0:
        number = ctypes.get_errno()
        raise ConfinementError(f"{what} failed: {os.strerror(number)}")
    return result


def filter_program(machine: str | None = None) -> bytes:
    """The seccomp filter as BPF instructions: an allow-list, everything else fails with EPERM."""
    machine = machine or platform.machine()
    if machine not in ARCHITECTURES:
        known = ", ".join(ARCHITECTURES)
        raise ConfinementError(f"no system-call table for a {machine} machine; there are tables for {known}")
    numbers = ARCHITECTURES[machine]
    code: list[tuple[int, int, int, int]] = [
        # The architecture: 32-bit calls have other numbers.
        (LD, 0, 0, 4),
        (JEQ, 1, 0, numbers.audit),
        (RET, 0, 0, KILL),
        # The call's number; from 0x40000000 on they are the x32 calls.
        (LD, 0, 0, 0),
        (JGE, 0, 1, 0x40000000),
        (RET, 0, 0, KILL),
    ]
    hot = ("read", "write", "poll", "ppoll", "futex", "mremap", "munmap", "brk", "madvise")
    for name in sorted(numbers.allowed, key=lambda name: hot.index(name) if name in hot else len(hot)):
        number = numbers.allowed[name]
        if name in OF_ITSELF:
            code += [
                (JEQ, 0, 4, number),
                (LD, 0, 0, 16),
                (JEQ, 0, 1, 0),
                (RET, 0, 0, ALLOW),
                (RET, 0, 0, DENY),
            ]
        elif name in CLOCKS:
            code += [(JEQ, 0, 4, number), (LD, 0, 0, 16), (JGE, 1, 0, FIRST_DYNAMIC_CLOCK)]
            code += [(RET, 0, 0, ALLOW), (RET, 0, 0, DENY)]
        else:
            code += [(JEQ, 0, 1, number), (RET, 0, 0, ALLOW)]
    # Memory, but none that can be executed: argument 2 holds the protection.
    for number in (numbers.mmap, numbers.mprotect):
        code += [(JEQ, 0, 4, number), (LD, 0, 0, 16 + 8 * 2), (JSET, 0, 1, PROT_EXEC)]
        code += [(RET, 0, 0, DENY), (RET, 0, 0, ALLOW)]
    # prlimit64 to read one's own limits: argument 0 (the process) and argument 2 (new limits) must be 0.
    words = [16, 20, 16 + 8 * 2, 20 + 8 * 2]
    code += [(JEQ, 0, 2 * len(words) + 2, numbers.prlimit64)]
    for at, word in enumerate(words):
        code += [(LD, 0, 0, word), (JEQ, 0, 2 * (len(words) - at) - 1, 0)]
    code += [(RET, 0, 0, ALLOW), (RET, 0, 0, DENY)]
    # There is no clone3: glibc then tries clone, which is denied.
    code += [(JEQ, 0, 1, numbers.clone3), (RET, 0, 0, NO_SUCH_CALL)]
    code += [(RET, 0, 0, DENY)]
    return b"".join(struct.pack("<HBBI", *line) for line in code)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_char_p))


def no_new_privileges() -> None:
    """No set-uid program can raise this process again; the kernel wants this before the next two."""
    _call("prctl(PR_SET_NO_NEW_PRIVS)", _libc().prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def seccomp(program: bytes | None = None) -> None:
    """Let only the listed system calls through, from now on and for good."""
    program = filter_program() if program is None else program
    number = ARCHITECTURES[platform.machine()].seccomp
    what = ctypes.byref(_Program(len(program) // 8, program))
    _call("seccomp", _libc().syscall, number, 1, 0, what)


def landlock_version() -> int:
    """The kernel's Landlock version; 0 where there is none or it is off."""
    if platform.machine() not in ARCHITECTURES:
        return 0
    return max(0, int(_libc().syscall(LANDLOCK_CREATE, None, ctypes.c_size_t(0), 1)))


def landlock() -> int:
    """Give up every file, with newer kernels TCP, abstract sockets and signals too; returns the version."""
    version = landlock_version()
    if version < 1:
        raise ConfinementError("this kernel offers no Landlock")
    libc = _libc()
    files = (1 << (13 if version < 2 else 14 if version < 3 else 15 if version < 5 else 16)) - 1
    rules = struct.pack("<QQQ", files, 3 if version >= 4 else 0, 3 if version >= 6 else 0)
    rules = rules[: 8 if version < 4 else 16 if version < 6 else 24]
    ruleset = _call(
        "landlock_create_ruleset", libc.syscall, LANDLOCK_CREATE, rules, ctypes.c_size_t(len(rules)), 0
    )
    try:
        _call("landlock_restrict_self", libc.syscall, LANDLOCK_RESTRICT, ruleset, 0)
    finally:
        os.close(ruleset)
    return version


def proven_landlock() -> int:
    """landlock(), and a look whether it holds by itself: seccomp, which would hide that, is not set yet."""
    folder = next((folder for folder in SHOULD_OPEN if _opens(folder)), None)
    if folder is None:
        raise ConfinementError("no folder can be opened, so nothing shows whether Landlock works")
    version = landlock()
    if _opens(folder):
        raise ConfinementError("this kernel says that Landlock is set, and a folder could still be opened")
    return version


def _opens(folder: str) -> bool:
    try:
        os.close(os.open(folder, os.O_RDONLY))
    except OSError:
        return False
    return True


def drop_root(uid: int) -> int:
    """Become an unprivileged user, one of its own where the machine allows it; returns the uid."""
    if os.geteuid() != 0:
        return os.geteuid()
    for candidate in (uid, NOBODY):
        try:
            os.setgroups([])
            os.setresgid(candidate, candidate, candidate)
            os.setresuid(candidate, candidate, candidate)
        except OSError:
            # A container may know 65,536 users only.
            continue
        return candidate
    raise ConfinementError("could not give up root: this container lacks CAP_SETUID and CAP_SETGID")


def limit(memory: int, seconds: int) -> None:
    """Bounds on address space, processor time, files and processes; a core file is never written."""
    wanted = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: 16,
        resource.RLIMIT_MEMLOCK: 0,
    }
    if hasattr(resource, "RLIMIT_NPROC"):
        wanted[resource.RLIMIT_NPROC] = 0
    for what, value in wanted.items():
        hard = resource.getrlimit(what)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        try:
            resource.setrlimit(what, (value, value))
        except (OSError, ValueError) as error:
            raise ConfinementError(
                f"setting a limit failed: {getattr(error, 'strerror', None) or error}"
            ) from None


def close_all_but(descriptor: int) -> None:
    """Close every descriptor above 2 but one."""
    os.closerange(3, descriptor)
    os.closerange(descriptor + 1, 1 << 20)


def confine(*, memory: int, seconds: int, uid: int, mount_namespace: bool, program: bytes) -> dict[str, Any]:
    """Set every lock; returns what holds. ConfinementError if seccomp or all file protection is missing."""
    os.chdir("/")
    limit(memory, seconds)
    libc = _libc()
    user = drop_root(uid)
    # After the change of user, which clears it: die with the process that forked this one.
    _call("prctl(PR_SET_PDEATHSIG)", libc.prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0)
    _call("prctl(PR_SET_DUMPABLE)", libc.prctl, PR_SET_DUMPABLE, 0, 0, 0, 0)
    no_new_privileges()
    try:
        version = proven_landlock()
    except ConfinementError as error:
        if not mount_namespace:
            raise ConfinementError(f"{error}, and no mount namespace could be made (bubblewrap)") from None
        version = 0
    seccomp(program)
    _prove()
    return {"uid": user, "landlock": version, "mount_namespace": mount_namespace, "seccomp": True}


def bound(memory: int, seconds: int) -> None:
    """Bounds without locks, for --isolation none: on memory and time where the system can; no orphans."""
    for what, value in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        # macOS has no bound on address space.
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(what, (value, value))
    if platform.system() == "Linux":
        _libc().prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0)


def _prove() -> None:
    """Try what must now fail."""
    if _opens("/"):
        raise ConfinementError("a folder could still be opened")
    try:
        os.kill(os.getpid(), 0)
    except PermissionError:
        return
    raise ConfinementError("a signal could still be sent")
