"""A root like a platform's container: the system's programs, Python, /autograder, and nothing else of this
machine. Needs root and bubblewrap.
"""

import subprocess
import sys
from pathlib import Path

from tests.support.machine import needed

SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc")
USER = 20003
SECONDS = 120
# As a kernel that has no Landlock: its calls are not there.
WITHOUT_LANDLOCK = """
import os, struct, sys
sys.path.insert(0, sys.argv[1])
from autograder.sandbox.inside import confinement as c
lines = [(c.LD, 0, 0, 0)]
for call in (444, 445, 446):
    lines += [(c.JEQ, 0, 1, call), (c.RET, 0, 0, c.NO_SUCH_CALL)]
lines += [(c.RET, 0, 0, c.ALLOW)]
c.no_new_privileges()
c.seccomp(b"".join(struct.pack("<HBBI", *line) for line in lines))
os.execvp(sys.argv[2], sys.argv[2:])
"""


def run_in_container(
    root: Path, *command: str, user: str, landlock: bool, bubblewrap: bool
) -> subprocess.CompletedProcess[str]:
    """The command with root as /autograder. user: "root" or "ordinary"; the rest: are they there?"""
    needed("root")
    view = [needed("bubblewrap"), "--tmpfs", "/", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]
    for path in map(Path, SYSTEM):
        if path.is_symlink():
            view += ["--symlink", str(path.readlink()), str(path)]
        elif path.is_dir():
            view += ["--ro-bind", str(path), str(path)]
    prefix = Path(sys.base_prefix).resolve()
    if not prefix.is_relative_to("/usr"):
        for parent in reversed(prefix.parents[:-1]):
            view += ["--perms", "0755", "--dir", str(parent)]
        view += ["--ro-bind", str(prefix), str(prefix)]
    if not bubblewrap:
        view += ["--ro-bind", "/dev/null", needed("bubblewrap")]
    view += ["--bind", str(root), "/autograder", "--chdir", "/autograder", "--cap-add", "ALL"]
    view += ["--clearenv", "--setenv", "PATH", "/usr/bin:/bin", "--setenv", "HOME", "/tmp", "--"]
    if not landlock:
        packages = next((root / "environment" / "lib").glob("python3*")) / "site-packages"
        inside = Path("/autograder") / packages.relative_to(root)
        view += ["/autograder/environment/bin/python", "-c", WITHOUT_LANDLOCK, str(inside)]
    if user == "ordinary":
        view += ["setpriv", "--reuid", str(USER), "--regid", str(USER), "--clear-groups"]
        view += ["--inh-caps", "-all", "--ambient-caps", "-all"]
    return subprocess.run([*view, *command], capture_output=True, text=True, timeout=SECONDS, check=False)
