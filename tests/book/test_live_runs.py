"""Runs of live cells: their order, their errors, loading Python, stopping it, and what they show."""

import contextlib
import re

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Route

from tests.support.live_page import Watched, first, output, over, ran, run, write


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
    assert "Cell [1], above, failed" in output(second)
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
    page.wait_for_selector("html[data-live-status=ready]")
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
