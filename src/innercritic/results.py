"""The frozen values that travel from the analyzer to every door. Their ``repr`` holds no word of the user."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, make_dataclass
from functools import wraps
from typing import Any, Literal

from .facets import CRITIC_FACETS, Facet, SafetyFlag

EvidenceKind = Literal["exact", "approximate"]


class FacetScores(Mapping[str, float]):
    """Six calibrated probabilities by facet: an immutable, hashable, picklable mapping.

    Parameters
    ----------
    values : sequence of float
        One probability (0 to 1) a facet, in the order of `Facet`.

    Examples
    --------
    >>> scores = FacetScores([0.9, 0.1, 0.2, 0.0, 0.0, 0.1])
    >>> scores["self_judgment"], scores[Facet.ISOLATION]
    (0.9, 0.1)
    """

    __slots__ = ("_values",)

    def __init__(self, values: tuple[float, ...] | list[float]) -> None:
        if len(values) != len(_FACET_PLACE):
            raise ValueError(f"expected {len(_FACET_PLACE)} values, got {len(values)}")
        self._values = tuple(values)

    def __getitem__(self, facet: str) -> float:
        return self._values[_FACET_PLACE[facet]]

    def __iter__(self) -> Iterator[str]:
        return iter(_FACET_PLACE)

    def __len__(self) -> int:
        return len(self._values)

    def __hash__(self) -> int:
        return hash(self._values)

    def __repr__(self) -> str:
        return f"FacetScores({list(self._values)})"


_FACET_PLACE: dict[str, int] = {facet: place for place, facet in enumerate(Facet)}


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words that speak for or against a facet, and how much.

    The weights of one sentence and facet, its ``"baseline"`` entry included, add up to the log-odds of its
    probability. Where `Analysis.evidence_kind` is ``"exact"``, as of neff-fast, this is the model's whole reasoning.
    Where it is ``"approximate"``, as of neff-accurate, an encoder has a part in it: words weigh what its score loses
    without them.

    Parameters
    ----------
    start, end : int
        Character offsets into the text given.
    text : str
        The words there; empty for the baseline and the sentence.
    facet : Facet
        What they speak about.
    weight : float
        Contribution to the log-odds: above zero speaks for the facet, below against.
    source : str
        ``"words"`` for what was learned about these words, the name of a cue ("negation", "absolutist", ...),
        or ``"baseline"`` for what is assumed before reading a word. Approximate evidence has ``"context"`` too, for
        what the encoder loses without these words, and ``"sentence"`` for what it makes of no single word.
    """

    start: int
    end: int
    text: str = field(repr=False)
    facet: Facet
    weight: float
    source: str


@dataclass(frozen=True, slots=True)
class SafetyEvidence:
    """Why the gate was raised: which words, by which rule."""

    flag: SafetyFlag
    start: int
    end: int
    text: str = field(repr=False)
    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class SafetyVerdict:
    """What the gate says of a whole text. It names what it saw; it grades nothing and promises nothing.

    Parameters
    ----------
    evidence : tuple of SafetyEvidence
        Every place where the gate was raised, in order.
    card : str
        What to show instead of reframes; empty when the gate was not raised.
    off : str or None
        Why the gate was switched off, in the words of whoever did; None when it was not.
    """

    evidence: tuple[SafetyEvidence, ...] = ()
    card: str = ""
    off: str | None = None

    @property
    def flags(self) -> tuple[SafetyFlag, ...]:
        """The kinds of danger named, each once, in the order of `SafetyFlag`."""
        raised = {item.flag for item in self.evidence}
        return tuple(flag for flag in SafetyFlag if flag in raised)

    @property
    def raised(self) -> bool:
        """Whether something raised the gate: then no reframe is due anywhere in the text."""
        return bool(self.evidence)

    @property
    def clear(self) -> bool:
        """Whether the gate read the text and was not raised: never of a gate switched off. It is no proof of safety."""
        return not self.evidence and self.off is None


@dataclass(frozen=True, slots=True)
class Reframe:
    """A kinder way to say it, made from a reviewed template.

    Parameters
    ----------
    text : str
        The reframe itself.
    facet : Facet
        The compassionate facet it speaks for.
    template, technique, source : str
        Identifier of the template, the technique it uses, and where that technique comes from.
    specific : bool
        Whether it takes up words of the sentence.
    """

    text: str = field(repr=False)
    facet: Facet
    template: str
    technique: str
    source: str
    specific: bool


@dataclass(frozen=True, slots=True)
class SentenceReading:
    """One sentence, read.

    Parameters
    ----------
    text : str
        The sentence, as it stands in the text given.
    start, end : int
        Its character offsets there: ``whole[start:end] == text``.
    probabilities : FacetScores
        A calibrated probability a facet. An abstained sentence carries the base rates of the corpus: nothing was
        read from its words.
    facets : tuple of Facet
        The facets over their thresholds.
    abstained : str or None
        Why the sentence was not judged (``"no_words"``, ``"too_short"``, ``"not_english"``), else None.
    evidence : tuple of Evidence
        Signed, in reading order, for each of `facets` (for all six when asked to explain all).
    reframes : tuple of Reframe
        Empty past a raised gate and wherever none is due.
    no_reframe : str or None
        Why there is no reframe (``"gate"``, ``"abstained"``, ``"no_critic_facet"``, ``"quoted"``, ``"somebody_else"``,
        ``"given_up"``, ``"no_template"``), else None.
    """

    text: str = field(repr=False)
    start: int
    end: int
    probabilities: FacetScores
    facets: tuple[Facet, ...] = ()
    abstained: str | None = None
    evidence: tuple[Evidence, ...] = ()
    reframes: tuple[Reframe, ...] = ()
    no_reframe: str | None = None

    @property
    def critic_facets(self) -> tuple[Facet, ...]:
        """Those of `facets` that are uncompassionate."""
        return tuple(facet for facet in self.facets if facet in CRITIC_FACETS)


@dataclass(frozen=True, slots=True)
class Analysis:
    """A whole text, read: its sentences and the verdict of the safety gate.

    Parameters
    ----------
    text : str
        The text as it was given.
    sentences : tuple of SentenceReading
        In order; empty for empty or blank text.
    safety : SafetyVerdict
        What the gate says of the whole text.
    model : str
        Name of the model that read it.
    evidence_kind : {"exact", "approximate"}
        Whether the evidence is the model's own reasoning, or an estimate of it; see `Evidence`.
    """

    text: str = field(repr=False)
    sentences: tuple[SentenceReading, ...]
    safety: SafetyVerdict
    model: str
    evidence_kind: EvidenceKind = "exact"

    def to_dict(self, text: bool = True) -> dict[str, Any]:
        """Give a JSON-ready dictionary.

        Parameters
        ----------
        text : bool, default True
            Whether to include the user's words. False leaves every one of them out, reframes too (they may quote
            the sentence): offsets, scores, facets, rule and template identifiers remain.

        Returns
        -------
        dict
            Only plain dicts, lists, strings, numbers, booleans and None.
        """
        result: dict[str, Any] = {
            "model": self.model,
            "evidence_kind": self.evidence_kind,
            "safety": _safety_dict(self.safety, text),
            "sentences": [_sentence_dict(sentence, text) for sentence in self.sentences],
        }
        return {"text": self.text, **result} if text else result

    def to_displacy(self) -> dict[str, Any]:
        """Give what ``spacy.displacy.render(..., style="span", manual=True)`` draws; see `markup.displacy`."""
        from .markup import displacy

        return displacy(self)

    def _repr_html_(self) -> str:
        """What notebooks show: highlighted words, reasons, reframes; the gate's card where it was raised."""
        from .markup import notebook_html

        return notebook_html(self)


def _made_quickly(value: Any) -> None:
    """Let a frozen value be made in half the time: fields of an unfrozen twin are set, and it becomes the value."""
    twin: Any = make_dataclass("Twin", [(f.name, Any, field(default=f.default)) for f in fields(value)], slots=True)
    fill, fill_slowly, become = twin.__init__, value.__init__, object.__setattr__

    @wraps(fill_slowly)
    def made(self: Any, *given: Any, **named: Any) -> None:
        if type(self) is value:
            become(self, "__class__", twin)
            fill(self, *given, **named)
            self.__class__ = value
        else:  # somebody's subclass
            fill_slowly(self, *given, **named)

    value.__init__ = made


for _value in (Evidence, SentenceReading, Analysis):
    _made_quickly(_value)


def _safety_dict(verdict: SafetyVerdict, text: bool) -> dict[str, Any]:
    return {
        "clear": verdict.clear,
        "raised": verdict.raised,
        "off": verdict.off,
        "flags": [str(flag) for flag in verdict.flags],
        "card": verdict.card,
        "evidence": [
            {"flag": str(item.flag), "start": item.start, "end": item.end, "rule": item.rule, "reason": item.reason}
            | ({"text": item.text} if text else {})
            for item in verdict.evidence
        ],
    }


def _sentence_dict(sentence: SentenceReading, text: bool) -> dict[str, Any]:
    words = {"text": sentence.text} if text else {}
    return words | {
        "start": sentence.start,
        "end": sentence.end,
        "facets": [str(facet) for facet in sentence.facets],
        "abstained": sentence.abstained,
        "probabilities": {str(facet): _rounded(value) for facet, value in sentence.probabilities.items()},
        "evidence": [
            {"start": e.start, "end": e.end, "facet": str(e.facet), "weight": _rounded(e.weight), "source": e.source}
            | ({"text": e.text} if text else {})
            for e in sentence.evidence
        ],
        "reframes": [
            {"facet": str(r.facet), "template": r.template, "technique": r.technique, "specific": r.specific}
            | ({"text": r.text} if text else {})
            for r in sentence.reframes
        ],
        "no_reframe": sentence.no_reframe,
    }


def _rounded(value: float) -> float:
    """Six digits are more than the model knows, and the same on every machine."""
    return round(value, 6) if math.isfinite(value) else value
