"""Cells as plain Python: IPython's magics, `!` and `?` rewritten by IPython's own rules.

IPython cuts a cell into tokens anew for each line that it rewrites, so hostile text can take hours. So it is
rewritten where it is run, in the student's process and within the cell's time. That process gets IPython's
transformer as text; the standard library alone is needed.
"""

import ast
import re
import sys
import types
from typing import Any

# These run the cell below them; %%capture keeps what was printed under a name.
RUN_BODY = re.compile(r"\s*%%(?:time|timeit|capture|prun|memit)\b([^\n]*)\n")
CAPTURED = re.compile(r"%%capture[ \t]+([^\W\d]\w*)")
NOTHING_PRINTED = "type('', (), {'stdout': '', 'stderr': '', 'outputs': (), 'show': lambda self: 0})()"
# An indented cell, or one that was copied with its prompts.
COPIED = re.compile(r"\s*?(?:[ \t]+\S|>>>|In *\[\d*\]: ?)")
# This runs the rest of its line.
TIMED = re.compile(r"^([ \t]*)%time[ \t]+(?=\S)", re.MULTILINE)
ASSIGNED = re.compile(r"=[ \t]*[%!]")
PROMPTS = (
    re.compile(r"[ \t]*(?:>>> ?|\.\.\. ?)"),
    re.compile(r"[ \t]*(?:In *\[\d*\]: ?| *\.{3,}: ?)"),
)
# A line that IPython would rewrite, and what it may be given to.
MAGIC_LINE = re.compile(r"([ \t]*)(?:([^\W\d][\w, ]*=[ \t]*)?[%!].*|\?.*|.*\?[ \t]*)", re.DOTALL)
# The modules of IPython that do the work, in the order in which they need each other.
OF_IPYTHON = ("utils.tokenutil", "core.inputtransformer2")


def transformer_manager(texts: dict[str, str]) -> Any:
    """IPython's TransformerManager, made of the texts of its two modules; IPython itself is not imported."""
    packages = {name: types.ModuleType(name) for name in ("IPython", "IPython.utils", "IPython.core")}
    before = {name: sys.modules.get(name) for name in packages}
    sys.modules.update(packages)
    try:
        for name in OF_IPYTHON:
            module = types.ModuleType(f"IPython.{name}")
            exec(compile(texts[name], f"<{name}>", "exec"), module.__dict__)
            package, _, last = name.partition(".")
            setattr(packages[f"IPython.{package}"], last, module)
        return module.TransformerManager
    finally:
        for name, found in before.items():
            if found is None:
                del sys.modules[name]
            else:
                sys.modules[name] = found


def has_magics(source: str) -> bool:
    """May IPython have to rewrite a line?"""
    return COPIED.match(source) is not None or any(
        line[:1] in ("%", "!", "?", ",", ";", "/") or line.endswith("?") or ASSIGNED.search(line) is not None
        for line in map(str.strip, source.split("\n"))
    )


def without_ipython(source: str) -> str:
    """One cell's text as plain Python where there is no IPython: indentation and prompts of copied text are
    taken off, and lines with magics do nothing. What is Python already stays as it is.
    """
    if source.startswith("%%"):
        return ""
    source = _uncopied(source)
    try:
        compile(source, "<cell>", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except (SyntaxError, ValueError):
        lines = source.split("\n")
        return "\n".join(_inert_line(line) if MAGIC_LINE.fullmatch(line) else line for line in lines)
    return source


def _inert_line(line: str) -> str:
    """A line with a magic: what it gives is inert."""
    found = MAGIC_LINE.fullmatch(line)
    if found is None or line.lstrip().startswith("#"):
        return line
    return f"{found[1]}{found[2]}get_ipython().run_line_magic('', '')" if found[2] else f"{found[1]}pass"


def _uncopied(source: str) -> str:
    """Without the first line's indentation, and without prompts, if the first line has one."""
    lines = source.split("\n")
    first = next((line for line in lines if line.strip()), "")
    for sign in PROMPTS:
        if sign.match(first):
            return "\n".join(sign.sub("", line, count=1) for line in lines)
    indent = first[: len(first) - len(first.lstrip(" \t"))]
    return "\n".join(line.removeprefix(indent) for line in lines)


def transformed(source: str, manager: Any) -> str:
    """One cell's text as plain Python; left as it is where that fails. manager() gives IPython's
    TransformerManager, or None where there is no IPython.
    """
    if run := RUN_BODY.match(source):
        captured = CAPTURED.match(run[0].strip())
        # A line for a line: numbers in messages stay true.
        first = f"{captured[1]} = {NOTHING_PRINTED}" if captured else "pass"
        body = source[run.end() :]
        source = "\n" * run[0].rstrip("\n").count("\n") + f"{first}\n{body}"
    source = TIMED.sub(r"\1", source)
    if not has_magics(source):
        return source
    transformer = manager()
    try:
        if transformer is None:
            return without_ipython(source)
        return str(transformer.transform_cell(source))
    except Exception:
        # Text of any kind may come here; running it says what is wrong with it.
        return source
