"""Looking for the right answer, the seed, or anything that is not theirs. What is found would be returned."""

from . import ROOT


def _finds(body: str) -> str:
    lines = "\n".join("    " + line for line in body.strip().splitlines())
    return (
        f"def find(z):\n{lines}\n"
        "def hidden_delta(W_next, delta_next, z, hidden):\n"
        "    try: found = find(z)\n"
        "    except Exception: found = None\n"
        "    return found if found is not None else np.zeros(z.shape)\n"
    )


CALLS = "return f(*args)"
ATTACKS = {
    "import the recipe": "from backprop import hidden_delta",
    "import the recipe when asked": _finds(
        "from backprop.recipe import hidden_delta as f\nimport sys\nd = sys._getframe(1).f_locals\n"
        "return f(d['W_next'], d['delta_next'], z, d['hidden'])"
    ),
    "import the grader's tables": _finds(
        "from autograder.exercises import EXERCISES\nreturn EXERCISES['hidden_delta']"
    ),
    "import from a path": _finds(
        "import importlib.util as u\ns = u.spec_from_file_location('r', '"
        + ROOT
        + "/backprop/recipe.py')\nm = u.module_from_spec(s)\ns.loader.exec_module(m)\nreturn m.hidden_delta"
    ),
    "run a path": _finds("import runpy\nreturn runpy.run_path('" + ROOT + "/backprop/recipe.py')"),
    "read the recipe": _finds(
        "import glob\nfor p in glob.glob('/**/recipe.py', recursive=True): exec(open(p).read())"
    ),
    "read the gradebook": _finds(
        "import sqlite3\nreturn len(sqlite3.connect('"
        + ROOT
        + "/gradebook.db').execute('select * from grade').fetchall())"
    ),
    "read the neighbours": _finds("import os\nreturn len(os.listdir('..')) + len(os.listdir('/'))"),
    "the frames above": _finds(
        "import sys\nf = sys._getframe()\nwhile f:\n"
        "    for n in ('expected', 'reference', 'answer', 'target'):\n"
        "        if n in f.f_locals: return f.f_locals[n]\n    f = f.f_back"
    ),
    "the heap": _finds(
        "import gc\nfor o in gc.get_objects():\n"
        "    if isinstance(o, np.ndarray) and o.shape == z.shape and o is not z: return o\n"
        "    if isinstance(o, dict):\n        for k in ('expected', 'reference', 'seed', 'secret'):\n"
        "            if k in o and not callable(o[k]): return o[k]"
    ),
    "its own memory": _finds("data = open('/proc/self/mem', 'rb').read(4096)\nreturn len(data)"),
    "its own memory by ctypes": _finds(
        "import ctypes\nbase = id(z) & ~0xfff\ndata = ctypes.string_at(base, 4096)\n"
        "i = data.find(b'expected')\nreturn None if i < 0 else i"
    ),
    "the parent's memory": _finds("import os\nreturn len(open(f'/proc/{os.getppid()}/mem', 'rb').read(16))"),
    "the parent's environment": _finds(
        "import os\nreturn len(open(f'/proc/{os.getppid()}/environ', 'rb').read())"
    ),
    "the environment": _finds(
        "import os\n"
        "return [v for k, v in os.environ.items() if 'SEED' in k or 'SECRET' in k or 'NBGRADER' in"
        " k][0]"
    ),
    "process_vm_readv": _finds(
        "import ctypes, os\nlibc = ctypes.CDLL(None)\n"
        "assert libc.syscall(310, os.getppid(), 0, 0, 0, 0, 0) == 0\nreturn 1"
    ),
    "ptrace": _finds(
        "import ctypes, os\nassert ctypes.CDLL(None).ptrace(16, os.getppid(), 0, 0) == 0\nreturn 1"
    ),
    "other descriptors": _finds(
        "import os\nout = b''\nfor fd in range(4, 64):\n    try: out += os.read(fd, 100)\n"
        "    except OSError: pass\nreturn out.decode() or None"
    ),
    "the channel, ahead of the worker": _finds(
        "import os\nos.set_blocking(3, False)\nreturn os.read(3, 100)"
    ),
    "the network": _finds(
        "import urllib.request\nreturn urllib.request.urlopen('http://127.0.0.1:1/answer').read()"
    ),
    "the name server": _finds("import socket\nreturn socket.gethostbyname('localhost')"),
    "a helper program": _finds(
        "import subprocess\nreturn subprocess.check_output(['python3', '-c', 'import backprop; print(1)'])"
    ),
    "the accounts": _finds("import pwd\nreturn pwd.getpwuid(0).pw_dir"),
    "the command line": _finds("import sys\nreturn [a for a in sys.orig_argv if 'seed' in a][0]"),
    "linecache": _finds(
        (
            "import linecache\nfor p in list(linecache.cache):\n    for line in linecache.getlines(p):\n"
            "        if 'def expected' in line: return line\nreturn linecache.getline('"
        )
        + ROOT
        + "/backprop/recipe.py', 1) or None"
    ),
    "modules left behind": _finds(
        "import sys\nfor n, m in list(sys.modules.items()):\n"
        "    if hasattr(m, 'EXERCISES') or hasattr(m, 'hidden_delta') and n != '__main__': return"
        " m.hidden_delta"
    ),
    "subclasses of object": _finds(
        "for c in object.__subclasses__():\n"
        "    if c.__name__ in ('Judgement', 'Exercise', 'Case', 'Report'): return 1"
    ),
    "the answer of the call before": _finds(
        "import sys\nm = sys.modules['__main__']\nold = getattr(m, 'last', None)\nm.last = z\nreturn old"
    ),
    "shared memory": _finds(
        "from multiprocessing import shared_memory\nreturn shared_memory.SharedMemory('seed').size"
    ),
    "a symlink to look through": _finds(
        "import os\nos.symlink('/', '/tmp/s')\nreturn len(os.listdir('/tmp/s'))"
    ),
}
del CALLS
