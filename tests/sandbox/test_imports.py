import subprocess
import sys

import pytest

from autograder.sandbox import launch
from autograder.sandbox.inside.imports import INERT, NUMPY, STANDARD, Gate, Inert, Printed, check


def test_inert_objects_take_everything():
    x = Inert()
    fig, axes = x.subplots(1, 2)
    (a, (b, c)), *rest = x, 1
    assert rest == [1]
    first, *others = x
    assert all(isinstance(each, Inert) for each in (fig, axes, a, b, c, first))
    assert others == []
    x.y.z[3] = 4
    x.w = 5
    with x.open() as handle:
        handle.write("x")
    assert [1 for _ in x] == []
    assert list(zip(x, [1, 2], strict=False)) == []
    assert isinstance(3 * x + x / 2 - x**2 @ x, Inert)
    assert isinstance(-x < 3, Inert)
    assert (len(x), bool(x), float(x), int(x)) == (0, False, 0.0, 0)
    assert f"{x:.3f}" == ""
    assert "do nothing" in repr(x)


def test_decorators_leave_the_students_function_alone():
    w = Inert()

    @w.interact(x=(0, 3))
    def f(x):
        return x + 1

    @w.once
    class C:
        pass

    assert f(1) == 2
    assert C().__class__ is C


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("torch", "torch can't be imported: only NumPy and the standard library"),
        ("scipy.special", "only NumPy and the standard library"),
        ("backprop.recipe", "write it yourself"),
        ("autograder.judging.judge", "write it yourself"),
        ("autograder_hack", "only NumPy"),
        ("idlelib", "no module named 'idlelib'"),
        ("numpy.f2py", "no module named 'numpy.f2py'"),
    ],
)
def test_the_gate_refuses_by_name(name, text):
    with pytest.raises(ModuleNotFoundError, match=text):
        Gate().find_spec(name)


@pytest.mark.parametrize(
    "name", ["matplotlib.pyplot", "IPython.display", "autograder", "tqdm.auto", "google.colab"]
)
def test_the_gate_lets_stand_ins_through(name):
    gate = Gate()
    module = gate.create_module(gate.find_spec(name))
    if name == "autograder":
        assert module.check(1) is None
        assert not hasattr(module, "judge")
    elif name.startswith("tqdm"):
        assert list(module.tqdm([1, 2])) == [1, 2]
        assert list(module.trange(2)) == [0, 1]
    else:
        assert isinstance(module.anything, Inert)
        assert not hasattr(module, "__wrapped__")
    assert check(lambda: 1, points=3) is None


def test_printing_keeps_the_beginning_and_the_end():
    printed = Printed()
    print("short", file=printed)
    assert printed.text() == "short\n"
    for number in range(10_000):
        print(number, file=printed)
    text = printed.text()
    assert text.startswith("short\n0\n1\n")
    assert text.endswith("9998\n9999\n")
    assert "characters left out" in text
    assert len(text) < 8_100
    with pytest.raises(TypeError):
        printed.write(b"x")


def test_everything_that_is_to_be_preloaded_is_there():
    """A name that is misspelt, or gone from a later Python, would be missed by a student only."""
    code = (
        f"import importlib, sys, warnings\nwarnings.simplefilter('ignore')\n"
        f"sys.path.append({str(launch.numpy_folder())!r})\n"
    )
    code += f"for n in {(NUMPY + STANDARD).split()!r}:\n    importlib.import_module(n)\n"
    done = subprocess.run(
        [sys.executable, "-I", "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert not INERT & set(sys.stdlib_module_names)
