"""The book's diagrams, drawn as SVG: a network, a graph of gates, a flow of boxes.

Each function returns a Diagram, which a notebook shows and a page of the book takes into its text. There its
colours are the page's (the variables --pos, --neg, --fore, --back, --focus, --ink, --faint, --paper), so that
it is drawn for a dark page as for a light one; elsewhere it has a white ground of its own. Nothing is said by
colour alone: signs, dashes and labels repeat it. Labels are symbols, or what the caller says: a page in
another language has no English word in its pictures.
"""

from collections.abc import Mapping, Sequence
from html import escape

from numpy.typing import NDArray

Point = tuple[float, float]
COLOURS = {
    "pos": "#0072b2",
    "neg": "#d55e00",
    "fore": "#009e73",
    "back": "#cc79a7",
    "focus": "#e69f00",
    "ink": "#1f2933",
    "faint": "#8a94a0",
    "paper": "#ffffff",
}


class Diagram:
    """One picture: its elements on a ground of width times height pixels."""

    def __init__(self, width: float, height: float, elements: Sequence[str]) -> None:
        """Elements are drawn in their order."""
        self.width, self.height = width, height
        self.elements = list(elements)

    def _repr_svg_(self) -> str:
        ground = f'<rect width="100%" height="100%" {_style(fill="paper")}/>'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="diagram" width="{self.width:g}" '
            f'height="{self.height:g}" viewBox="0 0 {self.width:g} {self.height:g}" '
            f'font-family="inherit, sans-serif">{ground}{"".join(self.elements)}</svg>'
        )


def _style(width: float = 0, dash: str = "", opacity: float = 1, **colours: str) -> str:
    """A style attribute: fill="pos" is the page's blue; opacity is that of the fill."""
    words = [f"{what}:var(--{name},{COLOURS[name]})" for what, name in colours.items()]
    words += [] if "fill" in colours else ["fill:none"]
    words += [f"stroke-width:{width:g}"] if width else []
    words += [f"stroke-dasharray:{dash}"] if dash else []
    words += [f"fill-opacity:{opacity:.2f}"] if opacity < 1 else []
    return f'style="{";".join(words)}"'


def _number(value: float) -> str:
    """A number as it is written in a text: with a minus sign, and no -0."""
    return f"{value + 0.0:g}".replace("-", "−")


def _text(
    place: Point, words: str, size: float = 13, colour: str = "ink", extra: str = "", halo: bool = True
) -> str:
    """Words in the middle of a place; on a halo of the paper's colour, so that a line under them is cut."""
    x, y = place
    style = _style(5, fill=colour, stroke="paper") if halo else _style(fill=colour)
    return (
        f'<text x="{x:.1f}" y="{y + 0.36 * size:.1f}" font-size="{size:g}" text-anchor="middle" '
        f'paint-order="stroke" stroke-linejoin="round" {extra} {style}>{escape(words)}</text>'
    )


def _circle(place: Point, radius: float, style: str) -> str:
    return f'<circle cx="{place[0]:.1f}" cy="{place[1]:.1f}" r="{radius:g}" {style}/>'


def _box(place: Point, width: float, height: float, style: str, corner: float = 7) -> str:
    x, y = place[0] - width / 2, place[1] - height / 2
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:g}" height="{height:g}" rx="{corner:g}" {style}/>'


def _curve(start: Point, end: Point) -> str:
    """The way from start to end, level at both."""
    middle = (start[0] + end[0]) / 2
    (x, y), (u, v) = start, end
    return f"M{x:.1f} {y:.1f}C{middle:.1f} {y:.1f} {middle:.1f} {v:.1f} {u:.1f} {v:.1f}"


def _on_curve(start: Point, end: Point, t: float) -> Point:
    """The point of that way at t in [0, 1]."""
    across, down = 1.5 * t * (1 - t) + t**3, t * t * (3 - 2 * t)
    return start[0] + across * (end[0] - start[0]), start[1] + down * (end[1] - start[1])


def _head(tip: Point, way: Point, colour: str) -> str:
    """The head of an arrow that comes to tip in the direction way, a vector of length 1."""
    (x, y), (dx, dy) = tip, way
    back = (x - 9 * dx, y - 9 * dy)
    corners = [tip, (back[0] - 4 * dy, back[1] + 4 * dx), (back[0] + 4 * dy, back[1] - 4 * dx)]
    points = " ".join(f"{u:.1f},{v:.1f}" for u, v in corners)
    return f'<polygon points="{points}" {_style(fill=colour)}/>'


def network(
    sizes: Sequence[int],
    W: Mapping[int, NDArray],
    values: Mapping[int, NDArray],
    *,
    backward: bool = False,
    symbol: str = "a",
    focus: tuple[int, int] | None = None,
) -> Diagram:
    """The network as circles and arrows: values[l] (n_l, 1) in the circles, W[l] on the arrows.

    Forward the arrows point right and the circles show a; backward they point left and show delta, and no
    arrow points to a layer without values. Positive weights are blue, negative ones orange and dashed,
    thicker means larger, zero is grey. With focus = (layer, unit) that unit is ringed, and arrows that its
    nudge does not travel are left out.
    """
    step, gap, radius, top = max(120.0, 380 / (len(sizes) - 1)), 74.0, 21.0, 34.0
    tall = max(sizes)
    width, height = step * (len(sizes) - 1) + 100, top + gap * tall + 6
    symbol = {"delta": "δ"}.get(symbol, symbol)

    def place(l: int, i: int) -> Point:
        return 50 + step * l, top + gap * (tall / 2 + i - (sizes[l] - 1) / 2)

    lines, labels, units = [], [], []
    for l in range(1, len(sizes)):
        for j in range(sizes[l]):
            for i in range(sizes[l - 1]):
                if focus is not None and (l <= focus[0] or (l == focus[0] + 1 and i != focus[1])):
                    continue
                start, end = place(l - 1, i), place(l, j)
                w = float(W[l][j, i])
                silent = backward and l - 1 not in values
                colour = "faint" if silent or w == 0 else "pos" if w > 0 else "neg"
                start, end = (start[0] + radius + 2, start[1]), (end[0] - radius - 2, end[1])
                strong = 1.0 if silent else 1 + 0.8 * min(abs(w), 3)
                dash = "6 4" if w < 0 and not silent else ""
                line = _style(strong, dash, stroke=colour)
                if silent:
                    lines.append(f'<path d="{_curve(start, end)}" {line}/>')
                else:
                    # The line ends inside the arrow's head
                    tip, way = (start, (-1.0, 0.0)) if backward else (end, (1.0, 0.0))
                    near = start[0] + (6 if backward else 0), start[1]
                    far = end[0] - (0 if backward else 6), end[1]
                    lines.append(
                        f'<path class="arrow" d="{_curve(near, far)}" {line}/>{_head(tip, way, colour)}'
                    )
                    # Near its unit on the left, where the ways to different units lie apart
                    t = 0.3 if sizes[l - 1] > 1 or sizes[l] > 1 else 0.5
                    labels.append(_text(_on_curve(start, end, t), _number(w)))
    for l in range(len(sizes)):
        known = l in values
        most = max((abs(float(v)) for v in values[l].flat), default=1.0) or 1.0 if known else 1.0
        for i in range(sizes[l]):
            at = place(l, i)
            if focus == (l, i):
                units.append(_circle(at, radius + 4, _style(3.5, stroke="focus")))
            units.append(_circle(at, radius, _style(1.8, fill="paper", stroke="ink" if known else "faint")))
            if known:
                value = float(values[l][i, 0])
                tint = "back" if symbol == "δ" else "pos" if value > 0 else "neg"
                units.append(_circle(at, radius, _style(opacity=0.45 * abs(value) / most, fill=tint)))
                words = _number(value)
                units.append(
                    _text(at, words, min(14, 60 / len(words)), extra='font-weight="600"', halo=False)
                )
        name = f"{symbol}[{l}]" if known else f"l = {l}"
        labels.append(_text((place(l, 0)[0], 14), name, colour="ink" if known else "faint"))
    return Diagram(width, height, [*lines, *labels, *units])


def graph(
    nodes: Mapping[str, Point],
    edges: Sequence[tuple[str, str]],
    values: Mapping[str, float],
    gradients: Mapping[str, float],
    messages: Mapping[tuple[str, str], float] | None = None,
) -> Diagram:
    """A computational graph: in each node's box its value, w = 2, and gradient, w̄ = 24; edges lead forward.

    nodes: the place of each, x to the right and y upwards, in units of about a box's width. messages[(start,
    end)] is what the gate at end sends back to start, written on the edge, with an arrow head backward.
    """
    wide, high = 74.0, 46.0
    xs, ys = zip(*nodes.values(), strict=True)
    across, down = 610 / ((max(xs) - min(xs)) or 1), 66.0

    def place(name: str) -> Point:
        x, y = nodes[name]
        return 45 + across * (x - min(xs)), 30 + down * (max(ys) - y)

    lines, pills, boxes = [], [], []
    for start, end in edges:
        (x, y), (u, v) = place(start), place(end)
        tail, tip = (x + wide / 2, y), (u - wide / 2 - 1, v)
        line = _style(1.6, stroke="fore")
        head = _head(tip, (1.0, 0.0), "fore")
        lines.append(f'<path class="arrow" d="{_curve(tail, (tip[0] - 6, v))}" {line}/>{head}')
        if messages:
            words = _number(messages[start, end])
            middle = _on_curve(tail, tip, 0.5)
            half = 4 + 3.6 * len(words)
            left, right, low, top = middle[0] - half, middle[0] + half, middle[1] + 10, middle[1] - 10
            shape = f"M{left - 8:.1f} {middle[1]:.1f}L{left:.1f} {top:.1f}H{right:.1f}V{low:.1f}H{left:.1f}Z"
            pills.append(f'<path d="{shape}" {_style(1.6, fill="paper", stroke="back")}/>')
            pills.append(_text(middle, words, 12))
    for name in nodes:
        x, y = place(name)
        boxes.append(_box((x, y), wide, high, _style(1.6, fill="paper", stroke="ink")))
        boxes.append(_text((x, y - 10), f"{name} = {_number(values[name])}", 13, extra='font-weight="600"'))
        bar = f"{name[0]}\u0304{name[1:]} = {_number(gradients[name])}"
        boxes.append(_text((x, y + 11), bar, 12, extra='font-style="italic"'))
    height = 60 + down * (max(ys) - min(ys))
    return Diagram(700, height, [*lines, *pills, *boxes])


def flow(
    boxes: Mapping[str, Point],
    forward: Sequence[tuple[str, str]],
    backward: Sequence[tuple[str, str]] = (),
    kept: Sequence[tuple[str, str]] = (),
) -> Diagram:
    """Boxes with arrows: forward ones solid, backward ones dashed, dotted ones for what is kept for later.

    boxes: the place of each, x to the right and y upwards.
    """
    xs, ys = zip(*boxes.values(), strict=True)
    across, down, high = 490 / ((max(xs) - min(xs)) or 1), 74.0, 32.0

    def place(name: str) -> Point:
        x, y = boxes[name]
        return 55 + across * (x - min(xs)), 24 + down * (max(ys) - y)

    def wide(name: str) -> float:
        return 22 + 7.4 * len(name)

    def border(name: str, toward: Point) -> Point:
        """Where the line from a box's middle to a point leaves the box."""
        (x, y), half = place(name), (wide(name) / 2 + 2, high / 2 + 2)
        dx, dy = toward[0] - x, toward[1] - y
        share = min(half[0] / abs(dx) if dx else 9e9, half[1] / abs(dy) if dy else 9e9)
        return x + share * dx, y + share * dy

    lines, words = [], []
    kinds = ((forward, "fore", ""), (backward, "back", "7 4"), (kept, "focus", "2 4"))
    for arrows, colour, dash in kinds:
        for start, end in arrows:
            tail, tip = border(start, place(end)), border(end, place(start))
            length = ((tip[0] - tail[0]) ** 2 + (tip[1] - tail[1]) ** 2) ** 0.5
            way = ((tip[0] - tail[0]) / length, (tip[1] - tail[1]) / length)
            stop = (tip[0] - 6 * way[0], tip[1] - 6 * way[1])
            d = f"M{tail[0]:.1f} {tail[1]:.1f}L{stop[0]:.1f} {stop[1]:.1f}"
            style = _style(2, dash, stroke=colour)
            lines.append(f'<path class="arrow" d="{d}" {style}/>{_head(tip, way, colour)}')
    for name in boxes:
        words.append(_box(place(name), wide(name), high, _style(1.5, fill="paper", stroke="ink")))
        words.append(_text(place(name), name))
    return Diagram(600, 48 + down * (max(ys) - min(ys)), [*lines, *words])
