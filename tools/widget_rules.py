"""python tools/widget_rules.py: write what W19 shows, as a JavaScript module.

W19's forward pass is an exercise like any other whose gradients nobody wrote down. Its values and gradients,
right and with one rule exchanged, are those of the grader's tape and slips. What is said is what the grader
tells a student who hands in the backward pass with that one line.
"""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

from autograder._language import ENGLISH, language, use_language  # noqa: E402
from autograder.diagnosis.assess import Judgement, assess  # noqa: E402
from autograder.exercises.from_forward import traced_exercise  # noqa: E402
from autograder.sandbox.calls import LocalCaller  # noqa: E402
from autograder.slips.catalogue import DerivedMistakes  # noqa: E402
from autograder.slips.slip import Probe, TracedRun  # noqa: E402
from autograder.tracing.gradient import Contribution, Exchange, add_up, gradients_of_nodes  # noqa: E402
from autograder.tracing.tape import Node  # noqa: E402
from autograder.trees import Array  # noqa: E402

FILE = ROOT / "widgets" / "js" / "shared" / "exchanged.js"
AT = {"w": 2.0, "b": -1.0, "x": [3.0, -1.0], "y": [8.0, -4.0]}
SEED = b"W19"
# The names of the picture's nodes whose gradients are shown, from the loss back
SHOWN = ("e", "q", "a", "p", "w", "b")
BACKWARD = """\
de = e / m
dq = de
dw = np.sum(dq * a)
da = dq * w
dp = da * (p > 0)
dw += np.sum(dp * x)
db = np.sum(dp)
"""


def two_uses(w, b, x, y):  # type: ignore[no-untyped-def]
    """W19's forward pass: w is used twice."""
    p = w * x + b
    a = np.maximum(p, 0)
    q = w * a
    e = q - y
    return (e**2 / 2).mean()


EXERCISE = traced_exercise(
    "two_uses_backward",
    "12-graphs",
    forward=two_uses,
    arguments={"w": (), "b": (), "x": ("m",), "y": ("m",)},
    gradients=("w", "b"),
)


@dataclass(frozen=True)
class Rule:
    """One rule exchanged: at which node of the picture, a line of BACKWARD and what stands in its place, and
    the slip, by its kind and the names that tell it from others of its kind.
    """

    id: str
    gate: str
    right: str
    wrong: str
    kind: str
    names: dict[str, str]


RULES = (
    Rule("half", "L", "de = e / m", "de = 2 * e / m", "no_denominator", {"above": "e**2"}),
    Rule("mean", "L", "de = e / m", "de = e", "no_one_over_n", {}),
    Rule("minus", "e", "dq = de", "dq = -de", "minus_from", {"path": "q"}),
    Rule("factor", "q", "da = dq * w", "da = dq", "no_factor", {"text": "w * a", "of": "a"}),
    Rule("mask", "a", "dp = da * (p > 0)", "dp = da", "no_mask", {}),
    Rule(
        "own", "p", "dw += np.sum(dp * x)", "dw += np.sum(dp * w)", "own_factor", {"text": "w * x", "of": "w"}
    ),
    Rule("path", "p", "dw += np.sum(dp * x)", "dw += 0", "path", {"path": "p"}),
    Rule("sum", "p", "db = np.sum(dp)", "db = dp", "not_summed", {"of": "b"}),
    Rule("write", "w", "dw += np.sum(dp * x)", "dw = np.sum(dp * x)", "path_into", {"text": "w * a"}),
)


def student(rule: Rule | None) -> Callable[..., tuple[Any, Any]]:
    """The backward pass as a student writes it, with the rule's line exchanged."""
    back = BACKWARD if rule is None else BACKWARD.replace(f"{rule.right}\n", f"{rule.wrong}\n")
    lines = ["m = len(x)", "p = w * x + b", "a = np.maximum(p, 0)", "q = w * a", "e = q - y"]
    body = "\n".join(f"    {line}" for line in [*lines, *back.splitlines(), "return dw, db"])
    names: dict[str, Any] = {"np": np}
    exec(f"def {EXERCISE.id}(w, b, x, y):\n{body}\n", names)
    return names[EXERCISE.id]


def judged(rule: Rule | None) -> Judgement:
    """What the grader makes of it."""
    return assess(EXERCISE, LocalCaller(student(rule), EXERCISE.function), SEED)


def probe() -> Probe:
    """The traced run on W19's numbers."""
    passed = EXERCISE.forward
    assert passed is not None
    values = {name: np.asarray(value) for name, value in AT.items()}
    case = passed.trace(values, {"m": len(AT["x"])}, (np.ones(()),))
    return Probe(TracedRun(case.tape, case.author, passed.gradients, case.sizes), case.upstream)


def exchange_of(rule: Rule | None, at: Probe) -> Exchange:
    """What the rule's slip exchanges on this tape."""
    if rule is None:
        return Exchange()
    (slip,) = (
        slip
        for slip in DerivedMistakes([at], at.run.wanted).slips
        if slip.kind == rule.kind and rule.names.items() <= slip.names.items()
    )
    return slip.exchange(at.run.tape)


def gradients(rule: Rule | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """By the tape: the gradient in each node that is shown, and what comes back to w by q and by p."""
    at = probe()
    tape, exchange = at.run.tape, exchange_of(rule, at)
    w = tape.inputs["w"]
    whole = exchange.sums.get(w, add_up)
    arrived: list[Contribution] = []

    def listening(node: Node, parts: Sequence[Contribution], later: Any) -> Any:
        arrived.extend(parts)
        return whole(node, parts, later)

    heard = Exchange(exchange.edges, {**exchange.sums, w: listening}, exchange.values, exchange.upstream)
    found = gradients_of_nodes(tape, at.upstream, heard)
    of_name = {name: found.get(_node(at, name)) for name in SHOWN}
    by = {at.run.text(tape.nodes[part.consumer]): part.value for part in arrived}
    return of_name, {"q": by.get("w * a"), "p": by.get("w * x")}


def _node(at: Probe, name: str) -> int:
    """The node that a variable of the forward pass holds."""
    return at.run.called(name)[-1]


def forward_values() -> dict[str, Any]:
    at = probe()
    nodes = at.run.tape.nodes
    values = {name: nodes[_node(at, name)].out for name in ("w", "b", "x", "y", "p", "a", "q", "e")}
    return {**values, "L": nodes[at.run.tape.outputs[0]].out}


def _js(value: Any) -> str:
    return "null" if value is None else json.dumps(_whole(np.asarray(value)))


def _whole(array: Array) -> Any:
    """Its numbers, those that are whole without a point."""
    listed = array.tolist()
    return [int(n) if n == int(n) else n for n in listed] if array.ndim else int(listed)


def _fields(rule: Rule | None) -> Iterator[str]:
    grad, sent = gradients(rule)
    if rule is not None:
        (mistake,) = judged(rule).mistakes
        yield f'id: "{rule.id}"'
        yield f'gate: "{rule.gate}"'
        yield f'right: "{rule.right}"'
        yield f'wrong: "{rule.wrong}"'
        yield f'code: "{mistake.code}"'
        yield f"name: _({json.dumps(mistake.name, ensure_ascii=False)})"
        yield f"says: _({json.dumps(mistake.sentence, ensure_ascii=False)})"
    yield f"grad: {{ {', '.join(f'{key}: {_js(value)}' for key, value in grad.items())} }}"
    yield f"sent: {{ {', '.join(f'{key}: {_js(value)}' for key, value in sent.items())} }}"


def module() -> str:
    """The text of shared/exchanged.js."""
    spoken = language()
    use_language(ENGLISH)
    try:
        rules = [list(_fields(rule)) for rule in RULES]
        (grad, sent) = _fields(None)
    finally:
        use_language(spoken)
    return "\n".join(
        [
            "// A forward pass whose gradients nobody wrote down: its values, gradients, and those with one",
            "// rule exchanged, with what the grader says of them. tools/widget_rules.py writes this file.",
            "",
            'import { _ } from "./words.js";',
            "",
            "export const VALUES = {",
            *(f"  {name}: {_js(value)}," for name, value in forward_values().items()),
            "};",
            "",
            "// The student's way back, line by line",
            "export const BACKWARD = [",
            *(f'  "{line}",' for line in BACKWARD.splitlines()),
            "];",
            "",
            "export const RIGHT = {",
            f"  {grad},",
            f"  {sent},",
            "};",
            "",
            "// Asked for when the language is known",
            "export const rules = () => [",
            *(line for fields in rules for line in ("  {", *(f"    {field}," for field in fields), "  },")),
            "];",
            "",
        ]
    )


if __name__ == "__main__":
    FILE.write_text(module(), encoding="utf-8")
    print(f"wrote {FILE}")
