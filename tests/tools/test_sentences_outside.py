"""Sentences for readers that no catalogue has: none in what is covered, and a list of what isn't, which only
shrinks. The number of sentences left outside is printed (pytest -rP).
"""

import ast
import re
import sys
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import messages  # noqa: E402

# What is not covered yet: the statements and other data of exercises, what the sandbox tells of itself.
# In gradebook/, lms/ and notebooks/: SQL, the names of columns, lists of names.
NOT_COVERED = (
    "autograder/exercises/*",
    "autograder/exports/plugins.py",
    "autograder/gradebook/create_gradebook.py",
    "autograder/gradebook/gradebook.py",
    "autograder/gradebook/nbgrader_models.py",
    "autograder/gradebook/write_entries.py",
    "autograder/in_nbgrader.py",
    "autograder/lms/*",
    "autograder/misconceptions/*",
    "autograder/notebooks/notebook.py",
    "autograder/notebooks/sanitize.py",
    "autograder/notebooks/submission.py",
    "autograder/sandbox/*",
    "autograder/slips/*",
    "autograder/tracing/*",
)
SENTENCE = re.compile(r"[A-Za-z]{2,}[,;:.]? [a-z]{2,}[^=]*$")
# Errors that a programmer reads
FOR_PROGRAMMERS = ("AssertionError", "AttributeError", "KeyError", "TypeError", "ValueError")
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
    known = set()
    for message in messages.extracted():
        known |= {message.id} if isinstance(message.id, str) else set(message.id)
    found = {}
    for path in sorted((ROOT / "autograder").rglob("*.py")):
        found[path] = list(outside_python(path.read_text(encoding="utf-8"), known))
    for folder in ("book/_ext/live_book", "widgets/js"):
        for path in sorted(set((ROOT / folder).rglob("*.js")) - set((ROOT / folder).rglob("locale/*"))):
            found[path] = list(outside_javascript(path.read_text(encoding="utf-8")))
    return {path.relative_to(ROOT).as_posix(): texts for path, texts in found.items() if texts}


def test_no_sentence_is_outside_but_in_what_is_not_covered_yet():
    found = found_outside()
    print(f"{sum(map(len, found.values()))} sentences outside the catalogues, in {len(found)} files")
    covered = {path: texts for path, texts in found.items() if not any(fnmatch(path, p) for p in NOT_COVERED)}
    assert covered == {}, 'mark these, _("…"), then run make messages'
    assert [p for p in NOT_COVERED if not any(fnmatch(path, p) for path in found)] == []


def test_what_is_outside_is_found():
    source = (
        'def f(x):\n    """A doc string."""\n    return _("in a mark"), "not in one", f"{x} of the two"\n'
    )
    assert list(outside_python(source, set())) == ["not in one", " of the two"]
    script = 'a = "Run the cell"; // Not this one\nb = _("Run all cells");'
    assert list(outside_javascript(script)) == ["Run the cell"]
