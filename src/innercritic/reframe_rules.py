"""The checks a reframe must pass, by number. They hold for our templates and for anybody's text.

Rule 13 (every template names its technique and source) concerns packs; `templates.read_pack` refuses one without.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from .errors import NotTextError
from .facets import COMPASSIONATE_FACETS
from .normalising import plain_signs
from .resources import asset, word_set
from .slots import admits_harm, find_slots, out_of_scope

FEWEST_WORDS, MOST_WORDS, MOST_SENTENCES, HIGHEST_GRADE, MOST_OFFERS = 11, 38, 3, 8.0, 2
MOST_SHARED = 0.5
"""Share of word pairs a reframe may have in common with one given lately."""

Reader = Callable[[str], tuple[tuple[str, ...], bool]]
"""Reads a text: the critic facets claimed in it, and whether the gate stays clear."""

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*")
_DISAGREEMENT = re.compile(
    r"(?:^|[.;:?,] |\b(?:and|but|that|when|if) )"  # where a clause begins; further in, the subject may be another
    r"(I (?:is|are|has|does|were)|you (?:am|is|was|has|does)|(?:these|those) \w+ (?:is|was|has)"
    r"|(?:he|she|it|this|that) (?:are|am|were|have|do)|(?:this|that|an?) \w+s (?:are|were))\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r'"[^"]*"')
_FILE = "reframe_rules.toml"


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that a reframe breaks.

    Parameters
    ----------
    rule : int
        Number of the rule, 1 to 14.
    message : str
        What is wrong, in plain words.
    start, end : int or None
        Where in the reframe, as character offsets; None where it concerns the whole.
    """

    rule: int
    message: str
    start: int | None = None
    end: int | None = None


def check_text(
    text: str, facet: str, source: str | None = None, reader: Reader | None = None, recent: Sequence[str] = ()
) -> tuple[Finding, ...]:
    """Check a reframe by every rule that can be seen in its text.

    Parameters
    ----------
    text : str
        The reframe.
    facet : str
        The compassionate facet it is meant to speak for.
    source : str, optional
        The sentence it answers, whose words it may take up; without it, rules 7 and 14 are left out.
    reader : callable, optional
        Reads the reframe itself (rule 2); left out without it.
    recent : sequence of str
        Reframes that the same person saw lately (rule 12).

    Returns
    -------
    tuple of Finding
        Empty when it is fine.

    Raises
    ------
    NotTextError
        For what is not ``str``.

    Examples
    --------
    >>> [finding.rule for finding in check_text("Cheer up! You're amazing.", "self_kindness")]
    [3, 3, 4, 4, 9]
    """
    if not isinstance(text, str):
        raise NotTextError(text)
    plain, source = plain_signs(text), source and plain_signs(source)
    findings = [*_antidote(facet), *_validates(plain), *_toxic(plain), *_rational(plain, source), *_contradicts(plain)]
    findings += [*_orders(plain), *_readable(plain), *_voice(plain)]
    if source is not None:
        findings += [*_specific(plain, source), *_responsible(plain, source)]
    findings += _repeats(plain, recent)
    if reader is not None:
        findings += _reoffends(plain, reader)
    return tuple(sorted(findings, key=lambda finding: finding.rule))


def reading_grade(text: str) -> float:
    """Flesch-Kincaid grade level (Kincaid et al. 1975), with syllables counted by vowel groups.

    Examples
    --------
    >>> round(reading_grade("This hurts, and that is okay. I can rest a little."), 1)
    0.5
    """
    words = _WORD.findall(text.lower())
    if not words:
        return 0.0
    return 0.39 * len(words) / max(len(_sentences(text)), 1) + 11.8 * sum(map(_syllables, words)) / len(words) - 15.59


def has_hedge(text: str) -> bool:
    """Whether a text leaves room: a hedge, or "and" between both sides (rule 5)."""
    return bool(_found("hedges", text))


def _antidote(facet: str) -> Iterator[Finding]:
    if facet not in COMPASSIONATE_FACETS:
        yield Finding(1, f"a reframe speaks for one of {', '.join(COMPASSIONATE_FACETS)}")


def _reoffends(text: str, reader: Reader) -> Iterator[Finding]:
    facets, clear = reader(text)
    for facet in facets:
        yield Finding(2, f"it reads like {facet.replace('_', ' ')} itself")
    if not clear:
        yield Finding(2, "it raises the safety gate itself")


def _validates(text: str) -> Iterator[Finding]:
    first = next(iter(_sentences(text)), "")
    if not _found("difficulty", first):
        yield Finding(3, "the first sentence does not name the difficulty or the feeling")
    yield from _each(3, "dismissals", text, "makes light of it")


def _toxic(text: str) -> Iterator[Finding]:
    yield from _each(4, "praise", text, "is praise; self-compassion needs none")
    yield from _each(4, "guarantees", text, "promises what nobody can")
    yield from _each(4, "comparisons", text, "compares with others")
    if "!" in text:
        yield Finding(4, "it shouts (an exclamation mark)", text.index("!"), text.index("!") + 1)


def _rational(text: str, source: str | None) -> Iterator[Finding]:
    taken_up = _found("absolutes", source or "")
    unquoted = _QUOTED.sub(lambda quoted: " " * len(quoted.group()), text)
    for finding in _each(5, "absolutes", unquoted, "leaves no exception"):
        if text[finding.start : finding.end].lower() not in taken_up:
            yield finding


def _contradicts(text: str) -> Iterator[Finding]:
    yield from _each(6, "denials", text, "denies what was said")


def _specific(text: str, source: str) -> Iterator[Finding]:
    slots = [slot.text for slot in find_slots(source).values()]
    taken_up = content_words(text) & content_words(source) or any(words in text.lower() for words in slots)
    if slots and not taken_up:
        yield Finding(7, "it takes up no word of the sentence, though there is one to take up")


def _orders(text: str) -> Iterator[Finding]:
    yield from _each(8, "orders", text, "is an order, not an offer")
    if len(re.findall(r"\bcould\b", text)) > MOST_OFFERS:
        yield Finding(8, "it offers more than one step")


def _readable(text: str) -> Iterator[Finding]:
    words = len(text.split())
    if not FEWEST_WORDS <= words <= MOST_WORDS:
        yield Finding(9, f"{words} words; it takes {FEWEST_WORDS} to {MOST_WORDS}")
    if len(_sentences(text)) > MOST_SENTENCES:
        yield Finding(9, f"more than {MOST_SENTENCES} sentences")
    if reading_grade(text) > HIGHEST_GRADE:
        yield Finding(9, f"reading grade {reading_grade(text):.1f}; at most {HIGHEST_GRADE:.0f}")


def _voice(text: str) -> Iterator[Finding]:
    unquoted = _QUOTED.sub('""', text)
    words = _WORD.findall(unquoted.lower())
    first, second = {"i", "my", "me", "i'm", "myself", "mine"}, {"you", "your", "you're", "yourself", "yours"}
    if first & set(words) and second & set(words):
        yield Finding(10, "it mixes the voices: both I and you")
    if re.search(r"[{}]", text):
        yield Finding(10, "a slot is not filled")
    if doubled := re.search(r"\b(\w+) \1\b", unquoted, re.IGNORECASE):
        yield Finding(10, f"{doubled[1]!r} stands twice in a row")
    if wrong := _DISAGREEMENT.search(unquoted):
        yield Finding(10, f"{wrong[1]!r} do not agree", *wrong.span(1))
    if re.search(r"\ba [aeio]\w|\ban [bcdfgjklmnpqrstvwxz]", unquoted):
        yield Finding(10, "a and an are mixed up")
    if text != text.strip() or "  " in text or re.search(r"\s[,.;:?]", text) or not re.search(r'[.?]"?$', text):
        yield Finding(10, "spacing or closing punctuation is off")
    if any(sentence[:1].islower() for sentence in _sentences(text)):
        yield Finding(10, "a sentence starts in lower case")


def out_of_place(source: str, reader: Reader) -> Iterator[Finding]:
    """Rule 11: say why a sentence calls for no reframe, if it does not.

    Parameters
    ----------
    source : str
        The whole sentence the reframe answers.
    reader : callable
        Reads it.

    Yields
    ------
    Finding
    """
    facets, clear = reader(source)
    if not clear:
        yield Finding(11, "the sentence raises the safety gate; it gets no reframe")
    elif not facets:
        yield Finding(11, "no critic speaks in the sentence; it calls for no reframe")
    elif out_of_scope(plain_signs(source)):
        yield Finding(11, "the sentence tells of somebody else, or of a stance given up; it calls for no reframe")


def _repeats(text: str, recent: Sequence[str]) -> Iterator[Finding]:
    pairs = _pairs(text)
    if any(len(pairs & _pairs(earlier)) > MOST_SHARED * len(pairs) for earlier in recent):
        yield Finding(12, "it says much the same as one given lately")


def _pairs(text: str) -> set[tuple[str, str]]:
    return set(pairwise(_WORD.findall(text.lower())))


def _responsible(text: str, source: str) -> Iterator[Finding]:
    if admits_harm(source) and not _found("amends", text):
        yield Finding(14, "the sentence admits harm to somebody; the reframe leaves no room for amends")


def content_words(text: str) -> frozenset[str]:
    """Words that carry meaning, cut to a stem of four letters."""
    little = word_set(_FILE, "little", asset(_FILE)["little"])
    return frozenset(word[:4] for word in _WORD.findall(text.lower()) if len(word) > 1 and word not in little)


def _sentences(text: str) -> list[str]:
    return [part for part in re.split(r'(?<=[.!?])"?\s+', text.strip()) if part]


def _syllables(word: str) -> int:
    groups = len(re.findall(r"[aeiouy]+", word.removesuffix("e") if not word.endswith("le") else word))
    return max(groups, 1)


def _each(rule: int, entry: str, text: str, verdict: str) -> Iterator[Finding]:
    """A finding for each different phrase of a list, where it first stands."""
    firsts: dict[str, re.Match[str]] = {}
    for match in _phrases(entry).finditer(text):
        firsts.setdefault(match.group().lower(), match)
    for phrase, match in firsts.items():
        yield Finding(rule, f"{phrase!r} {verdict}", *match.span())


def _found(entry: str, text: str) -> list[str]:
    return list(dict.fromkeys(match.lower() for match in _phrases(entry).findall(text)))


@cache
def _phrases(entry: str) -> re.Pattern[str]:
    words = sorted(word_set(_FILE, entry, asset(_FILE)[entry]), key=lambda word: (-len(word), word))
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b", re.IGNORECASE)
