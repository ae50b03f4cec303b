from autograder.course.attempts import Attempt, earlier

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


def test_students_and_assignments_are_apart(tmp_path):
    earlier(tmp_path, "ada", "06-step-2", ONE)
    assert earlier(tmp_path, "ben", "06-step-2", TWO) == []
    assert earlier(tmp_path, "ada", "07-step-3", TWO) == []


def test_a_lost_timestamp_is_no_error(tmp_path):
    earlier(tmp_path, "ada", "x", ONE)
    next(tmp_path.rglob("*.txt")).unlink()
    assert earlier(tmp_path, "ada", "x", TWO) == [Attempt(b"one", "")]
