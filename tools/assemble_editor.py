"""Assemble the editor of live cells: .cache/editor/, CodeMirror's own modules as tools/vendor.py fetched
them.

    python tools/assemble_editor.py [--need]

A browser can't look up `@codemirror/view`, so each such name becomes the address of the file beside it. That
is all: no bundler, and a reader's browser loads the modules when a cell is about to be edited.
"""

import argparse
import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / ".cache" / "vendor" / "codemirror"
TARGET = ROOT / ".cache" / "editor"
LOCK = Path(__file__).with_name("vendor.lock.json")
IMPORT = re.compile(r"""^((?:import|export) [^'"\n]*from )(['"])([^'"]+)\2""", re.MULTILINE)


def flat(package: str) -> str:
    """@codemirror/view -> codemirror-view, the name of its folder and its file."""
    return package.replace("@", "").replace("/", "-")


def linked(source: str, known: set[str]) -> str:
    """A module's text with the packages it imports by address; one that was not fetched is an error here."""

    def address(match: re.Match[str]) -> str:
        if flat(match[3]) not in known:
            raise SystemExit(
                f"assemble_editor: a module imports {match[3]}, which vendor.lock.json does not have"
            )
        return f'{match[1]}"./{flat(match[3])}.js"'

    return IMPORT.sub(address, source)


def assemble(names: set[str]) -> None:
    """Write .cache/editor anew."""
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    licences = []
    for name in sorted(names):
        (module,) = (VENDOR / name).rglob("*.js")
        (TARGET / f"{name}.js").write_text(
            linked(module.read_text(encoding="utf-8"), names), encoding="utf-8"
        )
        licences.append(f"{name}\n\n{(VENDOR / name / 'LICENSE').read_text(encoding='utf-8')}")
    (TARGET / "LICENSE").write_text("\n\n".join(licences), encoding="utf-8")
    (TARGET / ".complete").touch()


def main() -> int:
    """0, or 2 with --need and something missing."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--need", action="store_true", help="fail if a module is missing")
    need = parser.parse_args().need
    names = set(re.findall(r'"codemirror/([\w-]+)": \{', LOCK.read_text()))
    missing = sorted(name for name in names if not (VENDOR / name / ".complete").is_file())
    if missing:
        print(
            f"assemble_editor: {', '.join(missing)} missing (tools/vendor.py fetches them), "
            "so cells are edited as plain text",
            file=sys.stderr,
        )
        shutil.rmtree(TARGET, ignore_errors=True)
        return 2 if need else 0
    assemble(names)
    return 0


if __name__ == "__main__":
    sys.exit(main())
