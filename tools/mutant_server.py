"""A pytest plugin for tools/mutants.py: it collects once, then answers each job from a process of its own.

    python -m pytest -p mutant_server --serve=IN,OUT tests/...

Jobs come as lines of JSON on the descriptor IN: {"tests": [...], "seconds": 30.0, "file": ..., "text": ...}.
Each is answered on OUT by "passed", "failed", "late" (not ended in time) or "unchangeable". The functions of
the file, as they are in this process, get the code that the text has for them; what runs at import stays as
it was.
"""

import contextlib
import functools
import gc
import json
import os
import select
import signal
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest
from _pytest.main import pytest_runtestloop as run_all

PASSED, FAILED, UNCHANGEABLE = 0, 1, 3
WORDS = {PASSED: "passed", FAILED: "failed", UNCHANGEABLE: "unchangeable"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--serve")


def codes(code: CodeType) -> Iterator[CodeType]:
    """The code of every function in this one, however deep."""
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield inner
            yield from codes(inner)


def change(file: str, text: str, functions: list[FunctionType]) -> None:
    """Give each of the functions its code in the text. ValueError where that takes other variables."""
    new = {(code.co_qualname, code.co_firstlineno): code for code in codes(compile(text, file, "exec"))}
    for function in functions:
        code = new.get((function.__code__.co_qualname, function.__code__.co_firstlineno))
        if code is not None:
            function.__code__ = code


class Server:
    """Answers jobs until the other side closes."""

    def __init__(self, session: pytest.Session, jobs: int, answers: int) -> None:
        self.session, self.jobs, self.answers = session, jobs, answers
        self.items = {item.nodeid: item for item in session.items}
        everything = gc.get_objects()
        self.caches = [each for each in everything if isinstance(each, functools._lru_cache_wrapper)]
        self.functions: dict[str, list[FunctionType]] = {}
        for each in everything:
            if isinstance(each, FunctionType):
                self.functions.setdefault(each.__code__.co_filename, []).append(each)
        del everything
        gc.collect()
        gc.freeze()

    def run(self) -> None:
        os.write(self.answers, b'"ready"\n')
        with os.fdopen(self.jobs) as lines:
            for line in lines:
                os.write(self.answers, json.dumps(self.answer(json.loads(line))).encode() + b"\n")

    def answer(self, job: dict[str, Any]) -> str:
        pid = os.fork()
        if pid == 0:
            status = UNCHANGEABLE
            try:
                os.setsid()
                status = self.outcome(job)
            finally:
                os._exit(status)
        handle = os.pidfd_open(pid)
        ended, _, _ = select.select([handle], [], [], job["seconds"])
        os.close(handle)
        # What the tests have started goes too.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        return WORDS.get(status, "failed") if ended else "late"

    def outcome(self, job: dict[str, Any]) -> int:
        """In the child: do the tests pass, with the code changed?"""
        path = str(Path(job["file"]).resolve())
        try:
            change(path, job["text"], self.functions.get(path, []))
        except ValueError:
            return UNCHANGEABLE
        # The programs that a test starts read the file.
        Path(path).write_text(job["text"], encoding="utf-8")
        for cache in self.caches:
            cache.cache_clear()
        self.session.items = [self.items[test] for test in job["tests"]]
        try:
            run_all(self.session)
        except pytest.Session.Failed:
            return FAILED
        return FAILED if self.session.testsfailed else PASSED


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    given = session.config.getoption("--serve")
    if not given:
        return None
    if session.testsfailed:
        raise session.Interrupted("not everything could be collected")
    Server(session, *map(int, given.split(","))).run()
    return True
