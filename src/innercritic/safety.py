"""The gate that stands before every reframe: rules and a trained voice over the whole text -> SafetyVerdict.

Either voice may raise it. It reads the text itself, covers the whole document, and fails closed: an error here is an
error for the caller, never "clear". It names what it saw; it grades nothing, diagnoses nothing and promises nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Any, Protocol

from .errors import AssetError
from .facets import SafetyFlag
from .phrases import Phrase, PhraseSet, compile_phrases
from .resources import asset
from .results import SafetyEvidence, SafetyVerdict
from .wording import Speller, Wording, spellings

MIN_REASON = 10
"""Characters that the reason for switching the gate off has at least."""

_FILE = "safety.toml"


@dataclass(frozen=True)
class GateSentence:
    """What the gate is given of a sentence.

    Parameters
    ----------
    given : str
        The whole text, as it was given.
    tokens : tuple of str
        The sentence's tokens, cleaned.
    places : tuple of (int, int)
        Where in the text that was given each token lies.
    glued : tuple of bool
        Whether each token follows the one before it without a blank.
    danger : mapping of SafetyFlag to (int, int)
        The flags that a trained classifier claims for it, each with the range of tokens that told it most.
    possible : sequence of int, optional
        Which of the gate's phrases can occur in it, as places in `Gate.phrases`; None: any.
    """

    given: str = field(repr=False)
    tokens: tuple[str, ...] = field(repr=False)
    places: tuple[tuple[int, int], ...]
    glued: tuple[bool, ...]
    danger: Mapping[SafetyFlag, tuple[int, int]] = field(default_factory=dict)
    possible: Sequence[int] | None = None


@dataclass(frozen=True)
class Heard:
    """A sentence together with its plain words, for the rules to look at."""

    sentence: GateSentence
    speller: Speller

    @cached_property
    def wording(self) -> Wording:
        """Its plain words."""
        return self.speller.read(self.sentence.tokens, self.sentence.glued)

    def evidence(self, tokens: tuple[int, int], flag: SafetyFlag, rule: str, reason: str) -> SafetyEvidence:
        """Point at a range of tokens, and at the rest of a word that spaCy took apart ("do" of "don't")."""
        places, (first, last) = self.sentence.places, tokens
        while self._goes_on(first):
            first -= 1
        while self._goes_on(last):
            last += 1
        start, end = places[first][0], places[last - 1][1]
        return SafetyEvidence(flag, start, end, self.sentence.given[start:end], rule, reason)

    def _goes_on(self, token: int) -> bool:
        """Whether a token belongs to the same word as the one before it."""
        written = self.sentence.tokens
        if not 0 < token < len(written) or not self.sentence.glued[token]:
            return False
        return written[token - 1][-1].isalnum() and (written[token][0].isalnum() or written[token][0] == "'")


class Rule(Protocol):
    """Something that can raise the gate for a sentence."""

    def check(self, heard: Heard) -> list[SafetyEvidence]:
        """Say what in the sentence raises the gate; nothing is an empty list."""
        ...


@dataclass(frozen=True, slots=True)
class PhraseRule:
    """Raises a flag where one of its phrases occurs, unless another one excuses just these words."""

    name: str
    flag: SafetyFlag
    reason: str
    phrases: PhraseSet
    unless: PhraseSet
    places: range | None = None

    def check(self, heard: Heard) -> list[SafetyEvidence]:
        """Look for the phrases; give the first one that is not excused."""
        possible, places = heard.sentence.possible, self.places
        if possible is None or places is None:
            found = sorted(self.phrases.spans(heard.wording.text, heard.wording.words))
        else:
            asked = [self.phrases.phrases[place - places.start] for place in possible if place in places]
            if not asked:  # most often
                return []
            found = sorted(span for phrase in asked for span in phrase.spans(heard.wording.text))
        excused = list(self.unless.spans(heard.wording.text, heard.wording.words)) if found else []
        for start, end in found:
            if not any(start < excuse_end and end > excuse_start for excuse_start, excuse_end in excused):
                return [heard.evidence(heard.wording.token_range(start, end), self.flag, self.name, self.reason)]
        return []


@dataclass(frozen=True, slots=True)
class TrainedRule:
    """Raises a flag where the trained classifier claims it."""

    flag: SafetyFlag

    def check(self, heard: Heard) -> list[SafetyEvidence]:
        """Take the classifier's word."""
        if self.flag not in heard.sentence.danger:
            return []
        tokens = heard.sentence.danger[self.flag]
        return [heard.evidence(tokens, self.flag, "trained", f"reads like {self.flag.definition}")]


@dataclass(frozen=True)
class Compound:
    """All rules, one after the other."""

    rules: Sequence[Rule]

    def check(self, heard: Heard) -> list[SafetyEvidence]:
        """Give what any of the rules found, one piece of evidence a flag."""
        found: dict[SafetyFlag, SafetyEvidence] = {}
        for rule in self._asked(heard.sentence.possible):
            for item in rule.check(heard):
                found.setdefault(item.flag, item)
        return list(found.values())

    def _asked(self, possible: Sequence[int] | None) -> Sequence[Rule]:
        """In order the rules of the phrases that can occur, and those that do not say which phrases they have."""
        if possible is None:
            return self.rules
        rule_of, others = self._rule_of
        return [self.rules[place] for place in sorted({*others, *(rule_of[phrase] for phrase in possible)})]

    @cached_property
    def _rule_of(self) -> tuple[Mapping[int, int], Sequence[int]]:
        """The place of the rule that each phrase is of, and of the rules that are asked whatever can occur."""
        ranges = [rule.places if isinstance(rule, PhraseRule) else None for rule in self.rules]
        owners = {phrase: place for place, phrases in enumerate(ranges) for phrase in phrases or ()}
        return owners, [place for place, phrases in enumerate(ranges) if phrases is None]


@dataclass(frozen=True)
class Gate:
    """The gate.

    Asking the rules about every sentence is slow, and most hold no word that any rule looks for. `concerns` tells, from
    a token alone, whether a sentence with it must be asked about; a sentence of which it holds for no token, and for
    which the trained classifier claims nothing, cannot raise the gate and need not be given to `verdict`. Whoever reads
    in batches may ask once for each different token (`screening.Screening` does): the answer depends on nothing else.

    Parameters
    ----------
    rule : Rule
        What may raise it, usually a `Compound`.
    card : str
        What is shown in place of reframes once it is raised.
    speller : Speller
        Brings the words into plain form before the rules look at them.
    triggers : frozenset of str, optional
        Plain words without one of which no rule is raised, unless by the trained classifier. None: nothing is known
        of the rules, and every sentence must be asked about.
    prefixes : frozenset of str
        Beginnings of such words.
    phrases : tuple of Phrase
        With triggers, all that the rules look for.
    """

    rule: Rule
    card: str
    speller: Speller = field(default_factory=lambda: Speller({}, frozenset()))
    triggers: frozenset[str] | None = None
    prefixes: frozenset[str] = frozenset()
    phrases: tuple[Phrase, ...] = ()

    def concerns(self, token: str) -> bool:
        """Whether a sentence with this token must be asked about.

        Parameters
        ----------
        token : str
            One token of spaCy's, as written or as its NORM.

        Examples
        --------
        >>> [default_gate().concerns(token) for token in ("suicidal", "su!cide", "soup")]
        [True, True, False]
        """
        if self.triggers is None or self.speller.is_odd(token):
            return True
        return any(
            word in self.triggers or any(word.startswith(prefix) for prefix in self._by_start.get(word[:3], ()))
            for word in self.speller.plain(token).split()
        )

    def verdict(self, sentences: Sequence[GateSentence]) -> SafetyVerdict:
        """Judge a whole document.

        Parameters
        ----------
        sentences : sequence of GateSentence
            All its sentences, abstained ones too, or at least those with a token that `concerns` it or with danger.

        Returns
        -------
        SafetyVerdict
            Clear, or with every piece of evidence and the card.
        """
        evidence = tuple(item for sentence in sentences for item in self.rule.check(Heard(sentence, self.speller)))
        return SafetyVerdict(evidence, self.card if evidence else "")

    @cached_property
    def _by_start(self) -> Mapping[str, list[str]]:
        return {p[:3]: [q for q in sorted(self.prefixes) if q[:3] == p[:3]] for p in self.prefixes}


def why_off(gate: Gate | str | None, reason: str | None) -> str | None:
    """Give the reason why the gate is off, or None when it is on.

    Raises
    ------
    ValueError
        When it is switched off without a written reason, or a reason is given for a gate that is on.
    """
    if gate is None or isinstance(gate, Gate):
        if reason is not None:
            raise ValueError('a reason is for a gate that is switched off: gate="off"')
        return None
    if gate != "off":
        raise ValueError('gate is a Gate, or "off" with a reason')
    if not isinstance(reason, str) or len(reason.strip()) < MIN_REASON:
        raise ValueError(f"switching the gate off takes a written reason of at least {MIN_REASON} characters")
    return reason.strip()


@cache
def default_gate() -> Gate:
    """Build the gate from assets/safety.toml, with a trained voice for every flag."""
    content = asset(_FILE)
    rules: list[PhraseRule] = []
    phrases: list[Phrase] = []
    for entry in content["rule"]:
        rule = _phrase_rule(entry, content["words"])
        first = len(phrases)
        phrases += rule.phrases.phrases
        rules.append(replace(rule, places=range(first, len(phrases))))
    return Gate(
        Compound([*rules, *(TrainedRule(flag) for flag in SafetyFlag)]),
        content["card"].strip(),
        Speller(spellings(content["short_forms"]), frozenset(content["disguised"])),
        frozenset().union(*(rule.phrases.triggers for rule in rules)),
        frozenset().union(*(rule.phrases.prefixes for rule in rules)),
        tuple(phrases),
    )


def _phrase_rule(entry: Mapping[str, Any], lists: Mapping[str, Sequence[str]]) -> PhraseRule:
    name = str(entry.get("id", "a rule without id"))
    try:
        return PhraseRule(
            name,
            SafetyFlag(entry["flag"]),
            entry["reason"],
            compile_phrases(entry["phrases"], lists),
            compile_phrases(entry.get("unless", ()), lists),
        )
    except (KeyError, ValueError) as error:
        raise AssetError(_FILE, name, str(error)) from None
