"""Raw system calls past NumPy and Python: each is refused in a child, and answered outside,
or its refusal proves nothing.
"""

import platform

import pytest

from autograder.sandbox.zygote import Zygote

# name: (number on x86-64, number on aarch64, arguments); -1 where there is no such call.
CALLS = {
    "io_uring": (425, 425, "8, buffer"),
    "memory without a file": (319, 279, "b'x', 0"),
    "a fork": (56, 220, "17, 0, 0, 0, 0"),
    "its name": (157, 167, "15, b'x'"),
    "to be traced": (101, 117, "0, 0, 0, 0"),
    "another's memory": (310, 270, "pid, None, 0, None, 0, zero"),
    "into another's memory": (311, 271, "pid, None, 0, None, 0, zero"),
    "everybody's signal": (62, 129, "-1, 0"),
    "a thread's signal": (234, 131, "pid, pid, 0"),
    "shared memory": (29, 194, "0, 4096, 0o1600"),
    "a message queue": (68, 186, "0, 0o1600"),
    "a semaphore": (64, 190, "0, 1, 0o1600"),
    "a key ring": (250, 219, "0, -3, 1"),
    "to leave what is shared": (272, 97, "0"),
    "its personality": (135, 92, "0xFFFFFFFF"),
    "its file mask": (95, 166, "0o22"),
    "its process group": (121, 155, "0"),
    "its session": (124, 156, "0"),
    "a handle on itself": (434, 434, "pid, 0"),
    "a local socket": (41, 198, "1, 1, 0"),
    "a network socket": (41, 198, "2, 1, 0"),
    "a raw netlink socket": (41, 198, "16, 3, 0"),
    "a pair of sockets": (53, 199, "1, 1, 0, buffer"),
    "an event's counter": (290, 19, "0, 0"),
    "a timer's file": (283, 85, "1, 0"),
    "a timer": (222, 107, "1, None, buffer"),
    "watching files": (294, 26, "0"),
    "watching descriptors": (291, 20, "0"),
    "a file": (257, 56, "-100, b'/proc/self/maps', 0, 0"),
    "a file by other means": (437, 437, "-100, b'/', buffer, 24"),
    "a file's data": (332, 291, "-100, b'/', 0, 0, buffer"),
    "whether there is a file": (269, 48, "-100, b'/etc/passwd', 0"),
    "another folder": (80, 49, "b'/'"),
    "a second descriptor": (32, 23, "0"),
    "a descriptor's flags": (72, 25, "0, 1"),
    "a pipe": (293, 59, "buffer, 0"),
    "which processors": (203, 122, "0, 128, ones"),
    "its priority": (140, 141, "0, 0"),
    "more than its limits": (302, 261, "0, 7, old_limit, None"),
    "pages in memory": (27, 232, "buffer_page, 4096, buffer"),
    "another filter": (317, 277, "2, 0, action"),
    "another Landlock": (444, 444, "None, zero, 1"),
    "its capabilities": (125, 90, "capabilities, None"),
    "its groups": (115, 158, "0, None"),
    "the machine's name": (63, 160, "buffer"),
    "the kernel's log": (103, 116, "10, None, 0"),
    "a mount's data": (137, 43, "b'/', buffer"),
    "waiting for a child": (247, 95, "0, 0, buffer, 5, None"),
    "its segment registers": (158, -1, "0x1003, buffer"),
    "the machine's load": (99, 179, "buffer"),
    "another's processors": (204, 123, "parent, 128, buffer"),
    "another's processor time": (228, 113, "~parent << 3 | 2, buffer"),
    "another's clock": (229, 114, "~parent << 3 | 2, buffer"),
}
# Refused by this or that machine or state anyway; all others must be answered outside.
MAY_FAIL_OUTSIDE = {"io_uring", "waiting for a child", "the kernel's log", "a file by other means"}
HERE = 0 if platform.machine() == "x86_64" else 1
MADE = {name: call for name, call in CALLS.items() if call[HERE] >= 0}


def code(name):
    number, arguments = MADE[name][HERE], MADE[name][2]
    return f"""
import ctypes, os
def act():
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    buffer, ones, pid, zero = ctypes.create_string_buffer(8192), b"\\xff" * 128, os.getpid(), ctypes.c_long(0)
    parent = os.getppid() or 1
    buffer_page = ctypes.c_void_p((ctypes.addressof(buffer) + 4095) // 4096 * 4096)
    old_limit, action = (ctypes.c_ulong * 2)(16, 16), ctypes.c_uint(0x7FFF0000)
    action, capabilities = ctypes.byref(action), (ctypes.c_uint * 2)(0x20080522, 0)
    done = libc.syscall({number}, {arguments})
    if done == 0 and {name == "a fork"}:
        os._exit(0)
    return done, ctypes.get_errno()
"""


def answers(zygote, name):
    with zygote.child([code(name)], seconds=10) as child:
        return child("act", ())


@pytest.fixture(scope="module")
def strong():
    with Zygote("strong") as made:
        yield made


@pytest.mark.parametrize("name", MADE)
def test_a_raw_call_is_refused(strong, name):
    outcome = answers(strong, name)
    assert outcome.error is None, outcome.error
    assert outcome.value == (-1, 1)  # EPERM


def test_outside_they_are_answered():
    with Zygote("none") as unlocked:
        refused = {name for name in MADE if (answers(unlocked, name).value or (-1, 0))[0] < 0}
    assert refused <= MAY_FAIL_OUTSIDE
    assert len(MADE) - len(refused) >= 40


@pytest.mark.parametrize("number", [0x40000000 | 39, 0x40000000 | 57, 0x7FFFFFFF])
def test_numbers_of_another_machine_end_the_child(strong, number):
    cell = f"import ctypes\ndef act(): return ctypes.CDLL(None).syscall({number})\n"
    with strong.child([cell], seconds=10) as child:
        error = child("act", ()).error
    assert error is not None
    assert error.kind == "crashed"
    assert "SIGSYS" in error.message
