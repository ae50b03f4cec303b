# Right answers to the exercises on graphs, written from the statements alone. Read as text by variants.py.
# Header: exercise | note, if full marks may come with a remark, or - | the style
# ruff: noqa
# fmt: off

# %% product_messages | - | einsum
def product_messages(A, b, C_bar):
    return np.einsum("ij,ik->ij", C_bar, b), np.einsum("ij,ij->i", C_bar, A)[:, None]

# %% product_messages | - | column by column
def product_messages(A, b, C_bar):
    A_bar, b_bar = np.zeros(A.shape), np.zeros(b.shape)
    for j in range(A.shape[1]):
        A_bar[:, j] = C_bar[:, j] * b[:, 0]
        b_bar[:, 0] += C_bar[:, j] * A[:, j]
    return A_bar, b_bar

# %% product_messages | - | b as a diagonal matrix
def product_messages(A, b, C_bar):
    return np.diag(b.ravel()) @ C_bar, np.diag(C_bar @ A.T).reshape(-1, 1)

# %% graph_gradients | - | one linear system
def graph_gradients(slopes):
    n = len(slopes)
    e = np.zeros((n, 1))
    e[0] = 1
    return np.linalg.solve(np.eye(n) - slopes.T, e)

# %% graph_gradients | - | recursion with a memory
def graph_gradients(slopes):
    known = {0: 1.0}
    def bar(v):
        if v not in known:
            known[v] = sum(slopes[u, v] * bar(u) for u in range(len(slopes)) if slopes[u, v] != 0)
        return known[v]
    return np.array([[float(bar(v))] for v in range(len(slopes))])

# %% graph_gradients | - | repeated until nothing moves
def graph_gradients(slopes):
    start = np.eye(len(slopes))[:, :1]
    g = start
    for _ in range(len(slopes)):
        g = start + slopes.T @ g
    return g

# %% softmax_atoms | - | with Step 1 at the end
def softmax_atoms(z, Y):
    E = np.exp(z)
    S = E.sum(axis=0, keepdims=True)
    one = np.ones(S.shape)
    return one, 1 / S, one / S * np.ones(z.shape), E / S - Y

# %% softmax_atoms | - | example by example
def softmax_atoms(z, Y):
    k, m = z.shape
    U, S, E, Z = np.zeros((1, m)), np.zeros((1, m)), np.zeros((k, m)), np.zeros((k, m))
    for i in range(m):
        e = [np.exp(t) for t in z[:, i]]
        U[0, i] = sum(Y[:, i])
        S[0, i] = U[0, i] / sum(e)
        for j in range(k):
            E[j, i] = S[0, i]
            Z[j, i] = E[j, i] * e[j] - Y[j, i]
    return U, S, E, Z
