"""Children with short limits, for tests of what goes on in them."""

from autograder.sandbox.zygote import Limits

QUICK = Limits(call_seconds=0.5, cell_seconds=0.5, memory_bytes=256 << 20, frame_bytes=4 << 20)
# A cell that shows whether the child still lives.
AFTER = "def g(): return 1"
# A cell that gives what was printed before, in pieces that can cross.
PRINTED = (
    "import sys\ndef printed():\n    text = sys.stdout.text()\n"
    "    return [text[at : at + 4000] for at in range(0, len(text), 4000)]"
)


def call(zygote, code, name, *args, seconds=10.0):
    """The Outcome of one call in a child of its own, which has run the code, one cell or several."""
    with zygote.child([code] if isinstance(code, str) else code, seconds=seconds, public=True) as child:
        return child(name, args)
