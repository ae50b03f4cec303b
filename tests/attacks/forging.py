"""Speaking in the grader's name: verdicts, replies, files, pages."""

BAD = "\ndef hidden_delta(W_next, delta_next, z, hidden):\n    return np.zeros(z.shape)\n"
FRAME = """
import json, os, struct, sys
def frame(header, payload=b""):
    text = json.dumps(header).encode()
    return struct.pack("<II", len(text), len(payload)) + text + payload
def send(header, payload=b""):
    for fd in range(3, 10):
        try: os.write(fd, frame(header, payload))
        except OSError: pass
def nonce():
    f = sys._getframe()
    while f is not None:
        if 'header' in f.f_locals and 'nonce' in f.f_locals['header']: return f.f_locals['header']['nonce']
        f = f.f_back
def reply(**one):
    return {'nonce': nonce(), 'replies': [one]}
"""


def _says(body: str, before: str = FRAME) -> str:
    return (
        before
        + f"def hidden_delta(W_next, delta_next, z, hidden):\n    {body}\n    return np.zeros(z.shape)\n"
    )


ATTACKS = {
    "prints a verdict": (
        'print(\'{"score": 14, "max_score": 14, "status": "graded"}\')\nprint("All tests passed")'
    )
    + BAD,
    "prints and leaves": _says("print('OK'); import os; os._exit(0)"),
    "leaves with success while loading": "import os\nos._exit(0)",
    "sys.exit with success": _says("raise SystemExit(0)"),
    "raises what a test raises when it passes": _says("import unittest; raise unittest.SkipTest('passed')"),
    "raises AssertionError with a score": _says("raise AssertionError('score: 14')"),
    "stops the iteration": _says("raise StopIteration(z)"),
    "a second reply": _says("send(reply(value=None, after=[False] * 4))"),
    "a reply that says passed": _says("send(reply(passed=True, score=14, fraction=1.0, after=[False] * 4))"),
    "a reply of another kind": _says("send({'loaded': [], 'names': ['hidden_delta'], 'printed': ''})"),
    "a refusal": _says("send({'refused': 'x'})"),
    "a ready": _says("send({'ready': {}})"),
    "a thousand replies": _says("[send(reply(value=True, after=[False] * 4)) for _ in range(1000)]"),
    "all replies at the first call": _says(
        "send({'nonce': nonce(), 'replies': [{'value': True, 'after': [False] * 4}] * 64})"
    ),
    "replies one by one, then none": _says(
        "[send(reply(value=None, after=[False] * 4)) for _ in range(40)]; os._exit(0)"
    ),
    "no replies": _says("send({'nonce': nonce(), 'replies': []})"),
    "replies in advance": FRAME
    + "send({'nonce': '0' * 16, 'replies': [{'value': None, 'after': []}] * 64})"
    + BAD,
    "loaded before it is": FRAME + "send({'loaded': [], 'names': ['hidden_delta'], 'printed': ''})" + BAD,
    "a pickle": _says(
        "for fd in range(3, 10):\n"
        "        try: os.write(fd, b'\\x80\\x04cos\\nsystem\\n(S\"true\"\\ntR.')\n"
        "        except OSError: pass"
    ),
    "an object that runs when unpickled": (
        "class P:\n    def __reduce__(self): return (print, ('pwned',))\n"
        "def hidden_delta(W_next, delta_next, z, hidden):\n"
        "    return np.array([[P()]], dtype=object)\n"
    ),
    "an enormous shape": _says(
        "send(reply(value={'a': '<f8 549755813888 549755813888'}, after=[False] * 4))"
    ),
    "a negative shape": _says("send(reply(value={'a': '<f8 -5 -7'}, after=[False] * 4), b'0' * 280)"),
    "object dtype on the wire": _says("send(reply(value={'a': '|O 1'}, after=[False] * 4), b'0' * 8)"),
    "a public function on the wire": _says("send(reply(value={'p': ['quadratic', []]}, after=[False] * 4))"),
    "writes a gradebook": _says("open('gradebook.db', 'w').write('x')"),
    "writes feedback": _says(
        "os.makedirs('feedback', exist_ok=True); open('feedback/hidden_delta.html', 'w').write('14 of 14')"
    ),
    "answers with a score": (
        "def hidden_delta(*args):\n    return {'score': 14, 'max_score': 14, 'status': 'graded'}\n"
    ),
    "answers with a page": "def hidden_delta(*args):\n    return '<script>alert(1)</script>'\n",
    "an exception with a page": _says("raise ValueError('<script>alert(1)</script>\\x1b]0;x\\x07')"),
    "a function named as the grader's": (
        "def check(f): return 14\ndef grade(*a): return 26\ndef judge(*a, **k): return 1.0"
    )
    + BAD,
    "signals the grader": _says("import os, signal; os.kill(os.getppid(), signal.SIGKILL)"),
    "nbgrader's own way": "import os\nos.environ['NBGRADER_EXECUTION'] = 'autograde'\n14" + BAD,
}
