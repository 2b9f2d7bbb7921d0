"""The gate that stands before every reframe: rules and a trained voice over the whole text -> SafetyVerdict.

Either voice may raise it. It reads the text itself, covers the whole document, and fails closed: an error here is an
error for the caller, never "clear". It names what it saw; it grades nothing, diagnoses nothing and promises nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Protocol

from .errors import AssetError
from .facets import SafetyFlag
from .phrases import PhraseSet, compile_phrases, words_of
from .resources import asset
from .results import SafetyEvidence, SafetyVerdict

_FILE = "safety.toml"


@dataclass(frozen=True)
class GateSentence:
    """What the gate is given of a sentence.

    Parameters
    ----------
    text : str
        Its cleaned text.
    start, end : int
        Its offsets in the text that was given.
    original : str
        The same stretch of the text that was given.
    danger : frozenset of SafetyFlag
        The flags that a trained classifier claims for it.
    """

    text: str
    start: int
    end: int
    original: str
    danger: frozenset[SafetyFlag]

    @cached_property
    def lowered(self) -> str:
        """The cleaned text in lower case."""
        return self.text.lower()

    @cached_property
    def words(self) -> frozenset[str]:
        """Its different words."""
        return words_of(self.lowered)


class Rule(Protocol):
    """Something that can raise the gate for a sentence."""

    def check(self, sentence: GateSentence) -> list[SafetyEvidence]:
        """Say what in the sentence raises the gate; nothing is an empty list."""
        ...


@dataclass(frozen=True, slots=True)
class PhraseRule:
    """Raises a flag where one of its phrases occurs, unless another one does."""

    name: str
    flag: SafetyFlag
    reason: str
    phrases: PhraseSet
    unless: PhraseSet

    def check(self, sentence: GateSentence) -> list[SafetyEvidence]:
        """Look for the phrases."""
        text, words = sentence.lowered, sentence.words
        if self.phrases.search(text, words) is None or self.unless.search(text, words) is not None:
            return []
        return [_evidence(sentence, self.flag, self.name, self.reason)]


@dataclass(frozen=True, slots=True)
class TrainedRule:
    """Raises a flag where the trained classifier claims it."""

    flag: SafetyFlag

    def check(self, sentence: GateSentence) -> list[SafetyEvidence]:
        """Take the classifier's word."""
        if self.flag not in sentence.danger:
            return []
        return [_evidence(sentence, self.flag, "trained", f"reads like {self.flag.definition}")]


@dataclass(frozen=True, slots=True)
class Compound:
    """All rules, one after the other."""

    rules: Sequence[Rule]

    def check(self, sentence: GateSentence) -> list[SafetyEvidence]:
        """Give what any of the rules found, one piece of evidence a flag."""
        found: dict[SafetyFlag, SafetyEvidence] = {}
        for rule in self.rules:
            for item in rule.check(sentence):
                found.setdefault(item.flag, item)
        return list(found.values())


@dataclass(frozen=True, slots=True)
class Gate:
    """The gate.

    Parameters
    ----------
    rule : Rule
        What may raise it, usually a `Compound`.
    card : str
        What is shown in place of reframes once it is raised.
    """

    rule: Rule
    card: str

    def verdict(self, sentences: Sequence[GateSentence]) -> SafetyVerdict:
        """Judge a whole document.

        Parameters
        ----------
        sentences : sequence of GateSentence
            All its sentences, abstained ones too.

        Returns
        -------
        SafetyVerdict
            Clear, or with every piece of evidence and the card.
        """
        evidence = tuple(item for sentence in sentences for item in self.rule.check(sentence))
        return SafetyVerdict(evidence, self.card if evidence else "")


def _evidence(sentence: GateSentence, flag: SafetyFlag, rule: str, reason: str) -> SafetyEvidence:
    return SafetyEvidence(flag, sentence.start, sentence.end, sentence.original, rule, reason)


@cache
def default_gate() -> Gate:
    """Build the gate from assets/safety.toml, with a trained voice for every flag."""
    content = asset(_FILE)
    rules: list[Rule] = [_phrase_rule(entry) for entry in content["rule"]]
    return Gate(Compound([*rules, *(TrainedRule(flag) for flag in SafetyFlag)]), content["card"].strip())


def _phrase_rule(entry: Mapping[str, Any]) -> PhraseRule:
    name = str(entry.get("id", "a rule without id"))
    try:
        return PhraseRule(
            name,
            SafetyFlag(entry["flag"]),
            entry["reason"],
            compile_phrases(entry["phrases"]),
            compile_phrases(entry.get("unless", ())),
        )
    except (KeyError, ValueError) as error:
        raise AssetError(_FILE, name, str(error)) from None
