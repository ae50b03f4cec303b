"""The book's language: what the extensions say is in it, and `{translated}` counts what each language has."""

from gettext import NullTranslations
from pathlib import Path
from typing import Any

from babel import Locale
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from docutils import nodes
from sphinx import locale
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.docutils import SphinxDirective

from autograder._language import ENGLISH, N_, _, language, languages, use_language

LOCALE = Path(__file__).resolve().parents[2] / "autograder" / "locale"
PAGES = LOCALE.parents[1] / "book" / "translations"
NOTEBOOKS, FOLDER = LOCALE.parents[1] / "solutions", "translations"
# What a row counts, and the beginnings of the files whose sentences it is
PARTS = {
    N_("what students and instructors read"): "autograder/",
    N_("words of the book's pages"): "book/",
    N_("widgets"): "widgets/",
    N_("building an edition"): "tools/",
}

# What Sphinx and its theme say, and have not in every language
OF_SPHINX = (
    N_("Back to top"),
    N_("Link to this definition"),
    N_("Link to this equation"),
    N_("Link to this heading"),
    N_("Link to this image"),
    N_("Link to this table"),
    N_("Link to this term"),
)


class OurWords(NullTranslations):
    """Sphinx's sentences out of this book's catalogue, where Sphinx's own has none."""

    def gettext(self, message: str) -> str:
        """The sentence in the book's language, if it is one of these."""
        return _(message) if message in OF_SPHINX else message


def counted(messages: list[Message], folder: str) -> tuple[int, int]:
    """How many sentences of a folder are translated, of how many."""
    own = [m for m in messages if any(str(place).startswith(folder) for place, _line in m.locations)]
    done = [m for m in own if (all(m.string) if isinstance(m.string, tuple) else m.string)]
    return len(done), len(own)


class Translated(SphinxDirective):
    """A table: a row a part, a column a language."""

    def run(self) -> list[nodes.Node]:
        """The table."""
        languages = {}
        for path in sorted(LOCALE.glob("*/LC_MESSAGES/autograder.po")):
            self.env.note_dependency(str(path))
            with path.open("rb") as file:
                languages[path.parent.parent.name] = [m for m in read_po(file) if m.id]
        names = [Locale.parse(code).get_display_name(language()) or code for code in languages]
        rows = [[_("Sentences"), *map(str, names)]]
        for part, folder in PARTS.items():
            counts = [counted(messages, folder) for messages in languages.values()]
            rows.append([_(part), *(_("{done} of {of}", done=done, of=of) for done, of in counts)])
        return [_table(rows)]


class TranslatedPages(SphinxDirective):
    """How many of the book's pages and notebooks each language has, in a list."""

    def run(self) -> list[nodes.Node]:
        """The list."""
        of = len(self.env.found_docs)
        found = nodes.bullet_list()
        for folder in sorted(path for path in PAGES.glob("*") if path.is_dir()):
            said = _(
                "{name}: {done} of the book's {of} pages, {texts} of its {notebooks} notebooks",
                name=Locale.parse(folder.name).get_display_name(language()),
                done=len(list(folder.glob("*.md"))),
                of=of,
                texts=len(list((NOTEBOOKS / FOLDER / folder.name).rglob("*.md"))),
                notebooks=len([path for path in NOTEBOOKS.rglob("*.md") if FOLDER not in path.parts]),
            )
            found += nodes.list_item("", nodes.paragraph("", said[0].upper() + said[1:]))
        return [found]


def _table(rows: list[list[str]]) -> nodes.table:
    """Rows of text, the first of them the heads."""
    entries = [nodes.row("", *(nodes.entry("", nodes.paragraph(text=text)) for text in row)) for row in rows]
    columns = [nodes.colspec(colwidth=1) for _ in rows[0]]
    head, body = nodes.thead("", entries[0]), nodes.tbody("", *entries[1:])
    return nodes.table("", nodes.tgroup("", *columns, head, body, cols=len(columns)))


def speak(_app: Sphinx, config: Config) -> None:
    """Make what the other extensions say in the book's language, if it has a catalogue."""
    use_language(config.language if config.language in languages() else ENGLISH)
    if language() != ENGLISH:
        locale.get_translator().add_fallback(OurWords())


def setup(app: Sphinx) -> dict[str, Any]:
    """The directives."""
    app.add_directive("translated", Translated)
    app.add_directive("translated-pages", TranslatedPages)
    app.connect("config-inited", speak)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
