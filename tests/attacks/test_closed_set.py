"""Every field of every frame is forged with marks, and no mark is in anything that grading writes.

A mark is put together where the student's code runs, so that it stands in no notebook: a word, Braille
characters (a byte each), a long name, a number of many digits.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.sandbox.zygote import Zygote

ROOT = Path(__file__).resolve().parents[2]
NAME = "06-step-2"
WORD = "".join(chr(97 + 7 * i % 26) for i in range(12))
BRAILLE = "".join(chr(0x2800 + 37 * i % 256) for i in range(60))
LONG = WORD * 12
NUMBER = 271 * 10007
MARKS = (WORD, BRAILLE[:4], str(NUMBER), f"{NUMBER:,}", f"{float(NUMBER)}", "0.2711", "2.711")
FORGE = """
import ctypes, json, os, struct, sys, time
word = "".join(chr(97 + 7 * i % 26) for i in range(12))
braille = "".join(chr(0x2800 + 37 * i % 256) for i in range(60))
long, number = word * 12, 271 * 10007
def served():
    frame = sys._getframe()
    while "FrameServer" not in frame.f_globals: frame = frame.f_back
    return frame
def forge(name, made):
    served().f_globals[name] = made
def forged(*parts):
    forge("described", lambda error: list(parts))
def told(tree):
    frame = served()
    while "self" not in frame.f_locals: frame = frame.f_back
    frame.f_locals["self"].wire.encode = lambda value, chunks, depth=0: tree
def send(header, payload=b""):
    text = json.dumps(header).encode()
    for fd in range(3, 10):
        try: os.write(fd, struct.pack("<II", len(text), len(payload)) + text + payload)
        except OSError: pass
def nonce():
    frame = sys._getframe()
    while "nonce" not in frame.f_locals.get("header", ()): frame = frame.f_back
    return frame.f_locals["header"]["nonce"]
"""
TEXTS = {"a word": "word", "Braille": "braille", "a long name": "long", "a number": "str(number)"}
FIELDS = {
    "kind": "forged({0}, 'ValueError', '', '', [])",
    "type": "forged('exception', {0}, '', '', [])",
    "text": "forged('exception', 'ValueError', {0}, '', [])",
    "text in Python's own form": "forged('exception', 'NameError', 'name ' + repr({0})"
    " + ' is not defined', '', [])",
    "who raised it": "forged('exception', 'ValueError', '', {0}, [])",
    "where": "forged('exception', 'ValueError', '', '', [[1, 2, {0}]])",
    "line": "forged('exception', 'ValueError', '', '', [[number, number, {0}]])",
    "a memory error's type": "forged('memory', {0}, {0}, {0}, [])",
    "a missing function": "forged('missing', '', 'no function ' + {0} + ' was found', '', [])",
    "an answer too long": "forged('long', {0}, {0}, {0}, [])",
    "a protocol error": "forged('protocol', '', {0}, '', [])",
    "an error of the form of old": "forged('missing', {0}, '', '', '')",
}
RAISED = {
    f"{field}: {what}": f"{code.format(text)}\nraise ValueError"
    for field, code in FIELDS.items()
    for what, text in TEXTS.items()
}
# The same by honest means, and what is no error.
SAID = {
    "an error's text": "raise ValueError(braille)",
    "an error's name": "raise type(word, (Exception,), {})(word)",
    "a name that is not defined": "eval(word)",
    "an attribute": "getattr(np, word)",
    "a key": "return {{}[word] for _ in z}",
    "a file": "open('/' + word)",
    "a message of numbers": "raise IndexError(f'index {number} is out of bounds for size 3')",
    "a shape": "return np.zeros((0, number, number))",
    "a dtype": "return np.zeros(3, [(word, float)])",
    "a type": "return type(word, (), {})()",
    "keys": "return {number + i: z for i in range(3)}",
    "a text": "return braille",
    "a length": "return [1] * (number // 100)",
    "a factor": "return (W_next.T @ delta_next) * g_prime(hidden, z) * (1 + number / 1e7)",
    "the time": "time.sleep(number / 1e7)\nreturn z",
    "a loop until some time": "end = time.time() + number / 1e6\nwhile True: pass",
    "an exit": "os._exit(97)",
    "an exit with a text": "raise SystemExit(word)",
    "a signal": "ctypes.string_at(0)",
    "printed": "print(word)\nos.write(1, word.encode())\nos.write(2, word.encode())\nreturn z",
    "a warning": "import warnings\nwarnings.warn(word)\nreturn z",
}
TREES = {
    f"{kind}: {what}": f"told({tree.format(text)})\nreturn z"
    for kind, tree in {
        "what does not cross": "{{'x': ['type', {0}]}}",
        "the kind of what does not cross": "{{'x': [{0}, 'set']}}",
        "a description": "{{'x': {0}}}",
        "a value's kind": "{{{0}: 1}}",
        "a form": "{{'a': {0}}}",
        "a scalar": "{{'g': {0}}}",
        "a function": "{{'p': [{0}, []]}}",
        "a str": "{0}",
        "entries": "{{'l': [{0}, {{'x': ['type', 'set']}}]}}",
        "keys of no ints": "{{'d': [[{0}, 1]]}}",
    }.items()
    for what, text in TEXTS.items()
}
FRAMES = {
    "a cell": "send({'cell': number, word: 1})",
    "a failure": "send({'failed': ['exception', word, word, word, []]})",
    "names": "send({'nonce': nonce(), 'names': [word, braille]})",
    "a refusal": "send({'refused': word})",
    "ready": "send({'ready': {word: word}})",
    "loaded as of old": "send({'nonce': nonce(), 'loaded': [[0, 'exception', word, word, word, word]],"
    " 'names': [word], 'printed': braille})",
    "another nonce": "send({'nonce': word, 'replies': [{'value': 1, 'after': False}]})",
    "another key": "send({'nonce': nonce(), 'replies': [{word: braille, 'after': False}]})",
    "arguments": "send({'nonce': nonce(), 'replies': [{'value': 1, 'after': [[braille]] * 4}]})",
    "a length": "send({'nonce': nonce(), 'x': word}, b'0' * number)",
    "an announced length": "os.write(3, struct.pack('<II', 2, number * 100) + b'{}')",
    "no JSON": "os.write(3, struct.pack('<II', len(word), 0) + word.encode())",
}
CALLED = RAISED | SAID | TREES | {f"frame: {name}": f"{code}\nreturn z" for name, code in FRAMES.items()}


def function(body):
    lines = "\n".join("    " + line for line in body.split("\n"))
    return f"{FORGE}\ndef hidden_delta(W_next, delta_next, z, hidden):\n{lines}\n"


def notebook(source):
    content = json.loads((ROOT / "exercises" / NAME / f"{NAME}.ipynb").read_bytes())
    for cell in content["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "hidden_delta_solution":
            cell["source"] = source
    return content


# Called, and while the cells are run: what a cell does there ends in nothing that could be called.
WHEN_CALLED = {f"called {i}": function(body) for i, body in enumerate(CALLED.values())}
AT_LOADING = {
    f"loading {i}": FORGE + body.replace("return z", "hidden_delta = 1").replace("return ", "_ = ")
    for i, body in enumerate((*RAISED.values(), *SAID.values(), *(f"{c}\n1 / 0" for c in FRAMES.values())))
    if "W_next" not in body
}
SHOWN = "shown"


def autograder(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "autograder", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=550,
        check=False,
    )


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """All bytes that grading and the report write or print, by file."""
    course = tmp_path_factory.mktemp("course")
    sources = WHEN_CALLED | AT_LOADING | {SHOWN: f"# {WORD} {BRAILLE} {NUMBER}\n"}
    for student, source in sources.items():
        path = course / "submitted" / student.replace(" ", "-") / NAME / f"{NAME}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(notebook(source)))
    graded = autograder("grade", course, "--seed", "s", "--timeout", "1", "--json", course / "reports.json")
    assert graded.returncode == 1, graded.stderr
    told = autograder("report", course)
    found = {"printed": (graded.stdout + graded.stderr + told.stdout + told.stderr).encode()}
    for path in sorted(course.rglob("*")):
        if path.is_file() and "submitted" not in path.relative_to(course).parts:
            found[str(path.relative_to(course))] = path.read_bytes()
    return found


def marks_in(data):
    text = data.decode("utf-8", "replace")
    found = [mark for mark in MARKS if mark in text]
    # As JSON writes it, and as bytes of two in a database.
    return found + [mark for mark in (BRAILLE[:4],) if json.dumps(mark)[1:-1] in text]


def test_there_are_enough_of_them(written):
    assert len(WHEN_CALLED) >= 110
    assert len(AT_LOADING) >= 60
    pages = [name for name in written if name.startswith("feedback/") and name.endswith(".html")]
    assert len(pages) == len(WHEN_CALLED) + len(AT_LOADING) + 1
    assert {"gradebook.db", "reports.json"} <= set(written)


def test_no_mark_is_in_anything_that_is_written(written):
    leaks = {
        name: found
        for name, data in written.items()
        if f"/{SHOWN}/" not in name and (found := marks_in(data))
    }
    assert leaks == {}


def test_a_mark_that_stands_in_a_notebook_is_found_by_the_same_search(written):
    page = next(data for name, data in written.items() if name.startswith(f"feedback/{SHOWN}/"))
    assert {WORD, BRAILLE[:4], str(NUMBER)} <= set(marks_in(page))


def test_no_attack_earns_a_point(written):
    for report in json.loads(written["reports.json"]):
        mine = next(e for e in report["exercises"] if e["id"] == "hidden_delta")
        assert mine["score"] == 0, (report["student"], mine)


def test_what_is_forged_reaches_the_grader():
    """The control: in forms that are known a forged error is told, and a forged value is taken."""
    body = "forged('exception', 'KeyError', 'division by zero', 'f', [])\n    raise ValueError"
    with Zygote("strong") as zygote:
        with zygote.child([FORGE, f"def f():\n    {body}"], public=True) as child:
            error = child("f", ()).error
            assert (error.message, error.raised_in) == ("KeyError: division by zero", "f")
        with zygote.child([FORGE, "def f():\n    told(42)\n    return 7"]) as child:
            assert child("f", ()).value == 42
