"""Is this text anonymous? Counts of what looks like an identifier, by kind; never the identifier itself.

It certifies nothing: names without a cue, places, jobs and whole stories identify people, too, and no pattern sees
those. It finds what was plainly left in.
"""

import re
import warnings
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final, Literal, NamedTuple, get_args

from ..errors import InnerCriticError, OneTextError

OnPii = Literal["warn", "raise", "ignore"]

_DIGIT = r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)"
_ORDINAL = (
    r"(?:first|second|third|(?:four|fif|six|seven|eigh|nin|ten|eleven|twelf|thirteen|fourteen|fifteen|sixteen"
    r"|seventeen|eighteen|nineteen|twentie|thirtie)th|(?:twenty|thirty)[ -](?:first|second|third|\w{3,5}th))"
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_STREET = r"(?:street|st|avenue|ave|road|rd|lane|ln|drive|boulevard|blvd|court|terrace|close|square)"
_TITLE = r"(?:Dr|Mr|Mrs|Ms|Prof|Miss|Doctor|Professor|Nurse|Pastor|Father|Sister|Aunt|Uncle)"
_CUE = r"(?:my name is|my name's|name is|name's|named|call me)"
_NUMBERED = r"(?:mrn|nhs|ssn|passport|case|policy|account|member|patient|chart|record|licen[cs]e)"


class _Sign(NamedTuple):
    """What a kind of identifier looks like, and what a text must hold for it to be worth a look."""

    kind: str
    digits: bool
    marks: tuple[str, ...]
    pattern: re.Pattern[str]


def _sign(kind: str, digits: bool, marks: str, *choices: str) -> _Sign:
    return _Sign(kind, digits, tuple(marks.split("|")) if marks else (), re.compile("|".join(choices)))


_ANY_DIGIT = re.compile(r"\d")
_SIGNS: Final = (
    _sign(
        "email",
        False,
        "@| dot ",
        r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}",
        r"(?i:\b[\w.]{1,30} at \w{2,30} dot (?:com|org|net|edu|co|uk|ca)\b)",
    ),
    _sign(
        "url",
        False,
        "://|www.|.com|.org|.net|.co.uk",
        r"(?i:https?://\S{3,200})",
        r"(?i:\bwww\.\S{3,200})",
        r"(?<![@\w.-])[\w-]{2,63}(?:\.[\w-]{2,63}){0,3}\.(?:com|org|net|co\.uk)\b",
    ),
    _sign("handle", False, "@", r"(?<![\w@.])@[A-Za-z_]\w{2,30}\b"),
    _sign(
        "date",
        True,
        "st of |nd of |rd of |th of ",
        r"(?<![\d/.-])\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)?\d{2}(?![\d/-])",
        r"(?<![\d/.-])(?:19|20)\d{2}-\d{2}-\d{2}(?![\d-])",
        rf"(?i:\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?:{_MONTH}|may)\b)",
        rf"\b(?:(?i:{_MONTH})|May) (?:the )?\d{{1,2}}(?:st|nd|rd|th)?\b(?![:\d])",
        rf"(?i:\b(?:{_MONTH}|may),? (?:19|20)\d{{2}}\b)",
        rf"(?i:\b{_ORDINAL} of (?:{_MONTH}|may)\b)",
    ),
    _sign(
        "id_number",
        True,
        "",
        r"(?<![\w.-])\d{3}-\d{2}-\d{4}(?![\w-])",
        rf"(?i:\b{_NUMBERED}(?: (?:no|number|id))?[ .:#]{{0,3}}[a-z]{{0,3}}\d{{4,12}}\b)",
        r"(?<![\w.-])(?:[A-Z]{1,3}\d{6,10}[A-Z]?|\d{7,9}|\d{14,19}|(?:\d{4}[ -]){3}\d{4})(?![\w-])",
    ),
    _sign(
        "phone",
        True,
        "zero|seven|nine",  # of digits that are spelled out, one of these is nearly always among seven
        r"(?<![\w.-])(?:\+\d{1,3}[ .-]?)?(?:\(\d{2,5}\)[ .-]?|\d{2,5}[ .-])\d{3,4}[ .-]?\d{3,4}(?![\w-])",
        r"(?<![\w.-])\d{3}[.-]\d{4}(?![\w-])",
        r"(?<![\w.-])\+?\d{10,13}(?![\w-])",
        rf"(?i:\b{_DIGIT}(?:[ ,-]{{1,3}}{_DIGIT}){{6,14}}\b)",
    ),
    _sign(
        "address",
        True,
        "",
        rf"\b\d{{1,5}} (?:[A-Z][\w'-]{{1,20}} ){{1,3}}(?i:{_STREET})(?!\w)",
        r"\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b",
        r"\b[A-Z]{2} \d{5}(?:-\d{4})?\b",
    ),
    _sign(
        "name",
        False,
        "name|all me |Dr|Mr|Ms|Prof|Miss|Doctor|Nurse|Pastor|Father |Sister |Aunt |Uncle ",
        rf"\b(?i:{_CUE}) (?!Person\b|Redacted\b|Place\b|I\b)[A-Z][a-z]{{1,20}}\b",
        r"\b(?i:my name is|my name's) (?!(?:not|on|in|at|the|a|never|always|still|there|called|what|mud|and)\b)"
        r"[a-z]{2,20}\b",
        rf"\b{_TITLE}\.? (?!Person\b|Redacted\b|Place\b|I\b|And\b|Who\b)[A-Z][a-z]{{1,20}}\b",
    ),
)
KINDS: Final = tuple(sign.kind for sign in _SIGNS)
"""What is counted, in the order in which a place is claimed: what reads as a date is not counted as a phone number."""


class PrivacyWarning(UserWarning):
    """Something in the texts looks like an identifier."""


class IdentifiersFoundError(InnerCriticError, ValueError):
    """Something in the texts looks like an identifier, and that was not to be."""

    def __init__(self, counts: Mapping[str, int], where: str = "") -> None:
        self.counts, self.where = dict(counts), where
        super().__init__(f"{where}: {described(counts)}" if where else described(counts))

    def __reduce__(self) -> tuple[type["IdentifiersFoundError"], tuple[dict[str, int], str]]:
        return type(self), (self.counts, self.where)


def count_identifiers(texts: Iterable[str]) -> dict[str, int]:
    """Count what looks like an identifier.

    Parameters
    ----------
    texts : iterable of str
        Texts that should hold none.

    Returns
    -------
    dict of str to int
        By kind, those of `KINDS` that occur. What was found is not in it.

    Examples
    --------
    >>> count_identifiers(["My name is Rachel, call 555-123-4567.", "Write to r@example.org before 3 June."])
    {'email': 1, 'date': 1, 'phone': 1, 'name': 1}
    """
    if isinstance(texts, str):
        raise OneTextError("texts")
    counts: Counter[str] = Counter()
    for text in texts:
        has_digit = _ANY_DIGIT.search(text) is not None
        for sign in _SIGNS:
            if (sign.digits and has_digit) or any(mark in text for mark in sign.marks):
                text, number = sign.pattern.subn(" ", text)
                counts[sign.kind] += number
    return {kind: counts[kind] for kind in KINDS if counts[kind]}


def check_anonymity(texts: Iterable[str], on_pii: OnPii = "warn") -> dict[str, int]:
    """Count what looks like an identifier, and warn or raise when there is any.

    Parameters
    ----------
    texts : iterable of str
        Texts that should hold none: ``(turn.text for turn in transcript.turns)``.
    on_pii : {"warn", "raise", "ignore"}
        What to do when something is found.

    Returns
    -------
    dict of str to int
        See `count_identifiers`. An empty one is no proof of anonymity.

    Raises
    ------
    IdentifiersFoundError
        With ``on_pii="raise"``; it names kinds and counts.

    Examples
    --------
    >>> check_anonymity(["I told [NAME] that I'm fine."])
    {}
    """
    check_choice(on_pii)
    counts = count_identifiers(texts)
    if counts and on_pii == "raise":
        raise IdentifiersFoundError(counts)
    if counts and on_pii == "warn":
        warnings.warn(described(counts), PrivacyWarning, stacklevel=2)
    return counts


def check_choice(on_pii: str) -> None:
    """Refuse what is no way to deal with identifiers."""
    if on_pii not in get_args(OnPii):
        raise ValueError(f"on_pii is one of {', '.join(get_args(OnPii))}, not {on_pii!r}")


def described(counts: Mapping[str, int]) -> str:
    """Say what was found, without saying what it was."""
    listed = ", ".join(f"{number} {kind}" for kind, number in counts.items())
    return f"looks like identifiers: {listed}. This check certifies nothing: it sees only what is plain to see"
