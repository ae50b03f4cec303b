"""What the container's command asks of podman or docker, and what the image is made of."""

import fnmatch
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.built_book import ROOT

sys.path.insert(0, str(ROOT / "tools"))
import grade_in_container


@pytest.fixture
def engine(tmp_path, monkeypatch):
    """A podman that writes down what it is asked and knows no image yet."""
    said = tmp_path / "said"
    program = tmp_path / "bin" / "podman"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\necho "$@" >> {said}\n[ "$1" != image ]\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    return said


def test_the_first_run_builds_the_image_and_grades_with_no_network_and_few_powers(engine, tmp_path):
    (tmp_path / "course").mkdir()
    assert grade_in_container.main([str(tmp_path / "course"), "--timeout", "2"]) == 0
    _, built, ran = engine.read_text().splitlines()
    assert built.split()[:3] == ["build", "--tag", "localhost/deltabook"]
    words = ran.split()
    assert words[0] == "run"
    assert {"--rm", "--network=none", "--cap-drop=ALL", "--read-only"} <= set(words)
    assert "--security-opt=no-new-privileges" in words
    assert f"{tmp_path / 'course'}:/course" in words
    assert words[-5:] == ["localhost/deltabook", "grade", "/course", "--timeout", "2"]


def test_doctor_says_what_the_wall_is_made_of_there(engine):
    assert grade_in_container.main(["--doctor"]) == 0
    assert engine.read_text().splitlines()[-1].endswith("localhost/deltabook doctor")


def test_without_a_course_or_an_engine_it_says_what_to_do(engine, tmp_path, monkeypatch, capsys):
    assert grade_in_container.main([str(tmp_path / "nowhere")]) == 2
    assert "no such folder" in capsys.readouterr().err
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SystemExit, match="neither podman nor docker is here"):
        grade_in_container.main([str(tmp_path)])


def taken(path: str) -> bool:
    """Does .containerignore let the file into the image?"""
    lines = (ROOT / ".containerignore").read_text().splitlines()
    rules = [line for line in lines if line[:1] not in ("", "#")]
    found = True
    for rule in rules:
        pattern = rule.removeprefix("!").removeprefix("**/")
        parts = Path(path).parts
        starts = ["/".join(parts[: n + 1]) for n in range(len(parts))]
        names = parts if rule.startswith("**/") else starts
        if any(fnmatch.fnmatch(name, pattern) for name in names):
            found = rule.startswith("!")
    return found


def test_the_image_is_made_of_what_the_wheel_takes_along_and_of_nothing_else():
    assert (ROOT / ".dockerignore").read_bytes() == (ROOT / ".containerignore").read_bytes()
    project = (ROOT / "pyproject.toml").read_text()
    wheel = re.search(r"^packages = \[(.*)\]", project, re.MULTILINE)[1]
    forced = re.search(r"force-include\]\n((?:\".*\n)+)", project)[1]
    for name in [*re.findall(r'"(\w+)"', wheel), *re.findall(r'^"([^"]+)"', forced, re.MULTILINE)]:
        assert taken(name), name
    for name in ("pyproject.toml", "constraints.txt", "README.md", "LICENSE", "NOTICE"):
        assert taken(name), name
    assert not any(taken(name) for name in (".git/config", "solutions/01-forward.md", "tests", ".venv/bin"))
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert 300 < sum(taken(path) for path in tracked.stdout.splitlines()) < 600
