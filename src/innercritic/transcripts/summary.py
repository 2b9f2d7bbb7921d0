"""The rates of a job's sessions as a table for a terminal."""

from math import isnan
from pathlib import Path
from typing import Final

from rich.table import Table

from ..facets import CRITIC_FACETS, SafetyFlag
from .session_rates import Rate, count_file, facet_rates

MOST_SESSIONS: Final = 200
"""A terminal shows so many sessions; `rates` gives all."""


def summary_table(out: Path) -> Table:
    """Lay out judged sentences, critic facets in every hundred with their intervals, and what the gate named.

    Parameters
    ----------
    out : Path
        What a job wrote.

    Returns
    -------
    rich.table.Table
    """
    facets = [facet.term for facet in CRITIC_FACETS]
    table = Table(title="In every 100 judged client sentences (95% interval)", title_justify="left")
    for name in ("session", "sentences", "not judged", *facets, "gate"):
        table.add_column(name, justify="left" if name in ("session", "gate") else "right")
    more = 0
    for counted in count_file(out):
        if table.row_count == MOST_SESSIONS:
            more += 1
            continue
        totals, found = counted.totals, facet_rates(counted.counts)
        left = totals["sentences"] - totals["judged"]
        share = f"{left / totals['sentences']:.0%}" if totals["sentences"] else ""
        flags = ", ".join(flag for flag in SafetyFlag if totals[flag])
        table.add_row(
            counted.key[1], str(totals["sentences"]), share, *(_cell(found[facet]) for facet in CRITIC_FACETS), flags
        )
    if more:
        table.caption = f"and {more} more sessions"
    return table


def _cell(rate: Rate) -> str:
    if isnan(rate.per_100):
        return ""
    return f"{rate.per_100:.1f}" + ("" if isnan(rate.low) else f" ({rate.low:.0f} to {rate.high:.0f})")
