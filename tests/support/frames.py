"""One whole frame read, as the grader's channel reads it from a socket."""

from autograder.sandbox.inside.wire import LENGTHS, FrameError, lengths, read_header


def parse(frame, limit=1 << 32):
    """Header and payload of one whole frame; FrameError if anything is wrong with it."""
    if len(frame) < LENGTHS.size:
        raise FrameError("a frame that ends within its lengths")
    header, payload = lengths(frame[: LENGTHS.size], limit)
    if len(frame) != LENGTHS.size + header + payload:
        raise FrameError("a frame of another length than it says")
    start = LENGTHS.size + header
    return read_header(frame[LENGTHS.size : start]), memoryview(frame)[start:]
