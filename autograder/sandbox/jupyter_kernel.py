"""For those who stay with stock `nbgrader autograde`: its kernels run in bubblewrap. By configuration alone.

One line in nbgrader_config.py:

    os.environ["JUPYTER_DEFAULT_PROVISIONER_NAME"] = "autograder-bubblewrap"

This protects the host and not the grade: the student's code has no network, sees no file but Python, the
assignment's folder and an empty /tmp, and nothing of it outlives the kernel. But it still runs in one process
with the tests, and can give itself any points. `autograder grade` protects both.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from autograder._language import _

PACKAGE = Path(__file__).resolve().parents[1]
SYSTEM = ("/usr", "/lib", "/lib64", "/bin")
SETTINGS = ("/etc/ld.so.cache", "/etc/fonts", "/etc/localtime", "/etc/alternatives")
# What a kernel gets of the environment.
PASSED_ENVIRONMENT = (
    "PATH",
    "LANG",
    "LC_ALL",
    "TZ",
    "NBGRADER_EXECUTION",
    "NBGRADER_VALIDATING",
    "PYTHONUTF8",
)


class KernelRefused(RuntimeError):
    """No kernel is started unprotected; str() says what is missing."""


def kernel_in_bubblewrap(folder: Path, workplace: Path) -> list[str]:
    """The command in front of a kernel's: folder holds its sockets, workplace is where it may write."""
    program = shutil.which("bwrap")
    if program is None:
        raise KernelRefused(
            _("kernels are to run in bubblewrap, and bwrap is not installed: apt install bubblewrap")
        )
    command = [program]
    if os.geteuid() == 0:
        # Root needs no user namespace, and loses what makes it root.
        command += ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--cap-drop", "ALL"]
    else:
        command += ["--unshare-all"]
    command += ["--die-with-parent", "--hostname", "kernel"]
    command += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]
    read = [*SYSTEM, *SETTINGS, sys.base_prefix, sys.prefix, str(PACKAGE), str(PACKAGE.parent / "backprop")]
    for path in read:
        command += ["--ro-bind-try", path, path]
    for path in (str(folder), str(workplace)):
        command += ["--bind", path, path]
    # A kernel that sees process 1 as its parent thinks that it was orphaned; --die-with-parent does that job.
    return [*command, "--unsetenv", "JPY_PARENT_PID", "--chdir", str(workplace), "--"]


class BubblewrapProvisioner(LocalProvisioner):
    """Starts each kernel in namespaces of its own, reached through sockets in a folder of its own."""

    folder: Path | None = None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """The kernel's command behind bubblewrap's, in a cleared environment.
        KernelRefused if that can't run here.
        """
        if self.folder is None:
            self.folder = Path(tempfile.mkdtemp(prefix="kernel-")).resolve()
        manager: Any = self.parent
        manager.transport, manager.cache_ports = "ipc", False
        manager.connection_file, manager.ip = str(self.folder / "kernel.json"), str(self.folder / "socket")
        prefix = kernel_in_bubblewrap(self.folder, Path(kwargs.get("cwd") or Path.cwd()).resolve())
        tried = subprocess.run(
            [*prefix, sys.executable, "-S", "-c", ""], capture_output=True, text=True, check=False
        )
        if tried.returncode:
            why = (tried.stderr.strip().splitlines() or [_("no reason given")])[-1]
            raise KernelRefused(
                _("kernels are to run in bubblewrap, which does not work here: {why}", why=why)
            )
        kwargs = await super().pre_launch(**kwargs)
        given = kwargs.get("env") or os.environ
        kwargs["env"] = {name: given[name] for name in PASSED_ENVIRONMENT if name in given} | {
            "HOME": "/tmp",
            "IPYTHONDIR": "/tmp/.ipython",
        }
        kwargs["cmd"] = [*prefix, *kwargs["cmd"]]
        return kwargs

    async def cleanup(self, restart: bool = False) -> None:
        """Remove the sockets' folder once the kernel is gone for good."""
        await super().cleanup(restart=restart)
        if not restart and self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder = None
