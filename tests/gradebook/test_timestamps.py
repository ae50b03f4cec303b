"""timestamp.txt: read, absent, or no time."""

from datetime import datetime

import pytest

from autograder.gradebook.timestamps import read_timestamp, timestamp_text


def test_timestamps_are_read_in_utc_and_bad_ones_named(tmp_path):
    assert read_timestamp(timestamp_text(tmp_path)) is None
    (tmp_path / "timestamp.txt").write_text("2026-01-31 18:00:00 UTC")
    assert read_timestamp(timestamp_text(tmp_path)) == datetime(2026, 1, 31, 18)
    (tmp_path / "timestamp.txt").write_text("yesterday, I think")
    with pytest.raises(ValueError, match="yesterday"):
        read_timestamp(timestamp_text(tmp_path))


@pytest.mark.parametrize(
    "zone", ["+0200", " +0200", "+02:00", " UTC+0200", " UTC+2"], ids=lambda zone: zone.strip()
)
def test_a_time_of_another_zone_is_put_into_utc(zone):
    assert read_timestamp(f"2026-01-31 18:00:00{zone}") == datetime(2026, 1, 31, 16)
