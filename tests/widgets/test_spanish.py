"""The widgets in Spanish: in a page whose language it is, and in Jupyter's one text."""

import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from autograder import use_language
from backprop.widgets import W2, bundler
from tests.support.machine import needed


def test_a_spanish_page_has_spanish_widgets(page: Page, site: str) -> None:
    """The question, the controls, the words and the numbers: in the language of <html lang>."""

    def spanish(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace('lang="en"', 'lang="es"'))

    page.route("**/W3.html", spanish)
    page.goto(f"{site}W3.html")
    page.wait_for_selector("[data-widget=W3][data-widget-ready]")
    widget = page.locator("[data-widget=W3]")
    expect(widget.locator("legend")).to_have_text(
        "Primero predice: ¿cuál es la mayor pendiente que tiene la sigmoide?"
    )
    widget.locator("[data-widget-skip]").press("Enter")
    expect(widget.locator("[data-widget-words]")).to_have_text(
        "En z = 1,00, sigmoid da a = 0,731 con pendiente 0,197."
    )
    expect(widget.get_by_role("button", name="Copiar el estado como NumPy")).to_be_attached()


@pytest.mark.parametrize(
    ("language", "title"), [("", "Which matrices fit?"), ("es", "¿Qué matrices encajan?")]
)
def test_a_bundle_speaks_its_language(language: str, title: str, tmp_path: Path) -> None:
    file = tmp_path / "widget.mjs"
    file.write_text(bundler.bundle("w2.js", language), encoding="utf-8")
    code = f"console.log((await import({file.as_uri()!r})).default.spec.title)"
    done = subprocess.run(
        [needed("node"), "--input-type=module", "-e", code], capture_output=True, text=True, timeout=60
    )
    assert done.stdout.strip() == title, done.stderr


def test_a_notebooks_use_language_is_the_widgets_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DELTABOOK_LANGUAGE", "en")
    said = "¿Qué matrices encajan?"
    try:
        use_language("es")
        assert said in W2()._esm
        use_language("en")
        assert said not in W2()._esm
    finally:
        use_language("en")


def test_an_unknown_language_is_english() -> None:
    assert bundler.bundle("w2.js", "xx") == bundler.bundle("w2.js")
