import sys
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder.cli.app import app
from autograder.sandbox import doctor, launch
from autograder.sandbox.escape_attempts import ATTEMPTS


@pytest.fixture(scope="module")
def found():
    return doctor.examine()


def by_name(found):
    return {finding.name: finding for finding in found}


def test_this_machine_can_grade_and_each_protection_was_tried(found):
    names = by_name(found)
    assert doctor.level(found) == "strong", doctor.text(found)
    assert f"{len(ATTEMPTS)} of {len(ATTEMPTS)} forbidden acts refused" in names["the wall"].detail
    assert f"{len(ATTEMPTS)} of {len(ATTEMPTS)} forbidden acts succeed without" in names["controls"].detail
    assert names["seccomp"].ok
    assert {
        "system",
        "Python",
        "NumPy",
        "cores",
        "Landlock",
        "bubblewrap",
        "nbgrader",
        "alembic",
        "database",
    } <= set(names)


def test_the_words_say_what_is_amiss_and_what_to_do(found):
    text = doctor.text(found)
    assert text.endswith("Isolation: strong. Students' code can be graded here.\n")
    assert all(f"{finding.name}: {finding.detail}" in text for finding in found)
    told = text.splitlines()
    assert not [finding for finding in found if finding.ok and f"      {finding.fix}" in told]
    bad = [
        replace(finding, ok=False) if finding.name in ("the wall", "bubblewrap") else finding
        for finding in found
    ]
    text = doctor.text(bad)
    assert "NO  the wall" in text
    assert " -  bubblewrap" in text
    assert "report this as a hole" in text
    assert "apt install bubblewrap" in text
    assert "Isolation: none." in text


def test_a_machine_without_locks_is_seen_as_such(monkeypatch, tmp_path):
    for name, path in launch.SOURCES.items():
        text = path.read_text(encoding="utf-8")
        text = (
            text.replace("= 444, 446", "= 9444, 9446")
            .replace("seccomp=317)", "seccomp=9317)")
            .replace("seccomp=277)", "seccomp=9277)")
        )
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    monkeypatch.setattr(launch, "SOURCES", {name: tmp_path / f"{name}.py" for name in launch.SOURCES})
    found = doctor.examine()
    names = by_name(found)
    assert doctor.level(found) == "none"
    assert not names["seccomp"].ok
    assert "seccomp failed" in names["seccomp"].detail
    assert not names["Landlock"].ok
    assert "no Landlock" in names["Landlock"].detail
    assert not names["the wall"].ok


def test_missing_bubblewrap_is_no_more_than_a_pity(monkeypatch):
    monkeypatch.setattr(launch.shutil, "which", lambda name: None)
    (finding,) = doctor._bubblewrap()
    assert not finding.ok
    assert not finding.needed
    assert "apt install bubblewrap" in finding.fix


def test_another_system_is_told_so(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    system = next(doctor._basics())
    assert not system.ok
    assert "container" in system.fix
    (wall,) = doctor._wall()
    assert not wall.ok
    assert "macOS" in wall.detail


def test_the_command_prints_it_and_its_exit_code_tells(monkeypatch, found):
    monkeypatch.setattr(doctor, "examine", lambda: found)
    result = CliRunner().invoke(app, ["doctor"])
    assert result.exit_code == 0
    assert "ok  the wall: " in result.output
    broken = [replace(finding, ok=False) if finding.name == "nbgrader" else finding for finding in found]
    monkeypatch.setattr(doctor, "examine", lambda: broken)
    assert CliRunner().invoke(app, ["doctor"]).exit_code == 1
    broken = [replace(finding, ok=False) if finding.name == "the wall" else finding for finding in found]
    monkeypatch.setattr(doctor, "examine", lambda: broken)
    assert CliRunner().invoke(app, ["doctor"]).exit_code == 2


def locks(monkeypatch, root=False, **saw):
    """What is found where each lock's trial saw this."""
    monkeypatch.setattr(doctor, "_trial", lambda lock: saw[lock.strip("(").split("(")[0]])
    monkeypatch.setattr(doctor.os, "geteuid", lambda: 0 if root else 1000)
    return by_name(doctor._locks())


OPEN_AND_SHUT = ["True", "True", "False", "False", "None"]


def test_a_lock_holds_if_what_it_forbids_went_before_and_not_after(monkeypatch):
    good = locks(monkeypatch, seccomp=OPEN_AND_SHUT, landlock=["True", "True", "False", "True", "5"])
    assert good["seccomp"].ok
    assert good["Landlock"].ok
    assert good["Landlock"].detail.startswith("version 5")
    assert good["user"].ok
    assert good["user"].detail == "number 1000, not root"
    for still_open in ("seccomp", "landlock"):
        trials = {"seccomp": OPEN_AND_SHUT, "landlock": OPEN_AND_SHUT, still_open: ["True"] * 4 + ["5"]}
        found = locks(monkeypatch, **trials)
        assert {name.lower(): finding.ok for name, finding in found.items()}[still_open] is False


def test_root_that_is_not_given_up_and_a_lock_that_fails_say_why(monkeypatch):
    trials = {"seccomp": ["no seccomp"], "landlock": ["no Landlock"]}
    given_up = [*OPEN_AND_SHUT[:4], "None,", "(1342177280,", "1342177280,", "1342177280)"]
    found = locks(monkeypatch, root=True, **trials, drop_root=given_up)
    assert found["giving up root"].ok
    assert found["giving up root"].detail == "each child is a user of its own"
    assert {name: found[name].detail for name in ("seccomp", "Landlock")} == {
        "seccomp": "no seccomp",
        "Landlock": "no Landlock",
    }
    for amiss in (["not permitted"], [*OPEN_AND_SHUT[:4], "None,", "(0,", "0,", "0)"]):
        found = locks(monkeypatch, root=True, **trials, drop_root=amiss)
        assert not found["giving up root"].ok
    assert locks(monkeypatch, root=True, **trials, drop_root=["no"])["giving up root"].detail == "no"


def test_what_holds_the_wall_is_told(found):
    names = by_name(found)
    held_by = names["the wall"].detail.split("held by ")[1]
    assert ("Landlock" in held_by) == names["Landlock"].ok
    assert ("namespaces" in held_by) == names["bubblewrap"].ok


def test_another_system_has_no_locks_to_try(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert [*doctor._locks(), *doctor._bubblewrap()] == []


def test_alembic_is_found_beside_python_where_the_path_has_none(monkeypatch):
    monkeypatch.setattr(doctor.shutil, "which", lambda name: None)
    alembic = by_name(doctor._gradebook())["alembic"]
    assert alembic.ok == (Path(sys.executable).parent / "alembic").exists()
    monkeypatch.setattr(doctor.sys, "executable", "/nowhere/python")
    alembic = by_name(doctor._gradebook())["alembic"]
    assert (alembic.ok, alembic.detail) == (False, "not found")


@pytest.mark.parametrize(("there", "said"), [(True, "is installed"), (False, "is not installed")])
def test_whether_a_cluster_can_be_asked_is_told(monkeypatch, there, said):
    monkeypatch.setattr(doctor.importlib.util, "find_spec", lambda name: name if there else None)
    cluster = by_name(doctor._gradebook())["cluster"]
    assert (cluster.ok, cluster.needed, cluster.detail) == (there, False, f"dask.distributed {said}")


def test_an_old_python_is_told_so(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 10, 9))
    assert not by_name(doctor._basics())["Python"].ok
