import json

import pytest

from autograder.course.submitted import find_submissions
from autograder.grading.jobs import lost_result, make_job, released_bytes, run
from autograder.sandbox.limits import Limits
from autograder.sandbox.zygote import Zygote
from tests.grading.test_grade_submission import NO_SLOPE, RIGHT, notebook
from tests.support.in_process import InProcess

NAME = "06-step-2"


@pytest.fixture
def jobs(tmp_path):
    """By student: bob's notebook leaves g' out, cut's is cut off, no's folder is empty."""
    good = json.dumps(notebook(RIGHT | {"hidden_delta_solution": NO_SLOPE}))
    for student, text in {"bob": good, "cut": good[:500], "no": None}.items():
        folder = tmp_path / "submitted" / student / NAME
        folder.mkdir(parents=True)
        if text is not None:
            (folder / f"{NAME}.ipynb").write_text(text)
    released = released_bytes(tmp_path, NAME)
    found, refused = find_submissions(tmp_path)
    assert not refused
    return {f.student: make_job(f, released, seed="secret", seconds=10.0, isolation="none") for f in found}


def statuses(result):
    return {exercise["status"] for exercise in result["report"]["exercises"]}


def test_a_job_and_its_result_are_plain_json_and_always_the_same(jobs):
    job = json.loads(json.dumps(jobs["bob"]))
    one, two = (json.loads(json.dumps(run(job, InProcess()))) for _ in range(2))
    one["report"].pop("seconds"), two["report"].pop("seconds")
    assert one == two
    assert one["key"] == job["key"]
    assert one["report"]["score"] == 12
    assert json.loads(one["autograded"])["nbformat"] == 4
    for text in (one["autograded"], one["feedback"]):
        assert "secret" not in text
        assert "/submitted" not in text


@pytest.mark.parametrize(("seconds", "call"), [(10.0, 5.0), (5.0, 2.5), (30.0, 15.0)])
def test_more_time_for_an_exercise_is_more_for_each_call_and_cell_too(jobs, monkeypatch, seconds, call):
    """Each limit was a number of its own, and nobody's time was ever longer."""
    from autograder.grading import jobs as module

    zygote = Zygote("none")
    monkeypatch.setitem(module._zygotes, "none", zygote)
    monkeypatch.setattr(module, "run", lambda job, zygote: zygote.limits)
    limits = module.run_here(jobs["bob"] | {"seconds": seconds})
    assert (limits.call_seconds, limits.cell_seconds, limits.loading_seconds) == (call, call, 4 * call)
    assert limits.memory_bytes == Limits().memory_bytes


def test_what_can_not_be_graded_is_told_from_what_is_not_there(jobs):
    assert statuses(run(jobs["cut"], InProcess())) == {"ungradable"}
    assert statuses(run(jobs["no"], InProcess())) == {"missing"}
    assert run(jobs["no"], InProcess())["report"]["notes"]


def test_a_lost_job_is_ungradable_and_tried_again_next_time(jobs):
    result = lost_result(jobs["bob"], "its worker died three times")
    assert statuses(result) == {"ungradable"}
    assert result["report"]["notes"] == ["its worker died three times"]
    assert result["key"] == ""


def test_the_key_changes_with_whatever_changes_the_result(jobs, tmp_path):
    released = released_bytes(tmp_path, NAME)
    found = next(f for f in find_submissions(tmp_path)[0] if f.student == "bob")
    usual = {"seed": "secret", "seconds": 10.0, "isolation": "none"}
    keys = {jobs["bob"]["key"]}
    for change in ({"seed": "other"}, {"seconds": 5.0}, {"isolation": "strong"}):
        keys.add(make_job(found, released, **(usual | change))["key"])
    keys.add(make_job(found, released.replace(b"Step 2", b"Step two"), **usual)["key"])
    found.path.write_bytes(found.path.read_bytes() + b" ")
    keys.add(make_job(found, released, **usual)["key"])
    assert len(keys) == 6
    with pytest.raises(FileNotFoundError, match="no-such"):
        released_bytes(tmp_path, "no-such")
