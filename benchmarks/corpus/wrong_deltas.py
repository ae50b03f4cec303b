# Wrong answers to chapters 5 and 6, as students write them. Read as text by variants.py; never imported.
# Header: exercise | catalogue codes that may name it, or - | what is wrong
# ruff: noqa
# fmt: off

# %% output_delta | K1 | the slope with respect to y_hat
def output_delta(output, z, Y):
    a = g(output, z)
    if output == "softmax":
        return -Y / a
    if output == "sigmoid":
        return -Y / a + (1 - Y) / (1 - a)
    return a - Y

# %% output_delta | K2 | softmax with a diagonal Jacobian
def output_delta(output, z, Y):
    if output == "softmax":
        s = g("softmax", z)
        return (-Y / s) * (s * (1 - s))
    return g(output, z) - Y

# %% output_delta | K3 | only where the label is largest
def output_delta(output, z, Y):
    d = g(output, z) - Y
    if output == "softmax":
        d = np.where(Y == Y.max(axis=0, keepdims=True), d, 0.0)
    return d

# %% output_delta | K4 | an extra slope with cross entropy
def output_delta(output, z, Y):
    a = g(output, z)
    if output == "identity":
        return a - Y
    return (a - Y) * a * (1 - a)

# %% output_delta | K4 | an extra slope, sigmoid alone
def output_delta(output, z, Y):
    a = g(output, z)
    if output == "sigmoid":
        return (a - Y) * (a * (1 - a))
    return a - Y

# %% output_delta | K5 | Y - A
def output_delta(output, z, Y):
    return Y - g(output, z)

# %% output_delta | K6 | a factor 2
def output_delta(output, z, Y):
    return 2 * (g(output, z) - Y)

# %% output_delta | K6 | a half
def output_delta(output, z, Y):
    return (g(output, z) - Y) / 2

# %% output_delta | K6 | a factor 2 for the squared error alone
def output_delta(output, z, Y):
    if output == "identity":
        return 2 * (z - Y)
    return g(output, z) - Y

# %% output_delta | K7 | argmax
def output_delta(output, z, Y):
    if output == "softmax":
        pred = np.zeros(z.shape)
        pred[np.argmax(z, axis=0), np.arange(z.shape[1])] = 1
        return pred - Y
    return g(output, z) - Y

# %% output_delta | K8 | softmax by row
def output_delta(output, z, Y):
    if output == "softmax":
        e = np.exp(z - z.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True) - Y
    return g(output, z) - Y

# %% output_delta | K8 | one softmax for the whole batch
def output_delta(output, z, Y):
    if output == "softmax":
        e = np.exp(z - z.max())
        return e / e.sum() - Y
    return g(output, z) - Y

# %% output_delta | - | z for y_hat
def output_delta(output, z, Y):
    return z - Y

# %% output_delta | - | sigmoid for softmax
def output_delta(output, z, Y):
    if output == "identity":
        return z - Y
    return g("sigmoid", z) - Y

# %% output_delta | - | divided by m
def output_delta(output, z, Y):
    return (g(output, z) - Y) / Y.shape[1]

# %% output_delta | - | the mean over the examples
def output_delta(output, z, Y):
    return np.mean(g(output, z) - Y, axis=1, keepdims=True)

# %% output_delta | - | no sign
def output_delta(output, z, Y):
    return np.abs(g(output, z) - Y)

# %% output_delta | - | squared
def output_delta(output, z, Y):
    return (g(output, z) - Y) ** 2 / 2

# %% output_delta | - | the sum
def output_delta(output, z, Y):
    return g(output, z) + Y

# %% output_delta | - | times y_hat
def output_delta(output, z, Y):
    a = g(output, z)
    return a * (a - Y)

# %% output_delta | - | the 1-y half of binary cross entropy forgotten
def output_delta(output, z, Y):
    a = g(output, z)
    if output == "sigmoid":
        return -Y * (1 - a)
    return a - Y

# %% output_delta | - | clipped like a gradient
def output_delta(output, z, Y):
    return np.clip(g(output, z) - Y, -1, 1)

# %% output_delta | - | transposed
def output_delta(output, z, Y):
    return (g(output, z) - Y).T

# %% output_delta | - | written into an array of Y's type
def output_delta(output, z, Y):
    d = np.zeros_like(Y)
    d[:] = g(output, z) - Y
    return d

# %% output_delta | - | rounded
def output_delta(output, z, Y):
    return np.round(g(output, z) - Y, 6)

# %% output_delta | - | float16 inside
def output_delta(output, z, Y):
    return (g(output, z.astype(np.float16)) - Y).astype(float)

# %% output_delta | - | labels smoothed
def output_delta(output, z, Y):
    if output == "softmax":
        Y = 0.9 * Y + 0.1 / Y.shape[0]
    return g(output, z) - Y

# %% output_delta | - | every example gets the first label
def output_delta(output, z, Y):
    return g(output, z) - Y[:, [0]]

# %% output_delta | - | a millionth too much
def output_delta(output, z, Y):
    return g(output, z) - Y + 1e-6

# %% output_delta | K35 | the second call differs
calls = []
def output_delta(output, z, Y):
    calls.append(1)
    return g(output, z) - Y + 1e-3 * (len(calls) - 1)

# %% hidden_delta | K10 | W for its transpose
def hidden_delta(W_next, delta_next, z, hidden):
    return (W_next @ delta_next) * g_prime(hidden, z)

# %% hidden_delta | K12 | the slope at a
def hidden_delta(W_next, delta_next, z, hidden):
    if hidden == "sigmoid":
        a = g("sigmoid", z)
    elif hidden == "tanh":
        a = np.tanh(z)
    else:
        a = np.maximum(z, 0)
    return (W_next.T @ delta_next) * g_prime(hidden, a)

# %% hidden_delta | K13 | no slope
def hidden_delta(W_next, delta_next, z, hidden):
    return W_next.T @ delta_next

# %% hidden_delta | K14 | g for g'
def hidden_delta(W_next, delta_next, z, hidden):
    act = {"sigmoid": lambda t: 1 / (1 + np.exp(-t)), "tanh": np.tanh, "relu": lambda t: np.maximum(0, t)}
    return (W_next.T @ delta_next) * act[hidden](z)

# %% hidden_delta | K16 | @ for the elementwise product
def hidden_delta(W_next, delta_next, z, hidden):
    return (W_next.T @ delta_next) @ g_prime(hidden, z)

# %% hidden_delta | K17 | |W|
def hidden_delta(W_next, delta_next, z, hidden):
    return (np.abs(W_next).T @ delta_next) * g_prime(hidden, z)

# %% hidden_delta | K17 | W normalised: blame shared out
def hidden_delta(W_next, delta_next, z, hidden):
    share = W_next / np.sum(W_next, axis=1, keepdims=True)
    return (share.T @ delta_next) * g_prime(hidden, z)

# %% hidden_delta | K18 | g' twice
def hidden_delta(W_next, delta_next, z, hidden):
    s = g_prime(hidden, z)
    d = W_next.T @ delta_next * s
    return d * s

# %% hidden_delta | K19 | a(1-a) for every g
def hidden_delta(W_next, delta_next, z, hidden):
    if hidden == "sigmoid":
        a = 1 / (1 + np.exp(-z))
    elif hidden == "tanh":
        a = np.tanh(z)
    else:
        a = np.maximum(z, 0)
    return (W_next.T @ delta_next) * a * (1 - a)

# %% hidden_delta | K19 | the sigmoid's slope for every g
def hidden_delta(W_next, delta_next, z, hidden):
    return (W_next.T @ delta_next) * g_prime("sigmoid", z)

# %% hidden_delta | K21 | ReLU masks by the sign of delta
def hidden_delta(W_next, delta_next, z, hidden):
    d = W_next.T @ delta_next
    if hidden == "relu":
        return d * (d > 0)
    return d * g_prime(hidden, z)

# %% hidden_delta | K5 | the sign
def hidden_delta(W_next, delta_next, z, hidden):
    return -(W_next.T @ delta_next) * g_prime(hidden, z)

# %% hidden_delta | - | divided by m
def hidden_delta(W_next, delta_next, z, hidden):
    return (W_next.T @ delta_next) * g_prime(hidden, z) / z.shape[1]

# %% hidden_delta | K35 | z is changed in place
def hidden_delta(W_next, delta_next, z, hidden):
    d = W_next.T @ delta_next
    if hidden == "relu":
        z[z <= 0] = 0
        z[z > 0] = 1
        return d * z
    return d * g_prime(hidden, z)

# %% hidden_delta | - | plus for times
def hidden_delta(W_next, delta_next, z, hidden):
    return W_next.T @ delta_next + g_prime(hidden, z)

# %% hidden_delta | - | the slope inside the product
def hidden_delta(W_next, delta_next, z, hidden):
    return W_next.T @ (delta_next * g_prime(hidden, z))

# %% hidden_delta | - | tanh' in terms of z
def hidden_delta(W_next, delta_next, z, hidden):
    slope = 1 - z ** 2 if hidden == "tanh" else g_prime(hidden, z)
    return (W_next.T @ delta_next) * slope

# %% hidden_delta | - | the ReLU mask the wrong way
def hidden_delta(W_next, delta_next, z, hidden):
    slope = (z < 0) * 1.0 if hidden == "relu" else g_prime(hidden, z)
    return (W_next.T @ delta_next) * slope

# %% hidden_delta | - | ReLU alone without a slope
def hidden_delta(W_next, delta_next, z, hidden):
    d = W_next.T @ delta_next
    return d if hidden == "relu" else d * g_prime(hidden, z)

# %% hidden_delta | - | leaky
def hidden_delta(W_next, delta_next, z, hidden):
    d = W_next.T @ delta_next
    if hidden == "relu":
        return np.where(z > 0, d, 0.01 * d)
    return d * g_prime(hidden, z)

# %% hidden_delta | - | leaky by a millionth
def hidden_delta(W_next, delta_next, z, hidden):
    d = W_next.T @ delta_next
    if hidden == "relu":
        return np.where(z > 0, d, 1e-6 * d)
    return d * g_prime(hidden, z)

# %% hidden_delta | - | delta summed over the units first
def hidden_delta(W_next, delta_next, z, hidden):
    return W_next.sum(axis=0, keepdims=True).T * delta_next.sum(axis=0, keepdims=True) * g_prime(hidden, z)

# %% hidden_delta | - | delta averaged over the examples
def hidden_delta(W_next, delta_next, z, hidden):
    return (W_next.T @ delta_next.mean(axis=1, keepdims=True)) * g_prime(hidden, z)

# %% hidden_delta | - | delta made of unit length
def hidden_delta(W_next, delta_next, z, hidden):
    d = (W_next.T @ delta_next) * g_prime(hidden, z)
    return d / (np.linalg.norm(d) + 1e-12)

# %% hidden_delta | - | clipped
def hidden_delta(W_next, delta_next, z, hidden):
    return np.clip((W_next.T @ delta_next) * g_prime(hidden, z), -1, 1)

# %% hidden_delta | - | the slope of tanh for every g
def hidden_delta(W_next, delta_next, z, hidden):
    return (W_next.T @ delta_next) * (1 - np.tanh(z) ** 2)

# %% hidden_delta | - | half precision
def hidden_delta(W_next, delta_next, z, hidden):
    return ((W_next.T @ delta_next) * g_prime(hidden, z)).astype(np.float16).astype(np.float64)

# %% hidden_delta | - | the last unit of the next layer left out
def hidden_delta(W_next, delta_next, z, hidden):
    total = np.zeros(z.shape)
    for i in range(W_next.shape[0] - 1):
        total += np.outer(W_next[i], delta_next[i])
    return total * g_prime(hidden, z)

# %% hidden_delta | - | one unit overwrites the other
def hidden_delta(W_next, delta_next, z, hidden):
    total = np.zeros(z.shape)
    for i in range(W_next.shape[0]):
        total = np.outer(W_next[i], delta_next[i])
    return total * g_prime(hidden, z)

# %% hidden_delta | - | a slope of the batch's mean z
def hidden_delta(W_next, delta_next, z, hidden):
    return (W_next.T @ delta_next) * g_prime(hidden, z.mean(axis=1, keepdims=True))

# %% hidden_delta | - | the slope's square root
def hidden_delta(W_next, delta_next, z, hidden):
    return (W_next.T @ delta_next) * np.sqrt(g_prime(hidden, z))

# %% all_deltas | K11 | W[l] for W[l+1]
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: output_delta(output, Z[N], Y)}
    for l in range(N - 1, 0, -1):
        delta[l] = (W[l].T @ delta[l + 1]) * g_prime(hidden, Z[l])
    return delta

# %% all_deltas | K15 | the slope at z[l+1]
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: output_delta(output, Z[N], Y)}
    for l in range(N - 1, 0, -1):
        delta[l] = (W[l + 1].T @ delta[l + 1]) * g_prime(hidden, Z[l + 1])
    return delta

# %% all_deltas | K34 | layer 1 is skipped
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: output_delta(output, Z[N], Y)}
    for l in range(N - 1, 1, -1):
        delta[l] = hidden_delta(W[l + 1], delta[l + 1], Z[l], hidden)
    return delta

# %% all_deltas | K12 | a for z
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: output_delta(output, Z[N], Y)}
    for l in range(N - 1, 0, -1):
        delta[l] = hidden_delta(W[l + 1], delta[l + 1], A[l], hidden)
    return delta

# %% all_deltas | K13 | no slope
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: output_delta(output, Z[N], Y)}
    for l in reversed(range(1, N)):
        delta[l] = W[l + 1].T @ delta[l + 1]
    return delta

# %% all_deltas | K10 | W for its transpose
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: output_delta(output, Z[N], Y)}
    for l in reversed(range(1, N)):
        delta[l] = W[l + 1] @ delta[l + 1] * g_prime(hidden, Z[l])
    return delta

# %% all_deltas | K4 | a slope at the output too
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    d = output_delta(output, Z[N], Y)
    if output != "identity":
        d = d * A[N] * (1 - A[N])
    delta = {N: d}
    for l in reversed(range(1, N)):
        delta[l] = hidden_delta(W[l + 1], delta[l + 1], Z[l], hidden)
    return delta

# %% all_deltas | K5 | the sign at the output
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: Y - A[N]}
    for l in reversed(range(1, N)):
        delta[l] = hidden_delta(W[l + 1], delta[l + 1], Z[l], hidden)
    return delta

# %% all_deltas | - | delta[N] is handed to every layer
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: output_delta(output, Z[N], Y)}
    for l in reversed(range(1, N)):
        delta[l] = hidden_delta(W[l + 1], delta[N], Z[l], hidden)
    return delta

# %% all_deltas | - | the last layer is missing in the result
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: output_delta(output, Z[N], Y)}
    for l in reversed(range(1, N)):
        delta[l] = hidden_delta(W[l + 1], delta[l + 1], Z[l], hidden)
    del delta[N]
    return delta

# %% all_deltas | - | keys from 0
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: output_delta(output, Z[N], Y)}
    for l in reversed(range(1, N)):
        delta[l] = hidden_delta(W[l + 1], delta[l + 1], Z[l], hidden)
    return {l - 1: delta[l] for l in delta}

# %% all_deltas | - | in the wrong order, last layer first
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    d = [output_delta(output, Z[N], Y)]
    for l in reversed(range(1, N)):
        d.append(hidden_delta(W[l + 1], d[-1], Z[l], hidden))
    return {i + 1: x for i, x in enumerate(d)}

# %% all_deltas | - | the output's g in the hidden layers
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: output_delta(output, Z[N], Y)}
    for l in reversed(range(1, N)):
        delta[l] = hidden_delta(W[l + 1], delta[l + 1], Z[l], "sigmoid")
    return delta

# %% all_deltas | K20 | W is updated inside the loop
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    W = dict(W)
    delta = {N: output_delta(output, Z[N], Y)}
    for l in range(N, 0, -1):
        if l < N:
            delta[l] = hidden_delta(W[l + 1], delta[l + 1], Z[l], hidden)
        W[l] = W[l] - 0.1 * delta[l] @ A[l - 1].T / Y.shape[1]
    return delta

# %% all_deltas | - | divided by m at the output
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: output_delta(output, Z[N], Y) / Y.shape[1]}
    for l in reversed(range(1, N)):
        delta[l] = hidden_delta(W[l + 1], delta[l + 1], Z[l], hidden)
    return delta

# %% residual_delta | - | the shortcut is forgotten
def residual_delta(W, z, delta_a):
    delta_z = delta_a * (1 - np.tanh(z) ** 2)
    return delta_z, W.T @ delta_z

# %% residual_delta | - | no slope
def residual_delta(W, z, delta_a):
    return delta_a, W.T @ delta_a + delta_a

# %% residual_delta | - | W for its transpose
def residual_delta(W, z, delta_a):
    delta_z = delta_a * (1 - np.tanh(z) ** 2)
    return delta_z, W @ delta_z + delta_a

# %% residual_delta | - | the slope on the shortcut
def residual_delta(W, z, delta_a):
    delta_z = delta_a * (1 - np.tanh(z) ** 2)
    return delta_z, W.T @ delta_z + delta_z

# %% residual_delta | - | one added to the slope
def residual_delta(W, z, delta_a):
    delta_z = delta_a * (1 - np.tanh(z) ** 2 + 1)
    return delta_z, W.T @ delta_z

# %% residual_delta | - | the slope only on the way down
def residual_delta(W, z, delta_a):
    delta_z = delta_a * (1 - np.tanh(z) ** 2)
    return delta_z, W.T @ delta_a + delta_a

# %% residual_delta | - | swapped
def residual_delta(W, z, delta_a):
    delta_z = delta_a * (1 - np.tanh(z) ** 2)
    return W.T @ delta_z + delta_a, delta_z

# %% residual_delta | - | tanh' in terms of z
def residual_delta(W, z, delta_a):
    delta_z = delta_a * (1 - z ** 2)
    return delta_z, W.T @ delta_z + delta_a

# %% residual_delta | - | the shortcut twice
def residual_delta(W, z, delta_a):
    delta_z = delta_a * (1 - np.tanh(z) ** 2)
    return delta_z, W.T @ delta_z + 2 * delta_a

# %% residual_delta | - | divided by m
def residual_delta(W, z, delta_a):
    m = z.shape[1]
    delta_z = delta_a * (1 - np.tanh(z) ** 2) / m
    return delta_z, W.T @ delta_z + delta_a / m

# %% huber_output_delta | - | never clipped
def huber_output_delta(z, Y, kappa):
    return z - Y

# %% huber_output_delta | - | only the sign
def huber_output_delta(z, Y, kappa):
    return kappa * np.sign(z - Y)

# %% huber_output_delta | - | inside and outside mixed up
def huber_output_delta(z, Y, kappa):
    r = z - Y
    return np.where(np.abs(r) > kappa, r, kappa * np.sign(r))

# %% huber_output_delta | - | the sign outside forgotten
def huber_output_delta(z, Y, kappa):
    r = z - Y
    return np.where(np.abs(r) <= kappa, r, kappa)

# %% huber_output_delta | - | slope 1 outside
def huber_output_delta(z, Y, kappa):
    r = z - Y
    return np.where(np.abs(r) <= kappa, r, np.sign(r))

# %% huber_output_delta | - | divided by the threshold, as smooth L1
def huber_output_delta(z, Y, kappa):
    return np.clip((z - Y) / kappa, -1, 1)

# %% huber_output_delta | K5 | Y - z
def huber_output_delta(z, Y, kappa):
    return np.clip(Y - z, -kappa, kappa)

# %% huber_output_delta | - | clipped by the column's length
def huber_output_delta(z, Y, kappa):
    r = z - Y
    n = np.linalg.norm(r, axis=0, keepdims=True)
    return np.where(n <= kappa, r, kappa * r / n)

# %% huber_output_delta | - | divided by m
def huber_output_delta(z, Y, kappa):
    return np.clip(z - Y, -kappa, kappa) / Y.shape[1]

# %% huber_output_delta | - | the loss itself
def huber_output_delta(z, Y, kappa):
    r = np.abs(z - Y)
    return np.where(r <= kappa, r ** 2 / 2, kappa * (r - kappa / 2))

# %% huber_output_delta | - | one-sided
def huber_output_delta(z, Y, kappa):
    return np.minimum(z - Y, kappa)
