"""Words of a sentence that a reframe may take up: found by pattern, offset-exact, never invented."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from .phrases import PhraseSet, compile_phrases, words_of
from .resources import asset, word_set

FILE = "slots.toml"
SLOTS = ("event", "fear", "role", "feeling", "topic", "others", "absolute", "theme")

_MOST_WORDS = 5
_TO_FRIEND = {
    "my": "your",
    "me": "you",
    "i": "you",
    "i'm": "you're",
    "mine": "yours",
    "myself": "yourself",
    "our": "your",
}


@dataclass(frozen=True, slots=True)
class Slot:
    """What fills a slot.

    Parameters
    ----------
    text : str
        The words as a reframe says them, in the first person.
    start, end : int
        The words of the sentence they stand for.
    """

    text: str
    start: int
    end: int

    def said_by(self, voice: str) -> str:
        """The words in the voice asked for: a friend says "your" for "my"."""
        if voice != "friend":
            return self.text
        return " ".join(_TO_FRIEND.get(word.lower(), word) for word in self.text.split(" "))


def find_slots(sentence: str) -> dict[str, Slot]:
    """Find what of a sentence a reframe may take up.

    Parameters
    ----------
    sentence : str
        The sentence, with plain apostrophes.

    Returns
    -------
    dict of str to Slot
        At most one a kind: "event" (as a noun phrase: "missing the bus"), "fear" (likewise: "losing my job"), "role"
        ("a mother"), "feeling", "topic" ("my boss"), "others" ("my friends"), "absolute" ("always"), "theme" ("all
        this thinking").

    Examples
    --------
    >>> {name: slot.text for name, slot in find_slots("I feel so guilty because I missed the bus again.").items()}
    {'event': 'missing the bus', 'feeling': 'guilty', 'theme': 'this guilt'}
    """
    lowered, triggers, found = _lowered(sentence), _triggers(), {}
    words = frozenset(_PIECE.findall(lowered))
    for name, pattern in _patterns().items():
        if not words.isdisjoint(triggers[name]) and (match := pattern.search(lowered)):
            start, end = match.span("slot")
            found[name] = Slot(_phrase(name, sentence[start:end]), start, end)
    for name, find in (("event", _event), ("fear", _fear), ("theme", _theme)):
        if not words.isdisjoint(triggers[name]) and (slot := find(sentence)):
            found[name] = slot
    return {name: found[name] for name in SLOTS if name in found}


def admits_harm(sentence: str, words: frozenset[str] | None = None) -> bool:
    """Whether the writer says that they harmed somebody; `words` as for `out_of_scope`."""
    lowered = sentence.lower()
    return _harm().search(lowered, words_of(lowered) if words is None else words) is not None


def out_of_scope(sentence: str, words: frozenset[str] | None = None) -> str | None:
    """Say whose stance it is when the words show that it is not the writer's own of now.

    Parameters
    ----------
    sentence : str
        The sentence, with plain apostrophes and quotes.
    words : frozenset of str, optional
        Its words in lower case, from `phrases.words_of`, where they are known already.

    Returns
    -------
    {"quoted", "somebody_else", "given_up", None}

    Examples
    --------
    >>> out_of_scope('"I am such a failure," he said.'), out_of_scope("I am such a failure.")
    ('quoted', None)
    """
    if _QUOTED_BY_OTHERS.search(sentence):
        return "quoted"
    lowered = sentence.lower()
    words = words_of(lowered) if words is None else words
    return next((name for name, phrases in _scopes().items() if phrases.search(lowered, words)), None)


def _lowered(sentence: str) -> str:
    """In lower case, character for character; patterns find their way in it three times as fast as in any case."""
    lowered = sentence.lower()
    if len(lowered) == len(sentence):
        return lowered
    return "".join(sign.lower() if len(sign.lower()) == 1 else sign for sign in sentence)


def _event(sentence: str) -> Slot | None:
    """Something the writer did: "I missed the bus", or "for missing the bus"."""
    if (match := _done_pattern().search(sentence)) and (slot := _noun_phrase(match, asset(FILE)["verbs"])):
        return slot
    return _noun_phrase(_doing_pattern().search(sentence), None)


def _fear(sentence: str) -> Slot | None:
    """Something the writer is afraid of: "scared of losing my job", "what if I lose my job"."""
    if (match := _what_if_pattern().search(sentence)) and (slot := _noun_phrase(match, asset(FILE)["feared"])):
        return slot
    return _noun_phrase(_afraid_pattern().search(sentence), None)


def _theme(sentence: str) -> Slot | None:
    """The weightiest word of the theme list, as the phrase the list has for it."""
    known = _themes()
    found = [match for match in _PIECE.finditer(_lowered(sentence)) if match.group() in known]
    if not found:
        return None
    match = min(found, key=lambda match: known[match.group()][0])
    return Slot(known[match.group()][1], *match.span())


def _noun_phrase(match: re.Match[str] | None, gerunds: Mapping[str, str] | None) -> Slot | None:
    """Turn "missed the bus" into "missing the bus", where it is short and ends well; else there is no slot."""
    if match is None:
        return None
    rest = _TRAILING.sub("", match["rest"].rstrip())
    words = rest.split()
    lowered = {word.lower() for word in words}
    if not words or len(words) > _MOST_WORDS or lowered & _words("unsafe") or words[-1].lower() in _words("dangling"):
        return None
    verb = match["verb"].lower() if gerunds is None else gerunds[match["verb"].lower()]
    return Slot(" ".join([verb, *words]), match.start("verb"), match.start("rest") + len(rest))


_AFRAID = ("afraid", "scared", "terrified", "frightened", "worried", "anxious", "nervous", "fear", "panicking")
_PIECE = re.compile(r"[a-z]+")
_TRAILING = re.compile(
    r"\s+(?:again|today|yesterday|tonight|anyway|too|lol|now|only|so much|all the time)$", re.IGNORECASE
)
_REST = (
    r"(?P<rest>(?: (?:[\w'-]+|\[[A-Z][A-Z _]*\d*\]))+?)"
    r"(?=\s*(?:[.,;:!?)\"]|$|\b(?:and|but|because|so|when|while|since|which|that|who|after|before|if|then|last|this|like|"
    r"or|i)\b))"
)


@cache
def _words(entry: str) -> frozenset[str]:
    return word_set(FILE, entry, asset(FILE)[entry])


@cache
def _done_pattern() -> re.Pattern[str]:
    # "what I lost" names a thing, not an event
    before = "".join(f"(?<!{word} )" for word in ("what", "that", "which", "how", "who", "things", "way"))
    verbs = "|".join(asset(FILE)["verbs"])
    adverb = "(?:(?:just|really|even|totally|completely|then|also) )?"
    return re.compile(rf"{before}\bI {adverb}(?P<verb>{verbs})\b{_REST}", re.IGNORECASE)


@cache
def _doing_pattern() -> re.Pattern[str]:
    verbs = "|".join(sorted({*asset(FILE)["verbs"].values(), "saying", "telling", "sleeping"}))
    return re.compile(rf"\b(?:for|after|by|from) (?P<verb>{verbs})\b{_REST}", re.IGNORECASE)


@cache
def _what_if_pattern() -> re.Pattern[str]:
    verbs = "|".join(asset(FILE)["feared"])
    opening = "what if i|that i'll|i'm going to|i am going to"
    return re.compile(rf"\b(?:{opening}) (?:just )?(?P<verb>{verbs})\b{_REST}", re.IGNORECASE)


@cache
def _afraid_pattern() -> re.Pattern[str]:
    afraid = "|".join(_AFRAID)
    verbs = "|".join(sorted({*asset(FILE)["feared"].values(), "being", "having", "talking", "meeting"}))
    return re.compile(rf"\b(?:{afraid}) (?:of|about|over) (?P<verb>{verbs})\b{_REST}", re.IGNORECASE)


@cache
def _triggers() -> dict[str, frozenset[str]]:
    """For each slot words without any of which it need not be looked for, which saves most of the time."""
    content = asset(FILE)
    lists = {
        "feeling": _words("feelings"),
        "topic": _words("topics") | _words("bare_topics"),
        "role": _words("roles"),
        "others": _words("others"),
        "absolute": _words("absolutes"),
        "event": {*content["verbs"], *content["verbs"].values(), "saying", "telling", "sleeping"},
        "fear": {*content["feared"], *_AFRAID},
        "theme": _themes().keys(),
    }
    return {name: frozenset(max(_PIECE.findall(entry), key=len) for entry in lists[name]) for name in SLOTS}


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    names = ("feelings", "topics", "bare_topics", "roles", "others", "absolutes")
    lists = {name: _either(_words(name)) for name in names}
    adverbs = "(?:(?:so|really|very|completely|totally|just|always|a bit|like|too|constantly|utterly) )*"
    patterns = {
        "feeling": r"\b(?:feel|feels|feeling|felt|am|'m|im|was|been|so|too|really|very|and)\s+"
        rf"{adverbs}(?P<slot>{lists['feelings']})\b(?! of | to | about )",
        "topic": rf"\b(?P<slot>(?:my|the|this|our) (?:{lists['topics']})|"
        + "|".join(rf"(?<={word} )(?:{lists['bare_topics']})" for word in ("about", "with", "at", "from", "in", "for"))
        + r")\b(?!['-])",
        "role": rf"\b(?:as|am|'m|im|being|be|such) an? (?:[a-z]+ )?(?P<slot>{lists['roles']})\b(?! to me| who)",
        "others": rf"\b(?P<slot>{lists['others']})\b(?!')",
        "absolute": rf"\b(?P<slot>{lists['absolutes']})\b(?!')",
    }
    return {name: re.compile(pattern) for name, pattern in patterns.items()}


_QUOTED_BY_OTHERS = re.compile(
    r'^\W*"[^"]+"\W*(?:(?:he|she|they)|(?:my|the|our|his|her) \w+) '
    r"(?:said|says|asked|asks|whispered|cried|yelled|told|wrote|goes)\b",
    re.IGNORECASE,
)


@cache
def _themes() -> dict[str, tuple[int, str]]:
    """For each theme word its place in the list and its phrase."""
    listed = enumerate(asset(FILE)["themes"].items())
    return {word: (place, phrase) for place, (words, phrase) in listed for word in words.split("|")}


@cache
def _scopes() -> dict[str, PhraseSet]:
    return {name: compile_phrases(phrases) for name, phrases in asset(FILE)["scope"].items()}


@cache
def _harm() -> PhraseSet:
    return compile_phrases(asset(FILE)["harm"]["phrases"])


def _either(words: Iterable[str]) -> str:
    return "|".join(sorted((re.escape(word.lower()) for word in words), key=lambda word: (-len(word), word)))


def _phrase(name: str, words: str) -> str:
    """The words of a sentence as a slot of this name says them; a topic may hold names, and keeps its capitals."""
    if name == "topic":
        return words[:1].lower() + words[1:]
    article = ("an " if words[0] in "aeiouAEIOU" else "a ") if name == "role" else ""
    return article + words.lower()
