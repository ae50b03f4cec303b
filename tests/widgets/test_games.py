"""What a reader plays with: the bug hunt keeps its secret, the graph plays, a weight shows what makes it."""

import itertools
import re

import numpy as np
from playwright.sync_api import Page

from tests.support.widget_page import copied, own_clock, visit, words


def test_the_bug_hunt_keeps_its_secret_until_the_reader_has_judged(page: Page, site: str) -> None:
    visit(page, site, "W15", state={"bug": "K13", "epoch": 60})
    shown = page.locator(".bpw")
    page.locator("[data-widget] details").evaluate_all("all => all.forEach((d) => (d.open = true))")
    page.wait_for_selector(".bpw-table table")
    options = page.get_by_label("Code", exact=True).locator("option").all_text_contents()
    assert options == [f"code {k}" for k in range(1, 9)]
    told = shown.inner_text().replace(page.locator(".bpw-answer").inner_text(), "")
    assert not re.search(r"K\d+|g′ left out|✗|✓", told), "nothing gives it away"
    page.get_by_role("button", name="It has a bug").press("Enter")
    page.wait_for_function("document.querySelector('.bpw-verdict').textContent.includes('g′ left out (K13)')")
    assert "Judged rightly: 1 of 1" in page.locator(".bpw-verdict").inner_text()
    assert "says wrong at once" in words(page)
    assert page.get_by_role("button", name="It is right").is_disabled()
    page.get_by_label("Code", exact=True).select_option("none")
    assert "check says" not in words(page)
    page.get_by_role("button", name="It has a bug").press("Enter")
    page.wait_for_function("document.querySelector('.bpw-verdict').textContent.includes('1 of 2')")


def test_the_verdict_of_the_bug_hunt_stays_in_its_box_on_a_phone(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 360, "height": 900})
    visit(page, site, "W15", state={"bug": "K13", "epoch": 60})
    page.get_by_role("button", name="It has a bug").click()
    said = page.locator(".bpw svg text", has_text="✗ wrong")
    box, line = page.locator(".bpw svg rect.box").bounding_box(), said.bounding_box()
    assert box is not None
    assert line is not None
    assert box["x"] < line["x"]
    assert line["x"] + line["width"] < box["x"] + box["width"]


def test_the_graph_plays_to_its_end(page: Page, site: str) -> None:
    """Step after step; at the end both gradients of w meet, and it stops."""
    own_clock(page)
    visit(page, site, "W18", state={"step": 9})
    page.get_by_role("button", name="Play").press("Enter")
    page.clock.run_for(10_000)
    assert page.get_by_label("Step", exact=True).input_value() == "13"
    assert page.get_by_role("button", name="Play").count() == 1, "it has stopped"
    assert "+0.16 − 0.28 = −0.12" in (page.locator(".bpw svg").text_content() or "")


def test_an_exchanged_rule_travels_and_is_named(page: Page, site: str) -> None:
    """By key or by a press on a box: the wrong number sets out, and at the end the grader names it."""
    own_clock(page)
    visit(page, site, "W19", state={"rule": "none"})
    said = page.locator(".bpw-verdict")
    assert "says: right" in said.inner_text()
    page.get_by_role("button", name="db not summed").press("Enter")
    assert "way back" in said.inner_text()
    assert "db" not in (page.locator(".bpw svg").text_content() or "").replace("db not summed", "")
    page.clock.run_for(5_000)
    assert "db = (2, 0)" in said.inner_text()
    assert "b is not summed over m" in said.inner_text()
    assert "✗ db = (2, 0)right: 2" in (page.locator(".bpw svg").text_content() or "")
    page.locator(".bpw svg .press").filter(has_text="max(p, 0)").dispatch_event("click")
    page.clock.run_for(5_000)
    assert "The mask of np.maximum(p, 0) is left out" in said.inner_text()


def test_a_weight_shows_what_makes_it(page: Page, site: str) -> None:
    visit(page, site, "W12", state={})
    made = page.locator(".bpw svg text", has_text="∂L/∂W")
    assert made.text_content() == "∂L/∂W21 = (−2)·3 = −6.00"
    page.locator(".bpw .bpw-grid").nth(2).locator("g").nth(1).hover()
    page.wait_for_function("document.querySelector('.bpw svg').textContent.includes('∂L/∂W12')")
    assert page.locator(".bpw .cell.hot").count() == 3, "its row's δ, its column's a, and itself"
    assert made.text_content() == "∂L/∂W12 = 1·1 = 1.00"
    page.mouse.move(2, 2)
    page.get_by_label("Column of ∇W").press("End")
    page.wait_for_function("document.querySelector('.bpw svg').textContent.includes('∂L/∂W23')")
    assert made.text_content() == "∂L/∂W23 = (−2)·0 = 0.00", "by keys too"


def test_a_row_and_a_column_light_up(page: Page, site: str) -> None:
    """W2: the chosen number of the result, the row and the column that make it, by keys and by pointer."""
    visit(page, site, "W2", state={})
    lit = page.locator(".bpw .slot.lit")
    assert lit.count() == 3 + 3 + 1
    page.get_by_label("Row of the result").press("Home")
    page.wait_for_function("document.querySelector('[data-widget-words]').textContent.includes('Row 1 ·')")
    assert "Row 1 · column 3: 1·0 + 0·2 + 3·0 = 0" in words(page)
    page.locator(".bpw .entry").last.click()
    page.wait_for_function("document.querySelector('[data-widget-words]').textContent.includes('Row 4 ·')")
    assert "Row 4 · column 5" in words(page)
    np.testing.assert_array_equal(copied(page)[0]["left"].shape, (4, 3))
    page.get_by_label("Product").select_option("a_prev @ W")
    page.wait_for_function("!document.querySelector('.bpw .slot.lit')")


def test_the_examples_shares_add_up(page: Page, site: str) -> None:
    """W13: each bar stands where the last one ended; the last one ends at the line of ∇J, twice or once."""
    visit(page, site, "W13", state={"added": 6, "seed": 2})
    for m in (6, 12):
        page.wait_for_function(f"document.querySelectorAll('.bpw .share').length === {6 * m}")
        for goal, bars in page.evaluate(ENDS):
            assert min(abs(goal - end) for end in bars[-1]) < 0.2
            for one, after in itertools.pairwise(bars):
                assert min(abs(p - q) for p in one for q in after) < 1.1
        page.get_by_label("Every example twice").check()
        page.get_by_role("button", name="Add all").press("Enter")


# Of each of the six plots: the height of its line, and the upper and lower end of every bar.
ENDS = """() => [...document.querySelectorAll(".bpw .goal")].map((goal) => [
  Number(goal.getAttribute("y1")),
  [...goal.parentNode.querySelectorAll(".share")].map((bar) => {
    const [y, height] = ["y", "height"].map((name) => Number(bar.getAttribute(name)));
    return [y, y + height];
  }),
])"""


def marked(page: Page, attribute: str) -> None:
    """W3's page with an attribute at the widget, as a page of the book may have it."""
    page.route(
        "**/W3.html",
        lambda route: route.fulfill(
            response=(answer := route.fetch()),
            body=answer.text().replace('data-widget="W3"', f'data-widget="W3" {attribute}'),
        ),
    )


def test_a_page_may_ask_nothing(page: Page, site: str) -> None:
    """In the gallery the picture is there at once, and the question is not put in front of it."""
    marked(page, "data-ungated")
    visit(page, site, "W3", skip=False)
    assert page.locator("[data-widget-skip]").count() == 0
    assert page.locator(".bpw-picture svg").is_visible()


def test_a_page_may_ask_in_its_own_words(page: Page, site: str) -> None:
    """Then the question is for the ear alone, and the answers follow the page's words, before the picture."""
    marked(page, "data-asked")
    visit(page, site, "W3", skip=False)
    assert "largest slope" in (page.locator(".bpw-gate legend").text_content() or "")
    places = "all => all.map((e) => { const box = e.getBoundingClientRect(); return [box.width, box.top]; })"
    [[legend, _], [_, answers], [_, picture]] = [
        page.locator(what).evaluate_all(places)[0]
        for what in (".bpw-gate legend", ".bpw-option", "[data-widget-still]")
    ]
    assert legend < 2
    assert answers < picture
    page.get_by_role("radio", name="1/4").press(" ")
    page.get_by_role("button", name="Predict, then see").press("Enter")
    assert "As you predicted" in page.locator(".bpw-verdict").inner_text()
