"""nbgrader's Autograde step with our two classes: what can't be read reaches the grader, and the
configuration we ship loads.
"""

import json
from pathlib import Path

import pytest

from tests.grading.test_grade_submission import RIGHT, notebook

pytestmark = pytest.mark.filterwarnings(
    "ignore:::nbgrader", "ignore::DeprecationWarning", "ignore:::traitlets"
)
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    "data", [b"", b"no notebook", b'{"cells": [', b"\xff\xfe\x00", b"[1]", b"\xef\xbb\xbf{}"]
)
def test_a_file_that_nbformat_refuses_becomes_a_notebook_without_cells(tmp_path, data):
    from autograder.in_nbgrader import TolerantExporter

    path = tmp_path / "06-step-2.ipynb"
    path.write_bytes(data)
    text, _ = TolerantExporter().from_filename(str(path))
    assert json.loads(text)["cells"] == []


def test_a_good_notebook_stays_as_it_is(tmp_path):
    from autograder.in_nbgrader import TolerantExporter

    path = tmp_path / "06-step-2.ipynb"
    path.write_text(json.dumps(notebook(RIGHT)))
    text, _ = TolerantExporter().from_filename(str(path))
    sources = ["".join(cell["source"]) for cell in json.loads(text)["cells"]]
    assert sources == ["".join(cell["source"]) for cell in notebook(RIGHT)["cells"]]


def test_the_preprocessor_grades_as_the_command_does(tmp_path, monkeypatch):
    """The score of a notebook in submitted/, whatever nbgrader hands over."""
    import nbformat

    from autograder.gradebook.gradebook import Gradebook
    from autograder.gradebook.gradebook_url import default_url
    from autograder.in_nbgrader import GradeBehindTheWall

    path = tmp_path / "submitted" / "ada" / "06-step-2" / "06-step-2.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(notebook(RIGHT)))
    monkeypatch.chdir(tmp_path)
    where = {
        "student": "ada",
        "assignment": "06-step-2",
        "notebook": "06-step-2",
        "db_url": default_url(tmp_path),
    }
    returned, resources = GradeBehindTheWall().preprocess(nbformat.v4.new_notebook(), {"nbgrader": where})
    assert resources == {"nbgrader": where}
    assert "hidden_delta: 14 of 14 points" in json.dumps(returned)
    with Gradebook(default_url(tmp_path)) as gradebook:
        assert gradebook.nbgrader.find_submission("06-step-2", "ada").score == 26


def test_the_configuration_that_comes_with_it_names_what_is_there():
    from nbgrader.converters import Autograde
    from traitlets.config import PyFileConfigLoader
    from traitlets.utils.importstring import import_item

    config = PyFileConfigLoader("nbgrader_config.py", path=str(ROOT / "examples")).load_config()
    assert Autograde(config=config).exporter_class.__name__ == "TolerantExporter"
    assert config.Autograde.sanitize_preprocessors == []
    (name,) = config.Autograde.autograde_preprocessors
    assert import_item(name).__name__ == "GradeBehindTheWall"
    for page in ("book/for-instructors.md",):
        text = (ROOT / page).read_text()
        for line in (ROOT / "examples" / "nbgrader_config.py").read_text().splitlines():
            if line.startswith("c.Autograde."):
                assert line in text
