"""Local processes that grade: each job known to be on one process, so that a process that dies costs one job
a retry.

A library's pool breaks as a whole when one of its processes dies, and doesn't say which job was on it. Here
every process has a pipe of its own, and a job at work and one in waiting; what waited goes back to the front
of the queue.
"""

import contextlib
import gc
import queue
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing import connection, get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from autograder._language import _
from autograder.grading import jobs
from autograder.sandbox.launch import SandboxError

# Jobs a process holds: one at work, and one that it need not wait for.
JOBS_HELD = 2
TRIES_OF_A_JOB = 2
# Objects made before the collector looks for cycles: at its usual 700 that took a tenth of the time.
OBJECTS_BEFORE_COLLECTING = 50_000


@dataclass
class Worker:
    """A process, our end of its pipe, and the jobs it holds in the order in which it does them."""

    process: BaseProcess
    pipe: Any
    held: deque[jobs.Job] = field(default_factory=deque)

    def give(self, job: jobs.Job) -> None:
        self.held.append(job)
        # Where the process died, collecting its answer finds that out.
        with contextlib.suppress(OSError):
            self.pipe.send(job)


def run_on_processes(
    todo: Iterable[jobs.Job],
    count: int,
    work: Callable[[jobs.Job], jobs.JobResult] = jobs.run_here,
    meanwhile: Callable[[], object] = lambda: None,
) -> Iterator[tuple[jobs.Job, jobs.JobResult]]:
    """Each job with its result, as they come. Jobs are drawn as they are needed. SandboxError if no wall can
    be had.

    meanwhile is called once, when the processes have their first jobs.

    A job on whose process died is tried once more, and is then lost; one on which the grader itself fails is
    lost.
    """
    waiting = iter(todo)
    again: deque[jobs.Job] = deque()
    deaths: dict[str, int] = {}
    workers: list[Worker] = []

    def next_job() -> jobs.Job | None:
        return again.popleft() if again else next(waiting, None)

    def fill(worker: Worker) -> None:
        while len(worker.held) < JOBS_HELD:
            job = next_job()
            if job is None:
                return
            worker.give(job)

    try:
        while len(workers) < count and (job := next_job()) is not None:
            workers.append(_start(work))
            workers[-1].give(job)
        for worker in workers:
            fill(worker)
        meanwhile()
        while any(worker.held for worker in workers):
            ready = connection.wait([worker.pipe for worker in workers if worker.held])
            for place, worker in enumerate(workers):
                if worker.pipe not in ready:
                    continue
                answer = _answer(worker)
                job = worker.held.popleft()
                if answer is not None:
                    fill(worker)
                    yield job, _result(job, *answer)
                    continue
                again.extend(worker.held)
                _end(worker)
                deaths[job["key"]] = deaths.get(job["key"], 0) + 1
                if deaths[job["key"]] < TRIES_OF_A_JOB:
                    again.appendleft(job)
                else:
                    yield job, jobs.lost_result(job, _("the grading process ended twice on this submission"))
                workers[place] = _start(work)
                fill(workers[place])
            # Those that found nothing to do, when another's jobs came back.
            for worker in workers:
                if not worker.held:
                    fill(worker)
    finally:
        for worker in workers:
            _end(worker)


def _result(job: jobs.Job, kind: str, said: Any) -> jobs.JobResult:
    if kind == "refused":
        raise SandboxError(said)
    if kind == "failed":
        return jobs.lost_result(job, _("the grader itself failed on this submission: {said}", said=said))
    result: jobs.JobResult = said
    return result


def _answer(worker: Worker) -> tuple[str, Any] | None:
    """What the process says of the job it was at; None if it died."""
    try:
        kind, said = worker.pipe.recv()
        return kind, said
    except (EOFError, OSError):
        return None


def _start(work: Callable[[jobs.Job], jobs.JobResult]) -> Worker:
    # Never forked from this process: that would carry the gradebook along. Linux forks a server that holds
    # nothing.
    context = get_context("forkserver" if sys.platform.startswith("linux") else "spawn")
    if hasattr(context, "set_forkserver_preload"):
        context.set_forkserver_preload(["autograder.grading.jobs", "autograder.diagnosis.diagnose", "jinja2"])
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, work), daemon=True)  # type: ignore[attr-defined]
    process.start()
    theirs.close()
    return Worker(process, ours)


def _end(worker: Worker) -> None:
    # With its pipe closed it ends by itself when it has nothing more to do.
    worker.pipe.close()
    worker.process.join(timeout=0 if worker.held else 2)
    if worker.process.is_alive():
        worker.process.kill()
        worker.process.join()


def _serve(pipe: Any, work: Callable[[jobs.Job], jobs.JobResult]) -> None:
    """A worker's life: jobs in, results out, until the other side closes. Ctrl-C is the other side's to
    answer.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()
    gc.set_threshold(OBJECTS_BEFORE_COLLECTING)
    coming: queue.SimpleQueue[jobs.Job | None] = queue.SimpleQueue()

    # The pipe is always emptied: two sides that both wait to write would wait for ever.
    def take() -> None:
        try:
            while True:
                coming.put(pipe.recv())
        except (EOFError, OSError):
            coming.put(None)

    threading.Thread(target=take, daemon=True).start()
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        while (job := coming.get()) is not None:
            pipe.send(_done(work, job))
    jobs.close_zygotes()


def _done(work: Callable[[jobs.Job], jobs.JobResult], job: jobs.Job) -> tuple[str, Any]:
    try:
        return "done", work(job)
    except SandboxError as refused:
        return "refused", str(refused)
    # A fault of ours costs this job, not the class.
    except Exception as error:
        # Its text may be made of what a student's process sent: where it was raised says enough.
        trace = error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        where = f", {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
        return "failed", f"{type(error).__name__}{where}"
