"""NOTICE and sbom.cdx.json name everything that the book carries."""

import json
import sys

from tests.support.built_book import ROOT

sys.path.insert(0, str(ROOT / "tools"))
import notice


def test_both_files_are_current() -> None:
    rows = notice.carried()
    assert (ROOT / "NOTICE").read_text(encoding="utf-8") == notice.notice(rows), "python tools/notice.py"
    assert (ROOT / "sbom.cdx.json").read_text(encoding="utf-8") == notice.sbom(rows), "python tools/notice.py"


def test_every_entry_of_the_lock_is_named_with_its_licence() -> None:
    named = {row.name for row in notice.carried()}
    for entry in json.loads((ROOT / "tools" / "vendor.lock.json").read_text()).values():
        expected = set(entry["licences"]) if "licences" in entry else {entry["package"]}
        assert expected <= named
    components = json.loads((ROOT / "sbom.cdx.json").read_text(encoding="utf-8"))["components"]
    assert {component["name"] for component in components} >= {
        row.name.rpartition("/")[2] for row in notice.carried() if not row.name.startswith("@")
    }
    assert all(component["licenses"] for component in components)


def test_what_a_scanner_looks_up_is_a_package_address() -> None:
    (state,) = [row for row in notice.carried() if row.name == "@codemirror/state"]
    assert str(notice.purl(state)) == f"pkg:npm/%40codemirror/state@{state.version}"
    (numpy,) = [row for row in notice.carried() if row.name == "numpy"]
    assert str(notice.purl(numpy)) == f"pkg:pypi/numpy@{numpy.version}"
