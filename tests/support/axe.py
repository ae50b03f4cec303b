"""axe-core in a page: what it finds in the light theme and in the dark one; nothing is asked twice."""

from typing import Any

from playwright.sync_api import Page

from tests.support.built_book import ROOT, vendored

FILE = ROOT / ".cache" / "vendor" / "axe-core" / "axe.min.js"
# What the theme can change; the other rules see the same page in both.
OF_COLOURS = ["color-contrast", "link-in-text-block"]
# A colour on its way is neither the old nor the new one; what inherits it sets out when it has come.
IN_COLOUR = """(theme) => {
  document.documentElement.dataset.theme = theme;
  for (let round = 0; round < 20; round += 1) {
    const moving = document.getAnimations().filter((each) => each instanceof CSSTransition);
    if (!moving.length) return true;
    for (const each of moving) each.finish();
  }
  return false;
}"""
# MathJax builds every formula alike, from most of a page's elements: a word of its size stands for it.
FORMULAS_AS_WORDS = """() => {
  const formulas = [...document.querySelectorAll("mjx-container")];
  const sizes = formulas.map((formula) => formula.getBoundingClientRect());
  formulas.forEach((formula, k) => {
    formula.replaceChildren(Object.assign(document.createElement("span"), { textContent: "formula" }));
    const { width, height } = sizes[k];
    const size = { width: `${width}px`, height: `${height}px` };
    Object.assign(formula.style, size, { display: "inline-block", overflow: "hidden" });
  });
}"""
# Tokens of one kind in one block of code have one colour on one ground: the first stands for the others.
CODE_ONCE = """() => {
  for (const block of document.querySelectorAll("div.highlight pre")) {
    const seen = new Set();
    const tokens = [...block.querySelectorAll("span[class]")].filter((each) => !each.childElementCount);
    for (const token of tokens) {
      const kind = `${token.parentElement.className}: ${token.className}`;
      if (seen.has(kind)) token.replaceWith(token.textContent);
      else seen.add(kind);
    }
    block.normalize();
  }
}"""


def coloured(page: Page, theme: str) -> None:
    """The page in this theme, every colour at its end."""
    assert page.evaluate(IN_COLOUR, theme), "the page's colours change without an end"


def source() -> str:
    """axe-core's own text: it comes with what the book carries, and is fetched where no book was built."""
    if not FILE.exists():
        code, log = vendored()
        assert code == 0, log
    return FILE.read_text(encoding="utf-8")


def violations(page: Page, within: list[str] | None = None) -> dict[str, list[dict[str, Any]]]:
    """What axe finds, by theme: every rule in light, those that colours can change in dark.

    within: selectors of the parts that are looked at; None: the whole document.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(source())
    where = {"include": [[part] for part in within]} if within else None
    found = {}
    for theme, rules in (("light", None), ("dark", OF_COLOURS)):
        coloured(page, theme)
        options = {"resultTypes": ["violations"], **({"runOnly": rules} if rules else {})}
        run = "async ([where, options]) => (await axe.run(where ?? document, options)).violations"
        found[theme] = page.evaluate(run, [where, options])
    return found


def told(page: Page, within: list[str] | None = None) -> list[str]:
    """Each violation in a line: theme, rule, the first element and what is wrong with it."""
    lines = []
    for theme, those in violations(page, within).items():
        for each in those:
            node = each["nodes"][0]
            lines.append(f"{theme}: {each['id']}: {node['html'][:200]}: {node['failureSummary']}")
    return lines
