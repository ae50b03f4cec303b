"""The released notebooks in a plain kernel, as VS Code and Colab run
them: a client, messages, and nothing else.
"""

import json
import re
import tomllib
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from autograder._templates import render_text
from tests.grading.test_grade_submission import NO_SLOPE, RIGHT, notebook

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "exercises").glob("*/*.ipynb"))
ABSENT = "import sys\nsys.modules['autograder'] = None  # as where it isn't installed"


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """A student's notebook with one mistake, run after its first cell was run without the package."""
    made = nbformat.reads(json.dumps(notebook(RIGHT | {"hidden_delta_solution": NO_SLOPE})), 4)
    first = nbformat.v4.new_code_cell(made.cells[0].source)
    made.cells[:0] = [
        nbformat.v4.new_code_cell(ABSENT),
        first,
        nbformat.v4.new_code_cell("del sys.modules['autograder']"),
    ]
    client = NotebookClient(
        made,
        timeout=60,
        allow_errors=True,
        resources={"metadata": {"path": str(tmp_path_factory.mktemp("student"))}},
    )
    client.execute()
    return made


def test_a_card_is_html_and_text_without_script_style_or_widget(ran):
    cards = [
        output
        for cell in ran.cells
        if cell.cell_type == "code" and cell.source.startswith("check(")
        for output in cell.outputs
    ]
    assert len(cards) == 3
    for card in cards:
        assert card.output_type == "execute_result"
        assert sorted(card.data) == ["text/html", "text/plain"]
        assert not re.search(r"<(script|style|link|iframe|img)|javascript:|\son\w+=", card.data["text/html"])
    assert all("K13" in text for text in cards[0].data.values())
    assert "right on every number tried here" in cards[2].data["text/plain"]
    assert "widgets" not in ran.metadata


def test_without_the_package_the_error_shows_how_to_get_it(ran):
    (error,) = ran.cells[1].outputs
    text = re.sub(r"\x1b\[[\d;]*m", "", "\n".join(error.traceback))
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert error.ename == "ModuleNotFoundError"
    assert 'page "For students"' in text
    assert f"%pip install deltabook-{version}-py3-none-any.whl" in text


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_imports_nothing_but_numpy_and_check(path):
    cells = json.loads(path.read_text("utf-8"))["cells"]
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    imports = re.findall(r"^\s*(?:import|from)\s.*$", code, re.MULTILINE)
    # The chapters' own cells are annotated, and run as they are when they are pasted in
    annotations = ["from numpy.typing import NDArray"] if "Layers = dict[int, NDArray]" in code else []
    assert imports == ["import numpy as np", *annotations, "from autograder import check"]


def test_every_first_cell_says_the_same():
    """The version in it is the one that the book offers."""
    sources = [*(ROOT / "solutions").glob("*/*.md")]
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    sources += (ROOT / "solutions" / "translations").glob("*/*.md")
    for source in sources:
        assert (
            f"%pip install deltabook-{version}-py3-none-any.whl\nfrom autograder import check"
            in source.read_text()
        )
    written = render_text("new/head.md.j2")
    assert f"%pip install deltabook-{version}-py3-none-any.whl\nfrom autograder import check" in written
