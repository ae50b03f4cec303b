"""What can go wrong with a live page: other bytes, no network, an old browser, other hosts."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.support.built_book import served, small_book
from tests.support.live_page import Watched, check, first, output, over, run, until, write


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
    until(page, lambda: not page.workers)


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
          for (let i = 0; i < 2000 && found.length < 3; i += 1) await new Promise((done) => setTimeout(done, 50));
          return found.sort();
        }"""
    )
    assert blocked == ["connect-src", "img-src", "script-src-elem"]
