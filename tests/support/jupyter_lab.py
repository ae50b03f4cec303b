"""A real JupyterLab of this environment, and JupyterLite, for tests that open them in a browser."""

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

from playwright.sync_api import Locator, Page, TimeoutError

# Seconds: what is waited for comes in a few, and on a busy machine in many.
PATIENCE = 300
# Seconds in which a cell that runs says so.
NOTICED = 30
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


def run_cell(page: Page, place: int, source: str | None = None) -> Locator:
    """Run a code cell with the keyboard to its end, with that source if one is given; the cell.

    What it printed may come a moment later. The keys are lost where the notebook is still being drawn: they
    are pressed again until its number changes. AssertionError with what the page shows.
    """
    cell = page.locator(".jp-Notebook .jp-CodeCell").nth(place)
    prompt = cell.locator(".jp-InputPrompt")
    before = prompt.inner_text()
    for _ in range(5):
        cell.locator(".cm-content").click()
        if source is not None:
            page.keyboard.press("Control+a")
            page.keyboard.insert_text(source)
        page.keyboard.press("Control+Enter")
        if _changes(prompt, before, NOTICED):
            break
    if _changes(prompt, before, PATIENCE, r"^\[\d+\]:$"):
        return cell
    shown = page.locator("body").inner_text()[-2000:]
    raise AssertionError(f"cell {place} stays at {prompt.inner_text()!r}; the page shows:\n{shown}")


def _changes(prompt: Locator, before: str, seconds: int, form: str = "") -> bool:
    """Whether the prompt is another one, of that form, within those seconds."""
    try:
        prompt.page.wait_for_function(
            "([node, before, form]) => node.textContent !== before && RegExp(form).test(node.textContent)",
            arg=[prompt.element_handle(), before, form],
            timeout=1000 * seconds,
        )
    except TimeoutError:
        return False
    return True
