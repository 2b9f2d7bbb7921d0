"""Coverage of the intervals on made-up journals: 93 to 97 in 100, where the unit is the entry."""

import numpy as np
import pytest

from innercritic.journal.intervals import (
    Interval,
    Likeness,
    bootstrap_interval,
    difference,
    likeness,
    rate_interval,
)
from tests.journal.simulation import draw, steady


def coverage(rate, alike, entries, week, journals=2000, seed=1, interval="effective"):
    """How often the interval of one week, or of the whole journal, covers the true rate."""
    rng, covered = np.random.default_rng(seed), 0
    for _ in range(journals):
        _, k, n = draw(rng, entries, steady(rate), alike=alike)
        if interval == "effective":
            part = slice(week)
            _, low, high = rate_interval([k[part].sum()], [n[part].sum()], [(n[part] ** 2).sum()], likeness(k, n))
        elif interval == "sentences":
            _, low, high = rate_interval([k[:week].sum()], [n[:week].sum()], [n[:week].sum()], Likeness(0.0, 10**6))
        else:
            low, high = bootstrap_interval(k[:week], n[:week], draws=300)
        covered += bool(low <= rate <= high)
    return covered / journals


@pytest.mark.parametrize("alike", [0.02, 0.05, 0.15])
@pytest.mark.parametrize("rate", [0.1, 0.2, 0.3])
@pytest.mark.parametrize(("entries", "week"), [(60, 4), (60, 7), (60, 60), (200, 7)])
def test_intervals_cover(rate, alike, entries, week):
    assert 0.93 <= coverage(rate, alike, entries, week) <= 0.97


@pytest.mark.parametrize("alike", [0.0, 0.15])
def test_rare_facets_and_equal_days_are_covered_at_least_as_often(alike):
    """A count that is hardly ever above 2 cannot be covered exactly; then it is more, never less."""
    assert 0.93 <= coverage(0.03, alike, 60, 7) <= 1
    assert 0.93 <= coverage(0.1, 0.0, 60, 7) <= 0.985


def test_why_sentences_are_not_the_unit_and_small_weeks_are_not_resampled():
    assert coverage(0.2, 0.15, 60, 60, 500, interval="sentences") < 0.75
    assert coverage(0.2, 0.05, 60, 4, 500, interval="bootstrap") < 0.85
    assert coverage(0.2, 0.05, 200, 200, 500, interval="bootstrap") > 0.92


def test_differences_cover():
    rng, covered = np.random.default_rng(2), 0
    for _ in range(1000):
        pair = []
        for rate in (0.2, 0.1):
            _, k, n = draw(rng, 40, steady(rate), alike=0.05)
            pair.append(rate_interval([k.sum()], [n.sum()], [(n * n).sum()], likeness(k, n)))
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
