"""Reports kept in a file: what goes in comes out, in any order, and the file has no name."""

import os
from pathlib import Path

import pytest

from autograder.grading import report_store
from autograder.grading.report_store import ReportStore

ADA, BEN = ("ada", "06"), ("ben", "06")


def report(points):
    return {"student": "ada", "score": points, "notes": ["ŷ − y"] * int(points)}


def test_reports_come_in_the_order_asked_for_and_the_last_one_counts(tmp_path):
    store = ReportStore(tmp_path)
    store[ADA] = report(3)
    store[BEN] = report(1)
    store[ADA] = report(2)
    assert ADA in store
    assert ("cleo", "06") not in store
    reports = store.of([BEN, ADA])
    assert list(reports) == [report(1), report(2)]
    assert list(reports[1:]) == [report(2)]
    assert reports == store.of([BEN, ADA])
    assert reports != store.of([ADA, BEN])
    assert "".join(store.of([]).as_json()) == "[]\n"
    assert not any(tmp_path.iterdir())


def test_a_disk_that_takes_a_part_at_a_time_gets_the_rest(tmp_path, monkeypatch):
    whole = os.pwrite
    monkeypatch.setattr(report_store.os, "pwrite", lambda file, data, at: whole(file, data[:5], at))
    store = ReportStore(tmp_path)
    store[ADA] = report(3)
    assert store[ADA] == report(3)


def test_a_report_that_could_not_be_kept_is_not_there(tmp_path, monkeypatch):
    def full(file, data, at):
        raise OSError(28, "No space left on device")

    store = ReportStore(tmp_path)
    monkeypatch.setattr(report_store.os, "pwrite", full)
    with pytest.raises(OSError, match="No space"):
        store[ADA] = report(3)
    assert ADA not in store


def test_the_file_is_given_back_with_the_store(tmp_path):
    before = set(Path("/proc/self/fd").iterdir())
    store = ReportStore(tmp_path)
    del store
    assert set(Path("/proc/self/fd").iterdir()) == before
