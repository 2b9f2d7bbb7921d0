"""How right a model is: precision, recall and F1 a label, specificity, calibration, with bootstrap intervals."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Indicator = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class LabelFigures:
    """Figures of one label.

    Parameters
    ----------
    support : int
        Sentences that carry it.
    precision, recall, f1 : float
        0 where undefined.
    interval : (float, float)
        95% bootstrap interval of `f1`.
    calibration_error : float
        Expected calibration error over ten equally filled bins.
    """

    support: int
    precision: float
    recall: float
    f1: float
    interval: tuple[float, float]
    calibration_error: float


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of a model on some sentences.

    Parameters
    ----------
    sentences : int
        How many there were.
    labels : dict of str to LabelFigures
        By label.
    macro_f1 : float
        Mean F1 of the three critic facets.
    interval : (float, float)
        95% bootstrap interval of `macro_f1`.
    specificity : float
        Share of the sentences without a critic facet on which none is claimed.
    """

    sentences: int
    labels: dict[str, LabelFigures]
    macro_f1: float
    interval: tuple[float, float]
    specificity: float


def figures(
    labels: Sequence[str],
    critic: Sequence[int],
    gold: Indicator,
    claimed: Indicator,
    probabilities: NDArray[np.float64],
    draws: int = 500,
) -> Figures:
    """Compare what a model claims with what the annotators said.

    Parameters
    ----------
    labels : sequence of str
        Names of the columns.
    critic : sequence of int
        Which columns are the critic facets.
    gold, claimed : ndarray of bool, shape (sentences, labels)
        What is true, and what the model claims.
    probabilities : ndarray, shape (sentences, labels)
        Its probabilities.
    draws : int, default 500
        Bootstrap samples.

    Returns
    -------
    Figures
    """
    columns = list(critic)
    plain = np.asarray(~gold[:, columns].any(axis=1))
    quiet = np.asarray(~claimed[:, columns].any(axis=1))
    return Figures(
        sentences=len(gold),
        labels={
            name: _label_figures(gold[:, i], claimed[:, i], probabilities[:, i], draws) for i, name in enumerate(labels)
        },
        macro_f1=macro_f1(gold[:, columns], claimed[:, columns]),
        interval=bootstrap(lambda at: macro_f1(gold[at][:, columns], claimed[at][:, columns]), len(gold), draws),
        specificity=float(quiet[plain].mean()) if plain.any() else float("nan"),
    )


def macro_f1(gold: Indicator, claimed: Indicator) -> float:
    """Mean F1 over the columns.

    Examples
    --------
    >>> round(macro_f1(np.array([[True], [True], [False]]), np.array([[True], [False], [False]])), 3)
    0.667
    """
    both = (gold & claimed).sum(axis=0)
    total = gold.sum(axis=0) + claimed.sum(axis=0)
    return float(np.mean(np.where(total > 0, 2 * both / np.maximum(total, 1), 0.0)))


def best_for_f1(gold: Indicator, probabilities: NDArray[np.float64]) -> float:
    """The threshold at which claiming gives the highest F1.

    Examples
    --------
    >>> best_for_f1(np.array([False, False, True, True]), np.array([0.1, 0.6, 0.7, 0.9]))
    0.7
    """
    order = np.argsort(-probabilities, kind="stable")
    both = np.cumsum(gold[order])
    scores = 2 * both / (np.arange(1, len(order) + 1) + gold.sum())
    return float(probabilities[order][int(scores.argmax())])


def bootstrap(statistic: Callable[[NDArray[np.int_]], float], size: int, draws: int) -> tuple[float, float]:
    """95% percentile interval of a statistic over resampled rows, with a fixed seed."""
    rng = np.random.default_rng(0)
    values = [statistic(rng.integers(0, size, size)) for _ in range(draws)]
    low, high = np.quantile(values, (0.025, 0.975))
    return float(low), float(high)


def calibration_error(gold: Indicator, probabilities: NDArray[np.float64], bins: int = 10) -> float:
    """Expected calibration error: mean distance of probability and frequency over equally filled bins."""
    points = reliability(gold, probabilities, bins)
    return float(sum(size * abs(said - true) for said, true, size in points) / max(len(gold), 1))


def reliability(gold: Indicator, probabilities: NDArray[np.float64], bins: int = 10) -> list[tuple[float, float, int]]:
    """Mean probability, share of true ones and size of each of some equally filled bins, in rising order."""
    order = np.argsort(probabilities, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    return [(float(probabilities[p].mean()), float(gold[p].mean()), len(p)) for p in parts]


def confusion(gold: Indicator, claimed: Indicator) -> NDArray[np.int_]:
    """Count which labels are claimed where which labels are true; the last row and column stand for none.

    A sentence counts in every cell of its true and its claimed labels, so rows may add up to more than the support.

    Examples
    --------
    >>> confusion(np.array([[True, False], [False, False]]), np.array([[False, True], [False, False]])).tolist()
    [[0, 1, 0], [0, 0, 0], [0, 0, 1]]
    """
    wide = [np.column_stack([part, ~part.any(axis=1)]).astype(int) for part in (gold, claimed)]
    return np.asarray(wide[0].T @ wide[1])


def _label_figures(gold: Indicator, claimed: Indicator, probabilities: NDArray[np.float64], draws: int) -> LabelFigures:
    both = int((gold & claimed).sum())
    precision, recall = both / max(int(claimed.sum()), 1), both / max(int(gold.sum()), 1)
    pair = gold[:, None], claimed[:, None]
    return LabelFigures(
        support=int(gold.sum()),
        precision=precision,
        recall=recall,
        f1=macro_f1(*pair),
        interval=bootstrap(lambda at: macro_f1(pair[0][at], pair[1][at]), len(gold), draws),
        calibration_error=calibration_error(gold, probabilities),
    )
