"""ipywidgets in live cells: every control, interact, and controls saved by the build."""

from tests.support.live_page import Watched, first, output, ran, write


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
        shown.get_by_text(text, exact=True).wait_for()

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
    cell.get_by_text("n squared is 25").wait_for()
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
    cell.get_by_text("n squared is 16").wait_for()
    watched.clean()
