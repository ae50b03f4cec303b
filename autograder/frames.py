"""What crosses the wall: a frame is two lengths, a JSON header, raw little-endian numbers. Never a pickle.

    uint32 header bytes | uint32 payload bytes | header (JSON object) | payload (the arrays, one after another)

In a header None, bool, int, float and str stand for themselves; the rest are objects of one key:
{"a": [dtype, shape]} an array, {"g": dtype} a NumPy scalar, {"t": [...]} a tuple, {"l": [...]} a list,
{"d": [[key, value], ...]} a dict with int keys, {"p": [name, [[parameter, value], ...]]} a public function,
{"x": text} something that does not cross, described.

Both sides run this text: the grader imports it, the worker gets it as source. So it needs the standard library and
NumPy alone. Decoding trusts nothing: every length is compared with the bytes at hand before anything is made.
"""

import json
import struct
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

LENGTHS = struct.Struct("<II")
MAX_HEADER = 1 << 20
MAX_BRACKETS = 50_000
MAX_DEPTH = 16
MAX_TEXT = 4_000
MAX_DIMENSIONS = 8
DTYPES = {code: np.dtype(code) for code in ("<f8", "<f4", "<f2", "<i8", "<i4", "|b1")}


class FrameError(Exception):
    """The bytes are not a frame, or hold what no frame may hold."""


class Opaque:
    """Something the other side described instead of sending: equal to nothing, not even to itself."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return f"<{self.text}>"

    def __eq__(self, other: object) -> bool:
        return False

    __hash__ = None  # type: ignore[assignment]


def clean(text: str, limit: int = MAX_TEXT) -> str:
    """The text without control characters, lone surrogates or direction marks, at most limit characters long."""
    if len(text) > limit:
        text = text[: limit // 2] + " … " + text[-(limit // 2) :]
    text = text.encode("utf-8", "replace").decode("utf-8")
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in "\n\t" else "?" for c in text)


# ---- out -------------------------------------------------------------------------------------------------------


def pack(header: dict[str, Any], chunks: list[bytes], limit: int | None = None) -> bytes:
    """The bytes of a frame; with a limit, FrameError if the other side would refuse it for its length."""
    text = json.dumps(header, separators=(",", ":")).encode("ascii")
    payload = sum(map(len, chunks))
    if limit is not None and LENGTHS.size + len(text) + payload > limit:
        raise FrameError(f"{len(text) + payload:,} bytes; at most {limit:,} are taken")
    if limit is not None and (len(text) > MAX_HEADER or text.count(b"[") + text.count(b"{") > MAX_BRACKETS):
        raise FrameError("too many parts; give arrays instead of lists of numbers")
    return b"".join((LENGTHS.pack(len(text), payload), text, *chunks))


def encode(value: Any, chunks: list[bytes], depth: int = 0) -> Any:
    """The header's tree for the value; the bytes of its arrays are appended to chunks."""
    kind = type(value)
    if kind is np.ndarray:
        return _encode_array(value, chunks)
    if value is None or kind is bool or kind is float:
        return value
    if kind is str:
        return value if len(value) <= MAX_TEXT else {"x": f"a str of {len(value):,} characters"}
    if isinstance(value, np.generic):
        tree = _encode_array(np.asarray(value), chunks)
        return {"g": tree["a"][0]} if "a" in tree else {"x": f"a NumPy scalar of dtype {value.dtype}"}
    if isinstance(value, np.ndarray):  # a matrix, a masked array: its numbers
        return _encode_array(np.asarray(value), chunks)
    if isinstance(value, int):
        return int(value) if -(1 << 63) <= value < 1 << 63 else {"x": "an int of more than 64 bits"}
    if isinstance(value, float):
        return float(value)
    if depth >= MAX_DEPTH:
        return {"x": f"{kind.__name__} nested more than {MAX_DEPTH} deep"}
    if isinstance(value, tuple):
        return {"t": [encode(item, chunks, depth + 1) for item in value]}
    if isinstance(value, list):
        if len(value) > MAX_BRACKETS:
            return {"x": f"a list of {len(value):,} entries"}
        return {"l": [encode(item, chunks, depth + 1) for item in value]}
    if isinstance(value, dict):
        return _encode_dict(value, chunks, depth)
    if callable(value) and hasattr(value, "parameters") and hasattr(value, "name"):
        return _encode_function(value, chunks, depth)
    article = "an" if kind.__name__[:1].lower() in "aeiou" else "a"
    return {"x": clean(f"{article} {kind.__name__}", 200)}


def _encode_array(array: Any, chunks: list[bytes]) -> dict[str, Any]:
    code = array.dtype.newbyteorder("<").str
    if code not in DTYPES or array.ndim > MAX_DIMENSIONS:
        return {"x": clean(f"an array of dtype {array.dtype} and shape {array.shape}", 200)}
    chunks.append(array.astype(DTYPES[code], copy=False).tobytes())
    return {"a": [code, list(array.shape)]}


def _encode_dict(value: dict[Any, Any], chunks: list[bytes], depth: int) -> dict[str, Any]:
    pairs = []
    for key, item in value.items():
        if isinstance(key, bool) or not isinstance(key, int | np.integer) or not -(1 << 63) <= key < 1 << 63:
            return {"x": clean(f"a dict with a key of type {type(key).__name__} (layers are ints)", 200)}
        pairs.append([int(key), encode(item, chunks, depth + 1)])
    return {"d": pairs}


def _encode_function(value: Any, chunks: list[bytes], depth: int) -> dict[str, Any]:
    pairs = [[str(key), encode(item, chunks, depth + 1)] for key, item in value.parameters.items()]
    return {"p": [str(value.name), pairs]}


# ---- in --------------------------------------------------------------------------------------------------------


def lengths(prefix: bytes, limit: int) -> tuple[int, int]:
    """Header and payload bytes that a frame announces; FrameError if they are more than allowed."""
    header, payload = LENGTHS.unpack(prefix)
    if not 2 <= header <= MAX_HEADER:
        raise FrameError(f"a header of {header:,} bytes; at most {MAX_HEADER:,} are taken")
    if LENGTHS.size + header + payload > limit:
        raise FrameError(f"a frame of {header + payload:,} bytes; at most {limit:,} are taken")
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


def parse(frame: bytes, limit: int = 1 << 32) -> tuple[dict[str, Any], memoryview]:
    """Header and payload of one whole frame; FrameError if anything is wrong with it."""
    if len(frame) < LENGTHS.size:
        raise FrameError("a frame that ends within its lengths")
    header, payload = lengths(frame[: LENGTHS.size], limit)
    if len(frame) != LENGTHS.size + header + payload:
        raise FrameError("a frame of another length than it says")
    start = LENGTHS.size + header
    return read_header(frame[LENGTHS.size : start]), memoryview(frame)[start:]


class Decoder:
    """Turns trees into values, taking the arrays' bytes from the payload in order; arrays are copies."""

    def __init__(self, payload: memoryview | bytes, make_function: Callable[..., Any] | None = None) -> None:
        self.payload = memoryview(payload)
        self.at = 0
        self.make_function = make_function
        self.opaque: Opaque | None = None  # the first thing met that did not cross

    def finish(self) -> None:
        """FrameError if bytes are left that nothing announced."""
        if self.at != len(self.payload):
            raise FrameError("a payload longer than its arrays")

    def value(self, tree: Any, depth: int = 0) -> Any:
        """The value of one tree; FrameError for a tree or bytes that no encoder makes."""
        if tree is None or isinstance(tree, bool | float):
            return tree
        if isinstance(tree, int):
            if not -(1 << 63) <= tree < 1 << 63:
                raise FrameError("an int of more than 64 bits")
            return tree
        if isinstance(tree, str):
            return clean(tree)
        if not isinstance(tree, dict) or len(tree) != 1 or depth > MAX_DEPTH:
            raise FrameError("a value of no known form")
        ((kind, body),) = tree.items()
        if kind == "a" and isinstance(body, list) and len(body) == 2:
            return self._array(body[0], body[1])
        if kind == "g":
            return self._array(body, [])[()]
        if kind == "t":
            return tuple(self.value(item, depth + 1) for item in _items(body))
        if kind == "l":
            return [self.value(item, depth + 1) for item in _items(body)]
        if kind == "d":
            return {key: self.value(item, depth + 1) for key, item in _pairs(body, int)}
        if kind == "x" and isinstance(body, str):
            found = Opaque(clean(body, 300))
            self.opaque = self.opaque or found
            return found
        if kind == "p" and self.make_function is not None and isinstance(body, list) and len(body) == 2:
            given = {key: self.value(item, depth + 1) for key, item in _pairs(body[1], str)}
            return self.make_function(body[0], given)
        raise FrameError("a value of no known form")

    def _array(self, code: Any, shape: Any) -> Any:
        dtype = DTYPES.get(code) if isinstance(code, str) else None
        if dtype is None:
            raise FrameError("an array of a dtype that is not on the list")
        if not isinstance(shape, list) or len(shape) > MAX_DIMENSIONS:
            raise FrameError("an array of no possible shape")
        count = 1
        for length in shape:
            if type(length) is not int or not 0 <= length < 1 << 40:
                raise FrameError("an array of no possible shape")
            count *= length
        size = count * dtype.itemsize
        if size > len(self.payload) - self.at:
            raise FrameError("an array of more bytes than came")
        raw = self.payload[self.at : self.at + size]
        self.at += size
        try:
            if code == "|b1":  # any byte but 0 is True; NumPy expects 1 and nothing else
                return np.frombuffer(bytearray(raw), np.uint8).reshape(shape).astype(np.bool_)
            # A copy by way of a bytearray: writable, aligned, shared with nobody.
            return np.frombuffer(bytearray(raw), dtype).reshape(shape)
        except ValueError:
            raise FrameError("an array of no possible shape") from None


def _items(body: Any) -> list[Any]:
    if not isinstance(body, list):
        raise FrameError("a sequence that is not one")
    return body


def _pairs(body: Any, key: Any) -> Iterator[tuple[Any, Any]]:
    seen: set[Any] = set()
    for pair in _items(body):
        if not isinstance(pair, list) or len(pair) != 2 or type(pair[0]) is not key or pair[0] in seen:
            raise FrameError("a dict of no known form")
        if key is int and not -(1 << 63) <= pair[0] < 1 << 63:
            raise FrameError("an int of more than 64 bits")
        seen.add(pair[0])
        yield pair[0], pair[1]
