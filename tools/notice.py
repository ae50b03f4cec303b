"""Say what the book carries that others made: NOTICE for people, sbom.cdx.json (CycloneDX 1.6) for programs.

    python tools/notice.py            write both anew
    python tools/notice.py --check    exit 1 if they are not what the lock says

Both are made from tools/vendor.lock.json and the list below, so that nothing can be carried and not be named.
"""

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

ROOT = Path(__file__).resolve().parent.parent
LOCK = Path(__file__).with_name("vendor.lock.json")
NOTICE, SBOM = ROOT / "NOTICE", ROOT / "sbom.cdx.json"


@dataclass(frozen=True)
class Carried:
    """Something by others: where it stands, under which licence (SPDX), from where.

    Its sha256 (hex), if it is one file.
    """

    name: str
    version: str
    licence: str
    purpose: str
    url: str
    sha256: str = ""


# What stands in the repository itself.
IN_THE_REPOSITORY = (
    Carried(
        "Optical Recognition of Handwritten Digits",
        "1998-07-01",
        "CC-BY-4.0",
        "the digits of chapters 9 to 11 (backprop/data/digits.npz), by E. Alpaydin and C. Kaynak",
        "https://doi.org/10.24432/C50P49",
    ),
)
PAGES = {"npm": "https://www.npmjs.com/package/", "pypi": "https://pypi.org/project/"}


def carried() -> list[Carried]:
    """Everything, in the order of NOTICE; KeyError where the lock names no licence."""
    rows = list(IN_THE_REPOSITORY)
    for entry in json.loads(LOCK.read_text(encoding="utf-8")).values():
        url = PAGES[entry["from"]] + entry["package"]
        if "licences" not in entry:
            rows.append(Carried(entry["package"], entry["version"], entry["licence"], entry["for"], url))
            continue
        for file, digest in entry["listed"].items():
            name, version = file.split("-")[:2]
            where = PAGES["pypi"] + name.replace("_", "-")
            rows.append(Carried(name, version, entry["licences"][name], entry["for"], where, digest))
    return rows


def notice(rows: list[Carried]) -> str:
    """The text of NOTICE."""
    lines = [
        "General Backpropagation: code BSD-3-Clause, prose and pictures CC BY 4.0 (see LICENSE).",
        "",
        "The book carries works of others. Each stands under its own licence, and its text comes with it.",
        "Written by tools/notice.py from tools/vendor.lock.json.",
    ]
    for row in rows:
        lines += ["", f"{row.name} {row.version}", f"  for      {row.purpose}"]
        lines += [f"  licence  {row.licence}", f"  from     {row.url}"]
    return "\n".join(lines) + "\n"


def component(row: Carried) -> Component:
    """One row of the bill of materials."""
    return Component(
        name=row.name,
        version=row.version,
        bom_ref=f"{row.name}@{row.version}",
        type=ComponentType.DATA if row in IN_THE_REPOSITORY else ComponentType.LIBRARY,
        description=row.purpose,
        licenses=[LicenseFactory().make_from_string(row.licence)],
        purl=purl(row),
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=row.sha256)] if row.sha256 else [],
        external_references=[ExternalReference(type=ExternalReferenceType.WEBSITE, url=XsUri(row.url))],
    )


def purl(row: Carried) -> PackageURL | None:
    """The package's address in the form that scanners of vulnerabilities look up."""
    for kind, page in PAGES.items():
        if row.url.startswith(page):
            namespace, _, name = row.url.removeprefix(page).rpartition("/")
            return PackageURL(kind, namespace or None, name, row.version)
    return None


def sbom(rows: list[Carried]) -> str:
    """The text of sbom.cdx.json; without serial number and date, it changes only where the facts do."""
    bom = Bom(components=[component(row) for row in rows])
    data = json.loads(JsonV1Dot6(bom).output_as_string())
    del data["serialNumber"], data["metadata"]
    return json.dumps(data, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def main() -> int:
    """0, or 1 with --check where a file is not current."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing, exit 1 where a file is not current"
    )
    check = parser.parse_args().check
    rows = carried()
    stale = 0
    for path, text in ((NOTICE, notice(rows)), (SBOM, sbom(rows))):
        if not check:
            path.write_text(text, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text:
            stale = 1
            print(
                f"notice: {path.name} is not what the lock says; run: python tools/notice.py", file=sys.stderr
            )
    return stale


if __name__ == "__main__":
    sys.exit(main())
