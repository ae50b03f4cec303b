"""No attempt to get out of the wall succeeds behind it; a machine without the locks is refused."""

import json
import os
import sys

import pytest

from autograder.sandbox import launch
from autograder.sandbox.escape_attempts import ATTEMPTS, succeeded
from autograder.sandbox.zygote import SandboxUnavailable, Zygote
from tests.support import ordinary_user
from tests.support.children import QUICK, call
from tests.support.machine import needed

ALL = {attempt.name for attempt in ATTEMPTS}


def test_every_forbidden_act_succeeds_outside():
    with Zygote("none", QUICK) as open_zygote:
        assert succeeded(open_zygote) == ALL


@pytest.mark.parametrize("namespaces", [True, False])
def test_no_forbidden_act_succeeds_inside(monkeypatch, namespaces):
    if namespaces:
        needed("bubblewrap")
    monkeypatch.setattr(launch, "_namespaces_work", None if namespaces else False)
    with Zygote("strong", QUICK) as made:
        assert made.process.namespaces is (namespaces and launch._namespaces_work)
        assert succeeded(made) == frozenset()
        assert made.restrictions["seccomp"]
        outcome = call(
            made,
            (
                "import numpy as np\n"
                "def f(): return np.linalg.inv(np.eye(2)), np.random.rand(2) < 1, np.einsum('ij->i',"
                " np.eye(2))"
            ),
            "f",
        )
        assert outcome.error is None


def test_as_an_ordinary_user_with_and_without_namespaces():
    found = json.loads(
        ordinary_user.run(
            "import json, os\nfrom autograder.sandbox import launch\n"
            "from autograder.sandbox.zygote import Zygote\n"
            "from autograder.sandbox.escape_attempts import succeeded\nfound = {'uid': os.getuid()}\n"
            "for way in (None, False):\n    launch._namespaces_work = way\n    with Zygote() as z:\n"
            "        found[str(way)] = [sorted(succeeded(z)), z.restrictions]\n"
            "with Zygote('none') as z:\n    found['outside'] = sorted(succeeded(z))\n"
            "print(json.dumps(found))\n"
        )
    )
    assert found["uid"] != 0
    assert found["None"][0] == found["False"][0] == []
    assert set(found["outside"]) == ALL
    assert found["False"][1]["mount_namespace"] is False


def test_root_becomes_another_user_in_every_child(zygote):
    users = []
    for _ in range(3):
        with zygote.child(["import os\ndef f(): return os.getuid(), os.geteuid(), os.getgid()"]) as child:
            users.append(child("f", ()).value)
    assert all(uid == euid != 0 for uid, euid, _ in users)
    if os.geteuid() == 0:
        assert len({uid for uid, _, _ in users}) == 3


def test_nothing_of_ours_is_in_the_child(zygote, monkeypatch):
    code = (
        "import gc, os, sys\ndef f():\n"
        "    names = [n for n in sys.modules if 'autograder' in n or 'backprop' in n]\n"
        "    texts = [o for o in gc.get_objects() if isinstance(o, dict) for o in o.values() if"
        " isinstance(o, str)]\n"
        "    return names, [t[:50] for t in texts if 'complex_step' in t or 'misconception' in"
        " t][:3], sorted(os.environ), sys.path\n"
    )
    monkeypatch.setenv("COURSE_SECRET", "x")
    names, texts, environment, path = call(zygote, code, "f").value
    assert names == texts == path == []
    assert "COURSE_SECRET" not in environment
    assert set(environment) <= {*launch.ENVIRONMENT, "PWD", "LC_CTYPE"}


def _changed(tmp_path, monkeypatch, before, after):
    """The worker's texts with one place changed: a machine that lacks something."""
    for name, path in launch.SOURCES.items():
        text = path.read_text(encoding="utf-8")
        if name == "confinement":
            assert before in text
            text = text.replace(before, after)
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    monkeypatch.setattr(launch, "SOURCES", {name: tmp_path / f"{name}.py" for name in launch.SOURCES})


NO_LANDLOCK = (
    "LANDLOCK_CREATE, LANDLOCK_RESTRICT = 444, 446",
    "LANDLOCK_CREATE, LANDLOCK_RESTRICT = 9444, 9446",
)


def test_without_landlock_and_namespaces_it_refuses(tmp_path, monkeypatch):
    _changed(tmp_path, monkeypatch, *NO_LANDLOCK)
    monkeypatch.setattr(launch, "_namespaces_work", False)
    with (
        Zygote() as made,
        pytest.raises(SandboxUnavailable, match=r"no Landlock, and no mount namespace.*autograder doctor"),
    ):
        call(made, "def f(): pass", "f")


@pytest.mark.needs("bubblewrap")
def test_without_landlock_namespaces_do(tmp_path, monkeypatch):
    _changed(tmp_path, monkeypatch, *NO_LANDLOCK)
    monkeypatch.setattr(launch, "_namespaces_work", None)
    with Zygote("strong", QUICK) as made:
        assert made.process.namespaces
        assert succeeded(made) == frozenset()
        assert made.restrictions["landlock"] == 0


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        ("seccomp=317)", "seccomp=9317)", "seccomp failed"),
        ("    seccomp(program)\n    _prove()", "    _prove()", "a signal could still be sent"),
        ("    prefix", "    prefix", ""),
    ],
)
def test_without_seccomp_it_refuses(tmp_path, monkeypatch, before, after, text):
    if not text:  # another machine: no table, no grading
        before, after, text = '"x86_64": Arch', '"vax": Arch', "no system-call table"
    if os.uname().machine == "aarch64":
        before, after = (
            before.replace("317", "277").replace("x86_64", "aarch64"),
            after.replace("9317", "9277"),
        )
    _changed(tmp_path, monkeypatch, before, after)
    with pytest.raises(launch.SandboxError, match=text), Zygote() as made:
        call(made, "def f(): pass", "f")


@pytest.mark.parametrize(("system", "text"), [("darwin", "macOS.*container"), ("win32", "Windows.*WSL2")])
def test_other_systems_are_told_what_to_do(monkeypatch, system, text):
    monkeypatch.setattr(sys, "platform", system)
    with pytest.raises(SandboxUnavailable, match=text), Zygote():
        pass


def test_an_isolation_that_there_is_not():
    with pytest.raises(ValueError, match="expected 'strong' or 'none'"):
        Zygote("weak")
