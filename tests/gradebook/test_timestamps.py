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


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("\ufeff2026-03-02 18:00:00 UTC\r\n", 18),
        ("02.03.2026 18:00", 18),
        ("2.3.2026, 18:00 CET", 17),
        ("2026-03-02 18:00:00 Europe/Berlin", 17),
        ("2026-03-02 6:00 PM", 18),
        ("2026-03-02T18:00:00.123456Z", 18),
        ("Mon, 02 Mar 2026 18:00:00 +0100", 17),
    ],
)
def test_a_time_is_read_for_what_it_is(text, hour):
    found = read_timestamp(text)
    assert (found.month, found.day, found.hour) == (3, 2, hour)


@pytest.mark.parametrize("text", ["03/02/2026 18:00", "2026-03-02 18:00:00 EDT", "2026-02-30 18:00 UTC"])
def test_a_time_that_may_be_another_one_is_none(text):
    with pytest.raises(ValueError, match="was expected"):
        read_timestamp(text)
