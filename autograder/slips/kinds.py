"""The kinds of derived mistakes that a course counts: a code, a name and a hint for each family of slips."""

from dataclasses import dataclass

from autograder._language import N_


@dataclass(frozen=True)
class Kind:
    """What slips of one family have in common. code: "D-path". hint: where to look, without the answer.
    compare: what to hold side by side then. rule: the way back through such a line.
    """

    code: str
    name: str
    hint: str
    compare: str
    rule: str


PLACE = Kind(
    "D-place",
    "the place of a mistake",
    "Write the gradient of each line of the forward code in turn, and compare its shape with the line's.",
    "Print the gradient of each line's result on the way back, and stop at the first whose shape or numbers "
    "you can't explain.",
    N_("what comes back to x = what came to the line's result, times the line's slope in x"),
)
PATH = Kind(
    "D-path",
    "a path left out",
    "Mark each use of the variable in the forward code: every use is a path, and their gradients add up.",
    "Count the uses of the variable in the forward code, and the terms that you add up for its gradient.",
    "dx = dx_on_this_path + dx_on_the_other_paths",
)
SLOPE = Kind(
    "D-slope",
    "a slope that is wrong",
    "What is the slope of this function, and where is it taken?",
    "Compute the slope by a difference, (f(x + 0.01) - f(x - 0.01)) / 0.02, for one number, and compare it "
    "with your factor.",
    "dx = df * slope_of_f(x)  # taken at f's input",
)
FACTOR = Kind(
    "D-factor",
    "a factor that is wrong",
    "Change one operand of this line a little: by what is the change multiplied on its way to the result?",
    "Double one operand of this line: by what does the gradient of the other change in your code, and by "
    "what should it?",
    "p = a * b:  da = dp * b;  q = a / b:  da = dq / b,  db = -dq * a / b**2",
)
SUM = Kind(
    "D-sum",
    "a sum or mean that is not undone",
    "An entry that is used several times gets the sum of what comes back; a mean hands on 1/n to each.",
    "Compare the shape of your gradient with the shape of the variable, and count how often one entry of it "
    "is used.",
    N_("s = x.sum(axis):  dx = ds, repeated;  y = x, repeated:  dx = dy.sum(axis);  a mean hands on ds / n"),
)
PRODUCT = Kind(
    "D-product",
    "a matrix product undone wrongly",
    "Write the shapes below this product and its gradients.",
    "Write the shapes of both factors, of the product and of the three gradients below each other.",
    "C = A @ B:  dA = dC @ B.T;  dB = A.T @ dC",
)
MASK = Kind(
    "D-mask",
    "a mask that is wrong",
    "Which entries of the input decide the result here? The gradient goes to those and to no others.",
    "Take one entry that decides the result here, and one that does not: what does each of them get from "
    "you?",
    "y = np.maximum(x, 0):  dx = dy * (x > 0);  y = np.where(c, a, b):  da = dy * c",
)
MOVE = Kind(
    "D-move",
    "entries put back in the wrong place",
    "Follow one entry through this line: its gradient goes back to where it came from.",
    "Follow one entry with a number of its own, 7 say, forward through this line and back.",
    "y = x[i]:  np.add.at(dx, i, dy);  y = x.reshape(…):  dx = dy.reshape(x.shape);  y = x.T:  dx = dy.T",
)
CLOSED_FORM = Kind(
    "D-closed-form",
    "a closed form that is wrong",
    "Derive it for two entries on paper, then compare with the code term by term.",
    "Take a row of two entries, and compare your numbers with central differences.",
    "s = softmax(z):  dz = s * (ds - (ds * s).sum(axis, keepdims=True))",
)
RESULT = Kind(
    "D-result",
    "a whole gradient that is off",
    "Compare the numbers with those of a small case that you work out by differences.",
    "Divide your numbers by the expected ones, entry by entry: which number comes out?",
    "slope = (f(x + h) - f(x - h)) / (2 * h)  # one entry of x at a time, times what comes in",
)
UPSTREAM = Kind(
    "D-upstream",
    "another gradient comes in",
    "Each line is multiplied by the gradient of its own result. Which variable is that here?",
    "Print the gradient that you multiply by at this line, and write below it whose gradient it is.",
    "dx = dy * slope  # dy is the gradient of this line's own result",
)
VALUE = Kind(
    "D-value",
    "a value worked out otherwise",
    "Compare the value that you work out with the forward code's.",
    "Print the value in your function and the same line's value in the forward code.",
    N_("the value as in the forward code, line by line, before the way back begins"),
)
TURN = Kind(
    "D-turn",
    "turns of a loop mixed up",
    "Write two turns of the loop below each other, and go back through them one by one.",
    "Print, in every turn of your loop on the way back, the number of the turn and of the array that you "
    "use.",
    "for t in reversed(range(T)):  # dx[t] gets what belongs to turn t, and what is shared is added up with "
    "+=",
)

ALL = (PATH, SLOPE, FACTOR, SUM, PRODUCT, MASK, MOVE, CLOSED_FORM, RESULT, UPSTREAM, VALUE, TURN, PLACE)
