"""Forty notebooks as a class hands them in: right, wrong, crashing, empty, hostile and odd ones, with three
assignments.
"""

import copy
import json
import sys
from collections.abc import Callable
from typing import Any

from tests.support import hostile_class
from tests.support.built_book import ROOT

sys.path.insert(0, str(ROOT / "examples"))
from make_class import CLASS, ESSAY_TEXT, STYLES, filled

STEP_2, STEP_1, SLOPES = "06-step-2", "05-step-1", "02-nonlinearities"
Make = Callable[[], bytes]


def answered(hidden_delta: str = STYLES["hidden_delta"], **others: str) -> dict[str, Any]:
    """Chapter 6's notebook with these bodies; right ones where none is given."""
    found: dict[str, Any] = json.loads(filled(STEP_2, STYLES | {"hidden_delta": hidden_delta} | others))
    return found


def raw(content: dict[str, Any]) -> bytes:
    return json.dumps(content).encode()


def body(hidden_delta: str, **others: str) -> Make:
    return lambda: raw(answered(hidden_delta, **others))


def output_delta(code: str) -> Make:
    """Chapter 5's notebook with this body."""
    return lambda: filled(STEP_1, {"output_delta": code}).encode()


def released(name: str = STEP_2) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(filled(name, {}))
    return found


def with_cell(source: str, place: int = 1) -> Make:
    """Right answers, and a cell of the student's own at this place."""

    def make() -> bytes:
        content = answered()
        cell = {"cell_type": "code", "id": "own", "metadata": {}, "source": source, "outputs": []}
        content["cells"].insert(place, cell | {"execution_count": None})
        return raw(content)

    return make


def changed(change: Callable[[dict[str, Any]], object]) -> Make:
    """Right answers in a notebook that was changed so."""

    def make() -> bytes:
        content = copy.deepcopy(answered())
        change(content)
        return raw(content)

    return make


def _lose_metadata(content: dict[str, Any]) -> None:
    for cell in content["cells"]:
        cell["metadata"] = {}


def _twice(content: dict[str, Any]) -> None:
    content["cells"] += copy.deepcopy(content["cells"][-4:])


def _old_format(content: dict[str, Any]) -> None:
    content["nbformat_minor"] = 2
    for cell in content["cells"]:
        cell.pop("id", None)
        cell["source"] = "".join(cell["source"]).splitlines(keepends=True)


SHORTCUT = "a = np.asarray(g_prime(hidden, z), dtype=np.float32)\nreturn (W_next.T @ delta_next) * a"
SUMS = "return np.einsum('kj,ki->ji', W_next, delta_next) * g_prime(hidden, z)"
RECURSION = """def down(l, delta):
    if l:
        delta[l] = hidden_delta(W[l + 1], delta[l + 1], Z[l], hidden)
        down(l - 1, delta)
    return delta
return down(max(W) - 1, {max(W): output_delta(output, Z[max(W)], Y)})"""
HELPER = "def back(W, delta):\n    return W.T @ delta\n"
LEAK = "print('score: 26 of 26', flush=True)\nimport os\nos.write(1, b'{\"score\": 26}')\nreturn z"
PATCH = "import numpy\nnumpy.allclose = numpy.array_equal = lambda *a, **k: True\n"

NOTEBOOKS: dict[str, tuple[str, Make]] = {
    "right": (STEP_2, body(STYLES["hidden_delta"])),
    "right with loops": (STEP_2, body(str(CLASS["right in another style"]))),
    "right in single precision": (STEP_2, body(SHORTCUT)),
    "right with einsum": (STEP_2, body(SUMS)),
    "right by recursion": (STEP_2, body(STYLES["hidden_delta"], all_deltas=RECURSION)),
    "right with a helper": (STEP_2, with_cell(HELPER)),
    "right, chapter 5": (
        STEP_1,
        output_delta("return g(output, z) - Y"),
    ),
    "an essay": (SLOPES, lambda: filled(SLOPES, {"why_same_g": ESSAY_TEXT}).encode()),
    **{
        kind: (STEP_2, body(str(CLASS[kind])))
        for kind in (
            "W for its transpose",
            "g'(a)",
            "no g'",
            "g' twice",
            "mask by delta",
            "a crash",
        )
    },
    "one layer too few": (
        STEP_2,
        body(STYLES["hidden_delta"], all_deltas=STYLES["all_deltas"].replace("0, -1", "1, -1")),
    ),
    "no identity": (
        STEP_2,
        body(STYLES["hidden_delta"], residual_delta=STYLES["residual_delta"].replace(" + delta_a", "")),
    ),
    "transposed": (STEP_2, body(f"{STYLES['hidden_delta']}.T")),
    "None": (STEP_2, body("return None")),
    "a sign in chapter 5": (
        STEP_1,
        output_delta("return Y - g(output, z)"),
    ),
    "no Python": (STEP_2, body("return (W_next.T @")),
    "an own cell that raises": (STEP_2, with_cell("raise ValueError('not yet')")),
    "recursion without an end": (STEP_2, body("return hidden_delta(W_next, delta_next, z, hidden)")),
    "exit": (STEP_2, body("import sys\nsys.exit(0)")),
    "as released": (STEP_2, lambda: raw(released())),
    "no cells": (STEP_2, lambda: raw(released() | {"cells": []})),
    "no bytes": (STEP_2, lambda: b""),
    "no JSON": (STEP_2, lambda: b"{"),
    "zeros": (STEP_2, lambda: bytes(4096)),
    "a loop": (STEP_2, body("while True:\n    pass")),
    "memory": (STEP_2, body("x = [bytes(10**7) for _ in range(10**5)]\nreturn x")),
    "a quick end": (STEP_2, body("import os\nos._exit(0)")),
    "claims on stdout": (STEP_2, body(LEAK)),
    "NumPy patched": (STEP_2, with_cell(PATCH)),
    "long errors": (STEP_2, hostile_class.ANSWERS["long texts of errors"]),
    "reads a file": (STEP_2, body("return open('/etc/passwd').read()")),
    "metadata lost": (STEP_2, changed(_lose_metadata)),
    "cells twice": (STEP_2, changed(_twice)),
    "an older format": (STEP_2, changed(_old_format)),
    "magics": (STEP_2, with_cell("%matplotlib inline\n!ls\nx = await __import__('asyncio').sleep(0, 3)")),
    "chapter 5's notebook": (STEP_2, lambda: filled(STEP_1, {}).encode()),
}
