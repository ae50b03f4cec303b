"""A slip: one rule of the backward pass exchanged, told by a kind and by names of the author's code."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograder.tracing.gradient import EdgeRule, Exchange, SumRule
from autograder.tracing.lists import ENTRY
from autograder.tracing.source import Author
from autograder.tracing.tape import Node, Site, Tape
from autograder.trees import Array

# How likely: the first number of a slip's rank. Slips that give the same numbers are told by the lowest.
COMMON, USUAL, SELDOM, FAR_FETCHED = 0, 1, 2, 3
# Nodes of arguments: nothing is done in them.
NO_OPERATION = ("input", ENTRY)


@dataclass(frozen=True)
class Slip:
    """One mistake: its kind, the names in its sentence, and what it exchanges on a tape.

    story: slips of one story are one mistake told in several ways. rank: the smaller the likelier.
    code: the catalogue's code, where the mistake stands in the book too.
    """

    kind: str
    names: Mapping[str, str]
    exchange: Callable[[Tape], Exchange]
    rank: int = USUAL
    story: tuple[str, ...] = ()
    code: str = ""

    def __post_init__(self) -> None:
        if not self.story:
            object.__setattr__(self, "story", (self.kind, *self.names.values()))


def at_edges(site: Site, place: int, rule: EdgeRule) -> Callable[[Tape], Exchange]:
    """The rule exchanged for one input of an operation, in every turn of its loops."""
    return lambda tape: Exchange(
        edges={(node.index, place): rule for node in tape.nodes if node.site == site}
    )


def at_sums(site: Site, rule: SumRule) -> Callable[[Tape], Exchange]:
    """The sum of a node's contributions exchanged, in every turn."""
    return lambda tape: Exchange(sums={node.index: rule for node in tape.nodes if node.site == site})


def at_input(name: str, rule: SumRule) -> Callable[[Tape], Exchange]:
    """The sum of an argument's contributions exchanged."""
    return lambda tape: Exchange(sums={tape.inputs[name]: rule})


def at_values(site: Site, forward: Callable[..., Any]) -> Callable[[Tape], Exchange]:
    """An operation of the forward pass done otherwise, in every turn."""
    return lambda tape: Exchange(values={node.index: forward for node in tape.nodes if node.site == site})


@dataclass(eq=False)
class TracedRun:
    """A traced run with what slips ask of it: which nodes matter, what they are called, how long the axes
    are.

    letters: the names of lengths in this run (n, d …), for those that are told apart by their number.
    """

    tape: Tape
    author: Author
    wanted: Sequence[str]
    letters: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        tape = self.tape
        depends: set[int] = {tape.inputs[name] for name in self.wanted}
        for node in tape.nodes:
            if any(parent in depends for parent in node.parents):
                depends.add(node.index)
        leads: set[int] = set(tape.outputs)
        for node in reversed(tape.nodes):
            if node.index in leads:
                leads |= {parent for parent in node.parents if parent is not None}
        self.depends = depends
        self.live = depends & leads
        self.taken_in = tape.consumers()
        self._by_name: dict[str, list[int]] = {}

    def sites(self) -> Iterator[Node]:
        """One node for each place in the source that a gradient passes."""
        seen: set[Site] = set()
        for node in self.tape.nodes:
            if node.op not in NO_OPERATION and node.index in self.live and node.site not in seen:
                seen.add(node.site)
                yield node

    def places(self, node: Node) -> Iterator[int]:
        """The inputs of a node through which a gradient goes on."""
        return (i for i, parent in enumerate(node.parents) if parent is not None and parent in self.live)

    def is_list(self, name: str) -> bool:
        """Is this argument a list or dict of arrays, its numbers all in a row here?"""
        return any(user.op == ENTRY for user, _ in self.taken_in[self.tape.inputs[name]])

    def turns(self, site: Site) -> int:
        """How often the place is passed in one run."""
        return sum(node.site == site for node in self.tape.nodes)

    # ---- names ---------------------------------------------------------------------------------------------

    def name(self, node: Node) -> str:
        """What the author calls a node: its variable, else its text."""
        if node.is_input:
            return str(node.options["name"])
        if node.op == ENTRY:
            return str(node.site[1])
        place = self.author.place(node.site)
        if place.names:
            turn = [n.index for n in self.tape.nodes if n.site == node.site].index(node.index)
            return place.names[turn % len(place.names)]
        return place.name or place.text

    def called(self, name: str) -> tuple[int, ...]:
        """The nodes that have this name or text."""
        if not self._by_name:
            for node in self.tape.nodes:
                self._by_name.setdefault(self.name(node), []).append(node.index)
        return tuple(self._by_name.get(name, ()))

    def parents_at(self, node: Node, place: int) -> set[int]:
        """What one input of an operation is, in every turn of its loops."""
        here = [other for other in self.tape.nodes if other.site == node.site]
        return {parent for other in here if (parent := other.parents[place]) is not None}

    def is_named(self, node: Node) -> bool:
        """Has it a variable of its own?"""
        if node.op in NO_OPERATION:
            return True
        place = self.author.place(node.site)
        return bool(place.name or place.names)

    def text(self, node: Node) -> str:
        """The text of an operation."""
        return self.name(node) if node.op in NO_OPERATION else self.author.place(node.site).text

    def operand(self, node: Node, place: int) -> str:
        """The text of one of its inputs, as it stands there."""
        texts = self.author.place(node.site).operands
        # np.where's condition is no input of the operation, and stands in front
        at = place + 1 if node.op == "where" and len(texts) == 3 else place
        if at < len(texts):
            return texts[at]
        parent = node.parents[place]
        return self.name(self.tape.nodes[parent]) if parent is not None else ""

    def path(self, node: Node) -> str:
        """The first variable on the way from here to the result, or the operation's own text."""
        seen = node
        for _ in range(12):
            if self.is_named(seen):
                return self.name(seen)
            after = self.taken_in[seen.index]
            if len({user.site for user, _ in after}) != 1:
                break
            seen = after[0][0]
        return self.text(node)

    def length(self, n: int) -> str:
        """The letter of an axis's length, where only one has it; "" else."""
        found = [letter for letter, size in self.letters.items() if size == n]
        return found[0] if len(found) == 1 else ""

    def alike(self, shape: tuple[int, ...], but: Iterable[int] = ()) -> Iterator[Node]:
        """Named nodes and arguments whose numbers have this shape, each name once."""
        left_out, seen = set(but), set()
        for node in self.tape.nodes:
            if node.index in left_out or node.out.shape != shape or not self.is_named(node):
                continue
            name = self.name(node)
            if name and name not in seen and not name.endswith("]"):
                seen.add(name)
                yield node


@dataclass(frozen=True, eq=False)
class Probe:
    """One case: its traced run, and the gradients that come in for its results."""

    run: TracedRun
    upstream: tuple[Array, ...]


def nearest(tape: Tape, site: Site, user: Node) -> Node:
    """The node of a place that came last before (or else first after) another: what a turn of a loop has at
    hand.
    """
    nodes = [node for node in tape.nodes if node.site == site]
    before = [node for node in nodes if node.index < user.index]
    return before[-1] if before else nodes[0]


def next_after(tape: Tape, site: Site, user: Node) -> Node:
    """The node of a place that came first after another."""
    nodes = [node for node in tape.nodes if node.site == site]
    after = [node for node in nodes if node.index > user.index]
    return after[0] if after else nodes[-1]


def saved_value(tape: Tape, site: Site, user: Node) -> Any:
    """The value of the nearest node of a place."""
    return nearest(tape, site, user).out
