"""What pages load is joined: styles and scripts as they would be by themselves, in few requests."""

import importlib
import struct
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from sphinx.errors import ExtensionError

from tests.support.built_book import ROOT, vendored
from tests.support.machine import needed

sys.path.insert(0, str(ROOT / "book" / "_ext"))
files = importlib.import_module("bundling.pages")
modules = importlib.import_module("bundling.modules")
pictures = importlib.import_module("bundling.pictures")


def test_a_style_keeps_its_addresses_and_what_it_imports(tmp_path: Path) -> None:
    (tmp_path / "styles").mkdir()
    (tmp_path / "basic.css").write_text("a { background: url(icon.png) }")
    (tmp_path / "styles" / "theme.css").write_text(
        '@charset "UTF-8";\n@import "../basic.css";\n'
        "b { background: url('../img/b.svg') } c { background: url(data:image/png;base64,AA==) }"
    )
    text = files.style(tmp_path, "styles/theme.css")
    assert "@" not in text
    assert 'a { background: url("icon.png") }' in text
    assert 'b { background: url("img/b.svg") }' in text
    assert "url(data:image/png;base64,AA==)" in text


def test_a_style_for_paper_stays_one_for_paper(tmp_path: Path) -> None:
    (tmp_path / "print.css").write_text("p { color: black }")
    text = files.joined_styles(tmp_path, [("print.css", "print")])
    assert "@media print {\np { color: black }\n}" in text


def test_a_style_that_comes_with_the_pages_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("a {}")
    common = files.Joined()
    common.styles = [("a.css", ""), ("later.css", "")]
    first = common.version(tmp_path)
    (tmp_path / "a.css").write_text("a { color: red }")
    assert common.version(tmp_path) != first


def test_scripts_are_ended_and_none_is_made_strict_by_another(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text('"use strict";\nvar a = 1')
    (tmp_path / "b.js").write_text("(() => { loose = a + 1 })()")
    joined = files.joined_scripts(tmp_path, ["a.js", "b.js"])
    assert joined.startswith(";\n")
    assert "var a = 1\n;\n(() =>" in joined


@pytest.fixture
def rollup() -> Path:
    needed("node")
    code, log = vendored()
    assert code == 0, log[-2000:]
    return ROOT / ".cache"


def cache(tmp_path: Path, rollup: Path) -> Path:
    found = tmp_path / "cache"
    (found / "vendor").mkdir(parents=True)
    (found / "vendor" / "rollup").symlink_to(rollup / "vendor" / "rollup")
    return found


def test_modules_are_joined_and_their_folder_is_whole(tmp_path: Path, rollup: Path) -> None:
    source, kept = tmp_path / "js", cache(tmp_path, rollup)
    (source / "shared").mkdir(parents=True)
    (source / "shared" / "a.js").write_text("export const a = 40;\n")
    (source / "main.js").write_text('import { a } from "./shared/a.js";\nexport default a + 2;\n')
    (source / "picture.svg").write_text("<svg/>")
    joined = modules.bundled(source, kept, ["main.js"], {"shared": "^shared/"})
    assert 'from "./shared.js"' in (joined / "main.js").read_text().replace("'", '"')
    assert "40" in (joined / "shared.js").read_text()
    assert (joined / "picture.svg").is_file()
    assert modules.bundled(source, kept, ["main.js"], {"shared": "^shared/"}) == joined
    (source / "shared" / "a.js").write_text("export const a = 41;\n")
    newer = modules.bundled(source, kept, ["main.js"], {"shared": "^shared/"})
    assert "41" in (newer / "shared.js").read_text()
    assert [path.name for path in (kept / "modules").iterdir()] == [newer.name]


def test_a_module_that_is_not_there_ends_the_build(tmp_path: Path, rollup: Path) -> None:
    source = tmp_path / "js"
    source.mkdir()
    (source / "main.js").write_text('import { a } from "./nowhere.js";\nconsole.log(a);\n')
    with pytest.raises(ExtensionError, match="nowhere"):
        modules.bundled(source, cache(tmp_path, rollup), ["main.js"], {})


def test_without_rollup_each_module_is_loaded_by_itself(tmp_path: Path) -> None:
    assert modules.bundled(tmp_path, tmp_path, ["main.js"], {}) == tmp_path


def test_a_picture_waits_for_the_reader_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(pictures.PNG + b"\0\0\0\rIHDR" + struct.pack(">II", 640, 480))
    (tmp_path / "b.svg").write_text("<svg/>")
    app = SimpleNamespace(
        builder=SimpleNamespace(images={"a.png": "1.png", "b.svg": "2.svg"}), srcdir=str(tmp_path)
    )
    body = (
        '<img alt="its height" src="_images/1.png" /><img src="_images/2.svg" />'
        '<img height="9" src="_images/1.png" />'
    )
    context = {"body": body}
    pictures.defer(app, "page", "", context, None)
    lazy, svg, sized = context["body"].split("<img ")[1:]
    assert lazy == 'loading="lazy" width="640" height="480" alt="its height" src="_images/1.png" />'
    assert "lazy" not in svg + sized


def test_a_diagram_becomes_a_part_of_the_page(tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_text('<svg xmlns="x" class="diagram"><g/></svg>\n')
    app = SimpleNamespace(builder=SimpleNamespace(images={"a.svg": "1.svg"}), srcdir=str(tmp_path))
    context = {"body": '<p><img alt="A net &amp; its &#x27;numbers&#x27;" src="_images/1.svg" /></p>'}
    pictures.defer(app, "page", "", context, None)
    label = "A net &amp; its &#x27;numbers&#x27;"
    expected = f'<p><svg role="img" aria-label="{label}" xmlns="x" class="diagram"><g/></svg></p>'
    assert context["body"] == expected
