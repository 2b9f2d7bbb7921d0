"""What the features of a sentence are: terms, cues and static vectors, and where a word or a pair finds them.

Words are known by spaCy's NORM hashes (lower case, contractions written out, typographic signs made plain), so "I’m",
"I'm" and "im" are the same words. A word may count as itself, as half of a pair or of one with a word between, as
denied ("not ... happy"), as a cue, and by its static vector.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from spacy.strings import get_string_id

from .arrays import Lookup, before


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
        return self.tables.vectors

    @property
    def word_cues(self) -> NDArray[np.int64]:
        """How many of each cue a word is, shape (words, cues)."""
        tables = self.tables
        counts = np.zeros((len(self.words), len(self.lexicon.cues)), np.int64)
        counts[np.arange(len(counts)).repeat(np.diff(tables.first_cue)), tables.cues] = 1
        return counts

    @cached_property
    def tables(self) -> "Tables":
        """The space as arrays, to look words and pairs up in."""
        return Tables.of(self)


@dataclass(frozen=True)
class Tables:
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
    def of(cls, space: FeatureSpace) -> "Tables":
        """Lay them out."""
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
