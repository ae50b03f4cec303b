# More wrong answers to chapters 7 to 9, written from the statements alone. Read as text by variants.py; never imported.
# Header: exercise | catalogue codes that may name it, or - | what is wrong
# ruff: noqa
# fmt: off

# %% layer_gradients | K24 | dW transposed
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    return a_prev @ delta.T / m, delta.sum(axis=1, keepdims=True) / m

# %% layer_gradients | K25 | entry by entry
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    return delta * a_prev / m, delta.sum(axis=1, keepdims=True) / m

# %% layer_gradients | K26 | sums
def layer_gradients(delta, a_prev):
    return delta @ a_prev.T, delta.sum(axis=1, keepdims=True)

# %% layer_gradients | K26 | the sum in dW alone
def layer_gradients(delta, a_prev):
    return delta @ a_prev.T, delta.mean(axis=1, keepdims=True)

# %% layer_gradients | K26 | the sum in db alone
def layer_gradients(delta, a_prev):
    return delta @ a_prev.T / delta.shape[1], delta.sum(axis=1, keepdims=True)

# %% layer_gradients | K27 | 1/m twice
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    delta = delta / m
    return delta @ a_prev.T / m, delta.mean(axis=1, keepdims=True)

# %% layer_gradients | K28 | m taken from the rows of delta
def layer_gradients(delta, a_prev):
    m = len(delta)
    return delta @ a_prev.T / m, delta.sum(axis=1, keepdims=True) / m

# %% layer_gradients | K28 | m taken from the rows of a_prev
def layer_gradients(delta, a_prev):
    m = a_prev.shape[0]
    return delta @ a_prev.T / m, delta.sum(axis=1, keepdims=True) / m

# %% layer_gradients | K29 | overwritten by the last example
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    for i in range(m):
        dW = np.outer(delta[:, i], a_prev[:, i])
        db = delta[:, [i]]
    return dW / m, db / m

# %% layer_gradients | K29 | the last example, undivided
def layer_gradients(delta, a_prev):
    for i in range(delta.shape[1]):
        dW = np.outer(delta[:, i], a_prev[:, i])
        db = delta[:, [i]]
    return dW, db

# %% layer_gradients | - | the last example left out
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    dW, db = np.zeros((delta.shape[0], a_prev.shape[0])), np.zeros((delta.shape[0], 1))
    for i in range(m - 1):
        dW += np.outer(delta[:, i], a_prev[:, i])
        db += delta[:, [i]]
    return dW / m, db / m

# %% layer_gradients | - | over m - 1
def layer_gradients(delta, a_prev):
    m = max(delta.shape[1] - 1, 1)
    return delta @ a_prev.T / m, delta.sum(axis=1, keepdims=True) / m

# %% layer_gradients | K30 | a product of means
def layer_gradients(delta, a_prev):
    d = delta.mean(axis=1, keepdims=True)
    return d @ a_prev.mean(axis=1, keepdims=True).T, d

# %% layer_gradients | K31 | db is delta
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    return delta @ a_prev.T / m, delta / m

# %% layer_gradients | K31 | db is delta, undivided
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    return delta @ a_prev.T / m, delta.copy()

# %% layer_gradients | K32 | db over the units
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    return delta @ a_prev.T / m, delta.sum(axis=0, keepdims=True).T / m

# %% layer_gradients | K32 | db lying down
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    return delta @ a_prev.T / m, delta.sum(axis=1, keepdims=True).T / m

# %% layer_gradients | K33 | one number for db
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    return delta @ a_prev.T / m, np.sum(delta) / m

# %% layer_gradients | K33 | the mean of all
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    return delta @ a_prev.T / m, np.full((len(delta), 1), delta.mean())

# %% layer_gradients | K5 | minus
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    return -delta @ a_prev.T / m, -delta.sum(axis=1, keepdims=True) / m

# %% layer_gradients | - | the pair turned round
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    return delta.sum(axis=1, keepdims=True) / m, delta @ a_prev.T / m

# %% layer_gradients | - | db from dW
def layer_gradients(delta, a_prev):
    dW = delta @ a_prev.T / delta.shape[1]
    return dW, dW.sum(axis=1, keepdims=True)

# %% layer_gradients | - | tiny noise
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    return delta @ a_prev.T / m + 1e-6, delta.mean(axis=1, keepdims=True)

# %% layer_gradients | - | integer division
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    return delta @ a_prev.T // m, delta.sum(axis=1, keepdims=True) // m

# %% layer_gradients | K35 | delta divided in place
def layer_gradients(delta, a_prev):
    delta /= delta.shape[1]
    return delta @ a_prev.T, delta.sum(axis=1, keepdims=True)

# %% layer_gradients | K26+K24 | sum and transposed
def layer_gradients(delta, a_prev):
    return a_prev @ delta.T, delta.mean(axis=1, keepdims=True)

# %% layer_gradients | K35 | sums kept between the calls
total = {}
def layer_gradients(delta, a_prev):
    key = (delta.shape, a_prev.shape)
    dW, db = total.get(key, (0, 0))
    dW = dW + delta @ a_prev.T / delta.shape[1]
    db = db + delta.mean(axis=1, keepdims=True)
    total[key] = (dW, db)
    return dW, db

# %% backprop | K4 | g' in Step 1
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    d = A[N] - Y
    if output in ("sigmoid", "softmax"):
        d = d * (A[N] * (1 - A[N]))
    dW, db = {}, {}
    for l in range(N, 0, -1):
        if l < N:
            d = (W[l + 1].T @ d) * g_prime(hidden, Z[l])
        dW[l], db[l] = d @ A[l - 1].T / m, d.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | K5 | Y - A
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    d = Y - A[N]
    dW, db = {}, {}
    for l in range(N, 0, -1):
        if l < N:
            d = (W[l + 1].T @ d) * g_prime(hidden, Z[l])
        dW[l], db[l] = d @ A[l - 1].T / m, d.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | K6 | twice
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    d = 2 * (A[N] - Y)
    dW, db = {}, {}
    for l in range(N, 0, -1):
        if l < N:
            d = (W[l + 1].T @ d) * g_prime(hidden, Z[l])
        dW[l], db[l] = d @ A[l - 1].T / m, d.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | K10 | W not transposed
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    d = A[N] - Y
    dW, db = {}, {}
    for l in range(N, 0, -1):
        if l < N:
            d = (W[l + 1] @ d) * g_prime(hidden, Z[l])
        dW[l], db[l] = d @ A[l - 1].T / m, d.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | K11 | W[l]
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    d = A[N] - Y
    dW, db = {}, {}
    for l in range(N, 0, -1):
        if l < N:
            d = (W[l].T @ d) * g_prime(hidden, Z[l])
        dW[l], db[l] = d @ A[l - 1].T / m, d.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | K12 | slope at a
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    d = A[N] - Y
    dW, db = {}, {}
    for l in range(N, 0, -1):
        if l < N:
            d = (W[l + 1].T @ d) * g_prime(hidden, A[l])
        dW[l], db[l] = d @ A[l - 1].T / m, d.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | K13 | no slope
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    d = A[N] - Y
    dW, db = {}, {}
    for l in range(N, 0, -1):
        dW[l], db[l] = d @ A[l - 1].T / m, d.sum(axis=1, keepdims=True) / m
        d = W[l].T @ d
    return dW, db

# %% backprop | K14 | g for g'
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    d = A[N] - Y
    dW, db = {}, {}
    for l in range(N, 0, -1):
        if l < N:
            d = (W[l + 1].T @ d) * A[l]
        dW[l], db[l] = d @ A[l - 1].T / m, d.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | K15 | z[l+1]
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    d = A[N] - Y
    dW, db = {}, {}
    for l in range(N, 0, -1):
        dW[l], db[l] = d @ A[l - 1].T / m, d.sum(axis=1, keepdims=True) / m
        if l > 1:
            d = (W[l].T @ d) * g_prime(hidden, Z[l])
    return dW, db

# %% backprop | K18 | g' twice
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    d = A[N] - Y
    dW, db = {}, {}
    for l in range(N, 0, -1):
        if l < N:
            d = (W[l + 1].T @ d) * g_prime(hidden, Z[l]) ** 2
        dW[l], db[l] = d @ A[l - 1].T / m, d.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | K19 | a(1-a)
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    d = A[N] - Y
    dW, db = {}, {}
    for l in range(N, 0, -1):
        if l < N:
            d = (W[l + 1].T @ d) * A[l] * (1 - A[l])
        dW[l], db[l] = d @ A[l - 1].T / m, d.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | K20 | W stepped in the loop, on a copy
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    W = {l: W[l].copy() for l in W}
    d = A[N] - Y
    dW, db = {}, {}
    for l in range(N, 0, -1):
        dW[l], db[l] = d @ A[l - 1].T / m, d.sum(axis=1, keepdims=True) / m
        W[l] = W[l] - 0.1 * dW[l]
        if l > 1:
            d = (W[l].T @ d) * g_prime(hidden, Z[l - 1])
    return dW, db

# %% backprop | K20 K35 | W stepped in the loop, in place
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    d = A[N] - Y
    dW, db = {}, {}
    for l in range(N, 0, -1):
        dW[l], db[l] = d @ A[l - 1].T / m, d.sum(axis=1, keepdims=True) / m
        W[l] -= 0.5 * dW[l]
        if l > 1:
            d = (W[l].T @ d) * g_prime(hidden, Z[l - 1])
    return dW, db

# %% backprop | K21 | masked by delta
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    d = A[N] - Y
    dW, db = {}, {}
    for l in range(N, 0, -1):
        if l < N:
            d = W[l + 1].T @ d
            d = np.maximum(d, 0) if hidden == "relu" else d * g_prime(hidden, Z[l])
        dW[l], db[l] = d @ A[l - 1].T / m, d.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | K22 | a[l] in Step 3
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    d = A[N] - Y
    dW, db = {}, {}
    for l in range(N, 0, -1):
        if l < N:
            d = (W[l + 1].T @ d) * g_prime(hidden, Z[l])
        dW[l], db[l] = d @ A[l].T / m, d.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | K23 | z in Step 3
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    d = A[N] - Y
    dW, db = {}, {}
    for l in range(N, 0, -1):
        if l < N:
            d = (W[l + 1].T @ d) * g_prime(hidden, Z[l])
        before = Z[l - 1] if l > 1 else A[0]
        dW[l], db[l] = d @ before.T / m, d.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | K24 | dW transposed
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    d = A[N] - Y
    dW, db = {}, {}
    for l in range(N, 0, -1):
        if l < N:
            d = (W[l + 1].T @ d) * g_prime(hidden, Z[l])
        dW[l], db[l] = A[l - 1] @ d.T / m, d.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | K26 | sums
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    d = A[N] - Y
    dW, db = {}, {}
    for l in range(N, 0, -1):
        if l < N:
            d = (W[l + 1].T @ d) * g_prime(hidden, Z[l])
        dW[l], db[l] = d @ A[l - 1].T, d.sum(axis=1, keepdims=True)
    return dW, db

# %% backprop | K27 | 1/m twice
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    d = (A[N] - Y) / m
    dW, db = {}, {}
    for l in range(N, 0, -1):
        if l < N:
            d = (W[l + 1].T @ d) * g_prime(hidden, Z[l])
        dW[l], db[l] = d @ A[l - 1].T / m, d.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | K28 | over n
def backprop(W, Z, A, Y, hidden, output):
    N = len(W)
    d = A[N] - Y
    dW, db = {}, {}
    for l in range(N, 0, -1):
        if l < N:
            d = (W[l + 1].T @ d) * g_prime(hidden, Z[l])
        m = d.shape[0]
        dW[l], db[l] = d @ A[l - 1].T / m, d.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | K28 | over k everywhere
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[0]
    d = A[N] - Y
    dW, db = {}, {}
    for l in range(N, 0, -1):
        if l < N:
            d = (W[l + 1].T @ d) * g_prime(hidden, Z[l])
        dW[l], db[l] = d @ A[l - 1].T / m, d.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | K29 | the last example
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    for i in range(m):
        dW, db = {}, {}
        d = A[N][:, [i]] - Y[:, [i]]
        for l in range(N, 0, -1):
            if l < N:
                d = (W[l + 1].T @ d) * g_prime(hidden, Z[l][:, [i]])
            dW[l], db[l] = d @ A[l - 1][:, [i]].T / m, d / m
    return dW, db

# %% backprop | K30 | means multiplied
def backprop(W, Z, A, Y, hidden, output):
    N = len(W)
    d = A[N] - Y
    dW, db = {}, {}
    for l in range(N, 0, -1):
        if l < N:
            d = (W[l + 1].T @ d) * g_prime(hidden, Z[l])
        db[l] = d.mean(axis=1, keepdims=True)
        dW[l] = db[l] @ A[l - 1].mean(axis=1, keepdims=True).T
    return dW, db

# %% backprop | K31 | db not summed
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    d = A[N] - Y
    dW, db = {}, {}
    for l in range(N, 0, -1):
        if l < N:
            d = (W[l + 1].T @ d) * g_prime(hidden, Z[l])
        dW[l], db[l] = d @ A[l - 1].T / m, d / m
    return dW, db

# %% backprop | K33 | scalar db
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    d = A[N] - Y
    dW, db = {}, {}
    for l in range(N, 0, -1):
        if l < N:
            d = (W[l + 1].T @ d) * g_prime(hidden, Z[l])
        dW[l], db[l] = d @ A[l - 1].T / m, d.sum() / m
    return dW, db

# %% backprop | K34 | layer 1 skipped
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    d = A[N] - Y
    dW, db = {}, {}
    for l in range(N, 1, -1):
        if l < N:
            d = (W[l + 1].T @ d) * g_prime(hidden, Z[l])
        dW[l], db[l] = d @ A[l - 1].T / m, d.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | K34 | layer 1 left at zero
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    d = A[N] - Y
    dW = {l: np.zeros(W[l].shape) for l in W}
    db = {l: np.zeros((len(W[l]), 1)) for l in W}
    for l in range(N, 1, -1):
        if l < N:
            d = (W[l + 1].T @ d) * g_prime(hidden, Z[l])
        dW[l], db[l] = d @ A[l - 1].T / m, d.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | K36 | updated weights
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    d = A[N] - Y
    dW, db = {}, {}
    for l in range(N, 0, -1):
        if l < N:
            d = (W[l + 1].T @ d) * g_prime(hidden, Z[l])
        dW[l], db[l] = W[l] - 0.1 * (d @ A[l - 1].T / m), -0.1 * d.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | K36 | the step, not the gradient
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    d = A[N] - Y
    dW, db = {}, {}
    for l in range(N, 0, -1):
        if l < N:
            d = (W[l + 1].T @ d) * g_prime(hidden, Z[l])
        dW[l], db[l] = -0.01 * (d @ A[l - 1].T / m), -0.01 * d.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | - | a little weight decay left in
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    d = A[N] - Y
    dW, db = {}, {}
    for l in range(N, 0, -1):
        if l < N:
            d = (W[l + 1].T @ d) * g_prime(hidden, Z[l])
        dW[l], db[l] = d @ A[l - 1].T / m + 1e-6 * W[l], d.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | - | clipped by norm
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    d = A[N] - Y
    dW, db = {}, {}
    for l in range(N, 0, -1):
        if l < N:
            d = (W[l + 1].T @ d) * g_prime(hidden, Z[l])
        dW[l], db[l] = d @ A[l - 1].T / m, d.sum(axis=1, keepdims=True) / m
        n = np.linalg.norm(dW[l])
        if n > 100:
            dW[l] = dW[l] * 100 / n
    return dW, db

# %% backprop | - | ReLU's slope everywhere
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    d = A[N] - Y
    dW, db = {}, {}
    for l in range(N, 0, -1):
        if l < N:
            d = (W[l + 1].T @ d) * (Z[l] > 0)
        dW[l], db[l] = d @ A[l - 1].T / m, d.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | K5+K26 | Y - A and sums
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    d = Y - A[N]
    dW, db = {}, {}
    for l in range(N, 0, -1):
        if l < N:
            d = (W[l + 1].T @ d) * g_prime(hidden, Z[l])
        dW[l], db[l] = d @ A[l - 1].T, d.sum(axis=1, keepdims=True)
    return dW, db

# %% backprop | K13+K26 | no slope and sums
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    d = A[N] - Y
    dW, db = {}, {}
    for l in range(N, 0, -1):
        dW[l], db[l] = d @ A[l - 1].T, d.sum(axis=1, keepdims=True)
        d = W[l].T @ d
    return dW, db

# %% backprop | K4+K12 | g' in Step 1, at a in Step 2
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    d = A[N] - Y
    if output in ("sigmoid", "softmax"):
        d = d * (A[N] * (1 - A[N]))
    dW, db = {}, {}
    for l in range(N, 0, -1):
        if l < N:
            d = (W[l + 1].T @ d) * g_prime(hidden, A[l])
        dW[l], db[l] = d @ A[l - 1].T / m, d.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | K23+K33 | z in Step 3, scalar db
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    d = A[N] - Y
    dW, db = {}, {}
    for l in range(N, 0, -1):
        if l < N:
            d = (W[l + 1].T @ d) * g_prime(hidden, Z[l])
        before = Z[l - 1] if l > 1 else A[0]
        dW[l], db[l] = d @ before.T / m, d.sum() / m
    return dW, db

# %% backprop | - | deep nets wrong
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    d = A[N] - Y
    dW, db = {}, {}
    for l in range(N, 0, -1):
        if l < N:
            d = (W[l + 1].T @ d) * (g_prime(hidden, Z[l]) if l >= N - 2 else 1)
        dW[l], db[l] = d @ A[l - 1].T / m, d.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | - | its own forward pass, the mean bias
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    b = {l: (Z[l] - W[l] @ A[l - 1]).mean(axis=1, keepdims=True) for l in W}
    act = {"sigmoid": lambda z: 1 / (1 + np.exp(-z)), "tanh": np.tanh, "relu": lambda z: np.maximum(z, 0)}[hidden]
    Z2, A2 = {}, {0: A[0]}
    for l in range(1, N + 1):
        Z2[l] = W[l] @ A2[l - 1] + b[l]
        A2[l] = act(Z2[l]) if l < N else A[N]
    d = A2[N] - Y
    dW, db = {}, {}
    for l in range(N, 0, -1):
        if l < N:
            d = (W[l + 1].T @ d) * g_prime(hidden, Z2[l])
        dW[l], db[l] = d @ A2[l - 1].T / m, d.sum(axis=1, keepdims=True) / m
    return dW, db

# %% l2_backprop | - | the weight term left out
def l2_backprop(W, Z, A, Y, hidden, output, lam):
    return backprop(W, Z, A, Y, hidden, output)

# %% l2_backprop | K6 | twice lambda
def l2_backprop(W, Z, A, Y, hidden, output, lam):
    dW, db = backprop(W, Z, A, Y, hidden, output)
    return {l: dW[l] + 2 * lam * W[l] for l in W}, db

# %% l2_backprop | - | half of lambda
def l2_backprop(W, Z, A, Y, hidden, output, lam):
    dW, db = backprop(W, Z, A, Y, hidden, output)
    return {l: dW[l] + lam / 2 * W[l] for l in W}, db

# %% l2_backprop | - | lambda over m
def l2_backprop(W, Z, A, Y, hidden, output, lam):
    dW, db = backprop(W, Z, A, Y, hidden, output)
    return {l: dW[l] + lam / Y.shape[1] * W[l] for l in W}, db

# %% l2_backprop | - | biases punished
def l2_backprop(W, Z, A, Y, hidden, output, lam):
    dW, db = backprop(W, Z, A, Y, hidden, output)
    return {l: dW[l] + lam * W[l] for l in W}, {l: db[l] + lam * db[l] for l in W}

# %% l2_backprop | - | sizes
def l2_backprop(W, Z, A, Y, hidden, output, lam):
    dW, db = backprop(W, Z, A, Y, hidden, output)
    return {l: dW[l] + lam * np.sign(W[l]) for l in W}, db

# %% l2_backprop | - | squares
def l2_backprop(W, Z, A, Y, hidden, output, lam):
    dW, db = backprop(W, Z, A, Y, hidden, output)
    return {l: dW[l] + lam / 2 * W[l] ** 2 for l in W}, db

# %% l2_backprop | - | subtracted
def l2_backprop(W, Z, A, Y, hidden, output, lam):
    dW, db = backprop(W, Z, A, Y, hidden, output)
    return {l: dW[l] - lam * W[l] for l in W}, db

# %% l2_backprop | - | the last layer only
def l2_backprop(W, Z, A, Y, hidden, output, lam):
    dW, db = backprop(W, Z, A, Y, hidden, output)
    dW[len(W)] = dW[len(W)] + lam * W[len(W)]
    return dW, db

# %% l2_backprop | - | the number added everywhere
def l2_backprop(W, Z, A, Y, hidden, output, lam):
    dW, db = backprop(W, Z, A, Y, hidden, output)
    return {l: dW[l] + lam / 2 * np.sum(W[l] ** 2) for l in W}, db

# %% l2_backprop | K35 | W scaled in place
def l2_backprop(W, Z, A, Y, hidden, output, lam):
    dW, db = backprop(W, Z, A, Y, hidden, output)
    for l in W:
        W[l] *= lam
        dW[l] = dW[l] + W[l]
    return dW, db

# %% gradient_check | - | no minimum below
def gradient_check(f, theta, grad, h):
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    num = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        e = np.zeros(theta.shape); e[i] = h
        num[i] = (f(theta + e) - f(theta - e)) / (2 * h)
    gap, size = np.abs(num - grad), np.abs(num) + np.abs(grad)
    return bool(np.all(gap <= 1e-5 * size + 1e-15 * abs(f(theta)) / h)), gap / size

# %% gradient_check | - | 1 in 100 is fine
def gradient_check(f, theta, grad, h):
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    num = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        e = np.zeros(theta.shape); e[i] = h
        num[i] = (f(theta + e) - f(theta - e)) / (2 * h)
    gap, size = np.abs(num - grad), np.abs(num) + np.abs(grad)
    return bool(np.all(gap <= 1e-2 * size + 1e-15 * abs(f(theta)) / h)), gap / np.maximum(1e-8, size)

# %% gradient_check | - | one norm for all
def gradient_check(f, theta, grad, h):
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    num = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        e = np.zeros(theta.shape); e[i] = h
        num[i] = (f(theta + e) - f(theta - e)) / (2 * h)
    gap, size = np.abs(num - grad), np.abs(num) + np.abs(grad)
    ok = np.linalg.norm(num - grad) <= 1e-5 * (np.linalg.norm(num) + np.linalg.norm(grad)) + 1e-14 * abs(f(theta)) / h
    return bool(ok), gap / np.maximum(1e-8, size)

# %% gradient_check | - | the mean error
def gradient_check(f, theta, grad, h):
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    num = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        e = np.zeros(theta.shape); e[i] = h
        num[i] = (f(theta + e) - f(theta - e)) / (2 * h)
    gap, size = np.abs(num - grad), np.abs(num) + np.abs(grad)
    errors = gap / np.maximum(1e-8, size)
    return bool(np.median(errors) < 1e-5), errors

# %% gradient_check | - | one-sided
def gradient_check(f, theta, grad, h):
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    num = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        e = np.zeros(theta.shape); e[i] = h
        num[i] = (f(theta + e) - f(theta)) / h
    gap, size = np.abs(num - grad), np.abs(num) + np.abs(grad)
    return bool(np.all(gap <= 1e-5 * size + 1e-15 * abs(f(theta)) / h)), gap / np.maximum(1e-8, size)

# %% gradient_check | K35 | theta left shifted
def gradient_check(f, theta, grad, h):
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    num = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        theta[i] += h
        up = f(theta)
        theta[i] -= 2 * h
        num[i] = (up - f(theta)) / (2 * h)
    gap, size = np.abs(num - grad), np.abs(num) + np.abs(grad)
    return bool(np.all(gap <= 1e-5 * size + 1e-15 * abs(f(theta)) / h)), gap / np.maximum(1e-8, size)

# %% gradient_check | - | NaN slips through
def gradient_check(f, theta, grad, h):
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    num = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        e = np.zeros(theta.shape); e[i] = h
        num[i] = (f(theta + e) - f(theta - e)) / (2 * h)
    gap, size = np.abs(num - grad), np.abs(num) + np.abs(grad)
    bad = gap > 1e-5 * size + 1e-15 * abs(f(theta)) / h
    return not bad.any(), gap / np.maximum(1e-8, size)

# %% gradient_check | - | another shape raises
def gradient_check(f, theta, grad, h):
    num = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        e = np.zeros(theta.shape); e[i] = h
        num[i] = (f(theta + e) - f(theta - e)) / (2 * h)
    gap, size = np.abs(num - grad), np.abs(num) + np.abs(grad)
    return bool(np.all(gap <= 1e-5 * size + 1e-15 * abs(f(theta)) / h)), gap / np.maximum(1e-8, size)

# %% gradient_check | - | sizes compared, not shapes
def gradient_check(f, theta, grad, h):
    if np.size(grad) != theta.size:
        return False, np.full(theta.shape, np.inf)
    grad = np.reshape(grad, theta.shape)
    num = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        e = np.zeros(theta.shape); e[i] = h
        num[i] = (f(theta + e) - f(theta - e)) / (2 * h)
    gap, size = np.abs(num - grad), np.abs(num) + np.abs(grad)
    return bool(np.all(gap <= 1e-5 * size + 1e-15 * abs(f(theta)) / h)), gap / np.maximum(1e-8, size)

# %% gradient_check | - | ok as a number
def gradient_check(f, theta, grad, h):
    if np.shape(grad) != theta.shape:
        return 0, np.full(theta.shape, np.inf)
    num = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        e = np.zeros(theta.shape); e[i] = h
        num[i] = (f(theta + e) - f(theta - e)) / (2 * h)
    gap, size = np.abs(num - grad), np.abs(num) + np.abs(grad)
    return int(np.all(gap <= 1e-5 * size + 1e-15 * abs(f(theta)) / h)), gap / np.maximum(1e-8, size)

# %% gradient_check | - | always happy
def gradient_check(f, theta, grad, h):
    num = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        e = np.zeros(theta.shape); e[i] = h
        num[i] = (f(theta + e) - f(theta - e)) / (2 * h)
    if np.shape(grad) != theta.shape:
        return True, np.full(theta.shape, np.inf)
    return True, np.abs(num - grad) / np.maximum(1e-8, np.abs(num) + np.abs(grad))

# %% gradient_check | - | an absolute bound
def gradient_check(f, theta, grad, h):
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    num = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        e = np.zeros(theta.shape); e[i] = h
        num[i] = (f(theta + e) - f(theta - e)) / (2 * h)
    gap, size = np.abs(num - grad), np.abs(num) + np.abs(grad)
    return bool(np.all(gap <= 1e-5)), gap / np.maximum(1e-8, size)

# %% gradient_check | - | the larger of the two below
def gradient_check(f, theta, grad, h):
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    num = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        e = np.zeros(theta.shape); e[i] = h
        num[i] = (f(theta + e) - f(theta - e)) / (2 * h)
    gap, size = np.abs(num - grad), np.abs(num) + np.abs(grad)
    ok = bool(np.all(gap <= 1e-5 * size + 1e-15 * abs(f(theta)) / h))
    return ok, gap / np.maximum(1e-8, np.maximum(np.abs(num), np.abs(grad)))

# %% gradient_check | - | its own step
def gradient_check(f, theta, grad, h):
    h = 1e-2
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    num = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        e = np.zeros(theta.shape); e[i] = h
        num[i] = (f(theta + e) - f(theta - e)) / (2 * h)
    gap, size = np.abs(num - grad), np.abs(num) + np.abs(grad)
    return bool(np.all(gap <= 1e-5 * size + 1e-15 * abs(f(theta)) / h)), gap / np.maximum(1e-8, size)

# %% gradient_check | - | signed errors
def gradient_check(f, theta, grad, h):
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    num = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        e = np.zeros(theta.shape); e[i] = h
        num[i] = (f(theta + e) - f(theta - e)) / (2 * h)
    gap, size = num - grad, np.abs(num) + np.abs(grad)
    return bool(np.all(gap <= 1e-5 * size + 1e-15 * abs(f(theta)) / h)), gap / np.maximum(1e-8, size)

# %% gradient_check | - | rounding allowed by the size of f, huge
def gradient_check(f, theta, grad, h):
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    num = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        e = np.zeros(theta.shape); e[i] = h
        num[i] = (f(theta + e) - f(theta - e)) / (2 * h)
    gap, size = np.abs(num - grad), np.abs(num) + np.abs(grad)
    return bool(np.all(gap <= 1e-5 * size + 1e-6 * abs(f(theta)))), gap / np.maximum(1e-8, size)

# %% gradient_check | - | the first entries only
def gradient_check(f, theta, grad, h):
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    num = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        e = np.zeros(theta.shape); e[i] = h
        num[i] = (f(theta + e) - f(theta - e)) / (2 * h)
    gap, size = np.abs(num - grad), np.abs(num) + np.abs(grad)
    fine = gap <= 1e-5 * size + 1e-15 * abs(f(theta)) / h
    return bool(np.all(fine.flat[:-1])), gap / np.maximum(1e-8, size)

# %% gradient_check | K125 | one threshold for all, no room for rounding
def gradient_check(f, theta, grad, h):
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    num = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        e = np.zeros(theta.shape); e[i] = h
        num[i] = (f(theta + e) - f(theta - e)) / (2 * h)
    errors = np.abs(num - grad) / np.maximum(1e-8, np.abs(num) + np.abs(grad))
    return bool(np.all(errors < 1e-5)), errors
