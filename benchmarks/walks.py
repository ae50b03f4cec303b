"""Typical mistakes taken from the stub to the tick in the book's page by help alone, with a picture of every step.

    python benchmarks/walks.py [--to build/walks] [--dark] [--width 1280]

Run `make book` first. The walks are those of tests/feedback/test_from_stub_to_passed.py, the first ten of
different exercises and mistakes: a reader presses Check on the stub, writes the mistake, opens the four steps of
help one by one, puts the last one in the place of the wrong line, and presses Check again. Ends with 1 if any of
them doesn't end with the tick, or names another mistake than the one that was made.
"""

import argparse
import sys
from pathlib import Path

from playwright.sync_api import Locator, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

from autograder.exercises import EXERCISES  # noqa: E402
from tests.feedback.test_from_stub_to_passed import HERE, WALKS  # noqa: E402
from tests.support.built_book import SWITCHES, served  # noqa: E402
from tests.support.live_page import PATIENCE, check, write  # noqa: E402
from tests.support.machine import required  # noqa: E402

BOOK = ROOT / "_build" / "html"
COUNT = 10


def function(id: str, body: str) -> str:
    arguments = ", ".join(argument.name for argument in EXERCISES[id].arguments)
    return f"def {id}({arguments}):\n" + "".join(f"    {line}\n" for line in body.split("\n"))


def mended(wrong: str, line: str) -> str:
    """The answer with this line in the place of the wrong one."""
    line = line.split("  #")[0]
    return "\n".join(
        row[: len(row) - len(row.lstrip())] + line if row.endswith(HERE) else row for row in wrong.split("\n")
    )


def picture(exercise: Locator, folder: Path, name: str) -> None:
    exercise.scroll_into_view_if_needed()
    exercise.screenshot(path=folder / f"{name}.png")


def walk(page: Page, address: str, id: str, code: str, wrong: str, folder: Path) -> str:
    """One walk in a new page; what went otherwise than it should, or nothing."""
    page.goto(f"{address}{EXERCISES[id].assignment}.html")
    exercise = page.locator(f'[data-exercise="{id}"]')
    card = exercise.locator("[data-live-feedback]")
    exercise.locator("[data-live-check]").scroll_into_view_if_needed()
    check(page, exercise)
    picture(exercise, folder, "0-stub")
    write(exercise, function(id, wrong.replace(HERE, "")))
    if check(page, exercise) == "right" or code not in card.inner_text():
        return f"the card does not name {code}"
    picture(exercise, folder, "1-wrong")
    for level in "1234":
        card.locator("[data-help-next]").click()
        step = card.locator(f'[data-help-level="{level}"]')
        step.wait_for()
        picture(exercise, folder, f"2-help-{level}")
    line = card.locator('[data-help-level="4"] :is(pre, code)').last.inner_text().strip()
    write(exercise, function(id, mended(wrong, line)))
    verdict = check(page, exercise)
    picture(exercise, folder, "3-mended")
    return "" if verdict == "right" else f"with the help's line {line!r} it is {verdict}"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--to", type=Path, default=ROOT / "build" / "walks", help="folder of the pictures")
    parser.add_argument("--dark", action="store_true", help="in the dark theme")
    parser.add_argument("--width", type=int, default=1280, help="of the window")
    options = parser.parse_args()
    if not (BOOK / "index.html").is_file():
        sys.exit(f"walks: no book in {BOOK}; run make book first")
    failed = 0
    with served(BOOK) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=required("chromium"), args=SWITCHES)
        for number, (id, code, _term, wrong) in enumerate(WALKS[:COUNT], 1):
            folder = options.to / f"{number:02}-{id}-{code}"
            folder.mkdir(parents=True, exist_ok=True)
            page = browser.new_page(
                viewport={"width": options.width, "height": 1800},
                color_scheme="dark" if options.dark else "light",
            )
            page.set_default_timeout(PATIENCE)
            fault = walk(page, address, id, code, wrong, folder)
            failed += bool(fault)
            print(f"{id} {code}: {fault or 'from the stub to the tick'}", flush=True)
            page.close()
        browser.close()
    print(f"{COUNT - failed} of {COUNT}; pictures in {options.to}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
