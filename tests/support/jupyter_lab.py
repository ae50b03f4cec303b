"""A real JupyterLab of this environment, for tests that open it in a browser."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Seconds: what is waited for comes in a few, and on a busy machine in many.
PATIENCE = 300
SETTINGS = {"@jupyterlab/notebook-extension/tracker.jupyterlab-settings": {"windowingMode": "none"}}
OPTIONS = (
    "--IdentityProvider.token=",
    "--ServerApp.disable_check_xsrf=True",
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
)


@contextmanager
def running(folder: Path, home: Path) -> Iterator[str]:
    """Start it on the folder; its address. AssertionError with its log if it doesn't come up."""
    for name, value in SETTINGS.items():
        file = home / "settings" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(value), encoding="utf-8")
    runtime, log = home / "runtime", home / "log"
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--port=0"]
    environment = {
        **os.environ,
        "JUPYTER_RUNTIME_DIR": str(runtime),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    with (
        log.open("w") as stream,
        subprocess.Popen(
            [*command, f"--notebook-dir={folder}", *OPTIONS],
            stdout=stream,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=home,
        ) as server,
    ):
        try:
            yield _address(server, runtime, log)
        finally:
            server.terminate()
            server.wait(PATIENCE)


def _address(server: subprocess.Popen[bytes], runtime: Path, log: Path) -> str:
    """Wait until the server says where it listens, and answers there."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.poll() is None:
        for file in runtime.glob("jpserver-*.json"):
            try:
                url: str = json.loads(file.read_text(encoding="utf-8"))["url"]
                urllib.request.urlopen(f"{url}api", timeout=5).close()
            except urllib.error.HTTPError as error:
                error.close()
                continue
            except (OSError, ValueError):
                # Not written to its end, or not answering yet.
                continue
            return url
        time.sleep(0.3)
    raise AssertionError(f"JupyterLab did not start:\n{log.read_text(encoding='utf-8')[-2000:]}")
