"""Make a class of 60 with known mistakes, to see what the class report
finds: the same class for the same seed.

python examples/make_class_of_60.py build/class-of-60 autograder grade build/class-of-60; autograder report
build/class-of-60
"""

import argparse
import json
import random
import re
import shutil
from pathlib import Path

from make_class import ALL, ESSAY, ESSAY_TEXT, LOOPS, RESIDUAL, STEP_2, filled

SIZE = 60
STEP_1 = """if output == "identity":
    return z - Y
if output == "sigmoid":
    return np.exp(-np.logaddexp(0, -z)) - Y
shifted = np.exp(z - z.max(axis=0))
return shifted / shifted.sum(axis=0) - Y"""
BY_DIFFERENCES = """h, z = 1e-5, z.astype(float)
delta = np.zeros_like(z)
for i in range(z.shape[0]):
    for j in range(z.shape[1]):
        up, down = z.copy(), z.copy()
        up[i, j] += h
        down[i, j] -= h
        delta[i, j] = z.shape[1] * (loss(output, up, Y) - loss(output, down, Y)) / (2 * h)
return delta"""
HUBER = "return np.clip(z - Y, -kappa, kappa)"
STEP_3 = "m = delta.shape[1]\nreturn delta @ a_prev.T / m, delta.sum(axis=1, keepdims=True) / m"
STEP_3_SUM = "return delta @ a_prev.T, delta.sum(axis=1, keepdims=True)"
STEP_3_TURNED = "m = delta.shape[1]\nreturn (delta @ a_prev.T / m).T, delta.sum(axis=1, keepdims=True) / m"
OWN_WAY = """rows, columns = z.shape
blame_of_units = [[0.0] * columns for _ in range(rows)]
for example in range(columns):
    column_of_blame = delta_next[:, example]
    for unit in range(rows):
        arriving = 0.0
        for above, blame in enumerate(column_of_blame):
            arriving = arriving + blame * W_next[above][unit]
        slope_here = g_prime(hidden, z[unit:unit + 1, example:example + 1]).item()
        blame_of_units[unit][example] = arriving * slope_here
return np.array(blame_of_units)"""
STYLES = (
    STEP_2,
    "slope = g_prime(hidden, z)\nback = np.dot(W_next.T, delta_next)\nreturn np.multiply(back, slope)",
    'return np.einsum("kj,ki->ji", W_next, delta_next) * g_prime(hidden, z)',
    LOOPS,
)


WRONG_STEP_2 = {
    "K13": "return W_next.T @ delta_next",
    "K10": "return (W_next @ delta_next) * g_prime(hidden, z)",
    "crash": "return W_next.T @ delta_nxt",
    "loop": "while True:\n    pass",
}
WRONG_STEP_3 = {"K26": STEP_3_SUM, "K24": STEP_3_TURNED}


def renamed(code: str) -> str:
    """A copy with other names and a comment, as a student would disguise it."""
    for old, new in (
        ("blame_of_units", "res"),
        ("column_of_blame", "d"),
        ("arriving", "s"),
        ("example", "k"),
        ("above", "q"),
        ("unit", "p"),
        ("slope_here", "gp"),
        ("blame", "v"),
    ):
        code = re.sub(rf"\b{old}\b", new, code)
    return f"# my own solution\n{code}"


def make(course: Path, seed: int) -> dict[str, list[str]]:
    """Write submitted/ and autograder.toml; who got what: mistakes by their code, the rest by a word."""
    rng = random.Random(seed)
    names = [f"student{number:02d}" for number in range(1, SIZE + 1)]
    who = _plant(rng, names)
    shutil.rmtree(course / "submitted", ignore_errors=True)
    for name in names:
        hidden_delta = rng.choice(STYLES)
        for key, code in WRONG_STEP_2.items():
            hidden_delta = code if name in who[key] else hidden_delta
        if name in who["copied"]:
            hidden_delta = OWN_WAY if name == who["copied"][0] else renamed(OWN_WAY)
        layer_gradients = next((code for key, code in WRONG_STEP_3.items() if name in who[key]), STEP_3)
        output_delta = BY_DIFFERENCES if name in who["by differences"] else STEP_1
        _hand_in(course, name, "05-step-1", {"output_delta": output_delta, "huber_output_delta": HUBER}, who)
        if name not in who["missing"]:
            answers = {"hidden_delta": hidden_delta, "all_deltas": ALL, "residual_delta": RESIDUAL}
            _hand_in(course, name, "06-step-2", answers, who)
        _hand_in(course, name, "07-step-3", {"layer_gradients": layer_gradients}, who)
        if name in who["essays"]:
            _hand_in(course, name, ESSAY, {"why_same_g": ESSAY_TEXT}, who)
    (course / "nbgrader_config.py").write_text("c = get_config()\n")
    (course / "autograder.toml").write_text(
        '[late]\nmethod = "per_day"\npercent = 10\n[due]\n"06-step-2" = 2026-03-02T18:00:00Z\n'
    )
    return who


def _plant(rng: random.Random, names: list[str]) -> dict[str, list[str]]:
    """Who makes what, drawn so that no two planted things of one assignment meet in one student."""
    step_1, step_2, step_3 = (rng.sample(names, SIZE) for _ in range(3))
    rest = step_2[33:]
    return {
        # hidden_delta without g'
        "K13": step_2[:23],
        # hidden_delta with W for its transpose
        "K10": step_2[23:28],
        # One long way of writing it, then with other names
        "copied": step_2[28:30],
        "crash": step_2[30:32],
        "loop": step_2[32:33],
        # No 06-step-2
        "missing": rest[:3],
        "late": rest[3:7],
        "tampered": rest[7:9],
        # layer_gradients: sum for mean
        "K26": step_3[:9],
        # layer_gradients: dW transposed
        "K24": step_3[9:15],
        # output_delta numerically
        "by differences": step_1[:2],
        "essays": names[:3],
    }


def _hand_in(
    course: Path, name: str, assignment: str, answers: dict[str, str], who: dict[str, list[str]]
) -> None:
    folder = course / "submitted" / name / assignment
    folder.mkdir(parents=True)
    text = filled(assignment, answers)
    # The differences need a loss of the student's own
    if "loss(output" in text:
        notebook = json.loads(text)
        notebook["cells"].insert(
            1,
            {
                "cell_type": "code",
                "id": "helper",
                "metadata": {},
                "outputs": [],
                "execution_count": None,
                "source": HELPER,
            },
        )
        text = json.dumps(notebook)
    if name in who["tampered"] and assignment == "06-step-2":
        text = text.replace("check(hidden_delta)", "print('all correct')")
    (folder / f"{assignment}.ipynb").write_text(text)
    late = name in who["late"] and assignment == "06-step-2"
    (folder / "timestamp.txt").write_text(f"2026-03-0{4 if late else 2} 17:45:00 UTC\n")


HELPER = """import numpy as np

def loss(output, z, Y):
    m = z.shape[1]
    if output == "identity":
        return np.sum((z - Y) ** 2) / (2 * m)
    if output == "sigmoid":
        return np.sum(np.logaddexp(0, z) - Y * z) / m
    top = z.max(axis=0)
    return np.sum(top + np.log(np.exp(z - top).sum(axis=0)) - np.sum(Y * z, axis=0)) / m
"""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("course", type=Path, help="the course folder to make")
    parser.add_argument("--seed", type=int, default=1, help="who makes which mistake")
    parser.add_argument("--planted", type=Path, metavar="FILE", help="write as JSON who got what")
    arguments = parser.parse_args()
    who = make(arguments.course, arguments.seed)
    if arguments.planted:
        arguments.planted.write_text(json.dumps(who, indent=1))
    print(f"{arguments.course}/submitted: {SIZE} students")


if __name__ == "__main__":
    main()
