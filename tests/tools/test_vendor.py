"""What the book carries with it: fetched bytes are what the lock says, or they are refused; nothing leaves
its folder.
"""

import functools
import gc
import hashlib
import io
import json
import sys
import tarfile
import threading
import zipfile
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.support.built_book import ROOT

sys.path.insert(0, str(ROOT / "tools"))
import assemble_editor
import assemble_pyodide
import vendor


def archive(folder: Path, members: dict[str, bytes]) -> Path:
    path = folder / "some-1.tgz"
    with tarfile.open(path, "w:gz") as tar:
        for name, data in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return path


@pytest.fixture
def fetch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Fetch these members under this hash (theirs, if none is given): the reason and how often it was
    downloaded.
    """
    monkeypatch.setattr(vendor, "CACHE", tmp_path / "cache")
    downloads = []

    def fetch(members: dict[str, bytes], integrity: str = "") -> tuple[str | None, int]:
        path = archive(tmp_path, members)
        entry = {
            "from": "npm",
            "package": "some",
            "version": "1",
            "integrity": integrity or vendor.digest(path.read_bytes(), "sha512"),
            "files": ["*.js"],
        }

        def download(_entry: dict, folder: Path) -> Path:
            downloads.append(1)
            return path.replace(folder / path.name)

        monkeypatch.setattr(vendor, "download", download)
        return vendor.fetch("some/part", entry), len(downloads)

    return fetch


def test_what_the_lock_names_is_unpacked_once(fetch, tmp_path: Path) -> None:
    members = {"package/a.js": b"1", "package/b.txt": b"2"}
    assert fetch(members) == (None, 1)
    target = tmp_path / "cache" / "some" / "part"
    assert sorted(p.name for p in target.iterdir()) == [".complete", "a.js"]
    again, downloads = fetch(members, (target / ".complete").read_text())
    assert (again, downloads) == (None, 1)


def test_other_bytes_are_refused(fetch, tmp_path: Path) -> None:
    reason, _ = fetch({"package/a.js": b"1"}, "sha512-" + "A" * 86 + "==")
    assert reason is not None
    assert "was refused: its hash is sha512-" in reason
    assert not (tmp_path / "cache" / "some" / "part").exists()


def test_no_member_leaves_its_folder(fetch, tmp_path: Path) -> None:
    reason, _ = fetch({"package/../../../evil.js": b"1"})
    assert reason == "npm: was refused: a member wants to leave its folder: ../../../evil.js"
    assert not list(tmp_path.rglob("evil.js"))
    assert not (tmp_path / "cache" / "some" / "part").exists()


def test_a_registry_that_does_not_answer_is_a_reason(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(vendor, "CACHE", tmp_path / "cache")

    def nothing(_entry: dict, _folder: Path) -> Path:
        raise OSError("no network")

    monkeypatch.setattr(vendor, "download", nothing)
    entry = {"from": "npm", "package": "some", "version": "1", "integrity": "sha512-x"}
    assert vendor.fetch("some", entry) == "npm: could not be fetched (no network)"


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A server of our own that has some/a.js, of which the text is right."""
    (tmp_path / "served" / "some").mkdir(parents=True)
    (tmp_path / "served" / "some" / "a.js").write_text("right")
    handler = functools.partial(SimpleHTTPRequestHandler, directory=str(tmp_path / "served"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


def listed(*sources: str, package: str = "some") -> dict:
    """An entry of one file, whose text must be "right"."""
    files = {"some/a.js": hashlib.sha256(b"right").hexdigest()}
    entry = {"from": "npm", "package": package, "version": "1", "integrity": "sha512-x", "listed": files}
    return {**entry, "sources": list(sources)}


def test_the_second_source_serves_where_the_first_is_gone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, address: str
) -> None:
    monkeypatch.setattr(vendor, "CACHE", tmp_path / "cache")
    assert vendor.fetch("part", listed(f"{address}gone/", address)) is None
    assert (tmp_path / "cache" / "part" / "some" / "a.js").read_text() == "right"


def test_a_source_with_other_bytes_is_passed_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, address: str
) -> None:
    monkeypatch.setattr(vendor, "CACHE", tmp_path / "cache")
    (tmp_path / "served" / "bad" / "some").mkdir(parents=True)
    (tmp_path / "served" / "bad" / "some" / "a.js").write_text("wrong")
    assert vendor.fetch("part", listed(f"{address}bad/", address)) is None
    assert (tmp_path / "cache" / "part" / "some" / "a.js").read_text() == "right"
    reason = vendor.fetch("other", listed(f"{address}bad/"))
    assert reason is not None
    assert "bad/: was refused: the sha256 of some/a.js is" in reason
    assert not (tmp_path / "cache" / "other").exists()


def test_what_no_source_has_is_told_source_by_source(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, address: str
) -> None:
    monkeypatch.setattr(vendor, "CACHE", tmp_path / "cache")
    reason = vendor.fetch("part", listed(f"{address}gone/", "installed", package="there-is-no-such-package"))
    assert reason is not None
    assert "gone/: could not be fetched (HTTP Error 404" in reason
    assert "installed: could not be fetched (there-is-no-such-package is not installed here)" in reason
    # A connection that was left open would be warned of now.
    gc.collect()


def test_ipywidgets_are_also_had_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(vendor, "CACHE", tmp_path / "cache")
    lock = json.loads((ROOT / "tools" / "vendor.lock.json").read_text())
    for name in ("ipywidgets", "comm"):
        assert vendor.fetch(name, {**lock[name], "sources": ["installed"]}) is None
        kept = {
            p.relative_to(tmp_path / "cache" / name).as_posix()
            for p in (tmp_path / "cache" / name).rglob("*")
        }
        assert set(lock[name]["listed"]) < kept


def test_every_vendored_byte_has_two_sources_and_a_hash() -> None:
    for name, entry in json.loads((ROOT / "tools" / "vendor.lock.json").read_text()).items():
        assert len(entry["sources"]) > 1, name
        assert entry["from"] in entry["sources"], name
        assert entry["listed"], name
        assert all(len(digest) == 64 for digest in entry["listed"].values()), name


def test_every_entry_of_the_lock_is_pinned() -> None:
    for path in (ROOT / "tools" / "vendor.lock.json", ROOT / "benchmarks" / "thebe_lite.lock.json"):
        for name, entry in json.loads(path.read_text()).items():
            assert entry["version"][0].isdigit(), name
            assert entry["integrity"].startswith("sha512-" if entry["from"] == "npm" else "sha256-"), name
            assert entry["for"], name


def test_the_editors_modules_import_each_other_by_address() -> None:
    known = {"codemirror-state", "crelt"}
    source = "import { A } from '@codemirror/state';\nexport * from \"crelt\";\n// taken from 'elsewhere'\n"
    expected = (
        'import { A } from "./codemirror-state.js";\nexport * from "./crelt.js";\n'
        "// taken from 'elsewhere'\n"
    )
    assert assemble_editor.linked(source, known) == expected
    with pytest.raises(SystemExit, match="imports other, which"):
        assemble_editor.linked("import x from 'other';", known)


def test_a_wheel_that_is_not_the_locks_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(assemble_pyodide, "VENDOR", tmp_path)
    (tmp_path / "pyodide-wheels").mkdir()
    path = tmp_path / "pyodide-wheels" / "some-1.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr("some/__init__.py", "")
        wheel.writestr("some/tests/test_it.py", "")
    right = {"file_name": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    files = assemble_pyodide.wheel_files("some", {"packages": {"some": right}})
    assert list(files) == ["some/__init__.py"]  # trimmed
    with pytest.raises(SystemExit, match=r"some-1\.whl was refused: its sha256 is"):
        assemble_pyodide.wheel_files("some", {"packages": {"some": {**right, "sha256": "0" * 64}}})


def test_what_is_packed_twice_is_the_same_file() -> None:
    files = {"b.py": b"2", "a.py": b"1"}
    for pack in (assemble_pyodide.packed, assemble_pyodide.zipped):
        assert pack(files) == pack(dict(reversed(files.items())))


def test_an_edition_beside_the_book_has_its_own_package_alone(tmp_path):
    book, edition = tmp_path / "_static" / "pyodide", tmp_path / "es" / "_static" / "pyodide"
    book.mkdir(parents=True)
    package = assemble_pyodide.packed({"autograder/released/a/a.ipynb": b"{}"})
    content = {"pyodide.mjs": b"export {}", "numpy-0.pack": b"numpy", "deltabook-0.pack": package}
    for name, data in content.items():
        (book / name).write_bytes(data)
    manifest = {
        "groups": {"deltabook": {"file": "deltabook-0.pack", "size": len(package)}},
        "integrity": {name: assemble_pyodide.integrity(data) for name, data in content.items()},
    }
    (book / "live.json").write_text(json.dumps(manifest))
    added = {"autograder/released/b/b.ipynb": b"{}"}
    assemble_pyodide.with_files(book, edition, added, "../../../_static/pyodide/")
    found = json.loads((edition / "live.json").read_text())
    (own,) = found["own"]
    assert {path.name for path in edition.iterdir()} == {own, "live.json", ".complete"}
    assert found["groups"]["deltabook"]["file"] == own
    shared = [name for name in found["integrity"] if name != own]
    assert sorted(shared) == ["numpy-0.pack", "pyodide.mjs"]
    assert all((edition / found["shared"] / name).read_bytes() == content[name] for name in shared)
    # Alone, it has all of them
    assemble_pyodide.with_files(book, edition, added)
    assert "shared" not in json.loads((edition / "live.json").read_text())
    assert {"numpy-0.pack", "pyodide.mjs"} < {path.name for path in edition.iterdir()}
