"""The command line: `autograder release`, `check`, `collect`, `grade`, `report`, `export`, `new-exercise`, `verify`, `doctor`. 0 all well, 1 needs attention, 2 could not be done."""

import typer

from autograder.cli import check, collect, doctor, export, grade, new_exercise, release, report, verify

app = typer.Typer(
    help="Exercises in backpropagation: released from their solutions, graded, and certified.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.callback()
def main_options() -> None:
    """Exercises in backpropagation: released from their solutions, graded, and certified."""


app.command()(release.release)
app.command()(check.check)
app.command()(collect.collect)
app.command()(grade.grade)
app.command()(report.report)
app.command()(export.export)
app.command()(new_exercise.new_exercise)
app.command()(verify.verify)
app.command()(doctor.doctor)
