"""The example class: made, graded through the command line, and each student's result is what was planted."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# What is wrong with one of the three nonlinearities alone keeps the points of the other two.
EXPECTED = {  # kind of student -> (score, codes)
    "right": (26, []),
    "right in another style": (26, []),
    "W for its transpose": (12, ["K10"]),
    "g'(a)": (12 + 14 / 3, ["K12"]),
    "no g'": (12, ["K13"]),
    "absolute weights": (12, ["K17"]),
    "g' twice": (12 + 14 / 3, ["K18"]),
    "mask by delta": (12 + 28 / 3, ["K21"]),
    "a crash": (12, []),
    "an infinite loop": (12, []),
    "an empty stub": (0, []),
    "no notebook": (0, []),
}
STATUS = {
    "a crash": "crashed",
    "an infinite loop": "timeout",
    "an empty stub": "not_run",
    "no notebook": "missing",
}


def test_the_class_is_graded_as_planted(tmp_path):
    course = tmp_path / "course"
    made = subprocess.run(
        [sys.executable, ROOT / "examples" / "make_class.py", course],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert made.returncode == 0, made.stderr
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "autograder",
            "grade",
            course,
            "--timeout",
            "2",
            "--json",
            tmp_path / "r.json",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 1, done.stderr
    assert "Needs attention" in done.stdout
    reports = json.loads((tmp_path / "r.json").read_text())
    assert len(reports) == 13
    by_student = {r["student"]: r for r in reports if r["assignment"] == "06-step-2"}
    found = sorted(
        (r["score"], sorted({c for e in r["exercises"] for c in e["misconceptions"]}))
        for r in by_student.values()
    )
    assert found == sorted((round(float(score), 9), codes) for score, codes in EXPECTED.values())
    first = sorted(r["exercises"][0]["status"] for r in by_student.values())
    assert first == sorted(["graded"] * 8 + list(STATUS.values()))
    essay = next(r for r in reports if r["assignment"] == "02-nonlinearities")
    assert essay["exercises"][-1]["status"] == "manual"
    assert {r["isolation"] for r in reports} == {"strong"}
