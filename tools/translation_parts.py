"""What a page and its translation have in common: taken out of a page's source, and compared.

>>> differences("# One\\n\\n$a+b$\\n", "# Uno\\n\\n$a-b$\\n")
['formulas: missing a+b; not in the source: a-b']
"""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

FENCE = re.compile(r"^(?P<fence>`{3,}|:{3,})\{(?P<name>[\w:-]+)\} ?(?P<argument>.*)$")
PLAIN_FENCE = re.compile(r"^(`{3,})\w*$")
LABEL = re.compile(r"^\((.+)\)=$", re.MULTILINE)
HEADING = re.compile(r"^(#+) ", re.MULTILINE)
ROLE = re.compile(r"\{(\w[\w:]*)\}`(?:[^`<]*<([^`>]+)>|([^`]+))`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
LITERAL = re.compile(r"(?<!`)(?:\{\w[\w:]*\})?`[^`\n]+`")
DISPLAY = re.compile(r"\$\$(.+?)\$\$", re.DOTALL)
INLINE = re.compile(r"(?<![\\$])\$([^$]+?)(?<!\\)\$")
WORDS_IN_MATH = re.compile(r"\\(?:text|mathrm|operatorname)\{[^}]*\}")
ANSWER = re.compile(r"^(- \[[x ]\]|\d+\.) (.*)$")
OPTION = re.compile(r"^:([\w-]+):(?: (.*))?$")
NUMBER = re.compile(r"[-−]?\d+(?:[.,/]\d+)?$")
# What these say is text: an option's value, or what stands behind a directive's name
TEXT_OPTIONS = {"hint", "alt", "title", "caption"}
TEXT_ARGUMENTS = {"admonition", "dropdown", "note", "tip", "card", "tab-item"}
MATH = {"math"}


@dataclass(frozen=True)
class Directive:
    """A directive of a page: ```{name} argument, its options, its body's lines."""

    name: str
    argument: str
    options: tuple[str, ...]
    body: str


def directives(text: str) -> Iterator[Directive]:
    """Every directive of a page at any depth, in order."""
    lines = text.splitlines()
    at = 0
    while at < len(lines):
        match = FENCE.match(lines[at])
        at += 1
        if not match:
            continue
        end = next((i for i in range(at, len(lines)) if lines[i].strip() == match["fence"]), len(lines))
        options, body = _options(lines[at:end])
        yield Directive(match["name"], match["argument"].strip(), options, "\n".join(body))
        # A directive inside another is found by going on line by line; code is not read for them.
        at = end + 1 if match["name"] == "code-cell" else at


def _options(lines: list[str]) -> tuple[tuple[str, ...], list[str]]:
    """(the options, one a text, without words for readers; the lines behind them)."""
    if lines and lines[0] == "---":
        end = lines.index("---", 1)
        kept = [line.strip() for line in lines[1:end]]
        alt = next((i for i, line in enumerate(kept) if line.startswith("alt:")), None)
        if alt is not None:
            # Its text stands behind it, or in the lines below it that are indented more
            depth = [len(line) - len(line.lstrip()) for line in lines[1:end]]
            after = next((i for i in range(alt + 1, len(kept)) if depth[i] <= depth[alt]), len(kept))
            kept[alt:after] = ["alt:"]
        return tuple(kept), lines[end + 1 :]
    count = next((i for i, line in enumerate(lines) if not OPTION.match(line)), len(lines))
    found = []
    for line in lines[:count]:
        match = OPTION.match(line)
        if match:
            found.append(match[1] if match[1] in TEXT_OPTIONS else f"{match[1]}: {match[2] or ''}")
    return tuple(found), lines[count:]


def code_without_words(source: str) -> str:
    """Code as a tree in which every string is empty; the text itself where it is no Python."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return source
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    return ast.dump(tree)


def question(body: str) -> list[str]:
    """The marks of a question's answers in order, and the numbers among them."""
    found = []
    for line in body.splitlines():
        if match := ANSWER.match(line):
            number = match[2].replace(",", ".") if NUMBER.match(match[2]) else ""
            found.append(f"{match[1]} {number}".strip())
        elif line.startswith("  >"):
            found.append(">")
    return found


def formula(tex: str) -> str:
    """A formula without its words and spaces, in English signs: (0{,}5; 1) is (0.5,1)."""
    # Where decimals have a comma, numbers in a list stand between semicolons; \; is a space
    listed = re.sub(r"(?<!\\);", ",", WORDS_IN_MATH.sub("", tex))
    return re.sub(r"\s+", "", listed.replace("{,}", "."))


def formulas(text: str) -> Counter[str]:
    """Every formula of a page, displayed or not."""
    found: Counter[str] = Counter(formula(tex) for tex in DISPLAY.findall(text))
    found.update(formula(tex) for tex in INLINE.findall(DISPLAY.sub("", text)))
    return found


def prose_of(text: str) -> str:
    """A page without its front matter and its code."""
    kept: list[str] = []
    code, opened = "", [""]
    lines = text.splitlines()
    if lines and lines[0] == "---":
        lines = lines[lines.index("---", 1) + 1 :]
    for line in lines:
        match = FENCE.match(line)
        if code:
            code = "" if line.strip() == code else code
        elif line.strip() == opened[-1] != "":
            opened.pop()
        elif match and match["name"] == "code-cell":
            code = match["fence"]
        elif match:
            opened.append(match["fence"])
        elif plain := PLAIN_FENCE.match(line):
            code = plain[1]
        else:
            kept.append(line)
    return "\n".join(kept)


def targets(prose: str) -> Counter[str]:
    """Where roles and links of a page lead; text roles count by their name and text."""
    found: Counter[str] = Counter(f"{name} {given or text}" for name, given, text in ROLE.findall(prose))
    found.update(LINK.findall(prose))
    return found


def divided(prose: str) -> list[str]:
    """How a page is divided: its headings' levels, with the paragraphs, items and table rows below each."""
    found, blocks, items, rows = [], 0, 0, 0
    for block in re.split(r"\n\s*\n", prose):
        for line in block.splitlines():
            if match := HEADING.match(line):
                found.append(f"{blocks} paragraphs, {items} items, {rows} rows; {match[1]}")
                blocks, items, rows = 0, 0, 0
            items += bool(re.match(r"\s*(?:[-*]|\d+\.) ", line))
            rows += line.startswith("|")
        blocks += bool(block.strip())
    return [*found, f"{blocks} paragraphs, {items} items, {rows} rows"]


def differences(english: str, other: str) -> list[str]:
    """What a translation has otherwise than its source, a line each; [] if they stand side by side."""
    found = []
    ours, theirs = list(directives(english)), list(directives(other))
    names = [[_shown(d) for d in each] for each in (ours, theirs)]
    if names[0] != names[1]:
        return [_first("directives", *names)]
    for mine, yours in zip(ours, theirs, strict=True):
        if mine.options != yours.options:
            found.append(_first(f"options of {_shown(mine)}", list(mine.options), list(yours.options)))
        if mine.name == "code-cell" and code_without_words(mine.body) != code_without_words(yours.body):
            start = mine.body.strip().splitlines()[:1]
            found.append(f"code cell that begins {start}: more than its strings and comments differ")
        if mine.name == "question" and question(mine.body) != question(yours.body):
            found.append(_first(_shown(mine), question(mine.body), question(yours.body)))
        if mine.name in MATH and formula(mine.body) != formula(yours.body):
            found.append(f"equation {mine.options}: {formula(yours.body)}; expected {formula(mine.body)}")
    if LABEL.findall(english) != LABEL.findall(other):
        found.append(_first("labels", LABEL.findall(english), LABEL.findall(other)))
    prose = [prose_of(text) for text in (english, other)]
    if divided(prose[0]) != divided(prose[1]):
        found.append(_first("headings and paragraphs", divided(prose[0]), divided(prose[1])))
    plain = [LITERAL.sub("", text) for text in prose]
    found += _missing("links", targets(prose[0]), targets(prose[1]))
    found += _missing("formulas", formulas(plain[0]), formulas(plain[1]))
    return found


def _shown(directive: Directive) -> str:
    said = "" if directive.name in TEXT_ARGUMENTS else directive.argument
    return f"{{{directive.name}}} {said}".strip()


def _first(what: str, ours: list[str], theirs: list[str]) -> str:
    """Where two lists part."""
    at = next((i for i, pair in enumerate(zip(ours, theirs, strict=False)) if pair[0] != pair[1]), None)
    at = min(len(ours), len(theirs)) if at is None else at
    given = theirs[at] if at < len(theirs) else "nothing more"
    expected = ours[at] if at < len(ours) else "nothing more"
    return f"{what}, number {at + 1}: given {given}; expected {expected}"


def _missing(what: str, ours: Counter[str], theirs: Counter[str]) -> list[str]:
    """What one has and the other hasn't."""
    parts = [
        f"{said} {', '.join(sorted(rest.elements()))}"
        for said, rest in (("missing", ours - theirs), ("not in the source:", theirs - ours))
        if rest
    ]
    return [f"{what}: {'; '.join(parts)}"] if parts else []
