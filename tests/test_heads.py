import numpy as np
import pytest
import scipy.sparse as sp
from sklearn.base import clone
from sklearn.utils.estimator_checks import parametrize_with_checks

from innercritic.evaluation import calibration_error
from innercritic.heads import FacetHead


@parametrize_with_checks([FacetHead(), FacetHead(nb_weight=0.5)])
def test_scikit_learn_contract(estimator, check):
    check(estimator)


def sample(size=600, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(size, 5))
    y = (rng.random((size, 2)) < 1 / (1 + np.exp(-3 * X[:, :2]))).astype(int)
    return X, y


def test_several_labels_calibrated_out_of_fold():
    X, y = sample()
    head = FacetHead().fit(X, y)
    assert head.predict_proba(X).shape == head.predict(X).shape == y.shape
    fresh, wanted = sample(seed=1)
    for column in range(2):
        assert calibration_error(wanted[:, column].astype(bool), head.predict_proba(fresh)[:, column]) < 0.08
    assert not np.isnan(head.out_of_fold_).any()


@pytest.mark.parametrize("nb_weight", [0.0, 0.5])
def test_sparse_and_dense_agree(nb_weight):
    X, y = sample()
    X[X < 0] = 0
    head = FacetHead(nb_weight=nb_weight)
    assert np.allclose(clone(head).fit(sp.csr_matrix(X), y).coef_, clone(head).fit(X, y).coef_, atol=1e-6)


def test_what_is_always_met_with_the_label_counts_more_with_its_log_count_ratio():
    y = np.arange(400) % 2
    rare_but_telling, common = (np.arange(400) % 100 == 1), (np.arange(400) % 3 == 0)
    X = np.column_stack([rare_but_telling, common]).astype(float)
    plain, weighed = (FacetHead(C=1.0, folds=0, nb_weight=weight).fit(X, y).coef_[0] for weight in (0.0, 1.0))
    assert weighed[0] > plain[0] > 0
    assert abs(weighed[1]) <= abs(plain[1]) + 1e-6


def test_nobody_is_on_both_sides_of_a_fold():
    X, y = sample(200)
    X[:, 4] = np.repeat(np.arange(20), 10)
    grouped = FacetHead().fit(X, y, groups=np.repeat(np.arange(20), 10))
    assert not np.allclose(grouped.out_of_fold_, FacetHead().fit(X, y).out_of_fold_)


def test_a_label_nobody_carries_is_never_claimed():
    X, y = sample(100)
    y[:, 1] = 0
    assert FacetHead().fit(X, y).predict_proba(X)[:, 1].max() < 1e-6


def test_the_same_data_give_the_same_coefficients():
    X, y = sample()
    assert (FacetHead().fit(X, y).coef_ == FacetHead().fit(X, y).coef_).all()


def test_columns_of_classes_are_refused():
    with pytest.raises(ValueError, match="1d array"):
        FacetHead().fit(np.eye(3), np.array([[1, 2], [2, 3], [3, 1]]))
