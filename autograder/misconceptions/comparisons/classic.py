"""K1 to K49: the classic mistakes, and the first that were found beside them."""

from collections.abc import Mapping

from autograder.misconceptions.comparisons.comparison import Comparison

CLASSIC: Mapping[str, Comparison] = {
    "K1": Comparison(
        ("jacobian",),
        "Take one number of the small case: how far does the loss move when ŷ moves by 1e-4, and how "
        "far when z does? Yours is the first.",
    ),
    "K2": Comparison(
        ("rest",),
        "Raise one logit of a column of the small case a little and print softmax before and after: "
        "which rows moved? Your δ knows of one only.",
    ),
    "K3": Comparison(
        ("yhat",),
        "Compare your rows for the wrong classes with ŷ in those rows: yours are 0, and ŷ is not.",
    ),
    "K4": Comparison(
        ("yhat", "minus", "y"),
        "Divide your numbers by ŷ - y, entry by entry: what is left over, and where have you seen "
        "these numbers?",
    ),
    "K5": Comparison(
        ("minus",),
        "Compare the signs of your numbers with the expected ones: the sizes are the same.",
    ),
    "K6": Comparison(
        ("half",),
        "Divide your numbers by the expected ones, entry by entry: which number comes out each time?",
    ),
    "K7": Comparison(
        ("yhat",),
        "Print what your code takes for ŷ, next to g(z): which of the two has numbers between 0 and 1?",
    ),
    "K8": Comparison(
        ("sum",),
        "Print the sums of your softmax over axis 0, then over axis 1: which of the two are 1?",
    ),
    "K9": Comparison(
        ("logits",),
        "Print ŷ for z = 40 and z = -800, and then log(ŷ) and log(1 - ŷ): which of them is still a number?",
    ),
    "K10": Comparison(
        ("W",),
        "Write the shape of the matrix that you multiply by below the shape of the δ that comes in. "
        "Where the matrix is square: does your sum run along a row of W, or down a column?",
    ),
    "K11": Comparison(
        ("W",),
        "Print the number of the layer whose W you use next to the number of the δ that you multiply it by.",
    ),
    "K12": Comparison(
        ("slope", "of"),
        "Print the numbers at which you take the slope next to z of this layer: are they the same?",
    ),
    "K13": Comparison(
        ("slope",),
        "Compare your δ of a hidden layer with what comes back to its a, before anything else is "
        "done to it: they are the same.",
    ),
    "K14": Comparison(
        ("slope",),
        "Print g(z) and the slope of g at z for one number of the small case: which of the two is "
        "your factor?",
    ),
    "K15": Comparison(
        ("slope",),
        "Write the shape of the z that you hand to g' below the shape of δ[l]: do they have as many "
        "rows, in every network?",
    ),
    "K16": Comparison(
        ("join",),
        "Write the shapes of the two factors and of your result: is it (n_l, m), also when n_l and m differ?",
    ),
    "K17": Comparison(
        ("W",),
        "Print the matrix that you multiply by next to W[l+1]: have the entries kept their signs and sizes?",
    ),
    "K18": Comparison(
        ("slope",),
        "Print the factor that stands for the slope of g, next to that slope: is it the slope, or "
        "its square?",
    ),
    "K19": Comparison(
        ("tanh", "relu"),
        "Compute the slope of tanh at 0 by a difference, (tanh(0.01) - tanh(-0.01)) / 0.02, and then "
        "with your formula.",
        equation="slopes",
    ),
    "K20": Comparison(
        ("W",),
        "Print W[l+1] at the start of your function and again where you use it: is it the same matrix?",
        equation="6.1",
    ),
    "K21": Comparison(
        ("slope", "on"),
        "Find an entry where z > 0 and your number is 0, though a δ comes back there: which sign has "
        "what comes back?",
    ),
    "K22": Comparison(
        ("input",),
        "Write the shape of the array that you multiply δ[l] by below the shape of W[l]: how many "
        "rows has it?",
    ),
    "K23": Comparison(
        ("input",),
        "Print the array that you multiply δ[l] by: can the output of a ReLU or a sigmoid have such numbers?",
    ),
    "K24": Comparison(
        ("incoming", "input"),
        "Write dW.shape below the shape of W, (n_l, n_prev), for a layer where n_l and n_prev differ.",
    ),
    "K25": Comparison(
        ("incoming", "input"),
        "Write the shape of δ, the shape of a[l-1] and the shape of W below each other: where do n_l "
        "and n_prev come from?",
    ),
    "K26": Comparison(
        ("mean",),
        "Divide your numbers by the expected ones: which number comes out, and how many examples are there?",
    ),
    "K27": Comparison(
        ("mean",),
        "Divide the expected numbers by yours: which number comes out, and how many examples are there?",
    ),
    "K28": Comparison(
        ("mean",),
        "Print the number that you divide by, and the shape of your arrays: is it their number of "
        "rows or of columns?",
        line="m = {batch}.shape[1]  # the columns, one for each example",
    ),
    "K29": Comparison(
        ("sum", "incoming", "input"),
        "Try your function on the last column alone: does it give the same numbers (but for 1/m)?",
    ),
    "K30": Comparison(
        ("incoming", "input"),
        "Try two examples with δ = 1, -1 and a = 1, -1: work out the average of the products, then "
        "the product of the averages.",
    ),
    "K31": Comparison(
        ("sum",),
        "Write the shape of your db below the shape of b: how many columns has each?",
    ),
    "K32": Comparison(
        ("sum",),
        "Write the shape of your db below the shape of b, and look which axis of δ has that length.",
    ),
    "K33": Comparison(
        ("sum",),
        "How many numbers has your db, and how many biases has the layer?",
    ),
    "K34": Comparison(
        ("loop",),
        "Print the keys of what you return next to the keys of W.",
        line="for l in range(N - 1, 0, -1):  # down to layer 1",
    ),
    "K35": Comparison(
        (),
        "Call your function twice with the same arguments, and print the arguments and the answer "
        "after each call.",
        line="x = x.copy()  # before a line that writes into x",
    ),
    "K36": Comparison(
        ("step",),
        "Print W[l] - (your dW[l]): is it a gradient that is left, times a rate?",
        equation="10.1",
        line="return dW, db  # the step W - rate * dW is the caller's",
    ),
    "K37": Comparison(
        ("up", "down"),
        "Compare every entry of your gradient with a central difference.",
    ),
    "K38": Comparison(
        ("slope", "sigmoid"),
        "Compute (exp(2.01) - exp(1.99)) / 0.02, and compare it with your slope at 2.",
    ),
    "K39": Comparison(
        ("mean",),
        "Compute δ for the first column alone, then for the whole batch: is the first column of the "
        "two the same?",
        equation="7.1",
    ),
    "K40": Comparison(
        ("yhat",),
        "Print what your code subtracts Y from: is every entry between 0 and 1 where the output is a "
        "sigmoid or a softmax?",
    ),
    "K41": Comparison(
        ("top", "sum", "yhat"),
        "Print the sums of the columns that your g gives for two or more units: are they 1, and "
        "should they be?",
    ),
    "K42": Comparison(
        ("outside",),
        "Take r = 2κ, then r = 3κ: your two numbers, and the two slopes in a drawing of the loss.",
    ),
    "K43": Comparison(
        ("zero", "yhat"),
        "Take y = 0 in the small case: which numbers does your code give there?",
    ),
    "K44": Comparison(
        ("of", "slope"),
        "Print what stands for a in your formula next to g(z).",
        equation="slopes",
    ),
    "K45": Comparison(
        ("sigmoid", "relu"),
        "Compute the slope of the sigmoid at 0 by a difference, (σ(0.01) - σ(-0.01)) / 0.02, and then "
        "with your formula.",
        equation="slopes",
    ),
    "K46": Comparison(
        ("on", "off", "slope"),
        "Print your slope at z = -2, -1, 1 and 2: which four numbers should stand there?",
    ),
    "K47": Comparison(
        ("one", "square", "slope"),
        "Print your slope of tanh at z = -1, 0 and 1: the curve rises everywhere, and alike on both sides.",
    ),
    "K48": Comparison(
        ("shortcut", "slope"),
        "Put W = 0 into the small case: what does your function give for delta_a_prev, and what "
        "should be left?",
    ),
    "K49": Comparison(
        ("slope",),
        "Write the shape of g'(z[l]) below the shape of what you multiply it by: to which layer does "
        "each belong?",
    ),
}
