"""What a reader plays with: the bug hunt keeps its secret, the graph plays, a weight shows what makes it."""

import re

from playwright.sync_api import Page

from tests.support.widget_page import own_clock, visit, words


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
    page.locator(".bpw .bpw-grid").nth(2).locator("g").nth(3).hover()
    page.wait_for_selector(".bpw .cell.hot")
    assert page.locator(".bpw .cell.hot").count() == 3, "its row's δ, its column's a, and itself"
    assert "∂L/∂W14 = 0.8·1.5 = 1.20" in (page.locator(".bpw svg").text_content() or "")


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
