"""W10 plays: it begins by itself, delta travels, the unit that is computed is in focus, nothing jumps."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.support.widget_page import CLIPBOARD, copied, numbers, own_clock, words

FIGURE = "[data-widget=W10]"
# What is seen of the story, twenty times a second.
WATCH = """() => { window.seen = []; const figure = document.querySelector("[data-widget=W10]");
  const shown = figure.querySelector(".bpw");
  const look = () => { const { beat, focus, playing } = figure.dataset;
    const tokens = [...shown.querySelectorAll("[data-token]")].map((t) => Number(t.dataset.token));
    const places = [...shown.querySelectorAll("[data-token]")].map((t) => t.getBoundingClientRect().x);
    window.seen.push({ beat, focus, playing: playing !== undefined, tokens, places,
      height: figure.getBoundingClientRect().height, loss: shown.querySelector(".counter .loss").textContent,
      weight: Number(shown.querySelector(".edge").getAttribute("stroke-width")) }); };
  window.watching = setInterval(look, 50); }"""


# The figure scrolled out of sight (start: the page's top) or into it (end), to the moment in which its own
# observer, which is the older one, has been told so.
SEEN = """(where) => new Promise((seen) => {
  const figure = document.querySelector("[data-widget=W10]");
  if (where === "start") scrollTo(0, 0);
  else figure.scrollIntoView({ block: "end" });
  const observer = new IntersectionObserver(([entry]) => {
    if (entry.isIntersecting !== (where === "end")) return;
    observer.disconnect();
    seen();
  });
  observer.observe(figure.querySelector(".bpw-picture"));
})"""


@pytest.fixture
def told(browser: Browser, site: str) -> Iterator[Page]:
    """W10 below the screen, on a clock of ours."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    own_clock(page)
    page.add_init_script(CLIPBOARD)
    page.goto(f"{site}W10.html")
    page.add_style_tag(content="h1 { padding-bottom: 1200px; }")
    page.locator(FIGURE).evaluate("node => node.scrollIntoView({ block: 'end' })")
    page.wait_for_selector(f"{FIGURE}[data-widget-ready]")
    yield page
    page.close()
    assert errors == []


def watched(page: Page, milliseconds: int) -> list[dict[str, Any]]:
    page.evaluate(WATCH)
    page.clock.run_for(milliseconds)
    page.evaluate("clearInterval(window.watching)")
    seen: list[dict[str, Any]] = page.evaluate("window.seen")
    return seen


def test_it_begins_by_itself_and_tells_the_whole_story(told: Page) -> None:
    """One cycle: the beats in order, the focus in the layer that is computed, delta from the loss backward."""
    told.wait_for_selector(f"{FIGURE}[data-playing]")
    seen = watched(told, 14_500)
    order = [entry["beat"] for entry in seen]
    changes = [beat for k, beat in enumerate(order) if k == 0 or beat != order[k - 1]]
    assert changes[:6] == ["input", "forward", "loss", "backward", "gradient", "update"]
    focus: dict[str, list[str]] = {}
    for entry in seen:
        focus.setdefault(entry["beat"], [])
        if entry["focus"] not in focus[entry["beat"]]:
            focus[entry["beat"]].append(entry["focus"])
    assert focus["forward"][:5] == ["1,1", "1,2", "1,3", "2,1", "2,2"]
    assert focus["backward"] == ["2,1", "2,2", "1,1", "1,2", "1,3"]
    carried = {beat: {v for e in seen if e["beat"] == beat for v in e["tokens"]} for beat in changes}
    assert carried["backward"] == {1, -2, 2, 0, -1, -4, -5, -6}, "each delta, each product, each sum"
    assert not carried["loss"]
    assert not carried["forward"]
    assert {entry["height"] for entry in seen} == {seen[0]["height"]}, "nothing under it jumps"
    assert len({entry["weight"] for entry in seen if entry["beat"] == "update"}) > 10, "a weight swells"
    losses = [numbers(entry["loss"])[0] for entry in seen if entry["beat"] == "update"]
    assert losses == sorted(losses, reverse=True)
    assert losses[0] == pytest.approx(2.5, abs=0.05)
    assert losses[-1] == pytest.approx(0.83, abs=0.01)
    assert changes[6:7] == ["input"], "and the next forward pass"


def test_a_token_slides_from_the_right_to_the_left(told: Page) -> None:
    told.wait_for_selector(f"{FIGURE}[data-playing]")
    seen = [
        e for e in watched(told, 10_000) if e["beat"] == "backward" and e["focus"] == "1,2" and e["tokens"]
    ]
    first = [entry["places"][0] for entry in seen]
    assert len(first) > 12
    assert first == sorted(first, reverse=True)
    assert first[0] - first[-1] > 150


def test_space_arrows_speed_and_the_address(told: Page) -> None:
    """Space pauses and goes on; the arrows move by one unit; what began by itself leaves the address alone."""
    told.wait_for_selector(f"{FIGURE}[data-playing]")
    told.clock.run_for(3000)
    assert "#" not in told.url
    told.locator(".bpw-picture").focus()
    told.keyboard.press(" ")
    assert told.locator(f"{FIGURE}[data-playing]").count() == 0
    there = words(told)
    told.clock.run_for(3000)
    assert words(told) == there
    told.get_by_label("Step", exact=True).press("Home")
    told.locator(".bpw-picture").focus()
    for expected in ["1,1", "1,2", "1,3", "2,1", "2,2"]:
        told.keyboard.press("ArrowRight")
        assert told.locator(FIGURE).get_attribute("data-focus") == expected
    told.keyboard.press("ArrowLeft")
    assert told.locator(FIGURE).get_attribute("data-focus") == "2,1"
    told.clock.run_for(500)
    assert "#W10=" in told.url, "a move of the reader's is in the address"
    told.get_by_label("Step", exact=True).press("Home")
    told.get_by_label("Speed").select_option("2")
    told.locator(".bpw-picture").focus()
    told.keyboard.press(" ")
    told.clock.run_for(3600)
    fast = float(told.get_by_label("Step", exact=True).input_value())
    told.keyboard.press(" ")
    assert fast > 3.2, "twice as fast: past the loss in half the time"


def test_space_under_the_pointer(told: Page) -> None:
    """Nothing is in focus: Space pauses what the pointer is over, and scrolls the page where it is over none."""
    told.wait_for_selector(f"{FIGURE}[data-playing]")
    there = told.evaluate("scrollY")
    told.mouse.move(640, 700)
    told.keyboard.press(" ")
    assert told.locator(f"{FIGURE}[data-playing]").count() == 0
    assert told.evaluate("scrollY") == there
    told.mouse.move(3, 3)
    told.keyboard.press(" ")
    assert told.locator(f"{FIGURE}[data-playing]").count() == 0


def test_a_link_holds_a_moment_in_the_middle_of_a_step(told: Page, site: str) -> None:
    """Paused in the middle, with two tokens on their way; the address shows the same to another reader."""
    told.wait_for_selector(f"{FIGURE}[data-playing]")
    told.evaluate(WATCH)
    for _ in range(400):
        told.clock.run_for(50)
        if len(told.locator(".bpw [data-token]").all()) == 2:
            break
    told.get_by_role("button", name="Pause").press("Enter")
    told.clock.run_for(500)
    there = [words(told), told.locator(".bpw .travellers").inner_html()]
    told.goto(f"{site}W4.html")
    told.go_back()
    told.wait_for_selector(f"{FIGURE}[data-widget-ready]")
    assert [words(told), told.locator(".bpw .travellers").inner_html()] == there


def test_it_rests_while_it_is_out_of_sight(told: Page) -> None:
    told.wait_for_selector(f"{FIGURE}[data-playing]")
    told.evaluate("scrollTo(0, 0)")
    told.wait_for_selector(f"{FIGURE}:not([data-playing])")
    told.locator(FIGURE).evaluate("node => node.scrollIntoView({ block: 'end' })")
    told.wait_for_selector(f"{FIGURE}[data-playing]")
    told.get_by_role("button", name="Pause").press("Enter")
    told.evaluate(SEEN, "start")
    told.evaluate(SEEN, "end")
    assert told.locator(f"{FIGURE}[data-playing]").count() == 0, "who paused it wants it so"


def test_pinned_units_and_planted_bugs(told: Page) -> None:
    """A pinned unit stays in focus while the story goes on; a planted bug shows what is right beside it."""
    told.wait_for_selector(f"{FIGURE}[data-playing]")
    told.locator('[data-unit="1.1"]').click()
    told.clock.run_for(2500)
    assert told.locator(FIGURE).get_attribute("data-focus") == "1,2"
    assert copied(told)[0]["delta"][1][1, 0] == -5
    told.locator('[data-unit="1.1"]').click()
    told.clock.run_for(100)
    assert told.locator('[aria-pressed="true"][data-unit]').count() == 0
    told.get_by_role("button", name="Pause").press("Enter")
    told.get_by_label("The code has").select_option("K13")
    told.get_by_label("Step", exact=True).press("End")
    assert "first disagree at δ[1]" in words(told)
    assert told.locator(".bpw .truth").all_text_contents() == ["≠ 0"]


def test_after_a_click_the_arrows_are_the_storys(told: Page) -> None:
    """Chosen with the mouse, a unit leaves left and right to the story; reached by Tab, it takes them."""
    told.wait_for_selector(f"{FIGURE}[data-playing]")
    told.locator('[data-unit="1.1"]').click()
    told.keyboard.press(" ")
    assert told.locator(f"{FIGURE}[data-playing]").count() == 0
    step = told.get_by_label("Step", exact=True)
    before = float(step.input_value())
    told.keyboard.press("ArrowRight")
    assert float(step.input_value()) > before
    assert told.locator(FIGURE).get_attribute("data-focus") == "1,2", "it is pinned"
    told.keyboard.press("Tab")
    told.locator('[data-unit="1.1"]').focus()
    now = step.input_value()
    told.keyboard.press("ArrowLeft")
    told.clock.run_for(100)
    assert step.input_value() == now
    assert told.locator(FIGURE).get_attribute("data-focus") == "0,2"


def test_the_folded_tools_are_in_reach(told: Page) -> None:
    """One button opens them; folded they take no room, and the keyboard finds them all the same."""
    told.wait_for_selector(f"{FIGURE}[data-playing]")
    copy, more = told.locator("[data-widget-copy]"), told.get_by_role("button", name="Tools of W10")
    assert (copy.bounding_box() or {"width": 9})["width"] < 4
    more.focus()
    told.keyboard.press("Tab")
    assert (copy.bounding_box() or {"width": 0})["width"] > 100, "in focus it shows itself"
    told.keyboard.press("Shift+Tab")
    more.press("Enter")
    told.clock.run_for(100)
    assert more.get_attribute("aria-expanded") == "true"
    copy.click()
    told.wait_for_function("window.copied")
    assert "NumPy code copied" in told.get_by_role("status").inner_text()
    told.keyboard.press("Escape")
    told.clock.run_for(100)
    assert more.get_attribute("aria-expanded") == "false"


@pytest.mark.parametrize(("width", "most"), [(1280, 640), (820, 640), (390, 560), (360, 560)])
def test_it_fits_the_screen(browser: Browser, site: str, width: int, most: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 860})
    for step in (0, 2.5, 4.5, 5.7, 7):
        page.goto("about:blank")
        page.goto(f'{site}W10.html#W10={{"step":{step}}}')
        page.wait_for_selector(f"{FIGURE}[data-widget-ready]")
        box = page.locator(FIGURE).bounding_box()
        assert box
        assert box["height"] <= most
        cut = page.locator(".bpw-says").evaluate("node => node.scrollHeight - node.clientHeight")
        assert cut <= 1, "the sentence is whole"
    page.close()


def test_without_motion_it_steps(browser: Browser, site: str) -> None:
    """Reduced motion: it doesn't begin by itself, and Play goes from unit to unit; nothing slides."""
    page = browser.new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    own_clock(page)
    page.goto(f"{site}W10.html")
    page.wait_for_selector(f"{FIGURE}[data-widget-ready]")
    page.clock.run_for(3000)
    assert page.locator(f"{FIGURE}[data-playing]").count() == 0
    page.get_by_role("button", name="Play").press("Enter")
    seen = watched(page, 30_000)
    assert all(not entry["tokens"] for entry in seen)
    assert {"forward", "loss", "backward", "gradient", "update"} <= {entry["beat"] for entry in seen}
    assert {"1,1", "1,2", "1,3", "2,1", "2,2"} <= {e["focus"] for e in seen if e["beat"] == "backward"}
    page.close()
