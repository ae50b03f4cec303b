"""The reports of a run, kept packed: a large class's take little memory."""

import json
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

from autograder.report_json import ReportJson


def packed(report: ReportJson) -> bytes:
    """The report in few bytes."""
    return zlib.compress(json.dumps(report, ensure_ascii=False).encode(), 1)


class PackedReports(Sequence[ReportJson]):
    """A sequence of reports, each unpacked when it is asked for."""

    def __init__(self, packed: Sequence[bytes]) -> None:
        self._packed = packed

    def __len__(self) -> int:
        return len(self._packed)

    def __getitem__(self, place: Any) -> Any:
        """The report at a place, or the sequence of a slice's."""
        if isinstance(place, slice):
            return PackedReports(self._packed[place])
        return json.loads(zlib.decompress(self._packed[place]))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PackedReports) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def as_json(self) -> Iterator[str]:
        """The text of a JSON list of them, indented, piece by piece."""
        for place in range(len(self)):
            text = json.dumps(self[place], indent=1, ensure_ascii=False).replace("\n", "\n ")
            yield ("[\n " if place == 0 else ",\n ") + text
        yield "\n]\n" if self._packed else "[]\n"
