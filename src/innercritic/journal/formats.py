"""Files that hold a journal -> a table of entries: CSV, dated Markdown and text, Day One's export."""

import io
import json
import re
import warnings
import zipfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from ..errors import ColumnError, JournalError
from ..normalising import encoding_of
from .dates import find_date, read_times

if TYPE_CHECKING:
    import pandas as pd

TEXT_ENDINGS = (".md", ".markdown", ".txt", ".text")
LARGEST = 256 * 2**20
"""No journal is larger; what unpacks to more is refused."""

_NAMES = {
    "text": "text entry content contents body note notes journal diary writing".split(),
    "time": "date time datetime timestamp created created_at createdat creationdate creation_date day when".split(),
    "person": "person person_id participant participant_id subject subject_id user user_id writer author".split(),
}
"""Names that a column of a CSV file may have to be recognised, the likeliest first."""

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*$\n?", re.S | re.M)
_FRONT_DATE = re.compile(r"^(?:date|created|created_at|day)[ \t]*:(.*)$", re.M | re.I)
_HEADING = re.compile(
    r"^(?:#{1,6}[ \t]+.*|\[?(?:19|20)\d\d[-_./]?\d\d[-_./]?\d\d\b.{0,80}|\*\*[^*\n]{6,60}\*\*[ \t]*)$", re.M
)
_MARKDOWN_IMAGE = re.compile(r"!\[[^\]\n]*\]\([^)\n]*\)")
_MARKDOWN_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!>~|\"'])")


@dataclass
class Entries:
    """What was read: a row an entry, and what could not be read.

    Parameters
    ----------
    times, texts : list
        When and what, an entry each; a time is None where no date was found.
    skipped : list of (str, str)
        Files that were not read, and why.
    """

    times: list["pd.Timestamp | None"] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)

    def add(self, time: "pd.Timestamp | None", text: str) -> None:
        """Add an entry."""
        self.times.append(time)
        self.texts.append(text)

    def frame(self) -> "pd.DataFrame":
        """The entries as a table."""
        import pandas as pd

        times = pd.Series(self.times, dtype="datetime64[us]")
        return pd.DataFrame({"time": read_times(times), "text": self.texts})


def decode(content: bytes, name: str, encoding: str | None = None) -> str:
    """Decode a file: UTF-8, UTF-16 by its mark, or what is said; a `JournalError` names file and place otherwise."""
    if encoding is None:
        encoding = encoding_of(content)
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise JournalError(f'{name}, line {line}: not {encoding}; say encoding="cp1252", or save as UTF-8') from None
    except LookupError:
        raise JournalError(f"{name}: there is no encoding of that name") from None


def read_csv(path: Path, encoding: str | None = None) -> "pd.DataFrame":
    """Read a table whose first line names its columns; every cell is text, an empty one is missing."""
    import pandas as pd

    content = decode(_content(path), path.name, encoding)
    head = next((line for line in content.splitlines() if line.strip()), "")
    separator = max(",;\t|", key=head.count)
    try:
        with warnings.catch_warnings(action="error"):  # rows longer than the first line are an error, not a warning
            return pd.read_csv(
                io.StringIO(content), sep=separator, dtype=str, keep_default_na=False, na_values=[""], index_col=False
            )
    except (pd.errors.ParserError, pd.errors.EmptyDataError, pd.errors.ParserWarning) as error:
        where = re.search(r"line \d+|row \d+", str(error))
        raise JournalError(f"{path.name}{f', {where[0]}' if where else ''}: not a well-formed table") from None


def column_of(frame: "pd.DataFrame", role: str, name: str | None) -> Any:
    """Find the column for "text", "time" or "person" by name, or recognise it; None when nothing is recognised."""
    if name is not None:
        if list(frame.columns).count(name) != 1:
            raise ColumnError(name, "is there more than once" if name in frame.columns else "is not there")
        return name
    by_name: dict[str, Any] = {}
    for column in frame.columns:
        by_name.setdefault(str(column).strip().lower().replace(" ", "_"), column)
    return next((by_name[known] for known in _NAMES[role] if known in by_name), None)


def read_path(path: Path) -> Entries:
    """Read a text file, a Day One export (JSON or zip), or a folder of them.

    Parameters
    ----------
    path : Path
        Where it is.

    Returns
    -------
    Entries
        In order of file name, then as they stand. In a folder, a file that cannot be read is skipped and told.
    """
    entries = Entries()
    if not path.is_dir():
        _read_file(path, path.name, entries)
        return entries
    for file in sorted(path.rglob("*")):
        place = file.relative_to(path)
        if not file.is_file() or any(part.startswith(".") for part in place.parts):
            continue
        if file.suffix.lower() not in (*TEXT_ENDINGS, ".json", ".zip"):
            table = file.suffix.lower() in (".csv", ".tsv")
            entries.skipped.append((place.as_posix(), "a table: from_csv reads it" if table else "no text"))
            continue
        try:
            _read_file(file, place.as_posix(), entries)
        except JournalError as error:
            entries.skipped.append((place.as_posix(), str(error)))
    return entries


def _read_file(path: Path, name: str, entries: Entries) -> None:
    match path.suffix.lower():
        case ".json":
            _read_day_one(_content(path), name, entries)
        case ".zip":
            _read_zip(path, name, entries)
        case ending if ending in TEXT_ENDINGS:
            _read_text(decode(_content(path), name), name, entries)
        case _:
            raise JournalError(f"{name}: neither CSV, Markdown, text, nor Day One's JSON or zip")


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            raise JournalError(f"{path.name}: larger than {LARGEST >> 20} MiB")
        return path.read_bytes()
    except OSError as error:
        raise JournalError(f"{path.name}: {error.strerror}") from None


def _read_text(text: str, name: str, entries: Entries) -> None:
    """One dated file is one entry; a file without a date of its own is cut at its dated headings."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    time = None
    if front := _FRONT_MATTER.match(text):
        text = text[front.end() :]
        dated = _FRONT_DATE.search(front[1])
        time = find_date(dated[1]) if dated else None
    if time is None:
        time = find_date(name.rsplit("/", 1)[-1]) or find_date(name)
    if time is not None:
        entries.add(time, _plain(text))
        return
    done = 0
    for heading in _HEADING.finditer(text):
        if (found := find_date(heading[0])) is not None:
            before = _plain(text[done : heading.start()])
            if time is not None or before.strip():
                entries.add(time, before)
            time, done = found, heading.end()
    entries.add(time, _plain(text[done:]))


def _plain(text: str) -> str:
    """Take out what Markdown adds that is no word: pictures, and the backslashes of escaped signs."""
    return _MARKDOWN_ESCAPE.sub(r"\1", _MARKDOWN_IMAGE.sub("", text)).strip("\n")


def _read_zip(path: Path, name: str, entries: Entries) -> None:
    """Read every JSON file of a Day One export; its photos are left alone, and nothing is unpacked to disk."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.infolist() if m.filename.endswith(".json") and not m.is_dir()]
            if sum(member.file_size for member in members) > LARGEST:
                raise JournalError(f"{name}: unpacks to more than {LARGEST >> 20} MiB")
            if not members:
                raise JournalError(f"{name}: there is no JSON in it")
            for member in sorted(members, key=lambda m: m.filename):
                with archive.open(member) as file:
                    _read_day_one(file.read(LARGEST), f"{name}/{member.filename}", entries)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, zipfile.LargeZipFile):
        raise JournalError(f"{name}: a damaged or locked zip file") from None


def _read_day_one(content: bytes, name: str, entries: Entries) -> None:
    try:
        export = json.loads(decode(content, name))
    except (ValueError, RecursionError) as error:
        if isinstance(error, JournalError):
            raise
        line = f", line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise JournalError(f"{name}{line}: not well-formed JSON") from None
    found = export.get("entries") if isinstance(export, dict) else None
    if not isinstance(found, list):
        raise JournalError(f'{name}: no Day One export; that has a list "entries"')
    for number, entry in enumerate(found, 1):
        if not isinstance(entry, dict) or not isinstance(entry.get("text", ""), str | None):
            raise JournalError(f"{name}, entry {number}: not an entry of Day One")
        entries.add(_local_time(entry), _plain(entry.get("text") or ""))


def _local_time(entry: dict[str, Any]) -> "pd.Timestamp | None":
    """When it was written, by the clock where it was written: Day One keeps UTC and the time zone's name."""
    import pandas as pd

    try:
        time = pd.Timestamp(entry["creationDate"])
    except (KeyError, ValueError, TypeError):
        return None
    if time is pd.NaT or time.tzinfo is None:
        return None if time is pd.NaT else time
    with suppress(KeyError, ValueError, OSError):  # no such zone here: UTC it is
        time = time.tz_convert(ZoneInfo(str(entry.get("timeZone") or "UTC")))
    return time.tz_localize(None)
