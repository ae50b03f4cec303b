"""Live cells on a small book: editor, controls, what is shown, and everything that can go wrong with a
page.
"""

import contextlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect
from playwright.sync_api import Error as PlaywrightError

from tests.support.built_book import ROOT, served, small_book
from tests.support.live_page import Watched, browser, check, output, over, run, text_of, write  # noqa: F401

# The fixture `browser` comes from live_page.
# ruff: noqa: F811

DENIED = """
for (const name of ["localStorage", "sessionStorage"])
  Object.defineProperty(window, name, {configurable: true, get() { throw new DOMException("denied", "SecurityError"); }});
"""


@pytest.fixture(scope="module")
def book() -> Iterator[str]:
    with served(small_book()) as address:
        yield address


@pytest.fixture
def watched(browser: Browser, book: str) -> Iterator[Watched]:
    page = Watched(browser, book)
    page.page.goto(f"{book}01-cells.html")
    yield page
    page.page.close()


@pytest.fixture(scope="module")
def ready(browser: Browser, book: str) -> Iterator[Watched]:
    """A page whose Python is ready, shared by the tests that only write a cell and run it."""
    page = Watched(browser, book)
    page.page.goto(f"{book}01-cells.html")
    run(page.page, first(page.page))
    yield page
    page.clean()
    page.page.close()


def first(page: Page) -> Locator:
    return page.locator("[data-live-cell]").first


def ran(watched: Watched, source: str, expected: str = "done") -> Locator:
    """The first cell after a run with this text."""
    cell = first(watched.page)
    write(cell, source)
    assert run(watched.page, cell) == expected, output(cell)
    return cell


# ---- the editor ----


def test_the_editor_is_codemirror_and_a_keyboard_can_leave_it(watched: Watched) -> None:
    page, cell = watched.page, first(watched.page)
    cell.locator("[data-live-open]").focus()
    page.keyboard.press("Enter")
    edit = cell.locator(".cm-content[data-live-edit]")
    edit.wait_for()
    page.wait_for_function("document.activeElement.classList.contains('cm-content')")
    page.keyboard.press("Control+a")
    page.keyboard.type("def f(n):\nreturn n + 1\n")  # the editor indents
    assert text_of(cell).startswith("def f(n):\n    return n + 1\n")
    page.keyboard.press("Control+a")
    page.keyboard.press("Tab")
    assert text_of(cell).startswith("    def f")
    page.keyboard.press("Shift+Tab")
    assert text_of(cell).startswith("def f")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert not edit.evaluate("e => e === document.activeElement")
    assert text_of(cell).startswith("def f")
    edit.fill("6 * 7")
    edit.press("Shift+Enter")
    assert over(page, cell) == "done"
    assert output(cell) == "42"
    assert edit.get_attribute("aria-label") == "Code of cell 1. Tab indents; Escape, then Tab, leaves."
    watched.clean()


def test_text_is_kept_and_the_books_version_comes_back(watched: Watched) -> None:
    page = watched.page
    folded = page.locator("[data-live-cell=cell-2]")
    write(folded, "answer + 1")
    assert folded.locator("[data-live-edit]").is_visible()  # Edit unfolds
    page.reload()
    assert text_of(folded) == "answer + 1"
    assert text_of(first(page)) == "answer = 42\nanswer"
    folded.locator("summary").click()
    folded.locator("[data-live-reset]").click()
    assert text_of(folded) == "2 * answer"
    page.reload()
    assert text_of(folded) == "2 * answer"
    assert not folded.locator("[data-live-reset]").is_visible()
    watched.clean()


def test_two_tabs_share_what_is_written(browser: Browser, book: str) -> None:
    context = browser.new_context()
    one, two = (Watched(context, book) for _ in range(2))
    for tab in (one, two):
        tab.page.goto(f"{book}01-cells.html")
    write(first(one.page), "answer = 'from the first tab'\nanswer")
    heard = first(two.page).locator("[data-live-edit]:visible")
    expect(heard).to_be_visible()
    assert text_of(first(two.page)) == "answer = 'from the first tab'\nanswer"
    for tab in (one, two):  # each has a Python of its own
        first(tab.page).locator("[data-live-run]").click()
    for tab in (one, two):
        assert over(tab.page, first(tab.page)) == "done"
        assert output(first(tab.page)) == "'from the first tab'"
        tab.clean()
    context.close()


def test_without_storage_everything_works_without_memory(browser: Browser, book: str) -> None:
    watched = Watched(browser, book)
    watched.page.add_init_script(DENIED)
    watched.page.goto(f"{book}01-cells.html")
    cell = ran(watched, "1 + 1")
    assert output(cell) == "2"
    write(cell, "1 + 2")
    cell.get_by_text("kept until this page closes").wait_for()
    watched.page.reload()
    assert text_of(first(watched.page)) == "answer = 42\nanswer"
    watched.clean()
    watched.page.close()


# ---- running ----


def test_cells_run_in_order_as_needed(ready: Watched) -> None:
    page = ready.page
    second = page.locator("[data-live-cell=cell-2]")
    ran(ready, "print('first runs')\nanswer = 5")
    assert run(page, second) == "done"
    assert output(second) == "10"
    write(first(page), "print('again')\nanswer = 6")  # not run by hand: the second cell sees to it
    assert run(page, second) == "done"
    assert output(second) == "12"
    assert output(first(page)) == "again"
    write(first(page), "answer = nothing")
    assert run(page, second) == "failed"
    assert "An earlier cell (cell-1) failed" in output(second)
    ran(ready, "answer = 42\nanswer")


def test_an_error_is_readable_down_to_the_librarys_lines(ready: Watched) -> None:
    source = "from backprop import forward\n\ndef mine(x):\n    return forward({1: x}, {1: x}, x, 'no such g', 'identity')\n\nmine(None)"
    cell = ran(ready, source, "failed")
    shown = output(cell)
    assert "return forward({1: x}, {1: x}, x, 'no such g', 'identity')" in shown
    assert "backprop/network.py" in shown
    assert "live_shell" not in shown
    frames = shown.split("backprop/network.py")[1].splitlines()
    assert frames[1].strip(), "the library's own line stands under its file"
    # A library's own lines are fetched when a traceback goes through it, and come after it.
    asked = len(ready.asked)
    cell = ran(ready, "import numpy as np\ndef mine():\n    np.split(np.arange(3), 2)\nmine()", "failed")
    cell.get_by_text("raise ValueError(").wait_for()
    assert 'File "numpy/lib/_shape_base_impl.py", line ' in output(cell)
    assert sum("numpy-sources-" in url for url in ready.asked[asked:]) == 1
    cell = ran(ready, "import json\njson.loads('[1, ')", "failed")
    cell.get_by_text("raise JSONDecodeError(").first.wait_for()
    shown = output(ran(ready, "import scipy", "failed"))
    assert "has NumPy, Matplotlib, ipywidgets and this book's code, and no scipy" in shown
    assert "write the value into the cell" in output(ran(ready, "input('name')", "failed"))
    assert "SyntaxError" in output(ran(ready, "def f(:", "failed"))
    shown = output(ran(ready, "print('x' * 300_000)"))
    assert len(shown) < 201_000
    assert "more was printed than this page shows" in shown


def test_while_python_loads_its_bytes_are_counted_and_it_can_be_stopped(watched: Watched) -> None:
    page, cell = watched.page, first(watched.page)
    held: list[Route] = []
    page.route("**/numpy-*.pack", lambda route: held.append(route))
    cell.locator("[data-live-run]").click()
    cell.get_by_text(re.compile(r"loading Python: \d+\.\d of \d+\.\d MB")).wait_for()
    assert cell.get_by_label("Loading Python").is_visible()
    assert page.locator("html").get_attribute("data-live-status") == "loading"
    cell.locator("[data-live-stop]").click()
    assert over(page, cell) == "failed"
    assert "Stopped. Python was restarted" in output(cell)
    cell.locator("[data-live-run]").click()
    page.unroute("**/numpy-*.pack")
    for request in held:
        with contextlib.suppress(PlaywrightError):  # the worker that asked for it has ended
            request.continue_()
    assert over(page, cell) == "done"
    assert not cell.get_by_label("Loading Python").is_visible()
    watched.clean()


def test_a_runaway_loop_is_stopped(watched: Watched) -> None:
    page, cell = watched.page, first(watched.page)
    write(cell, "while True:\n    pass")
    cell.locator("[data-live-run]").click()
    page.locator("[data-live-cell=cell-2] [data-live-run]").click()  # waits for its turn
    page.wait_for_selector("html[data-live-status=ready]", timeout=60_000)
    page.wait_for_selector("[data-live-cell=cell-1][data-live-state=running]")
    cell.locator("[data-live-stop]").click()
    assert over(page, cell) == "failed"
    assert over(page, page.locator("[data-live-cell=cell-2]")) == "failed"
    assert "Stopped. Python was restarted" in output(cell)
    write(cell, "6 * 7")
    assert run(page, cell) == "done"
    assert output(cell) == "42"
    watched.clean()


# ---- what cells show ----


def test_rich_values_are_shown_and_unknown_ones_named(ready: Watched) -> None:
    source = r"""
from IPython.display import HTML, SVG, JSON, Latex, Markdown, Image, display, clear_output
class Only:
    def _repr_mimebundle_(self, **_):
        return {"application/x-strange": "?", "text/plain": "a strange thing"}
class Table:
    def _repr_html_(self):
        return "<table><tr><td>one cell</td></tr></table>"
print("swept away")
clear_output()
display(HTML("<b id='bold'>bold</b>"), SVG("<svg width='9' height='9' role='img' aria-label='dot'><circle r='3'/></svg>"))
display(JSON({"a": [1]}), Latex(r"$\alpha^2$"), Markdown("*words*"), Only(), Table())
handle = display("before", display_id=True)
handle.update("after")
import matplotlib.pyplot as plt
plt.plot([1, 2]); plt.title("A line")
plt.show()
print("below the line")
"""
    cell = ran(ready, source)
    shown = cell.locator("[data-live-output]")
    assert shown.locator("#bold").inner_text() == "bold"
    assert shown.locator("svg[aria-label=dot]").count() == 1
    assert shown.locator("td").inner_text() == "one cell"
    shown.locator("mjx-container").wait_for()
    text = output(cell)
    for part in ('"a": [', "*words*", "can't show application/x-strange", "a strange thing", "'after'"):
        assert part in text
    for part in ("swept away", "'before'"):
        assert part not in text
    image = shown.locator("img")
    assert image.get_attribute("alt") == "Figure: A line"
    below = shown.locator("img ~ pre")  # plt.show() shows the figure where it stands, and says nothing
    assert below.inner_text().strip() == "below the line"
    assert shown.locator("[data-stream=stderr]").count() == 0
    assert image.evaluate("i => i.decode().then(() => i.naturalWidth > 300)")


def test_a_picture_is_savefigs_to_the_pixel(ready: Watched) -> None:
    source = """
import io
import matplotlib.pyplot as plt, numpy as np
from PIL import Image
from live_pictures import plain, png
x = np.linspace(-3, 3, 60)
def one(): plt.plot(x, np.tanh(x)); plt.xlabel("x"); plt.ylabel("much\\nlonger"); plt.title("a title")
def grid():
    f, a = plt.subplots(2, 3, sharex=True, figsize=(7, 3)); a[0, 0].plot(x, 1e7 * x); a[1, 2].semilogy(np.exp(x)); f.suptitle("all")
def shown(): plt.imshow(np.outer(x, x)); plt.colorbar(label="product")
def equal(): plt.subplots(1, 2, sharey=True)[1][0].plot(x, x**2); plt.gca().set_aspect("equal", adjustable="datalim")
def outside(): plt.plot(x, label="line"); plt.legend(loc="upper left", bbox_to_anchor=(1.02, 1)); plt.annotate("far", (0, 0), (-.6, -.4), "axes fraction", "axes fraction")
def twin(): plt.bar(["a", "b"], [1, 2]); plt.gca().twinx().plot([3, 4]); plt.text(2.5, 1, "outside")
def tight(): plt.subplots(2, 2, layout="constrained")
def polar(): plt.polar(x, x)
def empty(): plt.figure(figsize=(2, 1))
def pixels(data): return np.asarray(Image.open(io.BytesIO(data)))
for draw in (one, grid, shown, equal, outside, twin, tight, polar, empty):
    draw(); f = plt.gcf(); mine = pixels(png(f, 144)); file = io.BytesIO()
    f.savefig(file, format="png", dpi=144, bbox_inches="tight"); theirs = pixels(file.getvalue())
    print(draw.__name__, plain(f), mine.shape == theirs.shape and bool((mine == theirs).all()), f.dpi)
    plt.close(f)
"""
    lines = output(ran(ready, source)).splitlines()
    assert [line.split()[2:] for line in lines] == 9 * [["True", "100.0"]], lines
    assert {line.split()[0] for line in lines if "False" in line} == {"tight", "polar"}, (
        "the others go the quick way"
    )


def test_every_core_control_works(ready: Watched) -> None:
    source = """
import ipywidgets as w
o = ["one", "two", "three"]
made = [w.IntSlider(description="IntSlider"), w.FloatSlider(description="FloatSlider"),
    w.FloatLogSlider(value=10, description="FloatLogSlider"), w.IntText(description="IntText"),
    w.FloatText(description="FloatText"), w.BoundedIntText(description="BoundedIntText"),
    w.BoundedFloatText(description="BoundedFloatText"), w.Text(description="Text"),
    w.Textarea(description="Textarea"), w.Password(description="Password"),
    w.Combobox(options=o, description="Combobox"), w.Checkbox(description="Checkbox"),
    w.Dropdown(options=o, description="Dropdown"), w.Select(options=o, description="Select"),
    w.SelectMultiple(options=o, description="SelectMultiple"), w.RadioButtons(options=o, description="RadioButtons"),
    w.ToggleButtons(options=o, description="ToggleButtons"), w.SelectionSlider(options=o, description="SelectionSlider"),
    w.IntRangeSlider(value=(20, 60), description="IntRangeSlider"),
    w.FloatRangeSlider(value=(2, 6), description="FloatRangeSlider"),
    w.SelectionRangeSlider(options=o, index=(0, 1), description="SelectionRangeSlider"),
    w.DatePicker(description="DatePicker"), w.TimePicker(description="TimePicker"), w.ColorPicker(description="ColorPicker"),
    w.TagsInput(description="TagsInput")]
toggle, press = w.ToggleButton(description="Toggle"), w.Button(description="Press")
said = w.Label("nothing yet")
def tell(change):
    said.value = f"{change.owner.description}={change.new!r}"
for one in [*made, toggle]:
    one.observe(tell, "value")
press.on_click(lambda b: setattr(said, "value", "pressed"))
bar, ok = w.IntProgress(3, description="IntProgress"), w.Valid(True, description="Valid")
picture = w.Image(value=open(w.__file__, "rb").read(4), format="png")
tabs = w.Tab([w.Label("in the first"), w.Label("in the second")], titles=["First", "Second"])
folds = w.Accordion([w.Label("folded")], titles=["Fold"])
a, b = w.IntSlider(description="leader"), w.IntText(description="follower")
link = w.jslink((a, "value"), (b, "value"))
out = w.Output()
with out:
    print("inside the output")
out.append_stdout("appended")
w.VBox([said, *made, toggle, press, bar, ok, picture, tabs, folds, w.HBox([a, b]), out, w.FileUpload(), w.Play(description="Play")])
"""
    cell = ran(ready, source)
    page, shown = ready.page, cell.locator("[data-live-output]")

    def says(text: str) -> None:
        shown.get_by_text(text, exact=True).wait_for(timeout=10_000)

    def pressing(name: str, key: str = "ArrowRight") -> None:
        shown.get_by_label(name, exact=True).press(key)

    for name, value in {
        "IntSlider": "1",
        "FloatSlider": "0.1",
        "FloatLogSlider": "12.589254117941675",
        "SelectionSlider": "'two'",
    }.items():
        pressing(name)
        says(f"{name}={value}")
    for name, text, value in (
        ("IntText", "7", "7"),
        ("FloatText", "0.5", "0.5"),
        ("BoundedIntText", "8", "8"),
        ("BoundedFloatText", "1.5", "1.5"),
        ("Text", "words", "'words'"),
        ("Textarea", "more", "'more'"),
        ("Password", "secret", "'secret'"),
        ("Combobox", "two", "'two'"),
        ("DatePicker", "2026-02-03", "datetime.date(2026, 2, 3)"),
        ("TimePicker", "09:30", "datetime.time(9, 30)"),
        ("ColorPicker", "#ff0000", "'#ff0000'"),
        ("TagsInput", "x, y", "['x', 'y']"),
    ):
        field = shown.get_by_label(name, exact=True)
        field.fill(text)
        field.dispatch_event("change")
        says(f"{name}={value}")
    shown.get_by_label("Checkbox", exact=True).check()
    says("Checkbox=True")
    for name in ("Dropdown", "Select"):
        shown.get_by_label(name, exact=True).select_option("two")
        says(f"{name}='two'")
    shown.get_by_label("SelectMultiple", exact=True).select_option(["one", "three"])
    says("SelectMultiple=('one', 'three')")
    for name in ("RadioButtons", "ToggleButtons"):
        shown.get_by_role("group", name=name).get_by_label("three").check()
        says(f"{name}='three'")
    for name, value in (
        ("IntRangeSlider", "(21, 60)"),
        ("FloatRangeSlider", "(2.1, 6.0)"),
        ("SelectionRangeSlider", "('two', 'two')"),
    ):
        pressing(f"{name}, lower end")
        says(f"{name}={value}")
    shown.get_by_role("button", name="Toggle").click()
    says("Toggle=True")
    shown.get_by_role("button", name="Press").click()
    says("pressed")
    assert shown.get_by_label("IntProgress").get_attribute("value") == "3"
    assert "✓ valid" in shown.inner_text()
    assert (shown.locator("img").get_attribute("src") or "").startswith("data:image/png;base64,")
    shown.get_by_role("tab", name="Second").click()
    assert shown.get_by_text("in the second").is_visible()
    assert not shown.get_by_text("in the first").is_visible()
    shown.get_by_text("Fold", exact=True).click()
    assert shown.get_by_text("folded", exact=True).is_visible()
    pressing("leader")
    page.wait_for_function("e => e.value === '1'", arg=shown.get_by_label("follower").element_handle())
    assert "inside the output\nappended" in shown.inner_text()
    assert "can't show the control FileUpload; in Jupyter it works" in shown.inner_text()


def test_interact_shows_only_the_newest_value(ready: Watched) -> None:
    source = "from ipywidgets import interact\n@interact(n=(0, 10))\ndef square(n=3):\n    print('n squared is', n * n)"
    cell = ran(ready, source)
    shown = cell.locator("[data-live-output]")
    shown.get_by_text("n squared is 9").wait_for()
    shown.get_by_label("n", exact=True).focus()
    for _ in range(4):
        ready.page.keyboard.press("ArrowRight")
    shown.get_by_text("n squared is 49").wait_for()
    assert output(cell).count("n squared") == 1
    assert shown.get_by_label("n", exact=True).input_value() == "7"


def test_a_saved_control_wakes_python_and_its_value_is_replayed(watched: Watched) -> None:
    page = watched.page
    cell = page.locator("[data-live-cell=cell-3]")
    slider = cell.get_by_label("n", exact=True)
    assert "n squared is 9" in output(cell)  # as the build saved it, before any Python
    assert page.locator("html").get_attribute("data-live-status") == "off"
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert slider.input_value() == "5"
    cell.get_by_text("n squared is 25").wait_for(timeout=60_000)
    assert slider.evaluate("e => e === document.activeElement")  # it stayed in the reader's hand
    cell.locator("img[alt='Figure: n = 5']").wait_for()
    # Python is stopped: the control goes on all the same.
    write(first(page), "while True: pass")
    first(page).locator("[data-live-run]").click()
    page.wait_for_selector("[data-live-cell=cell-1][data-live-state=running]")
    first(page).locator("[data-live-stop]").click()
    first(page).locator("[data-live-reset]").click()
    slider.focus()
    page.keyboard.press("ArrowLeft")
    cell.get_by_text("n squared is 16").wait_for(timeout=60_000)
    watched.clean()


# ---- what can go wrong with a page ----


@pytest.mark.parametrize("name", ["live.json", "pyodide.mjs", "pyodide.asm.wasm", "numpy-*.pack"])
def test_other_bytes_than_the_builds_are_refused(browser: Browser, book: str, name: str) -> None:
    page = browser.new_page()
    page.route(f"**/{name}", lambda route: route.fulfill(body=b"something else"))
    page.goto(f"{book}01-cells.html")
    cell = first(page)
    assert run(page, cell) == "failed"
    assert "was refused: its content is not what this page was built with" in output(cell)
    assert page.locator("html").get_attribute("data-live-status") == "failed"
    page.close()


def test_a_lost_network_is_said_and_tried_again(browser: Browser, book: str) -> None:
    page = browser.new_page()
    page.goto(f"{book}01-cells.html")
    cell = first(page)

    def half(route: Route) -> None:
        route.abort("internetdisconnected")

    page.route("**/stdlib-*.zip", half)
    assert run(page, cell) == "failed"
    assert "could not be fetched. Is the network gone?" in output(cell)
    assert page.locator("html").get_attribute("data-live-status") == "failed"
    page.unroute("**/stdlib-*.zip")
    cell.get_by_role("button", name="Try again").click()
    assert over(page, cell) == "done"
    assert output(cell) == "42"
    # Gone while an exercise is checked: the check ends, and says why.
    page.goto(f"{book}06-step-2.html")
    page.route("**/06-step-2.ipynb", half)
    exercise = page.locator("[data-exercise]")
    assert check(page, exercise) == "error"
    assert "Is the network gone?" in exercise.locator("[data-live-feedback]").inner_text()
    page.unroute("**/06-step-2.ipynb")
    exercise.get_by_role("button", name="Try again").click()
    page.wait_for_function("document.querySelector('[data-verdict=error] table, [data-verdict] [class]')")
    page.close()


def no_worker(page: Page) -> None:
    """Wait until the page's workers have ended."""
    for _ in range(200):
        if page.workers:
            page.wait_for_timeout(50)
    assert page.workers == []


def test_leaving_frees_memory_and_the_back_button_comes_back(watched: Watched, book: str) -> None:
    page = watched.page
    assert run(page, first(page)) == "done"
    assert len(page.workers) == 1
    page.goto(f"{book}index.html")
    no_worker(page)
    page.go_back()
    page.wait_for_function("document.querySelector('[data-live-run]')")
    assert page.locator("html").get_attribute("data-live-status") == "off"
    assert run(page, first(page)) == "done"
    page.go_forward()
    no_worker(page)
    watched.clean()


def test_without_javascript_a_control_is_a_picture(browser: Browser, book: str) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(f"{book}01-cells.html")
    cell = page.locator("[data-live-cell=cell-3]")
    assert "n = 3" in cell.inner_text()
    assert "n squared is 9" in cell.inner_text()
    assert cell.locator("img").is_visible()
    page.close()


@pytest.mark.parametrize("old", ["modules", "syntax", "WebAssembly"])
def test_an_old_browser_says_so(browser: Browser, book: str, old: str) -> None:
    page = browser.new_page()
    if old == "WebAssembly":
        page.add_init_script("delete window.WebAssembly")
    body = {"modules": "", "syntax": "let a = ;"}.get(old)
    if (
        body is not None
    ):  # a browser without modules runs nothing; an older one fails to read the newer syntax
        page.route(
            "**/main.js", lambda route: route.fulfill(body=body, content_type="text/javascript", status=200)
        )
    page.goto(f"{book}01-cells.html")
    page.get_by_text("This browser can't run the cells of this page").wait_for()
    assert page.locator("html").get_attribute("data-live-status") == "failed"
    assert "42" in output(first(page))
    page.close()


def test_opened_as_a_file_it_says_what_to_do(browser: Browser) -> None:
    page = browser.new_page()
    page.goto((small_book() / "01-cells.html").as_uri())
    page.get_by_text("python -m http.server 8000").wait_for()
    assert "42" in output(first(page))
    page.close()


def test_an_unzipped_folder_is_served_by_python_alone(browser: Browser, tmp_path: Path) -> None:
    archive = shutil.make_archive(str(tmp_path / "book"), "zip", small_book())
    shutil.unpack_archive(archive, tmp_path / "anywhere")
    command = [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1"]
    server = subprocess.Popen(
        command, cwd=tmp_path / "anywhere", stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert server.stdout is not None
        port = int(server.stdout.readline().split("port ")[1].split()[0])
        watched = Watched(browser, f"http://127.0.0.1:{port}/")
        watched.page.goto(f"http://127.0.0.1:{port}/01-cells.html")
        assert run(watched.page, first(watched.page)) == "done"
        watched.clean()
        watched.page.close()
    finally:
        server.kill()
        server.wait()
        assert server.stdout is not None
        server.stdout.close()


def test_built_where_nothing_could_be_fetched_the_book_is_still_a_book(browser: Browser) -> None:
    html = small_book(bare=True)
    log = (html.parents[1] / "log.txt").read_text()
    for lost in ("equations stay in TeX", "cells can't be run in the page", "cells are edited as plain text"):
        assert lost in log
    with served(html) as address:
        watched = Watched(browser, address)
        watched.page.goto(f"{address}01-cells.html")
        cell = first(watched.page)
        assert output(cell) == "42"
        assert "built without Python" in watched.page.locator(".live-note").inner_text()
        assert run(watched.page, cell) == "failed"
        assert "built without Python" in output(cell)
        write(cell, "a plain field")
        assert cell.locator("textarea[data-live-edit]").input_value() == "a plain field"
        missing = [
            e for e in watched.errors if "404" not in e
        ]  # MathJax is not there, and nothing else is missed
        assert missing == []
        assert watched.foreign == []
        watched.page.close()


def test_the_policy_forbids_other_hosts(watched: Watched) -> None:
    page = watched.page
    blocked = page.evaluate(
        """async () => {
          const found = [];
          document.addEventListener("securitypolicyviolation", (e) => found.push(e.effectiveDirective));
          await fetch("http://example.invalid/a").catch(() => {});
          document.body.append(Object.assign(new Image(), { src: "http://example.invalid/b.png" }));
          document.body.append(Object.assign(document.createElement("script"), { src: "http://example.invalid/c.js" }));
          for (let i = 0; i < 200 && found.length < 3; i += 1) await new Promise((done) => setTimeout(done, 50));
          return found.sort();
        }"""
    )
    assert blocked == ["connect-src", "img-src", "script-src-elem"]


# ---- exercises ----

RIGHT = "def hidden_delta(W_next, delta_next, z, hidden):\n    from_above = W_next.T @ delta_next\n    return from_above * g_prime(hidden, z)\n"


@pytest.mark.filterwarnings("ignore:::nbgrader", "ignore:::sqlalchemy", "ignore::DeprecationWarning")
def test_my_notebook_is_ready_to_hand_in(watched: Watched, book: str, tmp_path: Path) -> None:
    from autograder.gradebook.gradebook_url import default_url
    from autograder.grading.grade_course import grade_course
    from autograder.grading.settings import Settings

    page = watched.page
    page.goto(f"{book}06-step-2.html")
    assert "advice, not a grade" in page.locator(".live-promise").inner_text()
    cell = page.locator('[data-exercise="hidden_delta"]')
    write(cell, RIGHT)
    assert check(page, cell) == "right"
    assert page.locator(".toctree-l1.current .live-progress").inner_text() == "1/1"
    with page.expect_download() as info:
        page.get_by_role("button", name="Download my notebook").click()
    handed_in = tmp_path / "submitted" / "ada" / "06-step-2" / "06-step-2.ipynb"
    handed_in.parent.mkdir(parents=True)
    info.value.save_as(handed_in)
    assert info.value.suggested_filename == "06-step-2.ipynb"
    released = json.loads((ROOT / "exercises" / "06-step-2" / "06-step-2.ipynb").read_text())
    mine = json.loads(handed_in.read_text())
    assert [c["metadata"] for c in mine["cells"]] == [c["metadata"] for c in released["cells"]]
    report = grade_course(Settings(tmp_path, seed="s"), default_url(tmp_path)).reports[0]
    scores = {e["id"]: (e["score"], e["max_score"]) for e in report["exercises"]}
    assert scores["hidden_delta"][0] == scores["hidden_delta"][1] > 0
    assert scores["all_deltas"][0] == 0
    watched.clean()


def test_a_page_being_used_passes_axe(browser: Browser, book: str) -> None:
    axe = (ROOT / ".cache" / "vendor" / "axe-core" / "axe.min.js").read_text()
    watched = Watched(browser, book, viewport={"width": 360, "height": 740})
    page = watched.page
    page.goto(f"{book}06-step-2.html")
    exercise = page.locator("[data-exercise]")
    write(
        exercise,
        "def hidden_delta(W_next, delta_next, z, hidden):\n    return W_next.T @ delta_next  # K13\n",
    )
    assert check(page, exercise) == "wrong"
    plain = first(page)
    write(
        plain,
        "import ipywidgets as w, sys\nprint('err', file=sys.stderr)\n"
        "w.VBox([w.IntSlider(description='n'), w.Dropdown(options=['a']), w.Tab([w.Text()], titles=['t']), w.Checkbox(), w.Button()])",
    )
    assert run(page, plain) == "done"
    page.evaluate(axe)
    for theme in ("light", "dark"):
        page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
        page.evaluate("Promise.all(document.getAnimations().map((a) => a.finished.catch(() => null)))")
        result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        found = [(v["id"], v["nodes"][0]["html"][:200]) for v in result["violations"]]
        assert not found, (theme, found)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 360
    watched.clean()
    page.close()
