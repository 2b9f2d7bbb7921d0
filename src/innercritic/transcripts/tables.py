"""CSV, TSV, JSON and JSON Lines: one utterance a row, its columns named or recognised."""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from ..errors import TranscriptError
from .turns import Spoken, seconds

FIELDS: Final = {
    "text": "text utterance utterance_text transcript transcription content sentence message dialogue speech words",
    "speaker": "speaker speaker_name speaker_label speaker_id name who participant",
    "role": "role interlocutor speaker_role",
    "start": "start start_time start_s begin onset timestamp time from",
    "end": "end end_time end_s stop finish to",
    "session": "session session_id transcript_id conversation_id dialogue_id dialog_id call_id interview_id",
    "client": "client client_id patient patient_id participant_id person person_id",
}
"""What a column may hold, and the names by which it is recognised."""

_NAMES: Final = {name: field for field, names in FIELDS.items() for name in names.split()}
_MISSING: Final = frozenset(("", "nan", "NaN", "N/A", "<NA>"))
_LISTS: Final = ("segments", "utterances", "turns", "dialogue", "messages", "transcript", "results")
_MOST_COLUMNS = 1000


def read_table(lines: Iterable[str], file: str, columns: Mapping[str, str], delimiters: str) -> Iterator[Spoken]:
    """Read a table with a header line, as a stream.

    Parameters
    ----------
    lines : iterable of str
        Lines with their endings.
    file : str
        For messages.
    columns : mapping of str to str
        For a field of `FIELDS` the name of its column, where it is not recognised.
    delimiters : str
        The signs that may part the cells; the one that makes most of the header is taken.
    """
    source = iter(lines)
    header_line = next(source, "")
    best = max(delimiters, key=header_line.count)
    rows = csv.reader(_chained(header_line, source), delimiter=best, strict=True)
    try:
        header = next(rows, [])
        if len(header) > _MOST_COLUMNS:
            raise TranscriptError(file, 1, f"more than {_MOST_COLUMNS} columns")
        places = _places(header, file, columns)
        while True:
            line = rows.line_num + 1
            row = next(rows, None)
            if row is None:
                return
            if len(row) not in (0, len(header)):
                raise TranscriptError(file, line, f"{len(row)} cells under {len(header)} columns: a torn file?")
            if row:
                cells = {field: row[place] for field, place in places.items()}
                yield from _spoken(cells, line)
    except csv.Error as error:
        raise TranscriptError(file, max(rows.line_num, 1), f"not a well-formed table ({error})") from None


def read_json(text: str, file: str, columns: Mapping[str, str]) -> Iterator[Spoken]:
    """Read one JSON document: a list of utterances, or an object that holds one ("segments", as WhisperX writes)."""
    yield from _utterances(_parsed(text, file, None), file, None, columns, {})


def read_json_lines(lines: Iterable[str], file: str, columns: Mapping[str, str]) -> Iterator[Spoken]:
    """Read JSON Lines, as a stream: an utterance a line, or a session a line with its utterances in a list."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            value = _parsed(line, file, number)
            if not isinstance(value, dict):
                raise TranscriptError(file, number, f"expected an object, got {type(value).__name__}")
            if _held(value) is None:
                yield from _one(value, file, number, columns, {})
            else:
                inherited = {"session": str(number)}
                yield from _utterances(value, file, number, columns, inherited)


def _chained(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _places(header: list[str], file: str, columns: Mapping[str, str]) -> dict[str, int]:
    """Where each field stands: what was named first, then what is recognised, each column once."""
    places: dict[str, int] = {}
    for field, name in columns.items():
        if name not in header:
            raise TranscriptError(file, 1, f"the column named for {field} is not in it")
        places[field] = header.index(name)
    keys = [_key(name) for name in header]
    for field, names in FIELDS.items():
        for name in names.split():
            if field not in places and name in keys and keys.index(name) not in places.values():
                places[field] = keys.index(name)
    if "text" not in places:
        raise TranscriptError(file, 1, 'no column for the text is recognised; name it with columns={"text": NAME}')
    return places


def _key(name: str) -> str:
    return re.sub(r"[^0-9a-z]+", "_", name.strip().casefold()).strip("_")


def _spoken(cells: Mapping[str, Any], line: int) -> Iterator[Spoken]:
    text = _text(cells.get("text"))
    if text not in _MISSING:
        yield Spoken(
            _text(cells.get("speaker")),
            text,
            line,
            seconds(cells.get("start")),
            seconds(cells.get("end")),
            _text(cells.get("role")),
            _text(cells.get("session")),
            _text(cells.get("client")),
        )


def _text(cell: object) -> str:
    """A cell as text: numbers stand for themselves, what is missing, or no plain value, for nothing."""
    if isinstance(cell, str):
        return cell.strip()
    return str(cell) if isinstance(cell, (int, float)) and cell == cell and not isinstance(cell, bool) else ""


def _parsed(text: str, file: str, line: int | None) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        where = error.lineno if line is None else line
        raise TranscriptError(file, where, f"not well-formed JSON ({error.msg})") from None
    except (RecursionError, ValueError):  # nested too deeply, or a number with thousands of digits
        raise TranscriptError(file, line, "JSON that is nested too deeply, or holds numbers too long") from None


def _held(value: Mapping[str, Any]) -> list[Any] | None:
    """The list of utterances an object holds."""
    return next((value[name] for name in _LISTS if isinstance(value.get(name), list)), None)


def _utterances(
    value: Any, file: str, line: int | None, columns: Mapping[str, str], inherited: Mapping[str, str]
) -> Iterator[Spoken]:
    items = _held(value) if isinstance(value, dict) else value
    if not isinstance(items, list):
        raise TranscriptError(file, line, f"no list of utterances in it ({', '.join(_LISTS[:3])}, ...)")
    if isinstance(value, dict):
        said = _fields({key: cell for key, cell in value.items() if not isinstance(cell, (list, dict))}, {})
        own = {field: _text(said.get(field)) for field in ("session", "client")}
        inherited = {**inherited, **{field: cell for field, cell in own.items() if cell}}
    for number, item in enumerate(items, 1):
        if not isinstance(item, dict):
            raise TranscriptError(file, line, f"segment {number}: expected an object, got {type(item).__name__}")
        yield from _one(item, file, number if line is None else line, columns, inherited)


def _one(
    item: Mapping[str, Any], file: str, line: int, columns: Mapping[str, str], inherited: Mapping[str, str]
) -> Iterator[Spoken]:
    cells = _fields(item, columns)
    if not isinstance(cells.get("text", ""), str) or "text" not in cells:
        raise TranscriptError(file, line, "no text in this segment")
    yield from _spoken({**inherited, **cells}, line)


def _fields(item: Mapping[str, Any], columns: Mapping[str, str]) -> dict[str, Any]:
    """The recognised fields of one object, and the named ones, which win."""
    cells: dict[str, Any] = {}
    for name, cell in item.items():
        field = _NAMES.get(_key(name))
        if field is not None and field not in cells:
            cells[field] = cell
    return cells | {field: item[name] for field, name in columns.items() if name in item}
