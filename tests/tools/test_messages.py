"""The catalogues of other languages: up to date, whole, and with the places that the sentences have."""

import ast
import re
import sys
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from autograder import _language
from autograder._language import use_language

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import messages  # noqa: E402


def catalogue(language):
    with messages.po_path(language).open("rb") as file:
        return [message for message in read_po(file, locale=language) if message.id]


def places(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_the_catalogues_hold_the_sentences_of_today():
    found = messages.extracted()
    for language in messages.languages():
        stale = [
            path.name
            for path, content in messages.files_of(language, found).items()
            if path.read_bytes() != content
        ]
        assert stale == [], "run make messages, and translate what is new in autograder/locale"


@pytest.mark.parametrize("language", messages.languages())
def test_a_translation_has_no_place_that_the_sentence_lacks(language):
    wrong = {}
    for message in catalogue(language):
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        first = message.id if isinstance(message.id, str) else message.id[0]
        if "{" not in first or any("{}" in text for text in (first, *forms)):
            continue
        known = places(first) | {"n"}
        wrong |= {form: places(form) - known for form in forms if places(form) - known}
    assert wrong == {}


@pytest.mark.parametrize("language", messages.languages())
def test_a_name_of_a_case_keeps_its_numbers(language):
    for message in catalogue(language):
        if isinstance(message.id, str) and "{}" in message.id and message.string:
            assert message.string.count("{}") == message.id.count("{}"), message.id


def test_marks_in_f_strings_are_found():
    source = 'a = f"{_(\'in one\')} {b}"\nc = n_("{n} word", "{n} words", n)\nd = _(e)\n'
    assert list(messages.in_python(source)) == [(2, ("{n} word", "{n} words")), (1, "in one")]


def test_every_mark_gives_the_values_that_its_sentence_has_places_for():
    wrong = []
    for folder in ("autograder", "book/_ext", "tools"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("_", "n_")):
                    continue
                given = {keyword.arg for keyword in node.keywords}
                # Without values a sentence is shown as it stands; **values are not known here.
                if None in given or not (given or node.func.id == "n_"):
                    continue
                texts = [arg.value for arg in node.args[:2] if isinstance(arg, ast.Constant)]
                asked = set().union(*(places(text) for text in texts if isinstance(text, str)))
                wrong += [f"{path.name}:{node.lineno} {asked - given - {'n'}}"] * bool(asked - given - {"n"})
    assert wrong == []


def test_spanish_has_every_sentence():
    missing = [message.id for message in catalogue("es") if not messages.is_translated(message.string)]
    assert missing == [], "translate these in autograder/locale/es, then run make messages"


def test_a_third_language_is_added_as_the_page_says(tmp_path, monkeypatch, capsys):
    """German, made of what stands in the page alone, in a folder of its own."""
    page = (ROOT / "book" / "languages.md").read_text(encoding="utf-8")
    (given,) = re.findall(r"```po\n(.*?)```", page, re.DOTALL)
    monkeypatch.setattr(messages, "LOCALE", tmp_path)
    monkeypatch.setattr(messages, "WIDGETS", tmp_path / "widgets")
    assert messages.main(["--add", "de"]) == 0
    path = tmp_path / "de" / "LC_MESSAGES" / "autograder.po"
    text = path.read_text(encoding="utf-8")
    for entry in given.strip().split("\n\n"):
        asked = entry[: entry.index("msgstr")]
        empty = re.compile(re.escape(asked) + r'(?:msgstr(?:\[\d\])? ""\n)+')
        assert empty.search(text), f"no such sentence: {asked}"
        text = empty.sub(lambda _found, entry=entry: entry + "\n", text, count=1)
    path.write_text(text, encoding="utf-8")
    assert messages.main(["--check"]) == 1
    assert messages.main([]) == 0
    assert re.search(r"^de: 4 of \d+ sentences translated$", capsys.readouterr().out, re.MULTILINE)
    monkeypatch.setattr(_language, "_catalogues", lambda: tmp_path)
    use_language("de")
    try:
        assert _language._("✓ {id}: right on every number tried here", id="affine").startswith(
            "✓ affine: richtig"
        )
        assert _language.n_("{n} of {size} numbers is off", "{n} of {size} numbers are off", 3, size=4) == (
            "3 von 4 Zahlen sind falsch"
        )
        assert _language.localised("0.5") == "0,5"
        assert _language._("not run") == "not run"
    finally:
        use_language("en")
        _language._catalogue.cache_clear()
