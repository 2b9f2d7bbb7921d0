"""Opening a journal: from a table, a CSV file, or a folder of dated files."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from ..analyzer import InnerCritic, load
from ..errors import ColumnError, JournalError, MissingExtraError
from ..resources import DEFAULT_MODEL
from . import formats
from .dates import read_times

if TYPE_CHECKING:
    import pandas as pd

Progress = Callable[[Sequence[Any]], Iterable[Any]]


class OpenedJournal:
    """Entries as they were read; see `Journal`, which asks them things."""

    def __init__(
        self,
        frame: "pd.DataFrame",
        *,
        model: str | Path | InnerCritic = DEFAULT_MODEL,
        has_people: bool = False,
        skipped: Sequence[tuple[str, str]] = (),
        progress: Progress | None = None,
        n_jobs: int | None = None,
    ) -> None:
        self.critic = model if isinstance(model, InnerCritic) else load(model)
        self.has_people = has_people
        self.skipped = tuple(skipped)
        self._frame = frame
        self._progress = progress
        self._n_jobs = n_jobs

    @classmethod
    def from_frame(
        cls,
        df: "pd.DataFrame",
        text: str = "text",
        time: str = "date",
        person: str | None = None,
        *,
        dayfirst: bool | None = None,
        **options: Any,
    ) -> Self:
        """Take entries from a table.

        Parameters
        ----------
        df : DataFrame
            A row an entry.
        text, time : str, default "text" and "date"
            Columns with the text and with when it was written. Dates are read as the clock showed them where they were
            written; a cell that is no date leaves its entry undated: it counts, but not over time.
        person : str, optional
            Column with who wrote it. Each person then has baseline, intervals and trends of their own.
        dayfirst : bool, optional
            Whether 03/04/2024 is the third of April; needed only when the column does not show it.
        **options
            `model`, `progress` and `n_jobs`; see `Journal`.

        Returns
        -------
        Journal

        Raises
        ------
        ColumnError
            When a column is not there.
        JournalError
            When no date can be read, or days and months cannot be told apart.
        """
        pd = _pandas()
        if not isinstance(df, pd.DataFrame):
            raise TypeError(f"expected a pandas DataFrame, got {type(df).__name__}")
        for name in filter(None, (text, time, person)):
            if list(df.columns).count(name) != 1:
                raise ColumnError(name, "is there more than once" if name in df.columns else "is not there")
        times = read_times(df[time], dayfirst)
        if len(df) and times.isna().all():
            raise JournalError("no date could be read in the time column")
        # A missing name is a person of its own: nobody's entries are mixed into somebody's.
        who = df[person].astype(object).where(df[person].notna(), "") if person is not None else ""
        frame = pd.DataFrame({"time": times, "person": who, "text": df[text]}, index=df.index)
        return cls(frame, has_people=person is not None, **options)

    @classmethod
    def from_csv(
        cls,
        path: str | Path,
        text: str | None = None,
        time: str | None = None,
        person: str | None = None,
        *,
        encoding: str | None = None,
        dayfirst: bool | None = None,
        **options: Any,
    ) -> Self:
        """Read a CSV file (comma, semicolon, tab or bar), its first line naming the columns.

        Parameters
        ----------
        path : str or Path
            The file, in UTF-8, or UTF-16 with its mark.
        text, time, person : str, optional
            Names of the columns. By default they are recognised by usual names: ``text``, ``entry``, ``date``,
            ``timestamp``, ``person``, ``participant`` and the like.
        encoding : str, optional
            Another encoding, ``"cp1252"`` say.
        dayfirst, **options
            See `from_frame`.

        Returns
        -------
        Journal
        """
        _pandas()
        frame = formats.read_csv(Path(path), encoding)
        columns = {
            role: formats.column_of(frame, role, name)
            for role, name in (("text", text), ("time", time), ("person", person))
        }
        for role in ("text", "time"):
            if columns[role] is None:
                raise JournalError(f"{Path(path).name}: no column is named like a {role}; say {role}=...")
        return cls.from_frame(frame, columns["text"], columns["time"], columns["person"], dayfirst=dayfirst, **options)

    @classmethod
    def from_folder(cls, path: str | Path, **options: Any) -> Self:
        """Read a folder of dated Markdown or text files and Day One exports (JSON or zip), sub-folders too.

        The date of a file is that of its front matter (``date:``), else of its name or path (``2024-03-01.md``,
        ``2024/03/01.md``); a file without one is cut into entries at its dated headings (``## 2024-03-01``,
        ``1 March 2024``). Files that cannot be read are in `skipped`, with the reason.

        Parameters
        ----------
        path : str or Path
            The folder. A single file of these kinds is fine too.
        **options
            `model`, `progress` and `n_jobs`; see `Journal`.

        Returns
        -------
        Journal

        Raises
        ------
        JournalError
            When there is nothing in it that can be read.
        """
        _pandas()
        path = Path(path)
        if not path.exists():
            raise JournalError(f"{path.name}: there is no such file or folder")
        read = formats.read_path(path)
        if not read.texts:
            raise JournalError(f"{path.name}: no entry found ({len(read.skipped)} files were not read)")
        frame = read.frame().assign(person="")
        if frame["time"].isna().all():
            raise JournalError(f"{path.name}: no date found, neither in file names nor in front matter or headings")
        return cls(frame[["time", "person", "text"]], skipped=read.skipped, **options)

    @classmethod
    def read(cls, path: str | Path, **options: Any) -> Self:
        """Read a journal of any known kind: `from_csv` for CSV and TSV files, else `from_folder`."""
        if Path(path).suffix.lower() in (".csv", ".tsv"):
            return cls.from_csv(path, **options)
        return cls.from_folder(path, **options)

    def __len__(self) -> int:
        return len(self._frame)

    def __repr__(self) -> str:
        times = self._frame["time"]
        span = f", {times.min():%Y-%m-%d} to {times.max():%Y-%m-%d}" if times.notna().any() else ""
        who = f" of {self._frame['person'].nunique(dropna=False)} people" if self.has_people else ""
        return f"Journal({len(self)} entries{who}{span})"


def _pandas() -> Any:
    try:
        import pandas as pd
    except ImportError:
        raise MissingExtraError("Journal", "notebook") from None
    return pd
