"""Take the README's pictures: python tools/pictures.py   (after `make`: it shows the built book and the
graded class)

Chromium opens the real pages, and what it shows is written to docs/ as WebP.
"""

import argparse
import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.support.built_book import SWITCHES, served  # noqa: E402
from tests.support.formgrader import formgrader  # noqa: E402
from tests.support.machine import required  # noqa: E402

CHAPTER = ASSIGNMENT = "06-step-2"
# Of the widget that goes through the recipe
STEPS = 6
NO_SLOPE = "def hidden_delta(W_next, delta_next, z, hidden):\n    return W_next.T @ delta_next\n"


def write(picture: bytes, path: Path) -> None:
    """A screenshot as WebP, at most 1600 pixels wide."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image.thumbnail((1600, 4000))
    image.save(path, "WEBP", quality=82, method=6)
    print(f"{path.relative_to(ROOT)}: {image.width} x {image.height}, {path.stat().st_size / 1000:.0f} kB")


def opened(browser: Browser, width: int = 1280, height: int = 860) -> Page:
    return browser.new_page(viewport={"width": width, "height": height}, device_scale_factor=1.5)


def chapter(browser: Browser, address: str, to: Path) -> None:
    page = opened(browser)
    page.goto(f"{address}{CHAPTER}.html")
    # MathJax sets the page
    page.wait_for_timeout(1500)
    page.evaluate("document.querySelector('.bd-sidebar-primary')?.scrollTo(0, 0)")
    write(page.screenshot(), to / "chapter.webp")


def widget(browser: Browser, address: str, name: str, to: Path) -> None:
    """The upper part of a widget, some steps into its story."""
    page = opened(browser, height=2400)
    page.goto(f"{address}{CHAPTER}.html")
    box = page.locator(f'[data-widget="{name}"]')
    box.scroll_into_view_if_needed()
    page.locator(f'[data-widget="{name}"][data-widget-ready]').wait_for()
    if box.locator("button[data-widget-skip]").is_visible():
        box.locator("button[data-widget-skip]").click()
    slider = box.locator("input[type=range]").first
    slider.focus()
    page.keyboard.press("Home")
    for _ in range(STEPS):
        page.keyboard.press("ArrowRight")
    slider.blur()
    page.wait_for_timeout(1500)
    picture = Image.open(io.BytesIO(box.screenshot()))
    shown = io.BytesIO()
    picture.crop((0, 0, picture.width, min(picture.height, 1100))).save(shown, "PNG")
    write(shown.getvalue(), to / "widget.webp")


def card(browser: Browser, address: str, to: Path) -> None:
    """Write a wrong answer into the chapter's exercise, press Check, and show what comes."""
    page = opened(browser)
    page.goto(f"{address}{CHAPTER}.html")
    cell: Locator = page.locator('[data-exercise="hidden_delta"]')
    cell.scroll_into_view_if_needed()
    if cell.locator("[data-live-open]").is_visible():
        cell.locator("[data-live-open]").click()
    cell.locator("[data-live-edit]").fill(NO_SLOPE)
    cell.locator("[data-live-check]").click()
    cell.locator("[data-live-feedback][data-verdict]").wait_for(timeout=120_000)
    hint = cell.locator("[data-live-feedback] details").first
    if hint.count():
        hint.locator("summary").click()
    page.wait_for_timeout(500)
    write(cell.screenshot(), to / "feedback.webp")


def gradebook(browser: Browser, course: Path, to: Path) -> None:
    """A submission that left g' out, as formgrader shows it."""
    with tempfile.TemporaryDirectory() as home, formgrader(course, Path(home)) as server:
        notebooks = server.get(f"submitted_notebooks/{ASSIGNMENT}/{ASSIGNMENT}")
        submission = next(notebook["id"] for notebook in notebooks if notebook["score"] == 12)
        page = opened(browser, height=640)
        server.visit(page, f"submissions/{submission}/")
        page.locator("#hidden_delta.score").wait_for()
        comment = page.locator("#hidden_delta_solution-comment")
        comment.evaluate("box => box.closest('.panel, .cell').scrollIntoView()")
        page.wait_for_timeout(1000)
        write(page.screenshot(), to / "formgrader.webp")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--book", type=Path, default=ROOT / "_build" / "html")
    parser.add_argument("--course", type=Path, default=ROOT / "build" / "course")
    arguments = parser.parse_args()
    for folder, command in ((arguments.book, "make book"), (arguments.course, "make grade")):
        if not folder.is_dir():
            sys.exit(f"{folder}: no such folder; run `{command}` first")
    to = ROOT / "docs"
    to.mkdir(exist_ok=True)
    with sync_playwright() as playwright, served(arguments.book) as address:
        browser = playwright.chromium.launch(executable_path=required("chromium"), args=SWITCHES)
        chapter(browser, address, to)
        widget(browser, address, "W10", to)
        card(browser, address, to)
        gradebook(browser, arguments.course.resolve(), to)
        browser.close()


if __name__ == "__main__":
    main()
