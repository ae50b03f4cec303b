"""`autograder rename` and `autograder forget`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from autograder._language import N_, _
from autograder._text import one_line
from autograder.cli.console import say, say_what_needs_attention
from autograder.cli.db_option import GradebookOption
from autograder.cli.ending import NEEDS_ATTENTION
from autograder.errors import GraderError

if TYPE_CHECKING:
    from autograder.grading.renaming import Moved

RENAMED, TO_RENAME = N_("{kind} {name} is {to} now"), N_("{kind} {name} would be {to} now")
REMOVED, TO_REMOVE = N_("{kind} {name} was removed"), N_("{kind} {name} would be removed")
CourseArgument = Annotated[Path, typer.Argument(help="an nbgrader course folder")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="say what would be done, and do nothing")]


def rename_command(
    course: CourseArgument,
    to: Annotated[str, typer.Option(metavar="NAME", help="the new name")],
    student: Annotated[str | None, typer.Option(help="the student to rename")] = None,
    assignment: Annotated[str | None, typer.Option(help="the assignment to rename")] = None,
    db: GradebookOption = None,
    dry_run: DryRunOption = False,
) -> None:
    """Give a student or an assignment another name, in the folders, the gradebook and the records; scores and
    what people entered stay.
    """
    from autograder.gradebook.gradebook_url import existing_url
    from autograder.grading.renaming import rename

    kind, name = _one_of(student, assignment)
    done = rename(course, existing_url(course, db), kind, name, to, dry_run=dry_run)
    _tell(
        done,
        _(TO_RENAME if dry_run else RENAMED, kind=_(kind), name=name, to=to),
    )


def forget_command(
    course: CourseArgument,
    student: Annotated[str | None, typer.Option(help="the student to forget")] = None,
    assignment: Annotated[str | None, typer.Option(help="the assignment to forget")] = None,
    db: GradebookOption = None,
    dry_run: DryRunOption = False,
    yes: Annotated[bool, typer.Option("--yes", help="don't ask")] = False,
) -> None:
    """Remove a student or an assignment with everything that was handed in, graded and entered by hand. Asks
    first; it can't be undone.
    """
    from autograder.gradebook.gradebook_url import existing_url
    from autograder.grading.renaming import forget

    kind, name = _one_of(student, assignment)
    url = existing_url(course, db)
    if not (yes or dry_run):
        _list(
            forget(course, url, kind, name, dry_run=True),
            _("{kind} {name} would be removed for good", kind=_(kind), name=name),
        )
        if not sys.stdin.isatty() or not typer.confirm(_("Remove it?")):
            raise GraderError(_("nothing was removed; --yes removes without asking"))
    done = forget(course, url, kind, name, dry_run=dry_run)
    _tell(done, _(TO_REMOVE if dry_run else REMOVED, kind=_(kind), name=name))


def _one_of(student: str | None, assignment: str | None) -> tuple[Literal["student", "assignment"], str]:
    if (student is None) == (assignment is None):
        raise GraderError(_("one of --student and --assignment was expected"))
    return ("student", student) if student is not None else ("assignment", str(assignment))


def _list(done: "Moved", what: str) -> None:
    say(one_line(what))
    for place in done.places:
        say(f"  {one_line(place)}")


def _tell(done: "Moved", what: str) -> None:
    _list(done, what)
    say_what_needs_attention(done.remarks)
    if done.remarks:
        raise typer.Exit(NEEDS_ATTENTION)
