"""The most telling sentences of a journal with their reframes, practices, and the entries a raised gate covers."""

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ..facets import COMPASSIONATE_FACETS, CRITIC_FACETS
from ..markup import passage
from ..pages import Block, Passage, Passages, Prose, Steps
from ..practices import PRACTICES
from ..reframes import NO_REPEAT_AMONG
from ..results import Analysis, SentenceReading
from .dates import in_words
from .tallies import raised

if TYPE_CHECKING:
    import pandas as pd

    from .diary import Journal

MOST_TELLING = {**dict.fromkeys(CRITIC_FACETS, 6), **dict.fromkeys(COMPASSIONATE_FACETS, 4)}
MOST_AN_ENTRY = 2
"""So many sentences a facet are shown, and of one entry."""

GATE_DAYS = 7
"""An entry that raised the gate keeps it raised for what the same person wrote so many days before and after."""


class Told(NamedTuple):
    """A sentence worth showing, with the entry it is of."""

    entry: int
    heading: str
    analysis: Analysis
    sentence: SentenceReading


def gated_entries(journal: "Journal") -> "pd.Series":
    """Which entries get no reframe: a raised gate covers the days around it and, without a date, all of a person's."""
    import pandas as pd

    entries = journal.entries().reset_index(drop=True)
    person = entries["person"] if journal.has_people else pd.Series("", entries.index)
    gated = raised(entries).to_numpy()
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


def telling_sentences(journal: "Journal", gated: "pd.Series") -> list[Told]:
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
    entries, told = journal.entries().reset_index(drop=True), []
    shown = entries.loc[sorted({entry for entry, _ in chosen})].sort_values("time", kind="stable")
    for entry, time in shown["time"].items():
        analysis = journal.analyze(entry)
        heading = "No date" if isnull(time) else f"{time:%A}, {in_words(time)}"
        if journal.has_people:
            heading = f"{entries['person'][entry]} · {heading}"
        told += [Told(int(entry), heading, analysis, s) for s in analysis.sentences if (entry, s.start) in chosen]
    return told


def passages(journal: "Journal", telling: list[Told], filters: str = "") -> Iterator[Block]:
    """The sentences, each with a reframe of its own where one is due; `filters` names the choice among them."""
    if not telling:
        yield Prose(("There is no sentence to show here: none carries a facet, or the gate covers those that do.",))
        return
    words = "The sentences the program is surest of, the words that speak for each, and another way to say it. "
    yield Prose((words + "Take what fits and leave the rest.",))
    recent: deque[str] = deque(maxlen=NO_REPEAT_AMONG)
    shown = [_shown(journal, told, recent) for told in telling]
    yield Passages(tuple(shown), filters=filters)


def _shown(journal: "Journal", told: Told, recent: deque[str]) -> Passage:
    place = told.analysis.sentences.index(told.sentence)
    reframes = journal.critic.reframes_for(told.analysis, recent=tuple(recent))[place]
    recent.extend(reframe.template for reframe in reframes)
    return passage(replace(told.sentence, reframes=reframes), heading=told.heading)


def practices(journal: "Journal", telling: list[Told], gated: "pd.Series") -> list[Block]:
    """The four practices, made for the entry with the likeliest critic sentence; none while the last entry is gated."""
    times = journal.entries()["time"].reset_index(drop=True)
    critics = [told for told in telling if told.sentence.critic_facets]
    if not critics or gated[times == times.max()].any():
        return []
    told = max(critics, key=lambda t: max(t.sentence.probabilities[facet] for facet in t.sentence.critic_facets))
    found = [journal.critic.practice(name, told.analysis) for name in PRACTICES]
    return [Steps(done.title, done.steps, done.source) for done in found if done is not None]
