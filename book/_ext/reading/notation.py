"""The notation: one file, `book/notation.toml`, shown as a table and as notes over the symbols of a page."""

import json
import re
import tomllib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from autograder._language import ENGLISH, _, language

SOURCE = Path(__file__).resolve().parents[2] / "notation.toml"
SPOKEN = {
    "\\delta": "δ",
    "\\sigma": "σ",
    "\\nabla": "∇",
    "\\circ": "∘",
    "\\theta": "θ",
    "\\eta": "η",
    "\\lambda": "λ",
    "\\kappa": "κ",
    "\\gamma": "γ",
    "\\hat y": "ŷ",
    "\\hat Y": "Ŷ",
    "\\bar v": "v̄",
    "\\tilde g": "g̃",
    "\\top": "ᵀ",
}


class NotationError(ValueError):
    """The file says something that can't be used; the message names the entry."""


@dataclass(frozen=True)
class Symbol:
    """One symbol: how it is written, by which letters and names it is known, its name and shape."""

    tex: str
    letters: tuple[str, ...]
    name: str
    shape: str
    code: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()

    @property
    def plain(self) -> str:
        """The symbol without TeX: W[l], ŷ."""
        text = self.tex
        for tex, sign in SPOKEN.items():
            text = text.replace(tex, sign)
        text = re.sub(r"\^\{(\[.*?\])\}", r"\1", text.replace("_l", "[l]").replace("\\ ", " "))
        return re.sub(r"[{}^_\\]", "", text)

    @property
    def shape_in_tex(self) -> str:
        """The shape for the table: (n[l], m) with its indices below."""
        if not self.shape.startswith("("):
            return self.shape
        return "$" + re.sub(r"n\[(.*?)\]", r"n_{\1}", self.shape) + "$"


def read(path: Path = SOURCE) -> list[Symbol]:
    """The symbols in the file's order. NotationError for a missing or unknown key, or a letter claimed
    twice.
    """
    known = {field.name for field in fields(Symbol)}
    found: list[Symbol] = []
    for number, entry in enumerate(tomllib.loads(path.read_text(encoding="utf-8")).get("symbol", []), 1):
        what = f"{path.name}: symbol {number} ({entry.get('tex', 'no tex')})"
        if wrong := sorted(set(entry) - known):
            raise NotationError(
                f"{what}: unknown key {', '.join(wrong)}; expected {', '.join(sorted(known))}"
            )
        if missing := sorted({"tex", "letters", "name", "shape"} - set(entry)):
            raise NotationError(f"{what}: {', '.join(missing)} is missing")
        found.append(Symbol(**{k: tuple(v) if isinstance(v, list) else v for k, v in entry.items()}))
    for kind in ("letters", "code"):
        seen: set[tuple[str, str]] = set()
        for symbol in found:
            claims = {(page, word) for page in symbol.pages or ("",) for word in getattr(symbol, kind)}
            if twice := sorted(claims & seen):
                raise NotationError(
                    f"{path.name}: {kind}: {twice[0][1]!r} stands for two symbols of one page"
                )
            seen |= claims
    return found


def for_page(symbols: Iterable[Symbol], page: str) -> list[Symbol]:
    """The symbols that hold on a page; those for this page alone come first, and so win."""
    held = [s for s in symbols if not s.pages or page in s.pages]
    return sorted(held, key=lambda s: not s.pages)


class NotationTable(SphinxDirective):
    """The table of all symbols, or with `:only: N m W` of those with these letters."""

    option_spec = {"only": str.split}  # noqa: RUF012  # docutils asks for a plain dict

    def run(self) -> list[nodes.Node]:
        """A table; a letter that no symbol has is an error of the page."""
        self.env.note_dependency(str(SOURCE))
        symbols = read()
        if only := self.options.get("only"):
            if unknown := [x for x in only if not any(x in s.letters for s in symbols)]:
                raise self.error(f"notation-table: no symbol has the letters {', '.join(unknown)}")
            symbols = [s for s in symbols if not s.pages and set(only) & set(s.letters)]
        lines = [_("| symbol | in code | shape | meaning |"), "|---|---|---|---|"]
        for s in symbols:
            code = ", ".join(f"`{name}`" for name in s.code)
            where = (
                _(" (in {pages})", pages=", ".join(f"{{doc}}`{page}`" for page in s.pages)) if s.pages else ""
            )
            lines.append(f"| ${s.tex}$ | {code} | {_(s.shape_in_tex)} | {_(s.name)}{where} |")
        # On a phone each row stands below the other
        box = nodes.container(classes=["stacked"])
        self.state.nested_parse(StringList(lines), self.content_offset, box)
        return [box]


def _in_words(symbol: Symbol) -> dict[str, str]:
    """What a note says of a symbol in the language in use; symbols.js has the English."""
    shape = _("shape {shape}", shape=_(symbol.shape)) if symbol.shape else ""
    return {"name": _(symbol.name), "says": shape}


def add_notes(app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: Any) -> None:
    """The page's symbols as data for symbols.js."""
    if "body" not in context:
        return
    notes = [
        {
            **{k: v for k, v in asdict(s).items() if k in ("letters", "code", "name", "shape")},
            "plain": s.plain,
            **({} if language() == ENGLISH else _in_words(s)),
        }
        for s in for_page(read(), pagename)
    ]
    data = json.dumps(notes, ensure_ascii=False).replace("<", "\\u003c")
    app.add_js_file(None, body=data, type="application/json", id="notation-data")


def register(app: Sphinx) -> None:
    """The directive, and the data on every page."""
    app.add_directive("notation-table", NotationTable)
    app.connect("html-page-context", add_notes, priority=700)
