# Right answers in many styles. Read as text by variants.py; never imported.
# Header: exercise | note, if full marks may come with a remark, or - | the style
# ruff: noqa
# fmt: off

# %% affine | - | einsum
def affine(W, a_prev, b):
    return np.einsum("ij,jk->ik", W, a_prev) + b

# %% affine | - | three loops
def affine(W, a_prev, b):
    n, m = W.shape[0], a_prev.shape[1]
    z = np.zeros((n, m))
    for i in range(n):
        for j in range(m):
            s = 0.0
            for k in range(W.shape[1]):
                s += W[i][k] * a_prev[k][j]
            z[i, j] = s + b[i, 0]
    return z

# %% affine | - | a row at a time
def affine(W, a_prev, b):
    return np.vstack([W[i] @ a_prev + b[i] for i in range(len(W))])

# %% affine | - | the bias as another column of W
def affine(W, a_prev, b):
    ones = np.ones((1, a_prev.shape[1]))
    return np.hstack([W, b]) @ np.vstack([a_prev, ones])

# %% affine | - | broadcasting instead of a product
def affine(W, a_prev, b):
    return (W[:, :, None] * a_prev[None, :, :]).sum(axis=1) + b

# %% affine | float32 | float32
def affine(W, a_prev, b):
    return (W.astype(np.float32) @ a_prev.astype(np.float32) + b.astype(np.float32))

# %% affine | - | dot with out=
def affine(W, a_prev, b):
    out = np.empty((W.shape[0], a_prev.shape[1]), dtype=float)
    np.dot(W.astype(float), a_prev.astype(float), out=out)
    out += b
    return out

# %% affine | - | with a default argument and a keyword
def affine(W, a_prev, b, *, transpose=False):
    W = W.T if transpose else W
    return np.matmul(W, a_prev) + np.tile(b, (1, a_prev.shape[1]))

# %% forward | - | a loop over a sorted list
def forward(W, b, X, hidden, output):
    Z, A = {}, {}
    A[0] = X
    L = len(W)
    for layer in sorted(W):
        z = W[layer].dot(A[layer - 1]) + b[layer]
        Z[layer] = z
        if layer == L:
            A[layer] = g(output, z)
        else:
            A[layer] = g(hidden, z)
    return Z, A

# %% forward | - | recursion
def forward(W, b, X, hidden, output):
    N = max(W)
    def go(l):
        if l == 0:
            return {}, {0: X}
        Z, A = go(l - 1)
        z = W[l] @ A[l - 1] + b[l]
        return Z | {l: z}, A | {l: g(output if l == N else hidden, z)}
    return go(N)

# %% forward | - | own activations, an own class
class Net:
    def __init__(self, W, b):
        self.W, self.b = W, b
    def act(self, name, z):
        if name == "relu":
            return z * (z > 0)
        if name == "sigmoid":
            return 0.5 * (1 + np.tanh(0.5 * z))
        if name == "tanh":
            return np.tanh(z)
        if name == "softmax":
            e = np.exp(z - z.max(0))
            return e / e.sum(0)
        return z
    def run(self, X, hidden, output):
        Z, A = {}, {0: X}
        for l in self.W:
            Z[l] = self.W[l] @ A[l - 1] + self.b[l]
            A[l] = self.act(output if l == len(self.W) else hidden, Z[l])
        return Z, A
def forward(W, b, X, hidden, output):
    return Net(W, b).run(X, hidden, output)

# %% forward | - | an example at a time
def forward(W, b, X, hidden, output):
    m = X.shape[1]
    N = len(W)
    Z = {l: np.zeros((W[l].shape[0], m)) for l in W}
    A = {l: np.zeros((W[l].shape[0], m)) for l in W}
    A[0] = X.copy()
    for i in range(m):
        a = X[:, [i]]
        for l in range(1, N + 1):
            z = W[l] @ a + b[l]
            a = g(hidden if l < N else output, z)
            Z[l][:, [i]] = z
            A[l][:, [i]] = a
    return Z, A

# %% sigmoid | - | two halves by mask
def sigmoid(z):
    z = np.asarray(z, dtype=float)
    out = np.empty(z.shape)
    pos = z >= 0
    out[pos] = 1 / (1 + np.exp(-z[pos]))
    e = np.exp(z[~pos])
    out[~pos] = e / (1 + e)
    return out

# %% sigmoid | - | the textbook formula, overflow warned about
def sigmoid(z):
    return 1 / (1 + np.exp(-z))

# %% sigmoid | - | clipped where it makes no difference
def sigmoid(z):
    return 1 / (1 + np.exp(-np.clip(z, -709, 709)))

# %% sigmoid | - | by tanh
def sigmoid(z):
    return (np.tanh(z / 2) + 1) / 2

# %% sigmoid | - | by logaddexp
def sigmoid(z):
    return np.exp(-np.logaddexp(0, -z))

# %% sigmoid | - | a loop over the entries
def sigmoid(z):
    out = np.zeros(np.shape(z))
    for i in np.ndindex(out.shape):
        x = float(z[i])
        out[i] = 1 / (1 + np.exp(-x)) if x >= 0 else np.exp(x) / (1 + np.exp(x))
    return out

# %% softmax | - | sum without keepdims
def softmax(z):
    e = np.exp(z - np.max(z, axis=0))
    return e / np.sum(e, axis=0)

# %% softmax | - | by logaddexp
def softmax(z):
    return np.exp(z - np.logaddexp.reduce(z, axis=0))

# %% softmax | - | a column at a time
def softmax(z):
    out = np.zeros(z.shape)
    for j in range(z.shape[1]):
        col = z[:, j]
        e = np.exp(col - max(col))
        out[:, j] = e / sum(e)
    return out

# %% softmax | - | transposed there and back
def softmax(z):
    t = z.T - z.T.max(axis=1, keepdims=True)
    e = np.exp(t)
    return (e / e.sum(axis=1, keepdims=True)).T

# %% softmax | - | pairwise differences
def softmax(z):
    with np.errstate(over="ignore"):
        return 1 / np.exp(z[None, :, :] - z[:, None, :]).sum(axis=1)

# %% g_prime | - | ReLU'(0) = 1
def g_prime(name, z):
    s = 1 / (1 + np.exp(-z))
    return {"sigmoid": s * (1 - s), "tanh": 1 - np.tanh(z) ** 2, "relu": np.where(z >= 0, 1.0, 0.0)}[name]

# %% g_prime | - | ReLU'(0) = 1/2, by heaviside
def g_prime(name, z):
    if name == "sigmoid":
        return sigmoid(z) * sigmoid(-z)
    elif name == "tanh":
        return (1 - np.tanh(z)) * (1 + np.tanh(z))
    else:
        return np.heaviside(z, 0.5)

# %% g_prime | - | integers for ReLU
def g_prime(name, z):
    if name == "sigmoid":
        a = sigmoid(z)
        return a - a ** 2
    if name == "tanh":
        return 1 - np.tanh(z) * np.tanh(z)
    return (z > 0).astype(int)

# %% g_prime | - | helper functions
def d_sigmoid(x):
    p = sigmoid(x)
    return p * (1.0 - p)
def d_tanh(x):
    t = np.tanh(x)
    return 1.0 - np.square(t)
def d_relu(x):
    out = np.zeros_like(x, dtype=float)
    out[x > 0] = 1
    return out
def g_prime(name, z):
    return globals()["d_" + name](z)

# %% g_prime | - | by match
def g_prime(name, z):
    match name:
        case "sigmoid":
            a = sigmoid(z)
            return np.multiply(a, 1 - a)
        case "tanh":
            return 4 * sigmoid(2 * z) * sigmoid(-2 * z)
        case "relu":
            return np.sign(np.maximum(z, 0.0))

# %% loss | - | logaddexp
def loss(output, z, Y):
    m = Y.shape[1]
    if output == "identity":
        return float(0.5 * np.linalg.norm(z - Y) ** 2 / m)
    if output == "sigmoid":
        return float(np.sum(Y * np.logaddexp(0, -z) + (1 - Y) * np.logaddexp(0, z)) / m)
    logp = z - np.logaddexp.reduce(z, axis=0, keepdims=True)
    return float(-np.sum(Y * logp) / m)

# %% loss | - | an example at a time
def loss(output, z, Y):
    total = 0.0
    for i in range(z.shape[1]):
        zi, yi = z[:, i], Y[:, i]
        if output == "identity":
            total += 0.5 * sum((zi[j] - yi[j]) ** 2 for j in range(len(zi)))
        elif output == "sigmoid":
            for j in range(len(zi)):
                total += max(zi[j], 0) - yi[j] * zi[j] + np.log1p(np.exp(-abs(zi[j])))
        else:
            top = max(zi)
            lse = top + np.log(sum(np.exp(zi - top)))
            total += sum(yi[j] * (lse - zi[j]) for j in range(len(zi)))
    return float(total / z.shape[1])

# %% loss | - | mean of the column sums, a NumPy scalar
def loss(output, z, Y):
    if output == "identity":
        per = ((z - Y) ** 2).sum(axis=0) / 2
    elif output == "sigmoid":
        per = (np.logaddexp(0, z) - Y * z).sum(axis=0)
    else:
        top = z.max(axis=0)
        per = (Y * (top + np.log(np.exp(z - top).sum(axis=0)) - z)).sum(axis=0)
    return per.mean()

# %% numerical_delta | - | in place on an own copy
def numerical_delta(loss_of_z, z, h):
    z = z.astype(float).copy()
    out = np.empty_like(z)
    for i in range(z.shape[0]):
        for j in range(z.shape[1]):
            old = z[i, j]
            z[i, j] = old + h
            up = loss_of_z(z)
            z[i, j] = old - h
            down = loss_of_z(z)
            z[i, j] = old
            out[i, j] = (up - down) / (2 * h)
    return out

# %% numerical_delta | - | in place on z itself, restored
def numerical_delta(loss_of_z, z, h):
    out = np.zeros(z.shape)
    for idx in np.ndindex(*z.shape):
        old = z[idx]
        z[idx] = old + h
        up = loss_of_z(z)
        z[idx] = old - h
        down = loss_of_z(z)
        z[idx] = old
        out[idx] = (up - down) / 2 / h
    return out

# %% numerical_delta | - | a list comprehension over an identity matrix
def numerical_delta(loss_of_z, z, h):
    E = np.eye(z.size).reshape(z.size, *z.shape) * h
    d = [(loss_of_z(z + e) - loss_of_z(z - e)) / (h + h) for e in E]
    return np.array(d).reshape(z.shape)

# %% numerical_delta | - | nditer
def numerical_delta(loss_of_z, z, h):
    out = np.zeros_like(z, dtype=float)
    it = np.nditer(z, flags=["multi_index"])
    while not it.finished:
        i = it.multi_index
        plus, minus = np.array(z, dtype=float), np.array(z, dtype=float)
        plus[i] += h
        minus[i] -= h
        out[i] = (loss_of_z(plus) - loss_of_z(minus)) / (2 * h)
        it.iternext()
    return out

# %% output_delta | extremes | an unstable softmax
def output_delta(output, z, Y):
    if output == "softmax":
        return np.exp(z) / np.exp(z).sum(axis=0) - Y
    return g(output, z) - Y

# %% output_delta | - | the chain rule with softmax's Jacobian
def output_delta(output, z, Y):
    a = g(output, z)
    if output == "identity":
        return z - Y
    if output == "sigmoid":
        return -(Y * (1 - a) - (1 - Y) * a)
    out = np.zeros(z.shape)
    for i in range(z.shape[1]):
        s, y = a[:, i], Y[:, i]
        for j in range(len(s)):
            for c in range(len(s)):
                out[j, i] += y[c] * (s[j] - (1.0 if j == c else 0.0))
    return out

# %% output_delta | - | a dict of own functions
def output_delta(output, z, Y):
    def soft(z):
        e = np.exp(z - z.max(axis=0))
        return e / e.sum(axis=0)
    def sig(z):
        return np.where(z > 0, 1 / (1 + np.exp(-np.abs(z))), np.exp(-np.abs(z)) / (1 + np.exp(-np.abs(z))))
    return {"identity": lambda z: z, "sigmoid": sig, "softmax": soft}[output](z) - Y

# %% output_delta | - | in place on an own copy
def output_delta(output, z, Y):
    d = np.array(g(output, z), dtype=float)
    d -= Y
    return d

# %% output_delta | - | minus (Y - A), by np.subtract
def output_delta(output, z, Y):
    return -np.subtract(Y, g(output, z))

# %% output_delta | float32 | float32
def output_delta(output, z, Y):
    return (g(output, z.astype(np.float32)) - Y.astype(np.float32)).astype(np.float32)

# %% hidden_delta | - | einsum
def hidden_delta(W_next, delta_next, z, hidden):
    return np.einsum("ji,jm,im->im", W_next, delta_next, g_prime(hidden, z))

# %% hidden_delta | - | loops
def hidden_delta(W_next, delta_next, z, hidden):
    n, m = z.shape
    out = np.zeros((n, m))
    s = g_prime(hidden, z)
    for i in range(n):
        for e in range(m):
            total = 0
            for j in range(W_next.shape[0]):
                total += W_next[j, i] * delta_next[j, e]
            out[i, e] = total * s[i, e]
    return out

# %% hidden_delta | - | transposed twice
def hidden_delta(W_next, delta_next, z, hidden):
    return (delta_next.T @ W_next).T * g_prime(hidden, z)

# %% hidden_delta | - | from a, where a is g(z)
def hidden_delta(W_next, delta_next, z, hidden):
    d = np.dot(W_next.T, delta_next)
    if hidden == "sigmoid":
        a = 1 / (1 + np.exp(-z))
        return d * a * (1 - a)
    if hidden == "tanh":
        a = np.tanh(z)
        return d * (1 - a ** 2)
    return d * (np.maximum(0, z) > 0)

# %% hidden_delta | - | a mask set to zero on an own array
def hidden_delta(W_next, delta_next, z, hidden):
    d = W_next.T @ delta_next
    if hidden == "relu":
        d[z <= 0] = 0
        return d
    return d * g_prime(hidden, z)

# %% hidden_delta | - | a diagonal Jacobian for each example
def hidden_delta(W_next, delta_next, z, hidden):
    cols = []
    for i in range(z.shape[1]):
        J = np.diag(g_prime(hidden, z[:, i]))
        cols.append(J @ W_next.T @ delta_next[:, i])
    return np.stack(cols, axis=1)

# %% hidden_delta | float32 | float32
def hidden_delta(W_next, delta_next, z, hidden):
    W_next, delta_next, z = (x.astype(np.float32) for x in (W_next, delta_next, z))
    return (W_next.T @ delta_next) * g_prime(hidden, z).astype(np.float32)

# %% all_deltas | - | delta[N] from A
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: A[N] - Y}
    l = N - 1
    while l >= 1:
        delta[l] = W[l + 1].T @ delta[l + 1] * g_prime(hidden, Z[l])
        l -= 1
    return delta

# %% all_deltas | - | recursion
def all_deltas(W, Z, A, Y, hidden, output):
    N = max(W)
    def back(l):
        if l == N:
            return {N: output_delta(output, Z[N], Y)}
        later = back(l + 1)
        later[l] = hidden_delta(W[l + 1], later[l + 1], Z[l], hidden)
        return later
    return back(1)

# %% all_deltas | - | slopes from A
def all_deltas(W, Z, A, Y, hidden, output):
    N = max(W)
    delta = {N: output_delta(output, Z[N], Y)}
    for l in range(N - 1, 0, -1):
        slope = {"sigmoid": A[l] * (1 - A[l]), "tanh": 1 - A[l] ** 2, "relu": (A[l] > 0) * 1.0}[hidden]
        delta[l] = slope * (W[l + 1].T @ delta[l + 1])
    return {l: delta[l] for l in sorted(delta)}

# %% residual_delta | - | einsum and a helper
def shortcut(delta_a):
    return delta_a.copy()
def residual_delta(W, z, delta_a):
    s = 1 / np.cosh(z) ** 2
    dz = s * delta_a
    return dz, np.einsum("ji,jm->im", W, dz) + shortcut(delta_a)

# %% residual_delta | - | one Jacobian an example
def residual_delta(W, z, delta_a):
    n, m = z.shape
    dz, da = np.zeros((n, m)), np.zeros((n, m))
    for i in range(m):
        s = 1 - np.tanh(z[:, i]) ** 2
        dz[:, i] = s * delta_a[:, i]
        da[:, i] = (np.eye(n) + np.diag(s) @ W).T @ delta_a[:, i]
    return dz, da

# %% huber_output_delta | - | where
def huber_output_delta(z, Y, kappa):
    r = z - Y
    return np.where(np.abs(r) <= kappa, r, kappa * np.sign(r))

# %% huber_output_delta | - | minimum and maximum
def huber_output_delta(z, Y, kappa):
    return np.maximum(-kappa, np.minimum(kappa, z - Y))

# %% huber_output_delta | - | loops
def huber_output_delta(z, Y, kappa):
    out = np.zeros(z.shape)
    for i in range(z.shape[0]):
        for j in range(z.shape[1]):
            r = z[i, j] - Y[i, j]
            if abs(r) < kappa:
                out[i, j] = r
            elif r > 0:
                out[i, j] = kappa
            else:
                out[i, j] = -kappa
    return out

# %% layer_gradients | - | einsum
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    return np.einsum("im,jm->ij", delta, a_prev) / m, np.mean(delta, axis=1, keepdims=True)

# %% layer_gradients | - | an example at a time
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    dW = np.zeros((delta.shape[0], a_prev.shape[0]))
    db = np.zeros((delta.shape[0], 1))
    for i in range(m):
        dW += np.outer(delta[:, i], a_prev[:, i]) / m
        db += delta[:, i : i + 1] / m
    return dW, db

# %% layer_gradients | - | a mean of outer products
def layer_gradients(delta, a_prev):
    outer = delta[:, None, :] * a_prev[None, :, :]
    return outer.mean(axis=2), delta.mean(axis=1).reshape(-1, 1)

# %% layer_gradients | - | db as a product with ones
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    return (1 / m) * np.dot(delta, a_prev.T), (1 / m) * delta @ np.ones((m, 1))

# %% layer_gradients | shape | db of shape (n,)
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    return delta @ a_prev.T / m, np.sum(delta, axis=1) / m

# %% layer_gradients | - | a list for the pair
def layer_gradients(delta, a_prev):
    m = a_prev.shape[1]
    return [np.matmul(delta, np.transpose(a_prev)) / m, delta.sum(1)[:, None] / m]

# %% layer_gradients | - | 1/m taken into a copy first
def layer_gradients(delta, a_prev):
    delta = delta / delta.shape[1]
    return delta @ a_prev.T, delta.sum(axis=1, keepdims=True)

# %% backprop | - | all deltas first
def backprop(W, Z, A, Y, hidden, output):
    N, m = max(W), Y.shape[1]
    delta = {N: A[N] - Y}
    for l in range(N - 1, 0, -1):
        delta[l] = W[l + 1].T @ delta[l + 1] * g_prime(hidden, Z[l])
    dW = {l: delta[l] @ A[l - 1].T / m for l in range(1, N + 1)}
    db = {l: delta[l].mean(axis=1, keepdims=True) for l in range(1, N + 1)}
    return dW, db

# %% backprop | - | an example at a time
def backprop(W, Z, A, Y, hidden, output):
    N, m = max(W), Y.shape[1]
    dW = {l: np.zeros(W[l].shape) for l in W}
    db = {l: np.zeros((W[l].shape[0], 1)) for l in W}
    for i in range(m):
        d = A[N][:, [i]] - Y[:, [i]]
        for l in range(N, 0, -1):
            dW[l] += d @ A[l - 1][:, [i]].T
            db[l] += d
            if l > 1:
                d = W[l].T @ d * g_prime(hidden, Z[l - 1][:, [i]])
    return {l: dW[l] / m for l in dW}, {l: db[l] / m for l in db}

# %% backprop | - | 1/m at the output
def backprop(W, Z, A, Y, hidden, output):
    N, m = max(W), Y.shape[1]
    d = (A[N] - Y) / m
    dW, db = {}, {}
    for l in reversed(range(1, N + 1)):
        dW[l], db[l] = d @ A[l - 1].T, d.sum(axis=1, keepdims=True)
        if l > 1:
            d = (W[l].T @ d) * g_prime(hidden, Z[l - 1])
    return dW, db

# %% backprop | - | slopes from A
def backprop(W, Z, A, Y, hidden, output):
    N, m = max(W), Y.shape[1]
    slope = {"sigmoid": lambda a: a * (1 - a), "tanh": lambda a: 1 - a * a, "relu": lambda a: np.sign(a)}[hidden]
    d = A[N] - Y
    dW, db = {}, {}
    for l in range(N, 0, -1):
        dW[l] = d.dot(A[l - 1].T) / m
        db[l] = d.sum(1).reshape(-1, 1) / m
        if l != 1:
            d = W[l].T.dot(d) * slope(A[l - 1])
    return dW, db

# %% backprop | - | a class with a method a layer
class Layer:
    def __init__(self, W, z, a_prev):
        self.W, self.z, self.a_prev = W, z, a_prev
    def gradients(self, d):
        m = d.shape[1]
        return np.einsum("im,jm->ij", d, self.a_prev) / m, np.einsum("im->i", d)[:, None] / m
    def back(self, d):
        return np.einsum("ij,im->jm", self.W, d)
def backprop(W, Z, A, Y, hidden, output):
    N = max(W)
    layers = {l: Layer(W[l], Z[l], A[l - 1]) for l in W}
    d = A[N] - Y
    dW, db = {}, {}
    for l in range(N, 0, -1):
        dW[l], db[l] = layers[l].gradients(d)
        if l > 1:
            d = layers[l].back(d) * g_prime(hidden, Z[l - 1])
    return dW, db

# %% backprop | - | from Z alone, everything recomputed from z
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    def y_hat(z):
        if output == "identity": return z
        if output == "sigmoid": return 1 / (1 + np.exp(-z))
        e = np.exp(z - z.max(axis=0)); return e / e.sum(axis=0)
    d = y_hat(Z[N]) - Y
    dW, db = {}, {}
    for l in range(N, 0, -1):
        dW[l] = d @ A[l - 1].T / m
        db[l] = np.array([[sum(row) / m] for row in d])
        d = W[l].T @ d * g_prime(hidden, Z[l - 1]) if l > 1 else None
    return dW, db

# %% backprop | float32 | float32
def backprop(W, Z, A, Y, hidden, output):
    N, m = max(W), Y.shape[1]
    f = np.float32
    d = A[N].astype(f) - Y.astype(f)
    dW, db = {}, {}
    for l in range(N, 0, -1):
        dW[l] = d @ A[l - 1].astype(f).T / f(m)
        db[l] = d.sum(axis=1, keepdims=True) / f(m)
        if l > 1:
            d = W[l].astype(f).T @ d * g_prime(hidden, Z[l - 1].astype(f)).astype(f)
    return dW, db

# %% backprop | shape | db of shape (n,)
def backprop(W, Z, A, Y, hidden, output):
    N, m = max(W), Y.shape[1]
    d = A[N] - Y
    dW, db = {}, {}
    for l in range(N, 0, -1):
        dW[l] = d @ A[l - 1].T / m
        db[l] = d.sum(axis=1) / m
        if l > 1:
            d = W[l].T @ d * g_prime(hidden, Z[l - 1])
    return dW, db

# %% backprop | - | recursion
def backprop(W, Z, A, Y, hidden, output):
    N, m = max(W), Y.shape[1]
    dW, db = {}, {}
    def visit(l, d):
        if l == 0:
            return
        dW[l], db[l] = d @ A[l - 1].T / m, d @ np.full((m, 1), 1 / m)
        if l > 1:
            visit(l - 1, W[l].T @ d * g_prime(hidden, Z[l - 1]))
    visit(N, A[N] - Y)
    return dW, db

# %% backprop | - | a ReLU slope of 1 at zero
def backprop(W, Z, A, Y, hidden, output):
    N, m = max(W), Y.shape[1]
    d = A[N] - Y
    dW, db = {}, {}
    for l in range(N, 0, -1):
        dW[l] = d @ A[l - 1].T / m
        db[l] = d.sum(axis=1, keepdims=True) / m
        if l > 1:
            d = W[l].T @ d * ((Z[l - 1] >= 0) * 1.0 if hidden == "relu" else g_prime(hidden, Z[l - 1]))
    return dW, db

# %% l2_backprop | - | written out
def l2_backprop(W, Z, A, Y, hidden, output, lam):
    N, m = max(W), Y.shape[1]
    d = A[N] - Y
    dW, db = {}, {}
    for l in range(N, 0, -1):
        dW[l] = d @ A[l - 1].T / m
        dW[l] += lam * W[l]
        db[l] = d.sum(axis=1, keepdims=True) / m
        if l > 1:
            d = W[l].T @ d * g_prime(hidden, Z[l - 1])
    return dW, db

# %% l2_backprop | - | added in place to an own result
def l2_backprop(W, Z, A, Y, hidden, output, lam):
    dW, db = backprop(W, Z, A, Y, hidden, output)
    for l in dW:
        dW[l] = np.add(dW[l], np.multiply(lam, W[l]))
    return dW, db

# %% gradient_check | - | in place, restored
def gradient_check(f, theta, grad, h):
    grad = np.asarray(grad, dtype=float)
    if grad.shape != theta.shape:
        return False, np.full(theta.shape, np.nan)
    num = np.zeros(theta.shape)
    noise = 0.0
    for i in np.ndindex(theta.shape):
        old = theta[i]
        theta[i] = old + h
        up = f(theta)
        theta[i] = old - h
        down = f(theta)
        theta[i] = old
        num[i] = (up - down) / (2 * h)
        noise = max(noise, np.spacing(abs(up)) / h, np.spacing(abs(down)) / h)
    diff = np.abs(num - grad)
    errors = diff / np.maximum(1e-8, np.abs(num) + np.abs(grad))
    fine = (errors < 2e-5) | (diff < 16 * noise)
    return bool(fine.all()), errors

# %% gradient_check | - | flat, with a comprehension
def gradient_check(f, theta, grad, h):
    shape = theta.shape
    if not isinstance(grad, np.ndarray) or grad.shape != shape:
        return False, np.ones(shape) * np.inf
    steps = h * np.eye(theta.size)
    values = [(f(theta + s.reshape(shape)), f(theta - s.reshape(shape))) for s in steps]
    num = np.array([(u - d) / (2 * h) for u, d in values]).reshape(shape)
    scale = max([abs(u) for u, _ in values] + [0.0])
    err = np.abs(num - grad) / np.maximum(1e-8, np.abs(num) + np.abs(grad))
    tol = 1e-5 * (np.abs(num) + np.abs(grad)) + 20 * 2.2e-16 * scale / h
    ok = not np.isnan(grad).any() and bool((np.abs(num - grad) <= tol).all())
    return ok, err
