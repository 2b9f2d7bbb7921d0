"""The fitted model: features times weights. numpy only, so that reading text never imports scikit-learn."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from .arrays import before, segments, summed, true_at
from .features import PARTED, Batch, Joined, encode, joined, occurrences, vector_lengths
from .parsing import ParsedTexts
from .results import EvidenceKind
from .space import FeatureSpace

Contribution = tuple[str, int, int, float]
"""Source, start and end (tokens), weight in log-odds."""

WEIGHT_DIGITS = 3
"""Weights are rounded to so many digits in training, which saves two fifths of their room and moves no probability by
0.001."""


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

    evidence_kind: ClassVar[EvidenceKind] = "exact"

    def read(self, parsed: ParsedTexts) -> "Scores":
        """Score every sentence of some parsed texts."""
        batch = encode(self.space, parsed)
        lengths = vector_lengths(self.space, batch)
        size, sums = len(self.labels), summed(self._by_word, batch.words, batch.first)
        by_vector, near, by_cue = sums[:, :size], sums[:, size : 2 * size + 1], sums[:, 2 * size + 1 :]
        pairs, denied, parted = joined(self.space, batch)
        far = np.zeros_like(near)
        for terms, into in ((pairs, near), (denied, near), (parted, far)):
            self._add(terms, batch, into)
        scores = by_vector / lengths[:, None] + self._baseline
        scores += by_cue / np.sqrt(batch.first[1:] - batch.first[:-1])[:, None]
        for terms_of, length in ((near, 1.0), (far, PARTED)):
            squares = terms_of[:, -1:]
            scores += length * terms_of[:, :-1] / np.sqrt(np.where(squares > 0, squares, 1))
        return Scores(self, batch, lengths, scores)

    def _add(self, terms: Joined, batch: Batch, into: NDArray[np.float64]) -> None:
        """Add what some terms are worth to the sentences they occur in."""
        if not len(terms.start):
            return
        if batch.size == 1:
            into += summed(self._by_term, terms.terms, np.array([0, len(terms.terms)]))
            return
        sentence = batch.sentence.take(terms.start)
        edges = np.concatenate(([0], true_at(sentence[1:] > sentence[:-1]) + 1, [len(sentence)]))
        into[sentence[edges[:-1]]] += summed(self._by_term, terms.terms, edges)

    @cached_property
    def _baseline(self) -> NDArray[np.float64]:
        return self.baseline.astype(np.float64)

    @cached_property
    def _weights(self) -> NDArray[np.float64]:
        return self.weights.astype(np.float64, order="C")

    @cached_property
    def _by_term(self) -> NDArray[np.float64]:
        """What each term adds to each label before the length of the sentence's terms is divided out; its square."""
        idf = self.space.idf.astype(np.float64)[:, None]
        return np.hstack((idf * self._weights[: len(idf)], idf**2))

    @cached_property
    def _by_word(self) -> NDArray[np.float64]:
        """What each word adds: by its vector, as a term by itself (see `_by_term`), as cues."""
        space, term = self.space, self.space.tables.single
        is_term = term >= 0
        alone = np.zeros((len(is_term), len(self.labels) + 1))
        alone[is_term] = self._by_term[term[is_term]]
        cues = space.word_cues @ self._weights[len(space.terms) : space.first_vector_feature]
        return np.hstack((self._word_weights, alone, cues))

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
    batch, lengths
        The sentences, and the lengths of their vectors.
    log_odds : ndarray of float64, shape (sentences, labels)
        The scores.
    """

    model: LinearModel
    batch: Batch
    lengths: NDArray[np.float64]
    log_odds: NDArray[np.float64]

    @cached_property
    def probabilities(self) -> NDArray[np.float64]:
        """The calibrated probabilities, shape (sentences, labels)."""
        return sigmoid(self.log_odds)

    def contributions(self, sentence: int, label: int) -> list[Contribution]:
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
        return self.all_contributions([sentence], [label])[0]

    def all_contributions(self, sentences: Sequence[int], labels: Sequence[int]) -> list[list[Contribution]]:
        """Give the `contributions` for pairs of a sentence and a label, all at once."""
        return self._of_words(sentences, labels)

    def _of_words(self, sentences: Sequence[int], labels: Sequence[int]) -> list[list[Contribution]]:
        """Those of words and cues, which every model has."""
        model, columns = self.model, np.array(labels, np.int64)
        asked, rows = np.unique(np.array(sentences, np.int64), return_inverse=True)
        batch = self.batch.only(asked)
        found = occurrences(model.space, batch)
        lengths = batch.first[rows + 1] - batch.first[rows]
        first = before(lengths)
        token, pair = segments(batch.first[rows], batch.first[rows + 1])
        per_token = model._word_weights[batch.words[token], columns[pair]] / self.lengths[asked[rows]][pair]

        edges = found.sentence.searchsorted(np.arange(batch.size + 1))
        place, of_pair = segments(edges[rows], edges[rows + 1])
        amount = found.value[place] * model._weights[found.feature[place], columns[of_pair]]
        at = found.start[place] - batch.first[rows][of_pair]
        is_cue = found.feature[place] >= len(model.space.terms)
        second = found.second[place]
        share = amount / np.where(second > 0, 2, 1)
        for counts, token in ((~is_cue, at), (second > 0, at + second)):
            per_token += np.bincount((first[of_pair] + token)[counts], share[counts], len(per_token))

        result = runs(per_token, first, "words")
        names = list(model.space.lexicon.cues)
        cues = found.feature[place[is_cue]] - len(model.space.terms)
        columns_of = (column.tolist() for column in (of_pair[is_cue], cues, at[is_cue], amount[is_cue]))
        for number, cue, start, weight in zip(*columns_of, strict=True):
            result[number].append((names[cue], start, start + 1, weight))
        for items in result:
            items.sort(key=reading_order)
        return result

    def most_telling(self, sentences: Sequence[int], labels: Sequence[int]) -> list[tuple[int, int]]:
        """Give for pairs of a sentence and a label the run of tokens that speaks most for it; all when none does.

        Words and cues alone are asked, in every model: asking an encoder would cost several readings.
        """
        sizes = (self.batch.first[1:] - self.batch.first[:-1])[np.array(sentences, np.int64)].tolist()
        return [
            max(
                ((weight, start, end) for _, start, end, weight in found if weight > 0 and start < end),
                default=(0.0, 0, size),
            )[1:]
            for found, size in zip(self._of_words(sentences, labels), sizes, strict=True)
        ]


def reading_order(item: Contribution) -> tuple[int, int, str]:
    """What to sort contributions by."""
    source, start, end, _ = item
    return start, end, source


def runs(per_token: NDArray[np.float64], first: NDArray[np.int64], source: str) -> list[list[Contribution]]:
    """Join neighbouring tokens that pull the same way, segment by segment.

    Examples
    --------
    >>> runs(np.array([0.5, 0.25, -1.0, 2.0]), np.array([0, 3, 4]), "words")
    [[('words', 0, 2, 0.75), ('words', 2, 3, -1.0)], [('words', 0, 1, 2.0)]]
    """
    result: list[list[Contribution]] = [[] for _ in first[1:]]
    if not len(per_token):
        return result
    segment = np.repeat(np.arange(len(first) - 1), np.diff(first))
    starts = true_at((np.diff(np.sign(per_token), prepend=np.nan) != 0) | (np.diff(segment, prepend=-1) != 0))
    sums, of_segment = np.add.reduceat(per_token, starts), segment[starts]
    begin, end = starts - first[of_segment], np.append(starts[1:], len(per_token)) - first[of_segment]
    rows = zip(of_segment.tolist(), begin.tolist(), end.tolist(), sums.tolist(), strict=True)
    for number, a, b, weight in rows:
        if weight:
            result[number].append((source, a, b, weight))
    return result


def sigmoid(log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn log-odds into probabilities without overflow."""
    return 0.5 * (1 + np.tanh(0.5 * log_odds))
