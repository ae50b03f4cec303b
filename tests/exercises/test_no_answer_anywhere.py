"""No file holds an answer to the graded set, and what anybody can copy from the book earns nothing there."""

import ast
import os
import re
from pathlib import Path
from unittest.mock import patch

import pytest

from autograder.exercises.graded import GRADED
from benchmarks.paste import SUFFIXES, best_of_all, files, functions, programs

ROOT = Path(__file__).resolve().parents[2]
# What a student has read, or may find: the chapters, the practice with its solutions, the recipe, and right
# answers of others to it. `python benchmarks/paste.py` tries all that stands anywhere.
TO_COPY = ("backprop", "book", "exercises", "solutions", "benchmarks/corpus", "tests/support")
STUB = "raise NotImplementedError()"


def defined(program):
    """Every function that a text defines under a graded exercise's name, wherever it stands."""
    try:
        tree = ast.parse(program)
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name in GRADED:
            yield node


def is_empty(node):
    """Nothing but its description, and that it isn't written yet."""
    *_, last = node.body
    rest = node.body[:-1] if ast.unparse(last) == STUB else node.body
    return all(isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant) for part in rest)


def test_no_file_defines_a_graded_function_with_a_body():
    everywhere = [path for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith((".", "_"))]
    left_out = {"node_modules", "build"}
    paths = [p for folder in everywhere if folder.name not in left_out for p in folder.rglob("*")]
    seen = 0
    for path in paths:
        if path.suffix not in SUFFIXES or "node_modules" in path.parts:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        if not re.search(rf"def ({'|'.join(GRADED)})\b", text):
            continue
        for program in programs(path):
            for node in defined(program):
                seen += 1
                assert is_empty(node), f"{path} holds an answer to {node.name}"
    # the sources and what is released of them
    assert seen >= 2 * len(GRADED)


@pytest.mark.parametrize(
    ("body", "empty"),
    [
        ('"""doc"""', True),
        (f'"""doc"""\n    {STUB}', True),
        ("return W_next.T @ delta_next", False),
        (f'"""doc"""\n    d = W_next.T\n    {STUB}', False),
    ],
)
def test_a_body_is_told_from_a_stub(body, empty):
    (node,) = defined(f"def skip_delta(W_next, delta_next):\n    {body}\n")
    assert is_empty(node) is empty


def test_what_can_be_copied_earns_next_to_nothing():
    """At most a tenth of any exercise's points, by any cell of the book and any solution of the practice."""
    paths = files(TO_COPY)
    # Some of what is copied sets variables of the environment.
    with patch.dict(os.environ):
        names = {function.__name__ for function in functions(tuple(paths))}
        some = [id for i, id in enumerate(GRADED) if i % 3 == 0]
        found = list(best_of_all([*some, "skip_delta", "tempered_delta", "backprop_rows"], paths))
    assert {"hidden_delta", "backprop", "affine", "softmax", "loss", "forward", "gradient_check"} <= names
    assert all(tried > 20 for *_, tried in found)
    assert {id: (fraction, name) for id, fraction, name, _ in found if fraction > 0.1} == {}
