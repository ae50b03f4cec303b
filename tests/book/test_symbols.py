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
        return inside if match[1].startswith("````") else ""  # a dropdown's text is text

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
