"""The same jobs on a dask.distributed cluster that somebody else started: Kubernetes, SLURM, SSH, or by hand.

Dask sends a lost worker's jobs to another. It can't tell which of the jobs a worker held took it down, so a
job that it gives up is tried once more at the end, with no other beside it, before it is reported as lost.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from autograder._language import _
from autograder.errors import GraderError, reason
from autograder.grading import jobs
from autograder.sandbox.launch import SandboxError

# Jobs sent for each thread of the cluster.
JOBS_PER_THREAD = 4
# Of a job on which a worker raised an error, which may be that worker's own trouble.
RETRIES = 2
# Seconds without any worker.
PATIENCE = 60.0
# How long a scheduler may take to answer at first.
ANSWER = "10s"


class ClusterError(GraderError):
    """The cluster can't be used; str() says why and what to do."""


def run_on_cluster(
    todo: Iterable[jobs.Job], address: str, work: Callable[[jobs.Job], jobs.JobResult] = jobs.run_here
) -> Iterator[tuple[jobs.Job, jobs.JobResult]]:
    """Each job with its result, as they come; jobs are drawn as they are needed.

    ClusterError if no scheduler or no worker is to be had; SandboxError if a worker has no wall.
    """
    suspects: list[jobs.Job] = []
    with _client(address) as client:
        yield from _run(client, iter(todo), work, suspects.append)
        for job in suspects:
            given_up: list[jobs.Job] = []
            yield from _run(client, iter([job]), work, given_up.append)
            if given_up:
                yield job, jobs.lost_result(job, _("every worker that tried this submission was lost"))


def ask_for(address: str) -> None:
    """ClusterError if no scheduler answers there."""
    with _client(address):
        pass


def _client(address: str) -> Any:
    try:
        from distributed import Client
    except ModuleNotFoundError:
        raise ClusterError(_("--scheduler needs dask.distributed: pip install dask distributed")) from None
    try:
        return Client(address, timeout=ANSWER)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise ClusterError(
            _(
                "--scheduler {address}: no scheduler answers there ({reason})",
                address=address,
                reason=reason(error),
            )
        ) from None


def _run(
    client: Any,
    todo: Iterator[jobs.Job],
    work: Callable[[jobs.Job], jobs.JobResult],
    give_up: Callable[[jobs.Job], Any],
) -> Iterator[tuple[jobs.Job, jobs.JobResult]]:
    from distributed.scheduler import KilledWorker

    held: dict[Any, jobs.Job] = {}

    def fill() -> None:
        while (
            len(held) < max(JOBS_PER_THREAD, JOBS_PER_THREAD * _threads(client))
            and (job := next(todo, None)) is not None
        ):
            held[client.submit(work, job, pure=False, retries=RETRIES)] = job

    fill()
    while held:
        for future in _finished(client, list(held)):
            job = held.pop(future)
            try:
                result = future.result()
            except KilledWorker:
                give_up(job)
            except SandboxError:
                raise
            # A fault of ours costs this job, not the class.
            except Exception as error:
                what = f"{type(error).__name__}: {error}"[:300]
                yield (
                    job,
                    jobs.lost_result(
                        job, _("the grader itself failed on this submission: {what}", what=what)
                    ),
                )
            else:
                yield job, result
            future.release()
        fill()


def _finished(client: Any, futures: list[Any]) -> list[Any]:
    """Those that are done, at least one; ClusterError if for a minute there was nobody to do them."""
    from distributed import wait

    since: float | None = None
    while True:
        try:
            done = wait(futures, min(5.0, PATIENCE), "FIRST_COMPLETED").done  # type: ignore[no-untyped-call]
            return list(done)
        except TimeoutError:
            if _threads(client):
                since = None
                continue
            since = since or time.monotonic()
            if time.monotonic() - since > PATIENCE:
                raise ClusterError(
                    _(
                        "the cluster has had no worker for {patience:g} seconds; what was graded is kept: "
                        "start workers and run the same command to go on",
                        patience=PATIENCE,
                    )
                ) from None


def _threads(client: Any) -> int:
    return sum(client.nthreads().values())
