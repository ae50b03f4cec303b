"""A page whose language is Spanish: its cells run, though its scripts and Python's worker wait for a catalogue."""

from playwright.sync_api import Browser, Route, expect

from tests.support.live_page import Watched, first, run


def test_a_spanish_page_runs_its_cells(browser: Browser, book: str) -> None:
    watched = Watched(browser, book)
    page = watched.page

    def spanish(route: Route) -> None:
        answer = route.fetch()
        text = answer.text().replace('lang="en"', 'lang="es"').replace('"language": ""', '"language": "es"')
        route.fulfill(response=answer, body=text)

    page.route("**/01-cells.html", spanish)
    page.goto(f"{book}01-cells.html")
    cell = first(page)
    expect(cell.locator("[data-live-run]")).to_have_text("Ejecutar")
    run(page, cell)
    expect(cell).to_have_attribute("data-live-state", "done")
    expect(page.locator("[data-live-unsupported]")).to_have_count(0)
    watched.clean()
    page.close()
