"""What crosses the wall: a frame is two lengths, a JSON header, raw little-endian numbers. Never a pickle.

    uint32 header bytes | uint32 payload bytes | header (a JSON object) | payload
    (arrays, each padded to 8 bytes)

In a header None, bool, int, float and str stand for themselves; the rest are objects of one key: {"a": "<f8 3
4"} an array of that dtype and shape, {"g": dtype} a NumPy scalar, {"t": [...]} a tuple, {"l": [...]} a list,
{"d": [[key, value], ...]} a dict with int keys, {"p": [name, [[parameter, value], ...]]} a public function,
{"x": [kind, name]} something that does not cross, described.

Both sides run this text: the grader imports it, the worker gets it as source. So it needs the standard
library and NumPy alone. Decoding trusts nothing: every length is compared with the bytes at hand before
anything is made.
"""

import functools
import json
import math
import operator
import re
import struct
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

# Not safetensors' layout, which is close to it: that is a flat table of arrays by name, with offsets to be
# checked against each other. An answer is nested, and would need this header beside that table; arrays that
# stand one after another in the order of the header can't overlap, and need no offsets.
LENGTHS = struct.Struct("<II")
MAX_HEADER = 1 << 20
MAX_BRACKETS = 50_000
MAX_DEPTH = 16
MAX_TEXT = 4_000
# Entries of lists, tuples and dicts in one value, all together: each is an object to whoever judges it. The
# largest answer of the book has 651 numbers.
MAX_ITEMS = 2_000
MAX_DIMENSIONS = 8
# Forms of arrays that are remembered: the same few come again and again.
MOST_FORMS = 2_000
DTYPES = {code: np.dtype(code) for code in ("<f8", "<f4", "<f2", "<i8", "<i4", "|b1")}
CODES = {dtype: code for code, dtype in DTYPES.items()}
BOOLEAN = DTYPES["|b1"]
FORM = re.compile(
    rf"({'|'.join(map(re.escape, DTYPES))})((?: (?:0|[1-9][0-9]{{0,11}})){{0,{MAX_DIMENSIONS}}})", re.ASCII
)
# dtype, shape, bytes with the padding.
Layout = tuple[Any, tuple[int, ...], int]
# Every array begins at a multiple of so many bytes: a decoded one is a view where it lies.
ALIGNED = 8
PADDING = [bytes(-size % ALIGNED) for size in range(ALIGNED)]


class FrameError(Exception):
    """The bytes are not a frame, or hold what no frame may hold."""


# What does not cross, by kind; the grader's side has the words (autograder.sandbox.grader_words).
OPAQUE = ("str", "int", "nested", "list", "array", "dimensions", "scalar", "key", "long key", "type")
NAMES = """
bool bytearray bytes complex complex128 complex256 complex64 datetime64 dict dict_items dict_keys
dict_values enumerate filter float float128 float16 float32 float64 frozenset function generator int int16
int32 int64 int8 list list_iterator longdouble map method module object property range reversed set slice
str str_ timedelta64 tuple type uint16 uint32 uint64 uint8 zip NoneType
"""
NAMED = frozenset(NAMES.split())


class Opaque:
    """Something the other side named instead of sending: equal to nothing, not even to itself.

    kind: of OPAQUE. name: of a type or dtype, one of NAMED, or "".
    """

    def __init__(self, kind: str, name: str = "") -> None:
        self.kind, self.name = kind, name

    def __repr__(self) -> str:
        return f"<{self.kind} {self.name}>"

    def __eq__(self, other: object) -> bool:
        return False

    __hash__ = None  # type: ignore[assignment]


def clean(text: str, limit: int = MAX_TEXT) -> str:
    """The text without control characters, lone surrogates or direction marks, at most limit long."""
    if len(text) > limit:
        text = text[: limit // 2] + " … " + text[-(limit // 2) :]
    text = text.encode("utf-8", "replace").decode("utf-8")
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in "\n\t" else "?" for c in text)


# ---- out ----


def pack(header: dict[str, Any], chunks: list[bytes], limit: int | None = None) -> bytes:
    """The bytes of a frame; with a limit, FrameError if the other side would refuse it for its length."""
    return framed(compact(header).encode("ascii"), chunks, limit)


compact = json.JSONEncoder(separators=(",", ":")).encode


def framed(text: bytes, chunks: list[bytes], limit: int | None = None) -> bytes:
    """The same of a header's text."""
    payload = sum(map(len, chunks))
    if limit is not None and LENGTHS.size + len(text) + payload > limit:
        raise FrameError(f"{len(text) + payload:,} bytes; at most {limit:,} are taken")
    if limit is not None and (len(text) > MAX_HEADER or text.count(b"[") + text.count(b"{") > MAX_BRACKETS):
        raise FrameError("too many parts; give arrays instead of lists of numbers")
    return b"".join((LENGTHS.pack(len(text), payload), text, *chunks))


class Room:
    """How many more entries a value may have."""

    def __init__(self) -> None:
        self.left = MAX_ITEMS

    def take(self, count: int) -> bool:
        """Is there room for so many? Then it is taken."""
        self.left -= count
        return self.left >= 0


def encode(value: Any, chunks: list[bytes], depth: int = 0, room: Room | None = None) -> Any:
    """The header's tree for the value; the bytes of its arrays are appended to chunks."""
    kind = type(value)
    if kind is np.ndarray:
        return _encode_array(value, chunks)
    if value is None or kind is bool or kind is float:
        return value
    if kind is str:
        return value if len(value) <= MAX_TEXT else _opaque("str")
    if kind is int:
        return value if -(1 << 63) <= value < 1 << 63 else _opaque("int")
    if isinstance(value, np.generic):
        tree = _encode_array(np.asarray(value), chunks)
        return {"g": tree["a"]} if "a" in tree else _opaque("scalar", value.dtype.name)
    if isinstance(value, np.ndarray):
        # A matrix, a masked array: its numbers.
        return _encode_array(np.asarray(value), chunks)
    if isinstance(value, int):
        return int(value) if -(1 << 63) <= value < 1 << 63 else _opaque("int")
    if isinstance(value, float):
        return float(value)
    if depth >= MAX_DEPTH:
        return _opaque("nested")
    room = room or Room()
    if isinstance(value, (tuple, list, dict)) and not room.take(len(value)):
        return _opaque("list")
    if isinstance(value, tuple):
        return {"t": [encode(item, chunks, depth + 1, room) for item in value]}
    if isinstance(value, list):
        return {"l": [encode(item, chunks, depth + 1, room) for item in value]}
    if isinstance(value, dict):
        return _encode_dict(value, chunks, depth, room)
    if callable(value) and hasattr(value, "parameters") and hasattr(value, "name"):
        return _encode_function(value, chunks, depth, room)
    return _opaque("type", kind.__name__)


def _opaque(kind: str, name: str = "") -> dict[str, Any]:
    return {"x": [kind, name if type(name) is str and name in NAMED else ""]}


def _encode_array(array: Any, chunks: list[bytes]) -> dict[str, Any]:
    if array.dtype == np.longdouble:
        # As it is compared: in float64.
        array = array.astype(np.float64)
    code = CODES.get(array.dtype)
    if code is None or array.ndim > MAX_DIMENSIONS:
        code = array.dtype.newbyteorder("<").str
        if code not in DTYPES or array.ndim > MAX_DIMENSIONS:
            known = array.ndim <= MAX_DIMENSIONS
            return (
                _opaque("array", "str" if array.dtype.kind == "U" else array.dtype.name)
                if known
                else _opaque("dimensions")
            )
        array = array.astype(DTYPES[code])
    data = array.tobytes()
    chunks.append(data)
    if len(data) % ALIGNED:
        chunks.append(PADDING[len(data) % ALIGNED])
    return {"a": _form(code, array.shape)}


@functools.lru_cache(maxsize=MOST_FORMS)
def _form(code: str, shape: tuple[int, ...]) -> str:
    return " ".join((code, *map(str, shape)))


def _encode_dict(value: dict[Any, Any], chunks: list[bytes], depth: int, room: Room) -> dict[str, Any]:
    pairs = []
    for key, item in value.items():
        if type(key) is not int:
            if isinstance(key, bool) or not isinstance(key, int | np.integer):
                return _opaque("key", type(key).__name__)
            key = int(key)
        if not -(1 << 63) <= key < 1 << 63:
            return _opaque("long key")
        pairs.append((key, encode(item, chunks, depth + 1, room)))
    return {"d": pairs}


def _encode_function(value: Any, chunks: list[bytes], depth: int, room: Room) -> dict[str, Any]:
    pairs = [[str(key), encode(item, chunks, depth + 1, room)] for key, item in value.parameters.items()]
    return {"p": [str(value.name), pairs]}


# ---- in ----


def lengths(prefix: bytes, limit: int) -> tuple[int, int]:
    """Header and payload bytes that a frame announces; FrameError if they are more than allowed."""
    header, payload = LENGTHS.unpack(prefix)
    if not 2 <= header <= MAX_HEADER:
        raise FrameError(f"a header of no possible length: 2 to at most {MAX_HEADER:,} bytes are taken")
    if LENGTHS.size + header + payload > limit:
        raise FrameError(f"a frame too long: at most {limit:,} bytes are taken")
    return header, payload


def read_header(text: bytes) -> dict[str, Any]:
    """The header as a dict; FrameError for anything that is not one JSON object of modest size."""
    if text.count(b"[") + text.count(b"{") > MAX_BRACKETS:
        raise FrameError("a header of too many parts")
    try:
        header = json.loads(text)
    except (ValueError, RecursionError, MemoryError) as error:
        raise FrameError(f"a header that is not JSON ({type(error).__name__})") from None
    if not isinstance(header, dict):
        raise FrameError("a header that is not a JSON object")
    return header


class Decoder:
    """Turns trees into values. Arrays are views of distinct parts of the decoder's own copy of the payload.

    opaque: the first thing met that did not cross. room: for the entries of one value. arrays, containers:
    every array, list and dict made, with the shape and dtype or the items that it was given.
    """

    def __init__(self, payload: bytes | memoryview, make_function: Callable[..., Any] | None = None) -> None:
        self.payload = bytearray(payload)
        self.at = 0
        self.make_function = make_function
        self.opaque: Opaque | None = None
        self.room = Room()
        self.arrays: list[tuple[Any, tuple[int, ...], Any]] = []
        self.containers: list[tuple[Any, list[Any]]] = []

    def finish(self) -> None:
        """FrameError if bytes are left that nothing announced."""
        if self.at != len(self.payload):
            raise FrameError("a payload longer than its arrays")

    def untouched(self, payload: bytes) -> bool:
        """Is every value made as it was when it was made, from a payload like this one?"""
        return (
            self.payload == payload
            and all(array.shape == shape and array.dtype == dtype for array, shape, dtype in self.arrays)
            and all(_same_items(container, given) for container, given in self.containers)
        )

    def value(self, tree: Any, depth: int = 0) -> Any:
        """The value of one tree; FrameError for a tree or bytes that no encoder makes."""
        kind = type(tree)
        if kind is dict:
            # By far the most are arrays.
            if "a" in tree and len(tree) == 1:
                return self._array(tree["a"])
            return self._made(tree, depth)
        if tree is None or kind is bool or kind is float:
            return tree
        if kind is int:
            if not -(1 << 63) <= tree < 1 << 63:
                raise FrameError("an int of more than 64 bits")
            return tree
        if kind is str:
            return clean(tree)
        raise FrameError("a value of no known form")

    def _made(self, tree: dict[str, Any], depth: int) -> Any:
        if len(tree) != 1 or depth > MAX_DEPTH:
            raise FrameError("a value of no known form")
        ((kind, body),) = tree.items()
        if kind == "g":
            if body not in CODES.values():
                raise FrameError("a scalar of a dtype that is not on the list")
            return self._array(body)[()]
        if kind == "t":
            return tuple([self.value(item, depth + 1) for item in self._entries(body)])
        if kind == "l":
            found = [self.value(item, depth + 1) for item in self._entries(body)]
            self.containers.append((found, found.copy()))
            return found
        if kind == "d":
            pairs = {key: self.value(item, depth + 1) for key, item in _pairs(self._entries(body), int)}
            self.containers.append((pairs, [*pairs, *pairs.values()]))
            return pairs
        if kind == "x":
            opaque = _described(body)
            self.opaque = self.opaque or opaque
            return opaque
        if kind == "p" and self.make_function is not None and isinstance(body, list) and len(body) == 2:
            given = {key: self.value(item, depth + 1) for key, item in _pairs(self._entries(body[1]), str)}
            return self.make_function(body[0], given)
        raise FrameError("a value of no known form")

    def _entries(self, body: Any) -> list[Any]:
        if not isinstance(body, list):
            raise FrameError("a sequence that is not one")
        if not self.room.take(len(body)):
            raise FrameError("a value of very many entries")
        return body

    def _array(self, form: Any) -> Any:
        if type(form) is not str:
            raise FrameError("a value of no known form")
        dtype, shape, room = _layout(form)
        start, self.at = self.at, self.at + room
        if self.at > len(self.payload):
            raise FrameError("an array of more bytes than came")
        try:
            array = np.ndarray(shape, dtype, self.payload, start)
        except (ValueError, TypeError):
            raise FrameError("an array of no possible shape") from None
        if dtype is BOOLEAN:
            # Any byte but 0 is True; NumPy expects 1 and nothing else.
            array[...] = array.view(np.uint8) != 0
        self.arrays.append((array, shape, dtype))
        return array


def _described(body: Any) -> Opaque:
    """Something that does not cross, in this side's own words."""
    if not isinstance(body, list) or len(body) != 2 or not all(isinstance(part, str) for part in body):
        raise FrameError("a value of no known form")
    kind, name = body
    if kind not in OPAQUE or (name and name not in NAMED):
        raise FrameError("a value of no known form")
    return Opaque(kind, name)


@functools.lru_cache(maxsize=MOST_FORMS)
def _layout(form: str) -> Layout:
    """What the text of an array's form stands for; FrameError if it is none that an encoder makes."""
    found = FORM.fullmatch(form)
    if found is None:
        raise FrameError("an array of no possible dtype or shape")
    dtype, shape = DTYPES[found[1]], tuple(map(int, found[2].split()))
    size = dtype.itemsize * math.prod(shape)
    return dtype, shape, size + -size % ALIGNED


def _same_items(container: Any, given: list[Any]) -> bool:
    now = [*container, *container.values()] if type(container) is dict else container
    return len(now) == len(given) and all(map(operator.is_, now, given))


def _pairs(body: Any, key: Any) -> Iterator[tuple[Any, Any]]:
    seen: set[Any] = set()
    for pair in body:
        if not isinstance(pair, list) or len(pair) != 2 or type(pair[0]) is not key or pair[0] in seen:
            raise FrameError("a dict of no known form")
        if key is int and not -(1 << 63) <= pair[0] < 1 << 63:
            raise FrameError("an int of more than 64 bits")
        seen.add(pair[0])
        yield pair[0], pair[1]
