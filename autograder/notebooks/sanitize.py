"""A student's Markdown made inert: it is text for other people's browsers, and can do nothing there.

JupyterLab, nbconvert and formgrader render Markdown with HTML, links, images, diagrams and TeX, each by a
parser of its own, and they don't agree where code or a formula begins. So what may stand is listed, wherever
it stands: TeX commands, environments and languages of code by name; other syntax is broken up by a space,
which every parser takes alike.

Emphasis, lists, tables, quotes, code and formulas stay. Links and images are shown as their text and address.
A heading's text gets a sign in front, for renderers make an id of it, and formgrader finds its score boxes by
id.
"""

import re
import unicodedata

# What essays on this subject write. Sizes, colours, spaces of chosen length,
# macros and links are not among it.
LETTERS = """
alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi varpi rho
varrho sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi
Psi Omega ell hbar imath jmath Re Im partial nabla infty emptyset varnothing mathbb mathbf mathcal mathfrak
mathit mathrm mathsf mathscr mathtt boldsymbol bm bf rm it cal text textbf textit textrm texttt mbox
displaystyle textstyle scriptstyle
"""
OPERATOR_COMMANDS = """
forall exists nexists neg lnot land lor wedge vee cap cup setminus in ni notin subset subseteq supset supseteq
top bot perp mid nmid parallel angle triangle prime plus pm mp times div cdot ast star circ bullet odot oplus
otimes ominus oslash dagger le leq ge geq lt gt ne neq ll gg equiv sim simeq cong approx propto doteq not sum
prod coprod int iint oint bigcup bigcap bigoplus bigotimes bigodot limits nolimits sin cos tan cot sec csc
arcsin arccos arctan sinh cosh tanh coth exp log ln lg max min argmax argmin sup inf lim limsup liminf det dim
ker deg gcd hom arg Pr tr mod bmod pmod operatorname
"""
ARROWS = """
to mapsto gets implies iff leftarrow rightarrow Leftarrow Rightarrow leftrightarrow Leftrightarrow uparrow
downarrow Uparrow Downarrow longrightarrow longleftarrow longmapsto Longrightarrow Longleftarrow
Longleftrightarrow hookrightarrow rightharpoonup therefore because
"""
LAYOUT = """
frac dfrac tfrac cfrac binom sqrt over choose stackrel overset underset substack overbrace underbrace overline
underline overrightarrow hat widehat tilde widetilde bar vec dot ddot acute grave check breve boxed ldots
cdots vdots ddots dots dotsc dotsb quad qquad hline nonumber notag newline square blacksquare checkmark left
right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr langle rangle lvert rvert lVert
rVert vert Vert lfloor rfloor lceil rceil lbrace rbrace lbrack rbrack backslash degree
"""
COMMANDS = frozenset((LETTERS + OPERATOR_COMMANDS + ARROWS + LAYOUT).split())
GRIDS = """
align align* aligned alignedat array bmatrix Bmatrix cases dcases equation equation* gather gather* gathered
matrix pmatrix smallmatrix split vmatrix Vmatrix
"""
ENVIRONMENTS = frozenset(GRIDS.split())
LANGUAGES = frozenset(("python", "py", "python3", "ipython", "text", "txt", "latex", "tex", "console"))
PLAIN = re.compile(r"[\n\t\x20-\x7e]*")
# Accents that may stand over one another.
MAX_COMBINING = 3

TEX_ENVIRONMENT = re.compile(
    r"(?<!\\)(\\+)(begin|end)(?:\{([A-Za-z]*\*?)\}(?:(?<=\{array\})(\{[lcr| ]*\}))?)?"
)
COMMAND = re.compile(r"(?<!\\)(\\+)([A-Za-z]+)")
NEGATIVE_SPACE = re.compile(r"\\!")
# \\[9em] moves all that follows; \\[ alone begins a formula.
ROW_SPACE = re.compile(r"\\\\(?=\s*\[\s*[-+.,\d])")
BROKEN_BY_A_SPACE = (
    # Tags, comments, addresses in angle brackets: < is followed by a space, a number or a mathematical sign.
    re.compile(r"<(?![\s\d=<(\\$-]|\Z)"),
    # Entities, in which anything could be written.
    re.compile(r"&(?=[#A-Za-z])"),
    # Images, links and the definitions of links.
    re.compile(r"!(?=\[)"),
    re.compile(r"\](?=[(:])"),
    # Addresses that become links by themselves.
    re.compile(r":(?=//)"),
    re.compile(r"www(?=\.)", re.IGNORECASE),
    re.compile(r"(?<=[\w.+-])(?=@[\w.-])"),
    re.compile(r"(?<=[\w.+-] @)(?=[\w-])"),
)

FENCE = re.compile(r"([ \t]*)(`{3,}|~{3,})([^`~]*)")
FENCE_CHARACTERS = re.compile(r"`{3,}|~{3,}")
IN_FENCE = re.compile(r"\$(?=\$)|\\(?=[\[\]()]|begin|end)")
# Quotes, lists and tasks, in any order, in which a heading may stand.
CONTAINERS = r"[ \t>*+\-0-9.):\[\]xX]*"
HEADING = re.compile(rf"({CONTAINERS}#{{1,6}})(?!#)[ \t]*")
# Of one sign, or of both mixed, which nbconvert's parser takes for an underline too.
UNDERLINE = re.compile(r"([ \t>]*(?:(?:[*+-]|\d+[.)])[ \t]+)*)([=-]+)[ \t]*")
SIGN = "§"


def inert_markdown(markdown: str) -> str:
    """The Markdown with everything that a renderer might act on broken up, and all of its words."""
    text = _visible(markdown)
    text = NEGATIVE_SPACE.sub(" ", text)
    text = ROW_SPACE.sub(r"\\\\{}", text)
    text = COMMAND.sub(_listed_command, TEX_ENVIRONMENT.sub(_listed_environment, text))
    for syntax in BROKEN_BY_A_SPACE:
        text = syntax.sub(r"\g<0> ", text)
    return "\n".join(_blocks(text.split("\n")))


def visible_code(source: str) -> str:
    """A student's code for others' eyes: what is not seen, or turns text round, is written as its number.

    Spaces of other kinds stay: they are often the mistake.
    """
    if PLAIN.fullmatch(source):
        return source
    return "".join(
        c if c.isprintable() or c in "\n\t" or unicodedata.category(c) == "Zs" else _number(c) for c in source
    )


def _number(character: str) -> str:
    return f"⟨U+{ord(character):04X}⟩"


def _visible(text: str) -> str:
    """Every character one that is seen: no direction marks, control characters, or towers of accents."""
    text = re.sub(r"\r\n?", "\n", text)
    if PLAIN.fullmatch(text):
        return text
    characters: list[str] = []
    combining = 0
    for character in text:
        combining = combining + 1 if unicodedata.combining(character) else 0
        if combining > MAX_COMBINING:
            continue
        if character.isprintable() or character in "\n\t":
            characters.append(character)
        elif unicodedata.category(character) == "Zs":
            characters.append(" ")
        else:
            characters.append(_number(character))
    return "".join(characters)


def _listed_environment(match: re.Match[str]) -> str:
    backslashes, word, name, columns = match.groups()
    listed = name in ENVIRONMENTS and (name != "array" or word == "end" or columns is not None)
    return match[0] if listed else f"{backslashes} {match[0][len(backslashes) :]}"


def _listed_command(match: re.Match[str]) -> str:
    backslashes, name = match.groups()
    # A single letter is an accent or a letter at most, and \n is common in code.
    listed = name in COMMANDS or name in ("begin", "end") or len(name) == 1
    return match[0] if listed else f"{backslashes} {name}"


def _blocks(lines: list[str]) -> list[str]:
    """The lines: code blocks in a form that every parser reads alike, headings that are nobody's id."""
    made: list[str] = []
    closing: re.Pattern[str] | None = None
    indent = ""
    for line in lines:
        opening = FENCE.fullmatch(line)
        if closing is not None and closing.fullmatch(line):
            made.append("```")
            closing = None
        elif closing is not None:
            made.append(_apart(IN_FENCE.sub(r"\g<0> ", line.removeprefix(indent))))
        elif opening is not None:
            indent, fence, info = opening[1], opening[2], opening[3].strip()
            closing = re.compile(rf"[ \t]*{fence[0]}{{{len(fence)},}}[ \t]*")
            if made and made[-1].strip():
                made.append("")
            if info in LANGUAGES or not info:
                made.append(f"```{info}")
            else:
                made += ["```", IN_FENCE.sub(r"\g<0> ", info)]
        else:
            made.append(_apart(_no_heading_of_a_known_name(line)))
    return [*made, "```"] if closing is not None else made


def _apart(line: str) -> str:
    """The line with no run of characters in it that could open or close a code block."""
    return FENCE_CHARACTERS.sub(lambda run: re.sub("..(?=.)", r"\g<0> ", run[0]), line)


def _no_heading_of_a_known_name(line: str) -> str:
    underline = UNDERLINE.fullmatch(line)
    if underline is None:
        return HEADING.sub(rf"\g<1> {SIGN} ", line, count=1) if HEADING.match(line) else line
    container, signs = underline.groups()
    # A rule stays a rule, and makes no heading of the line above.
    return f"{container}***" if re.fullmatch("-{3,}", signs) else f"{container}{{}}{signs}"
