import pytest

from autograder.sandbox.zygote import Zygote
from tests.support.children import QUICK


@pytest.fixture(scope="module")
def zygote():
    """One that locks its children in, with short limits."""
    with Zygote("strong", QUICK) as made:
        yield made
