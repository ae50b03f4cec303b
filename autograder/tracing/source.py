"""Where an operation stands in the author's file, and what the author calls it.

An operation is found by the exact positions of its expression in each of the author's frames
(co_positions), which is the same in every turn of a loop; the names are read off the syntax tree once.
"""

import ast
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from inspect import findsource, getsourcelines
from itertools import islice
from textwrap import dedent
from types import CodeType, FrameType, FunctionType
from typing import Any, TypeAlias

from autograder._language import _

# (first line, last line, first column, last column), as both code objects and syntax trees count them.
Span: TypeAlias = tuple[int, int, int, int]


@dataclass(frozen=True)
class SourcePlace:
    """One expression of the author's: its text, its name, the texts of its operands."""

    text: str
    name: str = ""
    operands: tuple[str, ...] = ()
    line: int = 0
    returned: bool = False
    # of a, b = split(...): one for each part
    names: tuple[str, ...] = ()


@dataclass
class Author:
    """The author's file, as far as it is known: one function, and the others beside it that it calls."""

    function: Callable[..., Any]
    _places: dict[tuple[str, Span], SourcePlace] = field(default_factory=dict)
    _read: set[CodeType] = field(default_factory=set)
    _spans: dict[tuple[CodeType, int], Span] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.filename = self.function.__code__.co_filename
        self.read(self.function)

    @property
    def is_read(self) -> bool:
        """Is there a text to quote?"""
        return bool(self._places)

    def read(self, function: Callable[..., Any]) -> None:
        """Take a function's text in; nothing happens where its source can't be had."""
        code = getattr(function, "__code__", None)
        if code is None or code in self._read:
            return
        self._read.add(code)
        try:
            trees, text, first, indent = parsed(function)
        except (OSError, TypeError, SyntaxError):
            return
        for tree in trees:
            for span, place in _places(tree, text):
                moved = (span[0] + first - 1, span[1] + first - 1, span[2] + indent, span[3] + indent)
                self._places.setdefault((code.co_filename, moved), place)

    def site(self, op: str) -> tuple[Any, ...]:
        """The spans of the expressions that are being computed, innermost first, and the operation."""
        spans = tuple((code.co_name, self._span(code, lasti)) for code, lasti in self._frames())
        return (op, *spans)

    def line(self) -> str:
        """ " (line 5)": where the author's own code is just now."""
        for code, lasti in self._frames():
            return _(" (line {line})", line=self._span(code, lasti)[0])
        return ""

    def place(self, site: tuple[Any, ...]) -> SourcePlace:
        """What is known of a site; its name is that of the innermost frame, or of the call that led there."""
        # An entry of a list of arguments stands in no frame: its site has the list's name.
        frames = [frame for frame in site[1:] if not isinstance(frame, str)]
        found = [self._places.get((self.filename, span)) for _, span in frames]
        if not found or found[0] is None:
            return SourcePlace("")
        inner, name = found[0], found[0].name
        # A helper's result bears the name that its caller gives it.
        for outer in found[1:]:
            if not inner.returned or outer is None:
                break
            name, inner = outer.name, outer
        return SourcePlace(
            found[0].text, name, found[0].operands, found[0].line, inner.returned, found[0].names
        )

    def _frames(self) -> Iterator[tuple[CodeType, int]]:
        frame: FrameType | None = sys._getframe(1)
        while frame is not None:
            code = frame.f_code
            if code.co_filename == self.filename and not code.co_name.startswith("<module"):
                yield code, frame.f_lasti
                if code is self.function.__code__:
                    return
            frame = frame.f_back

    def _span(self, code: CodeType, lasti: int) -> Span:
        key = (code, lasti)
        if key not in self._spans:
            first, last, start, end = next(islice(code.co_positions(), lasti // 2, None))
            self._spans[key] = (first or 0, last or 0, start or 0, end or 0)
        return self._spans[key]


def parsed(function: Any) -> tuple[list[ast.AST], str, int, int]:
    """A function's trees, their text, the number of its first line, and how far it is indented; OSError,
    TypeError, SyntaxError where its text can't be had.

    A lambda's lines are no program: it is found in its whole file, one that begins in the same line with it.
    """
    if function.__name__ == "<lambda>":
        text, line = "".join(findsource(function)[0]), function.__code__.co_firstlineno
        found = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Lambda))
        return [node for node in found if node.lineno == line], text, 1, 0
    lines, first = getsourcelines(function)
    text = dedent("".join(lines))
    return [ast.parse(text)], text, first, len(lines[0]) - len(lines[0].lstrip())


def _span_of(node: Any) -> Span:
    return (node.lineno, node.end_lineno, node.col_offset, node.end_col_offset)


def _places(tree: ast.AST, text: str) -> Iterator[tuple[Span, SourcePlace]]:
    """Every expression that may be an operation, with its name and its operands' texts."""
    names: dict[Span, str] = {}
    parts: dict[Span, tuple[str, ...]] = {}
    returned: set[Span] = set()

    def segment(node: ast.AST) -> str:
        return " ".join((ast.get_source_segment(text, node) or "").split())

    def give(target: ast.AST, value: ast.AST) -> None:
        if isinstance(target, (ast.Tuple, ast.List)) and isinstance(value, (ast.Tuple, ast.List)):
            for one, other in zip(target.elts, value.elts, strict=False):
                give(one, other)
        elif isinstance(target, (ast.Tuple, ast.List)):
            parts[_span_of(value)] = tuple(segment(item) for item in target.elts)
        elif isinstance(target, (ast.Name, ast.Subscript, ast.Attribute)):
            names[_span_of(value)] = segment(target)

    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                give(target, node.value)
        elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)) and node.value is not None:
            give(node.target, node.value)
        elif isinstance(node, ast.AugAssign):
            names[_span_of(node)] = segment(node.target)
        elif isinstance(node, ast.Return) and node.value is not None:
            returned.add(_span_of(node.value))
            if isinstance(node.value, ast.Tuple):
                returned |= {_span_of(item) for item in node.value.elts}
    for node in ast.walk(tree):
        operands: tuple[ast.AST, ...] | None = None
        if isinstance(node, ast.BinOp):
            operands = (node.left, node.right)
        elif isinstance(node, ast.AugAssign):
            operands = (node.target, node.value)
        elif isinstance(node, ast.UnaryOp):
            operands = (node.operand,)
        elif isinstance(node, (ast.Subscript, ast.Attribute)):
            operands = (node.value,)
        elif isinstance(node, ast.Call):
            operands = tuple(node.args)
            if isinstance(node.func, ast.Attribute) and segment(node.func.value) not in (
                "np",
                "numpy",
                "np.linalg",
            ):
                operands = (node.func.value, *operands)
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
            # out[i] = value: the instruction stands at the target.
            target = node.targets[0]
            yield (
                _span_of(target),
                SourcePlace(
                    segment(node),
                    segment(target.value),
                    (segment(target.value), segment(node.value)),
                    target.lineno,
                ),
            )
            continue
        if operands is not None:
            span = _span_of(node)
            yield (
                span,
                SourcePlace(
                    segment(node),
                    names.get(span, ""),
                    tuple(segment(o) for o in operands),
                    node.lineno,  # type: ignore[attr-defined]
                    span in returned,
                    parts.get(span, ()),
                ),
            )


def functions_beside(function: Callable[..., Any]) -> dict[str, FunctionType]:
    """The functions of the same file that its globals know, by name."""
    mine = function.__code__.co_filename
    return {
        name: value
        for name, value in function.__globals__.items()
        if isinstance(value, FunctionType) and value.__code__.co_filename == mine
    }
