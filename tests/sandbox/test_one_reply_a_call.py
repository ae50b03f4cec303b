"""A child that answers a call twice is believed nothing, though it knows the call's nonce."""

import time

import pytest

from autograder.sandbox.zygote import Limits, Zygote

CELL = """
import json, os, struct, sys

def is_open(descriptor):
    try:
        os.read(descriptor, 0)
        return True
    except OSError:
        return False

channel = next(descriptor for descriptor in range(3, 10) if is_open(descriptor))

def reply(value):
    frame = sys._getframe(1)
    while 'nonce' not in frame.f_locals.get('header', ()):
        frame = frame.f_back
    nonce = frame.f_locals['header']['nonce']
    text = json.dumps({'nonce': nonce, 'replies': [{'value': value, 'after': []}]}).encode()
    return struct.pack('<II', len(text), 0) + text

def once():
    os.write(channel, reply(42))
    os._exit(0)

def twice():
    os.write(channel, reply(42) + reply(42))
    os._exit(0)

def again():
    os.write(channel, reply(42))
    return 1
"""


@pytest.fixture(scope="module")
def zygote():
    with Zygote("strong", Limits()) as made:
        yield made


def test_one_reply_that_knows_the_nonce_is_an_answer_like_any_other(zygote):
    with zygote.child([CELL]) as child:
        assert child.load_failures == {}
        assert child("once", ()).value == 42


def test_two_replies_at_once_are_no_answer(zygote):
    with zygote.child([CELL]) as child:
        error = child("twice", ()).error
        assert error.kind == "protocol"
        assert "more than one answer" in error.message


def test_a_second_reply_that_comes_later_is_seen_before_the_next_question(zygote):
    with zygote.child([CELL]) as child:
        first = child("again", ())
        time.sleep(0.2)
        error = first.error or child("again", ()).error
        assert error.kind == "protocol"
        assert "more than one answer" in error.message or "that nobody asked for" in error.message
