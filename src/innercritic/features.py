"""Sentences -> numbers, with the words every number came from. Pure functions over arrays; numpy only.

Words are looked up by spaCy's NORM hashes (lower case, contractions written out, typographic signs made plain), so
"I’m", "I'm" and "im" are the same words. A word may count as itself, as half of a pair or of one with a word between,
as denied ("not ... happy"), as a cue, and by its static vector.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.strings import get_string_id

from .arrays import Lookup, before, segments, summed, true_at
from .parsing import ParsedTexts

NEGATION_REACH = 5
"""How many words after a denial still count as denied, within the clause."""

PARTED = 0.5
"""Length of a sentence's parted pairs together; its other terms have length 1."""


def is_denied(term: str) -> bool:
    """Whether a term is a word under a denial ("!alone")."""
    return len(term) > 1 and term[0] == "!" and " " not in term


def is_parted(term: str) -> bool:
    """Whether a term is a pair with any word between ("feel _ alone")."""
    return term.count(" ") == 2


def words_of_term(term: str) -> list[str]:
    """The one or two words a term is made of."""
    return [term[1:]] if is_denied(term) else term.split(" _ " if is_parted(term) else " ")


@dataclass(frozen=True)
class Lexicon:
    """Hand-written word lists the features are built on (see assets/cues.toml).

    Parameters
    ----------
    aliases : mapping of str to str
        Spellings read as another word ("u" as "you").
    negations, breaks : frozenset of str
        Words that deny what follows, and those that end a clause.
    cues : mapping of str to frozenset of str
        Named cues and their words.
    """

    aliases: Mapping[str, str]
    negations: frozenset[str]
    breaks: frozenset[str]
    cues: Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class FeatureSpace:
    """What the features are: everything a sentence is looked up in. Immutable.

    Feature numbers run over the terms, then the cues, then the dimensions of the static vectors.

    Parameters
    ----------
    lexicon : Lexicon
        The hand-written lists.
    terms : tuple of str
        Words ("alone"), pairs ("so alone"), pairs with a word between ("feel _ alone") and denied words ("!alone").
    idf : ndarray of float32, shape (terms,)
        Inverse document frequency a term.
    vector_words : tuple of str
        Words with a static vector.
    vectors : ndarray of int8, shape (vector words, dimensions)
        Quantised vectors, already weighted by how rare the word is.
    vector_scale : float
        What one step of the quantised vectors is worth.
    """

    lexicon: Lexicon
    terms: tuple[str, ...]
    idf: NDArray[np.float32]
    vector_words: tuple[str, ...] = ()
    vectors: NDArray[np.int8] = field(default_factory=lambda: np.zeros((0, 0), np.int8))
    vector_scale: float = 1.0

    @property
    def size(self) -> int:
        """Number of features."""
        return self.first_vector_feature + int(self.vectors.shape[1])

    @property
    def first_vector_feature(self) -> int:
        """Number of the first feature that is a dimension of the vectors."""
        return len(self.terms) + len(self.lexicon.cues)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Every word known; a word's number is its place here, the empty word 0 stands for all others."""
        known = set(self.vector_words) | self.lexicon.negations | self.lexicon.breaks
        known.update(word for term in self.terms for word in words_of_term(term))
        known.update(*self.lexicon.cues.values(), self.lexicon.aliases.values())
        return ("", *sorted(known - {""}))

    @property
    def word_vectors(self) -> NDArray[np.int16]:
        """The static vectors by word number, in whole steps of the quantisation; zero for words without one."""
        return self._tables.vectors

    @cached_property
    def _tables(self) -> "_Tables":
        return _Tables.of(self)


@dataclass(frozen=True)
class _Tables:
    """The feature space as arrays to look things up in; word numbers index the rows."""

    numbers: Lookup
    single: NDArray[np.int32]
    denied: NDArray[np.int32]
    pairs: Lookup
    is_negation: NDArray[np.bool_]
    is_break: NDArray[np.bool_]
    first_cue: NDArray[np.int64]
    cues: NDArray[np.int64]
    vectors: NDArray[np.int16]

    @classmethod
    def of(cls, space: FeatureSpace) -> "_Tables":
        words, lexicon = space.words, space.lexicon
        number = {word: i for i, word in enumerate(words)}
        spelled = {word: i for word, i in number.items() if word}
        spelled.update({alias: number[word] for alias, word in lexicon.aliases.items()})
        hashes = np.array([get_string_id(word) for word in spelled], np.uint64)
        single, denied = np.full(len(words), -1, np.int32), np.full(len(words), -1, np.int32)
        pairs: dict[int, int] = {}
        for term_number, term in enumerate(space.terms):
            first, *second = (number[word] for word in words_of_term(term))
            if second:
                pairs[(is_parted(term) * len(words) + first) * len(words) + second[0]] = term_number
            elif is_denied(term):
                denied[first] = term_number
            else:
                single[first] = term_number
        is_cue = np.array([[word in cue for cue in lexicon.cues.values()] for word in words], bool)
        vectors = np.zeros((len(words), space.vectors.shape[1]), np.int16)
        vectors[[number[word] for word in space.vector_words]] = space.vectors
        return cls(
            numbers=Lookup.of(hashes, list(spelled.values()), otherwise=0),
            single=single,
            denied=denied,
            pairs=Lookup.of(list(pairs), list(pairs.values()), otherwise=-1),
            is_negation=np.array([word in lexicon.negations for word in words]),
            is_break=np.array([word in lexicon.breaks for word in words]),
            first_cue=before(is_cue.sum(axis=1)),
            cues=is_cue.nonzero()[1],
            vectors=vectors,
        )


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
    words = space._tables.numbers.find(parsed.tokens.norms[parsed.sentence_tokens])
    return Batch(words, parsed.sentence_of, parsed.first_of)


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
    tables, words, known = space._tables, batch.words, np.uint64(len(space.words))
    number = words.astype(np.uint64)
    together, apart = number[:-1] * known + number[1:], (number[:-2] + known) * known + number[2:]
    pairs, parted = np.split(tables.pairs.find(np.concatenate((together, apart))), [len(together)])
    alone = true_at(tables.single[words] >= 0)
    paired = true_at((pairs >= 0) & (batch.sentence[:-1] == batch.sentence[1:]))
    denied = _denied(tables, batch)
    near = np.concatenate((alone, paired, denied))
    far = true_at((parted >= 0) & (batch.sentence[:-2] == batch.sentence[2:]))
    near_term = np.concatenate((tables.single[words[alone]], pairs[paired], tables.denied[words[denied]]))
    near_value = _scaled(space.idf[near_term], batch.sentence[near], batch.size)
    far_value = PARTED * _scaled(space.idf[parted[far]], batch.sentence[far], batch.size)
    start, term = np.concatenate((near, far)), np.concatenate((near_term, parted[far]))
    second = np.repeat([0, 1, 0, 2], [len(alone), len(paired), len(denied), len(far)])
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


def _denied(tables: _Tables, batch: Batch) -> NDArray[np.int64]:
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
    sums = summed(space._tables.vectors, batch.words, batch.first)
    return sums.astype(np.float64), _lengths(sums)


def vector_lengths(space: FeatureSpace, batch: Batch) -> NDArray[np.float64]:
    """Give the lengths alone; see `vector_sums`."""
    return _lengths(summed(space._tables.vectors, batch.words, batch.first))


def _lengths(sums: NDArray[Any]) -> NDArray[np.float64]:
    squares: NDArray[np.float64] = np.einsum("ij,ij->i", sums, sums, dtype=np.float64)
    return np.asarray(np.sqrt(np.maximum(squares, 1)))
