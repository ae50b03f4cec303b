import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments, cwd=ROOT):
    return subprocess.run(
        [sys.executable, "-m", "autograder", *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_release_writes_what_is_committed(tmp_path):
    done = run("release", "--to", tmp_path / "exercises")
    assert done.returncode == 0, done.stderr
    for path in (ROOT / "exercises").glob("*/*.ipynb"):
        assert (
            tmp_path / "exercises" / path.relative_to(ROOT / "exercises")
        ).read_bytes() == path.read_bytes()


def test_a_missing_folder_is_said_without_a_traceback(tmp_path):
    done = run("release", "--source", tmp_path / "nowhere", "--to", tmp_path / "x")
    assert done.returncode == 2
    assert "nowhere" in done.stderr
    assert "Traceback" not in done.stderr


def test_help_everywhere():
    for arguments in (("--help",), ("release", "--help")):
        done = run(*arguments)
        assert done.returncode == 0
        assert "release" in done.stdout


def test_a_solution_that_is_no_notebook_is_refused(tmp_path):
    shutil.copytree(ROOT / "solutions", tmp_path / "solutions")
    (tmp_path / "solutions" / "01-forward" / "01-forward.md").write_text("just text")
    done = run("release", "--source", tmp_path / "solutions", "--to", tmp_path / "x")
    assert done.returncode == 2, done.stdout
    assert "01-forward" in done.stderr
    assert "Traceback" not in done.stderr
