"""What a run says while it goes on: a bar with rate and attention in a terminal, almost nothing in a log."""

import io

import pytest
from rich.console import Console

from autograder.cli import progress

CHECK = {"name": "runs", "passed": False, "message": "out of time"}


def report(student, status, checks):
    exercise = {"id": "f", "status": status, "score": 1.0, "max_score": 1.0, "checks": checks}
    return {"student": student, "assignment": "a", "notes": [], "exercises": [exercise]}


FINE, HANGS = report("ada", "graded", []), report("b\x1b[2Job", "timeout", [CHECK])


def told(monkeypatch, terminal, reports, total=100):
    text = io.StringIO()
    monkeypatch.setattr(
        progress, "err", Console(file=text, force_terminal=terminal, width=120, highlight=False)
    )
    with progress.Running() as running:
        for done, report in enumerate(reports, start=1):
            running(done, total, report)
    return text.getvalue()


def test_a_log_stays_empty_for_a_short_run(monkeypatch):
    assert told(monkeypatch, False, [FINE, HANGS]) == ""


def test_a_log_has_a_plain_line_now_and_then(monkeypatch):
    monkeypatch.setattr(progress, "EVERY", 0.0)
    said = told(monkeypatch, False, [FINE, HANGS], 4000)
    first, second = said.splitlines()
    assert first.startswith("grade: 1 of 4,000 graded, ")
    assert "seconds left" in first
    assert second.endswith(", 1 need attention")
    assert "\x1b" not in said


@pytest.mark.parametrize("many", [1, 40])
def test_a_terminal_shows_rate_rest_and_who_needs_attention(monkeypatch, many):
    said = told(monkeypatch, True, [FINE] + [HANGS] * many)
    assert f"{many + 1}/100" in said
    assert "/s" in said
    assert f"{many} need attention" in said
    assert said.count("out of time:") == min(many, progress.SHOWN)
    assert "\x1b[2Job" not in said
