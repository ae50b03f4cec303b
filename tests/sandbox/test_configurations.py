"""The wall on every kind of machine: as root and as an ordinary user; with namespaces, without bubblewrap,
and where a container's own seccomp profile denies namespaces, as Docker's does.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.sandbox import launch
from autograder.sandbox.escape_attempts import ATTEMPTS
from tests.support import ordinary_user
from tests.support.machine import needed

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = """
import json, os, platform, struct, sys
from autograder.sandbox.inside import confinement as c
from autograder.sandbox import launch
from autograder.sandbox.escape_attempts import succeeded
from autograder.sandbox.zygote import Limits, Zygote

way = sys.argv[1]
if way == "no bubblewrap":
    os.environ["PATH"] = "/nonexistent"
if way == "namespaces denied":  # clone with any namespace's flag, unshare and mount; clone3 is not there
    number = {"x86_64": (56, 272, 165), "aarch64": (220, 97, 40)}[platform.machine()]
    lines = [(c.LD, 0, 0, 0), (c.JEQ, 0, 1, 435), (c.RET, 0, 0, c.NO_SUCH_CALL)]
    for call in number[1:]:
        lines += [(c.JEQ, 0, 1, call), (c.RET, 0, 0, c.DENY)]
    lines += [(c.JEQ, 0, 3, number[0]), (c.LD, 0, 0, 16), (c.JSET, 0, 1, 0x7E020000), (c.RET, 0, 0, c.DENY)]
    lines += [(c.RET, 0, 0, c.ALLOW)]
    c.no_new_privileges()
    c.seccomp(b"".join(struct.pack("<HBBI", *line) for line in lines))
cells = ["import numpy as np\\ndef f(x): return np.linalg.inv(x) @ x\\ndef loop(): \\n    while True: pass"]
found = {"uid": os.getuid()}
with Zygote("strong", Limits(call_seconds=0.5)) as zygote:
    found["through"] = sorted(succeeded(zygote))
    found["held"] = zygote.restrictions
    import numpy as np
    with zygote.child(cells) as child:
        found["works"] = bool(np.array_equal(child("f", (np.eye(3),)).value, np.eye(3)))
        found["loop"] = child("loop", ()).error.kind
print(json.dumps(found))
"""
WAYS = ("namespaces", "no bubblewrap", "namespaces denied")


def as_root(way):
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(launch.numpy_folder())])}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, way],
        capture_output=True,
        text=True,
        timeout=120,
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("user", ["root", "ordinary user"])
def test_the_wall_holds_and_numpy_works(user, way):
    if user == "root":
        needed("root")
    if way == "namespaces":
        needed("bubblewrap")
    text = as_root(way) if user == "root" else ordinary_user.run(SCRIPT, way, timeout=120)
    found = json.loads(text)
    assert (found["uid"] == 0) is (user == "root")
    assert found["through"] == []
    assert found["held"]["uid"] != 0
    assert found["held"]["mount_namespace"] is (way == "namespaces")
    assert found["held"]["landlock"] > 0
    assert (found["works"], found["loop"]) == (True, "timeout")
    assert len(ATTEMPTS) >= 38
