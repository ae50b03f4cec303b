from autograder.course import attempts
from autograder.course.attempts import Attempt, best_attempt, earlier, remark

ONE, TWO = Attempt(b"one", "2026-03-01 10:00 UTC"), Attempt(b"two", "")


def test_each_attempt_is_kept_once_and_in_order(tmp_path):
    def before(now):
        return earlier(tmp_path, "ada", "06-step-2", now)

    assert before(ONE) == []
    assert before(ONE) == []  # a second run is no second attempt
    assert before(TWO) == [ONE]
    assert before(Attempt(b"three", "")) == [ONE, TWO]
    assert before(TWO) == [ONE, Attempt(b"three", "")]  # what was there before is handed in again
    assert before(None) == [ONE, TWO, Attempt(b"three", "")]


def test_a_time_that_came_later_is_the_attempts_own(tmp_path):
    later = Attempt(b"two", "2026-03-02 10:00 UTC")
    earlier(tmp_path, "ada", "06-step-2", TWO)
    assert earlier(tmp_path, "ada", "06-step-2", later) == []
    assert earlier(tmp_path, "ada", "06-step-2", ONE) == [later]


def test_the_same_notebook_at_another_time_is_another_attempt(tmp_path):
    earlier(tmp_path, "ada", "06-step-2", ONE)
    assert earlier(tmp_path, "ada", "06-step-2", Attempt(b"one", "2026-03-09 10:00 UTC")) == [ONE]


def test_of_the_attempts_with_the_most_points_the_first_counts():
    assert best_attempt([3.0, 7.0, 7.0, 1.0]) == 1
    assert best_attempt([0.0]) == 0


def test_students_and_assignments_are_apart(tmp_path):
    earlier(tmp_path, "ada", "06-step-2", ONE)
    assert earlier(tmp_path, "ben", "06-step-2", TWO) == []
    assert earlier(tmp_path, "ada", "07-step-3", TWO) == []


def test_a_lost_timestamp_is_no_error(tmp_path):
    earlier(tmp_path, "ada", "x", ONE)
    next(tmp_path.rglob("*.txt")).unlink()
    assert earlier(tmp_path, "ada", "x", TWO) == [Attempt(b"one", "")]


def test_of_many_attempts_the_last_are_graded_and_that_is_said(tmp_path, monkeypatch):
    every = [Attempt(f"{i}".encode(), f"2026-03-01 10:{i:02} UTC") for i in range(30)]
    for attempt in every:
        before = earlier(tmp_path, "ada", "06-step-2", attempt)
    assert before == every[-1 - attempts.MAX_ATTEMPTS : -1]
    assert len(list(tmp_path.rglob("*.ipynb"))) == 30
    assert remark(tmp_path, "ada", "06-step-2") == (
        f"30 attempts were handed in; the last {attempts.MAX_ATTEMPTS + 1} of them are graded"
    )
    monkeypatch.setattr(attempts, "MAX_ATTEMPT_BYTES", 5)
    assert earlier(tmp_path, "ada", "06-step-2", every[-1]) == every[-3:-1]
    assert remark(tmp_path, "ben", "06-step-2") == ""
