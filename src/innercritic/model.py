"""The fitted model: features times weights. numpy only, so that reading text never imports scikit-learn."""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from .features import Batch, FeatureSpace, Occurrences, encode, occurrences, vector_lengths
from .parsing import ParsedTexts


@dataclass(frozen=True)
class LinearModel:
    """A calibrated linear classifier a label over one feature space.

    Calibration is folded into weights and baseline, so the weights of the words plus the baseline are the log-odds
    of the calibrated probability, exactly.

    Parameters
    ----------
    space : FeatureSpace
        The features.
    labels : tuple of str
        What is predicted, a column each.
    weights : ndarray of float32, shape (features, labels)
        Log-odds a unit of the feature.
    baseline : ndarray of float32, shape (labels,)
        Log-odds before any word is read.
    thresholds : ndarray of float32, shape (labels,)
        Probability from which a label is claimed.
    base_rates : ndarray of float32, shape (labels,)
        Share of the training sentences that carry the label.
    warm_words : tuple of str
        Frequent spellings of the training sentences, for the tokenizer's cache.
    """

    space: FeatureSpace
    labels: tuple[str, ...]
    weights: NDArray[np.float32]
    baseline: NDArray[np.float32]
    thresholds: NDArray[np.float32]
    base_rates: NDArray[np.float32]
    warm_words: tuple[str, ...] = ()

    def read(self, parsed: ParsedTexts) -> "Scores":
        """Score every sentence of some parsed texts."""
        batch = encode(self.space, parsed)
        found = occurrences(self.space, batch)
        _, lengths = vector_lengths(self.space, batch)
        scores = np.tile(self.baseline.astype(np.float64), (batch.size, 1))
        if batch.size:
            scores += np.add.reduceat(self._word_weights[batch.words], batch.first[:-1], axis=0) / lengths[:, None]
        if len(found.feature):
            parts = found.value[:, None] * self._weights[found.feature]
            having, first = np.unique(found.sentence, return_index=True)
            scores[having] += np.add.reduceat(parts, first, axis=0)
        return Scores(self, batch, found, lengths, scores)

    @cached_property
    def _weights(self) -> NDArray[np.float64]:
        return self.weights.astype(np.float64)

    @cached_property
    def _word_weights(self) -> NDArray[np.float64]:
        """What each word's vector adds to each label, before the length of the sentence's vector is divided out.

        Summing these row by row, instead of multiplying a batch of vectors, gives a sentence the same score to the
        last bit in whatever company it is read.
        """
        return self.space.word_vectors.astype(np.float64) @ self._weights[self.space.first_vector_feature :]


@dataclass(frozen=True)
class Scores:
    """The log-odds of a batch of sentences, and how they came about.

    Parameters
    ----------
    model : LinearModel
        What scored them.
    batch, found, lengths
        The sentences, their terms and cues, and the lengths of their vectors.
    log_odds : ndarray of float64, shape (sentences, labels)
        The scores.
    """

    model: LinearModel
    batch: Batch
    found: Occurrences
    lengths: NDArray[np.float32]
    log_odds: NDArray[np.float64]

    @cached_property
    def probabilities(self) -> NDArray[np.float64]:
        """The calibrated probabilities, shape (sentences, labels)."""
        return sigmoid(self.log_odds)

    def contributions(self, sentence: int, label: int) -> list[tuple[str, int, int, float]]:
        """Say which tokens of a sentence moved the score of a label, and by how much.

        Parameters
        ----------
        sentence, label : int
            Row and column of `log_odds`.

        Returns
        -------
        list of (source, start, end, weight)
            Token ranges within the sentence, in reading order: runs of words that pull the same way (source
            ``"words"``) and single cues (source: the cue's name). Together with the baseline they sum to the score.
        """
        model, found = self.model, self.found
        space, begin, end = model.space, int(self.batch.first[sentence]), int(self.batch.first[sentence + 1])
        rows = np.arange(*np.searchsorted(found.sentence, (sentence, sentence + 1)))
        amount = found.value[rows] * model._weights[found.feature[rows], label]
        per_token = np.zeros(end - begin)
        cues: list[tuple[str, int, int, float]] = []
        names = list(space.lexicon.cues)
        for row, part in zip(rows.tolist(), amount.tolist(), strict=True):
            start, width = int(found.start[row]) - begin, int(found.width[row])
            if found.feature[row] >= len(space.terms):
                cues.append((names[found.feature[row] - len(space.terms)], start, start + 1, part))
            else:
                per_token[start : start + width] += part / width
        per_token += model._word_weights[self.batch.words[begin:end], label] / float(self.lengths[sentence])
        return sorted(_runs(per_token) + cues, key=lambda item: (item[1], item[2], item[0]))


def _runs(per_token: NDArray[np.float64]) -> list[tuple[str, int, int, float]]:
    """Join neighbouring tokens that pull the same way."""
    sign = np.sign(per_token)
    edges = [0, *(np.flatnonzero(np.diff(sign)) + 1).tolist(), len(sign)]
    return [
        ("words", start, end, float(per_token[start:end].sum()))
        for start, end in pairwise(edges)
        if start < end and sign[start]
    ]


def sigmoid(log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn log-odds into probabilities without overflow."""
    return 0.5 * (1 + np.tanh(0.5 * log_odds))
