"""Right answers in many styles. RIGHT[exercise id] lists functions; the judge must give each of
them everything.
"""

import numpy as np

RIGHT = {}


def right(exercise):
    def add(function):
        RIGHT.setdefault(exercise, []).append(function)
        return function

    return add


# ---- chapter 1


@right("affine")
def affine_dot(W, a_prev, b):
    return np.dot(W, a_prev) + b


@right("affine")
def affine_einsum(W, a_prev, b):
    return np.einsum("ij,jk->ik", W, a_prev) + b


@right("affine")
def affine_loops(W, a_prev, b):
    n, p = W.shape
    z = np.zeros((n, a_prev.shape[1]))
    for i in range(n):
        for e in range(a_prev.shape[1]):
            total = 0.0
            for j in range(p):
                total += W[i, j] * a_prev[j, e]
            z[i, e] = total + b[i, 0]
    return z


@right("affine")
def affine_columns(W, a_prev, b):
    return np.stack([W @ a_prev[:, e] + b[:, 0] for e in range(a_prev.shape[1])], axis=1)


@right("affine")
def affine_augmented(W, a_prev, b):
    return np.hstack([W, b]) @ np.vstack([a_prev, np.ones((1, a_prev.shape[1]))])


@right("affine")
def affine_means_apart(W, a_prev, b):
    mean_W, mean_a = W.mean(axis=1, keepdims=True), a_prev.mean(axis=0, keepdims=True)
    return (W - mean_W) @ (a_prev - mean_a) + W.shape[1] * mean_W @ mean_a + b


@right("affine")
def affine_float32(W, a_prev, b):
    return W.astype(np.float32) @ a_prev.astype(np.float32) + b.astype(np.float32)


@right("affine")
def affine_mixed(W, a_prev, b):
    return W.astype(np.float32) @ a_prev + b


@right("affine")
def affine_fortran(W, a_prev, b):
    return np.asfortranarray((a_prev.T @ W.T + b.T).T)


@right("affine")
def affine_in_place(W, a_prev, b):
    z = W @ a_prev
    z += b
    return z


def squash(name, z):
    if name == "identity":
        return z
    if name == "sigmoid":
        return 0.5 * (1 + np.tanh(z / 2))
    if name == "tanh":
        return np.tanh(z)
    if name == "relu":
        return z * (z > 0)
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)


@right("forward")
def forward_loop(W, b, X, hidden, output):
    Z, A = {}, {0: X}
    for l in sorted(W):
        Z[l] = W[l] @ A[l - 1] + b[l]
        A[l] = squash(output if l == len(W) else hidden, Z[l])
    return Z, A


@right("forward")
def forward_naive(W, b, X, hidden, output):
    Z, A = {}, {}
    A[0] = X.copy()
    a = X
    for l in range(1, len(W) + 1):
        z = W[l].dot(a) + b[l]
        name = hidden if l < len(W) else output
        if name == "sigmoid":
            a = 1 / (1 + np.exp(-z))
        elif name == "tanh":
            a = (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))
        elif name == "relu":
            a = np.where(z > 0, z, 0)
        elif name == "softmax":
            a = np.exp(z) / np.sum(np.exp(z), axis=0, keepdims=True)
        else:
            a = z
        Z[l], A[l] = z, a
    return Z, A


@right("forward")
def forward_recursive(W, b, X, hidden, output, l=None):
    l = max(W) if l is None else l
    if l == 0:
        return {}, {0: X}
    Z, A = forward_recursive(W, b, X, hidden, output, l - 1)
    z = np.einsum("ij,jm->im", W[l], A[l - 1]) + b[l]
    return {**Z, l: z}, {**A, l: squash(output if l == max(W) else hidden, z)}


@right("forward")
def forward_float32(W, b, X, hidden, output):
    W = {l: w.astype(np.float32) for l, w in W.items()}
    b = {l: v.astype(np.float32) for l, v in b.items()}
    return forward_loop(W, b, X.astype(np.float32), hidden, output)


@right("forward")
def forward_mixed(W, b, X, hidden, output):
    return forward_loop({l: w.astype(np.float32) for l, w in W.items()}, b, X, hidden, output)


@right("forward")
def forward_class(W, b, X, hidden, output):
    class Layer:
        def __init__(self, W, b, name):
            self.W, self.b, self.name = W, b, name

        def __call__(self, a):
            self.z = self.W @ a + np.tile(self.b, (1, a.shape[1]))
            return squash(self.name, self.z)

    layers = [Layer(W[l], b[l], hidden) for l in range(1, max(W))] + [Layer(W[max(W)], b[max(W)], output)]
    Z, A = {}, {0: X}
    for l, layer in enumerate(layers, 1):
        A[l] = layer(A[l - 1])
        Z[l] = layer.z
    return Z, A


@right("forward")
def forward_by_example(W, b, X, hidden, output):
    N, m = max(W), X.shape[1]
    Z = {l: np.zeros((W[l].shape[0], m)) for l in W}
    A = {0: X} | {l: np.zeros((W[l].shape[0], m)) for l in W}
    for e in range(m):
        a = X[:, [e]]
        for l in W:
            z = W[l] @ a + b[l]
            a = squash(output if l == N else hidden, z)
            Z[l][:, [e]], A[l][:, [e]] = z, a
    return Z, A


# ---- chapter 2


@right("sigmoid")
def sigmoid_plain(z):
    return 1 / (1 + np.exp(-z))


@right("sigmoid")
def sigmoid_tanh(z):
    return 0.5 * (1 + np.tanh(z / 2))


@right("sigmoid")
def sigmoid_clip(z):
    return 1 / (1 + np.exp(-np.clip(z, -500, 500)))


@right("sigmoid")
def sigmoid_two_sided(z):
    return np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))


@right("sigmoid")
def sigmoid_masked(z):
    a = np.empty(z.shape)
    positive = z >= 0
    a[positive] = 1 / (1 + np.exp(-z[positive]))
    e = np.exp(z[~positive])
    a[~positive] = e / (1 + e)
    return a


@right("sigmoid")
def sigmoid_log(z):
    return np.exp(-np.logaddexp(0, -z))


@right("sigmoid")
def sigmoid_math(z):
    import math

    return np.vectorize(lambda x: 1 / (1 + math.exp(-x)) if x > -700 else 0.0)(z)


@right("sigmoid")
def sigmoid_mixed(z):
    return 1 / (1.0 + np.exp(-z.astype(np.float32)).astype(float))


@right("sigmoid")
def sigmoid_float32(z):
    z = z.astype(np.float32)
    return 1 / (1 + np.exp(-z))


@right("softmax")
def softmax_shifted(z):
    e = np.exp(z - z.max(axis=0, keepdims=True))
    return e / e.sum(axis=0, keepdims=True)


@right("softmax")
def softmax_log(z):
    top = z.max(axis=0)
    return np.exp(z - top - np.log(np.sum(np.exp(z - top), axis=0)))


@right("softmax")
def softmax_columns(z):
    a = np.zeros(z.shape)
    for e in range(z.shape[1]):
        column = np.exp(z[:, e] - max(z[:, e]))
        a[:, e] = column / sum(column)
    return a


@right("softmax")
def softmax_transposed(z):
    rows = z.T
    e = np.exp(rows - rows.max(axis=1)[:, None])
    return (e / e.sum(axis=1)[:, None]).T


@right("softmax")
def softmax_logaddexp(z):
    return np.exp(z - np.logaddexp.reduce(z, axis=0))


@right("softmax")
def softmax_float32(z):
    z = z.astype("float32")
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)


@right("softmax")
def softmax_along(z):
    return np.apply_along_axis(lambda c: np.exp(c - c.max()) / np.exp(c - c.max()).sum(), 0, z)


@right("g_prime")
def g_prime_from_a(name, z):
    if name == "sigmoid":
        s = 1 / (1 + np.exp(-z))
        return s * (1 - s)
    if name == "tanh":
        return 1 - np.tanh(z) ** 2
    return (z > 0).astype(float)


@right("g_prime")
def g_prime_quotients(name, z):
    if name == "sigmoid":
        return np.exp(-np.abs(z)) / (1 + np.exp(-np.abs(z))) ** 2
    if name == "tanh":
        return 1 / np.cosh(z) ** 2
    return np.heaviside(z, 0.5)


@right("g_prime")
def g_prime_kink_one(name, z):
    if name == "relu":
        d = np.zeros_like(z)
        d[z >= 0] = 1
        return d
    if name == "tanh":
        return 4 / (np.exp(z) + np.exp(-z)) ** 2
    return 1 / (2 + np.exp(z) + np.exp(-z))


@right("g_prime")
def g_prime_through_tanh(name, z):
    if name == "sigmoid":
        return (1 - np.tanh(z / 2) ** 2) / 4
    if name == "tanh":
        t = np.tanh(z)
        return (1 - t) * (1 + t)
    return np.where(z > 0, 1, 0)


@right("g_prime")
def g_prime_loops(name, z):
    slopes = {
        "sigmoid": lambda x: 1 / (1 + np.exp(-x)) * (1 - 1 / (1 + np.exp(-x))),
        "tanh": lambda x: 1 - np.tanh(x) ** 2,
        "relu": lambda x: 1.0 if x > 0 else 0.0,
    }
    out = np.zeros(z.shape)
    for i in range(z.shape[0]):
        for j in range(z.shape[1]):
            out[i, j] = slopes[name](z[i, j])
    return out


@right("g_prime")
def g_prime_sign(name, z):
    if name == "relu":
        return 0.5 * (1 + np.sign(z))
    a = squash(name, z)
    return a - a**2 if name == "sigmoid" else 1 - np.square(a)


@right("g_prime")
def g_prime_mask(name, z):
    return z > 0 if name == "relu" else g_prime_from_a(name, z)


@right("g_prime")
def g_prime_float32(name, z):
    return np.asarray(g_prime_from_a(name, z.astype(np.float32)), dtype=np.float32)


@right("g_prime")
def g_prime_complex_step(name, z):
    """In complex64 its step is 0."""
    return (z > 0) * 1.0 if name == "relu" else squash(name, z + 1e-200j).imag / 1e-200


# ---- chapter 3


@right("loss")
def loss_by_example(output, z, Y):
    k, m = z.shape
    total = 0.0
    for e in range(m):
        for j in range(k):
            if output == "identity":
                total += 0.5 * (z[j, e] - Y[j, e]) ** 2
            elif output == "sigmoid":
                total += np.logaddexp(0, z[j, e]) - Y[j, e] * z[j, e]
            else:
                total += Y[j, e] * (np.logaddexp.reduce(z[:, e]) - z[j, e])
    return total / m


@right("loss")
def loss_numpy_scalar(output, z, Y):
    if output == "identity":
        return 0.5 * np.mean(np.sum((Y - z) ** 2, axis=0))
    if output == "sigmoid":
        return np.sum(np.maximum(z, 0) - z * Y + np.log(1 + np.exp(-np.abs(z)))) / z.shape[1]
    top = z.max(axis=0, keepdims=True)
    log_y_hat = z - top - np.log(np.exp(z - top).sum(axis=0, keepdims=True))
    return -np.sum(Y * log_y_hat) / z.shape[1]


@right("loss")
def loss_softplus_pair(output, z, Y):
    m = Y.shape[1]
    if output == "identity":
        return np.linalg.norm(z - Y) ** 2 / (2 * m)
    if output == "sigmoid":
        return float((Y * np.logaddexp(0, -z) + (1 - Y) * np.logaddexp(0, z)).sum() / m)
    return float(-(Y * (z - np.logaddexp.reduce(z, axis=0))).sum() / m)


@right("loss")
def loss_array(output, z, Y):
    return np.array([[loss_numpy_scalar(output, z, Y)]])


@right("loss")
def loss_einsum(output, z, Y):
    if output == "identity":
        r = z - Y
        return np.einsum("ij,ij->", r, r) / 2 / z.shape[1]
    return loss_softplus_pair(output, z, Y)


@right("loss")
def loss_float32(output, z, Y):
    return loss_numpy_scalar(output, z.astype(np.float32), Y.astype(np.float32))


# ---- chapter 4


@right("numerical_delta")
def numerical_copies(loss_of_z, z, h):
    out = np.zeros(z.shape)
    for i in range(z.shape[0]):
        for j in range(z.shape[1]):
            up, down = z.copy(), z.copy()
            up[i, j] += h
            down[i, j] -= h
            out[i, j] = (loss_of_z(up) - loss_of_z(down)) / (2 * h)
    return out


@right("numerical_delta")
def numerical_in_place(loss_of_z, z, h):
    out = np.zeros_like(z)
    for i in np.ndindex(*z.shape):
        old = z[i]
        z[i] = old + h
        up = loss_of_z(z)
        z[i] = old - h
        down = loss_of_z(z)
        z[i] = old
        out[i] = (up - down) / (2 * h)
    return out


@right("numerical_delta")
def numerical_in_place_drifting(loss_of_z, z, h):
    out = np.zeros(z.shape)
    for i in np.ndindex(*z.shape):
        z[i] += h
        up = loss_of_z(z)
        z[i] -= 2 * h
        down = loss_of_z(z)
        z[i] += h
        out[i] = (up - down) / (2 * h)
    return out


@right("numerical_delta")
def numerical_basis(loss_of_z, z, h):
    flat = []
    for e in np.eye(z.size):
        step = h * e.reshape(z.shape)
        flat.append(0.5 * (loss_of_z(z + step) - loss_of_z(z - step)) / h)
    return np.array(flat).reshape(z.shape)


@right("numerical_delta")
def numerical_nditer(loss_of_z, z, h):
    grad = np.zeros(z.shape)
    it = np.nditer(z, flags=["multi_index"])
    while not it.finished:
        i = it.multi_index
        e = np.zeros(z.shape)
        e[i] = 1.0
        grad[i] = loss_of_z(z + h * e) / (2 * h) - loss_of_z(z - h * e) / (2 * h)
        it.iternext()
    return grad


# ---- chapter 5


@right("output_delta")
def output_squash(output, z, Y):
    return squash(output, z) - Y


@right("output_delta")
def output_jacobian(output, z, Y):
    if output == "identity":
        return z - Y
    if output == "sigmoid":
        return 1 / (1 + np.exp(-z)) - Y
    delta = np.zeros(z.shape)
    for e in range(z.shape[1]):
        s = squash("softmax", z[:, [e]])[:, 0]
        # the Jacobian applied to -y/s, with the division done by hand so that s = 0 is no trouble
        delta[:, e] = s * np.sum(Y[:, e]) - Y[:, e]
    return delta


@right("output_delta")
def output_minus(output, z, Y):
    return -(Y - squash(output, z))


@right("output_delta")
def output_mixed(output, z, Y):
    return squash(output, z.astype(np.float32)) - Y


@right("output_delta")
def output_float32(output, z, Y):
    return squash(output, z.astype(np.float32)) - Y.astype(np.float32)


@right("output_delta")
def output_subtract(output, z, Y):
    names = {"identity": lambda v: v.copy(), "sigmoid": sigmoid_two_sided, "softmax": softmax_log}
    delta = names[output](z)
    delta -= Y
    return delta


@right("output_delta")
def output_differences(output, z, Y):
    h = 1e-5
    delta = np.zeros(z.shape)

    def each(v):
        if output == "identity":
            return np.sum((v - Y) ** 2, axis=0) / 2
        if output == "sigmoid":
            return np.sum(np.logaddexp(0, v) - Y * v, axis=0)
        return np.sum(Y * (np.logaddexp.reduce(v, axis=0) - v), axis=0)

    if np.abs(z).max() > 500 or z.dtype != float or output == "identity":
        return squash(output, z) - Y
    for j in range(z.shape[0]):
        step = np.zeros(z.shape)
        step[j] = h
        delta[j] = (each(z + step) - each(z - step)) / (2 * h)
    return delta


@right("huber_output_delta")
def huber_clip(z, Y, kappa):
    return np.clip(z - Y, -kappa, kappa)


@right("huber_output_delta")
def huber_where(z, Y, kappa):
    r = z - Y
    return np.where(np.abs(r) <= kappa, r, kappa * np.sign(r))


@right("huber_output_delta")
def huber_loops(z, Y, kappa):
    out = np.zeros(z.shape)
    for i in np.ndindex(z.shape):
        r = z[i] - Y[i]
        out[i] = r if abs(r) < kappa else kappa if r > 0 else -kappa
    return out


@right("huber_output_delta")
def huber_scaled(z, Y, kappa):
    r = z - Y
    return r / np.maximum(1, np.abs(r) / kappa)


# ---- chapter 6


@right("hidden_delta")
def hidden_delta_means_apart(W_next, delta_next, z, hidden):
    mean_W, mean_delta = W_next.mean(axis=0), delta_next.mean(axis=0)
    s = (W_next - mean_W).T @ (delta_next - mean_delta) + len(W_next) * np.outer(mean_W, mean_delta)
    return s * g_prime_from_a(hidden, z)


@right("hidden_delta")
def hidden_dot(W_next, delta_next, z, hidden):
    return np.dot(W_next.T, delta_next) * g_prime_from_a(hidden, z)


@right("hidden_delta")
def hidden_loops(W_next, delta_next, z, hidden):
    n, m = z.shape
    out = np.zeros((n, m))
    slopes = g_prime_from_a(hidden, z)
    for j in range(n):
        for e in range(m):
            out[j, e] = sum(W_next[i, j] * delta_next[i, e] for i in range(W_next.shape[0])) * slopes[j, e]
    return out


@right("hidden_delta")
def hidden_einsum(W_next, delta_next, z, hidden):
    return np.einsum("ij,ie,je->je", W_next, delta_next, g_prime_quotients(hidden, z))


@right("hidden_delta")
def hidden_rows(W_next, delta_next, z, hidden):
    return ((delta_next.T @ W_next) * g_prime_sign(hidden, z).T).T


@right("hidden_delta")
def hidden_jacobian(W_next, delta_next, z, hidden):
    columns = []
    for e in range(z.shape[1]):
        columns.append(
            np.diag(g_prime_through_tanh(hidden, z)[:, e].astype(float)) @ W_next.T @ delta_next[:, e]
        )
    return np.array(columns).T


@right("hidden_delta")
def hidden_zeroed(W_next, delta_next, z, hidden):
    back = W_next.transpose() @ delta_next
    if hidden == "relu":
        back[z <= 0] = 0
        return back
    return back * g_prime_from_a(hidden, z)


@right("hidden_delta")
def hidden_half_at_zero(W_next, delta_next, z, hidden):
    return (W_next.T @ delta_next) * g_prime_quotients(hidden, z)


@right("hidden_delta")
def hidden_one_at_zero(W_next, delta_next, z, hidden):
    return (W_next.T @ delta_next) * g_prime_kink_one(hidden, z)


@right("hidden_delta")
def hidden_mixed(W_next, delta_next, z, hidden):
    return (W_next.astype("f4").T @ delta_next) * g_prime_from_a(hidden, z)


@right("hidden_delta")
def hidden_float32(W_next, delta_next, z, hidden):
    back = W_next.T.astype("f4") @ delta_next.astype("f4")
    return back * np.asarray(g_prime_from_a(hidden, z.astype("f4")), dtype="f4")


def net_deltas(W, Z, A, Y, output, slope):
    N = max(W)
    delta = {N: (A[N] - Y) * 1.0}
    for l in reversed(range(1, N)):
        delta[l] = W[l + 1].T @ delta[l + 1] * slope(l)
    return delta


@right("all_deltas")
def deltas_from_a(W, Z, A, Y, hidden, output):
    slopes = {"sigmoid": lambda a: a * (1 - a), "tanh": lambda a: 1 - a**2, "relu": lambda a: (a > 0) * 1.0}
    return net_deltas(W, Z, A, Y, output, lambda l: slopes[hidden](A[l]))


@right("all_deltas")
def deltas_from_z(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: squash(output, Z[N]) - Y}
    for l in range(N - 1, 0, -1):
        delta[l] = hidden_einsum(W[l + 1], delta[l + 1], Z[l], hidden)
    return delta


@right("all_deltas")
def deltas_sorted(W, Z, A, Y, hidden, output):
    delta = net_deltas(W, Z, A, Y, output, lambda l: g_prime_quotients(hidden, Z[l]))
    return dict(sorted(delta.items()))


@right("all_deltas")
def deltas_recursive(W, Z, A, Y, hidden, output, l=1):
    if l == max(W):
        return {l: A[l] - Y}
    rest = deltas_recursive(W, Z, A, Y, hidden, output, l + 1)
    return {l: hidden_rows(W[l + 1], rest[l + 1], Z[l], hidden), **rest}


@right("all_deltas")
def deltas_kink_one(W, Z, A, Y, hidden, output):
    return net_deltas(W, Z, A, Y, output, lambda l: g_prime_kink_one(hidden, Z[l]))


@right("all_deltas")
def deltas_float32(W, Z, A, Y, hidden, output):
    small = [{l: v.astype(np.float32) for l, v in d.items()} for d in (W, Z, A)]
    return deltas_from_a(*small, Y.astype(np.float32), hidden, output)


@right("all_deltas")
def deltas_mixed(W, Z, A, Y, hidden, output):
    small = [{l: v.astype(np.float32) for l, v in d.items()} for d in (W, Z, A)]
    return deltas_from_a(*small, Y, hidden, output)


@right("all_deltas")
def deltas_mixed_weights(W, Z, A, Y, hidden, output):
    return deltas_from_z({l: w.astype(np.float32) for l, w in W.items()}, Z, A, Y, hidden, output)


@right("residual_delta")
def residual_plain(W, z, delta_a):
    delta_z = delta_a * (1 - np.tanh(z) ** 2)
    return delta_z, W.T @ delta_z + delta_a


@right("residual_delta")
def residual_cosh(W, z, delta_a):
    delta_z = delta_a / np.cosh(z) ** 2
    return delta_z, delta_a + np.einsum("ij,ie->je", W, delta_z)


@right("residual_delta")
def residual_jacobian(W, z, delta_a):
    delta_z, delta_a_prev = np.zeros(z.shape), np.zeros(z.shape)
    for e in range(z.shape[1]):
        D = np.diag(1 - np.tanh(z[:, e]) ** 2)
        delta_z[:, e] = D @ delta_a[:, e]
        delta_a_prev[:, e] = (D @ W + np.eye(len(W))).T @ delta_a[:, e]
    return [delta_z, delta_a_prev]


# ---- chapter 7


@right("layer_gradients")
def gradients_dot(delta, a_prev):
    m = a_prev.shape[1]
    return np.dot(delta, a_prev.T) / m, delta.sum(axis=1).reshape(-1, 1) / m


@right("layer_gradients")
def gradients_mean(delta, a_prev):
    m = delta.shape[1]
    return (1 / m) * (delta @ a_prev.T), np.mean(delta, axis=1, keepdims=True)


@right("layer_gradients")
def gradients_outer(delta, a_prev):
    m = delta.shape[1]
    dW, db = np.zeros((len(delta), len(a_prev))), np.zeros((len(delta), 1))
    for e in range(m):
        dW += np.outer(delta[:, e], a_prev[:, e])
        db[:, 0] += delta[:, e]
    return dW / m, db / m


@right("layer_gradients")
def gradients_einsum(delta, a_prev):
    return np.einsum("ie,je->ij", delta, a_prev) / delta.shape[-1], delta.mean(1)[:, None]


@right("layer_gradients")
def gradients_flat_db(delta, a_prev):
    return delta @ a_prev.T / delta.shape[1], delta.mean(axis=1)


@right("layer_gradients")
def gradients_ones(delta, a_prev):
    m = delta.shape[1]
    return delta / m @ a_prev.T, delta @ np.ones((m, 1)) / m


@right("layer_gradients")
def gradients_augmented(delta, a_prev):
    m = delta.shape[1]
    both = delta @ np.vstack([a_prev, np.ones((1, m))]).T / m
    return both[:, :-1], both[:, -1:]


@right("layer_gradients")
def gradients_in_place(delta, a_prev):
    dW = delta @ a_prev.T
    db = np.sum(delta, axis=1, keepdims=True)
    dW /= delta.shape[1]
    db /= delta.shape[1]
    return dW, db


@right("layer_gradients")
def gradients_mixed(delta, a_prev):
    dW = delta.astype(np.float32) @ a_prev.T / delta.shape[1]
    return dW, delta.mean(axis=1, keepdims=True)


@right("layer_gradients")
def gradients_float32(delta, a_prev):
    delta, a_prev = np.float32(delta), np.float32(a_prev)
    m = np.float32(delta.shape[1])
    return (delta * (1 / m)) @ a_prev.T, delta.sum(axis=1, keepdims=True) * (1 / m)


@right("layer_gradients")
def gradients_broadcast(delta, a_prev):
    return (delta[:, None, :] * a_prev[None, :, :]).mean(axis=2), delta.mean(axis=1, keepdims=True)


@right("layer_gradients")
def gradients_covariance(delta, a_prev):
    mean_delta, mean_a = delta.mean(axis=1, keepdims=True), a_prev.mean(axis=1, keepdims=True)
    dW = (delta - mean_delta) @ (a_prev - mean_a).T / delta.shape[1] + mean_delta @ mean_a.T
    return dW, mean_delta


# ---- chapter 8


def steps(delta, A, gradients=gradients_mean):
    pairs = {l: gradients(delta[l], A[l - 1]) for l in delta}
    return {l: pair[0] for l, pair in pairs.items()}, {l: pair[1] for l, pair in pairs.items()}


@right("backprop")
def backprop_plain(W, Z, A, Y, hidden, output):
    return steps(deltas_from_a(W, Z, A, Y, hidden, output), A)


@right("backprop")
def backprop_covariances(W, Z, A, Y, hidden, output):
    return steps(deltas_from_a(W, Z, A, Y, hidden, output), A, gradients_covariance)


@right("backprop")
def backprop_early_mean(W, Z, A, Y, hidden, output):
    m = Y.shape[1]
    dZ = (A[max(W)] - Y) / m
    dW, db = {}, {}
    for l in range(max(W), 0, -1):
        dW[l] = dZ @ A[l - 1].T
        db[l] = dZ.sum(axis=1, keepdims=True)
        if l > 1:
            dZ = (W[l].T @ dZ) * g_prime_sign(hidden, Z[l - 1])
    return dW, db


@right("backprop")
def backprop_by_example(W, Z, A, Y, hidden, output):
    N, m = max(W), Y.shape[1]
    dW = {l: np.zeros(W[l].shape) for l in W}
    db = {l: np.zeros((W[l].shape[0], 1)) for l in W}
    for e in range(m):
        d = A[N][:, [e]] - Y[:, [e]]
        for l in range(N, 0, -1):
            dW[l] += d @ A[l - 1][:, [e]].T / m
            db[l] += d / m
            if l > 1:
                d = W[l].T @ d * g_prime_from_a(hidden, Z[l - 1][:, [e]])
    return dW, db


@right("backprop")
def backprop_kink_one(W, Z, A, Y, hidden, output):
    return steps(deltas_kink_one(W, Z, A, Y, hidden, output), A, gradients_einsum)


@right("backprop")
def backprop_kink_half(W, Z, A, Y, hidden, output):
    return steps(deltas_sorted(W, Z, A, Y, hidden, output), A, gradients_flat_db)


@right("backprop")
def backprop_float32(W, Z, A, Y, hidden, output):
    A = {l: a.astype(np.float32) for l, a in A.items()}
    return steps(deltas_float32(W, Z, A, Y, hidden, output), A, gradients_float32)


@right("backprop")
def backprop_memo(W, Z, A, Y, hidden, output):
    known = {}

    def delta(l):
        if l not in known:
            if l == max(W):
                known[l] = squash(output, Z[l]) - Y
            else:
                known[l] = hidden_dot(W[l + 1], delta(l + 1), Z[l], hidden)
        return known[l]

    return steps({l: delta(l) for l in W}, A, gradients_broadcast)


@right("backprop")
def backprop_mixed(W, Z, A, Y, hidden, output):
    return steps(deltas_mixed(W, Z, A, Y, hidden, output), A)


@right("l2_backprop")
def l2_added(W, Z, A, Y, hidden, output, lam):
    dW, db = backprop_plain(W, Z, A, Y, hidden, output)
    return {l: dW[l] + lam * W[l] for l in W}, db


@right("l2_backprop")
def l2_loop(W, Z, A, Y, hidden, output, lam):
    dW, db = backprop_early_mean(W, Z, A, Y, hidden, output)
    for l in dW:
        dW[l] += lam * W[l]
    return dW, db


@right("l2_backprop")
def l2_float32(W, Z, A, Y, hidden, output, lam):
    dW, db = backprop_float32(W, Z, A, Y, hidden, output)
    return {l: dW[l] + np.float32(lam) * W[l].astype("f4") for l in W}, db


# ---- chapter 9


@right("gradient_check")
def check_copies(f, theta, grad, h):
    grad = np.asarray(grad)
    if grad.shape != theta.shape or not np.isfinite(grad).all():
        return False, np.full(theta.shape, np.inf)
    numeric = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        up, down = theta.copy(), theta.copy()
        up[i] += h
        down[i] -= h
        numeric[i] = (f(up) - f(down)) / (2 * h)
    errors = np.abs(numeric - grad) / np.maximum(1e-8, np.abs(numeric) + np.abs(grad))
    fine = (errors < 1e-7) | (np.abs(numeric - grad) < 1e-15 * abs(f(theta)) / h)
    return fine.all(), errors


def check_with(threshold):
    def gradient_check(f, theta, grad, h):
        if grad.shape != theta.shape:
            return False, np.full_like(theta, np.nan)
        errors, gaps, noise = np.zeros_like(theta), np.zeros_like(theta), 1e-15 * abs(f(theta)) / h
        for i in np.ndindex(theta.shape):
            old = theta[i]
            theta[i] = old + h
            up = f(theta)
            theta[i] = old - h
            down = f(theta)
            theta[i] = old
            numeric = (up - down) / (2 * h)
            gaps[i] = abs(numeric - grad[i])
            errors[i] = gaps[i] / max(1e-8, abs(numeric) + abs(grad[i]))
        return bool(((errors < threshold) | (gaps <= noise)).all()), errors

    gradient_check.__name__ = f"check_{threshold:g}"
    return gradient_check


for threshold in (3e-8, 1e-7, 1e-6, 1e-5, 4e-5):
    right("gradient_check")(check_with(threshold))


@right("gradient_check")
def check_none_for_shape(f, theta, grad, h):
    try:
        assert grad.shape == theta.shape
    except AssertionError:
        return False, None
    flat = theta.reshape(-1)
    numeric = np.empty(flat.size)
    for i in range(flat.size):
        e = np.zeros(flat.size)
        e[i] = h
        numeric[i] = (f((flat + e).reshape(theta.shape)) - f((flat - e).reshape(theta.shape))) / 2 / h
    numeric = numeric.reshape(theta.shape)
    errors = np.abs(numeric - grad) / np.maximum(np.abs(numeric) + np.abs(grad), 1e-8)
    rounding = 4 * np.finfo(float).eps * abs(f(theta)) / h
    return np.all((errors < 1e-6) | (np.abs(numeric - grad) < rounding)), errors


@right("gradient_check")
def check_drifting(f, theta, grad, h):
    if np.shape(grad) != np.shape(theta):
        return np.bool_(False), np.ones(theta.shape)
    numeric = numerical_in_place_drifting(f, theta, h)
    errors = np.abs(numeric - grad) / np.maximum(1e-8, np.abs(numeric) + np.abs(grad))
    rounding = np.abs(numeric - grad) <= 1e-15 * abs(f(theta)) / h
    return np.array(((errors <= 1e-6) | rounding).all()), errors


@right("gradient_check")
def check_allclose(f, theta, grad, h):
    if grad.shape != theta.shape:
        return False, np.zeros(theta.shape)
    numeric = numerical_basis(f, theta, h)
    errors = np.abs(numeric - grad) / np.maximum(1e-8, np.abs(numeric) + np.abs(grad))
    return np.allclose(numeric, grad, rtol=1e-5, atol=1e-9), errors


# ---- chapter 12


@right("product_messages")
def messages_einsum(A, b, C_bar):
    return np.einsum("ij,ik->ij", C_bar, b), np.einsum("ij,ij->i", A, C_bar)[:, None]


@right("product_messages")
def messages_by_loops(A, b, C_bar):
    A_bar, b_bar = np.zeros(A.shape), np.zeros(b.shape)
    for i, j in np.ndindex(A.shape):
        A_bar[i, j] = C_bar[i, j] * b[i, 0]
        b_bar[i, 0] += C_bar[i, j] * A[i, j]
    return A_bar, b_bar


@right("graph_gradients")
def graph_as_a_linear_system(slopes):
    n = len(slopes)
    return np.linalg.solve(np.eye(n) - slopes.T, np.eye(n)[:, :1])


@right("graph_gradients")
def graph_by_recursion(slopes):
    n = len(slopes)

    def gradient(v):
        if v == 0:
            return 1.0
        return sum(slopes[u, v] * gradient(u) for u in range(n) if slopes[u, v] != 0)

    return np.array([[gradient(v)] for v in range(n)], dtype=float)


@right("graph_gradients")
def graph_by_sweeps(slopes):
    """All nodes at once, as often as the longest path may be long."""
    first = np.eye(len(slopes))[:, :1]
    gradient = first
    for _ in range(len(slopes)):
        gradient = first + slopes.T @ gradient
    return gradient


@right("softmax_atoms")
def atoms_with_known_sum(z, Y):
    """The targets of a column sum to 1, so U_bar is 1."""
    E = np.exp(z)
    U_bar = np.ones((1, z.shape[1]))
    S_bar = 1 / E.sum(axis=0)[None, :]
    return U_bar, S_bar, np.ones(z.shape) * S_bar, E * S_bar - Y


@right("softmax_atoms")
def atoms_collapsed(z, Y):
    """The last message by Step 1, with the shifted softmax."""
    shifted = np.exp(z - z.max(axis=0))
    y_hat = shifted / shifted.sum(axis=0)
    S_bar = np.exp(-np.log(np.exp(z).sum(axis=0, keepdims=True)))
    return Y.sum(axis=0, keepdims=True), S_bar, np.repeat(S_bar, len(z), axis=0), y_hat - Y
