"""Words of a sentence that a reframe may take up: found by pattern, offset-exact, never invented."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from .phrases import PhraseSet, compile_phrases, words_of
from .resources import asset, word_set

FILE = "slots.toml"
SLOTS = ("event", "feeling", "topic", "others", "absolute")

_MOST_WORDS = 6
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
        At most one a kind: "event" (as a noun phrase: "missing the bus"), "feeling", "topic" ("my boss"), "others"
        ("my friends"), "absolute" ("always").

    Examples
    --------
    >>> {name: slot.text for name, slot in find_slots("I feel so ashamed because I missed the bus again.").items()}
    {'event': 'missing the bus', 'feeling': 'ashamed'}
    """
    found = {}
    for name, pattern in _patterns().items():
        if match := pattern.search(sentence):
            found[name] = Slot(match["slot"].lower() if name != "topic" else match["slot"], *match.span("slot"))
    if "topic" in found:
        found["topic"] = _lower_first(found["topic"])
    if event := _event(sentence):
        found = {"event": event, **found}
    return {name: found[name] for name in SLOTS if name in found}


def admits_harm(sentence: str) -> bool:
    """Whether the writer says that they harmed somebody."""
    lowered = sentence.lower()
    return _harm().search(lowered, words_of(lowered)) is not None


def _event(sentence: str) -> Slot | None:
    match = _event_pattern().search(sentence)
    if match is None:
        return None
    rest = re.sub(r"\s+(?:again|today|yesterday|anyway|too|lol)$", "", match["rest"].rstrip(), flags=re.I)
    words = rest.split()
    if (
        len(words) > _MOST_WORDS
        or (words and words[-1].lower() in _words("dangling"))
        or any(w.lower() in _words("unsafe") for w in words)
    ):
        return None
    gerund = asset(FILE)["verbs"][match["verb"].lower()]
    start = match.start("verb")
    end = match.start("rest") + len(rest) if words else match.end("verb")
    return Slot(" ".join([gerund, *words]), start, end) if words else None


@cache
def _words(entry: str) -> frozenset[str]:
    return word_set(FILE, entry, asset(FILE)[entry])


@cache
def _event_pattern() -> re.Pattern[str]:
    verbs = "|".join(asset(FILE)["verbs"])
    # "what I lost" names a thing, not an event; the clause ends where the next one begins
    before = "".join(f"(?<!{word} )" for word in ("what", "that", "which", "how", "who", "things", "way"))
    after = "and|but|because|so|when|while|since|which|that|who|after|before|if|then|last|this|i"
    return re.compile(
        rf"{before}\bI (?:(?:just|really|even|totally|completely|then|also) )?(?P<verb>{verbs})\b"
        rf"(?P<rest>(?: [\w'-]+)+?)"
        rf"(?=\s*(?:[.,;:!?)\"]|$|\b(?:{after})\b))",
        re.IGNORECASE,
    )


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    lists = {name: _either(_words(name)) for name in ("feelings", "topics", "others", "absolutes")}
    return {
        "feeling": re.compile(
            r"\b(?:feel|feels|feeling|felt|am|'m|im|was|been|so|too|really|very|and)\s+"
            r"(?:(?:so|really|very|completely|totally|just|always|a bit|like|too|constantly|utterly) )*"
            rf"(?P<slot>{lists['feelings']})\b(?! of | to | about )",
            re.IGNORECASE,
        ),
        "topic": re.compile(rf"\b(?P<slot>(?:my|the|this|our) (?:{lists['topics']}))\b(?!')", re.IGNORECASE),
        "others": re.compile(rf"\b(?P<slot>{lists['others']})\b(?!')", re.IGNORECASE),
        "absolute": re.compile(rf"\b(?P<slot>{lists['absolutes']})\b(?!')", re.IGNORECASE),
    }


@cache
def _harm() -> PhraseSet:
    return compile_phrases(asset(FILE)["harm"]["phrases"])


def _either(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=lambda word: (-len(word), word)))


def _lower_first(slot: Slot) -> Slot:
    return Slot(slot.text[0].lower() + slot.text[1:], slot.start, slot.end)
