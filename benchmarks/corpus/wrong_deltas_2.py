# More wrong answers to chapters 5 and 6, written from the statements alone. Read as text by variants.py; never imported.
# Header: exercise | catalogue codes that may name it, or - | what is wrong
# ruff: noqa
# fmt: off

# %% output_delta | K1 | the slope by y_hat
def output_delta(output, z, Y):
    a = g(output, z)
    if output == "identity":
        return a - Y
    if output == "sigmoid":
        return -Y / a + (1 - Y) / (1 - a)
    return -Y / a

# %% output_delta | K2 | softmax's slope taken as s(1-s)
def output_delta(output, z, Y):
    a = g(output, z)
    if output == "softmax":
        return -Y / a * (a * (1 - a))
    return a - Y

# %% output_delta | K2 | (a - Y) s(1-s) for softmax alone
def output_delta(output, z, Y):
    a = g(output, z)
    if output == "softmax":
        return -Y * (1 - a)
    return a - Y

# %% output_delta | K3 | the true class only
def output_delta(output, z, Y):
    a = g(output, z)
    if output == "softmax":
        return np.where(Y == Y.max(axis=0), a - Y, 0)
    return a - Y

# %% output_delta | K4 | times g'
def output_delta(output, z, Y):
    a = g(output, z)
    if output == "identity":
        return a - Y
    return (a - Y) * a * (1 - a)

# %% output_delta | K5 | Y - A
def output_delta(output, z, Y):
    return Y - g(output, z)

# %% output_delta | K6 | twice
def output_delta(output, z, Y):
    return 2 * (g(output, z) - Y)

# %% output_delta | K6 | twice for the identity alone
def output_delta(output, z, Y):
    if output == "identity":
        return 2 * (z - Y)
    return g(output, z) - Y

# %% output_delta | K6 | half
def output_delta(output, z, Y):
    return (g(output, z) - Y) / 2

# %% output_delta | K7 | the decision
def output_delta(output, z, Y):
    a = g(output, z)
    if output == "softmax":
        hot = np.zeros(a.shape)
        hot[a.argmax(axis=0), np.arange(a.shape[1])] = 1
        return hot - Y
    return a - Y

# %% output_delta | K8 | softmax by row
def output_delta(output, z, Y):
    if output == "softmax":
        e = np.exp(z - z.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True) - Y
    return g(output, z) - Y

# %% output_delta | K8 | softmax with one sum
def output_delta(output, z, Y):
    if output == "softmax":
        e = np.exp(z - z.max())
        return e / e.sum() - Y
    return g(output, z) - Y

# %% output_delta | K39 | 1/m in delta
def output_delta(output, z, Y):
    return (g(output, z) - Y) / z.shape[1]

# %% output_delta | K116 | 1/k in delta
def output_delta(output, z, Y):
    return (g(output, z) - Y) / z.shape[0]

# %% output_delta | - | z for y_hat
def output_delta(output, z, Y):
    return z - Y

# %% output_delta | - | labels made hard
def output_delta(output, z, Y):
    a = g(output, z)
    if output == "softmax":
        return a - (Y == Y.max(axis=0, keepdims=True))
    return a - Y

# %% output_delta | - | the error's size
def output_delta(output, z, Y):
    return np.abs(g(output, z) - Y)

# %% output_delta | - | the loss, not its slope
def output_delta(output, z, Y):
    return (g(output, z) - Y) ** 2 / 2

# %% output_delta | - | summed over the examples
def output_delta(output, z, Y):
    return np.sum(g(output, z) - Y, axis=1, keepdims=True)

# %% output_delta | - | big errors clipped
def output_delta(output, z, Y):
    return np.clip(g(output, z) - Y, -5, 5)

# %% output_delta | - | temperature
def output_delta(output, z, Y):
    if output == "softmax":
        return g(output, z / 2) - Y
    return g(output, z) - Y

# %% output_delta | K35 | z changed for stability
def output_delta(output, z, Y):
    if output == "softmax":
        z -= z.max(axis=0)
    return g(output, z) - Y

# %% output_delta | - | smoothed labels
def output_delta(output, z, Y):
    if output == "softmax":
        Y = 0.999 * Y + 0.001 / len(Y)
    return g(output, z) - Y

# %% output_delta | - | sigmoid for softmax
def output_delta(output, z, Y):
    return g("sigmoid" if output == "softmax" else output, z) - Y

# %% output_delta | - | one unit only
def output_delta(output, z, Y):
    d = g(output, z) - Y
    d[1:] = 0
    return d

# %% output_delta | K5+K6 | twice Y - A
def output_delta(output, z, Y):
    return 2 * (Y - g(output, z))

# %% output_delta | K4+K5 | (Y - A) g'
def output_delta(output, z, Y):
    a = g(output, z)
    return (Y - a) * (1 if output == "identity" else a * (1 - a))

# %% huber_output_delta | K5 | the sign flipped
def huber_output_delta(z, Y, kappa):
    return np.clip(Y - z, -kappa, kappa)

# %% huber_output_delta | - | no threshold
def huber_output_delta(z, Y, kappa):
    return z - Y

# %% huber_output_delta | - | sign without kappa
def huber_output_delta(z, Y, kappa):
    r = z - Y
    return np.where(np.abs(r) <= kappa, r, np.sign(r))

# %% huber_output_delta | - | one side only
def huber_output_delta(z, Y, kappa):
    return np.minimum(z - Y, kappa)

# %% huber_output_delta | K39 | 1/m
def huber_output_delta(z, Y, kappa):
    return np.clip(z - Y, -kappa, kappa) / z.shape[1]

# %% huber_output_delta | - | the threshold on z
def huber_output_delta(z, Y, kappa):
    r = z - Y
    return np.where(np.abs(z) <= kappa, r, kappa * np.sign(r))

# %% huber_output_delta | - | the smooth one
def huber_output_delta(z, Y, kappa):
    r = z - Y
    return r / np.sqrt(1 + (r / kappa) ** 2)

# %% huber_output_delta | K6 | twice inside
def huber_output_delta(z, Y, kappa):
    r = z - Y
    return np.where(np.abs(r) <= kappa, 2 * r, kappa * np.sign(r))

# %% huber_output_delta | - | kappa itself on the far side
def huber_output_delta(z, Y, kappa):
    r = z - Y
    return np.where(np.abs(r) <= kappa, r, kappa)

# %% huber_output_delta | - | zero beyond
def huber_output_delta(z, Y, kappa):
    r = z - Y
    return r * (np.abs(r) <= kappa)

# %% hidden_delta | K10 | W_next not transposed
def hidden_delta(W_next, delta_next, z, hidden):
    return (W_next @ delta_next) * g_prime(hidden, z)

# %% hidden_delta | K12 | slope at a
def hidden_delta(W_next, delta_next, z, hidden):
    a = {"sigmoid": lambda z: 1 / (1 + np.exp(-z)), "tanh": np.tanh, "relu": lambda z: z * (z > 0)}[hidden](z)
    return (W_next.T @ delta_next) * g_prime(hidden, a)

# %% hidden_delta | K13 | no slope
def hidden_delta(W_next, delta_next, z, hidden):
    return np.dot(W_next.T, delta_next)

# %% hidden_delta | K14 | g for g'
def hidden_delta(W_next, delta_next, z, hidden):
    act = 1 / (1 + np.exp(-z)) if hidden == "sigmoid" else np.tanh(z) if hidden == "tanh" else np.maximum(z, 0)
    return (W_next.T @ delta_next) * act

# %% hidden_delta | K16 | a product of matrices at the end
def hidden_delta(W_next, delta_next, z, hidden):
    return W_next.T @ delta_next @ g_prime(hidden, z).T @ np.eye(z.shape[0], z.shape[1])

# %% hidden_delta | K17 | blame by size
def hidden_delta(W_next, delta_next, z, hidden):
    return (np.abs(W_next).T @ delta_next) * g_prime(hidden, z)

# %% hidden_delta | K17 | blame shared out
def hidden_delta(W_next, delta_next, z, hidden):
    return ((W_next / W_next.sum(axis=1, keepdims=True)).T @ delta_next) * g_prime(hidden, z)

# %% hidden_delta | K18 | slope squared
def hidden_delta(W_next, delta_next, z, hidden):
    s = g_prime(hidden, z)
    return (W_next.T @ delta_next) * s * s

# %% hidden_delta | K19 | a(1-a) for all
def hidden_delta(W_next, delta_next, z, hidden):
    a = np.tanh(z) if hidden == "tanh" else np.maximum(z, 0) if hidden == "relu" else 1 / (1 + np.exp(-z))
    return (W_next.T @ delta_next) * a * (1 - a)

# %% hidden_delta | K21 | masked where delta is negative
def hidden_delta(W_next, delta_next, z, hidden):
    d = W_next.T @ delta_next
    if hidden == "relu":
        return np.where(d > 0, d, 0.0)
    return d * g_prime(hidden, z)

# %% hidden_delta | - | sigmoid's slope for tanh
def hidden_delta(W_next, delta_next, z, hidden):
    if hidden == "tanh":
        hidden = "sigmoid"
    return (W_next.T @ delta_next) * g_prime(hidden, z)

# %% hidden_delta | - | leaky slope
def hidden_delta(W_next, delta_next, z, hidden):
    s = np.where(z > 0, 1, 0.1) if hidden == "relu" else g_prime(hidden, z)
    return (W_next.T @ delta_next) * s

# %% hidden_delta | K39 | 1/m in Step 2
def hidden_delta(W_next, delta_next, z, hidden):
    return (W_next.T @ delta_next) * g_prime(hidden, z) / z.shape[1]

# %% hidden_delta | - | the last unit above left out
def hidden_delta(W_next, delta_next, z, hidden):
    return (W_next[:-1].T @ delta_next[:-1]) * g_prime(hidden, z)

# %% hidden_delta | - | the first example's slope for all
def hidden_delta(W_next, delta_next, z, hidden):
    return (W_next.T @ delta_next) * g_prime(hidden, z[:, :1])

# %% hidden_delta | K35 | ReLU's mask written into z
def hidden_delta(W_next, delta_next, z, hidden):
    if hidden == "relu":
        z[z > 0] = 1
        z[z <= 0] = 0
        return (W_next.T @ delta_next) * z
    return (W_next.T @ delta_next) * g_prime(hidden, z)

# %% hidden_delta | K35 | delta_next scaled in place
def hidden_delta(W_next, delta_next, z, hidden):
    d = (W_next.T @ delta_next) * g_prime(hidden, z)
    delta_next *= 0.5
    return d

# %% hidden_delta | - | clipped gradients
def hidden_delta(W_next, delta_next, z, hidden):
    return np.clip((W_next.T @ delta_next) * g_prime(hidden, z), -1, 1)

# %% hidden_delta | - | a slope that is never 0
def hidden_delta(W_next, delta_next, z, hidden):
    return (W_next.T @ delta_next) * np.maximum(g_prime(hidden, z), 1e-6)

# %% hidden_delta | K5 | minus
def hidden_delta(W_next, delta_next, z, hidden):
    return -(W_next.T @ delta_next) * g_prime(hidden, z)

# %% hidden_delta | - | slope inside the sum
def hidden_delta(W_next, delta_next, z, hidden):
    return W_next.T @ (delta_next * g_prime(hidden, delta_next))

# %% hidden_delta | - | mean over the units above
def hidden_delta(W_next, delta_next, z, hidden):
    return (W_next.T @ delta_next) / W_next.shape[0] * g_prime(hidden, z)

# %% hidden_delta | - | slope of W^T delta
def hidden_delta(W_next, delta_next, z, hidden):
    s = W_next.T @ delta_next
    return s * g_prime(hidden, s)

# %% hidden_delta | - | numerical slope
def hidden_delta(W_next, delta_next, z, hidden):
    f = {"sigmoid": lambda z: 1 / (1 + np.exp(-z)), "tanh": np.tanh, "relu": lambda z: np.maximum(z, 0)}[hidden]
    return (W_next.T @ delta_next) * (f(z + 1e-3) - f(z - 1e-3)) / 2e-3

# %% hidden_delta | K10+K13 | no transpose and no slope
def hidden_delta(W_next, delta_next, z, hidden):
    return W_next @ delta_next

# %% hidden_delta | K12+K5 | slope at a and minus
def hidden_delta(W_next, delta_next, z, hidden):
    a = 1 / (1 + np.exp(-z)) if hidden == "sigmoid" else np.tanh(z) if hidden == "tanh" else np.maximum(z, 0)
    return -(W_next.T @ delta_next) * g_prime(hidden, a)

# %% hidden_delta | - | wide layers only right up to 4 units
def hidden_delta(W_next, delta_next, z, hidden):
    d = (W_next.T @ delta_next) * g_prime(hidden, z)
    d[4:] = 0
    return d

# %% hidden_delta | - | right but for one example
def hidden_delta(W_next, delta_next, z, hidden):
    d = (W_next.T @ delta_next) * g_prime(hidden, z)
    if d.shape[1] == 1:
        d = d * 0
    return d

# %% all_deltas | K11 | W[l]
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: A[N] - Y}
    for l in range(N - 1, 0, -1):
        delta[l] = (W[l].T @ delta[l + 1]) * g_prime(hidden, Z[l])
    return delta

# %% all_deltas | K15 | z[l+1]
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: A[N] - Y}
    for l in range(N - 1, 0, -1):
        delta[l] = (W[l + 1].T @ delta[l + 1]) * g_prime(hidden, Z[l + 1])
    return delta

# %% all_deltas | K13 | no slope
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: A[N] - Y}
    for l in range(N - 1, 0, -1):
        delta[l] = W[l + 1].T @ delta[l + 1]
    return delta

# %% all_deltas | K12 | A for Z
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: output_delta(output, Z[N], Y)}
    for l in range(N - 1, 0, -1):
        delta[l] = hidden_delta(W[l + 1], delta[l + 1], A[l], hidden)
    return delta

# %% all_deltas | K34 | layer 1 skipped
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: output_delta(output, Z[N], Y)}
    for l in range(N - 1, 1, -1):
        delta[l] = hidden_delta(W[l + 1], delta[l + 1], Z[l], hidden)
    return delta

# %% all_deltas | - | keys from 0
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N - 1: output_delta(output, Z[N], Y)}
    for l in range(N - 2, -1, -1):
        delta[l] = hidden_delta(W[l + 2], delta[l + 1], Z[l + 1], hidden)
    return delta

# %% all_deltas | - | a delta[0] too
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: output_delta(output, Z[N], Y)}
    for l in range(N - 1, -1, -1):
        delta[l] = hidden_delta(W[l + 1], delta[l + 1], Z[l] if l else A[0], hidden)
    return delta

# %% all_deltas | K4 | g' in Step 1 too
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    d = A[N] - Y
    if output != "identity":
        d = d * A[N] * (1 - A[N])
    delta = {N: d}
    for l in range(N - 1, 0, -1):
        delta[l] = hidden_delta(W[l + 1], delta[l + 1], Z[l], hidden)
    return delta

# %% all_deltas | - | the hidden slope at the output
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: (A[N] - Y) * g_prime(hidden, Z[N])}
    for l in range(N - 1, 0, -1):
        delta[l] = hidden_delta(W[l + 1], delta[l + 1], Z[l], hidden)
    return delta

# %% all_deltas | K5 | Y - A
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: Y - A[N]}
    for l in range(N - 1, 0, -1):
        delta[l] = hidden_delta(W[l + 1], delta[l + 1], Z[l], hidden)
    return delta

# %% all_deltas | - | delta[N] pulled through every time
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: A[N] - Y}
    for l in range(N - 1, 0, -1):
        try:
            delta[l] = hidden_delta(W[l + 1], delta[N], Z[l], hidden)
        except ValueError:
            delta[l] = np.zeros(Z[l].shape)
    return delta

# %% all_deltas | K20 K35 | W stepped on the way
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: A[N] - Y}
    for l in range(N - 1, 0, -1):
        W[l + 1] -= 0.1 * delta[l + 1] @ A[l].T
        delta[l] = hidden_delta(W[l + 1], delta[l + 1], Z[l], hidden)
    return delta

# %% all_deltas | K39 | 1/m in Step 1
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: (A[N] - Y) / Y.shape[1]}
    for l in range(N - 1, 0, -1):
        delta[l] = hidden_delta(W[l + 1], delta[l + 1], Z[l], hidden)
    return delta

# %% all_deltas | K18 | g' twice
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: A[N] - Y}
    for l in range(N - 1, 0, -1):
        delta[l] = hidden_delta(W[l + 1], delta[l + 1], Z[l], hidden) * g_prime(hidden, Z[l])
    return delta

# %% all_deltas | K1 | the slope by y_hat
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    d = A[N] - Y
    if output == "sigmoid":
        d = d / (A[N] * (1 - A[N]))
    elif output == "softmax":
        d = -Y / A[N]
    delta = {N: d}
    for l in range(N - 1, 0, -1):
        delta[l] = hidden_delta(W[l + 1], delta[l + 1], Z[l], hidden)
    return delta

# %% all_deltas | K5+K13 | Y - A and no slope
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: Y - A[N]}
    for l in range(N - 1, 0, -1):
        delta[l] = W[l + 1].T @ delta[l + 1]
    return delta

# %% all_deltas | - | all activations made anew
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: A[N] - Y}
    a = A[0]
    Z2 = {}
    for l in range(1, N + 1):
        shift = (Z[l] - W[l] @ A[l - 1]).mean(axis=1, keepdims=True)
        Z2[l] = W[l] @ a + shift
        a = np.tanh(Z2[l]) if hidden == "tanh" else np.maximum(Z2[l], 0) if hidden == "relu" else 1 / (1 + np.exp(-Z2[l]))
    for l in range(N - 1, 0, -1):
        delta[l] = hidden_delta(W[l + 1], delta[l + 1], Z2[l], hidden)
    return delta

# %% residual_delta | - | the shortcut forgotten
def residual_delta(W, z, delta_a):
    dz = delta_a * (1 - np.tanh(z) ** 2)
    return dz, W.T @ dz

# %% residual_delta | - | the shortcut alone
def residual_delta(W, z, delta_a):
    dz = delta_a * (1 - np.tanh(z) ** 2)
    return dz, delta_a.copy()

# %% residual_delta | K10 | W not transposed
def residual_delta(W, z, delta_a):
    dz = delta_a * (1 - np.tanh(z) ** 2)
    return dz, W @ dz + delta_a

# %% residual_delta | K13 | no slope
def residual_delta(W, z, delta_a):
    return delta_a.copy(), W.T @ delta_a + delta_a

# %% residual_delta | - | the slope over the shortcut too
def residual_delta(W, z, delta_a):
    s = 1 - np.tanh(z) ** 2
    return delta_a * s, (W.T @ delta_a + delta_a) * s

# %% residual_delta | - | z for tanh(z)
def residual_delta(W, z, delta_a):
    dz = delta_a * (1 - z**2)
    return dz, W.T @ dz + delta_a

# %% residual_delta | - | delta_z on the shortcut
def residual_delta(W, z, delta_a):
    dz = delta_a * (1 - np.tanh(z) ** 2)
    return dz, W.T @ dz + dz

# %% residual_delta | - | the pair turned round
def residual_delta(W, z, delta_a):
    dz = delta_a * (1 - np.tanh(z) ** 2)
    return W.T @ dz + delta_a, dz
