"""Journals drawn with matplotlib: readable without colour, with titles, units and words for who cannot see them."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ..facets import Facet
from .dates import in_words
from .drawing import LIGHT, Drawn, axes, band, dates, describe, dress, new_figure, square, top
from .tallies import PAIRS

if TYPE_CHECKING:
    import pandas as pd

    from .diary import Journal

UNIT = "sentences in every 100"
MOST_PERIODS, MOST_SMALL = 60, 30
"""A timeline, and a small one, whose `freq` is not given has so many periods at most, unless it spans more years."""

LEAST_PERIODS, FEW = 6, 3

_FREQS: Final = {"D": 1, "W": 7, "M": 30.4, "Q": 91.3, "Y": 365.2}
_PERIOD_WORDS: Final = {"D": "day", "W": "week", "M": "month", "Q": "quarter", "Y": "year"}
_GROUP_WORDS: Final = {"critic": "any critic facet", "compassionate": "any compassionate facet"}


def draw(journal: "Journal", kind: str, **options: Any) -> Drawn:
    """Draw one of `KINDS_OF_PICTURE`; see the function of that name."""
    if kind not in KINDS_OF_PICTURE:
        raise ValueError(f"a picture is one of {', '.join(KINDS_OF_PICTURE)}, not {kind!r}")
    return KINDS_OF_PICTURE[kind](journal, **options)


def alt_text(drawn: Drawn) -> str:
    """What a picture shows, in words: for the ``alt`` of an image."""
    figure = drawn if isinstance(drawn, Figure) else drawn.get_figure(root=True)
    return str(figure.get_label()) if figure is not None else ""


def fitting_freq(times: "pd.Series", most: int = MOST_PERIODS) -> str:
    """Choose days, weeks, months, quarters or years.

    There are at most so many periods as asked for, and of these as many as leave `FEW` entries to a period: less says
    nothing about a period. But no fewer than `LEAST_PERIODS`, if it can be helped.

    Examples
    --------
    >>> import pandas as pd
    >>> fitting_freq(pd.Series(pd.date_range("2024-01-01", "2024-12-31")))
    'W'
    """
    days = (times.max() - times.min()).days + 1
    fitting = [freq for freq, length in _FREQS.items() if days / length <= most] or ["Y"]
    full = [
        freq for freq in fitting if len(times) * _FREQS[freq] >= FEW * days and days / _FREQS[freq] >= LEAST_PERIODS
    ]
    return (full or fitting)[0]


def timeline(
    journal: "Journal",
    facet: str = "critic",
    freq: str | None = None,
    person: Any = None,
    ax: Axes | None = None,
    style: Mapping[str, Any] = LIGHT,
    legend: bool = True,
) -> Axes:
    """One facet over time: rate a period, with its 95% interval as a band, a dot where something was written.

    Parameters
    ----------
    journal : Journal
        What to draw.
    facet : str, default "critic"
        A facet, ``"critic"`` or ``"compassionate"``.
    freq : str, optional
        Length of a period; by default one that fits the journal.
    person : optional
        Whose entries, when there are several people.
    ax : Axes, optional
        Where to draw; by default a new figure.
    style : mapping, default LIGHT
        Colours.
    legend : bool, default True
        Whether to say what line and band are.

    Returns
    -------
    Axes
    """
    rates, freq = _rates(journal, [facet], freq, person)
    ax = axes(ax, (9, 3.6))
    band(ax, rates, style)
    ax.set_ylim(0, max(top(rates), ax.get_ylim()[1]))  # never cut off what shares this scale
    dress(ax, style, title=f"{_name(facet).capitalize()}, by {_word(freq)}", ylabel=UNIT)
    dates(ax)
    if legend:
        words = "line and dots: what was counted · band: where the rate may well lie (95%)"
        where: dict[str, Any] = {"transform": ax.transAxes, "ha": "right", "va": "bottom"}
        ax.text(1, 1.02, words, fontsize="x-small", color=style["quiet"], **where)
    describe(ax, _timeline_words(rates, facet, freq, journal.trend(facet, person).words))
    return ax


def facets(
    journal: "Journal",
    freq: str | None = None,
    person: Any = None,
    figure: Figure | None = None,
    style: Mapping[str, Any] = LIGHT,
    columns: int = 2,
) -> Figure:
    """Small multiples: each critic facet beside its opposite, over time, all on the same scale.

    Parameters
    ----------
    journal, freq, person, style
        See `timeline`.
    figure : Figure, optional
        Where to draw; by default a new one.
    columns : int, default 2
        How many pictures side by side.

    Returns
    -------
    Figure
    """
    rates, freq = _rates(journal, [str(facet) for facet in Facet], freq, person, MOST_SMALL)
    figure = figure or new_figure((9, 7))
    names = [facet for pair in PAIRS for facet in pair]
    grid = figure.subplots(-(-len(names) // columns), columns, sharex=True, sharey=True, squeeze=False)
    for ax, facet in zip(grid.flat, names, strict=True):
        band(ax, rates[rates["facet"] == facet], style)
        ax.set_ylim(0, top(rates))
        dress(ax, style, title=facet.term)
        dates(ax)
    figure.supylabel(UNIT, color=style["ink"], fontsize="medium")
    figure.suptitle(f"Six facets, by {_word(freq)}", color=style["ink"], fontsize="medium", x=0.01, ha="left")
    totals = rates.groupby("facet")[["facet_sentences", "sentences"]].sum().reindex(map(str, names), fill_value=0)
    counted = "; ".join(f"{facet.term} in {totals.loc[str(facet), 'facet_sentences']}" for facet in names)
    describe(
        figure,
        f"Six line charts over time, by {_word(freq)}. Of {totals['sentences'].iloc[0]} sentences, {counted}.",
    )
    return figure


def calendar(
    journal: "Journal",
    facet: str = "critic",
    person: Any = None,
    ax: Axes | None = None,
    style: Mapping[str, Any] = LIGHT,
    year: int | None = None,
    rows: int = 1,
) -> Axes:
    """A calendar of one year, a square a day: the larger the square inside, the more of its sentences carry the facet.

    Size says it, not colour alone. Days without an entry are empty; days with entries and none such have a dot.

    Parameters
    ----------
    journal, facet, person, ax, style
        See `timeline`.
    year : int, optional
        Which year; by default the last one written in.
    rows : int, default 1
        Into how many rows the year is cut: 2 for a narrow screen.

    Returns
    -------
    Axes
    """
    rates, _ = _rates(journal, [facet], "D", person)
    written = rates[rates["sentences"] > 0]
    year = year or (int(written["period"].dt.year.max()) if len(written) else 1970)
    days = written[written["period"].dt.year == year]
    ax = axes(ax, (10, 2.4))
    first = np.datetime64(f"{year}-01-01", "D")
    offset = int(first.astype(int) + 3) % 7  # Monday is 0
    weeks = -(-54 // rows)

    def place(day: int) -> tuple[int, int]:
        week, weekday = divmod(day + offset, 7)
        return week % weeks, weekday + 9 * (week // weeks)

    edge = 0.92
    for date, rate in zip(days["period"], days["rate"], strict=True):
        x, y = place(date.day_of_year - 1)
        size = edge * np.sqrt(rate / 100) if rate else 0.16
        ax.add_patch(square(x, y, edge, fill=False, edgecolor=style["quiet"], linewidth=0.6))
        ax.add_patch(square(x, y, size, facecolor=style["line"] if rate else style["quiet"], linewidth=0))
    key = f"full square: 100 {UNIT} · dot: none"
    dress(ax, style, title=f"{_name(facet).capitalize()}: days of {year}", xlabel=key)
    for month, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1):
        x, y = place(int((np.datetime64(f"{year}-{month:02d}", "D") - first).astype(int)))
        ax.text(x, y - y % 9 + 7.15, name, ha="center", va="center", fontsize="small", color=style["ink"])
    ax.set(xlim=(-0.8, weeks - 0.2), ylim=(9 * rows - 1.2, -0.8), aspect="equal", xticks=[])
    ax.set_yticks([9 * row + day for row in range(rows) for day in (0, 2, 4, 6)], ["Mon", "Wed", "Fri", "Sun"] * rows)
    ax.grid(visible=False)
    ax.spines[["left", "bottom"]].set_visible(False)
    ax.tick_params(length=0)
    some = int((days["facet_sentences"] > 0).sum())
    describe(ax, f"Calendar of {year}: {len(days)} days with entries, {some} of them with {_name(facet)}.")
    return ax


def balance(journal: "Journal", person: Any = None, ax: Axes | None = None, style: Mapping[str, Any] = LIGHT) -> Axes:
    """Critic facets to the left, their opposites to the right, a row a pair, as the Self-Compassion Scale pairs them.

    Parameters
    ----------
    journal, person, ax, style
        See `timeline`.

    Returns
    -------
    Axes
    """
    table = journal.balance()
    if journal.has_people:
        table = table[table["person"] == journal.the_person(person)]
    ax = axes(ax, (9, 3))
    widest = max(table[["rate", "opposite_rate"]].max(axis=None) if len(table) else 0, 1.0)
    for y, row in enumerate(table.itertuples()):
        ax.barh(y, -row.rate, height=0.4, color=style["line"], edgecolor=style["line"])
        ax.barh(y, row.opposite_rate, height=0.4, color=style["paper"], edgecolor=style["line"], hatch="////")
        for side, kind, value, count in (
            (-1, row.facet, row.rate, row.facet_sentences),
            (1, row.opposite, row.opposite_rate, row.opposite_sentences),
        ):
            looks = {"va": "center", "ha": "right" if side < 0 else "left", "color": style["ink"], "fontsize": "small"}
            apart: dict[str, Any] = {"textcoords": "offset points", "xytext": (5 * side, 0), **looks}
            ax.annotate(str(count), (side * value, y), **apart)
            ax.annotate(Facet(kind).term, (0, y - 0.34), **apart)
        plate = {"facecolor": style["paper"], "linewidth": 0, "pad": 1}
        ax.text(0, y + 0.34, row.lean, ha="center", va="center", color=style["quiet"], fontsize="x-small", bbox=plate)
    dress(ax, style, title="Critic facets and their opposites", xlabel=UNIT)
    ax.plot([0, 0], [-0.5, 2.2], color=style["ink"], linewidth=0.8, zorder=0)
    ax.set(xlim=(-1.25 * widest, 1.25 * widest), ylim=(2.5, -0.7), yticks=[])
    ax.grid(visible=False)
    ax.spines["left"].set_visible(False)
    ax.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    ax.xaxis.set_major_formatter(lambda value, _: f"{abs(value):g}")
    words = "; ".join(
        f"{Facet(r.facet).term} {r.facet_sentences} against {Facet(r.opposite).term} {r.opposite_sentences}, {r.lean}"
        for r in table.itertuples()
    )
    sentences = table["sentences"].iloc[0] if len(table) else 0
    describe(ax, f"Bars for three pairs, of {sentences} sentences: {words}.")
    return ax


KINDS_OF_PICTURE: Final[Mapping[str, Callable[..., Drawn]]] = MappingProxyType(
    {"timeline": timeline, "facets": facets, "calendar": calendar, "balance": balance}
)


def _rates(
    journal: "Journal", kinds: list[str], freq: str | None, person: Any, most: int = MOST_PERIODS
) -> "tuple[pd.DataFrame, str]":
    who = journal.the_person(person)
    times = journal.entries()["time"].dropna()
    freq = freq or (fitting_freq(times, most) if len(times) else "W")
    rates = journal.rates(freq, kinds)
    return (rates[rates["person"] == who] if journal.has_people else rates), freq


def _timeline_words(rates: "pd.DataFrame", facet: str, freq: str, trend: str) -> str:
    seen = rates[rates["sentences"] > 0]
    if seen.empty:
        return f"{_name(facet).capitalize()} over time: nothing to draw."
    top = seen.loc[seen["rate"].idxmax()]
    return (
        f"{_name(facet).capitalize()} over time, by {_word(freq)}, {in_words(seen['period'].iloc[0])} to "
        f"{in_words(seen['period'].iloc[-1])}: {trend}. Most in the {_word(freq)} of {in_words(top['period'])}: "
        f"{top['facet_sentences']} of {top['sentences']} sentences."
    )


def _name(kind: str) -> str:
    return _GROUP_WORDS[kind] if kind in _GROUP_WORDS else Facet(kind).term


def _word(freq: str) -> str:
    return _PERIOD_WORDS.get(freq[0], "period")
