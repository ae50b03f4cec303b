"""What a student's code can import: NumPy, the standard library, and inert things in place of plots.

A plot, a slider or a magic must cost no mark, so Matplotlib, IPython and their like are stood in for by
objects that accept everything and do nothing. Anything else says plainly that it can't be imported. Standard
library and NumPy only: the worker gets this text as source.
"""

import builtins
import dis
import importlib
import importlib.abc
import importlib.machinery
import io
import linecache
import sys
import types
import warnings
from collections.abc import Iterator, Sequence
from typing import Any

# What may be imported beside NumPy's part, on every machine the same; most of it is frozen till then.
STANDARD = """
abc argparse array ast asyncio base64 binascii bisect builtins bz2 calendar cmath codecs collections
collections.abc concurrent.futures concurrent.futures.thread contextlib contextvars copy copyreg csv ctypes
dataclasses datetime decimal difflib dis doctest email.message enum errno faulthandler fnmatch fractions
functools gc getpass gettext glob graphlib gzip hashlib heapq hmac html importlib importlib.util
importlib.resources importlib.metadata inspect io ipaddress itertools json keyword linecache locale logging
lzma marshal math mimetypes mmap multiprocessing numbers opcode operator os os.path pathlib pdb pickle pkgutil
platform pprint profile cProfile pstats queue random re reprlib resource sched secrets select selectors shelve
shlex shutil signal site socket sqlite3 stat statistics string stringprep struct subprocess symtable sys
sysconfig tempfile textwrap threading time timeit token tokenize traceback tracemalloc types typing
unicodedata unittest unittest.mock urllib.parse urllib.request uuid warnings weakref xml xml.etree.ElementTree
zipfile zlib zoneinfo _strptime encodings.idna encodings.ascii encodings.latin_1 encodings.utf_16
encodings.utf_32 encodings.cp1252 encodings.utf_8_sig encodings.unicode_escape encodings.raw_unicode_escape
"""
NUMPY = """
numpy numpy.linalg numpy.random numpy.fft numpy.polynomial numpy.ma numpy.testing numpy.typing numpy.lib
numpy.lib.stride_tricks numpy.lib.format numpy.lib.recfunctions numpy.lib.scimath numpy.lib.mixins
numpy.lib.npyio numpy.lib.array_utils numpy.lib.introspect numpy.exceptions numpy.dtypes numpy.char numpy.rec
numpy.strings numpy.ctypeslib numpy.version numpy.core numpy.matlib numpy.random.mtrand numpy.ma.extras
numpy.ma.core
"""
# Imported before the first fork: what nearly every notebook uses, and what is no text and can't be frozen.
FIRST = """
numpy numpy.linalg numpy.random numpy.fft array bisect collections copy functools itertools json linecache
math random re string time traceback types typing warnings
"""
COMPILED = """
_bisect _blake2 _bz2 _csv _ctypes _decimal _elementtree _hashlib _heapq _json _lsprof _lzma _md5
_multiprocessing _opcode _posixshmem _posixsubprocess _queue _random _sha1 _sha2 _sha256 _sha3 _sha512 _socket
_sqlite3 _ssl _statistics _uuid _zoneinfo array binascii cmath fcntl grp mmap pyexpat resource select syslog
termios unicodedata zlib
"""
STAND_INS = """
matplotlib mpl_toolkits pylab seaborn plotly bokeh altair ipywidgets IPython anywidget google
matplotlib_inline ipympl graphviz ipykernel
"""
INERT = frozenset(STAND_INS.split())
ONLY = "only NumPy and the standard library can be imported where exercises are graded"
MAX_PRINTED = 4_000


def preload() -> None:
    """Import what is imported before anything is locked; what this Python lacks is passed over."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in (FIRST + COMPILED).split():
            try:
                importlib.import_module(name)
            except ImportError:
                continue
        np = sys.modules["numpy"]
        # Once through what works lazily inside: LAPACK's, the generators, an error's text.
        np.linalg.svd(np.linalg.inv(np.eye(3)) @ np.eye(3))
        np.random.default_rng(0).normal(size=3)
        np.einsum("ij,jk->ik", np.eye(2), np.eye(2))
        str(np.array([1.5, 2.5]))


class Inert:
    """Accepts every attribute, call, index and operator, and does nothing."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return Inert()

    def __setattr__(self, name: str, value: Any) -> None: ...

    def __call__(self, *args: Any, **named: Any) -> Any:
        # @interact and its like: the student's function stays what it is.
        if len(args) == 1 and isinstance(args[0], types.FunctionType | type):
            return args[0]
        return Inert()

    def __getitem__(self, key: Any) -> Any:
        return Inert()

    def __setitem__(self, key: Any, value: Any) -> None: ...

    def __iter__(self) -> Iterator[Any]:
        return iter([Inert() for _ in range(_unpacked(sys._getframe(1)))])

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: Any) -> None: ...

    def __len__(self) -> int:
        return 0

    def __bool__(self) -> bool:
        return False

    def __float__(self) -> float:
        return 0.0

    def __int__(self) -> int:
        return 0

    def __repr__(self) -> str:
        return "<not available here: plots and widgets do nothing while exercises are graded>"

    def __format__(self, spec: str) -> str:
        return ""

    def _operator(self, *_: Any) -> Any:
        return Inert()

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _operator
    __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __pow__ = __rpow__ = __matmul__ = __rmatmul__ = (
        _operator
    )
    __neg__ = __pos__ = __abs__ = __or__ = __ror__ = __and__ = __rand__ = _operator
    __lt__ = __le__ = __gt__ = __ge__ = _operator


def _unpacked(frame: types.FrameType) -> int:
    """How many values `a, b = inert` asks for, read from the instruction that unpacks; 0 in a loop."""
    code, at = frame.f_code.co_code, frame.f_lasti
    name = dis.opname[code[at]] if 0 <= at < len(code) else ""
    if name.startswith("UNPACK_SEQUENCE"):
        return code[at + 1]
    if name == "UNPACK_EX":
        return code[at + 1]
    return 0


class InertModule(types.ModuleType):
    """A module whose every name is inert; `tqdm` gives back what it is given."""

    def __getattr__(self, name: str) -> Any:
        if name == "__path__":
            return []
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        if name == "get_ipython":
            return getattr(sys.modules["__main__"], name, Inert)
        return Inert()


class Progress(Inert):
    """A tqdm: gives what it is given, one by one, and shows nothing."""

    def __init__(self, iterable: Any = (), *_: Any, **__: Any) -> None:
        given = range(iterable) if isinstance(iterable, int) else iterable
        self.__dict__["iterable"] = () if given is None else given

    def __iter__(self) -> Iterator[Any]:
        return iter(self.__dict__["iterable"])

    def __len__(self) -> int:
        return len(self.__dict__["iterable"])

    def __bool__(self) -> bool:
        return True


def check(*functions: Any, **named: Any) -> None:
    """In place of `autograder.check`: here the numbers that count are asked for from outside."""


def _use_language(*_args: object) -> None:
    """In place of `autograder.use_language`: the course says what is told, and how."""


class Gate(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """The only finder left: what is not loaded yet is either stood in for or refused."""

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: Any = None) -> Any:
        top = name.partition(".")[0]
        if top in INERT or top == "tqdm" or name == "autograder":
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        if top in ("backprop", "autograder"):
            raise ModuleNotFoundError(
                f"{name} can't be imported where exercises are graded: write it yourself"
            )
        if top in sys.stdlib_module_names or top == "numpy":
            raise ModuleNotFoundError(f"no module named {name!r} where exercises are graded", name=name)
        raise ModuleNotFoundError(f"{name} can't be imported: {ONLY}", name=name)

    def create_module(self, spec: Any) -> types.ModuleType:
        if spec.name == "autograder":
            module = types.ModuleType("autograder")
            module.check = check  # type: ignore[attr-defined]
            module.use_language = _use_language  # type: ignore[attr-defined]
            return module
        module = InertModule(spec.name)
        if spec.name.startswith("tqdm"):
            for name in ("tqdm", "trange", "tqdm_notebook", "tnrange"):
                setattr(module, name, Progress)
        return module

    def exec_module(self, module: types.ModuleType) -> None: ...


class Printed(io.TextIOBase):
    """Keeps the beginning and the end of what is printed: a flood costs no memory."""

    def __init__(self) -> None:
        self.head, self.tail, self.count = "", "", 0

    def writable(self) -> bool:
        return True

    def reconfigure(self, **_: Any) -> None:
        """As a stream of text has it: the encoding is of no matter here."""

    @property
    def buffer(self) -> io.BytesIO:
        """The stream below, which takes bytes: nobody reads them."""
        return io.BytesIO()

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        room = MAX_PRINTED - len(self.head)
        if room > 0:
            self.head += text[:room]
        if len(text) > room:
            self.tail = (self.tail + text[max(0, room) :])[-MAX_PRINTED:]
        self.count += len(text)
        return len(text)

    def text(self) -> str:
        left_out = self.count - len(self.head) - len(self.tail)
        return self.head + (f"\n… {left_out:,} characters left out …\n" if left_out > 0 else "") + self.tail


def close_gate(frozen: Any) -> None:
    """In the zygote: no import from here on but of what is loaded, frozen or stood in for."""
    sys.meta_path[:] = [frozen, importlib.machinery.BuiltinImporter, Gate()]
    sys.path_hooks.clear()
    sys.path_importer_cache.clear()
    sys.path[:] = []
    sys.argv[:] = ["notebook"]
    warnings.simplefilter("ignore")
    linecache.updatecache = lambda *_: []  # type: ignore[assignment]


def install(printed: Printed) -> dict[str, Any]:
    """Take the streams; returns the namespace in which the student's cells run."""
    sys.stdin = io.StringIO()
    for name in ("stdout", "stderr", "__stdout__", "__stderr__"):
        setattr(sys, name, printed)
    main = types.ModuleType("__main__")
    sys.modules["__main__"] = main
    main.__dict__.update(__builtins__=builtins)
    return main.__dict__
