"""Milliseconds per interaction of each widget, in Chromium:  python benchmarks/widgets.py [--moves 40]

An interaction is one move of a control, from the event to the picture laid out again (state, mathematics, drawing, layout).
Every range and select of the widget is moved in turn, among others to values never seen before, so caches don't flatter.
Prints a table, and exits with 1 if the 95th percentile of a widget is 50 ms or more.
"""

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import sync_playwright

from tests.support import widget_page
from tests.support.built_book import SWITCHES, served
from tests.support.machine import required
from tools import widget_bundle

LIMIT = 50.0
SCRIPT = Path(__file__).with_name("widgets.js").read_text(encoding="utf-8")


def main() -> int:
    """Measure all widgets; the exit code."""
    parser = argparse.ArgumentParser(description="Milliseconds per interaction of each widget, in Chromium.")
    parser.add_argument("--moves", type=int, default=40, help="moves per control (default 40)")
    moves = parser.parse_args().moves
    slow = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        widget_bundle.write(Path(folder) / "site")
        browser = playwright.chromium.launch(executable_path=required("chromium"), args=SWITCHES)
        with served(Path(folder) / "site") as address:
            print(f"{'widget':8}{'moves':>7}{'median ms':>12}{'95 % ms':>10}{'worst ms':>10}")
            for name in widget_page.NAMES:
                page = browser.new_page(viewport={"width": 900, "height": 900})
                widget_page.visit(page, address, name)
                if name == widget_page.STORY:
                    widget_page.opened(page)
                times = sorted(page.evaluate(SCRIPT, moves))
                page.close()
                high = times[int(0.95 * (len(times) - 1))]
                print(f"{name:8}{len(times):7}{times[len(times) // 2]:12.1f}{high:10.1f}{times[-1]:10.1f}")
                if high >= LIMIT:
                    slow.append(name)
        browser.close()
    print(f"slower than {LIMIT:.0f} ms: {', '.join(slow) or 'none'}")
    return 1 if slow else 0


if __name__ == "__main__":
    raise SystemExit(main())
