"""Two courses' own editions, built and read: one of seven chapters with a logo, one with a chapter and an exercise
of its own.
"""

import functools
import re
import subprocess
import sys
import zipfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.support.built_book import ROOT, SWITCHES, chromium, one_builder, served, vendored
from tests.support.live_page import Watched, check, write

EDITIONS = ROOT / "tests" / "book" / "editions"


@functools.cache
def edition(name: str) -> Path:
    """The folder of an edition, built with the command of `make book EDITION=…`."""
    folder = ROOT / "build" / "edition-test" / name
    with one_builder():
        assert vendored()[0] == 0
        command = [sys.executable, "tools/edition.py", EDITIONS / name / "edition.toml", "--to", folder]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
    return folder


def page(name: str, file: str) -> str:
    return (edition(name) / "_build" / "html" / file).read_text(encoding="utf-8")


def chapters(name: str) -> list[str]:
    """The numbered entries of the list of contents."""
    entries = re.findall(r"toctree-l1[^>]*><a [^>]*>([^<]+)</a>", page(name, "index.html"))
    return [entry for entry in entries if entry[0].isdigit()]


def test_seven_chapters_keep_their_numbers() -> None:
    numbers = [entry.partition(".")[0] for entry in chapters("seven")]
    assert numbers == ["1", "3", "4", "5", "6", "7", "8"]
    text = page("seven", "08-batches.html")
    assert '<span class="section-number">8. </span>' in text
    assert "(8.1)" in text


def test_nothing_leads_to_a_chapter_that_is_left_out() -> None:
    html = edition("seven") / "_build" / "html"
    for file in html.glob("*.html"):
        text = file.read_text(encoding="utf-8")
        for left_out in ("02-nonlinearities", "09-gradient-checking", "10-training", "11-deep", "12-graphs"):
            assert f"{left_out}.html" not in text, file.name
    assert '<span class="left-out">Nonlinearities and their slopes</span>' in page("seven", "08-batches.html")
    assert "mistakes-02-nonlinearities" not in page("seven", "common-mistakes.html")
    assert "mistakes-06-step-2" in page("seven", "common-mistakes.html")


def test_the_first_page_is_the_courses() -> None:
    text = page("seven", "index.html")
    assert re.search(r"<h1>Backpropagation by hand<a", text)
    assert "CS 231, winter term" in text
    assert text.index("12 January 2027") < text.index("26 January 2027")
    assert "https://uni.example/backprop/index.html" in text
    assert "https://git.example/uni/backprop" in page("seven", "06-step-2.html")


def test_equations_are_set_once_for_all_editions() -> None:
    shared = ROOT / ".cache" / "equations"
    for name in ("seven", "own"):
        assert (edition(name) / "cache" / "equations").resolve() == shared.resolve()
    assert (shared / "en" / "06-step-2.json").is_file()


def test_notebooks_and_course_match_the_chapters() -> None:
    folder = edition("seven")
    released = {path.name for path in (folder / "course" / "release").iterdir()}
    assert {"01-forward", "08-batches"} <= released
    assert not released & {"02-nonlinearities", "09-gradient-checking", "12-graphs"}
    with zipfile.ZipFile(folder / "_build" / "html" / "_static" / "notebooks" / "exercises.zip") as archive:
        assert {Path(name).parent.name for name in archive.namelist()} == released


def test_the_logo_is_shown_and_the_chapters_are_counted() -> None:
    with served(edition("seven") / "_build" / "html") as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=SWITCHES)
        reader = browser.new_page(viewport={"width": 1300, "height": 900})
        reader.goto(f"{address}index.html")
        logo = reader.locator("img.edition-logo")
        logo.wait_for()
        assert logo.evaluate("image => image.complete && image.naturalWidth > 0")
        kept = '{"read": {"01-forward": true, "11-deep": true}, "last": {"page": "01-forward", "id": "x", "title": "t", "section": "s"}}'
        reader.evaluate("text => localStorage.setItem('deltabook:reading', text)", kept)
        reader.reload()
        assert "(1 of 7 chapters read)" in reader.locator(".go-on").inner_text()
        browser.close()


def test_an_own_chapter_stands_after_the_one_it_follows() -> None:
    assert [entry.partition(".")[0] for entry in chapters("own")] == ["1", "6", "6a"]
    assert "C1: the value for its slope" in page("own", "common-mistakes.html")
    assert "The value for its slope (C1)" in page("own", "gates.html")
    course = edition("own") / "course"
    assert (course / "own_exercises.py").is_file()
    assert {path.name for path in (course / "release").iterdir()} >= {"01-forward", "06-step-2", "14-own"}


def test_an_own_exercise_is_judged_in_the_page_and_its_mistake_named() -> None:
    with served(edition("own") / "_build" / "html") as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=SWITCHES)
        watched = Watched(browser, address)
        watched.page.goto(f"{address}gates.html")
        cell = watched.page.locator('[data-exercise="swish_prime"]')
        write(cell, "def swish_prime(z):\n    return z / (1 + np.exp(-z))")
        assert check(watched.page, cell) == "wrong"
        assert "This is the function, not its slope" in cell.inner_text()
        watched.clean()
        browser.close()
