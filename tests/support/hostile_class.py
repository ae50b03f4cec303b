"""Notebooks that would take a grader's time or memory, each a kind of its own; and a class of them
and others.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.grading.grade_submission import SECONDS
from autograder.sandbox.limits import Limits

ROOT = Path(__file__).resolve().parents[2]
NAME = "06-step-2"
RELEASED = ROOT / "exercises" / NAME / f"{NAME}.ipynb"
Content = dict[str, Any]


def released() -> Content:
    found: Content = json.loads(RELEASED.read_bytes())
    return found


def with_solutions(source: str) -> Content:
    """The released notebook with this text in every solution's place, the exercise's name for NAME in it."""
    content = released()
    for cell in content["cells"]:
        roles = cell["metadata"].get("nbgrader", {})
        if roles.get("solution") and cell["cell_type"] == "code":
            cell["source"] = source.replace("NAME", roles["grade_id"].removesuffix("_solution"))
    return content


def with_cells(*cells: str, kind: str = "code") -> Content:
    """A notebook with these cells in front of functions that are wrong: so it is run."""
    content = with_solutions("def NAME(*args):\n    return 0\n")
    empty = {"metadata": {}, "cell_type": kind} | (
        {"outputs": [], "execution_count": None} if kind == "code" else {}
    )
    content["cells"] = [{**empty, "id": f"own{i}", "source": text} for i, text in enumerate(cells)] + content[
        "cells"
    ]
    return content


def with_essay(text: str) -> Content:
    """The released notebook with this text of the student's own in front."""
    return with_cells(text, kind="markdown")


def with_outputs(outputs: list[Content]) -> Content:
    content = released()
    for cell in content["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = outputs
    return content


def raw(content: Content) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode("utf-8", "surrogatepass")


def function(body: str) -> bytes:
    lines = "\n".join("    " + line for line in body.split("\n"))
    return raw(with_solutions(f"import sys, time\nimport numpy as np\ndef NAME(*args):\n{lines}\n"))


def nested(depth: int) -> bytes:
    text = raw(released()).decode()
    return text.replace('"metadata"', f'"x": {"[" * depth}{"]" * depth}, "metadata"', 1).encode()


FRAME = """
frame = sys._getframe()
while "self" not in frame.f_locals or not hasattr(frame.f_locals["self"], "wire"): frame = frame.f_back
wire = frame.f_locals["self"].wire
"""
MEGABYTES = 2**20
TEXTS: dict[str, Callable[[], bytes]] = {
    "prompts with a magic": lambda: raw(with_cells("%time 1\n" + ",a b\n" * 38_000)),
    "prompts in many cells": lambda: raw(with_cells(*["%time 1\n" + ";a b\n/c d\n" * 200] * 60)),
    "a million lines before an error": lambda: raw(
        with_solutions("\n" * 150_000 + "def NAME(*args):\n    1 / 0\n")
    ),
    "brackets in brackets": lambda: raw(with_solutions("(" * 100_000)),
    "not not not": lambda: raw(with_solutions("x = " + "not " * 40_000 + "1\n")),
    "quotes without an end": lambda: raw(with_cells(*["\\'" * 19_000] * 25)),
    "one long line": lambda: raw(with_cells("x = " + "+".join(["1"] * 200_000))),
    "statements": lambda: raw(with_cells(*["a=b+c*d-e/f\n" * 3_300] * 24)),
    "quotes in three signs": lambda: raw(with_cells(*["'''\n" + "a\n" * 19_000] * 25)),
    "cells that raise": lambda: raw(with_cells(*["1 / 0"] * 1_900)),
    "cells that raise, each in its own words": lambda: raw(
        with_cells(*[f"raise ValueError('no {i}')" for i in range(1_900)])
    ),
    "an essay of backslashes": lambda: raw(with_essay("\\" * 900_000)),
    "an essay of signs that are not seen": lambda: raw(with_essay("\u202e" * 900_000)),
    "an essay of fences": lambda: raw(with_essay("\n".join("`" * i + "\n" for i in range(3, 1300)))),
    "an essay of lists": lambda: raw(with_essay("- " * 400_000 + "x")),
    "an essay of spaces": lambda: raw(with_essay(("\\\\" + " " * 3000 + "\n") * 300)),
    "an essay of signs of HTML": lambda: raw(with_essay("<'\"&" * 240_000)),
    "code of signs of HTML": lambda: raw(with_solutions("#" + "<'\"&" * 80_000)),
    "words": lambda: raw(with_cells("\n".join(f"# w{i}" for i in range(120_000)))),
    "spaces": lambda: raw(
        with_cells(("x" + " " * 5000 + "\nfrom " + " " * 5000 + "\nasync " + " " * 5000 + "\n") * 60)
    ),
}
FILES: dict[str, Callable[[], bytes]] = {
    "JSON in JSON": lambda: nested(200_000),
    "JSON in JSON, not too deep": lambda: nested(900),
    "many lists": lambda: raw(released() | {"x": [[]] * 490_000}),
    "many numbers": lambda: raw(released() | {"x": [1.5] * 2_500_000}),
    "many names": lambda: raw(released() | {"x": {f"{i:x}": 1 for i in range(1_200_000)}}),
    "many texts": lambda: raw(released() | {"x": [f"{i:x}" for i in range(1_500_000)]}),
    "many cells": lambda: raw(with_cells(*["pass"] * 30_000)),
    "a wide text": lambda: raw(released() | {"x": "a" * 15_000_000 + "\U0001f600"}),
    "UTF-16": lambda: (
        json.dumps(released() | {"x": "a" * 7_000_000 + "\U0001f600"}, ensure_ascii=False)
    ).encode("utf-16"),
    "saved outputs": lambda: raw(
        with_outputs([{"output_type": "stream", "name": "stdout", "text": "x" * MEGABYTES}])
    ),
    "saved outputs of 100 MB": lambda: raw(
        with_outputs([{"output_type": "stream", "name": "stdout", "text": "x" * 12 * MEGABYTES}])
    ),
    "a source of many pieces": lambda: (
        raw(with_cells())
        and raw(
            {
                **released(),
                "cells": [
                    {"cell_type": "code", "metadata": {}, "source": ["\n"] * 3_000_000},
                    *released()["cells"],
                ],
            }
        )
    ),
    "wide cells": lambda: raw(with_cells("\U0001f600#" + "a" * 900_000)),
    "zeros": lambda: bytes(15 * MEGABYTES),
}
ANSWERS: dict[str, Callable[[], bytes]] = {
    "large arrays": lambda: function("return np.zeros((4000, 200, 2), 'float16')"),
    "large arrays in a dict": lambda: function("return {i: np.zeros(20_000) for i in range(20)}"),
    "large arrays where a number is expected": lambda: function("return np.full(1_000_000, 3)"),
    "lists of numbers": lambda: function("return [0.5] * 49_000"),
    "lists in lists": lambda: function("return [[]] * 4_000"),
    "lists of texts": lambda: function("return ['\\u1234'] * 40_000"),
    "a dict of very many keys": lambda: function("return {i: 1 for i in range(20_000)}"),
    "trees of many numbers": lambda: function(
        FRAME + "wire.encode = lambda value, chunks, depth=0: {'t': [0.5] * 200_000}\nreturn 1"
    ),
    "long texts of errors": lambda: function("raise ValueError('index ' * 100_000)"),
    "errors deep down": lambda: function("def f(n): return f(n - 1) if n else 1 / 0\nreturn f(900)"),
    "an array written into": lambda: function(
        "for a in args:\n    if isinstance(a, np.ndarray): a.resize(2_000_000, refcheck=False)\n"
        "return args[0]"
    ),
    "arrays of 0": lambda: function("return np.zeros((0, 10**9))"),
    "not a number": lambda: function(
        "return np.full_like(args[0] if isinstance(args[0], np.ndarray) else np.zeros(3), np.nan)"
    ),
    "memory": lambda: function("x = [bytes(10**7) for _ in range(10**5)]\nreturn x"),
}
TIMES: dict[str, Callable[[], bytes]] = {
    "loops": lambda: function("while True: pass"),
    "sleeps in each call": lambda: function("time.sleep(1)\nreturn args[0]"),
    "a cell that sleeps": lambda: raw(with_cells(*["import time\ntime.sleep(4.5)"] * 30)),
    "cells that loop": lambda: raw(with_cells(*["while True: pass"] * 30)),
    "a byte at a time": lambda: function(
        "import os\nwhile True:\n    os.write(3, b'\\x02')\n    time.sleep(0.001)"
    ),
    "an end in each call": lambda: function("import os\nos._exit(0)"),
    "functions that loop in turn": lambda: function(
        "if np.random.random() < 0.1:\n    while True: pass\nreturn args[0]"
    ),
}
KINDS = TEXTS | FILES | ANSWERS | TIMES

RIGHT = {
    "hidden_delta": "def hidden_delta(W_next, delta_next, z, hidden):\n"
    "    return (W_next.T @ delta_next) * g_prime(hidden, z)\n",
    "all_deltas": "def all_deltas(W, Z, A, Y, hidden, output):\n"
    "    delta = {len(W): output_delta(output, Z[len(W)], Y)}\n"
    "    for l in range(len(W) - 1, 0, -1):\n"
    "        delta[l] = hidden_delta(W[l + 1], delta[l + 1], Z[l], hidden)\n"
    "    return delta\n",
    "residual_delta": "def residual_delta(W, z, delta_a):\n"
    "    dz = delta_a * (1 - np.tanh(z) ** 2)\n"
    "    return dz, W.T @ dz + delta_a\n",
}
POINTS = 26
EXERCISES = len(RIGHT)


def right() -> bytes:
    content = released()
    for cell in content["cells"]:
        roles = cell["metadata"].get("nbgrader", {})
        if roles.get("solution"):
            cell["source"] = RIGHT.get(roles["grade_id"].removesuffix("_solution"), cell["source"])
    return raw(content)


def make_class(course: Path, honest: int, hostile: list[str]) -> None:
    """Folders honest-0, …, hostile-0, … in the course's submitted/."""
    for i in range(honest):
        _hand_in(course, f"honest-{i}", right())
    for i, kind in enumerate(hostile):
        _hand_in(course, f"hostile-{i}", KINDS[kind]())


def _hand_in(course: Path, student: str, data: bytes) -> None:
    path = course / "submitted" / student / NAME / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_bytes(data)


def limit(seconds: float) -> float:
    """The most seconds that one of these submissions may take, with so many seconds for an exercise: its
    exercises', those for cells that hang, and as many again for what the grader does itself.
    """
    loading = Limits().scaled(seconds / SECONDS).loading_seconds
    return 2 * (EXERCISES * seconds + loading)
