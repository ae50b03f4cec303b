"""Pairs of submissions that share statements which neither the task nor the class explains.

Taken away before anything is compared, cell by cell: IPython's magics, the released scaffold, the book's own
code, statements of a few tokens, and whatever many of the class wrote. What is left is a student's own.
Likeness is the share of it that is common, in the same order (rapidfuzz's Indel similarity on tokens); a pair
is shown only if there is enough of it. Code that is no Python is compared line by line, and makes nobody more
alike than the rest of their code is.
"""

import inspect
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from autograder.reports.statements import Statement, cell_statements, normal, statements

# Tokens: `return np.zeros(x)` is nobody's own
MIN_STATEMENT_TOKENS = 7
# Of the class, and never fewer than 4: what more than so many wrote, the task suggests
COMMON_SHARE = 0.06
COMMON_AT_LEAST = 4
# Tokens shared: about six lines that nothing forces
MIN_SHARED_TOKENS = 60


@dataclass(frozen=True)
class Pair:
    """Two submissions of one assignment. likeness in 0..1; shared:
    tokens; lines: (line of first, line of second).
    """

    assignment: str
    first: str
    second: str
    likeness: float
    shared: int
    lines: tuple[tuple[int, int], ...]


def given_code() -> list[str]:
    """The book's own code, which every student has read."""
    import backprop
    from backprop import activations, finite_difference, losses, network, recipe, training

    del backprop
    return [
        inspect.getsource(part)
        for part in (activations, finite_difference, losses, network, recipe, training)
    ]


def find_similar_pairs(
    assignment: str,
    sources: Mapping[str, str | Sequence[str]],
    given: Sequence[str],
    threshold: float = 0.8,
) -> list[Pair]:
    """The pairs at least `threshold` alike, most alike first. sources: student -> the cells of code, or one;
    given: code everybody has.
    """
    from rapidfuzz.distance import Indel

    forced = {statement.tokens for source in given for statement in statements(source)}
    forced |= {normal(line) for source in given for line in source.split("\n")}
    written = {
        student: cell_statements([source] if isinstance(source, str) else source)
        for student, source in sources.items()
    }
    spread = Counter(tokens for found in written.values() for tokens in {s.tokens for s in found})
    common = max(COMMON_AT_LEAST, COMMON_SHARE * len(sources))
    own = {
        student: [
            s
            for s in found
            if len(s.tokens) >= MIN_STATEMENT_TOKENS and s.tokens not in forced and spread[s.tokens] <= common
        ]
        for student, found in written.items()
    }
    where: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for student, found in own.items():
        for statement in found:
            where[statement.tokens].add(student)
    candidates = {pair for students in where.values() for pair in combinations(sorted(students), 2)}
    pairs = []
    for first, second in sorted(candidates):
        lines, shared = _shared(own[first], own[second])
        if not any(s.parsed for s in (*own[first], *own[second])):
            continue
        if shared < MIN_SHARED_TOKENS:
            continue
        likeness = min(
            Indel.normalized_similarity(_tokens(own[first], only), _tokens(own[second], only))
            for only in (False, True)
        )
        if likeness >= threshold:
            pairs.append(Pair(assignment, first, second, round(likeness, 3), shared, lines))
    return sorted(pairs, key=lambda pair: (-pair.likeness, pair.first, pair.second))


def _tokens(own: Sequence[Statement], parsed_only: bool) -> list[str]:
    return [token for s in own if s.parsed or not parsed_only for token in s.tokens]


def groups(pairs: Sequence[Pair]) -> list[tuple[str, tuple[str, ...], float]]:
    """The pairs joined to groups, as a person looks at them: (assignment, students, least likeness)."""
    joined: list[tuple[str, set[str], float]] = []
    for pair in pairs:
        assignment, members, least = pair.assignment, {pair.first, pair.second}, pair.likeness
        rest = []
        for other in joined:
            if other[0] == assignment and other[1] & members:
                members, least = members | other[1], min(least, other[2])
            else:
                rest.append(other)
        joined = [*rest, (assignment, members, least)]
    return [(assignment, tuple(sorted(members)), least) for assignment, members, least in joined]


def _shared(
    first: Sequence[Statement], second: Sequence[Statement]
) -> tuple[tuple[tuple[int, int], ...], int]:
    """The lines of the statements that both have, each used once, and how many tokens they are."""
    waiting: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for statement in second:
        waiting[statement.tokens].append(statement.line)
    lines, tokens = [], 0
    for statement in first:
        if waiting[statement.tokens]:
            lines.append((statement.line, waiting[statement.tokens].pop(0)))
            tokens += len(statement.tokens)
    return tuple(lines), tokens
