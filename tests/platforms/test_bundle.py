"""The archive as each platform uses it: unpacked into its folders, set up offline, asked to grade."""

import hashlib
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from autograder.errors import GraderError
from autograder.platforms.bundle import PACKAGES, bundle
from autograder.platforms.one_notebook import grade_notebook
from tests.platforms.test_classroom50 import RUNNER, valid
from tests.platforms.test_one_notebook import RIGHT, WITHOUT_SLOPE, write_notebook
from tests.support.built_book import ROOT
from tests.support.container import run_in_container
from tests.support.forty_notebooks import NOTEBOOKS
from tests.support.four_ways import by_bundle, offline, said_of

SECONDS = 300


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a bundle takes from the package index, had once."""
    folder = tmp_path_factory.mktemp("wheels")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    subprocess.run([*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", folder, ROOT], check=True)
    subprocess.run([*pip, "download", "--only-binary=:all:", "-d", folder, *PACKAGES[1:]], check=True)
    return folder


def run(*command: object, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    words = [str(word) for word in command]
    return subprocess.run(
        words, cwd=cwd, env=offline(**more), capture_output=True, text=True, timeout=SECONDS, check=False
    )


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory, wheels: Path) -> Path:
    """Gradescope's folders with the archive in source/, set up."""
    root = tmp_path_factory.mktemp("autograder")
    bundle("gradescope", "06-step-2", root / "bundle.zip", wheels=wheels)
    shutil.unpack_archive(root / "bundle.zip", root / "source")
    (root / "submission").mkdir()
    done = run("bash", root / "source" / "setup.sh", cwd=root, AUTOGRADER_ROOT=str(root))
    assert done.returncode == 0, done.stderr
    return root


def result(root: Path) -> tuple[int, dict]:
    """What stands in results.json after a run."""
    shutil.rmtree(root / "results", ignore_errors=True)
    done = run("bash", root / "source" / "run_autograder", cwd=root, AUTOGRADER_ROOT=str(root))
    return done.returncode, json.loads((root / "results" / "results.json").read_text())


def hand_in(root: Path, name: str, source: str) -> None:
    shutil.rmtree(root / "submission")
    write_notebook(root / "submission" / name, source)


@pytest.mark.parametrize(("source", "points"), [(RIGHT, 14), (WITHOUT_SLOPE, 0)])
def test_gradescope_grades_and_names_the_mistake(platform: Path, source: str, points: float) -> None:
    hand_in(platform, "my solution.ipynb", source)
    code, found = result(platform)
    assert code == 0
    tests = {test["name"]: test for test in found["tests"]}
    assert tests["hidden_delta"]["score"] == points
    assert ("K13" in tests["hidden_delta"]["output"]) == (points == 0)
    assert "The student's code ran behind seccomp" in tests["about this machine"]["output"]
    seed = (platform / "source" / "seed").read_text()
    assert seed not in json.dumps(found)


@pytest.mark.parametrize("kind", ["a crash", "no bytes", "metadata lost"])
def test_a_bundle_says_what_grade_one_says(platform: Path, tmp_path: Path, kind: str) -> None:
    assignment, make = NOTEBOOKS[kind]
    path = tmp_path / f"{assignment}.ipynb"
    path.write_bytes(make())
    one = grade_notebook(path, assignment=assignment, seed="another")
    assert by_bundle(platform, assignment, make()) == said_of(one.report, one.texts)


def test_gradescope_says_why_nothing_could_be_graded(platform: Path) -> None:
    shutil.rmtree(platform / "submission")
    (platform / "submission").mkdir()
    (platform / "submission" / "hw6.py").write_text("x = 1\n")
    code, found = result(platform)
    assert code == 1
    assert found["tests"] == []
    assert "no notebook was handed in; expected one notebook, 06-step-2.ipynb" in found["output"]


def test_without_a_wall_nothing_is_graded(platform: Path) -> None:
    hand_in(platform, "06-step-2.ipynb", RIGHT)
    lib = next((platform / "environment" / "lib").glob("python3*")) / "site-packages" / "autograder"
    launch = lib / "sandbox" / "launch.py"
    text = launch.read_text()
    try:
        launch.write_text(
            text + "\n\ndef require_linux(isolation):\n    raise SandboxError('no seccomp on this machine')\n"
        )
        zygote = lib / "sandbox" / "zygote.py"
        assert "require_linux" in zygote.read_text()
        code, found = result(platform)
    finally:
        launch.write_text(text)
    assert code == 1
    assert found["tests"] == []
    assert "no seccomp on this machine" in found["output"]


@pytest.mark.parametrize(
    ("user", "landlock", "bubblewrap", "said"),
    [
        ("ordinary", True, False, "seccomp, Landlock; not on this machine: namespaces, a user of its own"),
        ("root", False, True, "seccomp, namespaces, a user of its own; not on this machine: Landlock"),
        ("root", False, False, ""),
    ],
)
def test_in_a_container_it_grades_behind_what_there_is_or_not_at_all(
    platform: Path, user: str, landlock: bool, bubblewrap: bool, said: str
) -> None:
    hand_in(platform, "06-step-2.ipynb", RIGHT)
    shutil.rmtree(platform / "results", ignore_errors=True)
    (platform / "results").mkdir(mode=0o777)
    platform.chmod(0o755)
    (platform / "results").chmod(0o777)
    command = ("bash", "/autograder/source/run_autograder")
    done = run_in_container(platform, *command, user=user, landlock=landlock, bubblewrap=bubblewrap)
    found = json.loads((platform / "results" / "results.json").read_text())
    tests = {test["name"]: test for test in found["tests"]}
    if not said:
        assert done.returncode == 1
        assert tests == {}
        assert "no Landlock, and no mount namespace" in found["output"]
        return
    assert done.returncode == 0, done.stderr + found["output"]
    assert tests["hidden_delta"]["score"] == 14
    assert said in tests["about this machine"]["output"]


def test_classroom50_grades_in_the_students_repository(tmp_path: Path, wheels: Path) -> None:
    """Its runner takes 10 MB at most; and the repository has files with the names of Python's modules."""
    bundle("classroom50", "06-step-2", tmp_path / "bundle.zip", wheels=wheels)
    assert (tmp_path / "bundle.zip").stat().st_size < 10 * 2**20
    shutil.unpack_archive(tmp_path / "bundle.zip", tmp_path / "pages")
    assert not (tmp_path / "pages" / "seed").exists(), "it is published: nothing secret may be in it"
    repository = tmp_path / "repository"
    write_notebook(repository / "06-step-2.ipynb", WITHOUT_SLOPE)
    for name in ("autograder", "numpy", "json", "logging", "pip", "venv"):
        (repository / f"{name}.py").write_text("raise SystemExit(0)\n")
    index = {"PIP_FIND_LINKS": str(wheels)}
    done = run(sys.executable, "-I", tmp_path / "pages" / "autograder.py", cwd=repository, **RUNNER, **index)
    assert done.returncode == 0, done.stderr
    found = json.loads((repository / "result.json").read_text())
    valid(found)
    assert found["score"] == 0


def test_classroom50_takes_no_other_package_than_the_one_that_was_bundled(
    tmp_path: Path, wheels: Path
) -> None:
    bundle("classroom50", "06-step-2", tmp_path / "bundle.zip", wheels=wheels)
    with zipfile.ZipFile(tmp_path / "bundle.zip") as archive:
        lines = archive.read("requirements.txt").decode().splitlines()
    hashes = {hashlib.sha256(path.read_bytes()).hexdigest() for path in wheels.glob("*.whl")}
    assert {line.partition(" --hash=sha256:")[2] for line in lines} == hashes
    assert all("==" in line for line in lines)


def test_an_archive_that_classroom50_would_not_take_is_refused(
    tmp_path: Path, wheels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autograder.platforms.bundle.CLASSROOM50_BYTES", 1000)
    with pytest.raises(GraderError, match=r"Classroom 50 takes 0\.0 at most"):
        bundle("classroom50", "06-step-2", tmp_path / "b.zip", wheels=wheels)
    assert not (tmp_path / "b.zip").exists()


def test_an_own_exercise_travels_with_it(tmp_path: Path, wheels: Path) -> None:
    course = tmp_path / "course"
    write_notebook(course / "release" / "06-step-2" / "06-step-2.ipynb", "# nothing")
    (course / "own_exercises.py").write_text("# none yet\n")
    names = bundle("gradescope", "06-step-2", tmp_path / "b.zip", course=course, wheels=wheels)
    assert {"course/own_exercises.py", "course/release/06-step-2/06-step-2.ipynb", "setup.sh", "seed"} <= set(
        names
    )
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        modes = {i.filename: i.external_attr >> 16 for i in archive.infolist()}
    assert modes["setup.sh"] & 0o111
    assert modes["run_autograder"] & 0o111


def test_a_folder_without_our_wheel_and_an_unknown_assignment_are_refused(
    tmp_path: Path, wheels: Path
) -> None:
    with pytest.raises(GraderError, match="no wheel of deltabook in it"):
        bundle("gradescope", "06-step-2", tmp_path / "b.zip", wheels=tmp_path)
    with pytest.raises(FileNotFoundError, match="99-x"):
        bundle("gradescope", "99-x", tmp_path / "b.zip", wheels=wheels)
    assert not (tmp_path / "b.zip").exists()


def test_the_wheel_has_the_notebooks_texts_in_other_languages(wheels: Path) -> None:
    (wheel,) = wheels.glob("deltabook-*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    packed = {name for name in names if name.startswith("autograder/translated/")}
    here = ROOT / "solutions" / "translations"
    assert packed == {f"autograder/translated/{p.relative_to(here)}" for p in here.rglob("*.md")}
    assert "autograder/locale/es/LC_MESSAGES/autograder.mo" in names
