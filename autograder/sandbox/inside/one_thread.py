"""Threads and pools for a process that may have none: what is started is run at once, to its end.

A demo with threads costs no mark; what needs two threads at the same time waits for ever, and is stopped.
Standard library alone: the worker gets this text as source.
"""

import contextlib
from collections.abc import Callable, Iterable
from typing import Any


def threads(module: Any) -> None:
    """threading: a thread runs when it is started."""

    def start(self: Any) -> None:
        if self._started.is_set():
            raise RuntimeError("threads can only be started once")
        self._started.set()
        # As in a thread of its own: what goes wrong ends the thread alone.
        with contextlib.suppress(BaseException):
            self.run()

    module.Thread.start, module.Thread.join = start, lambda self, timeout=None: None
    module.Thread.is_alive = lambda self: False


def processes(module: Any) -> None:
    """multiprocessing.process: the same of a process."""

    def start(self: Any) -> None:
        with contextlib.suppress(BaseException):
            self.run()

    module.BaseProcess.start, module.BaseProcess.join = start, lambda self, timeout=None: None
    module.BaseProcess.is_alive, module.BaseProcess.terminate = lambda self: False, lambda self: None


def executors(module: Any) -> None:
    """concurrent.futures: what is submitted has its result at once."""
    from concurrent.futures import Executor, Future

    def submit(self: Any, function: Callable[..., Any], /, *args: Any, **named: Any) -> Any:
        future: Any = Future()
        try:
            future.set_result(function(*args, **named))
        except BaseException as error:
            future.set_exception(error)
        return future

    for name in ("ThreadPoolExecutor", "ProcessPoolExecutor"):
        if hasattr(module, name):
            made = type(name, (Executor,), {"__init__": lambda self, *_, **__: None, "submit": submit})
            setattr(module, name, made)


class Pool:
    """multiprocessing's Pool and ThreadPool, without other processes."""

    def __init__(self, *_: Any, **__: Any) -> None: ...

    def map(self, function: Callable[..., Any], items: Iterable[Any], *_: Any, **__: Any) -> list[Any]:
        return [function(item) for item in items]

    imap = imap_unordered = map

    def starmap(self, function: Callable[..., Any], items: Iterable[Any], *_: Any, **__: Any) -> list[Any]:
        return [function(*item) for item in items]

    def apply(self, function: Callable[..., Any], args: Any = (), kwds: Any = None) -> Any:
        return function(*args, **(kwds or {}))

    def close(self) -> None: ...

    terminate = join = close

    def __enter__(self) -> "Pool":
        return self

    def __exit__(self, *_: object) -> None: ...


def pools(module: Any) -> None:
    """multiprocessing.pool."""
    module.Pool = module.ThreadPool = Pool


# What is changed in a module when it has been loaded.
ADJUSTMENTS = {
    "threading": threads,
    "multiprocessing.process": processes,
    "multiprocessing.pool": pools,
    "concurrent.futures.thread": executors,
    "concurrent.futures.process": executors,
}


def adjusted(module: Any) -> None:
    """Change it, if it is one of these."""
    change = ADJUSTMENTS.get(getattr(module, "__name__", ""))
    if change is not None:
        change(module)
