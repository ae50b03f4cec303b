"""MathJax in Node: a page's formulas in, elements and their style out; what was set before is kept."""

import hashlib
import json
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SCRIPT = Path(__file__).with_name("typeset.mjs")


class TypesetError(RuntimeError):
    """Node or MathJax failed; the message holds what they said."""


@dataclass(frozen=True)
class Formula:
    """One formula in TeX, without its delimiters."""

    tex: str
    display: bool


@dataclass(frozen=True)
class Typeset:
    """A page's formulas as HTML in their order, their style, and (TeX, reason) of those that are no TeX."""

    html: tuple[str, ...]
    css: str
    errors: tuple[tuple[str, str], ...]


class MathJax:
    """One Node process for all the pages of a build; it starts when the first page asks for it.

    mathjax: folder of MathJax's modules (es5). settings: `mathjax3_config` of _config.yml. kept: folder of
    what earlier builds set.
    """

    def __init__(self, mathjax: Path, settings: Mapping[str, Any], kept: Path) -> None:
        """Start nothing yet."""
        self.mathjax = mathjax
        self.settings = json.dumps({key: settings.get(key, {}) for key in ("tex", "chtml")}, sort_keys=True)
        self.kept = kept
        version = SCRIPT.read_bytes() + (mathjax / "node-main.js").read_bytes()
        self.version = hashlib.sha256(version).hexdigest() + self.settings
        self.process: subprocess.Popen[str] | None = None

    def typeset(self, page: str, formulas: Iterable[Formula], letters: Mapping[str, int]) -> Typeset:
        """The page's formulas; letters: which symbol of the notation a letter stands for."""
        asked = {"formulas": [[f.tex, f.display] for f in formulas], "letters": dict(letters)}
        line = json.dumps(asked, ensure_ascii=False, sort_keys=True)
        key = hashlib.sha256((self.version + line).encode()).hexdigest()
        file = self.kept / f"{page.replace('/', '-')}.json"
        try:
            found = json.loads(file.read_text(encoding="utf-8"))
        except (FileNotFoundError, json.JSONDecodeError):
            found = {}
        if found.get("key") != key:
            found = {"key": key, **self._ask(line)}
            self.kept.mkdir(parents=True, exist_ok=True)
            draft = file.with_suffix(f".{id(self)}")
            draft.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
            draft.replace(file)
        errors = tuple((tex, why) for tex, why in found["errors"])
        return Typeset(tuple(found["html"]), found["css"], errors)

    def _ask(self, line: str) -> Any:
        if self.process is None:
            node = shutil.which("node")
            if node is None:
                raise TypesetError("Node is not installed")
            self.process = subprocess.Popen(
                [node, str(SCRIPT), str(self.mathjax), self.settings],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
            )
        assert self.process.stdin
        assert self.process.stdout
        try:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
            answer = self.process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        if not answer:
            code = self.process.wait()
            self.close()
            raise TypesetError(f"MathJax in Node ended with exit code {code}")
        return json.loads(answer)

    def close(self) -> None:
        """End the process, if it was started."""
        if self.process is not None:
            self.process.communicate()
            self.process = None
