"""What the grader says of a child: the sentences of the child's side, known here, in a course's language."""

import ast
import re

import pytest

from autograder._language import use_language
from autograder.sandbox import doctor, launch
from autograder.sandbox.calls import LocalCaller
from autograder.sandbox.forked_process import cause_of_end
from autograder.sandbox.grader_words import (
    DOES_NOT_CROSS,
    NOT_LOCKED,
    REFUSED,
    in_the_language,
    why_not_locked,
)
from autograder.sandbox.inside import wire
from autograder.sandbox.known_messages import NotebookWords

# What a child raises for who reads a cell's error or what `doctor` says
RAISED = re.compile("ConfinementError|ModuleNotFoundError|EOFError")


@pytest.fixture
def spanish():
    use_language("es")
    yield
    use_language("en")


def raised_in(name):
    """The sentences of the errors that a file of the child's side raises, values as "x"."""
    for node in ast.walk(ast.parse(launch.SOURCES[name].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and RAISED.fullmatch(getattr(node.func, "id", "")) and node.args:
            text = node.args[0]
            parts = text.values if isinstance(text, ast.JoinedStr) else [text]
            yield "".join(part.value if isinstance(part, ast.Constant) else "x" for part in parts)


@pytest.mark.usefixtures("spanish")
@pytest.mark.parametrize("name", ["confinement", "imports", "cells"])
def test_every_sentence_of_the_childs_side_is_known_here(name):
    found = list(raised_in(name))
    assert found
    for text in found:
        # What only NumPy and the standard library are said of, in a constant of its own
        text = text.replace("imported: x", f"imported: {REFUSED[0].split(': ')[1]}")
        assert in_the_language(text, (*REFUSED, *NOT_LOCKED)) != text or why_not_locked(text) != text, text


def test_everything_that_does_not_cross_has_words():
    assert {*DOES_NOT_CROSS, "type"} == set(wire.OPAQUE)


@pytest.mark.usefixtures("spanish")
def test_what_the_grader_says_of_a_call_is_in_the_courses_language():
    missing = LocalCaller(len, "f")("g", ()).error
    assert missing.message == "no se encontró ninguna función g"
    assert cause_of_end(3, "f").message == "f terminó Python (código de salida 3)"
    words = NotebookWords(("import torch",))
    only = "can't be imported: only NumPy and the standard library can be imported where exercises are graded"
    assert words.message("ModuleNotFoundError", f"torch {only}") == (
        "ModuleNotFoundError: torch no se puede importar: donde se califican los ejercicios solo se pueden "
        "importar NumPy y la biblioteca estándar"
    )
    assert words.plain_message("ModuleNotFoundError", f"torch {only}").startswith(
        "ModuleNotFoundError: … no se puede importar"
    )
    assert words.message("ValueError", "/home/teacher") == "ValueError (su texto no se muestra)"


@pytest.mark.usefixtures("spanish")
def test_doctor_finds_the_wall_by_what_it_is_and_not_by_its_name_in_a_language():
    found = [doctor.Finding(doctor.WALL, True, "…")]
    assert doctor.level(found) == "strong"
    assert "la barrera" in doctor.text(found)
    assert doctor.acts({"read a file", "fork"}) == "bifurcarse (fork), leer un archivo"
