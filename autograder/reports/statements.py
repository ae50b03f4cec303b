"""Code as a list of statements, each in a form that renaming, comments, brackets and layout don't change."""

import ast
import builtins
import io
import keyword
import re
import sys
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

# Characters of a cell, and of a notebook's cells together: more is not read, for no exercise needs it.
MAX_CODE = 40_000
MAX_NOTEBOOK = 100_000
# Tokens of a notebook, and of one statement: comparing two takes a time that grows with their product.
MAX_TOKENS, MAX_STATEMENT = 10_000, 1_000
# Characters of a line of what is no Python: at each quote in it the tokenizer looks for its end.
MAX_LINE = 1_000
# Sources whose statements are kept, and how long they may be: cells that many have are short.
KEPT_SOURCES, LONGEST_KEPT = 1_024, 2_000
# Of brackets and blocks, before a parser sees the code: hostile code can bring one down.
MAX_NESTING = 60
KEPT_NAMES = frozenset(dir(builtins)) | frozenset(keyword.kwlist) | {"np", "numpy", "math"}
MAX_LINES = 20_000
# A line of IPython's: a magic, a shell command, a question.
MAGIC = re.compile(r"\s*(?:[%!?]|(?:[A-Za-z_][\w.]*\s*=\s*)[%!])|.*[^\s?]\?{1,2}\s*$")
SKIPPED = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.ENCODING,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}


@dataclass(frozen=True)
class Statement:
    """One statement: its tokens with names numbered in order of appearance, and the line it begins on (from
    1). parsed: it stands in code that is Python; else it is a line as it was found.
    """

    tokens: tuple[str, ...]
    line: int
    parsed: bool = True


def joined(cells: Sequence[str]) -> str:
    """Cells as one text: what a statement's line counts in."""
    return "\n\n".join(cells)


def beginning(cells: Sequence[str]) -> list[str]:
    """So much of a notebook's code as is looked at."""
    left = MAX_NOTEBOOK
    found = []
    for cell in cells:
        if left <= 0:
            break
        found.append(cell[:left])
        left -= len(cell) + 1
    return found


def cell_statements(cells: Sequence[str]) -> tuple[Statement, ...]:
    """The statements of a notebook's code, cell by cell: a cell that is no Python costs the others nothing.
    IPython's magics and shell lines are nobody's own and count as empty lines.
    """
    found: list[Statement] = []
    first, left = 0, MAX_TOKENS
    for cell in beginning(cells):
        plain = "\n".join("" if MAGIC.match(line) else line for line in cell.split("\n"))
        for each in statements(plain):
            left -= min(len(each.tokens), MAX_STATEMENT)
            if left >= 0:
                found.append(replace(each, tokens=each.tokens[:MAX_STATEMENT], line=each.line + first))
        first += cell.count("\n") + 2
        if first > MAX_LINES or left < 0:
            break
    return tuple(found)


def statements(source: str) -> tuple[Statement, ...]:
    """The statements of a source in order; of no Python, its lines, as far as they have tokens, marked so."""
    return _kept_statements(source) if len(source) <= LONGEST_KEPT else _statements(source[:MAX_CODE])


@lru_cache(maxsize=KEPT_SOURCES)
def _kept_statements(source: str) -> tuple[Statement, ...]:
    return _statements(source)


def _statements(source: str) -> tuple[Statement, ...]:
    if _depth(source) <= MAX_NESTING:
        try:
            found = list(_headers(ast.parse(source)))
            return tuple(Statement(tokens, line) for text, line in found if (tokens := normal(text)))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            # Not Python: by tokens, line by line
            pass
    lines = source.split("\n")
    return tuple(
        Statement(tokens, number, parsed=False)
        for number, text in enumerate(lines, start=1)
        if (tokens := normal(text[:MAX_LINE]))
    )


def normal(text: str) -> tuple[str, ...]:
    """The tokens of one statement, names numbered as they appear; attributes and builtins keep theirs."""
    numbers: dict[str, str] = {}
    tokens: list[str] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type in SKIPPED or not token.string.strip():
                continue
            word = token.string
            renamed = (
                token.type == tokenize.NAME and word not in KEPT_NAMES and (not tokens or tokens[-1] != ".")
            )
            # Interned: the same few words make up a whole class's code.
            tokens.append(sys.intern(numbers.setdefault(word, f"name{len(numbers)}") if renamed else word))
    except (tokenize.TokenError, IndentationError, SyntaxError):
        # What came before the break counts
        pass
    return tuple(tokens)


def _depth(source: str) -> int:
    """The deepest nesting of brackets, indentation and unary chains, counted without a parser."""
    depth = deepest = run = 0
    for character in source:
        depth += (character in "([{") - (character in ")]}")
        run = run + 1 if character in "-~+ \t" else 0
        deepest = max(deepest, depth, run)
    return deepest


def _headers(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Each statement as text without its body, docstrings left out."""
    waiting: list[ast.stmt] = tree.body[::-1]
    while waiting:
        node = waiting.pop()
        blocks = [
            getattr(node, name)
            for name in ("body", "orelse", "finalbody")
            if isinstance(getattr(node, name, None), list)
        ]
        blocks += [handler.body for handler in getattr(node, "handlers", [])]
        blocks += [case.body for case in getattr(node, "cases", [])]
        for block in blocks[::-1]:
            waiting += block[::-1]
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            # A docstring, or nothing
            continue
        if blocks:
            for name in ("body", "orelse", "finalbody", "handlers", "cases"):
                if hasattr(node, name):
                    setattr(node, name, [])
        yield ast.unparse(node).rstrip(":\n "), node.lineno
