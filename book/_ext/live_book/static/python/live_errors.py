"""Readable errors: a traceback without our own lines, and with the libraries' as soon as the page has their
sources.

The page's libraries are bytecode. When a traceback goes through one of them, the worker fetches its sources
afterwards and the lines are put into the error that is already shown.
"""

import json
import linecache
import os
import traceback
from pathlib import Path

from live_messages import emit

from autograder._language import _
from autograder.sandbox.inside.cells import CellRunner

OWN = {*map(str, Path(__file__).parent.glob("live_*.py")), CellRunner.run_cell.__code__.co_filename}
STDLIB, SITE, SOURCES = "/lib/python312.zip/", "/lib/python3.12/site-packages/", "/sources/"
GROUPS = dict.fromkeys(("ipywidgets", "traitlets", "comm"), "ipywidgets") | {"numpy": "numpy"}
# Errors shown without some of their lines
waiting: dict[str, traceback.TracebackException] = {}


def hint(error: BaseException) -> str:
    """What a reader who knows Python elsewhere may not know of this page."""
    if isinstance(error, ModuleNotFoundError):
        return _(
            "This page's Python has NumPy, Matplotlib, ipywidgets and this book's code, and no {name}.",
            name=error.name,
        )
    return ""


def report(error: BaseException) -> None:
    """Show a traceback without our own lines."""
    trace = traceback.TracebackException.from_exception(error)
    for part in parts(trace):
        part.stack[:] = [frame for frame in part.stack if frame.filename not in OWN]
    name = os.urandom(6).hex()
    if missing(trace):
        waiting[name] = trace
    summary = "".join(traceback.format_exception_only(error)).strip().splitlines()[-1]
    missing_name = getattr(error, "name", "") if isinstance(error, NameError) else ""
    emit(
        "error",
        missing=missing_name,
        error=name,
        name=type(error).__name__,
        summary=summary,
        text=told(trace),
        hint=hint(error),
    )


def told(trace: traceback.TracebackException) -> str:
    """The traceback's text; where a library lies in this page's Python says nothing to a reader."""
    return "".join(trace.format()).replace(SITE, "").replace(STDLIB, "")


def parts(trace: traceback.TracebackException) -> list[traceback.TracebackException]:
    """An error with those it came from."""
    found, todo = [], [trace]
    while todo:
        part = todo.pop()
        if part is not None and part not in found:
            found.append(part)
            todo += [part.__cause__, part.__context__]
    return found


def place(filename: str) -> tuple[str, str]:
    """The group of sources that a library's file belongs to, and where it lies once they are here; or two
    empty texts.
    """
    if filename.startswith(STDLIB):
        inside, group = filename.removeprefix(STDLIB), "stdlib-sources"
    elif filename.startswith(SITE):
        inside = filename.removeprefix(SITE)
        group = GROUPS.get(inside.split("/")[0], "matplotlib") + "-sources"
    else:
        return "", ""
    return group, f"{SOURCES}{group}/{inside}"


def missing(trace: traceback.TracebackException) -> set[str]:
    """Fill in the lines whose sources are here; the groups of sources that would have the others."""
    groups = set()
    for part in parts(trace):
        for frame in part.stack:
            group, path = place(frame.filename)
            if frame.line or not group:
                continue
            if Path(path).is_file():
                lines = Path(path).read_text(encoding="utf-8").splitlines(keepends=True)
                linecache.cache[frame.filename] = (len(lines), None, lines, frame.filename)
                # It is looked up again
                frame._line = None
            elif not Path(SOURCES, group).is_dir():
                groups.add(group)
    return groups


def missing_lines() -> str:
    """For the worker: the groups of sources that the errors shown wait for, as JSON."""
    return json.dumps(sorted(set().union(*map(missing, waiting.values()))))


def with_lines() -> str:
    """For the worker: the errors that waited, told again, {name: text} as JSON."""
    for trace in waiting.values():
        missing(trace)
    texts = {name: told(trace) for name, trace in waiting.items()}
    waiting.clear()
    return json.dumps(texts)
