"""What is sent to a child, and what its answers stand for: calls to a frame, frames to Outcomes, nothing
believed.
"""

from collections.abc import Sequence
from typing import Any

from autograder._language import _
from autograder.sandbox import known_messages
from autograder.sandbox.calls import CallError, Outcome
from autograder.sandbox.grader_words import opaque_words
from autograder.sandbox.inside import wire
from autograder.sandbox.inside.wire import FrameError, Opaque
from autograder.sandbox.known_messages import NotebookWords
from autograder.trees import Value

# The kinds of errors that a child may tell of. Who calls a name that is missing, hangs or ends Python is the
# grader's to see.
KINDS = ("exception", "memory", "long")
MOST_PLACES = 5
# Calls whose encoded arguments are kept: the versions of a notebook's exercises are some 2,000.
MOST_KNOWN = 5000


class EncodedArguments:
    """Calls' arguments as text and bytes: the same go to a function twice, and to another child's again."""

    def __init__(self) -> None:
        # By id; the arguments are kept with them, so that no id comes again.
        self.known: dict[int, tuple[Any, str, bytes]] = {}

    def of(self, args: tuple[Value, ...]) -> tuple[str, bytes]:
        """The trees as JSON, and the bytes of the arrays."""
        found = self.known.get(id(args))
        if found is None:
            chunks: list[bytes] = []
            trees = wire.compact([wire.encode(arg, chunks) for arg in args])
            # In a str the quotes would be escaped.
            if '{"x":' in trees:
                raise TypeError(f"Child: arguments that can't cross the wall: {trees[:300]!r}")
            if len(self.known) >= MOST_KNOWN:
                self.known.clear()
            found = self.known[id(args)] = (args, trees, b"".join(chunks))
        return found[1:]


def calls_message(
    nonce: str, name: str, many: Sequence[tuple[Value, ...]], pipelined: bool, encoded: EncodedArguments
) -> bytes:
    """The frame that asks for these calls of one function, one after another.

    pipelined: each answer is read after the call that follows it.
    """
    parts = [encoded.of(args) for args in many]
    function = wire.compact(name)
    calls = ",".join(f"[{function},{trees},{len(payload)}]" for trees, payload in parts)
    header = f'{{"nonce":"{nonce}","calls":[{calls}],"pipelined":{"true" if pipelined else "false"}}}'
    return wire.framed(header.encode("ascii"), [payload for _trees, payload in parts])


def call_error_of(parts: Any, words: NotebookWords, public: bool) -> CallError:
    """The CallError that [kind, type, text, raised_in, places] stands for; FrameError if it has another form.

    public: the child holds nothing hidden. Else its error's kind is told, and nothing more.
    """
    if not isinstance(parts, list) or len(parts) != 5 or not all(isinstance(part, str) for part in parts[:4]):
        raise FrameError("an error of no known form")
    kind, type_, text, raised_in, places = parts
    if kind not in KINDS:
        raise FrameError("an error of no known kind")
    if kind == "long":
        return CallError("protocol", _("the answer is too long"))
    if kind == "memory":
        type_ = "MemoryError"
    told = words.type(type_)
    where = raised_in if raised_in in words.names else ""
    if not public:
        return CallError(kind, told if told in known_messages.EXCEPTIONS else _("an error"), "", told, where)
    message, plain = words.message(type_, text), words.plain_message(type_, text)
    return CallError(
        kind,
        message,
        words.lines(_places(places)),
        told,
        where,
        own_text=words.own_text(text),
        plain=plain if plain != message else "",
    )


def _places(places: Any) -> list[tuple[int, int, str]]:
    if not isinstance(places, list) or len(places) > MOST_PLACES:
        raise FrameError("an error of no known form")
    for place in places:
        if not isinstance(place, list) or [type(part) for part in place] != [int, int, str]:
            raise FrameError("an error of no known form")
    return [(cell, line, function) for cell, line, function in places]


def outcomes(
    header: dict[str, Any],
    payload: bytes,
    nonce: str,
    many: Sequence[tuple[Value, ...]],
    words: NotebookWords,
    public: bool,
) -> list[Outcome]:
    """The Outcomes that a frame stands for; FrameError if it is none of replies to these calls.

    words, public: what may be told of an error (call_error_of).
    """
    replies = header.get("replies")
    if header.get("nonce") != nonce or not isinstance(replies, list) or not 0 < len(replies) <= len(many):
        raise FrameError("an answer to another call")
    decoder = wire.Decoder(payload)
    found = [
        _outcome(reply, decoder, args, words, public) for reply, args in zip(replies, many, strict=False)
    ]
    decoder.finish()
    return found


def _outcome(
    reply: Any, decoder: wire.Decoder, args: tuple[Value, ...], words: NotebookWords, public: bool
) -> Outcome:
    """The Outcome that one reply stands for; FrameError if it has another form."""
    if not isinstance(reply, dict) or ("value" in reply) == ("error" in reply):
        raise FrameError("an answer of no known form")
    value, error = None, None
    decoder.opaque, decoder.room = None, wire.Room()
    if "error" in reply:
        error = call_error_of(reply["error"], words, public)
    else:
        value = decoder.value(reply["value"])
        if decoder.opaque is not None:
            what = opaque_words(decoder.opaque) if public else _("something else")
            error = CallError(
                "protocol", _("returned {what} where arrays and numbers are expected", what=what)
            )
            value = None
    after = reply.get("after")
    if after is None and error is not None:
        return Outcome(value, error, None)
    if after is False:
        return Outcome(value, error, args)
    if not isinstance(after, list) or len(after) != len(args):
        raise FrameError("an answer without the arguments")
    now = tuple(_after(tree, arg, decoder) for tree, arg in zip(after, args, strict=True))
    return Outcome(value, error, now)


def _after(tree: Any, arg: Value, decoder: wire.Decoder) -> Value | Opaque:
    if tree is False:
        return arg
    if not isinstance(tree, list) or len(tree) != 1:
        raise FrameError("an answer without the arguments")
    return decoder.value(tree[0])
