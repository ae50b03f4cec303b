# Wrong answers to chapters 1 to 4, as students write them. Read as text by variants.py; never imported.
# Header: exercise | catalogue codes that may name it, or - | what is wrong
# ruff: noqa
# fmt: off

# %% affine | - | the bias is forgotten
def affine(W, a_prev, b):
    return W @ a_prev

# %% affine | - | the bias is taken off
def affine(W, a_prev, b):
    return np.dot(W, a_prev) - b

# %% affine | - | examples in rows
def affine(W, a_prev, b):
    return a_prev @ W + b

# %% affine | - | W transposed
def affine(W, a_prev, b):
    return W.T @ a_prev + b

# %% affine | - | the bias summed over the units
def affine(W, a_prev, b):
    return W @ a_prev + np.sum(b)

# %% affine | - | the bias added before the product
def affine(W, a_prev, b):
    z = np.zeros((W.shape[0], a_prev.shape[1]))
    for i in range(W.shape[0]):
        for j in range(a_prev.shape[1]):
            for k in range(W.shape[1]):
                z[i, j] += W[i, k] * (a_prev[k, j] + b[i, 0])
    return z

# %% affine | - | the bias of the first unit for everyone
def affine(W, a_prev, b):
    return W @ a_prev + b[0]

# %% affine | - | only the first example
def affine(W, a_prev, b):
    return W @ a_prev[:, :1] + b

# %% affine | - | the last input left out of the sum
def affine(W, a_prev, b):
    out = b + np.zeros((b.shape[0], a_prev.shape[1]))
    for k in range(W.shape[1] - 1):
        out = out + np.outer(W[:, k], a_prev[k])
    return out

# %% affine | K35 | the bias added into b itself
def affine(W, a_prev, b):
    W *= 2
    z = W @ a_prev / 2 + b
    return z

# %% forward | - | hidden nonlinearity at the output too
def forward(W, b, X, hidden, output):
    A = {0: X}
    Z = {}
    for l in W:
        Z[l] = W[l] @ A[l-1] + b[l]
        A[l] = g(hidden, Z[l])
    return Z, A

# %% forward | - | the output's nonlinearity everywhere
def forward(W, b, X, hidden, output):
    A = {0: X}
    Z = {}
    for l in W:
        Z[l] = W[l] @ A[l-1] + b[l]
        A[l] = g(output, Z[l])
    return Z, A

# %% forward | - | no nonlinearity at the output
def forward(W, b, X, hidden, output):
    L = len(W)
    A, Z = {0: X}, {}
    for l in range(1, L + 1):
        Z[l] = W[l] @ A[l-1] + b[l]
        A[l] = g(hidden, Z[l]) if l < L else Z[l]
    return Z, A

# %% forward | - | A without layer 0
def forward(W, b, X, hidden, output):
    L = len(W)
    a = X
    Z, A = {}, {}
    for l in range(1, L + 1):
        Z[l] = W[l] @ a + b[l]
        a = g(hidden if l < L else output, Z[l])
        A[l] = a
    return Z, A

# %% forward | - | keys from 0
def forward(W, b, X, hidden, output):
    L = len(W)
    a = X
    Z, A = {}, {0: X}
    for l in range(L):
        Z[l] = W[l + 1] @ a + b[l + 1]
        a = g(hidden if l < L - 1 else output, Z[l])
        A[l + 1] = a
    return Z, A

# %% forward | - | (A, Z) for (Z, A)
def forward(W, b, X, hidden, output):
    L = len(W)
    Z, A = {}, {0: X}
    for l in range(1, L + 1):
        Z[l] = affine(W[l], A[l-1], b[l])
        A[l] = g(hidden if l < L else output, Z[l])
    return A, Z

# %% forward | - | the last layer is never computed
def forward(W, b, X, hidden, output):
    L = len(W)
    Z, A = {}, {0: X}
    for l in range(1, L):
        Z[l] = affine(W[l], A[l-1], b[l])
        A[l] = g(hidden, Z[l])
    return Z, A

# %% forward | - | Z holds a
def forward(W, b, X, hidden, output):
    L = len(W)
    Z, A = {}, {0: X}
    for l in range(1, L + 1):
        Z[l] = affine(W[l], A[l-1], b[l])
        Z[l] = g(hidden if l < L else output, Z[l])
        A[l] = Z[l]
    return Z, A

# %% forward | - | z handed on instead of a
def forward(W, b, X, hidden, output):
    L = len(W)
    Z, A = {0: X}, {0: X}
    for l in range(1, L + 1):
        Z[l] = affine(W[l], Z[l-1], b[l])
        A[l] = g(hidden if l < L else output, Z[l])
    del Z[0]
    return Z, A

# %% forward | - | the bias after the nonlinearity
def forward(W, b, X, hidden, output):
    L = len(W)
    Z, A = {}, {0: X}
    for l in range(1, L + 1):
        Z[l] = W[l] @ A[l-1]
        A[l] = g(hidden if l < L else output, Z[l]) + b[l]
    return Z, A

# %% forward | - | lists for dicts
def forward(W, b, X, hidden, output):
    L = len(W)
    Z, A = [], [X]
    for l in range(1, L + 1):
        Z.append(affine(W[l], A[l-1], b[l]))
        A.append(g(hidden if l < L else output, Z[-1]))
    return Z, A

# %% forward | K8 | an own softmax with one sum for all examples
def forward(W, b, X, hidden, output):
    L = len(W)
    Z, A = {}, {0: X}
    for l in range(1, L + 1):
        Z[l] = affine(W[l], A[l-1], b[l])
        if l == L and output == "softmax":
            e = np.exp(Z[l] - Z[l].max())
            A[l] = e / e.sum()
        else:
            A[l] = g(hidden if l < L else output, Z[l])
    return Z, A

# %% forward | - | tanh in every hidden layer
def forward(W, b, X, hidden, output):
    L = len(W)
    Z, A = {}, {0: X}
    for l in range(1, L + 1):
        Z[l] = affine(W[l], A[l-1], b[l])
        A[l] = g(output, Z[l]) if l == L else np.tanh(Z[l])
    return Z, A

# %% forward | - | the input is standardised on the way
def forward(W, b, X, hidden, output):
    L = len(W)
    Z, A = {}, {0: (X - X.mean()) / (X.std() + 1e-8)}
    for l in range(1, L + 1):
        Z[l] = affine(W[l], A[l-1], b[l])
        A[l] = g(output if l == L else hidden, Z[l])
    return Z, A

# %% sigmoid | - | the sign of z
def sigmoid(z):
    return 1 / (1 + np.exp(z))

# %% sigmoid | - | exp(z)/(1+exp(z)) is NaN at 1000
def sigmoid(z):
    return np.exp(z) / (1 + np.exp(z))

# %% sigmoid | - | tanh
def sigmoid(z):
    return np.tanh(z)

# %% sigmoid | - | precedence
def sigmoid(z):
    return 1 / 1 + np.exp(-z)

# %% sigmoid | - | the stable half for both signs
def sigmoid(z):
    return 1 / (1 + np.exp(-np.abs(z)))

# %% sigmoid | - | clipped at 5
def sigmoid(z):
    return 1 / (1 + np.exp(-np.clip(z, -5, 5)))

# %% sigmoid | - | math.exp takes one number
def sigmoid(z):
    import math
    return 1 / (1 + math.exp(-z))

# %% sigmoid | - | rounded for nice output
def sigmoid(z):
    return np.round(1 / (1 + np.exp(-z)), 4)

# %% sigmoid | - | the two halves mixed up
def sigmoid(z):
    out = np.empty(z.shape)
    pos = z >= 0
    e = np.exp(-np.abs(z))
    out[pos] = e[pos] / (1 + e[pos])
    out[~pos] = 1 / (1 + e[~pos])
    return out

# %% sigmoid | - | an integer array to write into
def sigmoid(z):
    out = np.zeros_like(z)
    for i in np.ndindex(z.shape):
        out[i] = 1 / (1 + np.exp(-float(z[i])))
    return out

# %% softmax | - | overflows at 1000
def softmax(z):
    return np.exp(z) / np.sum(np.exp(z), axis=0)

# %% softmax | K8 | by row
def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)

# %% softmax | K8 | one sum for all
def softmax(z):
    e = np.exp(z - np.max(z))
    return e / np.sum(e)

# %% softmax | K8 | column maximum but one sum for all
def softmax(z):
    e = np.exp(z - np.max(z, axis=0))
    return e / e.sum()

# %% softmax | - | one maximum for all columns: 0/0 in the low ones
def softmax(z):
    e = np.exp(z - np.max(z))
    return e / e.sum(axis=0)

# %% softmax | - | the mean for the maximum
def softmax(z):
    e = np.exp(z - z.mean(axis=0))
    return e / e.sum(axis=0)

# %% softmax | - | divided by the largest
def softmax(z):
    e = np.exp(z - z.max(axis=0))
    return e / e.max(axis=0)

# %% softmax | - | an epsilon in the sum
def softmax(z):
    e = np.exp(z - z.max(axis=0))
    return e / (e.sum(axis=0) + 1e-3)

# %% softmax | - | an epsilon of a millionth
def softmax(z):
    e = np.exp(z - z.max(axis=0))
    return e / (e.sum(axis=0) + 1e-6)

# %% softmax | - | sigmoids
def softmax(z):
    return 1 / (1 + np.exp(-z))

# %% softmax | - | log-softmax
def softmax(z):
    z = z - z.max(axis=0)
    return z - np.log(np.exp(z).sum(axis=0))

# %% softmax | - | normalised without exp
def softmax(z):
    p = np.abs(z) + 1e-12
    return p / p.sum(axis=0)

# %% softmax | K35 | the maximum is taken off the argument itself
def softmax(z):
    z -= z.max(axis=0)
    e = np.exp(z)
    return e / e.sum(axis=0)

# %% g_prime | K19 | a(1-a) for every name
def g_prime(name, z):
    a = sigmoid(z)
    return a * (1 - a)

# %% g_prime | K12 | the slope at a, for sigmoid and tanh
def g_prime(name, z):
    if name == "sigmoid":
        a = sigmoid(sigmoid(z))
        return a * (1 - a)
    if name == "tanh":
        return 1 - np.tanh(np.tanh(z)) ** 2
    return (np.maximum(z, 0) > 0) * 1.0

# %% g_prime | - | formulas in a, given z
def g_prime(name, z):
    if name == "sigmoid":
        return z * (1 - z)
    if name == "tanh":
        return 1 - z ** 2
    return (z > 0).astype(float)

# %% g_prime | K14 | the value for the slope
def g_prime(name, z):
    return {"sigmoid": sigmoid, "tanh": np.tanh, "relu": lambda z: np.maximum(0, z)}[name](z)

# %% g_prime | - | tanh without its square
def g_prime(name, z):
    if name == "sigmoid":
        return sigmoid(z) * (1 - sigmoid(z))
    if name == "tanh":
        return 1 - np.tanh(z)
    return (z > 0).astype(float)

# %% g_prime | - | 1 + tanh^2
def g_prime(name, z):
    if name == "sigmoid":
        return sigmoid(z) * (1 - sigmoid(z))
    if name == "tanh":
        return 1 + np.tanh(z) ** 2
    return (z > 0).astype(float)

# %% g_prime | - | sigmoid: a(1+a)
def g_prime(name, z):
    if name == "sigmoid":
        return sigmoid(z) * (1 + sigmoid(z))
    if name == "tanh":
        return 1 - np.tanh(z) ** 2
    return (z > 0).astype(float)

# %% g_prime | - | leaky ReLU
def g_prime(name, z):
    if name == "sigmoid":
        return sigmoid(z) * (1 - sigmoid(z))
    if name == "tanh":
        return 1 - np.tanh(z) ** 2
    return np.where(z > 0, 1, 0.01)

# %% g_prime | - | ReLU's value
def g_prime(name, z):
    if name == "sigmoid":
        return sigmoid(z) * (1 - sigmoid(z))
    if name == "tanh":
        return 1 - np.tanh(z) ** 2
    return np.maximum(z, 0)

# %% g_prime | - | ReLU's mask the wrong way
def g_prime(name, z):
    if name == "sigmoid":
        return sigmoid(z) * (1 - sigmoid(z))
    if name == "tanh":
        return 1 - np.tanh(z) ** 2
    return np.where(z < 0, 1.0, 0.0)

# %% g_prime | - | sign of z for ReLU
def g_prime(name, z):
    if name == "sigmoid":
        return sigmoid(z) * (1 - sigmoid(z))
    if name == "tanh":
        return 1 - np.tanh(z) ** 2
    return np.sign(z)

# %% g_prime | - | a power too many
def g_prime(name, z):
    if name == "sigmoid":
        a = sigmoid(z)
        return a * (1 - a)
    if name == "tanh":
        return 1 / np.cosh(z) ** 3
    return np.where(z > 0, 1.0, 0.0)

# %% loss | K26 | sum for mean
def loss(output, z, Y):
    if output == "identity":
        return float(np.sum((z - Y) ** 2) / 2)
    if output == "sigmoid":
        return float(np.sum(np.logaddexp(0, z) - Y * z))
    return float(np.sum(Y * (np.logaddexp.reduce(z, axis=0) - z)))

# %% loss | K6 | the half is forgotten
def loss(output, z, Y):
    m = z.shape[1]
    if output == "identity":
        return float(np.sum((z - Y) ** 2) / m)
    if output == "sigmoid":
        return float(np.sum(np.logaddexp(0, z) - Y * z) / m)
    return float(np.sum(Y * (np.logaddexp.reduce(z, axis=0) - z)) / m)

# %% loss | - | the mean over units and examples
def loss(output, z, Y):
    if output == "identity":
        return float(np.mean((z - Y) ** 2) / 2)
    if output == "sigmoid":
        return float(np.mean(np.logaddexp(0, z) - Y * z))
    return float(np.mean(Y * (np.logaddexp.reduce(z, axis=0) - z)))

# %% loss | K9 | logs of probabilities
def loss(output, z, Y):
    m = z.shape[1]
    if output == "identity":
        return float(np.sum((z - Y) ** 2) / (2 * m))
    if output == "sigmoid":
        a = 1 / (1 + np.exp(-z))
        return float(-np.sum(Y * np.log(a) + (1 - Y) * np.log(1 - a)) / m)
    e = np.exp(z - z.max(axis=0))
    a = e / e.sum(axis=0)
    return float(-np.sum(Y * np.log(a)) / m)

# %% loss | - | the sign
def loss(output, z, Y):
    m = z.shape[1]
    if output == "identity":
        return float(np.sum((z - Y) ** 2) / (2 * m))
    if output == "sigmoid":
        return float(-np.sum(np.logaddexp(0, z) - Y * z) / m)
    return float(-np.sum(Y * (np.logaddexp.reduce(z, axis=0) - z)) / m)

# %% loss | - | only the y log y_hat half of binary cross entropy
def loss(output, z, Y):
    m = z.shape[1]
    if output == "identity":
        return float(np.sum((z - Y) ** 2) / (2 * m))
    if output == "sigmoid":
        return float(np.sum(Y * np.logaddexp(0, -z)) / m)
    return float(np.sum(Y * (np.logaddexp.reduce(z, axis=0) - z)) / m)

# %% loss | K8 | softmax by row
def loss(output, z, Y):
    m = z.shape[1]
    if output == "identity":
        return float(np.sum((z - Y) ** 2) / (2 * m))
    if output == "sigmoid":
        return float(np.sum(np.logaddexp(0, z) - Y * z) / m)
    return float(np.sum(Y * (np.logaddexp.reduce(z, axis=1, keepdims=True) - z)) / m)

# %% loss | - | log-sum-exp without taking the largest out
def loss(output, z, Y):
    m = z.shape[1]
    if output == "identity":
        return float(np.sum((z - Y) ** 2) / (2 * m))
    if output == "sigmoid":
        return float(np.sum(np.log(1 + np.exp(z)) - Y * z) / m)
    return float(np.sum(Y * (np.log(np.exp(z).sum(axis=0)) - z)) / m)

# %% loss | - | the mean over the units in binary cross entropy
def loss(output, z, Y):
    m = z.shape[1]
    if output == "identity":
        return float(np.sum((z - Y) ** 2) / (2 * m))
    if output == "sigmoid":
        return float(np.sum(np.mean(np.logaddexp(0, z) - Y * z, axis=0)) / m)
    return float(np.sum(Y * (np.logaddexp.reduce(z, axis=0) - z)) / m)

# %% loss | - | soft labels made hard
def loss(output, z, Y):
    m = z.shape[1]
    if output == "identity":
        return float(np.sum((z - Y) ** 2) / (2 * m))
    if output == "sigmoid":
        return float(np.sum(np.logaddexp(0, z) - Y * z) / m)
    cls = np.argmax(Y, axis=0)
    logp = z - np.logaddexp.reduce(z, axis=0)
    return float(-np.sum(logp[cls, np.arange(m)]) / m)

# %% loss | K28 | divided by the units
def loss(output, z, Y):
    k = z.shape[0]
    if output == "identity":
        return float(np.sum((z - Y) ** 2) / 2 / k)
    if output == "sigmoid":
        return float(np.sum(np.logaddexp(0, z) - Y * z) / k)
    return float(np.sum(Y * (np.logaddexp.reduce(z, axis=0) - z)) / k)

# %% loss | K27 | 1/m twice
def loss(output, z, Y):
    m = z.shape[1]
    if output == "identity":
        total = np.sum((z - Y) ** 2) / 2 / m
    elif output == "sigmoid":
        total = np.sum(np.logaddexp(0, z) - Y * z) / m
    else:
        total = np.sum(Y * (np.logaddexp.reduce(z, axis=0) - z)) / m
    return float(total / m)

# %% loss | - | the distance for its square
def loss(output, z, Y):
    m = z.shape[1]
    if output == "identity":
        return float(np.sum(np.linalg.norm(z - Y, axis=0)) / 2 / m)
    if output == "sigmoid":
        return float(np.sum(np.logaddexp(0, z) - Y * z) / m)
    return float(np.sum(Y * (np.logaddexp.reduce(z, axis=0) - z)) / m)

# %% loss | - | binary logs
def loss(output, z, Y):
    m = z.shape[1]
    if output == "identity":
        return float(np.sum((z - Y) ** 2) / (2 * m))
    if output == "sigmoid":
        return float(np.sum(np.logaddexp(0, z) - Y * z) / m / np.log(2))
    return float(np.sum(Y * (np.logaddexp.reduce(z, axis=0) - z)) / m / np.log(2))

# %% loss | - | one number an example
def loss(output, z, Y):
    if output == "identity":
        return np.sum((z - Y) ** 2, axis=0) / 2
    if output == "sigmoid":
        return np.sum(np.logaddexp(0, z) - Y * z, axis=0)
    return np.sum(Y * (np.logaddexp.reduce(z, axis=0) - z), axis=0)

# %% loss | - | nothing for the softmax
def loss(output, z, Y):
    m = z.shape[1]
    if output == "identity":
        return float(np.sum((z - Y) ** 2) / (2 * m))
    return float(np.sum(np.logaddexp(0, z) - Y * z) / m)

# %% numerical_delta | - | forward difference
def numerical_delta(loss_of_z, z, h):
    out = np.zeros(z.shape)
    base = loss_of_z(z)
    for i in range(z.shape[0]):
        for j in range(z.shape[1]):
            zz = z.copy()
            zz[i, j] += h
            out[i, j] = (loss_of_z(zz) - base) / h
    return out

# %% numerical_delta | - | backward difference
def numerical_delta(loss_of_z, z, h):
    out = np.zeros(z.shape)
    base = loss_of_z(z)
    for i in range(z.shape[0]):
        for j in range(z.shape[1]):
            zz = z.copy()
            zz[i, j] -= h
            out[i, j] = (base - loss_of_z(zz)) / h
    return out

# %% numerical_delta | - | divided by h
def numerical_delta(loss_of_z, z, h):
    out = np.zeros(z.shape)
    for idx in np.ndindex(z.shape):
        p = z.copy(); p[idx] += h
        q = z.copy(); q[idx] -= h
        out[idx] = (loss_of_z(p) - loss_of_z(q)) / h
    return out

# %% numerical_delta | - | all entries stepped at once
def numerical_delta(loss_of_z, z, h):
    return (loss_of_z(z + h) - loss_of_z(z - h)) / (2 * h) * np.ones(z.shape)

# %% numerical_delta | - | both names are the same array
def numerical_delta(loss_of_z, z, h):
    out = np.zeros(z.shape)
    for idx in np.ndindex(z.shape):
        plus = z
        plus[idx] += h
        minus = z
        minus[idx] -= h
        out[idx] = (loss_of_z(plus) - loss_of_z(minus)) / (2 * h)
    return out

# %% numerical_delta | K35 | the step is never taken back
def numerical_delta(loss_of_z, z, h):
    out = np.zeros(z.shape)
    for idx in np.ndindex(z.shape):
        z[idx] += h
        up = loss_of_z(z)
        z[idx] -= 2 * h
        down = loss_of_z(z)
        out[idx] = (up - down) / (2 * h)
    return out

# %% numerical_delta | - | a whole row stepped
def numerical_delta(loss_of_z, z, h):
    out = np.zeros(z.shape)
    for i in range(z.shape[0]):
        e = np.zeros(z.shape); e[i] = h
        out[i] = (loss_of_z(z + e) - loss_of_z(z - e)) / (2 * h)
    return out

# %% numerical_delta | - | a whole column stepped
def numerical_delta(loss_of_z, z, h):
    out = np.zeros(z.shape)
    for j in range(z.shape[1]):
        e = np.zeros(z.shape); e[:, j] = h
        out[:, j] = (loss_of_z(z + e) - loss_of_z(z - e)) / (2 * h)
    return out

# %% numerical_delta | - | the sign
def numerical_delta(loss_of_z, z, h):
    out = np.zeros(z.shape)
    for idx in np.ndindex(z.shape):
        e = np.zeros(z.shape); e[idx] = h
        out[idx] = (loss_of_z(z - e) - loss_of_z(z + e)) / (2 * h)
    return out

# %% numerical_delta | - | a mean over the examples as well
def numerical_delta(loss_of_z, z, h):
    out = np.zeros(z.shape)
    for idx in np.ndindex(z.shape):
        e = np.zeros(z.shape); e[idx] = h
        out[idx] = (loss_of_z(z + e) - loss_of_z(z - e)) / (2 * h)
    return out / z.shape[1]

# %% numerical_delta | - | the step grows with z, the divisor doesn't
def numerical_delta(loss_of_z, z, h):
    out = np.zeros(z.shape)
    for idx in np.ndindex(z.shape):
        e = np.zeros(z.shape); e[idx] = h * abs(z[idx])
        out[idx] = (loss_of_z(z + e) - loss_of_z(z - e)) / (2 * h)
    return out

# %% numerical_delta | - | only the first example
def numerical_delta(loss_of_z, z, h):
    out = np.zeros(z.shape)
    for i in range(z.shape[0]):
        e = np.zeros(z.shape); e[i, 0] = h
        out[i, 0] = (loss_of_z(z + e) - loss_of_z(z - e)) / (2 * h)
    return out

# %% numerical_delta | - | transposed
def numerical_delta(loss_of_z, z, h):
    out = np.zeros(z.shape)
    for idx in np.ndindex(z.shape):
        e = np.zeros(z.shape); e[idx] = h
        out[idx] = (loss_of_z(z + e) - loss_of_z(z - e)) / (2 * h)
    return out.T

# %% numerical_delta | - | an own, coarse step
def numerical_delta(loss_of_z, z, h):
    h = 0.3
    out = np.zeros(z.shape)
    for idx in np.ndindex(z.shape):
        e = np.zeros(z.shape); e[idx] = h
        out[idx] = (loss_of_z(z + e) - loss_of_z(z - e)) / (2 * h)
    return out
