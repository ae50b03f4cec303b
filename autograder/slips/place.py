"""Where a mistake must be, if some gradients are right and others are not."""

from collections.abc import Sequence

from autograder.slips.slip import TracedRun


def last_common_place(run: TracedRun, wrong: Sequence[str]) -> str:
    """The operation from which the way back leads to wrong gradients alone; "" where there are several.

    The gradients that are right pass their rules on the way, so the mistake lies behind it.
    """
    leads_to: dict[int, set[str]] = {}
    for node in run.tape.nodes:
        found = {str(node.options["name"])} & set(run.wanted) if node.is_input else set()
        for parent in node.parents:
            found |= leads_to[parent] if parent is not None else set()
        leads_to[node.index] = found
    alone = {index for index, names in leads_to.items() if names and names <= set(wrong)}
    first = {
        user.site: user
        for index in alone & run.live
        for user, _ in run.taken_in[index]
        if user.index in run.live and user.index not in alone
    }
    return run.text(next(iter(first.values()))) if len(first) == 1 else ""
