"""Widgets in a browser show NumPy's numbers: W1, W3 and, unit by unit, W10."""

import numpy as np
import pytest
from playwright.sync_api import Page

from backprop import g, g_prime
from backprop.training import step
from tests.support.widget_page import DEEPER, copied, numbers, opened, own_clock, visit, words


def test_w3_says_what_numpy_says(page: Page, site: str) -> None:
    visit(page, site, "W3")
    slider = page.get_by_label("z", exact=True)
    for key in ["Home", "ArrowRight", "PageUp", "End"]:
        slider.press(key)
        z, a, slope = numbers(words(page))[:3]
        assert a == pytest.approx(float(g("sigmoid", np.array(z))), abs=6e-4)
        assert slope == pytest.approx(float(g_prime("sigmoid", np.array(z))), abs=6e-4)
        assert float(slider.input_value()) == pytest.approx(z)


def test_w1_shows_the_term_under_the_mouse(page: Page, site: str) -> None:
    visit(page, site, "W1")
    page.locator(".bpw-terms button").first.hover()
    page.wait_for_selector(".bpw-terms .hot")


def test_w10_every_delta_is_numpys(page: Page, site: str) -> None:
    """Step to the gradients with the keyboard: each unit's label holds NumPy's delta."""
    visit(page, site, "W10")
    page.get_by_label("Step", exact=True).press("End")
    defined, _ = copied(page)
    for l, column in defined["delta"].items():
        for i, value in enumerate(column[:, 0]):
            label = page.locator(f'[data-unit="{l}.{i}"]').get_attribute("aria-label") or ""
            shown = numbers(label.split("delta = ")[1])[0]
            assert shown == pytest.approx(value, abs=6e-4)


def test_w10_unit_by_unit(page: Page, site: str) -> None:
    """Arrow keys go from unit to unit; the terms shown for it add up to NumPy's delta."""
    visit(page, site, "W10", state={**DEEPER, "step": 7, "unit": [2, 0]})
    opened(page)
    page.locator('[data-unit="2.0"]').focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_function("document.activeElement.dataset.unit === '2.1'")
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("document.activeElement.dataset.unit === '1.1'")
    defined, _ = copied(page)
    W, delta, Z = defined["W"], defined["delta"], defined["Z"]
    terms = [numbers(t)[0] for t in page.locator(".bpw-terms .product").all_inner_texts()]
    arrows = W[2][:, 1] * delta[2][:, 0] * g_prime("tanh", Z[1])[1, 0]
    assert terms == pytest.approx(list(arrows), abs=6e-4)
    shown = [float(t.replace("−", "-")) for t in page.locator(".bpw .flow text").all_text_contents()]
    assert sorted(shown) == pytest.approx(sorted(arrows), abs=6e-3), "the arrows carry the same numbers"
    assert sum(terms) == pytest.approx(delta[1][1, 0], abs=3e-3)
    assert "they agree" in page.locator(".bpw-measured").inner_text()


def test_w10_bug_and_finite_differences(page: Page, site: str) -> None:
    """With g' left out the check disagrees from the last hidden layer down, and not at the output."""
    visit(page, site, "W10", state=DEEPER)
    page.get_by_label("Step", exact=True).press("End")
    page.get_by_label("The code has").select_option("K13")
    assert "first disagree at δ[2]" in words(page)
    heads = page.locator(".bpw .layer-name :is(.off, .fine)").all_text_contents()
    assert [head[0] for head in heads] == ["✗", "✗", "✓"], "said over each layer, too"
    wrong = page.locator(".unit:has(.delta.wrong)").evaluate_all(
        "units => units.map((u) => u.dataset.unit[0])"
    )
    assert set(wrong) == {"1", "2"}
    _, text = copied(page)
    assert "with the bug K13" in text


def test_w10_step_3_and_its_bug(page: Page, site: str) -> None:
    """At the gradients each arrow carries dW; with layer 1 left out finite differences in W disagree
    there.
    """
    visit(page, site, "W10", state={**DEEPER, "step": 8, "unit": [1, 2]})
    opened(page)
    defined, _ = copied(page)
    shown = [float(t.replace("−", "-")) for t in page.locator(".bpw .flow text").all_text_contents()]
    assert sorted(shown) == pytest.approx(sorted(defined["dW"][1][2]), abs=6e-3)
    assert "they agree" in page.locator(".bpw-measured").inner_text()
    page.get_by_label("The code has").select_option("K34")
    assert "they disagree" in page.locator(".bpw-measured").inner_text()


def test_w10_one_number_in_hand(page: Page, site: str) -> None:
    """A pressed arrow, input or target has its slider under the picture; soft targets stay a distribution."""
    visit(page, site, "W10", state={**DEEPER, "step": 7, "unit": [2, 1]})
    page.locator(".bpw-net .hit").first.dispatch_event("click")
    slider = page.get_by_label("W[1] row 1, column 1", exact=True)
    before = copied(page)[0]["W"][1][0, 0]
    slider.press("ArrowRight")
    assert copied(page)[0]["W"][1][0, 0] == pytest.approx(before + 0.01)
    page.locator('[data-unit="0.2"]').click()
    page.get_by_label("input x3", exact=True).press("Home")
    page.locator(".target .press").nth(1).click()
    page.get_by_label("target y2", exact=True).press("PageUp")
    defined, _ = copied(page)
    assert defined["X"][2, 0] == -3
    assert defined["Y"][1, 0] > 0
    assert defined["Y"].sum() == pytest.approx(1)
    page.locator('[data-unit="2.1"]').click()
    assert "they agree" in page.locator(".bpw-measured").inner_text()


def test_w10_a_press_during_which_the_picture_is_drawn_counts(page: Page, site: str) -> None:
    """The focus comes to the unit, or leaves it, between the mouse's down and its up: the unit is pinned."""
    visit(page, site, "W10", state={**DEEPER, "step": 7, "unit": None})
    for other, event in (("1.0", "pointerenter"), ("1.0", "pointerleave")):
        page.locator('[data-unit="1.2"]').hover()
        page.mouse.down()
        page.locator(f'[data-unit="{other}"]').dispatch_event(event)
        page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
        page.mouse.up()
        pinned = page.locator('.unit[aria-pressed="true"]')
        assert pinned.get_attribute("data-unit") == "1.2"
        page.locator('[data-unit="1.2"]').press("Escape")


def test_numbers_are_typed_key_by_key(page: Page, site: str) -> None:
    """1.05 can be typed: "1." and "1.0" on the way are not rewritten."""
    visit(page, site, "W10")
    opened(page)
    field = page.get_by_label("x 1", exact=True)
    field.press("Control+a")
    page.keyboard.type("1.05")
    assert field.input_value() == "1.05"
    assert copied(page)[0]["X"][0, 0] == 1.05


def test_w10_hover_shows_a_unit_and_a_term(page: Page, site: str) -> None:
    """The mouse over a unit shows its sum, over an arrow its term; away again the chosen unit comes back."""
    visit(page, site, "W10", state={**DEEPER, "step": 7, "unit": [2, 0]})
    opened(page)
    name = page.locator(".bpw-unit-name")
    page.locator('[data-unit="1.3"]').hover()
    page.wait_for_function("document.querySelector('.bpw-unit-name').textContent === 'Layer 1, unit 4'")
    page.locator(".bpw-net .hit").last.dispatch_event("pointerenter")
    page.wait_for_selector(".bpw-terms .hot")
    page.mouse.move(1, 1)
    page.locator(".bpw-net .hit").last.dispatch_event("pointerleave")
    page.wait_for_function("document.querySelector('.bpw-unit-name').textContent === 'Layer 2, unit 1'")
    assert name.inner_text() == "Layer 2, unit 1"


def test_w10_update_is_a_step_of_gradient_descent(page: Page, site: str) -> None:
    """Forward at the last step updates the weights as backprop.training.step does."""
    visit(page, site, "W10", state=DEEPER)
    page.get_by_label("Step", exact=True).press("End")
    old, _ = copied(page)
    page.get_by_role("button", name="Next").press("Enter")
    new, _ = copied(page)
    W, b = step(old["W"], old["b"], old["X"], old["Y"], old["hidden"], old["output"], 0.5)
    for l in W:
        np.testing.assert_allclose(new["W"][l], W[l], atol=6e-5)
        np.testing.assert_allclose(new["b"][l], b[l], atol=6e-5)


def test_w10_builds_networks_and_plays(page: Page, site: str) -> None:
    """Four layers of six by the keyboard; play moves the story on and pause stops it."""
    visit(page, site, "W10")
    opened(page)
    page.get_by_label("Layers", exact=True).select_option("4")
    for label in ["Inputs", "Units in layer 1", "Units in layer 2", "Units in layer 3", "Outputs"]:
        page.get_by_label(label, exact=True).select_option("6")
    page.get_by_label("Hidden g").select_option("relu")
    page.get_by_label("Output", exact=True).select_option("identity")
    assert page.locator("[data-unit]").count() == 30
    defined, _ = copied(page)
    assert [defined["W"][l].shape for l in range(1, 5)] == [(6, 6)] * 4
    page.get_by_label("Which").select_option("W2")
    page.get_by_label("W2 1, 1", exact=True).fill("1.25")
    assert copied(page)[0]["W"][2][0, 0] == 1.25
    own_clock(page)
    page.get_by_label("Step", exact=True).press("Home")
    page.get_by_role("button", name="Play").press("Enter")
    page.clock.run_for(8000)  # a network of thirty units takes no longer than fourteen seconds
    assert 3 < float(page.get_by_label("Step", exact=True).input_value()) < 11
    page.get_by_role("button", name="Pause").press("Enter")
    there = page.get_by_label("Step", exact=True).input_value()
    page.clock.run_for(5000)
    assert page.get_by_label("Step", exact=True).input_value() == there
