"""results.json as Gradescope reads it from an autograder's results/ folder.

https://gradescope-autograders.readthedocs.io/en/latest/specs/: `tests`, each with name, score, max_score,
status, output and its format, and visibility; a whole score is not given, so Gradescope adds up tests and the
person's questions. Essays are no tests: a person grades them there.
"""

from typing import Any

from autograder._language import _
from autograder.grading.receipt import receipt_line
from autograder.platforms.one_notebook import OneResult


def gradescope_result(one: OneResult, remarks: tuple[str, ...] = ()) -> dict[str, Any]:
    """The JSON. remarks: lines about this machine's wall, for the instructor alone."""
    judged = [exercise for exercise in one.report["exercises"] if exercise["status"] != "manual"]
    by_hand = [exercise["id"] for exercise in one.report["exercises"] if exercise["status"] == "manual"]
    tests: list[dict[str, Any]] = [
        {
            "name": exercise["id"],
            "score": exercise["score"],
            "max_score": exercise["max_score"],
            "status": "passed" if exercise["score"] == exercise["max_score"] else "failed",
            "output": one.texts.get(exercise["id"], ""),
            "output_format": "text",
            "visibility": "visible",
        }
        for exercise in judged
    ]
    if remarks:
        tests.append(
            {
                "name": _("about this machine"),
                "output": "\n".join(remarks),
                "visibility": "hidden",
                "max_score": 0,
            }
        )
    lines = list(one.report["notes"])
    if by_hand:
        lines.append(_("To be graded by a person: {by_hand}", by_hand=", ".join(by_hand)))
    lines.append(receipt_line(one.receipt))
    return {
        "output": "\n".join(lines),
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": tests,
    }


def gradescope_failure(reason: str) -> dict[str, Any]:
    """What Gradescope shows where nothing could be graded: no score, and why."""
    return {"output": reason, "output_format": "text", "visibility": "visible", "tests": []}
