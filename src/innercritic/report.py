"""An analysis in words for people: what was read, which words speak for it, a kinder way. Knows nothing of scoring."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from .facets import Facet
from .helplines import Service
from .results import Analysis, Evidence, SentenceReading

MOST_REASONS = 3
LEAST_SHARE = 0.25
"""Reasons are shown, at most so many, and only those that weigh at least this share of the strongest."""

ABSTAINED = {
    "no_words": "no words to read",
    "too_short": "too short to judge",
    "not_english": "not English, so not judged",
}
_STYLES = {
    Facet.SELF_JUDGMENT: "bold red",
    Facet.ISOLATION: "bold blue",
    Facet.OVER_IDENTIFICATION: "bold magenta",
    Facet.SELF_KINDNESS: "bold green",
    Facet.COMMON_HUMANITY: "bold cyan",
    Facet.MINDFULNESS: "bold yellow",
}


def render(analysis: Analysis, services: Sequence[Service] = ()) -> RenderableType:
    """Lay an analysis out for a terminal.

    Parameters
    ----------
    analysis : Analysis
        What was read.
    services : sequence of Service
        What to show below the card of a raised gate (see `helplines.help_resources`).

    Returns
    -------
    rich renderable
        For ``rich.console.Console.print``.
    """
    if not analysis.sentences:
        return Text("There is nothing to read.", style="dim")
    parts = [part for sentence in analysis.sentences for part in _sentence(sentence)]
    if analysis.safety.raised:
        parts.append(_gate(analysis, services))
    return Group(*parts)


def reasons(sentence: SentenceReading, facet: Facet) -> list[Evidence]:
    """The words that speak most for a facet, whole ones, in reading order."""
    pro = [e for e in sentence.evidence if e.facet is facet and e.weight > 0 and any(map(str.isalnum, e.text))]
    strongest = sorted(pro, key=lambda item: -item.weight)[:MOST_REASONS]
    strongest = [item for item in strongest if item.weight >= LEAST_SHARE * strongest[0].weight]
    apart: list[Evidence] = []
    for item in (_whole_words(sentence, item) for item in strongest):
        if all(item.end <= other.start or item.start >= other.end for other in apart):
            apart.append(item)
    return sorted(apart, key=lambda item: item.start)


def _whole_words(sentence: SentenceReading, item: Evidence) -> Evidence:
    """Widen evidence that begins or ends inside a word: the model reads "I'm" as "I" and "'m", people do not."""
    text, start, end = sentence.text, item.start - sentence.start, item.end - sentence.start
    while start > 0 and _joined(text[start - 1 : start + 1]):
        start -= 1
    while end < len(text) and _joined(text[end - 1 : end + 1]):
        end += 1
    return replace(item, start=sentence.start + start, end=sentence.start + end, text=text[start:end])


def _joined(two: str) -> bool:
    return all(character.isalnum() or character in "'\u2019" for character in two)


def _sentence(sentence: SentenceReading) -> Iterator[RenderableType]:
    line = Text(" ".join(sentence.text.split()))
    if not sentence.facets:
        line.stylize("dim")
        if sentence.abstained:
            line.append(f"  ({ABSTAINED[sentence.abstained]})", style="dim italic")
    yield line
    for facet in sentence.facets:
        words = " · ".join(f"\u201c{' '.join(item.text.split())}\u201d" for item in reasons(sentence, facet))
        reason = Text(facet.term, style=_STYLES[facet])
        reason.append(f"  {words}", style="not bold default")
        yield Padding(reason, (0, 0, 0, 2))
    for reframe in sentence.reframes:
        yield Padding(Text(f"→ {reframe.text}", style="italic"), (0, 0, 0, 2))


def _gate(analysis: Analysis, services: Sequence[Service]) -> RenderableType:
    ways = [" · ".join(filter(None, (s.name, s.phone, s.text and f"text {s.text}", s.url))) for s in services]
    seen = [f"- \u201c{' '.join(item.text.split())}\u201d: {item.reason}" for item in analysis.safety.evidence]
    paragraphs = [[analysis.safety.card], ways, seen]
    shown = "\n\n".join("\n".join(map(escape, lines)) for lines in paragraphs if lines)
    return Panel(shown, title="No reframes here", border_style="yellow")
