"""A run of characters between blanks -> its tokens, where it is so plain that spaCy need not be asked.

A test holds all this to what spaCy makes of the same.
"""

import re
from collections.abc import Collection, Sequence
from itertools import accumulate, combinations
from typing import Final

from spacy.strings import get_string_id

IS_SPACE, IS_WORD, IS_ASCII = 1, 2, 4
IS_END, IS_PAUSE, IS_CLOSER = 8, 16, 32
STARTS_LOWER, STARTS_UPPER, STARTS_LETTER = 64, 128, 256
HAS_BREAK, HAS_BREAKS = 512, 1024
IS_GLUED, IS_FIRST = 2048, 4096
"""Traits of a token, added up: what it is, how its text starts, one line break or several, and how it stands in its
text (nothing between it and the token before; the first token)."""

_NORM_TRAITS: Final = {
    **{get_string_id(sign): IS_END for sign in (".", "!", "?", "\u3002")},
    **{get_string_id(dots): IS_PAUSE for dots in ("...", "..", "....")},
}
_CLOSERS: Final = frozenset("\"')]}*")
_PLAIN: Final = re.compile(r"""(["(]?)([A-Za-z]?[a-z]+|[A-Z]{2,}|[0-9]{1,4})([.,!?;:)"]?)""")
_BEHIND: Final = frozenset('.,!?;:)"')
_PART = "(?:[A-Za-z][a-z]+|[A-Z]{2,})"
_JOINED: Final = re.compile(rf"""(["(]?)([a-z]|{_PART}(?:[-/]{_PART})*(?:'s)?)([;:]|(?:\.\.+|[.,!?)"])*)""")
_PIECE: Final = re.compile(r"[A-Za-z]+|'s|\.\.+|.")
_BROKEN_OFF: Final = re.compile("[A-Za-z]+--?")
_PLAIN_LOWER: Final = IS_WORD | IS_ASCII | STARTS_LETTER | STARTS_LOWER
_PLAIN_UPPER: Final = IS_WORD | IS_ASCII | STARTS_LETTER | STARTS_UPPER


def pieces(chunk: str, rules: Collection[str]) -> Sequence[str]:
    """Cut a plain word or number, maybe with signs at either end, or blanks, into its tokens; else there are none.

    Parameters
    ----------
    chunk : str
        A run of characters between blanks, or blanks.
    rules : collection of str
        spaCy's exceptions, which are not plain.

    Examples
    --------
    >>> [pieces(chunk, {"Mr."}) for chunk in ("soup", "soup.", "(and/or)", "Mr.", "I'm")]
    [('soup',), ('soup', '.'), ['(', 'and', '/', 'or', ')'], (), ()]
    """
    if _is_word(chunk):
        return () if chunk in rules else (chunk,)
    word, sign = chunk[:-1], chunk[-1]
    if sign in _BEHIND and _is_word(word):
        return () if chunk in rules or word in rules else (word, sign)
    match = _PLAIN.fullmatch(chunk)
    if match is None:
        return (chunk,) if chunk.isspace() else _joined_pieces(chunk, rules)
    before, word, after = match.groups()
    if any(part in rules for part in (chunk, word, before + word, word + after)):
        return ()
    return [piece for piece in (before, word, after) if piece]


def _is_word(text: str) -> bool:
    return (
        text.isascii() and text.isalpha() and (text.islower() or (len(text) > 1 and (text.istitle() or text.isupper())))
    )


def _joined_pieces(chunk: str, rules: Collection[str]) -> Sequence[str]:
    """The tokens of plain words joined by signs, maybe with several signs behind, or broken off; else nothing."""
    match = _JOINED.fullmatch(chunk)
    if match is None:
        return (chunk,) if _BROKEN_OFF.fullmatch(chunk) and chunk not in rules else ()
    found = _PIECE.findall(chunk)
    # spaCy takes off sign after sign behind, and then looks up every token and every run of them
    edges = [*accumulate(map(len, found), initial=0), *range(match.end(2) + 1, len(chunk))]
    return () if any(chunk[start:end] in rules for start, end in combinations(edges, 2)) else found


def traits_of_piece(piece: str) -> int:
    """The traits of a token as `pieces` gives it; the hash of its NORM is that of its lower case."""
    if piece.isalpha():
        return _PLAIN_LOWER if piece[0].islower() else _PLAIN_UPPER
    traits = _SIGNS.get(piece)
    return traits_of(piece, get_string_id(piece)) if traits is None else traits


def traits_of(text: str, norm: int) -> int:
    """The traits of any token, by its text and the hash of its NORM."""
    start, breaks = text[:1], text.count("\n")
    return (
        _NORM_TRAITS.get(norm, 0)
        + IS_SPACE * text.isspace()
        + IS_WORD * text.isalpha()
        + IS_ASCII * text.isascii()
        + IS_CLOSER * (text in _CLOSERS)
        + STARTS_LOWER * start.islower()
        + STARTS_UPPER * start.isupper()
        + STARTS_LETTER * start.isalpha()
        + HAS_BREAK * (breaks == 1)
        + HAS_BREAKS * (breaks > 1)
    )


_SIGNS: Final = {sign: traits_of(sign, get_string_id(sign)) for sign in (*'.,!?;:()"-/', "..", "...", "'s")}
