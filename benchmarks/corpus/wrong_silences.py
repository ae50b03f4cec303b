# Single slips of beginners, written from the statements alone. Read as text by variants.py; never imported.
# Header: exercise | catalogue codes that may name it, or - | what is wrong
# ruff: noqa
# fmt: off

# %% affine | K80 | ReLU applied at once
def affine(W, a_prev, b):
    return np.maximum(0, W @ a_prev + b)

# %% affine | K80 | sigmoid applied at once
def affine(W, a_prev, b):
    return 1 / (1 + np.exp(-(W @ a_prev + b)))

# %% affine | K53 | bias missing
def affine(W, a_prev, b):
    return W @ a_prev

# %% affine | K81 | bias twice
def affine(W, a_prev, b):
    return W @ a_prev + b + b

# %% affine | K53 | bias subtracted
def affine(W, a_prev, b):
    return W @ a_prev - b

# %% affine | K81 | bias times the number of inputs: added inside the loop over j
def affine(W, a_prev, b):
    n, m = W.shape[0], a_prev.shape[1]
    z = np.zeros((n, m))
    for i in range(n):
        for j in range(W.shape[1]):
            z[i] += W[i, j] * a_prev[j] + b[i]
    return z

# %% affine | K83 | = for += over the inputs
def affine(W, a_prev, b):
    n, m = W.shape[0], a_prev.shape[1]
    z = np.zeros((n, m))
    for i in range(n):
        for j in range(W.shape[1]):
            z[i] = W[i, j] * a_prev[j] + b[i]
    return z

# %% affine | K83 | = for += in the loop, bias at the end
def affine(W, a_prev, b):
    n, m = W.shape[0], a_prev.shape[1]
    z = np.zeros((n, m))
    for i in range(n):
        for j in range(W.shape[1]):
            z[i] = W[i, j] * a_prev[j]
    return z + b

# %% affine | K83 | loop over the inputs stops one early
def affine(W, a_prev, b):
    n, m = W.shape[0], a_prev.shape[1]
    z = np.zeros((n, m))
    for j in range(W.shape[1] - 1):
        z += W[:, j:j+1] * a_prev[j]
    return z + b

# %% affine | K53 | bias of the first unit for all
def affine(W, a_prev, b):
    return W @ a_prev + b[0]

# %% affine | K82 | b divided by m
def affine(W, a_prev, b):
    return W @ a_prev + b / a_prev.shape[1]

# %% affine | K82 | product divided by m
def affine(W, a_prev, b):
    return W @ a_prev / a_prev.shape[1] + b

# %% affine | K82 | divided by the number of inputs
def affine(W, a_prev, b):
    return W @ a_prev / W.shape[1] + b

# %% affine | K54 | W transposed
def affine(W, a_prev, b):
    return W.T @ a_prev + b

# %% affine | K95 | W reshaped where transposed seemed needed
def affine(W, a_prev, b):
    return W.reshape(W.shape[1], W.shape[0]).T @ a_prev + b

# %% affine | K84 | absolute W
def affine(W, a_prev, b):
    return np.abs(W) @ a_prev + b

# %% affine | K53 | b times W a
def affine(W, a_prev, b):
    return (W @ a_prev) * b

# %% affine | K53 | b added before the product
def affine(W, a_prev, b):
    return W @ (a_prev + b.mean())

# %% affine | - | row sums of W times the sum of a
def affine(W, a_prev, b):
    return W.sum(axis=1, keepdims=True) * a_prev.sum(axis=0, keepdims=True) + b

# %% affine | - | only the first example filled
def affine(W, a_prev, b):
    z = np.zeros((W.shape[0], a_prev.shape[1]))
    z[:, 0] = W @ a_prev[:, 0] + b[:, 0]
    return z

# %% affine | - | only the first unit filled
def affine(W, a_prev, b):
    z = np.zeros((W.shape[0], a_prev.shape[1]))
    z[0] = W[0] @ a_prev + b[0]
    return z

# %% affine | K89 | mean of the examples
def affine(W, a_prev, b):
    return W @ a_prev.mean(axis=1, keepdims=True) + b + 0 * (W @ a_prev)

# %% affine | - | sign of z flipped
def affine(W, a_prev, b):
    return -(W @ a_prev + b)

# %% affine | K81 | twice the product
def affine(W, a_prev, b):
    return 2 * (W @ a_prev) + b

# %% affine | K84 | W normalised by its row sums
def affine(W, a_prev, b):
    return W / W.sum(axis=1, keepdims=True) @ a_prev + b

# %% forward | K53 | bias missing
def forward(W, b, X, hidden, output):
    N = len(W)
    Z, A = {}, {0: X}
    for l in range(1, N + 1):
        Z[l] = W[l] @ A[l - 1]
        A[l] = g(output if l == N else hidden, Z[l])
    return Z, A

# %% forward | K87 | bias left out in layer 1
def forward(W, b, X, hidden, output):
    N = len(W)
    Z, A = {}, {0: X}
    for l in range(1, N + 1):
        Z[l] = W[l] @ A[l - 1] + (b[l] if l > 1 else 0)
        A[l] = g(output if l == N else hidden, Z[l])
    return Z, A

# %% forward | K87 | bias left out in the last layer
def forward(W, b, X, hidden, output):
    N = len(W)
    Z, A = {}, {0: X}
    for l in range(1, N + 1):
        Z[l] = W[l] @ A[l - 1] + (b[l] if l < N else 0)
        A[l] = g(output if l == N else hidden, Z[l])
    return Z, A

# %% forward | K81 | bias twice
def forward(W, b, X, hidden, output):
    N = len(W)
    Z, A = {}, {0: X}
    for l in range(1, N + 1):
        Z[l] = W[l] @ A[l - 1] + b[l] + b[l]
        A[l] = g(output if l == N else hidden, Z[l])
    return Z, A

# %% forward | K53 | bias subtracted
def forward(W, b, X, hidden, output):
    N = len(W)
    Z, A = {}, {0: X}
    for l in range(1, N + 1):
        Z[l] = W[l] @ A[l - 1] - b[l]
        A[l] = g(output if l == N else hidden, Z[l])
    return Z, A

# %% forward | K55 | hidden g at the output too
def forward(W, b, X, hidden, output):
    N = len(W)
    Z, A = {}, {0: X}
    for l in range(1, N + 1):
        Z[l] = W[l] @ A[l - 1] + b[l]
        A[l] = g(hidden, Z[l])
    return Z, A

# %% forward | K55 | output g in all layers
def forward(W, b, X, hidden, output):
    N = len(W)
    Z, A = {}, {0: X}
    for l in range(1, N + 1):
        Z[l] = W[l] @ A[l - 1] + b[l]
        A[l] = g(output, Z[l])
    return Z, A

# %% forward | K55 | g at the output left out
def forward(W, b, X, hidden, output):
    N = len(W)
    Z, A = {}, {0: X}
    for l in range(1, N + 1):
        Z[l] = W[l] @ A[l - 1] + b[l]
        A[l] = g(hidden, Z[l]) if l < N else Z[l]
    return Z, A

# %% forward | K55 | output g one layer early
def forward(W, b, X, hidden, output):
    N = len(W)
    Z, A = {}, {0: X}
    for l in range(1, N + 1):
        Z[l] = W[l] @ A[l - 1] + b[l]
        A[l] = g(output if l >= N - 1 else hidden, Z[l])
    return Z, A

# %% forward | K56 | z fed forward for a
def forward(W, b, X, hidden, output):
    N = len(W)
    Z, A = {}, {0: X}
    for l in range(1, N + 1):
        Z[l] = W[l] @ (Z[l - 1] if l > 1 else X) + b[l]
        A[l] = g(output if l == N else hidden, Z[l])
    return Z, A

# %% forward | - | X fed into every layer where it fits, else a
def forward(W, b, X, hidden, output):
    N = len(W)
    Z, A = {}, {0: X}
    for l in range(1, N + 1):
        Z[l] = W[l] @ (X if W[l].shape[1] == X.shape[0] else A[l - 1]) + b[l]
        A[l] = g(output if l == N else hidden, Z[l])
    return Z, A

# %% forward | K85 | g applied twice
def forward(W, b, X, hidden, output):
    N = len(W)
    Z, A = {}, {0: X}
    for l in range(1, N + 1):
        Z[l] = W[l] @ A[l - 1] + b[l]
        A[l] = g(output if l == N else hidden, g(output if l == N else hidden, Z[l]))
    return Z, A

# %% forward | K85 | g applied twice in the hidden layers
def forward(W, b, X, hidden, output):
    N = len(W)
    Z, A = {}, {0: X}
    for l in range(1, N + 1):
        Z[l] = W[l] @ A[l - 1] + b[l]
        A[l] = g(output, Z[l]) if l == N else g(hidden, g(hidden, Z[l]))
    return Z, A

# %% forward | K56 | Z overwritten by a
def forward(W, b, X, hidden, output):
    N = len(W)
    Z, A = {}, {0: X}
    for l in range(1, N + 1):
        Z[l] = W[l] @ A[l - 1] + b[l]
        A[l] = g(output if l == N else hidden, Z[l])
        Z[l] = A[l]
    return Z, A

# %% forward | - | A holds z
def forward(W, b, X, hidden, output):
    N = len(W)
    Z, A = {}, {0: X}
    for l in range(1, N + 1):
        Z[l] = W[l] @ A[l - 1] + b[l]
        A[l] = g(output if l == N else hidden, Z[l])
        A[l - 1] = Z[l - 1] if l > 1 else X
    return Z, A

# %% forward | K55 | ReLU in every hidden layer
def forward(W, b, X, hidden, output):
    N = len(W)
    Z, A = {}, {0: X}
    for l in range(1, N + 1):
        Z[l] = W[l] @ A[l - 1] + b[l]
        A[l] = g(output if l == N else 'relu', Z[l])
    return Z, A

# %% forward | K55 | sigmoid in every hidden layer
def forward(W, b, X, hidden, output):
    N = len(W)
    Z, A = {}, {0: X}
    for l in range(1, N + 1):
        Z[l] = W[l] @ A[l - 1] + b[l]
        A[l] = g(output if l == N else 'sigmoid', Z[l])
    return Z, A

# %% forward | K86 | g of X first
def forward(W, b, X, hidden, output):
    N = len(W)
    Z, A = {}, {0: g(hidden, X)}
    for l in range(1, N + 1):
        Z[l] = W[l] @ A[l - 1] + b[l]
        A[l] = g(output if l == N else hidden, Z[l])
    return Z, A

# %% forward | K84 | absolute W
def forward(W, b, X, hidden, output):
    N = len(W)
    Z, A = {}, {0: X}
    for l in range(1, N + 1):
        Z[l] = np.abs(W[l]) @ A[l - 1] + b[l]
        A[l] = g(output if l == N else hidden, Z[l])
    return Z, A

# %% forward | K82 | bias divided by m
def forward(W, b, X, hidden, output):
    N = len(W)
    Z, A = {}, {0: X}
    for l in range(1, N + 1):
        Z[l] = W[l] @ A[l - 1] + b[l] / X.shape[1]
        A[l] = g(output if l == N else hidden, Z[l])
    return Z, A

# %% forward | K53 | bias of layer 1's first unit for all
def forward(W, b, X, hidden, output):
    N = len(W)
    Z, A = {}, {0: X}
    for l in range(1, N + 1):
        Z[l] = W[l] @ A[l - 1] + b[l][0]
        A[l] = g(output if l == N else hidden, Z[l])
    return Z, A

# %% forward | - | the last layer left out
def forward(W, b, X, hidden, output):
    N = len(W)
    Z, A = {}, {0: X}
    for l in range(1, N):
        Z[l] = W[l] @ A[l - 1] + b[l]
        A[l] = g(output if l == N else hidden, Z[l])
    return Z, A

# %% forward | K8 | softmax along the rows at the output
def forward(W, b, X, hidden, output):
    N = len(W)
    Z, A = {}, {0: X}
    for l in range(1, N + 1):
        Z[l] = W[l] @ A[l - 1] + b[l]
        A[l] = g(output if l == N else hidden, Z[l])
        if l == N and output == 'softmax':
            e = np.exp(Z[l] - Z[l].max())
            A[l] = e / e.sum(axis=1, keepdims=True)
    return Z, A

# %% forward | K82 | a divided by m
def forward(W, b, X, hidden, output):
    N = len(W)
    Z, A = {}, {0: X}
    for l in range(1, N + 1):
        Z[l] = W[l] @ A[l - 1] + b[l]
        A[l] = g(output if l == N else hidden, Z[l]) / X.shape[1]
    return Z, A

# %% forward | K88 | bias inside g's outside: added after g
def forward(W, b, X, hidden, output):
    N = len(W)
    Z, A = {}, {0: X}
    for l in range(1, N + 1):
        Z[l] = W[l] @ A[l - 1]
        A[l] = g(output if l == N else hidden, Z[l]) + b[l]
    return Z, A

# %% forward | - | residual: a_prev added where it fits
def forward(W, b, X, hidden, output):
    N = len(W)
    Z, A = {}, {0: X}
    for l in range(1, N + 1):
        Z[l] = W[l] @ A[l - 1] + b[l] + (A[l - 1] if A[l - 1].shape[0] == W[l].shape[0] else 0)
        A[l] = g(output if l == N else hidden, Z[l])
    return Z, A

# %% forward | K86 | X normalised first
def forward(W, b, X, hidden, output):
    N = len(W)
    Z, A = {}, {0: (X - X.mean(axis=1, keepdims=True))}
    for l in range(1, N + 1):
        Z[l] = W[l] @ A[l - 1] + b[l]
        A[l] = g(output if l == N else hidden, Z[l])
    return Z, A

# %% sigmoid | K57 | plus for minus in the exponent
def sigmoid(z):
    return 1 / (1 + np.exp(z))

# %% sigmoid | K72 | minus in the denominator
def sigmoid(z):
    return 1 / (1 - np.exp(-z))

# %% sigmoid | K57 K58 | exp without the fraction's 1
def sigmoid(z):
    return np.exp(-z) / (1 + np.exp(-z))

# %% sigmoid | K72 | slope for value
def sigmoid(z):
    a = 1 / (1 + np.exp(-z))
    return a * (1 - a)

# %% sigmoid | K72 | tanh
def sigmoid(z):
    return np.tanh(z)

# %% sigmoid | K85 | twice
def sigmoid(z):
    a = 1 / (1 + np.exp(-z))
    return 1 / (1 + np.exp(-a))

# %% sigmoid | K72 | tanh of half z without the shift
def sigmoid(z):
    return np.tanh(z / 2)

# %% sigmoid | K72 | tanh(z) for tanh(z/2) in the shift
def sigmoid(z):
    return (1 + np.tanh(z)) / 2

# %% sigmoid | K72 | exp(z) alone on top
def sigmoid(z):
    return np.exp(z) / 1 + np.exp(z)

# %% sigmoid | K72 | missing brackets
def sigmoid(z):
    return 1 / 1 + np.exp(-z)

# %% sigmoid | K72 | abs in both branches
def sigmoid(z):
    return 1 / (1 + np.exp(-np.abs(z)))

# %% sigmoid | - | clipped at 5
def sigmoid(z):
    return 1 / (1 + np.exp(-np.clip(z, -5, 5)))

# %% sigmoid | K72 | 2**-z
def sigmoid(z):
    return 1 / (1 + 2.0 ** -z)

# %% sigmoid | K41 | softmax over the column
def sigmoid(z):
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)

# %% sigmoid | K72 | normalised to sum 1
def sigmoid(z):
    a = 1 / (1 + np.exp(-z))
    return a / a.sum(axis=0)

# %% sigmoid | K72 | step at 0
def sigmoid(z):
    return (z > 0) * 1.0

# %% sigmoid | K57 | branches swapped
def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, e, 1) / (1 + e)

# %% sigmoid | K72 | one branch for negative z wrong sign
def sigmoid(z):
    return np.where(z >= 0, 1 / (1 + np.exp(-z)), 1 / (1 + np.exp(z)))

# %% sigmoid | K72 | log taken too
def sigmoid(z):
    return -np.log1p(np.exp(-z))

# %% softmax | K8 | rows
def softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum(axis=1, keepdims=True)

# %% softmax | K8 | one global sum
def softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum()

# %% softmax | K59 | no exp
def softmax(z):
    return z / z.sum(axis=0, keepdims=True)

# %% softmax | K59 | not normalised
def softmax(z):
    return np.exp(z - z.max(axis=0, keepdims=True))

# %% softmax | K59 | exp(-z)
def softmax(z):
    e = np.exp(-(z - z.min(axis=0)))
    return e / e.sum(axis=0)

# %% softmax | K41 | sigmoid
def softmax(z):
    return 1 / (1 + np.exp(-z))

# %% softmax | K59 | normalised sigmoid
def softmax(z):
    a = 1 / (1 + np.exp(-z))
    return a / a.sum(axis=0)

# %% softmax | K59 | max divided instead of subtracted
def softmax(z):
    e = np.exp(z / z.max(axis=0))
    return e / e.sum(axis=0)

# %% softmax | K59 | log softmax
def softmax(z):
    t = z.max(axis=0)
    return z - t - np.log(np.exp(z - t).sum(axis=0))

# %% softmax | - | divided by m
def softmax(z):
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0) / z.shape[1]

# %% softmax | K59 | mean for sum
def softmax(z):
    e = np.exp(z - z.max(axis=0))
    return e / e.mean(axis=0)

# %% softmax | K7 | one-hot of the largest
def softmax(z):
    return (z == z.max(axis=0)) * 1.0

# %% softmax | K59 | the largest divides
def softmax(z):
    e = np.exp(z - z.max(axis=0))
    return e / e.max(axis=0)

# %% softmax | K59 | the largest not subtracted below
def softmax(z):
    t = z.max(axis=0)
    return np.exp(z - t) / np.exp(z).sum(axis=0)

# %% softmax | - | the mean subtracted, rows' sum
def softmax(z):
    e = np.exp(z - z.mean(axis=0))
    return (e.T / e.sum(axis=0)[:, None]).T / 2

# %% softmax | K85 | twice
def softmax(z):
    def s(z):
        e = np.exp(z - z.max(axis=0))
        return e / e.sum(axis=0)
    return s(s(z))

# %% softmax | K59 | a(1-a)
def softmax(z):
    e = np.exp(z - z.max(axis=0))
    a = e / e.sum(axis=0)
    return a * (1 - a)

# %% softmax | K59 | the first example's sum for all
def softmax(z):
    e = np.exp(z - z.max(axis=0))
    return e / e[:, :1].sum(axis=0)

# %% softmax | K59 | 2 to the z
def softmax(z):
    e = 2.0 ** (z - z.max(axis=0))
    return e / e.sum(axis=0)

# %% softmax | K59 | added 1 to the sum
def softmax(z):
    e = np.exp(z - z.max(axis=0))
    return e / (1 + e.sum(axis=0))

# %% softmax | K59 | own exp left out of the sum
def softmax(z):
    e = np.exp(z - z.max(axis=0))
    return e / (e.sum(axis=0) - e)

# %% g_prime | K44 | z taken for a in sigmoid
def g_prime(name, z):
    if name == "sigmoid":
        e = np.exp(-np.abs(z))
        a = np.where(z >= 0, 1, e) / (1 + e)
        return z * (1 - z)
    if name == "tanh":
        return 1 - np.tanh(z) ** 2
    if name == "relu":
        return np.where(z > 0, 1.0, 0.0)

# %% g_prime | K44 | z taken for a in tanh
def g_prime(name, z):
    if name == "sigmoid":
        e = np.exp(-np.abs(z))
        a = np.where(z >= 0, 1, e) / (1 + e)
        return a * (1 - a)
    if name == "tanh":
        return 1 - z ** 2
    if name == "relu":
        return np.where(z > 0, 1.0, 0.0)

# %% g_prime | K44 | z taken for a in both
def g_prime(name, z):
    if name == "sigmoid":
        e = np.exp(-np.abs(z))
        a = np.where(z >= 0, 1, e) / (1 + e)
        return z * (1 - z)
    if name == "tanh":
        return 1 - z ** 2
    if name == "relu":
        return np.where(z > 0, 1.0, 0.0)

# %% g_prime | K47 | square missing in tanh
def g_prime(name, z):
    if name == "sigmoid":
        e = np.exp(-np.abs(z))
        a = np.where(z >= 0, 1, e) / (1 + e)
        return a * (1 - a)
    if name == "tanh":
        return 1 - np.tanh(z)
    if name == "relu":
        return np.where(z > 0, 1.0, 0.0)

# %% g_prime | K47 | plus in tanh
def g_prime(name, z):
    if name == "sigmoid":
        e = np.exp(-np.abs(z))
        a = np.where(z >= 0, 1, e) / (1 + e)
        return a * (1 - a)
    if name == "tanh":
        return 1 + np.tanh(z) ** 2
    if name == "relu":
        return np.where(z > 0, 1.0, 0.0)

# %% g_prime | K14 | sigmoid's slope a only
def g_prime(name, z):
    if name == "sigmoid":
        e = np.exp(-np.abs(z))
        a = np.where(z >= 0, 1, e) / (1 + e)
        return a
    if name == "tanh":
        return 1 - np.tanh(z) ** 2
    if name == "relu":
        return np.where(z > 0, 1.0, 0.0)

# %% g_prime | K106 | 1 - a only
def g_prime(name, z):
    if name == "sigmoid":
        e = np.exp(-np.abs(z))
        a = np.where(z >= 0, 1, e) / (1 + e)
        return 1 - a
    if name == "tanh":
        return 1 - np.tanh(z) ** 2
    if name == "relu":
        return np.where(z > 0, 1.0, 0.0)

# %% g_prime | K106 | a minus a**2 written a*(1+a)
def g_prime(name, z):
    if name == "sigmoid":
        e = np.exp(-np.abs(z))
        a = np.where(z >= 0, 1, e) / (1 + e)
        return a * (1 + a)
    if name == "tanh":
        return 1 - np.tanh(z) ** 2
    if name == "relu":
        return np.where(z > 0, 1.0, 0.0)

# %% g_prime | K14 | value of relu for its slope
def g_prime(name, z):
    if name == "sigmoid":
        e = np.exp(-np.abs(z))
        a = np.where(z >= 0, 1, e) / (1 + e)
        return a * (1 - a)
    if name == "tanh":
        return 1 - np.tanh(z) ** 2
    if name == "relu":
        return np.maximum(0, z)

# %% g_prime | K46 | relu slope 1 everywhere
def g_prime(name, z):
    if name == "sigmoid":
        e = np.exp(-np.abs(z))
        a = np.where(z >= 0, 1, e) / (1 + e)
        return a * (1 - a)
    if name == "tanh":
        return 1 - np.tanh(z) ** 2
    if name == "relu":
        return np.ones(z.shape)

# %% g_prime | K46 | relu slope is sign
def g_prime(name, z):
    if name == "sigmoid":
        e = np.exp(-np.abs(z))
        a = np.where(z >= 0, 1, e) / (1 + e)
        return a * (1 - a)
    if name == "tanh":
        return 1 - np.tanh(z) ** 2
    if name == "relu":
        return np.sign(z)

# %% g_prime | K46 | relu mask reversed
def g_prime(name, z):
    if name == "sigmoid":
        e = np.exp(-np.abs(z))
        a = np.where(z >= 0, 1, e) / (1 + e)
        return a * (1 - a)
    if name == "tanh":
        return 1 - np.tanh(z) ** 2
    if name == "relu":
        return np.where(z < 0, 1.0, 0.0)

# %% g_prime | K46 | relu mask above 1
def g_prime(name, z):
    if name == "sigmoid":
        e = np.exp(-np.abs(z))
        a = np.where(z >= 0, 1, e) / (1 + e)
        return a * (1 - a)
    if name == "tanh":
        return 1 - np.tanh(z) ** 2
    if name == "relu":
        return np.where(z > 1, 1.0, 0.0)

# %% g_prime | K46 | leaky relu
def g_prime(name, z):
    if name == "sigmoid":
        e = np.exp(-np.abs(z))
        a = np.where(z >= 0, 1, e) / (1 + e)
        return a * (1 - a)
    if name == "tanh":
        return 1 - np.tanh(z) ** 2
    if name == "relu":
        return np.where(z > 0, 1.0, 0.01)

# %% g_prime | K14 | g values for all
def g_prime(name, z):
    if name == "sigmoid":
        e = np.exp(-np.abs(z))
        a = np.where(z >= 0, 1, e) / (1 + e)
        return a
    if name == "tanh":
        return np.tanh(z)
    if name == "relu":
        return np.maximum(0, z)

# %% g_prime | K19 | sigmoid slope for tanh
def g_prime(name, z):
    if name == "sigmoid":
        e = np.exp(-np.abs(z))
        a = np.where(z >= 0, 1, e) / (1 + e)
        return a * (1 - a)
    if name == "tanh":
        return 1 / (1 + np.exp(-z)) * (1 - 1 / (1 + np.exp(-z)))
    if name == "relu":
        return np.where(z > 0, 1.0, 0.0)

# %% g_prime | K45 | tanh slope for sigmoid
def g_prime(name, z):
    if name == "sigmoid":
        e = np.exp(-np.abs(z))
        a = np.where(z >= 0, 1, e) / (1 + e)
        return 1 - a ** 2
    if name == "tanh":
        return 1 - np.tanh(z) ** 2
    if name == "relu":
        return np.where(z > 0, 1.0, 0.0)

# %% g_prime | K19 | a(1-a) with tanh
def g_prime(name, z):
    if name == "sigmoid":
        e = np.exp(-np.abs(z))
        a = np.where(z >= 0, 1, e) / (1 + e)
        return a * (1 - a)
    if name == "tanh":
        return np.tanh(z) * (1 - np.tanh(z))
    if name == "relu":
        return np.where(z > 0, 1.0, 0.0)

# %% g_prime | K90 | slope times z
def g_prime(name, z):
    if name == "sigmoid":
        e = np.exp(-np.abs(z))
        a = np.where(z >= 0, 1, e) / (1 + e)
        return a * (1 - a) * z
    if name == "tanh":
        return 1 - np.tanh(z) ** 2
    if name == "relu":
        return np.where(z > 0, 1.0, 0.0)

# %% g_prime | K12 | slope of sigmoid of sigmoid
def g_prime(name, z):
    if name == "sigmoid":
        e = np.exp(-np.abs(z))
        a = np.where(z >= 0, 1, e) / (1 + e)
        a = 1 / (1 + np.exp(-a))
        return a * (1 - a)
    if name == "tanh":
        return 1 - np.tanh(z) ** 2
    if name == "relu":
        return np.where(z > 0, 1.0, 0.0)

# %% g_prime | K18 | squared slope
def g_prime(name, z):
    if name == "sigmoid":
        e = np.exp(-np.abs(z))
        a = np.where(z >= 0, 1, e) / (1 + e)
        return (a * (1 - a)) ** 2
    if name == "tanh":
        return 1 - np.tanh(z) ** 2
    if name == "relu":
        return np.where(z > 0, 1.0, 0.0)

# %% g_prime | - | factor 4 in sigmoid
def g_prime(name, z):
    if name == "sigmoid":
        e = np.exp(-np.abs(z))
        a = np.where(z >= 0, 1, e) / (1 + e)
        return 4 * a * (1 - a)
    if name == "tanh":
        return 1 - np.tanh(z) ** 2
    if name == "relu":
        return np.where(z > 0, 1.0, 0.0)

# %% g_prime | - | sign in sigmoid
def g_prime(name, z):
    if name == "sigmoid":
        e = np.exp(-np.abs(z))
        a = np.where(z >= 0, 1, e) / (1 + e)
        return a * (a - 1)
    if name == "tanh":
        return 1 - np.tanh(z) ** 2
    if name == "relu":
        return np.where(z > 0, 1.0, 0.0)

# %% g_prime | K47 | sech without square
def g_prime(name, z):
    if name == "sigmoid":
        e = np.exp(-np.abs(z))
        a = np.where(z >= 0, 1, e) / (1 + e)
        return a * (1 - a)
    if name == "tanh":
        return 1 / np.cosh(z)
    if name == "relu":
        return np.where(z > 0, 1.0, 0.0)

# %% g_prime | K47 | slope 2 tanh
def g_prime(name, z):
    if name == "sigmoid":
        e = np.exp(-np.abs(z))
        a = np.where(z >= 0, 1, e) / (1 + e)
        return a * (1 - a)
    if name == "tanh":
        return 2 * np.tanh(z)
    if name == "relu":
        return np.where(z > 0, 1.0, 0.0)

# %% loss | K6 | half forgotten
def loss(output, z, Y):
    k, m = z.shape
    if output == "identity":
        L = (z - Y) ** 2
    elif output == "sigmoid":
        L = np.logaddexp(0, z) - Y * z
    else:
        t = z.max(axis=0)
        L = Y * (t + np.log(np.exp(z - t).sum(axis=0)) - z)
    return float(L.sum() / m)

# %% loss | - | square forgotten
def loss(output, z, Y):
    k, m = z.shape
    if output == "identity":
        L = (z - Y) / 2
    elif output == "sigmoid":
        L = np.logaddexp(0, z) - Y * z
    else:
        t = z.max(axis=0)
        L = Y * (t + np.log(np.exp(z - t).sum(axis=0)) - z)
    return float(L.sum() / m)

# %% loss | K64 | absolute error
def loss(output, z, Y):
    k, m = z.shape
    if output == "identity":
        L = np.abs(z - Y)
    elif output == "sigmoid":
        L = np.logaddexp(0, z) - Y * z
    else:
        t = z.max(axis=0)
        L = Y * (t + np.log(np.exp(z - t).sum(axis=0)) - z)
    return float(L.sum() / m)

# %% loss | K60 | mean over units and examples
def loss(output, z, Y):
    k, m = z.shape
    if output == "identity":
        L = (z - Y) ** 2 / 2
    elif output == "sigmoid":
        L = np.logaddexp(0, z) - Y * z
    else:
        t = z.max(axis=0)
        L = Y * (t + np.log(np.exp(z - t).sum(axis=0)) - z)
    return float(L.mean())

# %% loss | K26 | sum for mean
def loss(output, z, Y):
    k, m = z.shape
    if output == "identity":
        L = (z - Y) ** 2 / 2
    elif output == "sigmoid":
        L = np.logaddexp(0, z) - Y * z
    else:
        t = z.max(axis=0)
        L = Y * (t + np.log(np.exp(z - t).sum(axis=0)) - z)
    return float(L.sum())

# %% loss | K50 | divided by m - 1
def loss(output, z, Y):
    k, m = z.shape
    if output == "identity":
        L = (z - Y) ** 2 / 2
    elif output == "sigmoid":
        L = np.logaddexp(0, z) - Y * z
    else:
        t = z.max(axis=0)
        L = Y * (t + np.log(np.exp(z - t).sum(axis=0)) - z)
    return float(L.sum() / max(m - 1, 1))

# %% loss | K28 | divided by k
def loss(output, z, Y):
    k, m = z.shape
    if output == "identity":
        L = (z - Y) ** 2 / 2
    elif output == "sigmoid":
        L = np.logaddexp(0, z) - Y * z
    else:
        t = z.max(axis=0)
        L = Y * (t + np.log(np.exp(z - t).sum(axis=0)) - z)
    return float(L.sum() / k)

# %% loss | K61 | sign forgotten in the cross entropies
def loss(output, z, Y):
    k, m = z.shape
    if output == "identity":
        L = (z - Y) ** 2 / 2
    elif output == "sigmoid":
        L = Y * z - np.logaddexp(0, z)
    else:
        t = z.max(axis=0)
        L = -Y * (t + np.log(np.exp(z - t).sum(axis=0)) - z)
    return float(L.sum() / m)

# %% loss | K27 | 1/m twice
def loss(output, z, Y):
    k, m = z.shape
    if output == "identity":
        L = (z - Y) ** 2 / 2
    elif output == "sigmoid":
        L = np.logaddexp(0, z) - Y * z
    else:
        t = z.max(axis=0)
        L = Y * (t + np.log(np.exp(z - t).sum(axis=0)) - z)
    return float(L.sum() / m / m)

# %% loss | K6 | half too many in the cross entropy
def loss(output, z, Y):
    k, m = z.shape
    if output == "identity":
        L = (z - Y) ** 2 / 2
    elif output == "sigmoid":
        L = (np.logaddexp(0, z) - Y * z) / 2
    else:
        t = z.max(axis=0)
        L = Y * (t + np.log(np.exp(z - t).sum(axis=0)) - z)
    return float(L.sum() / m)

# %% loss | K43 | only y log yhat for sigmoid
def loss(output, z, Y):
    k, m = z.shape
    if output == "identity":
        L = (z - Y) ** 2 / 2
    elif output == "sigmoid":
        L = Y * np.logaddexp(0, -z)
    else:
        t = z.max(axis=0)
        L = Y * (t + np.log(np.exp(z - t).sum(axis=0)) - z)
    return float(L.sum() / m)

# %% loss | K43 | only the 1-y half for sigmoid
def loss(output, z, Y):
    k, m = z.shape
    if output == "identity":
        L = (z - Y) ** 2 / 2
    elif output == "sigmoid":
        L = (1 - Y) * np.logaddexp(0, z)
    else:
        t = z.max(axis=0)
        L = Y * (t + np.log(np.exp(z - t).sum(axis=0)) - z)
    return float(L.sum() / m)

# %% loss | - | Y and 1-Y swapped
def loss(output, z, Y):
    k, m = z.shape
    if output == "identity":
        L = (z - Y) ** 2 / 2
    elif output == "sigmoid":
        L = np.logaddexp(0, z) - (1 - Y) * z
    else:
        t = z.max(axis=0)
        L = Y * (t + np.log(np.exp(z - t).sum(axis=0)) - z)
    return float(L.sum() / m)

# %% loss | K105 | squared error of sigmoid
def loss(output, z, Y):
    k, m = z.shape
    if output == "identity":
        L = (z - Y) ** 2 / 2
    elif output == "sigmoid":
        L = (1 / (1 + np.exp(-z)) - Y) ** 2 / 2
    else:
        t = z.max(axis=0)
        L = Y * (t + np.log(np.exp(z - t).sum(axis=0)) - z)
    return float(L.sum() / m)

# %% loss | K105 | squared error of softmax
def loss(output, z, Y):
    k, m = z.shape
    if output == "identity":
        L = (z - Y) ** 2 / 2
    elif output == "sigmoid":
        L = np.logaddexp(0, z) - Y * z
    else:
        t = z.max(axis=0)
        a = np.exp(z - t) / np.exp(z - t).sum(axis=0)
        L = (a - Y) ** 2 / 2
    return float(L.sum() / m)

# %% loss | K8 | softmax over everything
def loss(output, z, Y):
    k, m = z.shape
    if output == "identity":
        L = (z - Y) ** 2 / 2
    elif output == "sigmoid":
        L = np.logaddexp(0, z) - Y * z
    else:
        t = z.max()
        L = Y * (t + np.log(np.exp(z - t).sum()) - z)
    return float(L.sum() / m)

# %% loss | - | log forgotten
def loss(output, z, Y):
    k, m = z.shape
    if output == "identity":
        L = (z - Y) ** 2 / 2
    elif output == "sigmoid":
        L = np.logaddexp(0, z) - Y * z
    else:
        t = z.max(axis=0)
        L = -Y * np.exp(z - t) / np.exp(z - t).sum(axis=0)
    return float(L.sum() / m)

# %% loss | K62 | binary form for softmax
def loss(output, z, Y):
    k, m = z.shape
    if output == "identity":
        L = (z - Y) ** 2 / 2
    elif output == "sigmoid":
        L = np.logaddexp(0, z) - Y * z
    else:
        t = z.max(axis=0)
        L = -Y * np.log(np.exp(z - t) / np.exp(z - t).sum(axis=0)) - (1 - Y) * np.log(1 - np.exp(z - t) / np.exp(z - t).sum(axis=0))
    return float(L.sum() / m)

# %% loss | - | log2
def loss(output, z, Y):
    k, m = z.shape
    if output == "identity":
        L = (z - Y) ** 2 / 2
    elif output == "sigmoid":
        L = np.logaddexp(0, z) - Y * z
    else:
        t = z.max(axis=0)
        L = Y * (t + np.log2(np.exp(z - t).sum(axis=0)) - z)
    return float(L.sum() / m)

# %% loss | - | max not added back
def loss(output, z, Y):
    k, m = z.shape
    if output == "identity":
        L = (z - Y) ** 2 / 2
    elif output == "sigmoid":
        L = np.logaddexp(0, z) - Y * z
    else:
        t = z.max(axis=0)
        L = Y * (np.log(np.exp(z - t).sum(axis=0)) - z)
    return float(L.sum() / m)

# %% loss | K29 | last example only
def loss(output, z, Y):
    k, m = z.shape
    if output == "identity":
        L = (z - Y) ** 2 / 2
    elif output == "sigmoid":
        L = np.logaddexp(0, z) - Y * z
    else:
        t = z.max(axis=0)
        L = Y * (t + np.log(np.exp(z - t).sum(axis=0)) - z)
    return float(L[:, -1].sum())

# %% loss | K103 | first example only
def loss(output, z, Y):
    k, m = z.shape
    if output == "identity":
        L = (z - Y) ** 2 / 2
    elif output == "sigmoid":
        L = np.logaddexp(0, z) - Y * z
    else:
        t = z.max(axis=0)
        L = Y * (t + np.log(np.exp(z - t).sum(axis=0)) - z)
    return float(L[:, 0].sum())

# %% loss | - | root of the mean square
def loss(output, z, Y):
    k, m = z.shape
    if output == "identity":
        L = (z - Y) ** 2 / 2
    elif output == "sigmoid":
        L = np.logaddexp(0, z) - Y * z
    else:
        t = z.max(axis=0)
        L = Y * (t + np.log(np.exp(z - t).sum(axis=0)) - z)
    return float(np.sqrt(2 * L.sum() / m)) if output == 'identity' else float(L.sum() / m)

# %% loss | K102 | sum over classes of the argmax class only
def loss(output, z, Y):
    k, m = z.shape
    if output == "identity":
        L = (z - Y) ** 2 / 2
    elif output == "sigmoid":
        L = np.logaddexp(0, z) - Y * z
    else:
        t = z.max(axis=0)
        L = (Y == Y.max(axis=0)) * (t + np.log(np.exp(z - t).sum(axis=0)) - z)
    return float(L.sum() / m)

# %% numerical_delta | K66 | h for 2h
def numerical_delta(loss_of_z, z, h):
    d = np.zeros(z.shape)
    for i, j in np.ndindex(z.shape):
        e = np.zeros(z.shape)
        e[i, j] = h
        d[i, j] = (loss_of_z(z + e) - loss_of_z(z - e)) / h
    return d

# %% numerical_delta | K66 | missing brackets
def numerical_delta(loss_of_z, z, h):
    d = np.zeros(z.shape)
    for i, j in np.ndindex(z.shape):
        e = np.zeros(z.shape)
        e[i, j] = h
        d[i, j] = (loss_of_z(z + e) - loss_of_z(z - e)) / 2 * h
    return d

# %% numerical_delta | K65 | forward difference
def numerical_delta(loss_of_z, z, h):
    d = np.zeros(z.shape)
    for i, j in np.ndindex(z.shape):
        e = np.zeros(z.shape)
        e[i, j] = h
        d[i, j] = (loss_of_z(z + e) - loss_of_z(z)) / h
    return d

# %% numerical_delta | K65 | backward difference
def numerical_delta(loss_of_z, z, h):
    d = np.zeros(z.shape)
    for i, j in np.ndindex(z.shape):
        e = np.zeros(z.shape)
        e[i, j] = h
        d[i, j] = (loss_of_z(z) - loss_of_z(z - e)) / h
    return d

# %% numerical_delta | K65 | forward over 2h
def numerical_delta(loss_of_z, z, h):
    d = np.zeros(z.shape)
    for i, j in np.ndindex(z.shape):
        e = np.zeros(z.shape)
        e[i, j] = h
        d[i, j] = (loss_of_z(z + e) - loss_of_z(z)) / (2 * h)
    return d

# %% numerical_delta | K5 | sign
def numerical_delta(loss_of_z, z, h):
    d = np.zeros(z.shape)
    for i, j in np.ndindex(z.shape):
        e = np.zeros(z.shape)
        e[i, j] = h
        d[i, j] = (loss_of_z(z - e) - loss_of_z(z + e)) / (2 * h)
    return d

# %% numerical_delta | K110 | plus for minus
def numerical_delta(loss_of_z, z, h):
    d = np.zeros(z.shape)
    for i, j in np.ndindex(z.shape):
        e = np.zeros(z.shape)
        e[i, j] = h
        d[i, j] = (loss_of_z(z + e) + loss_of_z(z - e)) / (2 * h)
    return d

# %% numerical_delta | K110 | not divided
def numerical_delta(loss_of_z, z, h):
    d = np.zeros(z.shape)
    for i, j in np.ndindex(z.shape):
        e = np.zeros(z.shape)
        e[i, j] = h
        d[i, j] = (loss_of_z(z + e) - loss_of_z(z - e))
    return d

# %% numerical_delta | K67 | all entries nudged
def numerical_delta(loss_of_z, z, h):
    d = np.zeros(z.shape)
    for i, j in np.ndindex(z.shape):
        e = np.zeros(z.shape)
        e[:] = h
        d[i, j] = (loss_of_z(z + e) - loss_of_z(z - e)) / (2 * h)
    return d

# %% numerical_delta | K67 | a whole column nudged
def numerical_delta(loss_of_z, z, h):
    d = np.zeros(z.shape)
    for i, j in np.ndindex(z.shape):
        e = np.zeros(z.shape)
        e[:, j] = h
        d[i, j] = (loss_of_z(z + e) - loss_of_z(z - e)) / (2 * h)
    return d

# %% numerical_delta | K67 | a whole row nudged
def numerical_delta(loss_of_z, z, h):
    d = np.zeros(z.shape)
    for i, j in np.ndindex(z.shape):
        e = np.zeros(z.shape)
        e[i] = h
        d[i, j] = (loss_of_z(z + e) - loss_of_z(z - e)) / (2 * h)
    return d

# %% numerical_delta | K111 | nudge 1
def numerical_delta(loss_of_z, z, h):
    d = np.zeros(z.shape)
    for i, j in np.ndindex(z.shape):
        e = np.zeros(z.shape)
        e[i, j] = 1
        d[i, j] = (loss_of_z(z + e) - loss_of_z(z - e)) / (2 * h)
    return d

# %% numerical_delta | K118 | step grows: e not cleared
def numerical_delta(loss_of_z, z, h):
    d = np.zeros(z.shape)
    e = np.zeros(z.shape)
    for i, j in np.ndindex(z.shape):
        e[i, j] = h
        d[i, j] = (loss_of_z(z + e) - loss_of_z(z - e)) / (2 * h)
    return d

# %% numerical_delta | K39 | divided by m
def numerical_delta(loss_of_z, z, h):
    d = np.zeros(z.shape)
    for i, j in np.ndindex(z.shape):
        e = np.zeros(z.shape)
        e[i, j] = h
        d[i, j] = (loss_of_z(z + e) - loss_of_z(z - e)) / (2 * h) / z.shape[1]
    return d

# %% numerical_delta | - | first example only
def numerical_delta(loss_of_z, z, h):
    d = np.zeros(z.shape)
    for i, j in np.ndindex(z.shape[0], 1):
        e = np.zeros(z.shape)
        e[i, j] = h
        d[i, j] = (loss_of_z(z + e) - loss_of_z(z - e)) / (2 * h)
    return d

# %% numerical_delta | - | first unit only
def numerical_delta(loss_of_z, z, h):
    d = np.zeros(z.shape)
    for i, j in np.ndindex(1, z.shape[1]):
        e = np.zeros(z.shape)
        e[i, j] = h
        d[i, j] = (loss_of_z(z + e) - loss_of_z(z - e)) / (2 * h)
    return d

# %% numerical_delta | K110 | loss for slope
def numerical_delta(loss_of_z, z, h):
    d = np.zeros(z.shape)
    for i, j in np.ndindex(z.shape):
        e = np.zeros(z.shape)
        e[i, j] = h
        d[i, j] = loss_of_z(z + e)
    return d

# %% numerical_delta | K111 | step h times z
def numerical_delta(loss_of_z, z, h):
    d = np.zeros(z.shape)
    for i, j in np.ndindex(z.shape):
        e = np.zeros(z.shape)
        e[i, j] = h * z[i, j]
        d[i, j] = (loss_of_z(z + e) - loss_of_z(z - e)) / (2 * h)
    return d

# %% numerical_delta | K110 | h squared
def numerical_delta(loss_of_z, z, h):
    d = np.zeros(z.shape)
    for i, j in np.ndindex(z.shape):
        e = np.zeros(z.shape)
        e[i, j] = h
        d[i, j] = (loss_of_z(z + e) - loss_of_z(z - e)) / (h ** 2)
    return d

# %% numerical_delta | K111 | own h
def numerical_delta(loss_of_z, z, h):
    h = 0.1
    d = np.zeros(z.shape)
    for i, j in np.ndindex(z.shape):
        e = np.zeros(z.shape)
        e[i, j] = h
        d[i, j] = (loss_of_z(z + e) - loss_of_z(z - e)) / (2 * h)
    return d

# %% numerical_delta | - | absolute value
def numerical_delta(loss_of_z, z, h):
    d = np.zeros(z.shape)
    for i, j in np.ndindex(z.shape):
        e = np.zeros(z.shape)
        e[i, j] = h
        d[i, j] = abs(loss_of_z(z + e) - loss_of_z(z - e)) / (2 * h)
    return d

# %% numerical_delta | - | transposed
def numerical_delta(loss_of_z, z, h):
    d = np.zeros(z.shape)
    for i, j in np.ndindex(z.shape):
        e = np.zeros(z.shape)
        e[i, j] = h
        d[i, j] = (loss_of_z(z + e) - loss_of_z(z - e)) / (2 * h)
    return d.T

# %% numerical_delta | K66 | 4h
def numerical_delta(loss_of_z, z, h):
    d = np.zeros(z.shape)
    for i, j in np.ndindex(z.shape):
        e = np.zeros(z.shape)
        e[i, j] = h
        d[i, j] = (loss_of_z(z + e) - loss_of_z(z - e)) / (4 * h)
    return d

# %% numerical_delta | K67 | summed over the examples
def numerical_delta(loss_of_z, z, h):
    d = np.zeros(z.shape)
    for i, j in np.ndindex(z.shape):
        e = np.zeros(z.shape)
        e[i, j] = h
        d[i, j] = (loss_of_z(z + e) - loss_of_z(z - e)) / (2 * h)
    return np.repeat(d.sum(axis=1, keepdims=True), z.shape[1], axis=1)

# %% output_delta | K5 | sign
def output_delta(output, z, Y):
    return Y - g(output, z)

# %% output_delta | K40 | z for yhat
def output_delta(output, z, Y):
    return z - Y

# %% output_delta | K6 | factor 2
def output_delta(output, z, Y):
    return 2 * (g(output, z) - Y)

# %% output_delta | K90 | times z
def output_delta(output, z, Y):
    return (g(output, z) - Y) * z

# %% output_delta | K39 | divided by m
def output_delta(output, z, Y):
    return (g(output, z) - Y) / z.shape[1]

# %% output_delta | K116 | divided by k
def output_delta(output, z, Y):
    return (g(output, z) - Y) / z.shape[0]

# %% output_delta | K90 | times yhat
def output_delta(output, z, Y):
    a = g(output, z)
    return (a - Y) * a

# %% output_delta | K4 | slope too many
def output_delta(output, z, Y):
    a = g(output, z)
    return (a - Y) * (a * (1 - a) if output != 'identity' else 1)

# %% output_delta | K100 | Y not subtracted
def output_delta(output, z, Y):
    return g(output, z)

# %% output_delta | K100 | only Y
def output_delta(output, z, Y):
    return -Y

# %% output_delta | K1 | gradient by a
def output_delta(output, z, Y):
    a = g(output, z)
    if output == 'identity':
        return a - Y
    if output == 'softmax':
        return -Y / a
    return -Y / a + (1 - Y) / (1 - a)

# %% output_delta | K1 | -Y/a for sigmoid too
def output_delta(output, z, Y):
    a = g(output, z)
    return a - Y if output == 'identity' else -Y / a

# %% output_delta | K97 | absolute
def output_delta(output, z, Y):
    return np.abs(g(output, z) - Y)

# %% output_delta | K101 | squared
def output_delta(output, z, Y):
    return (g(output, z) - Y) ** 2

# %% output_delta | K101 | the loss itself
def output_delta(output, z, Y):
    return (g(output, z) - Y) ** 2 / 2

# %% output_delta | K7 K119 | yhat rounded
def output_delta(output, z, Y):
    a = g(output, z)
    if output == 'softmax':
        return (a == a.max(axis=0)) - Y
    if output == 'sigmoid':
        return np.round(a) - Y
    return a - Y

# %% output_delta | K3 | true class only
def output_delta(output, z, Y):
    d = g(output, z) - Y
    if output == 'softmax':
        d = d * (Y == Y.max(axis=0))
    return d

# %% output_delta | K41 | sigmoid for softmax
def output_delta(output, z, Y):
    return g('sigmoid' if output == 'softmax' else output, z) - Y

# %% output_delta | K8 | softmax over rows
def output_delta(output, z, Y):
    if output == 'softmax':
        e = np.exp(z - z.max())
        return e / e.sum(axis=1, keepdims=True) - Y
    return g(output, z) - Y

# %% output_delta | K85 | g twice
def output_delta(output, z, Y):
    return g(output, g(output, z)) - Y

# %% output_delta | - | last unit only
def output_delta(output, z, Y):
    d = np.zeros(z.shape)
    d[-1] = (g(output, z) - Y)[-1]
    return d

# %% output_delta | - | first example only
def output_delta(output, z, Y):
    d = np.zeros(z.shape)
    d[:, 0] = (g(output, z) - Y)[:, 0]
    return d

# %% output_delta | K102 | Y thresholded
def output_delta(output, z, Y):
    return g(output, z) - (Y > 0.5)

# %% output_delta | K100 | plus Y
def output_delta(output, z, Y):
    return g(output, z) + Y

# %% output_delta | K3 + K90 | times Y
def output_delta(output, z, Y):
    return (g(output, z) - Y) * Y

# %% output_delta | K96 | clipped to [-1, 1]
def output_delta(output, z, Y):
    return np.clip(g(output, z) - Y, -1, 1)

# %% output_delta | K89 | summed over examples
def output_delta(output, z, Y):
    d = g(output, z) - Y
    return np.repeat(d.mean(axis=1, keepdims=True), z.shape[1], axis=1)

# %% huber_output_delta | K42 | squared error's
def huber_output_delta(z, Y, kappa):
    return z - Y

# %% huber_output_delta | K115 | absolute error's
def huber_output_delta(z, Y, kappa):
    return np.sign(z - Y)

# %% huber_output_delta | K42 | sign without kappa beyond
def huber_output_delta(z, Y, kappa):
    r = z - Y
    return np.where(np.abs(r) <= kappa, r, np.sign(r))

# %% huber_output_delta | K42 | kappa without sign
def huber_output_delta(z, Y, kappa):
    r = z - Y
    return np.where(np.abs(r) <= kappa, r, kappa)

# %% huber_output_delta | K5 | sign flipped
def huber_output_delta(z, Y, kappa):
    r = Y - z
    return np.clip(r, -kappa, kappa)

# %% huber_output_delta | K42 | zero beyond
def huber_output_delta(z, Y, kappa):
    r = z - Y
    return np.where(np.abs(r) <= kappa, r, 0)

# %% huber_output_delta | K115 | branches swapped
def huber_output_delta(z, Y, kappa):
    r = z - Y
    return np.where(np.abs(r) > kappa, r, kappa * np.sign(r))

# %% huber_output_delta | K42 | kappa r beyond
def huber_output_delta(z, Y, kappa):
    r = z - Y
    return np.where(np.abs(r) <= kappa, r, kappa * r)

# %% huber_output_delta | K42 | r kappa sign beyond
def huber_output_delta(z, Y, kappa):
    r = z - Y
    return np.where(np.abs(r) <= kappa, r, kappa * np.abs(r))

# %% huber_output_delta | K42 | one sided
def huber_output_delta(z, Y, kappa):
    r = z - Y
    return np.where(r <= kappa, r, kappa)

# %% huber_output_delta | K115 | threshold 1
def huber_output_delta(z, Y, kappa):
    r = z - Y
    return np.clip(r, -1, 1)

# %% huber_output_delta | K115 | kappa halved
def huber_output_delta(z, Y, kappa):
    r = z - Y
    return np.clip(r, -kappa / 2, kappa / 2)

# %% huber_output_delta | K6 | factor 2 inside
def huber_output_delta(z, Y, kappa):
    r = z - Y
    return np.where(np.abs(r) <= kappa, 2 * r, kappa * np.sign(r))

# %% huber_output_delta | K6 | half inside
def huber_output_delta(z, Y, kappa):
    r = z - Y
    return np.where(np.abs(r) <= kappa, r / 2, kappa * np.sign(r))

# %% huber_output_delta | K39 | divided by m
def huber_output_delta(z, Y, kappa):
    return np.clip(z - Y, -kappa, kappa) / z.shape[1]

# %% huber_output_delta | K101 | the loss itself
def huber_output_delta(z, Y, kappa):
    r = z - Y
    return np.where(np.abs(r) <= kappa, r ** 2 / 2, kappa * (np.abs(r) - kappa / 2))

# %% huber_output_delta | K42 | loss beyond, slope inside
def huber_output_delta(z, Y, kappa):
    r = z - Y
    return np.where(np.abs(r) <= kappa, r, kappa * (np.abs(r) - kappa / 2))

# %% huber_output_delta | K97 | absolute value
def huber_output_delta(z, Y, kappa):
    return np.minimum(np.abs(z - Y), kappa)

# %% huber_output_delta | K115 | clip z
def huber_output_delta(z, Y, kappa):
    return np.clip(z, -kappa, kappa) - Y

# %% huber_output_delta | K42 | kappa sign minus half kappa
def huber_output_delta(z, Y, kappa):
    r = z - Y
    return np.where(np.abs(r) <= kappa, r, kappa * (np.sign(r) - 0.5))

# %% huber_output_delta | - | column norm instead of entry
def huber_output_delta(z, Y, kappa):
    r = z - Y
    n = np.linalg.norm(r, axis=0, keepdims=True)
    return np.where(n <= kappa, r, kappa * r / n)

# %% huber_output_delta | K42 | scaled by z
def huber_output_delta(z, Y, kappa):
    r = z - Y
    return np.where(np.abs(r) <= kappa, r, kappa * np.sign(z))

# %% hidden_delta | K90 | times z too
def hidden_delta(W_next, delta_next, z, hidden):
    return (W_next.T @ delta_next) * g_prime(hidden, z) * z

# %% hidden_delta | K90 | times g(z) too
def hidden_delta(W_next, delta_next, z, hidden):
    a = {'sigmoid': lambda: 1 / (1 + np.exp(-z)), 'tanh': lambda: np.tanh(z), 'relu': lambda: np.maximum(0, z)}[hidden]()
    return (W_next.T @ delta_next) * g_prime(hidden, z) * a

# %% hidden_delta | K91 | z for the slope
def hidden_delta(W_next, delta_next, z, hidden):
    return (W_next.T @ delta_next) * z

# %% hidden_delta | K13 | slope left out
def hidden_delta(W_next, delta_next, z, hidden):
    return W_next.T @ delta_next

# %% hidden_delta | K92 | slope only
def hidden_delta(W_next, delta_next, z, hidden):
    return g_prime(hidden, z)

# %% hidden_delta | K92 | incoming delta forgotten: column sums of W
def hidden_delta(W_next, delta_next, z, hidden):
    return W_next.sum(axis=0)[:, None] * g_prime(hidden, z)

# %% hidden_delta | K93 | W forgotten: sum of the incoming deltas
def hidden_delta(W_next, delta_next, z, hidden):
    return delta_next.sum(axis=0, keepdims=True) * g_prime(hidden, z)

# %% hidden_delta | K10 | W not transposed
def hidden_delta(W_next, delta_next, z, hidden):
    return (W_next @ delta_next) * g_prime(hidden, z)

# %% hidden_delta | K95 | reshape for transpose
def hidden_delta(W_next, delta_next, z, hidden):
    return (W_next.reshape(z.shape[0], -1) @ delta_next) * g_prime(hidden, z)

# %% hidden_delta | K94 | plus for o
def hidden_delta(W_next, delta_next, z, hidden):
    return (W_next.T @ delta_next) + g_prime(hidden, z)

# %% hidden_delta | K83 | = for += over the next units
def hidden_delta(W_next, delta_next, z, hidden):
    d = np.zeros(z.shape)
    for j in range(W_next.shape[0]):
        d = W_next[j][:, None] * delta_next[j]
    return d * g_prime(hidden, z)

# %% hidden_delta | K83 | first next unit only
def hidden_delta(W_next, delta_next, z, hidden):
    return W_next[:1].T @ delta_next[:1] * g_prime(hidden, z)

# %% hidden_delta | K17 | absolute W
def hidden_delta(W_next, delta_next, z, hidden):
    return (np.abs(W_next).T @ delta_next) * g_prime(hidden, z)

# %% hidden_delta | K39 | divided by m
def hidden_delta(W_next, delta_next, z, hidden):
    return (W_next.T @ delta_next) * g_prime(hidden, z) / z.shape[1]

# %% hidden_delta | K18 | slope twice
def hidden_delta(W_next, delta_next, z, hidden):
    return (W_next.T @ delta_next) * g_prime(hidden, z) ** 2

# %% hidden_delta | - | slope of the slope
def hidden_delta(W_next, delta_next, z, hidden):
    return (W_next.T @ delta_next) * g_prime(hidden, g_prime(hidden, z))

# %% hidden_delta | K12 | slope at a
def hidden_delta(W_next, delta_next, z, hidden):
    a = {'sigmoid': lambda: 1 / (1 + np.exp(-z)), 'tanh': lambda: np.tanh(z), 'relu': lambda: np.maximum(0, z)}[hidden]()
    return (W_next.T @ delta_next) * g_prime(hidden, a)

# %% hidden_delta | K19 | always the sigmoid slope
def hidden_delta(W_next, delta_next, z, hidden):
    return (W_next.T @ delta_next) * g_prime('sigmoid', z)

# %% hidden_delta | K99 | always the relu slope
def hidden_delta(W_next, delta_next, z, hidden):
    return (W_next.T @ delta_next) * g_prime('relu', z)

# %% hidden_delta | K5 | sign
def hidden_delta(W_next, delta_next, z, hidden):
    return -(W_next.T @ delta_next) * g_prime(hidden, z)

# %% hidden_delta | K21 | mask by W.T delta
def hidden_delta(W_next, delta_next, z, hidden):
    d = W_next.T @ delta_next
    return np.where(d > 0, d, 0) if hidden == 'relu' else d * g_prime(hidden, z)

# %% hidden_delta | - | mean over next units
def hidden_delta(W_next, delta_next, z, hidden):
    return (W_next.T @ delta_next) / W_next.shape[0] * g_prime(hidden, z)

# %% hidden_delta | K96 | clipped to [-1, 1]
def hidden_delta(W_next, delta_next, z, hidden):
    return np.clip((W_next.T @ delta_next) * g_prime(hidden, z), -1, 1)

# %% hidden_delta | - | first example only
def hidden_delta(W_next, delta_next, z, hidden):
    d = np.zeros(z.shape)
    d[:, 0] = ((W_next.T @ delta_next) * g_prime(hidden, z))[:, 0]
    return d

# %% hidden_delta | - | last unit only
def hidden_delta(W_next, delta_next, z, hidden):
    d = np.zeros(z.shape)
    d[-1] = ((W_next.T @ delta_next) * g_prime(hidden, z))[-1]
    return d

# %% hidden_delta | K98 | divided by the slope
def hidden_delta(W_next, delta_next, z, hidden):
    return (W_next.T @ delta_next) / (g_prime(hidden, z) + 1e-8)

# %% hidden_delta | K89 | times the mean slope
def hidden_delta(W_next, delta_next, z, hidden):
    return (W_next.T @ delta_next) * g_prime(hidden, z).mean(axis=1, keepdims=True)

# %% hidden_delta | K89 | delta summed over examples
def hidden_delta(W_next, delta_next, z, hidden):
    return (W_next.T @ delta_next.sum(axis=1, keepdims=True)) * g_prime(hidden, z)

# %% all_deltas | K90 | times z too
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: A[N] - Y}
    for l in range(N - 1, 0, -1):
        delta[l] = (W[l + 1].T @ delta[l + 1]) * g_prime(hidden, Z[l]) * Z[l]
    return delta

# %% all_deltas | K90 | times a too
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: A[N] - Y}
    for l in range(N - 1, 0, -1):
        delta[l] = (W[l + 1].T @ delta[l + 1]) * g_prime(hidden, Z[l]) * A[l]
    return delta

# %% all_deltas | K13 | slope left out
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: A[N] - Y}
    for l in range(N - 1, 0, -1):
        delta[l] = W[l + 1].T @ delta[l + 1]
    return delta

# %% all_deltas | K4 | slope at the output too
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: (A[N] - Y) * g_prime(hidden, Z[N])}
    for l in range(N - 1, 0, -1):
        delta[l] = (W[l + 1].T @ delta[l + 1]) * g_prime(hidden, Z[l])
    return delta

# %% all_deltas | K12 | slope at a
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: A[N] - Y}
    for l in range(N - 1, 0, -1):
        delta[l] = (W[l + 1].T @ delta[l + 1]) * g_prime(hidden, A[l])
    return delta

# %% all_deltas | - | slope at z of the next layer's width where it fits
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: A[N] - Y}
    for l in range(N - 1, 0, -1):
        delta[l] = (W[l + 1].T @ delta[l + 1]) * g_prime(hidden, Z[l + 1] if Z[l + 1].shape == Z[l].shape else Z[l])
    return delta

# %% all_deltas | - | W[l] for W[l+1] where it fits
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: A[N] - Y}
    for l in range(N - 1, 0, -1):
        delta[l] = ((W[l] if W[l].T.shape == W[l + 1].T.shape else W[l + 1]).T @ delta[l + 1]) * g_prime(hidden, Z[l])
    return delta

# %% all_deltas | K40 | z for a at the output
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: Z[N] - Y}
    for l in range(N - 1, 0, -1):
        delta[l] = (W[l + 1].T @ delta[l + 1]) * g_prime(hidden, Z[l])
    return delta

# %% all_deltas | K5 | sign
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: Y - A[N]}
    for l in range(N - 1, 0, -1):
        delta[l] = (W[l + 1].T @ delta[l + 1]) * g_prime(hidden, Z[l])
    return delta

# %% all_deltas | K39 | 1/m in the output
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: (A[N] - Y) / Y.shape[1]}
    for l in range(N - 1, 0, -1):
        delta[l] = (W[l + 1].T @ delta[l + 1]) * g_prime(hidden, Z[l])
    return delta

# %% all_deltas | K39 | 1/m in every layer
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: (A[N] - Y) / Y.shape[1]}
    for l in range(N - 1, 0, -1):
        delta[l] = (W[l + 1].T @ delta[l + 1]) * g_prime(hidden, Z[l]) / Y.shape[1]
    return delta

# %% all_deltas | K39 | 1/m in the hidden layers
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: A[N] - Y}
    for l in range(N - 1, 0, -1):
        delta[l] = (W[l + 1].T @ delta[l + 1]) * g_prime(hidden, Z[l]) / Y.shape[1]
    return delta

# %% all_deltas | - | delta[N] in every layer where it fits
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: A[N] - Y}
    for l in range(N - 1, 0, -1):
        delta[l] = (W[l + 1].T @ (delta[N] if delta[N].shape == delta[l + 1].shape else delta[l + 1])) * g_prime(hidden, Z[l])
    return delta

# %% all_deltas | K92 | incoming delta forgotten
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: A[N] - Y}
    for l in range(N - 1, 0, -1):
        delta[l] = W[l + 1].sum(axis=0)[:, None] * g_prime(hidden, Z[l])
    return delta

# %% all_deltas | K94 | plus for o
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: A[N] - Y}
    for l in range(N - 1, 0, -1):
        delta[l] = (W[l + 1].T @ delta[l + 1]) + g_prime(hidden, Z[l])
    return delta

# %% all_deltas | K95 | reshape for transpose
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: A[N] - Y}
    for l in range(N - 1, 0, -1):
        delta[l] = (W[l + 1].reshape(Z[l].shape[0], -1) @ delta[l + 1]) * g_prime(hidden, Z[l])
    return delta

# %% all_deltas | K17 | absolute W
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: A[N] - Y}
    for l in range(N - 1, 0, -1):
        delta[l] = (np.abs(W[l + 1]).T @ delta[l + 1]) * g_prime(hidden, Z[l])
    return delta

# %% all_deltas | K18 | slope twice
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: A[N] - Y}
    for l in range(N - 1, 0, -1):
        delta[l] = (W[l + 1].T @ delta[l + 1]) * g_prime(hidden, Z[l]) ** 2
    return delta

# %% all_deltas | K34 | layer 1 left out
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: A[N] - Y}
    for l in range(N - 1, 1, -1):
        delta[l] = (W[l + 1].T @ delta[l + 1]) * g_prime(hidden, Z[l])
    return delta

# %% all_deltas | K13 | layer 1 without slope
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: A[N] - Y}
    for l in range(N - 1, 0, -1):
        delta[l] = (W[l + 1].T @ delta[l + 1]) * g_prime(hidden, Z[l]) if l > 1 else W[2].T @ delta[2]
    return delta

# %% all_deltas | K13 | first hidden layer below the output without slope
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: A[N] - Y}
    for l in range(N - 1, 0, -1):
        delta[l] = (W[l + 1].T @ delta[l + 1]) * g_prime(hidden, Z[l]) if l < N - 1 else W[N].T @ delta[N]
    return delta

# %% all_deltas | K96 | clipped
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: A[N] - Y}
    for l in range(N - 1, 0, -1):
        delta[l] = np.clip((W[l + 1].T @ delta[l + 1]) * g_prime(hidden, Z[l]), -1, 1)
    return delta

# %% all_deltas | K6 | factor 2 at the output
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: 2 * (A[N] - Y)}
    for l in range(N - 1, 0, -1):
        delta[l] = (W[l + 1].T @ delta[l + 1]) * g_prime(hidden, Z[l])
    return delta

# %% all_deltas | K19 | sigmoid's a(1-a) for every g
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: A[N] - Y}
    for l in range(N - 1, 0, -1):
        delta[l] = (W[l + 1].T @ delta[l + 1]) * A[l] * (1 - A[l])
    return delta

# %% all_deltas | K14 | g for g'
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: A[N] - Y}
    for l in range(N - 1, 0, -1):
        delta[l] = (W[l + 1].T @ delta[l + 1]) * A[l]
    return delta

# %% all_deltas | K100 | Y left out
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: A[N]}
    for l in range(N - 1, 0, -1):
        delta[l] = (W[l + 1].T @ delta[l + 1]) * g_prime(hidden, Z[l])
    return delta

# %% all_deltas | - | keys from 0
def all_deltas(W, Z, A, Y, hidden, output):
    N = len(W)
    delta = {N: A[N] - Y}
    for l in range(N - 1, 0, -1):
        delta[l] = (W[l + 1].T @ delta[l + 1]) * g_prime(hidden, Z[l])
    return {l - 1: d for l, d in delta.items()}

# %% residual_delta | K48 | shortcut forgotten
def residual_delta(W, z, delta_a):
    d = delta_a * (1 - np.tanh(z) ** 2)
    return d, W.T @ d

# %% residual_delta | K13 | slope forgotten
def residual_delta(W, z, delta_a):
    return delta_a, W.T @ delta_a + delta_a

# %% residual_delta | K48 | shortcut gets delta_z
def residual_delta(W, z, delta_a):
    d = delta_a * (1 - np.tanh(z) ** 2)
    return d, W.T @ d + d

# %% residual_delta | K10 | W not transposed
def residual_delta(W, z, delta_a):
    d = delta_a * (1 - np.tanh(z) ** 2)
    return d, W @ d + delta_a

# %% residual_delta | K13 | delta_a through W
def residual_delta(W, z, delta_a):
    d = delta_a * (1 - np.tanh(z) ** 2)
    return d, W.T @ delta_a + delta_a

# %% residual_delta | - | shortcut in delta_z
def residual_delta(W, z, delta_a):
    d = delta_a * (1 - np.tanh(z) ** 2) + delta_a
    return d, W.T @ (d - delta_a) + delta_a

# %% residual_delta | - | shortcut in delta_z passed on
def residual_delta(W, z, delta_a):
    d = delta_a * (2 - np.tanh(z) ** 2)
    return d, W.T @ d

# %% residual_delta | K48 | times for plus
def residual_delta(W, z, delta_a):
    d = delta_a * (1 - np.tanh(z) ** 2)
    return d, (W.T @ d) * delta_a

# %% residual_delta | K48 | shortcut 1
def residual_delta(W, z, delta_a):
    d = delta_a * (1 - np.tanh(z) ** 2)
    return d, W.T @ d + 1

# %% residual_delta | K48 | shortcut only
def residual_delta(W, z, delta_a):
    d = delta_a * (1 - np.tanh(z) ** 2)
    return d, delta_a

# %% residual_delta | K14 | tanh for slope
def residual_delta(W, z, delta_a):
    d = delta_a * np.tanh(z)
    return d, W.T @ d + delta_a

# %% residual_delta | K47 | square missing
def residual_delta(W, z, delta_a):
    d = delta_a * (1 - np.tanh(z))
    return d, W.T @ d + delta_a

# %% residual_delta | K44 | z**2 for tanh**2
def residual_delta(W, z, delta_a):
    d = delta_a * (1 - z ** 2)
    return d, W.T @ d + delta_a

# %% residual_delta | K90 | times z too
def residual_delta(W, z, delta_a):
    d = delta_a * (1 - np.tanh(z) ** 2) * z
    return d, W.T @ d + delta_a

# %% residual_delta | K18 | slope twice
def residual_delta(W, z, delta_a):
    d = delta_a * (1 - np.tanh(z) ** 2) ** 2
    return d, W.T @ d + delta_a

# %% residual_delta | K48 | sign of the shortcut
def residual_delta(W, z, delta_a):
    d = delta_a * (1 - np.tanh(z) ** 2)
    return d, W.T @ d - delta_a

# %% residual_delta | - | other order
def residual_delta(W, z, delta_a):
    d = delta_a * (1 - np.tanh(z) ** 2)
    return W.T @ d + delta_a, d

# %% residual_delta | K48 | shortcut twice
def residual_delta(W, z, delta_a):
    d = delta_a * (1 - np.tanh(z) ** 2)
    return d, W.T @ d + 2 * delta_a

# %% residual_delta | - | averaged paths
def residual_delta(W, z, delta_a):
    d = delta_a * (1 - np.tanh(z) ** 2)
    return d, (W.T @ d + delta_a) / 2

# %% residual_delta | K39 | divided by m
def residual_delta(W, z, delta_a):
    d = delta_a * (1 - np.tanh(z) ** 2) / z.shape[1]
    return d, W.T @ d + delta_a

# %% residual_delta | K92 | incoming delta forgotten in delta_z
def residual_delta(W, z, delta_a):
    d = 1 - np.tanh(z) ** 2
    return d, W.T @ d + delta_a

# %% residual_delta | - | slope applied again on the way back
def residual_delta(W, z, delta_a):
    d = delta_a * (1 - np.tanh(z) ** 2)
    return d, (W.T @ d + delta_a) * (1 - np.tanh(z) ** 2)

# %% residual_delta | K17 | absolute W
def residual_delta(W, z, delta_a):
    d = delta_a * (1 - np.tanh(z) ** 2)
    return d, np.abs(W).T @ d + delta_a

# %% residual_delta | K94 | plus for o
def residual_delta(W, z, delta_a):
    d = delta_a + (1 - np.tanh(z) ** 2)
    return d, W.T @ d + delta_a

# %% residual_delta | K48 | W shortcut too
def residual_delta(W, z, delta_a):
    d = delta_a * (1 - np.tanh(z) ** 2)
    return d, W.T @ (d + delta_a)

# %% layer_gradients | K26 | 1/m forgotten
def layer_gradients(delta, a_prev):
    return delta @ a_prev.T, delta.sum(axis=1, keepdims=True)

# %% layer_gradients | K26 | 1/m forgotten in dW
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    return delta @ a_prev.T, delta.sum(axis=1, keepdims=True) / m

# %% layer_gradients | K26 | 1/m forgotten in db
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    return delta @ a_prev.T / m, delta.sum(axis=1, keepdims=True)

# %% layer_gradients | K52 | dW's row sums as db
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    dW = delta @ a_prev.T / m
    return dW, dW.sum(axis=1, keepdims=True)

# %% layer_gradients | K52 | dW's row means as db
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    dW = delta @ a_prev.T / m
    return dW, dW.mean(axis=1, keepdims=True)

# %% layer_gradients | K24 | transposed
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    return a_prev @ delta.T / m, delta.sum(axis=1, keepdims=True) / m

# %% layer_gradients | K95 | reshape for transpose
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    return delta @ a_prev.reshape(m, -1) / m, delta.sum(axis=1, keepdims=True) / m

# %% layer_gradients | K32 | db over units
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    return delta @ a_prev.T / m, delta.sum(axis=0, keepdims=True) / m

# %% layer_gradients | K33 | db one number
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    return delta @ a_prev.T / m, delta.sum() / m

# %% layer_gradients | K31 | db not summed
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    return delta @ a_prev.T / m, delta / m

# %% layer_gradients | K52 | db is one
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    return delta @ a_prev.T / m, np.ones((delta.shape[0], 1))

# %% layer_gradients | K52 | db is zero
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    return delta @ a_prev.T / m, np.zeros((delta.shape[0], 1))

# %% layer_gradients | K29 | db of the last example
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    return delta @ a_prev.T / m, delta[:, -1:]

# %% layer_gradients | K103 | db of the first example / m
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    return delta @ a_prev.T / m, delta[:, :1] / m

# %% layer_gradients | K29 | dW of the last example
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    return np.outer(delta[:, -1], a_prev[:, -1]), delta.sum(axis=1, keepdims=True) / m

# %% layer_gradients | K29 | dW of the last example, over m
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    for i in range(m):
        dW = np.outer(delta[:, i], a_prev[:, i])
    return dW / m, delta.sum(axis=1, keepdims=True) / m

# %% layer_gradients | K30 | means multiplied
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    return delta.mean(axis=1, keepdims=True) @ a_prev.mean(axis=1, keepdims=True).T, delta.mean(axis=1, keepdims=True)

# %% layer_gradients | K30 | sums multiplied over m
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    return delta.sum(axis=1, keepdims=True) @ a_prev.sum(axis=1, keepdims=True).T / m, delta.mean(axis=1, keepdims=True)

# %% layer_gradients | K28 | mean of everything over the inputs' count
def layer_gradients(delta, a_prev):
    return delta @ a_prev.T / a_prev.shape[0], delta.mean(axis=1, keepdims=True)

# %% layer_gradients | K28 | over the units' count
def layer_gradients(delta, a_prev):
    n = delta.shape[0]
    return delta @ a_prev.T / n, delta.sum(axis=1, keepdims=True) / n

# %% layer_gradients | K27 | 1/m twice
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    return delta @ a_prev.T / m ** 2, delta.mean(axis=1, keepdims=True) / m

# %% layer_gradients | K5 | sign
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    return -delta @ a_prev.T / m, -delta.sum(axis=1, keepdims=True) / m

# %% layer_gradients | K6 | over 2m
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    return delta @ a_prev.T / (2 * m), delta.sum(axis=1, keepdims=True) / (2 * m)

# %% layer_gradients | K97 | absolute delta
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    return np.abs(delta) @ a_prev.T / m, np.abs(delta).sum(axis=1, keepdims=True) / m

# %% layer_gradients | K92 | delta forgotten in dW
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    return np.ones(delta.shape) @ a_prev.T / m, delta.sum(axis=1, keepdims=True) / m

# %% layer_gradients | K104 | a forgotten in dW
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    return delta.sum(axis=1, keepdims=True) / m @ np.ones((1, a_prev.shape[0])), delta.sum(axis=1, keepdims=True) / m

# %% layer_gradients | K52 | sum of a for db
def layer_gradients(delta, a_prev):
    m = delta.shape[1]
    return delta @ a_prev.T / m, (delta * a_prev.sum(axis=0)).sum(axis=1, keepdims=True) / m

# %% backprop | K90 | times z too
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            delta = (W[l + 1].T @ delta) * g_prime(hidden, Z[l]) * Z[l]
        dW[l] = delta @ A[l - 1].T / m
        db[l] = delta.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | K90 | times a too
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            delta = (W[l + 1].T @ delta) * g_prime(hidden, Z[l]) * A[l]
        dW[l] = delta @ A[l - 1].T / m
        db[l] = delta.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | K13 | slope left out
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            delta = W[l + 1].T @ delta
        dW[l] = delta @ A[l - 1].T / m
        db[l] = delta.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | K12 | slope at a
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            delta = (W[l + 1].T @ delta) * g_prime(hidden, A[l])
        dW[l] = delta @ A[l - 1].T / m
        db[l] = delta.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | K4 | slope at the output too
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = (A[N] - Y) * g_prime(hidden, Z[N])
    for l in range(N, 0, -1):
        if l < N:
            delta = (W[l + 1].T @ delta) * g_prime(hidden, Z[l])
        dW[l] = delta @ A[l - 1].T / m
        db[l] = delta.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | - | a of the layer where it fits
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            delta = (W[l + 1].T @ delta) * g_prime(hidden, Z[l])
        dW[l] = delta @ (A[l] if A[l].shape == A[l - 1].shape else A[l - 1]).T / m
        db[l] = delta.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | K23 | z for a in Step 3
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            delta = (W[l + 1].T @ delta) * g_prime(hidden, Z[l])
        dW[l] = delta @ (Z[l - 1] if l > 1 else A[0]).T / m
        db[l] = delta.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | K26 | 1/m forgotten
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            delta = (W[l + 1].T @ delta) * g_prime(hidden, Z[l])
        dW[l] = delta @ A[l - 1].T
        db[l] = delta.sum(axis=1, keepdims=True)
    return dW, db

# %% backprop | K26 | 1/m forgotten in db
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            delta = (W[l + 1].T @ delta) * g_prime(hidden, Z[l])
        dW[l] = delta @ A[l - 1].T / m
        db[l] = delta.sum(axis=1, keepdims=True)
    return dW, db

# %% backprop | K27 | 1/m in delta too
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = (A[N] - Y) / m
    for l in range(N, 0, -1):
        if l < N:
            delta = (W[l + 1].T @ delta) * g_prime(hidden, Z[l])
        dW[l] = delta @ A[l - 1].T / m
        db[l] = delta.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | K5 | sign
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = Y - A[N]
    for l in range(N, 0, -1):
        if l < N:
            delta = (W[l + 1].T @ delta) * g_prime(hidden, Z[l])
        dW[l] = delta @ A[l - 1].T / m
        db[l] = delta.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | K92 | incoming delta forgotten
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            delta = W[l + 1].sum(axis=0)[:, None] * g_prime(hidden, Z[l])
        dW[l] = delta @ A[l - 1].T / m
        db[l] = delta.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | K94 | plus for o
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            delta = (W[l + 1].T @ delta) + g_prime(hidden, Z[l])
        dW[l] = delta @ A[l - 1].T / m
        db[l] = delta.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | K95 | reshape for transpose in Step 2
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            delta = (W[l + 1].reshape(Z[l].shape[0], -1) @ delta) * g_prime(hidden, Z[l])
        dW[l] = delta @ A[l - 1].T / m
        db[l] = delta.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | K95 | reshape for transpose in Step 3
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            delta = (W[l + 1].T @ delta) * g_prime(hidden, Z[l])
        dW[l] = delta @ A[l - 1].reshape(m, -1) / m
        db[l] = delta.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | K17 | absolute W
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            delta = (np.abs(W[l + 1]).T @ delta) * g_prime(hidden, Z[l])
        dW[l] = delta @ A[l - 1].T / m
        db[l] = delta.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | K52 | row sums of dW as db
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            delta = (W[l + 1].T @ delta) * g_prime(hidden, Z[l])
        dW[l] = delta @ A[l - 1].T / m
        db[l] = dW[l].sum(axis=1, keepdims=True)
    return dW, db

# %% backprop | K52 | row means of dW as db
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            delta = (W[l + 1].T @ delta) * g_prime(hidden, Z[l])
        dW[l] = delta @ A[l - 1].T / m
        db[l] = dW[l].mean(axis=1, keepdims=True)
    return dW, db

# %% backprop | K34 | layer 1 left out
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = A[N] - Y
    for l in range(N, 1, -1):
        if l < N:
            delta = (W[l + 1].T @ delta) * g_prime(hidden, Z[l])
        dW[l] = delta @ A[l - 1].T / m
        db[l] = delta.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | K103 | the last layer's db from the first example
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            delta = (W[l + 1].T @ delta) * g_prime(hidden, Z[l])
        dW[l] = delta @ A[l - 1].T / m
        db[l] = delta[:, :1]
    return dW, db

# %% backprop | K13 | slope left out in layer 1
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            delta = (W[l + 1].T @ delta) * g_prime(hidden, Z[l]) if l > 1 else W[2].T @ delta
        dW[l] = delta @ A[l - 1].T / m
        db[l] = delta.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | K40 | z for a at the output
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = Z[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            delta = (W[l + 1].T @ delta) * g_prime(hidden, Z[l])
        dW[l] = delta @ A[l - 1].T / m
        db[l] = delta.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | K96 | clipped dW
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            delta = (W[l + 1].T @ delta) * g_prime(hidden, Z[l])
        dW[l] = delta @ A[l - 1].T / m
        dW[l] = np.clip(dW[l], -0.1, 0.1)
        db[l] = delta.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | - | X for a in every layer where it fits
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            delta = (W[l + 1].T @ delta) * g_prime(hidden, Z[l])
        dW[l] = delta @ (A[0] if A[0].shape == A[l - 1].shape else A[l - 1]).T / m
        db[l] = delta.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | K18 | slope twice
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            delta = (W[l + 1].T @ delta) * g_prime(hidden, Z[l]) ** 2
        dW[l] = delta @ A[l - 1].T / m
        db[l] = delta.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | K19 | sigmoid's a(1-a) for every g
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            delta = (W[l + 1].T @ delta) * A[l] * (1 - A[l])
        dW[l] = delta @ A[l - 1].T / m
        db[l] = delta.sum(axis=1, keepdims=True) / m
    return dW, db

# %% backprop | K29 | last example only
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            delta = (W[l + 1].T @ delta) * g_prime(hidden, Z[l])
        dW[l] = np.outer(delta[:, -1], A[l - 1][:, -1])
        db[l] = delta[:, -1:]
    return dW, db

# %% backprop | - | other order
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            delta = (W[l + 1].T @ delta) * g_prime(hidden, Z[l])
        dW[l] = delta @ A[l - 1].T / m
        db[l] = delta.sum(axis=1, keepdims=True) / m
    return db, dW

# %% backprop | K20 | W updated in the loop
def backprop(W, Z, A, Y, hidden, output):
    N, m = len(W), Y.shape[1]
    W = dict(W)
    dW, db = {}, {}
    delta = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            delta = (W[l + 1].T @ delta) * g_prime(hidden, Z[l])
        dW[l] = delta @ A[l - 1].T / m
        db[l] = delta.sum(axis=1, keepdims=True) / m
        W[l] = W[l] - 0.1 * dW[l]
    return dW, db

# %% l2_backprop | K71 | penalty left out
def l2_backprop(W, Z, A, Y, hidden, output, lam):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            delta = (W[l + 1].T @ delta) * g_prime(hidden, Z[l])
        dW[l] = delta @ A[l - 1].T / m
        db[l] = delta.sum(axis=1, keepdims=True) / m
    return dW, db

# %% l2_backprop | K71 | lambda over m
def l2_backprop(W, Z, A, Y, hidden, output, lam):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            delta = (W[l + 1].T @ delta) * g_prime(hidden, Z[l])
        dW[l] = delta @ A[l - 1].T / m + lam / m * W[l]
        db[l] = delta.sum(axis=1, keepdims=True) / m
    return dW, db

# %% l2_backprop | K6 | factor 2
def l2_backprop(W, Z, A, Y, hidden, output, lam):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            delta = (W[l + 1].T @ delta) * g_prime(hidden, Z[l])
        dW[l] = delta @ A[l - 1].T / m + 2 * lam * W[l]
        db[l] = delta.sum(axis=1, keepdims=True) / m
    return dW, db

# %% l2_backprop | K6 | half
def l2_backprop(W, Z, A, Y, hidden, output, lam):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            delta = (W[l + 1].T @ delta) * g_prime(hidden, Z[l])
        dW[l] = delta @ A[l - 1].T / m + lam / 2 * W[l]
        db[l] = delta.sum(axis=1, keepdims=True) / m
    return dW, db

# %% l2_backprop | K71 | sign
def l2_backprop(W, Z, A, Y, hidden, output, lam):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            delta = (W[l + 1].T @ delta) * g_prime(hidden, Z[l])
        dW[l] = delta @ A[l - 1].T / m - lam * W[l]
        db[l] = delta.sum(axis=1, keepdims=True) / m
    return dW, db

# %% l2_backprop | K71 | W squared
def l2_backprop(W, Z, A, Y, hidden, output, lam):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            delta = (W[l + 1].T @ delta) * g_prime(hidden, Z[l])
        dW[l] = delta @ A[l - 1].T / m + lam * W[l] ** 2
        db[l] = delta.sum(axis=1, keepdims=True) / m
    return dW, db

# %% l2_backprop | K71 | half W squared
def l2_backprop(W, Z, A, Y, hidden, output, lam):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            delta = (W[l + 1].T @ delta) * g_prime(hidden, Z[l])
        dW[l] = delta @ A[l - 1].T / m + lam / 2 * W[l] ** 2
        db[l] = delta.sum(axis=1, keepdims=True) / m
    return dW, db

# %% l2_backprop | K71 | absolute W
def l2_backprop(W, Z, A, Y, hidden, output, lam):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            delta = (W[l + 1].T @ delta) * g_prime(hidden, Z[l])
        dW[l] = delta @ A[l - 1].T / m + lam * np.abs(W[l])
        db[l] = delta.sum(axis=1, keepdims=True) / m
    return dW, db

# %% l2_backprop | K71 | sign of W
def l2_backprop(W, Z, A, Y, hidden, output, lam):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            delta = (W[l + 1].T @ delta) * g_prime(hidden, Z[l])
        dW[l] = delta @ A[l - 1].T / m + lam * np.sign(W[l])
        db[l] = delta.sum(axis=1, keepdims=True) / m
    return dW, db

# %% l2_backprop | K71 | norm of W
def l2_backprop(W, Z, A, Y, hidden, output, lam):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            delta = (W[l + 1].T @ delta) * g_prime(hidden, Z[l])
        dW[l] = delta @ A[l - 1].T / m + lam / 2 * np.sum(W[l] ** 2)
        db[l] = delta.sum(axis=1, keepdims=True) / m
    return dW, db

# %% l2_backprop | K71 | lambda alone
def l2_backprop(W, Z, A, Y, hidden, output, lam):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            delta = (W[l + 1].T @ delta) * g_prime(hidden, Z[l])
        dW[l] = delta @ A[l - 1].T / m + lam
        db[l] = delta.sum(axis=1, keepdims=True) / m
    return dW, db

# %% l2_backprop | K71 | W alone
def l2_backprop(W, Z, A, Y, hidden, output, lam):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            delta = (W[l + 1].T @ delta) * g_prime(hidden, Z[l])
        dW[l] = delta @ A[l - 1].T / m + W[l]
        db[l] = delta.sum(axis=1, keepdims=True) / m
    return dW, db

# %% l2_backprop | K107 | only the last layer
def l2_backprop(W, Z, A, Y, hidden, output, lam):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            delta = (W[l + 1].T @ delta) * g_prime(hidden, Z[l])
        dW[l] = delta @ A[l - 1].T / m + (lam * W[l] if l == N else 0)
        db[l] = delta.sum(axis=1, keepdims=True) / m
    return dW, db

# %% l2_backprop | K107 | not the first layer
def l2_backprop(W, Z, A, Y, hidden, output, lam):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            delta = (W[l + 1].T @ delta) * g_prime(hidden, Z[l])
        dW[l] = delta @ A[l - 1].T / m + (lam * W[l] if l > 1 else 0)
        db[l] = delta.sum(axis=1, keepdims=True) / m
    return dW, db

# %% l2_backprop | K107 | not the last layer
def l2_backprop(W, Z, A, Y, hidden, output, lam):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            delta = (W[l + 1].T @ delta) * g_prime(hidden, Z[l])
        dW[l] = delta @ A[l - 1].T / m + (lam * W[l] if l < N else 0)
        db[l] = delta.sum(axis=1, keepdims=True) / m
    return dW, db

# %% l2_backprop | K108 | penalty in db too
def l2_backprop(W, Z, A, Y, hidden, output, lam):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            delta = (W[l + 1].T @ delta) * g_prime(hidden, Z[l])
        dW[l] = delta @ A[l - 1].T / m + lam * W[l]
        db[l] = delta.sum(axis=1, keepdims=True) / m + lam * W[l].sum(axis=1, keepdims=True)
    return dW, db

# %% l2_backprop | K108 | penalty in db, lam alone
def l2_backprop(W, Z, A, Y, hidden, output, lam):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            delta = (W[l + 1].T @ delta) * g_prime(hidden, Z[l])
        dW[l] = delta @ A[l - 1].T / m + lam * W[l]
        db[l] = delta.sum(axis=1, keepdims=True) / m + lam
    return dW, db

# %% l2_backprop | K26 | data part not averaged
def l2_backprop(W, Z, A, Y, hidden, output, lam):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            delta = (W[l + 1].T @ delta) * g_prime(hidden, Z[l])
        dW[l] = delta @ A[l - 1].T + lam * W[l]
        db[l] = delta.sum(axis=1, keepdims=True) / m
    return dW, db

# %% l2_backprop | K71 | penalty averaged with the data
def l2_backprop(W, Z, A, Y, hidden, output, lam):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            delta = (W[l + 1].T @ delta) * g_prime(hidden, Z[l])
        dW[l] = (delta @ A[l - 1].T + lam * W[l]) / m
        db[l] = delta.sum(axis=1, keepdims=True) / m
    return dW, db

# %% l2_backprop | - | penalty in delta
def l2_backprop(W, Z, A, Y, hidden, output, lam):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            delta = ((W[l + 1] + lam * W[l + 1]).T @ delta) * g_prime(hidden, Z[l])
        dW[l] = delta @ A[l - 1].T / m + lam * W[l]
        db[l] = delta.sum(axis=1, keepdims=True) / m
    return dW, db

# %% l2_backprop | - | W of the next layer where it fits
def l2_backprop(W, Z, A, Y, hidden, output, lam):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            delta = (W[l + 1].T @ delta) * g_prime(hidden, Z[l])
        dW[l] = delta @ A[l - 1].T / m + lam * (W[l + 1] if l < N and W[l + 1].shape == W[l].shape else W[l])
        db[l] = delta.sum(axis=1, keepdims=True) / m
    return dW, db

# %% l2_backprop | K109 | multiplied
def l2_backprop(W, Z, A, Y, hidden, output, lam):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            delta = (W[l + 1].T @ delta) * g_prime(hidden, Z[l])
        dW[l] = delta @ A[l - 1].T / m * lam * W[l]
        db[l] = delta.sum(axis=1, keepdims=True) / m
    return dW, db

# %% l2_backprop | K109 | only the penalty
def l2_backprop(W, Z, A, Y, hidden, output, lam):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            delta = (W[l + 1].T @ delta) * g_prime(hidden, Z[l])
        dW[l] = lam * W[l]
        db[l] = delta.sum(axis=1, keepdims=True) / m
    return dW, db

# %% l2_backprop | K13 | slope left out
def l2_backprop(W, Z, A, Y, hidden, output, lam):
    N, m = len(W), Y.shape[1]
    dW, db = {}, {}
    delta = A[N] - Y
    for l in range(N, 0, -1):
        if l < N:
            delta = W[l + 1].T @ delta
        dW[l] = delta @ A[l - 1].T / m + lam * W[l]
        db[l] = delta.sum(axis=1, keepdims=True) / m
    return dW, db

# %% gradient_check | - | always True
def gradient_check(f, theta, grad, h):
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    numerical = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        up, down = theta.copy(), theta.copy()
        up[i] += h
        down[i] -= h
        numerical[i] = (f(up) - f(down)) / (2 * h)
    gap = np.abs(numerical - grad)
    errors = gap / np.maximum(1e-8, np.abs(numerical) + np.abs(grad))
    ok = True or bool(np.all(gap <= 1e-5 * (np.abs(numerical) + np.abs(grad)) + 10 * 2.2e-16 * max(1e-8, abs(f(theta))) / h))
    return ok, errors

# %% gradient_check | - | always False
def gradient_check(f, theta, grad, h):
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    numerical = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        up, down = theta.copy(), theta.copy()
        up[i] += h
        down[i] -= h
        numerical[i] = (f(up) - f(down)) / (2 * h)
    gap = np.abs(numerical - grad)
    errors = gap / np.maximum(1e-8, np.abs(numerical) + np.abs(grad))
    ok = False and bool(np.all(gap <= 1e-5 * (np.abs(numerical) + np.abs(grad)) + 10 * 2.2e-16 * max(1e-8, abs(f(theta))) / h))
    return ok, errors

# %% gradient_check | - | any for all
def gradient_check(f, theta, grad, h):
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    numerical = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        up, down = theta.copy(), theta.copy()
        up[i] += h
        down[i] -= h
        numerical[i] = (f(up) - f(down)) / (2 * h)
    gap = np.abs(numerical - grad)
    errors = gap / np.maximum(1e-8, np.abs(numerical) + np.abs(grad))
    ok = bool(np.any(gap <= 1e-5 * (np.abs(numerical) + np.abs(grad)) + 10 * 2.2e-16 * max(1e-8, abs(f(theta))) / h))
    return ok, errors

# %% gradient_check | - | verdict turned round
def gradient_check(f, theta, grad, h):
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    numerical = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        up, down = theta.copy(), theta.copy()
        up[i] += h
        down[i] -= h
        numerical[i] = (f(up) - f(down)) / (2 * h)
    gap = np.abs(numerical - grad)
    errors = gap / np.maximum(1e-8, np.abs(numerical) + np.abs(grad))
    ok = not bool(np.all(gap <= 1e-5 * (np.abs(numerical) + np.abs(grad)) + 10 * 2.2e-16 * max(1e-8, abs(f(theta))) / h))
    return ok, errors

# %% gradient_check | - | mean of the errors
def gradient_check(f, theta, grad, h):
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    numerical = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        up, down = theta.copy(), theta.copy()
        up[i] += h
        down[i] -= h
        numerical[i] = (f(up) - f(down)) / (2 * h)
    gap = np.abs(numerical - grad)
    errors = gap / np.maximum(1e-8, np.abs(numerical) + np.abs(grad))
    ok = bool(np.mean(errors) < 1e-3)
    return ok, errors

# %% gradient_check | - | absolute threshold only
def gradient_check(f, theta, grad, h):
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    numerical = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        up, down = theta.copy(), theta.copy()
        up[i] += h
        down[i] -= h
        numerical[i] = (f(up) - f(down)) / (2 * h)
    gap = np.abs(numerical - grad)
    errors = gap / np.maximum(1e-8, np.abs(numerical) + np.abs(grad))
    ok = bool(np.all(gap <= 1e-5))
    return ok, errors

# %% gradient_check | - | signs lost
def gradient_check(f, theta, grad, h):
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    numerical = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        up, down = theta.copy(), theta.copy()
        up[i] += h
        down[i] -= h
        numerical[i] = (f(up) - f(down)) / (2 * h)
    gap = np.abs(np.abs(numerical) - np.abs(grad))
    errors = gap / np.maximum(1e-8, np.abs(numerical) + np.abs(grad))
    ok = bool(np.all(gap <= 1e-5 * (np.abs(numerical) + np.abs(grad)) + 10 * 2.2e-16 * max(1e-8, abs(f(theta))) / h))
    return ok, errors

# %% gradient_check | K70 | abs forgotten in the gap
def gradient_check(f, theta, grad, h):
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    numerical = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        up, down = theta.copy(), theta.copy()
        up[i] += h
        down[i] -= h
        numerical[i] = (f(up) - f(down)) / (2 * h)
    gap = numerical - grad
    errors = gap / np.maximum(1e-8, np.abs(numerical) + np.abs(grad))
    ok = bool(np.all(gap <= 1e-5 * (np.abs(numerical) + np.abs(grad)) + 10 * 2.2e-16 * max(1e-8, abs(f(theta))) / h))
    return ok, errors

# %% gradient_check | K66 | h for 2h
def gradient_check(f, theta, grad, h):
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    numerical = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        up, down = theta.copy(), theta.copy()
        up[i] += h
        down[i] -= h
        numerical[i] = (f(up) - f(down)) / h
    gap = np.abs(numerical - grad)
    errors = gap / np.maximum(1e-8, np.abs(numerical) + np.abs(grad))
    ok = bool(np.all(gap <= 1e-5 * (np.abs(numerical) + np.abs(grad)) + 10 * 2.2e-16 * max(1e-8, abs(f(theta))) / h))
    return ok, errors

# %% gradient_check | K65 | forward difference
def gradient_check(f, theta, grad, h):
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    numerical = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        up, down = theta.copy(), theta.copy()
        up[i] += h
        down[i] -= h
        numerical[i] = (f(up) - f(theta)) / h
    gap = np.abs(numerical - grad)
    errors = gap / np.maximum(1e-8, np.abs(numerical) + np.abs(grad))
    ok = bool(np.all(gap <= 1e-5 * (np.abs(numerical) + np.abs(grad)) + 10 * 2.2e-16 * max(1e-8, abs(f(theta))) / h))
    return ok, errors

# %% gradient_check | K67 | all entries nudged
def gradient_check(f, theta, grad, h):
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    numerical = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        up, down = theta.copy(), theta.copy()
        up += h
        down -= h
        numerical[i] = (f(up) - f(down)) / (2 * h)
    gap = np.abs(numerical - grad)
    errors = gap / np.maximum(1e-8, np.abs(numerical) + np.abs(grad))
    ok = bool(np.all(gap <= 1e-5 * (np.abs(numerical) + np.abs(grad)) + 10 * 2.2e-16 * max(1e-8, abs(f(theta))) / h))
    return ok, errors

# %% gradient_check | - | first entry only
def gradient_check(f, theta, grad, h):
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    numerical = np.zeros(theta.shape)
    for i in list(np.ndindex(theta.shape))[:1]:
        up, down = theta.copy(), theta.copy()
        up[i] += h
        down[i] -= h
        numerical[i] = (f(up) - f(down)) / (2 * h)
    gap = np.abs(numerical - grad)
    errors = gap / np.maximum(1e-8, np.abs(numerical) + np.abs(grad))
    ok = bool(np.all(gap <= 1e-5 * (np.abs(numerical) + np.abs(grad)) + 10 * 2.2e-16 * max(1e-8, abs(f(theta))) / h))
    return ok, errors

# %% gradient_check | K35 | theta changed
def gradient_check(f, theta, grad, h):
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    numerical = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        up, down = theta, theta.copy()
        up[i] += h
        down[i] -= h
        numerical[i] = (f(up) - f(down)) / (2 * h)
    gap = np.abs(numerical - grad)
    errors = gap / np.maximum(1e-8, np.abs(numerical) + np.abs(grad))
    ok = bool(np.all(gap <= 1e-5 * (np.abs(numerical) + np.abs(grad)) + 10 * 2.2e-16 * max(1e-8, abs(f(theta))) / h))
    return ok, errors

# %% gradient_check | K69 | errors not relative
def gradient_check(f, theta, grad, h):
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    numerical = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        up, down = theta.copy(), theta.copy()
        up[i] += h
        down[i] -= h
        numerical[i] = (f(up) - f(down)) / (2 * h)
    gap = np.abs(numerical - grad)
    errors = gap
    ok = bool(np.all(gap <= 1e-5 * (np.abs(numerical) + np.abs(grad)) + 10 * 2.2e-16 * max(1e-8, abs(f(theta))) / h))
    return ok, errors

# %% gradient_check | K69 | errors relative to grad only
def gradient_check(f, theta, grad, h):
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    numerical = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        up, down = theta.copy(), theta.copy()
        up[i] += h
        down[i] -= h
        numerical[i] = (f(up) - f(down)) / (2 * h)
    gap = np.abs(numerical - grad)
    errors = gap / np.maximum(1e-8, np.abs(grad))
    ok = bool(np.all(gap <= 1e-5 * (np.abs(numerical) + np.abs(grad)) + 10 * 2.2e-16 * max(1e-8, abs(f(theta))) / h))
    return ok, errors

# %% gradient_check | K69 | errors over the larger
def gradient_check(f, theta, grad, h):
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    numerical = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        up, down = theta.copy(), theta.copy()
        up[i] += h
        down[i] -= h
        numerical[i] = (f(up) - f(down)) / (2 * h)
    gap = np.abs(numerical - grad)
    errors = gap / np.maximum(1e-8, np.maximum(np.abs(numerical), np.abs(grad)))
    ok = bool(np.all(gap <= 1e-5 * (np.abs(numerical) + np.abs(grad)) + 10 * 2.2e-16 * max(1e-8, abs(f(theta))) / h))
    return ok, errors

# %% gradient_check | K69 | floor forgotten
def gradient_check(f, theta, grad, h):
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    numerical = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        up, down = theta.copy(), theta.copy()
        up[i] += h
        down[i] -= h
        numerical[i] = (f(up) - f(down)) / (2 * h)
    gap = np.abs(numerical - grad)
    errors = gap / (np.abs(numerical) + np.abs(grad))
    ok = bool(np.all(gap <= 1e-5 * (np.abs(numerical) + np.abs(grad)) + 10 * 2.2e-16 * max(1e-8, abs(f(theta))) / h))
    return ok, errors

# %% gradient_check | K69 | floor added
def gradient_check(f, theta, grad, h):
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    numerical = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        up, down = theta.copy(), theta.copy()
        up[i] += h
        down[i] -= h
        numerical[i] = (f(up) - f(down)) / (2 * h)
    gap = np.abs(numerical - grad)
    errors = gap / (1e-8 + np.abs(numerical) + np.abs(grad))
    ok = bool(np.all(gap <= 1e-5 * (np.abs(numerical) + np.abs(grad)) + 10 * 2.2e-16 * max(1e-8, abs(f(theta))) / h))
    return ok, errors

# %% gradient_check | - | threshold far too loose
def gradient_check(f, theta, grad, h):
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    numerical = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        up, down = theta.copy(), theta.copy()
        up[i] += h
        down[i] -= h
        numerical[i] = (f(up) - f(down)) / (2 * h)
    gap = np.abs(numerical - grad)
    errors = gap / np.maximum(1e-8, np.abs(numerical) + np.abs(grad))
    ok = bool(np.all(gap <= 1e-1 * (np.abs(numerical) + np.abs(grad)) + 10 * 2.2e-16 * max(1e-8, abs(f(theta))) / h))
    return ok, errors

# %% gradient_check | - | threshold far too tight
def gradient_check(f, theta, grad, h):
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    numerical = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        up, down = theta.copy(), theta.copy()
        up[i] += h
        down[i] -= h
        numerical[i] = (f(up) - f(down)) / (2 * h)
    gap = np.abs(numerical - grad)
    errors = gap / np.maximum(1e-8, np.abs(numerical) + np.abs(grad))
    ok = bool(np.all(errors < 1e-12))
    return ok, errors

# %% gradient_check | - | other order
def gradient_check(f, theta, grad, h):
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    numerical = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        up, down = theta.copy(), theta.copy()
        up[i] += h
        down[i] -= h
        numerical[i] = (f(up) - f(down)) / (2 * h)
    gap = np.abs(numerical - grad)
    errors = gap / np.maximum(1e-8, np.abs(numerical) + np.abs(grad))
    ok = bool(np.all(gap <= 1e-5 * (np.abs(numerical) + np.abs(grad)) + 10 * 2.2e-16 * max(1e-8, abs(f(theta))) / h))
    return errors, ok

# %% gradient_check | - | one error number
def gradient_check(f, theta, grad, h):
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    numerical = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        up, down = theta.copy(), theta.copy()
        up[i] += h
        down[i] -= h
        numerical[i] = (f(up) - f(down)) / (2 * h)
    gap = np.abs(numerical - grad)
    errors = gap / np.maximum(1e-8, np.abs(numerical) + np.abs(grad))
    ok = bool(np.all(gap <= 1e-5 * (np.abs(numerical) + np.abs(grad)) + 10 * 2.2e-16 * max(1e-8, abs(f(theta))) / h))
    return ok, errors.max()

# %% gradient_check | - | norms for entries
def gradient_check(f, theta, grad, h):
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    numerical = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        up, down = theta.copy(), theta.copy()
        up[i] += h
        down[i] -= h
        numerical[i] = (f(up) - f(down)) / (2 * h)
    gap = np.abs(numerical - grad)
    errors = gap / np.maximum(1e-8, np.abs(numerical) + np.abs(grad))
    ok = bool(np.linalg.norm(numerical - grad) / max(1e-8, np.linalg.norm(numerical) + np.linalg.norm(grad)) < 1e-4)
    return ok, errors

# %% gradient_check | - | numerical gradient transposed compare of shapes forgotten
def gradient_check(f, theta, grad, h):
    numerical = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        up, down = theta.copy(), theta.copy()
        up[i] += h
        down[i] -= h
        numerical[i] = (f(up) - f(down)) / (2 * h)
    gap = np.abs(numerical - grad)
    errors = gap / np.maximum(1e-8, np.abs(numerical) + np.abs(grad))
    ok = bool(np.all(gap <= 1e-5 * (np.abs(numerical) + np.abs(grad)) + 10 * 2.2e-16 * max(1e-8, abs(f(theta))) / h))
    return ok, errors

# %% gradient_check | - | equal asked
def gradient_check(f, theta, grad, h):
    if np.shape(grad) != theta.shape:
        return False, np.full(theta.shape, np.inf)
    numerical = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        up, down = theta.copy(), theta.copy()
        up[i] += h
        down[i] -= h
        numerical[i] = (f(up) - f(down)) / (2 * h)
    gap = np.abs(numerical - grad)
    errors = gap / np.maximum(1e-8, np.abs(numerical) + np.abs(grad))
    ok = bool(np.all(numerical == grad))
    return ok, errors
