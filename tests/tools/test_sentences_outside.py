"""Sentences for readers that no catalogue has: there are none. What looks like a sentence and is for nobody
to read is listed by its kind, and only shrinks; how many there are of each is printed (pytest -rP).
"""

import ast
import re
import sys
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import messages  # noqa: E402

from autograder.cli.mistyped import MISTYPED  # noqa: E402
from autograder.exercises.chapters.helps import HELPS  # noqa: E402
from autograder.misconceptions import CATALOGUE  # noqa: E402
from autograder.misconceptions.comparisons import COMPARISONS  # noqa: E402
from autograder.slips import kinds  # noqa: E402

# What no student and no teacher reads as a sentence, by its kind, with the files where it stands
NOT_FOR_READERS = {
    "names of cases, put together of numbers and phrases; the catalogues have the phrases": (
        "autograder/exercises/chapters/*",
        "autograder/exercises/from_forward.py",
        "autograder/exercises/networks.py",
        "autograder/exercises/probe_networks.py",
        "autograder/exercises/sampling.py",
    ),
    "ideas and cases of the graded set, which its tests compare": ("autograder/exercises/graded/*",),
    "help of options of nbgrader, which says the rest of its help in English": (
        "autograder/exports/plugins.py",
    ),
    "SQL, and what nbgrader itself writes and says": ("autograder/gradebook/*",),
    "names of columns and entries of other programs' files, and of ours for them": ("autograder/lms/*",),
    "words of TeX, code, what Python and Git say": ("autograder/notebooks/*",),
    "code that is run in a child, and its lists of names": (
        "autograder/sandbox/doctor.py",
        "autograder/sandbox/escape_attempts.py",
        "autograder/sandbox/launch.py",
        "autograder/sandbox/substitution.py",
    ),
    "said in the child, which has no catalogue: grader_words.py has it for the grader's side": (
        "autograder/sandbox/inside/*",
    ),
    "how a frame breaks the protocol, told of a notebook that attacks the wall; forms of Python's messages": (
        "autograder/sandbox/channel.py",
        "autograder/sandbox/child.py",
        "autograder/sandbox/known_messages.py",
        "autograder/sandbox/protocol.py",
    ),
}
# Of all of these together; it only shrinks
MOST_OUTSIDE = 352
SENTENCE = re.compile(r"[A-Za-z]{2,}[,;:.]? [a-z]{2,}[^=]*$")
# Errors that a programmer reads
FOR_PROGRAMMERS = ("AssertionError", "AttributeError", "KeyError", "LookupError", "TypeError", "ValueError")
# Names of kinds and a line of code
NO_SENTENCES = {
    "decimal sign",
    "between thousands",
    "a date for strftime",
    "from autograder import check",
    "locked: false",
    "locked: true",
    "^from autograder.authoring import .*\\btraced\\b",
    # The help of options, which tools/messages.py takes from the commands
    "print every score, of more than ",
    " submissions too",
    "inputs of size",
    "never answers",
    "two places",
    "long key",
    "penalised gradients",
    "from autograder.exercises.scalar_functions import make_function",
}


def outside_python(source, known):
    """The sentences of a Python file that are no docstring, no mark and no data that a catalogue has."""
    tree = ast.parse(source)
    inside = set()
    for node in ast.walk(tree):
        marked = isinstance(node, ast.Call) and getattr(node.func, "id", "") in messages.KEYWORDS
        raised = isinstance(node, ast.Call) and getattr(node.func, "id", "") in FOR_PROGRAMMERS
        if marked or raised or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            inside |= {id(part) for part in ast.walk(node)}
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and id(node) not in inside else None
        if isinstance(text, str) and SENTENCE.search(text) and text not in known | NO_SENTENCES:
            yield text


def outside_javascript(source):
    """The strings of a script that look like sentences and stand in no mark."""
    code = re.sub(r"^\s*//.*$|\s//.*$", "", source, flags=re.MULTILINE)
    code = re.sub(r'\b[_nN]_?\(\s*"[^"]*"(?:,\s*"[^"]*")?', "", code)
    for found in re.finditer(r'"([^"\n]*)"|`([^`]*)`', code):
        text = found[1] or found[2] or ""
        # Python that a widget copies
        if text.startswith(("# ", "def ")):
            continue
        if re.search(r"^[A-Z][a-z]+ [a-z]{2,}|[a-z]{3,}, [a-z]{2,} [a-z]{2,}", text):
            yield text


def found_outside():
    """By file: its sentences that no catalogue has."""
    # Code whose comments are in the catalogues
    known = {entry.snippet for entry in CATALOGUE.values()} | {given.line for given in COMPARISONS.values()}
    known |= {line for given in HELPS.values() for line in given.lines.values()}
    known |= {kind.rule for kind in kinds.ALL}
    # typer's sentences, each beside ours that is said in its place
    known |= {form for form, _sentence in MISTYPED}
    for message in messages.extracted():
        known |= {message.id} if isinstance(message.id, str) else set(message.id)
    found = {}
    for path in sorted((ROOT / "autograder").rglob("*.py")):
        found[path] = list(outside_python(path.read_text(encoding="utf-8"), known))
    for folder in ("book/_ext/live_book", "widgets/js"):
        for path in sorted(set((ROOT / folder).rglob("*.js")) - set((ROOT / folder).rglob("locale/*"))):
            found[path] = list(outside_javascript(path.read_text(encoding="utf-8")))
    return {path.relative_to(ROOT).as_posix(): texts for path, texts in found.items() if texts}


def test_no_sentence_for_readers_is_outside():
    found = found_outside()
    places = [place for places in NOT_FOR_READERS.values() for place in places]
    for kind, where in NOT_FOR_READERS.items():
        count = sum(len(texts) for path, texts in found.items() if any(fnmatch(path, p) for p in where))
        print(f"{count:4} {kind}")
    covered = {path: texts for path, texts in found.items() if not any(fnmatch(path, p) for p in places)}
    assert covered == {}, 'mark these, _("…"), then run make messages'
    assert [p for p in places if not any(fnmatch(path, p) for path in found)] == []
    assert sum(map(len, found.values())) <= MOST_OUTSIDE, "a new one: is it for readers?"


def test_what_is_outside_is_found():
    source = (
        'def f(x):\n    """A doc string."""\n    return _("in a mark"), "not in one", f"{x} of the two"\n'
    )
    assert list(outside_python(source, set())) == ["not in one", " of the two"]
    script = 'a = "Run the cell"; // Not this one\nb = _("Run all cells");'
    assert list(outside_javascript(script)) == ["Run the cell"]
