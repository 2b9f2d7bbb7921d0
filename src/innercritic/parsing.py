"""Texts -> cleaned text, tokens and sentences, with the way back to every character."""

import threading
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import overload

import numpy as np
from numpy.typing import NDArray

from .arrays import before, true_at
from .normalising import CleanText, clean, cleaned
from .sentences import sentence_cuts, sentence_spans
from .tokenizing import Tokenizer, Tokens


@dataclass(frozen=True, slots=True)
class ParsedText:
    """One text as tokens and sentences.

    Parameters
    ----------
    clean : CleanText
        What the tokenizer saw.
    starts, ends : ndarray of int64, shape (tokens,)
        Character offsets of the tokens in the clean text.
    sentences : tuple of (int, int)
        Token ranges; white space at either end is left out, and so are sentences of nothing else.
    """

    clean: CleanText
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    sentences: tuple[tuple[int, int], ...]

    def clean_span(self, sentence: tuple[int, int]) -> tuple[int, int]:
        """Character offsets of a token range in the clean text."""
        return int(self.starts[sentence[0]]), int(self.ends[sentence[1] - 1])

    def original_span(self, sentence: tuple[int, int]) -> tuple[int, int]:
        """Character offsets of a token range in the text that was given."""
        return self.clean.original_span(*self.clean_span(sentence))


@dataclass(frozen=True)
class ParsedTexts(Sequence[ParsedText]):
    """A batch of texts as tokens and sentences, all in one run.

    Parameters
    ----------
    texts : tuple of str
        What the tokenizer saw of each text.
    rewritten : dict of int to CleanText
        Those texts of which this is not what was given, character for character.
    tokens : Tokens
        Their tokens.
    text : ndarray of int64, shape (sentences,)
        Which text each sentence is of.
    first, last : ndarray of int64, shape (sentences,)
        The first token of each sentence, and the one behind its last.
    """

    texts: tuple[str, ...]
    rewritten: dict[int, CleanText]
    tokens: Tokens
    text: NDArray[np.int64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.texts)

    @overload
    def __getitem__(self, text: int) -> ParsedText: ...
    @overload
    def __getitem__(self, text: slice) -> list[ParsedText]: ...
    def __getitem__(self, text: int | slice) -> ParsedText | list[ParsedText]:
        if isinstance(text, slice):
            return [self[place] for place in range(*text.indices(len(self)))]
        place = range(len(self))[text]
        begin, end = self.tokens.first[place : place + 2].tolist()
        rows = slice(*self.rows(place))
        return ParsedText(
            self.rewritten.get(place) or clean(self.texts[place]),
            self.tokens.starts[begin:end],
            self.tokens.ends[begin:end],
            tuple(zip((self.first[rows] - begin).tolist(), (self.last[rows] - begin).tolist(), strict=True)),
        )

    def rows(self, text: int) -> tuple[int, int]:
        """Which sentences are of a text: from the one, up to the other."""
        first, last = np.searchsorted(self.text, (text, text + 1)).tolist()
        return first, last

    @cached_property
    def sentence_tokens(self) -> NDArray[np.int64]:
        """The tokens of all sentences, without the white space in between."""
        shift = (self.first - self.first_of[:-1]).repeat(self.last - self.first)
        return np.asarray(np.arange(len(shift)) + shift)

    @cached_property
    def sentence_of(self) -> NDArray[np.int64]:
        """Which sentence each of `sentence_tokens` is of."""
        return np.arange(len(self.first)).repeat(self.last - self.first)

    @cached_property
    def first_of(self) -> NDArray[np.int64]:
        """Where each sentence starts among `sentence_tokens`, and where the last one ends."""
        return before(self.last - self.first)

    def original_spans(
        self, text: NDArray[np.int64], first: NDArray[np.int64], last: NDArray[np.int64]
    ) -> tuple[list[int], list[int]]:
        """Character offsets of ranges of tokens, in the texts that were given: of which text, from the one, up to."""
        starts, ends = self.tokens.starts[first].tolist(), self.tokens.ends[last - 1].tolist()
        if self.rewritten:
            is_rewritten = np.zeros(len(self.texts), bool)
            is_rewritten[list(self.rewritten)] = True
            for row in true_at(is_rewritten[text]).tolist():
                starts[row], ends[row] = self.rewritten[int(text[row])].original_span(starts[row], ends[row])
        return starts, ends


class Parser:
    """spaCy's English tokenizer with our sentence boundaries.

    Parameters
    ----------
    warm_words : sequence of str
        See `warm`.
    """

    def __init__(self, warm_words: Sequence[str] = ()) -> None:
        self._tokenizer = Tokenizer()
        self._warm: deque[Sequence[str]] = deque(maxlen=8)
        self.warm(warm_words)

    def warm(self, words: Sequence[str]) -> None:
        """Tokenise words once and for all, so that texts with them are read faster."""
        if any(words is known for known in self._warm):  # several models may take turns in one thread
            return
        self._tokenizer.warm(words)
        self._warm.append(words)

    def parse(self, texts: Sequence[str], boundaries: Sequence[Sequence[int] | None] | None = None) -> ParsedTexts:
        """Tokenise texts and find their sentences.

        Parameters
        ----------
        texts : sequence of str
            Any texts.
        boundaries : sequence of sequence of int, optional
            For each text the character offsets at which its sentences start, or None to find them.

        Returns
        -------
        ParsedTexts
            The texts, in order.
        """
        rewritten, tidy = cleaned(texts), list(texts)
        for place, clean_text in rewritten.items():
            tidy[place] = clean_text.text
        tokens = self._tokenizer.tokenise(tidy)
        cuts = sentence_cuts(tokens, tidy)
        if boundaries is not None:
            cuts = _given_cuts(cuts, tokens, rewritten, boundaries)
        first, last = sentence_spans(tokens, cuts)
        return ParsedTexts(tuple(tidy), rewritten, tokens, tokens.first.searchsorted(first, "right") - 1, first, last)

    def words(self, texts: Sequence[str]) -> list[list[str]]:
        """Give the NORM string of every token, for building vocabularies."""
        return self._tokenizer.words([clean(text).text for text in texts])


def _given_cuts(
    found: Sequence[int],
    tokens: Tokens,
    rewritten: Mapping[int, CleanText],
    boundaries: Sequence[Sequence[int] | None],
) -> list[int]:
    """Cuts where the boundaries say so, and where they say nothing, those that were found."""
    cuts: list[int] = []
    for place, (begin, end) in enumerate(pairwise(tokens.first.tolist())):
        given = boundaries[place]
        if given is None:
            cuts += found[bisect_right(found, begin) : bisect_left(found, end)]
        elif len(given):
            origins = tokens.starts[begin:end]
            if place in rewritten:
                tidy = rewritten[place]
                origins = np.array([tidy.original_span(start, start)[0] for start in origins.tolist()], np.int64)
            cuts += sorted({begin + int(i) for i in np.searchsorted(origins, list(given))} - {begin, end})
    return cuts


_LOCAL = threading.local()


def thread_parser(warm_words: Sequence[str] = ()) -> Parser:
    """Give this thread's parser, made on first use, with these words warm."""
    parser: Parser | None = getattr(_LOCAL, "parser", None)
    if parser is None:
        parser = _LOCAL.parser = Parser()
    if warm_words:
        parser.warm(warm_words)
    return parser
