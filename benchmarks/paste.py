"""What anything that stands in this repository earns when it is pasted as an answer to the graded set.

    python benchmarks/paste.py

Every function in a Python file, in a cell of the book, of the solutions, of a notebook, or in a text that is Python,
is tried as an answer to every graded exercise that takes as many arguments. Prints the best of each exercise.
"""

import ast
import inspect
import json
import re
import signal
import sys
import warnings
from collections.abc import Iterator, Sequence
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from types import FunctionType

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

from autograder import trees  # noqa: E402
from autograder.diagnosis.assess import assess  # noqa: E402
from autograder.exercises.exercise import Exercise  # noqa: E402
from autograder.exercises.expected import expected_of  # noqa: E402
from autograder.exercises.graded import GRADED  # noqa: E402
from autograder.sandbox.calls import LocalCaller  # noqa: E402

FOLDERS = (
    "autograder",
    "backprop",
    "benchmarks",
    "book",
    "examples",
    "exercises",
    "solutions",
    "tests",
    "tools",
)
SUFFIXES = (".py", ".md", ".ipynb", ".json")
SEED = b"paste"
LONG = 0.5  # seconds
KEPT = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
# Names by which a function reaches files, processes or the interpreter: none of these is an answer.
REACHING_OUT = {
    "os",
    "sys",
    "open",
    "Path",
    "shutil",
    "subprocess",
    "signal",
    "exec",
    "eval",
    "compile",
    "input",
    "exit",
    "linecache",
    "monkeypatch",
    "tmp_path",
    "page",
    "request",
    "setrecursionlimit",
    "write_text",
    "write_bytes",
    "unlink",
    "mkdir",
    "rmtree",
    "run",
    "kill",
    "sleep",
    "update_globals",
    "globals",
    "settrace",
    "chdir",
    "setattr",
    "tracemalloc",
    "gc",
    "socket",
    "threading",
    "multiprocessing",
    "resource",
    "faulthandler",
    "modules",
    "setitem",
    "setenv",
    "random",
    "seed",
    "environ",
    "print",
    "__import__",
    "importlib",
    "ctypes",
    "mock",
    "patch",
    "seterr",
    "cache_clear",
}
PROGRAM = re.compile(r"^\s*(def |class |import |from )", re.MULTILINE)


def files(folders: Sequence[str] = FOLDERS) -> list[Path]:
    """Every file of text in which an answer might stand. Tests by themselves aren't called: they change things."""
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*"))]
    return [
        path for path in found if path.suffix in SUFFIXES and not path.name.startswith(("test_", "conftest"))
    ]


def programs(path: Path) -> Iterator[str]:
    """The Python in a file, in pieces that run by themselves: a module, a page's cells in order, a text in it."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        yield text
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and "def " in node.value:
                yield node.value
    elif path.suffix == ".md":
        blocks = re.findall(r"^```+[^\n]*\n(.*?)^```+", text, re.DOTALL | re.MULTILINE)
        cells = [re.sub(r"^:[^\n]*\n", "", block, flags=re.MULTILINE) for block in blocks]
        yield from ("\n\n".join(cell for cell in cells if parsed(cell) is not None), *cells)
    else:
        try:
            held = json.loads(text)
        except ValueError:
            return
        yield from (piece for piece in texts(held) if "def " in piece)


def texts(value: object) -> Iterator[str]:
    """Every text in a JSON document; lines that stand in a list are one."""
    if isinstance(value, dict):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, list):
        if value and all(isinstance(item, str) for item in value):
            yield "".join(value)
        for item in value:
            yield from texts(item)
    elif isinstance(value, str):
        yield value


def parsed(program: str) -> ast.Module | None:
    """Its syntax tree, without what is no definition; None for what is no Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(program)
    except (SyntaxError, ValueError):
        return None
    return tree


@cache
def functions(paths: tuple[Path, ...]) -> tuple[FunctionType, ...]:
    """Every function that a program in these files defines, by itself or within another function, each once."""
    found: dict[object, FunctionType] = {}
    for path in paths:
        for program in programs(path):
            tree = parsed(program) if PROGRAM.search(program) else None
            if tree is None:
                continue
            space: dict[str, object] = {"np": np, "__name__": "pasted", "__file__": str(path)}
            inner = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
            for node in [*(n for n in tree.body if isinstance(n, KEPT) or is_plain(n)), *inner]:
                run_alone(node, space)
                function = space.get(getattr(node, "name", ""))
                if isinstance(function, FunctionType):
                    found.setdefault(
                        (
                            function.__code__.co_code,
                            function.__code__.co_consts.__repr__(),
                            function.__code__.co_names,
                        ),
                        function,
                    )
    return tuple(function for function in found.values() if only_computes(function))


def is_plain(node: ast.stmt) -> bool:
    """A constant, or a name for a function: no work is done for it."""
    return isinstance(node, ast.Assign) and not any(isinstance(n, ast.Call) for n in ast.walk(node))


def run_alone(node: ast.stmt, space: dict[str, object]) -> None:
    if isinstance(node, ast.FunctionDef):
        node.decorator_list = []
    try:
        exec(compile(ast.Module([node], []), "<pasted>", "exec"), space)
    except Exception:
        return


def only_computes(function: FunctionType) -> bool:
    """Is it safe to call with arrays: nothing in it reaches beyond its arguments?"""
    code, names = [function.__code__], set()
    while code:
        one = code.pop()
        names |= {*one.co_names, *one.co_varnames}
        code += [c for c in one.co_consts if inspect.iscode(c)]
    return not names & REACHING_OUT


def takes(function: FunctionType, count: int) -> bool:
    """Can it be called with so many arguments?"""
    try:
        inspect.signature(function).bind(*range(count))
    except (TypeError, ValueError):
        return False
    return True


def value_of(function: FunctionType, args: tuple[object, ...]) -> object:
    """What it gives, None where it raises or takes long."""

    def too_long(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, too_long)
    signal.setitimer(signal.ITIMER_REAL, LONG)
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            return function(*trees.copy_value(args))
    except (Exception, KeyboardInterrupt, SystemExit):
        return None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def form_of(exercise: Exercise, function: FunctionType) -> bytes | None:
    """The numbers that it gives in the first call, None unless they are as many as are asked: then it earns nothing."""
    cases, targets = exercise.asked(SEED)
    expected = list(trees.leaves(expected_of(targets[0].template)))
    try:
        given = [np.asarray(a, dtype=float) for a in trees.arrays(value_of(function, cases[0].args))]
    except (TypeError, ValueError):
        return None
    if [np.size(a) for a in given] != [np.size(a) for a in expected]:
        return None
    return b"".join(np.ascontiguousarray(a).tobytes() for a in given)


def best(exercise: Exercise, among: Sequence[FunctionType]) -> tuple[float, str, int]:
    """The largest fraction of the exercise's points that any of them earns, its name, and how many were tried."""
    tried: dict[bytes, FunctionType] = {}
    count = 0
    for function in among:
        if takes(function, len(exercise.arguments)):
            count += 1
            form = form_of(exercise, function)
            if form is not None:
                tried.setdefault(form, function)
    fractions = [
        (assess(exercise, LocalCaller(function, exercise.id), SEED).fraction, function.__name__)
        for function in tried.values()
    ]
    return (*max(fractions, default=(0.0, "")), count)


def best_apart(job: tuple[str, tuple[Path, ...]]) -> tuple[float, str, int]:
    """best() in a process of its own: what a function spoils there is gone with it."""
    id, paths = job
    return best(GRADED[id], functions(paths))


def best_of_all(ids: Sequence[str], paths: Sequence[Path]) -> Iterator[tuple[str, float, str, int]]:
    """For each exercise the most that anything in these files earns."""
    for id in ids:
        GRADED[id].asked(SEED)
    functions(tuple(paths))
    with get_context("fork").Pool(2, maxtasksperchild=1) as pool:
        jobs = [(id, tuple(paths)) for id in ids]
        for id, found in zip(ids, pool.imap(best_apart, jobs, chunksize=1), strict=True):
            yield (id, *found)


def main() -> None:
    paths = files()
    print(f"{len(functions(tuple(paths)))} functions in {len(paths)} files", flush=True)
    for id, fraction, name, tried in best_of_all(list(GRADED), paths):
        print(f"{id:24} {tried:5} tried  {fraction:4.0%}  {name}", flush=True)


if __name__ == "__main__":
    main()
