"""nbgrader on both sides of a graded course, in formgrader: over HTTP, and by hand in a real Chromium."""

import csv
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect, sync_playwright

from tests.support.built_book import SWITCHES, chromium
from tests.support.formgrader import Server, environment, formgrader, nbgrader

ROOT = Path(__file__).resolve().parents[2]
STEP_2, ESSAY = "06-step-2", "02-nonlinearities"
expect.set_options(timeout=60_000)  # a grading run starts within the click of a button


def grade(course: Path, *options: str) -> list[dict[str, Any]]:
    """autograder grade; the reports"""
    command = [
        sys.executable,
        "-m",
        "autograder",
        "grade",
        course,
        "--timeout",
        "4",
        "--json",
        course / "r.json",
    ]
    done = subprocess.run(
        [*map(str, command), *options],
        cwd=ROOT,
        env=environment(course / "home"),
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    reports: list[dict[str, Any]] = json.loads((course / "r.json").read_text())
    return reports


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example class, graded, with the configuration that comes with it."""
    folder = tmp_path_factory.mktemp("class") / "course"
    subprocess.run([sys.executable, ROOT / "examples" / "make_class.py", folder], check=True, timeout=60)
    (folder / "home").mkdir()
    grade(folder)
    return folder


@pytest.fixture(scope="module")
def reports(course: Path) -> dict[tuple[str, str], dict[str, Any]]:
    return {(r["student"], r["assignment"]): r for r in json.loads((course / "r.json").read_text())}


@pytest.fixture(scope="module")
def server(course: Path) -> Iterator[Server]:
    with formgrader(course, course / "home") as running:
        yield running


@pytest.fixture
def tab() -> Iterator[Page]:
    """A page of Chromium.

    It isn't called page: pytest-playwright has a fixture of that name, for whose tests pytest collects all
    that have a browser, of all files, before the others; here they come in the order of the file.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=SWITCHES)
        opened = browser.new_page()
        opened.set_default_timeout(60_000)
        yield opened
        browser.close()


def essays_author(reports: dict[tuple[str, str], dict[str, Any]]) -> str:
    return next(student for student, assignment in reports if assignment == ESSAY)


def test_formgraders_api_agrees_with_our_json(
    server: Server, reports: dict[tuple[str, str], dict[str, Any]]
) -> None:
    assert {a["name"] for a in server.get("assignments")} >= {STEP_2, ESSAY}
    for (student, assignment), report in reports.items():
        found = server.get(f"submission/{assignment}/{student}")
        assert found["score"] == pytest.approx(report["score"], abs=1e-9), student
        if found["autograded"]:
            assert found["max_score"] == report["max_score"]
            waits = any(e["status"] in ("manual", "ungradable", "missing") for e in report["exercises"])
            assert found["needs_manual_grade"] == waits
            notebook = server.get(f"submitted_notebooks/{assignment}/{assignment}")
            (mine,) = [n for n in notebook if n["student"] == student]
            grades = {g["name"]: g for g in server.get(f"grades?submission_id={mine['id']}")}
            for exercise in report["exercises"]:
                grade = grades[exercise["id"]]
                expected = None if exercise["status"] == "manual" else exercise["score"]
                assert grade["auto_score"] == expected
                assert grade["max_score"] == exercise["max_score"]


def test_formgraders_pages_open_and_show_our_cards(server: Server) -> None:
    for path in (
        "manage_assignments",
        f"manage_submissions/{STEP_2}",
        "gradebook",
        f"gradebook/{STEP_2}/{STEP_2}",
        "manage_students",
    ):
        assert "nbgrader" in server.text(f"formgrader/{path}")
    for notebook in server.get(f"submitted_notebooks/{STEP_2}/{STEP_2}"):
        page = server.text(f"formgrader/submissions/{notebook['id']}/")
        assert "Feedback on hidden_delta" in page


def rows(page: Page) -> dict[str, Any]:
    """student -> its row in the table of Manage Submissions"""
    page.wait_for_selector("td.student-id")
    page.wait_for_function("[...document.querySelectorAll('td.score')].some(e => /\\d/.test(e.textContent))")
    table = page.locator("tbody tr")
    return {row.locator("td.student-id").inner_text(): row for row in table.all()}


def shown_score(report: dict[str, Any]) -> str:
    """A score as formgrader's tables show it, with two decimals at most."""
    return f"{round(report['score'], 2):g} / {report['max_score']:g}"


def test_the_table_of_submissions_shows_our_scores(
    server: Server, tab: Page, reports: dict[tuple[str, str], dict[str, Any]]
) -> None:
    server.visit(tab, f"manage_submissions/{STEP_2}")
    found = rows(tab)
    for (student, assignment), report in reports.items():
        if assignment == STEP_2 and report["exercises"][0]["status"] != "missing":
            shown = found[student].locator("td.score").inner_text()
            assert shown == shown_score(report)


def type_in(page: Page, field: Locator, text: str) -> None:
    """Write into a field, leave it, and wait until formgrader has stored it."""
    with page.expect_response(lambda response: response.request.method == "PUT") as stored:
        field.fill(text)
        field.blur()
    assert stored.value.ok


def test_an_essay_is_graded_by_hand_and_the_feedback_made_again(
    server: Server, tab: Page, course: Path, reports: dict[tuple[str, str], dict[str, Any]]
) -> None:
    author = essays_author(reports)
    (notebook,) = server.get(f"submitted_notebooks/{ESSAY}/{ESSAY}")
    server.visit(tab, f"submissions/{notebook['id']}/")
    score = tab.locator("#why_same_g.score")
    expect(score).to_have_class(re.compile("needs_manual_grade"))
    type_in(tab, score, "3.5")
    expect(score).not_to_have_class(re.compile("needs_manual_grade"))
    type_in(tab, tab.locator("#why_same_g_extra_credit"), "0.5")
    type_in(tab, tab.locator("textarea.comment").last, "Say which layer has a target.")
    tab.reload()
    expect(tab.locator("#why_same_g.score")).to_have_value("3.5")

    server.visit(tab, f"manage_submissions/{ESSAY}")
    rows(tab)[author].locator("td.generate-feedback a").click()
    expect(tab.locator("#success-modal")).to_be_visible()
    feedback = (course / "feedback" / author / ESSAY / f"{ESSAY}.html").read_text()
    automatic = reports[author, ESSAY]["score"]
    assert re.search(rf"Score: {automatic + 4:g}(\.0)? / ", feedback)
    assert "Say which layer has a target." in feedback

    grade(
        course, "--force", "--student", author, "--assignment", ESSAY
    )  # and what a person gave outlives a regrade
    found = server.get(f"submission/{ESSAY}/{author}")
    assert found["score"] == automatic + 4
    (found,) = [g for g in server.get(f"grades?submission_id={notebook['id']}") if g["name"] == "why_same_g"]
    assert (found["manual_score"], found["extra_credit"]) == (3.5, 0.5)
    comments = server.get(f"comments?submission_id={notebook['id']}")
    assert "Say which layer has a target." in [c["manual_comment"] for c in comments]


def test_the_autograde_button_gives_the_same_score(
    server: Server, tab: Page, course: Path, reports: dict[tuple[str, str], dict[str, Any]]
) -> None:
    # A score that is no whole number: hidden_delta is right for two of the three nonlinearities.
    two_thirds = pytest.approx(14 * 2 / 3 + 6 + 6, abs=1e-8)
    student = next(s for (s, a), r in reports.items() if a == STEP_2 and r["score"] == two_thirds)
    before = json.loads((course / ".autograder" / "results" / student / f"{STEP_2}.json").read_text())
    shutil.rmtree(course / "autograded" / student / STEP_2)
    server.visit(tab, f"manage_submissions/{STEP_2}")
    row = rows(tab)[student]
    expect(row.locator("td.status")).to_contain_text("needs autograding")
    row.locator("td.autograde a").click()
    expect(tab.locator("#success-modal")).to_be_visible()
    tab.locator("#success-modal .modal-footer button").click()
    expect(row.locator("td.score")).to_have_text("21.33 / 26")
    after = json.loads((course / ".autograder" / "results" / student / f"{STEP_2}.json").read_text())
    assert after["report"] | {"seconds": 0} == before["report"] | {"seconds": 0}
    assert (
        "Feedback on hidden_delta"
        in (course / "autograded" / student / STEP_2 / f"{STEP_2}.ipynb").read_text()
    )


def test_the_autograde_button_on_a_truncated_notebook_is_no_zero(server: Server, course: Path) -> None:
    whole = next((course / "submitted").glob(f"*/{STEP_2}/{STEP_2}.ipynb")).read_bytes()
    folder = course / "submitted" / "zoe" / STEP_2
    folder.mkdir(parents=True)
    (folder / f"{STEP_2}.ipynb").write_bytes(whole[: len(whole) // 2])
    done = server.post(f"submission/{STEP_2}/zoe/autograde")
    assert done["success"], done
    assert "Traceback" not in done["log"]
    found = server.get(f"submission/{STEP_2}/zoe")
    assert found["autograded"]
    assert found["needs_manual_grade"]
    assert "cut off" in (course / "autograded" / "zoe" / STEP_2 / f"{STEP_2}.ipynb").read_text()


def test_release_list_collect_and_what_being_late_costs(
    server: Server, course: Path, reports: dict[tuple[str, str], dict[str, Any]]
) -> None:
    """nbgrader's exchange around our grades: released, handed in late, collected, graded, fed back."""
    home = course / "home"
    desk = course.parent / "desk"
    (desk / STEP_2).mkdir(parents=True)
    (desk / "nbgrader_config.py").write_text(
        (course / "nbgrader_config.py")
        .read_text()
        .replace("Path(__file__).resolve().parent", f'Path("{course}")')
    )
    right = next(
        course / "submitted" / student / STEP_2 / f"{STEP_2}.ipynb"
        for student, assignment in (key for key, report in reports.items() if report["score"] == 26)
        if assignment == STEP_2
    )
    shutil.copy(right, desk / STEP_2 / f"{STEP_2}.ipynb")
    before = {p.name for p in (course / "submitted").iterdir()}
    released = f"generate_assignment {STEP_2} --force", f"release_assignment {STEP_2}", "list"
    handed_in = f"cd {desk}", f"submit {STEP_2}", f"cd {course}"
    said = nbgrader(course, home, *released, *handed_in, "list --inbound", f"collect {STEP_2}")
    assert re.search(rf"Released assignments:\n.*{STEP_2}", said), said
    assert re.search(rf"Submitted assignments:\n.*{STEP_2}", said), said
    (student,) = {p.name for p in (course / "submitted").iterdir()} - before
    assert server.put(
        f"assignment/{STEP_2}", {"duedate_notimezone": "2026-03-02T18:00:00", "duedate_timezone": "UTC"}
    )

    again = {(r["student"], r["assignment"]): r for r in grade(course)}
    full = again[student, STEP_2]["score"]
    assert full == 26
    assert (
        server.get(f"submission/{STEP_2}/{student}")["score"] == full
    )  # late, and nothing said what that costs
    config = course / "nbgrader_config.py"
    kept = config.read_text()
    config.write_text(kept.replace("# c.LateSubmissionPlugin", "c.LateSubmissionPlugin"))
    grade(course)
    nbgrader(
        course,
        home,
        "export --to late.csv",
        f"generate_feedback {STEP_2} --force --student={student}",
        f"release_feedback {STEP_2} --student={student}",
    )
    with (course / "late.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    late = {r["student_id"]: r for r in rows if r["assignment"] == STEP_2}
    assert float(late[student]["late_submission_penalty"]) == full
    assert float(late[student]["score"]) == 0
    in_time = [r for s, r in late.items() if s not in (student, "zoe") and float(r["raw_score"])]
    assert in_time
    assert all(float(r["late_submission_penalty"]) == 0 for r in in_time)
    config.write_text(kept)

    (page,) = (course / "exchange" / "backpropagation" / "feedback").glob("*.html")
    assert "hidden_delta" in page.read_text()
