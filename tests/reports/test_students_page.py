"""The table of all students, its search and order in a browser; sections; what waits for a person."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from autograder.lms.scores import Mark, Scores, Student
from autograder.lms.student_list import ListedStudent
from autograder.reports.analysis import analyse
from autograder.reports.page import write_report
from autograder.reports.records import GradedCourse
from autograder.reports.sections import section_results, work_left
from tests.support import axe
from tests.support.built_book import SWITCHES, chromium

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("06-step-2", "07-step-3")
PEOPLE = {
    "ada": ("Ada", "Lovelace", "A", 20.0, 10.0),
    "noe": ("Émmy", "Noether", "B", 9.5, None),
    "mei": ("Lise", "Meitner", "A", None, 7.0),
    "zed": ("Z", '<script>alert("x")</script>', "", 100.0, 1.0),
}


@pytest.fixture
def course(tmp_path):
    marks = {
        (id, name): Mark(score, pending=id == "noe")
        for id, (_, _, _, *scores) in PEOPLE.items()
        for name, score in zip(NAMES, scores, strict=True)
        if score is not None
    }
    scores = Scores(
        tuple(Student(id, first, last) for id, (first, last, *_) in PEOPLE.items()),
        dict.fromkeys(NAMES, 20.0),
        marks,
    )
    listed = {id: ListedStudent(id, section=section) for id, (_, _, section, *_) in PEOPLE.items()}
    by_hand = {("noe", NAMES[0]): {"essay": True}, ("ada", NAMES[0]): {"essay": False}}
    report = {"assignment": NAMES[0], "exercises": [], "notes": [], "score": 0, "max_score": 20, "seed": "s"}
    # Hers holds nothing that could be graded, which is something to look at.
    return GradedCourse(tmp_path, ({"student": "ada", **report},), scores, {}, listed, [], by_hand)


def test_each_section_has_its_mean_and_what_waits_is_counted(course):
    found = {(r.section, r.assignment): (r.students, r.graded, r.mean) for r in section_results(course)}
    assert found["A", NAMES[0]] == (2, 1, 20.0)
    assert found["A", NAMES[1]] == (2, 2, 8.5)
    assert found["B", NAMES[1]] == (1, 0, None)
    assert found["no section", NAMES[0]] == (1, 1, 100.0)
    (work,) = work_left(course)
    assert (work.cell, work.waiting, work.of, work.left) == ("essay", {"B": ("noe",)}, 2, 1)


def test_a_course_without_sections_has_no_table_of_them(course):
    course.students.clear()
    assert section_results(course) == []


def test_the_table_is_searched_sorted_and_narrowed_to_a_section(course, tmp_path):
    write_report(course, analyse(course, []), {}, tmp_path / "report")
    page_path = tmp_path / "report" / "students.html"
    assert "<script>alert" not in page_path.read_text()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=SWITCHES)
        page = browser.new_page(viewport={"width": 1100, "height": 800})
        said = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(page_path.as_uri())
        rows = "[...document.querySelectorAll('tbody tr')].filter(row => !row.hidden)"
        shown = f"{rows}.map(row => row.cells[0].innerText)"

        def students():
            return [re.split(r"\s", name)[1] for name in page.evaluate(shown)]

        assert page.inner_text("#count") == "4 of 4 students"
        page.fill("#search", "emmy noe")  # without its accent
        assert students() == ["Noether"]
        page.fill("#search", "")
        page.select_option("#section", "A")
        assert students() == ["Lovelace", "Meitner"]
        page.select_option("#section", "")
        column = page.get_by_role("button", name=NAMES[0])
        column.click()
        assert students()[:3] == ["Meitner", "Noether", "Lovelace"]  # 9.5 before 20, none before both
        column.click()
        assert students()[1:] == ["Lovelace", "Noether", "Meitner"]
        assert page.get_by_role("columnheader", name=NAMES[0]).get_attribute("aria-sort") == "descending"
        page.check("#open")
        assert page.inner_text("#count") == "1 of 4 students"
        assert said == []
        for width, scheme in ((1100, "light"), (360, "dark")):
            page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
            for name in ("index", "students", "work"):
                page.goto((tmp_path / "report" / f"{name}.html").as_uri())
                assert page.evaluate("document.documentElement.scrollWidth") <= width, name
                page.evaluate(axe.source())
                found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
                assert found == [], name
        browser.close()


def test_without_scripts_everybody_is_there_and_without_names_nobody(course, tmp_path):
    folder = tmp_path / "report"
    write_report(course, analyse(course, []), {}, folder)
    text = (folder / "students.html").read_text()
    assert text.count("<tr data-text=") == 4
    assert 'role="search" hidden' in text
    assert "Noether" in (folder / "work.html").read_text()
    write_report(course, analyse(course, []), {}, folder, hide_names=True)
    assert not (folder / "students.html").exists()
    assert not (folder / "work.html").exists()


def test_canvas_test_student_is_in_no_statistics(tmp_path):
    from autograder.reports.records import _without_test_students

    people = (Student("ada"), Student("t1", "Test", "Student"), Student("9f2c"))
    scores = Scores(people, {"a": 1.0}, {(s.id, "a"): Mark(1.0) for s in people})
    listed = {"9f2c": ListedStudent("9f2c", "Student", "Test")}
    assert [s.id for s in _without_test_students(scores, listed).students] == ["ada"]
