import importlib.util
import marshal
import sys
from pathlib import Path

import pytest

from autograder.sandbox.inside import frozen_modules
from autograder.sandbox.inside.imports import FIRST, NUMPY, STANDARD
from autograder.sandbox.zygote import Zygote
from tests.support.children import PRINTED

ALL = """
import importlib
failed = []
def tried(names):
    for name in names:
        try:
            importlib.import_module(name)
        except BaseException as error:
            failed.append(f"{name}: {type(error).__name__}: {error}")
tried(%r)
import asyncio, decimal, sqlite3, numpy as np
async def one():
    return 1
failed += [] if asyncio.iscoroutinefunction(one) else ["asyncio"]
failed += [] if decimal.Decimal("0.1") * 3 == decimal.Decimal("0.3") else ["decimal"]
failed += [] if np.ma.masked_array([1, 2], [0, 1]).sum() == 1 else ["np.ma"]
np.testing.assert_allclose(np.polynomial.Polynomial([1, 2])(2.0), 5.0)
print(failed)
"""


@pytest.mark.parametrize("isolation", ["strong", "none"])
def test_all_that_may_be_imported_can_be_behind_the_wall(isolation):
    names = (FIRST + NUMPY + STANDARD).split()
    with Zygote(isolation) as zygote, zygote.child([ALL % names, PRINTED], seconds=60) as child:
        assert child.load_failures == {}
        assert child("printed", ()).value == ["[]\n"]


def test_what_is_left_out_is_not_found_and_no_file_is_read():
    found = frozen_modules.freeze_all()
    assert found.find_spec("idlelib") is None
    assert found.find_spec("numpy.ma.tests") is None
    assert found.find_spec("torch") is None
    spec = found.find_spec("numpy.ma")
    assert spec.submodule_search_locations == []
    assert spec.origin is None
    module = importlib.util.module_from_spec(found.find_spec("colorsys"))
    found.exec_module(module)
    assert module.rgb_to_hsv(1.0, 0.0, 0.0) == (0.0, 1.0, 1.0)


def test_a_link_that_leads_nowhere_is_no_module(tmp_path):
    (tmp_path / "sitecustomize.py").symlink_to(tmp_path / "etc" / "sitecustomize.py")
    (tmp_path / "there.py").write_text("x = 1\n")
    assert list(frozen_modules._modules("", str(tmp_path))) == [("there", str(tmp_path / "there.py"), False)]


def test_a_cache_of_another_text_is_not_believed(tmp_path):
    text = tmp_path / "m.py"
    text.write_text("x = 1\n")
    cached = importlib.util.cache_from_source(str(text))
    assert run(frozen_modules._code("m", str(text)))["x"] == 1
    importlib.machinery.SourceFileLoader("m", str(text)).get_code("m")  # writes the cache
    text.write_text("x = 2222\n")
    assert run(frozen_modules._code("m", str(text)))["x"] == 2222
    assert Path(cached).is_file() != sys.dont_write_bytecode


def run(code):
    names = {}
    exec(marshal.loads(code), names)
    return names
