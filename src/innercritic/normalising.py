"""Make text safe and even for the tokenizer, and remember where every character came from.

What is rewritten: typographic apostrophes and quotes, control and zero-width characters, lone surrogates, HTML tags and
entities, marks of de-identification ("[NAME]"), marks that are not speech ("[crosstalk]"), and unbroken runs of more
than 64 characters, on which spaCy's tokenizer takes quadratic time.
"""

import codecs
import html
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from .arrays import before, true_at
from .marks import MARK, MAX_RUN, may_hold_marks

STAND_IN = "Alex"
"""What every mark of de-identification is read as, whatever its style: names do least to a sentence. "Person" and
"redacted" are words of their own, and move its scores five times as far as one name moves them from another's."""

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

_CHARACTERS = {
    **dict.fromkeys(map(ord, "\u2018\u2019\u201b\u02bc\u00b4\u0060\u2032\uff07"), "'"),
    **dict.fromkeys(map(ord, "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033"), '"'),
    **dict.fromkeys([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0), 0xA0, 0x202F, 0x2007], " "),
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
}
"""Rewritten one for one, so offsets do not move."""


_IS_SUSPECT = np.array([not chr(code).isprintable() or may_hold_marks(chr(code) * 3) for code in range(0x80)])
"""By code point which signs of ASCII are part of what a mark is known by, or rewritten."""
_FEW = 16


def encoding_of(start: bytes) -> str:
    """The encoding of a text by how its bytes start: UTF-16 with its mark, else UTF-8, with one or without.

    Examples
    --------
    >>> encoding_of("We had soup.".encode("utf-16")), encoding_of(b"We had soup.")
    ('utf-16', 'utf-8-sig')
    """
    return "utf-16" if start.startswith(_UTF_16) else "utf-8-sig"


@dataclass(frozen=True, slots=True)
class CleanText:
    """Text ready for the tokenizer, with the way back to the original.

    Parameters
    ----------
    text : str
        The cleaned text.
    clean_from, original_from : tuple of int
        Offsets at which a stretch begins, in the clean and in the original text. Empty: the offsets are the same.
    copied : tuple of bool
        Whether that stretch was copied (offsets run along) or replaced as a whole.
    original_length : int
        Length of the original, in characters.
    """

    text: str
    clean_from: tuple[int, ...]
    original_from: tuple[int, ...]
    copied: tuple[bool, ...]
    original_length: int

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Turn a span of the clean text into the span of the original it came from."""
        if not self.clean_from:
            return start, end
        first = self._original(start, at_end=False)
        return first, self._original(end - 1, at_end=True) if end > start else first

    def _original(self, offset: int, at_end: bool) -> int:
        stretch = bisect_right(self.clean_from, offset) - 1
        if self.copied[stretch]:
            return self.original_from[stretch] + offset - self.clean_from[stretch] + at_end
        if not at_end:
            return self.original_from[stretch]
        following = stretch + 1
        return self.original_from[following] if following < len(self.original_from) else self.original_length


def plain_signs(text: str) -> str:
    """Make apostrophes and quotes plain and control characters blank, one for one; marks and tags stay."""
    return text if text.isascii() and text.isprintable() else text.translate(_CHARACTERS)


def clean(text: str) -> CleanText:
    """Rewrite what would slow down or mislead the tokenizer.

    Parameters
    ----------
    text : str
        Any text at all.

    Returns
    -------
    CleanText
        The clean text and the way back.

    Examples
    --------
    >>> tidy = clean("I told [NAME] I\u2019m fine")
    >>> tidy.text
    "I told Alex I'm fine"
    >>> tidy.original_span(7, 11)
    (7, 13)
    >>> tidy.original_span(12, 15)
    (14, 17)
    """
    even = plain_signs(text)
    if not may_hold_marks(even):
        return CleanText(even, (), (), (), len(text))
    return _rewrite(even)


def cleaned(texts: Sequence[str]) -> dict[int, CleanText]:
    """Clean those texts of which something must be rewritten, by their places."""
    suspects = range(len(texts)) if len(texts) < _FEW else _suspects(texts)
    found = {place: clean(texts[place]) for place in suspects if _needs_cleaning(texts[place])}
    return {place: tidy for place, tidy in found.items() if tidy.clean_from or tidy.text != texts[place]}


def _needs_cleaning(text: str) -> bool:
    """Whether something in a text may have to be rewritten; most hold nothing, and many brackets hold no mark."""
    if text.isascii() and text.isprintable():
        return may_hold_marks(text) and MARK.search(text) is not None
    return True


def _suspects(texts: Sequence[str]) -> list[int]:
    """The same look at many texts at once, which clears most of them: which are left."""
    others = [place for place, text in enumerate(texts) if not text.isascii()]
    plain = texts if not others else [text if text.isascii() else "" for text in texts]
    points = np.frombuffer(" ".join(plain).encode("ascii"), np.uint8)
    blanks = np.concatenate(([-1], true_at(points == ord(" ")), [len(points)]))
    long_run = blanks[:-1][blanks[1:] - blanks[:-1] > MAX_RUN + 1] + 1
    signs = true_at(_IS_SUSPECT.take(points))
    first = before(np.fromiter(map(len, plain), np.int64, len(plain)) + 1)
    return sorted({*others, *(first.searchsorted(np.concatenate((long_run, signs)), "right") - 1).tolist()})


def _rewrite(text: str) -> CleanText:
    pieces: list[str] = []
    clean_from, original_from, copied = [0], [0], [True]
    length = done = 0

    def add(piece: str, origin: int, copy: bool) -> None:
        nonlocal length
        if not piece:
            return
        if clean_from[-1] == length:  # an empty stretch gives way
            for stretches in (clean_from, original_from, copied):
                stretches.pop()
        clean_from.append(length)
        original_from.append(origin)
        copied.append(copy)
        pieces.append(piece)
        length += len(piece)

    last = ""
    for start, end, word in _replacements(text):
        if not (word == last == STAND_IN and text[done:start] in ("", " ")):  # "[FIRST NAME] [LAST NAME]" is one
            add(text[done:start], done, copy=True)
            add(word, start, copy=False)
        done, last = end, word
    if not pieces and not done:
        return CleanText(text, (), (), (), len(text))
    add(text[done:], done, copy=True)
    return CleanText("".join(pieces), tuple(clean_from), tuple(original_from), tuple(copied), len(text))


def _replacements(text: str) -> Iterator[tuple[int, int, str]]:
    """What is rewritten: from where, up to where, and what it is read as; a run is broken by a blank."""
    at = 0
    while match := MARK.search(text, at):
        start, at = match.span()
        if match.lastgroup == "run":
            at = start + MAX_RUN
            yield at, at, " "
        else:
            yield start, at, _read_as(match)


def _read_as(match: re.Match[str]) -> str:
    found = match.group()
    if match.lastgroup == "entity":
        return html.unescape(found).translate(_CHARACTERS)
    if match.lastgroup == "noise":
        return "" if len(found) == 1 else " "
    return " " if not any(map(str.isalnum, found)) and _alone_on_its_line(match) else STAND_IN


def _alone_on_its_line(match: re.Match[str]) -> bool:
    """Whether a mark parts two paragraphs, as "***" does, and stands for nobody."""
    before = match.string[: match.start()].rpartition("\n")[2]
    return not before.strip() and not match.string[match.end() :].partition("\n")[0].strip()
