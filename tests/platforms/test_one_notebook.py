"""One notebook without a course: the same score as in one, a receipt, and no secret in what is written."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder._language import use_language
from autograder.authoring.init_course import translated
from autograder.cli.app import app
from autograder.errors import GraderError
from autograder.feedback.check_notebook import check_notebook
from autograder.gradebook.gradebook_url import default_url
from autograder.grading import jobs
from autograder.grading.grade_course import grade_course
from autograder.grading.settings import Settings
from autograder.platforms import one_notebook
from autograder.platforms.one_notebook import assignment_of, grade_notebook, wall_words
from tests.support.built_book import ROOT

RELEASED = ROOT / "exercises" / "06-step-2" / "06-step-2.ipynb"
WITHOUT_SLOPE = "def hidden_delta(W_next, delta_next, z, hidden):\n    return W_next.T @ delta_next\n"
RIGHT = WITHOUT_SLOPE.replace("@ delta_next", "@ delta_next * g_prime(hidden, z)")


@pytest.fixture
def english_again() -> Iterator[None]:
    """The language of this process after a test that speaks another."""
    yield
    use_language("en")


def write_notebook(path: Path, source: str) -> Path:
    """Chapter 6's notebook with this in the place of hidden_delta's stub."""
    content = json.loads(RELEASED.read_text(encoding="utf-8"))
    for cell in content["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "hidden_delta_solution":
            cell["source"] = source
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


@pytest.mark.filterwarnings("ignore:::nbgrader", "ignore:::sqlalchemy", "ignore::DeprecationWarning")
@pytest.mark.parametrize(
    ("source", "seconds"),
    [(RIGHT, 3), (WITHOUT_SLOPE, 3), ("while True:\n    pass\n", 1), ("def hidden_delta(", 3)],
)
def test_the_same_score_as_in_a_course(tmp_path: Path, source: str, seconds: float) -> None:
    place = tmp_path / "submitted" / "ada" / "06-step-2" / "06-step-2.ipynb"
    write_notebook(place, source)
    settings = Settings(tmp_path, seed="a seed", seconds=seconds)
    expected = grade_course(settings, default_url(tmp_path)).reports[0]["exercises"]
    one = grade_notebook(place, seed="another", seconds=seconds)
    keys = ("id", "score", "max_score", "status", "misconceptions")
    assert [[e[k] for k in keys] for e in one.report["exercises"]] == [[e[k] for k in keys] for e in expected]


def test_the_command_writes_cards_and_a_receipt_and_no_seed(tmp_path: Path) -> None:
    notebook = write_notebook(tmp_path / "renamed.ipynb", WITHOUT_SLOPE)
    target = tmp_path / "result.json"
    page = tmp_path / "page.html"
    arguments = ["grade-one", str(notebook), "--json", str(target), "--seed", "mySecretSeed"]
    arguments += ["--page", str(page)]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 1
    assert "06-step-2" in done.output
    assert "(K13)" in done.output
    text = target.read_text(encoding="utf-8")
    assert "mySecretSeed" not in text + done.output
    found = json.loads(text)
    assert found["assignment"] == "06-step-2"
    assert "K13" in found["texts"]["hidden_delta"]
    assert len(found["receipt"]["sha256"]) == 64
    assert found["receipt"]["sha256"] in done.output
    assert found["receipt"]["sha256"] in page.read_text()
    assert "mySecretSeed" not in page.read_text()
    assert "seccomp" in found["wall"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("missing.ipynb", None, "missing.ipynb"),
        (
            "other.ipynb",
            '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
            "no exercise was found",
        ),
        ("broken.ipynb", "{", "broken.ipynb"),
    ],
)
def test_what_cannot_be_graded_ends_with_2_and_a_line(
    tmp_path: Path, name: str, content: str | None, said: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_text(content)
    done = CliRunner().invoke(app, ["grade-one", str(path), "--json", str(tmp_path / "r.json")])
    assert done.exit_code == 2
    assert said in done.output
    assert "Traceback" not in done.output
    assert not (tmp_path / "r.json").exists()


def test_whose_notebook_it_is_stands_in_its_cells(tmp_path: Path) -> None:
    given = write_notebook(tmp_path / "hw (3).ipynb", RIGHT)
    assert assignment_of(given, given.read_bytes()) == "06-step-2"
    empty = b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
    assert assignment_of(Path("06-step-2.ipynb"), empty) == "06-step-2"
    with pytest.raises(GraderError, match="expected a notebook of 01-forward"):
        assignment_of(Path("x.ipynb"), empty)


@pytest.mark.parametrize("assignment", ["", "06-step-2"])
def test_what_is_handed_in_is_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, assignment: str
) -> None:
    """What is recognised is what is graded, whatever is written into the file meanwhile."""
    read: list[Path] = []
    for module in (jobs, one_notebook):
        monkeypatch.setattr(module, "read_bytes", lambda path: read.append(path) or path.read_bytes())
    monkeypatch.setattr(one_notebook, "run_here", lambda job: (_ for _ in ()).throw(GraderError("enough")))
    given = write_notebook(tmp_path / "06-step-2.ipynb", RIGHT)
    with pytest.raises(GraderError, match="enough"):
        grade_notebook(given, assignment=assignment, seed="s", isolation="none")
    assert read == [given]


def test_what_the_wall_lacks_is_said() -> None:
    user = "a user of its own"
    lacks = f"; not on this machine: {user} (the grader is not root here)."
    has = f", {user}." if os.geteuid() == 0 else lacks
    assert wall_words({"seccomp": True, "landlock": 5, "mount_namespace": True}) == (
        f"The student's code ran behind seccomp, Landlock, namespaces{has}"
    )
    assert "not on this machine: Landlock" in wall_words({"seccomp": True, "landlock": 0})
    assert "behind nothing" in wall_words({})


@pytest.mark.usefixtures("english_again")
@pytest.mark.parametrize("name", ["06-step-2/06-step-2", "g6-step-2/B/g6-step-2"])
def test_a_notebook_in_another_language_is_put_beside_its_own_release(tmp_path: Path, name: str) -> None:
    """Its words are no changes, those that the student changed are; and the grade is told in it."""
    use_language("es")
    given = tmp_path / "entrega.ipynb"
    given.write_bytes(translated(ROOT / "exercises" / f"{name}.ipynb"))
    use_language("en")
    one = grade_notebook(given, seed="s", isolation="none")
    assert one.report["notes"] == []
    assert {e["status"] for e in one.report["exercises"]} == {"not_run"}
    assert all("aún sin escribir" in text for text in one.texts.values())
    given.write_text(given.read_text().replace("Solo se puede importar NumPy", "Se puede importar todo"))
    assert grade_notebook(given, seed="s", isolation="none").report["notes"] == [
        "la celda de solo lectura intro se había modificado; cuenta la original"
    ]


def test_a_notebook_of_the_other_variant_is_graded_as_that(tmp_path: Path) -> None:
    content = json.loads((ROOT / "exercises" / "g8-batches" / "B" / "g8-batches.ipynb").read_text())
    for cell in content["cells"]:
        if cell["metadata"]["nbgrader"]["grade_id"] == "grown_gradient_solution":
            body = "return (m * dW + x.T @ delta) / (m + 1)"
            cell["source"] = f"def grown_gradient(dW, m, x, delta):\n    {body}\n"
    given = tmp_path / "mine.ipynb"
    given.write_text(json.dumps(content))
    assert check_notebook(given)["exercises"][2]["score"] == 2
    exercises = grade_notebook(given, seed="s", isolation="none").report["exercises"]
    assert {e["id"]: e["score"] for e in exercises} == {
        "backprop_augmented": 0,
        "noisy_gradients": 0,
        "grown_gradient": 2,
    }
