"""From a solution to the stub that students get, as nbgrader's ClearSolutions makes it."""

CODE_STUB = ("# YOUR CODE HERE", "raise NotImplementedError()")
TEXT_STUB = ("YOUR ANSWER HERE",)
BEGIN, END = "BEGIN SOLUTION", "END SOLUTION"


def clear_solution(source: str, cell_type: str) -> tuple[str, tuple[str, ...]]:
    """The stub of a solution cell's source, and the lines that were taken out of it.

    Each region from BEGIN SOLUTION to END SOLUTION becomes the stub, indented like its BEGIN; a cell without
    a region becomes the stub altogether. ValueError for a region that is nested, not closed or not opened.
    """
    stub = CODE_STUB if cell_type == "code" else TEXT_STUB
    kept: list[str] = []
    removed: list[str] = []
    inside = regions = 0
    for line in source.split("\n"):
        if BEGIN in line:
            if inside:
                raise ValueError(f"a second {BEGIN} before {END}")
            inside, regions = 1, regions + 1
            indent = line[: len(line) - len(line.lstrip())]
            kept += [indent + text for text in stub]
        elif END in line:
            if not inside:
                raise ValueError(f"{END} without {BEGIN}")
            inside = 0
        elif inside:
            removed.append(line)
        else:
            kept.append(line)
    if inside:
        raise ValueError(f"{BEGIN} without {END}")
    if not regions:
        return "\n".join(stub), tuple(source.split("\n"))
    return "\n".join(kept), tuple(removed)
