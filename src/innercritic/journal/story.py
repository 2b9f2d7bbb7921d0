"""A journal as the sections of a page: what was counted, what it may mean, the most telling sentences, what to do."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from matplotlib.figure import Figure

from ..facets import Facet
from ..markup import facet_terms
from ..pages import Block, Picture, Prose, Section, Table, page
from . import pictures
from .dates import in_words
from .drawing import Size, for_page
from .overview import MOST_PEOPLE, is_one_person, overview, plural
from .telling import gated_entries, passages, practices, telling_sentences

if TYPE_CHECKING:
    import pandas as pd

    from .diary import Journal


NOT_A_DIAGNOSIS = (
    "This is research and self-help software. It makes no diagnosis, grades no risk, watches over nobody and promises "
    "no safety. It misses sentences and it misreads some; nothing on this page is a measure of a person."
)


def tell(journal: "Journal", title: str, include_text: bool) -> str:
    """Make the page of a journal; see `Journal.to_html`."""
    entries = journal.entries()
    sections = [
        Section("At a glance", tuple(overview(journal))),
        *([Section("Over time", tuple(_pictures(journal)))] if is_one_person(journal) else ()),
        Section("Critic and compassion", tuple(_balance(journal))),
    ]
    if include_text:
        gated = gated_entries(journal)
        telling = telling_sentences(journal, gated)
        sections.append(Section("Most telling sentences", tuple(passages(journal, telling, filters="Show"))))
        if is_one_person(journal) and (steps := practices(journal, telling, gated)):
            sections.append(Section("Practices of a minute", tuple(steps)))
    sections.append(Section("How to read this page", tuple(_reading_guide())))
    lead = (f"{plural(len(journal), 'entry', 'entries')}{_span(entries)}, read by the model {journal.critic.name}.",)
    return page(title, sections, lead=lead, foot=(NOT_A_DIAGNOSIS,))


def _pictures(journal: "Journal") -> Iterator[Block]:
    for kind in ("timeline", "facets", "calendar"):
        yield _picture(journal, kind)


def _balance(journal: "Journal") -> Iterator[Block]:
    if is_one_person(journal):
        yield _picture(journal, "balance")
        return
    table = journal.balance()
    rows = tuple(
        (str(row.person), Facet(row.facet).term, f"{row.facet_sentences} : {row.opposite_sentences}", row.lean)
        for row in table.head(3 * MOST_PEOPLE).itertuples()
    )
    yield Table(
        "Critic facets against their opposites", ("Person", "Facet", "Sentences, critic : opposite", "Lean"), rows
    )


def _picture(journal: "Journal", kind: str) -> Picture:
    wide, narrow, differently = _LOOKS[kind]

    def draw(figure: Figure, style: Mapping[str, Any], is_narrow: bool) -> None:
        where = {"figure": figure} if kind == "facets" else {"ax": figure.subplots()}
        pictures.draw(journal, kind, style=style, **where, **(differently if is_narrow else {}))

    return for_page(draw, wide, narrow, _CAPTIONS[kind])


_LOOKS: Final[dict[str, tuple[Size, Size, dict[str, Any]]]] = {
    "timeline": ((7.8, 3.2), (3.6, 2.9), {"legend": False}),
    "facets": ((7.8, 6.2), (3.6, 9.0), {"columns": 1}),
    "calendar": ((7.8, 1.8), (3.6, 2.6), {"rows": 2}),
    "balance": ((7.8, 3.0), (3.6, 3.0), {}),
}
"""Size of each picture on a wide and on a narrow screen, in inches, and what else differs on the narrow one."""

_CAPTIONS: Final = {
    "timeline": "Critic facets over time: what was counted (line and dots), and where the rate may well lie (band). "
    "Where the band is wide, little was written.",
    "facets": "The same for each facet beside its opposite, all on one scale.",
    "calendar": "The fuller a square, the more of that day's sentences. A dot is a day with entries and none such; "
    "days without an entry are blank.",
    "balance": "Each critic facet beside the opposite that the scale pairs it with. The numbers count sentences.",
}


def _reading_guide() -> Iterator[Block]:
    yield facet_terms()
    yield Prose(
        (
            "Sentences are counted, not people. A facet is claimed for a sentence when the program is sure enough; "
            "most carry none. Sentences that are too short, without words, or not in English are not judged.",
            "“Likely” ranges and bands hold the true rate in about 95 of 100 such ranges. Their unit is the entry: "
            "sentences written on one day are alike, so many sentences from few days say less than they seem to.",
            "“Rising” and “falling” are said only when chance alone would seldom do it; a rare facet needs a long "
            "journal. “No clear change” is not “no change”. The six facets are judged together, so that looking at six "
            "does not find what is not there.",
            "What you write about changes with what happens to you. A hard month is not a fault, and writing it down "
            "is not a bad sign.",
        )
    )


def _span(entries: "pd.DataFrame") -> str:
    times = entries["time"].dropna()
    return f", {in_words(times.min())} to {in_words(times.max())}" if len(times) else ""
