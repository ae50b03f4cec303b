import contextlib
import json
import struct

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.exercises.cases import PublicFunction
from autograder.exercises.scalar_functions import make_function
from autograder.sandbox.grader_words import opaque_words
from autograder.sandbox.inside import wire
from autograder.sandbox.inside.wire import Decoder, FrameError, Opaque, clean, encode, lengths, pack
from tests.support.frames import parse

arrays = st.sampled_from(list(wire.DTYPES)).flatmap(
    lambda code: hnp.arrays(np.dtype(code), hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=5))
)
numbers = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats() | st.text(max_size=20)
values = st.recursive(
    numbers | arrays,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.integers(-9, 9), inner, max_size=3)
    ),
    max_leaves=12,
)


def through(value):
    chunks = []
    header, payload = parse(pack({"value": encode(value, chunks)}, chunks))
    decoder = Decoder(payload)
    result = decoder.value(header["value"])
    decoder.finish()
    return result


def same(a, b):
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, list | tuple):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    if isinstance(a, float):
        return struct.pack("d", a) == struct.pack("d", b) or (a != a and b != b)
    return type(a) is type(b) and (a == b or (isinstance(a, str) and clean(a) == b))


@given(values)
def test_what_goes_in_comes_out(value):
    assert same(value, through(value))


@given(arrays)
def test_arrays_are_copies_that_can_be_written(array):
    chunks = []
    header, payload = parse(pack({"value": encode(array, chunks)}, chunks))
    result = Decoder(payload).value(header["value"])
    assert result.flags.writeable
    assert result.flags.aligned
    assert not np.shares_memory(result, np.frombuffer(payload, np.uint8))


def test_other_layouts_and_types_become_plain_ones():
    fortran = np.asfortranarray(np.arange(6.0).reshape(2, 3))
    assert same(through(fortran), np.arange(6.0).reshape(2, 3))
    assert same(through(np.arange(6.0)[::-2]), np.array([5.0, 3.0, 1.0]))
    assert same(through(np.array([1.0], ">f8")), np.array([1.0]))
    assert same(through(np.ma.array([[1.0, 2.0]])), np.array([[1.0, 2.0]]))
    scalar = through(np.float32(1.5))
    assert type(scalar) is np.float32
    assert scalar == 1.5
    assert through({np.int64(1): 2.0}) == {1: 2.0}
    for kind, value in ((int, 3), (float, 0.5)):
        crossed = through(type("Own", (kind,), {})(value))
        assert type(crossed) is kind
        assert crossed == value
    assert "more than 64 bits" in opaque_words(through(type("Own", (int,), {})(1 << 70)))


def test_long_doubles_cross_as_they_are_compared():
    chunks = []
    assert encode(np.full((1, 2), 1.5, np.longdouble), chunks) == {"a": "<f8 1 2"}
    assert np.frombuffer(b"".join(chunks)).tolist() == [1.5, 1.5]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"dW": 1.0}, "a dict with a key of type str"),
        ({True: 1.0}, "a dict with a key of type bool"),
        ({1, 2}, "a set"),
        (np.array([object()]), "dtype object"),
        (np.array([1j]), "dtype complex128"),
        (np.array(["x"]), "dtype str"),
        (np.clongdouble(1), "dtype"),
        (1 << 64, "an int of more than 64 bits"),
        (lambda: 0, "a function"),
        (iter([]), "a list_iterator"),
        ("x" * 5000, "a str of many characters"),
        (np.zeros((1,) * 9), "an array of more than 8 dimensions"),
    ],
)
def test_what_does_not_cross_is_described(value, text):
    for held in (value, [value]):
        chunks = []
        tree = encode(held, chunks)
        assert chunks == []
        decoder = Decoder(b"")
        decoder.value(tree)
        assert text in opaque_words(decoder.opaque)
    assert Opaque("x") != Opaque("x")


def test_a_value_that_holds_itself_ends():
    endless = []
    endless.append(endless)
    assert "nested" in json.dumps(encode(endless, []))


def test_public_functions_cross_by_name_and_only_towards_the_student():
    public = PublicFunction("quadratic", {"c": np.ones(2), "y": np.zeros(2)})
    chunks = []
    header, payload = parse(pack({"value": encode(public, chunks)}, chunks))
    made = Decoder(payload, make_function).value(header["value"])
    assert made(np.array([2.0, 1.0])) == public(np.array([2.0, 1.0])) == 2.5
    with pytest.raises(FrameError):
        Decoder(payload).value(header["value"])


@pytest.mark.parametrize(
    ("tree", "payload"),
    [
        ({"a": "|O 1"}, b"12345678"),
        ({"a": "<c16 1"}, b"1" * 16),
        ({"a": "<f8 2"}, b"12345678"),
        ({"a": "<f8 -1"}, b""),
        ({"a": "<f8 1.0"}, b"12345678"),
        ({"a": "<f8 True"}, b"12345678"),
        ({"a": "<f8 01"}, b"12345678"),
        ({"a": "<f8 1 "}, b"12345678"),
        ({"a": "<f8  1"}, b"12345678"),
        ({"a": "<f8 1\n"}, b"12345678"),
        ({"a": "<f8 ١"}, b"12345678"),
        ({"a": f"<f8 {1 << 39} {1 << 39}"}, b""),
        ({"a": f"<f8 0 {1 << 39} {1 << 39} {1 << 39}"}, b""),
        ({"a": f"<f8 {10**12}"}, b""),
        ({"a": "<f8" + " 1" * 9}, b"12345678"),
        ({"a": ["<f8", [1]]}, b"12345678"),
        ({"a": "<f8"}, b""),
        ({"a": None}, b""),
        ({"g": "<f8 1"}, b"12345678"),
        ({"g": "|O"}, b"12345678"),
        ({"g": []}, b""),
        ({"t": {}}, b""),
        ({"d": [[1, 2], [1, 3]]}, b""),
        ({"d": [["1", 2]]}, b""),
        ({"d": [[True, 2]]}, b""),
        ({"d": [[1, 2, 3]]}, b""),
        ({"x": 1}, b""),
        ({"x": "a set"}, b""),
        ({"x": ["type"]}, b""),
        ({"x": ["type", "passwords"]}, b""),
        ({"x": ["type", 3]}, b""),
        ({"x": ["anything", "set"]}, b""),
        ({"p": ["quadratic", []]}, b""),
        ({"q": 1}, b""),
        ({}, b""),
        ({"a": "|b1 0", "t": []}, b""),
        ([1], b""),
        (1 << 63, b""),
    ],
)
def test_trees_that_no_encoder_makes_are_refused(tree, payload):
    with pytest.raises(FrameError):
        Decoder(payload).value(tree)


def test_nothing_may_be_left_over():
    decoder = Decoder(b"123456789")
    decoder.value({"a": "<f8 1"})
    with pytest.raises(FrameError, match="longer"):
        decoder.finish()


def test_bools_are_0_or_1_whatever_bytes_come():
    assert Decoder(bytes([0, 1, 2, 255, 0, 0, 0, 0])).value({"a": "|b1 4"}).tobytes() == bytes([0, 1, 1, 1])


def test_announced_lengths_are_held_against_the_caps_before_anything_is_read():
    with pytest.raises(FrameError, match="at most"):
        lengths(struct.pack("<II", 10, 1 << 31), 1 << 20)
    with pytest.raises(FrameError, match="header"):
        lengths(struct.pack("<II", wire.MAX_HEADER + 1, 0), 1 << 30)
    with pytest.raises(FrameError, match="header"):
        lengths(struct.pack("<II", 0, 0), 1 << 30)
    with pytest.raises(FrameError, match="at most"):
        pack({}, [b"x" * 100], 50)


@pytest.mark.parametrize("header", [{"a": "x" * wire.MAX_HEADER}, {"a": [[]] * wire.MAX_BRACKETS}])
def test_a_header_that_would_be_refused_is_not_sent(header):
    with pytest.raises(FrameError, match="too many parts"):
        pack(header, [], 1 << 30)
    with pytest.raises(FrameError):
        parse(pack(header, []))


@pytest.mark.parametrize(
    "text",
    [
        b"[]",
        b"1",
        b'"x"',
        b"{",
        b"{" * 60_000,
        b"[" * 40_000,
        b'{"a":' * 20_000,
        b"\xff\xfe",
        b'{"a": 1' + b"0" * 5000 + b"}",
    ],
)
def test_headers_that_are_no_object_are_refused(text):
    with pytest.raises(FrameError):
        wire.read_header(text)


def test_deep_trees_are_refused_not_followed():
    tree = 1
    for _ in range(200):
        tree = {"l": [tree]}
    with pytest.raises(FrameError):
        Decoder(b"").value(tree)


def test_text_is_freed_of_what_a_terminal_or_a_page_would_obey():
    assert clean("a\x1b[31mb\x07\x00‮c\ud800 é\n\t") == "a?[31mb???c? é\n\t"
    assert len(clean("x" * 10_000, 100)) < 110
    assert through("\x1b]0;x\x07") == "?]0;x?"


SAMPLE = pack(
    {
        "nonce": "ab",
        "value": {"t": [{"a": "<f8 2 3"}, {"d": [[1, {"a": "|b1 2"}]]}, {"g": "<f4"}]},
        "after": [False],
    },
    [b"\x01" * 48, b"\x00\x01", b"\x00\x00\x80?"],
)


def digest(frame):
    """What the grader does with a frame, to the end."""
    header, payload = parse(frame, 1 << 20)
    decoder = Decoder(payload)
    decoder.value(header.get("value"))
    decoder.value(header.get("after"))
    decoder.finish()


@st.composite
def mutations(draw):
    frame = bytearray(SAMPLE)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(frame)))
        kind = draw(st.sampled_from(["byte", "cut", "insert", "word", "tail"]))
        if kind == "byte":
            frame[at : at + 1] = draw(st.binary(min_size=1, max_size=1))
        elif kind == "cut":
            del frame[at : at + draw(st.integers(1, 20))]
        elif kind == "insert":
            frame[at:at] = draw(
                st.sampled_from([b"{", b"[", b'"', b"null", b"1e999", b"-1", b"\xff", b"NaN", b"[" * 50])
            )
        elif kind == "word":
            frame[at : at + 4] = struct.pack("<I", draw(st.integers(0, 2**32 - 1)))
        else:
            del frame[at:]
    return bytes(frame)


@settings(max_examples=5_000, suppress_health_check=list(HealthCheck), database=None)
@given(mutations())
@example(SAMPLE)
def test_a_mutated_frame_is_taken_or_refused_and_nothing_else(frame):
    with contextlib.suppress(FrameError):
        digest(frame)


def test_ten_thousand_quick_mutations():
    """Hypothesis looks for the odd ones; these are many, and the header's lengths are put right again."""
    random = np.random.default_rng(7)
    start = 8 + struct.unpack("<II", SAMPLE[:8])[0]
    alphabet = b'{}[]",:0123456789-.eatldgpx<|f8bO \\unulltrefas\xff\x00'
    taken = 0
    for _ in range(10_000):
        header = bytearray(SAMPLE[8:start])
        for _ in range(random.integers(1, 5)):
            at = int(random.integers(0, len(header)))
            span = int(random.integers(0, 3))
            header[at : at + span] = bytes(
                random.choice(list(alphabet), size=int(random.integers(0, 3))).tolist()
            )
        payload = SAMPLE[start:][: int(random.integers(40, 60))]
        try:
            digest(struct.pack("<II", len(header), len(payload)) + bytes(header) + payload)
            taken += 1
        except FrameError:
            pass
    assert taken < 9_000


def test_a_value_of_very_many_entries_is_refused_however_it_is_built():
    many = wire.MAX_ITEMS // 2 + 1
    for tree in (
        {"l": [0] * (2 * many)},
        {"t": [{"l": [0] * many}, {"l": [0] * many}]},
        {"d": [[i, {"t": [0]}] for i in range(many)]},
    ):
        with pytest.raises(wire.FrameError, match="very many entries"):
            wire.Decoder(b"").value(tree)
    for value in ([0] * (2 * many), [[0] * many] * 2, dict.fromkeys(range(many), (0,))):
        assert '"x":["list",""]' in wire.compact(wire.encode(value, []))
    # The control: an array holds as many numbers as it will.
    assert "a" in wire.encode(np.zeros(10 * many), [])
    assert len(wire.Decoder(b"").value({"l": [0] * wire.MAX_ITEMS})) == wire.MAX_ITEMS
