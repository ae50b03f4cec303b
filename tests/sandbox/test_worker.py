"""The worker as a process: what a grader that speaks the protocol by hand gets from it."""

import ast
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from autograder.sandbox import launch
from autograder.sandbox.inside import wire
from tests.support.children import PRINTED


@pytest.fixture(scope="module")
def process():
    made = launch.start(False)
    yield made
    made.close()


@pytest.fixture
def child(process):
    ours, theirs = socket.socketpair()
    settings = {"memory": 1 << 31, "seconds": 10, "uid": 0, "mount_namespace": False, "frame": 1 << 20}
    answer, descriptors = process.request({"fork": settings}, [theirs.fileno()])
    theirs.close()
    ours.settimeout(10)
    with ours, ours.makefile("rwb") as file:
        assert receive(file) == ({"ready": {}}, b"")
        yield file
    assert process.request({"reap": answer["pid"]})[0] == {"status": 0}  # ends by itself when we close
    os.close(descriptors[0])


def send(file, header, chunks=()):
    file.write(wire.pack(header, list(chunks)))
    file.flush()


def receive(file):
    header, payload = wire.LENGTHS.unpack(file.read(8))
    return json.loads(file.read(header)), file.read(payload)


def load(file, *cells, skip=()):
    stops = dict.fromkeys(skip, 0)
    send(file, {"cells": cells, "stops": stops, "asked": {}, "seed": 0, "nonce": "load"})
    begun, failed = [], []
    while True:
        header, payload = receive(file)
        assert payload == b""
        if "names" in header:
            assert header["nonce"] == "load"
            return begun, failed, header["names"]
        if "failed" in header:
            failed.append([begun[-1], *header["failed"]])
        elif header["statement"] == 0:
            begun.append(header["cell"])


def test_cells_run_in_order_in_one_namespace_and_say_so(child):
    begun, failed, names = load(
        child, "x = 1", "x += 1", "y = x / 0", "def f(): return x", "print(x)", PRINTED, skip=[1]
    )
    assert begun == [0, 2, 3, 4, 5]
    place = [3, 1, "<module>"]
    assert failed == [[2, "exception", "ZeroDivisionError", "division by zero", "<module>", [place]]]
    assert {"f", "printed"} <= set(names)
    send(child, {"nonce": "n", "calls": [["printed", [], 0]]})
    assert receive(child)[0]["replies"][0]["value"] == {"l": ["1\n"]}


def test_a_call_is_answered_with_its_nonce_value_and_changed_arguments(child):
    load(child, "def f(x, y):\n    x[0] = 7\n    return x + y")
    chunks = []
    trees = [wire.encode(arg, chunks) for arg in (np.zeros(2), np.ones(2))]
    send(child, {"nonce": "n1", "calls": [["f", trees, 32]]}, chunks)
    header, payload = receive(child)
    one = {"a": "<f8 2"}
    reply = {"value": one, "after": [[one], [one]]}
    assert header == {"nonce": "n1", "replies": [reply]}
    assert np.frombuffer(payload).tolist() == [8.0, 1.0, 7.0, 0.0, 1.0, 1.0]
    send(child, {"nonce": "n2", "calls": [["g", [], 0], ["f", [1, 2], 0]]})
    # Whether there is a g the grader knows, and asks for none that isn't there.
    failed = receive(child)[0]["replies"]
    assert [reply["error"][:2] for reply in failed] == [
        ["exception", "TypeError"],
        ["exception", "TypeError"],
    ]


REWRITTEN = "import numpy as np\nb = np.zeros(1)\ndef f(x):\n    b[:] = x\n    return b\ndef g(x): return x"


@pytest.mark.parametrize(("name", "found"), [("f", [2.0, 3.0, 3.0]), ("g", [1.0, 2.0, 3.0])])
def test_a_pipelined_answer_is_read_after_the_next_call(child, name, found):
    load(child, REWRITTEN)
    for pipelined, expected in ((True, found), (False, [1.0, 2.0, 3.0])):
        chunks = []
        calls = [[name, [wire.encode(np.full(1, x), chunks)], 8] for x in (1.0, 2.0, 3.0)]
        send(child, {"nonce": "n", "calls": calls, "pipelined": pipelined}, chunks)
        values = []
        while len(values) < 3:
            values += np.frombuffer(receive(child)[1]).tolist()
        assert values == expected


def test_a_pipelined_answer_that_takes_long_is_sent_without_waiting(child):
    load(child, "import time\ndef f(s):\n    time.sleep(s)\n    return s")
    send(child, {"nonce": "n", "calls": [["f", [0.6], 0], ["f", [0.0], 0]], "pipelined": True})
    assert [len(receive(child)[0]["replies"]) for _ in range(2)] == [1, 1]


@pytest.mark.parametrize(
    ("body", "changed"),
    [
        ("return 1", False),
        ("d[1][0] += 1", True),
        ("d[1] = d[1].copy()", True),
        ("d[2] = 3", True),
        ("del d[1]", True),
        ("items.append(1)", True),
        ("items[0] = items[0] * 1", True),
        ("items[0].shape = (1, 2)", True),
        ("items[0].dtype = 'i8'", True),
        ("items[0].dtype = 'M8[s]'", True),
        ("d.pop(1); raise ValueError", True),
    ],
)
def test_every_change_of_an_argument_is_told(child, body, changed):
    load(child, f"def f(d, items):\n    {body}")
    chunks = []
    trees = [wire.encode({1: np.zeros(2)}, chunks), wire.encode([np.ones(2)], chunks)]
    send(child, {"nonce": "n", "calls": [["f", trees, 32]]}, chunks)
    (reply,) = receive(child)[0]["replies"]
    assert (reply["after"] is not False) == changed


def test_an_error_carries_the_changed_arguments_too(child):
    load(child, "def f(x):\n    x[0] = 7\n    raise OSError('no')")
    chunks = []
    send(child, {"nonce": "n", "calls": [["f", [wire.encode(np.zeros(1), chunks)], 8]]}, chunks)
    header, payload = receive(child)
    (reply,) = header["replies"]
    assert reply["error"][:2] == ["exception", "OSError"]
    assert reply["after"] == [[{"a": "<f8 1"}]]
    assert np.frombuffer(payload).tolist() == [7.0]


def test_a_frame_longer_than_one_read_comes_whole(child):
    load(child, "def f(x): return x.sum()")
    chunks = []
    send(child, {"nonce": "n", "calls": [["f", [wire.encode(np.ones(100_000), chunks)], 800_000]]}, chunks)
    header, payload = receive(child)
    assert header["replies"][0]["value"] == {"g": "<f8"}
    assert np.frombuffer(payload).tolist() == [100_000.0]


def test_the_students_side_imports_nothing_of_ours():
    for name in launch.SOURCES:
        tree = ast.parse(launch.SOURCES[name].read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0
                names = [node.module]
            for each in names:
                assert each.partition(".")[0] in {*sys.stdlib_module_names, "numpy"}, (name, each)


def test_it_starts_in_a_clean_environment_and_reads_no_file_of_ours(process):
    proc = Path(f"/proc/{process.popen.pid}")
    environment = dict(pair.split("=", 1) for pair in (proc / "environ").read_text().split("\0") if pair)
    assert environment == launch.ENVIRONMENT
    assert "autograder" not in (proc / "maps").read_text()


def test_a_worker_that_cannot_start_says_why(monkeypatch):
    monkeypatch.setattr(launch, "numpy_folder", lambda: launch.INSIDE / "nowhere")
    with pytest.raises(launch.SandboxError, match="No module named 'numpy'"):
        launch.start(False)
    with pytest.raises(launch.SandboxError, match="did not start"):
        launch.start(False, [sys.executable, "-c", "import sys; sys.exit('broken here')"])
    with pytest.raises(launch.SandboxError, match="could not be started"):
        launch.start(False, ["/nonexistent/program"])


def test_it_ends_when_the_grader_lets_go():
    made = launch.start(False)
    made.control.close()
    assert made.popen.wait(timeout=5) == 0
    with pytest.raises(launch.SandboxError, match="is gone"):
        made.request({"reap": 1})
    assert isinstance(made.popen, subprocess.Popen)
