"""An examination on paper in two variants with their keys, drawn from a seed: make exam SEED=spring-2027

    python tools/exam.py --seed spring-2027      _build/exam/A.html and .pdf, A-key, B, B-key

DELTABOOK_LANGUAGE=es makes it of the texts in exam/es/; in a language that has none it is English.
No answer is stored: the seed draws two networks of whole numbers, as hard as each other, and the keys are
computed from them by the book's own recipe. Who has the seed has the keys: keep it until the term is over.
"""

import argparse
import hashlib
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup
from numpy.typing import NDArray

import backprop as recipe
from autograder._language import ENGLISH, language, localised, right_to_left

sys.path.insert(0, str(Path(__file__).parent))
import slides

ROOT = Path(__file__).resolve().parents[1]
SOURCE, OUT = ROOT / "exam", ROOT / "_build" / "exam"
VARIANTS = ("A", "B")
PART = {"forward": 6, "loss": 2, "step_1": 3, "step_2": 6, "step_3": 8, "mistake": 4, "words": 4}


@dataclass(frozen=True)
class Network:
    """A 2-3-2 network with one example; by layer, as in the book."""

    W: dict[int, NDArray]
    b: dict[int, NDArray]
    X: NDArray
    Y: NDArray


@dataclass(frozen=True)
class Run:
    """What the recipe gives on it; back: (W2)^T delta2, gate: g'(z1)."""

    Z: dict[int, NDArray]
    A: dict[int, NDArray]
    L: float
    delta: dict[int, NDArray]
    back: NDArray
    gate: NDArray
    dW: dict[int, NDArray]


def run(net: Network) -> Run:
    """The forward pass, the loss and the three steps."""
    Z, A = recipe.forward(net.W, net.b, net.X, "relu", "identity")
    delta = recipe.all_deltas(net.W, Z, A, net.Y, "relu", "identity")
    dW, _ = recipe.backprop(net.W, Z, A, net.Y, "relu", "identity")
    back = net.W[2].T @ delta[2]
    return Run(Z, A, recipe.loss("identity", Z[2], net.Y), delta, back, recipe.g_prime("relu", Z[1]), dW)


def fair(net: Network) -> bool:
    """Small numbers, one gate of three shut, and each number worth computing."""
    done = run(net)
    gate, delta = done.gate.ravel(), np.abs(done.delta[2]).ravel()
    return bool(
        gate.sum() == 2
        and (done.Z[1] != 0).all()
        and (np.abs(done.Z[1]) <= 9).all()
        and (np.abs(done.Z[2]) <= 12).all()
        and (delta > 0).all()
        and (delta <= 3).all()
        and delta[0] != delta[1]
        and (done.back != 0).all()
        and (np.abs(done.back) <= 9).all()
        and np.count_nonzero(net.W[1]) >= 5
        and np.count_nonzero(net.W[2]) >= 5
    )


def draw(seed: str, variant: str) -> Network:
    """The variant's network of this seed."""
    digest = hashlib.sha256(f"exam {seed} {variant}".encode()).digest()
    rng = np.random.default_rng(int.from_bytes(digest[:16], "big"))

    def whole(rows: int, columns: int, most: int) -> NDArray:
        return rng.integers(-most, most + 1, (rows, columns)).astype(float)

    while True:
        W, b = {1: whole(3, 2, 3), 2: whole(2, 3, 3)}, {1: whole(3, 1, 2), 2: whole(2, 1, 2)}
        X = rng.choice([-2.0, -1.0, 1.0, 2.0, 3.0], (2, 1))
        _, A = recipe.forward(W, b, X, "relu", "identity")
        net = Network(W, b, X, A[2] - whole(2, 1, 3))
        if fair(net):
            return net


def number(v: float) -> str:
    """As one writes it by hand, in TeX: no point where there are no decimals, and 2{,}5 in Spanish."""
    written = f"{v:g}"
    return localised(written).replace(",", "{,}") if sheet_language() != ENGLISH else written


def sheet_language() -> str:
    """The language in use where exam/ has its texts, else English."""
    return language() if (SOURCE / language()).is_dir() else ENGLISH


def tex(matrix: NDArray) -> str:
    """A matrix in TeX."""
    rows = r" \\ ".join(" & ".join(number(v) for v in row) for row in matrix)
    return rf"\begin{{pmatrix}}{rows}\end{{pmatrix}}"


def sheet(template: str, seed: str, variant: str) -> str:
    """A variant's paper or key as a page."""
    net = draw(seed, variant)
    done = run(net)
    # Markdown is made, which slides.markdown escapes.
    code = sheet_language()
    source = SOURCE if code == ENGLISH else SOURCE / code
    texts = Environment(loader=FileSystemLoader(source), undefined=StrictUndefined, autoescape=False)
    text = texts.get_template(f"{template}.md.j2").render(
        variant=variant,
        points=sum(PART.values()),
        part=PART,
        net=net,
        run=done,
        wrong=done.back,
        L=number(done.L),
        shut=int(np.flatnonzero(done.gate == 0)[0]) + 1,
        tex=tex,
    )
    pages = Environment(loader=FileSystemLoader(slides.TEMPLATES), autoescape=select_autoescape())
    return pages.get_template("exam.html.j2").render(
        language=code,
        direction="rtl" if right_to_left(code) else "ltr",
        title=text.splitlines()[0].removeprefix("# "),
        text=slides.markdown(text),
        style=Markup((slides.TEMPLATES / "exam.css").read_text(encoding="utf-8")),
        script=Markup((slides.TEMPLATES / "slides.js").read_text(encoding="utf-8")),
    )


def main(arguments: list[str] | None = None) -> int:
    """0; 2 where no seed is given."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", required=True, help="any words: the same give the same examination")
    parser.add_argument("--to", type=Path, default=OUT, help="a folder (default: _build/exam)")
    given = parser.parse_args(arguments)
    if not given.seed.strip():
        print("exam: give a seed, for example: make exam SEED=spring-2027", file=sys.stderr)
        return 2
    given.to.mkdir(parents=True, exist_ok=True)
    names = []
    for variant in VARIANTS:
        for template, name in (("paper", variant), ("key", f"{variant}-key")):
            (given.to / f"{name}.html").write_text(sheet(template, given.seed, variant), encoding="utf-8")
            names.append(name)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if slides.MATHJAX.is_dir():
        shutil.copytree(slides.MATHJAX, given.to / "mathjax", dirs_exist_ok=True)
    if chromium and slides.MATHJAX.is_dir():
        slides.print_pages(given.to, [(f"{name}.html", f"{name}.pdf") for name in names], chromium)
    else:
        print(
            "exam: pages only; Chromium and MathJax (make book brings it) make PDFs of them", file=sys.stderr
        )
    print(f"The examination: {', '.join(names)} in {given.to}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
