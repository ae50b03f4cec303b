import inspect
import textwrap
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.reports.similar_pairs import Pair, find_similar_pairs, given_code, groups
from autograder.reports.statements import (
    LONGEST_KEPT,
    MAX_TOKENS,
    _kept_statements,
    cell_statements,
    joined,
    normal,
    statements,
)
from tests.support import right_variants

# gradient_check's variants come from one template: copies of each other, which is what would be found.
STYLES = {
    id: [textwrap.dedent(inspect.getsource(f)).split("\n", 1)[1] for f in functions]
    for id, functions in right_variants.RIGHT.items()
    if id != "gradient_check"
}
OWN = """
def hidden_delta(W_next, delta_next, z, hidden):
    rows, columns = z.shape
    blame_of_units = [[0.0] * columns for _ in range(rows)]
    for example in range(columns):
        column = delta_next[:, example]
        for unit in range(rows):
            arriving = 0.0
            for above, blame in enumerate(column):
                arriving = arriving + blame * W_next[above][unit]
            blame_of_units[unit][example] = arriving * g_prime(
                hidden, z[unit:unit + 1, example:example + 1]
            ).item()
    return np.array(blame_of_units)
"""


def disguised(code):
    for old, new in (
        ("blame_of_units", "res"),
        ("example", "k"),
        ("unit", "p"),
        ("arriving", "s"),
        ("column", "q"),
    ):
        code = code.replace(old, new)
    return "# all mine\n" + code.replace("    ", "  ").replace("return ", "return  ") + "\n\n\nprint('ok')\n"


@pytest.mark.parametrize("id", STYLES)
def test_answers_written_independently_are_not_alike(id):
    sources = {f"student{n}": source for n, source in enumerate(STYLES[id])}
    assert find_similar_pairs(id, sources, given_code(), 0.5) == []


def test_the_short_formula_is_forced_however_many_write_it():
    sources = {
        f"s{n}": "def hidden_delta(W_next, delta_next, z, hidden):\n"
        "    return (W_next.T @ delta_next) * g_prime(hidden, z)\n"
        for n in range(3)
    }
    assert find_similar_pairs("06-step-2", sources, [], 0.5) == []


def test_a_renamed_copy_is_found_with_its_lines():
    sources = {"ada": OWN, "ben": disguised(OWN)}
    sources |= {f"s{n}": source for n, source in enumerate(STYLES["hidden_delta"])}
    (pair,) = find_similar_pairs("06-step-2", sources, given_code())
    assert (pair.first, pair.second) == ("ada", "ben")
    assert pair.likeness > 0.95
    assert len(pair.lines) >= 6
    mine, theirs = OWN.split("\n"), sources["ben"].split("\n")
    assert all(normal(mine[a - 1].strip())[:1] == normal(theirs[b - 1].strip())[:1] for a, b in pair.lines)


def test_what_everybody_was_given_does_not_count():
    assert find_similar_pairs("x", {"ada": OWN, "ben": OWN}, [OWN]) == []


def test_what_many_wrote_does_not_count():
    assert find_similar_pairs("x", {f"s{n}": OWN for n in range(5)}, []) == []
    assert len(find_similar_pairs("x", {f"s{n}": OWN for n in range(3)}, [])) == 3


def test_pairs_are_joined_to_groups():
    def pair(a, b, assignment="x", likeness=1.0):
        return Pair(assignment, a, b, likeness, 99, ())

    found = groups([pair("a", "b"), pair("c", "d"), pair("b", "c", likeness=0.9), pair("a", "b", "y")])
    assert sorted(found) == [("x", ("a", "b", "c", "d"), 0.9), ("y", ("a", "b"), 1.0)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x = a+b # sum", "y=(c + d)"),
        ("def f(a, b):\n    '''doc'''\n    return a@b", "def h(p, q):\n  return p @ q"),
        ("for i in range(3): pass", "for k in range(3):\n    pass"),
    ],
)
def test_names_layout_and_comments_do_not_count(one, other):
    assert [s.tokens for s in statements(one)] == [s.tokens for s in statements(other)]


@pytest.mark.parametrize(
    "source",
    [
        "(" * 5000,
        "-" * 20000 + "1",
        "x = " + "[" * 300 + "]" * 300,
        "if 1:\n" + " " * 9999 + "x",
        "\0",
        "def f(:\n  x = 1",
    ],
)
def test_hostile_code_is_only_text(source):
    assert isinstance(statements(source), tuple)


def test_code_that_is_no_python_is_compared_line_by_line():
    found = statements("%matplotlib inline\nx = w[0] + b(")
    assert [s.line for s in found] == [1, 2]


@given(st.text(max_size=200))
def test_any_text_is_read(source):
    assert all(s.tokens and s.line >= 1 for s in statements(source))


INSTALL = "%pip install deltabook\nimport numpy as np\nfrom autograder import check\n"
FIRST = {f"s{n}": source for n, source in enumerate(STYLES["hidden_delta"][:3])}


MAGICS = ["%pip install x", "!pip install x", "files = !ls", "hidden_delta?", "%%time"]


@pytest.mark.parametrize("line", MAGICS)
def test_a_magic_is_nobodys_own_and_costs_no_parser(line):
    (found,) = cell_statements([f"{line}\nx = w[0] + b\n"])
    assert (found.line, found.parsed) == (2, True)


def test_whoever_installs_as_they_are_told_is_like_nobody():
    """The line for installing stood in the first cell: everything after it was compared as bare text."""
    sources = {student: [INSTALL, source] for student, source in FIRST.items()}
    assert find_similar_pairs("06-step-2", sources, given_code(), 0.5) == []


@pytest.mark.parametrize(
    "broken", ["def f(:\n    return 1", "x = (1,", "    x = 1\n  y = 2", "'''never closed"]
)
def test_a_cell_that_is_no_python_makes_nobody_more_alike(broken):
    """Not even one that two of them have letter by letter, as long as a person's whole cell is."""
    long = "\n".join(f"value_{n} = numbers[{n}] * other[{n}] + third[{n}]" for n in range(12))
    plain = {student: [source] for student, source in FIRST.items()}
    assert find_similar_pairs("06-step-2", plain, given_code(), 0.5) == []
    odd = {student: [f"{long}\n{broken}", source] for student, source in FIRST.items()}
    assert find_similar_pairs("06-step-2", odd, given_code(), 0.5) == []


def test_a_copy_is_found_beside_a_magic_and_a_cell_that_is_no_python():
    sources = {"ada": [INSTALL, "x = (1,", OWN], "ben": ["%matplotlib inline", disguised(OWN), "def f(:"]}
    (pair,) = find_similar_pairs("06-step-2", sources, given_code())
    assert pair.likeness > 0.8
    lines = {who: joined(cells).split("\n") for who, cells in sources.items()}
    for a, b in pair.lines:
        one, other = normal(lines["ada"][a - 1].strip()), normal(lines["ben"][b - 1].strip())
        assert one[:1] == other[:1]


HOSTILE = {
    "quotes without an end": "\\'" * 19_000,
    "text in three signs": "'''\n" + "a\n" * 19_000,
    "brackets": "(" * 40_000,
    "not not": "x = " + "not " * 9_000 + "1",
    "lambdas": "x = " + "lambda:" * 5_000 + "1",
    "attributes": "x" + ".a" * 19_000,
    "a long sum": "x = " + "1+" * 19_000 + "1",
    "conditions": "x = " + "1 if 1 else " * 3_000 + "1",
    "comparisons": "x = " + "1<" * 19_000 + "1",
    "powers": "x = " + "2**" * 13_000 + "1",
    "decorators": "@a\n" * 13_000 + "def f(): pass",
    "f-strings": "x = " + "f'{x}'" * 6_000,
    "elifs": "if a: b\n" + "elif a: b\n" * 3_900,
    "tabs": "\t" * 40_000,
    "question marks": "a? " * 13_000 + "x",
    "names": "\n".join(f"q{i}=w{i}+v{i}" for i in range(2_500)),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_code_costs_a_bounded_time(kind):
    """Twenty-five cells of it; the interpreter's own time, for the machine is shared."""
    before = process_time()
    found = cell_statements([HOSTILE[kind]] * 25)
    assert process_time() - before < 5
    assert sum(len(statement.tokens) for statement in found) <= MAX_TOKENS


def test_two_who_share_very_much_are_compared_in_a_bounded_time():
    code = [f"first{i} = second{i} * third[{i}] + fourth({i}, {i + 1})\n" * 60 for i in range(200)]
    before = process_time()
    pairs = find_similar_pairs("x", {f"s{i}": code for i in range(4)}, [], 0.8)
    assert len(pairs) == 6
    assert process_time() - before < 10


def test_what_is_kept_of_sources_is_bounded_in_bytes():
    kept = _kept_statements.cache_info()
    for i in range(20):
        cell_statements([f"x{i} = " + "+".join(f"a{j}" for j in range(4_000))])
    assert _kept_statements.cache_info().currsize == kept.currsize
    assert (kept.maxsize or 0) * LONGEST_KEPT < 4 * 2**20
