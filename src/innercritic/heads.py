"""Numbers -> calibrated probabilities: the numeric half of the classifier, an ordinary scikit-learn estimator."""

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, KFold
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import check_is_fitted, column_or_1d, validate_data

from .model import sigmoid


def _scaled(X: Any, scale: NDArray[Any]) -> Any:
    """The features, each times its scale."""
    if (scale == 1).all():
        return X
    return X.multiply(scale).tocsr() if hasattr(X, "tocsr") else X * scale  # sparse or dense


class FacetHead(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Logistic regression a label, calibrated on sentences it did not see while fitting.

    Out-of-fold scores fit Platt's sigmoid (Platt 1999), which is then folded into the coefficients: the model stays
    linear and its coefficients are log-odds of calibrated probabilities.

    Parameters
    ----------
    C : float, default 10.0
        Inverse strength of the L2 penalty.
    folds : int, default 5
        Folds for calibration; fewer than 2, or too few samples for them, leaves the scores as they are.
    max_iter : int, default 400
        Iterations of the solver.
    nb_weight : float, default 0.0
        How much of a feature's scale is its naive Bayes log-count ratio, 0 to 1: what stands far more often with a
        label than without it, or the other way round, is penalised less (Wang and Manning 2012, Baselines and bigrams).

    Attributes
    ----------
    classes_ : ndarray
        The classes; for an indicator matrix the column numbers.
    coef_ : ndarray, shape (labels, features)
    intercept_ : ndarray, shape (labels,)
    out_of_fold_ : ndarray, shape (samples, labels)
        Calibrated probabilities for the training samples by models that did not see them; NaN without calibration.
    n_features_in_ : int
    n_iter_ : int
        Iterations the solver took, at most.

    Examples
    --------
    >>> FacetHead(folds=0).fit([[0.0], [1.0], [0.2], [0.9]], [0, 1, 0, 1]).predict([[0.1], [0.8]])
    array([0, 1])
    """

    def __init__(self, C: float = 10.0, folds: int = 5, max_iter: int = 400, nb_weight: float = 0.0) -> None:
        self.C = C
        self.folds = folds
        self.max_iter = max_iter
        self.nb_weight = nb_weight

    def fit(self, X: Any, y: Any, groups: Sequence[Hashable] | None = None) -> "FacetHead":
        """Fit a calibrated classifier a label.

        Parameters
        ----------
        X : array-like or sparse matrix, shape (samples, features)
        y : array-like, shape (samples,) or (samples, labels)
            Classes, or an indicator matrix with a column a label.
        groups : sequence of hashable, optional
            Who wrote each sample: nobody is on both sides of a fold.
        """
        X, y = validate_data(self, X, y, accept_sparse="csr", multi_output=True, dtype=np.float32)
        check_classification_targets(y)
        indicator = self._indicator(y)
        splits = self._splits(indicator.shape[0], groups)
        coefficients, intercepts, unseen, self._iterations = [], [], [], 1
        for column in indicator.T:
            coefficient, intercept, probabilities = self._fit_label(X, column, splits)
            coefficients.append(coefficient)
            intercepts.append(intercept)
            unseen.append(probabilities)
        self.coef_, self.intercept_ = np.array(coefficients), np.array(intercepts)
        self.out_of_fold_ = np.array(unseen).T
        self.n_iter_ = self._iterations
        return self

    def decision_function(self, X: Any) -> NDArray[np.float64]:
        """Log-odds a label: shape (samples, labels), or (samples,) for two classes."""
        scores = self._scores(X)
        return np.asarray(scores[:, 0] if self._binary else scores)

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """Calibrated probabilities: a column a label; for exclusive classes they add up to 1."""
        probabilities = sigmoid(self._scores(X))
        if self._binary:
            return np.column_stack([1 - probabilities[:, 0], probabilities[:, 0]])
        if self._multilabel:
            return probabilities
        return np.asarray(probabilities / np.maximum(probabilities.sum(axis=1, keepdims=True), np.finfo(float).tiny))

    def predict(self, X: Any) -> NDArray[Any]:
        """The likeliest class, or for labels an indicator matrix of those over one half."""
        scores = self._scores(X)
        if self._multilabel:
            return (scores > 0).astype(int)
        places = (scores[:, 0] > 0).astype(int) if self._binary else scores.argmax(axis=1)
        return np.asarray(self.classes_[places])

    @property
    def _binary(self) -> bool:
        return not self._multilabel and len(self.classes_) == 2

    def _indicator(self, y: NDArray[Any]) -> NDArray[np.int_]:
        self._multilabel = type_of_target(y) == "multilabel-indicator"
        if self._multilabel:
            self.classes_ = np.arange(y.shape[1])
            return np.asarray(y, int)
        if y.ndim == 2:
            y = column_or_1d(y, warn=True)
        self.classes_, places = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError("cannot tell classes apart: the training data have one class only")
        if self._binary:
            return places.reshape(-1, 1)
        return np.eye(len(self.classes_), dtype=int)[places]

    def _splits(self, size: int, groups: Sequence[Hashable] | None) -> list[tuple[NDArray[np.int_], NDArray[np.int_]]]:
        if self.folds < 2 or size < 10 * self.folds:
            return []
        if groups is None:
            return list(KFold(self.folds, shuffle=True, random_state=0).split(np.zeros(size)))
        _, places = np.unique(np.asarray(groups), return_inverse=True)
        return list(GroupKFold(self.folds).split(np.zeros(size), groups=places))

    def _fit_label(
        self, X: Any, wanted: NDArray[np.int_], splits: list[tuple[NDArray[np.int_], NDArray[np.int_]]]
    ) -> tuple[NDArray[np.float64], float, NDArray[np.float64]]:
        if wanted.min() == wanted.max():  # a label nobody, or everybody, carries
            certain = 20.0 if wanted.all() else -20.0
            return np.zeros(X.shape[1]), certain, np.full(len(wanted), np.nan)
        model, scale = self._regression(X, wanted)
        slope, offset, unseen = 1.0, 0.0, np.full(len(wanted), np.nan)
        if splits and all(0 < wanted[train].sum() < len(train) for train, _ in splits):
            scores = np.zeros(len(wanted))
            for train, test in splits:
                unheard, of_fold = self._regression(X[train], wanted[train])
                scores[test] = unheard.decision_function(_scaled(X[test], of_fold))
            platt = LogisticRegression(C=1e6).fit(scores[:, None], wanted)
            slope, offset = float(platt.coef_[0, 0]), float(platt.intercept_[0])
            unseen = sigmoid(slope * scores + offset)
        return slope * model.coef_[0] * scale, slope * float(model.intercept_[0]) + offset, unseen

    def _regression(self, X: Any, wanted: NDArray[np.int_]) -> tuple[LogisticRegression, NDArray[Any]]:
        """Fit one label: the regression, and what each feature is to be scaled by for it."""
        scale = np.ones(X.shape[1], X.dtype)
        if self.nb_weight:
            counts = [np.asarray((X[wanted == answer] != 0).sum(axis=0), float).ravel() + 1 for answer in (0, 1)]
            ratio = np.abs(np.log(counts[1] / counts[1].sum()) - np.log(counts[0] / counts[0].sum()))
            scale = (1 - self.nb_weight + self.nb_weight * ratio).astype(X.dtype)
        model = LogisticRegression(C=self.C, max_iter=self.max_iter, solver="newton-cg").fit(_scaled(X, scale), wanted)
        self._iterations = max(self._iterations, int(model.n_iter_.max()))
        return model, scale

    def _scores(self, X: Any) -> NDArray[np.float64]:
        check_is_fitted(self)
        X = validate_data(self, X, accept_sparse="csr", dtype=np.float64, reset=False)
        return np.asarray(X @ self.coef_.T + self.intercept_)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.classifier_tags.multi_label = True
        tags.target_tags.multi_output = False
        return tags
