import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from innercritic import JournalError
from innercritic.journal.dates import find_date, in_words, read_times

DAYS = st.dates(dt.date(1950, 1, 1), dt.date(2099, 12, 31))


@given(
    DAYS,
    st.sampled_from(["%Y-%m-%d", "%Y%m%d", "%Y_%m_%d", "%Y.%m.%d", "%Y/%m/%d", "%d %B %Y", "%B %d, %Y", "%d %b %Y"]),
)
def test_usual_spellings_are_found_in_a_file_name_or_heading(day, spelling):
    assert find_date(f"# Diary {day.strftime(spelling)} again").date() == day


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2024-03-01T09:15:59Z", "2024-03-01 09:15"),
        ("2024-03-01 2359", "2024-03-01 23:59"),
        ("[2013-05-17 11:39] A title", "2013-05-17 11:39"),
        ("March 1st, 2024", "2024-03-01"),
        ("2nd of May 2024", "2024-05-02"),
    ],
)
def test_times_and_ordinals(text, found):
    assert find_date(text) == pd.Timestamp(found)


@pytest.mark.parametrize(
    "text", ["", "2024", "2024-13-01", "2024-02-31", "31 February 2024", "v1.2024.01", "120240301", "May"]
)
def test_what_is_no_date_is_not_found(text):
    assert find_date(text) is None


@given(st.text(max_size=80))
def test_finding_never_fails(text):
    assert find_date(text) is None or find_date(text).year >= 1900


@given(st.lists(st.one_of(st.none(), st.text(max_size=20), DAYS), max_size=20))
def test_reading_a_column_keeps_every_row(cells):
    try:
        times = read_times(
            pd.Series([str(cell) if isinstance(cell, dt.date) else cell for cell in cells], dtype=object)
        )
    except JournalError:  # days and months that cannot be told apart
        return
    assert len(times) == len(cells)
    for cell, time in zip(cells, times, strict=True):
        if isinstance(cell, dt.date):
            assert time.date() == cell


def test_day_and_month_are_told_apart_by_the_column_or_asked_for():
    assert read_times(pd.Series(["03/04/2024", "25/04/2024"])).dt.month.tolist() == [4, 4]
    assert read_times(pd.Series(["03/04/2024", "04/25/2024"])).dt.month.tolist() == [3, 4]
    for cells in (["03/04/2024", "05/06/2024"], ["25/04/2024", "04/25/2024"]):
        with pytest.raises(JournalError, match="dayfirst"):
            read_times(pd.Series(cells))
    assert read_times(pd.Series(["03/04/2024"]), dayfirst=True).dt.day.tolist() == [3]
    assert read_times(pd.Series(["25/04/2024", "2024-03-01"])).dt.month.tolist() == [4, 3]


def test_the_clock_where_it_was_written_counts():
    times = read_times(pd.Series(["2024-03-01T23:30:00+02:00", "2024-03-01 23:30 -0500", "2024-03-01T23:30Z"]))
    assert times.dt.day.tolist() == [1, 1, 1]
    aware = pd.Series(pd.to_datetime(["2024-03-01 23:30"])).dt.tz_localize("Asia/Tokyo")
    assert read_times(aware).iloc[0] == pd.Timestamp("2024-03-01 23:30")
    assert read_times(pd.Series(pd.period_range("2024-01", periods=2, freq="M"))).dt.month.tolist() == [1, 2]


def test_years_no_journal_is_from_are_no_dates():
    cells = ["1000-01-01", "1899-12-31", "1900-01-01", "2100-12-31", "9998-12-31", "0024-03-01"]
    assert read_times(pd.Series(cells)).notna().tolist() == [False, False, True, True, False, False]
    assert read_times(pd.Series(pd.to_datetime(cells[:3]))).notna().tolist() == [False, False, True]


def test_numbers_are_refused_rather_than_read_as_1970():
    with pytest.raises(JournalError, match="numbers"):
        read_times(pd.Series([20240301, 20240302]))


def test_in_words():
    assert in_words(pd.Timestamp("2024-12-05")) == "5 December 2024"
