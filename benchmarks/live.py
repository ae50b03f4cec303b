"""How fast the live book is, beside thebe-lite on the same cells, in this machine's Chromium (run `make book` first).

    python benchmarks/live.py [--repeat 3] [--json FILE] [--without-thebe]

Both are served from this machine. Cold is a browser with an empty cache, warm one that has read the page before. Times are
medians of wall-clock seconds: from the first press (Run; thebe-lite needs Activate and then run) to the shown result, from
an arrow key on a slider to the new picture, from the press of Check to the verdict. The page's weight is what the server
sends before any touch, gzipped at level 6.
"""

import argparse
import gzip
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(Path(__file__).parent)]
import thebe_lite  # noqa: E402
from built_book import SWITCHES, chromium, served  # noqa: E402

CHAPTER = "06-step-2"
OVER = "e => ['done', 'failed'].includes(e.dataset.liveState)"
FIRST = "import numpy as np\nnp.arange(6).reshape(2, 3) @ np.ones((3, 1))"
SLIDER = (
    "import numpy as np\nimport matplotlib.pyplot as plt\nfrom ipywidgets import interact\n"
    "x = np.linspace(-4, 4, 200)\n@interact(c=(0.1, 5.0))\ndef draw(c=1.0):\n"
    "    plt.figure(figsize=(4, 2.5)); plt.plot(x, np.tanh(c * x)); plt.title(f'c = {c:.2f}'); plt.show()\n"
)
# From the key's arrival in the page until another picture has been painted.
MOVE = """([handle, output]) => new Promise((done) => {
  const shown = () => output.querySelector("img")?.src;
  const before = shown();
  addEventListener("keydown", () => {
    const begun = performance.now();
    const look = () => {
      const now = shown();
      if (now && now !== before) requestAnimationFrame(() => done((performance.now() - begun) / 1000));
      else requestAnimationFrame(look);
    };
    look();
  }, { capture: true, once: true });
  handle.focus();
  window.armed = true;
})"""


def slider_moves(page: Page, handle: Locator, output: Locator, number: int) -> list[float]:
    """Seconds from an arrow key to the new picture."""
    output.locator("img").first.wait_for(timeout=120_000)
    times = []
    for _ in range(number):
        page.evaluate("window.armed = false")
        elements = [handle.element_handle(), output.element_handle()]
        waiting = page.evaluate_handle(f"(args) => ({{ promise: ({MOVE})(args) }})", elements)
        page.wait_for_function("window.armed")
        page.keyboard.press("ArrowRight")
        times.append(waiting.evaluate("(w) => w.promise"))
        page.wait_for_timeout(100)
    return times


class Live:
    """A page of the live book."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        page.goto(address)
        self.cell = page.locator("[data-live-cell]:not([data-exercise])").first

    def write(self, text: str) -> None:
        """Put text into the first plain cell."""
        if self.cell.locator("[data-live-open]").is_visible():
            self.cell.locator("[data-live-open]").click()
        self.cell.locator("[data-live-edit]").fill(text)

    def run(self) -> float:
        """Seconds from the press of Run to the shown output."""
        begun = time.perf_counter()
        self.cell.locator("[data-live-run]").click()
        self.page.wait_for_function(OVER, arg=self.cell.element_handle(), timeout=60_000)
        assert self.cell.get_attribute("data-live-state") == "done", self.cell.inner_text()
        return time.perf_counter() - begun

    def first(self) -> float:
        """Seconds to the first live output."""
        self.write(FIRST)
        return self.run()

    def moves(self, number: int) -> list[float]:
        """Seconds a move of a slider takes."""
        self.write(SLIDER)
        self.run()
        return slider_moves(
            self.page, self.cell.locator("input[type=range]"), self.cell.locator("[data-live-output]"), number
        )

    def checks(self, number: int) -> list[float]:
        """Seconds from Check to the verdict, after an edit each time; the first, which imports the judge, left out."""
        cell = self.page.locator("[data-exercise=hidden_delta]")
        times = []
        for i in range(number + 1):
            cell.locator("[data-live-edit]").fill(
                f"def hidden_delta(W_next, delta_next, z, hidden):\n    # {i}\n    return W_next.T @ delta_next\n"
            )
            begun = time.perf_counter()
            cell.locator("[data-live-check]").click()
            self.page.wait_for_function(
                "e => e.querySelector('[data-live-feedback]').dataset.verdict",
                arg=cell.element_handle(),
                polling=5,
            )
            times.append(time.perf_counter() - begun)
        return times[1:]


class Thebe:
    """A page of thebe-lite with the same cells."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        page.goto(address)

    def first(self) -> float:
        """Seconds to the first live output: Activate, and run as soon as it can be pressed."""
        begun = time.perf_counter()
        self.page.locator(".thebe-activate button").click()
        self.page.locator(".thebe-run-button").first.click()
        self.page.locator(".thebe-cell").first.get_by_text("12.").wait_for(timeout=120_000)
        return time.perf_counter() - begun

    def moves(self, number: int) -> list[float]:
        """Seconds a move of a slider takes."""
        self.page.locator(".thebe-run-button").nth(1).click()
        cell = self.page.locator(".thebe-cell").nth(1)
        handle = cell.locator(".noUi-handle")
        handle.wait_for(timeout=120_000)
        return slider_moves(self.page, handle, cell, number)


def weight(browser: Browser, address: str) -> float:
    """Megabytes before any touch, compressed."""
    page, bodies = browser.new_page(), []
    page.on("requestfinished", lambda r: bodies.append(r.response().body()))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.close()
    return sum(min(len(body), len(gzip.compress(body, 6))) for body in bodies) / 1e6


def measure(kind: type[Live] | type[Thebe], address: str, repeat: int) -> dict[str, float]:
    """The medians of one of the two."""
    found: dict[str, list[float]] = {"cold": [], "warm": [], "slider": [], "check": []}
    with sync_playwright() as playwright:
        for _ in range(repeat):
            browser = playwright.chromium.launch(executable_path=chromium(), args=SWITCHES)
            context = browser.new_context()
            page = context.new_page()
            found["cold"].append(kind(page, address).first())
            page.close()
            reader = kind(context.new_page(), address)
            found["warm"].append(reader.first())
            found["slider"] += reader.moves(8)
            if isinstance(reader, Live):
                found["check"] += reader.checks(4)
            size = weight(browser, address)
            browser.close()
    medians = {name: statistics.median(times) for name, times in found.items() if times}
    return {**medians, "weight": size}


NAMES = {
    "cold": "first output, cold, s",
    "warm": "first output, warm, s",
    "slider": "a move of a slider, s",
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
    print(f"{'':28}" + "".join(f"{name:>12}" for name in result))
    for key, name in NAMES.items():
        print(
            f"{name:28}"
            + "".join(f"{values[key]:12.3f}" if key in values else f"{'–':>12}" for values in result.values())
        )
    if chosen.json:
        chosen.json.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
