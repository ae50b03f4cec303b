"""Another distribution, or a file of the reader's own, has the name of one of our packages."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import deltabook

ROOT = Path(__file__).resolve().parents[2]
CHECK = ("-c", "from autograder import check")
DOCTOR = ("-m", "deltabook", "doctor")


def python(folder: Path, *arguments: str, first: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Python in a folder; what lies in `first` is found before our packages."""
    path = os.pathsep.join(str(place) for place in (first, ROOT) if place is not None)
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def install(site: Path, name: str, text: str = "") -> None:
    """Another distribution of this name, as pip leaves it in a folder of packages."""
    files = {f"{name}/__init__.py": text, f"{name}/other.py": ""}
    about = f"{name}-3.7.7.dist-info"
    files[f"{about}/METADATA"] = f"Metadata-Version: 2.1\nName: {name}\nVersion: 3.7.7\n"
    files[f"{about}/RECORD"] = "".join(f"{file},,\n" for file in [*files, f"{about}/RECORD"])
    for file, content in files.items():
        (site / file).parent.mkdir(parents=True, exist_ok=True)
        (site / file).write_text(content, encoding="utf-8")


def test_nothing_is_said_of_our_own(tmp_path):
    assert deltabook.strangers() == ()
    assert deltabook.explanation() == ""
    done = python(tmp_path, *CHECK)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", deltabook.PACKAGES)
def test_another_distribution_is_named_with_the_way_out(tmp_path, name):
    site = tmp_path / "site"
    install(site, name)
    done = python(tmp_path, *DOCTOR, first=site)
    assert done.returncode == 2
    told = " ".join(done.stderr.split())
    assert f"`{name}` is here the package of another distribution, {name} 3.7.7" in told
    assert str(site / name) in told
    assert f"pip uninstall {name}." in told
    assert "--force-reinstall" in told
    assert "Traceback" not in done.stderr


def test_check_tells_it_of_the_other_backprop(tmp_path):
    install(tmp_path / "site", "backprop")
    done = python(tmp_path, *CHECK, first=tmp_path / "site")
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith(
        "ImportError: `backprop` is here the package of another distribution, backprop 3.7.7"
    )


def test_a_file_of_the_student_s_own_in_the_way(tmp_path):
    (tmp_path / "backprop.py").write_text("def all_deltas(): ...\n", encoding="utf-8")
    done = python(tmp_path, *CHECK)
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith(f"ImportError: `backprop` is here {tmp_path / 'backprop.py'}; deltabook's own was")
    assert "give it another name" in last
    done = python(tmp_path, "-m", "autograder", "release")
    assert done.returncode == 2
    assert f"autograder: `backprop` is here {tmp_path / 'backprop.py'};" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_the_other_left_behind_is_incomplete(tmp_path):
    """pip uninstalls the other: its __init__.py was ours, overwritten, and goes with it."""
    site = tmp_path / "site"
    for name in ("deltabook", "backprop", "autograder"):
        shutil.copytree(ROOT / name, site / name, ignore=shutil.ignore_patterns("__pycache__"))
    (site / "autograder" / "__init__.py").unlink()
    program = (
        f"import sys; sys.path[:] = [{str(site)!r}, *(p for p in sys.path if 'site-packages' not in p)]\n"
    )
    told = "sys.path_importer_cache.clear(); import deltabook; print(deltabook.explanation())"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program + told],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "deltabook's package `autograder` is incomplete here" in done.stdout
    assert done.stdout.count("\n") == 1


def test_another_error_of_an_import_stays_what_it_is(tmp_path):
    (tmp_path / "numpy.py").write_text("raise ImportError('no BLAS here')\n", encoding="utf-8")
    done = python(tmp_path, *CHECK)
    assert done.stderr.strip().splitlines()[-1] == "ImportError: no BLAS here"


def test_the_same_commands_under_the_name_that_is_ours_alone(tmp_path):
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    assert scripts == {"autograder": "autograder.__main__:main", "deltabook": "deltabook.__main__:main"}
    ours, theirs = (python(tmp_path, "-m", name, "--help") for name in ("deltabook", "autograder"))
    assert ours.returncode == 0
    assert ours.stdout == theirs.stdout
    assert "doctor" in ours.stdout
