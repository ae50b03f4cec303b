"""The pages in other languages: each stands beside its English source, and the edition in Spanish is Spanish."""

import functools
import json
import re
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from sphinx.errors import ConfigError

from autograder._language import use_language
from autograder.authoring.release import release
from autograder.authoring.translated_notebook import TranslationError, translate
from tests.support.built_book import ROOT

sys.path.insert(0, str(ROOT / "tools"))
sys.path.insert(0, str(ROOT / "book" / "_ext"))
import edition_file
import languages
import translation
from translation_parts import differences

PAGES = [
    (code, page) for code in translation.translated_languages() for page in translation.translated_pages(code)
]
SOURCE = r"""---
kernelspec: {name: python3}
---

# A title

Text with $a+b=2.5$ and {doc}`04-delta`, [a link](01-forward.md).

```{math}
:label: eq-1-1
z = Wa
```

## Code

(code-1-1)=
```{code-cell}
---
mystnb:
  image:
    alt: >-
      Words
      and words
tags: [hide-input]
---
def f(x):
    "Doc."
    return x + 1  # (1.1)
```

```{question} q-a
How many?

- [x] $4$
  > Yes.
- [ ] 5
  > No.
```

```{question} q-b
:answer: 1.5
:hint: Think.
How much?

- [ ] 2.5
  > No.

So it is.
```
"""
SPANISH = (
    SOURCE.replace("# A title", "# Un título")
    .replace("Text with $a+b=2.5$ and", "Texto con $a+b=2{,}5$ y")
    .replace("[a link]", "[un enlace]")
    .replace("Words\n      and words", "Palabras")
    .replace('"Doc."', '"Documentación."  # así')
    .replace("How many?", "¿Cuántos?")
    .replace(":hint: Think.", ":hint: Piensa.")
)
CHANGES = {
    "return x + 1": "return x + 2",
    "(code-1-1)=": "(code-1-2)=",
    ":label: eq-1-1": ":label: eq-1-2",
    "z = Wa": "z = aW",
    "## ": "### ",
    "$a+b=2{,}5$": "$a+b=3$",
    "{doc}`04-delta`": "el capítulo 4",
    "(01-forward.md)": "(02-nonlinearities.md)",
    "tags: [hide-input]": "tags: [exercise]",
    "{question} q-a": "{question} q-c",
    "- [x] $4$": "- [ ] $4$",
    ":answer: 1.5": ":answer: 15",
    "- [ ] 2.5": "- [ ] 3.5",
    "So it is.": "Así es.\n\nY más.",
}


@pytest.mark.parametrize(("code", "name"), PAGES)
def test_a_translated_page_stands_beside_its_source(code: str, name: str) -> None:
    """Where this fails, the page may be behind: its messages say of what, and what to do then."""
    assert translation.findings(code, name) == []


def test_words_may_differ_and_nothing_else() -> None:
    assert SPANISH != SOURCE
    assert differences(SOURCE, SPANISH) == []


@pytest.mark.parametrize("right", CHANGES)
def test_what_a_translation_may_not_change_is_told(right: str) -> None:
    assert SPANISH.count(right) == 1
    assert len(differences(SOURCE, SPANISH.replace(right, CHANGES[right]))) == 1


def test_numbers_in_a_list_may_stand_between_semicolons_where_decimals_have_a_comma() -> None:
    source = SOURCE.replace("$a+b=2.5$", r"$x=(2.5,\;1)$")
    assert differences(source, source.replace(r"(2.5,\;1)", r"(2{,}5;\;1)")) == []
    assert len(differences(source, source.replace(r"(2.5,\;1)", r"(2{,}51)"))) == 1


def test_a_page_whose_source_changed_may_be_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(translation, "source_hash", lambda _page: "another")
    (told,) = translation.findings("es", "index")
    assert "es/index.md: this page may be behind: book/index.md has changed" in told


@pytest.mark.parametrize("code", translation.translated_languages())
def test_every_page_has_a_title_in_the_language_of_the_edition(code: str) -> None:
    words = translation.words(code)
    assert set(words["titles"]) == set(translation.book_pages()) - {"index"}
    toc = (ROOT / "book" / "_toc.yml").read_text(encoding="utf-8")
    assert list(words["captions"]) == re.findall(r"caption: (.+)", toc)


# ---- the notebooks ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("released")
    use_language("es")
    try:
        release(ROOT / "solutions", folder)
    finally:
        use_language("en")
    return folder


def cells(path: Path) -> dict[str, dict]:
    return {cell["id"]: cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]}


COMMENT = re.compile(r" # .*")
BLOCK = re.compile(r"```(?:python)?\n.*?```", re.DOTALL)
IN_SPANISH = ROOT / "solutions" / "translations" / "es"
TRANSLATED = sorted(path.relative_to(IN_SPANISH).with_suffix("") for path in IN_SPANISH.rglob("*.md"))


def test_every_released_notebook_is_in_spanish() -> None:
    released = {path.relative_to(ROOT / "exercises").parent for path in (ROOT / "exercises").rglob("*.ipynb")}
    there = {Path(path.stem, path.parent) for path in TRANSLATED}
    assert released == there


@pytest.mark.parametrize("name", TRANSLATED, ids=Path.as_posix)
def test_a_spanish_notebook_asks_the_same(notebooks: Path, name: Path) -> None:
    # Of a variant, B/g6-step-2: g6-step-2/B/g6-step-2.ipynb
    path = Path(name.stem, name.parent, f"{name.stem}.ipynb")
    english = cells(ROOT / "exercises" / path)
    spanish = cells(notebooks / path)
    assert list(english) == list(spanish)
    for id, cell in english.items():
        ours, theirs = ("".join(each["source"]) for each in (cell, spanish[id]))
        roles = [dict(each["metadata"]["nbgrader"], checksum="") for each in (cell, spanish[id])]
        assert roles[0] == roles[1]
        # What students write over is nbgrader's own text in every language.
        if cell["cell_type"] == "markdown" and not roles[0]["solution"]:
            assert ours != theirs, f"{name}: {id} is English"
            assert differences(ours, theirs) == [], f"{name}: {id}"
            assert kept_as_it_is(ours) == kept_as_it_is(theirs), f"{name}: {id}"


def kept_as_it_is(text: str) -> list[list[str]]:
    """A statement's blocks of code without their comments, its pieces of code, its headings' numbers."""
    blocks = sorted(COMMENT.sub("", block) for block in BLOCK.findall(text))
    prose = BLOCK.sub("", text)
    # A piece of code may stand across the end of a line
    pieces = sorted(re.findall(r"`[^`\n]+`", re.sub(r"(?<!\n)\n(?!\n)", " ", prose)))
    return [blocks, pieces, re.findall(r"(?m)^#+ .*?(\d+)", prose)]


def test_what_a_statement_keeps_is_seen_across_lines_and_in_every_block() -> None:
    statement = "## Of `f` (3)\n\nAsk `f(a,\nb)`:\n\n```\ny = 1  # one\n```\n\n```python\n>>> f(1)\n```\n"
    spanish = statement.replace("Ask `f(a,\nb)`", "Usa\n`f(a, b)`").replace("# one", "# uno")
    assert kept_as_it_is(spanish) == kept_as_it_is(statement)
    for right in ("y = 1", "f(a, b)", "(3)", ">>> f(1)"):
        assert kept_as_it_is(spanish.replace(right, "other")) != kept_as_it_is(statement), right


def test_a_spanish_notebook_checks_in_spanish(notebooks: Path) -> None:
    for path in notebooks.glob("*/*.ipynb"):
        assert 'use_language("es")' in "".join(next(iter(cells(path).values()))["source"])


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        ({"no": ("code", "f()")}, "cell no: given a cell of this name; expected one of f"),
        ({"f": ("markdown", "f")}, "cell f: given a markdown cell; expected a code cell"),
        ({"f": ("code", 'def f(y):\n    "Hace."')}, "cell f: given other code"),
    ],
)
def test_a_translation_of_a_notebook_changes_words_alone(texts: dict, told: str) -> None:
    stubs = {"f": ("code", 'def f(x):\n    "Does."\n    return 1')}
    with pytest.raises(TranslationError, match=re.escape(told)):
        translate(Path("es.md"), texts, stubs)
    spanish = 'def f(x):\n    "Hace."\n    return 1  # uno'
    assert translate(Path("es.md"), {"f": ("code", spanish)}, stubs) == {"f": spanish}


# ---- the edition ------------------------------------------------------------------------------------------


BUILT_WITHOUT = set(
    edition_file.read_edition(ROOT / "tests" / "book" / "editions" / "es" / "edition.toml").left_out
)


@functools.cache
def page(name: str) -> str:
    from tests.book.test_editions import edition

    return (edition("es") / "_build" / "html" / f"{name}.html").read_text(encoding="utf-8")


def test_a_translated_page_is_spanish_and_leads_to_the_english_one() -> None:
    for name in ("index", "04-delta", "06-step-2"):
        text = page(name)
        assert '<html lang="es"' in text
        assert "untranslated" not in text
        assert 'lang="en">' not in text
        assert f'<a href="../book/{name}.html" lang="en" hreflang="en" rel="alternate">English</a>' in text
        base = "https://uni.example"
        assert f'<link rel="alternate" hreflang="en" href="{base}/book/{name}.html">' in text
        assert f'<link rel="alternate" hreflang="es" href="{base}/libro/{name}.html">' in text


def test_a_page_that_is_not_translated_says_so_and_is_marked_as_english() -> None:
    use_language("es")
    try:
        app = SimpleNamespace(config=SimpleNamespace(languages_untranslated=["teaching"]))
        shown = {
            name: {"body": "<section><h1>T</h1>\n<p>One.</p></section>\n"} for name in ("index", "teaching")
        }
        for name, context in shown.items():
            languages.say_it_is_english(app, name, "page.html", context, None)
    finally:
        use_language("en")
    assert shown["index"]["body"] == "<section><h1>T</h1>\n<p>One.</p></section>\n"
    assert shown["teaching"]["body"] == (
        '<section><h1>T</h1>\n<p class="untranslated" role="note">Esta página aún no está traducida: está en '
        'inglés.</p>\n<div class="in-english" lang="en" dir="ltr">\n<p>One.</p></div>\n</section>\n'
    )
    assert [shown[name]["untranslated"] for name in shown] == [False, True]


def test_a_page_links_to_itself_wherever_the_other_edition_lies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    assert languages.places("es=es/ de=https://x.example/de/") == {"es": "es/", "de": "https://x.example/de/"}
    assert languages.places("") == {}
    with pytest.raises(ConfigError, match=r"given 'es=es'; expected a language and the folder"):
        languages.places("es=es")
    assert languages.counterpart("es/", "04-delta") == "es/04-delta.html"
    assert languages.counterpart("../", "04-delta") == "../04-delta.html"
    assert languages.counterpart("../", "more/page") == "../../more/page.html"
    assert languages.counterpart("https://x.example/de/", "index") == "https://x.example/de/index.html"


def test_every_page_of_the_edition_is_spanish_or_says_that_it_is_not() -> None:
    there = translation.translated_pages("es")
    for name in set(translation.book_pages()) - BUILT_WITHOUT:
        english = '<div class="in-english" lang="en"' in page(name)
        assert english == (name not in there), name


def test_the_way_in_leads_to_the_first_chapter_that_is_there() -> None:
    assert re.search(r'href="04-delta\.html"[^>]*>(<[^>]*>)*Empieza por el capítulo 4<', page("index"))


def test_contents_and_the_themes_own_words_are_spanish() -> None:
    text = page("04-delta")
    for words in ("La receta", "Apéndices", "Buscar en este libro…", "Glosario", "siguiente"):
        assert words in text, words
    for words in ("The recipe", "Search this book…", "On this page", ">Next<", "Previous"):
        assert words not in text, words


def test_an_exercise_in_the_page_is_stated_in_spanish() -> None:
    text = page("04-delta")
    assert 'data-exercise="numerical_delta"' in text
    assert "puntos" in text
    assert "What the graded check covers" not in text
