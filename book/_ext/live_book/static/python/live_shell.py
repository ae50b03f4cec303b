"""Runs the page's cells inside Pyodide: in order, in a namespace, with readable errors; and checks
exercises.
"""

import builtins
import contextlib
import io
import json
import os
import shutil
import sys
import warnings
from pathlib import Path

from live_display import bundle, display, flush_figures
from live_errors import report
from live_ipython import install_shims
from live_messages import Stream, emit, flush, shown_in, state, targets
from live_widgets import control, prepare_widgets

from autograder._language import _
from autograder.sandbox.inside.cells import CellRunner, ask_nobody
from autograder.sandbox.inside.magics import transformed

# A card's links lead to the pages beside this one
os.environ["DELTABOOK_URL"] = "."
# The page's language, if it has a catalogue
if Path("/language").exists():
    os.environ["DELTABOOK_LANGUAGE"] = Path("/language").read_text(encoding="utf-8")

spaces: dict[str, "PageCells"] = {}


def drawn(value) -> bool:
    """Is this a figure, or part of one, that flush_figures shows anyway?"""
    first = value[0] if isinstance(value, (list, tuple)) and value else value
    return type(first).__module__.startswith("matplotlib")


RUN_OR_SHOWN = ("%matplotlib", "%time ")


def as_python(source: str) -> str:
    """A cell as plain Python, by the rules of grading; what of it is left out is told."""
    made = transformed(source, lambda: None)
    lines = source.split("\n") if made != source else []
    # Figures are shown in the page anyway, and what is timed is run.
    left_out = [line for line in lines if line[:1] in ("%", "!") and not line.startswith(RUN_OR_SHOWN)]
    for line in left_out:
        if not line.startswith("%%") or not made.strip():
            what = _("no shell") if line.startswith("!") else _("no magics")
            text = _(
                "{line} was left out: this page has {what}. In Jupyter it works.",
                line=line.strip()[:60],
                what=what,
            )
            emit("note", text=text)
    return made


class PageCells(CellRunner):
    """Runs the page's cells in one namespace by the rules of grading, and shows what comes of them."""

    def __init__(self, space: dict) -> None:
        super().__init__(space, as_python, object, failed=self.told, shown=self.show_value)
        self.well = True
        space.update(display=display, get_ipython=sys.modules["IPython"].get_ipython)

    def execute(self, source: str, name: str) -> bool:
        """Run one cell; its last expression is displayed. False if it failed (which was reported)."""
        number = name.removeprefix("cell-")
        self.well = True
        self.run_cell(0, source, file=f"<cell [{number}]>" if number != name else f"<cell {name}>")
        if self.well:
            try:
                flush_figures()
            except BaseException as error:
                self.told(0, error)
        return self.well

    def show_value(self, value: object) -> None:
        """The value of the last expression; figures are shown at the end anyway."""
        if not drawn(value):
            display(value)

    def told(self, _place: int, error: BaseException) -> None:
        """What a cell raised, after what it drew. exit() ends a cell, and is no error."""
        if isinstance(error, SystemExit):
            return
        self.well = False
        with contextlib.suppress(Exception):
            flush_figures()
        report(error)


def run(job: dict) -> bool:
    """A cell in the page's namespace (or the exercises' own)."""
    name = job["space"]
    if name not in spaces:
        spaces[name] = PageCells({"__name__": "__main__"})
    cells = spaces[name]
    if name == "exercises" and "np" not in cells.names:
        prepare_exercises(cells.names)
    return cells.execute(job["source"], job["cell"])


def prepare_exercises(space: dict) -> None:
    """What an exercise notebook's first cell imports."""
    import numpy

    import autograder
    from autograder import check

    space.update(np=numpy, check=check)
    own = Path(autograder.__file__).parent.parent / "own_exercises.py"
    if own.is_file():
        # An edition's own exercises: check() looks for them beside the notebook.
        shutil.copy(own, own.name)


def remember(done: list[str]) -> None:
    """What the reader got right before, for what comes next; the page hears when a call begins and ends."""
    from autograder.feedback.done import RIGHT_SO_FAR
    from autograder.feedback.first_prints import FirstPrints

    RIGHT_SO_FAR.update(done)
    FirstPrints.watched = staticmethod(emit)


def check(job: dict) -> bool:
    """The reader's function, judged as in the notebook: the same `check`, the same card."""
    from autograder.feedback.notebook_process import builtins_of_grading

    cells = PageCells({"__name__": "__main__", "__builtins__": builtins_of_grading()})
    space = cells.names
    prepare_exercises(space)
    judge = space["check"]
    remember(job.get("done", ()))
    # What the other cells print is not the card
    with shown_in("nowhere"):
        for name, source in job["before"]:
            cells.execute(source, name)
    space.pop(job["exercise"], None)
    emit("calling")
    # The verdict comes first: what the cell prints is for Run
    with contextlib.redirect_stdout(io.StringIO()):
        ran = cells.execute(job["source"], job["cell"])
    emit("returned")
    function = space.get(job["exercise"])
    # A function that is there is judged, whatever the cell does below it.
    if not callable(function):
        if ran:
            emit(
                "error",
                name="NameError",
                summary=_("No function {name} is defined here", name=job["exercise"]),
                text=_("Keep the function's name: the check looks for it."),
            )
        emit("verdict", verdict="error", codes="")
        return False
    try:
        # Asked from the cells' own names: what a lambda is called stands there.
        feedback = eval(f"__judge({job['exercise']})", {**space, "__judge": judge})
        judgement = feedback.judgement
    except BaseException as error:
        report(error)
        emit("verdict", verdict="error", codes="")
        return False
    verdict = "error" if judgement.status != "graded" else "right" if judgement.fraction >= 1 else "wrong"
    emit("display", data=bundle(feedback))
    emit("verdict", verdict=verdict, codes=" ".join(judgement.codes))
    return True


def handle(text: str) -> bool:
    """One job from the page."""
    job = json.loads(text)
    state["printed"] = 0
    targets[:] = [None]
    if "ipywidgets" in (job.get("groups") or ()):
        prepare_widgets()
    with contextlib.redirect_stdout(Stream("stdout")), contextlib.redirect_stderr(Stream("stderr")):
        try:
            return {"run": run, "check": check, "control": control}[job["type"]](job)
        except BaseException as error:
            # Never an exception across the bridge to JavaScript
            report(error)
            return False
        finally:
            flush()


install_shims()
builtins.input = ask_nobody
os.environ["MPLBACKEND"] = "module://live_backend"
warnings.filterwarnings("ignore", category=DeprecationWarning)
