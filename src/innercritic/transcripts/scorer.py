"""The work on one shard, in whatever process: read, check, score. Paths or texts go in, columns come out."""

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from ..errors import TranscriptError
from ..facets import SafetyFlag
from ..frames import score_texts
from ..resources import DEFAULT_MODEL
from ..schema import columns as score_columns
from ..tidy import storable, tidy
from .anonymity import IdentifiersFoundError, count_identifiers
from .readers import ENDINGS, ReadOptions, read_sessions
from .sources import Shard, Source
from .turns import CLIENT, Transcript, Turn

KEYS: Final = {
    "source": "string",
    "session": "string",
    "client": "string",
    "turn": "int32",
    "line": "int32",
    "speaker": "string",
    "role": "string",
    "turn_start": "float32",
    "turn_end": "float32",
}
"""The columns before those of `innercritic.SCHEMA`, with their types."""

TEXT_HASH: Final = "text_hash"
"""The column that stands in for ``text`` where no text is written."""

_HASH_DIGITS = 20


@dataclass(frozen=True)
class ScoreOptions:
    """What is to be done with a shard.

    Parameters
    ----------
    reading : ReadOptions
        How to read the files.
    roles : tuple of str
        Whose turns to score.
    model : str
        Name or path of the model.
    salt : bytes, optional
        Given, no text is put out: speakers and sentences become hashes salted with it.
    refuse_identifiers : bool
        Whether a session with something that looks like an identifier is an error.
    """

    reading: ReadOptions = field(default_factory=ReadOptions)
    roles: tuple[str, ...] = (CLIENT,)
    model: str = DEFAULT_MODEL
    salt: bytes | None = field(default=None, repr=False)
    refuse_identifiers: bool = False


class Scored(NamedTuple):
    """A shard's rows, as columns by name, and a log entry for each of its sessions."""

    columns: dict[str, Any]
    log: list[dict[str, Any]]


def row_types(with_text: bool) -> dict[str, str]:
    """Names and types of a job's columns, in order."""
    scores = {column.name: column.dtype for column in score_columns(include_text=with_text)}
    return {**KEYS, **scores, **({} if with_text else {TEXT_HASH: "string"})}


def score_shard(shard: Shard, options: ScoreOptions) -> Scored:
    """Read, check and score one shard.

    Parameters
    ----------
    shard : Shard
        What to work on.
    options : ScoreOptions
        How.

    Returns
    -------
    Scored
        Nothing of it depends on the process, or on the other shards.

    Raises
    ------
    IdentifiersFoundError
        When identifiers were to be refused and a session seems to hold one; it names the session's file.
    """
    log: list[dict[str, Any]] = []
    chosen: list[tuple[Transcript, int, Turn]] = []
    documents: list[int] = []
    for item in _sessions(shard.items, options.reading):
        if not isinstance(item, Transcript):
            log.append(item)
            continue
        turns = [(item, number, turn) for number, turn in enumerate(item.turns) if turn.role in options.roles]
        if not turns:
            missing = f"nobody in it is a {' or a '.join(options.roles)}"
            log.append(_failed(item.source, item.turns[0].line, missing) | {"session": storable(item.session)})
            continue
        found = count_identifiers(turn.text for _, _, turn in turns)
        if found and options.refuse_identifiers:
            raise IdentifiersFoundError(found, item.source)
        documents += [len(log)] * len(turns)
        chosen += turns
        log.append(_entry(item, len(turns), found))
    columns = _columns(chosen, documents, options)
    _count(log, columns)
    return Scored(columns, log)


def _sessions(
    items: Sequence[Source | Transcript | TranscriptError], reading: ReadOptions
) -> Iterator[Transcript | dict[str, Any]]:
    """The sessions of a shard, or the log entry of what is none."""
    for item in items:
        if isinstance(item, Source):
            if reading.format is None and Path(item.path).suffix.lower() not in ENDINGS:
                yield {"source": item.name, "session": None, "status": "skipped", "reason": "not a transcript's ending"}
                continue
            found: Iterator[Transcript | TranscriptError] = read_sessions(item.path, reading, item.name)
        else:
            found = iter([item])
        for session in found:
            yield (
                _failed(session.file, session.line, session.reason) if isinstance(session, TranscriptError) else session
            )


def _failed(source: str, line: int | None, reason: str) -> dict[str, Any]:
    return {"source": source, "session": None, "status": "failed", "line": line, "reason": reason}


def _entry(session: Transcript, scored: int, identifiers: dict[str, int]) -> dict[str, Any]:
    return {
        "source": session.source,
        "session": storable(session.session),
        "status": "ok",
        "turns": len(session.turns),
        "turns_scored": scored,
        "identifiers": identifiers,
    }


def _columns(
    chosen: Sequence[tuple[Transcript, int, Turn]], documents: list[int], options: ScoreOptions
) -> dict[str, Any]:
    texts = [turn.text for _, _, turn in chosen]
    numbers = np.unique(documents, return_inverse=True)[1].astype(np.int32) if documents else np.zeros(0, np.int32)
    rows, scores = tidy(score_texts(texts, options.model, n_jobs=1), texts, documents=numbers, include_text=True)
    keys: dict[str, list[Any]] = {
        "source": [session.source for session, _, _ in chosen],
        "session": [storable(session.session) for session, _, _ in chosen],
        "client": [storable(session.client) for session, _, _ in chosen],
        "turn": [number for _, number, _ in chosen],
        "line": [turn.line for _, _, turn in chosen],
        "speaker": [storable(turn.speaker) for _, _, turn in chosen],
        "role": [turn.role for _, _, turn in chosen],
        "turn_start": [turn.start for _, _, turn in chosen],
        "turn_end": [turn.end for _, _, turn in chosen],
    }
    if options.salt is not None:
        keys["speaker"] = [salted(speaker, options.salt) for speaker in keys["speaker"]]
        scores[TEXT_HASH] = np.array([salted(text, options.salt) for text in scores.pop("text")] + [None], object)[:-1]
    places = rows.tolist()
    return {name: [values[place] for place in places] for name, values in keys.items()} | scores


def salted(text: str | None, salt: bytes) -> str | None:
    """Give a keyed hash (HMAC-SHA-256, 80 bits of it): equal for equal text and salt, and nothing else to be had."""
    if not text:
        return text
    return hmac.digest(salt, text.encode("utf-8"), hashlib.sha256).hex()[:_HASH_DIGITS]


def _count(log: list[dict[str, Any]], columns: dict[str, Any]) -> None:
    """Add to each session's entry how many sentences it has, how many were not judged, and how often the gate rose."""
    sentences: Counter[tuple[str, str]] = Counter()
    abstained: Counter[tuple[str, str]] = Counter()
    flags: dict[tuple[str, str], Counter[str]] = {}
    keys = list(zip(columns["source"], columns["session"], strict=True))
    for key, number, reason in zip(keys, columns["sentence"].tolist(), columns["abstained"], strict=True):
        sentences[key] += number >= 0
        abstained[key] += number >= 0 and reason is not None
    for flag in SafetyFlag:
        for row in np.flatnonzero(columns[flag]).tolist():
            flags.setdefault(keys[row], Counter())[str(flag)] += 1
    for entry in log:
        if entry["status"] == "ok":
            key = (entry["source"], entry["session"])
            entry |= {"sentences": sentences[key], "abstained": abstained[key], "flags": dict(flags.get(key, {}))}
