"""The kinds of derived mistakes that a course counts: a code, a name and a hint for each family of slips."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """What slips of one family have in common. code: "D-path". hint: where to look, without the answer."""

    code: str
    name: str
    hint: str


PLACE = Kind(
    "D-place",
    "the place of a mistake",
    "Write the gradient of each line of the forward code in turn, and compare its shape with the line's.",
)
PATH = Kind(
    "D-path",
    "a path left out",
    "Mark each use of the variable in the forward code: every use is a path, and their gradients add up.",
)
SLOPE = Kind("D-slope", "a slope that is wrong", "What is the slope of this function, and where is it taken?")
FACTOR = Kind(
    "D-factor",
    "a factor that is wrong",
    "Change one operand of this line a little: by what is the change multiplied on its way to the result?",
)
SUM = Kind(
    "D-sum",
    "a sum or mean that is not undone",
    "An entry that is used several times gets the sum of what comes back; a mean hands on 1/n to each.",
)
PRODUCT = Kind(
    "D-product", "a matrix product undone wrongly", "Write the shapes below this product and its gradients."
)
MASK = Kind(
    "D-mask",
    "a mask that is wrong",
    "Which entries of the input decide the result here? The gradient goes to those and to no others.",
)
MOVE = Kind(
    "D-move",
    "entries put back in the wrong place",
    "Follow one entry through this line: its gradient goes back to where it came from.",
)
CLOSED_FORM = Kind(
    "D-closed-form",
    "a closed form that is wrong",
    "Derive it for two entries on paper, then compare with the code term by term.",
)
RESULT = Kind(
    "D-result",
    "a whole gradient that is off",
    "Compare the numbers with those of a small case that you work out by differences.",
)
UPSTREAM = Kind(
    "D-upstream",
    "another gradient comes in",
    "Each line is multiplied by the gradient of its own result. Which variable is that here?",
)
VALUE = Kind(
    "D-value", "a value worked out otherwise", "Compare the value that you work out with the forward code's."
)
TURN = Kind(
    "D-turn",
    "turns of a loop mixed up",
    "Write two turns of the loop below each other, and go back through them one by one.",
)

ALL = (PATH, SLOPE, FACTOR, SUM, PRODUCT, MASK, MOVE, CLOSED_FORM, RESULT, UPSTREAM, VALUE, TURN, PLACE)
