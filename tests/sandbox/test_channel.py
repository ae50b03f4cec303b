import json
import socket
import threading
import time

import pytest

from autograder.sandbox.channel import Channel, DeadlineExceeded, PeerClosed
from autograder.sandbox.inside import wire
from autograder.sandbox.inside.wire import FrameError


@pytest.fixture
def ends():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield Channel(ours, 1 << 20), theirs


def soon(seconds=0.2):
    return time.monotonic() + seconds


def test_frames_come_one_by_one_however_they_are_cut(ends):
    channel, theirs = ends
    data = wire.pack({"a": 1}, [b"xyz"]) + wire.pack({"b": 2}, [])

    def dribble():
        for at in range(len(data)):
            theirs.send(data[at : at + 1])

    writer = threading.Thread(target=dribble)
    writer.start()
    assert channel.receive(soon(5)) == ({"a": 1}, b"xyz")
    assert channel.receive(soon(5)) == ({"b": 2}, b"")
    writer.join()
    assert not channel.unasked()
    theirs.send(b"x")
    assert channel.unasked()


def test_deadlines_hold_for_silence_and_for_a_trickle(ends):
    channel, theirs = ends
    started = time.monotonic()
    with pytest.raises(DeadlineExceeded):
        channel.receive(soon())
    theirs.send(wire.LENGTHS.pack(100, 0) + b"{")
    with pytest.raises(DeadlineExceeded):
        channel.receive(soon())
    with pytest.raises(DeadlineExceeded):  # nobody reads
        channel.send(b"x" * (16 << 20), soon())
    assert time.monotonic() - started < 2


def test_the_other_end_closed(ends):
    channel, theirs = ends
    theirs.send(b"half")
    theirs.close()
    with pytest.raises(PeerClosed):
        channel.receive(soon())
    with pytest.raises(PeerClosed):
        channel.send(b"x", soon())
    assert channel.unasked()  # what had come before


def test_what_is_announced_is_held_against_the_cap_before_it_comes(ends):
    channel, theirs = ends
    theirs.send(wire.LENGTHS.pack(2, 1 << 30))
    with pytest.raises(FrameError, match="at most"):
        channel.receive(soon())


def test_a_large_announcement_costs_nothing_until_it_comes(ends):
    channel, theirs = ends
    theirs.send(wire.LENGTHS.pack(2, (1 << 20) - 100) + json.dumps({}).encode())
    with pytest.raises(DeadlineExceeded):
        channel.receive(soon())
    assert len(channel.buffer) == 10


def test_an_end_that_closes_with_something_unread_is_closed(ends):
    """Linux gives an error there, and not the end of a file."""
    channel, theirs = ends
    channel.send(b"unread", soon())
    theirs.close()
    with pytest.raises(PeerClosed):
        channel.receive(soon())
