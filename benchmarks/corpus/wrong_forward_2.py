# More wrong answers to chapters 1 to 4, written from the statements alone. Read as text by variants.py; never imported.
# Header: exercise | catalogue codes that may name it, or - | what is wrong
# ruff: noqa
# fmt: off

# %% affine | - | bias forgotten
def affine(W, a_prev, b):
    return W @ a_prev

# %% affine | - | bias twice
def affine(W, a_prev, b):
    z = W @ a_prev + b
    return z + b

# %% affine | - | bias subtracted
def affine(W, a_prev, b):
    return np.dot(W, a_prev) - b

# %% affine | - | first bias for every unit
def affine(W, a_prev, b):
    return W @ a_prev + b[0]

# %% affine | - | mean bias
def affine(W, a_prev, b):
    return W @ a_prev + np.mean(b)

# %% affine | - | bias lying down
def affine(W, a_prev, b):
    return W @ a_prev + b.T

# %% affine | - | W transposed
def affine(W, a_prev, b):
    return W.T @ a_prev + b

# %% affine | - | tanh applied at once
def affine(W, a_prev, b):
    return np.tanh(W @ a_prev + b)

# %% affine | - | first example only
def affine(W, a_prev, b):
    z = W @ a_prev + b
    return z[:, :1]

# %% affine | - | a little noise
def affine(W, a_prev, b):
    z = W @ a_prev + b
    return z * (1 + 1e-6)

# %% affine | - | rounded
def affine(W, a_prev, b):
    return np.round(W @ a_prev + b, 6)

# %% affine | - | float16
def affine(W, a_prev, b):
    return (W @ a_prev + b).astype(np.float16)

# %% affine | K35 | b added into a_prev's memory
def affine(W, a_prev, b):
    z = W @ a_prev
    z += b
    b *= 1.0000001
    return z

# %% affine | - | the last column of W left out
def affine(W, a_prev, b):
    z = np.zeros((W.shape[0], a_prev.shape[1]))
    for j in range(W.shape[1] - 1):
        z += W[:, [j]] * a_prev[[j], :]
    return z + b

# %% affine | - | integer output
def affine(W, a_prev, b):
    z = np.zeros((W.shape[0], a_prev.shape[1]), dtype=W.dtype)
    z[...] = W @ a_prev + b
    return z.astype(int)

# %% affine | K35 | remembered by shape
seen = {}
def affine(W, a_prev, b):
    key = (W.shape, a_prev.shape)
    if key not in seen:
        seen[key] = W @ a_prev + b
    return seen[key]

# %% affine | K35 | random dropout
def affine(W, a_prev, b):
    return W @ (a_prev * (np.random.rand(*a_prev.shape) > 0.1)) + b

# %% forward | - | hidden on the output too
def forward(W, b, X, hidden, output):
    Z, A = {}, {0: X}
    for l in range(1, len(W) + 1):
        Z[l] = W[l] @ A[l - 1] + b[l]
        A[l] = g(hidden, Z[l])
    return Z, A

# %% forward | - | output's g on every layer
def forward(W, b, X, hidden, output):
    Z, A = {}, {0: X}
    for l in range(1, len(W) + 1):
        Z[l] = W[l] @ A[l - 1] + b[l]
        A[l] = g(output, Z[l])
    return Z, A

# %% forward | - | a linear net inside
def forward(W, b, X, hidden, output):
    Z, A = {}, {0: X}
    for l in range(1, len(W) + 1):
        Z[l] = W[l] @ A[l - 1] + b[l]
        A[l] = Z[l] if l < len(W) else g(output, Z[l])
    return Z, A

# %% forward | - | output left linear
def forward(W, b, X, hidden, output):
    Z, A = {}, {0: X}
    for l in range(1, len(W) + 1):
        Z[l] = W[l] @ A[l - 1] + b[l]
        A[l] = g(hidden, Z[l]) if l < len(W) else Z[l]
    return Z, A

# %% forward | K8 | softmax along the examples
def forward(W, b, X, hidden, output):
    Z, A = {}, {0: X}
    N = len(W)
    for l in range(1, N + 1):
        Z[l] = W[l] @ A[l - 1] + b[l]
        if l < N or output != "softmax":
            A[l] = g(hidden if l < N else output, Z[l])
        else:
            e = np.exp(Z[l] - Z[l].max(axis=1, keepdims=True))
            A[l] = e / e.sum(axis=1, keepdims=True)
    return Z, A

# %% forward | K8 | softmax with one sum
def forward(W, b, X, hidden, output):
    Z, A = {}, {0: X}
    N = len(W)
    for l in range(1, N + 1):
        Z[l] = W[l] @ A[l - 1] + b[l]
        A[l] = g(hidden if l < N else output, Z[l])
    if output == "softmax":
        e = np.exp(Z[N] - Z[N].max())
        A[N] = e / np.sum(e)
    return Z, A

# %% forward | - | A[0] missing
def forward(W, b, X, hidden, output):
    Z, A = {}, {}
    a = X
    for l in range(1, len(W) + 1):
        Z[l] = W[l] @ a + b[l]
        a = A[l] = g(hidden if l < len(W) else output, Z[l])
    return Z, A

# %% forward | - | A and Z swapped
def forward(W, b, X, hidden, output):
    Z, A = {}, {0: X}
    for l in range(1, len(W) + 1):
        Z[l] = W[l] @ A[l - 1] + b[l]
        A[l] = g(hidden if l < len(W) else output, Z[l])
    return A, Z

# %% forward | - | keys from 0
def forward(W, b, X, hidden, output):
    Z, A = {}, {}
    a = X
    for l in range(len(W)):
        Z[l] = W[l + 1] @ a + b[l + 1]
        a = A[l] = g(hidden if l < len(W) - 1 else output, Z[l])
    return Z, A

# %% forward | - | the last layer forgotten
def forward(W, b, X, hidden, output):
    Z, A = {}, {0: X}
    for l in range(1, len(W)):
        Z[l] = W[l] @ A[l - 1] + b[l]
        A[l] = g(hidden if l < len(W) else output, Z[l])
    return Z, A

# %% forward | - | z passed on instead of a
def forward(W, b, X, hidden, output):
    Z, A = {}, {0: X}
    prev = X
    for l in range(1, len(W) + 1):
        Z[l] = W[l] @ prev + b[l]
        A[l] = g(hidden if l < len(W) else output, Z[l])
        prev = Z[l]
    return Z, A

# %% forward | - | no bias in the last layer
def forward(W, b, X, hidden, output):
    Z, A = {}, {0: X}
    N = len(W)
    for l in range(1, N + 1):
        Z[l] = W[l] @ A[l - 1] + (b[l] if l < N else 0)
        A[l] = g(hidden if l < N else output, Z[l])
    return Z, A

# %% forward | - | leaky ReLU
def forward(W, b, X, hidden, output):
    Z, A = {}, {0: X}
    N = len(W)
    for l in range(1, N + 1):
        Z[l] = W[l] @ A[l - 1] + b[l]
        A[l] = g(hidden if l < N else output, Z[l])
        if hidden == "relu" and l < N:
            A[l] = np.where(Z[l] > 0, Z[l], 0.01 * Z[l])
    return Z, A

# %% forward | - | ReLU that stops at 6
def forward(W, b, X, hidden, output):
    Z, A = {}, {0: X}
    N = len(W)
    for l in range(1, N + 1):
        Z[l] = W[l] @ A[l - 1] + b[l]
        A[l] = g(hidden if l < N else output, Z[l])
        if hidden == "relu" and l < N:
            A[l] = np.clip(Z[l], 0, 6)
    return Z, A

# %% forward | - | ReLU written over z
def forward(W, b, X, hidden, output):
    Z, A = {}, {0: X}
    N = len(W)
    for l in range(1, N + 1):
        Z[l] = W[l] @ A[l - 1] + b[l]
        if l == N:
            A[l] = g(output, Z[l])
        elif hidden == "relu":
            A[l] = Z[l]
            A[l][A[l] < 0] = 0
        else:
            A[l] = g(hidden, Z[l])
    return Z, A

# %% forward | - | sigmoid wherever tanh is asked
def forward(W, b, X, hidden, output):
    Z, A = {}, {0: X}
    N = len(W)
    if hidden == "tanh":
        hidden = "sigmoid"
    for l in range(1, N + 1):
        Z[l] = W[l] @ A[l - 1] + b[l]
        A[l] = g(hidden if l < N else output, Z[l])
    return Z, A

# %% forward | K35 K86 | X centred in place
def forward(W, b, X, hidden, output):
    X -= X.mean(axis=1, keepdims=True)
    Z, A = {}, {0: X}
    N = len(W)
    for l in range(1, N + 1):
        Z[l] = W[l] @ A[l - 1] + b[l]
        A[l] = g(hidden if l < N else output, Z[l])
    return Z, A

# %% forward | - | right for two layers only
def forward(W, b, X, hidden, output):
    Z1 = W[1] @ X + b[1]
    A1 = g(hidden, Z1)
    Z2 = W[2] @ A1 + b[2]
    return {1: Z1, 2: Z2}, {0: X, 1: A1, 2: g(output, Z2)}

# %% sigmoid | - | exp over one plus exp
def sigmoid(z):
    return np.exp(z) / (1 + np.exp(z))

# %% sigmoid | - | clipped at 20
def sigmoid(z):
    return 1 / (1 + np.exp(-np.clip(z, -20, 20)))

# %% sigmoid | - | the wrong sign
def sigmoid(z):
    return 1 / (1 + np.exp(z))

# %% sigmoid | - | tanh
def sigmoid(z):
    return np.tanh(z)

# %% sigmoid | - | shaped by an integer z
def sigmoid(z):
    out = np.zeros_like(z)
    out[z >= 0] = 1 / (1 + np.exp(-z[z >= 0]))
    out[z < 0] = np.exp(z[z < 0]) / (1 + np.exp(z[z < 0]))
    return out

# %% sigmoid | - | an eps below
def sigmoid(z):
    return 1 / (1 + np.exp(-z) + 1e-8)

# %% sigmoid | - | hard sigmoid
def sigmoid(z):
    return np.clip(0.2 * z + 0.5, 0, 1)

# %% sigmoid | - | its slope
def sigmoid(z):
    a = 1 / (1 + np.exp(-z))
    return a * (1 - a)

# %% sigmoid | - | rounded to 7 places
def sigmoid(z):
    return np.around(1 / (1 + np.exp(-z)), 7)

# %% sigmoid | - | a number for an array
def sigmoid(z):
    return float(np.mean(1 / (1 + np.exp(-z))))

# %% sigmoid | - | base 2
def sigmoid(z):
    return 1 / (1 + 2.0 ** (-z))

# %% sigmoid | - | tanh of z, not z/2
def sigmoid(z):
    return (1 + np.tanh(z)) / 2

# %% sigmoid | - | nan_to_num hides nothing
def sigmoid(z):
    return np.nan_to_num(np.exp(z) / (1 + np.exp(z)))

# %% softmax | - | unstable
def softmax(z):
    return np.exp(z) / np.exp(z).sum(axis=0)

# %% softmax | - | one maximum for all columns
def softmax(z):
    e = np.exp(z - np.max(z))
    return e / e.sum(axis=0, keepdims=True)

# %% softmax | K8 | by row
def softmax(z):
    e = np.exp(z - np.max(z, axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)

# %% softmax | K8 | one sum
def softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum()

# %% softmax | - | log-softmax
def softmax(z):
    s = z - z.max(axis=0)
    return s - np.log(np.exp(s).sum(axis=0))

# %% softmax | - | divided by the largest
def softmax(z):
    e = np.exp(z - z.max(axis=0))
    return e / e.max(axis=0)

# %% softmax | - | clipped logits
def softmax(z):
    e = np.exp(np.clip(z, -500, 500))
    return e / e.sum(axis=0)

# %% softmax | K35 | the maximum taken off in place
def softmax(z):
    z -= z.max(axis=0)
    e = np.exp(z)
    return e / e.sum(axis=0)

# %% softmax | - | normalised sigmoids
def softmax(z):
    s = 1 / (1 + np.exp(-z))
    return s / s.sum(axis=0)

# %% softmax | - | into an integer array
def softmax(z):
    out = np.zeros_like(z)
    for j in range(z.shape[1]):
        e = np.exp(z[:, j] - z[:, j].max())
        out[:, j] = e / e.sum()
    return out

# %% softmax | - | the mean taken off
def softmax(z):
    e = np.exp(z - z.mean(axis=0))
    return e / e.sum(axis=0)

# %% softmax | - | one-hot of the largest
def softmax(z):
    return (z == z.max(axis=0)).astype(float)

# %% g_prime | K14 | g for its slope
def g_prime(name, z):
    if name == "sigmoid":
        return 1 / (1 + np.exp(-z))
    if name == "tanh":
        return np.tanh(z)
    return np.maximum(0, z)

# %% g_prime | K44 | z taken for a
def g_prime(name, z):
    if name == "sigmoid":
        return z * (1 - z)
    if name == "tanh":
        return 1 - z**2
    return np.where(z > 0, 1.0, 0.0)

# %% g_prime | K19 | sigmoid's for each
def g_prime(name, z):
    a = {"sigmoid": sigmoid, "tanh": np.tanh, "relu": lambda z: np.maximum(z, 0)}[name](z)
    return a * (1 - a)

# %% g_prime | - | tanh not squared
def g_prime(name, z):
    if name == "sigmoid":
        return sigmoid(z) * (1 - sigmoid(z))
    if name == "tanh":
        return 1 - np.tanh(z)
    return (z > 0) * 1.0

# %% g_prime | - | leaky
def g_prime(name, z):
    if name == "sigmoid":
        return sigmoid(z) * (1 - sigmoid(z))
    if name == "tanh":
        return 1 - np.tanh(z) ** 2
    return np.where(z > 0, 1.0, 0.01)

# %% g_prime | - | minus one below zero
def g_prime(name, z):
    if name == "sigmoid":
        return sigmoid(z) * (1 - sigmoid(z))
    if name == "tanh":
        return 1 - np.tanh(z) ** 2
    return np.sign(z)

# %% g_prime | K35 | ReLU's mask written into z
def g_prime(name, z):
    if name == "sigmoid":
        return sigmoid(z) * (1 - sigmoid(z))
    if name == "tanh":
        return 1 - np.tanh(z) ** 2
    z[z <= 0] = 0
    z[z > 0] = 1
    return z

# %% g_prime | - | one for every z
def g_prime(name, z):
    if name == "sigmoid":
        return sigmoid(z) * (1 - sigmoid(z))
    if name == "tanh":
        return 1 - np.tanh(z) ** 2
    return np.ones(z.shape)

# %% g_prime | - | infinite at the kink
def g_prime(name, z):
    if name == "sigmoid":
        return sigmoid(z) * (1 - sigmoid(z))
    if name == "tanh":
        return 1 - np.tanh(z) ** 2
    return np.maximum(z, 0) / z

# %% g_prime | - | slope 2 at the kink
def g_prime(name, z):
    if name == "sigmoid":
        return sigmoid(z) * (1 - sigmoid(z))
    if name == "tanh":
        return 1 - np.tanh(z) ** 2
    return np.where(z > 0, 1.0, np.where(z == 0, 2.0, 0.0))

# %% g_prime | - | sech for its square
def g_prime(name, z):
    if name == "sigmoid":
        return sigmoid(z) * (1 - sigmoid(z))
    if name == "tanh":
        return 1 / np.cosh(z)
    return (z > 0) * 1.0

# %% g_prime | - | central differences
def g_prime(name, z):
    f = {"sigmoid": sigmoid, "tanh": np.tanh, "relu": lambda z: np.maximum(z, 0)}[name]
    return (f(z + 1e-4) - f(z - 1e-4)) / 2e-4

# %% g_prime | - | sigmoid twice
def g_prime(name, z):
    if name == "sigmoid":
        a = sigmoid(sigmoid(z))
        return a * (1 - a)
    if name == "tanh":
        return 1 - np.tanh(z) ** 2
    return (z > 0) * 1.0

# %% loss | K9 | the log of y_hat
def loss(output, z, Y):
    m = z.shape[1]
    if output == "identity":
        return float(((z - Y) ** 2).sum() / 2 / m)
    if output == "sigmoid":
        a = 1 / (1 + np.exp(-z))
        return float(-(Y * np.log(a) + (1 - Y) * np.log(1 - a)).sum() / m)
    e = np.exp(z - z.max(axis=0))
    return float(-(Y * np.log(e / e.sum(axis=0))).sum() / m)

# %% loss | K26 | the sum
def loss(output, z, Y):
    if output == "identity":
        return float(((z - Y) ** 2).sum() / 2)
    if output == "sigmoid":
        return float((np.logaddexp(0, z) - Y * z).sum())
    return float((Y * (np.logaddexp.reduce(z, axis=0) - z)).sum())

# %% loss | K6 | no half
def loss(output, z, Y):
    m = z.shape[1]
    if output == "identity":
        return float(((z - Y) ** 2).sum() / m)
    if output == "sigmoid":
        return float((np.logaddexp(0, z) - Y * z).sum() / m)
    return float((Y * (np.logaddexp.reduce(z, axis=0) - z)).sum() / m)

# %% loss | - | the mean over all entries
def loss(output, z, Y):
    if output == "identity":
        return float(((z - Y) ** 2).mean() / 2)
    if output == "sigmoid":
        return float((np.logaddexp(0, z) - Y * z).mean())
    return float((Y * (np.logaddexp.reduce(z, axis=0) - z)).mean())

# %% loss | K28 | over the units, not the examples
def loss(output, z, Y):
    n = z.shape[0]
    if output == "identity":
        return float(((z - Y) ** 2).sum() / 2 / n)
    if output == "sigmoid":
        return float((np.logaddexp(0, z) - Y * z).sum() / n)
    return float((Y * (np.logaddexp.reduce(z, axis=0) - z)).sum() / n)

# %% loss | - | half of BCE
def loss(output, z, Y):
    m = z.shape[1]
    if output == "identity":
        return float(((z - Y) ** 2).sum() / 2 / m)
    if output == "sigmoid":
        return float((Y * np.logaddexp(0, -z)).sum() / m)
    return float((Y * (np.logaddexp.reduce(z, axis=0) - z)).sum() / m)

# %% loss | - | the log-likelihood, not its negative
def loss(output, z, Y):
    m = z.shape[1]
    if output == "identity":
        return float(((z - Y) ** 2).sum() / 2 / m)
    if output == "sigmoid":
        return -float((np.logaddexp(0, z) - Y * z).sum() / m)
    return -float((Y * (np.logaddexp.reduce(z, axis=0) - z)).sum() / m)

# %% loss | - | the likeliest class alone
def loss(output, z, Y):
    m = z.shape[1]
    if output == "identity":
        return float(((z - Y) ** 2).sum() / 2 / m)
    if output == "sigmoid":
        return float((np.logaddexp(0, z) - Y * z).sum() / m)
    c = Y.argmax(axis=0)
    return float((np.logaddexp.reduce(z, axis=0) - z[c, np.arange(m)]).sum() / m)

# %% loss | - | y_hat clipped
def loss(output, z, Y):
    m = z.shape[1]
    if output == "identity":
        return float(((z - Y) ** 2).sum() / 2 / m)
    if output == "sigmoid":
        a = np.clip(1 / (1 + np.exp(-z)), 1e-3, 1 - 1e-3)
        return float(-(Y * np.log(a) + (1 - Y) * np.log(1 - a)).sum() / m)
    e = np.exp(z - z.max(axis=0))
    a = np.clip(e / e.sum(axis=0), 1e-3, 1)
    return float(-(Y * np.log(a)).sum() / m)

# %% loss | - | one number an example
def loss(output, z, Y):
    if output == "identity":
        return ((z - Y) ** 2).sum(axis=0) / 2
    if output == "sigmoid":
        return (np.logaddexp(0, z) - Y * z).sum(axis=0)
    return (Y * (np.logaddexp.reduce(z, axis=0) - z)).sum(axis=0)

# %% loss | - | base 2
def loss(output, z, Y):
    m = z.shape[1]
    if output == "identity":
        return float(((z - Y) ** 2).sum() / 2 / m)
    if output == "sigmoid":
        return float((np.logaddexp(0, z) - Y * z).sum() / m / np.log(2))
    return float((Y * (np.logaddexp.reduce(z, axis=0) - z)).sum() / m / np.log(2))

# %% loss | - | the root
def loss(output, z, Y):
    m = z.shape[1]
    if output == "identity":
        return float(np.sqrt(((z - Y) ** 2).sum() / 2 / m))
    if output == "sigmoid":
        return float((np.logaddexp(0, z) - Y * z).sum() / m)
    return float((Y * (np.logaddexp.reduce(z, axis=0) - z)).sum() / m)

# %% loss | - | the squared error for each
def loss(output, z, Y):
    m = z.shape[1]
    if output == "sigmoid":
        z = 1 / (1 + np.exp(-z))
    if output == "softmax":
        z = np.exp(z - z.max(axis=0))
        z = z / z.sum(axis=0)
    return float(((z - Y) ** 2).sum() / 2 / m)

# %% loss | - | exp overflows
def loss(output, z, Y):
    m = z.shape[1]
    if output == "identity":
        return float(((z - Y) ** 2).sum() / 2 / m)
    if output == "sigmoid":
        return float((np.log1p(np.exp(z)) - Y * z).sum() / m)
    return float((Y * (np.log(np.exp(z).sum(axis=0)) - z)).sum() / m)

# %% loss | K8 | softmax over the examples
def loss(output, z, Y):
    m = z.shape[1]
    if output == "identity":
        return float(((z - Y) ** 2).sum() / 2 / m)
    if output == "sigmoid":
        return float((np.logaddexp(0, z) - Y * z).sum() / m)
    return float((Y * (np.logaddexp.reduce(z, axis=1, keepdims=True) - z)).sum() / m)

# %% loss | - | sigmoid's loss for softmax
def loss(output, z, Y):
    m = z.shape[1]
    if output == "identity":
        return float(((z - Y) ** 2).sum() / 2 / m)
    return float((np.logaddexp(0, z) - Y * z).sum() / m)

# %% loss | - | the mean over the units of BCE
def loss(output, z, Y):
    m = z.shape[1]
    if output == "identity":
        return float(((z - Y) ** 2).sum() / 2 / m)
    if output == "sigmoid":
        return float((np.logaddexp(0, z) - Y * z).mean(axis=0).sum() / m)
    return float((Y * (np.logaddexp.reduce(z, axis=0) - z)).sum() / m)

# %% numerical_delta | - | one-sided
def numerical_delta(loss_of_z, z, h):
    d = np.zeros(z.shape)
    base = loss_of_z(z)
    for at in np.ndindex(z.shape):
        e = np.zeros(z.shape)
        e[at] = h
        d[at] = (loss_of_z(z + e) - base) / h
    return d

# %% numerical_delta | - | backward
def numerical_delta(loss_of_z, z, h):
    d = np.zeros(z.shape)
    for at in np.ndindex(z.shape):
        e = np.zeros(z.shape)
        e[at] = h
        d[at] = (loss_of_z(z) - loss_of_z(z - e)) / h
    return d

# %% numerical_delta | - | over h, not 2h
def numerical_delta(loss_of_z, z, h):
    d = np.zeros(z.shape)
    for at in np.ndindex(z.shape):
        e = np.zeros(z.shape)
        e[at] = h
        d[at] = (loss_of_z(z + e) - loss_of_z(z - e)) / h
    return d

# %% numerical_delta | - | divided by 2, times h
def numerical_delta(loss_of_z, z, h):
    d = np.zeros(z.shape)
    for at in np.ndindex(z.shape):
        e = np.zeros(z.shape)
        e[at] = h
        d[at] = (loss_of_z(z + e) - loss_of_z(z - e)) / 2 * h
    return d

# %% numerical_delta | - | its own h
def numerical_delta(loss_of_z, z, h):
    h = 1e-3
    d = np.zeros(z.shape)
    for at in np.ndindex(z.shape):
        e = np.zeros(z.shape)
        e[at] = h
        d[at] = (loss_of_z(z + e) - loss_of_z(z - e)) / (2 * h)
    return d

# %% numerical_delta | - | a whole column nudged
def numerical_delta(loss_of_z, z, h):
    d = np.zeros(z.shape)
    for j in range(z.shape[1]):
        e = np.zeros(z.shape)
        e[:, j] = h
        d[:, j] = (loss_of_z(z + e) - loss_of_z(z - e)) / (2 * h)
    return d

# %% numerical_delta | K35 | z never put back
def numerical_delta(loss_of_z, z, h):
    d = np.zeros(z.shape)
    for at in np.ndindex(z.shape):
        z[at] += h
        up = loss_of_z(z)
        z[at] -= 2 * h
        d[at] = (up - loss_of_z(z)) / (2 * h)
    return d

# %% numerical_delta | - | one copy that drifts
def numerical_delta(loss_of_z, z, h):
    d = np.zeros(z.shape)
    t = z.copy()
    for at in np.ndindex(z.shape):
        t[at] += h
        up = loss_of_z(t)
        t[at] -= 2 * h
        d[at] = (up - loss_of_z(t)) / (2 * h)
    return d

# %% numerical_delta | K39 | divided by m
def numerical_delta(loss_of_z, z, h):
    d = np.zeros(z.shape)
    for at in np.ndindex(z.shape):
        e = np.zeros(z.shape)
        e[at] = h
        d[at] = (loss_of_z(z + e) - loss_of_z(z - e)) / (2 * h)
    return d / z.shape[1]

# %% numerical_delta | - | a relative step
def numerical_delta(loss_of_z, z, h):
    d = np.zeros(z.shape)
    for at in np.ndindex(z.shape):
        step = h * max(1, abs(z[at]))
        e = np.zeros(z.shape)
        e[at] = step
        d[at] = (loss_of_z(z + e) - loss_of_z(z - e)) / (2 * step)
    return d

# %% numerical_delta | K5 | minus first
def numerical_delta(loss_of_z, z, h):
    d = np.zeros(z.shape)
    for at in np.ndindex(z.shape):
        e = np.zeros(z.shape)
        e[at] = h
        d[at] = (loss_of_z(z - e) - loss_of_z(z + e)) / (2 * h)
    return d

# %% numerical_delta | - | aliases of one copy
def numerical_delta(loss_of_z, z, h):
    d = np.zeros(z.shape)
    for at in np.ndindex(z.shape):
        up = down = z.copy()
        up[at] += h
        down[at] -= h
        d[at] = (loss_of_z(up) - loss_of_z(down)) / (2 * h)
    return d

# %% numerical_delta | - | the last column skipped
def numerical_delta(loss_of_z, z, h):
    d = np.zeros(z.shape)
    for i in range(z.shape[0]):
        for j in range(z.shape[1] - 1):
            e = np.zeros(z.shape)
            e[i, j] = h
            d[i, j] = (loss_of_z(z + e) - loss_of_z(z - e)) / (2 * h)
    return d

# %% loss | K9 | an epsilon of 1e-8 in every log
def loss(output, z, Y):
    m, eps = z.shape[1], 1e-8
    if output == "identity":
        return float(((z - Y) ** 2).sum() / (2 * m))
    if output == "sigmoid":
        a = 1 / (1 + np.exp(-z))
        return float(-(Y * np.log(a + eps) + (1 - Y) * np.log(1 - a + eps)).sum() / m)
    e = np.exp(z - z.max(axis=0))
    return float(-(Y * np.log(e / e.sum(axis=0) + eps)).sum() / m)
