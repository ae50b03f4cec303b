"""ES modules joined into few files by Rollup, kept in .cache/modules until one of them changes."""

import hashlib
import json
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from sphinx.errors import ExtensionError
from sphinx.util import logging

logger = logging.getLogger(__name__)
SCRIPT = Path(__file__).with_name("bundle.mjs")


def version(source: Path, cache: Path) -> str:
    """A hash of all that the joined files are made of; of a folder without modules too."""
    total = hashlib.sha256(SCRIPT.read_bytes())
    stamp = cache / "vendor" / "rollup" / ".complete"
    total.update(stamp.read_bytes() if stamp.is_file() else b"")
    for path in sorted(source.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            total.update(str(path.relative_to(source)).encode() + b"\0" + path.read_bytes())
    return total.hexdigest()[:12]


def bundled(source: Path, cache: Path, entries: Sequence[str], chunks: Mapping[str, str]) -> Path:
    """A folder with the files of `source`, whose entries need no module but the chunks.

    entries: modules that pages load. chunks: {file's name: pattern of paths that go into it}. Where Node or
    Rollup is missing the build says so and `source` itself is given: a page then loads each module by itself.
    ExtensionError if Rollup fails.
    """
    rollup = cache / "vendor" / "rollup"
    node = shutil.which("node")
    if node is None or not (rollup / ".complete").is_file():
        what = "Node" if node is None else "Rollup (python tools/vendor.py brings it)"
        logger.info("bundling: %s is missing, so a page loads each script of %s by itself", what, source.name)
        return source
    folder = cache / "modules"
    target = folder / f"{source.parent.name}-{source.name}-{version(source, cache)}"
    if target.is_dir():
        return target
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        draft = Path(scratch) / "joined"
        shutil.copytree(source, draft, ignore=shutil.ignore_patterns("__pycache__"))
        asked = json.dumps({"entries": list(entries), "chunks": dict(chunks)})
        command = [node, str(SCRIPT), str(rollup), str(source), str(draft), asked]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
        if done.returncode:
            raise ExtensionError(f"bundling: Rollup could not join the scripts of {source}: {done.stderr}")
        for old in folder.glob(f"{source.parent.name}-{source.name}-*"):
            shutil.rmtree(old)
        draft.replace(target)
    return target
