"""Files -> transcripts: which format, which encoding, where one session ends, and who is who."""

import codecs
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Final

from ..errors import TranscriptError
from ..normalising import encoding_of
from .chat import read_chat
from .documents import docx_lines
from .labelled import read_labelled
from .roles import ANYBODY, declared_roles, label_key, role_of, unmapped
from .subtitles import read_srt, read_vtt
from .tables import FIELDS, read_json, read_json_lines, read_table
from .turns import Spoken, Transcript, Turn

ENDINGS: Final = {
    ".vtt": "vtt",
    ".srt": "srt",
    ".txt": "text",
    ".text": "text",
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".docx": "docx",
    ".cha": "chat",
}
"""Which format a file's name announces."""

FORMATS: Final = tuple(dict.fromkeys(ENDINGS.values()))
STREAMED: Final = ("csv", "tsv", "jsonl")
"""Formats that are read row by row, so that a file may be of any size and hold any number of sessions."""

MAX_BYTES = 64 * 2**20
"""Largest file of the other formats: a thousand hours of talk."""

_LINES = {"vtt": read_vtt, "srt": read_srt, "text": read_labelled, "docx": read_labelled, "chat": read_chat}
_IN_PIECES = ("vtt", "srt", "json")
"""Formats whose pieces are cut by time; what one person says in a row is one turn."""

_LONGEST_LINE = 16 * 2**20


@dataclass(frozen=True)
class ReadOptions:
    """How files are to be read.

    Parameters
    ----------
    speakers : mapping of str to str
        For a speaker's label its role; ``"*"`` stands for every speaker, and speech without one, that has none.
    columns : mapping of str to str
        For ``"text"``, ``"speaker"``, ``"role"``, ``"start"``, ``"end"``, ``"session"`` or ``"client"`` the name of
        its column, where the table does not use a name that is recognised.
    format : str, optional
        One of `FORMATS`; by default what the file's name says.
    encoding : str
        UTF-8 by default, with or without a byte-order mark; UTF-16 with one is noticed.
    """

    speakers: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    format: str | None = None
    encoding: str = "utf-8"

    def __post_init__(self) -> None:
        declared_roles(self.speakers)
        for name in self.columns:
            if name not in FIELDS:
                raise ValueError(f"columns names one of {', '.join(FIELDS)}, not {name!r}")
        if self.format is not None and self.format not in FORMATS:
            raise ValueError(f"format is one of {', '.join(FORMATS)}, not {self.format!r}")
        "".encode(self.encoding)  # LookupError: unknown encoding


def read(
    path: str | Path,
    *,
    speakers: Mapping[str, str] | None = None,
    columns: Mapping[str, str] | None = None,
    format: str | None = None,
    encoding: str = "utf-8",
) -> Transcript:
    r"""Read the transcript of one session.

    Parameters
    ----------
    path : str or Path
        WebVTT, SRT, labelled text, CSV, TSV, JSON, JSON Lines, docx (extra ``transcripts``) or CHAT.
    speakers : mapping of str to str, optional
        For a speaker's label its role ("client", "therapist" or "other"): ``{"Speaker 1": "client"}``; ``"*"`` is
        everybody else. Labels that state a role ("THERAPIST", "P5") need no entry.
    columns, format, encoding
        See `ReadOptions`.

    Returns
    -------
    Transcript

    Raises
    ------
    TranscriptError
        For a file that is torn, in another encoding, without a turn, with a speaker without a role, or with more than
        one session (see `read_sessions`). It names file and line.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "session.txt"
    >>> _ = file.write_text("T: How was the week?\nP: I keep thinking I'm a burden.\n")
    >>> [(turn.role, turn.line) for turn in read(file).turns]
    [('therapist', 1), ('client', 2)]
    """
    path = Path(path)
    options = ReadOptions(speakers or {}, columns or {}, format, encoding)
    found = list(read_sessions(path, options))
    for item in found:
        if isinstance(item, TranscriptError):
            raise item
    if len(found) > 1:
        raise TranscriptError(path.name, None, f"{len(found)} sessions in it; read_sessions reads them all")
    return found[0]  # type: ignore[return-value]


def read_sessions(
    path: str | Path, options: ReadOptions | None = None, name: str | None = None
) -> Iterator[Transcript | TranscriptError]:
    """Read every session of a file, tables as a stream.

    Parameters
    ----------
    path : str or Path
        The file.
    options : ReadOptions, optional
        How to read it.
    name : str, optional
        What to call it in results and messages; by default its name.

    Yields
    ------
    Transcript or TranscriptError
        One a session, in order. A session that cannot be used gives its error in its place, and the others are not
        touched; a file that is torn gives an error in place of the session in which it tears, and of what follows.
    """
    path, options = Path(path), options or ReadOptions()
    name = name or path.name
    declared = declared_roles(options.speakers)
    seen: set[int] = set()
    try:
        chosen = options.format or ENDINGS.get(path.suffix.lower(), "")
        if not chosen:
            raise TranscriptError(name, None, f"an unknown kind of file; known are {', '.join(ENDINGS)}")
        spoken = _spoken(path, name, chosen, options, declared)
        for session, group in groupby(spoken, key=lambda piece: piece.session):
            key = hash(session)
            pieces = list(group)
            if key in seen:
                raise TranscriptError(name, pieces[0].line, "a session comes again here; sort the file by session")
            seen.add(key)
            yield _transcript(pieces, path.stem, name, chosen in _IN_PIECES, declared)
        if not seen:
            raise TranscriptError(name, None, "nothing is said in it")
    except TranscriptError as error:
        yield error
    except OSError as error:
        yield TranscriptError(name, None, f"cannot be read ({error.strerror or type(error).__name__})")


def _spoken(path: Path, name: str, chosen: str, options: ReadOptions, declared: Mapping[str, str]) -> Iterator[Spoken]:
    if chosen in STREAMED:
        stream = _streamed_lines(path, name, options.encoding)
        if chosen == "jsonl":
            return read_json_lines(stream, name, options.columns)
        return read_table(stream, name, options.columns, "\t" if chosen == "tsv" else ",;\t|")
    if path.stat().st_size > MAX_BYTES:
        raise TranscriptError(name, None, f"larger than {MAX_BYTES // 2**20} MB; one session is never so long")
    if chosen == "docx":
        return read_labelled(docx_lines(path.read_bytes(), name), name, declared)
    lines = [line.removesuffix("\n") for line in _streamed_lines(path, name, options.encoding)]
    if chosen == "json":
        return read_json("\n".join(lines), name, options.columns)
    return _LINES[chosen](lines, name, declared)


def _streamed_lines(path: Path, name: str, encoding: str) -> Iterator[str]:
    """Lines of a text file, every kind of ending made a newline; what does not decode is an error with its line."""
    with path.open("rb") as raw:
        by_mark = encoding_of(raw.read(2))
    if by_mark == "utf-16" or codecs.lookup(encoding).name == "utf-8":
        encoding = by_mark
    number = 0
    with path.open(encoding=encoding) as file:
        try:
            while line := file.readline(_LONGEST_LINE):
                number += 1
                if "\0" in line:
                    raise TranscriptError(name, number, "a NUL in it: not a text file, or UTF-16 without its mark")
                if len(line) == _LONGEST_LINE:
                    raise TranscriptError(name, number, "a line of more than 16 million characters")
                yield line
        except UnicodeError:
            wrong = _first_wrong_line(path, encoding)
            shown = encoding.removesuffix("-sig")
            raise TranscriptError(name, wrong, f'not {shown}; say encoding="cp1252", or whatever it is') from None


def _first_wrong_line(path: Path, encoding: str) -> int | None:
    """Find the line that does not decode; a decoder that reads ahead cannot say. UTF-16 cannot be cut at bytes."""
    if encoding == "utf-16":
        return None
    with path.open("rb") as raw:
        for number, line in enumerate((part for block in raw for part in block.splitlines()), 1):
            try:
                line.decode(encoding)
            except UnicodeError:
                return number
    return None


def _transcript(
    pieces: list[Spoken], stem: str, name: str, joined: bool, declared: Mapping[str, str]
) -> Transcript | TranscriptError:
    """Give roles, and join what one speaker says in a row where pieces are cut by time."""
    turns: list[Turn] = []
    roles: dict[tuple[str, str], str] = {}
    try:
        for speaker, group in groupby(pieces, key=lambda piece: (piece.speaker, piece.role)):
            run = list(group)
            if speaker not in roles:
                roles[speaker] = _role(run[0], name, declared)
            role = roles[speaker]
            if joined:
                run = [_one(run)]
            turns.extend(Turn(speaker[0], role, piece.start, piece.end, piece.text, piece.line) for piece in run)
    except TranscriptError as error:
        return error
    session = pieces[0].session or stem
    return Transcript(session, tuple(turns), pieces[0].client or name.rpartition("/")[0] or session, name)


def _role(piece: Spoken, name: str, declared: Mapping[str, str]) -> str:
    """The role of a speaker: what was declared for the label wins over what a role column says."""
    labels = [label for label in (piece.role, piece.speaker) if label]
    role = (
        declared.get(label_key(piece.speaker))
        or next(filter(None, (role_of(label, declared) for label in labels)), None)
        or declared.get(ANYBODY)
    )
    if role is None:
        raise TranscriptError(name, piece.line, unmapped(piece.speaker or piece.role))
    return role


def _one(run: list[Spoken]) -> Spoken:
    return run[0]._replace(text=" ".join(piece.text for piece in run), end=run[-1].end)
