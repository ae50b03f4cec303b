"""The first live output beside a bare `import numpy` of the same Pyodide (run `make book` first).

    python benchmarks/bare.py [--repeat 5] [--json FILE]

The bare page has a button: it loads Pyodide's own files and NumPy's wheel, and computes what the cell computes. Both are
served from this machine and measured in turns, so that a busy machine is busy for both: seconds from the press to the painted
result, cold (a browser with an empty cache) and warm (the same browser's second visit).
"""

import argparse
import json
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]
from live import CHAPTER, FIRST, Live, timed  # noqa: E402

from tests.support.built_book import SWITCHES, served  # noqa: E402
from tests.support.machine import required  # noqa: E402

VENDOR = ROOT / ".cache" / "vendor"
PAGE = """<!DOCTYPE html><meta charset="utf-8"><title>bare</title><button>Run</button><pre></pre>
<script type="module">
document.querySelector("button").addEventListener("click", async () => {
  const { loadPyodide } = await import("./pyodide/pyodide.mjs");
  const pyodide = await loadPyodide({ packages: ["numpy"] });
  document.querySelector("pre").textContent = pyodide.runPython(CODE);
});
</script>"""


class Bare:
    """A page with Pyodide and nothing else."""

    def __init__(self, page: Page, address: str) -> None:
        """Open it."""
        self.page = page
        page.goto(address)
        page.wait_for_timeout(1000)  # a reader reads before touching anything

    def first(self) -> float:
        """Seconds to the output."""
        shown = "page => page.querySelector('pre').textContent.includes('12.')"
        button = self.page.get_by_role("button")
        return timed(self.page, "click", shown, self.page.locator("body"), button.click)


def make(folder: Path) -> None:
    """The bare page and Pyodide's files beside it."""
    shutil.copytree(VENDOR / "pyodide", folder / "pyodide")
    for wheel in (VENDOR / "pyodide-wheels").glob("numpy-*.whl"):
        shutil.copy(wheel, folder / "pyodide")
    first, last = FIRST.splitlines()
    code = json.dumps(f"{first}\nstr({last})")
    (folder / "index.html").write_text(PAGE.replace("CODE", code))


def measure(book: Path, repeat: int) -> dict[str, dict[str, list[float]]]:
    """{"cold" or "warm": {"book" or "bare": seconds}}."""
    found: dict[str, dict[str, list[float]]] = {visit: {"book": [], "bare": []} for visit in ("cold", "warm")}
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        make(Path(scratch))
        with served(book) as live, served(Path(scratch)) as bare:
            addresses = {"book": (Live, f"{live}{CHAPTER}.html"), "bare": (Bare, f"{bare}index.html")}
            for turn in range(repeat):
                for name in ("book", "bare") if turn % 2 else ("bare", "book"):
                    kind, address = addresses[name]
                    with tempfile.TemporaryDirectory() as profile:
                        # A browser as a reader has it, with a disk cache
                        context = playwright.chromium.launch_persistent_context(
                            profile, executable_path=required("chromium"), args=SWITCHES
                        )
                        page = context.new_page()
                        found["cold"][name].append(kind(page, address).first())
                        page.wait_for_timeout(3000)  # the browser files what came
                        page.close()
                        found["warm"][name].append(kind(context.new_page(), address).first())
                        context.close()
    return found


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
        sys.exit(f"bare: no built book in {chosen.html}; run `make book` first")
    found = measure(chosen.html, chosen.repeat)
    print(f"{'':6}{'book, s':>10}{'bare, s':>10}{'ratio':>8}")
    for visit, times in found.items():
        book, bare = (statistics.median(times[name]) for name in ("book", "bare"))
        print(f"{visit:6}{book:10.2f}{bare:10.2f}{book / bare:8.2f}")
    if chosen.json:
        chosen.json.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
