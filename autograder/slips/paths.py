"""Paths: one left out, all of a variable's, all but one; turns of a loop that are not added up."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from autograder._language import _
from autograder.slips.slip import COMMON, SELDOM, USUAL, Slip, TracedRun, at_edges, at_input, at_sums
from autograder.tracing.gradient import Contribution, add_up
from autograder.tracing.lists import ENTRY
from autograder.tracing.tape import PRIMITIVES, Node
from autograder.trees import Array

# Operations that move numbers and change none
MOVES = ("transpose", "reshape", "getitem", "broadcast_to", "copy")


def slips(run: TracedRun) -> Iterator[Slip]:
    """Every slip of this family in a run."""
    yield from _left_out(run)
    yield from _constants(run)
    yield from _one_alone(run)
    yield from _turns(run)
    yield from _in_all_loops(run)


def _minus(node: Node, place: int, g: Array) -> Any:
    return -np.asarray(PRIMITIVES[node.op].backward(node, place, g))


def _nothing(node: Node, place: int, g: Array) -> None:
    return None


def _left_out(run: TracedRun) -> Iterator[Slip]:
    for node in run.sites():
        for place in run.places(node):
            parent = run.tape.nodes[node.parents[place] or 0]
            ways = {(user.site, at) for user, at in run.taken_in[parent.index] if user.index in run.live}
            if len(ways) + (parent.index in run.tape.outputs) < 2:
                continue
            same = sum(p == parent.index for p in node.parents) > 1
            names = {"path": run.path(node), "of": run.operand(node, place) or run.name(parent)}
            into = {"of": names["of"], **_operation(run, node)}
            yield Slip("path_minus", into, at_edges(node.site, place, _minus), SELDOM)
            # x * x: each of the two is half of the slope
            if same:
                yield Slip(
                    "half_of_square", {"text": run.text(node)}, at_edges(node.site, place, _nothing), COMMON
                )
            elif _also_leads_to(run, node, place, names["path"]):
                # Another way leads to this variable too: the operation itself tells them apart.
                yield Slip("path_into", into, at_edges(node.site, place, _nothing), COMMON)
            else:
                yield Slip(
                    "path",
                    names,
                    at_edges(node.site, place, _nothing),
                    COMMON,
                    ("path", names["path"]),
                )


def _user_of(run: TracedRun, node: Node) -> Node:
    """The first operation on the way from here that does more than move numbers."""
    while node.op in MOVES and not run.is_named(node):
        users = {user.site: user for user, _ in run.taken_in[node.index] if user.index in run.live}
        if len(users) != 1:
            break
        node = next(iter(users.values()))
    return node


def _operation(run: TracedRun, node: Node) -> dict[str, str]:
    """The text of the operation that a way leads into, and where it goes on if that text stands twice."""
    taken = _user_of(run, node)
    text = run.text(taken)
    if sum(run.text(other) == text for other in run.sites()) < 2:
        return {"text": text, "on": ""}
    aim = run.path(taken)
    if aim == text:
        users = {run.text(user) for user, _ in run.taken_in[taken.index] if user.index in run.live}
        aim = users.pop() if len(users) == 1 else text
    return {"text": text, "on": _(" on the way to `{aim}`", aim=aim) if aim != text else ""}


def _also_leads_to(run: TracedRun, node: Node, place: int, path: str) -> bool:
    """Does an argument whose gradient passes here reach what has this name in another way too?

    What only moves numbers has a name for nobody.
    """
    if node.op in MOVES and path == run.text(node) and not run.is_named(node):
        return True
    return bool(_sources(run, run.parents_at(node, place)) & _sources(run, run.called(path), node, place))


def _sources(run: TracedRun, of: Collection[int], node: Node | None = None, place: int = 0) -> set[int]:
    """The arguments on which these nodes depend, but for what goes through one input of an operation."""
    seen: set[int] = set()
    todo = list(of)
    while todo:
        index = todo.pop()
        if index in seen or index not in run.live:
            continue
        seen.add(index)
        here = run.tape.nodes[index]
        todo += [
            parent
            for at, parent in enumerate(here.parents)
            if parent is not None and not (node is not None and here.site == node.site and at == place)
        ]
    return {index for index in seen if run.tape.nodes[index].is_input}


def _stop(node: Node, parts: Sequence[Contribution], later: Mapping[int, Any]) -> None:
    return None


def _constants(run: TracedRun) -> Iterator[Slip]:
    for node in run.sites():
        if run.is_named(node) and node.index not in run.tape.outputs:
            names = {"path": run.name(node)}
            yield Slip("constant", names, at_sums(node.site, _stop), COMMON, ("path", names["path"]))


def _users(run: TracedRun, index: int) -> list[tuple[Any, int]]:
    return sorted({(user.site, at) for user, at in run.taken_in[index] if user.index in run.live}, key=repr)


def _one_alone(run: TracedRun) -> Iterator[Slip]:
    """= where += is needed: of several paths only one arrives."""
    for node in run.tape.nodes:
        if node.index not in run.live or (not node.is_input and not run.is_named(node)):
            continue
        users = _users(run, node.index)
        if len(users) < 2:
            continue
        named = str(node.options["name"]) if node.is_input else ""
        multiplied = at_input(named, _product) if node.is_input else at_sums(node.site, _product)
        yield Slip("paths_multiplied", {"of": run.name(node)}, multiplied, SELDOM)
        for site, at in users:
            user = next(u for u, p in run.taken_in[node.index] if (u.site, p) == (site, at))
            names = {"of": run.name(node), "path": run.path(user)}
            kind = "only_path"
            if _also_leads_to(run, user, at, names["path"]):
                kind, names = "only_path_into", {"of": names["of"], **_operation(run, user)}
            rule = _only(site, at)
            exchange = (
                at_input(str(node.options["name"]), rule) if node.is_input else at_sums(node.site, rule)
            )
            yield Slip(kind, names, exchange, USUAL if len(users) > 2 else SELDOM)


def _product(node: Node, parts: Sequence[Contribution], later: Mapping[int, Any]) -> Any:
    product = parts[0].value
    for part in parts[1:]:
        product = product * part.value
    return product


def _only(site: Any, place: int) -> Any:
    def rule(node: Node, parts: Sequence[Contribution], later: Mapping[int, Any]) -> Any:
        kept = [part for part in parts if part.place == place and part.site == site]
        return add_up(node, kept, later) if kept else None

    return rule


def _turns(run: TracedRun) -> Iterator[Slip]:
    """Of the contributions of one place in a loop only the last or the first turn's arrives."""
    for node in run.tape.nodes:
        if node.index not in run.live:
            continue
        if not node.is_input and not run.is_named(node):
            continue
        for site, at in _users(run, node.index):
            turns = [u for u, p in run.taken_in[node.index] if (u.site, p) == (site, at)]
            if len(turns) < 2 or turns[0].op == ENTRY:
                continue
            names = {"of": run.name(node), "path": run.operand(turns[0], at) and run.text(turns[0])}
            mean = _turns_averaged(site, at)
            averaged = at_input(names["of"], mean) if node.is_input else at_sums(node.site, mean)
            yield Slip("turns_averaged", names, averaged, USUAL)
            for kind, which in (("first_turn", min), ("last_turn", max)):
                rule = _one_turn(site, at, which)
                exchange = (
                    at_input(str(node.options["name"]), rule) if node.is_input else at_sums(node.site, rule)
                )
                yield Slip(kind, names, exchange, COMMON)


def _in_all_loops(run: TracedRun) -> Iterator[Slip]:
    """Of everything that loops send back to a variable only the last or the first turn's arrives."""
    for node in run.tape.nodes:
        if node.index not in run.live or not (node.is_input or run.is_named(node)):
            continue
        turns = Counter((user.site, at) for user, at in run.taken_in[node.index] if user.index in run.live)
        again = [key for key, count in turns.items() if count > 1]
        if len(again) < 2 or any(user.op == ENTRY for user, _ in run.taken_in[node.index]):
            continue
        names = {"of": run.name(node), "path": run.name(node)}
        for kind, which in (("first_turn", min), ("last_turn", max)):

            def rule(
                node: Node,
                parts: Sequence[Contribution],
                later: Mapping[int, Any],
                which: Any = which,
                again: Collection[Any] = tuple(again),
            ) -> Any:
                kept: list[Contribution] = []
                for key in {(part.site, part.place) for part in parts}:
                    here = [part for part in parts if (part.site, part.place) == key]
                    kept += [which(here, key=lambda part: part.consumer)] if key in again else here
                return add_up(node, kept, later)

            exchange = at_input(names["of"], rule) if node.is_input else at_sums(node.site, rule)
            yield Slip(kind, names, exchange, COMMON)


def _turns_averaged(site: Any, place: int) -> Any:
    def rule(node: Node, parts: Sequence[Contribution], later: Mapping[int, Any]) -> Any:
        here = [part for part in parts if part.site == site and part.place == place]
        others = [part for part in parts if part not in here]
        if not here:
            return add_up(node, parts, later)
        mean = add_up(node, here, later) / len(here)
        return mean + add_up(node, others, later) if others else mean

    return rule


def _one_turn(site: Any, place: int, which: Any) -> Any:
    def rule(node: Node, parts: Sequence[Contribution], later: Mapping[int, Any]) -> Any:
        here = [part for part in parts if part.site == site and part.place == place]
        if not here:
            return add_up(node, parts, later)
        chosen = which(here, key=lambda part: part.consumer)
        return add_up(node, [p for p in parts if p not in here or p is chosen], later)

    return rule
