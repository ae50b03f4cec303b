"""Are two names of a person the same, and two names of a folder?

The LMS writes a name into a download in another form than into its tables: "lovelaceada" is "Lovelace, Ada",
"Group A-Ada Lovelace" is "Ada Lovelace".
"""

import re
import unicodedata
from collections.abc import Sequence

from autograder.lms.sheets import Spreadsheet

# The columns of an LMS's table that hold a person's name: one of the first, or one of each of the others.
WHOLE_NAMES = ("Full name", "Student", "Name")
FIRST_NAMES, LAST_NAMES = ("First name", "FirstName"), ("Last name", "LastName")


def name_in_row(sheet: Spreadsheet, row: Sequence[str]) -> str:
    """The person's name in a row of an LMS's table; empty if the table has no column with names."""

    def first(titles: Sequence[str]) -> str:
        places = [place for title in titles if (place := sheet.column(title)) is not None]
        return next((row[place].strip() for place in places if row[place].strip()), "")

    parts = [first(FIRST_NAMES), first(LAST_NAMES)]
    return first(WHOLE_NAMES) or (" ".join(parts) if all(parts) else "")


def names_differ(of_download: str, of_table: str) -> bool:
    """Can they not be one person's? False also where one of them says nothing that can be compared."""
    one, other = _words(of_download), _words(of_table)
    if not one or not other:
        return False
    # A download may write ASCII alone, where nothing is left of other letters.
    if "".join(one).isascii() and not "".join(other).isascii():
        return False
    return not (set(other) <= set(one) or sorted("".join(one)) == sorted("".join(other)))


def _words(name: str) -> list[str]:
    """The words of a name without accents, case, apostrophes and numbers."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return re.findall(r"[^\W\d_]+", re.sub(r"['’`´]", "", plain).casefold())


def folder_key(name: str) -> str:
    """Equal for names that may be one folder on some system: case, composed letters, dots at the end."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).rstrip(". ")
