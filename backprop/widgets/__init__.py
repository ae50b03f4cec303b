"""The book's widgets in Jupyter: `from backprop.widgets import W10; W10()`. Needs anywidget (the extra
[book]).

`widget.state` is the widget's state as a dict: read it, or set it and the picture follows. What doesn't fit
(an unknown name, a list of another length, a number out of range) is replaced by the default. `widget.words`
says what is shown.
"""

import os
import re
from typing import Any

import anywidget
import traitlets

from backprop.widgets.bundler import JS, bundle


# ipywidgets has no types.
class Widget(anywidget.AnyWidget):  # type: ignore[misc]
    """What the widgets share: a state and its words, both kept equal to the picture's."""

    _css = (JS / "widget.css").read_text(encoding="utf-8")
    state = traitlets.Dict(help="the widget's state, as JSON").tag(sync=True)
    words = traitlets.Unicode("", help="the state in words, written by the picture").tag(sync=True)

    def __init_subclass__(cls, **more: Any) -> None:
        """Give W10 the text of js/w10.js and of all it imports."""
        # anywidget derives a class of its own, in which _esm is a trait.
        if "_esm" not in vars(cls):
            cls._esm = bundle(f"{cls.__name__.lower()}.js")
        super().__init_subclass__(**more)

    def __init__(self, **state: Any) -> None:
        """W3(z=2.0, g="tanh") begins in that state; in the language of DELTABOOK_LANGUAGE."""
        language = os.environ.get("DELTABOOK_LANGUAGE", "")
        if re.fullmatch(r"[a-z]{2,3}(_[A-Z]{2})?", language):
            self._esm = bundle(f"{type(self).__name__.lower()}.js", language)
        super().__init__(state=state)


class W1(Widget):
    """Numbers flow forward. State: x, w, bias, double, step, unit."""


class W2(Widget):
    """Which matrices fit? State: product, p, n, m, row, column (of the result)."""


class W3(Widget):
    """A nonlinearity and its slope. State: z, g."""


class W4(Widget):
    """Softmax sees differences only. State: z, shift."""


class W5(Widget):
    """Three losses and their slopes. State: a, y."""


class W6(Widget):
    """A loss surface. State: w, rate, steps."""


class W7(Widget):
    """Delta predicts small nudges. State: z, unit, nudge, output."""


class W8(Widget):
    """Softmax's Jacobian. State: z, target."""


class W9(Widget):
    """A confidently wrong unit. State: z, y."""


class W10(Widget):
    """Backpropagation, step by step. State: sizes, hidden, output, seed, W, b, x, y, step (4.5: in the
    middle of step 5), unit (None: the one that is computed), bug, rate.
    """


class W11(Widget):
    """A bug, and where finite differences see it. State: bug, hidden, output, seed, h."""


class W12(Widget):
    """The outer product. State: delta, a, row, column (of the gradient)."""


class W13(Widget):
    """A batch adds up. State: added, twice, seed."""


class W14(Widget):
    """The V of the step h. State: h (its log10), method, seed."""


class W15(Widget):
    """Bug hunt. State: bug, epoch."""


class W16(Widget):
    """Training, live. State: epoch, rate, units, seed, digit."""


class W17(Widget):
    """Where delta vanishes. State: depth, scale, hidden, seed."""


class W18(Widget):
    """A graph's backward pass. State: w, x, b, y, lambda, step."""


class W19(Widget):
    """One rule exchanged, and the name that the grader gives it. State: rule, step."""


__all__ = [widget.__name__ for widget in Widget.__subclasses__()]
