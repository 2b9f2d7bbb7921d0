"""Text -> spaCy tokens -> sentences, as plain arrays: no ``Doc`` leaves this room.

All spaCy work runs inside ``nlp.memory_zone()``, so that a user's words do not stay in the vocabulary. A zone and
threads sharing one ``nlp`` do not mix, hence one `Parser` a thread (see `thread_parser`).
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeVar

import numpy as np
import spacy
from numpy.typing import NDArray
from spacy.attrs import IDX, IS_ALPHA, IS_ASCII, IS_SPACE, LENGTH, NORM
from spacy.strings import get_string_id
from spacy.tokens import Doc

from .normalising import CleanText, clean

T = TypeVar("T")

MAX_SENTENCE = 120
"""Longest sentence in tokens; longer ones are cut, at a conjunction where there is one."""

_LONG_LINE = 50
_ENDS: Final = tuple(get_string_id(sign) for sign in (".", "!", "?", "\u3002"))
_ELLIPSES: Final = tuple(get_string_id(sign) for sign in ("...", "..", "...."))
_CLOSERS: Final = frozenset("\"')]}*")
_JOINTS: Final = np.array(
    [get_string_id(word) for word in ("and", "but", "so", "because", "then", "i")], dtype=np.uint64
)


@dataclass(frozen=True, slots=True)
class ParsedText:
    """One text as tokens and sentences.

    Parameters
    ----------
    clean : CleanText
        What the tokenizer saw.
    norms : ndarray of uint64, shape (tokens,)
        spaCy's NORM hash a token: lower case, contractions written out.
    starts, ends : ndarray of int64, shape (tokens,)
        Character offsets of the tokens in the clean text.
    is_word, is_ascii : ndarray of bool, shape (tokens,)
        Whether the token is made of letters alone, and of ASCII characters alone.
    sentences : tuple of (int, int)
        Token ranges; white space at either end is left out, and so are sentences of nothing else.
    """

    clean: CleanText
    norms: NDArray[np.uint64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    is_word: NDArray[np.bool_]
    is_ascii: NDArray[np.bool_]
    sentences: tuple[tuple[int, int], ...]

    def clean_span(self, sentence: tuple[int, int]) -> tuple[int, int]:
        """Character offsets of a token range in the clean text."""
        return int(self.starts[sentence[0]]), int(self.ends[sentence[1] - 1])

    def original_span(self, sentence: tuple[int, int]) -> tuple[int, int]:
        """Character offsets of a token range in the text that was given."""
        return self.clean.original_span(*self.clean_span(sentence))


class Parser:
    """spaCy's English tokenizer with our sentence boundaries.

    Parameters
    ----------
    warm_words : sequence of str
        See `warm`.
    """

    def __init__(self, warm_words: Sequence[str] = ()) -> None:
        self._nlp = spacy.blank("en")
        self._tokenizer = self._nlp.tokenizer
        self._warm: deque[Sequence[str]] = deque(maxlen=8)
        self.warm(warm_words)

    def warm(self, words: Sequence[str]) -> None:
        """Put words into the tokenizer's cache: inside a memory zone, where user text is read, it never grows."""
        if any(words is known for known in self._warm):  # several models may take turns in one thread
            return
        for word in words:
            self._tokenizer(word)
        self._warm.append(words)

    def parse(self, texts: Sequence[str], boundaries: Sequence[Sequence[int] | None] | None = None) -> list[ParsedText]:
        """Tokenise texts and find their sentences.

        Parameters
        ----------
        texts : sequence of str
            Any texts.
        boundaries : sequence of sequence of int, optional
            For each text the character offsets at which its sentences start, or None to find them.

        Returns
        -------
        list of ParsedText
            One a text, in order.
        """
        given = boundaries if boundaries is not None else [None] * len(texts)
        return self._in_zone(lambda: [self._parse_one(*pair) for pair in zip(texts, given, strict=True)])

    def words(self, texts: Sequence[str]) -> list[list[str]]:
        """Give the NORM string of every token, for building vocabularies."""
        return self._in_zone(lambda: [self._norms(clean(text).text) for text in texts])

    def _norms(self, text: str) -> list[str]:
        return [token.norm_ for token in self._tokenizer(text) if not token.is_space]

    def _in_zone(self, work: Callable[[], T]) -> T:
        """Do work of which nothing stays in the vocabulary, also when it fails.

        An exception that crosses the zone leaves the vocabulary dirty (spaCy issue 13924), so it is raised outside.
        """
        failure: Exception | None = None
        with self._nlp.memory_zone():
            try:
                return work()
            except Exception as error:
                failure = error
        raise failure

    def _parse_one(self, text: str, given_starts: Sequence[int] | None) -> ParsedText:
        tidy = clean(text)
        doc = self._tokenizer(tidy.text)
        array = doc.to_array([NORM, IDX, LENGTH, IS_SPACE, IS_ALPHA, IS_ASCII]).reshape(-1, 6)
        starts = array[:, 1].astype(np.int64)
        ends = starts + array[:, 2].astype(np.int64)
        norms = array[:, 0].astype(np.uint64)
        is_space, is_word, is_ascii = array[:, 3:].astype(bool).T
        if given_starts is None:
            cuts = sentence_starts(doc, norms, starts, ends, is_space)
        else:
            origins = [tidy.original_span(int(start), int(start))[0] for start in starts]
            cuts = sorted({int(i) for i in np.searchsorted(origins, list(given_starts))} - {0, len(starts)})
        return ParsedText(tidy, norms, starts, ends, is_word, is_ascii, _trimmed(cuts, is_space))


def sentence_starts(
    doc: Doc, norms: NDArray[np.uint64], starts: NDArray[np.int64], ends: NDArray[np.int64], is_space: NDArray[np.bool_]
) -> list[int]:
    """Find the tokens at which a sentence starts (the first token aside).

    People at keyboards end sentences with full stops, question marks, line breaks or nothing. Closing quotes and
    brackets stay with the sentence they close; a line that was only wrapped goes on; an ellipsis ends a sentence
    only before a capital; what is longer than `MAX_SENTENCE` tokens is cut at a conjunction or "I".
    """
    size = len(norms)
    is_end = (norms == _ENDS[0]) | (norms == _ENDS[1]) | (norms == _ENDS[2]) | (norms == _ENDS[3])
    is_pause = (norms == _ELLIPSES[0]) | (norms == _ELLIPSES[1]) | (norms == _ELLIPSES[2])
    cuts: list[int] = []
    for i in np.flatnonzero(is_end | is_pause | is_space).tolist():
        if cuts and i < cuts[-1]:
            continue
        if is_space[i]:
            breaks = doc[i].text.count("\n")
            if breaks > 1 or (breaks and not _is_wrapped(doc, i)):
                cuts.append(i + 1)
            continue
        after, closed = i + 1, False
        while after < size and starts[after] == ends[after - 1] and (is_end[after] or doc[after].text in _CLOSERS):
            closed |= not is_end[after]
            after += 1
        following = doc[after].text[:1] if after < size else ""
        goes_on = following.islower() and (closed or bool(is_pause[i]))
        glued = after < size and starts[after] == ends[after - 1] and not is_space[after] and not following.isalpha()
        if not goes_on and not glued and not (is_pause[i] and not following.isupper()):
            cuts.append(after)
    return _cut_long([cut for cut in cuts if cut < size], norms)


def _is_wrapped(doc: Doc, i: int) -> bool:
    """Whether the line break at token i only wraps a long line."""
    if i == 0 or i + 1 >= len(doc) or not doc[i + 1].text[:1].islower():
        return False
    before = doc.text.rfind("\n", 0, doc[i].idx) + 1
    return doc[i].idx - before >= _LONG_LINE


def _cut_long(cuts: list[int], norms: NDArray[np.uint64]) -> list[int]:
    edges = [0, *cuts, len(norms)]
    if max(b - a for a, b in pairwise(edges)) <= MAX_SENTENCE:
        return cuts
    joints = np.flatnonzero(np.isin(norms, _JOINTS))
    result: list[int] = []
    for start, end in pairwise(edges):
        while end - start > MAX_SENTENCE:
            low, high = np.searchsorted(joints, (start + MAX_SENTENCE // 2, start + MAX_SENTENCE))
            start = int(joints[high - 1]) if high > low else start + MAX_SENTENCE
            result.append(start)
        result.append(end)
    return result[:-1]


def _trimmed(cuts: list[int], is_space: NDArray[np.bool_]) -> tuple[tuple[int, int], ...]:
    sentences = []
    for start, end in zip([0, *cuts], [*cuts, len(is_space)], strict=True):
        while start < end and is_space[start]:
            start += 1
        while end > start and is_space[end - 1]:
            end -= 1
        if start < end:
            sentences.append((start, end))
    return tuple(sentences)


_LOCAL = threading.local()


def thread_parser(warm_words: Sequence[str] = ()) -> Parser:
    """Give this thread's parser, made on first use, with these words warm."""
    parser: Parser | None = getattr(_LOCAL, "parser", None)
    if parser is None:
        parser = _LOCAL.parser = Parser()
    if warm_words:
        parser.warm(warm_words)
    return parser
