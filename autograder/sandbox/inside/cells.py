"""A notebook's cells, run as Jupyter runs them: statement by statement, in one namespace, in their order.

Grading runs them so behind the wall, `autograder check` on the student's own machine: one runner, one set of
rules. A function is asked as it was when its test cell was reached, whatever the cells below make of its name
or of its helpers'. Standard library alone: the worker gets this text as source.
"""

import __future__

import ast
import contextlib
import linecache
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

COROUTINE = 0x80
# What can hardly hang or end Python: no report before it.
QUICK = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Pass)


# What fails where exercises are graded and not in Jupyter: nobody answers input(), and there are no files, no
# other programs and no network.
NOT_HERE = (EOFError, OSError)
# Modules whose own errors say the same: a database, a language or a time zone is a file.
OF_FILES = ("sqlite3", "locale", "zoneinfo")
# Modules that raise such errors where there is no account, no home, no variable of the environment, and no
# event loop that runs while a cell does, as it does in Jupyter.
OF_THE_PLACE = ("os", "getpass", "pathlib", "asyncio")
SAY_SO = (KeyError, RuntimeError)
NO_LOOP = "no running event loop"


def ask_nobody(*_: object, **__: object) -> str:
    """In place of input() and getpass()."""
    raise EOFError(
        "input() can't be answered here, nor where exercises are graded: write the value into the cell"
    )


def is_not_here(error: BaseException) -> bool:
    """Did a statement fail for what isn't where exercises are graded? Also for a part of the standard library
    that isn't there, such as tkinter.
    """
    try:
        if isinstance(error, ModuleNotFoundError):
            return (error.name or "").partition(".")[0] in sys.stdlib_module_names
        if type(error) in SAY_SO:
            return error.args[:1] == (NO_LOOP,) or _raised_in(error).partition(".")[0] in OF_THE_PLACE
        return isinstance(error, NOT_HERE) or type(error).__module__.partition(".")[0] in OF_FILES
    # A stranger's class may answer anything, and raise.
    except BaseException:
        return False


def _raised_in(error: BaseException) -> str:
    """The name of the module in which it was raised."""
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    return str(at.tb_frame.f_globals.get("__name__")) if at is not None else ""


def leave(*_: object) -> None:
    """exit() and quit(): the cell ends, and the notebook goes on."""
    raise SystemExit


class Shell:
    """What get_ipython() gives: it runs %time's code and %%time's cell, and does nothing for all other
    magics.
    """

    def __init__(self, inert: Callable[[], Any], notebook: "CellRunner") -> None:
        self._inert, self._notebook = inert, notebook

    def run_line_magic(self, name: str, line: str, *_: Any, **__: Any) -> Any:
        if name == "time":
            with contextlib.suppress(SyntaxError):
                return eval(line, self._notebook.names)
            exec(line, self._notebook.names)
        if name == "pylab":
            names = self._notebook.names
            exec("import numpy\nimport numpy as np\nfrom numpy import *\n", names)
            names.update(plt=self._inert(), pylab=self._inert(), figsize=self._inert())
        return self._inert()

    def run_cell_magic(self, name: str, line: str, cell: str) -> Any:
        return self._inert()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._inert()


class CellRunner:
    """The namespace, and what it was when each exercise's function is asked.

    names: the dict in which the cells run; it stays the same object, the functions' globals. plain: makes a
    cell's text Python. inert: makes what display() gives. began(cell, statement) is told what is run next,
    failed(cell, error) what a cell raised, shown(value) the value of a cell's last expression.
    """

    def __init__(
        self,
        names: dict[str, Any],
        plain: Callable[[str], str],
        inert: Callable[[], Any],
        began: Callable[[int, int], None] = lambda cell, statement: None,
        failed: Callable[[int, BaseException], None] = lambda cell, error: None,
        shown: Callable[[Any], None] = lambda value: None,
    ) -> None:
        self.names, self.plain, self.began, self.failed, self.shown = names, plain, began, failed, shown
        shell = Shell(inert, self)
        names.update(display=inert(), get_ipython=lambda: shell, exit=leave, quit=leave, In=[], Out={})
        # Has a statement failed for what isn't here: may names be missing since?
        self.passed_over = False
        # "": as the last cell left it.
        self.views: dict[str, dict[str, Any]] = {}
        self.viewed = ""
        self.flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        self.last: Any = None

    def run(self, cells: Sequence[str], stops: Mapping[int, int], asked: Mapping[str, int]) -> None:
        """Run the cells in order; one that fails stops none of those after it.

        stops: how many statements of a cell are run, where not all of them. asked: after which cell a
        function is asked for.
        """
        for place, source in enumerate(cells):
            if stops.get(place) != 0:
                self.began(place, 0)
                self.run_cell(place, source, stops.get(place))
            for name, after in asked.items():
                if after == place and callable(self.names.get(name)):
                    self.views[name] = dict(self.names)
        self.views[""] = dict(self.names)
        self.viewed = ""

    def show(self, name: str) -> None:
        """Make the namespace what it was when this function is asked."""
        name = name if name in self.views else ""
        if name != self.viewed:
            self.views[self.viewed] = dict(self.names)
            self.viewed = name
            self.names.clear()
            self.names.update(self.views[name])

    def callables(self) -> list[str]:
        """The names of what can be called, in any of the views."""
        seen = dict.fromkeys(name for name in self.views if name)
        seen.update((name, None) for name, what in self.names.items() if type(name) is str and callable(what))
        return list(seen)

    def add(self, source: str, absent: Sequence[str]) -> None:
        """Run the grader's own cell in every view. absent: names that count as there."""
        code = compile(source, "<grader>", "exec", dont_inherit=True)
        for name in [*self.views]:
            self.show(name)
            for missing in absent:
                self.names.setdefault(missing, None)
            exec(code, self.names)

    def run_cell(self, place: int, source: str, stop: int | None = None, file: str = "") -> None:
        """Run one cell; what it raises is told, and not raised here. file: its name in tracebacks.

        A statement that fails for what isn't here is passed over, and so is one that fails after it in the
        same cell, or further down for a name that it would have made.
        """
        file = file or f"<cell {place + 1}>"
        try:
            source = self.plain(source)
            linecache.cache[file] = (len(source), None, source.splitlines(True), file)
            tree = self._compiled(source, file, "exec", ast.PyCF_ONLY_AST)
        # Text of any kind may come here.
        except BaseException as error:
            self._tell(place, error)
            return
        passed_over, shown = False, not source.rstrip().endswith(";")
        for number, statement in enumerate(tree.body[:stop]):
            if number and not isinstance(statement, QUICK):
                self.began(place, number)
            is_last = statement is tree.body[-1]
            try:
                self._run_statement(statement, file, is_last and shown and isinstance(statement, ast.Expr))
            except BaseException as error:
                # Telling it forgets where it was raised.
                passed_over = passed_over or is_not_here(error)
                self._tell(place, error)
                self.passed_over = self.passed_over or passed_over
                follows = passed_over or (self.passed_over and isinstance(error, NameError))
                # SystemExit and KeyboardInterrupt end a cell too: the next cells still run.
                if not follows or not isinstance(error, Exception):
                    return

    def _tell(self, place: int, error: BaseException) -> None:
        self.failed(place, error)
        error.__traceback__ = None

    def _run_statement(self, statement: ast.stmt, file: str, shown: bool) -> None:
        if shown:
            assert isinstance(statement, ast.Expr)
            self._keep_last(self._run(self._compiled(ast.Expression(statement.value), file, "eval")))
            return
        if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
            for alias in statement.names:
                self.flags |= getattr(__future__, alias.name).compiler_flag
        self._run(self._compiled(ast.Module([statement], []), file, "exec"))

    def _compiled(self, source: Any, file: str, mode: str, more: int = 0) -> Any:
        return compile(source, file, mode, self.flags | more, dont_inherit=True)

    def _run(self, code: Any) -> Any:
        value = eval(code, self.names)
        return run_to_its_end(value) if code.co_flags & COROUTINE else value

    def _keep_last(self, value: Any) -> None:
        """Jupyter's `_`, unless the student's own variable has that name."""
        names = self.names
        if value is not None and ("_" not in names or names["_"] is self.last):
            names["__"], names["_"], self.last = names.get("_"), value, value
        if value is not None:
            self.shown(value)


def run_to_its_end(coroutine: Any) -> Any:
    """The value of a coroutine, in an event loop that needs no socket: it waits by sleeping."""
    import asyncio

    class Waiting:
        """Has the part of a selector that a loop without files asks for."""

        def select(self, timeout: float | None) -> list[Any]:
            time.sleep(timeout if timeout is not None else 0.05)
            return []

    class Loop(asyncio.BaseEventLoop):
        def __init__(self) -> None:
            super().__init__()
            self._selector = Waiting()

        def _process_events(self, events: Any) -> None: ...

        def _write_to_self(self) -> None: ...

    loop, around = Loop(), asyncio._get_running_loop()
    # A page's Python always has a loop that counts as running.
    asyncio._set_running_loop(None)
    try:
        return loop.run_until_complete(coroutine)
    finally:
        loop.close()
        asyncio._set_running_loop(around)
