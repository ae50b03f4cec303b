"""Every widget in a reader's hands: predictions, keyboard, touch, links, the way back."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.support.widget_page import ASKING, CLIPBOARD, NAMES, STORY, copied, numbers, settled, visit, words


@pytest.mark.parametrize("name", NAMES)
def test_prediction_keyboard_and_copy(page: Page, site: str, name: str) -> None:
    """The question hides the controls; once skipped it stays so; an arrow key moves; the copied code
    holds.
    """
    visit(page, site, name, skip=False)
    if name in ASKING:
        assert page.locator("[data-widget-skip]").is_visible()
        assert page.locator("[data-widget-copy]").count() == 0
        assert page.locator("[data-widget-still]").is_visible(), "what the question is about"
        page.locator("[data-widget-skip]").press("Enter")
    assert page.locator("[data-widget-skip]").count() == 0
    assert not page.locator("[data-widget-still]").is_visible()
    settled(page)
    before = words(page)
    slider = page.locator("input[type=range]").first
    way = "ArrowRight" if name == STORY else "ArrowLeft"
    slider.press(way)
    slider.press(way)
    assert words(page) != before, "an arrow key changes what is said"
    copied(page)
    settled(page)
    moved = words(page)
    page.reload()
    settled(page)
    assert page.locator("[data-widget-skip]").count() == 0, "the prediction is remembered"
    assert words(page) == moved, "a reload shows the last move"
    page.get_by_role("button", name="Reset").press("Enter")
    settled(page)
    assert words(page) == before


@pytest.mark.parametrize("storage", ["allowed", "denied"])
def test_the_last_move_outlives_the_page(page: Page, site: str, storage: str) -> None:
    """A move just made is there after a reload, and after going on and back; then the address says it."""
    if storage == "denied":
        page.add_init_script(
            "Object.defineProperty(window, 'sessionStorage', { get() { throw new DOMException('no', 'SecurityError'); } });"
        )
    visit(page, site, "W3")
    slider = page.get_by_label("z", exact=True)

    def moved(key: str) -> str:
        """One press; what is said then, while the address may or may not have heard of it."""
        slider.press(key)
        return words(page)

    last = moved("Home")
    if storage == "denied":
        page.wait_for_function("location.hash.includes('-6')")  # without storage a reload needs the pause
    page.reload()
    settled(page)
    assert words(page) == last
    if storage == "allowed":
        # The address is written while the reload is on its way: it asks for what was there before all the same.
        page.route("**/W3.html", lambda route: (page.wait_for_timeout(500), route.continue_()))
        last = moved("PageUp")
        page.reload()
        settled(page)
        assert words(page) == last
        page.unroute("**/W3.html")
    last = moved("End")
    page.goto(f"{site}W4.html")
    page.go_back()
    settled(page)
    assert words(page) == last
    page.wait_for_function(
        "location.hash.startsWith('#W3=') && decodeURIComponent(location.hash).includes('\"z\":6')"
    )


def test_prediction_is_judged(page: Page, site: str) -> None:
    visit(page, site, "W3", skip=False)
    page.get_by_role("radio", name="1/4").press(" ")
    page.get_by_role("button", name="Predict, then see").press("Enter")
    assert "As you predicted" in page.locator(".bpw-verdict").inner_text()
    page.evaluate("localStorage.clear()")
    visit(page, site, "W3", skip=False)
    page.get_by_role("radio", name="1/2").press(" ")
    page.get_by_role("button", name="Predict, then see").press("Enter")
    assert "You predicted “1/2”" in page.locator(".bpw-verdict").inner_text()


def test_drag_and_touch(browser: Browser, site: str) -> None:
    """The picture itself can be dragged with the mouse and tapped with a finger."""
    context = browser.new_context(has_touch=True, viewport={"width": 400, "height": 800})
    page = context.new_page()
    visit(page, site, "W3")
    box = page.locator(".bpw .grab").first.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 80)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + 80, steps=3)
    page.mouse.up()
    assert numbers(words(page))[0] == pytest.approx(3, abs=0.15)
    page.touchscreen.tap(box["x"] + box["width"] / 4, box["y"] + 80)
    assert numbers(words(page))[0] == pytest.approx(-3, abs=0.15)
    context.close()


def test_every_widget_by_touch_and_by_link(browser: Browser, site: str) -> None:
    """A finger moves a slider of each; the copied link shows another reader the same state, unasked."""
    context = browser.new_context(has_touch=True, viewport={"width": 400, "height": 900})
    context.add_init_script(CLIPBOARD)
    stranger = browser.new_context()
    page, other = context.new_page(), stranger.new_page()
    for name in NAMES:
        visit(page, site, name, skip=False)
        if name in ASKING:
            page.locator("[data-widget-skip]").tap()
        before = words(page)
        slider = page.locator("input[type=range]").first
        box = slider.bounding_box()
        assert box
        for share in (0.15, 0.85):  # one of them is not where it stands
            slider.tap(position={"x": box["width"] * share, "y": box["height"] / 2})
        page.wait_for_function(  # a tap on the slider changes what is said
            "before => document.querySelector('[data-widget-words]').innerText !== before", arg=before
        )
        settled(page)
        page.get_by_role("button", name="Copy a link to this state").tap()
        page.wait_for_function("window.copied")
        other.goto(page.evaluate("window.copied"))
        settled(other)
        assert words(other) == words(page), f"{name}: the link holds the state"
    context.close()
    stranger.close()


def test_host_is_lazy(browser: Browser, site: str) -> None:
    """A widget far below is not loaded before the reader comes near."""
    page = browser.new_page(viewport={"width": 900, "height": 700})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(Path(request.url).name))
    page.goto(site)
    page.wait_for_selector("[data-widget=W1][data-widget-ready]")
    assert "w18.js" not in asked
    page.close()
