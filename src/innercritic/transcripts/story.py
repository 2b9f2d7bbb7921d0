"""Sessions as a page: what the gate named, what was counted and how surely, the most telling sentences."""

from collections import Counter
from collections.abc import Iterator
from math import ceil, isnan
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from ..analyzer import load
from ..facets import CRITIC_FACETS, Facet, SafetyFlag
from ..journal.overview import plural
from ..markup import facet_terms, passage
from ..pages import Block, Card, Passages, Prose, Section, Table, page
from ..resources import DEFAULT_MODEL
from .outputs import read_rows
from .session_rates import Rate, TurnCounts, count_file, facet_rates
from .turns import CLIENT

MOST_SESSIONS: Final = 100
"""A page has rows for so many sessions; the rest is in `rates`."""

MOST_TELLING: Final = 6
MOST_A_SESSION: Final = 2
"""So many sentences a critic facet are shown, and of one session."""


class _Told(NamedTuple):
    """A sentence worth showing, and where it is."""

    probability: float
    source: str
    session: str
    line: int
    turn_start: float
    text: str


_TOLD_COLUMNS: Final = ("role", *_Told._fields[1:], *CRITIC_FACETS, *(f"p_{facet}" for facet in CRITIC_FACETS))

NOT_A_DIAGNOSIS: Final = (
    "This is research software. It makes no diagnosis, grades no risk, rates no therapist and watches over nobody. It "
    "misses sentences and it misreads some; nothing on this page is a measure of a person."
)


def tell(out: Path, title: str, include_text: bool, model: str | Path = DEFAULT_MODEL) -> str:
    """Make the page of a job.

    Parameters
    ----------
    out : Path
        What the job wrote.
    title : str
        Title of the page.
    include_text : bool
        Whether to show sentences; the rows must have them.
    model : str or Path
        The job's model, to say why a sentence was chosen.

    Returns
    -------
    str
        One self-contained HTML page.
    """
    sessions, more, totals = _counted(out)
    sections = [Section("At a glance", tuple(_overview(sessions, more, totals)))]
    if sessions:
        sections.append(Section("Session by session", tuple(_by_session(sessions, more))))
        sections.append(Section("First and last third", tuple(_thirds(sessions))))
    if include_text:
        sections.append(Section("Most telling sentences", tuple(_telling(out, model))))
    sections.append(Section("How to read this page", tuple(_reading_guide())))
    return page(title, sections, foot=(NOT_A_DIAGNOSIS,))


def _counted(out: Path) -> tuple[list[TurnCounts], int, dict[str, int]]:
    """The first sessions, how many more there are, and the sums over all."""
    sessions: list[TurnCounts] = []
    more = 0
    totals: dict[str, int] = {}
    for counted in count_file(out):
        for name, number in counted.totals.items():
            totals[name] = totals.get(name, 0) + number
        if len(sessions) < MOST_SESSIONS:
            sessions.append(counted)
        else:
            more += 1
    return sessions, more, totals


def _overview(sessions: list[TurnCounts], more: int, totals: dict[str, int]) -> Iterator[Block]:
    if not sessions:
        yield Prose(("No client sentence was read.",))
        return
    raised = [(counted, flags) for counted in sessions if (flags := _flags(counted))]
    if any(totals[flag] for flag in SafetyFlag):
        named = "; ".join(flag.definition for flag in SafetyFlag if totals[flag])
        where = ", ".join(f"{counted.key[1]} ({flags})" for counted, flags in raised) or "sessions further on"
        yield Card(
            "The safety gate was raised",
            (f"What was named: {named}. In: {where}.", "It misses things and raises false alarms. Please read there."),
        )
    left = totals["sentences"] - totals["judged"]
    said = f"{plural(len(sessions) + more, 'session', 'sessions')}, "
    said += f"{plural(totals['sentences'], 'client sentence', 'client sentences')}. "
    said += f"{plural(totals['judged'], 'was', 'were')} judged"
    said += f"; {plural(left, 'was', 'were')} not: too short, no words, or not English." if left else "."
    yield Prose((said,))
    rows = tuple((facet.term.capitalize(), f"{totals[facet]} of {totals['judged']}") for facet in Facet)
    yield Table("The six facets, all sessions", ("Facet", "Sentences"), rows)


def _by_session(sessions: list[TurnCounts], more: int) -> Iterator[Block]:
    try:
        from .pictures import MOST_SESSIONS as MOST_DRAWN
        from .pictures import course
    except ImportError:
        yield Prose(('A picture of the sessions needs matplotlib: pip install "innercritic[notebook]".',))
    else:
        most = sorted(sessions, key=lambda counted: -sum(counted.totals[facet] for facet in CRITIC_FACETS))[:MOST_DRAWN]
        drawn = [counted for counted in sessions if any(counted is other for other in most)]
        yield course(drawn, [counted.key[1] for counted in drawn])
    rows = []
    for counted in sessions:
        totals, found = counted.totals, facet_rates(counted.counts)
        cells = [_likely(found[facet].count, found[facet].low, found[facet].high) for facet in CRITIC_FACETS]
        rows.append(
            (counted.key[1], f"{totals['judged']} of {totals['sentences']}", *cells, _flags(counted) or "\u2013")
        )
    columns = ("Session", "Judged", *(facet.term.capitalize() for facet in CRITIC_FACETS), "Gate")
    caption = "Sentences, and where the rate in every 100 likely lies, if there are turns enough to say"
    yield Table(caption, columns, tuple(rows))
    if more:
        yield Prose((f"And {plural(more, 'more session', 'more sessions')}.",))


def _likely(count: int, low: float, high: float) -> str:
    return str(count) if isnan(low) else f"{count} ({int(low)} to {ceil(high)})"


def _flags(counted: TurnCounts) -> str:
    totals = counted.totals
    return ", ".join(flag.replace("_", " ") for flag in SafetyFlag if totals[flag])


def _thirds(sessions: list[TurnCounts]) -> Iterator[Block]:
    rows = []
    for counted in sessions:
        found = facet_rates(counted.counts)
        moved = [found[facet] for facet in CRITIC_FACETS]
        if not isnan(moved[0].change_low):
            rows.append((counted.key[1], *map(_moved, moved)))
    if not rows:
        yield Prose(("No session has enough turns to compare its first third with its last.",))
        return
    columns = ("Session", *(facet.term.capitalize() for facet in CRITIC_FACETS))
    yield Table("Sentences in every 100, first third to last", columns, tuple(rows))


def _moved(rate: Rate) -> str:
    direction = "more" if rate.change_low > 0 else "fewer" if rate.change_high < 0 else "no clear change"
    return f"{rate.first_third:.0f} to {rate.last_third:.0f}, {direction}"


def _telling(out: Path, model: str | Path) -> Iterator[Block]:
    best: dict[Facet, list[_Told]] = {facet: [] for facet in CRITIC_FACETS}
    for batch in read_rows(out, _TOLD_COLUMNS):
        for facet in CRITIC_FACETS:
            claimed = np.flatnonzero((batch["role"] == CLIENT) & batch[facet].astype(bool))
            columns = [batch[name][claimed].tolist() for name in (f"p_{facet}", *_Told._fields[1:])]
            best[facet] = _likeliest([*best[facet], *map(_Told, *columns)])
    found = sorted((one[1:] for several in best.values() for one in several), key=lambda place: place[:3])
    told = list({(*place[:3], place[-1]): place for place in found}.values())  # a missing time is equal to none
    if not told:
        yield Prose(("There is no sentence to show here: none carries a critic facet.",))
        return
    yield Prose(("The sentences the program is surest of, and the words that speak for each.",))
    readings = load(model).read([text for *_, text in told], [[0]] * len(told))
    passages = [
        passage(analysis.sentences[0], offers=False, heading=f"Session {session}, line {line}{_when(start)}")
        for (_, session, line, start, _), analysis in zip(told, readings, strict=True)
    ]
    yield Passages(tuple(passages), filters="Show")


def _likeliest(told: list[_Told]) -> list[_Told]:
    """The likeliest of some sentences, few of each session, none twice."""
    chosen: dict[str, _Told] = {}
    of_session: Counter[tuple[str, str]] = Counter()
    for sentence in sorted(told, key=lambda sentence: -sentence.probability):
        key = sentence.source, sentence.session
        if sentence.text not in chosen and of_session[key] < MOST_A_SESSION:
            of_session[key] += 1
            chosen[sentence.text] = sentence
    return list(chosen.values())[:MOST_TELLING]


def _when(start: float) -> str:
    return "" if start is None or start != start else f", at {int(start) // 60}:{int(start) % 60:02}"


def _reading_guide() -> Iterator[Block]:
    yield facet_terms()
    yield Prose(
        (
            "Only what clients say is counted: a therapist who says \u201cso you feel like a failure\u201d judges "
            "nobody.",
            "Sentences are counted, not people. A facet is claimed when the program is sure enough; most sentences "
            "carry none. Turns too short to judge, \u201cyeah\u201d say, are left out of every rate.",
            "A likely range holds the true rate in about 19 of 20 sessions. Its unit is the turn, since sentences of "
            "one turn are alike. With few turns it is wide, or not given: a single session tells little.",
            "\u201cMore\u201d and \u201cfewer\u201d compare the last third of a session with the first, and are said "
            "only when chance alone would seldom do it. People warm up, topics change: it is no measure of a session's "
            "worth.",
        )
    )
