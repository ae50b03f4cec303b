"""A layer of the second blind set: a linear layer and a ReLU whose slope below 0 is learnt, one a unit."""

import numpy as np


def forward(x, W, b, slope):
    z = x @ W + b
    return np.where(z > 0, z, slope * z)


ARGUMENTS = {"x": ("n", "d"), "W": ("d", "h"), "b": ("h",), "slope": ("h",)}
UPSTREAM = ("da",)
GRADIENTS = ("x", "W", "b", "slope")


def usual(da, x, W, b, slope):
    z = x @ W + b
    dz = da * np.where(z > 0, 1, slope)
    dslope = (da * np.where(z > 0, 0, z)).sum(axis=0)
    return dz @ W.T, x.T @ dz, dz.sum(axis=0), dslope


def masks(da, x, W, b, slope):
    z = x @ W + b
    on = (z > 0).astype(float)
    off = 1 - on
    dz = on * da + off * da * slope
    dslope = np.einsum("nh,nh,nh->h", off, da, z)
    return np.einsum("nh,dh->nd", dz, W), np.einsum("nd,nh->dh", x, dz), np.einsum("nh->h", dz), dslope


def loops(da, x, W, b, slope):
    dx, dW, db, ds = np.zeros(x.shape), np.zeros(W.shape), np.zeros(b.shape), np.zeros(slope.shape)
    for e in range(x.shape[0]):
        for j in range(W.shape[1]):
            z = b[j]
            for i in range(W.shape[0]):
                z += x[e, i] * W[i, j]
            if z > 0:
                dz = da[e, j]
            else:
                dz = slope[j] * da[e, j]
                ds[j] += z * da[e, j]
            db[j] += dz
            dx[e] += dz * W[:, j]
            dW[:, j] += dz * x[e]
    return dx, dW, db, ds


def in_place(da, x, W, b, slope):
    z = x.dot(W)
    z += b
    negative = z <= 0
    dz = da.copy()
    dz[negative] *= np.broadcast_to(slope, z.shape)[negative]
    low = np.minimum(z, 0)
    low *= da
    return dz.dot(W.T), (dz.T @ x).T, np.ones(len(x)) @ dz, low.sum(0)


RIGHT = [usual, masks, loops, in_place]
WRONG = [
    ("plain ReLU's mask", usual, {"np.where(z > 0, 1, slope)": "(z > 0)"}),
    ("plain ReLU's mask", loops, {"dz = slope[j] * da[e, j]": "dz = 0"}),
    ("mask left out", usual, {"dz = da * np.where(z > 0, 1, slope)": "dz = da"}),
    ("mask left out", in_place, {"    dz[negative] *= np.broadcast_to(slope, z.shape)[negative]\n": ""}),
    ("branches exchanged", usual, {"np.where(z > 0, 1, slope)": "np.where(z > 0, slope, 1)"}),
    (
        "branches exchanged",
        in_place,
        {
            "dz[negative] *= np.broadcast_to(slope, z.shape)[negative]": "dz[~negative] *= np.broadcast_to(slope, z.shape)[~negative]"
        },
    ),
    ("slope of all z", usual, {"np.where(z > 0, 0, z)": "z"}),
    ("slope of all z", masks, {'("nh,nh,nh->h", off, da, z)': '("nh,nh->h", da, z)'}),
    ("slope of the positive z", usual, {"np.where(z > 0, 0, z)": "np.where(z > 0, z, 0)"}),
    ("slope without z", usual, {"np.where(z > 0, 0, z)": "np.where(z > 0, 0, 1)"}),
    ("dslope with slope in it", usual, {"np.where(z > 0, 0, z)": "np.where(z > 0, 0, slope * z)"}),
    ("dslope averaged", usual, {"z)).sum(axis=0)": "z)).mean(axis=0)"}),
    ("dslope with x instead of z, summed", loops, {"ds[j] += z * da": "ds[j] += x[e].sum() * da"}),
    ("bias left out of z", usual, {"z = x @ W + b": "z = x @ W"}),
    ("db averaged", usual, {"dz.sum(axis=0), dslope": "dz.mean(axis=0), dslope"}),
    (
        "mask of da for mask of z",
        usual,
        {"dz = da * np.where(z > 0, 1, slope)": "dz = da * np.where(da > 0, 1, slope)"},
    ),
    ("dW divided by n", masks, {'np.einsum("nd,nh->dh", x, dz)': 'np.einsum("nd,nh->dh", x, dz) / len(x)'}),
    ("dx with da", usual, {"return dz @ W.T": "return da @ W.T"}),
    ("dx of the last unit alone", loops, {"dx[e] += dz": "dx[e] = dz"}),
    (
        "plain mask and db averaged",
        usual,
        {"np.where(z > 0, 1, slope)": "(z > 0)", "dz.sum(axis=0), dslope": "dz.mean(axis=0), dslope"},
    ),
    (
        "branches exchanged and slope of all z",
        usual,
        {"np.where(z > 0, 1, slope)": "np.where(z > 0, slope, 1)", "np.where(z > 0, 0, z)": "z"},
    ),
]
DOUBLES = ["plain mask and db averaged", "branches exchanged and slope of all z"]
