"""A row an entry -> counts, rates over time, the balance of each pair: pure functions over tables."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ..facets import COMPASSIONATE_FACETS, CRITIC_FACETS, Facet, SafetyFlag
from .intervals import METHODS, Interval, Likeness, difference, likeness, pooled, rate_interval
from .trends import Trend, find_trend

if TYPE_CHECKING:
    import pandas as pd

GROUPS: Final[Mapping[str, tuple[Facet, ...]]] = {"critic": CRITIC_FACETS, "compassionate": COMPASSIONATE_FACETS}
"""Names for sentences in which any of three facets speaks."""

KINDS: Final[tuple[str, ...]] = (*map(str, Facet), *GROUPS)
PAIRS: Final = tuple((facet, facet.opposite) for facet in CRITIC_FACETS)

BASELINE_ENTRIES = 10
"""A person's baseline is their first so many judged entries, once they have twice as many."""

BASELINE_LEVEL = 0.99
"""Periods are told from the baseline at this level: a year has 52 weeks, and one in twenty would be wrong at 0.95."""

MOST_PERIODS = 5000
"""Empty periods are filled in up to so many; beyond, only periods with entries are listed."""

PERIODS: Final = {"ME": "M", "QE": "Q", "YE": "Y", "MS": "M", "QS": "Q", "YS": "Y"}


def tally(sentences: "pd.DataFrame", entries: "pd.DataFrame") -> "pd.DataFrame":
    """Count the sentences of each entry.

    Parameters
    ----------
    sentences : DataFrame
        As `score_frame` gives them, with the column ``entry``.
    entries : DataFrame
        A row an entry, with ``time`` and ``person``; row n is entry n.

    Returns
    -------
    DataFrame
        ``entries``, with ``sentences`` (judged), ``abstained`` (not judged), a count for each of `KINDS`, a flag for
        each safety flag, and ``clear``.
    """
    judged = sentences["abstained"].isna()
    columns: dict[str, Any] = {"sentences": judged, "abstained": ~judged & (sentences["sentence"] >= 0)}
    columns |= {str(facet): sentences[facet] for facet in Facet}
    columns |= {name: sentences[list(facets)].any(axis=1) for name, facets in GROUPS.items()}
    columns |= {str(flag): sentences[flag] for flag in SafetyFlag}
    numbers = sentences["entry"].to_numpy()
    counts = {
        name: np.bincount(numbers[np.asarray(values, bool)], minlength=len(entries)) for name, values in columns.items()
    }
    flags = {str(flag): counts.pop(flag) > 0 for flag in SafetyFlag}
    unclear = np.bincount(numbers[~sentences["document_clear"].to_numpy(bool)], minlength=len(entries)) > 0
    return entries.assign(**counts, **flags, clear=~unclear)


def raised(entries: "pd.DataFrame") -> "pd.Series":
    """Which entries raised the gate. One that is no text did not, though it is not ``clear`` either: nobody read it."""
    return entries[list(map(str, SafetyFlag))].any(axis=1)


def people(entries: "pd.DataFrame") -> Iterator[tuple[Any, "pd.DataFrame"]]:
    """The judged entries of each person in order of time, the undated ones last."""
    judged = entries[entries["sentences"] > 0].sort_values("time", kind="stable")
    yield from judged.groupby("person", sort=True, dropna=False)


def rates(
    entries: "pd.DataFrame", freq: str = "W", kinds: Sequence[str] = KINDS[:6], method: str = "exact"
) -> "pd.DataFrame":
    """Rates a person, facet and period; see `Journal.rates`."""
    import pandas as pd

    if method not in METHODS:
        raise ValueError(f"method is one of {', '.join(METHODS)}, not {method!r}")
    parts = []
    for person, known in people(entries):
        dated = known[known["time"].notna()]
        if dated.empty:
            continue
        period = dated["time"].dt.to_period(PERIODS.get(freq, freq))
        if period.dtype.freq.n != 1:
            raise ValueError(f"freq is one period, 'W' say, not several ({freq!r})")
        every = pd.period_range(period.min(), period.max())
        every = every if len(every) <= MOST_PERIODS else pd.PeriodIndex(sorted(period.unique()))
        parts += [
            _rates_of(dated, person, kind, every, every.get_indexer(pd.PeriodIndex(period)), method) for kind in kinds
        ]
    nothing = _rates_of(entries[:0], "", kinds[0], pd.PeriodIndex([], freq="D"), np.zeros(0, int), method)
    return pd.concat(parts, ignore_index=True) if parts else nothing


def _rates_of(
    dated: "pd.DataFrame", person: Any, kind: str, every: "pd.PeriodIndex", place: np.ndarray, method: str
) -> "pd.DataFrame":
    """The rates of one person's judged and dated entries; `place` says in which period each entry is."""
    import pandas as pd

    periods = len(every)
    k, n = dated[kind].to_numpy(), dated["sentences"].to_numpy()

    def summed(values: np.ndarray) -> np.ndarray:
        return np.bincount(place, values, minlength=periods)

    alike = likeness(k, n)
    sums = summed(k), summed(n), summed(n * n)
    found = rate_interval(*sums, alike)
    if method == "bootstrap":
        parts = [pooled(k[place == period], n[place == period], method) for period in range(periods)]
        found = Interval(*np.array(parts, float).reshape(-1, 3).T)
    base, words = _against_baseline(k, n, place, rate_interval(*sums, alike, BASELINE_LEVEL), alike)
    return pd.DataFrame(
        {
            "person": [person] * periods,
            "facet": kind,
            "period": every.to_timestamp(),
            "entries": np.bincount(place, minlength=periods),
            "sentences": sums[1].astype(int),
            "facet_sentences": sums[0].astype(int),
            "rate": 100 * found.rate,
            "low": 100 * found.low,
            "high": 100 * found.high,
            "baseline": base,
            "vs_baseline": pd.array(words, dtype="string"),
        }
    )


def _against_baseline(
    k: np.ndarray, n: np.ndarray, place: np.ndarray, found: Interval, alike: Likeness
) -> tuple[float, list[str | None]]:
    """The rate of a person's first entries, and how each later period stands to it, in words."""
    periods = len(found.rate)
    if len(k) < 2 * BASELINE_ENTRIES:
        return np.nan, [None] * periods
    first = slice(BASELINE_ENTRIES)
    sums = [k[first].sum()], [n[first].sum()], [(n[first] ** 2).sum()]
    base = rate_interval(*sums, alike, BASELINE_LEVEL)
    moved = difference(found, base)
    words: list[str | None] = []
    for period, (rate, low, high) in enumerate(zip(*moved, strict=True)):
        if period <= place[BASELINE_ENTRIES - 1]:
            words.append("baseline")
        elif np.isnan(rate):
            words.append(None)
        else:
            words.append("more" if low > 0 else "fewer" if high < 0 else "no clear difference")
    return float(100 * base.rate[0]), words


def balance(entries: "pd.DataFrame") -> "pd.DataFrame":
    """Each critic facet against its opposite, a person at a time; see `Journal.balance`."""
    import pandas as pd

    rows = []
    for (person, known), (facet, opposite) in product(people(entries), PAIRS):
        n = known["sentences"].to_numpy()
        both = [known[kind].to_numpy() for kind in (facet, opposite)]
        found = [pooled(k, n) for k in both]
        moved = difference(found[0], found[1], _correlation(both[0], both[1], n))
        low, high = float(moved.low), float(moved.high)
        lean = f"more {facet.term}" if low > 0 else f"more {opposite.term}" if high < 0 else "no clear lean"
        counts = [int(k.sum()) for k in both]
        numbers = [100 * float(v) for v in (found[0].rate, found[1].rate, moved.rate, low, high)]
        rows.append((person, str(facet), str(opposite), len(n), int(n.sum()), *counts, *numbers, lean))
    names = "person facet opposite entries sentences facet_sentences opposite_sentences rate opposite_rate difference "
    return pd.DataFrame(rows, columns=[*(names + "low high lean").split()])


def _correlation(one: np.ndarray, other: np.ndarray, n: np.ndarray) -> float:
    """Correlation of two counts of the same entries, beside their rates."""
    a, b = (k - n * k.sum() / n.sum() for k in (one, other))
    size = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / size if size > 0 else 0.0


def trend(entries: "pd.DataFrame", kind: str, level: float = 0.95, seed: int = 0) -> Trend:
    """The trend of one person's entries; see `Journal.trend`."""
    import pandas as pd

    dated = entries[entries["time"].notna() & (entries["sentences"] > 0)].sort_values("time", kind="stable")
    days = (dated["time"] - dated["time"].min()) / pd.Timedelta(days=1)
    found, place = find_trend(kind, days, dated[kind], dated["sentences"], level=level, seed=seed)
    return found if place is None else replace(found, changed=dated["time"].iloc[place])


def window(entries: "pd.DataFrame", kinds: Sequence[str] = KINDS[:6]) -> dict[str, tuple[Any, ...]]:
    """Counts, rate and interval over some entries of one person, for each kind."""
    judged = entries[entries["sentences"] > 0].sort_values("time", kind="stable")
    n = judged["sentences"].to_numpy()
    k = judged[list(kinds)].to_numpy()
    shares = np.column_stack(pooled(k, n)).tolist()
    return {
        kind: (len(n), int(n.sum()), int(count), *(100 * value for value in share))
        for kind, count, share in zip(kinds, k.sum(axis=0), shares, strict=True)
    }
