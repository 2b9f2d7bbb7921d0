"""Paths -> the files of a job, always in the same order, and the shards they are worked on in."""

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from ..errors import JobError, TranscriptError
from .readers import ENDINGS, STREAMED, ReadOptions, read_sessions
from .turns import Transcript

SHARD_CHARACTERS = 250_000
"""About how much text a shard holds: some two thousand sentences. Larger ones are no faster and take more memory."""


class Source(NamedTuple):
    """One file of a job.

    Parameters
    ----------
    path : str
        Where it is.
    name : str
        What it is called in results: its path below the one that was given.
    size : int
        In bytes.
    """

    path: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Shard:
    """A part of a job: files to be read, or sessions that were read already from a table too large for one shard."""

    number: int
    size: int
    items: tuple[Source | Transcript | TranscriptError, ...]


@dataclass(frozen=True, slots=True)
class Inventory:
    """What a job is about: how many files and bytes, and two hashes over them.

    Parameters
    ----------
    files, size : int
        How many files and how many bytes.
    content : str
        SHA-256 over names and contents: the same wherever the folder lies.
    state : str
        SHA-256 over names, sizes and times of change: tells, quickly, that somebody wrote to a file.
    """

    files: int
    size: int
    content: str
    state: str


def find_sources(paths: Sequence[str | Path], leave_out: Sequence[Path] = ()) -> Iterator[Source]:
    """Find the files below some paths, folder by folder in order of their names; hidden ones are left out.

    Parameters
    ----------
    paths : sequence of str or Path
        Files and folders. With several, names start with the path's own.
    leave_out : sequence of Path
        What is no input though it may lie there: the job's own output.

    Raises
    ------
    JobError
        When a path is not there, or is the output itself, or two are, or hold, the same.
    """
    roots = [Path(path) for path in paths]
    own = {path.resolve() for path in leave_out}
    _check_roots(roots)
    if any(root.is_file() and root.resolve() in own for root in roots):
        raise JobError("what is to be read is the file to write: choose another one for the output")
    for root in roots:
        prefix = f"{root.resolve().name}/" if len(roots) > 1 and root.is_dir() else ""
        if root.is_dir():
            yield from _walk(root, prefix, own)
        else:
            yield Source(str(root), root.name, root.stat().st_size)


def _check_roots(roots: Sequence[Path]) -> None:
    for root in roots:
        if not root.exists():
            raise JobError(f"{root}: there is no such file or folder")
    resolved = [root.resolve() for root in roots]
    for number, path in enumerate(resolved):
        for other in resolved[:number]:
            if path == other or path in other.parents or other in path.parents:
                raise JobError(f"{roots[number]}: given twice, or inside another path that is given")
            if path.name == other.name:
                raise JobError(f"{roots[number]}: two paths have this name, so their sessions could not be told apart")


def _walk(folder: Path, prefix: str, own: set[Path]) -> Iterator[Source]:
    own_names = {path.name for path in own}
    try:
        names = sorted(os.listdir(folder))  # no more than names is held of a folder, however large
    except OSError as error:
        raise JobError(f"{folder}: cannot be listed ({error.strerror})") from None
    for name in names:
        path = folder / name
        if name.startswith(".") or (name in own_names and path.resolve() in own):
            continue
        try:
            state = path.stat()
        except OSError:
            yield Source(str(path), f"{prefix}{name}", 0)  # reading it says what is the matter
            continue
        if stat.S_ISDIR(state.st_mode) and not path.is_symlink():
            yield from _walk(path, f"{prefix}{name}/", own)
        elif stat.S_ISREG(state.st_mode):
            yield Source(str(path), f"{prefix}{name}", state.st_size)


def take_inventory(sources: Iterable[Source]) -> Inventory:
    """Read every file once, for the fingerprint: a hundredth of the work that scoring is."""
    content, files, size = hashlib.sha256(), 0, 0
    state = hashlib.sha256()
    for source in sources:
        try:
            with open(source.path, "rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            digest = f"unreadable {error.errno}"
        content.update(f"{source.name}\0{digest}\n".encode("utf-8", "surrogateescape"))
        _add_state(state, source)
        files, size = files + 1, size + source.size
    return Inventory(files, size, content.hexdigest(), state.hexdigest())


def take_state(sources: Iterable[Source]) -> str:
    """Look at every file, without reading it: see `Inventory.state`."""
    state = hashlib.sha256()
    for source in sources:
        _add_state(state, source)
    return state.hexdigest()


def _add_state(state: "hashlib._Hash", source: Source) -> None:
    try:
        changed = os.stat(source.path).st_mtime_ns
    except OSError:
        changed = 0
    state.update(f"{source.name}\0{source.size}\0{changed}\n".encode("utf-8", "surrogateescape"))


def make_shards(sources: Iterable[Source], options: ReadOptions, characters: int = SHARD_CHARACTERS) -> Iterator[Shard]:
    """Put files together until a shard is full; take tables larger than a shard apart by session.

    The shards depend on the files and on `characters` alone, so a job that goes on makes the same ones.
    """
    items: list[Source | Transcript | TranscriptError] = []
    number = size = 0
    for item, weight in _items(sources, options, characters):
        if items and size + weight > characters:
            yield Shard(number, size, tuple(items))
            items, number, size = [], number + 1, 0
        items.append(item)
        size += weight
    if items:
        yield Shard(number, size, tuple(items))


def _items(
    sources: Iterable[Source], options: ReadOptions, characters: int
) -> Iterator[tuple[Source | Transcript | TranscriptError, int]]:
    for source in sources:
        chosen = options.format or ENDINGS.get(Path(source.path).suffix.lower())
        if chosen in STREAMED and source.size > characters:
            for session in read_sessions(source.path, options, source.name):
                size = 0 if isinstance(session, TranscriptError) else sum(len(turn.text) for turn in session.turns)
                yield session, size
        else:
            yield source, source.size
