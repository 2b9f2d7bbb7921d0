"""Short guided practices for a whole entry, put together from its own sentences, behind the same gate."""

from dataclasses import dataclass, field

from .errors import AssetError
from .normalising import plain_signs
from .resources import asset
from .results import Analysis, SentenceReading
from .slots import Slot, find_slots, out_of_scope
from .templates import VOICES

FILE = "practices.toml"
PRACTICES = ("self_compassion_break", "friend_letter", "name_the_critic", "soothing_breath")

_THINGS = ("event", "fear", "topic", "theme")
"""Slots that can be what an entry is about, the most telling first."""


@dataclass(frozen=True, slots=True)
class Practice:
    """A guided text of about a minute.

    Parameters
    ----------
    name, title : str
        Which practice, and what to call it.
    steps : tuple of str
        What to do, step by step; each step is an offer.
    source : str
        Where the practice comes from.
    specific : bool
        Whether it takes up words of the entry.
    """

    name: str
    title: str
    steps: tuple[str, ...] = field(repr=False)
    source: str
    specific: bool

    @property
    def text(self) -> str:
        """The steps as paragraphs."""
        return "\n\n".join(self.steps)


def compose(name: str, analysis: Analysis, voice: str = "friend") -> Practice | None:
    """Put a practice together for an entry.

    Parameters
    ----------
    name : {"self_compassion_break", "friend_letter", "name_the_critic", "soothing_breath"}
        Which practice.
    analysis : Analysis
        The entry, read.
    voice : {"first", "friend"}
        Who speaks.

    Returns
    -------
    Practice or None
        None past a raised gate: then ``analysis.safety.card`` is what to show. An entry in which no critic speaks
        still gets a practice, an unspecific one.
    """
    if name not in PRACTICES:
        raise ValueError(f"a practice is one of {', '.join(PRACTICES)}, not {name!r}")
    if voice not in VOICES:
        raise ValueError(f"voice is one of {', '.join(VOICES)}, not {voice!r}")
    if analysis.safety.raised:
        return None
    content, thing = asset(FILE)[name], _thing(analysis)
    try:
        steps = tuple(_step(step, voice, thing) for step in content["step"])
        return Practice(name, content["title"], steps, content["source"], thing is not None)
    except KeyError as error:
        raise AssetError(FILE, name, f"{error} is missing") from None


def _step(step: dict[str, str], voice: str, thing: Slot | None) -> str:
    if "{thing}" not in step[voice]:
        return step[voice]
    return step[f"{voice}_plain"] if thing is None else step[voice].replace("{thing}", thing.said_by(voice))


def _thing(analysis: Analysis) -> Slot | None:
    """What the most critical sentence that names anything is about."""

    def weight(sentence: SentenceReading) -> float:
        return max(sentence.probabilities[facet] for facet in sentence.critic_facets)

    for sentence in sorted((s for s in analysis.sentences if s.critic_facets), key=weight, reverse=True):
        text = plain_signs(sentence.text)
        slots = {} if out_of_scope(text) else find_slots(text)
        if found := next((slots[name] for name in _THINGS if name in slots), None):
            return found
    return None
