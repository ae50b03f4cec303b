"""The book's equations as a line of text, their terms named, so that one of them can be marked.

A term is written {name:text}. What a mistake gets wrong is a term's name; where an equation has no term of
that name, its right-hand side is marked.
"""

import re
from collections.abc import Collection, Mapping
from typing import NamedTuple

from autograder._language import _

TERM = re.compile(r"\{(\w+):([^{}]*)\}")

EQUATIONS: Mapping[str, str] = {
    "1.1": "z[l] = {W:W[l]} {input:a[l-1]} {bias:+ b[l]}",
    "1.2": "a[0] = {x:x},  a[l] = {g:g[l]}({z:z[l]})",
    "2.1": "σ(z) = {one:1} / (1 + {exp:exp(-z)})",
    "2.5": "softmax(z)_j = {top:exp(z_j)} / {sum:Σ_i exp(z_i)}",
    "2.6": "σ'(z) = {a:a} {one:(1 - a)},  {of:a = σ(z)}",
    "2.7": "tanh'(z) = {one:1 -} {square:a²},  {of:a = tanh(z)}",
    "slopes": (
        "g'(z) = {sigmoid:a (1 - a) for sigmoid}, {tanh:1 - a² for tanh}, {relu:1 where z > 0 for relu},  "
        "{of:a = g(z)}"
    ),
    "2.8": "relu'(z) = {on:1 where z > 0}, {off:0 where z < 0}",
    "3.1": "L = {half:½} {square:‖ŷ - y‖²}",
    "3.2": "L = {minus:-}Σ_j ({one:y_j log ŷ_j} {zero:+ (1 - y_j) log(1 - ŷ_j)})",
    "3.3": "L = {minus:-}Σ_j {y:y_j} {log:log ŷ_j}",
    "3.4": "J = {mean:1/m} {sum:Σ_e} L(ŷ(e), y(e))",
    "3.5": "L = Σ_j ({logits:max(z_j, 0) - y_j z_j + log(1 + exp(-|z_j|))})",
    "4.2": "δ_i = ({up:L(z + h e_i)} {minus:-} {down:L(z - h e_i)}) / {below:2h}",
    "5.1": "δ[N] = {yhat:ŷ} {minus:-} {y:y}",
    "5.2": "δ[N] = {jacobian:(∂ŷ/∂z)ᵀ} {gradient:∂L/∂ŷ}",
    "5.4": "∂ŷ/∂z = {diagonal:diag(ŷ)} {rest:- ŷ ŷᵀ}",
    "5.5": (
        "L = {half:½} {inside:r² where |r| ≤ κ}, {outside:κ (|r| - ½ κ) beyond},  "
        "r = {yhat:z} {minus:-} {y:y}"
    ),
    "6.1": "δ[l] = ({W:W[l+1]ᵀ} {incoming:δ[l+1]}) {join:∘} {slope:g'(z[l])},  {loop:l = N-1, …, 1}",
    "6.2": "a = {slope:tanh(z)} {shortcut:+ a_prev},  z = {W:W} a_prev + b",
    "7.1": "dW[l] = {mean:1/m} {incoming:δ[l]} {input:a[l-1]ᵀ}",
    "7.2": "db[l] = {mean:1/m} {sum:Σ_e} {incoming:δ[l](e)}",
    "8.1": "dW[l] of J_λ = {gradient:dW[l] of J} {penalty:+ λ W[l]},  l = 1, …, N",
    "9.1": "∂f/∂θ_i = ({up:f(θ + h e_i)} {minus:-} {down:f(θ - h e_i)}) / {below:2h}",
    "9.3": "error_i = {gap:|numerical_i - grad_i|} / {below:max(1e-8, |numerical_i| + |grad_i|)}",
    "ok": (
        "ok: {gap:|numerical_i - grad_i|} ≤ tolerance · (|numerical_i| + |grad_i|) "
        "{room:+ rounding, about ε|f|/h}, for every i"
    ),
    "10.1": "W[l] ← W[l] {step:- η dW[l]}",
    "12.1": "v̄ = {sum:Σ over the u that use v of} {slope:∂u/∂v} {incoming:ū}",
    "12.4": "C = A + b, b repeated:  Ā = C̄,  b̄ = {sum:Σ_j C̄_j}",
    "12.5": "C = A ∘ B:  Ā = C̄ ∘ {other:B},  B̄ = C̄ ∘ {other:A}",
    "12.6": "c = Σ_j A_j:  Ā_j = {each:c̄}",
}


# The book's chapters with numbered equations: (6.1) is in the one that begins with 06.
CHAPTERS = (
    "01-forward",
    "02-nonlinearities",
    "03-losses",
    "04-delta",
    "05-step-1",
    "06-step-2",
    "07-step-3",
    "08-batches",
    "09-gradient-checking",
    "10-training",
    "11-deep",
    "12-graphs",
)


def chapter_of(number: str) -> str:
    """The chapter in which an equation of the book stands: "06-step-2" for "6.1"."""
    return CHAPTERS[int(number.split(".")[0]) - 1]


class Marked(NamedTuple):
    """An equation: its number in the book, or ""; its text in pieces, each with whether it is marked."""

    number: str
    pieces: tuple[tuple[str, bool], ...]

    @property
    def text(self) -> str:
        """The equation without marks."""
        return "".join(text for text, _marked in self.pieces)


def marked(equation: str, terms: Collection[str]) -> Marked:
    """An equation by its number in the book, or as a text with terms, with these terms marked.

    Where it has none of them, all that stands right of its = is marked; without terms nothing is.
    """
    text = _(EQUATIONS.get(equation, equation))
    number = equation if equation in EQUATIONS else ""
    pieces: list[tuple[str, bool]] = []
    end = 0
    for found in TERM.finditer(text):
        pieces += [(text[end : found.start()], False), (found[2], found[1] in terms)]
        end = found.end()
    pieces.append((text[end:], False))
    if terms and not any(is_marked for _text, is_marked in pieces):
        left, equals, right = "".join(piece for piece, _marked in pieces).partition(" = ")
        pieces = [(left + equals, False), (right, True)]
    return Marked(number, _joined(pieces))


def _joined(pieces: list[tuple[str, bool]]) -> tuple[tuple[str, bool], ...]:
    """Neighbours that are alike as one piece; a space between two marked ones is marked too."""
    joined: list[tuple[str, bool]] = []
    for i, (text, is_marked) in enumerate(pieces):
        between = text.isspace() and joined and joined[-1][1] and any(m for _text, m in pieces[i + 1 : i + 2])
        if joined and (joined[-1][1] == is_marked or between):
            joined[-1] = (joined[-1][0] + text, joined[-1][1])
        elif text:
            joined.append((text, is_marked))
    return tuple(joined)
