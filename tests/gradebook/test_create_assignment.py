"""An author in JupyterLab: the paired notebook, nbgrader's Create
Assignment panel, and a release of what was saved.
"""

import json
import subprocess
import sys

from playwright.sync_api import sync_playwright

from autograder.authoring.new_exercise import add_exercise
from autograder.authoring.release import release
from tests.support import jupyter_lab
from tests.support.built_book import SWITCHES, chromium

NAME = "13-own"


def test_points_set_in_the_panel_reach_the_text_notebook_and_the_release(tmp_path):
    course = tmp_path / "course"
    add_exercise(course, "log_cosh_delta", NAME, "stated", 4)
    text = course / "solutions" / NAME / f"{NAME}.md"
    paired = [sys.executable, "-m", "jupytext", "--set-formats", "ipynb,md:myst", text]
    subprocess.run(paired, check=True, capture_output=True, timeout=60)
    with jupyter_lab.running(course, tmp_path) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=SWITCHES)
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        page.goto(f"{address}lab/tree/solutions/{NAME}/{NAME}.ipynb")
        page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=90_000)
        page.locator("[title='Nbgrader Create Assignment']").first.click()
        points = page.locator(".nbgrader-CellPoints:not(.nbgrader-mod-uneditable) input")
        points.wait_for(timeout=30_000)
        assert page.locator(".nbgrader-CellWidget").count() == 4
        assert points.input_value() == "4"
        points.fill("7")
        points.press("Enter")
        page.locator(".jp-Notebook .jp-CodeCell").first.click()
        page.keyboard.press("Control+s")
        page.wait_for_function("!document.querySelector('.lm-TabBar-tab.jp-mod-dirty')", timeout=30_000)
        browser.close()
    assert "points: 7" in text.read_text()
    release(course / "solutions", course / "release")
    released = json.loads((course / "release" / NAME / f"{NAME}.ipynb").read_text())
    found = [cell["metadata"]["nbgrader"].get("points") for cell in released["cells"]]
    assert found == [None, None, None, 7]
    assert "BEGIN SOLUTION" not in json.dumps(released)
