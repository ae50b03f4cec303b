"""What Python says to the page: one message at a time, with the place where it is to be shown."""

import contextlib
import io
import json

# Characters of text that one run may print.
LIMIT = 200_000
# Which Output widget receives what is displayed; None for the cell itself.
targets: list[str | None] = [None]
state = {"emit": None, "printed": 0}


def emit_to(callback) -> None:
    """Where messages go: callback(kind, json)."""
    state["emit"] = callback


def emit(kind: str, **fields) -> None:
    """Send one message to the page."""
    if targets[-1] is not None:
        fields["target"] = targets[-1]
    state["emit"](kind, json.dumps(fields, default=repr))


@contextlib.contextmanager
def shown_in(target: str | None):
    """What is displayed inside goes to this Output widget."""
    targets.append(target)
    try:
        yield
    finally:
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
            emit("stream", text=text[: LIMIT - before], stream=self.name)
            if state["printed"] >= LIMIT:
                emit("stream", text="\n… (more was printed than this page shows)\n", stream=self.name)
        return len(text)
