"""(reading, verdict) -> reframes. Nobody gets past the verdict: without a `SafetyVerdict` there is no reframe."""

import hashlib
from collections import defaultdict, deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from operator import itemgetter

from .errors import OneTextError
from .facets import CRITIC_FACETS, Facet
from .normalising import plain_signs
from .phrases import words_of
from .results import Reframe, SafetyVerdict, SentenceReading
from .slots import admits_harm, find_slots, out_of_scope
from .templates import REGISTERS, TECHNIQUES, VOICES, Template

NO_REPEAT_AMONG = 20
"""Among so many reframes of one text no template is used twice."""

ON_REQUEST = ("teen",)
"""Registers that are used only when they are asked for."""

_FIT = {"event": 3, "fear": 3, "role": 3, "feeling": 2, "topic": 2, "others": 2, "absolute": 1, "theme": 1}
"""How much each slot says of its sentence."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How reframes are wanted.

    Parameters
    ----------
    voice : {"first", "friend"}
        Who speaks.
    register : {"plain", "gentle", "brief", "teen"}, optional
        How it is said; by default any but "teen".
    techniques : collection of str, optional
        Techniques to keep to; by default all.
    recent : collection of str
        Identifiers of templates not to use again yet.
    seed : int, default 0
        Another seed, another choice among equals; the same seed, the same choice.
    limit : int, default 1
        How many a sentence at most.
    """

    voice: str = "first"
    register: str | None = None
    techniques: Collection[str] | None = None
    recent: Collection[str] = ()
    seed: int = 0
    limit: int = 1

    def __post_init__(self) -> None:
        for name, several in (("techniques", self.techniques), ("recent", self.recent)):
            if isinstance(several, str):
                raise OneTextError(name)
        asked = [("voice", self.voice, VOICES), ("register", self.register, (*REGISTERS, None))]
        asked += [("technique", technique, TECHNIQUES) for technique in self.techniques or ()]
        for name, value, known in asked:
            if value not in known:
                raise ValueError(f"{name} is one of {', '.join(filter(None, known))}, not {value!r}")

    @property
    def is_particular(self) -> bool:
        """Whether it asks more of a template than any wish does."""
        return self.register is not None or self.techniques is not None or bool(self.recent)

    def suits(self, template: Template) -> bool:
        """Whether a template is of the kind that is wanted."""
        register = template.register not in ON_REQUEST if self.register is None else template.register == self.register
        technique = self.techniques is None or template.technique in self.techniques
        return register and technique and template.id not in self.recent


class Shelf(tuple[Template, ...]):
    """Templates, sorted once by what they are for."""

    @cached_property
    def kinds(self) -> Mapping[tuple[Facet, bool], Mapping[frozenset[str], "Shelf"]]:
        """By facet and whether they are for harm done to others, and then by the slots they fill."""
        kinds: defaultdict[tuple[Facet, bool], dict[frozenset[str], list[Template]]] = defaultdict(dict)
        for template in self:
            kinds[template.facet, template.amends].setdefault(frozenset(template.slots), []).append(template)
        return {key: {slots: Shelf(found) for slots, found in kind.items()} for key, kind in kinds.items()}

    @cached_property
    def usual(self) -> tuple[Template, ...]:
        """Those that a wish for nothing in particular is suited by."""
        return tuple(filter(Wish().suits, self))

    def suiting(self, wish: "Wish") -> tuple[Template, ...]:
        """Those of the kind that is wanted."""
        return tuple(filter(wish.suits, self)) if wish.is_particular else self.usual


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Reframes for one sentence, or the reason why there are none.

    Parameters
    ----------
    reframes : tuple of Reframe
        In the order of preference.
    reason : {"gate", "abstained", "no_critic_facet", "quoted", "somebody_else", "given_up", "no_template", None}
        Why there is none.
    """

    reframes: tuple[Reframe, ...]
    reason: str | None


def suggest(
    reading: SentenceReading, verdict: SafetyVerdict, templates: Sequence[Template], wish: Wish | None = None
) -> Suggestion:
    """Offer reframes for a sentence.

    Templates that take up words of the sentence come first, what happened ("missing the bus") before things ("my
    boss") before general words ("always"); among equals the facet with the higher probability, then the seed. Several
    reframes use different techniques as far as there are any.

    Parameters
    ----------
    reading : SentenceReading
        The sentence, read.
    verdict : SafetyVerdict
        What the gate says of the whole text. Past a raised gate there is no reframe.
    templates : sequence of Template
        What to choose from.
    wish : Wish, optional
        How they are wanted.

    Returns
    -------
    Suggestion
    """
    if not isinstance(verdict, SafetyVerdict):
        raise TypeError("suggest() needs the SafetyVerdict of the whole text")
    if verdict.raised:
        return Suggestion((), "gate")
    if reading.abstained is not None:
        return Suggestion((), "abstained")
    antidotes = {facet.opposite: reading.probabilities[facet] for facet in CRITIC_FACETS if facet in reading.facets}
    if not antidotes:
        return Suggestion((), "no_critic_facet")
    wish = wish or Wish()
    text = plain_signs(reading.text)
    words = words_of(text.lower())
    if whose := out_of_scope(text, words):
        return Suggestion((), whose)
    slots, harm = find_slots(text), admits_harm(text, words)

    shelf = templates if isinstance(templates, Shelf) else Shelf(templates)
    there = frozenset(slots)
    kinds = [
        (-_fit(wanted), -round(probability, 2), kind)
        for facet, probability in antidotes.items()
        for wanted, kind in shelf.kinds.get((facet, harm), {}).items()
        if wanted <= there
    ]
    fitting: list[tuple[int, float, Template]] = []
    for fit, probability, kind in sorted(kinds, key=itemgetter(0, 1)):
        if wish.limit == 1 and fitting and fitting[0][:2] < (fit, probability):
            break  # the lot need not be drawn for those that do not fit best
        fitting += [(fit, probability, template) for template in kind.suiting(wish)]

    said = text.encode()

    def rank(item: tuple[int, float, Template]) -> tuple[int, float, bytes]:
        fit, probability, template = item
        lot = _lot(wish.seed, template.id).copy()
        lot.update(said)
        return fit, probability, lot.digest()

    ranked = sorted(fitting, key=rank) if wish.limit > 1 else [min(fitting, key=rank)] if fitting else []
    chosen = _various([template for *_, template in ranked], wish.limit)
    reframes = tuple(
        Reframe(
            text=template.fill(wish.voice, slots),
            facet=template.facet,
            template=template.id,
            technique=template.technique,
            source=template.source,
            specific=bool(template.slots),
        )
        for template in chosen
    )
    return Suggestion(reframes, None if reframes else "no_template")


@lru_cache(maxsize=4096)
def _lot(seed: int, template: str) -> "hashlib._Hash":
    """What a template draws its lot by, before the words of the sentence."""
    return hashlib.sha256(f"{seed}|{template}|".encode())


@cache
def _fit(slots: frozenset[str]) -> int:
    return sum(_FIT[slot] for slot in slots)


def _various(ranked: list[Template], limit: int) -> list[Template]:
    """Take from the top, but a technique a second time only when no other is left."""
    firsts: dict[str, Template] = {}
    for template in ranked:
        firsts.setdefault(template.technique, template)
    fresh = list(firsts.values())
    taken = {template.id for template in fresh}
    return [*fresh, *(template for template in ranked if template.id not in taken)][:limit]


def suggest_all(
    sentences: Sequence[SentenceReading], verdict: SafetyVerdict, templates: Sequence[Template], wish: Wish
) -> list[Suggestion]:
    """Offer reframes for every sentence of a text; no template comes back among the last `NO_REPEAT_AMONG`."""
    seen: deque[str] = deque(maxlen=NO_REPEAT_AMONG)
    suggestions = []
    for sentence in sentences:
        fresh = replace(wish, recent={*wish.recent, *seen}) if seen else wish
        found = suggest(sentence, verdict, templates, fresh)
        seen.extend(reframe.template for reframe in found.reframes)
        suggestions.append(found)
    return suggestions


def with_reframes(
    sentences: Sequence[SentenceReading], verdict: SafetyVerdict, templates: Sequence[Template], wish: Wish
) -> list[SentenceReading]:
    """Give the sentences of a text with a reframe where one is due, or the reason why there is none."""
    due = [place for place, sentence in enumerate(sentences) if sentence.no_reframe is None or not verdict.clear]
    found = suggest_all([sentences[place] for place in due], verdict, templates, wish)
    result = list(sentences)
    for place, offer in zip(due, found, strict=True):
        result[place] = replace(sentences[place], reframes=offer.reframes, no_reframe=offer.reason)
    return result
