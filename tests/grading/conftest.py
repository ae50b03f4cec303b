"""Runs of these tests are compared byte by byte: a receipt's time is the same in all of them."""

import pytest


@pytest.fixture(autouse=True, scope="package")
def one_time_for_all_receipts():
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("SOURCE_DATE_EPOCH", "1800000000")
        yield
