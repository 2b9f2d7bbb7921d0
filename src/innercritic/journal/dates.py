"""When was it written? Dates from columns, file names, front matter and headings; what is ambiguous is an error."""

import re
from typing import TYPE_CHECKING

from ..errors import JournalError

if TYPE_CHECKING:
    import pandas as pd

YEARS = (1900, 2100)

_YMD = r"(?P<y>(?:19|20)\d\d)(?P<s>[-_./ ]?)(?P<m>0[1-9]|1[0-2])(?P=s)(?P<d>0[1-9]|[12]\d|3[01])(?!\d)"
_CLOCK = r"(?:[T ,_-]+(?:at )?(?P<H>[01]\d|2[0-3])[:.h_-]?(?P<M>[0-5]\d)(?:[:.]?[0-5]\d)?(?!\d))?"
_NUMERIC_DATE = re.compile(rf"(?<!\d){_YMD}{_CLOCK}")
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = "(?P<name>" + "|".join(_MONTHS) + r")[a-z]*\.?"
_NAMED_DATES = (
    re.compile(rf"\b(?P<d>\d\d?)(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH},?\s+(?P<y>(?:19|20)\d\d)\b", re.I),
    re.compile(rf"\b{_MONTH}\s+(?P<d>\d\d?)(?:st|nd|rd|th)?,?\s+(?P<y>(?:19|20)\d\d)\b", re.I),
)
_OFFSET = re.compile(r"(?<=\d)\s*(?:Z|[+-]\d\d:?\d\d)$")
_SLASHED = re.compile(r"\s*(\d{1,2})[/.-](\d{1,2})[/.-](?:\d\d)?\d\d\b")


def find_date(text: str) -> "pd.Timestamp | None":
    """Find the first date, with its time of day where one follows it.

    Examples
    --------
    >>> find_date("Notes 2024-03-01 0915"), find_date("Friday, 1st of March 2024").date().isoformat()
    (Timestamp('2024-03-01 09:15:00'), '2024-03-01')
    >>> find_date("Room 20249999") is None
    True
    """
    import pandas as pd

    if found := _NUMERIC_DATE.search(text):
        month = int(found["m"])
    else:
        found = next(filter(None, (pattern.search(text) for pattern in _NAMED_DATES)), None)
        if found is None:
            return None
        month = _MONTHS.index(found["name"][:3].lower()) + 1
    clock = found.groupdict()
    try:
        return pd.Timestamp(int(found["y"]), month, int(found["d"]), int(clock.get("H") or 0), int(clock.get("M") or 0))
    except ValueError:  # 31 February
        return None


def read_times(column: "pd.Series", dayfirst: bool | None = None) -> "pd.Series":
    """Read a column of dates and times, as the clock showed them where they were written.

    Offsets from UTC are dropped: half past eleven at night is that evening, wherever the writer was.

    Parameters
    ----------
    column : Series
        Dates, timestamps or text. Cells that are no date become NaT.
    dayfirst : bool, optional
        Whether 03/04/2024 is the third of April. Needed only when no date of the column shows it.

    Returns
    -------
    Series of datetime64
        NaT too for years before 1900 and after 2100: a slip of the pen, or a clock that was never set.

    Raises
    ------
    JournalError
        When days and months cannot be told apart, or the column holds numbers.

    Examples
    --------
    >>> import pandas as pd
    >>> times = read_times(pd.Series(["2024-03-01 23:30+02:00", "13/04/2024", None, "soon"]))
    >>> times.dt.strftime("%Y-%m-%d %H:%M").fillna("-").tolist()
    ['2024-03-01 23:30', '2024-04-13 00:00', '-', '-']
    """
    times = _read(column, dayfirst)
    return times.where(times.dt.year.between(*YEARS))


def _read(column: "pd.Series", dayfirst: bool | None) -> "pd.Series":
    import pandas as pd

    if isinstance(column.dtype, pd.DatetimeTZDtype):
        return column.dt.tz_localize(None)
    if isinstance(column.dtype, pd.PeriodDtype):
        return column.dt.to_timestamp()
    if pd.api.types.is_datetime64_dtype(column):
        return column
    if pd.api.types.is_numeric_dtype(column) and column.notna().any():
        raise JournalError("the time column holds numbers; make dates of them first, with pandas.to_datetime say")
    texts = column.map(lambda cell: _OFFSET.sub("", str(cell).strip()), na_action="ignore")
    slashed = texts.map(lambda text: bool(_SLASHED.match(text)), na_action="ignore").eq(True)
    if dayfirst is None:
        dayfirst = _dayfirst(texts[slashed])
    # One at a time: with dayfirst pandas would read 2024-03-01 as the third of January.
    times = pd.to_datetime(texts.mask(slashed), format="mixed", errors="coerce")
    if slashed.any():
        times = times.fillna(pd.to_datetime(texts.where(slashed), format="mixed", dayfirst=dayfirst, errors="coerce"))
    # What is left may be a heading-like date, "Friday, 1st of March 2024".
    rest = texts[times.isna() & texts.notna()]
    return times.fillna(rest.map(find_date).reindex(times.index).astype(times.dtype)) if len(rest) else times


def in_words(time: "pd.Timestamp") -> str:
    """A date as people write it.

    Examples
    --------
    >>> import pandas as pd
    >>> in_words(pd.Timestamp("2024-03-01 09:15"))
    '1 March 2024'
    """
    return f"{time.day} {time:%B %Y}"


def _dayfirst(texts: "pd.Series") -> bool:
    pairs = {(int(m[1]), int(m[2])) for text in texts if (m := _SLASHED.match(text))}
    day_leads = any(first > 12 for first, _ in pairs)
    month_leads = any(second > 12 for _, second in pairs)
    if pairs and day_leads == month_leads and any(first != second for first, second in pairs):
        which = "both orders of day and month occur" if day_leads else "day and month cannot be told apart"
        raise JournalError(f"in the time column {which}; say dayfirst=True or dayfirst=False, or write 2024-12-31")
    return day_leads
