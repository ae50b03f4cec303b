"""What an LMS's own list says of students beyond numbers: names, e-mails, sections, when they handed in."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, tzinfo

from autograder.lms.people import name_in_row
from autograder.lms.row_students import cell_of
from autograder.lms.sheets import Spreadsheet
from autograder.lms.student_list import ListedStudent, names_apart
from autograder.notebooks.assignment import NAME

SECTIONS = ("Section", "Group")
# The months as Moodle's dates have them: by their first letters, which no two months of a language share.
MONTHS = (
    ("jan", "ene", "gen"),
    ("feb", "fév", "fev"),
    ("mar", "mär"),
    ("apr", "abr", "avr"),
    ("may", "mai", "mag"),
    ("jun", "juin", "giu"),
    ("jul", "juil", "lug"),
    ("aug", "ago", "aoû"),
    ("sep", "set"),
    ("oct", "okt", "out", "ott"),
    ("nov",),
    ("dec", "dez", "dic", "déc"),
)
MOODLE_TIME = re.compile(
    r"(?P<day>\d{1,2})\.?\s+(?:de\s+)?(?P<month>[^\W\d_]{3,12})\.?\s+(?:de\s+)?(?P<year>\d{4})\D{1,6}"
    r"(?P<hour>\d{1,2})[:h](?P<minute>\d{2})\s*(?P<half>[AaPp]\.?[Mm])?"
)


def student_in_row(
    sheet: Spreadsheet, row: tuple[str, ...], id_column: int, listed: Mapping[str, ListedStudent]
) -> str:
    """The student's name in the course, by a row of the LMS's table: what stands in the column, but where the
    course knows nobody of that name and one student with the row's e-mail address, that student.
    """
    name = unicodedata.normalize("NFC", row[id_column].strip())
    email = cell_of(sheet, row, "Email address").casefold() or (name.casefold() if "@" in name else "")
    known = [student.id for student in listed.values() if email and student.email.casefold() == email]
    return known[0] if name not in listed and len(known) == 1 else name


def listed_students(
    sheet: Spreadsheet, id_column: int, number_column: str, listed: Mapping[str, ListedStudent]
) -> Iterator[ListedStudent]:
    """Each row's student whose name can be that of a folder. number_column: of the LMS's own number, "" where
    that is another one in each assignment. listed: whom the course knows already.
    """
    for row in sheet.rows:
        name = student_in_row(sheet, row, id_column, listed)
        if not NAME.fullmatch(name):
            continue
        first, last = cell_of(sheet, row, "First name"), cell_of(sheet, row, "Last name")
        first, last = first or cell_of(sheet, row, "FirstName"), last or cell_of(sheet, row, "LastName")
        if not (first and last):
            first, last = names_apart(name_in_row(sheet, row))
        email = cell_of(sheet, row, "Email address") or (name if "@" in name else "")
        section = next((found for title in SECTIONS if (found := cell_of(sheet, row, title))), "")
        number = cell_of(sheet, row, number_column) if number_column else ""
        yield ListedStudent(name, last, first, email, number, section)


def handed_in_times(sheet: Spreadsheet, zone: tzinfo) -> Mapping[str, datetime]:
    """Participant's number -> when it was handed in (UTC), as Moodle's worksheet has it, whose times are in
    this zone; those that can't be read are left out.
    """
    times: dict[str, datetime] = {}
    for row in sheet.rows:
        number = "".join(re.findall(r"\d+$", cell_of(sheet, row, "Identifier")))
        when = moodle_time(cell_of(sheet, row, "Last modified (submission)"), zone)
        if number and when is not None:
            times[number] = when
    return times


def moodle_time(text: str, zone: tzinfo) -> datetime | None:
    """A time such as "Monday, 2 March 2026, 6:00 PM" or "2 de marzo de 2026, 18:00"; None of all else."""
    found = MOODLE_TIME.search(text)
    if found is None:
        return None
    word = found["month"].casefold()
    months = [place for place, names in enumerate(MONTHS, start=1) if word.startswith(names)]
    hour, half = int(found["hour"]), (found["half"] or "").replace(".", "").casefold()
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    try:
        local = datetime(int(found["year"]), months[0], int(found["day"]), hour, int(found["minute"]))
        return local.replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, IndexError, OverflowError):
        return None
