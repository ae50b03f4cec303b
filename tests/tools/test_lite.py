"""JupyterLite beside the book, as a student uses it: a notebook is there, `check` names a mistake, and the
widgets mount; no other host is asked.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from backprop import widgets
from tests.support import jupyter_lab
from tests.support.built_book import ROOT, SWITCHES, chromium, one_builder, served, vendored

SITE = ROOT / "build" / "lite" / "site"
WRONG = "def hidden_delta(W_next, delta_next, z, hidden):\n    return W_next.T @ delta_next"
WIDGETS = (
    "from ipywidgets import VBox\nfrom backprop import widgets\n"
    "VBox([getattr(widgets, name)() for name in widgets.__all__])"
)


@pytest.fixture(scope="module")
def site() -> Path:
    """The site, built with the command of `make lite`."""
    chromium()
    with one_builder("lite"):
        assert vendored()[0] == 0
        command = [sys.executable, "tools/lite.py", "--to", SITE]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return SITE


@pytest.fixture(scope="module")
def notebook(site: Path) -> Iterator[Page]:
    """Chapter 6's notebook, open in it. At the end no other host was asked."""
    with served(site) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=SWITCHES)
        page = browser.new_page(viewport={"width": 1200, "height": 1000})
        page.set_default_timeout(1000 * jupyter_lab.PATIENCE)
        foreign: list[str] = []
        local = (address, "data:", "blob:")
        page.on("request", lambda r: None if r.url.startswith(local) else foreign.append(r.url))
        page.goto(f"{address}lab/index.html?path=06-step-2/06-step-2.ipynb")
        page.locator(".jp-Notebook-ExecutionIndicator[data-status='idle']").wait_for()
        yield page
        browser.close()
        assert foreign == []


def test_every_public_notebook_is_there(site: Path) -> None:
    listed = json.loads((site / "api" / "contents" / "all.json").read_text())["content"]
    names = {entry["name"] for entry in listed}
    assert names >= {p.parent.name for p in (ROOT / "exercises").glob("[0-9]*/*.ipynb")}
    assert not any(name.startswith("g") for name in names)


def test_a_students_notebook_names_the_mistake(notebook: Page) -> None:
    jupyter_lab.run_cell(notebook, 0)
    jupyter_lab.run_cell(notebook, 1)
    jupyter_lab.run_cell(notebook, 2, WRONG)
    checked = jupyter_lab.run_cell(notebook, 3)
    checked.locator(".jp-Cell-outputWrapper").filter(has_text="K13").wait_for()
    assert notebook.locator("[data-mime-type='application/vnd.jupyter.stderr']").count() == 0


def test_the_widgets_mount(notebook: Page) -> None:
    # The cell in view: JupyterLab takes those out of the page that are far from it.
    jupyter_lab.run_cell(notebook, 2, WIDGETS)
    count = len(widgets.__all__)
    notebook.wait_for_function(f"document.querySelectorAll('.bpw').length === {count}")
    assert notebook.locator(".bpw-id").all_inner_texts() == [f"W{n}" for n in range(1, count + 1)]
