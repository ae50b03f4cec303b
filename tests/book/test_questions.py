"""Questions that judge: what may be written, and the page in a reader's hands, by mouse, keyboard and ear."""

import importlib
import json
import re
import sys
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser, Locator, Page, expect

from backprop import (
    all_deltas,
    backprop,
    batches,
    forward,
    g_prime,
    hidden_delta,
    loss,
    output_delta,
)
from tests.support import axe
from tests.support.built_book import ROOT, small_book
from tests.support.live_page import Watched, newcomer

sys.path.insert(0, str(ROOT / "book" / "_ext"))
questions = importlib.import_module("questions")


@pytest.fixture
def asked(browser: Browser, book: str) -> Iterator[Watched]:
    """The page as a reader finds it who was never here."""
    with newcomer(browser, book, "#q-lines .question-form") as watched:
        yield watched


def state(box: Locator) -> str:
    return box.get_attribute("data-question-state") or ""


def said(box: Locator) -> str:
    return box.locator(".question-said").inner_text()


def kept(page: Page) -> dict[str, str]:
    found = page.evaluate("JSON.parse(localStorage.getItem('deltabook:progress:06-step-2') ?? '{}')")
    return dict(found.get("questions", {}))


def letters(box: Locator) -> dict[int, str]:
    """The letter of each line, by its right place."""
    lines = box.locator(".question-options > li").all()
    return {
        int(line.get_attribute("data-place") or ""): line.get_attribute("data-letter") or "" for line in lines
    }


# ---- what is written --------------------------------------------------------------------------------------


def test_a_questions_text_is_taken_apart() -> None:
    text = [
        "Why?",
        "",
        "- [ ] one",
        "  line",
        "  > because",
        "  of",
        "- [x] two",
        "  > right",
        "",
        "In short.",
    ]
    found = questions.take_apart(text)
    assert found.asked == ["Why?", ""]
    assert [(item.text, item.right, item.why) for item in found.items] == [
        (["one", "line"], False, ["because", "of"]),
        (["two"], True, ["right"]),
    ]
    assert (found.end, found.end_line) == (["In short."], 9)


@pytest.mark.parametrize(("text", "value"), [("-5", -5), ("−5", -5), ("3/4", 0.75), ("0.1975", 0.1975)])
def test_numbers_are_read(text: str, value: float) -> None:
    assert questions.number_of(text) == pytest.approx(value)


def test_lines_are_never_shown_in_their_right_order() -> None:
    items = questions.take_apart(["1. a", "2. b", "3. c"]).items
    for name in ("q-a", "q-b", "q-c", "q-d", "q-e", "q-f", "q-g", "q-h"):
        shown = [item.place for item in questions.shuffled(items, name)]
        assert sorted(shown) == [0, 1, 2]
        assert shown != [0, 1, 2]
        assert shown == [item.place for item in questions.shuffled(items, name)]


# ---- the numbers in the chapters --------------------------------------------------------------------------


def asked_number(name: str) -> float:
    """The right answer of a chapter's question for a number."""
    text = "\n".join(path.read_text() for path in sorted((ROOT / "book").glob("[01]*.md")))
    match = re.search(rf"^```\{{question\}} {name}\n:answer: (\S+)$", text, re.MULTILINE)
    assert match, name
    return questions.number_of(match[1])


W = {1: np.array([[1.0, 1], [2, -1], [-1, 0]]), 2: np.array([[1.0, -1, 2], [0, 2, 3]])}
b = {1: np.array([[0.0], [1], [0]]), 2: np.array([[0.0], [-1]])}
X, Y = np.array([[1.0, 2, -1], [2, 1, 0]]), np.array([[1.0, 0, 3], [3, 6, 0]])
FIRST = X[:, :1], Y[:, :1]


def running(x: NDArray) -> tuple[dict[int, NDArray], dict[int, NDArray]]:
    """The forward pass of the network that goes through the book."""
    return forward(W, b, x, "relu", "identity")


def deltas(x: NDArray, y: NDArray) -> dict[int, NDArray]:
    """Every δ of the network that goes through the book."""
    return all_deltas(W, *running(x), y, "relu", "identity")


def gradients(x: NDArray, y: NDArray) -> tuple[dict[int, NDArray], dict[int, NDArray]]:
    """Its gradients."""
    return backprop(W, *running(x), y, "relu", "identity")


def blame_of_the_second_unit() -> float:
    changed = W[2].copy()
    changed[1, 1] = 4
    return float(hidden_delta(changed, deltas(*FIRST)[2], running(FIRST[0])[0][1], "relu")[1, 0])


def loss_along(z_2: float) -> float:
    """L of the first example, with z[1]_2 changed."""
    z = running(FIRST[0])[0][1].copy()
    z[1] = z_2
    return loss("identity", W[2] @ np.maximum(z, 0) + b[2], FIRST[1])


def squared_length() -> float:
    """The sum of the squares of all of L's slopes."""
    dW, db = gradients(*FIRST)
    return float(sum(np.sum(part[l] ** 2) for part in (dW, db) for l in part))


# Every question for a number of the network that goes through the book; each chapter has one.
NUMBERS: dict[str, Callable[[], float]] = {
    "q-running-forward": lambda: running(np.array([[1.0], [-1]]))[1][2][1, 0],
    "q-leaky": lambda: running(FIRST[0])[0][1][2, 0] / 100,
    "q-j-of-three": lambda: loss("identity", running(X)[0][2], Y),
    "q-exact-change": lambda: loss_along(1.2) - loss_along(1),
    "q-without-the-half": lambda: 2 * deltas(*FIRST)[2][1, 0],
    "q-unit-that-is-off": lambda: deltas(*FIRST)[1][2, 0],
    "q-blame-of-the-second-unit": blame_of_the_second_unit,
    "q-batch-of-three": lambda: gradients(X, Y)[0][1][1, 0],
    "q-one-step": lambda: W[2][1, 0] - 0.1 * gradients(*FIRST)[0][2][1, 0],
    "q-across-the-kink": lambda: (loss_along(1 + 2) - loss_along(1 - 2)) / 4,
    "q-predicted-fall": lambda: squared_length() / 1000,
    "q-ratio-in-the-running-network": lambda: np.divide(*(np.linalg.norm(deltas(*FIRST)[l]) for l in (1, 2))),
    "q-message-to-a-weight": lambda: deltas(*FIRST)[2][1, 0] * running(FIRST[0])[1][1][0, 0],
    # Numbers of other things
    "q-count-parameters": lambda: 5 * (3 + 1) + 4 * (5 + 1),
    "q-slope-from-a": lambda: g_prime("tanh", np.arctanh(3 / 5)),
    "q-loss-at-minus-1000": lambda: loss("sigmoid", np.array([[-1000.0]]), np.array([[1.0]])),
    "q-delta-of-j": lambda: -5 / 8,
    "q-delta-at-the-start": lambda: output_delta("softmax", np.zeros((10, 1)), np.eye(10)[:, :1])[0, 0],
    "q-twice-too-large": lambda: abs(1 - 2) / (1 + 2),
    "q-best-rate": lambda: 2**2 / (2 * 5 * 2),
    "q-steps-per-epoch": lambda: len(list(batches(1347, 32, np.random.default_rng(0)))),
    "q-twenty-relu-layers": lambda: 2 ** (19 / 2),
    "q-square-as-product": lambda: 2 * 3,
    "q-weights-doubled": lambda: 2 * 2,
    "q-double-width": lambda: 2 * 2,
}


def test_every_question_for_a_number_is_computed() -> None:
    text = "\n".join(path.read_text() for path in sorted((ROOT / "book").glob("[01]*.md")))
    assert set(re.findall(r"^```\{question\} (\S+)\n:answer:", text, re.MULTILINE)) == set(NUMBERS)


@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_of_the_running_network_are_computed(name: str) -> None:
    assert asked_number(name) == pytest.approx(float(NUMBERS[name]()), rel=1e-3)


# ---- in the page ------------------------------------------------------------------------------------------


def test_a_choice_is_judged_with_its_reason_and_kept(asked: Watched) -> None:
    page = asked.page
    box = page.locator("#q-transpose")
    box.get_by_role("button", name="Check").click()
    assert "Choose one" in said(box)
    assert state(box) == "open"
    box.get_by_role("radio", name="To make the shapes fit.").check()
    box.get_by_role("button", name="Check").click()
    assert state(box) == "wrong"
    assert "Not yet" in said(box)
    assert "In a square network" in said(box)
    assert "The same arrows" not in said(box)
    expect(box.locator(".question-verdict")).to_be_visible()
    page.wait_for_function("localStorage.getItem('deltabook:progress:06-step-2')?.includes('wrong')")
    assert kept(page) == {"q-transpose": "wrong"}
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowDown")
    assert said(box) == ""
    page.keyboard.press("Enter")
    assert state(box) == "right"
    assert "The same arrows, read backward." in said(box)
    assert "The shapes follow from this." in said(box)
    page.reload()
    page.wait_for_selector("#q-transpose[data-question-state=right]")
    assert box.get_by_role("radio").nth(1).is_checked()
    assert "read backward" in said(box)
    assert kept(page) == {"q-transpose": "right"}
    asked.clean()


ANSWERS = [
    ("3/4", "right", "Right."),
    ("0,75", "right", "Right."),
    (".7500001", "right", "Right."),
    ("4", "wrong", "This is the blame"),
    ("-3/4", "wrong", "Multiply the blame"),
    ("three", "open", "Write a number"),
    ("3/0", "open", "Write a number"),
    ("", "open", "Write a number"),
]


def test_a_number_is_judged(asked: Watched) -> None:
    box = asked.page.locator("#q-blame")
    for answer, expected, words in ANSWERS:
        box.get_by_label("Your answer").fill(answer)
        box.get_by_label("Your answer").press("Enter")
        assert state(box) == expected, answer
        assert words in said(box), answer
    asked.clean()


def test_lines_are_ordered_by_keyboard_and_judged_one_by_one(asked: Watched) -> None:
    page = asked.page
    box = page.locator("#q-lines")
    letter = letters(box)
    lines = box.locator(".question-options > li")
    check = box.get_by_role("button", name="Check")
    box.get_by_role("button", name=f"Leave line {letter[-1]} out").click()
    for place in (2, 1, 0):
        up = box.get_by_role("button", name=f"Move line {letter[place]} up")
        while lines.first.get_attribute("data-letter") != letter[place]:
            up.focus()
            page.keyboard.press("ArrowUp")
    assert f"Line {letter[0]} is number 1 of 4 now." in box.locator(".question-moved").inner_text()
    assert page.evaluate("document.activeElement.className") == "question-down", "the focus is not lost"
    check.click()
    assert state(box) == "right"
    assert "Forward along the arrows." in said(box)
    box.get_by_role("button", name=f"Move line {letter[1]} up").press("Enter")
    check.click()
    assert state(box) == "wrong"
    assert f"Line {letter[1]} comes too early, as number 1." in said(box)
    assert "It needs the nudge." in said(box)
    box.get_by_role("button", name=f"Leave line {letter[0]} out").click()
    check.click()
    assert f"Line {letter[0]} is left out" in said(box)
    box.get_by_role("button", name=f"Leave line {letter[0]} out").click()
    box.get_by_role("button", name=f"Leave line {letter[-1]} out").click()
    box.get_by_role("button", name=f"Move line {letter[0]} up").click()
    check.click()
    assert f"Line {letter[-1]} does not belong here." in said(box)
    assert "do not see each other" in said(box)
    shown = [line.get_attribute("data-letter") for line in lines.all()]
    page.reload()
    page.wait_for_selector("#q-lines[data-question-state=wrong]")
    assert [line.get_attribute("data-letter") for line in lines.all()] == shown
    asked.clean()


def test_a_line_is_dragged(asked: Watched) -> None:
    page = asked.page
    lines = page.locator("#q-lines .question-options > li")
    before = [line.get_attribute("data-letter") for line in lines.all()]
    lines.first.scroll_into_view_if_needed()
    grip, last = lines.first.locator(".question-grip").bounding_box(), lines.last.bounding_box()
    assert grip
    assert last
    page.mouse.move(grip["x"] + 4, grip["y"] + 8)
    page.mouse.down()
    page.mouse.move(grip["x"] + 4, last["y"] + last["height"], steps=12)
    page.mouse.up()
    assert [line.get_attribute("data-letter") for line in lines.all()] == [*before[1:], before[0]]


def test_questions_answered_and_open_pass_axe(asked: Watched) -> None:
    page = asked.page
    page.locator("#q-transpose").get_by_role("radio").nth(1).check()
    page.locator("#q-blame").get_by_label("Your answer").fill("4")
    for box in page.locator(".question").all():
        box.get_by_role("button", name="Check").click()
    page.locator(".question-answer summary").evaluate_all("all => all.forEach((s) => s.click())")
    assert axe.told(page, ["#q-transpose", "#q-blame", "#q-lines"]) == []


def test_without_scripts_and_on_paper_the_question_and_its_answer_can_be_read(
    browser: Browser, book: str, asked: Watched
) -> None:
    context = browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(f"{book}06-step-2.html")
    box = plain.locator("#q-lines")
    letter = letters(box)
    assert box.locator("li").first.is_visible()
    assert not box.locator(".question-answer p").first.is_visible()
    box.locator("summary").click()
    order = ", ".join(letter[place] for place in range(3))
    assert f"In this order: {order}. {letter[-1]} is left out." in box.inner_text()
    plain.locator("#q-transpose summary").click()
    assert "(b) Right. The same arrows" in plain.locator("#q-transpose").inner_text()
    plain.locator("#q-blame summary").click()
    assert "4: This is the blame" in plain.locator("#q-blame").inner_text()
    assert not plain.get_by_text("Multiply the blame").is_visible()
    context.close()
    page = asked.page
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#q-transpose li").first.is_visible()
    assert not page.locator("#q-transpose .question-answer").is_visible()
    assert page.locator(".question button:visible").count() == 0
    end = page.locator(".question-answers")
    assert "(b) Right. The same arrows" in end.inner_text()
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((e) => e.id)")
    assert len(ids) == len(set(ids))
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert end.count() == 0


def test_names_are_unique_and_begin_with_q(tmp_path: object) -> None:
    page = (small_book() / "06-step-2.html").read_text()
    assert page.count('data-question="q-transpose"') == 1
    with pytest.raises(ValueError, match="two questions have the name q-a"):
        questions.unique(FakeApp(), "page", iter(["q-a", "q-b", "q-a"]))


class FakeApp:
    """The two calls that a name's error needs."""

    @property
    def env(self) -> "FakeApp":
        return self

    def doc2path(self, name: str) -> str:
        return json.dumps(name)
