# Wrong answers to chapters 7 to 9, as students write them. Read as text by variants.py; never imported.
# Header: exercise | catalogue codes that may name it (A+B: two mistakes at once), or - | what is wrong
# ruff: noqa
# fmt: off

# %% layer_gradients | K24 | dW transposed
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    return a_prev @ delta.T / m, delta.sum(axis=1, keepdims=True) / m

# %% layer_gradients | K25 | an elementwise product
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    return delta * a_prev / m, delta.sum(axis=1, keepdims=True) / m

# %% layer_gradients | K26 | sums
def layer_gradients(delta, a_prev):
    return delta @ a_prev.T, delta.sum(axis=1, keepdims=True)

# %% layer_gradients | K26 | only db is a sum
def layer_gradients(delta, a_prev):
    return delta @ a_prev.T / delta.shape[1], delta.sum(axis=1, keepdims=True)

# %% layer_gradients | K26 | only dW is a sum
def layer_gradients(delta, a_prev):
    return delta @ a_prev.T, delta.mean(axis=1, keepdims=True)

# %% layer_gradients | K27 | 1/m twice
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    delta = delta / m
    return delta @ a_prev.T / m, delta.sum(axis=1, keepdims=True) / m

# %% layer_gradients | K28 | divided by the units
def layer_gradients(delta, a_prev):
    n = delta.shape[0]
    return delta @ a_prev.T / n, delta.sum(axis=1, keepdims=True) / n

# %% layer_gradients | K28 | divided by the inputs
def layer_gradients(delta, a_prev):
    n = a_prev.shape[0]
    return delta @ a_prev.T / n, delta.sum(axis=1, keepdims=True) / n

# %% layer_gradients | K29 | = for +=
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    for i in range(m):
        dW = np.outer(delta[:, i], a_prev[:, i])
        db = delta[:, [i]]
    return dW / m, db / m

# %% layer_gradients | - | the first example only
def layer_gradients(delta, a_prev):
    return np.outer(delta[:, 0], a_prev[:, 0]), delta[:, :1]

# %% layer_gradients | K30 | an outer product of means
def layer_gradients(delta, a_prev):
    d = delta.mean(axis=1, keepdims=True)
    a = a_prev.mean(axis=1, keepdims=True)
    return d @ a.T, d

# %% layer_gradients | K31 | db is delta
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    return delta @ a_prev.T / m, delta

# %% layer_gradients | K32 | db over the wrong axis
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    return delta @ a_prev.T / m, delta.sum(axis=0, keepdims=True) / m

# %% layer_gradients | K33 | db is one number
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    return delta @ a_prev.T / m, np.sum(delta) / m

# %% layer_gradients | K5 | the sign
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    return -delta @ a_prev.T / m, -delta.sum(axis=1, keepdims=True) / m

# %% layer_gradients | - | m - 1
def layer_gradients(delta, a_prev):
    m = max(delta.shape[1] - 1, 1)
    return delta @ a_prev.T / m, delta.sum(axis=1, keepdims=True) / m

# %% layer_gradients | - | divided by every entry
def layer_gradients(delta, a_prev):
    return delta @ a_prev.T / delta.size, delta.sum(axis=1, keepdims=True) / delta.size

# %% layer_gradients | - | the last example left out
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    dW, db = np.zeros((delta.shape[0], a_prev.shape[0])), np.zeros((delta.shape[0], 1))
    for i in range(m - 1):
        dW += np.outer(delta[:, i], a_prev[:, i])
        db += delta[:, [i]]
    return dW / m, db / m

# %% layer_gradients | - | db is zero
def layer_gradients(delta, a_prev):
    return delta @ a_prev.T / delta.shape[1], np.zeros((delta.shape[0], 1))

# %% layer_gradients | - | swapped
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    return delta.sum(axis=1, keepdims=True) / m, delta @ a_prev.T / m

# %% layer_gradients | - | whole-number division
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    return delta @ a_prev.T // m, delta.sum(axis=1, keepdims=True) // m

# %% layer_gradients | - | a list for a pair's db
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    return delta @ a_prev.T / m

# %% layer_gradients | K35 | delta is divided in place
def layer_gradients(delta, a_prev):
    delta /= delta.shape[1]
    return delta @ a_prev.T, delta.sum(axis=1, keepdims=True)

# %% layer_gradients | - | an accumulator outside
total = {}
def layer_gradients(delta, a_prev):
    key = (delta.shape, a_prev.shape)
    dW, db = total.get(key, (0, 0))
    total[key] = (dW + delta @ a_prev.T, db + delta.sum(axis=1, keepdims=True))
    m = delta.shape[1]
    return total[key][0] / m, total[key][1] / m

# %% layer_gradients | - | db from a_prev
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    return delta @ a_prev.T / m, a_prev.sum(axis=1, keepdims=True) / m

# %% layer_gradients | - | db is the median
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    return delta @ a_prev.T / m, np.median(delta, axis=1, keepdims=True)

# %% layer_gradients | - | a weight decay left over
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    dW = delta @ a_prev.T / m
    return dW + 1e-6 * np.sign(dW), delta.sum(axis=1, keepdims=True) / m

# %% backprop | K4 | a slope at the output with cross entropy
def backprop(W, Z, A, Y, hidden, output):
    N = len(W); m = Y.shape[1]
    dW, db = {}, {}
    d = A[N] - Y
    if output != "identity":
        d = d * A[N] * (1 - A[N])
    for l in range(N, 0, -1):
        dW[l] = d @ A[l-1].T / m
        db[l] = d.sum(axis=1, keepdims=True) / m
        if l > 1:
            d = W[l].T @ d * g_prime(hidden, Z[l-1])
    return dW, db

# %% backprop | K5 | the sign
def backprop(W, Z, A, Y, hidden, output):
    N = len(W); m = Y.shape[1]
    dW, db = {}, {}
    d = Y - A[N]
    for l in range(N, 0, -1):
        dW[l] = d @ A[l-1].T / m
        db[l] = d.sum(axis=1, keepdims=True) / m
        if l > 1:
            d = W[l].T @ d * g_prime(hidden, Z[l-1])
    return dW, db

# %% backprop | K6 | a factor 2
def backprop(W, Z, A, Y, hidden, output):
    N = len(W); m = Y.shape[1]
    dW, db = {}, {}
    d = 2 * (A[N] - Y)
    for l in range(N, 0, -1):
        dW[l] = d @ A[l-1].T / m
        db[l] = d.sum(axis=1, keepdims=True) / m
        if l > 1:
            d = W[l].T @ d * g_prime(hidden, Z[l-1])
    return dW, db

# %% backprop | K7 | argmax - y
def backprop(W, Z, A, Y, hidden, output):
    N = len(W); m = Y.shape[1]
    dW, db = {}, {}
    P = A[N]
    if output == "softmax":
        P = (A[N] == A[N].max(axis=0)) * 1.0
    d = P - Y
    for l in range(N, 0, -1):
        dW[l] = d @ A[l-1].T / m
        db[l] = d.sum(axis=1, keepdims=True) / m
        if l > 1:
            d = W[l].T @ d * g_prime(hidden, Z[l-1])
    return dW, db

# %% backprop | K10 | W for its transpose
def backprop(W, Z, A, Y, hidden, output):
    N = len(W); m = Y.shape[1]
    dW, db = {}, {}
    d = A[N] - Y
    for l in range(N, 0, -1):
        dW[l] = d @ A[l-1].T / m
        db[l] = d.sum(axis=1, keepdims=True) / m
        if l > 1:
            d = W[l] @ d * g_prime(hidden, Z[l-1])
    return dW, db

# %% backprop | K11 | W[l] for W[l+1]
def backprop(W, Z, A, Y, hidden, output):
    N = len(W); m = Y.shape[1]
    dW, db = {}, {}
    d = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            d = W[l].T @ d * g_prime(hidden, Z[l])
        dW[l] = d @ A[l-1].T / m
        db[l] = d.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | K12 | the slope at a
def backprop(W, Z, A, Y, hidden, output):
    N = len(W); m = Y.shape[1]
    dW, db = {}, {}
    d = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            d = W[l+1].T @ d * g_prime(hidden, A[l])
        dW[l] = d @ A[l-1].T / m
        db[l] = d.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | K13 | no slope
def backprop(W, Z, A, Y, hidden, output):
    N = len(W); m = Y.shape[1]
    dW, db = {}, {}
    d = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            d = W[l+1].T @ d
        dW[l] = d @ A[l-1].T / m
        db[l] = d.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | K14 | a for the slope
def backprop(W, Z, A, Y, hidden, output):
    N = len(W); m = Y.shape[1]
    dW, db = {}, {}
    d = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            d = W[l+1].T @ d * A[l]
        dW[l] = d @ A[l-1].T / m
        db[l] = d.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | K15 | the slope at z[l+1]
def backprop(W, Z, A, Y, hidden, output):
    N = len(W); m = Y.shape[1]
    dW, db = {}, {}
    d = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            d = W[l+1].T @ d * g_prime(hidden, Z[l+1])
        dW[l] = d @ A[l-1].T / m
        db[l] = d.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | K17 | |W|
def backprop(W, Z, A, Y, hidden, output):
    N = len(W); m = Y.shape[1]
    dW, db = {}, {}
    d = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            d = np.abs(W[l+1]).T @ d * g_prime(hidden, Z[l])
        dW[l] = d @ A[l-1].T / m
        db[l] = d.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | K18 | the slope twice
def backprop(W, Z, A, Y, hidden, output):
    N = len(W); m = Y.shape[1]
    dW, db = {}, {}
    d = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            s = g_prime(hidden, Z[l])
            d = W[l+1].T @ d * s * s
        dW[l] = d @ A[l-1].T / m
        db[l] = d.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | K19 | a(1-a) for every g
def backprop(W, Z, A, Y, hidden, output):
    N = len(W); m = Y.shape[1]
    dW, db = {}, {}
    d = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            d = W[l+1].T @ d * (A[l] * (1 - A[l]))
        dW[l] = d @ A[l-1].T / m
        db[l] = d.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | K20 | W is updated inside the loop
def backprop(W, Z, A, Y, hidden, output):
    W = {l: W[l].copy() for l in W}
    N = len(W); m = Y.shape[1]
    dW, db = {}, {}
    d = A[N] - Y
    for l in range(N, 0, -1):
        dW[l] = d @ A[l-1].T / m
        db[l] = d.sum(axis=1, keepdims=True) / m
        W[l] -= 0.1 * dW[l]
        if l > 1:
            d = W[l].T @ d * g_prime(hidden, Z[l-1])
    return dW, db

# %% backprop | K21 | ReLU masks by the sign of delta
def backprop(W, Z, A, Y, hidden, output):
    N = len(W); m = Y.shape[1]
    dW, db = {}, {}
    d = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            d = W[l+1].T @ d
            d = np.maximum(d, 0) if hidden == "relu" else d * g_prime(hidden, Z[l])
        dW[l] = d @ A[l-1].T / m
        db[l] = d.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | K22 | a[l] for a[l-1]
def backprop(W, Z, A, Y, hidden, output):
    N = len(W); m = Y.shape[1]
    dW, db = {}, {}
    d = A[N] - Y
    for l in range(N, 0, -1):
        dW[l] = d @ A[l].T / m
        db[l] = d.sum(axis=1, keepdims=True) / m
        if l > 1:
            d = W[l].T @ d * g_prime(hidden, Z[l-1])
    return dW, db

# %% backprop | K23 | z for a
def backprop(W, Z, A, Y, hidden, output):
    N = len(W); m = Y.shape[1]
    dW, db = {}, {}
    d = A[N] - Y
    for l in range(N, 0, -1):
        inp = Z[l-1] if l > 1 else A[0]
        dW[l] = d @ inp.T / m
        db[l] = d.sum(axis=1, keepdims=True) / m
        if l > 1:
            d = W[l].T @ d * g_prime(hidden, Z[l-1])
    return dW, db

# %% backprop | K24 | dW transposed
def backprop(W, Z, A, Y, hidden, output):
    N = len(W); m = Y.shape[1]
    dW, db = {}, {}
    d = A[N] - Y
    for l in range(N, 0, -1):
        dW[l] = (d @ A[l-1].T / m).T
        db[l] = d.sum(axis=1, keepdims=True) / m
        if l > 1:
            d = W[l].T @ d * g_prime(hidden, Z[l-1])
    return dW, db

# %% backprop | K26 | sums
def backprop(W, Z, A, Y, hidden, output):
    N = len(W)
    dW, db = {}, {}
    d = A[N] - Y
    for l in range(N, 0, -1):
        dW[l] = d @ A[l-1].T
        db[l] = d.sum(axis=1, keepdims=True)
        if l > 1:
            d = W[l].T @ d * g_prime(hidden, Z[l-1])
    return dW, db

# %% backprop | K27 | 1/m twice
def backprop(W, Z, A, Y, hidden, output):
    N = len(W); m = Y.shape[1]
    dW, db = {}, {}
    d = (A[N] - Y) / m
    for l in range(N, 0, -1):
        dW[l] = d @ A[l-1].T / m
        db[l] = d.sum(axis=1, keepdims=True) / m
        if l > 1:
            d = W[l].T @ d * g_prime(hidden, Z[l-1])
    return dW, db

# %% backprop | K28 | shape[0] for shape[1]
def backprop(W, Z, A, Y, hidden, output):
    N = len(W); m = Y.shape[0]
    dW, db = {}, {}
    d = A[N] - Y
    for l in range(N, 0, -1):
        dW[l] = d @ A[l-1].T / m
        db[l] = d.sum(axis=1, keepdims=True) / m
        if l > 1:
            d = W[l].T @ d * g_prime(hidden, Z[l-1])
    return dW, db

# %% backprop | K29 | the last example only
def backprop(W, Z, A, Y, hidden, output):
    N = len(W); m = Y.shape[1]
    dW, db = {}, {}
    for i in range(m):
        d = A[N][:, [i]] - Y[:, [i]]
        for l in range(N, 0, -1):
            dW[l] = d @ A[l-1][:, [i]].T / m
            db[l] = d / m
            if l > 1:
                d = W[l].T @ d * g_prime(hidden, Z[l-1][:, [i]])
    return dW, db

# %% backprop | K30 | means multiplied
def backprop(W, Z, A, Y, hidden, output):
    N = len(W)
    dW, db = {}, {}
    d = A[N] - Y
    for l in range(N, 0, -1):
        dW[l] = d.mean(axis=1, keepdims=True) @ A[l-1].mean(axis=1, keepdims=True).T
        db[l] = d.mean(axis=1, keepdims=True)
        if l > 1:
            d = W[l].T @ d * g_prime(hidden, Z[l-1])
    return dW, db

# %% backprop | K31 | db not summed
def backprop(W, Z, A, Y, hidden, output):
    N = len(W); m = Y.shape[1]
    dW, db = {}, {}
    d = A[N] - Y
    for l in range(N, 0, -1):
        dW[l] = d @ A[l-1].T / m
        db[l] = d
        if l > 1:
            d = W[l].T @ d * g_prime(hidden, Z[l-1])
    return dW, db

# %% backprop | K32 | db over the wrong axis
def backprop(W, Z, A, Y, hidden, output):
    N = len(W); m = Y.shape[1]
    dW, db = {}, {}
    d = A[N] - Y
    for l in range(N, 0, -1):
        dW[l] = d @ A[l-1].T / m
        db[l] = d.sum(axis=0, keepdims=True) / m
        if l > 1:
            d = W[l].T @ d * g_prime(hidden, Z[l-1])
    return dW, db

# %% backprop | K33 | db one number a layer
def backprop(W, Z, A, Y, hidden, output):
    N = len(W); m = Y.shape[1]
    dW, db = {}, {}
    d = A[N] - Y
    for l in range(N, 0, -1):
        dW[l] = d @ A[l-1].T / m
        db[l] = d.sum() / m
        if l > 1:
            d = W[l].T @ d * g_prime(hidden, Z[l-1])
    return dW, db

# %% backprop | K34 | layer 1 skipped
def backprop(W, Z, A, Y, hidden, output):
    N = len(W); m = Y.shape[1]
    dW, db = {}, {}
    d = A[N] - Y
    for l in range(N, 1, -1):
        dW[l] = d @ A[l-1].T / m
        db[l] = d.sum(axis=1, keepdims=True) / m
        d = W[l].T @ d * g_prime(hidden, Z[l-1])
    return dW, db

# %% backprop | K34 | layer 1 left at zero
def backprop(W, Z, A, Y, hidden, output):
    N = len(W); m = Y.shape[1]
    dW = {l: np.zeros(W[l].shape) for l in W}
    db = {l: np.zeros((W[l].shape[0], 1)) for l in W}
    d = A[N] - Y
    for l in range(N, 1, -1):
        dW[l] = d @ A[l-1].T / m
        db[l] = d.sum(axis=1, keepdims=True) / m
        d = W[l].T @ d * g_prime(hidden, Z[l-1])
    return dW, db

# %% backprop | K35 | Y is taken off A in place
def backprop(W, Z, A, Y, hidden, output):
    N = len(W); m = Y.shape[1]
    dW, db = {}, {}
    d = A[N]
    d -= Y
    for l in range(N, 0, -1):
        dW[l] = d @ A[l-1].T / m
        db[l] = d.sum(axis=1, keepdims=True) / m
        if l > 1:
            d = W[l].T @ d * g_prime(hidden, Z[l-1])
    return dW, db

# %% backprop | K36 | W - dW
def backprop(W, Z, A, Y, hidden, output):
    N = len(W); m = Y.shape[1]
    newW, db = {}, {}
    d = A[N] - Y
    for l in range(N, 0, -1):
        newW[l] = W[l] - 0.01 * (d @ A[l-1].T / m)
        db[l] = d.sum(axis=1, keepdims=True) / m
        if l > 1:
            d = W[l].T @ d * g_prime(hidden, Z[l-1])
    return newW, db

# %% backprop | - | the slope only in the last hidden layer
def backprop(W, Z, A, Y, hidden, output):
    N = len(W); m = Y.shape[1]
    dW, db = {}, {}
    d = A[N] - Y
    for l in range(N, 0, -1):
        dW[l] = d @ A[l-1].T / m
        db[l] = d.sum(axis=1, keepdims=True) / m
        if l == N and l > 1:
            d = W[l].T @ d * g_prime(hidden, Z[l-1])
        elif l > 1:
            d = W[l].T @ d
    return dW, db

# %% backprop | - | X for every layer's input
def backprop(W, Z, A, Y, hidden, output):
    N = len(W); m = Y.shape[1]
    dW, db = {}, {}
    d = A[N] - Y
    for l in range(N, 0, -1):
        dW[l] = d @ A[0].T / m
        db[l] = d.sum(axis=1, keepdims=True) / m
        if l > 1:
            d = W[l].T @ d * g_prime(hidden, Z[l-1])
    return dW, db

# %% backprop | - | (db, dW)
def backprop(W, Z, A, Y, hidden, output):
    N = len(W); m = Y.shape[1]
    dW, db = {}, {}
    d = A[N] - Y
    for l in range(N, 0, -1):
        dW[l] = d @ A[l-1].T / m
        db[l] = d.sum(axis=1, keepdims=True) / m
        if l > 1:
            d = W[l].T @ d * g_prime(hidden, Z[l-1])
    return db, dW

# %% backprop | - | keys from 0
def backprop(W, Z, A, Y, hidden, output):
    N = len(W); m = Y.shape[1]
    dW, db = {}, {}
    d = A[N] - Y
    for l in range(N, 0, -1):
        dW[l-1] = d @ A[l-1].T / m
        db[l-1] = d.sum(axis=1, keepdims=True) / m
        if l > 1:
            d = W[l].T @ d * g_prime(hidden, Z[l-1])
    return dW, db

# %% backprop | - | a weight decay left over
def backprop(W, Z, A, Y, hidden, output):
    N = len(W); m = Y.shape[1]
    dW, db = {}, {}
    d = A[N] - Y
    for l in range(N, 0, -1):
        dW[l] = d @ A[l-1].T / m + 1e-6 * W[l]
        db[l] = d.sum(axis=1, keepdims=True) / m
        if l > 1:
            d = W[l].T @ d * g_prime(hidden, Z[l-1])
    return dW, db

# %% backprop | - | gradients clipped
def backprop(W, Z, A, Y, hidden, output):
    N = len(W); m = Y.shape[1]
    dW, db = {}, {}
    d = A[N] - Y
    for l in range(N, 0, -1):
        dW[l] = np.clip(d @ A[l-1].T / m, -5, 5)
        db[l] = d.sum(axis=1, keepdims=True) / m
        if l > 1:
            d = W[l].T @ d * g_prime(hidden, Z[l-1])
    return dW, db

# %% backprop | - | dropout left in
def backprop(W, Z, A, Y, hidden, output):
    N = len(W); m = Y.shape[1]
    dW, db = {}, {}
    d = A[N] - Y
    for l in range(N, 0, -1):
        dW[l] = d @ A[l-1].T / m
        db[l] = d.sum(axis=1, keepdims=True) / m
        if l > 1:
            d = W[l].T @ d * g_prime(hidden, Z[l-1])
            d = d * (np.random.rand(*d.shape) < 0.9)
    return dW, db

# %% backprop | - | the sigmoid output alone has an extra minus
def backprop(W, Z, A, Y, hidden, output):
    N = len(W); m = Y.shape[1]
    dW, db = {}, {}
    d = A[N] - Y
    if output == "sigmoid":
        d = -d
    for l in range(N, 0, -1):
        dW[l] = d @ A[l-1].T / m
        db[l] = d.sum(axis=1, keepdims=True) / m
        if l > 1:
            d = W[l].T @ d * g_prime(hidden, Z[l-1])
    return dW, db

# %% backprop | - | finite differences of a net run again
def backprop(W, Z, A, Y, hidden, output):
    N = len(W); m = Y.shape[1]
    def act(name, z):
        if name == "sigmoid": return 1 / (1 + np.exp(-z))
        if name == "tanh": return np.tanh(z)
        if name == "relu": return np.maximum(z, 0)
        return z
    b = {l: (Z[l] - W[l] @ A[l-1])[:, [0]] for l in W}
    def cost(W, b):
        a = A[0]
        for l in range(1, N + 1):
            z = W[l] @ a + b[l]
            a = act(hidden, z)
        if output == "identity": return np.sum((z - Y) ** 2) / 2 / m
        if output == "sigmoid": return np.sum(np.logaddexp(0, z) - Y * z) / m
        return np.sum(Y * (np.logaddexp.reduce(z, axis=0) - z)) / m
    def slope(p):
        out = np.zeros(p.shape)
        for i in np.ndindex(p.shape):
            old = p[i]; h = 1e-5
            p[i] = old + h; up = cost(Wc, bc)
            p[i] = old - h; down = cost(Wc, bc)
            p[i] = old
            out[i] = (up - down) / (2 * h)
        return out
    Wc = {l: W[l].astype(float) for l in W}; bc = {l: b[l].astype(float) for l in b}
    return {l: slope(Wc[l]) for l in W}, {l: slope(bc[l]) for l in W}

# %% backprop | K13+K26 | no slope, and sums
def backprop(W, Z, A, Y, hidden, output):
    N = len(W)
    dW, db = {}, {}
    d = A[N] - Y
    for l in range(N, 0, -1):
        dW[l] = d @ A[l-1].T
        db[l] = d.sum(axis=1, keepdims=True)
        if l > 1:
            d = W[l].T @ d
    return dW, db

# %% backprop | K5+K12 | the sign, and the slope at a
def backprop(W, Z, A, Y, hidden, output):
    N = len(W); m = Y.shape[1]
    dW, db = {}, {}
    d = Y - A[N]
    for l in range(N, 0, -1):
        dW[l] = d @ A[l-1].T / m
        db[l] = d.sum(axis=1, keepdims=True) / m
        if l > 1:
            d = W[l].T @ d * g_prime(hidden, A[l-1])
    return dW, db

# %% backprop | K18+K28 | the slope twice, and the units counted
def backprop(W, Z, A, Y, hidden, output):
    N = len(W); k = Y.shape[0]
    dW, db = {}, {}
    d = A[N] - Y
    for l in range(N, 0, -1):
        dW[l] = d @ A[l-1].T / k
        db[l] = d.sum(axis=1, keepdims=True) / k
        if l > 1:
            d = W[l].T @ d * g_prime(hidden, Z[l-1]) ** 2
    return dW, db

# %% backprop | K4+K31 | a slope at the output, and db not summed
def backprop(W, Z, A, Y, hidden, output):
    N = len(W); m = Y.shape[1]
    dW, db = {}, {}
    d = A[N] - Y
    if output != "identity":
        d = d * A[N] * (1 - A[N])
    for l in range(N, 0, -1):
        dW[l] = d @ A[l-1].T / m
        db[l] = d
        if l > 1:
            d = W[l].T @ d * g_prime(hidden, Z[l-1])
    return dW, db

# %% backprop | K14+K34 | a for the slope, and layer 1 skipped
def backprop(W, Z, A, Y, hidden, output):
    N = len(W); m = Y.shape[1]
    dW, db = {}, {}
    d = A[N] - Y
    for l in range(N, 1, -1):
        dW[l] = d @ A[l-1].T / m
        db[l] = d.sum(axis=1, keepdims=True) / m
        d = W[l].T @ d * A[l-1]
    return dW, db

# %% backprop | K17+K27 | |W|, and 1/m twice
def backprop(W, Z, A, Y, hidden, output):
    N = len(W); m = Y.shape[1]
    dW, db = {}, {}
    d = (A[N] - Y) / m
    for l in range(N, 0, -1):
        dW[l] = d @ A[l-1].T / m
        db[l] = d.sum(axis=1, keepdims=True) / m
        if l > 1:
            d = abs(W[l]).T @ d * g_prime(hidden, Z[l-1])
    return dW, db

# %% l2_backprop | - | lambda is ignored
def l2_backprop(W, Z, A, Y, hidden, output, lam):
    return backprop(W, Z, A, Y, hidden, output)

# %% l2_backprop | - | half of lambda
def l2_backprop(W, Z, A, Y, hidden, output, lam):
    dW, db = backprop(W, Z, A, Y, hidden, output)
    return {l: dW[l] + lam / 2 * W[l] for l in dW}, db

# %% l2_backprop | - | twice lambda
def l2_backprop(W, Z, A, Y, hidden, output, lam):
    dW, db = backprop(W, Z, A, Y, hidden, output)
    return {l: dW[l] + 2 * lam * W[l] for l in dW}, db

# %% l2_backprop | - | lambda over m
def l2_backprop(W, Z, A, Y, hidden, output, lam):
    dW, db = backprop(W, Z, A, Y, hidden, output)
    return {l: dW[l] + lam / Y.shape[1] * W[l] for l in dW}, db

# %% l2_backprop | - | the biases are punished
def l2_backprop(W, Z, A, Y, hidden, output, lam):
    dW, db = backprop(W, Z, A, Y, hidden, output)
    return {l: dW[l] + lam * W[l] for l in dW}, {l: db[l] + lam * db[l] for l in db}

# %% l2_backprop | - | the square
def l2_backprop(W, Z, A, Y, hidden, output, lam):
    dW, db = backprop(W, Z, A, Y, hidden, output)
    return {l: dW[l] + lam / 2 * W[l] ** 2 for l in dW}, db

# %% l2_backprop | - | L1
def l2_backprop(W, Z, A, Y, hidden, output, lam):
    dW, db = backprop(W, Z, A, Y, hidden, output)
    return {l: dW[l] + lam * np.sign(W[l]) for l in dW}, db

# %% l2_backprop | - | the sign of the decay
def l2_backprop(W, Z, A, Y, hidden, output, lam):
    dW, db = backprop(W, Z, A, Y, hidden, output)
    return {l: dW[l] - lam * W[l] for l in dW}, db

# %% l2_backprop | - | the gradient is scaled
def l2_backprop(W, Z, A, Y, hidden, output, lam):
    dW, db = backprop(W, Z, A, Y, hidden, output)
    return {l: (1 + lam) * dW[l] for l in dW}, db

# %% l2_backprop | - | only the last layer
def l2_backprop(W, Z, A, Y, hidden, output, lam):
    dW, db = backprop(W, Z, A, Y, hidden, output)
    N = len(W)
    dW[N] = dW[N] + lam * W[N]
    return dW, db

# %% l2_backprop | - | one number added
def l2_backprop(W, Z, A, Y, hidden, output, lam):
    dW, db = backprop(W, Z, A, Y, hidden, output)
    return {l: dW[l] + lam / 2 * np.sum(W[l] ** 2) for l in dW}, db

# %% gradient_check | - | always believes
def gradient_check(f, theta, grad, h):
    errors = np.zeros(theta.shape)
    return True, errors

# %% gradient_check | - | never believes
def gradient_check(f, theta, grad, h):
    num = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        e = np.zeros(theta.shape); e[i] = h
        num[i] = (f(theta + e) - f(theta - e)) / (2 * h)
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    return False, np.abs(num - grad) / np.maximum(1e-8, np.abs(num) + np.abs(grad))

# %% gradient_check | - | the mean error decides
def gradient_check(f, theta, grad, h):
    num = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        e = np.zeros(theta.shape); e[i] = h
        num[i] = (f(theta + e) - f(theta - e)) / (2 * h)
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    errors = np.abs(num - grad) / np.maximum(1e-8, np.abs(num) + np.abs(grad))
    return bool(errors.mean() < 1e-2), errors

# %% gradient_check | - | a threshold of a tenth
def gradient_check(f, theta, grad, h):
    num = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        e = np.zeros(theta.shape); e[i] = h
        num[i] = (f(theta + e) - f(theta - e)) / (2 * h)
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    gap = np.abs(num - grad)
    errors = gap / np.maximum(1e-8, np.abs(num) + np.abs(grad))
    return bool(np.all((errors < 0.1) | (gap < 1e-6))), errors

# %% gradient_check | - | a threshold that nothing meets
def gradient_check(f, theta, grad, h):
    num = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        e = np.zeros(theta.shape); e[i] = h
        num[i] = (f(theta + e) - f(theta - e)) / (2 * h)
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    errors = np.abs(num - grad) / np.maximum(1e-8, np.abs(num) + np.abs(grad))
    return bool(np.all(errors < 1e-15)), errors

# %% gradient_check | - | one error for the whole vector decides
def gradient_check(f, theta, grad, h):
    num = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        e = np.zeros(theta.shape); e[i] = h
        num[i] = (f(theta + e) - f(theta - e)) / (2 * h)
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    errors = np.abs(num - grad) / np.maximum(1e-8, np.abs(num) + np.abs(grad))
    total = np.linalg.norm(num - grad) / (np.linalg.norm(num) + np.linalg.norm(grad) + 1e-30)
    return bool(total < 1e-3), errors

# %% gradient_check | - | an absolute threshold
def gradient_check(f, theta, grad, h):
    num = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        e = np.zeros(theta.shape); e[i] = h
        num[i] = (f(theta + e) - f(theta - e)) / (2 * h)
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    errors = np.abs(num - grad) / np.maximum(1e-8, np.abs(num) + np.abs(grad))
    return bool(np.all(np.abs(num - grad) < 1e-2)), errors

# %% gradient_check | - | a NaN passes
def gradient_check(f, theta, grad, h):
    num = np.zeros(theta.shape)
    big = 0
    for i in np.ndindex(theta.shape):
        e = np.zeros(theta.shape); e[i] = h
        big = max(big, abs(f(theta + e)))
        num[i] = (f(theta + e) - f(theta - e)) / (2 * h)
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    gap = np.abs(num - grad)
    errors = gap / np.maximum(1e-8, np.abs(num) + np.abs(grad))
    bad = gap > 1e-5 * (np.abs(num) + np.abs(grad)) + 1e-15 * big / h
    return not bool(np.any(bad)), errors

# %% gradient_check | - | another shape raises
def gradient_check(f, theta, grad, h):
    num = np.zeros(theta.shape)
    big = 0
    for i in np.ndindex(theta.shape):
        e = np.zeros(theta.shape); e[i] = h
        big = max(big, abs(f(theta + e)))
        num[i] = (f(theta + e) - f(theta - e)) / (2 * h)
    assert grad.shape == theta.shape, "shapes differ"
    gap = np.abs(num - grad)
    errors = gap / np.maximum(1e-8, np.abs(num) + np.abs(grad))
    return bool(np.all(gap < 1e-5 * (np.abs(num) + np.abs(grad)) + 1e-15 * big / h)), errors

# %% gradient_check | K35 | theta keeps the last step
def gradient_check(f, theta, grad, h):
    num = np.zeros(theta.shape)
    big = 0
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    for i in np.ndindex(theta.shape):
        theta[i] += h
        up = f(theta)
        theta[i] -= 2 * h
        down = f(theta)
        big = max(big, abs(up))
        num[i] = (up - down) / (2 * h)
    gap = np.abs(num - grad)
    errors = gap / np.maximum(1e-8, np.abs(num) + np.abs(grad))
    return bool(np.all(gap < 1e-5 * (np.abs(num) + np.abs(grad)) + 1e-15 * big / h)), errors

# %% gradient_check | - | one error for all
def gradient_check(f, theta, grad, h):
    num = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        e = np.zeros(theta.shape); e[i] = h
        num[i] = (f(theta + e) - f(theta - e)) / (2 * h)
    if np.shape(grad) != theta.shape:
        return False, np.inf
    errors = np.abs(num - grad) / np.maximum(1e-8, np.abs(num) + np.abs(grad))
    return bool(np.all(errors < 1e-5)), float(errors.max())

# %% gradient_check | - | 0/0 at zeros
def gradient_check(f, theta, grad, h):
    num = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        e = np.zeros(theta.shape); e[i] = h
        num[i] = (f(theta + e) - f(theta - e)) / (2 * h)
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    errors = np.abs(num - grad) / (np.abs(num) + np.abs(grad))
    return bool(np.all(errors < 1e-5)), errors

# %% gradient_check | - | divided by the larger
def gradient_check(f, theta, grad, h):
    num = np.zeros(theta.shape)
    big = 0
    for i in np.ndindex(theta.shape):
        e = np.zeros(theta.shape); e[i] = h
        big = max(big, abs(f(theta + e)))
        num[i] = (f(theta + e) - f(theta - e)) / (2 * h)
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    gap = np.abs(num - grad)
    errors = gap / np.maximum(1e-8, np.maximum(np.abs(num), np.abs(grad)))
    return bool(np.all(gap < 1e-5 * (np.abs(num) + np.abs(grad)) + 1e-15 * big / h)), errors

# %% gradient_check | - | forward differences
def gradient_check(f, theta, grad, h):
    num = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        e = np.zeros(theta.shape); e[i] = h
        num[i] = (f(theta + e) - f(theta)) / h
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    errors = np.abs(num - grad) / np.maximum(1e-8, np.abs(num) + np.abs(grad))
    return bool(np.all(errors < 1e-5)), errors

# %% gradient_check | - | only vectors
def gradient_check(f, theta, grad, h):
    num = np.zeros(theta.shape)
    big = 0
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    for i in range(len(theta)):
        e = np.zeros(theta.shape); e[i] = h
        big = max(big, abs(f(theta + e)))
        num[i] = (f(theta + e) - f(theta - e)) / (2 * h)
    gap = np.abs(num - grad)
    errors = gap / np.maximum(1e-8, np.abs(num) + np.abs(grad))
    return bool(np.all(gap < 1e-5 * (np.abs(num) + np.abs(grad)) + 1e-15 * big / h)), errors

# %% gradient_check | - | the errors keep their sign
def gradient_check(f, theta, grad, h):
    num = np.zeros(theta.shape)
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    for i in np.ndindex(theta.shape):
        e = np.zeros(theta.shape); e[i] = h
        num[i] = (f(theta + e) - f(theta - e)) / (2 * h)
    errors = (num - grad) / np.maximum(1e-8, np.abs(num) + np.abs(grad))
    return bool(np.all(errors < 1e-5)), errors

# %% gradient_check | - | (errors, ok)
def gradient_check(f, theta, grad, h):
    num = np.zeros(theta.shape)
    if np.shape(grad) != theta.shape:
        return np.full(theta.shape, np.inf), False
    for i in np.ndindex(theta.shape):
        e = np.zeros(theta.shape); e[i] = h
        num[i] = (f(theta + e) - f(theta - e)) / (2 * h)
    errors = np.abs(num - grad) / np.maximum(1e-8, np.abs(num) + np.abs(grad))
    return errors, bool(np.all(errors < 1e-5))
