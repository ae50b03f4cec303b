"""How many grading processes fit into the machine's memory, whatever is handed in.

A process holds at most WORKER_BYTES with all that it starts: its own memory, which is bounded
(tests/attacks/test_budgets.py), the one child that runs, and what the children that wait may keep.
"""

from pathlib import Path

from autograder.sandbox.limits import Limits

OWN_BYTES = 600 << 20
WORKER_BYTES = OWN_BYTES + Limits().memory_bytes + Limits().waiting_bytes
# Of the machine's memory: the rest is for the command itself, and for others.
SHARE = 0.9
# Where Linux says how much a container may have, version 2 and 1 of control groups
CGROUP_FILES = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


def machine_memory() -> int | None:
    """Bytes that this machine has, or this container may have; None where nobody says."""
    found = []
    for path in CGROUP_FILES:
        text = _text(path).strip()
        if text.isdigit():
            found.append(int(text))
    for line in _text("/proc/meminfo").splitlines():
        if line.startswith("MemTotal:"):
            found.append(int(line.split()[1]) * 1024)
    return min(found, default=None)


def processes_that_fit(wanted: int, memory: int | None) -> int:
    """So many of the wanted processes as fit, at least one; all of them where the memory is not known."""
    return wanted if memory is None else max(1, min(wanted, int(SHARE * memory) // WORKER_BYTES))


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="ascii")
    except OSError:
        return ""
