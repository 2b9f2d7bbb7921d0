"""An analysis as marked passages: for notebooks, for pages, and for displaCy. Knows nothing of how scores arose."""

from itertools import pairwise
from typing import Any

from .facets import Facet
from .pages import Block, Card, Passage, Passages, Piece, Prose, Tag, Terms, fragment
from .report import ABSTAINED, reasons
from .results import Analysis, Evidence, SentenceReading

MOST_SENTENCES = 300
"""A notebook shows so many sentences of a text at most."""

GATE_TITLE = "No reframes here"


def passage(sentence: SentenceReading, *, offers: bool = True, heading: str = "") -> Passage:
    """Mark a sentence: the words that speak most for each facet, why, and its reframes.

    Parameters
    ----------
    sentence : SentenceReading
        What was read.
    offers : bool, default True
        Whether to show its reframes. Past a raised gate it has none.
    heading : str
        What to put above it, a date say.

    Returns
    -------
    pages.Passage
    """
    found = [(facet, reasons(sentence, facet)) for facet in sentence.facets]
    return Passage(
        pieces=_pieces(sentence, [item for _, items in found for item in items]),
        tags=tuple(map(facet_tag, sentence.facets)),
        heading=heading,
        reasons=tuple((facet_tag(facet), _quoted(items)) for facet, items in found if items),
        offers=tuple(reframe.text for reframe in sentence.reframes) if offers else (),
        note=ABSTAINED[sentence.abstained] if sentence.abstained else "",
    )


def facet_tag(facet: Facet) -> Tag:
    """A facet as a page's tag."""
    return Tag(str(facet), facet.term)


def facet_terms() -> Terms:
    """What the six facets are called, and what each is."""
    return Terms(tuple((facet.term.capitalize(), f"{facet.definition.capitalize()}.") for facet in Facet))


def gate_card(analysis: Analysis) -> Card:
    """The card of a raised gate, with what raised it."""
    seen = dict.fromkeys(item.reason for item in analysis.safety.evidence)
    return Card(GATE_TITLE, (analysis.safety.card, f"What raised it: {'; '.join(seen)}."))


def blocks(analysis: Analysis) -> list[Block]:
    """An analysis as blocks of a page: the gate's card first, then every sentence."""
    if not analysis.sentences:
        return [Prose(("There is nothing to read.",))]
    found: list[Block] = [] if analysis.safety.clear else [gate_card(analysis)]
    shown = analysis.sentences[:MOST_SENTENCES]
    found.append(Passages(tuple(passage(s, offers=analysis.safety.clear) for s in shown)))
    if rest := len(analysis.sentences) - len(shown):
        found.append(Prose((f"And {rest} more sentences.",)))
    return found


def notebook_html(analysis: Analysis) -> str:
    """What a notebook shows of an analysis."""
    return fragment(blocks(analysis))


def displacy(analysis: Analysis) -> dict[str, Any]:
    """An analysis as displaCy draws it, with ``style="span"`` (facets may overlap) or ``style="ent"``.

    Parameters
    ----------
    analysis : Analysis
        What was read.

    Returns
    -------
    dict
        For ``spacy.displacy.render(..., style="span", manual=True)``: ``text``, ``tokens``, ``spans`` (a span a facet
        and sentence, in tokens and characters), ``ents`` (the same, where they do not overlap), ``title``.

    Examples
    --------
    >>> from innercritic import analyze
    >>> displacy(analyze("We had soup. I'm such an idiot."))["ents"]
    [{'start': 13, 'end': 31, 'label': 'self_judgment'}]
    """
    text = analysis.text
    tokens: list[str] = []
    spans, ents = [], []
    done = 0
    for sentence in analysis.sentences:
        tokens += text[done : sentence.start].split()
        first = len(tokens)
        tokens += text[sentence.start : sentence.end].split()
        done = sentence.end
        for place, facet in enumerate(sentence.facets):
            where = {"start": sentence.start, "end": sentence.end, "label": str(facet)}
            spans.append(where | {"start_token": first, "end_token": len(tokens)})
            if place == 0:
                ents.append(where)
    tokens += text[done:].split()
    return {"text": text, "tokens": tokens, "spans": spans, "ents": ents, "title": None}


def _quoted(items: list[Evidence]) -> str:
    return " · ".join(f"“{' '.join(item.text.split())}”" for item in items)


def _pieces(sentence: SentenceReading, items: list[Evidence]) -> tuple[Piece, ...]:
    """Cut a sentence at the edges of its evidence; a stretch that speaks for two facets carries both."""
    edges = sorted({sentence.start, sentence.end, *(e for item in items for e in (item.start, item.end))})
    pieces = []
    for start, end in pairwise(edges):
        here = dict.fromkeys(item.facet for item in items if item.start <= start and end <= item.end)
        text = sentence.text[start - sentence.start : end - sentence.start]
        reason = "; ".join(f"{facet.term}: {facet.definition}" for facet in here)
        pieces.append(Piece(text, tuple(map(facet_tag, here)), reason))
    return tuple(pieces)
