"""How fast the live book is, beside thebe-lite on the same cells, in this machine's Chromium (run `make book` first).

    python benchmarks/live.py [--repeat 3] [--json FILE] [--without-thebe]

Both are served from this machine. Cold is a browser with an empty cache, warm the same browser on its second visit. The cell
holds its text before anything is touched: the first touch is the press. Times are medians of wall-clock seconds by the page's
own clock: from the first press (Run; thebe-lite needs Activate, and then run as soon as there is one) to the painted result,
from an arrow key on a slider to the new picture, from the press of Check to the verdict. The page's weight is what the server
sends before any touch, gzipped at level 6.
"""

import argparse
import gzip
import json
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, Locator, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]
import thebe_lite  # noqa: E402

from tests.support.built_book import SWITCHES, served  # noqa: E402
from tests.support.machine import required  # noqa: E402

CHAPTER = "06-step-2"
OVER = "e => ['done', 'failed'].includes(e.dataset.liveState)"
FIRST = "import numpy as np\nnp.arange(6).reshape(2, 3) @ np.ones((3, 1))"
SLIDER = (
    "import numpy as np\nimport matplotlib.pyplot as plt\nfrom ipywidgets import interact\n"
    "x = np.linspace(-4, 4, 200)\n@interact(c=(0.1, 5.0))\ndef draw(c=1.0):\n"
    "    plt.figure(figsize=(4, 2.5)); plt.plot(x, np.tanh(c * x)); plt.title(f'c = {c:.2f}'); plt.show()\n"
)
# Seconds from the event's arrival in the page (a press, a key) until what was waited for has been painted. The clock is the
# page's own; until the event comes nothing is touched.
TIMED = """([kind, found, element]) => {
  const there = eval(found);
  window.timed = new Promise((done) => {
    addEventListener(kind, () => {
      const begun = performance.now();
      const look = () => there(element) ? requestAnimationFrame(() => done((performance.now() - begun) / 1000)) : requestAnimationFrame(look);
      requestAnimationFrame(look);
    }, { capture: true, once: true });
  });
}"""
# As a browser describes a fast line that nobody pays by the megabyte: over it a page starts Python by itself
FAST = """Object.defineProperty(navigator, "connection", {
  value: { effectiveType: "4g", downlink: 10, saveData: false },
})"""
PICTURE = "(output) => { const src = output.querySelector('img')?.src; return src && src !== window.before; }"


def timed(page: Page, kind: str, found: str, element: Locator, act: Callable[[], None]) -> float:
    """Seconds from the event that `act` causes until `found(element)` is true and painted."""
    page.evaluate(TIMED, [kind, found, element.element_handle()])
    act()
    return float(page.evaluate("window.timed"))


def slider_moves(page: Page, handle: Locator, output: Locator, number: int) -> list[float]:
    """Seconds from an arrow key to the new picture."""
    times = []
    output.locator("img").first.wait_for()
    for _ in range(number):
        output.evaluate("output => (window.before = output.querySelector('img').src)")
        handle.focus()
        times.append(timed(page, "keydown", PICTURE, output, lambda: page.keyboard.press("ArrowRight")))
        page.wait_for_timeout(100)  # a reader looks at what came
    return times


class Live:
    """A page of the live book."""

    def __init__(self, page: Page, address: str) -> None:
        """Open it; the first plain cell holds FIRST, as if the reader had written it the day before."""
        self.page = page
        page.goto(address)
        self.cell = page.locator("[data-live-cell]:not([data-exercise])").first
        self.cell.evaluate(
            "(cell, text) => localStorage.setItem(`deltabook:${cell.closest('article').querySelector('[data-chapter]').dataset.chapter}:${cell.dataset.liveVersion}`, text)",
            FIRST,
        )
        page.reload()
        page.wait_for_timeout(1000)  # a reader reads before touching anything

    def run(self) -> float:
        """Seconds from the press of Run to the shown output."""
        seconds = timed(self.page, "click", OVER, self.cell, self.cell.locator("[data-live-run]").click)
        assert self.cell.get_attribute("data-live-state") == "done", self.cell.inner_text()
        return seconds

    def first(self) -> float:
        """Seconds to the first live output."""
        seconds = self.run()
        assert "12." in self.cell.locator("[data-live-output]").inner_text()
        return seconds

    def moves(self, number: int) -> list[float]:
        """Seconds a move of a slider takes."""
        self.cell.locator("[data-live-edit]").fill(SLIDER)
        self.run()
        return slider_moves(
            self.page, self.cell.locator("input[type=range]"), self.cell.locator("[data-live-output]"), number
        )

    def checks(self, number: int) -> list[float]:
        """Seconds from Check to the verdict, after an edit each time; the first imports the judge."""
        cell = self.page.locator("[data-exercise=hidden_delta]")
        times = []
        for i in range(number):
            cell.locator("[data-live-edit]").fill(
                f"def hidden_delta(W_next, delta_next, z, hidden):\n    # {i}\n    return W_next.T @ delta_next\n"
            )
            found = "cell => cell.querySelector('[data-live-feedback]').dataset.verdict"
            times.append(timed(self.page, "click", found, cell, cell.locator("[data-live-check]").click))
        return times

    def ahead(self) -> float:
        """Seconds of the page's first check, pressed when the exercise that came near has started Python."""
        self.page.locator("[data-exercise=hidden_delta]").scroll_into_view_if_needed()
        self.page.locator("html[data-live-status=ready]").wait_for()
        # A reader writes before the press
        self.page.wait_for_timeout(1000)
        return self.checks(1)[0]


class Thebe:
    """A page of thebe-lite with the same cells."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        page.goto(address)
        page.wait_for_timeout(1000)

    def first(self) -> float:
        """Seconds to the first live output: Activate, and run as soon as it can be pressed."""
        shown = "page => page.querySelector('.thebe-cell .thebe-output')?.textContent.includes('12.')"

        def act() -> None:
            self.page.locator(".thebe-activate button").click()
            self.page.locator(".thebe-run-button").first.click()

        return timed(self.page, "click", shown, self.page.locator("body"), act)

    def moves(self, number: int) -> list[float]:
        """Seconds a move of a slider takes."""
        self.page.locator(".thebe-run-button").nth(1).click()
        cell = self.page.locator(".thebe-cell").nth(1)
        handle = cell.locator(".noUi-handle")
        handle.wait_for(timeout=120_000)
        return slider_moves(self.page, handle, cell, number)


def weight(context: BrowserContext, address: str) -> float:
    """Megabytes before any touch, compressed."""
    page, bodies = context.new_page(), []
    page.on("requestfinished", lambda r: bodies.append(r.response().body()))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.close()
    return sum(min(len(body), len(gzip.compress(body, 6))) for body in bodies) / 1e6


def measure(kind: type[Live] | type[Thebe], address: str, repeat: int) -> dict[str, float]:
    """The medians of one of the two."""
    keys = ("cold", "warm", "slider", "alone", "ahead", "judge", "check")
    found: dict[str, list[float]] = {key: [] for key in keys}
    with sync_playwright() as playwright:
        for _ in range(repeat):
            with tempfile.TemporaryDirectory() as profile:
                # A browser as a reader has it, with a disk cache; a private window would keep no compiled code.
                context = playwright.chromium.launch_persistent_context(
                    profile, executable_path=required("chromium"), args=SWITCHES
                )
                page = context.new_page()
                found["cold"].append(kind(page, address).first())
                page.wait_for_timeout(3000)  # the browser files what came
                page.close()
                reader = kind(context.new_page(), address)
                found["warm"].append(reader.first())
                found["slider"] += reader.moves(8)
                if isinstance(reader, Live):
                    first, *later = reader.checks(8)
                    found["judge"].append(first)
                    found["check"] += later
                    size = weight(context, address)
                    found["alone"] += kind(context.new_page(), address).checks(1)
                    page = context.new_page()
                    page.add_init_script(FAST)
                    found["ahead"].append(kind(page, address).ahead())
                context.close()
    medians = {name: statistics.median(times) for name, times in found.items() if times}
    return {**medians, "weight": size} if found["judge"] else medians


NAMES = {
    "cold": "first output, cold, s",
    "warm": "first output, warm, s",
    "slider": "a move of a slider, s",
    "alone": "check, Python not there, s",
    "ahead": "check, Python started ahead, s",
    "judge": "first check after a run, s",
    "check": "edit to feedback, s",
    "weight": "page before any touch, MB",
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--html", type=Path, default=ROOT / "_build" / "html")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--without-thebe", action="store_true", help="the live book alone")
    chosen = parser.parse_args()
    if not (chosen.html / f"{CHAPTER}.html").is_file():
        sys.exit(f"live: no built book in {chosen.html}; run `make book` first")
    result = {}
    with served(chosen.html) as base:
        result["live book"] = measure(Live, f"{base}{CHAPTER}.html", chosen.repeat)
    if not chosen.without_thebe:
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / "site"
            folder.mkdir()
            # thebe-lite has no ipywidgets of its own: a reader must install it first, before the import.
            thebe_lite.make(folder, [FIRST, "%pip install -q ipywidgets\n" + SLIDER])
            with served(folder) as base:
                result["thebe-lite"] = measure(Thebe, f"{base}index.html", chosen.repeat)
    print(f"{'':32}" + "".join(f"{name:>12}" for name in result))
    for key, name in NAMES.items():
        print(
            f"{name:32}"
            + "".join(f"{values[key]:12.3f}" if key in values else f"{'–':>12}" for values in result.values())
        )
    if chosen.json:
        chosen.json.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
