# Wrong answers to the exercises on graphs, written from the statements alone. Read as text by variants.py.
# Header: exercise | catalogue codes that may name it, or - | what is wrong
# ruff: noqa
# fmt: off

# %% product_messages | - | the other input's own message
def product_messages(A, b, C_bar):
    return C_bar * A, np.sum(C_bar * b, axis=1, keepdims=True)

# %% product_messages | - | averaged over the columns
def product_messages(A, b, C_bar):
    return C_bar * b, np.mean(C_bar * A, axis=1, keepdims=True)

# %% product_messages | - | the arriving gradient left out
def product_messages(A, b, C_bar):
    return b * np.ones(A.shape), np.sum(A, axis=1, keepdims=True)

# %% product_messages | - | only the last column's message kept
def product_messages(A, b, C_bar):
    for j in range(A.shape[1]):
        b_bar = C_bar[:, [j]] * A[:, [j]]
    return C_bar * b, b_bar

# %% product_messages | - | summed before multiplied
def product_messages(A, b, C_bar):
    return C_bar * b, C_bar.sum(axis=1, keepdims=True) * A.sum(axis=1, keepdims=True)

# %% graph_gradients | - | nodes taken in the order of their numbers
def graph_gradients(slopes):
    g = np.zeros((len(slopes), 1))
    g[0] = 1
    for u in range(len(slopes)):
        for v in range(len(slopes)):
            g[v] += slopes[u, v] * g[u]
    return g

# %% graph_gradients | - | overwritten, not added
def graph_gradients(slopes):
    n = len(slopes)
    g = np.zeros((n, 1))
    g[0] = 1
    for _ in range(n):
        for u in range(n):
            for v in np.flatnonzero(slopes[u]):
                g[v] = slopes[u, v] * g[u]
    return g

# %% graph_gradients | - | forward: what node 0 does to the others
def graph_gradients(slopes):
    n = len(slopes)
    return np.linalg.solve(np.eye(n) - slopes, np.eye(n)[:, :1])

# %% graph_gradients | - | direct slopes only
def graph_gradients(slopes):
    g = slopes[0].astype(float).reshape(-1, 1)
    g[0] = 1
    return g

# %% graph_gradients | - | sent on at every visit, with all that had arrived before
def graph_gradients(slopes):
    g = np.zeros((len(slopes), 1))
    g[0] = 1
    waiting = [0]
    while waiting:
        u = waiting.pop(0)
        for v in np.flatnonzero(slopes[u]):
            g[v] += slopes[u, v] * g[u]
            if v not in waiting:
                waiting.append(v)
    return g

# %% softmax_atoms | - | z used once
def softmax_atoms(z, Y):
    E = np.exp(z)
    S = E.sum(axis=0, keepdims=True)
    U_bar = np.ones(S.shape)
    return U_bar, 1 / S, np.ones(z.shape) / S, E / S

# %% softmax_atoms | - | divided by m
def softmax_atoms(z, Y):
    m = z.shape[1]
    E = np.exp(z)
    S = E.sum(axis=0, keepdims=True)
    U_bar = Y.sum(axis=0, keepdims=True) / m
    return U_bar, U_bar / S, U_bar / S * np.ones(z.shape), E * U_bar / S - Y / m

# %% softmax_atoms | - | S over the examples
def softmax_atoms(z, Y):
    E = np.exp(z)
    S = E.sum(axis=0, keepdims=True)
    total = E.sum()
    U_bar = Y.sum(axis=0, keepdims=True)
    return U_bar, U_bar / total, np.ones(z.shape) / total, E / S - Y

# %% softmax_atoms | - | exp forgotten on the way back
def softmax_atoms(z, Y):
    S = np.exp(z).sum(axis=0, keepdims=True)
    U_bar = Y.sum(axis=0, keepdims=True)
    E_bar = np.repeat(U_bar / S, len(z), axis=0)
    return U_bar, U_bar / S, E_bar, E_bar - Y
