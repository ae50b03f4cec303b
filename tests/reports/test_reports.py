"""The class of 60: graded, reported on, and the report finds what was planted and nothing else."""

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.support import axe
from tests.support.built_book import SWITCHES, chromium

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments):
    return subprocess.run(
        [sys.executable, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, timeout=300
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """(course, who got what): graded, and reported on once."""
    folder = tmp_path_factory.mktemp("class")
    course = folder / "class-of-60"
    assert run("examples/make_class_of_60.py", course, "--planted", folder / "planted.json").returncode == 0
    done = run("-m", "autograder", "grade", course, "--timeout", "2")
    assert done.returncode == 1, done.stderr
    done = run("-m", "autograder", "report", course)
    assert done.returncode == 1, done.stderr
    assert "23 of 57 in hidden_delta: g' left out (K13). Reteach Step 2." in done.stdout
    return course, json.loads((folder / "planted.json").read_text())


@pytest.fixture(scope="module")
def found(made):
    return json.loads((made[0] / "report" / "class.json").read_text())


def test_every_planted_mistake_is_counted_and_no_other(made, found):
    _, planted = made
    counted = {(m["code"], m["exercise"]): sorted(m["students"]) for m in found["mistakes"]}
    counted.pop(("K10", "all_deltas"), None)  # the same mistake, seen through from hidden_delta
    assert counted == {
        ("K13", "hidden_delta"): sorted(planted["K13"]),
        ("K10", "hidden_delta"): sorted(planted["K10"]),
        ("K26", "layer_gradients"): sorted(planted["K26"]),
        ("K24", "layer_gradients"): sorted(planted["K24"]),
    }


def test_what_needs_a_person_is_listed_the_most_urgent_first(made, found):
    _, planted = made
    alerts = [(a["student"], a["what"]) for a in found["alerts"]]

    def who(text):
        return sorted(student for student, what in alerts if text in what)

    assert who("out of time:") == sorted(planted["loop"])
    assert who("crashed:") == sorted(planted["crash"])
    assert who("to be graded by hand: why_same_g") == sorted(planted["essays"])
    assert who("test cell hidden_delta had been changed") == sorted(planted["tampered"])
    assert who("numerically differentiated, or float32 on the way?") == sorted(planted["by differences"])
    alike = [sorted(student.split(", ")) for student, what in alerts if "alike" in what]
    assert sorted(planted["copied"]) in alike
    assert all(group in (sorted(planted["copied"]), sorted(planted["by differences"])) for group in alike)
    assert alerts[0][1].startswith("out of time")
    assert "alike" in alerts[-1][1]


def test_students_with_the_same_matter_share_a_row(made):
    course, planted = made
    text = (course / "report" / "index.html").read_text()
    (row,) = [row for row in text.split("<li>") if "to be graded by hand: why_same_g" in row]
    assert all(f">{student}</a>" in row for student in planted["essays"])
    assert "not_run" not in text


def test_the_feedback_names_the_mistake_and_takes_nothing_for_wrong_that_a_person_grades(made):
    course, planted = made
    page = next((course / "feedback" / planted["K13"][0]).glob("06*/*.html")).read_text()
    assert "<b>g&#x27; left out: You stopped one factor early" in page
    assert "equation (6.1) of the book, and K13 among" in page
    assert page.index("values: sigmoid") < page.index("shape and dtype")  # what is wrong comes first
    page = next((course / "feedback" / planted["essays"][0]).glob("02*/*.html")).read_text()
    essay = page[page.index("why_same_g") :]
    assert "4 points, graded by hand" in essay
    assert "×" not in essay
    assert "0 of 4" not in essay


def test_scores_difficulty_and_discrimination(found, made):
    _, planted = made
    by_name = {d["assignment"]: d for d in found["distributions"]}
    step_2 = by_name["06-step-2"]
    assert step_2["graded"] == 57
    assert step_2["missing"] == len(planted["missing"])
    assert sum(step_2["counts"]) == 57
    assert (step_2["maximum"], step_2["bonus"]) == (20, 6)  # residual_delta is a bonus
    assert step_2["late"] == len(planted["late"])
    exercises = {e["id"]: e for e in found["exercises"]}
    wrong = sum(len(planted[key]) for key in ("K13", "K10", "crash", "loop"))
    assert exercises["hidden_delta"]["full"] == 57 - wrong
    assert exercises["residual_delta"]["difficulty"] == 1.0
    assert exercises["residual_delta"]["discrimination"] is None  # no spread
    assert -1 <= exercises["hidden_delta"]["discrimination"] <= 1


def test_the_page_is_whole_and_asks_for_nothing_from_elsewhere(made):
    course, planted = made
    text = (course / "report" / "index.html").read_text()
    assert text.count("<svg viewBox") >= 4
    assert "http" not in re.sub(r'http-equiv="Content-Security-Policy"', "", text)
    assert "<script" not in text
    for student in planted["copied"]:
        assert f"Code of {student}" in text
    for link in re.findall(r'href="(students/[^"]+)"', text):
        page = (course / "report" / link).read_text()
        for up in re.findall(r'href="(\.\.[^"]+)"', page):
            assert ((course / "report" / "students") / up).resolve().is_file(), up


def test_the_table_has_a_row_for_each_exercise_of_each_student(made):
    course, _ = made
    rows = list(csv.DictReader(io.StringIO((course / "report" / "class.csv").read_text("utf-8-sig"))))
    assert len(rows) == 60 * 2 + 57 * 3 + 60 + 3 * 4
    assert {row["status"] for row in rows} == {"graded", "timeout", "crashed", "not_run", "manual"}


def test_without_names_nothing_names_anybody(made, tmp_path):
    course, _ = made
    done = run("-m", "autograder", "report", course, "--hide-names", "--to", tmp_path / "shown")
    assert done.returncode == 1, done.stderr
    for path in (tmp_path / "shown").rglob("*"):
        if path.is_file():
            assert not re.search(r"student\d\d", path.read_text("utf-8-sig")), path
    assert not (tmp_path / "shown" / "students").exists()
    assert "23 of 57" in (tmp_path / "shown" / "index.html").read_text()


def test_a_course_without_grades_is_an_error(tmp_path):
    done = run("-m", "autograder", "report", tmp_path)
    assert done.returncode == 2
    assert "run `autograder grade" in done.stderr
    assert "Traceback" not in done.stderr
    (tmp_path / "autograder.toml").write_text("[late]\nmethod = 1")
    done = run("-m", "autograder", "report", tmp_path)
    assert done.returncode == 2
    assert "late.method is 1; expected one of" in done.stderr


def test_the_pages_are_accessible_light_and_dark_wide_and_narrow(made):
    course, planted = made
    assert run("tools/vendor.py", "--need").returncode == 0
    student = next((course / "report" / "students").glob(f"{planted['loop'][0]}-*"))
    feedback = next((course / "feedback" / planted["K13"][0]).glob("06*/*.html"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=SWITCHES)
        for width, scheme in ((1100, "light"), (360, "dark")):
            page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
            for path in (course / "report" / "index.html", student, feedback):
                page.goto(path.as_uri())
                assert page.evaluate("document.documentElement.scrollWidth") <= width, path
                page.evaluate(axe.source())
                found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
                assert found == [], path
        page = browser.new_page(viewport={"width": 690, "height": 900})  # A4 within its margins
        page.emulate_media(media="print")
        for path in (course / "report" / "index.html", student):
            page.goto(path.as_uri())
            wider = "e => e.scrollWidth > e.clientWidth"
            cut = f"[...document.querySelectorAll('.wide, body')].filter({wider}).length"
            assert page.evaluate(cut) == 0, f"{path}: something is cut off on paper"
        browser.close()
