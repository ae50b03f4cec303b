"""A page with the widgets and nothing else, for the browser tests and for the benchmark; a reader's hands."""

import json
import re
from typing import Any

from playwright.sync_api import Page

from tools.widget_bundle import names

# A clipboard that a test can read.
CLIPBOARD = "navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); };"
NAMES = names()
# It asks nothing first, and plays by itself.
STORY = "W10"
ASKING = [name for name in NAMES if name != STORY]
# A network deeper than the book's, for W10.
DEEPER = {"sizes": [3, 4, 3, 2], "hidden": "tanh", "output": "softmax", "seed": 7, "rate": 0.5}


def visit(
    page: Page, site: str, name: str, *, skip: bool = True, state: dict[str, Any] | None = None
) -> None:
    """Open one widget's page and wait until it is mounted."""
    part = f"#{name}={json.dumps(state)}" if state is not None else ""
    page.goto(f"{site}{name}.html{part}")
    page.wait_for_selector(f"[data-widget={name}][data-widget-ready]")
    if name == STORY:
        # A link to a moment, and who wants no motion, finds it standing.
        if state is None and not page.evaluate("matchMedia('(prefers-reduced-motion)').matches"):
            paused(page)
    elif skip and state is None:
        page.locator("[data-widget-skip]").press("Enter")


def paused(page: Page) -> None:
    """W10 begins by itself where it is seen, a moment after it is mounted: stop it at its beginning."""
    page.wait_for_selector("[data-widget=W10][data-playing]")
    page.get_by_role("button", name="Pause").press("Enter")
    page.get_by_label("Step", exact=True).press("Home")


def own_clock(page: Page) -> None:
    """The page's time, its drawings with it, stands still until clock.run_for, however long that takes."""
    page.clock.install(time=0)
    page.clock.pause_at(1_000)


def opened(page: Page) -> None:
    """Press "Change it": the numbers, the unit's terms, the table."""
    page.get_by_role("button", name="Change it").press("Enter")
    page.wait_for_selector(".bpw-unit")


def words(page: Page) -> str:
    return page.locator("[data-widget-words]").inner_text()


def settled(page: Page) -> None:
    """Wait until the last drawing is there (W16 trains over several)."""
    page.wait_for_selector("[data-widget-words]")
    page.wait_for_selector(".bpw[aria-busy=true]", state="detached")


def copied(page: Page) -> tuple[dict[str, Any], str]:
    """Press Copy state as NumPy; what its text defines when Python runs it, and the text."""
    page.evaluate("window.copied = ''")
    page.locator("[data-widget-copy]").press("Enter")
    page.wait_for_function("window.copied")
    text = page.evaluate("window.copied")
    defined: dict[str, Any] = {}
    exec(compile(text, "copied", "exec"), defined)
    return defined, text


def numbers(text: str) -> list[float]:
    """The numbers of a sentence of ours."""
    return [float(n.replace("−", "-")) for n in re.findall(r"−?\d+(?:\.\d+)?(?:e−?\d+)?", text)]


def mount_all(page: Page) -> None:
    """Bring every widget near the screen, and wait for it."""
    for name in NAMES:
        page.locator(f"[data-widget={name}]").evaluate("figure => figure.scrollIntoView()")
        page.wait_for_selector(f"[data-widget={name}][data-widget-ready]")
