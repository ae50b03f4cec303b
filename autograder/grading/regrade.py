"""Requests for a second look, from the notebook to a person's comment or points that came after them."""

import json

from autograder.gradebook.marks import SubmissionMark
from autograder.report_json import RequestJson


def stands(mark: SubmissionMark | None, exercise: str) -> str:
    """What a person has given and said of an exercise, as a text that changes with it; "" if nothing."""
    cell = mark.cells.get(exercise) if mark is not None else None
    if cell is None or (cell.manual is None and not cell.extra and not cell.comment):
        return ""
    return json.dumps([cell.manual, cell.extra, cell.comment])


def is_open(request: RequestJson, mark: SubmissionMark | None) -> bool:
    """Has nobody answered it? Without a mark, as it was when the record was written."""
    if mark is None:
        return request.get("open", True)
    return stands(mark, request["exercise"]) == request.get("stood", "")


def take_up_requests(
    requests: list[RequestJson], before: list[RequestJson], mark: SubmissionMark | None
) -> None:
    """Note what stood when each was asked. before: the last record's, where what is asked again is known."""
    known = {(request["exercise"], request["text"]): request.get("stood", "") for request in before}
    for request in requests:
        key = request["exercise"], request["text"]
        request["stood"] = known[key] if key in known else stands(mark, request["exercise"])
        request["open"] = is_open(request, mark)
