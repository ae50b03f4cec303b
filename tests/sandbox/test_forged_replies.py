"""What a child sends without being asked, or in another's name, ends it and is never a value."""

import select
import time

import numpy as np
import pytest

from tests.support.children import AFTER

FORGE = """
import ctypes, gc, json, os, struct, sys
def frame(header, payload=b""):
    text = json.dumps(header).encode()
    return struct.pack("<II", len(text), len(payload)) + text + payload
channel = next(fd for fd in range(3, 10) if fd_open(fd))
def nonce():
    frame = sys._getframe(1)
    while 'nonce' not in frame.f_locals.get('header', ()): frame = frame.f_back
    return frame.f_locals['header']['nonce']
"""
CHANNEL = (
    "import os\ndef fd_open(fd):\n    try:\n        os.read(fd, 0)\n        return True\n"
    "    except OSError:\n        return False\n"
)


@pytest.mark.parametrize(
    "body",
    [
        "os.write(channel, frame({'nonce': '0' * 16, 'replies': [{'value': 42, 'after': []}]}))",
        "os.write(channel, frame({'replies': [{'value': 42, 'after': []}]}))",
        "os.write(channel, frame({'nonce': None, 'replies': [{'value': 42, 'after': []}]}))",
        "os.write(channel, frame({'nonce': nonce(), 'value': 42, 'after': []}))",
        "os.write(channel, frame({'nonce': nonce(), 'replies': []}))",
        "os.write(channel, frame({'nonce': nonce(), 'replies': 42}))",
        "os.write(channel, frame({'nonce': nonce(), 'replies': [42]}))",
        "os.write(channel, frame({'nonce': nonce(), 'replies': [{'value': 42, 'after': []}] * 2}))",
        "os.write(channel, frame([]))",
        "os.write(channel, b'\\xff' * 64)",
        "os.write(channel, struct.pack('<II', 2, 2**31) + b'{}')",
        "os.write(channel, struct.pack('<II', 2**31, 0) + b'{}')",
        "os.write(channel, b'{' * 100000)",
        "os.write(channel, frame({'cell': 0}))",
        "os.write(channel, frame({'loaded': [], 'names': ['f'], 'printed': ''}))",
        "os.write(channel, frame({'refused': 'x'}))",
        "os.write(channel, frame({'a': {'a': ['|O', [1]]}}, b'12345678'))",
    ],
)
def test_a_forged_reply_ends_the_child_and_is_never_a_value(zygote, body):
    with zygote.child([CHANNEL + FORGE, f"def f():\n    {body}\n    return 1", AFTER]) as child:
        assert child.load_failures == {}
        assert child("f", ()).error.kind == "protocol"
        assert child("g", ()).error.kind == "protocol"


@pytest.mark.parametrize(
    ("value", "payload"),
    [
        ({"a": ["|O", [1]]}, 8),
        ({"a": "<f8 1000000000"}, 8),
        ({"a": "<f8 1"}, 16),
        ({"p": ["quadratic", []]}, 0),
        ({"t": [{"t": [{"zzz": 1}]}]}, 0),
    ],
)
def test_replies_that_know_the_nonce_and_lie_about_the_value(zygote, value, payload):
    body = (
        f"os.write(channel, frame({{'nonce': nonce(), 'replies': [{{'value': {value!r}, 'after':"
        f" []}}]}}, b'1' * {payload}))"
    )
    with zygote.child(
        [CHANNEL + FORGE, f"def f():\n    {body}\n    import time; time.sleep(9)", AFTER]
    ) as child:
        assert child("f", ()).error.kind == "protocol"


def test_an_answer_before_the_question_is_refused(zygote):
    late = (
        "import signal\ndef f():\n"
        "    signal.signal(signal.SIGALRM, lambda *_: os.write(channel, frame({'value': 1})))\n"
        "    signal.setitimer(signal.ITIMER_REAL, 0.1)\n    return 0"
    )
    with zygote.child([CHANNEL + FORGE, late, AFTER]) as child:
        assert child("f", ()).value == 0
        assert select.select([child.process.channel.sock], [], [], 30)[0]
        assert child("g", ()).error.kind == "protocol"


def test_a_trickle_of_bytes_does_not_stretch_the_time(zygote):
    drip = (
        "import time\ndef f():\n    os.write(channel, struct.pack('<II', 9999, 0))\n    while True:\n"
        "        os.write(channel, b' '); time.sleep(0.01)"
    )
    with zygote.child([CHANNEL + FORGE, drip]) as child:
        started = time.monotonic()
        assert child("f", ()).error.kind == "timeout"
        # The bytes that were announced would take a hundred seconds.
        assert time.monotonic() - started < 8


def test_a_peer_that_never_reads_does_not_hold_us(zygote):
    stop = "import sys\ndef f(x):\n    return 1\ndef deaf():\n    import time; time.sleep(99)"
    with zygote.child([stop], seconds=1.0) as child:
        assert child("deaf", ()).error.kind == "timeout"
        assert child("f", (np.zeros(10**5),)).error.kind == "timeout"
