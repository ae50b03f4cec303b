"""Too much of everything: time, memory, output, processes. The class goes on, the others' marks are right."""


def _does(body: str) -> str:
    lines = "\n".join("    " + line for line in body.strip().splitlines())
    return f"def hidden_delta(W_next, delta_next, z, hidden):\n{lines}\n"


BAD = _does("return np.zeros(z.shape)")
ATTACKS = {
    "a loop": _does("while True: pass"),
    "a loop in C": _does("return sum(iter(int, 1))"),
    "a loop that catches everything": _does(
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass"
    ),
    "a loop at loading": "while True: pass",
    "sleep": _does("import time\ntime.sleep(10**6)"),
    "waiting for input": _does("input()"),
    "an enormous power": _does("return 9**9**9"),
    "a slow expression": _does("import re\nreturn re.match('(a|a)*b', 'a' * 99)"),
    "memory": _does("held = []\nwhile True: held.append(np.ones(10**6))"),
    "memory at once": _does("return np.ones((10**6, 10**6))"),
    "memory at loading": "held = []\nwhile True: held.append(np.ones(10**6))",
    "memory kept": "held = []\n" + _does("while True: held.append(' ' * 10**6)"),
    "a huge answer": _does("return np.zeros(10**8)"),
    "a broadcast answer": _does("return np.broadcast_to(np.zeros(1), (10**5, 10**5))"),
    "a long list": _does("return [0.0] * 10**7"),
    "many small lists": _does("return [[] for _ in range(10**6)]"),
    "a deep list": _does("x = []\nfor _ in range(10**5): x = [x]\nreturn x"),
    "a list of itself": _does("x = []\nx.append(x)\nreturn x"),
    "a wide tree of shared lists": _does("x = [0.0]\nfor _ in range(60): x = [x, x]\nreturn x"),
    "a dict of a million": _does("return {i: 0.0 for i in range(10**6)}"),
    "a long text": _does("return 'x' * 10**8"),
    "a long error": _does("raise ValueError('x' * 10**8)"),
    "an error with a slow text": _does(
        "class E(Exception):\n    def __str__(self):\n        while True: pass\nraise E"
    ),
    "a chain of errors": _does(
        "e = None\nfor i in range(10**4):\n    n = ValueError(i); n.__cause__ = e; e = n\nraise e"
    ),
    "a long traceback": _does("return hidden_delta(W_next, delta_next, z, hidden)"),
    "output": _does("import sys\nwhile True: print('x' * 10**6); sys.stderr.write('y' * 10**6)"),
    "output below Python": _does(
        "import os\nwhile True: os.write(1, b'x' * 10**6); os.write(2, b'x' * 10**6)"
    ),
    "output at loading": "for _ in range(2000): print('x' * 10**5)\n" + BAD,
    "the channel": _does(
        "import os\nwhile True:\n    for fd in range(3, 8):\n"
        "        try: os.write(fd, b'\\0' * 10**6)\n        except OSError: pass"
    ),
    "a fork bomb": _does(
        "import os\nfor _ in range(1000):\n    try: os.fork()\n    except OSError: pass\nreturn None"
    ),
    "a thread bomb": _does(
        "import threading\nfor _ in range(1000):\n    try: threading.Thread(target=int).start()\n"
        "    except RuntimeError: pass\nreturn None"
    ),
    "descriptors": _does(
        "import os\nheld = []\nwhile True:\n    try: held.append(os.dup(0))\n    except OSError: return None"
    ),
    "a segfault": _does("import ctypes\nctypes.string_at(0)"),
    "a segfault at loading": "import ctypes\nctypes.string_at(0)",
    "a stack overflow in C": _does(
        "import sys\nsys.setrecursionlimit(10**9)\nx = ()\nfor _ in range(10**6): x = (x,)\nreturn hash(x)"
    ),
    "an abort": _does("import os\nos.abort()"),
    "a deep expression": "x = " + "-" * 100_000 + "1\n" + BAD,
    "a deep list in the source": "x = " + "[" * 3000 + "]" * 3000 + "\n" + BAD,
    "a wall of warnings": _does(
        "import warnings\nfor _ in range(10**5): warnings.warn('x' * 100)\nreturn None"
    ),
    "a class that is endless to look at": _does(
        "class L(list):\n    def __iter__(self):\n        while True: yield 0.0\n"
        "    def __len__(self): return 1\nreturn L([1])"
    ),
}
