"""The help with the book's exercises: first steps, equations and lines."""

from collections.abc import Mapping

from autograder.exercises.exercise_help import ExerciseHelp

# A slope in code, whatever it is multiplied by.
SLOPES = {
    "slopes": "slope = g_prime(hidden, z)  # that of the g whose name you are given",
    "2.6": "slope = a * (1 - a)  # sigmoid, with a = g(z)",
    "2.7": "slope = 1 - np.tanh(z) ** 2  # tanh",
    "2.8": "slope = np.where(z > 0, 1.0, 0.0)  # relu",
}
SOFTMAX = {
    "2.5": "yhat = e / e.sum(axis=0, keepdims=True)  # with e = np.exp(z - z.max(axis=0, keepdims=True))"
}
OUTPUT = {
    "5.1": "delta = g(output, z) - Y",
    "5.2": "delta = g(output, z) - Y  # the Jacobian and the gradient of the loss, multiplied out",
    "5.4": "delta = g(output, z) - Y  # for softmax too: what the Jacobian adds cancels",
    **dict.fromkeys(("3.1", "3.2", "3.3"), "delta = g(output, z) - Y"),
    **SOFTMAX,
}
LINE_OF_STEP_2 = {"6.1": "delta[l] = (W[l + 1].T @ delta[l + 1]) * g_prime(hidden, Z[l])"}
OF_STEP_1 = ("5.1", "5.2", "5.4", "3.1", "3.2", "3.3")
LINES_OF_STEP_3 = {
    "7.1": "dW[l] = delta[l] @ A[l - 1].T / m",
    "7.2": "db[l] = delta[l].sum(axis=1, keepdims=True) / m",
}
SLOPES_OF_NET = {
    "slopes": "slope = g_prime(hidden, Z[l])  # that of the g whose name you are given",
    "2.6": "slope = a * (1 - a)  # sigmoid, with a = 1 / (1 + np.exp(-Z[l]))",
    "2.7": "slope = 1 - np.tanh(Z[l]) ** 2  # tanh",
    "2.8": "slope = np.where(Z[l] > 0, 1.0, 0.0)  # relu",
}
DELTAS = {
    **LINE_OF_STEP_2,
    **dict.fromkeys(OF_STEP_1, "delta = {N: output_delta(output, Z[N], Y)}"),
    **SOFTMAX,
    **SLOPES_OF_NET,
}
BACKPROP = {
    **LINES_OF_STEP_3,
    **LINE_OF_STEP_2,
    **dict.fromkeys(OF_STEP_1, "delta = {N: A[N] - Y}"),
    **SOFTMAX,
    **SLOPES_OF_NET,
}

LINE_OF_OK = (
    "ok = bool(np.all(gap <= 1e-5 * size + rounding))  # with size = np.abs(numerical) + np.abs(grad), and "
    "rounding about 2e-16 * abs(f(theta)) / h"
)

HELPS: Mapping[str, ExerciseHelp] = {
    "affine": ExerciseHelp(
        "Which shape has z? Write the shapes of W, a_prev and b below each other: (n_l, n_prev), (n_prev, m) "
        "and (n_l, 1).",
        "Which two of the three make (n_l, m) by a matrix product, and what does NumPy do with one column "
        "that "
        "is added to m?",
        ("1.1",),
        {"1.1": "return W @ a_prev + b"},
        "Each unit sums over its inputs, and adds its own bias once, in every column.",
    ),
    "forward": ExerciseHelp(
        "Which layer can be computed first, and what does it get? Write the keys of W, of Z and of A below "
        "each "
        "other.",
        "What is A[0], and which two lines make Z[l] and A[l] out of A[l - 1]? Which layer has the output's "
        "g?",
        ("1.2", "1.1", "2.5"),
        {
            "1.2": "A[l] = g(output if l == N else hidden, Z[l])",
            "1.1": "Z[l] = W[l] @ A[l - 1] + b[l]",
            **SOFTMAX,
        },
        "Every layer gets the a of the layer before, and the last one alone has the output's g.",
    ),
    "sigmoid": ExerciseHelp(
        "What are σ(0), σ(10) and σ(-10), nearly? What does exp do with 1000?",
        "Write σ with exp(-z), and again with exp(z) above and below the line: which of the two keeps exp at "
        "1 or less, for z > 0 and for z < 0?",
        ("2.1",),
        {"2.1": "return np.where(z >= 0, 1, e) / (1 + e)  # with e = np.exp(-np.abs(z))"},
        "It rises from 0 to 1, and no exp ever sees a number above 0.",
    ),
    "softmax": ExerciseHelp(
        "z is (n, m), an example a column. Which numbers must sum to 1?",
        "Which axis do you sum over, so that (n, m) divided by the sums stays (n, m)? What changes if the "
        "largest "
        "logit of each column is taken off first?",
        ("2.5",),
        {
            "2.5": (
                "return e / e.sum(axis=0, keepdims=True)  # with e = np.exp(z - z.max(axis=0, keepdims=True))"
            )
        },
        "Each column sums to 1, and the largest logit of each becomes exp(0).",
    ),
    "g_prime": ExerciseHelp(
        "Which shape has the answer, and for which three names? Draw the three curves: where are they steep?",
        "Which of the three slopes can be written with a = g(z) alone, and which asks for the sign of z?",
        ("slopes", "2.6", "2.7", "2.8"),
        {
            "slopes": "return a * (1 - a)  # for sigmoid; 1 - np.tanh(z) ** 2 and np.where(z > 0, 1.0, 0.0)",
            "2.6": "return a * (1 - a)",
            "2.7": "return 1 - np.tanh(z) ** 2",
            "2.8": "return np.where(z > 0, 1.0, 0.0)",
        },
        "Each nonlinearity has its own slope, taken at z.",
        of_parts={"sigmoid": "2.6", "tanh": "2.7", "relu": "2.8"},
    ),
    "loss": ExerciseHelp(
        "Which shape has the answer? How many numbers are there in z, and how many of them belong to one "
        "example?",
        "Which sum runs over the units of one example, and which mean runs over the m columns? Which loss "
        "goes "
        "with which output?",
        ("3.4", "3.1", "3.2", "3.3", "3.5", "2.5"),
        {
            "3.4": "return float(L.sum() / m)",
            "3.1": "L = (z - Y) ** 2 / 2",
            "3.2": "L = np.maximum(z, 0) - Y * z + np.log1p(np.exp(-np.abs(z)))",
            "3.3": "L = Y * (log_sum_exp - z)",
            "2.5": "log_sum_exp = top + np.log(np.exp(z - top).sum(axis=0, keepdims=True))",
            "3.5": "L = np.maximum(z, 0) - Y * z + np.log1p(np.exp(-np.abs(z)))",
        },
        "Each output has its own loss, worked out from the logits, summed over units and averaged over "
        "examples.",
        of_parts={"identity": "3.1", "sigmoid": "3.2", "softmax": "3.3"},
    ),
    "numerical_delta": ExerciseHelp(
        "Which shape has the answer? How many numbers of z have a slope of their own?",
        "For one entry: at which two points do you ask for the loss, and how far apart are they?",
        ("4.2",),
        {"4.2": "delta[i, j] = (loss_of_z(z + e) - loss_of_z(z - e)) / (2 * h)"},
        "One entry at a time, to both sides, over 2h.",
    ),
    "output_delta": ExerciseHelp(
        "Which shape has δ[N]? Write the shapes of z and Y below each other.",
        "Which of the two is compared with what the network says, and what must be done to the other first?",
        tuple(OUTPUT),
        OUTPUT,
        "ŷ - y, once, for each of the three outputs: the slope of g has cancelled.",
    ),
    "huber_output_delta": ExerciseHelp(
        "Which shape has δ? Draw the loss of one r: a parabola, and beyond κ a straight line.",
        "How steep is the parabola at r, and how steep are the two straight parts?",
        ("5.5",),
        {"5.5": "return np.clip(z - Y, -kappa, kappa)"},
        "The slope is r, and never steeper than κ.",
    ),
    "hidden_delta": ExerciseHelp(
        "Which shape has δ[l]? Write the shapes of W_next, delta_next and z below each other: (n_next, n_l), "
        "(n_next, m) and (n_l, m).",
        "Which two factors make (n_l, m)? One is a matrix product that sums over the n_next units; the "
        "other has "
        "the shape of z already.",
        ("6.1", *SLOPES),
        {"6.1": "return (W_next.T @ delta_next) * g_prime(hidden, z)", **SLOPES},
        "Back along the columns of W, then once through the slope at layer l's own z.",
    ),
    "all_deltas": ExerciseHelp(
        "Which δ can be computed first? Write the keys of W, of Z and of the answer below each other.",
        "Which W and which δ does δ[l] need, and in which order must the loop run so that they are there?",
        tuple(DELTAS),
        DELTAS,
        "Step 1 once, then Step 2 from layer N - 1 down to layer 1.",
    ),
    "residual_delta": ExerciseHelp(
        "Which shapes have the two answers? Draw the layer: on how many ways does a_prev reach a?",
        "How does a change with z when a_prev stands still, and how does it change with a_prev when z stands "
        "still?",
        ("6.2",),
        {"6.2": "delta_a_prev = W.T @ delta_z + delta_a  # with delta_z = delta_a * (1 - np.tanh(z) ** 2)"},
        "Both ways back are there, through z and along the shortcut, and they are added.",
    ),
    "layer_gradients": ExerciseHelp(
        "Which shapes have dW and db? Write the shapes of delta and a_prev below each other: (n_l, m) and "
        "(n_prev, m).",
        "Which product makes (n_l, n_prev) and sums over the m examples? Which sum makes (n_l, 1)?",
        ("7.1", "7.2"),
        {
            "7.1": "dW = delta @ a_prev.T / m",
            "7.2": "db = delta.sum(axis=1, keepdims=True) / m",
        },
        "An average over the examples, of δ aᵀ for the weights and of δ for the bias.",
        of_parts={"db": "7.2"},
    ),
    "backprop": ExerciseHelp(
        "Which shape has dW[l]? Write the keys of W, Z, A and of your two answers below each other.",
        "Which δ can be computed first, and what does one turn of the loop do with it before it goes on to "
        "the "
        "next layer?",
        tuple(BACKPROP),
        BACKPROP,
        "Step 1, Step 2 and Step 3, layer by layer from N down to 1, with 1/m once.",
        of_parts={"db": "7.2"},
    ),
    "l2_backprop": ExerciseHelp(
        "Which of W and b is in the penalty? Differentiate (λ/2) w² for one weight.",
        "What does your backprop give already, and what is added to which of its two answers?",
        ("8.1", *BACKPROP),
        {"8.1": "dW = {l: dW[l] + lam * W[l] for l in W}", **BACKPROP},
        "λW is added to the gradient of every W, and b is left alone.",
        # With db right, the factor is not Step 1's: it stands before λW.
        {("K6", "dW"): "K71"},
    ),
    "gradient_check": ExerciseHelp(
        "Which shape have the errors? What is compared with what, entry by entry?",
        "For one entry: at which two points do you ask for f, and how far apart are they? What is the gap "
        "divided "
        "by?",
        ("9.1", "9.3", "ok"),
        {
            "9.1": "numerical[i] = (f_up - f_down) / (2 * h)",
            "9.3": "errors = gap / np.maximum(1e-8, np.abs(numerical) + np.abs(grad))",
            "ok": LINE_OF_OK,
        },
        "Every entry is stepped by itself, and its gap is seen in proportion.",
        of_parts={"errors": "9.3", "right gradients": "ok", "wrong gradients": "ok"},
    ),
    "product_messages": ExerciseHelp(
        "Which shapes have A_bar and b_bar? Write the shapes of A, b and C_bar below each other.",
        "What does C_ij change by when A_ij moves, and in how many entries of C does b_i stand?",
        ("12.5", "12.4"),
        {"12.5": "A_bar = C_bar * b", "12.4": "b_bar = np.sum(C_bar * A, axis=1, keepdims=True)"},
        "Each input gets the other as a factor, and what was repeated is summed.",
    ),
    "graph_gradients": ExerciseHelp(
        "Which node's gradient is known at once? Which nodes does it send something to?",
        "How many nodes use node v, and how many of them have sent already? When may v send on?",
        ("12.1",),
        {"12.1": "gradient[v] += slopes[u, v] * gradient[u]"},
        "A node sends on only when all that use it have sent, and what arrives is added.",
    ),
    "softmax_atoms": ExerciseHelp(
        "Which shapes have U, S, E and z, and so their gradients? Which of them is used more than once?",
        "Go back one operation at a time: in which terms of L stands U, and what is the slope of log at S?",
        ("U = log S, S = Σ_j E_j, E_j = exp(z_j), L = Σ_j y_j (U - z_j)", "12.6"),
        {
            "U = log S, S = Σ_j E_j, E_j = exp(z_j), L = Σ_j y_j (U - z_j)": "z_bar = E_bar * E - Y",
            "12.6": "E_bar = np.repeat(S_bar, len(z), axis=0)",
        },
        "Four small steps back, and the two ways of z added.",
    ),
    "rms_norm_backward": ExerciseHelp(
        "Which shapes have dx and dgamma? In which of the four lines stands x, and what is repeated in them?",
        "Which gradients meet at x: straight through the division, and through the mean square?",
        ("out = γ x / rms,  rms = (mean of x² + 1e-5)^½",),
        {
            "out = γ x / rms,  rms = (mean of x² + 1e-5)^½": (
                "dx = (d - unit * (d * unit).mean(axis=1, keepdims=True)) / r  # with d = dout * gamma, "
                "unit = x / r"
            )
        },
        "Both ways of x are there: through the quotient, and through the rms of its row.",
    ),
    "average_pool_backward": ExerciseHelp(
        "Which shape has dx? How many entries of out does one entry of x stand in?",
        "What does out change by when one of the four entries of its square moves by 1?",
        ("out = ¼ (sum of the square's four entries)",),
        {
            "out = ¼ (sum of the square's four entries)": (
                "return np.repeat(np.repeat(dout, 2, axis=1), 2, axis=2) / 4"
            )
        },
        "Each entry of a square gets a quarter of what comes back.",
    ),
    "glu_backward": ExerciseHelp(
        "Which shapes have dx, dW and dV? How many ways lead from x to out?",
        "What comes back to value, and what to the gate? Which of them has a slope to pass?",
        ("out = value ∘ σ(x V),  value = x W",),
        {
            "out = value ∘ σ(x V),  value = x W": (
                "dx = dvalue @ W.T + dz @ V.T  # with dvalue = dout * gate, dz = dout * value * gate * (1 - "
                "gate)"
            )
        },
        "Both ways from x to out are there, and the gate's slope is passed once.",
    ),
    "gru_backward": ExerciseHelp(
        "Which shapes have the eight gradients? Mark every use of h in the five lines: each is a way back.",
        "Begin at h_next: what comes back to z, to n and to h? Only then go on to reset and r.",
        ("h_next = (1 - z) ∘ n + z ∘ h",),
        {
            "h_next = (1 - z) ∘ n + z ∘ h": (
                "dh = dh_next * z + at_z @ Uz.T + at_r @ Ur.T + dreset * r  # four ways from h"
            )
        },
        "All four ways back to h are there, and each gate's slope is passed once.",
    ),
    "triplet_backward": ExerciseHelp(
        "Which shapes have the three gradients? In which of near and far does each of the three stand?",
        "For which rows does the loss move at all, and how many rows does the mean divide by?",
        ("loss = mean over the rows of max(‖near‖² - ‖far‖² + 1, 0)",),
        {
            "loss = mean over the rows of max(‖near‖² - ‖far‖² + 1, 0)": (
                "danchor = 2 * (near - far) * mask  # with mask = (margin > 0) / len(anchor), margin (m, 1)"
            )
        },
        "Only rows that lie within the margin pull, and each by the mean's share.",
    ),
}
