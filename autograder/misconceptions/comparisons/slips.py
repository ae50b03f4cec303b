"""K50 and on: slips in every part of the recipe."""

from collections.abc import Mapping

from autograder.misconceptions.comparisons.comparison import Comparison

SLIPS: Mapping[str, Comparison] = {
    "K50": Comparison(
        ("mean",),
        "Print the number that you divide by, and the number of examples.",
    ),
    "K51": Comparison(
        ("mean",),
        "Print the number that you divide by, the number of rows of δ and the number of its columns.",
    ),
    "K52": Comparison(
        ("incoming", "sum"),
        "Put δ = ½ for one example and 0 for the others: what should db be, and what is yours?",
    ),
    "K53": Comparison(
        ("bias",),
        "Put a_prev = 0 into the small case: is your z equal to b in every column?",
    ),
    "K54": Comparison(
        ("W", "input"),
        "Write the shapes of the two factors of your product below each other, and the shape that z "
        "must have.",
    ),
    "K55": Comparison(
        ("g",),
        "Print the name of the nonlinearity that your loop uses in each layer, from 1 to N.",
    ),
    "K56": Comparison(
        ("z", "g"),
        "Print, for each layer, what goes into the product and what goes into g: which of them are z, "
        "which a?",
        line="Z[l] = W[l] @ A[l - 1] + b[l]; A[l] = g(output if l == N else hidden, Z[l])",
    ),
    "K57": Comparison(
        ("exp",),
        "Print your σ(-2) and σ(2): which of them should be nearer to 1?",
    ),
    "K58": Comparison(
        ("exp", "top", "sum"),
        "Print the largest number that reaches np.exp in the failing case.",
    ),
    "K59": Comparison(
        ("top", "sum"),
        "Try a column of two equal logits: which two numbers should come out, and which do?",
    ),
    "K60": Comparison(
        ("mean",),
        "Print the number that your mean divides by, and the number of examples.",
    ),
    "K61": Comparison(
        ("minus",),
        "Compare the sign of your number with the expected one: the size is the same.",
    ),
    "K62": Comparison(
        ("y", "log"),
        "Write out your sum for y = (1, 0) and ŷ = (0.9, 0.1): how many terms are not 0, and how many "
        "should there be?",
    ),
    "K63": Comparison(
        ("log",),
        "Divide your number by the expected one: compare with 1 / ln 2 = 1.443 and 1 / ln 10 = 0.434.",
        line="np.log(np.exp(z - top).sum(axis=0, keepdims=True))  # np.log, and np.log1p for sigmoid",
    ),
    "K64": Comparison(
        ("square",),
        "Take an error of 4, then of 8: by how much does your loss grow, and by how much should it?",
    ),
    "K65": Comparison(
        ("up", "down"),
        "Try f(z) = z² at z = 0 with h = 0.5: what is the slope there, and what do you get?",
    ),
    "K66": Comparison(
        ("below",),
        "Divide your numbers by the expected ones: which number comes out each time?",
    ),
    "K67": Comparison(
        ("up", "down"),
        "Print the array that you call the function with, next to z: in how many entries do they differ?",
    ),
    "K69": Comparison(
        ("below",),
        "Print numerical, grad and your denominator for one entry: which of the two did you divide by?",
    ),
    "K70": Comparison(
        ("gap",),
        "Print the shape of your errors below the shape of theta, and look for a negative one.",
    ),
    "K71": Comparison(
        ("penalty",),
        "Subtract the dW that you get for λ = 0 from the one for λ = 1: how is what is left related to W?",
    ),
    "K72": Comparison(
        ("one", "exp"),
        "Print your σ(0), σ(1) and σ(-1): they should be 0.5, 0.731 and 0.269.",
    ),
    "K73": Comparison(
        ("W", "input", "incoming"),
        "Write the shapes of the two factors and of the result: which letter do they have in common, "
        "and is it gone in the result?",
    ),
    "K80": Comparison(
        ("W", "input", "bias"),
        "Multiply W and b by 10, then by -1, in the small case: does your answer become 10 and -1 "
        "times as large, too?",
    ),
    "K81": Comparison(
        ("bias", "W", "input"),
        "Put b = 0, then W = 0, into the small case: which of the two answers is wrong, and by which factor?",
    ),
    "K82": Comparison(
        ("W", "input", "bias"),
        "Put b = 0, then W = 0, into the small case: which of the answers is too small, and by "
        "which of the sizes of the inputs?",
    ),
    "K83": Comparison(
        ("W", "input"),
        "Try your function with inputs that are 0 but for one unit, unit by unit: for which units is "
        "the answer 0?",
    ),
    "K84": Comparison(
        ("W",),
        "Print the matrix that you multiply by next to W: have the entries kept their signs and sizes?",
    ),
    "K85": Comparison(
        ("g", "exp", "top"),
        "Print what goes into your nonlinearity: is it a z, which may be any number, or has g been "
        "applied to it?",
    ),
    "K86": Comparison(
        ("x",),
        "Print A[0] next to X: are they the same numbers?",
        line="A = {0: X}  # as it is given, and then A[l] in every turn",
    ),
    "K87": Comparison(
        ("bias",),
        "Print, layer by layer, Z[l] - W[l] @ A[l - 1]: in which layers is it b[l]?",
    ),
    "K88": Comparison(
        ("z",),
        "Print what goes into g next to W[l] @ A[l - 1] + b[l]: what is missing?",
    ),
    "K89": Comparison(
        ("input",),
        "Call your function with one column alone, then with all: does that column's answer stay the same?",
    ),
    "K90": Comparison(
        (),
        "Divide your numbers by the expected ones, entry by entry, and look for the quotients among "
        "the arrays that you are given.",
    ),
    "K91": Comparison(
        ("slope",),
        "Print your factor at a z of 5, next to the slope of g there.",
    ),
    "K92": Comparison(
        ("incoming",),
        "Let the δ that comes in be 0 in the small case (where Y is given, by Y = ŷ): what does "
        "your function give?",
    ),
    "K93": Comparison(
        ("W",),
        "Multiply W by 2 in the small case: does your answer change?",
    ),
    "K94": Comparison(
        ("join",),
        "Put z = -30 into the small case, where the slope of every g is 0 or nearly: what do you "
        "get, and how much should pass?",
    ),
    "K95": Comparison(
        ("W", "input"),
        "Print your reshaped matrix next to the matrix: follow the entry in row 1, column 2.",
    ),
    "K96": Comparison(
        (),
        "Look for the largest numbers of your answer: are several of them equal, where the expected "
        "ones are not?",
    ),
    "K97": Comparison(
        ("minus", "incoming"),
        "Compare the signs of your numbers with the expected ones: the sizes are the same.",
    ),
    "K98": Comparison(
        ("join",),
        "Find a unit whose slope is small: is your number there very large, or nan?",
    ),
    "K99": Comparison(
        ("sigmoid", "tanh"),
        "Compute the slope of tanh at 1 by a difference, (tanh(1.01) - tanh(0.99)) / 0.02, and then "
        "with your formula.",
        equation="slopes",
    ),
    "K100": Comparison(
        ("yhat", "minus", "y"),
        "Put Y = ŷ into the small case: which number should stand everywhere, and what do you get?",
    ),
    "K101": Comparison(
        (),
        "Compute your number for a ŷ a little below y, then for one a little above: does its sign change?",
    ),
    "K102": Comparison(
        ("y",),
        "Print the Y that reaches your formula next to the Y that came in, for labels such as 0.7.",
    ),
    "K103": Comparison(
        ("sum", "incoming", "input"),
        "Call your function with the first column alone: does it give the same numbers (but for 1/m)?",
    ),
    "K104": Comparison(
        ("input",),
        "Put a[l-1] = 0 into the small case: what should dW be, and what is yours?",
    ),
    "K105": Comparison(
        ("one", "zero", "y", "log"),
        "Take y = 1 and ŷ close to 0: how large is your loss, and how large may it become?",
    ),
    "K106": Comparison(
        ("a", "one", "slope"),
        "Print your slope at z = -10, 0 and 10: which three numbers should stand there, nearly?",
    ),
    "K107": Comparison(
        ("penalty",),
        "Subtract the dW that you get for λ = 0 from the one for λ = 1, layer by layer: where is "
        "nothing left?",
    ),
    "K108": Comparison(
        ("penalty",),
        "Compare your db for λ = 0 and for λ = 1.",
        line="return dW, db  # db as it was before the penalty",
    ),
    "K109": Comparison(
        ("gradient", "penalty"),
        "Put λ = 0 into the small case: is your dW the gradient of J alone?",
    ),
    "K110": Comparison(
        ("up", "minus", "down"),
        "Try a loss that is the same everywhere: what should the slope be, and what do you get?",
    ),
    "K111": Comparison(
        ("up", "down", "below"),
        "Print the steps that your code takes, and what it divides by, for h = 0.5.",
    ),
    "K120": Comparison(
        (),
        "Write the names of what you return in their order, below the names that the statement returns.",
        equation="answer = ({results})",
        line="return {results}",
    ),
    "K121": Comparison(
        ("x",),
        "Print the keys of your A next to those that the statement names.",
        line="A = {0: X}  # and then A[l] in every turn",
    ),
    "K122": Comparison(
        (),
        "Print under which number each layer stands in your answer, next to the keys of W.",
        equation="answer[l] = {all:what belongs to layer l, for l = 1, …, N}",
        line="for l in range(1, N + 1):  # or from N down to 1: the keys are 1 to N",
    ),
    "K112": Comparison(
        ("top", "sum"),
        "Print what you take off each logit of the first column: is it one number for the whole column, "
        "and is it in that column?",
    ),
    "K113": Comparison(
        ("slope",),
        "Print the numbers at which you take the slope next to z of this layer: are they the same?",
    ),
    "K114": Comparison(
        ("half", "inside"),
        "Take r = 0.1κ, then r = 0.2κ: your two numbers, and the two slopes in a drawing of the loss.",
    ),
    "K115": Comparison(
        ("half", "inside", "outside"),
        "Let one residual be κ/2, then 2κ, then -2κ, with all others 0: your three numbers, and the slopes "
        "in a drawing of the loss.",
    ),
    "K116": Comparison(
        (),
        "Divide your numbers by the expected ones in a case with two rows, then in one with three: "
        "which number comes out?",
    ),
    "K118": Comparison(
        ("up", "down"),
        "Print, in the second turn of the loop, how many entries of what you call the function with differ "
        "from z.",
        line="e[i, j] = 0  # before the next turn",
    ),
    "K119": Comparison(
        ("yhat",),
        "Print what your code takes for ŷ, next to g(z): how many digits do the two have?",
    ),
    "K123": Comparison(
        ("sum", "incoming", "input"),
        "Change the first column of the inputs, then the last: does your answer change both times?",
    ),
    "K124": Comparison(
        ("W",),
        "Multiply W by 2 in the small case: do your numbers become larger or smaller?",
    ),
    "K125": Comparison(
        ("room",),
        "Print numerical, grad and your error for an entry where grad is 0, and beside them ε|f|/h "
        "with ε = 2e-16.",
        equation="ok",
    ),
    "K126": Comparison(
        ("one", "zero", "y"),
        "Take y = 1 and ŷ = 0.9 in the small case, then y = 0 and the same ŷ: for which of the two is your "
        "number the smaller one?",
    ),
    "K127": Comparison(
        ("g",),
        "Print your ReLU of -2, of 0.5 and of 9, and beside them max(0, z).",
    ),
    "K128": Comparison(
        ("logits",),
        "Print sigmoid's loss of one unit for z = 2, y = 0.3 and for z = -2, y = 0.7, and softmax's of a "
        "column and of the same column plus 1: each two should be equal.",
    ),
    "K129": Comparison(
        (),
        "Write the names of what you return in their order, below the names that the statement returns.",
        equation="answer = ({results})",
        line="return {results}",
    ),
    "K130": Comparison(
        ("slope",),
        "Print the shapes of your g'(z) and of Wᵀδ: have both a column for each example?",
    ),
    "K131": Comparison(
        ("slope",),
        "Print your g' and the formula's at z = 1, to ten digits: from which digit on do they differ?",
    ),
    "K132": Comparison(
        ("input",),
        "Make one input of the small case negative, and then twice as large: how does your z follow?",
    ),
    "K133": Comparison(
        ("W", "input", "incoming"),
        "Write out the first number of the small case by hand: which weight meets which number?",
    ),
    "K134": Comparison(
        (),
        "Draw your answer over a residual from -3κ to 3κ, and Huber's slope beside it: where do they differ?",
    ),
}
