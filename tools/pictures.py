"""Take the README's pictures and the card of the book's links: python tools/pictures.py   (after `make`: it
shows the built book and the graded class)

Chromium opens the real pages, and what it shows is written to docs/. `--only story` takes W10's alone, which
need neither book nor class.
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
from tools import widget_bundle  # noqa: E402

CHAPTER = ASSIGNMENT = "06-step-2"
# Of W10's story: the moment on the card, a cycle and a frame in milliseconds.
CARD_AT = 4.42
CYCLE, FRAME = 14_100, 110
# A frame of each beat: inputs, a sum forward, loss, delta leaves it, on its way, at a closed gate, gradient,
# update.
BEATS = (0, 1.35, 2.4, 3.2, 4.42, 4.75, 5.5, 6.5)
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
    # The widget at its top takes its place
    page.wait_for_timeout(1500)
    page.evaluate("document.querySelector('.bd-sidebar-primary')?.scrollTo(0, 0)")
    write(page.screenshot(), to / "chapter.webp")


def moment(page: Page, step: float) -> None:
    """Move the story there, as a reader's hand does."""
    page.locator("[data-scrub]").evaluate(
        "(slider, step) => { slider.value = step; slider.dispatchEvent(new Event('input')); }", step
    )
    page.clock.run_for(100)


def told(browser: Browser, address: str, width: int, height: int, scale: float) -> Page:
    """W10 alone on a page, on a clock of ours, from its beginning, without its controls."""
    page = browser.new_page(viewport={"width": width, "height": height}, device_scale_factor=scale)
    page.clock.install()
    page.goto(f"{address}W10.html")
    page.locator("[data-widget=W10][data-widget-ready]").wait_for()
    page.add_style_tag(
        content="body { margin: 0; background: #fff; } main > h1, .bpw-row, .bpw-tools { display: none; } "
        ".bpw-figure { margin: 0; } .bpw { border: 0; } .edge { transition: none !important; }"
    )
    page.locator("[data-widget=W10][data-playing]").wait_for()
    # From here on time passes only when it is told to.
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 1)
    moment(page, 0)
    return page


def beats(browser: Browser, address: str, path: Path) -> None:
    """W10's beats in two rows, four in each."""
    page = told(browser, address, 480, 480, 1)
    shown = []
    for step in BEATS:
        moment(page, step)
        shown.append(Image.open(io.BytesIO(page.locator(".bpw").screenshot())).convert("RGB"))
    page.close()
    wide, high = shown[0].size
    strip = Image.new("RGB", (4 * wide, 2 * high))
    for k, frame in enumerate(shown):
        strip.paste(frame, (k % 4 * wide, k // 4 * high))
    strip.save(path, "WEBP", quality=82, method=6)
    print(f"{path.relative_to(ROOT)}: {strip.width} x {strip.height}, {path.stat().st_size / 1000:.0f} kB")


def story(browser: Browser, to: Path, card_to: Path) -> None:
    """W10: one cycle as a picture that loops, its beats beside each other, and the card of a link."""
    with tempfile.TemporaryDirectory() as folder:
        widget_bundle.write(Path(folder))
        with served(Path(folder)) as address:
            page = told(browser, address, 640, 480, 1)
            page.locator(".bpw-play").dispatch_event("click")
            frames = []
            for _ in range(CYCLE // FRAME):
                frames.append(Image.open(io.BytesIO(page.locator(".bpw").screenshot())).convert("RGB"))
                page.clock.run_for(FRAME)
            page.close()
            beats(browser, address, to / "beats.webp")
            page = told(browser, address, 1200, 630, 1)
            page.add_style_tag(
                content="main { padding: 22px 60px; } "
                ".bpw-figure { zoom: 1.22; width: 800px; margin: 0 auto; } "
                "main > h1 { display: block; margin: 0; font: 700 42px system-ui, sans-serif; } "
                ".bpw-title, .formula { display: none; }"
            )
            page.evaluate("document.querySelector('h1').textContent = 'General Backpropagation'")
            moment(page, CARD_AT)
            page.evaluate("scrollTo(0, 0)")
            picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            page.close()
    # One palette for all, of every tenth frame, without dithering: the colours are flat.
    some = frames[::10]
    sheet = Image.new("RGB", (some[0].width, sum(frame.height for frame in some)))
    for place, frame in enumerate(some):
        sheet.paste(frame, (0, place * some[0].height))
    palette = sheet.quantize(128, dither=Image.Dither.NONE)
    flat = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
    path = to / "story.gif"
    flat[0].save(path, save_all=True, append_images=flat[1:], duration=FRAME, loop=0, optimize=True)
    picture.quantize(128, dither=Image.Dither.NONE).save(card_to, "PNG", optimize=True)
    for made, shown in ((path, frames[0]), (card_to, picture)):
        print(
            f"{made.relative_to(ROOT)}: {shown.width} x {shown.height}, {made.stat().st_size / 1000:.0f} kB"
        )


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
    parser.add_argument("--only", choices=["story", "book"], help="W10's pictures, or the others")
    arguments = parser.parse_args()
    wanted = {arguments.only} if arguments.only else {"story", "book"}
    for folder, command in ((arguments.book, "make book"), (arguments.course, "make grade")):
        if "book" in wanted and not folder.is_dir():
            sys.exit(f"{folder}: no such folder; run `{command}` first")
    to = ROOT / "docs"
    to.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=required("chromium"), args=SWITCHES)
        if "story" in wanted:
            story(browser, to, ROOT / "book" / "_ext" / "presence" / "static" / "card.png")
        if "book" in wanted:
            with served(arguments.book) as address:
                chapter(browser, address, to)
                card(browser, address, to)
            gradebook(browser, arguments.course.resolve(), to)
        browser.close()


if __name__ == "__main__":
    main()
