"""What Python says to the page: one message at a time, with the place where it is to be shown."""

import contextlib
import io
import itertools
import json
import time

from autograder._language import _

# Characters of text that one run may print.
LIMIT = 200_000
# Which Output widget receives what is displayed; None for the cell itself.
targets: list[str | None] = [None]
state = {"emit": None, "printed": 0}
# Text that is not sent yet: one message for many small ones.
waiting: list[tuple[str, str]] = []
sent = {"at": 0.0}
SECONDS, CHARACTERS = 0.05, 4000


def emit_to(callback) -> None:
    """Where messages go: callback(kind, json)."""
    state["emit"] = callback


def emit(kind: str, **fields) -> None:
    """Send one message to the page, after the text that came before it."""
    flush()
    send(kind, fields)


def flush() -> None:
    """Send the text that waits."""
    texts = waiting[:]
    waiting.clear()
    sent["at"] = time.monotonic()
    for name, same in itertools.groupby(texts, key=lambda text: text[0]):
        send("stream", {"text": "".join(text for _, text in same), "stream": name})


def say(name: str, text: str) -> None:
    """Text of a stream: sent soon."""
    waiting.append((name, text))
    if time.monotonic() - sent["at"] > SECONDS or len(text) > CHARACTERS:
        flush()


def send(kind: str, fields: dict) -> None:
    """One message as it is."""
    if targets[-1] is not None:
        fields["target"] = targets[-1]
    state["emit"](kind, json.dumps(fields, default=repr))


@contextlib.contextmanager
def shown_in(target: str | None):
    """What is displayed inside goes to this Output widget."""
    flush()
    targets.append(target)
    try:
        yield
    finally:
        flush()
        targets.pop()


class Stream(io.TextIOBase):
    """stdout or stderr, capped: a loop that prints must not drown the page."""

    def __init__(self, name: str) -> None:
        self.name = name

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        before = state["printed"]
        state["printed"] = before + len(text)
        if before < LIMIT:
            say(self.name, text[: LIMIT - before])
            if state["printed"] >= LIMIT:
                say(self.name, f"\n{_('… (more was printed than this page shows)')}\n")
        return len(text)
