"""Where a submission's processor time goes: the stages of grading, timed in one warm process, and its children's."""

import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil

from autograder.course.submitted import SubmissionFolder
from autograder.gradebook.gradebook import Gradebook
from autograder.grading import documents, jobs
from autograder.grading.tasks import SubmissionKey
from autograder.grading.write_results import write_chunk
from autograder.notebooks.submission import load_assignment
from autograder.sandbox import child, forked_process
from autograder.sandbox.zygote import Zygote


def of(notebooks: list[bytes], assignment: str) -> list[tuple[str, float]]:
    """(stage, ms of processor time a submission); a stage's time is without that of the stages within it."""
    spent: dict[str, float] = {}
    inside: list[float] = [0.0]

    def timed(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*args: Any, **named: Any) -> Any:
            began = time.process_time()
            inside.append(0.0)
            try:
                return function(*args, **named)
            finally:
                took = time.process_time() - began
                spent[name] = spent.get(name, 0.0) + took - inside.pop()
                inside[-1] += took

        return wrapped

    stages = [
        (Zygote, "fork", "ask for a child"),
        (forked_process.ForkedProcess, "end", "end a child"),
        (child.Child, "__enter__", "have the cells run"),
        (child.Child, "call_many", "send calls, read answers"),
        (documents, "autograded", "the notebook for autograded/"),
        (documents, "page_facts", "what the page for feedback/ says"),
        (jobs, "run", "read the notebook, draw probes, judge, diagnose"),
    ]
    kept = [(owner, name, getattr(owner, name)) for owner, name, _ in stages]
    with TemporaryDirectory() as temporary, Zygote() as zygote:
        course = Path(temporary)
        released = jobs.released_bytes(course, assignment)
        todo = []
        for i, data in enumerate(notebooks):
            path = course / "submitted" / f"s{i}" / assignment / f"{assignment}.ipynb"
            path.parent.mkdir(parents=True)
            path.write_bytes(data)
            found = SubmissionFolder(f"s{i}", assignment, str(path))
            todo.append(jobs.make_job(found, released, seed="s", seconds=10, isolation="strong"))
        for job in todo[:10]:
            jobs.run(job, zygote)
        before = processor_time(zygote)
        try:
            for owner, name, what in stages:
                setattr(owner, name, timed(what, getattr(owner, name)))
            results = [(job, jobs.run(job, zygote)) for job in todo]
        finally:
            for owner, name, function in kept:
                setattr(owner, name, function)
        children = processor_time(zygote) - before
        with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
            book.add_assignment(load_assignment(None, assignment))
            reports: dict[SubmissionKey, bytes] = {}
            timed("files, records and the gradebook", write_chunk)(course, book, results, reports)
    spent["the children: fork, lock in, run cells and calls, end"] = children
    return [
        (name, 1e3 * value / len(notebooks)) for name, value in sorted(spent.items(), key=lambda kv: -kv[1])
    ]


def processor_time(zygote: Zygote) -> float:
    """Processor seconds of the zygote and of the children it has waited for."""
    assert zygote.process is not None

    top = psutil.Process(zygote.process.popen.pid)
    total = 0.0
    for process in (top, *top.children(recursive=True)):
        times = process.cpu_times()
        total += times.user + times.system + times.children_user + times.children_system
    return total
