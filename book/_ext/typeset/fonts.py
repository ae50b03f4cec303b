"""MathJax's fonts, each with only the characters that some page of the book shows."""

import base64
import hashlib
import re
from io import BytesIO
from pathlib import Path

from fontTools import subset

CONTENT = re.compile(r'content:\s*"((?:[^"\\]|\\.)*)"')
# It has a width of 0 for every letter that MathJax shows by other means
EMPTY = "MathJax_Zero"
SMALL = 3000
ESCAPED = re.compile(r"\\([0-9A-Fa-f]+) ?|\\(.)")


def shown(css: str) -> set[int]:
    """The code points that a style sheet of MathJax's writes into its boxes: content:"\\2212"."""
    found: set[int] = set()
    for text in CONTENT.findall(css):
        found |= {int(code, 16) if code else ord(sign) for code, sign in ESCAPED.findall(text)}
        found |= set(map(ord, ESCAPED.sub("", text)))
    return found


def cut(font: Path, characters: set[int]) -> bytes:
    """The font as WOFF with these of its characters alone."""
    options = subset.Options(flavor="woff", layout_features=[], hinting=False, notdef_outline=True)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters)
    data = BytesIO()
    with subset.load_font(str(font), options) as opened:
        cutter.subset(opened)
        subset.save_font(opened, data, options)
    return data.getvalue()


def write(source: Path, target: Path, characters: set[int], faces: str) -> None:
    """Write each font of `source` into `target`, and fonts.css with `faces`, MathJax's rules that name them.

    A font of a few letters stands in fonts.css itself: to ask for it costs more than it weighs. What is there
    already with these characters stays.
    """
    wanted = hashlib.sha256((repr(sorted(characters)) + faces).encode()).hexdigest()
    stamp = target / "characters.sha256"
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    target.mkdir(parents=True, exist_ok=True)
    for font in sorted(source.glob("*.woff")):
        data = font.read_bytes() if font.stem == EMPTY else cut(font, characters)
        (target / font.name).write_bytes(data)
        if len(data) < SMALL:
            address = f"data:font/woff;base64,{base64.b64encode(data).decode()}"
            faces = re.sub(rf"\b{font.name}", address, faces)
    (target / "fonts.css").write_text(faces)
    stamp.write_text(wanted)
