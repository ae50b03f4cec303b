"""What a function prints is kept from its first call alone: a judgement calls it a hundred times."""

import contextlib
import io
from typing import Any

from autograder._language import _
from autograder.sandbox.calls import LocalCaller, Outcome
from autograder.trees import Value

# Characters that are kept of it
MOST_PRINTED = 2000


class _Nowhere(io.TextIOBase):
    """Takes whatever is written, and keeps nothing."""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        return len(text)


class FirstPrints(LocalCaller):
    """A LocalCaller whose functions print into `printed` in the first call, and nowhere in later ones.

    watched("calling"), watched("returned"): a page that wants to know of a call without an end has its own.
    """

    @staticmethod
    def watched(_event: str) -> None:
        """Nobody watches."""

    def __init__(self, *of: Any) -> None:
        super().__init__(*of)
        self._first = io.StringIO()
        self._calls = [0]

    @property
    def printed(self) -> str:
        """What the first call printed, cut where it is long."""
        text = self._first.getvalue()
        return (
            text
            if len(text) <= MOST_PRINTED
            else f"{text[:MOST_PRINTED]}\n"
            + _("… (and {count} characters more)", count=len(text) - MOST_PRINTED)
        )

    def _call(self, name: str, args: tuple[Value, ...]) -> Outcome:
        self._calls[0] += 1
        sink = self._first if self._calls[0] == 1 else _Nowhere()
        self.watched("calling")
        try:
            with contextlib.redirect_stdout(sink):
                return super()._call(name, args)
        finally:
            self.watched("returned")
