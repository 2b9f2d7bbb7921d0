"""The job: transcripts of any number in, one file of scored sentences out; killed, it goes on where it was."""

import hashlib
import hmac
import json
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any, Final

from .. import __version__
from ..errors import JobError
from ..persistence import METADATA
from ..resources import DEFAULT_MODEL, model_folder
from .anonymity import OnPii, PrivacyWarning, check_choice, described
from .outputs import ENDINGS, write_output
from .readers import ReadOptions
from .roles import declared_roles
from .scorer import ScoreOptions, row_types, salted
from .sources import SHARD_CHARACTERS, Inventory, Source, find_sources, make_shards, take_inventory, take_state
from .store import JobFolder, arrow, job_folder
from .turns import CLIENT, ROLES
from .workers import Progress, score_all

FORMAT: Final = 1
"""Of the job folder; another number is another job."""


@dataclass(frozen=True, slots=True)
class JobResult:
    """What a job did.

    Parameters
    ----------
    out, log : Path
        The rows, and what became of every session, a line each.
    rows, sessions, failed, skipped : int
        Rows written; sessions scored; files or sessions that could not be read; files that are no transcripts.
    identifiers : mapping of str to int
        What looked like identifiers, counted by kind.
    """

    out: Path
    log: Path
    rows: int
    sessions: int
    failed: int
    skipped: int
    identifiers: Mapping[str, int]


def analyze(
    paths: str | Path | Sequence[str | Path],
    out: str | Path,
    *,
    roles: Sequence[str] = (CLIENT,),
    speakers: Mapping[str, str] | None = None,
    columns: Mapping[str, str] | None = None,
    format: str | None = None,
    encoding: str = "utf-8",
    text: bool = True,
    salt: str | bytes | None = None,
    on_pii: OnPii = "warn",
    model: str | Path = DEFAULT_MODEL,
    n_jobs: int | None = None,
    resume: bool = True,
    progress: Callable[[Progress], object] | None = None,
    shard_characters: int = SHARD_CHARACTERS,
) -> JobResult:
    r"""Score every sentence of any number of transcripts.

    It streams: memory does not grow with the number of sessions. Stop it, kill it, fill the disk: run the same again
    and it goes on, with nothing lost and nothing twice.

    Parameters
    ----------
    paths : str, Path or sequence of them
        Files and folders.
    out : str or Path
        The file to write, ``.parquet``, ``.jsonl`` or ``.csv``: a row a sentence, the columns of `scorer.KEYS`, then
        those of `innercritic.SCHEMA`, in which a document is a session. A folder ``OUT.job`` beside it holds the log
        and, while the job runs, what is done of it.
    roles : sequence of {"client", "therapist", "other"}
        Whose turns to score. A therapist's "so you feel like a failure" is no self-judgment.
    speakers, columns, format, encoding
        How to read the files; see `readers.ReadOptions`.
    text : bool, default True
        Whether to write the sentences. False writes no word that was said: ``text_hash`` stands for the sentence and
        the speaker's label is a hash, too. Sessions and files keep their names: name files by number, not by person.
    salt : str or bytes, optional
        Of these hashes. By default one is made by chance and thrown away when the job is done, so that nobody can try
        sentences out; give one to compare hashes between jobs, and keep it as secret as the texts.
    on_pii : {"warn", "raise", "ignore"}
        What to do when something looks like an identifier: a `PrivacyWarning` at the end, an error at once, nothing.
        The log has the counts in any case.
    model : str or Path
        See `innercritic.load`.
    n_jobs : int, optional
        Processes; -1 is one a core. By default one, or what ``joblib.parallel_config`` says, which can name Dask.
    resume : bool, default True
        Go on with what is there. False starts again.
    progress : callable, optional
        Called with a `Progress` after each shard.
    shard_characters : int
        How much text a shard holds.

    Returns
    -------
    JobResult

    Raises
    ------
    JobError
        When there is nothing to read, another job is at it, what is there is of another job, or the disk refuses.
    IdentifiersFoundError
        With ``on_pii="raise"``.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "s1.txt").write_text("T: How was the week?\nP: Long. I keep thinking I'm a burden.\n")
    >>> result = analyze(folder, folder / "scores.jsonl", text=False)
    >>> result.sessions, result.rows, result.failed
    (1, 2, 0)
    """
    check_choice(on_pii)
    if salt is not None and text:
        raise ValueError("a salt is for text=False")
    out = _checked_out(Path(out))
    reading = ReadOptions(dict(speakers or {}), dict(columns or {}), format, encoding)
    options = ScoreOptions(reading, _checked_roles(roles), str(model), refuse_identifiers=on_pii == "raise")
    sources = _Sources([paths] if isinstance(paths, (str, Path)) else list(paths), out)
    folder = JobFolder(out, row_types(text))
    if next(iter(sources), None) is None:
        raise JobError("there is no file to read")
    with folder.locked():
        if not resume:
            folder.clear()
        inventory = take_inventory(sources)
        manifest = _manifest(inventory, options, text, salt, shard_characters)
        folder.start(manifest)
        result = _done_before(folder, manifest)
        if result is None:
            if not text:
                options = replace(options, salt=_as_bytes(salt) or folder.salt())
            shards = partial(make_shards, sources, reading, shard_characters)
            fingerprint = _fingerprint(manifest, options.salt)
            number = score_all(folder, shards, options, fingerprint, n_jobs, inventory.size, progress)
            if take_state(sources) != inventory.state:
                raise JobError("a file changed while the job ran, so its rows do not fit; start again with --no-resume")
            result = _finish(folder, number, manifest)
        folder.remove_parts()
        folder.forget_salt()
    if result.identifiers and on_pii == "warn":
        warnings.warn(described(result.identifiers), PrivacyWarning, stacklevel=2)
    return result


def _checked_out(out: Path) -> Path:
    if out.suffix not in ENDINGS:
        raise ValueError(f"out ends in {', '.join(ENDINGS)}; the ending says the format")
    if not out.parent.is_dir():
        raise JobError(f"{out.parent}: there is no such folder")
    arrow()
    return out


def _checked_roles(roles: Sequence[str]) -> tuple[str, ...]:
    if isinstance(roles, str) or not roles or not set(roles) <= set(ROLES):
        raise ValueError(f"roles is a list of {', '.join(ROLES)}")
    return tuple(role for role in ROLES if role in roles)


def _as_bytes(salt: str | bytes | None) -> bytes | None:
    return salt.encode() if isinstance(salt, str) else salt


class _Sources:
    """The files of a job, found anew each time they are gone through: no list of them is held."""

    def __init__(self, paths: Sequence[str | Path], out: Path) -> None:
        self._paths, self._out = paths, out

    def __iter__(self) -> Iterator[Source]:
        return find_sources(self._paths, leave_out=[self._out, job_folder(self._out)])


def _manifest(
    inventory: Inventory, options: ScoreOptions, text: bool, salt: str | bytes | None, shard_characters: int
) -> dict[str, Any]:
    """What makes the rows what they are. Labels and names of columns, which may name people, are hashed."""
    reading = {**asdict(options.reading), "speakers": declared_roles(options.reading.speakers)}
    return {
        "format": FORMAT,
        "input": inventory.content,
        "files": inventory.files,
        "bytes": inventory.size,
        "model": hashlib.sha256((model_folder(options.model) / METADATA).read_bytes()).hexdigest(),
        "version": __version__,
        "version of spaCy": version("spacy"),
        "roles": list(options.roles),
        "reading options": hashlib.sha256(json.dumps(reading, sort_keys=True).encode()).hexdigest(),
        "text": text,
        "salt": None if salt is None else salted("salt", _as_bytes(salt) or b""),
        "shard size": shard_characters,
    }


def _fingerprint(manifest: Mapping[str, Any], salt: bytes | None) -> str:
    content = json.dumps(manifest, sort_keys=True).encode()
    return hmac.digest(salt or b"", content, hashlib.sha256).hex()


def _done_before(folder: JobFolder, manifest: Mapping[str, Any]) -> JobResult | None:
    """What an earlier run of this very job did, when its output is still there."""
    known = folder.success()
    if known is None or known["manifest"] != manifest or not folder.out.exists():
        return None
    if folder.out.stat().st_size != known["bytes"] or not folder.log.exists():
        return None
    return JobResult(folder.out, folder.log, **known["result"])


def _finish(folder: JobFolder, number: int, manifest: Mapping[str, Any]) -> JobResult:
    """Put the shards into one file and one log, and only then say that it is done."""
    parts = [folder.part(place) for place in range(number)]
    rows = 0

    def fill(file: IO[bytes]) -> None:
        nonlocal rows
        rows = write_output(map(folder.read_rows, parts), folder.schema(), file, folder.out.suffix)

    folder.write(folder.out, fill)
    counts: Counter[str] = Counter()
    identifiers: Counter[str] = Counter()

    def fill_log(file: IO[bytes]) -> None:
        for entry in (entry for part in parts for entry in folder.read_log(part)):
            counts[entry["status"]] += 1
            identifiers.update(entry.get("identifiers", {}))
            file.write(json.dumps(entry, ensure_ascii=True).encode() + b"\n")

    folder.write(folder.log, fill_log)
    result: dict[str, Any] = {
        "rows": rows,
        "sessions": counts["ok"],
        "failed": counts["failed"],
        "skipped": counts["skipped"],
        "identifiers": dict(identifiers),
    }
    folder.succeed({"manifest": manifest, "bytes": folder.out.stat().st_size, "result": result})
    return JobResult(folder.out, folder.log, **result)
