"""What is said of a judgement's and a submission's facts."""

from autograder.feedback.report_words import submission_notes
from autograder.feedback.words import note_words


def said(judgement):
    """A judgement's notes in words."""
    return tuple(map(note_words, judgement.notes))


def said_of(submission):
    """A submission's notes in words."""
    return submission_notes(submission.notes)
