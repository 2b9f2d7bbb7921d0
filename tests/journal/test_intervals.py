"""Coverage of the intervals on made-up journals: 93 to 97 in 100, where the unit is the entry."""

from itertools import product

import numpy as np
import pytest
from scipy import stats

from innercritic.journal.intervals import Interval, Likeness, difference, likeness, pooled, rate_interval
from tests.journal.simulation import draw, steady


def coverage(rate, alike, entries, week, journals=2000, interval="exact"):
    """How often the interval of one week, or of the whole journal, covers the true rate."""
    rng, part = np.random.default_rng(1), slice(week)
    drawn = [draw(rng, entries, steady(rate), alike=alike)[1:] for _ in range(journals)]
    found, judged, squares = np.array([(k[part].sum(), n[part].sum(), (n[part] ** 2).sum()) for k, n in drawn]).T
    estimates = [likeness(k, n) for k, n in drawn]
    like = Likeness(np.array([one.correlation for one in estimates]), estimates[0].freedom)
    if interval == "exact":
        _, low, high = rate_interval(found, judged, squares, like)
    elif interval == "sentences":
        _, low, high = rate_interval(found, judged, judged, Likeness(0.0, 10**6))
    elif interval == "clopper-pearson":
        number = judged / (1 + like.correlation * (squares / judged - 1))
        x = number * found / judged
        low, high = stats.beta.ppf([[0.025], [0.975]], [x, x + 1], [number - x + 1, number - x])
        low = np.where(x > 0, low, 0)
    else:
        _, low, high = np.array([pooled(k[part], n[part], "bootstrap") for k, n in drawn]).T
    return np.mean((low <= rate) & (rate <= high))


@pytest.mark.parametrize(("found", "number"), [(0, 7), (1, 7), (3, 10), (7, 7), (40, 200)])
def test_where_every_sentence_counts_it_is_the_exact_binomial_interval(found, number):
    """At each end half of just so many, and all that is further out, are together 2.5 in 100 (Berry & Armitage)."""
    _, low, high = rate_interval(found, number, number, Likeness(0.0, 10**6))
    at = [stats.binom.pmf(found, number, end) / 2 for end in (low, high)]
    assert low == 0 if found == 0 else at[0] + stats.binom.sf(found, number, low) == pytest.approx(0.025)
    assert high == 1 if found == number else at[1] + stats.binom.cdf(found - 1, number, high) == pytest.approx(0.025)


GRID = list(product([(60, 4), (60, 7), (60, 60), (200, 7)], [0.1, 0.2, 0.3], [0.02, 0.05, 0.15]))
SPARSE = ((60, 4), 0.1, 0.15)
"""Four entries that are so alike tell as much as 14 sentences, 1.4 of them with the facet."""


@pytest.mark.parametrize(("size", "rate", "alike"), [cell for cell in GRID if cell != SPARSE])
def test_intervals_cover(size, rate, alike):
    assert 0.93 <= coverage(rate, alike, *size) <= 0.97


@pytest.mark.parametrize("alike", [0.05, 0.15])
@pytest.mark.parametrize("entries", [8, 12, 20])
def test_short_journals_are_covered(entries, alike):
    assert 0.925 <= coverage(0.3, alike, entries, entries, 1000) <= 0.985


@pytest.mark.parametrize("alike", [0.0, 0.15])
def test_rare_facets_and_equal_days_are_covered_at_least_as_often(alike):
    """A count that is hardly ever above 2 cannot be covered exactly; then it is more, never less."""
    assert 0.93 <= coverage(0.03, alike, 60, 7) <= 0.985
    assert 0.93 <= coverage(SPARSE[1], SPARSE[2], *SPARSE[0]) <= 0.98
    assert 0.93 <= coverage(0.1, 0.0, 60, 7) <= 0.985


def test_why_sentences_are_not_the_unit_and_small_weeks_are_not_resampled():
    assert coverage(0.2, 0.15, 60, 60, 500, interval="sentences") < 0.75
    assert coverage(0.2, 0.05, 60, 4, 300, interval="bootstrap") < 0.85
    assert coverage(0.2, 0.05, 200, 200, 200, interval="bootstrap") > 0.9
    assert coverage(0.1, 0.05, 60, 4, 1000, interval="clopper-pearson") > 0.97


def test_what_was_never_or_always_found_has_an_interval_though_resampling_finds_nothing_else():
    never, always = (pooled([value] * 30, [4] * 30, "bootstrap") for value in (0, 4))
    assert never.low == 0 and 0.01 < never.high < 0.05 and always.high == 1 and 0.95 < always.low < 0.99
    with pytest.raises(ValueError, match="exact, bootstrap"):
        pooled([1], [2], "wilson")


def test_kinds_are_computed_together_as_alone():
    rng = np.random.default_rng(4)
    n = rng.integers(1, 9, 50)
    k = rng.binomial(n[:, None], [0.0, 0.1, 0.5])
    for method in ("exact", "bootstrap"):
        together = pooled(k, n, method)
        for kind in range(3):
            assert np.allclose(pooled(k[:, kind], n, method), [value[kind] for value in together])
    assert likeness(k, n).correlation == pytest.approx([likeness(k[:, kind], n).correlation for kind in range(3)])


def test_differences_cover():
    rng, covered = np.random.default_rng(2), 0
    for _ in range(1000):
        pair = [pooled(*draw(rng, 40, steady(rate), alike=0.05)[1:]) for rate in (0.2, 0.1)]
        moved = difference(*pair)
        covered += bool(moved.low <= 0.1 <= moved.high)
    assert 0.93 <= covered / 1000 <= 0.97


def test_a_correlation_narrows_or_widens_a_difference():
    one, other = (Interval(*map(np.array, ([p], [p - 0.05], [p + 0.05]))) for p in (0.3, 0.2))
    width = {r: float((d := difference(one, other, r)).high[0] - d.low[0]) for r in (-1, 0, 1)}
    assert width[1] < 1e-9 < width[0] < width[-1] == pytest.approx(0.2)


def test_likeness_is_estimated_without_much_bias():
    rng = np.random.default_rng(3)
    for alike in (0.0, 0.05, 0.15):
        found = np.mean([likeness(*draw(rng, 60, steady(0.2), alike=alike)[1:]).correlation for _ in range(400)])
        assert found == pytest.approx(alike, abs=0.012)


def test_groups_are_computed_together_as_alone_and_empty_ones_are_nan():
    alike = Likeness(0.05, 30)
    together = rate_interval([3, 0, 0, 10], [30, 10, 0, 10], [200, 60, 0, 100], alike)
    alone = rate_interval([3], [30], [200], alike)
    assert [value[0] for value in together] == [value[0] for value in alone]
    assert together.low[1] == 0 and together.high[1] > 0 and together.high[3] == 1
    assert np.isnan([value[2] for value in together]).all()
    for rate, low, high in zip(*together, strict=True):
        assert np.isnan(rate) or 0 <= low <= rate <= high <= 1


@pytest.mark.parametrize("n", [[], [1], [1, 1, 1], [5]])
def test_tiny_journals_have_a_likeness(n):
    found = likeness([0] * len(n), n)
    assert 0 <= found.correlation <= 1 and found.freedom >= 1
