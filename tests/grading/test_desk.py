"""From a folder of downloads to grades in the LMS and a picture of the class: four commands."""

import csv
import json
import subprocess
import sys
import zipfile
from pathlib import Path

from tests.grading.test_grade_submission import NO_SLOPE, RIGHT, notebook

CANVAS = Path(__file__).parents[1] / "lms" / "files" / "canvas.csv"
NAME = "06-step-2"


def test_four_commands_from_a_zip_to_the_file_for_canvas(tmp_path):
    wrong = RIGHT | {"hidden_delta_solution": NO_SLOPE}
    with zipfile.ZipFile(tmp_path / "submissions.zip", "w") as archive:
        for who, answers in (("lovelaceada_1001", RIGHT), ("ozgurben_LATE_1002", wrong)):
            archive.writestr(f"{who}_77_{NAME}.ipynb", json.dumps(notebook(answers)))
    commands = (
        ("collect", "course", "submissions.zip", "--assignment", NAME, "--roster", CANVAS),
        ("grade", "course", "--json", "reports.json"),
        ("report", "course"),
        ("export", "course", "--format", "canvas", "--merge", CANVAS, "--to", "for-canvas.csv"),
    )
    for command in commands:
        done = subprocess.run(
            [sys.executable, "-m", "autograder", *map(str, command)],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode in (0, 1), f"{command}: {done.stdout}{done.stderr}"
        assert "Traceback" not in done.stderr
    rows = list(csv.reader((tmp_path / "for-canvas.csv").read_text("utf-8").splitlines()))
    assert {row[3]: row[5] for row in rows[3:6]} == {"ada": "26", "ben": "12", "cleo": ""}
    scores = {r["student"]: r["score"] for r in json.loads((tmp_path / "reports.json").read_text())}
    assert scores == {"ada": 26, "ben": 12}
    assert "g&#39; left out" in (tmp_path / "course" / "report" / "index.html").read_text()
