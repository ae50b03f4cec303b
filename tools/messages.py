"""The catalogues of other languages: make messages

    python tools/messages.py                   extract every sentence, update each language's .po, compile it
    python tools/messages.py --add de          begin a language
    python tools/messages.py --check           change nothing; end with 1 where a file is not up to date

Sentences are found where they are marked, `_("…")` and `N_("…")` in Python and JavaScript and
`{{ _("…") }}` in templates, and where they are data: the catalogue of mistakes, the help with exercises, the
sentences of derived mistakes, the names of cases. autograder/locale/<language>/LC_MESSAGES/ holds for each
language autograder.po, which people edit, and what is made of it: autograder.mo for Python, and the sentences
of the pages and widgets as JavaScript.
"""

import argparse
import ast
import io
import json
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "book" / "_ext")]

from reading import notation  # noqa: E402

from autograder._language import COMMENT, DOMAIN  # noqa: E402
from autograder.cli.app import MODULES, whole_command  # noqa: E402
from autograder.cli.help_words import GROUP_OPTIONS, help_sentences  # noqa: E402
from autograder.course.policies import HEAD_LINE, POLICIES_FILE  # noqa: E402
from autograder.exercises import ALL_EXERCISES  # noqa: E402
from autograder.exercises.chapters.helps import HELPS  # noqa: E402
from autograder.feedback.case_words import phrases  # noqa: E402
from autograder.misconceptions import CATALOGUE  # noqa: E402
from autograder.misconceptions.comparisons import COMPARISONS  # noqa: E402
from autograder.misconceptions.equations import EQUATIONS  # noqa: E402
from autograder.reports.analysis import topic  # noqa: E402
from autograder.sandbox.escape_attempts import ATTEMPTS  # noqa: E402
from autograder.slips import kinds, sentences, slopes  # noqa: E402

LOCALE = ROOT / "autograder" / "locale"
WIDGETS = ROOT / "widgets" / "js" / "locale"
KEYWORDS = {"_": None, "N_": None, "n_": (1, 2)}
HELPS_FILE = "autograder/exercises/chapters/helps.py"
# An equation that says something in words too
IN_WORDS = re.compile(r"\b(?:for|where|every|beyond|repeated|over|mean of|sum of)\b")
WORD = re.compile(r"[A-Za-z]{2}")
# Names of the code, which no language translates
NAMES = re.compile(
    r"\b(sigmoid|tanh|relu|softmax|identity|delta|lambda|beta|gamma|float\d\d|\w+_\w+|d[A-Z][a-z0-9]?|d[a-z]|kappa)\b"
)
_TEXT = r"""("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
IN_JAVASCRIPT = re.compile(rf"(?<![\w$.])(_|N_|n_)\(\s*{_TEXT}(?:,\s*{_TEXT})?")
# How a language writes what is between words; a catalogue without them writes as English does
SIGNS = (
    ("decimal sign", "."),
    ("between thousands", ","),
    ("after a percentage", "%"),
    ("a date for strftime", "%Y-%m-%d"),
)
# Lines of a .po file's head: dates, which change on every run, and what nobody has filled in
LEFT_OUT = tuple(
    f'"{name}:'
    for name in (
        "Project-Id-Version",
        "POT-Creation-Date",
        "PO-Revision-Date",
        "Generated-By",
        "Report-Msgid-Bugs-To",
        "Last-Translator",
        "Language-Team",
    )
)
# One date for all: the same bytes on every run
NO_DATE = datetime.fromtimestamp(0, UTC)
HEAD = {
    "project": "deltabook",
    "charset": "utf-8",
    "fuzzy": False,
    "header_comment": "# See book/languages.md",
}
HEAD |= {"creation_date": NO_DATE, "revision_date": NO_DATE}
Found = tuple[str, int, str | tuple[str, ...], str]


def marked() -> Iterator[Found]:
    """(file, line, sentence or its forms, what a translator is told) of every mark in the code."""
    for folder in ("autograder", "book/_ext", "tools"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for line, message in in_python(path.read_text(encoding="utf-8")):
                yield path.relative_to(ROOT).as_posix(), line, message, ""
    folders = (ROOT / "autograder" / "templates", ROOT / "book" / "_ext")
    templates = [path for folder in folders for path in folder.rglob("*.j2")]
    for path in sorted([*templates, *(ROOT / "book" / "_templates").glob("*.html")]):
        keywords = KEYWORDS if path.suffix == ".j2" else {"says": None}
        with path.open("rb") as file:
            for line, function, arguments, _comments in babel_extract(file, keywords, (), {}):
                # Else a name, of a sentence that is marked elsewhere
                if given := (arguments,) if isinstance(arguments, str) else arguments:
                    message = tuple(given[:2]) if function == "n_" else given[0]
                    yield path.relative_to(ROOT).as_posix(), line, message, ""
    for folder in ("book/_ext", "widgets/js"):
        for path in sorted((ROOT / folder).rglob("*.js")):
            for line, message in in_javascript(path.read_text(encoding="utf-8")):
                yield path.relative_to(ROOT).as_posix(), line, message, ""


def in_python(source: str) -> Iterator[tuple[int, str | tuple[str, ...]]]:
    """The marks of a Python file, those within f-strings too, which a reader of tokens does not see."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS:
            count = 2 if node.func.id == "n_" else 1
            words = [arg.value for arg in node.args[:count] if isinstance(arg, ast.Constant)]
            if len(words) == count:
                yield node.lineno, words[0] if count == 1 else tuple(words)


def in_javascript(source: str) -> Iterator[tuple[int, str | tuple[str, ...]]]:
    """The same of a script, those too that stand within another's values, which babel passes over."""
    for found in IN_JAVASCRIPT.finditer(source):
        words = [ast.literal_eval(text) for text in found.group(2, 3) if text]
        several = found[1] == "n_"
        yield source[: found.start()].count("\n") + 1, tuple(words) if several else words[0]


def data() -> Iterator[Found]:
    """The same of the sentences that are data."""
    folder = "autograder/misconceptions"
    for code, entry in CATALOGUE.items():
        module = entry.__module__.replace(".", "/") + ".py"
        for field in ("name", "sentence", "hint"):
            yield module, 0, getattr(entry, field), f"{code}: {field}"
        yield module, 0, entry.explanation(), f"{code}: its page in the book"
        yield module, 0, entry.comparison().compare, f"{code}: what to compare"
        for words in COMMENT.findall(entry.snippet):
            yield module, 0, words, f"{code}: a comment in its code"
    for code, comparison in COMPARISONS.items():
        yield f"{folder}/comparisons", 0, comparison.compare, f"{code}: what to compare"
        for words in COMMENT.findall(comparison.line):
            yield f"{folder}/comparisons", 0, words, f"{code}: a comment in the line of its help"
    for number, equation in EQUATIONS.items():
        if IN_WORDS.search(equation):
            yield f"{folder}/equations.py", 0, equation, f"equation {number}, the terms' names in braces"
    for id, given in HELPS.items():
        for field in ("question", "compare", "right"):
            yield HELPS_FILE, 0, getattr(given, field), f"{id}: {field}"
        for line in given.lines.values():
            for words in COMMENT.findall(line):
                yield HELPS_FILE, 0, words, f"{id}: a comment in the line of its help"
        for equation in filter(IN_WORDS.search, given.equations):
            yield HELPS_FILE, 0, equation, f"{id}: its equation"
    for kind in kinds.ALL:
        for field in ("name", "hint", "compare"):
            yield "autograder/slips/kinds.py", 0, getattr(kind, field), f"{kind.code}: {field}"
        for words in COMMENT.findall(kind.rule):
            yield "autograder/slips/kinds.py", 0, words, f"{kind.code}: a comment in its rule"
    for name, words in sentences.SENTENCES.items():
        yield "autograder/slips/sentences.py", 0, words, f"a derived mistake: {name}"
    for verb in (*sentences.SINGULAR.values(), *sentences.PLURAL.values()):
        yield (
            "autograder/slips/sentences.py",
            0,
            verb,
            "a verb of these, of one or several gradients",
        )
    for forms in slopes.OTHER_SLOPES.values():
        for _rank, told, _formula in forms:
            yield "autograder/slips/slopes.py", 0, told, "what a wrong slope looks like"
    for symbol in notation.read():
        yield "book/notation.toml", 0, symbol.name, "a symbol of the notation"
        yield "book/notation.toml", 0, symbol.shape_in_tex, "a symbol's shape"
    for attempt in ATTEMPTS:
        yield "autograder/sandbox/escape_attempts.py", 0, attempt.name, "an act that the wall forbids"
    yield from _of_policies()
    yield from _of_exercises()
    yield from _of_commands()


def _of_policies() -> Iterator[Found]:
    """The comments of the policies' file that a course begins with."""
    file = f"autograder/templates/{POLICIES_FILE}"
    text = (ROOT / file).read_text(encoding="utf-8")
    for words in (*HEAD_LINE.findall(text), *COMMENT.findall(text)):
        yield file, 0, words, "a comment, on one line"


def _of_commands() -> Iterator[Found]:
    """The help of the commands and of their options, and the names of chapters that a report tells."""
    for name, module in MODULES.items():
        for sentence in help_sentences(whole_command(name)):
            yield f"autograder/cli/{module}.py", 0, sentence, f"help of `autograder {name}`"
    for sentence in GROUP_OPTIONS:
        yield "autograder/cli/app.py", 0, sentence, "help of `autograder`"
    for name in sorted({exercise.assignment for exercise in ALL_EXERCISES.values()}):
        yield "autograder/reports/analysis.py", 0, topic(name), "a chapter's name in a report"


def _of_exercises() -> Iterator[Found]:
    """What exercises call their parts, cases, letters and square nets."""
    for exercise in ALL_EXERCISES.values():
        where = f"autograder/exercises/{exercise.assignment}"
        cases, targets = exercise.asked(b"messages", public=True)
        names = [*(case.name for case in cases), *exercise.parts, *(p for t in targets for p in t.parts)]
        for name in names:
            for phrase in phrases(name):
                yield where, 0, phrase, "a case or a part, {} a number"
        yield where, 0, exercise.square, "where a network is square"
        for words in exercise.letters.values():
            yield where, 0, words, "what a letter stands for"


def extracted() -> Catalog:
    """Every sentence, in the order of the files."""
    found = Catalog(**HEAD)
    for context, sign in SIGNS:
        found.add(sign, context=context, auto_comments=["how a number is written"])
    for file, line, message, comment in sorted([*marked(), *data()], key=lambda m: (m[0], m[1])):
        words = message if isinstance(message, tuple) else (message,)
        if all(words) and any(WORD.search(NAMES.sub("", text)) for text in words):
            found.add(message, locations=[(file, line)], auto_comments=[comment] if comment else [])
    return found


def po_path(language: str) -> Path:
    """A language's own file."""
    return LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def updated(language: str, messages: Catalog) -> Catalog:
    """A language's catalogue with all sentences of today, and with no others; what was translated stays."""
    path = po_path(language)
    if not path.is_file():
        catalogue = Catalog(locale=language, **HEAD)
    else:
        with path.open("rb") as file:
            catalogue = Catalog(locale=language, **HEAD)
            # The first one is the file's head, with a date
            for message in filter(lambda message: message.id, read_po(file, locale=language)):
                catalogue[message.id] = message
    catalogue.update(messages, no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    return catalogue


def text_of(catalogue: Catalog) -> bytes:
    """A .po file: without line numbers, which change with every edit of the code."""
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=100, include_lineno=False, omit_header=False, sort_output=False)
    lines = buffer.getvalue().decode("utf-8").split("\n")
    return "\n".join(line for line in lines if not line.startswith(LEFT_OUT)).encode()


def files_of(language: str, messages: Catalog) -> dict[Path, bytes]:
    """What a language's files must hold today."""
    catalogue = updated(language, messages)
    path = po_path(language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    return {
        path: text_of(catalogue),
        path.with_suffix(".mo"): compiled.getvalue(),
        path.with_suffix(".js"): for_scripts(catalogue, "book/"),
        WIDGETS / f"{language}.js": for_scripts(catalogue, "widgets/"),
    }


def for_scripts(catalogue: Catalog, folder: str) -> bytes:
    """The sentences of a folder's scripts as a module: what the pages, or the widgets, read."""
    found = {
        message.id if isinstance(message.id, str) else message.id[0]: message.string
        for message in catalogue
        if is_translated(message.string) and _said_in(message, folder)
    }
    sign = catalogue.get(".", context="decimal sign").string or "."
    lines = [
        f"// Made by tools/messages.py of {DOMAIN}.po",
        # The expression of a .po file is C's, and JavaScript's too
        f"export const plural = (n) => Number({catalogue.plural_expr});",
        f"export const decimal = {json.dumps(sign)};",
        # Where the comma is the decimal sign, numbers of a list stand apart by semicolons
        f"export const list = {json.dumps('; ' if sign == ',' else ', ')};",
        f"export default {json.dumps(found, ensure_ascii=False)};",
    ]
    return ("\n".join(lines) + "\n").encode()


def _said_in(message: Message, folder: str) -> bool:
    """Does a script of the folder say it?"""
    places = [str(place) for place, _line in message.locations]
    return any(place.startswith(folder) and place.endswith(".js") for place in places)


def languages() -> list[str]:
    """Every language that has a catalogue."""
    return sorted(path.parent.parent.name for path in LOCALE.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))


def share(language: str) -> tuple[int, int]:
    """How many sentences are translated, of how many."""
    with po_path(language).open("rb") as file:
        catalogue = read_po(file, locale=language)
    told = [message for message in catalogue if message.id]
    return sum(is_translated(message.string) for message in told), len(told)


def is_translated(string: str | tuple[str, ...]) -> bool:
    """Has every form words?"""
    return all(string) if isinstance(string, tuple) else bool(string)


def main(arguments: list[str] | None = None) -> int:
    """0; with --check 1 where something would change."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--add", metavar="LANGUAGE", help="its code: de, fr, pt_BR")
    parser.add_argument("--check", action="store_true", help="change nothing")
    given = parser.parse_args(arguments)
    messages = extracted()
    stale = 0
    for language in sorted({*languages(), *([given.add] if given.add else [])}):
        for path, content in files_of(language, messages).items():
            if path.is_file() and path.read_bytes() == content:
                continue
            stale += 1
            if given.check:
                print(f"{path} is not up to date: run make messages", file=sys.stderr)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        if po_path(language).is_file():
            done, of = share(language)
            print(f"{language}: {done} of {of} sentences translated")
    return 1 if given.check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
