"""Give the project a new version, everywhere that it stands, and tag it: make version V=0.2.0

    python tools/new_version.py 0.2.0              writes, commits and tags
    python tools/new_version.py 0.2.0 --dry-run    says what it would change

The version stands in pyproject.toml and CITATION.cff; the changelog's "not released" becomes today. If the
book's configuration names a repository (reading_repository in _config.yml), both files get its address.
Nothing is pushed: pushing the tag is what releases. Ends with 2, and changes nothing, where it can't be done.
"""

import argparse
import datetime
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import yaml
from packaging.version import InvalidVersion, Version

ROOT = Path(__file__).resolve().parents[1]
UNRELEASED = re.compile(r"^## (\S+), not released$", re.MULTILINE)


def replaced(text: str, pattern: str, line: str, where: str) -> str:
    """The text with the one line that fits the pattern exchanged; ValueError if there isn't exactly one."""
    changed, count = re.subn(pattern, lambda _: line, text, flags=re.MULTILINE)
    if count != 1:
        raise ValueError(f"{where} should have one line like {pattern}, and has {count}")
    return changed


def project(text: str, version: str, repository: str) -> str:
    """pyproject.toml of this version."""
    text = replaced(text, r'^version = ".*"$', f'version = "{version}"', "pyproject.toml")
    if repository and "[project.urls]" not in text:
        urls = f'[project.urls]\nRepository = "{repository}"\nIssues = "{repository}/issues"\n'
        urls += f'Changelog = "{repository}/blob/main/CHANGELOG.md"\n\n'
        text = text.replace("[project.optional-dependencies]", urls + "[project.optional-dependencies]", 1)
    return text


def citation(text: str, version: str, repository: str, day: str) -> str:
    """CITATION.cff of this version and day."""
    text = replaced(text, r"^version: .*$", f"version: {version}", "CITATION.cff")
    known = {"date-released": day, **({"repository-code": repository} if repository else {})}
    for key, value in known.items():
        text = re.sub(rf"^{key}: .*\n", "", text, flags=re.MULTILINE)
        text = text.replace(f"version: {version}\n", f"version: {version}\n{key}: {value}\n")
    return text


def changelog(text: str, version: str, day: str) -> str:
    """CHANGELOG.md whose newest part is this version's; ValueError if nothing stands there."""
    heading = UNRELEASED.search(text)
    if heading is None:
        raise ValueError('CHANGELOG.md has no part "## X, not released": nothing to release')
    if not text[heading.end() :].split("\n## ")[0].strip():
        raise ValueError(f"CHANGELOG.md says nothing under {heading[0]!r}")
    return UNRELEASED.sub(f"## {version}, {day}", text, count=1)


def changes(root: Path, wanted: str, day: str) -> dict[Path, str]:
    """The new text of each file; ValueError if the version isn't one, or isn't a newer one."""
    pyproject, cff, log = (root / name for name in ("pyproject.toml", "CITATION.cff", "CHANGELOG.md"))
    now = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]["version"]
    try:
        version = Version(wanted)
    except InvalidVersion as error:
        raise ValueError(f"{wanted!r} is no version; expected one like 0.2.0 or 0.2.0rc1") from error
    first = f"## {now}, not released" in log.read_text(encoding="utf-8")
    if version < Version(now) or (version == Version(now) and not first):
        raise ValueError(f"{wanted} is not newer than {now}")
    config = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))
    repository = config.get("sphinx", {}).get("config", {}).get("reading_repository") or ""
    return {
        pyproject: project(pyproject.read_text(encoding="utf-8"), str(version), repository),
        cff: citation(cff.read_text(encoding="utf-8"), str(version), repository, day),
        log: changelog(log.read_text(encoding="utf-8"), str(version), day),
    }


def git(root: Path, *arguments: str) -> str:
    """What git says; ValueError with its own words if it refuses."""
    done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ValueError(f"git {arguments[0]}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout.strip()


def main() -> int:
    """0; 2 where it can't be done."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("version", help="like 0.2.0")
    parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
    parser.add_argument("--root", type=Path, default=ROOT, help="the checkout (this one)")
    given = parser.parse_args()
    tag = f"v{given.version}"
    try:
        texts = changes(given.root, given.version, datetime.date.today().isoformat())
        if git(given.root, "status", "--porcelain"):
            raise ValueError("the checkout has changes that are not committed; commit or stash them first")
        if git(given.root, "tag", "--list", tag):
            raise ValueError(f"the tag {tag} is there already")
        for path, text in texts.items():
            print(f"{'would write' if given.dry_run else 'wrote'} {path.name}")
            if not given.dry_run:
                path.write_text(text, encoding="utf-8")
        if given.dry_run:
            print(f"would commit, and tag {tag}")
            return 0
        git(given.root, "commit", "--quiet", "--all", "--message", f"Version {given.version}")
        git(given.root, "tag", "--annotate", tag, "--message", f"Version {given.version}")
    except ValueError as error:
        print(f"new_version: {error}", file=sys.stderr)
        return 2
    print(f"tagged {tag}; git push --follow-tags releases it")
    return 0


if __name__ == "__main__":
    sys.exit(main())
