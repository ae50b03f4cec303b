"""The live page's Python, outside a browser: a job a line in, a verdict a line out, each in its own fork.

    python page_verdicts.py STATIC_PYTHON SECONDS < jobs > verdicts

A job is what the page sends for Check (checker.js); what hangs or ends Python gets the verdict "ends".
"""

import json
import os
import signal
import sys


def verdict_of(job):
    import live_messages
    import live_shell

    said = {"verdict": "none"}

    def hear(kind, text):
        if kind == "verdict":
            said.update(json.loads(text))

    live_messages.emit_to(hear)
    live_shell.handle(json.dumps(job))
    return said["verdict"]


def in_a_fork(job, seconds):
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read)
        signal.alarm(seconds)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        os.write(write, verdict_of(job).encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as pipe:
        said = pipe.read()
    os.waitpid(pid, 0)
    return said or "ends"


if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])
    import live_shell  # noqa: F401

    from autograder.feedback import check, notebook_process  # noqa: F401

    for line in sys.stdin:
        print(in_a_fork(json.loads(line), int(sys.argv[2])), flush=True)
