# Wrong answers to the optional layers, written from the statements alone. Read as text by variants.py; never imported.
# Header: exercise | catalogue codes that may name it, or - | what is wrong
# ruff: noqa
# fmt: off

# %% rms_norm_backward | - | the root treated as a constant
def rms_norm_backward(dout, x, gamma):
    rms = np.sqrt((x**2).mean(axis=1, keepdims=True) + 1e-5)
    return dout * gamma / rms, (dout * x / rms).sum(axis=0)

# %% rms_norm_backward | - | dgamma averaged
def rms_norm_backward(dout, x, gamma):
    r = np.sqrt((x**2).mean(axis=1, keepdims=True) + 1e-5)
    d, u = dout * gamma, x / r
    return (d - u * (d * u).mean(axis=1, keepdims=True)) / r, (dout * u).mean(axis=0)

# %% average_pool_backward | - | not shared out
def average_pool_backward(dout, x):
    return np.repeat(np.repeat(dout, 2, axis=1), 2, axis=2)

# %% average_pool_backward | - | half for each
def average_pool_backward(dout, x):
    return np.kron(dout, np.ones((1, 2, 2))) / 2

# %% glu_backward | - | the gate's path left out of dx
def glu_backward(dout, x, W, V):
    g = 1 / (1 + np.exp(-(x @ V)))
    dz = dout * (x @ W) * g * (1 - g)
    return (dout * g) @ W.T, x.T @ (dout * g), x.T @ dz

# %% glu_backward | - | the gate's slope forgotten
def glu_backward(dout, x, W, V):
    g = 1 / (1 + np.exp(-(x @ V)))
    dz = dout * (x @ W)
    return (dout * g) @ W.T + dz @ V.T, x.T @ (dout * g), x.T @ dz

# %% gru_backward | - | the state that is kept left out of dh
def gru_backward(dh_next, x, h, Wz, Uz, Wr, Ur, Wn, Un):
    s = lambda a: 1 / (1 + np.exp(-a))
    z, r = s(x @ Wz + h @ Uz), s(x @ Wr + h @ Ur)
    n = np.tanh(x @ Wn + (r * h) @ Un)
    dn = dh_next * (1 - z) * (1 - n**2)
    dz = dh_next * (h - n) * z * (1 - z)
    dreset = dn @ Un.T
    dr = dreset * h * r * (1 - r)
    dx = dz @ Wz.T + dr @ Wr.T + dn @ Wn.T
    dh = dz @ Uz.T + dr @ Ur.T + dreset * r
    return dx, dh, x.T @ dz, h.T @ dz, x.T @ dr, h.T @ dr, x.T @ dn, (r * h).T @ dn

# %% triplet_backward | - | the mask forgotten
def triplet_backward(anchor, positive, negative):
    m = len(anchor)
    near, far = anchor - positive, anchor - negative
    return 2 * (near - far) / m, -2 * near / m, 2 * far / m

# %% triplet_backward | - | not averaged
def triplet_backward(anchor, positive, negative):
    near, far = anchor - positive, anchor - negative
    mask = ((near**2).sum(1) - (far**2).sum(1) + 1 > 0)[:, None]
    return 2 * (near - far) * mask, -2 * near * mask, 2 * far * mask
