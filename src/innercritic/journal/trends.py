"""Does a rate rise or fall over time? One slope decides, with an interval that knows what entries are like.

**Slope.** Weighted least squares of each entry's rate on its time. An entry weighs what its sentences are worth once
their likeness is discounted (`intervals.likeness`), and a rate lies between 0 and 1, so no single entry can outvote the
rest. What is robust is the interval: the standard error is the jackknife-like HC3, which assumes nothing about how much
entries vary and gives far-out entries their due. It is widened when entries resemble those just before them (good
weeks, bad weeks): the lag-1 correlation of the residuals, corrected for its bias, inflates the variance by
(1 + r) / (1 - r). Theil and Sen's slope, robust itself, is no more honest and finds less: a rate halved from 25 per 100
in 72 of 100 journals where this finds it in 84 or more, and from 10 hardly ever, since most entries have none.

**States.** "rising" or "falling" when the interval of the slope leaves out zero; "no clear change" when it does not;
"not enough data" below `LEAST_ENTRIES` entries, `LEAST_COUNT` sentences with the facet or `LEAST_DAYS` days. "No
clear change" is not "no change": look at the interval.

**How often it is right**, on simulated journals of 60 entries of 16 sentences (tests/journal/test_trends.py). Without
change it says "no clear change" in 95 to 96 of 100; with 40 entries of which each resembles the one before it
(correlations of 0.3 and 0.6), in 94 and 88. A rate halved midway is found in 42 of 100 journals when it was 10 per 100
sentences, in 74 when it was 20, in 84 when it was 25; with 120 entries in 74, 97 and 99. A rare facet needs a long
journal.

**Change point.** When the slope is clear, and only then, it is asked when the rate changed: the split of the entries,
at least a tenth of them on either side, with the largest standardised difference, against the same in 999 shufflings
of the entries. Asking second keeps false alarms at 5 in 100 altogether.

References
----------
MacKinnon, J. G., & White, H. (1985). Some heteroskedasticity-consistent covariance matrix estimators with improved
finite sample properties. Journal of Econometrics, 29, 305-325. (HC3.)

Bayley, G. V., & Hammersley, J. M. (1946). The "effective" number of independent observations in an autocorrelated
time series. Supplement to the Journal of the Royal Statistical Society, 8, 184-197.

Marriott, F. H. C., & Pope, J. A. (1954). Bias in the estimation of autocorrelations. Biometrika, 41, 390-402.

Antoch, J., & Hušková, M. (2001). Permutation tests in change point analysis. Statistics & Probability Letters, 53,
37-46.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from .dates import in_words
from .intervals import Floats, likeness

LEAST_ENTRIES = 20
LEAST_COUNT = 10
LEAST_DAYS = 14
"""Below any of these there is no trend to speak of: judged entries, sentences with the facet, days from end to end."""

DAYS_A_STEP = 30
"""Slopes are per so many days."""

SHUFFLES = 999
MOST_ALIKE = 0.8
"""The widest that resemblance from entry to entry may make an interval: a lag-1 correlation of this, threefold."""


class State(StrEnum):
    """What is said of a trend."""

    RISING = "rising"
    FALLING = "falling"
    NO_CLEAR_CHANGE = "no clear change"
    NOT_ENOUGH_DATA = "not enough data"


@dataclass(frozen=True, slots=True)
class Trend:
    """What a rate does over time.

    Parameters
    ----------
    facet : str
        Of what.
    state : State
        "rising", "falling", "no clear change" or "not enough data".
    entries, sentences, facet_sentences : int
        What it rests on: entries with a judged sentence, judged sentences, and those with the facet.
    days : float
        From the first entry to the last.
    slope, low, high : float
        Change of the rate in sentences per 100 sentences, per 30 days, and its interval; NaN without enough data.
    changed : datetime or None
        First entry after the change point, when the slope is clear and the change-point test is too (p <= 0.05).
    change_p : float
        p value of the change-point test; NaN unless the slope is clear.
    before, after : float
        Rates per 100 sentences on either side of that change point; NaN without one.
    level : float
        Coverage of the interval.
    """

    facet: str
    state: State
    entries: int
    sentences: int
    facet_sentences: int
    days: float
    slope: float = np.nan
    low: float = np.nan
    high: float = np.nan
    changed: Any = None
    change_p: float = np.nan
    before: float = np.nan
    after: float = np.nan
    level: float = 0.95

    def __str__(self) -> str:
        return f"{self.facet.replace('_', ' ')}: {self.words}"

    @property
    def words(self) -> str:
        """The trend in words and counts, for people."""
        rests = f"{self.facet_sentences} of {self.sentences} sentences in {self.entries} entries"
        if self.state is State.NOT_ENOUGH_DATA:
            needed = f"it takes {LEAST_ENTRIES} entries over {LEAST_DAYS} days with {LEAST_COUNT} such sentences"
            return f"{self.state} ({rests}; {needed})"
        when = f"; the clearest step is on {in_words(self.changed)}" if self.changed is not None else ""
        return f"{self.state} ({rests}{when})"


def find_trend(
    facet: str, days: ArrayLike, counts: ArrayLike, sentences: ArrayLike, *, level: float = 0.95, seed: int = 0
) -> tuple[Trend, int | None]:
    """Say what a rate does over time.

    Parameters
    ----------
    facet : str
        Its name, given in the result.
    days : array_like of float, shape (entries,)
        When each entry was written, in days, ascending.
    counts, sentences : array_like of int, shape (entries,)
        Sentences with the facet, and judged sentences, at least 1 an entry.
    level : float, default 0.95
        Coverage wanted.
    seed : int, default 0
        For the shuffling.

    Returns
    -------
    Trend
        Its `changed` is not filled in.
    int or None
        Place of the first entry after the change point.

    Examples
    --------
    >>> days, sentences = range(60), [20] * 60
    >>> trend, place = find_trend("isolation", days, [8, 7] * 15 + [2, 3] * 15, sentences)
    >>> trend.state, place
    (<State.FALLING: 'falling'>, 30)
    """
    t, k, n = (np.asarray(values, float) for values in (days, counts, sentences))
    span = float(t[-1] - t[0]) if len(t) else 0.0
    known = Trend(
        facet=facet,
        state=State.NOT_ENOUGH_DATA,
        entries=len(t),
        sentences=int(n.sum()),
        facet_sentences=int(k.sum()),
        days=span,
        level=level,
    )
    if known.entries < LEAST_ENTRIES or known.facet_sentences < LEAST_COUNT or span < LEAST_DAYS:
        return known, None
    weights = n / (1 + (n - 1) * likeness(k, n).correlation)
    slope, error, inflation = _slope(t, k / n, weights)
    reach = float(stats.t.ppf((1 + level) / 2, len(t) - 2)) * error
    low, high = slope - reach, slope + reach
    state = State.RISING if low > 0 else State.FALLING if high < 0 else State.NO_CLEAR_CHANGE
    unit = 100 * DAYS_A_STEP
    known = replace(known, state=state, slope=unit * slope, low=unit * low, high=unit * high)
    if state is State.NO_CLEAR_CHANGE:
        return known, None
    place, p = _change_point(k / n, weights, inflation, seed)
    known = replace(known, change_p=p)
    if p > 0.05:
        return known, None
    before, after = (100 * float(k[part].sum() / n[part].sum()) for part in (slice(place), slice(place, None)))
    return replace(known, before=before, after=after), place


def _slope(t: Floats, rates: Floats, weights: Floats) -> tuple[float, float, float]:
    """Slope a day, its standard error, and by what the variance was inflated."""
    share = weights / weights.sum()
    x = t - share @ t
    spread = share @ (x * x)
    slope = share @ (x * rates) / spread
    residuals = rates - share @ rates - slope * x
    free = np.maximum(1 - share * (1 + x * x / spread), 1e-6)
    variance = ((share * x * residuals / free) ** 2).sum() / spread**2
    inflation = _inflation(np.sqrt(weights) * residuals)
    return float(slope), float(np.sqrt(variance * inflation)), inflation


def _inflation(residuals: Floats) -> float:
    squares = float((residuals**2).sum())
    if squares == 0:
        return 1.0
    r = float((residuals[1:] * residuals[:-1]).sum()) / squares
    r = min(max(r + (1 + 4 * r) / len(residuals), 0.0), MOST_ALIKE)
    return (1 + r) / (1 - r)


def _change_point(rates: Floats, weights: Floats, inflation: float, seed: int) -> tuple[int, float]:
    """Where the best split is, and how often shuffled entries have one as good."""
    rng = np.random.default_rng(seed)
    order = np.argsort(rng.random((SHUFFLES, len(rates))), axis=1)
    statistics = _split_statistics(np.vstack([rates, rates[order]]), np.vstack([weights, weights[order]]))
    best = statistics.max(axis=1)
    observed = best[0] / np.sqrt(inflation)
    edge = max(1, len(rates) // 10)
    return int(statistics[0].argmax()) + edge, float((1 + (best[1:] >= observed).sum()) / (1 + SHUFFLES))


def _split_statistics(rates: Floats, weights: Floats) -> Floats:
    """Standardised difference of the means on either side, for every split, a row a journal."""
    edge = max(1, rates.shape[1] // 10)
    total = weights.sum(axis=1, keepdims=True)
    mean = (weights * rates).sum(axis=1, keepdims=True) / total
    left = np.cumsum(weights, axis=1)[:, edge - 1 : -edge]
    moved = np.cumsum(weights * (rates - mean), axis=1)[:, edge - 1 : -edge]
    return np.asarray(np.abs(moved) / np.sqrt(left * (total - left) / total), float)
