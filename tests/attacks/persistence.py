"""Staying: to change what comes after, in this submission or another's."""

from . import ROOT

BAD = "\ndef hidden_delta(W_next, delta_next, z, hidden):\n    return np.zeros(z.shape)\n"


def _tries(body: str) -> str:
    lines = "\n".join("    " + line for line in body.strip().splitlines())
    return f"try:\n{lines}\nexcept Exception: pass{BAD}"


ATTACKS = {
    "a process that stays": _tries("import os\nif os.fork() == 0:\n    import time; time.sleep(60)"),
    "a process in a new session": _tries(
        "import subprocess\nsubprocess.Popen(['sleep', '61'], start_new_session=True)"
    ),
    "a thread that stays": _tries(
        "import threading\nthreading.Thread(target=lambda: [0 for _ in iter(int, 1)]).start()"
    ),
    "a raw thread": _tries("import _thread\n_thread.start_new_thread(lambda: [0 for _ in iter(int, 1)], ())"),
    "a pool": _tries(
        "from concurrent.futures import ThreadPoolExecutor\nThreadPoolExecutor().submit(int).result()"
    ),
    "a file for the next one": _tries("open('/tmp/for-the-next-one', 'w').write('x')"),
    "a file in shared memory": _tries("open('/dev/shm/for-the-next-one', 'w').write('x')"),
    "a module for the grader": _tries(
        "import os\nfor d in ('"
        + ROOT
        + "', '.', '/root'):\n    open(d + '/sitecustomize.py', 'w').write('x')"
    ),
    "a compiled file": _tries("import py_compile\npy_compile.compile('" + ROOT + "/backprop/recipe.py')"),
    "at exit": _tries("import atexit\natexit.register(lambda: open('/tmp/exit', 'w'))"),
    "at the end of an object": "class D:\n    def __del__(self):\n        while True: pass\nheld = D()" + BAD,
    "on a signal": _tries(
        "import signal\nfor s in (2, 15, 14): signal.signal(s, lambda *a: None)\n"
        "signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)"
    ),
    "no core, no limits": _tries("import resource\nfor n in range(16): resource.setrlimit(n, (-1, -1))"),
    "out of the parent's reach": _tries(
        "import ctypes\nctypes.CDLL(None).prctl(1, 0)\nimport os; os.setsid()"
    ),
    "a key ring": _tries("import ctypes\nctypes.CDLL(None).syscall(248, b'user', b'x', b'y', 1, -3)"),
    "a message queue": _tries("import ctypes\nctypes.CDLL(None).msgget(1, 0o1666)"),
    "the terminal": _tries(
        "import fcntl, termios\nfor c in b'rm x\\n': fcntl.ioctl(0, termios.TIOCSTI, bytes([c]))"
    ),
    "NumPy for everybody": "np.zeros.__class__\nnp.ones = np.matmul = np.dot = None\nnp.core = None" + BAD,
    "a setting of NumPy": "np.seterr(all='raise')\nnp.random.seed(1)\nnp.set_printoptions(threshold=1)" + BAD,
    "recursion without end": "import sys\nsys.setrecursionlimit(10**9)" + BAD,
    "no collector": "import gc\ngc.disable(); gc.set_threshold(0)" + BAD,
    "closed descriptors": _tries("import os\nos.closerange(0, 3)"),
}
