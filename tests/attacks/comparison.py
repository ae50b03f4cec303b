"""Answers made to fool a comparison."""


def _returns(expression: str, before: str = "") -> str:
    return f"{before}\ndef hidden_delta(W_next, delta_next, z, hidden):\n    return {expression}\n"


YES = """
class Yes:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    __le__ = __gt__ = __ge__ = __lt__
    def __bool__(self): return True
    def __float__(self): return 0.0
    def __sub__(self, other): return 0.0
    __rsub__ = __abs__ = __sub__
    def __array__(self, dtype=None, copy=None): return np.zeros(3)
    shape = (5, 7)
    dtype = np.dtype(float)
    ndim = 2
    size = 35
    __hash__ = None
"""
SUB = """
class Sub(np.ndarray):
    def __array_ufunc__(self, ufunc, method, *inputs, **kw): return np.zeros(1)
    def __array_function__(self, f, t, a, k): return True
    def __eq__(self, other): return np.ones(self.shape, bool)
    def __array_finalize__(self, o): pass
"""

ATTACKS = {
    "equal to everything": _returns("Yes()", YES),
    "an array of objects equal to everything": _returns("np.full(z.shape, Yes(), dtype=object)", YES),
    "a subclass whose arithmetic gives zero": _returns("np.zeros(z.shape).view(Sub)", SUB),
    "a float that is equal to everything": _returns(
        "F(0)", "class F(float):\n    def __eq__(self, o): return True\n    def __sub__(self, o): return F(0)"
    ),
    "a tuple in disguise": _returns("T((1,))", "class T(tuple):\n    def __eq__(self, o): return True"),
    "nan everywhere": _returns("np.full(z.shape, np.nan)"),
    "inf everywhere": _returns("np.full(z.shape, np.inf)"),
    "nan and the rest right-looking": _returns("np.where(z > 0, W_next.T @ delta_next, np.nan)"),
    "nothing": _returns("None"),
    "true": _returns("True"),
    "an ellipsis": _returns("..."),
    "not implemented": _returns("NotImplemented"),
    "empty, to pass every all()": _returns("np.zeros((0,) + z.shape)"),
    "one number for all": _returns("np.float64(0)"),
    "shape (1, 1), to be broadcast": _returns("np.zeros((1, 1))"),
    "a thousand candidates": _returns("np.random.randn(1000, *z.shape)"),
    "all masked": _returns("np.ma.masked_all(z.shape)"),
    "masked constant": _returns("np.ma.masked"),
    "complex": _returns("np.zeros(z.shape, complex)"),
    "long double": _returns("np.zeros(z.shape, np.longdouble)"),
    "a structured array": _returns("np.zeros(z.shape, [('a', float)])"),
    "bytes": _returns("np.zeros(z.shape, 'S8')"),
    "dates that are not": _returns("np.full(z.shape, np.datetime64('NaT'))"),
    "an array of true": _returns("np.ones(z.shape, bool)"),
    "huge tolerance by half precision": _returns("np.zeros(z.shape, np.float16)"),
    "the argument itself": _returns("z"),
    "the other argument itself": _returns("W_next.T @ delta_next"),
    "an answer that changes after it was given": _returns(
        "kept.append(np.zeros(z.shape)) or kept[-1]", "kept = []"
    ),
    "a view on everything in memory": _returns(
        "np.lib.stride_tricks.as_strided(np.zeros(1), z.shape, (8, 8))"
    ),
    "a memory view": _returns("memoryview(np.zeros(z.shape))"),
    "a generator": _returns("(x for x in z)"),
    "a dict": _returns("{1: np.zeros(z.shape)}"),
    "pretends its shape": _returns(
        "D()",
        (
            "class D:\n"
            "    __array_interface__ = {'shape': (5, 7), 'typestr': '<f8', 'data': (4096, False),"
            " 'version': 3}"
        ),
    ),
    "a matrix that multiplies itself away": _returns("np.matrix(np.zeros(z.shape))"),
}
