"""The checks a reframe must pass, by number. They hold for our templates and for anybody's text.

Rules 11 (scope), 12 (variety) and 13 (grounded) concern how reframes are chosen and where templates come from, not the
text of one; `reframes.suggest` and `templates.read_pack` see to them.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from .facets import COMPASSIONATE_FACETS
from .resources import asset, word_set
from .slots import admits_harm, find_slots

FEWEST_WORDS, MOST_WORDS, MOST_SENTENCES, HIGHEST_GRADE, MOST_OFFERS = 11, 38, 3, 8.0, 2

Reader = Callable[[str], tuple[tuple[str, ...], bool]]
"""Reads a text: the critic facets claimed in it, and whether the gate stays clear."""

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*")
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
    """

    rule: int
    message: str


def check_text(text: str, facet: str, source: str | None = None, reader: Reader | None = None) -> tuple[Finding, ...]:
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

    Returns
    -------
    tuple of Finding
        Empty when it is fine.

    Examples
    --------
    >>> [finding.rule for finding in check_text("Cheer up! You're amazing.", "self_kindness")]
    [3, 3, 4, 4, 9]
    """
    plain = text.replace("\u2019", "'").replace("\u201c", '"').replace("\u201d", '"')
    findings = [*_antidote(facet), *_validates(plain), *_toxic(plain), *_rational(plain, source), *_contradicts(plain)]
    findings += [*_orders(plain), *_readable(plain), *_voice(plain)]
    if source is not None:
        findings += [*_specific(plain, source), *_responsible(plain, source)]
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
    for phrase in _found("dismissals", text):
        yield Finding(3, f"{phrase!r} makes light of it")


def _toxic(text: str) -> Iterator[Finding]:
    for phrase in _found("praise", text):
        yield Finding(4, f"{phrase!r} is praise; self-compassion needs none")
    for phrase in _found("guarantees", text):
        yield Finding(4, f"{phrase!r} promises what nobody can")
    for phrase in _found("comparisons", text):
        yield Finding(4, f"{phrase!r} compares with others")
    if "!" in text:
        yield Finding(4, "it shouts (an exclamation mark)")


def _rational(text: str, source: str | None) -> Iterator[Finding]:
    taken_up = _found("absolutes", source or "")
    for word in _found("absolutes", _QUOTED.sub('""', text)):
        if word not in taken_up:
            yield Finding(5, f"{word!r} leaves no exception")


def _contradicts(text: str) -> Iterator[Finding]:
    for phrase in _found("denials", text):
        yield Finding(6, f"{phrase!r} denies what was said")


def _specific(text: str, source: str) -> Iterator[Finding]:
    slots = [slot.text for slot in find_slots(source).values()]
    taken_up = content_words(text) & content_words(source) or any(words in text.lower() for words in slots)
    if slots and not taken_up:
        yield Finding(7, "it takes up no word of the sentence, though there is one to take up")


def _orders(text: str) -> Iterator[Finding]:
    for phrase in _found("orders", text):
        yield Finding(8, f"{phrase!r} is an order, not an offer")
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
    if re.search(r"\ba [aeio]\w|\ban [bcdfgjklmnpqrstvwxz]", unquoted):
        yield Finding(10, "a and an are mixed up")
    if text != text.strip() or "  " in text or re.search(r"\s[,.;:?]", text) or not re.search(r'[.?]"?$', text):
        yield Finding(10, "spacing or closing punctuation is off")
    if any(sentence[:1].islower() for sentence in _sentences(text)):
        yield Finding(10, "a sentence starts in lower case")


def _responsible(text: str, source: str) -> Iterator[Finding]:
    if admits_harm(source) and not _found("amends", text):
        yield Finding(14, "the sentence admits harm to somebody; the reframe leaves no room for amends")


def content_words(text: str) -> frozenset[str]:
    """Words that carry meaning, cut to a stem of five letters."""
    little = word_set(_FILE, "little", asset(_FILE)["little"])
    return frozenset(word[:5] for word in _WORD.findall(text.lower()) if len(word) > 1 and word not in little)


def _sentences(text: str) -> list[str]:
    return [part for part in re.split(r'(?<=[.!?])"?\s+', text.strip()) if part]


def _syllables(word: str) -> int:
    groups = len(re.findall(r"[aeiouy]+", word.removesuffix("e") if not word.endswith("le") else word))
    return max(groups, 1)


def _found(entry: str, text: str) -> list[str]:
    return list(dict.fromkeys(match.lower() for match in _phrases(entry).findall(text)))


@cache
def _phrases(entry: str) -> re.Pattern[str]:
    words = sorted(word_set(_FILE, entry, asset(_FILE)[entry]), key=lambda word: (-len(word), word))
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b", re.IGNORECASE)
