"""How fast the live book is, in this machine's Chromium, on the built book (run `make book` first).

    python benchmarks/live.py [--repeat 5] [--json FILE]

Cold is a browser with an empty cache, warm one that has read the page before. Medians of wall-clock times from the
press of a button to the shown result; the page's weight is what the server sends before any touch, gzipped at level 6.
"""

import argparse
import gzip
import json
import statistics
import sys
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))
from built_book import SWITCHES, chromium, served  # noqa: E402

CHAPTER = "06-step-2"
OVER = "e => ['done', 'failed'].includes(e.dataset.liveState)"
SLIDER = (
    "import numpy as np\nimport matplotlib.pyplot as plt\nfrom ipywidgets import interact\n"
    "x = np.linspace(-4, 4, 200)\n@interact(c=(0.1, 5.0))\ndef draw(c=1.0):\n"
    "    plt.figure(figsize=(4, 2.5)); plt.plot(x, np.tanh(c * x)); plt.title(f'c = {c:.2f}')\n"
)


def first_output(page: Page, address: str) -> float:
    """Seconds from the first press of Run to the output."""
    page.goto(address)
    cell = page.locator("[data-live-cell]:not([data-exercise])").first
    begun = time.perf_counter()
    cell.locator("[data-live-run]").click()
    page.wait_for_function(OVER, arg=cell.element_handle(), timeout=60_000)
    return time.perf_counter() - begun


def write(page: Page, text: str) -> None:
    """Put text into the first plain cell, and run it."""
    cell = page.locator("[data-live-cell]:not([data-exercise])").first
    if cell.locator("[data-live-open]").is_visible():
        cell.locator("[data-live-open]").click()
    cell.locator("[data-live-edit]").fill(text)
    cell.locator("[data-live-run]").click()
    page.wait_for_function(OVER, arg=cell.element_handle(), timeout=60_000)


def slider_moves(page: Page, number: int) -> list[float]:
    """Seconds from an arrow key to the new picture."""
    write(page, SLIDER)
    cell = page.locator("[data-live-cell]:not([data-exercise])").first
    cell.locator("[data-live-output] img").wait_for()
    slider = cell.locator("input[type=range]")
    times = []
    for _ in range(number):
        times.append(
            page.evaluate(
                """async ([input, output]) => {
                  const before = output.querySelector("img").src;
                  const begun = performance.now();
                  input.value = Number(input.value) + 0.1;
                  input.dispatchEvent(new Event("input", { bubbles: true }));
                  const shown = () => output.querySelector("img")?.src ?? before;
                  while (shown() === before) await new Promise(requestAnimationFrame);
                  return (performance.now() - begun) / 1000;
                }""",
                [slider.element_handle(), cell.locator("[data-live-output]").element_handle()],
            )
        )
    return times


def check_times(page: Page, number: int) -> list[float]:
    """Seconds from Check to the verdict, after an edit."""
    cell = page.locator("[data-exercise=hidden_delta]")
    times = []
    for i in range(number):
        cell.locator("[data-live-edit]").fill(
            f"def hidden_delta(W_next, delta_next, z, hidden):\n    # {i}\n    return W_next.T @ delta_next\n"
        )
        begun = time.perf_counter()
        cell.locator("[data-live-check]").click()
        page.wait_for_function(
            "e => e.querySelector('[data-live-feedback]').dataset.verdict",
            arg=cell.element_handle(),
            polling=5,
        )
        times.append(time.perf_counter() - begun)
    return times


def weight(browser: Browser, address: str) -> int:
    """Bytes before any touch, compressed."""
    page, total = browser.new_page(), 0
    bodies: list[bytes] = []
    page.on("requestfinished", lambda r: bodies.append(r.response().body()))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.close()
    for body in bodies:
        total += min(len(body), len(gzip.compress(body, 6)))
    return total


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--html", type=Path, default=ROOT / "_build" / "html")
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    if not (chosen.html / f"{CHAPTER}.html").is_file():
        sys.exit(f"live: no built book in {chosen.html}; run `make book` first")
    cold, warm, moves, checks = [], [], [], []
    with served(chosen.html) as base, sync_playwright() as playwright:
        address = f"{base}{CHAPTER}.html"
        for _ in range(chosen.repeat):
            browser = playwright.chromium.launch(executable_path=chromium(), args=SWITCHES)
            context = browser.new_context()
            cold.append(first_output(context.new_page(), address))
            page = context.new_page()
            warm.append(first_output(page, address))
            moves += slider_moves(page, 8)
            checks += check_times(page, 4)
            bytes_before = weight(browser, address)
            browser.close()
    result = {
        "first output cold, s": statistics.median(cold),
        "first output warm, s": statistics.median(warm),
        "slider move, s": statistics.median(moves),
        "check, s": statistics.median(checks),
        "page weight, MB": bytes_before / 1e6,
    }
    for name, value in result.items():
        print(f"{name:24} {value:.3f}")
    if chosen.json:
        chosen.json.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
