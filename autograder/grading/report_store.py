"""The reports of a run, kept packed in a file without a name: a large class's take no memory."""

import json
import os
import tempfile
import weakref
import zlib
from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from autograder.grading.tasks import SubmissionKey
from autograder.report_json import ReportJson


class ReportStore:
    """Reports by submission. folder: where the file lies; however a run ends, it is gone with it."""

    def __init__(self, folder: Path) -> None:
        # A number alone, unbuffered: a process that is forked meanwhile has no part of it to write.
        with tempfile.TemporaryFile(dir=folder) as file:
            self._file = os.dup(file.fileno())
        weakref.finalize(self, os.close, self._file)
        # Report i has the bytes from ends[i] to ends[i + 1].
        self._ends = array("Q", [0])
        self._numbers: dict[SubmissionKey, int] = {}

    def __contains__(self, key: SubmissionKey) -> bool:
        return key in self._numbers

    def __setitem__(self, key: SubmissionKey, report: ReportJson) -> None:
        """Keep it in the place of one that was there; OSError if the disk is full."""
        data = zlib.compress(json.dumps(report, ensure_ascii=False).encode(), 1)
        begin = end = self._ends[-1]
        while end - begin < len(data):
            end += os.pwrite(self._file, data[end - begin :], end)
        self._numbers[key] = len(self._ends) - 1
        self._ends.append(end)

    def __getitem__(self, key: SubmissionKey) -> ReportJson:
        number = self._numbers[key]
        begin, end = self._ends[number], self._ends[number + 1]
        report: ReportJson = json.loads(zlib.decompress(os.pread(self._file, end - begin, begin)))
        return report

    def of(self, keys: Sequence[SubmissionKey]) -> "Reports":
        """The reports of these submissions, in this order."""
        return Reports(self, keys)


class Reports(Sequence[ReportJson]):
    """A sequence of reports, each read when it is asked for."""

    def __init__(self, store: ReportStore, keys: Sequence[SubmissionKey]) -> None:
        self._store, self._keys = store, keys

    def __len__(self) -> int:
        return len(self._keys)

    def __getitem__(self, place: Any) -> Any:
        """The report at a place, or the sequence of a slice's."""
        found = self._keys[place]
        return Reports(self._store, found) if isinstance(place, slice) else self._store[found]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Reports) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def as_json(self) -> Iterator[str]:
        """The text of a JSON list of them, indented, piece by piece."""
        for place in range(len(self)):
            text = json.dumps(self[place], indent=1, ensure_ascii=False).replace("\n", "\n ")
            yield ("[\n " if place == 0 else ",\n ") + text
        yield "\n]\n" if self._keys else "[]\n"
