"""How Canvas, Moodle and Blackboard lay out their tables: where a student's identity stands, and what a
column is called.

Sources: each system's own documentation of its grade export and import (Canvas: "Export grades in the
Gradebook"; Moodle: "Grade import" and "Offline grading worksheet"; Blackboard Learn: "Upload grades", working
offline).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from autograder._language import N_
from autograder.lms.column_names import BLACKBOARD_NAMES, MOODLE_NAMES, NO, POINTS
from autograder.lms.sheets import column_key


@dataclass(frozen=True)
class TableLayout:
    """One LMS's table.

    keys: (column of the file, attribute of our Student), the surest first. title: the assignment's name
    within a column's header, in group 1; maximum: its points there, in group 1, if the header has them.
    required: columns without which this is no such file, each with what may stand in its place. points_row:
    the first cell of a row with each column's points. changeable: (column, the text that forbids a change).
    number_column: the number that a download of submissions has in its names; where it is the number of one
    assignment alone, the table is of that assignment. handed_in: the column with the time; names: what the
    columns are called in other languages.
    """

    name: str
    where: str
    keys: tuple[tuple[str, str], ...]
    title: re.Pattern[str]
    required: tuple[tuple[str, ...], ...]
    maximum: re.Pattern[str] | None = None
    points_row: str = ""
    grade_column: str = ""
    maximum_column: str = ""
    changeable: tuple[str, tuple[str, ...]] = ("", ())
    number_column: str = ""
    handed_in: str = ""
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


CANVAS = TableLayout(
    name="canvas",
    where=N_("Canvas: Grades, Export, Export entire gradebook"),
    keys=(
        ("ID", "lms_id"),
        ("SIS User ID", "lms_id"),
        ("SIS Login ID", "id"),
        ("SIS User ID", "id"),
        ("SIS Login ID", "email"),
        ("ID", "id"),
    ),
    title=re.compile(r"^(.*\S)\s*\(\d+\)$"),
    required=(("Student", "LastName"), ("ID",), ("Section",)),
    points_row="Points Possible",
    number_column="ID",
)

BLACKBOARD = TableLayout(
    name="blackboard",
    where="Blackboard: Full Grade Center, Work Offline, Download",
    keys=(("Username", "id"), ("Username", "lms_id"), ("Student ID", "id"), ("Student ID", "lms_id")),
    title=re.compile(r"^(.*?\S)\s*(?:\[[^\[\]]*\]\s*)?\|\s*\d+$"),
    required=(("Last Name",), ("First Name",), ("Username",)),
    maximum=re.compile(r"\[[^\]]*?:[^\]\d]*(\d+(?:[.,]\d+)?)"),
    names=BLACKBOARD_NAMES,
)

MOODLE_GRADEBOOK = TableLayout(
    name="moodle",
    where=N_("Moodle: Grades, Export, Plain text file"),
    keys=(
        ("ID number", "id"),
        ("ID number", "lms_id"),
        ("Username", "id"),
        ("Email address", "email"),
        ("Email address", "id"),
    ),
    title=re.compile(rf"^(?:[\w ]+?\s*:\s*)?(.*?\S)\s*(?:\((?:{'|'.join(POINTS)})\))?$", re.IGNORECASE),
    required=(("Email address", "ID number", "Username"),),
    names=MOODLE_NAMES,
)

MOODLE_WORKSHEET = TableLayout(
    name="moodle",
    where=N_("Moodle: the assignment, View all submissions, Download grading worksheet"),
    keys=(
        ("Identifier", "lms_id"),
        ("ID number", "id"),
        ("Username", "id"),
        ("Email address", "email"),
        ("Email address", "id"),
    ),
    title=re.compile(r"^(Grade)$"),
    required=(("Identifier",), ("Grade",)),
    grade_column="Grade",
    maximum_column="Maximum Grade",
    changeable=("Grade can be changed", NO),
    number_column="Identifier",
    handed_in="Last modified (submission)",
    names=MOODLE_NAMES,
)


def layout_of(format: str, header: tuple[str, ...], columns: Mapping[str, str] | None = None) -> TableLayout:
    """The layout a format's file has, by its header: Moodle has two. columns: a course's own names of the
    columns, by the English ones.
    """
    if format == "canvas":
        found = CANVAS
    elif format == "blackboard":
        found = BLACKBOARD
    else:
        names = {column_key(cell) for cell in header}
        given = (columns or {}).get("Identifier", "Identifier")
        identifiers = {column_key(name) for name in (given, *MOODLE_NAMES["Identifier"])}
        found = MOODLE_WORKSHEET if names & identifiers else MOODLE_GRADEBOOK
    own = {name: (other, *found.names.get(name, ())) for name, other in (columns or {}).items()}
    return replace(found, names={**found.names, **own})


def columns_known() -> tuple[str, ...]:
    """The English names by which a course may name the columns of its LMS's files."""
    return tuple(dict.fromkeys((*MOODLE_NAMES, *BLACKBOARD_NAMES)))
