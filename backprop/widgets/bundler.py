"""One self-contained ES module from a widget's file and the shared ones, for Jupyter takes one text."""

import functools
import re
from pathlib import Path

HERE = Path(__file__).resolve().parent
# The scripts lie in the wheel beside this file; in a checkout they are widgets/js/.
JS = HERE / "js" if (HERE / "js").is_dir() else HERE.parents[1] / "widgets" / "js"
IMPORT = re.compile(r'^import \{([^}]*)\} from "(\./[^"]+|\.\./[^"]+)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|class) (\w+))", re.MULTILINE)


@functools.cache
def bundle(name: str, language: str = "") -> str:
    """The text of js/<name>, with every module that it imports in front of it, each in a scope of its own.

    language: a code such as "es"; what has no catalogue in js/locale stays English. Deterministic: the same
    files give the same text. ValueError for an import or export in another form.
    """
    order: list[Path] = []
    visit((JS / name).resolve(), order, ())
    catalogue = JS / "locale" / f"{language}.js"
    parts = []
    for path in order[:-1]:
        parts.append(scoped(path))
        # Before any sentence is made
        if path.name == "words.js" and catalogue.is_file():
            parts.append(spoken(path, catalogue))
    return "\n".join([*parts, rewired(order[-1])])


def spoken(words: Path, catalogue: Path) -> str:
    """The line that gives the module of sentences a language's catalogue."""
    text = catalogue.read_text(encoding="utf-8").replace("export default ", "const said = ")
    body = EXPORT.sub("", text)
    names = f"default: said, {', '.join(EXPORT.findall(text))}"
    return f"{variable(words)}.speak((() => {{\n{body}\nreturn {{ {names} }};\n}})());"


def visit(path: Path, order: list[Path], above: tuple[Path, ...]) -> None:
    """Append path to order, behind all that it imports."""
    if path in above:
        raise ValueError(f"bundle: {path.name} imports itself by way of {above[-1].name}; undo the circle")
    if path in order:
        return
    for match in IMPORT.finditer(path.read_text(encoding="utf-8")):
        visit((path.parent / match[2]).resolve(), order, (*above, path))
    order.append(path)


def variable(path: Path) -> str:
    """The name under which a module's exports are kept."""
    return "module_" + re.sub(r"\W", "_", path.relative_to(JS).with_suffix("").as_posix())


def rewired(path: Path) -> str:
    """A module's text with its imports taken from the variables."""

    def taken(match: re.Match[str]) -> str:
        return f"const {{{match[1]}}} = {variable((path.parent / match[2]).resolve())};\n"

    text = IMPORT.sub(taken, path.read_text(encoding="utf-8"))
    if re.search(r"^import\b", text, re.MULTILINE):
        raise ValueError(
            f'bundle: {path.name} has an import in a form other than: import {{ a, b }} from "./c.js";'
        )
    return text


def scoped(path: Path) -> str:
    """A shared module as a constant object of its exports."""
    text = rewired(path)
    names = EXPORT.findall(text)
    body = EXPORT.sub("", text)
    if re.search(r"^export\b", body, re.MULTILINE):
        raise ValueError(
            f"bundle: {path.name} exports something that is not a named function, const or class"
        )
    return f"const {variable(path)} = (() => {{\n{body}\nreturn {{ {', '.join(names)} }};\n}})();"
