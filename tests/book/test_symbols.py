"""Undefined symbols: every letter that a chapter's formulas use stands in the notation table, with a name and
a shape.
"""

import importlib
import re
import sys
from pathlib import Path

import pytest

from tests.book.test_book import CELL, ROOT
from tests.book.test_prose import CHAPTERS, FENCE, by_name

sys.path.insert(0, str(ROOT / "book" / "_ext"))
notation = importlib.import_module("reading.notation")

SIGNS = {
    "delta": "δ", "sigma": "σ", "theta": "θ", "eta": "η", "lambda": "λ", "kappa": "κ", "gamma": "γ",
    "nabla": "∇", "Phi": "Φ", "Delta": "Δ", "ell": "ℓ", "alpha": "α", "beta": "β", "mu": "μ", "epsilon": "ε",
    "pi": "π", "rho": "ρ", "tau": "τ", "omega": "ω", "phi": "φ", "varepsilon": "ε",
}  # fmt: skip
EVERYWHERE = {"π"}


def formulas(text: str) -> list[str]:
    """The TeX of a page: displayed, labelled and inline, code left out."""
    found = []

    def take(match: re.Match[str]) -> str:
        inside = re.sub(r"^:[^\n]*\n", "", match[3], flags=re.MULTILINE)
        if match[2]:
            found.append(inside)
            return ""
        # A dropdown's text is text, and so is a question's, and a prediction's over its widget.
        return inside if re.match(r"````|```\{(question|widget)\}", match[0]) else ""

    text = CELL.sub("", text)
    for _ in range(2):
        text = FENCE.sub(take, text)
    text = re.sub(r"(`+)[^`]*\1", "", text)
    found += re.findall(r"\$\$(.*?)\$\$", text, re.DOTALL)
    return found + re.findall(r"\$([^$]+)\$", re.sub(r"\$\$.*?\$\$", "", text, flags=re.DOTALL))


def letters(tex: str) -> set[str]:
    """The symbols of a formula: x, δ, "hat y". Words (\\text, \\operatorname, \\log ...) are no symbols."""
    tex = re.sub(r"\\(text|operatorname|mathrm|tag|begin|end|label|mathbb)\*?\s*\{[^}]*\}", " ", tex)
    found = set()

    def decorated(match: re.Match[str]) -> str:
        found.add(f"{match[1]} {match[2]}")
        return " "

    tex = re.sub(r"\\(hat|bar|tilde)\s*\{?\s*([A-Za-z])\b\}?", decorated, tex)
    for command in re.findall(r"\\([A-Za-z]+)", tex):
        if command in SIGNS:
            found.add(SIGNS[command])
    return found | set(re.findall(r"[A-Za-z]", re.sub(r"\\[A-Za-z]+", " ", tex)))


def test_letters_of_a_formula() -> None:
    assert letters(r"\hat y=\sigma(Wa^{[l]}) \text{ where } \operatorname{lse}(z)") == {
        "hat y", "σ", "W", "a", "l", "z",
    }  # fmt: skip


@pytest.mark.parametrize("path", CHAPTERS, ids=by_name)
def test_every_symbol_is_in_the_notation(path: Path) -> None:
    """The notation table is the one list: a letter that a chapter uses stands there, for all pages or for
    this one.
    """
    known = {
        letter for s in notation.for_page(notation.read(), path.stem) for letter in s.letters
    } | EVERYWHERE
    used = {letter for tex in formulas(path.read_text()) for letter in letters(tex)}
    assert len(used) > 10
    assert used <= known, f"{path.name}: not in book/notation.toml: {sorted(used - known)}"


@pytest.mark.parametrize("path", CHAPTERS, ids=by_name)
def test_a_letter_has_one_meaning_on_a_page(path: Path) -> None:
    """A page's own entry hides the one for all pages; two of a kind would show whichever comes first."""
    held = notation.for_page(notation.read(), path.stem)
    for own in (True, False):
        names = [letter for s in held if bool(s.pages) == own for letter in s.letters]
        assert len(names) == len(set(names)), sorted({n for n in names if names.count(n) > 1})


@pytest.mark.parametrize(
    ("page", "letter", "says"),
    [
        ("02-nonlinearities", "t", "shift"),
        ("03-losses", "t", "shift"),
        ("03-losses", "c", "class"),
        ("05-step-1", "c", "class"),
        ("05-step-1", "S", "sum of a column"),
        ("06-step-2", "r", "last unit on a path"),
        ("a-softmax-jacobian", "S", "sum of a column"),
        ("a-derivations", "M", "number of weights"),
    ],
)
def test_the_note_over_a_symbol_says_what_the_page_means(page: str, letter: str, says: str) -> None:
    first = next(s for s in notation.for_page(notation.read(), page) if letter in s.letters)
    assert says in first.name
