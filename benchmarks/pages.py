"""What a page of the book costs before any touch, in this machine's Chromium (run `make book` first).

    python benchmarks/pages.py [FOLDER...] [--page 06-step-2]... [--repeat 5] [--json FILE]

Each folder is a built book (default: _build/html); several are measured in turns, so that a busy machine is
busy for all. The server gzips what is text, at level 6, as hosts do. Requests and bytes are those of a first
visit until the network is quiet. A page is readable when every word and equation of its text that is on the
first screen is painted in its own fonts; whole when its end has come and every font that anything on it asks
for is there (readable.js says how each is seen). Times are medians, from the start of the navigation, with an
empty cache: with the processor four times slower, and with that and a slow mobile line (1.6 Mbit/s, 150 ms to
each answer).
"""

import argparse
import functools
import gzip
import json
import statistics
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.support.built_book import SWITCHES, Quiet, served  # noqa: E402
from tests.support.machine import required  # noqa: E402

PAGES = ("06-step-2", "10-training", "index")
TEXT = (".html", ".css", ".js", ".mjs", ".json", ".svg", ".txt")
FIRST_SCREEN = (Path(__file__).parent / "readable.js").read_text(encoding="utf-8")
TIMES = """() => ({
  ...firstScreen(),
  painted: performance.getEntriesByName("first-contentful-paint")[0].startTime / 1000,
  loaded: performance.getEntriesByType("navigation")[0].loadEventEnd / 1000,
})"""
MOBILE = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6e6 / 8,
    "uploadThroughput": 750e3 / 8,
}


@functools.lru_cache(maxsize=4096)
def zipped(path: Path) -> bytes:
    """A file's bytes as they go over the line."""
    return gzip.compress(path.read_bytes(), 6) if path.suffix in TEXT else path.read_bytes()


class Host(Quiet):
    """A static host that gzips text."""

    def do_GET(self) -> None:
        """Send one file."""
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(404)
            return
        body = zipped(path)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Length", str(len(body)))
        if path.suffix in TEXT:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(body)


def weigh(browser: Browser, folder: Path, address: str) -> dict[str, float]:
    """Requests, and kilobytes as sent, of a first visit without a touch."""
    page = browser.new_page()
    paths: list[Path] = []
    page.on("request", lambda r: paths.append(folder / r.url.split("/", 3)[3].split("?")[0].split("#")[0]))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.close()
    return {"requests": len(paths), "kB": sum(len(zipped(p)) for p in paths if p.is_file()) / 1000}


def visit(browser: Browser, address: str, *, mobile: bool) -> dict[str, float]:
    """Seconds of one first visit with the processor four times slower."""
    context = browser.new_context()
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    if mobile:
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", MOBILE)
    page.add_init_script(FIRST_SCREEN)
    page.goto(address, wait_until="load", timeout=120_000)
    page.wait_for_function("firstScreen().readable && firstScreen().whole", timeout=120_000)
    found: dict[str, float] = page.evaluate(TIMES)
    context.close()
    return found


def measure(folders: list[Path], pages: list[str], repeat: int) -> dict[str, dict[str, dict[str, float]]]:
    """{page: {folder: {what: median}}}."""
    found: dict[str, dict[str, dict[str, float]]] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=required("chromium"), args=SWITCHES)
        for page in pages:
            found[page] = {}
            times: dict[Path, dict[str, list[float]]] = {folder: {} for folder in folders}
            for turn in range(repeat):
                for folder in folders:
                    with served(folder, Host) as base:
                        address = f"{base}{page}.html"
                        if turn == 0:
                            found[page][str(folder)] = weigh(browser, folder, address)
                        for line, mobile in (("", False), (", mobile", True)):
                            for name, seconds in visit(browser, address, mobile=mobile).items():
                                times[folder].setdefault(name + line, []).append(seconds)
            for folder in folders:
                medians = {name: statistics.median(values) for name, values in times[folder].items()}
                found[page][str(folder)] |= medians
        browser.close()
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="*", type=Path, default=[ROOT / "_build" / "html"])
    parser.add_argument("--page", action="append", help=f"default: {', '.join(PAGES)}")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    pages = chosen.page or list(PAGES)
    for folder in chosen.folders:
        if not (folder / f"{pages[0]}.html").is_file():
            sys.exit(f"pages: no built book in {folder}; run `make book` first")
    result = measure(chosen.folders, pages, chosen.repeat)
    for page, books in result.items():
        print(f"\n{page}" + "".join(f"\n  {number}: {name}" for number, name in enumerate(books, 1)))
        for what in next(iter(books.values())):
            print(f"  {what:20}" + "".join(f"{values[what]:12.2f}" for values in books.values()))
    if chosen.json:
        chosen.json.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
