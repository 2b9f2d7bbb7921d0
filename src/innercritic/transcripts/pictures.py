"""Where in a session the critic speaks, drawn with matplotlib: readable without colour, for light and dark."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ..facets import CRITIC_FACETS, Facet
from ..journal.drawing import describe, dress, for_page
from ..pages import Picture
from .session_rates import TurnCounts

MOST_SESSIONS: Final = 12
"""A picture shows so many sessions, one below the other."""

_SIGNS: Final = {Facet.SELF_JUDGMENT: "v", Facet.ISOLATION: "o", Facet.OVER_IDENTIFICATION: "s"}
_WIDE, _NARROW = 7.8, 3.6
_MARGIN, _LANE = 1.1, 0.36


def course(sessions: Sequence[TurnCounts], labels: Sequence[str]) -> Picture:
    """Draw the client's turns of some sessions from left to right, with a sign where a critic facet was found.

    Parameters
    ----------
    sessions : sequence of TurnCounts
        At most `MOST_SESSIONS`.
    labels : sequence of str
        What to call each.

    Returns
    -------
    pages.Picture
    """
    found = "; ".join(f"{label}: {_in_words(counted)}" for label, counted in zip(labels, sessions, strict=True))
    height = _MARGIN + _LANE * len(sessions)

    def draw(figure: Figure, style: Mapping[str, Any], is_narrow: bool) -> None:
        _draw(figure.subplots(), sessions, labels, style)
        describe(figure, f"Each session from its first to its last client turn. {found}.")

    return for_page(
        draw,
        (_WIDE, height),
        (_NARROW, height),
        "A line is a session, from the client's first turn to the last: those with the most such sentences. "
        "Triangles are turns with self-judgment, circles with isolation, squares with over-identification.",
    )


def _draw(ax: Axes, sessions: Sequence[TurnCounts], labels: Sequence[str], style: Mapping[str, Any]) -> None:
    for lane, counted in enumerate(sessions):
        turns = np.arange(1, len(counted.counts) + 1)
        ax.plot([1, max(len(turns), 2)], [lane, lane], color=style["grid"], linewidth=1.2, zorder=1)
        for place, facet in enumerate(CRITIC_FACETS):
            with_it = turns[counted.counts[:, 2 + list(Facet).index(facet)] > 0]
            height = np.full(len(with_it), lane + 0.24 * (place - 1))
            ax.plot(with_it, height, _SIGNS[facet], color=style["line"], markersize=4, zorder=2)
    dress(ax, style, "Where the critic speaks", "turn of the client")
    ax.set_yticks(range(len(sessions)), [label if len(label) < 18 else f"{label[:16]}\u2026" for label in labels])
    ax.set_ylim(len(sessions) - 0.4, -0.6)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.grid(visible=False)


def _in_words(counted: TurnCounts) -> str:
    totals = counted.totals
    return ", ".join(f"{totals[facet]} with {facet.term}" for facet in CRITIC_FACETS)
