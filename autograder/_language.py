"""The language that sentences are made in: `_("{name}: {points:g} points", name=name, points=points)`.

English stands in the code; every other language is a gettext catalogue in locale/, which is read when its
first sentence is made. `N_` marks a sentence where it stands as data, and whoever shows it calls `_`.
A sentence that a catalogue doesn't have stays English.
"""

import os
import re
from datetime import datetime
from functools import cache
from string import Formatter
from typing import Any

ENGLISH = "en"
DOMAIN = "autograder"
# What an environment says, such as a page of the book in another language
VARIABLE = "DELTABOOK_LANGUAGE"
RIGHT_TO_LEFT = ("ar", "fa", "he", "ur")
# In a line of code
COMMENT = re.compile(r"(?<=  # ).+$", re.MULTILINE)


class _Chosen:
    """The language of this process, "" until somebody asks for it."""

    language = ""


def languages() -> tuple[str, ...]:
    """English, and every language that has a catalogue, by their codes."""
    return (ENGLISH, *sorted(folder.name for folder in _catalogues().iterdir() if folder.is_dir()))


def _catalogues() -> Any:
    """The folder with a folder for each language."""
    # Dear to import, and English needs no file.
    from importlib.resources import files

    return files("autograder") / "locale"


def use_language(code: str) -> None:
    """Make every sentence of this process in a language from now on: "en", "es". ValueError for one that
    has no catalogue, with those that have.
    """
    if code != ENGLISH and code not in languages():
        raise ValueError(f"language: given {code!r}; expected one of {', '.join(languages())}")
    _Chosen.language = code


def use_language_in_notebook(code: str) -> None:
    """The same for a notebook, in which the book's widgets follow too: what is made from now on is in it."""
    use_language(code)
    # The widgets are backprop's, which imports nothing of ours
    os.environ[VARIABLE] = code


def language() -> str:
    """The code of the language in use. ValueError if the environment names one that has no catalogue."""
    if not _Chosen.language:
        try:
            use_language(os.environ.get(VARIABLE) or ENGLISH)
        except ValueError as error:
            raise ValueError(f"{VARIABLE}, {error}") from None
    return _Chosen.language


def right_to_left(code: str = "") -> bool:
    """Is a language, the one in use if none is given, written from right to left?"""
    return (code or language()) in RIGHT_TO_LEFT


@cache
def _catalogue(code: str) -> Any:
    """The language's sentences, as gettext.GNUTranslations. English needs neither the module nor a file."""
    from gettext import GNUTranslations

    path = _catalogues() / code / "LC_MESSAGES" / f"{DOMAIN}.mo"
    with path.open("rb") as compiled:
        return GNUTranslations(compiled)


class _Numbers(Formatter):
    """str.format whose decimals and percentages are written as the language writes them."""

    def format_field(self, value: Any, format_spec: str) -> str:
        """One value put in."""
        text = str(super().format_field(value, format_spec))
        if not isinstance(value, int | float):
            return text
        # The commas of 1,234.5 first, for the decimal sign may be one
        thousands = _catalogue(language()).pgettext("between thousands", ",")
        return thousands.join(
            localised(part) if isinstance(value, float) else part for part in text.split(",")
        )


def localised(text: str) -> str:
    """A formatted number as the language writes it: 0.5 is 0,5 in Spanish, and 75% is 75 %."""
    if language() == ENGLISH:
        return text
    catalogue = _catalogue(language())
    text = text.replace(".", catalogue.pgettext("decimal sign", "."))
    return text[:-1] + catalogue.pgettext("after a percentage", "%") if text.endswith("%") else text


def moment(when: datetime, *, seconds: bool = False) -> str:
    """A day and a time as the language writes them: 2026-03-02 18:00 is 02/03/2026 18:00 in Spanish."""
    day = "%Y-%m-%d"
    if language() != ENGLISH:
        day = _catalogue(language()).pgettext("a date for strftime", day)
    return when.strftime(f"{day} %H:%M:%S" if seconds else f"{day} %H:%M")


def _(text: str, /, **values: Any) -> str:
    """A sentence in the language in use, with values put in as str.format does; without any, as it stands."""
    if language() == ENGLISH:
        return text.format(**values) if values else text
    # The empty text is the catalogue's own head.
    translated = _catalogue(language()).gettext(text) if text else text
    return _Numbers().format(translated, **values) if values else translated


def n_(one: str, many: str, n: int, /, **values: Any) -> str:
    """The same, in the form that goes with the number n, which is put in as {n}."""
    if language() == ENGLISH:
        return (one if n == 1 else many).format(n=n, **values)
    return _Numbers().format(_catalogue(language()).ngettext(one, many, n), n=n, **values)


def commented(code: str) -> str:
    """Code that is shown, with its comments in the language in use."""
    return COMMENT.sub(lambda found: _(found[0]), _(code))


def N_(text: str) -> str:
    """The text itself: a mark for the catalogues at a sentence that is shown later."""
    return text
