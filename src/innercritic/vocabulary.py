"""Learn a feature space from sentences: which words, pairs and denials are worth a number."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from itertools import pairwise

import numpy as np

from .features import NEGATION_REACH
from .marks import MAX_RUN
from .resources import asset, word_set
from .space import FeatureSpace, Lexicon, is_parted
from .vectors import WordVectors


def default_lexicon() -> Lexicon:
    """The hand-written lists of assets/cues.toml."""
    file = "cues.toml"
    content = asset(file)
    return Lexicon(
        aliases=dict(content["aliases"]),
        negations=word_set(file, "negations", content["negations"]),
        breaks=word_set(file, "breaks", content["breaks"]),
        cues={name: word_set(file, f"cues.{name}", words) for name, words in content["cues"].items()},
    )


def learn_space(
    sentences: Sequence[Sequence[str]],
    lexicon: Lexicon,
    min_count: int,
    writers: Sequence[Hashable] | None = None,
    vectors: WordVectors | None = None,
) -> FeatureSpace:
    """Choose the terms and count how rare they are.

    Parameters
    ----------
    sentences : sequence of sequence of str
        Sentences as NORM words.
    lexicon : Lexicon
        The hand-written lists.
    min_count : int
        In how many sentences a term must occur; a parted pair, of which there are many more, in twice as many.
    writers : sequence of hashable, optional
        Who wrote each sentence. A term must come from at least two writers: no model may remember one person's words.
    vectors : WordVectors, optional
        Static word vectors to put beside the terms.

    Returns
    -------
    FeatureSpace
        Terms in alphabetical order.
    """
    counts: Counter[str] = Counter()
    seen_by: defaultdict[str, set[Hashable]] = defaultdict(set)
    for place, words in enumerate(sentences):
        terms = terms_of([lexicon.aliases.get(word, word) for word in words], lexicon)
        counts.update(terms)
        if writers is not None:
            for term in terms:
                seen_by[term].add(writers[place])
    kept = tuple(
        sorted(
            term
            for term, count in counts.items()
            if count >= min_count * (1 + is_parted(term)) and (writers is None or len(seen_by[term]) > 1)
        )
    )
    size = len(sentences)
    idf = np.array([np.log((1 + size) / (1 + counts[term])) + 1 for term in kept], np.float32)
    if vectors is None:
        return FeatureSpace(lexicon, kept, idf)
    return FeatureSpace(lexicon, kept, idf, vectors.words, vectors.table, vectors.scale)


def terms_of(words: Sequence[str], lexicon: Lexicon) -> set[str]:
    """Give the terms of one sentence: words, pairs, those with a word between ("a _ b"), and denied words ("!word").

    This says in words what `features.occurrences` finds in arrays; a test holds the two together.
    """
    words = [word for word in words if word == "!" or not set(word) & {"!", " ", "\n"}]
    terms = set(words) | {f"{left} {right}" for left, right in pairwise(words)}
    terms |= {f"{left} _ {right}" for left, right in zip(words, words[2:], strict=False)}
    nowhere = -NEGATION_REACH - 1
    denial = nowhere
    for place, word in enumerate(words):
        if word in lexicon.negations:
            denial = place
        elif word in lexicon.breaks:
            denial = nowhere
        if 0 < place - denial <= NEGATION_REACH:
            terms.add("!" + word)
    return terms


def warm_words(texts: Sequence[str], writers: Sequence[Hashable] | None = None, most: int = 6000) -> tuple[str, ...]:
    """Give the commonest spellings, for the tokenizer's cache; each from five sentences and two writers at least."""
    counts: Counter[str] = Counter()
    seen_by: defaultdict[str, set[Hashable]] = defaultdict(set)
    for place, text in enumerate(texts):
        for word in set(text.split()):
            counts[word] += 1
            seen_by[word].add(place if writers is None else writers[place])
    kept = [word for word, n in counts.items() if n >= 5 and len(seen_by[word]) > 1 and len(word) <= MAX_RUN]
    return tuple(sorted(kept, key=lambda word: (-counts[word], word))[:most])
