"""`Journal`: entries over time, read once and asked many things."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import MissingExtraError
from ..frames import score_frame
from ..results import Analysis
from . import tallies
from .opening import OpenedJournal
from .trends import Trend

if TYPE_CHECKING:
    import pandas as pd

    from .drawing import Drawn

CHUNK = 500
"""Entries are read in chunks of so many, so that a progress bar can move."""


class Journal(OpenedJournal):
    """Entries over time.

    Make one with `from_frame`, `from_csv`, `from_folder` or `read`. Sentences are scored once, when they are first
    needed. Nothing is ever dropped: entries without text or without a date are there, and counted as such.

    Parameters
    ----------
    frame : DataFrame
        A row an entry: ``time`` (datetime64), ``person``, ``text``.
    model : str, Path or InnerCritic, default "neff-fast"
        What reads it.
    has_people : bool, default False
        Whether ``person`` means anything.
    skipped : sequence of (str, str)
        Files that were not read, and why.
    progress : callable, optional
        Given the list of chunks to read, gives them back one by one: ``rich.progress.track`` or ``tqdm.tqdm``.
    n_jobs : int, optional
        Processes for scoring; see `score_frame`.

    Examples
    --------
    >>> import pandas as pd
    >>> entries = pd.DataFrame({"date": ["2024-03-01", "2024-03-02"], "text": ["I'm such an idiot.", "We had soup."]})
    >>> journal = Journal.from_frame(entries)
    >>> journal
    Journal(2 entries, 2024-03-01 to 2024-03-02)
    >>> journal.entries()[["sentences", "self_judgment"]].values.tolist()
    [[1, 1], [1, 0]]
    """

    def sentences(self, include_text: bool = False) -> "pd.DataFrame":
        """Every sentence, scored.

        Parameters
        ----------
        include_text : bool, default False
            Whether to add the sentence itself.

        Returns
        -------
        DataFrame
            As `score_frame` gives it, after ``entry`` (number of the entry, from 0), ``time`` and, where there is one,
            ``person``. The index is that of the table the journal came from.
        """
        return self._visible(self._scored if include_text else self._scored.drop(columns="text"))

    def entries(self) -> "pd.DataFrame":
        """Every entry, counted.

        Returns
        -------
        DataFrame
            A row an entry, with the original index: ``time``, ``person`` where there is one, ``sentences`` (judged),
            ``abstained`` (not judged), how many sentences carry each facet, any ``critic`` or any ``compassionate``
            facet, the safety flags, and ``clear`` (whether the gate was silent, which is no proof of safety; False too
            for what is no text).
        """
        return self._visible(self._tallied)

    def rates(self, freq: str = "W", facets: Sequence[str] | None = None, method: str = "exact") -> "pd.DataFrame":
        """Facet sentences per 100 judged sentences over time, with 95% intervals whose unit is the entry.

        Parameters
        ----------
        freq : str, default "W"
            Length of a period, as pandas writes it: ``"D"``, ``"W"``, ``"M"``, ``"Q"``, ``"Y"``.
        facets : sequence of str, optional
            Which; by default the six facets. ``"critic"`` and ``"compassionate"`` stand for any of three.
        method : {"exact", "bootstrap"}, default "exact"
            The exact binomial interval (mid-p) at the effective number of sentences, right for periods of few entries
            too, or the percentile interval of 2,000 resamplings of the period's entries, too narrow below about 100
            entries; see `journal.intervals`.

        Returns
        -------
        DataFrame
            A row a person, facet and period, empty periods included: ``person`` where there is one, ``facet``,
            ``period`` (its first day), ``entries``, ``sentences``, ``facet_sentences``, ``rate``, ``low``, ``high``
            (per 100 sentences), ``baseline`` (rate of the person's first 10 judged entries, once there are 20) and
            ``vs_baseline`` in words: "more", "fewer", "no clear difference" (at 99%), or "baseline" for those entries'
            own periods. Undated entries are left out.

        Examples
        --------
        >>> import pandas as pd
        >>> entries = pd.DataFrame({"date": ["2024-03-01", "2024-03-12"], "text": ["I hate myself.", "We had soup."]})
        >>> Journal.from_frame(entries).rates(facets=["self_judgment"])[["entries", "sentences", "facet_sentences"]].T
                         0  1  2
        entries          1  0  1
        sentences        1  0  1
        facet_sentences  1  0  0
        """
        return self._visible(tallies.rates(self._tallied, freq, _known(facets), method))

    def trend(self, facet: str = "critic", person: Any = None, *, level: float = 0.95) -> Trend:
        """Say whether a facet rises, falls, shows no clear change, or there is not enough data to say.

        Parameters
        ----------
        facet : str, default "critic"
            A facet, ``"critic"`` or ``"compassionate"``.
        person : optional
            Whose entries, when there are several people.
        level : float, default 0.95
            Coverage of the interval. Whoever looks at six facets at once should ask for ``1 - 0.05 / 6``.

        Returns
        -------
        Trend
            Slope per 30 days with its interval, state, counts, and a change point where there is a clear one; see
            `journal.trends` for what is computed and how often it is right.
        """
        (kind,) = _known([facet])
        return tallies.trend(self._of(person), kind, level)

    def balance(self) -> "pd.DataFrame":
        """Each critic facet against the opposite that the Self-Compassion Scale pairs it with.

        Returns
        -------
        DataFrame
            Three rows a person: ``facet``, ``opposite``, ``entries``, ``sentences``, ``facet_sentences``,
            ``opposite_sentences``, ``rate``, ``opposite_rate``, ``difference`` with ``low`` and ``high`` (per 100
            sentences), and ``lean`` in words.
        """
        return self._visible(tallies.balance(self._tallied))

    def between(self, first: Any = None, last: Any = None, person: Any = None) -> dict[str, tuple[Any, ...]]:
        """Counts and rates over the entries of some days, or over all of them, for each facet.

        Parameters
        ----------
        first, last : date, optional
            The first and the last day, both included. Without them undated entries count too.
        person : optional
            Whose entries, when there are several people.

        Returns
        -------
        dict
            For each facet: entries, judged sentences, facet sentences, rate, low, high (per 100 sentences).
        """
        import pandas as pd

        entries = self._of(person)
        if first is not None:
            entries = entries[entries["time"] >= pd.Timestamp(first).normalize()]
        if last is not None:
            entries = entries[entries["time"] < pd.Timestamp(last).normalize() + pd.Timedelta(days=1)]
        return tallies.window(entries)

    def analyze(self, entry: int) -> Analysis:
        """Read one entry in full: evidence, the gate's verdict and reframes.

        Parameters
        ----------
        entry : int
            Its number, from 0.

        Returns
        -------
        Analysis
        """
        text = self._frame["text"].iloc[entry]
        return self.critic.analyze(text if isinstance(text, str) else "")

    def plot(self, kind: str = "timeline", **options: Any) -> "Drawn":
        """Draw it with matplotlib.

        Parameters
        ----------
        kind : {"timeline", "facets", "calendar", "balance"}
            One facet over time with its interval band; six facets side by side; a calendar of days; critic facets
            against their opposites.
        **options
            For `pictures.timeline`, `pictures.facets`, `pictures.calendar` or `pictures.balance`: ``facet``,
            ``freq``, ``person``, ``ax`` or ``figure``.

        Returns
        -------
        matplotlib Axes or Figure
            The Axes drawn on; for "facets" the Figure. What it shows, in words, is ``pictures.alt_text(result)``.
        """
        try:
            from . import pictures
        except ImportError:
            raise MissingExtraError("Journal.plot", "notebook") from None

        return pictures.draw(self, kind, **options)

    def to_html(self, path: str | Path | None = None, *, title: str = "A journal", include_text: bool = True) -> str:
        """Make one self-contained page of it, with no reference to anything outside.

        Parameters
        ----------
        path : str or Path, optional
            Where to write it, besides returning it.
        title : str, default "A journal"
            Its title.
        include_text : bool, default True
            Whether the writer's sentences, and reframes, which may quote them, are on it.

        Returns
        -------
        str
            The page.
        """
        try:
            from .story import tell
        except ImportError:
            raise MissingExtraError("Journal.to_html", "notebook") from None

        html = tell(self, title, include_text)
        if path is not None:
            Path(path).write_text(html, "utf-8")
        return html

    def _repr_html_(self) -> str:
        from ..pages import fragment
        from .overview import overview
        from .telling import gated_entries, passages, telling_sentences

        return fragment([*overview(self), *passages(self, telling_sentences(self, gated_entries(self)))])

    @cached_property
    def _scored(self) -> "pd.DataFrame":
        """The sentences, with their text; all that is computed comes from here."""
        import pandas as pd

        numbered = self._frame.assign(entry=range(len(self._frame)))
        chunks = [numbered.iloc[start : start + CHUNK] for start in range(0, max(len(numbered), 1), CHUNK)]
        keep = ["entry", "time", "person"]
        return pd.concat(
            score_frame(chunk, keep=keep, model=self.critic, include_text=True, n_jobs=self._n_jobs)
            for chunk in (self._progress(chunks) if self._progress else chunks)
        )

    @cached_property
    def _tallied(self) -> "pd.DataFrame":
        return tallies.tally(self._scored, self._frame.drop(columns="text"))

    def the_person(self, person: Any = None) -> Any:
        """Whose entries are meant: the person given, or the only one there is; a ValueError where that is not clear."""
        known = self._frame["person"].unique()
        if person is None and len(known) <= 1:
            return known[0] if len(known) else ""
        if person not in known:
            raise ValueError("there are several people in this journal; say whose entries with person=...")
        return person

    def _of(self, person: Any) -> "pd.DataFrame":
        entries = self._tallied
        return entries[entries["person"] == self.the_person(person)]

    def _visible(self, frame: "pd.DataFrame") -> "pd.DataFrame":
        return frame.copy() if self.has_people else frame.drop(columns="person")


def _known(facets: Sequence[str] | None) -> Sequence[str]:
    if isinstance(facets, str):
        facets = [facets]
    for facet in facets or ():
        if facet not in tallies.KINDS:
            raise ValueError(f"a facet is one of {', '.join(tallies.KINDS)}, not {facet!r}")
    return [str(facet) for facet in facets] if facets is not None else tallies.KINDS[:6]
