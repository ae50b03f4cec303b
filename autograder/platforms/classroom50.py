"""result.json as Classroom 50's runner reads it: its schema `classroom50/result/v1`.

https://github.com/foundation50/classroom50, schemas/result-v1.schema.json: points are whole numbers there, so
halves are rounded to even; the exact points stand in each test's message. The runner's environment says whose
submission it is; without it there is no result.
"""

from collections.abc import Mapping
from typing import Any

from autograder._language import _
from autograder.errors import GraderError
from autograder.grading.receipt import receipt_line
from autograder.platforms.one_notebook import OneResult, wall_words

RESULT_SCHEMA = "classroom50/result/v1"
# The result's field, and the variable of the runner's environment.
FROM_ENVIRONMENT = {
    "classroom": "CLASSROOM",
    "assignment": "ASSIGNMENT",
    "owner": "OWNER",
    "submission": "SUBMISSION_TAG",
    "commit": "COMMIT_URL",
    "release": "RELEASE_URL",
}


def classroom50_result(one: OneResult, environment: Mapping[str, str]) -> dict[str, Any]:
    """The JSON. GraderError if the environment isn't the runner's, or nothing could be graded: a result must
    have points there.
    """
    if one.nothing_graded:
        raise GraderError(_("nothing could be graded: {notes}", notes="; ".join(one.report["notes"])))
    missing = [name for name in FROM_ENVIRONMENT.values() if not environment.get(name)]
    if missing:
        raise GraderError(
            _(
                "the environment has no {missing}; expected what Classroom 50's runner sets (run it "
                "there, or use --format plain)",
                missing=", ".join(missing),
            )
        )
    judged = [exercise for exercise in one.report["exercises"] if exercise["status"] != "manual"]
    points = [_whole_points(exercise["score"], exercise["max_score"]) for exercise in judged]
    tests = [
        {
            "test-name": exercise["id"],
            "passed": exercise["score"] == exercise["max_score"],
            "score": score,
            "max-score": maximum,
            "message": _(
                "{score:g} of {max_score:g} points", score=exercise["score"], max_score=exercise["max_score"]
            ),
            "output": one.texts.get(exercise["id"], ""),
        }
        for exercise, (score, maximum) in zip(judged, points, strict=True)
    ]
    receipt = {"test-name": "receipt", "passed": True, "score": 0, "max-score": 0}
    return {
        "schema": RESULT_SCHEMA,
        **{field: environment[name] for field, name in FROM_ENVIRONMENT.items()},
        "assignment_type": environment.get("ASSIGNMENT_TYPE") or "individual",
        "review": environment.get("REVIEW_URL") or environment["COMMIT_URL"],
        "datetime": one.receipt["graded_at"],
        "score": sum(score for score, _ in points),
        "max-score": sum(maximum for _, maximum in points),
        "tests": [*tests, {**receipt, "message": receipt_line(one.receipt), "output": wall_words(one.wall)}],
    }


def _whole_points(score: float, maximum: float) -> tuple[int, int]:
    """Both rounded, halves to even, and the score never above the maximum."""
    return min(round(score), round(maximum)), round(maximum)
