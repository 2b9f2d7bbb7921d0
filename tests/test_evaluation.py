import numpy as np
import pytest

from innercritic.evaluation import best_for_f1, calibration_error, figures, macro_f1

GOLD = np.array([[1, 0], [1, 0], [0, 1], [0, 0]], bool)


def test_figures_by_hand():
    claimed = np.array([[1, 0], [0, 0], [1, 1], [0, 0]], bool)
    measured = figures(["a", "b"], [0], GOLD, claimed, claimed.astype(float), draws=50)
    a = measured.labels["a"]
    assert (a.support, a.precision, a.recall, a.f1) == (2, 0.5, 0.5, 0.5)
    assert measured.labels["b"].f1 == 1.0
    assert measured.macro_f1 == 0.5 and measured.specificity == 0.5
    assert measured.interval[0] <= measured.macro_f1 <= measured.interval[1]


def test_a_label_without_support_counts_as_zero():
    nothing = np.zeros((4, 1), bool)
    assert macro_f1(nothing, nothing) == 0.0


def test_calibration():
    rng = np.random.default_rng(0)
    p = rng.random(20_000)
    assert calibration_error(rng.random(20_000) < p, p) < 0.02
    assert calibration_error(np.ones(100, bool), np.full(100, 0.3)) == pytest.approx(0.7)


def test_the_best_threshold_claims_what_it_should():
    gold = np.array([0, 0, 1, 0, 1, 1], bool)
    p = np.array([0.1, 0.2, 0.5, 0.4, 0.8, 0.9])
    assert ((p >= best_for_f1(gold, p)) == gold).all()
