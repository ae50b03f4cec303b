"""A new version stands everywhere at once, and what can't be done changes nothing."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.support.built_book import ROOT

TOOL = ROOT / "tools" / "new_version.py"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository with the files that name the version, all committed."""
    for name in ("pyproject.toml", "CITATION.cff", "CHANGELOG.md", "_config.yml"):
        shutil.copy(ROOT / name, tmp_path / name)
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "first"]):
        git(tmp_path, *command)
    return tmp_path


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=Someone", "-c", "user.email=someone@example.org"]
    done = subprocess.run(
        ["git", *identity, *arguments], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    for key, value in (("user.name", "Someone"), ("user.email", "someone@example.org")):
        git(folder, "config", key, value)
    command = [sys.executable, str(TOOL), "--root", str(folder), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_everything_that_names_the_version_follows(checkout: Path) -> None:
    config = (checkout / "_config.yml").read_text()
    assert "reading_repository" in config
    done = run(checkout, "9.1.0")
    assert done.returncode == 0, done.stderr
    assert tomllib.loads((checkout / "pyproject.toml").read_text())["project"]["version"] == "9.1.0"
    assert "\nversion: 9.1.0\ndate-released: 20" in (checkout / "CITATION.cff").read_text()
    assert "\n## 9.1.0, 20" in (checkout / "CHANGELOG.md").read_text()
    assert git(checkout, "tag", "--list").split() == ["v9.1.0"]
    assert git(checkout, "log", "-1", "--format=%s") == "Version 9.1.0\n"
    assert git(checkout, "status", "--porcelain") == ""


def test_the_repositorys_address_comes_from_one_setting(checkout: Path) -> None:
    config = checkout / "_config.yml"
    lines = [
        line.partition("reading_repository:")[0] + "reading_repository: https://example.org/a/b"
        if "reading_repository:" in line
        else line
        for line in config.read_text().splitlines()
    ]
    config.write_text("\n".join(lines) + "\n")
    git(checkout, "commit", "-q", "-a", "-m", "an address")
    assert run(checkout, "9.1.0").returncode == 0
    urls = tomllib.loads((checkout / "pyproject.toml").read_text())["project"]["urls"]
    assert urls["Issues"] == "https://example.org/a/b/issues"
    assert "repository-code: https://example.org/a/b\n" in (checkout / "CITATION.cff").read_text()


@pytest.mark.parametrize(
    ("version", "said"),
    [("next", "'next' is no version"), ("0.0.1", "0.0.1 is not newer than")],
)
def test_what_is_no_newer_version_is_refused(checkout: Path, version: str, said: str) -> None:
    done = run(checkout, version)
    assert done.returncode == 2
    assert said in done.stderr
    assert git(checkout, "status", "--porcelain") == ""


def test_a_second_time_has_nothing_to_release(checkout: Path) -> None:
    assert run(checkout, "9.1.0").returncode == 0
    done = run(checkout, "9.2.0")
    assert done.returncode == 2
    assert "nothing to release" in done.stderr


def test_uncommitted_work_and_a_dry_run_change_nothing(checkout: Path) -> None:
    assert run(checkout, "9.1.0", "--dry-run").returncode == 0
    assert git(checkout, "status", "--porcelain") == ""
    (checkout / "CHANGELOG.md").write_text((checkout / "CHANGELOG.md").read_text() + "\nmore\n")
    done = run(checkout, "9.1.0")
    assert done.returncode == 2
    assert "not committed" in done.stderr
    assert git(checkout, "tag", "--list") == ""
