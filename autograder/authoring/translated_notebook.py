"""An assignment's text in a course's language: solutions/translations/es/06-step-2.md beside the solutions.

It holds what is read, by the cells' grade_ids: statements, and stubs or given code with other docstrings and
comments. What is run and graded stays the English notebook's. Cells that it leaves out stay English.
"""

from collections.abc import Mapping
from pathlib import Path

from autograder._language import _, language
from autograder.authoring.cell_error import CellError
from autograder.notebooks.other_language import without_words

FOLDER = "translations"
IMPORT = "from autograder import check"


class TranslationError(CellError):
    """A translation changes more than words; str() names file and cell, what was given and what expected."""


def translation_of(folder: Path, notebook: Path) -> Path | None:
    """The file with a notebook's text in the language in use, of those in translations/; None where nobody
    has written one.

    notebook: g6-step-2/g6-step-2.md, or that of a variant, g6-step-2/B/g6-step-2.md, whose text stands in
    a folder B of its own.
    """
    variant = notebook.parent.name
    own = Path() if variant == notebook.stem else Path(variant)
    path = folder / language() / own / f"{notebook.stem}.md"
    return path if path.is_file() else None


def translate(
    path: Path, texts: Mapping[str, tuple[str, str]], stubs: Mapping[str, tuple[str, str]]
) -> dict[str, str]:
    """{grade_id: source} of the students' cells in another language.

    texts, stubs: (cell type, source) by grade_id, of the translation and of the English notebook.
    TranslationError for a cell that the notebook doesn't have, and for code that differs in more than
    docstrings and comments.
    """
    for grade_id, (kind, text) in texts.items():
        if grade_id not in stubs:
            raise TranslationError(
                path, grade_id, _("a cell of this name"), _("one of {stubs}", stubs=", ".join(stubs))
            )
        expected_kind, english = stubs[grade_id]
        if kind != expected_kind:
            raise TranslationError(
                path,
                grade_id,
                _("a {kind} cell", kind=kind),
                _("a {kind} cell", kind=expected_kind),
            )
        if kind == "code" and without_words(text) != without_words(english):
            raise TranslationError(
                path, grade_id, _("other code"), _("the English cell's, but for docstrings and comments")
            )
    return {grade_id: texts.get(grade_id, stub)[1] for grade_id, stub in stubs.items()}


def speaking(source: str) -> str:
    """The first cell of a notebook whose checks are told in the language in use."""
    return source.replace(IMPORT, f'{IMPORT}, use_language\n\nuse_language("{language()}")', 1)
