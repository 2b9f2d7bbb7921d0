"""Sentences -> numbers, with the words every number came from. Pure functions over arrays; numpy only."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .arrays import before, segments, summed, true_at
from .parsing import ParsedTexts
from .space import FeatureSpace, Tables

NEGATION_REACH = 5
"""How many words after a denial still count as denied, within the clause."""

PARTED = 0.5
"""Length of a sentence's parted pairs together; its other terms have length 1."""


@dataclass(frozen=True)
class Batch:
    """The sentences of some texts as one run of word numbers.

    Parameters
    ----------
    words : ndarray of int32, shape (tokens,)
        Word numbers, 0 for unknown ones.
    sentence : ndarray of int64, shape (tokens,)
        Which sentence a token belongs to.
    first : ndarray of int64, shape (sentences + 1,)
        Where each sentence starts in the run.
    """

    words: NDArray[np.int32]
    sentence: NDArray[np.int64]
    first: NDArray[np.int64]

    @property
    def size(self) -> int:
        """Number of sentences."""
        return len(self.first) - 1

    def words_of(self, sentence: int) -> NDArray[np.int32]:
        """Word numbers of one sentence."""
        return self.words[self.first[sentence] : self.first[sentence + 1]]

    def only(self, sentences: NDArray[np.int64]) -> "Batch":
        """Give some of the sentences, in this order."""
        sizes = self.first[sentences + 1] - self.first[sentences]
        token, sentence = segments(self.first[sentences], self.first[sentences + 1])
        return Batch(self.words[token], sentence, before(sizes))


@dataclass(frozen=True)
class Occurrences:
    """Terms and cues where they occur: a row each. `second` is how far behind `start` a second word stands, or 0."""

    feature: NDArray[np.int64]
    value: NDArray[np.float64]
    sentence: NDArray[np.int64]
    start: NDArray[np.int64]
    second: NDArray[np.int64]


def encode(space: FeatureSpace, parsed: ParsedTexts) -> Batch:
    """Look up every word of every sentence.

    Parameters
    ----------
    space : FeatureSpace
        What to look up in.
    parsed : ParsedTexts
        The texts.

    Returns
    -------
    Batch
        All sentences of all texts, in order.
    """
    words = parsed.tokens.found(space.tables.numbers).take(parsed.sentence_tokens)
    return Batch(words, parsed.sentence_of, parsed.first_of)


@dataclass(frozen=True)
class Joined:
    """Terms that are more than a word by itself, where they occur: their numbers, and the place of their first word."""

    terms: NDArray[np.int32]
    start: NDArray[np.int64]


def joined(space: FeatureSpace, batch: Batch) -> tuple[Joined, Joined, Joined]:
    """Find the pairs, the denied words and the parted pairs of a batch, each in reading order."""
    tables, words, known = space.tables, batch.words, np.uint64(len(space.words))
    number = words.astype(np.uint64)
    together, apart = number[:-1] * known + number[1:], (number[:-2] + known) * known + number[2:]
    found = tables.pairs.find(np.concatenate((together, apart)))
    pairs, parted = found[: len(together)], found[len(together) :]
    paired = true_at((pairs >= 0) & (batch.sentence[:-1] == batch.sentence[1:]))
    far = true_at((parted >= 0) & (batch.sentence[:-2] == batch.sentence[2:]))
    denied = _denied(tables, batch)
    return Joined(pairs[paired], paired), Joined(tables.denied[words[denied]], denied), Joined(parted[far], far)


def occurrences(space: FeatureSpace, batch: Batch) -> Occurrences:
    """Find the terms and cues of a batch.

    A term is worth its inverse document frequency, scaled so that the terms of a sentence have length 1, and its parted
    pairs length `PARTED`; a cue is worth one over the root of the sentence's number of tokens each time it occurs.

    Parameters
    ----------
    space : FeatureSpace
        What counts.
    batch : Batch
        The sentences.

    Returns
    -------
    Occurrences
        One row an occurrence.
    """
    tables, words = space.tables, batch.words
    alone = true_at(tables.single[words] >= 0)
    pairs, denied, parted = joined(space, batch)
    near = np.concatenate((alone, pairs.start, denied.start))
    near_term = np.concatenate((tables.single[words[alone]], pairs.terms, denied.terms))
    near_value = _scaled(space.idf[near_term], batch.sentence[near], batch.size)
    far_value = PARTED * _scaled(space.idf[parted.terms], batch.sentence[parted.start], batch.size)
    start, term = np.concatenate((near, parted.start)), np.concatenate((near_term, parted.terms))
    second = np.repeat([0, 1, 0, 2], [len(alone), len(pairs.start), len(denied.start), len(parted.start)])
    place, cue_token = segments(tables.first_cue[words], tables.first_cue[words + 1])
    cue = tables.cues[place]
    cue_sentence = batch.sentence[cue_token]
    cue_value = 1 / np.sqrt(batch.first[1:] - batch.first[:-1])[cue_sentence]
    sentences = np.concatenate([batch.sentence[start], cue_sentence])
    order = sentences.argsort(kind="stable")
    return Occurrences(
        feature=np.concatenate([term, cue + len(space.terms)]).astype(np.int64)[order],
        value=np.concatenate([near_value, far_value, cue_value])[order],
        sentence=sentences[order],
        start=np.concatenate([start, cue_token])[order],
        second=np.concatenate([second, np.zeros(len(cue_token), np.int64)])[order],
    )


def _scaled(idf: NDArray[np.float32], sentence: NDArray[np.int64], size: int) -> NDArray[np.float64]:
    """Scale what the terms of each sentence are worth to length 1."""
    return np.asarray(idf / np.sqrt(np.bincount(sentence, idf.astype(np.float64) ** 2, minlength=size))[sentence])


def _denied(tables: Tables, batch: Batch) -> NDArray[np.int64]:
    """Those words known under a denial that follow one closely, in the same clause and sentence."""
    negations = tables.is_negation[batch.words]
    denial = true_at(negations)[:, None]
    if not len(denial):
        return denial[:, 0]
    following = np.minimum(denial + np.arange(1, NEGATION_REACH + 1), len(negations) - 1)
    words = batch.words[following]
    goes_on = (batch.sentence[following] == batch.sentence[denial]) & ~tables.is_break[words]
    counts = np.logical_and.accumulate(goes_on, axis=1) & ~negations[following] & (tables.denied[words] >= 0)
    denied = np.zeros(len(negations), bool)
    denied[following[counts]] = True
    return true_at(denied)


def vector_sums(space: FeatureSpace, batch: Batch) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Add up the static vectors of each sentence.

    Parameters
    ----------
    space : FeatureSpace
        Where the word vectors are.
    batch : Batch
        The sentences.

    Returns
    -------
    sums : ndarray of float64, shape (sentences, dimensions)
        In whole steps of the quantisation, so they are exact, squared too. Zero for a sentence without a known word.
    lengths : ndarray of float64, shape (sentences,)
        Length of each sum, in the same steps, or 1 where it is zero: divide by it for a vector of length 1.
    """
    sums = summed(space.tables.vectors, batch.words, batch.first)
    return sums.astype(np.float64), _lengths(sums)


def vector_lengths(space: FeatureSpace, batch: Batch) -> NDArray[np.float64]:
    """Give the lengths alone; see `vector_sums`."""
    return _lengths(summed(space.tables.vectors, batch.words, batch.first))


def _lengths(sums: NDArray[Any]) -> NDArray[np.float64]:
    squares: NDArray[np.float64] = np.einsum("ij,ij->i", sums, sums, dtype=np.float64)
    return np.asarray(np.sqrt(np.maximum(squares, 1)))
