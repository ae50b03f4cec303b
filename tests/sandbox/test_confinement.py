import ctypes
import os
import platform
import re
import struct
import subprocess
from pathlib import Path

import pytest

from autograder.sandbox import launch
from autograder.sandbox.inside import confinement
from autograder.sandbox.inside.confinement import ARCHITECTURES, ConfinementError, filter_program
from tests.support.machine import needed

EPERM, ENOSYS, ALLOW, KILL = 0x50001, 0x50026, 0x7FFF0000, 0x80000000


def decide(program, number, arguments=(0,) * 6, arch=None):
    """Run the filter as the kernel would, on one system call."""
    data = struct.pack("<IIQ6Q", number, arch, 0, *arguments)
    lines = [struct.unpack_from("<HBBI", program, at) for at in range(0, len(program), 8)]
    at, word = 0, 0
    while True:
        code, yes, no, k = lines[at]
        at += 1
        if code == confinement.LD:
            (word,) = struct.unpack_from("<I", data, k)
        elif code == confinement.RET:
            return k
        else:
            test = {confinement.JEQ: word == k, confinement.JGE: word >= k, confinement.JSET: bool(word & k)}[
                code
            ]
            at += yes if test else no


@pytest.mark.parametrize("machine", list(ARCHITECTURES))
def test_the_filter_lets_its_list_through_and_nothing_else(machine):
    arch, allowed, mmap, mprotect, prlimit, clone3, _ = ARCHITECTURES[machine]
    program = filter_program(machine)
    assert len(program) // 8 < 4096  # the kernel's own bound
    special = {mmap, mprotect, prlimit, clone3}
    assert not special & set(allowed.values())
    for number in range(700):
        if number not in special:
            assert decide(program, number, arch=arch) == (ALLOW if number in allowed.values() else EPERM), (
                number
            )
    assert decide(program, clone3, arch=arch) == ENOSYS
    for number in (mmap, mprotect):
        assert decide(program, number, (0, 0, 3, 0, 0, 0), arch) == ALLOW
        assert decide(program, number, (0, 0, 4, 0, 0, 0), arch) == EPERM
        assert decide(program, number, (0, 0, 7, 0, 0, 0), arch) == EPERM
    assert decide(program, prlimit, (0, 7, 0, 99, 0, 0), arch) == ALLOW  # to read one's own limits
    for arguments in ((5, 7, 0, 99), (0, 7, 99, 99), (1 << 40, 7, 0, 99), (0, 7, 1 << 40, 99)):
        assert decide(program, prlimit, (*arguments, 0, 0), arch) == EPERM


@pytest.mark.parametrize("machine", list(ARCHITECTURES))
def test_other_processes_are_not_asked_about(machine):
    """Without a namespace of its own a child could count the machine's processes, and read its load."""
    arch, allowed = ARCHITECTURES[machine][:2]
    program = filter_program(machine)
    affinity = allowed["sched_getaffinity"]
    assert decide(program, affinity, (0, 128, 99, 0, 0, 0), arch) == ALLOW
    for pid in (1, 4242, 0xFFFFFFFF):
        assert decide(program, affinity, (pid, 128, 99, 0, 0, 0), arch) == EPERM
    for name in ("clock_gettime", "clock_getres", "clock_nanosleep"):
        for clock in (0, 1, 2, 3, 4, 7, 11):
            assert decide(program, allowed[name], (clock, 99, 0, 0, 0, 0), arch) == ALLOW
        # The kernel reads an int: the processor time of process n is the clock ~n << 3 | 2.
        for clock in (~1 << 3 | 2, ~4242 << 3 | 6, -1):
            for given in (clock & 0xFFFFFFFF, clock & 0xFFFFFFFFFFFFFFFF):
                assert decide(program, allowed[name], (given, 99, 0, 0, 0, 0), arch) == EPERM
    assert "sysinfo" not in allowed


HEADERS = {
    "x86_64": ("/usr/include/x86_64-linux-gnu/asm/unistd_64.h", "/usr/include/asm/unistd_64.h"),
    "aarch64": (
        "/usr/include/asm-generic/unistd.h",
    ),  # what aarch64 uses, on every machine that has the headers
}


@pytest.mark.parametrize("machine", list(ARCHITECTURES))
def test_the_numbers_are_the_kernels_own(machine):
    header = next((path for path in map(Path, HEADERS[machine]) if path.exists()), None)
    if header is None:
        pytest.skip(
            f"the kernel's headers for {machine} are not installed (linux-libc-dev): numbers not compared"
        )
    numbers = {
        name: int(number)
        for name, number in re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", header.read_text())
    }
    _, allowed, mmap, mprotect, prlimit, clone3, seccomp = ARCHITECTURES[machine]
    special = {"mmap": mmap, "mprotect": mprotect, "prlimit64": prlimit, "clone3": clone3, "seccomp": seccomp}
    wrong = {name: number for name, number in (allowed | special).items() if numbers.get(name) != number}
    assert wrong == {}


@pytest.mark.parametrize("machine", list(ARCHITECTURES))
def test_the_numbers_are_those_of_libseccomp(machine):
    resolve = ctypes.CDLL(needed("libseccomp")).seccomp_syscall_resolve_name_arch
    resolve.argtypes = (ctypes.c_uint32, ctypes.c_char_p)
    numbers = ARCHITECTURES[machine]
    conditional = ("mmap", "mprotect", "prlimit64", "clone3", "seccomp")
    ours = numbers.allowed | {name: getattr(numbers, name) for name in conditional}
    assert {name: resolve(numbers.audit, name.encode()) for name in ours} == ours
    # The control: it knows one machine's numbers from another's, and says of no name that it knows it.
    others = ARCHITECTURES["aarch64" if machine == "x86_64" else "x86_64"]
    assert resolve(others.audit, b"read") != numbers.allowed["read"]
    assert resolve(numbers.audit, b"no_such_call") == -1


@pytest.mark.parametrize("machine", list(ARCHITECTURES))
def test_other_architectures_numbers_end_the_process(machine):
    program = filter_program(machine)
    arch = ARCHITECTURES[machine].audit
    assert decide(program, 0, arch=0x40000003) == KILL  # 32-bit x86
    assert decide(program, 0x40000000, arch=arch) == KILL  # x32


DANGEROUS = {
    "x86_64": """
        open 2 socket 41 connect 42 sendmsg 46 clone 56 fork 57 vfork 58 execve 59 kill 62 ptrace 101
        prctl 157 mount 165 tkill 200 tgkill 234 openat 257 unshare 272 dup3 292 process_vm_readv 310
        memfd_create 319 bpf 321 execveat 322 io_uring_setup 425 pidfd_open 434 openat2 437
        process_madvise 440 ioctl 16 fcntl 72 stat 4
    """,
    "aarch64": """
        openat 56 socket 198 connect 203 sendmsg 211 clone 220 execve 221 kill 129 ptrace 117 prctl 167
        mount 40 tkill 130 tgkill 131 unshare 97 dup3 24 process_vm_readv 270 memfd_create 279 bpf 280
        execveat 281 io_uring_setup 425 pidfd_open 434 openat2 437 process_madvise 440 ioctl 29 fcntl 25
        newfstatat 79
    """,
}


@pytest.mark.parametrize("machine", list(DANGEROUS))
def test_what_must_never_be_on_the_list(machine):
    words = DANGEROUS[machine].split()
    program = filter_program(machine)
    for name, number in zip(words[::2], map(int, words[1::2]), strict=True):
        assert decide(program, number, arch=ARCHITECTURES[machine].audit) == EPERM, name


def test_the_tables_allow_the_same_but_for_calls_of_old():
    old = {"poll", "select", "alarm", "time"}  # other architectures never had them
    assert set(ARCHITECTURES["x86_64"].allowed) - old == set(ARCHITECTURES["aarch64"].allowed)


def test_a_machine_without_a_table_is_refused():
    with pytest.raises(ConfinementError, match="no system-call table for a vax machine"):
        filter_program("vax")


def outcome(lines):
    """What a fresh process prints that runs confinement's text and these lines."""
    source = launch.SOURCES["confinement"].read_text(encoding="utf-8")
    done = subprocess.run(
        [launch.interpreter(), "-I", "-S", "-c", f"{source}\n{lines}"],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    return done.stdout.strip() or done.stderr.strip().splitlines()[-1]


TRY = (
    "import socket\ndef t(f, *a):\n    try: return f(*a) is not None\n"
    "    except OSError as e: return type(e).__name__\n"
)


def test_each_lock_by_itself_and_that_it_was_open_before():
    opened = "t(os.open, '/', 0)"
    assert outcome(TRY + f"print({opened}, t(socket.socket))") == "True True"
    assert (
        outcome(TRY + f"no_new_privileges(); landlock(); print({opened}, t(socket.socket))")
        == "PermissionError True"
    )
    assert (
        outcome(TRY + f"no_new_privileges(); seccomp(); print({opened}, t(socket.socket))")
        == "PermissionError PermissionError"
    )


def test_a_landlock_that_silently_does_nothing_is_seen():
    proven = "no_new_privileges()\ntry: print(proven_landlock() > 0)\nexcept ConfinementError as e: print(e)"
    assert outcome(proven) == "True"
    # A call that succeeds and locks nothing: the process's own number is asked for.
    number = ARCHITECTURES[platform.machine()].allowed["getpid"]
    assert "a folder could still be opened" in outcome(f"LANDLOCK_RESTRICT = {number}\n{proven}")
    # Where nothing could be opened before, that nothing can be opened after is no proof.
    assert "nothing shows" in outcome(f"SHOULD_OPEN = ('/nonexistent',)\n{proven}")


def test_without_a_landlock_that_holds_or_a_namespace_no_child_runs_and_with_a_namespace_it_does():
    number = ARCHITECTURES[platform.machine()].allowed["getpid"]
    confine = (
        f"LANDLOCK_RESTRICT = {number}\nprogram = filter_program()\n"
        "try: print(confine(memory=1 << 30, seconds=9, uid=0x50000000, mount_namespace=NAMESPACE,"
        " program=program)['landlock'])\nexcept ConfinementError as e: print(e)\n"
    )
    refused = outcome(confine.replace("NAMESPACE", "False"))
    assert "could still be opened, and no mount namespace" in refused
    assert outcome(confine.replace("NAMESPACE", "True")) == "0"


def test_limits_hold_and_cannot_be_raised():
    lines = (
        "limit(1 << 29, 7)\nfor name in ('AS', 'CPU', 'FSIZE', 'CORE', 'NOFILE', 'NPROC'):\n"
        "    print(*resource.getrlimit(getattr(resource, 'RLIMIT_' + name)), end=' ')"
    )
    assert outcome(lines) == f"{1 << 29} {1 << 29} 7 7 0 0 0 0 16 16 0 0"


def test_root_is_given_up_for_good():
    lines = (
        "uid = drop_root(0x50000000)\ncan = []\n"
        "for f in (lambda: os.setuid(0), lambda: os.seteuid(0), lambda: os.setgid(0),\n"
        "          lambda: os.setgroups([0])):\n"
        "    try: f(); can.append(1)\n    except PermissionError: pass\n"
        "print(uid, os.getresuid(), os.getresgid(), os.getgroups(), can)"
    )
    u = 0x50000000
    if os.geteuid() != 0:  # nothing to give up, and no way to become root
        assert outcome(lines).endswith(" []")
        return
    assert outcome(lines) == f"{u} ({u}, {u}, {u}) ({u}, {u}, {u}) [] []"


def test_descriptors_are_closed_but_one():
    lines = (
        "fds = [os.dup(0) for _ in range(20)]\nclose_all_but(fds[7])\nleft = []\n"
        "for fd in range(64):\n    try: os.fstat(fd); left.append(fd)\n    except OSError: pass\n"
        "print(left == [0, 1, 2, fds[7]])"
    )
    assert outcome(lines) == "True"


def test_landlocks_version_is_read_from_the_kernel():
    assert confinement.landlock_version() >= 0
    assert platform.machine() in ARCHITECTURES
