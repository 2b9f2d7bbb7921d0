"""A journal at a glance: the gate's card, counts, and trends in words. Needs no pictures."""

from collections.abc import Iterator
from math import ceil
from typing import TYPE_CHECKING

from ..facets import Facet, SafetyFlag
from ..markup import GATE_TITLE
from ..pages import Block, Card, Prose, Table
from .dates import in_words
from .tallies import raised
from .telling import GATE_DAYS
from .trends import State, Trend

if TYPE_CHECKING:
    import pandas as pd

    from .diary import Journal

MOST_PEOPLE = 50
"""A page has rows for so many people at most."""

LEVEL_OF_SIX = 1 - 0.05 / 6
"""Six facets are looked at together, each at this level, so that one in twenty pages is wrong, not one in four."""


def overview(journal: "Journal") -> list[Block]:
    """What a notebook shows of a journal, and a page at its top: the gate's card, counts, trends in words."""
    entries = journal.entries().reset_index(drop=True)
    dangers = entries[raised(entries)]
    blocks: list[Block] = [_card(journal, dangers)] if len(dangers) else []
    judged, left = int(entries["sentences"].sum()), int(entries["abstained"].sum())
    within = plural(int((entries["sentences"] > 0).sum()), "entry", "entries")
    said = [f"{plural(judged, 'sentence was', 'sentences were')} judged, in {within}."]
    if left:
        said.append(f"{plural(left, 'was', 'were')} not: too short, no words, or not English.")
    if undated := int(entries["time"].isna().sum()):
        said.append(f"{plural(undated, 'entry has', 'entries have')} no date and count, but not over time.")
    if journal.skipped:
        said.append(f"{plural(len(journal.skipped), 'file was', 'files were')} not read.")
    blocks.append(Prose((" ".join(said),)))
    if is_one_person(journal):
        blocks += _facet_table(journal)
    else:
        blocks += _people_table(journal)
    return blocks


def _facet_table(journal: "Journal") -> Iterator[Block]:
    yield Prose((f"All critic facets together: {journal.trend('critic').words}.",))
    rows = []
    for facet, (_, sentences, count, _, low, high) in journal.between().items():
        likely = f"{int(low)} to {ceil(high)}" if sentences else "nothing to count"
        trend = journal.trend(facet, level=LEVEL_OF_SIX)
        rows.append((Facet(facet).term.capitalize(), f"{count} of {sentences}", likely, _trend_words(trend)))
    yield Table("The six facets", ("Facet", "Sentences", "In every 100, likely", "Over time"), tuple(rows))


def _people_table(journal: "Journal") -> Iterator[Block]:
    rows = []
    people = list(journal.entries()["person"].drop_duplicates())
    for person in people[:MOST_PEOPLE]:
        trend = journal.trend("critic", person)
        rows.append((str(person), plural(trend.entries, "entry", "entries"), trend.words))
    yield Table("Critic facets, each person against themself", ("Person", "Judged", "Over time"), tuple(rows))
    if len(people) > MOST_PEOPLE:
        yield Prose((f"And {plural(len(people) - MOST_PEOPLE, 'more person', 'more people')}.",))


def _card(journal: "Journal", dangers: "pd.DataFrame") -> Card:
    days = [f"{in_words(time)}" for time in dangers["time"].dropna().sort_values().dt.normalize().drop_duplicates()]
    shown = ", ".join(days[-10:]) if days else "entries without a date"
    earlier = f", and {len(days) - 10} days before" if len(days) > 10 else ""
    flags = "; ".join(flag.definition for flag in SafetyFlag if dangers[str(flag)].any())
    return Card(
        GATE_TITLE + f" for {plural(len(dangers), 'entry', 'entries')}",
        (
            journal.analyze(int(dangers.index[0])).safety.card,
            f"What was named: {flags}. Written on: {shown}{earlier}.",
            f"Nothing written within {GATE_DAYS} days of these is given a reframe either.",
        ),
    )


def _trend_words(trend: Trend) -> str:
    if trend.changed is not None:
        return f"{trend.state}; the clearest step is on {in_words(trend.changed)}"
    return str(trend.state) if trend.state is not State.NOT_ENOUGH_DATA else "not enough data to say"


def plural(count: int, one: str, many: str) -> str:
    """A count with the right word behind it."""
    return f"{count} {one if count == 1 else many}"


def is_one_person(journal: "Journal") -> bool:
    """Whether trends and pictures of the whole journal are of one person."""
    return not journal.has_people or journal.entries()["person"].nunique(dropna=False) <= 1
