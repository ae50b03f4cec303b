"""A layer of the second blind set: channels in two groups, each normalised for itself."""

import numpy as np


def forward(x, gamma, beta):
    n, c, t = x.shape
    groups = x.reshape(n, 2, c // 2 * t)
    centred = groups - groups.mean(axis=2, keepdims=True)
    power = (centred * centred).mean(axis=2, keepdims=True)
    unit = (centred / np.sqrt(power + 1e-5)).reshape(n, c, t)
    return unit * gamma.reshape(1, c, 1) + beta.reshape(1, c, 1)


ARGUMENTS = {"x": ("n", "2*h", "t"), "gamma": ("2*h",), "beta": ("2*h",)}
UPSTREAM = ("dout",)
GRADIENTS = ("x", "gamma", "beta")


def closed(dout, x, gamma, beta):
    n, c, t = x.shape
    g = x.reshape(n, 2, -1)
    sd = np.sqrt(g.var(axis=2, keepdims=True) + 1e-5)
    unit = (g - g.mean(axis=2, keepdims=True)) / sd
    dunit = (dout * gamma[None, :, None]).reshape(n, 2, -1)
    along = (dunit * unit).mean(axis=2, keepdims=True)
    dx = (dunit - dunit.mean(axis=2, keepdims=True) - unit * along) / sd
    dgamma = np.einsum("nct,nct->c", dout, unit.reshape(n, c, t))
    return dx.reshape(n, c, t), dgamma, np.einsum("nct->c", dout)


def steps(dout, x, gamma, beta):
    n, c, t = x.shape
    size = c // 2 * t
    groups = x.reshape(n, 2, size)
    centred = groups - groups.mean(axis=2, keepdims=True)
    power = (centred**2).mean(axis=2, keepdims=True)
    root = np.sqrt(power + 1e-5)
    unit = centred / root
    dbeta = dout.sum(axis=(0, 2))
    dgamma = (dout * unit.reshape(n, c, t)).sum(axis=(0, 2))
    dunit = (dout * gamma.reshape(1, c, 1)).reshape(n, 2, size)
    dcentred = dunit / root
    droot = -(dunit * centred).sum(axis=2, keepdims=True) / root**2
    dpower = droot / (2 * root)
    dcentred += 2 * centred * dpower / size
    dgroups = dcentred - dcentred.sum(axis=2, keepdims=True) / size
    return dgroups.reshape(n, c, t), dgamma, dbeta


def loops(dout, x, gamma, beta):
    dx, dgamma, dbeta = np.zeros(x.shape), np.zeros(gamma.shape), np.zeros(beta.shape)
    half = x.shape[1] // 2
    for one, up, grad in zip(x, dout, dx, strict=True):
        for lo in (0, half):
            v, d = one[lo : lo + half], up[lo : lo + half]
            scale = 1 / np.sqrt(np.mean((v - v.mean()) ** 2) + 1e-5)
            u = (v - v.mean()) * scale
            dgamma[lo : lo + half] += (d * u).sum(axis=1)
            dbeta[lo : lo + half] += d.sum(axis=1)
            du = d * gamma[lo : lo + half, None]
            grad[lo : lo + half] = scale * (du - np.mean(du) - u * np.mean(du * u))
    return dx, dgamma, dbeta


def standardise_back(dout, x, gamma, beta):
    def back(v, d):
        m = v.size
        mu = v.sum() / m
        inv = ((v - mu) @ (v - mu) / m + 1e-5) ** -0.5
        dinv = d @ (v - mu)
        dv = inv * d
        dv = dv + dinv * (-0.5) * inv**3 * 2 * (v - mu) / m
        return dv - dv.sum() / m, (v - mu) * inv

    n, c, t = x.shape
    du = dout * gamma[:, None]
    pairs = [
        [back(one.ravel(), up.ravel()) for one, up in zip(np.split(x[e], 2), np.split(du[e], 2), strict=True)]
        for e in range(n)
    ]
    dx = np.array([[dv for dv, _ in row] for row in pairs]).reshape(n, c, t)
    unit = np.array([[u for _, u in row] for row in pairs]).reshape(n, c, t)
    return dx, (dout * unit).sum((0, 2)), dout.sum((0, 2))


RIGHT = [closed, steps, loops, standardise_back]
WRONG = [
    ("gamma left out of dx", closed, {"(dout * gamma[None, :, None])": "dout"}),
    ("gamma left out of dx", loops, {"d * gamma[lo : lo + half, None]": "d"}),
    (
        "path through the mean left out",
        closed,
        {"dunit - dunit.mean(axis=2, keepdims=True) - unit": "dunit - unit"},
    ),
    (
        "path through the mean left out",
        steps,
        {"dcentred - dcentred.sum(axis=2, keepdims=True) / size": "dcentred"},
    ),
    ("path through the mean left out", standardise_back, {"return dv - dv.sum() / m,": "return dv,"}),
    ("path through the power left out", closed, {" - unit * along)": ")"}),
    ("path through the power left out", steps, {"    dcentred += 2 * centred * dpower / size\n": ""}),
    ("2 of the square forgotten", steps, {"2 * centred * dpower / size": "centred * dpower / size"}),
    ("2 of the square forgotten", standardise_back, {"inv**3 * 2 *": "inv**3 *"}),
    ("1/2 of the root forgotten", steps, {"droot / (2 * root)": "droot / root"}),
    ("root multiplied instead of divided by in dpower", steps, {"droot / (2 * root)": "droot * root / 2"}),
    ("inv's power -1/2 - 1 taken wrong: inv**2", standardise_back, {"inv**3": "inv**2"}),
    (
        "size of the mean forgotten",
        steps,
        {"keepdims=True) / size\n    return": "keepdims=True)\n    return"},
    ),
    ("size of the power forgotten", steps, {"* dpower / size": "* dpower"}),
    ("dgamma with the centred value", steps, {"dout * unit.reshape": "dout * centred.reshape"}),
    (
        "dgamma without the value: dbeta's",
        closed,
        {'np.einsum("nct,nct->c", dout, unit.reshape(n, c, t))': 'np.einsum("nct->c", dout)'},
    ),
    ("dgamma from the last example", loops, {"dgamma[lo : lo + half] += ": "dgamma[lo : lo + half] = "}),
    ("dbeta averaged over examples and time", steps, {"dbeta = dout.sum(": "dbeta = dout.mean("}),
    (
        "mean over examples too",
        closed,
        {"dunit.mean(axis=2, keepdims=True) - unit": "dunit.mean(axis=(0, 2), keepdims=True) - unit"},
    ),
    ("sign of droot", steps, {"droot = -(": "droot = ("}),
    (
        "gamma left out and dbeta averaged",
        steps,
        {"(dout * gamma.reshape(1, c, 1))": "dout", "dbeta = dout.sum(": "dbeta = dout.mean("},
    ),
    (
        "mean left out, 2 forgotten",
        steps,
        {
            "dcentred - dcentred.sum(axis=2, keepdims=True) / size": "dcentred",
            "2 * centred * dpower / size": "centred * dpower / size",
        },
    ),
]
DOUBLES = ["gamma left out and dbeta averaged", "mean left out, 2 forgotten"]
