"""Rates of a session, or of a client over sessions: how many sentences in a hundred, and how sure that is.

The unit is the turn, as the entry is a journal's, and the intervals are the journal's (`journal.intervals`): exact ones
at the effective number of sentences, or, with ``method="bootstrap"``, the percentiles of resampled turns. On simulated
sessions of 20 to 150 turns the exact ones hold the true rate 93 to 98 times in a hundred; resampling turns does so 76
to 95 times, least for short sessions and rare facets (tests/transcripts/test_session_rates.py).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from ..errors import MissingExtraError
from ..facets import Facet, SafetyFlag
from ..journal.intervals import Interval, difference, pooled
from .outputs import read_rows
from .turns import CLIENT

if TYPE_CHECKING:
    import pandas as pd

LEAST_TURNS: Final = 10
"""With fewer turns that were judged there is no interval: NaN."""

_COUNTED: Final = ("sentences", "judged", *Facet, *SafetyFlag)
_FACETS = slice(2, 2 + len(Facet))
_READ: Final = ("source", "session", "client", "turn", "role", "sentence", "abstained", *Facet, *SafetyFlag)

By = Literal["session", "client"]


@dataclass(frozen=True, slots=True)
class TurnCounts:
    """What was counted in the turns of one session, or of one client.

    Parameters
    ----------
    key : tuple of str
        Whose: ``(source, session, client)``.
    counts : ndarray of int32, shape (turns, 12)
        A turn each, in order: its sentences, those judged, those with each facet, those with each safety flag.
    """

    key: tuple[str, ...]
    counts: NDArray[np.int32]

    @property
    def totals(self) -> dict[str, int]:
        """The sums over all turns, by name."""
        return dict(zip(map(str, _COUNTED), self.counts.sum(axis=0).tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class Rate:
    """How often a facet was found.

    Parameters
    ----------
    count : int
        Sentences with it.
    per_100 : float
        In a hundred sentences that were judged; NaN where none was.
    low, high : float
        The 95% interval, likewise.
    first_third, last_third : float
        The same rate in the first and in the last third of the turns.
    change, change_low, change_high : float
        The last third's rate less the first's, with its interval.
    """

    count: int
    per_100: float
    low: float
    high: float
    first_third: float
    last_third: float
    change: float
    change_low: float
    change_high: float


def rates(
    rows: "str | Path | pd.DataFrame", by: By = "session", role: str = CLIENT, method: str = "exact"
) -> "pd.DataFrame":
    """Give the rates of every session, or of every client, of a job.

    Parameters
    ----------
    rows : str, Path or DataFrame
        A job's output: the file, or what was read of it.
    by : {"session", "client"}
        Whose rates.
    role : {"client", "therapist", "other"}
        Whose sentences.
    method : {"exact", "bootstrap"}, default "exact"
        The exact binomial interval (mid-p) at the effective number of sentences, or the percentile interval of 2,000
        resamplings of the turns, too narrow below about 150 turns; see `journal.intervals`.

    Returns
    -------
    DataFrame
        A row for each session (or client) and facet: who; `turns`, `sentences`, `judged`, `abstained` (the share not
        judged); the fields of `Rate`; and for each safety flag the number of sentences that raised it.

    Raises
    ------
    MissingExtraError
        Without pandas.

    Examples
    --------
    >>> import pandas as pd
    >>> from innercritic.transcripts.scorer import row_types
    >>> rates(pd.DataFrame(columns=list(row_types(with_text=False)))).empty
    True
    """
    try:
        import pandas as pd
    except ImportError:
        raise MissingExtraError("rates", "transcripts") from None
    if by not in ("session", "client"):
        raise ValueError(f"by is session or client, not {by!r}")
    if isinstance(rows, pd.DataFrame):
        counts = count_turns([{name: rows[name].to_numpy() for name in _READ}], by, role)
    else:
        counts = count_file(Path(rows), by, role)
    return pd.DataFrame([row for counted in counts for row in _rows(counted, by, method)])


def count_file(path: Path, by: By = "session", role: str = CLIENT) -> Iterator[TurnCounts]:
    """Count the sentences of every turn of a job's output; see `count_turns`."""
    return count_turns(read_rows(path, _READ), by, role)


def count_turns(
    batches: Iterable[Mapping[str, NDArray[Any]]], by: By = "session", role: str = CLIENT
) -> Iterator[TurnCounts]:
    """Count the sentences of every turn of a job's rows, as a stream.

    Parameters
    ----------
    batches : iterable of mapping of str to ndarray
        Columns by name, some rows at a time, in order. A session may lie across batches.
    by : {"session", "client"}
        What to put together. By client, a few bytes a turn are held until the end: a client's sessions may be anywhere.
    role : str
        Whose rows to count.

    Yields
    ------
    TurnCounts
    """
    sessions = _sessions(batches, role)
    if by == "session":
        for key, group in groupby(sessions, key=lambda counted: counted.key):
            yield TurnCounts(key, np.concatenate([counted.counts for counted in group]))
        return
    clients: dict[str, list[NDArray[np.int32]]] = {}
    for counted in sessions:
        clients.setdefault(counted.key[2], []).append(counted.counts)
    for client, counts in clients.items():
        yield TurnCounts(("", "", client), np.concatenate(counts))


def _sessions(batches: Iterable[Mapping[str, NDArray[Any]]], role: str) -> Iterator[TurnCounts]:
    """The counts of each session, whole unless it lies across batches."""
    for batch in batches:
        wanted = np.flatnonzero(np.asarray(batch["role"] == role, bool))
        if not len(wanted):
            continue
        columns = {name: batch[name][wanted] for name in _READ}
        sentence = columns["sentence"].astype(np.int64) >= 0
        judged = sentence & _missing(columns["abstained"])
        counted = [sentence, judged, *(columns[name].astype(bool) for name in (*Facet, *SafetyFlag))]
        keys = [columns[name] for name in ("source", "session", "client", "turn")]
        turn_starts = _changes(keys)
        counts = np.add.reduceat(np.column_stack(counted).astype(np.int32), turn_starts, axis=0)
        session_starts = _changes([key[turn_starts] for key in keys[:3]])
        for start, end in zip(session_starts, [*session_starts[1:], len(counts)], strict=True):
            place = turn_starts[start]
            yield TurnCounts(tuple(str(key[place]) for key in keys[:3]), counts[start:end])


def _missing(values: NDArray[Any]) -> NDArray[np.bool_]:
    return np.array([value is None or value != value or value == "" for value in values.tolist()], bool)


def _changes(keys: list[NDArray[Any]]) -> NDArray[np.intp]:
    """Where any of some columns takes another value than in the row before."""
    changed = np.zeros(len(keys[0]), bool)
    changed[0] = True
    for key in keys:
        changed[1:] |= np.asarray(key[1:] != key[:-1], bool)
    return np.flatnonzero(changed)


def facet_rates(counts: NDArray[np.int32], method: str = "exact") -> dict[Facet, Rate]:
    """Give the rate of each facet in some turns, with intervals.

    Parameters
    ----------
    counts : ndarray of int32, shape (turns, 12)
        See `TurnCounts`.
    method : {"exact", "bootstrap"}, default "exact"
        See `rates`.

    Returns
    -------
    dict of Facet to Rate
    """
    thirds = np.array_split(counts, 3)
    whole, first, last = (_intervals(part, method) for part in (counts, thirds[0], thirds[-1]))
    change = difference(last, first)
    shares = (*whole, first.rate, last.rate, *change)
    found = counts[:, _FACETS].sum(axis=0).tolist()
    return {
        facet: Rate(found[place], *(round(100 * float(share[place]), 2) for share in shares))
        for place, facet in enumerate(Facet)
    }


def _intervals(counts: NDArray[np.int32], method: str) -> Interval:
    """The rate of each facet in some turns, with its interval; NaN where they are too few."""
    judged = counts[counts[:, 1] > 0]
    found = pooled(judged[:, _FACETS], judged[:, 1], method)
    return found if len(judged) >= LEAST_TURNS else Interval(found.rate, *np.full((2, len(Facet)), np.nan))


def _rows(counted: TurnCounts, by: By, method: str) -> Iterator[dict[str, Any]]:
    totals = counted.totals
    names = ("source", "session", "client")
    who = {name: value for name, value in zip(names, counted.key, strict=True) if by == "session" or name == "client"}
    shared = {
        "turns": len(counted.counts),
        "sentences": totals["sentences"],
        "judged": totals["judged"],
        "abstained": round(1 - totals["judged"] / totals["sentences"], 4) if totals["sentences"] else np.nan,
    }
    flags = {str(flag): totals[flag] for flag in SafetyFlag}
    for facet, rate in facet_rates(counted.counts, method).items():
        measured = {name: getattr(rate, name) for name in Rate.__dataclass_fields__}
        yield {**who, "facet": str(facet), **shared, **measured, **flags}
