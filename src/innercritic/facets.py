"""The vocabulary: Neff's six facets and the four safety flags, with the words people see for them."""

from enum import StrEnum
from typing import Final


class Facet(StrEnum):
    """One of the six stances of the Self-Compassion Scale.

    Members are strings: ``Facet.ISOLATION == "isolation"``. The values are used verbatim as span labels,
    column names and keys in asset files.

    References
    ----------
    Neff, K. D. (2003). The development and validation of a scale to measure self-compassion.
    Self and Identity, 2, 223-250.

    Examples
    --------
    >>> Facet("isolation").opposite
    <Facet.COMMON_HUMANITY: 'common_humanity'>
    >>> Facet.SELF_JUDGMENT.code, Facet.SELF_JUDGMENT.is_critic
    ('SJ', True)
    """

    SELF_JUDGMENT = "self_judgment"
    ISOLATION = "isolation"
    OVER_IDENTIFICATION = "over_identification"
    SELF_KINDNESS = "self_kindness"
    COMMON_HUMANITY = "common_humanity"
    MINDFULNESS = "mindfulness"

    @property
    def opposite(self) -> "Facet":
        """The facet the Self-Compassion Scale pairs with this one."""
        return _OPPOSITES[self]

    @property
    def is_critic(self) -> bool:
        """Whether this is one of the three uncompassionate stances."""
        return self in CRITIC_FACETS

    @property
    def code(self) -> str:
        """The two-letter code the codebook and the labelled data use."""
        return _WORDS[self][0]

    @property
    def term(self) -> str:
        """Neff's own term."""
        return _WORDS[self][1]

    @property
    def definition(self) -> str:
        """What it is, in one line."""
        return _WORDS[self][2]


class SafetyFlag(StrEnum):
    """A reason for the gate to withhold every reframe of a document.

    Examples
    --------
    >>> SafetyFlag.CRISIS.definition
    'thoughts of suicide, of not being here, or of self-harm'
    """

    CRISIS = "crisis"
    HARM_FROM_OTHERS = "harm_from_others"
    HARM_TO_OTHERS = "harm_to_others"
    DISORDERED_EATING = "disordered_eating"

    @property
    def definition(self) -> str:
        """What it is, in one line."""
        return _FLAG_WORDS[self]


CRITIC_FACETS: Final = (Facet.SELF_JUDGMENT, Facet.ISOLATION, Facet.OVER_IDENTIFICATION)
COMPASSIONATE_FACETS: Final = (Facet.SELF_KINDNESS, Facet.COMMON_HUMANITY, Facet.MINDFULNESS)

_OPPOSITES: Final = {
    **dict(zip(CRITIC_FACETS, COMPASSIONATE_FACETS, strict=True)),
    **dict(zip(COMPASSIONATE_FACETS, CRITIC_FACETS, strict=True)),
}
_WORDS: Final = {
    Facet.SELF_JUDGMENT: ("SJ", "self-judgment", "harsh words about one's own worth, character or body"),
    Facet.ISOLATION: ("IS", "isolation", "feeling alone, cut off or different in one's pain"),
    Facet.OVER_IDENTIFICATION: ("OI", "over-identification", "being carried away by a painful thought or feeling"),
    Facet.SELF_KINDNESS: ("SK", "self-kindness", "warmth, patience or forgiveness given to oneself"),
    Facet.COMMON_HUMANITY: ("CH", "common humanity", "one's trouble seen as part of what people share"),
    Facet.MINDFULNESS: ("MI", "mindfulness", "a painful feeling noticed and held in balance"),
}
_FLAG_WORDS: Final = {
    SafetyFlag.CRISIS: "thoughts of suicide, of not being here, or of self-harm",
    SafetyFlag.HARM_FROM_OTHERS: "somebody hurting or threatening the writer",
    SafetyFlag.HARM_TO_OTHERS: "thoughts of hurting somebody else",
    SafetyFlag.DISORDERED_EATING: "starving, purging or punishing the body over food",
}
LABEL_CODES: Final[dict[str, Facet | SafetyFlag]] = {
    **{facet.code: facet for facet in Facet},
    "CR": SafetyFlag.CRISIS,
    "AB": SafetyFlag.HARM_FROM_OTHERS,
}
"""The eight codes of the codebook, in its order."""
