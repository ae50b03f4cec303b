"""Runs the page's cells inside Pyodide: in order, in a namespace, with readable errors; and checks
exercises.
"""

import ast
import builtins
import contextlib
import io
import json
import linecache
import os
import shutil
import warnings
from pathlib import Path

from live_display import bundle, display, flush_figures
from live_errors import report
from live_ipython import install_shims
from live_messages import Stream, emit, flush, shown_in, state, targets
from live_widgets import control, prepare_widgets

# A card's links lead to the pages beside this one
os.environ["DELTABOOK_URL"] = "."

spaces: dict[str, dict] = {}


def drawn(value) -> bool:
    """Is this a figure, or part of one, that flush_figures shows anyway?"""
    first = value[0] if isinstance(value, (list, tuple)) and value else value
    return type(first).__module__.startswith("matplotlib")


def without_magics(source: str) -> str:
    """The source without IPython's lines, each of which is told; line numbers stay."""
    lines = source.split("\n")
    for i, line in enumerate(lines):
        if line.startswith(("%", "!")):
            lines[i] = ""
            # Figures are shown in the page anyway
            if not line.startswith("%matplotlib"):
                what = "no shell" if line.startswith("!") else "no magics"
                emit(
                    "note",
                    text=f"{line.strip()[:60]} was left out: this page has {what}. In Jupyter it works.",
                )
    return "\n".join(lines)


def execute(source: str, name: str, space: dict) -> bool:
    """Run one cell; its last expression is displayed. False if it failed (which was reported)."""
    number = name.removeprefix("cell-")
    filename = f"<cell [{number}]>" if number != name else f"<cell {name}>"
    source = without_magics(source)
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    try:
        tree = ast.parse(source, filename)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        if last is not None and source.rstrip().endswith(";"):
            tree.body.append(last)
            last = None
        exec(compile(tree, filename, "exec"), space)
        if last is not None:
            value = eval(compile(ast.Expression(last.value), filename, "eval"), space)
            if value is not None:
                space["_"] = value
                if not drawn(value):
                    display(value)
        flush_figures()
    except BaseException as error:
        with contextlib.suppress(Exception):
            flush_figures()
        report(error)
        return False
    return True


def run(job: dict) -> bool:
    """A cell in the page's namespace (or the exercises' own)."""
    space = spaces.setdefault(job["space"], {"__name__": "__main__"})
    if job["space"] == "exercises" and "np" not in space:
        prepare_exercises(space)
    return execute(job["source"], job["cell"], space)


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
    space = {"__name__": "__main__"}
    prepare_exercises(space)
    remember(job.get("done", ()))
    # What the other cells print is not the card
    with shown_in("nowhere"):
        for name, source in job["before"]:
            execute(source, name, space)
    space.pop(job["exercise"], None)
    emit("calling")
    # The verdict comes first: what the cell prints is for Run
    with contextlib.redirect_stdout(io.StringIO()):
        ran = execute(job["source"], job["cell"], space)
    emit("returned")
    if not ran:
        emit("verdict", verdict="error", codes="")
        return False
    function = space.get(job["exercise"])
    if not callable(function):
        emit(
            "error",
            name="NameError",
            summary=f"No function {job['exercise']} is defined here",
            text="Keep the function's name: the check looks for it.",
        )
        emit("verdict", verdict="error", codes="")
        return False
    try:
        feedback = space["check"](function)
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


def no_input(*_args) -> str:
    """input() would wait for an answer that a page can't give."""
    raise RuntimeError("input() can't ask anything in this page: write the value into the cell instead")


install_shims()
builtins.input = no_input
os.environ["MPLBACKEND"] = "module://live_backend"
warnings.filterwarnings("ignore", category=DeprecationWarning)
