"""The widgets in a real browser: predictions, keyboard, numbers against NumPy, links, accessibility, small
screens.
"""

import contextlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from backprop import g, g_prime
from backprop.training import step
from tests.support import widget_page
from tests.support.built_book import ROOT, SWITCHES, chromium, served

CLIPBOARD = "navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); };"
AXE = ROOT / ".cache" / "vendor" / "axe-core" / "axe.min.js"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("widgets")
    widget_page.make(folder)
    with served(folder) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=SWITCHES)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh reader, whose errors fail the test."""
    opened = browser.new_page(viewport={"width": 900, "height": 900})
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda m: errors.append(m.text) if m.type in ("error", "warning") else None)
    opened.add_init_script(CLIPBOARD)
    yield opened
    opened.close()
    assert errors == []


def visit(
    page: Page, site: str, name: str, *, skip: bool = True, state: dict[str, Any] | None = None
) -> None:
    """Open one widget's page and wait until it is mounted."""
    part = f"#{name}={json.dumps(state)}" if state is not None else ""
    page.goto(f"{site}{name}.html{part}")
    page.wait_for_selector(f"[data-widget={name}][data-widget-ready]")
    if skip and state is None:
        page.locator("[data-widget-skip]").press("Enter")


def words(page: Page) -> str:
    return page.locator("[data-widget-words]").inner_text()


def settled(page: Page) -> None:
    """Wait until the last drawing is there (W16 trains over several)."""
    page.wait_for_selector("[data-widget-words]")
    page.wait_for_selector(".bpw[aria-busy=true]", state="detached")


def copied(page: Page) -> tuple[dict[str, Any], str]:
    """Press Copy state as NumPy; what its text defines when Python runs it, and the text."""
    page.evaluate("window.copied = ''")
    page.locator("[data-widget-copy]").press("Enter")
    page.wait_for_function("window.copied")
    text = page.evaluate("window.copied")
    defined: dict[str, Any] = {}
    exec(compile(text, "copied", "exec"), defined)
    return defined, text


def numbers(text: str) -> list[float]:
    """The numbers of a sentence of ours."""
    return [float(n.replace("−", "-")) for n in re.findall(r"−?\d+(?:\.\d+)?(?:e−?\d+)?", text)]


@pytest.mark.parametrize("name", widget_page.NAMES)
def test_prediction_keyboard_and_copy(page: Page, site: str, name: str) -> None:
    """The question hides the controls; once skipped it stays so; an arrow key moves; the copied code
    holds.
    """
    visit(page, site, name, skip=False)
    assert page.locator("[data-widget-skip]").is_visible()
    assert page.locator("[data-widget-copy]").count() == 0
    assert not page.locator("[data-widget-still]").is_visible()
    page.locator("[data-widget-skip]").press("Enter")
    assert page.locator("[data-widget-skip]").count() == 0
    settled(page)
    before = words(page)
    slider = page.locator("input[type=range]").first
    slider.press("ArrowLeft")
    slider.press("ArrowLeft")
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
    visit(page, site, "W10", state={"step": 7, "unit": [2, 0]})
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
    visit(page, site, "W10")
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
    visit(page, site, "W10", state={"step": 8, "unit": [1, 2]})
    defined, _ = copied(page)
    shown = [float(t.replace("−", "-")) for t in page.locator(".bpw .flow text").all_text_contents()]
    assert sorted(shown) == pytest.approx(sorted(defined["dW"][1][2]), abs=6e-3)
    assert "they agree" in page.locator(".bpw-measured").inner_text()
    page.get_by_label("The code has").select_option("K34")
    assert "they disagree" in page.locator(".bpw-measured").inner_text()


def test_w10_one_number_in_hand(page: Page, site: str) -> None:
    """A pressed arrow, input or target has its slider under the picture; soft targets stay a distribution."""
    visit(page, site, "W10", state={"step": 7, "unit": [2, 1]})
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


def test_numbers_are_typed_key_by_key(page: Page, site: str) -> None:
    """1.05 can be typed: "1." and "1.0" on the way are not rewritten."""
    visit(page, site, "W10")
    field = page.get_by_label("x 1", exact=True)
    field.press("Control+a")
    page.keyboard.type("1.05")
    assert field.input_value() == "1.05"
    assert copied(page)[0]["X"][0, 0] == 1.05


def test_w10_hover_shows_a_unit_and_a_term(page: Page, site: str) -> None:
    """The mouse over a unit shows its sum, over an arrow its term; away again the chosen unit comes back."""
    visit(page, site, "W10", state={"step": 7, "unit": [2, 0]})
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
    visit(page, site, "W10")
    page.get_by_label("Step", exact=True).press("End")
    old, _ = copied(page)
    page.get_by_role("button", name="Next ▶").press("Enter")
    new, _ = copied(page)
    W, b = step(old["W"], old["b"], old["X"], old["Y"], old["hidden"], old["output"], 0.5)
    for l in W:
        np.testing.assert_allclose(new["W"][l], W[l], atol=6e-5)
        np.testing.assert_allclose(new["b"][l], b[l], atol=6e-5)


def test_w10_builds_networks_and_plays(page: Page, site: str) -> None:
    """Four layers of six by the keyboard; play moves the story on and pause stops it."""
    page.clock.install()
    visit(page, site, "W10")
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
    page.get_by_label("Step", exact=True).press("Home")
    page.get_by_role("button", name="▶ Play").press("Enter")
    page.clock.run_for(2000)  # a step each 900 ms
    assert page.get_by_label("Step", exact=True).input_value() == "2"
    page.get_by_role("button", name="Pause").press("Enter")
    page.clock.run_for(5000)
    assert page.get_by_label("Step", exact=True).input_value() == "2"


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
    for name in widget_page.NAMES:
        visit(page, site, name, skip=False)
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


@pytest.mark.parametrize("name", ["W10", "W17"])
def test_saved_picture_stands_alone(page: Page, site: str, name: str, tmp_path: Path) -> None:
    """Save the picture: an SVG with its colours in it, described, that shows the same outside of the page."""
    visit(page, site, name)
    said = words(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the picture").press("Enter")
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert file.name == f"{name}.svg"
    root = ElementTree.parse(file).getroot()
    assert root.find("{http://www.w3.org/2000/svg}desc").text == said  # type: ignore[union-attr]
    assert not [node for node in root.iter() if "class" in node.attrib], "no style sheet is needed"
    texts = [node for node in root.iter("{http://www.w3.org/2000/svg}text") if node.text]
    assert texts
    assert all(node.get("fill", "").startswith("rgb") for node in texts)


def test_paper(browser: Browser, site: str) -> None:
    """Printed: the picture, in ink on white even from the dark theme, no controls; the still while
    unanswered.
    """
    page = browser.new_page(viewport={"width": 900, "height": 900})
    page.goto(f"{site}W5.html")
    page.wait_for_selector("[data-widget-ready]")
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    still, gate = page.locator("[data-widget-still]"), page.locator("[data-widget-skip]")
    assert not still.is_visible()
    page.emulate_media(media="print")
    assert still.is_visible()
    assert not gate.is_visible()
    page.emulate_media(media="screen")
    gate.click()
    page.emulate_media(media="print")
    assert not still.is_visible()
    assert page.locator(".bpw-picture svg").is_visible()
    assert not page.locator(".bpw-controls").is_visible()
    ink = "getComputedStyle(document.querySelector('.bpw-picture text.name')).fill"
    assert page.evaluate(ink) == "rgb(0, 0, 0)"
    page.close()


@pytest.mark.parametrize(("motion", "moves"), [("reduce", False), ("no-preference", True)])
def test_reduced_motion(browser: Browser, site: str, motion: Any, moves: bool) -> None:
    page = browser.new_page(reduced_motion=motion)
    visit(page, site, "W10")
    time = page.evaluate("getComputedStyle(document.querySelector('.bpw-net .edge')).transitionDuration")
    assert (time != "0s") is moves
    page.close()


def test_stills_without_javascript(browser: Browser, site: str) -> None:
    """Without JavaScript each picture stands there, with its type, its data and its conclusion in words."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site)
    for name in widget_page.NAMES:
        still = page.locator(f"[data-widget={name}] > svg[data-widget-still]")
        assert still.is_visible()
        label = still.get_attribute("aria-label") or ""
        assert re.match(r"(Network|Matrix|Line|Bar|Heat|Graph)", label), f"{name}: the type of picture"
        assert numbers(label), f"{name}: its data"
        assert "In short: " in label, f"{name}: its conclusion"
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_accessibility(browser: Browser, site: str, theme: str) -> None:
    """No violation: while the question is asked, and with everything open."""
    page = browser.new_page(viewport={"width": 900, "height": 900}, reduced_motion="reduce")
    page.goto(site)
    page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
    page.add_style_tag(content="html[data-theme=dark] body { background: #14181e; color: #fff; }")
    mount_all(page)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    for opened in (False, True):
        if opened:
            page.locator("[data-widget-skip]").evaluate_all("all => all.forEach((b) => b.click())")
            page.locator("[data-widget] details").evaluate_all("all => all.forEach((d) => (d.open = true))")
            page.wait_for_function(
                f"document.querySelectorAll('.bpw-table table').length === {len(widget_page.NAMES)}"
            )
        found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
        told = [f"{v['id']}: {v['help']}: {v['nodes'][0]['html'][:200]}" for v in found]
        assert told == [], "\n".join(told)
    page.close()


def mount_all(page: Page) -> None:
    """Bring every widget near the screen, and wait for it."""
    for name in widget_page.NAMES:
        page.locator(f"[data-widget={name}]").evaluate("figure => figure.scrollIntoView()")
        page.wait_for_selector(f"[data-widget={name}][data-widget-ready]")


CUT = """() => [...document.querySelectorAll(".bpw-picture svg")].flatMap((svg) => {
  const paper = svg.getBoundingClientRect();
  const out = (r) => r.width && (r.left < paper.left - 1 || r.right > paper.right + 1 || r.bottom > paper.bottom + 2);
  const labels = [...svg.querySelectorAll("text")].filter((label) => out(label.getBoundingClientRect()));
  return labels.map((label) => `${svg.closest("figure").dataset.widget}: ${label.textContent}`);
})"""


def test_small_screens(browser: Browser, site: str) -> None:
    """360 pixels: the page is no wider, and no picture cuts a label off; nor at 480 and 800."""
    page = browser.new_page(viewport={"width": 360, "height": 740})
    page.goto(site)
    mount_all(page)
    page.locator("[data-widget-skip]").evaluate_all("all => all.forEach((b) => b.click())")
    for width in (360, 480, 800):
        page.set_viewport_size({"width": width, "height": 740})
        drawn = f"() => document.scrollingElement.scrollWidth <= {width} && ({CUT})().length === 0"
        with contextlib.suppress(PlaywrightTimeout):  # each picture is drawn again for the new width
            page.wait_for_function(drawn, timeout=15_000)
        wide = page.evaluate("document.scrollingElement.scrollWidth")
        assert wide <= width, f"the page is {wide} px wide on {width}"
        assert page.evaluate(CUT) == []
    page.close()


def test_host_is_lazy(browser: Browser, site: str) -> None:
    """A widget far below is not loaded before the reader comes near."""
    page = browser.new_page(viewport={"width": 900, "height": 700})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(Path(request.url).name))
    page.goto(site)
    page.wait_for_selector("[data-widget=W1][data-widget-ready]")
    assert "w18.js" not in asked
    page.close()
