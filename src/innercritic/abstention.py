"""When a sentence should not be judged: too little to go on, or not English."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from spacy.strings import get_string_id

from .parsing import ParsedText
from .resources import asset, word_set

MIN_WORDS = 2
"""Sentences with fewer words abstain as ``"too_short"``."""

REASONS = (None, "no_words", "too_short", "not_english")
"""Why a sentence is not judged; None when it is."""

_ENGLISH = "english"
_MANY = 5
_KNOWN_ENOUGH = 0.25


@dataclass(frozen=True)
class Abstention:
    """Decides which sentences are not judged.

    Parameters
    ----------
    languages : mapping of int to tuple of str
        For the hash of each common word the languages it is common in.
    """

    languages: Mapping[int, tuple[str, ...]]

    @classmethod
    def from_words(cls, english: frozenset[str], other: Mapping[str, frozenset[str]]) -> "Abstention":
        """Build it from word lists (assets/languages.toml); what English shares tells nothing of the others."""
        languages: defaultdict[int, tuple[str, ...]] = defaultdict(tuple)
        for name, words in {_ENGLISH: english, **{name: words - english for name, words in other.items()}}.items():
            for word in words:
                languages[get_string_id(word)] += (name,)
        return cls(dict(languages))

    def reason(self, text: ParsedText, sentence: tuple[int, int], known: NDArray[np.bool_]) -> str | None:
        """Say why a sentence is not judged, or None when it can be.

        Parameters
        ----------
        text : ParsedText
            The text.
        sentence : (int, int)
            Token range.
        known : ndarray of bool
            Which of these tokens the model has ever met.

        Returns
        -------
        {"no_words", "too_short", "not_english", None}
        """
        start, end = sentence
        is_word = text.is_word[start:end]
        count = int(is_word.sum())
        if count == 0:
            return "no_words"
        if int((is_word & ~text.is_ascii[start:end]).sum()) * 2 > count:
            return "not_english"
        if count < MIN_WORDS:
            return "too_short"
        share_known = float((known & is_word).sum()) / count
        if share_known == 1.0:
            return None
        found = Counter(
            language for norm in text.norms[start:end][is_word].tolist() for language in self.languages.get(norm, ())
        )
        english = found.pop(_ENGLISH, 0)
        foreign = max(found.values(), default=0)
        if (foreign >= 2 and foreign > english) or (count >= _MANY and english == 0 and share_known < _KNOWN_ENOUGH):
            return "not_english"
        return None


def default_abstention() -> Abstention:
    """Build it from the bundled word lists."""
    file = "languages.toml"
    content = asset(file)
    other = {name: word_set(file, f"other.{name}", words) for name, words in content["other"].items()}
    return Abstention.from_words(word_set(file, "english", content["english"]), other)
