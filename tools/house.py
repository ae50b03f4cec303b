"""The numbers of the house: modules and lines of each folder, its floors, who imports whom, and cycles.

python tools/house.py            a table for people
python tools/house.py --json     the same for programs
"""

import argparse
import json
import sys
import tomllib
from collections import Counter
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parents[1]
PRODUCT = ("backprop", "autograder", "deltabook")


def layers() -> list[list[str]]:
    """The rows of the import contract of pyproject.toml, the top row first; each row is a list of names."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    (rows,) = [c["layers"] for c in contracts["contracts"] if c["type"] == "layers"]
    return [[name.strip() for name in row.split("|")] for row in rows]


def room(module: str) -> str:
    """The folder (or single module) that a module of ours belongs to: autograder.judging.judge → judging."""
    parts = module.split(".")
    return parts[0] if parts[0] != "autograder" else parts[1] if len(parts) > 1 else "autograder"


def cycles(arrows: dict[str, set[str]]) -> list[list[str]]:
    """Groups of modules that import each other in a circle (strongly connected, more than one member)."""
    reach = {start: _reached(start, arrows) for start in arrows}
    groups = {frozenset({a} | {b for b in reach[a] if a in reach.get(b, ())}) for a in arrows}
    return sorted(sorted(group) for group in groups if len(group) > 1)


def _reached(start: str, arrows: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    todo = [start]
    while todo:
        for target in arrows.get(todo.pop(), ()):
            if target not in found:
                found.add(target)
                todo.append(target)
    return found


def floors(arrows: dict[str, set[str]]) -> dict[str, int]:
    """How high each module stands: 0 imports nothing of ours, else one more than the highest that it imports.

    Members of a cycle stand on one floor.
    """
    group = {name: frozenset(circle) for circle in cycles(arrows) for name in circle}
    height: dict[str, int] = {}

    def floor(name: str) -> int:
        if name not in height:
            members = group.get(name, frozenset({name}))
            below = {target for member in members for target in arrows.get(member, ())} - members
            found = 1 + max(map(floor, below), default=-1)
            height.update(dict.fromkeys(members, found))
        return height[name]

    return {name: floor(name) for name in arrows}


def lines(module: str) -> int:
    """Lines of a module's file."""
    path = ROOT / Path(*module.split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return len(file.read_text(encoding="utf-8").splitlines())


def numbers() -> dict[str, object]:
    """Everything that the command prints. Imports for type checking alone are no arrows."""
    graph = grimp.build_graph(*PRODUCT, exclude_type_checking_imports=True, cache_dir=None)
    arrows = {name: set(graph.find_modules_directly_imported_by(name)) for name in graph.modules}
    height = floors(arrows)
    rooms: dict[str, dict[str, object]] = {}
    for name in [name for row in layers() for name in row] + list(PRODUCT):
        modules = [module for module in arrows if room(module) == name]
        targets = {room(target) for module in modules for target in arrows[module]} - {name}
        rooms[name] = {
            "modules": len(modules),
            "lines": sum(map(lines, modules)),
            "floors": [min(height[m] for m in modules), max(height[m] for m in modules)] if modules else [],
            "imports": sorted(targets),
        }
    longest = Counter({module: lines(module) for module in arrows}).most_common(5)
    return {
        "modules": len(arrows),
        "lines": sum(map(lines, arrows)),
        "arrows": sum(map(len, arrows.values())),
        "floors": 1 + max(height.values()),
        "cycles": cycles(arrows),
        "longest": dict(longest),
        "rooms": rooms,
    }


def main() -> int:
    """Print them; 1 if modules import each other in a circle."""
    parser = argparse.ArgumentParser(
        description="modules, floors, import arrows, cycles and lines of the product"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    wanted = parser.parse_args()
    found = numbers()
    if wanted.json:
        print(json.dumps(found, indent=1))
        return 1 if found["cycles"] else 0
    print(f"{'folder':<16}{'modules':>8}{'lines':>8}{'floors':>9}   imports")
    for name, of in found["rooms"].items():
        between = "–".join(map(str, of["floors"]))
        print(f"{name:<16}{of['modules']:>8}{of['lines']:>8,}{between:>9}   {', '.join(of['imports'])}")
    print(
        f"\n{found['modules']} modules, {found['lines']:,} lines, {found['arrows']} imports, "
        f"{found['floors']} floors"
    )
    print("longest: " + ", ".join(f"{name} {count}" for name, count in found["longest"].items()))
    print("cycles: " + ("; ".join(" ↔ ".join(circle) for circle in found["cycles"]) or "none"))
    return 1 if found["cycles"] else 0


if __name__ == "__main__":
    sys.exit(main())
