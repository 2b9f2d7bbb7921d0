"""A run of characters between blanks -> its tokens, where it is so plain that spaCy need not be asked.

A test holds all this to what spaCy makes of the same.
"""

import re
from collections.abc import Collection, Sequence
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
PLAIN_LOWER: Final = IS_WORD | IS_ASCII | STARTS_LETTER | STARTS_LOWER
_PLAIN_UPPER: Final = IS_WORD | IS_ASCII | STARTS_LETTER | STARTS_UPPER

Token = tuple[int, int, int, int]
"""NORM hash, offset in its chunk, characters, traits."""


def plain_tokens(chunk: str, rules: Collection[str]) -> Sequence[Token]:
    """Give the tokens of a plain word or number, maybe with signs at either end, or of blanks; else nothing.

    Parameters
    ----------
    chunk : str
        A run of characters between blanks, or blanks.
    rules : collection of str
        spaCy's exceptions, which are not plain.
    """
    word, sign = (chunk[:-1], chunk[-1]) if chunk[-1] in _BEHIND else (chunk, "")
    if word.isascii() and word.isalpha() and (word.islower() or (len(word) > 1 and (word.istitle() or word.isupper()))):
        if chunk in rules or word in rules:
            return ()
        return (_word(word, 0), _sign(sign, len(word))) if sign else (_word(word, 0),)
    match = _PLAIN.fullmatch(chunk)
    if match is None:
        return [token_of(chunk, get_string_id(chunk), 0)] if chunk.isspace() else _joined_tokens(chunk, rules)
    before, word, after = match.groups()
    if any(part in rules for part in (chunk, word, before + word, word + after)):
        return ()
    tokens = [_sign(before, 0)] if before else []
    tokens.append(_word(word, len(before)))
    return [*tokens, _sign(after, len(before) + len(word))] if after else tokens


def _joined_tokens(chunk: str, rules: Collection[str]) -> Sequence[Token]:
    """The tokens of plain words joined by signs, maybe with several signs behind, or broken off; else nothing."""
    match = _JOINED.fullmatch(chunk)
    if match is None:
        is_one = _BROKEN_OFF.fullmatch(chunk) and chunk not in rules
        return [token_of(chunk, get_string_id(chunk.lower()), 0)] if is_one else ()
    start, end = match.span(2)
    # spaCy takes off sign after sign, at either end, and looks up what is left
    if chunk in rules or any(chunk[at:edge] in rules for at in {0, start} for edge in range(end, len(chunk) + 1)):
        return ()
    tokens: list[Token] = []
    at = 0
    for piece in _PIECE.findall(chunk):
        tokens.append(_word(piece, at) if piece.isalpha() else _sign(piece, at))
        at += len(piece)
    return tokens


def _word(word: str, offset: int) -> Token:
    lower = word.lower()
    traits = IS_ASCII if word.isdigit() else PLAIN_LOWER if word[0] == lower[0] else _PLAIN_UPPER
    return get_string_id(lower), offset, len(word), traits


def _sign(sign: str, offset: int) -> Token:
    norm, traits = _SIGNS.get(sign) or _hashed(sign)
    return norm, offset, len(sign), traits


def token_of(text: str, norm: int, offset: int) -> Token:
    """Describe a token of this text and NORM."""
    return norm, offset, len(text), _traits(text, norm)


def _traits(text: str, norm: int) -> int:
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


def _hashed(sign: str) -> tuple[int, int]:
    norm = get_string_id(sign)
    return norm, _traits(sign, norm)


_SIGNS: Final = {sign: _hashed(sign) for sign in (*'.,!?;:()"-/', "..", "...", "'s")}
