"""One notebook graded by each of the four ways, and what all of them must say of it alike."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from autograder.grading.result import nothing_graded

SEEDS = {"grade": "one", "watch": "two", "grade-one": "three"}
# (id, points, of how many, the card's text) of each exercise that was judged, in order.
Said = list[tuple[str, float, float, str]]


def hand_in(course: Path, student: str, assignment: str, data: bytes) -> Path:
    """Put it into the course's submitted/, at once as a copy does."""
    path = course / "submitted" / student / assignment / f"{assignment}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def command(*words: object, seed: str) -> list[str]:
    return [sys.executable, "-m", "autograder", *map(str, words), "--seed", seed]


def card_texts(autograded: Path) -> dict[str, str]:
    """The text of each card in an autograded notebook, by its exercise."""
    texts = {}
    for cell in json.loads(autograded.read_bytes())["cells"]:
        for output in cell.get("outputs", []):
            text = output.get("data", {}).get("text/plain", "")
            texts[cell["metadata"]["nbgrader"]["grade_id"]] = text if isinstance(text, str) else "".join(text)
    return texts


def said_of(report: dict[str, Any], texts: dict[str, str]) -> Said:
    """What a report says, with its cards; nothing where nothing could be graded."""
    if nothing_graded(report):  # type: ignore[arg-type]
        return []
    return [
        (exercise["id"], exercise["score"], exercise["max_score"], texts.get(exercise["id"], ""))
        for exercise in report["exercises"]
        if exercise["status"] != "manual"
    ]


def by_course(course: Path) -> dict[str, Said]:
    """What a graded course says of each of its students, who have one assignment each."""
    found = {}
    for path in sorted((course / ".autograder" / "results").glob("*/*.json")):
        report = json.loads(path.read_bytes())["report"]
        student, name = report["student"], report["assignment"]
        autograded = course / "autograded" / student / name / f"{name}.ipynb"
        found[student] = said_of(report, card_texts(autograded) if autograded.is_file() else {})
    return found


def by_watch(course: Path, notebooks: dict[str, tuple[str, bytes]], seconds: float) -> dict[str, Said]:
    """Start the watch over an empty course, hand in one by one, and end it when all are graded."""
    (course / "submitted").mkdir(parents=True)
    words = command("grade", course, "--watch", seed=SEEDS["watch"])
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                if "waiting for more" in line:
                    break
            for student, (assignment, data) in notebooks.items():
                hand_in(course, student, assignment, data)
            waiting, until = set(notebooks), time.monotonic() + seconds
            while waiting and time.monotonic() < until:
                words = process.stdout.readline().split()
                waiting -= set(words[2:3])
        finally:
            process.terminate()
    return by_course(course)


def by_grade_one(folder: Path, assignment: str, data: bytes) -> Said:
    """By the command, in a folder of its own."""
    path, target = folder / f"{assignment}.ipynb", folder / "result.json"
    folder.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    words = command("grade-one", path, "--assignment", assignment, "--json", target, seed=SEEDS["grade-one"])
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    found = json.loads(target.read_bytes())
    return said_of(found, found["texts"])


def offline(**more: str) -> dict[str, str]:
    """An environment with no index and no proxy: what is not in the archive can't be had."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    none = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "AUTOGRADER_PYTHON": sys.executable}
    return {**kept, **none, **more}


def by_bundle(root: Path, assignment: str, data: bytes) -> Said:
    """By an archive that is set up in Gradescope's folders in root."""
    for name in ("submission", "results"):
        shutil.rmtree(root / name, ignore_errors=True)
    (root / "submission").mkdir()
    (root / "submission" / f"{assignment}.ipynb").write_bytes(data)
    subprocess.run(
        ["bash", root / "source" / "run_autograder"],
        cwd=root,
        env=offline(AUTOGRADER_ROOT=str(root)),
        capture_output=True,
        check=False,
    )
    tests = json.loads((root / "results" / "results.json").read_bytes())["tests"]
    return [
        (test["name"], test["score"], test["max_score"], test["output"])
        for test in tests
        if test["visibility"] == "visible"
    ]
