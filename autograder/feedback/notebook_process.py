"""The process in which `autograder check` runs a notebook and judges one of its exercises.

The cells are run by the rules of grading (sandbox/inside/cells.py): what can't be imported there can't be
imported here, and a cell that takes too long is left. It is the reader's own code on the reader's own
machine, so there is no wall. On the pipe, a line of JSON each: the place of every statement that begins,
then null when all cells have run, then the answer.
"""

import builtins
import getpass
import io
import json
import os
import sys
import threading
from functools import cache
from types import ModuleType
from typing import Any, TextIO, TypedDict

from autograder._interrupts import interrupt
from autograder.course.own_exercises import load
from autograder.facts import Fact
from autograder.feedback.check import feedback_on
from autograder.feedback.first_prints import FirstPrints
from autograder.sandbox.calls import CallError, FunctionPlace, Outcome, not_loaded, still_running
from autograder.sandbox.grader_words import in_the_language
from autograder.sandbox.inside.cells import CellRunner, ask_nobody
from autograder.sandbox.inside.imports import Gate, Inert
from autograder.sandbox.inside.magics import transformed
from autograder.sandbox.limits import Limits


class CheckJob(TypedDict):
    """What is to be run and judged. own: the text of own_exercises.py, "" if there is none. stops: how many
    statements of a cell are run, where not all; asked: by function, the cell that defines it and the one
    after which it is asked for.
    """

    exercise: str
    own: str
    cells: list[str]
    stops: dict[str, int]
    asked: dict[str, tuple[int, int]]


class NotebookHere(FirstPrints):
    """The notebook's functions in this process, each as it was when its test cell was reached."""

    def __init__(self, job: CheckJob, pipe: TextIO) -> None:
        super().__init__(lambda: None, "")
        self.names = ModuleType("__main__").__dict__
        self.names["__builtins__"] = builtins_of_grading()
        # It would ask at the terminal, past stdin.
        vars(getpass)["getpass"] = ask_nobody
        self.pipe = pipe
        self.watch: threading.Timer | None = None
        self.errors: list[tuple[int, CallError]] = []
        stops = {int(place): statements for place, statements in job["stops"].items()}
        places = {name: FunctionPlace(*place) for name, place in job["asked"].items()}
        self.notebook = CellRunner(self.names, as_python, Inert, self.began, self.keep)
        self.notebook.run(job["cells"], stops, {name: place.after for name, place in places.items()})
        self.began(len(job["cells"]), -1)
        there = self.notebook.callables()
        failures = dict.fromkeys(stops, _stopped()) | dict(reversed(self.errors))
        self.failed = {
            name: not_loaded(failures[place.cell])
            for name, place in places.items()
            if name not in there and place.cell in failures
        }

    def began(self, cell: int, statement: int) -> None:
        """Tell it, and let the cell have its time; statement -1: all cells have run."""
        self.pipe.write(json.dumps([cell, statement] if statement >= 0 else None) + "\n")
        self.pipe.flush()
        if statement > 0:
            return
        if self.watch is not None:
            self.watch.cancel()
        self.watch = threading.Timer(Limits().cell_seconds, interrupt)
        self.watch.daemon = True
        if statement == 0:
            self.watch.start()

    def keep(self, cell: int, error: BaseException) -> None:
        """What a cell raised."""
        name = type(error).__name__
        found = CallError("exception", f"{name}: {in_the_language(str(error))}", type=name)
        self.errors.append((cell, _stopped() if isinstance(error, KeyboardInterrupt) else found))

    def _call(self, name: str, args: tuple[Any, ...]) -> Outcome:
        self.notebook.show(name)
        return super()._call(name, args)


def _stopped() -> CallError:
    """Of a cell that runs for too long."""
    return still_running(Limits().cell_seconds)


def builtins_of_grading() -> dict[str, Any]:
    """Python's builtins, but a cell imports what it could where exercises are graded, and asks nobody."""
    gate, standard = Gate(), builtins.__import__

    def importing(name: str, *where: Any, **how: Any) -> Any:
        top = name.partition(".")[0]
        if (where[3:] or (0,))[0] or top == "numpy" or top in sys.stdlib_module_names:
            return standard(name, *where, **how)
        module = gate.create_module(gate.find_spec(name))
        return module if where[2:] and where[2] else gate.create_module(gate.find_spec(top))

    return {**vars(builtins), "__import__": importing, "input": ask_nobody}


@cache
def _transformer() -> Any:
    """Only who uses magics needs IPython; None where it isn't installed."""
    try:
        from IPython.core.inputtransformer2 import TransformerManager
    except ModuleNotFoundError:
        return None
    return TransformerManager()  # type: ignore[no-untyped-call]


def as_python(source: str) -> str:
    """A cell as plain Python."""
    return transformed(source, _transformer)


def answer_of(job: CheckJob, pipe: TextIO) -> dict[str, Any]:
    """The judgement of the job's exercise as JSON values, with the card's text."""
    notebook = NotebookHere(job, pipe)
    course = load(job["own"])
    exercise = course.exercises[job["exercise"]]
    errors = [Fact("cell_failed", (error.type or error.kind, error.message)) for _, error in notebook.errors]
    known = exercise.function in notebook.failed or notebook.find(exercise.function) is not None
    feedback = feedback_on(course, exercise, notebook, () if known else tuple(errors))
    return {**feedback.to_json(), "text": feedback.text}


def answer_into(job: CheckJob, descriptor: int) -> None:
    """Judge, and write to the descriptor of a pipe; the cells' own printing goes nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    sys.stdin = io.StringIO()
    with os.fdopen(descriptor, "w", encoding="utf-8") as pipe:
        json.dump(answer_of(job, pipe), pipe)


def main() -> None:
    """Read a job from stdin, judge, write to what was stdout."""
    answer_into(json.loads(sys.stdin.buffer.read()), os.dup(1))


if __name__ == "__main__":
    main()
