"""When a sentence should not be judged: too little to go on, or not English."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.strings import get_string_id

from .arrays import Lists, Lookup, true_at
from .chunks import IS_ASCII, IS_WORD
from .features import Batch
from .parsing import ParsedTexts
from .resources import asset, word_set
from .speech import speech_words

MIN_WORDS = 2
"""Sentences with fewer words, "yeah" and its like aside, abstain as ``"too_short"``."""

_FEW = 4

REASONS = (None, "no_words", "too_short", "not_english")
"""Why a sentence is not judged; None when it is."""

_MANY = 5
_KNOWN_ENOUGH = 0.25


@dataclass(frozen=True)
class Abstention:
    """Decides which sentences are not judged.

    Parameters
    ----------
    common : Lookup
        The place in `languages` of each word that is common in any language, by its hash.
    languages : Lists
        Which languages each is common in, English being 0; the last list, an empty one, is for every other word.
    size : int
        How many languages there are.
    """

    common: Lookup
    languages: Lists
    size: int

    @classmethod
    def from_words(cls, english: frozenset[str], other: Mapping[str, frozenset[str]]) -> "Abstention":
        """Build it from word lists (assets/languages.toml); what English shares tells nothing of the others."""
        lists = [english, *(words - english for words in other.values())]
        words = sorted(frozenset().union(*lists))
        hashes = np.array([get_string_id(word) for word in words], np.uint64)
        languages = [[place for place, common in enumerate(lists) if word in common] for word in words]
        return cls(Lookup.of(hashes, range(len(words)), otherwise=len(words)), Lists.of([*languages, []]), len(lists))

    def reasons(self, parsed: ParsedTexts, words: Batch) -> NDArray[np.int8]:
        """Say which sentences are not judged, and why.

        Parameters
        ----------
        parsed : ParsedTexts
            The texts.
        words : Batch
            The words of their sentences, by the numbers the model knows them by.

        Returns
        -------
        ndarray of int8, shape (sentences,)
            Places in `REASONS`.
        """
        tokens, sentence, size = parsed.sentence_tokens, words.sentence, words.size
        traits = parsed.tokens.traits[tokens]
        is_word = (traits & IS_WORD) > 0

        marked = np.array((is_word, is_word & (words.words > 0), is_word & ((traits & IS_ASCII) == 0)))
        count, known, not_ascii = np.add.reduceat(marked, words.first[:-1], axis=1, dtype=np.int64)
        reasons = np.zeros(size, np.int8)
        doubtful = known < count
        asked = true_at(is_word & doubtful[sentence])
        if len(asked):
            english, foreign = self._counts(parsed.tokens.found(self.common)[tokens[asked]], sentence[asked], size)
            strange = (count >= _MANY) & (english == 0) & (known < _KNOWN_ENOUGH * count)
            reasons[doubtful & (strange | ((foreign >= 2) & (foreign > english)))] = REASONS.index("not_english")
        few = true_at(is_word & (count <= _FEW)[sentence])
        if len(few):
            heard = few[parsed.tokens.found(_backchannels())[tokens[few]] > 0]
            reasons[count - np.bincount(sentence[heard], minlength=size) < MIN_WORDS] = REASONS.index("too_short")
        reasons[not_ascii * 2 > count] = REASONS.index("not_english")
        reasons[count == 0] = REASONS.index("no_words")
        return reasons

    def _counts(
        self, common: NDArray[np.int32], sentence: NDArray[np.int64], size: int
    ) -> tuple[NDArray[Any], NDArray[Any]]:
        """How many words of each sentence are common in English, and in the other language that has most of them."""
        language, word = self.languages.at(common)
        counts = np.bincount(sentence[word] * self.size + language, minlength=size * self.size).reshape(size, -1)
        return counts[:, 0], np.maximum.reduce(counts[:, 1:], axis=1)


@cache
def _backchannels() -> Lookup:
    words = list(speech_words().backchannels)
    return Lookup.of(words, np.ones(len(words)), otherwise=0)


def default_abstention() -> Abstention:
    """Build it from the bundled word lists."""
    file = "languages.toml"
    content = asset(file)
    other = {name: word_set(file, f"other.{name}", words) for name, words in content["other"].items()}
    return Abstention.from_words(word_set(file, "english", content["english"]), other)
