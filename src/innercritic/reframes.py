"""(reading, verdict) -> reframes. Nobody gets past the verdict: without a `SafetyVerdict` there is no reframe."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from .facets import CRITIC_FACETS
from .results import Reframe, SafetyVerdict, SentenceReading
from .slots import admits_harm, find_slots
from .templates import VOICES, Template


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Reframes for one sentence, or the reason why there are none.

    Parameters
    ----------
    reframes : tuple of Reframe
        In the order of preference.
    reason : {"gate", "abstained", "no_critic_facet", "no_template", None}
        Why there is none.
    """

    reframes: tuple[Reframe, ...]
    reason: str | None


def suggest(
    reading: SentenceReading,
    verdict: SafetyVerdict,
    templates: Sequence[Template],
    *,
    sentence: str | None = None,
    voice: str = "first",
    seed: int = 0,
    recent: Collection[str] = (),
    limit: int = 1,
) -> Suggestion:
    """Offer reframes for a sentence.

    Parameters
    ----------
    reading : SentenceReading
        The sentence, read.
    verdict : SafetyVerdict
        What the gate says of the whole text. Past a raised gate there is no reframe.
    templates : sequence of Template
        What to choose from.
    sentence : str, optional
        The sentence with plain apostrophes and quotes; by default `reading.text`.
    voice : {"first", "friend"}
        Who speaks.
    seed : int, default 0
        Another seed, another choice among equals; the same seed, the same choice.
    recent : collection of str
        Identifiers of templates not to use again yet.
    limit : int, default 1
        How many at most.

    Returns
    -------
    Suggestion
    """
    if not isinstance(verdict, SafetyVerdict):
        raise TypeError("suggest() needs the SafetyVerdict of the whole text")
    if voice not in VOICES:
        raise ValueError(f"voice is one of {', '.join(VOICES)}, not {voice!r}")
    if not verdict.clear:
        return Suggestion((), "gate")
    if reading.abstained is not None:
        return Suggestion((), "abstained")
    critic = [facet for facet in CRITIC_FACETS if facet in reading.facets]
    if not critic:
        return Suggestion((), "no_critic_facet")
    text = sentence if sentence is not None else reading.text
    slots, harm = find_slots(text), admits_harm(text)
    antidotes = {facet.opposite: reading.probabilities[facet] for facet in critic}
    fitting = [
        template
        for template in templates
        if template.facet in antidotes
        and set(template.slots) <= slots.keys()
        and template.id not in recent
        and template.amends == harm
    ]

    def rank(template: Template) -> tuple[int, float, bytes]:
        draw = hashlib.sha256(f"{seed}|{template.id}|{text}".encode("utf-8", "replace")).digest()
        return -len(template.slots), -round(antidotes[template.facet], 2), draw

    chosen = sorted(fitting, key=rank)[:limit]
    if not chosen:
        return Suggestion((), "no_template")
    return Suggestion(
        tuple(
            Reframe(
                template.fill(voice, slots),
                template.facet,
                template.id,
                template.technique,
                template.source,
                bool(template.slots),
            )
            for template in chosen
        ),
        None,
    )
