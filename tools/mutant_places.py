"""The places of a file that tools/mutants.py changes, and what stands there then.

The changes are Cosmic Ray's, and one of ours. What never runs, or what nobody could see, is left alone:
annotations, checks for types, and the frozen=, slots= and eq= of a dataclass, which guard against code that
is not written.
"""

import ast
import difflib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import parso
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator

ROOT = Path(__file__).resolve().parents[1]


class ConditionNeverTrue(Operator):
    """The body of an `if` never runs: is the guard needed?"""

    def mutation_positions(self, node):
        if isinstance(node, parso.python.tree.IfStmt):
            yield node.children[1].start_pos, node.children[1].end_pos

    def mutate(self, node, index):
        node.children[1] = parso.parse(" False")
        return node

    @classmethod
    def examples(cls):
        return ()


# One change of each operator, not all of Cosmic Ray's eleven: the others are noticed by the same tests.
SWAPS = {
    "Binary": "Add_Sub Sub_Add Mul_Div Div_Mul FloorDiv_Div Mod_Mul Pow_Mul LShift_RShift RShift_LShift "
    "BitOr_BitAnd BitAnd_BitOr BitXor_BitAnd",
    "Comparison": "Eq_NotEq NotEq_Eq Lt_LtE LtE_Lt Gt_GtE GtE_Gt Is_IsNot IsNot_Is",
    "Unary": "Delete_Not Delete_USub Delete_Invert",
}
NAMES = [f"Replace{kind}Operator_{swap}" for kind, swaps in SWAPS.items() for swap in swaps.split()]
NAMES += ["AddNot", "ReplaceAndWithOr", "ReplaceOrWithAnd", "ReplaceTrueWithFalse", "ReplaceFalseWithTrue"]
NAMES += ["ReplaceBreakWithContinue", "ReplaceContinueWithBreak", "ExceptionReplacer", "NumberReplacer"]
NAMES += ["RemoveDecorator", "ZeroIterationForLoop"]
OPERATORS = {name: get_operator(f"core/{name}")() for name in NAMES} | {
    "ConditionNeverTrue": ConditionNeverTrue()
}


@dataclass(frozen=True)
class Mutant:
    """One change: the operator's n-th place in a file, its line, and the lines of its statement or head.

    in_function: does its statement stand in a function's body? uses: else the lines of the body below its
    head, or those that name what it defines.
    """

    file: str
    operator: str
    occurrence: int
    line: int
    statement: tuple[int, int]
    in_function: bool
    uses: frozenset[int] = frozenset()

    def text(self) -> str:
        """The whole file, changed."""
        source = (ROOT / self.file).read_text(encoding="utf-8")
        return mutate_code(source, OPERATORS[self.operator], self.occurrence)

    def diff(self) -> str:
        """What is changed, as a unified diff with one line around it."""
        before = (ROOT / self.file).read_text(encoding="utf-8").splitlines()
        lines = difflib.unified_diff(
            before, self.text().splitlines(), self.file, self.operator, n=1, lineterm=""
        )
        return "\n".join(lines)


GUARDS = ("frozen", "slots", "eq")


def left_alone(source: str) -> set[tuple[int, int]]:
    """Where an annotation, a check for types or a dataclass's guard stands, in lines and columns."""
    spans = []
    for node in ast.walk(ast.parse(source)):
        for name in ("annotation", "returns"):
            if isinstance(part := getattr(node, name, None), ast.AST):
                spans.append(part)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            spans.append(node)
        if isinstance(node, ast.keyword) and node.arg in GUARDS:
            spans.append(node.value)
    return {
        (line, column)
        for part in spans
        for line in range(part.lineno, part.end_lineno + 1)
        for column in range(
            part.col_offset if line == part.lineno else 0,
            part.end_col_offset if line == part.end_lineno else 200,
        )
    }


def statements(source: str) -> dict[int, tuple[int, int]]:
    """For each line the first and last line of its statement; of a block, of its head alone."""
    found: dict[int, tuple[int, int]] = {}
    # From the outside inwards
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.stmt | ast.ExceptHandler):
            first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
            body = getattr(node, "body", None)
            last = max(node.lineno, body[0].lineno - 1) if body else node.end_lineno or node.lineno
            found.update(dict.fromkeys(range(first, last + 1), (first, last)))
    return found


def in_functions(source: str) -> set[int]:
    """The lines of all functions' bodies."""
    return {
        line
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef)
        for line in range(node.body[0].lineno, (node.end_lineno or 0) + 1)
    }


def uses(source: str) -> dict[int, frozenset[int]]:
    """For each line of a head its body, of an assignment the lines with the names that it gives."""
    found: dict[int, frozenset[int]] = {}
    lines = list(enumerate(source.splitlines(), start=1))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            body = frozenset(range(node.body[0].lineno, (node.end_lineno or 0) + 1))
            found.update(dict.fromkeys(range(first, node.body[0].lineno), body))
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = {n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name)}
            here = frozenset(n for n, text in lines if names & set(re.findall(r"\w+", text)))
            found.update(dict.fromkeys(range(node.lineno, (node.end_lineno or 0) + 1), here))
    return found


def mutants(file: str) -> Iterator[Mutant]:
    """Every change of a file, in the order of the places."""
    source = (ROOT / file).read_text(encoding="utf-8")
    idle, heads, inside, used = left_alone(source), statements(source), in_functions(source), uses(source)
    count: Counter[str] = Counter()
    for node in ast_nodes(get_ast(source)):
        for name, operator in OPERATORS.items():
            for start, _ in operator.mutation_positions(node):
                if tuple(start) not in idle:
                    head = heads[start[0]]
                    there = used.get(head[0], frozenset())
                    yield Mutant(file, name, count[name], start[0], head, head[0] in inside, there)
                count[name] += 1


def equivalents(settings: dict[str, Any], every: list[Mutant]) -> dict[Mutant, str]:
    """The changes that are listed as altering nothing, with the reason. SystemExit if an entry fits none."""
    found: dict[Mutant, str] = {}
    wrong = []
    for entry in settings.get("equivalent", []):
        fitting = [
            mutant
            for mutant in every
            if (mutant.file, mutant.operator) == (entry["file"], entry["operator"])
            and (ROOT / mutant.file).read_text("utf-8").splitlines()[mutant.line - 1].strip() == entry["line"]
        ]
        found.update(dict.fromkeys(fitting, entry["reason"]))
        if not fitting:
            wrong.append(
                f"mutants: tools/mutants.toml: {entry['file']} has no place like this for "
                f"{entry['operator']}: {entry['line']}"
            )
    if wrong:
        raise SystemExit("\n".join(wrong))
    return found
