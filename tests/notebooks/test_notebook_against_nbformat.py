"""Our reader against nbformat: what nbformat reads and finds valid, ours reads to the same cells."""

import json

import nbformat
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.notebooks.notebook import read_notebook

# A file in UTF-8 can hold any of them; NUL and carriage returns are in.
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
SOURCE = st.lists(TEXT | st.sampled_from(["x = 1", "# ", "\r", "\r\n", "\x0c", "\u2028"]), max_size=5).map(
    "\n".join
)
VALUE = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)
METADATA = st.fixed_dictionaries(
    {},
    optional={
        "tags": st.lists(st.from_regex(r"[^,]{1,9}", fullmatch=True), max_size=3, unique=True),
        "nbgrader": st.dictionaries(st.sampled_from(["grade_id", "grade", "points", "odd"]), VALUE),
        "odd": VALUE,
        "collapsed": st.booleans(),
    },
)
STREAM = {"output_type": "stream", "name": "stdout", "text": "1\n2\n"}
ERROR = {"output_type": "error", "ename": "E", "evalue": "e", "traceback": ["a", "b"]}
OUTPUTS = st.lists(st.sampled_from([STREAM, ERROR]), max_size=2)
IDS = st.lists(st.from_regex(r"[a-zA-Z0-9_-]{1,64}", fullmatch=True), min_size=8, max_size=8, unique=True)


def a_cell(kind):
    parts = {"cell_type": st.just(kind), "metadata": METADATA, "source": SOURCE}
    if kind == "code":
        parts |= {"execution_count": st.none() | st.integers(0, 99), "outputs": OUTPUTS}
    return st.fixed_dictionaries(parts)


CELLS = st.lists(st.sampled_from(["code", "markdown", "raw"]).flatmap(a_cell), max_size=8)


def in_lines(cell, name):
    """As a file has it: a list of lines."""
    return cell | {name: cell[name].splitlines(keepends=True)}


def cleaned(source):
    """What ours changes on purpose: no program can hold a NUL, and each line ends in a line feed."""
    return source.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")


def compare(content):
    """nbformat finds the file valid, and ours has the same cells."""
    text = json.dumps(content)
    theirs = nbformat.reads(text, as_version=4)
    nbformat.validate(theirs)
    ours = read_notebook(text.encode())
    assert [(cell.cell_type, cell.source) for cell in ours.cells] == [
        (cell.cell_type, cleaned(cell.source)) for cell in theirs.cells
    ]
    for cell, other in zip(ours.cells, theirs.cells, strict=True):
        assert cell.tags == tuple(other.metadata.get("tags", ()))
        assert cell.nbgrader == other.metadata.get("nbgrader", {})
    return ours, theirs


@settings(max_examples=100, deadline=None)
@given(CELLS, IDS, st.booleans())
def test_nbformat_4_5(cells, ids, lines):
    cells = [cell | {"id": id} for cell, id in zip(cells, ids, strict=False)]
    if lines:
        cells = [in_lines(cell, "source") for cell in cells]
    ours, _ = compare({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    assert [cell.cell_id for cell in ours.cells] == [cell["id"] for cell in cells]


@settings(max_examples=60, deadline=None)
@given(CELLS, st.integers(0, 4), st.booleans())
def test_nbformat_4_before_cells_had_ids(cells, minor, lines):
    if lines:
        cells = [in_lines(cell, "source") for cell in cells]
    compare({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": minor})


def an_old_cell(kind):
    if kind == "code":
        return st.fixed_dictionaries(
            {
                "cell_type": st.just("code"),
                "language": st.just("python"),
                "metadata": st.just({}),
                "collapsed": st.booleans(),
                "input": SOURCE,
                "outputs": st.just([]),
            }
        )
    parts = {"cell_type": st.just(kind), "metadata": st.just({}), "source": SOURCE}
    if kind == "heading":
        parts["level"] = st.integers(1, 6)
    return st.fixed_dictionaries(parts)


OLD_CELLS = st.lists(
    st.sampled_from(["code", "markdown", "raw", "html", "heading"]).flatmap(an_old_cell), max_size=6
)


@settings(max_examples=100, deadline=None)
@given(st.lists(OLD_CELLS, min_size=1, max_size=1), st.booleans())
def test_nbformat_3(sheets, lines):
    def as_filed(cell):
        return in_lines(cell, "input" if cell["cell_type"] == "code" else "source") if lines else cell

    worksheets = [{"cells": [as_filed(cell) for cell in cells], "metadata": {}} for cells in sheets]
    compare({"metadata": {"name": ""}, "nbformat": 3, "nbformat_minor": 0, "worksheets": worksheets})
