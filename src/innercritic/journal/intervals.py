"""How many sentences in a hundred, and how sure that is: intervals whose unit is the entry, not the sentence.

Sentences of one entry are alike: whoever has a bad day writes many critical sentences that day. Intervals that count
sentences as independent are too narrow. The same holds of the turns of a session (`transcripts.session_rates`).

**Exact** (`rate_interval`, the default). The likeness of an entry's sentences is estimated from how much entries
differ from their neighbours in time, sentences are discounted by it, and the exact binomial interval is taken at the
effective number of sentences that remains: Korn and Graubard's interval, in its mid-p form, since the plain one of
Clopper and Pearson covers up to 98.5 percent of such weeks, and so says less than it knows.

**Bootstrap** (`pooled`). The percentiles of resampled entries.

On simulated journals the first covers 94 to 97 percent, weeks of four entries included; the second 73 to 82 percent of
such weeks, fewer still for a rare facet, and some 93 percent where there are 200 entries
(tests/journal/test_intervals.py).

References
----------
Korn, E. L., & Graubard, B. I. (1998). Confidence intervals for proportions with small expected number of positive
counts estimated from survey data. Survey Methodology, 24, 193-201. (The exact interval at the effective number.)

Berry, G., & Armitage, P. (1995). Mid-P confidence intervals: a brief review. The Statistician, 44, 417-423.

Franco, C., Little, R. J. A., Louis, T. A., & Slud, E. V. (2019). Comparative study of confidence intervals for
proportions in complex sample surveys. Journal of Survey Statistics and Methodology, 7, 334-364.

Zou, G. Y., & Donner, A. (2008). Construction of confidence limits about effect measures: a general approach.
Statistics in Medicine, 27, 1693-1702. (Differences.)
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats
from scipy.special import betainc

Floats = NDArray[np.float64]

NEIGHBOURS = 8
"""About so many entries, next to each other in time, are compared to say how alike an entry's sentences are."""

METHODS = ("exact", "bootstrap")
DRAWS = 2000
_HALVINGS = 30


class Likeness(NamedTuple):
    """How alike the sentences of one entry are.

    Parameters
    ----------
    correlation : float, or ndarray of shape (kinds,)
        Correlation within an entry, 0 (independent) to 1 (an entry is all or nothing).
    freedom : int
        Degrees of freedom of the estimate.
    """

    correlation: float | Floats
    freedom: int


class Interval(NamedTuple):
    """Rates with their intervals, as shares from 0 to 1; NaN where there is no sentence."""

    rate: Floats
    low: Floats
    high: Floats


def likeness(counts: ArrayLike, sentences: ArrayLike) -> Likeness:
    """Estimate how alike the sentences of an entry are, by the method of moments.

    Parameters
    ----------
    counts : array_like of int, shape (entries,) or (entries, kinds)
        Sentences with the facet, an entry each, in order of time.
    sentences : array_like of int, shape (entries,)
        Judged sentences, at least 1 an entry.

    Returns
    -------
    Likeness

    Examples
    --------
    >>> round(likeness([0, 9, 0, 8, 10, 1, 0, 10], [10] * 8).correlation, 1)
    0.9
    >>> likeness([2, 1, 2, 1, 2, 1, 2, 1], [10] * 8).correlation
    0.0
    """
    k, n = _columns(counts, sentences)
    if not len(k):
        return Likeness(0.0, 1)
    windows = np.array_split(np.arange(len(k)), max(1, round(len(k) / NEIGHBOURS)))
    starts, size = [window[0] for window in windows], np.array([[len(window)] for window in windows])

    def summed(values: Floats) -> Floats:
        return np.asarray(np.add.reduceat(values, starts, axis=0), float)

    total = summed(n)
    rate = summed(k) / total
    variance = rate * (1 - rate) * total / np.maximum(total - 1, 1)
    squares = summed((k - n * np.repeat(rate, size[:, 0], axis=0)) ** 2 / n)
    excess = (squares - variance * (size - 1)).sum(axis=0)
    weight = (variance * (total - size - summed(n * (n - 1)) / total)).sum(axis=0)
    correlation = np.clip(np.divide(excess, weight, out=np.zeros_like(weight), where=weight > 0), 0, 1)
    alone = np.ndim(counts) == 1
    return Likeness(float(correlation[0]) if alone else correlation, max(len(k) - len(windows), 1))


def rate_interval(
    counts: ArrayLike, sentences: ArrayLike, squares: ArrayLike, alike: Likeness, level: float = 0.95
) -> Interval:
    """Give rates of groups of entries, weeks say, with the exact interval at the effective number of sentences.

    Parameters
    ----------
    counts, sentences : array_like, shape (groups,)
        Sentences with the facet and judged sentences, summed over the entries of each group.
    squares : array_like, shape (groups,)
        The squares of each entry's judged sentences, summed likewise: how unevenly they are spread.
    alike : Likeness
        See `likeness`.
    level : float, default 0.95
        Coverage wanted.

    Returns
    -------
    Interval
        Arrays of shape (groups,).

    Examples
    --------
    >>> week = rate_interval([6], [40], [420], Likeness(0.05, 35))
    >>> [round(float(100 * value[0])) for value in week]
    [15, 5, 32]
    """
    k, n, s = (np.asarray(values, float) for values in (counts, sentences, squares))
    tail = (1 - level) / 2
    # Korn and Graubard: fewer still, since the likeness is itself estimated, and never more than there are.
    unsure = stats.t.ppf(1 - tail, np.maximum(n - 1, 1)) / stats.t.ppf(1 - tail, alike.freedom)
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = k / n
        effective = n / (1 + alike.correlation * (s / n - 1)) * np.minimum(unsure, 1) ** 2
        low = _lower_end(rate * effective, effective, tail)
        high = 1 - _lower_end((1 - rate) * effective, effective, tail)
    return Interval(rate, np.clip(low, 0, rate), np.clip(high, rate, 1))


def _lower_end(found: Floats, number: Floats, tail: float) -> Floats:
    """Where so many found, or more, would be as improbable as `tail`, half of just so many counted (mid-p)."""
    low, high = np.zeros_like(found), found / number
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        more = np.where(found < number, betainc(found + 1, number - found, middle), 0.0)
        over = (betainc(found, number - found + 1, middle) + more) / 2 > tail
        low, high = np.where(over, low, middle), np.where(over, middle, high)
    return np.where(found > 0, low, found)  # NaN stays NaN


def pooled(
    counts: ArrayLike, sentences: ArrayLike, method: str = "exact", level: float = 0.95, seed: int = 0
) -> Interval:
    """Give the rate of all entries together, with its interval.

    Parameters
    ----------
    counts : array_like of int, shape (entries,) or (entries, kinds)
        Sentences with the facet, an entry each, in order of time.
    sentences : array_like of int, shape (entries,)
        Judged sentences, at least 1 an entry.
    method : {"exact", "bootstrap"}, default "exact"
        See the top of this page. Where a facet was never found, or always, resampling finds nothing else, and that
        end is the exact one.
    level : float, default 0.95
        Coverage wanted.
    seed : int, default 0
        Of the resampling.

    Returns
    -------
    Interval
        Numbers, or arrays of shape (kinds,).

    Raises
    ------
    ValueError
        When there is no such method.

    Examples
    --------
    >>> counts, sentences = [0, 1, 4, 0, 2] * 20, [10] * 100
    >>> [round(100 * float(value)) for value in pooled(counts, sentences)]
    [14, 11, 17]
    >>> [round(100 * float(value)) for value in pooled(counts, sentences, "bootstrap")]
    [14, 11, 17]
    """
    if method not in METHODS:
        raise ValueError(f"method is one of {', '.join(METHODS)}, not {method!r}")
    k, n = _columns(counts, sentences)
    exact = rate_interval(k.sum(axis=0), n.sum(), (n * n).sum(), likeness(k, sentences), level)
    if method == "bootstrap" and len(k):
        picks = np.random.default_rng(seed).multinomial(len(k), np.full(len(k), 1 / len(k)), size=DRAWS)
        low, high = np.quantile(picks @ k / (picks @ n), [(1 - level) / 2, (1 + level) / 2], axis=0)
        exact = Interval(
            exact.rate, np.where(exact.rate == 1, exact.low, low), np.where(exact.rate == 0, exact.high, high)
        )
    return Interval(*(value[0] for value in exact)) if np.ndim(counts) == 1 else exact


def _columns(counts: ArrayLike, sentences: ArrayLike) -> tuple[Floats, Floats]:
    """Counts with a column a kind, and sentences as a column."""
    k, n = np.asarray(counts, float), np.asarray(sentences, float)
    return k if k.ndim > 1 else k[:, None], n[:, None]


def difference(one: Interval, other: Interval, correlation: float = 0.0) -> Interval:
    """Give the differences of two rates, one - other, from their own intervals (Zou & Donner's MOVER).

    Parameters
    ----------
    one, other : Interval
        The two rates.
    correlation : float, default 0
        Correlation of their estimates; 0 when they come from different entries.

    Returns
    -------
    Interval
    """
    (p, l1, u1), (q, l2, u2) = one, other

    def reach(a: Floats, b: Floats) -> Floats:
        return np.sqrt(np.maximum(a * a + b * b - 2 * correlation * a * b, 0.0))

    return Interval(p - q, p - q - reach(p - l1, u2 - q), p - q + reach(u1 - p, q - l2))
