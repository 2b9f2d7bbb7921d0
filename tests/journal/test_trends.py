"""The simulation study: how often the trend is right, where the truth is known. Seeded, 500 journals a line."""

import numpy as np
import pytest
from scipy import stats

from innercritic.journal.trends import LEAST_COUNT, LEAST_DAYS, LEAST_ENTRIES, State, find_trend
from tests.journal.simulation import draw, halved, sinking, steady

JOURNALS = 500


def study(entries, rate, seed=1, **made):
    rng = np.random.default_rng(seed)
    return [find_trend("critic", *draw(rng, entries, rate, **made))[0] for _ in range(JOURNALS)]


def share(trends, state):
    return sum(trend.state is state for trend in trends) / len(trends)


@pytest.mark.parametrize("rate", [0.05, 0.1, 0.25])
@pytest.mark.parametrize("alike", [0.0, 0.04, 0.15])
def test_without_change_it_says_no_clear_change(rate, alike):
    trends = study(40, steady(rate), alike=alike)
    judged = [trend for trend in trends if trend.state is not State.NOT_ENOUGH_DATA]
    assert len(judged) > 0.9 * JOURNALS
    assert share(judged, State.NO_CLEAR_CHANGE) >= 0.93


@pytest.mark.parametrize(("mood", "least"), [(0.3, 0.90), (0.6, 0.85)])
def test_good_and_bad_weeks_are_seldom_taken_for_a_trend(mood, least):
    """Where entries resemble the one before them this much, 5 false alarms in 100 become 7 and 13: said in the docs."""
    assert share(study(40, steady(0.2), mood=mood), State.NO_CLEAR_CHANGE) >= least


def test_a_halved_rate_is_found():
    trends = study(60, halved(0.25))
    assert share(trends, State.FALLING) >= 0.80 and share(trends, State.RISING) == 0


def test_theil_and_sens_slope_would_find_less():
    rng, found = np.random.default_rng(1), 0
    for _ in range(200):
        days, counts, sentences = draw(rng, 60, halved(0.25))
        _, _, _, high = stats.theilslopes(counts / sentences, days, alpha=0.95)
        found += high < 0
    assert found / 200 < 0.80


@pytest.mark.parametrize("place", [0, 59])
@pytest.mark.parametrize("share", [0.0, 1.0])
def test_no_single_entry_outvotes_the_rest(place, share):
    """However long it is and whatever is in it, one entry at either end turns no fall into anything else."""
    days, counts, sentences = draw(np.random.default_rng(9), 60, halved(0.3))
    counts[place], sentences[place] = round(500 * share), 500
    assert find_trend("critic", days, counts, sentences)[0].state in (State.FALLING, State.NO_CLEAR_CHANGE)


def test_a_doubled_rate_is_found():
    assert share(study(60, lambda u: halved(0.25)(1 - u)), State.RISING) >= 0.80


@pytest.mark.parametrize("rate", [0.1, 0.2, 0.3])
def test_the_interval_of_the_slope_covers_the_slope(rate):
    rng, covered = np.random.default_rng(3), 0
    for _ in range(2 * JOURNALS):
        days, counts, sentences = draw(rng, 60, sinking(rate))
        true = -100 * rate / 2 * 30 / (days[-1] - days[0])
        trend, _ = find_trend("critic", days, counts, sentences)
        covered += trend.low <= true <= trend.high
    assert 0.93 <= covered / (2 * JOURNALS) <= 0.97


def test_when_it_changed_is_found_where_it_changed_and_only_rarely_elsewhere():
    rng, misses, found = np.random.default_rng(5), [], 0
    for _ in range(100):
        days, counts, sentences = draw(rng, 80, halved(0.3))
        _, place = find_trend("critic", days, counts, sentences)
        found += place is not None
        misses.append(abs(place - 40) if place is not None else np.nan)
    assert found >= 80 and np.nanmedian(misses) <= 5
    rng = np.random.default_rng(6)
    assert sum(find_trend("critic", *draw(rng, 80, steady(0.3)))[1] is not None for _ in range(200)) <= 14


def test_one_terrible_day_is_no_trend():
    rng = np.random.default_rng(7)
    days, counts, sentences = draw(rng, 40, steady(0.1))
    counts[-2], sentences[-2] = 300, 300
    assert find_trend("critic", days, counts, sentences)[0].state is State.NO_CLEAR_CHANGE


@pytest.mark.parametrize(
    ("entries", "counts", "days"),
    [(LEAST_ENTRIES - 1, 5, 60), (40, 0, 60), (40, 5, LEAST_DAYS - 1), (0, 0, 0), (1, 1, 0)],
)
def test_below_the_documented_minimum_it_says_so(entries, counts, days):
    trend, place = find_trend("isolation", np.linspace(0, days, entries), [counts] * entries, [10] * entries)
    assert trend.state is State.NOT_ENOUGH_DATA and place is None and np.isnan(trend.slope)
    assert str(LEAST_ENTRIES) in trend.words and str(LEAST_COUNT) in trend.words


def test_rates_that_never_vary_are_no_trend_and_no_error():
    with np.errstate(all="raise"):
        trend, _ = find_trend("critic", range(40), [5] * 40, [10] * 40)
    assert trend.state is State.NO_CLEAR_CHANGE and trend.slope == pytest.approx(0)


def test_words_hold_counts_and_no_percentages():
    trend, _ = find_trend("critic", range(60), [8] * 30 + [2] * 30, [20] * 60)
    assert "falling (300 of 1200 sentences in 60 entries" in trend.words and "%" not in trend.words


def test_it_is_deterministic():
    made = draw(np.random.default_rng(0), 60, halved(0.3))
    assert repr(find_trend("critic", *made)) == repr(find_trend("critic", *made))
