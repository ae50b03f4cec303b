"""Modules frozen: held as bytes until a student's code imports them, for a locked child can read no file.

A fork costs by the page: imported at once, all that students may import made every child three times as dear
as NumPy alone. The bytes lie in a private mapping of a file, which a fork does not copy, and which no child
can change for another. Standard library only: the worker gets this text as source.
"""

import importlib.abc
import importlib.machinery
import importlib.util
import marshal
import mmap
import os
import struct
import sys
import types
from collections.abc import Callable, Iterator, Sequence
from typing import Any

# Packages that are not frozen: tests, and what belongs to installing, building or windows.
UNSHARED = """
__phello__ _distutils_hack antigravity conftest curses dbm distutils ensurepip idlelib lib2to3 msilib pip
pydoc_data setuptools test tests this tkinter turtle turtledemo venv wsgiref xmlrpc
"""
NOT_FROZEN = frozenset(UNSHARED.split())


class FrozenModules(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds and loads the modules whose code is in these bytes.

    places: by a module's name, where its code begins and ends, and is it a package? adjust: is given each
    module when it has been loaded.
    """

    def __init__(
        self, places: dict[str, tuple[int, int, bool]], code: Any, adjust: Callable[[Any], None]
    ) -> None:
        self.places, self.code, self.adjust = places, code, adjust

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: Any = None) -> Any:
        if name not in self.places:
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=self.places[name][2])

    def create_module(self, spec: Any) -> types.ModuleType | None:
        return None

    def exec_module(self, module: types.ModuleType) -> None:
        start, end, _ = self.places[module.__name__]
        exec(marshal.loads(memoryview(self.code)[start:end]), module.__dict__)
        self.adjust(module)


def _modules(package: str, folder: str) -> Iterator[tuple[str, str, bool]]:
    """(module, path of its text, is it a package?) for each in the folder and its packages."""
    for entry in os.scandir(folder):
        stem = entry.name.partition(".")[0]
        if stem in NOT_FROZEN or not stem.isidentifier():
            continue
        name = f"{package}.{stem}" if package else stem
        # os.path and open, for pathlib is one of the modules that are frozen.
        inside = os.path.join(entry.path, "__init__.py")  # noqa: PTH118
        if os.path.isfile(inside):  # noqa: PTH113
            yield name, inside, True
            yield from _modules(name, entry.path)
        # Debian's sitecustomize.py is a link into /etc, which is not there in a namespace.
        elif entry.name == f"{stem}.py" and stem != "__init__" and entry.is_file():
            yield name, entry.path, False


def _code(name: str, path: str) -> bytes:
    """The marshalled code of a module: from Python's cache if that is of this text, else compiled now."""
    cached, now = importlib.util.cache_from_source(path), os.stat(path)  # noqa: PTH116
    try:
        with open(cached, "rb") as file:  # noqa: PTH123
            data = file.read()
        if data[:4] == importlib.util.MAGIC_NUMBER and len(data) > 16:
            flags, time, size = struct.unpack("<III", data[4:16])
            if flags == 0 and (time, size) == (int(now.st_mtime) & 0xFFFFFFFF, now.st_size & 0xFFFFFFFF):
                return data[16:]
    except OSError:
        pass
    return marshal.dumps(importlib.machinery.SourceFileLoader(name, path).get_code(name))


def freeze_all(adjust: Callable[[Any], None] = lambda module: None) -> FrozenModules:
    """The standard library's modules and NumPy's; adjust is given each that a student's code has loaded."""
    numpy = sys.modules["numpy"].__path__[0]
    places: dict[str, tuple[int, int, bool]] = {}
    with _file() as file:
        for package, folder in (("", os.path.dirname(os.__file__)), ("numpy", numpy)):  # noqa: PTH120
            for name, path, is_package in _modules(package, folder):
                start = file.tell()
                # Written at once: in memory it would be copied into every child.
                file.write(_code(name, path))
                places[name] = (start, file.tell(), is_package)
        file.flush()
        code = mmap.mmap(file.fileno(), 0, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ)
        return FrozenModules(places, code, adjust)


def _file() -> Any:
    """An open file without a name; no disk is written where the system has such files in memory."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("frozen modules"), "w+b")
    import tempfile

    return tempfile.TemporaryFile()
