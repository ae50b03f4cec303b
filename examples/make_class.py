"""Make a small class to see everything work on: 12 students, one
assignment, everything that happens in a class.

python examples/make_class.py build/course
"""

import argparse
import json
import random
import shutil
from pathlib import Path
from typing import Any

from autograder.authoring.release import write_source_notebooks

ROOT = Path(__file__).resolve().parents[1]
ASSIGNMENT, ESSAY = "06-step-2", "02-nonlinearities"

STEP_2 = "return (W_next.T @ delta_next) * g_prime(hidden, z)"
LOOPS = """m = z.shape[1]
delta = np.zeros(z.shape)
for i in range(m):
    for j in range(z.shape[0]):
        total = sum(W_next[k, j] * delta_next[k, i] for k in range(W_next.shape[0]))
        delta[j, i] = total * g_prime(hidden, z[j, i])
return delta"""
ALL = """N = max(W)
delta = {N: output_delta(output, Z[N], Y)}
for l in range(N - 1, 0, -1):
    delta[l] = hidden_delta(W[l + 1], delta[l + 1], Z[l], hidden)
return delta"""
RESIDUAL = """delta_z = delta_a * (1 - np.tanh(z) ** 2)
return delta_z, W.T @ delta_z + delta_a"""
STYLES = {"hidden_delta": STEP_2, "all_deltas": ALL, "residual_delta": RESIDUAL}

# Each student's hidden_delta; the other two exercises are right. None: the notebook as it was released.
CLASS: dict[str, str | None] = {
    "right": STEP_2,
    "right in another style": LOOPS,
    "W for its transpose": "return (W_next @ delta_next) * g_prime(hidden, z)",
    "g'(a)": (
        "a = np.tanh(z) if hidden == 'tanh' else g(hidden, z) if hidden == 'sigmoid' else np.maximum(z, 0)\n"
        "return (W_next.T @ delta_next) * g_prime(hidden, a)"
    ),
    "no g'": "return W_next.T @ delta_next",
    "absolute weights": "return (np.abs(W_next).T @ delta_next) * g_prime(hidden, z)",
    "g' twice": "return (W_next.T @ delta_next) * g_prime(hidden, z) ** 2",
    "mask by delta": "back = W_next.T @ delta_next\n"
    "return np.maximum(back, 0) if hidden == 'relu' else back * g_prime(hidden, z)",
    "a crash": "return W_next.T @ delta_nxt",
    "an infinite loop": "while True:\n    pass",
    "an empty stub": None,
    "no notebook": None,
}
NAMES = ("ada", "ben", "cleo", "dan", "eve", "finn", "gina", "hugo", "ida", "jan", "kim", "lea")
ESSAY_TEXT = "The output's g must fit the target; a hidden layer has none, so one shared g is a convention."


def body(code: str) -> str:
    return "\n".join(f"    {line}" for line in code.splitlines())


def filled(assignment: str, answers: dict[str, str]) -> str:
    """The released notebook with these bodies (or, for an essay, this text) in its solution cells."""
    notebook: dict[str, Any] = json.loads(
        (ROOT / "exercises" / assignment / f"{assignment}.ipynb").read_text()
    )
    for cell in notebook["cells"]:
        grade_id = cell["metadata"]["nbgrader"]["grade_id"]
        answer = answers.get(grade_id.removesuffix("_solution"))
        if answer is None or not cell["metadata"]["nbgrader"]["solution"]:
            continue
        source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
        head, stub, _ = source.partition("    # YOUR CODE HERE")
        cell["source"] = head + body(answer) if stub else answer
    return json.dumps(notebook, indent=1)


def make(course: Path, seed: int) -> None:
    """Write submitted/ anew; what a run graded stays, so that a second
    run shows what is graded again: nothing.
    """
    names = list(NAMES)
    random.Random(seed).shuffle(names)
    shutil.rmtree(course / "submitted", ignore_errors=True)
    for name, (kind, hidden_delta) in zip(names, CLASS.items(), strict=True):
        folder = course / "submitted" / name / ASSIGNMENT
        folder.mkdir(parents=True)
        (folder / "timestamp.txt").write_text("2026-03-02 17:45:00 UTC\n")
        if kind == "no notebook":
            continue
        answers = {} if hidden_delta is None else STYLES | {"hidden_delta": hidden_delta}
        (folder / f"{ASSIGNMENT}.ipynb").write_text(filled(ASSIGNMENT, answers))
        if kind == "right":
            essay = course / "submitted" / name / ESSAY
            essay.mkdir()
            (essay / f"{ESSAY}.ipynb").write_text(filled(ESSAY, {"why_same_g": ESSAY_TEXT}))
    # formgrader lists what is there
    write_source_notebooks(ROOT / "solutions", course / "source")
    (course / "exchange").mkdir(exist_ok=True)
    shutil.copy(ROOT / "examples" / "nbgrader_config.py", course / "nbgrader_config.py")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("course", type=Path, help="the course folder to make")
    parser.add_argument("--seed", type=int, default=1, help="who makes which mistake")
    arguments = parser.parse_args()
    make(arguments.course, arguments.seed)
    print(f"{arguments.course}/submitted: {len(CLASS)} students")


if __name__ == "__main__":
    main()
