"""A journal as the sections of a page: what was counted, what it may mean, the most telling sentences, what to do."""

import io
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from math import ceil
from typing import TYPE_CHECKING, Any, NamedTuple

from matplotlib.figure import Figure

from ..facets import COMPASSIONATE_FACETS, CRITIC_FACETS, Facet, SafetyFlag
from ..markup import GATE_TITLE, passage
from ..pages import Block, Card, Passage, Passages, Picture, Prose, Section, Steps, Table, Terms, page
from ..practices import PRACTICES
from ..reframes import NO_REPEAT_AMONG
from ..results import Analysis, SentenceReading
from . import pictures
from .dates import in_words
from .trends import State, Trend

if TYPE_CHECKING:
    import pandas as pd

    from .diary import Journal

MOST_TELLING = {**dict.fromkeys(CRITIC_FACETS, 6), **dict.fromkeys(COMPASSIONATE_FACETS, 4)}
MOST_AN_ENTRY = 2
"""So many sentences a facet are shown, and of one entry."""

GATE_DAYS = 7
"""An entry that raised the gate keeps it raised for what the same person wrote so many days before and after."""

MOST_PEOPLE = 50
"""A page has rows for so many people at most."""

LEVEL_OF_SIX = 1 - 0.05 / 6
"""Six facets are looked at together, each at this level, so that one in twenty pages is wrong, not one in four."""


class Told(NamedTuple):
    """A sentence worth showing, with the entry it is of."""

    entry: int
    heading: str
    analysis: Analysis
    sentence: SentenceReading


NOT_A_DIAGNOSIS = (
    "This is research and self-help software. It makes no diagnosis, grades no risk, watches over nobody and promises "
    "no safety. It misses sentences and it misreads some; nothing on this page is a measure of a person."
)


def tell(journal: "Journal", title: str, include_text: bool) -> str:
    """Make the page of a journal; see `Journal.to_html`."""
    entries = journal.entries()
    sections = [
        Section("At a glance", tuple(overview(journal))),
        *([Section("Over time", tuple(_pictures(journal)))] if _is_one_person(journal) else ()),
        Section("Critic and compassion", tuple(_balance(journal))),
    ]
    if include_text:
        gated = _gated(journal)
        telling = _telling(journal, gated)
        sections.append(Section("Most telling sentences", tuple(_passages(journal, telling))))
        if steps := _practices(journal, telling, gated):
            sections.append(Section("Practices of a minute", tuple(steps)))
    sections.append(Section("How to read this page", tuple(_reading_guide())))
    lead = (f"{_plural(len(journal), 'entry', 'entries')}{_span(entries)}, read by the model {journal.critic.name}.",)
    return page(title, sections, lead=lead, foot=(NOT_A_DIAGNOSIS,))


def overview(journal: "Journal") -> list[Block]:
    """What a notebook shows of a journal, and a page at its top: the gate's card, counts, trends in words."""
    entries = journal.entries().reset_index(drop=True)
    raised = entries[~entries["clear"]]
    blocks: list[Block] = [_card(journal, raised)] if len(raised) else []
    judged, left = int(entries["sentences"].sum()), int(entries["abstained"].sum())
    said = [f"{judged} sentences were judged, in {_plural(int((entries['sentences'] > 0).sum()), 'entry', 'entries')}."]
    if left:
        said.append(f"{left} were not: too short, no words, or not English.")
    if undated := int(entries["time"].isna().sum()):
        said.append(f"{_plural(undated, 'entry has', 'entries have')} no date and count, but not over time.")
    if journal.skipped:
        said.append(f"{_plural(len(journal.skipped), 'file was', 'files were')} not read.")
    blocks.append(Prose((" ".join(said),)))
    if _is_one_person(journal):
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
        rows.append((str(person), _plural(trend.entries, "entry", "entries"), trend.words))
    yield Table("Critic facets, each person against themself", ("Person", "Judged", "Over time"), tuple(rows))
    if len(people) > MOST_PEOPLE:
        yield Prose((f"And {len(people) - MOST_PEOPLE} more people.",))


def _pictures(journal: "Journal") -> Iterator[Block]:
    yield _picture(
        journal,
        "timeline",
        "Critic facets over time: what was counted (line and dots), and where the rate may well lie (band). Where the band is wide, little was written.",
    )
    yield _picture(journal, "facets", "The same for each facet beside its opposite, all on one scale.")
    yield _picture(
        journal,
        "calendar",
        "The fuller a square, the more of that day's sentences. A dot is a day with entries and none such; days without an entry are blank.",
    )


def _balance(journal: "Journal") -> Iterator[Block]:
    if _is_one_person(journal):
        yield _picture(
            journal,
            "balance",
            "Each critic facet beside the opposite that the scale pairs it with. The numbers count sentences.",
        )
        return
    table = journal.balance()
    rows = tuple(
        (str(row.person), Facet(row.facet).term, f"{row.facet_sentences} : {row.opposite_sentences}", row.lean)
        for row in table.head(3 * MOST_PEOPLE).itertuples()
    )
    yield Table(
        "Critic facets against their opposites", ("Person", "Facet", "Sentences, critic : opposite", "Lean"), rows
    )


def _picture(journal: "Journal", kind: str, caption: str) -> Picture:
    drawn: dict[str, bytes] = {}
    alt = ""
    for name, style in (("light", pictures.LIGHT), ("dark", pictures.DARK)):
        for narrow in (False, True):
            figure = Figure(figsize=_SIZES[kind][narrow], layout="constrained", dpi=110)
            options: dict[str, Any] = {"style": style}
            if kind == "facets":
                options |= {"figure": figure, "columns": 1 if narrow else 2}
            else:
                options["ax"] = figure.subplots()
            if narrow:
                options |= {"timeline": {"legend": False}, "calendar": {"rows": 2}}.get(kind, {})
            pictures.draw(journal, kind, **options)
            alt = pictures.alt_text(figure)
            file = io.BytesIO()
            figure.savefig(file, format="png", metadata={"Software": None})
            drawn[f"narrow_{name}" if narrow else name] = file.getvalue()
    return Picture(**drawn, alt=alt, caption=caption)


_SIZES = {
    "timeline": ((7.8, 3.2), (3.6, 2.9)),
    "facets": ((7.8, 6.2), (3.6, 9.0)),
    "calendar": ((7.8, 1.8), (3.6, 2.6)),
    "balance": ((7.8, 3.0), (3.6, 3.0)),
}


def _card(journal: "Journal", raised: "pd.DataFrame") -> Card:
    days = [f"{in_words(time)}" for time in raised["time"].dropna().sort_values().dt.normalize().drop_duplicates()]
    shown = ", ".join(days[-10:]) if days else "entries without a date"
    earlier = f", and {len(days) - 10} days before" if len(days) > 10 else ""
    flags = "; ".join(flag.definition for flag in SafetyFlag if raised[str(flag)].any())
    return Card(
        GATE_TITLE + f" for {_plural(len(raised), 'entry', 'entries')}",
        (
            journal.analyze(int(raised.index[0])).safety.card,
            f"What was named: {flags}. Written on: {shown}{earlier}.",
            f"Nothing written within {GATE_DAYS} days of these is given a reframe either.",
        ),
    )


def _gated(journal: "Journal") -> "pd.Series":
    """Which entries get no reframe: a raised gate covers the days around it and, without a date, all of a person's."""
    import pandas as pd

    entries = journal.entries().reset_index(drop=True)
    person = entries["person"] if journal.has_people else pd.Series("", entries.index)
    gated = (~entries["clear"]).to_numpy()
    times, who = entries["time"].to_numpy(), person.to_numpy()
    reach = pd.Timedelta(days=GATE_DAYS).to_timedelta64()
    for place in gated.nonzero()[0]:
        same = who == who[place]
        if pd.isna(times[place]):
            gated = gated | same
        else:
            near = abs(times - times[place]) <= reach
            gated = gated | (same & (near | pd.isna(times)))
    return pd.Series(gated)


def _telling(journal: "Journal", gated: "pd.Series") -> list[Told]:
    """The likeliest sentences of each facet, read in full, in order of time; none from near a raised gate."""
    from pandas import isnull

    sentences = journal.sentences(include_text=True)
    open_ = sentences[~sentences["entry"].map(gated).to_numpy(bool) & sentences["abstained"].isna()]
    open_ = open_.drop_duplicates("text")
    chosen: set[tuple[int, int]] = set()
    for facet, most in MOST_TELLING.items():
        claimed = open_[open_[str(facet)]].sort_values(["p_" + facet, "entry"], ascending=[False, True])
        best = claimed.groupby("entry", sort=False).head(MOST_AN_ENTRY).head(most)
        chosen |= set(zip(best["entry"], best["start"], strict=True))
    times = journal.entries()["time"].reset_index(drop=True)
    told = []
    for entry in sorted({entry for entry, _ in chosen}, key=lambda entry: (isnull(times[entry]), times[entry], entry)):
        analysis = journal.analyze(entry)
        heading = "No date" if isnull(times[entry]) else f"{times[entry]:%A}, {in_words(times[entry])}"
        told += [Told(entry, heading, analysis, s) for s in analysis.sentences if (entry, s.start) in chosen]
    return told


def _passages(journal: "Journal", telling: list[Told]) -> Iterator[Block]:
    if not telling:
        yield Prose(("There is no sentence to show here: none carries a facet, or the gate covers those that do.",))
        return
    yield Prose(("The sentences the program is surest of, the words that speak for each, and another way to say it. "
                 "Take what fits and leave the rest.",))  # fmt: skip
    recent: deque[str] = deque(maxlen=NO_REPEAT_AMONG)
    shown = [_shown(journal, told, recent) for told in telling]
    yield Passages(tuple(shown), filters="Show")


def _shown(journal: "Journal", told: Told, recent: deque[str]) -> Passage:
    place = told.analysis.sentences.index(told.sentence)
    reframes = journal.critic.reframes_for(told.analysis, recent=tuple(recent))[place]
    recent.extend(reframe.template for reframe in reframes)
    return passage(replace(told.sentence, reframes=reframes), heading=told.heading)


def _practices(journal: "Journal", telling: list[Told], gated: "pd.Series") -> list[Block]:
    """The four practices, made for the entry with the likeliest critic sentence; none while the last entry is gated."""
    times = journal.entries()["time"].reset_index(drop=True)
    critics = [told for told in telling if told.sentence.critic_facets]
    if not critics or gated[times == times.max()].any():
        return []
    told = max(critics, key=lambda t: max(t.sentence.probabilities[facet] for facet in t.sentence.critic_facets))
    found = [journal.critic.practice(name, told.analysis) for name in PRACTICES]
    return [Steps(done.title, done.steps, done.source) for done in found if done is not None]


def _reading_guide() -> Iterator[Block]:
    yield Terms(tuple((facet.term.capitalize(), f"{facet.definition.capitalize()}.") for facet in Facet))
    yield Prose(
        (
            "Sentences are counted, not people. A facet is claimed for a sentence when the program is sure enough; most "
            "carry none. Sentences that are too short, without words, or not in English are not judged.",
            "“Likely” ranges and bands hold the true rate in about 95 of 100 such ranges. Their unit is the entry: "
            "sentences written on one day are alike, so many sentences from few days say less than they seem to.",
            "“Rising” and “falling” are said only when chance alone would seldom do it; a rare facet needs a long "
            "journal. “No clear change” is not “no change”. The six facets are judged together, so that looking at six "
            "does not find what is not there.",
            "What you write about changes with what happens to you. A hard month is not a fault, and writing it down "
            "is not a bad sign.",
        )
    )


def _trend_words(trend: Trend) -> str:
    if trend.changed is not None:
        return f"{trend.state}; the clearest step is on {in_words(trend.changed)}"
    return str(trend.state) if trend.state is not State.NOT_ENOUGH_DATA else "not enough data to say"


def _span(entries: "pd.DataFrame") -> str:
    times = entries["time"].dropna()
    return f", {in_words(times.min())} to {in_words(times.max())}" if len(times) else ""


def _plural(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _is_one_person(journal: "Journal") -> bool:
    return not journal.has_people or journal.entries()["person"].nunique(dropna=False) <= 1
