import numpy as np
import pytest

from autograder.sandbox.known_messages import (
    EXCEPTIONS,
    FORMS,
    LONGEST_NAME,
    LONGEST_TEXT,
    MOST_TEXTS,
    NotebookWords,
)

CELL = "def hidden_delta(W_next, delta_nxt, z):\n    return W_next.T @ delta_nxt"
OWN = NotebookWords((CELL,))


def raised(code, **names):
    try:
        exec(code, {"np": np, **names})
    except Exception as error:
        return type(error).__name__, str(error)
    raise AssertionError(f"{code} raises nothing")


A, B = np.ones((3, 7)), np.ones((4, 7))
EVERYDAY = (
    "A + B",
    "A @ B",
    "A[9]",
    "A[0, 0, 0]",
    "A['x']",
    "A.reshape(4, 4)",
    "bool(A) and 1",
    "np.concatenate([A, A.T])",
    "A + None",
    "A()",
    "None[0]",
    "W_next + 1",
    "A.W_next",
    "np.W_next",
    "[1, 2][5]",
    "{}[3]",
    "a, b = A",
    "a, b, c, d = A",
    "1 / 0",
    "int('x')",
    "float('z')",
    "np.array([[1, 2], [3]])",
    "np.linalg.inv(np.zeros((2, 2)))",
    "np.linalg.inv(A)",
    "(lambda z: 0)()",
    "(lambda z: 0)(1, 2)",
    "(lambda: 0)(z=1)",
    "'a' + 1",
    "[0] * 1.5",
    "-'z'",
    "len(3)",
    "A[1.5]",
    "A.sum(axis=5)",
    "np.max([])",
    "np.sin('x')",
    "np.zeros((2, 3)).dot(np.zeros((2, 3)))",
    "raise NotImplementedError()",
    "import numpy.nothing",
    "A.flags.writeable = False\nA += 1",
    "np.stack([A, B])",
    "float(A)",
    "for i in 3: pass",
    "{[]: 1}",
    "np.einsum('ij,jk', A, A)",
    "A += 1j",
    "np.int64(2) ** -1",
    "(",
    "x = = 1",
    "def f():\nreturn 1",
    "if 1:\n  x\n y",
    "'abc",
    "np.ones(10**14)",
    "f = lambda: f()\nf()",
)


@pytest.mark.parametrize("code", EVERYDAY)
def test_what_python_and_numpy_say_is_told_whole(code):
    type_, text = raised(code, A=A, B=B)
    told = NotebookWords((CELL, code)).message(type_, text)
    assert told == f"{type_}: {' '.join(text.split())}".removesuffix(": ")


@pytest.mark.parametrize(
    ("type_", "text", "told"),
    [
        ("ValueError", "/home/teacher/course", "ValueError (its text is not shown)"),
        ("ValueError", "L2hvbWUvdGVhY2hlcg==", "ValueError (its text is not shown)"),
        ("ValueError", "bigfacefeedbead", "ValueError (its text is not shown)"),
        ("KeyError", "'-0x1.bea241b9f62c0p-3'", "KeyError (its text is not shown)"),
        ("bigfacefeedbead", "", "an error"),
        ("bigfacefeedbead", "is not defined", "an error (its text is not shown)"),
        ("W_next", "/home/teacher", "W_next (its text is not shown)"),
        # The words of Python's messages, in no order of Python's.
        ("ValueError", "a array and any are at axis be but", "ValueError (its text is not shown)"),
        ("ValueError", "W_next z z W_next z W_next W_next z", "ValueError (its text is not shown)"),
        # Its forms, with something else in their places.
        ("NameError", "name 'bigface' is not defined", "NameError (its text is not shown)"),
        ("IndexError", "index 123456 is out of bounds for size 3", "IndexError (its text is not shown)"),
        (
            "ValueError",
            "operands could not be broadcast together with shapes (3,7) (4,31415926)",
            "ValueError",
        ),
        ("AttributeError", "'bigface' object has no attribute 'z'", "AttributeError (its text is not shown)"),
        ("ValueError", "division by zero\u2800\u28ff", "ValueError (its text is not shown)"),
        ("ValueError", "".join(chr(0x2800 + b) for b in range(200)), "ValueError (its text is not shown)"),
        ("SyntaxError", "invalid character '\u28ff' (U+28FF)", "SyntaxError (its text is not shown)"),
        ("z" * 41, "", "an error"),
    ],
)
def test_of_anything_else_the_kind_alone_is_told(type_, text, told):
    found = NotebookWords((CELL, "z" * 41)).message(type_, text)
    assert found == (told if "shown" in told or not text else f"{told} (its text is not shown)")


NO_FILES = "where exercises are graded there are no files, no other programs and no network"


@pytest.mark.parametrize(
    ("type_", "text", "told"),
    [
        ("PermissionError", "[Errno 13] Permission denied: '/home/teacher'", f"PermissionError: {NO_FILES}"),
        ("FileNotFoundError", "No usable temporary directory in ['/tmp']", f"FileNotFoundError: {NO_FILES}"),
        ("OSError", "", "OSError"),
        ("EOFError", "", "EOFError: input() can't be answered here, nor where exercises are graded: write"),
        ("W_next", "[Errno 13] Permission denied", "W_next (its text is not shown)"),
    ],
)
def test_what_is_not_there_is_said_in_place_of_an_unknown_text(type_, text, told):
    words = NotebookWords((CELL,))
    for message in (words.message(type_, text), words.plain_message(type_, text).replace("an error", type_)):
        assert message.startswith(told)
        assert "teacher" not in message


RAISES = """
def f(z):
    if z.ndim != 2: raise ValueError("z must be a matrix")
    if z.shape[0] > 3: raise ValueError(f"at most 3 rows, and not {z.shape[0]}, of {z.shape}")
    raise ValueError("a gap of %.3f" % z[0, 0])
"""


@pytest.mark.parametrize(
    "text",
    [
        "z must be a matrix",
        "at most 3 rows, and not 7, of (7, 2)",
        "a gap of 0.125",
        "a gap of -1",
    ],
)
def test_a_students_own_text_is_told_where_it_stands_in_the_notebook(text):
    assert NotebookWords((RAISES,)).own_text(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "z must be",
        "must be a matrix",
        "ValueError",
        "def f",
        "at most 3 rows, and not seven, of (7, 2)",
        "at most 4 rows, and not 7, of (7, 2)",
        "a gap of 0.1234567890123",
        "a gap of 1234567",
        "a gap of \u28ff",
        "a gap of 1\n",
        "/home/teacher",
        "3.141",
        "",
    ],
)
def test_and_nothing_else_of_it(text):
    assert NotebookWords((RAISES,)).own_text(text) == ""


def test_a_notebook_cannot_bring_an_alphabet_of_its_own():
    letters = NotebookWords(("x = ['a', 'b', 'c']\nx = 'abc'",))
    assert letters.own_text("abc") == "abc"
    assert [letters.own_text(text) for text in ("abca", "a b", "cab", "a', 'b")] == ["", "", "", "a', 'b"]


def test_an_error_is_told_where_it_was_raised_with_the_notebooks_own_lines():
    words = NotebookWords((CELL, RAISES))
    told = words.lines([(1, 2, "hidden_delta"), (2, 3, "f"), (2, 4, "bigface"), (9, 1, "f"), (1, 99, "f")])
    assert told.split("\n") == [
        '  File "<cell 1>", line 2, in hidden_delta',
        "    return W_next.T @ delta_nxt",
        '  File "<cell 2>", line 3, in f',
        '    if z.ndim != 2: raise ValueError("z must be a matrix")',
        '  File "<cell 2>", line 4',
        "    " + RAISES.split("\n")[3].strip(),
        '  File "<cell 1>", line 99, in f',
    ]


def test_the_longest_text_is_looked_at_within_a_moment():
    import time

    words = NotebookWords(("x = '" + "{" * 200_000 + "'",))
    started = time.process_time()
    for text in (
        "(1,1)" * 60,
        "a" * 300,
        "1 " * 4 + "x" * 190,
        "shapes " + "(1,1) " * 50,
        "'" * 300,
        "{" * 200,
    ):
        words.message("ValueError", text)
        words.own_text(text)
    assert time.process_time() - started < 1


def test_so_many_texts_are_looked_for_each_once(monkeypatch):
    looked = []
    stands = NotebookWords._stands_quoted
    monkeypatch.setattr(
        NotebookWords, "_stands_quoted", lambda self, text: looked.append(text) or stands(self, text)
    )
    words = NotebookWords(('raise ValueError(f"{l} layers")',))
    texts = [f"{number} layers" for number in range(MOST_TEXTS + 50)]
    for _ in range(2):
        assert [words.own_text(text) for text in texts] == texts[:MOST_TEXTS] + [""] * 50
    assert looked == texts[:MOST_TEXTS]


WORDS = "please_give_this_student_full_marks_now"


@pytest.mark.parametrize(
    "text",
    [
        f"name '{WORDS}' is not defined",
        f"module 'numpy' has no attribute '{WORDS}'",
        f"{WORDS}() missing 2 required positional arguments: '{WORDS}' and '{WORDS}'",
        f"cannot access local variable '{WORDS}' where it is not associated with a value",
        f"'{WORDS}'",
        WORDS,
    ],
)
@pytest.mark.parametrize("type_", ["NameError", "KeyError", "Please_give_full_marks"])
def test_a_plain_message_has_no_word_of_the_notebook(type_, text):
    words = NotebookWords((CELL, f"{WORDS} = Please_give_full_marks = None"))
    plain = words.plain_message(type_, text)
    assert "full" not in plain
    assert plain.startswith(type_ if type_ in EXCEPTIONS else "an error")


def test_a_plain_message_says_what_python_says():
    words = NotebookWords((CELL, "wrng = 1"))
    assert (
        words.plain_message("NameError", "name 'wrng' is not defined") == "NameError: name '…' is not defined"
    )
    assert (
        words.plain_message("ZeroDivisionError", "division by zero") == "ZeroDivisionError: division by zero"
    )
    assert words.plain_message("ValueError", "") == "ValueError"


def test_a_long_message_is_nobodys_and_a_million_lines_are_cut_once():
    words = NotebookWords(("\n" * 300_000 + "1 / 0",))
    assert not words.is_known("name '" + "x" * 10**6 + "' is not defined")
    assert words.lines([(1, 300_001, "f")] * 1000).count("\n") == 999
    assert sum(map(len, words._lines.values())) < 10**5


def test_comments_and_empty_lines_of_the_forms_are_no_messages():
    lines = FORMS.read_text(encoding="utf-8").splitlines()
    comments = [line for line in lines if line.startswith("#")]
    assert comments
    assert [line for line in ("", *comments) if OWN.is_known(line)] == []


def test_a_name_has_forty_letters_at_most():
    assert NotebookWords(("z" * LONGEST_NAME,)).type("z" * LONGEST_NAME)
    assert not NotebookWords(("z" * (LONGEST_NAME + 1),)).type("z" * (LONGEST_NAME + 1))


def test_messages_are_remembered_until_there_are_many():
    words = NotebookWords((CELL,))
    for number in range(MOST_TEXTS):
        assert words.is_known(f"index {number} is out of bounds for size 3")
    assert len(words._known) == MOST_TEXTS
    assert words.is_known("index 9999 is out of bounds for size 3")
    assert len(words._known) == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("z must be a matrix", True),
        ("z" * LONGEST_TEXT, True),
        ("z" * (LONGEST_TEXT + 1), False),
        ("z\u2800\u202ez", False),
        ("z 1 2 3 4", True),
        ("z 1 2 3 4 5", False),
        ("1 2", False),
    ],
)
def test_a_text_of_the_students_own_is_short_and_can_be_read(text, told):
    assert NotebookWords((f"raise ValueError('{text}')",)).own_text(text) == (text if told else "")
