"""Make text safe and even for the tokenizer, and remember where every character came from.

What is rewritten: typographic apostrophes and quotes, control and zero-width characters, lone surrogates, HTML tags and
entities, marks of de-identification ("[NAME]"), marks that are not speech ("[crosstalk]"), and unbroken runs of more
than 64 characters, on which spaCy's tokenizer takes quadratic time.
"""

import html
import re
from bisect import bisect_right
from dataclasses import dataclass

MAX_RUN = 64
PERSON, PLACE, DATE, REDACTED = "Person", "Place", "Date", "Redacted"

_CHARACTERS = {
    **dict.fromkeys(map(ord, "\u2018\u2019\u201b\u02bc\u00b4\u0060\u2032\uff07"), "'"),
    **dict.fromkeys(map(ord, "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033"), '"'),
    **dict.fromkeys([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0), 0xA0, 0x202F, 0x2007], " "),
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
}
"""Rewritten one for one, so offsets do not move."""

_PLACEHOLDER = r"""
    \[\*\*[^\]\n]{1,60}\]                       # [**First Name8 (NamePattern2) **]
  | \[[A-Z][A-Z_ -]{1,30}\d{0,4}\]              # [NAME], [FIRST NAME], [PERSON_1]
  | <[A-Z][A-Z_-]{1,30}\d{0,4}>                 # <NAME>, <PERSON_1>
  | \{\{?[A-Za-z][A-Za-z_ ]{1,30}\d{0,4}\}\}?   # {name}, {{name}}
  | (?<![A-Za-z*_])(?:X{3,}|\*{3,}|_{3,})(?![A-Za-z*_])
"""
_NOT_SPEECH = r"""
    [\[(]\s*(?:cross-?talk|overlapping|inaudible|unintelligible|indistinct|laugh\w*|chuckl\w*|sigh\w*|cr(?:ies|ying)
      |sob\w*|pause\w*|silence|sniff\w*|cough\w*|clears\ throat)\b[^\])\n]{0,40}[\])]
"""
_TAG = r"""
    </?(?:[pbiusa]|br|div|span|em|strong|ul|ol|li|h[1-6r]|blockquote|img|t(?:able|r|d|h)|code|pre|font|script|style)\b
    [^<>]{0,200}>
"""
_MARK = re.compile(
    rf"""(?=[\[(<&{{X*_\u200b\u2060\ufeff\u00ad])  # how they all begin: twice as fast as trying them everywhere
         (?: (?P<noise>(?i:{_NOT_SPEECH} | {_TAG}) | [\u200b\u2060\ufeff\u00ad])
           | (?P<placeholder>{_PLACEHOLDER})
           | (?P<entity>(?i:&(?:amp|lt|gt|quot|apos|nbsp|[rl]squo|[rl]dquo|hellip|\#\d{{2,5}}|\#x[0-9a-f]{{2,4}});)))
       | (?P<run>\S{{{MAX_RUN + 1}}})""",
    re.VERBOSE,
)
_KINDS = (
    (re.compile(r"name|person|client|patient|doctor|therapist|friend|mother|father", re.I), PERSON),
    (re.compile(r"city|place|location|town|state|country|address|hospital|street", re.I), PLACE),
    (re.compile(r"date|month|year|day|age|time", re.I), DATE),
)


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
    "I told Person I'm fine"
    >>> tidy.original_span(7, 13)
    (7, 13)
    >>> tidy.original_span(18, 22)
    (18, 22)
    """
    even = plain_signs(text)
    if not _may_hold_marks(even):
        return CleanText(even, (), (), (), len(text))
    return _rewrite(even)


def needs_cleaning(text: str) -> bool:
    """A cheap look before the expensive one: most sentences hold nothing to rewrite."""
    return not text.isascii() or not text.isprintable() or _may_hold_marks(text)


def _may_hold_marks(text: str) -> bool:
    if not text.isascii() or "[" in text or "(" in text or "<" in text or "{" in text:
        return True
    if "&" in text or "*" in text or "_" in text or "XXX" in text:
        return True
    return len(text) > MAX_RUN and max(map(len, text.split()), default=0) > MAX_RUN


def _rewrite(text: str) -> CleanText:
    pieces: list[str] = []
    clean_from, original_from, copied = [0], [0], [True]
    length = done = 0

    def add(piece: str, origin: int, copy: bool) -> None:
        nonlocal length
        if clean_from[-1] == length:  # an empty stretch gives way
            for stretches in (clean_from, original_from, copied):
                stretches.pop()
        clean_from.append(length)
        original_from.append(origin)
        copied.append(copy)
        pieces.append(piece)
        length += len(piece)

    at = 0
    while match := _MARK.search(text, at):
        at = match.end()
        replacement = _replacement(match)
        if replacement is None:
            at = match.start() + MAX_RUN
        start = match.start() if replacement is not None else at
        if start > done:
            add(text[done:start], done, copy=True)
        if replacement is None:
            add(" ", start, copy=False)
        elif replacement:
            add(replacement, start, copy=False)
        done = at
    if done < len(text):
        add(text[done:], done, copy=True)
    return CleanText("".join(pieces), tuple(clean_from), tuple(original_from), tuple(copied), len(text))


def _replacement(match: re.Match[str]) -> str | None:
    """What stands in for a mark: a word, nothing at all, or None for "break the run here"."""
    found = match.group()
    if match.lastgroup == "placeholder":
        return next((word for kind, word in _KINDS if kind.search(found)), REDACTED)
    if match.lastgroup == "entity":
        return html.unescape(found).translate(_CHARACTERS)
    if match.lastgroup == "noise":
        return "" if len(found) == 1 else " "
    return None
