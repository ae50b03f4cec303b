"""Draws docs/way-of-*.svg: through which files a submission, a chapter and a widget go.

    python tools/draw_ways.py

The ways are the data below: rows of steps, each a file or folder and what happens there. A test holds the
pictures to them, and the files to the project.
"""

import sys
from dataclasses import dataclass
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WIDTH, HEIGHT, GAP, MARGIN, TEXT = 214, 74, 30, 14, 30


@dataclass(frozen=True)
class Step:
    """One box: the file or folder, and what happens there in two short lines at most."""

    place: str
    what: str


@dataclass(frozen=True)
class Way:
    """A picture: its name in docs/, its title, and rows of steps. one: a row goes on from the one above."""

    name: str
    title: str
    rows: tuple[tuple[Step, ...], ...]
    one: bool = False


WAYS = (
    Way(
        "way-of-a-submission",
        "The way of a submission: from submitted/ to a score and a page",
        (
            (
                Step("autograder/course/submitted.py", "finds the notebook,|refuses links and pipes"),
                Step("autograder/grading/tasks.py", "what changed since|the last run"),
                Step("autograder/grading/jobs.py", "one job: JSON in,|JSON out"),
                Step("autograder/grading/pool.py", "on a process of this|machine, or on Dask"),
            ),
            (
                Step("autograder/notebooks/submission.py", "beside the released|notebook"),
                Step("autograder/sandbox/zygote.py", "forks a child that|locks itself in"),
                Step("autograder/sandbox/child.py", "runs the cells,|answers calls"),
                Step("autograder/judging/judge.py", "asks the probes,|compares"),
            ),
            (
                Step("autograder/diagnosis/assess.py", "which mistake gives|these numbers?"),
                Step("autograder/grading/public_wording.py", "says it again with|public numbers"),
                Step("autograder/feedback/view.py", "facts become words|and marks"),
                Step("autograder/grading/write_results.py", "gradebook, feedback,|autograded, record"),
            ),
        ),
        one=True,
    ),
    Way(
        "way-of-a-chapter",
        "The way of a chapter: from its source to a page whose cells run",
        (
            (
                Step("book/06-step-2.md", "text, cells, widgets|of one chapter"),
                Step("backprop/recipe.py", "the same code,|line for line"),
                Step("book/_ext/live_book/cells.py", "marks each cell for|the page"),
                Step("book/_ext/live_book/equations.py", "equation and line|linked both ways"),
            ),
            (
                Step("tools/vendor.py", "fetches Pyodide,|each file by hash"),
                Step("tools/assemble_pyodide.py", "Python and our two|packages for the page"),
                Step("book/_ext/live_book/assets.py", "scripts into|the built book"),
                Step("book/_ext/live_book/static/page.js", "gives the cells turns|with one Python"),
            ),
            (
                Step("solutions/06-step-2/06-step-2.md", "the exercises with|their solutions"),
                Step("autograder/authoring/release.py", "takes the solutions|out"),
                Step("exercises/06-step-2/06-step-2.ipynb", "what students get,|the same bytes"),
                Step("autograder/feedback/check.py", "judges in the page|and in notebooks"),
            ),
        ),
    ),
    Way(
        "way-of-a-widget",
        "The way of a widget: one view, shown in a page, in Jupyter and on paper",
        (
            (
                Step("widgets/js/w10.js", "a pure view(state):|picture, words, code"),
                Step("widgets/js/shared/recipe.js", "the mathematics in|JavaScript"),
                Step("tools/golden_vectors.py", "Python's numbers,|which it must give"),
                Step("widgets/js/shared/session.js", "state, address,|clipboard, Play"),
            ),
            (
                Step("widgets/js/host.js", "mounts it in a page|of the book"),
                Step("backprop/widgets/bundler.py", "mounts it in Jupyter,|by anywidget"),
                Step("tools/stills.mjs", "draws it for paper"),
                Step("widgets/stills/W10.svg", "shown where JavaScript|is off"),
            ),
        ),
    ),
)


def drawn(way: Way) -> str:
    """The picture as SVG; colours follow the reader's light or dark scheme."""
    columns = max(map(len, way.rows))
    width = 2 * MARGIN + columns * WIDTH + (columns - 1) * GAP
    height = 2 * MARGIN + TEXT + len(way.rows) * HEIGHT + (len(way.rows) - 1) * GAP
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" role="img" '
        f'aria-label="{escape(way.title)}" font-family="system-ui, sans-serif">',
        "<style>:root{--ink:#1b1f24;--paper:#fff;--line:#8a939c;--place:#0072b2}"
        "@media (prefers-color-scheme: dark)"
        "{:root{--ink:#e6e9ec;--paper:#14181d;--line:#7d8791;--place:#7cc4ee}}"
        "text{fill:var(--ink);font-size:13px}.place{fill:var(--place);font-weight:600;font-size:12px}"
        "rect{fill:var(--paper);stroke:var(--line)}path{stroke:var(--line);fill:none;stroke-width:1.5}</style>",
        '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        'orient="auto"><path d="M0 0 8 4 0 8z" style="fill:var(--line);stroke:none"/></marker></defs>',
        f'<text x="{MARGIN}" y="{MARGIN + 14}" style="font-size:15px;font-weight:600">'
        f"{escape(way.title)}</text>",
    ]
    for i, row in enumerate(way.rows):
        y = MARGIN + TEXT + i * (HEIGHT + GAP)
        for k, step in enumerate(row):
            x = MARGIN + k * (WIDTH + GAP)
            parts.append(f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="8"/>')
            folder, _, file = step.place.rpartition("/")
            parts.append(f'<text class="place" x="{x + 10}" y="{y + 19}">{escape(file)}</text>')
            parts.append(f'<text x="{x + 10}" y="{y + 34}" style="font-size:10.5px">{escape(folder)}/</text>')
            for n, line in enumerate(step.what.split("|")):
                parts.append(f'<text x="{x + 10}" y="{y + 51 + 15 * n}">{escape(line)}</text>')
            if k + 1 < len(row):
                parts.append(
                    f'<path d="M{x + WIDTH + 2} {y + HEIGHT / 2} h{GAP - 6}" marker-end="url(#head)"/>'
                )
        if way.one and i + 1 < len(way.rows):
            end = MARGIN + (len(row) - 1) * (WIDTH + GAP) + WIDTH / 2
            parts.append(
                f'<path d="M{end} {y + HEIGHT + 2} v{GAP / 2 - 2} H{MARGIN + WIDTH / 2} v{GAP / 2 - 3}" '
                'marker-end="url(#head)"/>'
            )
    return "\n".join([*parts, "</svg>\n"])


def main() -> int:
    """Write every picture."""
    for way in WAYS:
        (ROOT / "docs" / f"{way.name}.svg").write_text(drawn(way), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
