"""The widgets in a real JupyterLab: all mount, Python reads what the reader does, and the picture follows
Python.
"""

import contextlib
from collections.abc import Iterator

import nbformat
import pytest
from playwright.sync_api import Page, TimeoutError, sync_playwright

from tests.support import jupyter_lab
from tests.support.built_book import SWITCHES, chromium
from tests.support.widget_page import NAMES

CELLS = [
    "from backprop import widgets\nshown = {n: getattr(widgets, n)() for n in widgets.__all__}\nw = shown['W10']",
    "print('read', w.state['step'], w.state['unit'], '|', w.words)",
    "w.state = {**w.state, 'step': 7, 'bug': 'K13', 'unit': [1, 2]}\nshown['W3'].state = {'z': -2.5, 'g': 'tanh'}",
    "shown['W16'].state = {'epoch': 60, 'rate': 99, 'units': 12, 'seed': 2}",
    "print('words', shown['W16'].state['rate'], '|', shown['W3'].words, '|', shown['W16'].words)",
    "from ipywidgets import VBox\nVBox(list(shown.values()))",
]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A JupyterLab of this environment on a notebook with CELLS; the notebook's address."""
    home = tmp_path_factory.mktemp("lab")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in CELLS])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    (home / "notebooks").mkdir()
    nbformat.write(notebook, home / "notebooks" / "widgets.ipynb")
    with jupyter_lab.running(home / "notebooks", home) as address:
        yield f"{address}lab/tree/widgets.ipynb"


def says(page: Page, index: int, *expected: str) -> None:
    """Run a cell that prints until it prints all this: a widget's state is on its way to Python for a
    moment.
    """
    printed = ""
    for _ in range(20):
        shown = jupyter_lab.run_cell(page, index).locator(".jp-OutputArea-output pre")
        with contextlib.suppress(TimeoutError):
            shown.filter(has_text=expected[-1]).wait_for(timeout=1_000)
        printed = shown.first.inner_text()
        if all(text in printed for text in expected):
            return
    raise AssertionError(f"expected {expected}, and the cell printed {printed!r}")


def mount_all(page: Page, console: list[str]) -> None:
    """Make the widgets and show them; AssertionError with how many came if they aren't all there, with what
    the cells show and the browser's console has said.

    JupyterLab drops a widget that the kernel opens while its widget manager is still starting, which takes as
    long as the machine is busy: then the cells are run again, as a person would.
    """
    mounted = page.locator(".bpw")
    for _ in range(5):
        jupyter_lab.run_cell(page, 0)
        jupyter_lab.run_cell(page, 5)
        with contextlib.suppress(TimeoutError):
            mounted.nth(len(NAMES) - 1).wait_for(state="attached", timeout=60_000)
            break
    outputs = "\n".join(page.locator(".jp-OutputArea-output").all_inner_texts())[-2000:]
    told = "\n".join(console)[-2000:]
    assert mounted.count() == len(NAMES), (
        f"{mounted.count()} of {len(NAMES)} widgets are shown; the cells show:\n{outputs}\nthe console:\n{told}"
    )


def test_in_jupyterlab(lab: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=SWITCHES)
        page = browser.new_page(viewport={"width": 1200, "height": 1000})
        page.set_default_timeout(1000 * jupyter_lab.PATIENCE)
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        console: list[str] = []
        page.on("console", lambda m: console.append(m.text) if m.type in ("error", "warning") else None)
        page.on("requestfailed", lambda request: console.append(f"{request.url}: {request.failure}"))
        page.goto(lab)
        page.wait_for_selector(".jp-Notebook .jp-CodeCell")
        page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
        mount_all(page, console)
        names = page.locator(".bpw-id").all_inner_texts()
        assert names == NAMES

        w10 = page.locator(".bpw").nth(9)
        w10.get_by_label("Step", exact=True).press("ArrowRight")
        w10.locator('[data-unit="1.2"]').click()
        w10.get_by_role("button", name="Change it").click()
        said = w10.locator("[data-widget-words]").inner_text()
        says(page, 1, f"read 1 [1, 2] | {said}")  # Python reads the reader's state and its words

        jupyter_lab.run_cell(page, 2)
        page.wait_for_function(
            "document.querySelectorAll('.bpw')[9].querySelector('[data-widget-words]').textContent.includes('first disagree')"
        )
        assert w10.locator(".bpw-unit-name").inner_text() == "Layer 1, unit 3", "the picture follows Python"
        assert w10.get_by_label("The code has").input_value() == "K13"

        jupyter_lab.run_cell(page, 3)
        w16 = page.locator(".bpw").nth(15)
        w16.locator("[data-widget-skip]").click()
        w16.get_by_text("After 60 epochs").wait_for()  # trained over several drawings
        # What was out of range is cut, and the words follow.
        says(page, 4, "words 3 | At z = −2.50, tanh", w16.locator("[data-widget-words]").inner_text())
        assert errors == []
        browser.close()
