"""What a job keeps on disk while it runs: a folder beside its output, in which nothing is ever half there.

Every file is written under another name, flushed to the disk and renamed. A shard's rows and its log entries are one
file, so that they exist together or not at all. What was killed leaves temporary files, which the next run sweeps.
"""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from ..errors import JobError, MissingExtraError
from .scorer import Scored

if TYPE_CHECKING:
    import pyarrow as pa

MANIFEST: Final = "manifest.json"
SUCCESS: Final = "_SUCCESS"
_LOCK, _SALT, _TEMPORARY = "lock", "salt", ".tmp-"
_LOG_KEY, _FINGERPRINT_KEY = b"innercritic.log", b"innercritic.fingerprint"
_SALT_BYTES = 32


class JobFolder:
    """The folder of one job.

    Parameters
    ----------
    out : Path
        The job's output; the folder is named after it.
    types : mapping of str to str
        Names and types of the output's columns.
    """

    def __init__(self, out: Path, types: Mapping[str, str]) -> None:
        self.out = out
        self.path = job_folder(out)
        self.log = self.path / "log.jsonl"
        self._types = types
        self._cleared = False

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder for this process alone; the system lets go of it when the process dies, however it does."""
        with disk_errors(self.path):
            self.path.mkdir(parents=True, exist_ok=True)
            lock = (self.path / _LOCK).open("wb")
        with lock:
            if not _try_lock(lock):
                raise JobError(f"another job is writing {self.out.name}; wait for it, or give another --out")
            self._sweep()
            yield

    def _sweep(self) -> None:
        """Remove what a killed run left half written: its own, under this output's name."""
        for path in (*self.path.glob(f".*{_TEMPORARY}*"), *self.out.parent.glob(f".{self.out.name}{_TEMPORARY}*")):
            path.unlink(missing_ok=True)

    def start(self, manifest: Mapping[str, Any]) -> None:
        """Begin, or go on with, the job that a manifest describes.

        Raises
        ------
        JobError
            When the folder, or the output, is of another job; it says what differs.
        """
        known = self._read_json(MANIFEST)
        if known is None:
            if self.out.exists() and not self._cleared:
                raise JobError(f"{self.out.name} exists and no job that made it is known; {_WAYS_OUT}")
            self.remove_parts()
            self._write_json(MANIFEST, manifest)
        elif known != manifest:
            raise JobError(f"{self.path.name} is of another job: {_difference(known, manifest)}; {_WAYS_OUT}")

    def clear(self) -> None:
        """Remove what an earlier job left, its mark of success first."""
        for name in (SUCCESS, MANIFEST, _SALT, self.log.name):
            (self.path / name).unlink(missing_ok=True)
        self.remove_parts()
        self._cleared = True

    def salt(self) -> bytes:
        """Give the job's own salt, made by chance and kept until the job is done."""
        path = self.path / _SALT
        if not path.exists():
            self.write(path, lambda file: file.write(os.urandom(_SALT_BYTES)), private=True)
        return path.read_bytes()

    def forget_salt(self) -> None:
        """Throw the job's own salt away: nobody can make its hashes again."""
        (self.path / _SALT).unlink(missing_ok=True)

    def part(self, number: int) -> Path:
        """Where a shard's rows are."""
        return self.path / f"part-{number:07d}.parquet"

    def has_part(self, number: int, fingerprint: str) -> bool:
        """Whether a shard is done; a part that cannot be read, or is another job's, is not."""
        import pyarrow.parquet as pq
        from pyarrow import ArrowException

        try:
            metadata = pq.read_schema(self.part(number)).metadata or {}
        except (OSError, ArrowException):
            return False
        return bool(metadata.get(_FINGERPRINT_KEY) == fingerprint.encode())

    def write_part(self, number: int, scored: Scored, fingerprint: str) -> None:
        """Write a shard's rows, its log with them."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        extra = {_LOG_KEY: json.dumps(scored.log, ensure_ascii=True).encode(), _FINGERPRINT_KEY: fingerprint.encode()}
        schema = self.schema().with_metadata(extra)
        arrays = [pa.array(scored.columns[field.name], field.type, from_pandas=True) for field in schema]
        table = pa.Table.from_arrays(arrays, schema=schema)
        self.write(self.part(number), lambda file: pq.write_table(table, file, compression="zstd"))

    def remove_parts(self) -> None:
        """Remove the shards: their rows are in the output."""
        for path in self.path.glob("part-*.parquet"):
            path.unlink(missing_ok=True)

    def read_rows(self, part: Path) -> "pa.Table":
        """Read a shard's rows."""
        import pyarrow.parquet as pq

        return pq.read_table(part).replace_schema_metadata(None)

    def read_log(self, part: Path) -> list[dict[str, Any]]:
        """Read a shard's log entries."""
        import pyarrow.parquet as pq

        entries: list[dict[str, Any]] = json.loads(pq.read_schema(part).metadata[_LOG_KEY])
        return entries

    def schema(self) -> "pa.Schema":
        """The output's columns as Arrow has them."""
        pa = arrow()
        types = {"int32": pa.int32(), "float32": pa.float32(), "bool": pa.bool_(), "string": pa.string()}
        return pa.schema([(name, types[kind]) for name, kind in self._types.items()])

    def success(self) -> dict[str, Any] | None:
        """What was written when the job was done, or None."""
        return self._read_json(SUCCESS)

    def succeed(self, value: Mapping[str, Any]) -> None:
        """Say that the job is done: the last file it writes."""
        self._write_json(SUCCESS, value)

    def write(self, path: Path, fill: Callable[[IO[bytes]], object], private: bool = False) -> None:
        """Write a file so that it is there as a whole or not at all, whatever happens."""
        temporary = path.with_name(f".{path.name}{_TEMPORARY}{os.getpid()}")
        with disk_errors(path):
            try:
                descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600 if private else 0o666)
                with open(descriptor, "wb") as file:
                    fill(file)
                    file.flush()
                    os.fsync(file.fileno())
                os.replace(temporary, path)
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise
            _sync_folder(path.parent)

    def _write_json(self, name: str, value: Mapping[str, Any]) -> None:
        content = json.dumps(value, ensure_ascii=True, indent=1).encode() + b"\n"
        self.write(self.path / name, lambda file: file.write(content))

    def _read_json(self, name: str) -> dict[str, Any] | None:
        try:
            value = json.loads((self.path / name).read_bytes())
        except FileNotFoundError:
            return None
        except ValueError:
            raise JobError(f"{self.path.name}/{name} is damaged; start again with --no-resume") from None
        return value if isinstance(value, dict) else {}


def job_folder(out: Path) -> Path:
    """Give the folder of the job that writes an output."""
    return out.with_name(f"{out.name}.job")


_WAYS_OUT = "give another --out, or start again with --no-resume"


def arrow() -> Any:
    """Import pyarrow, or say which extra brings it."""
    try:
        import pyarrow
    except ImportError:
        raise MissingExtraError("a job over transcripts", "transcripts") from None
    return pyarrow


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Turn what the disk refuses into a message that says what to do."""
    try:
        yield
    except OSError as error:
        if isinstance(error, JobError):
            raise
        reason = error.strerror or type(error).__name__
        raise JobError(
            f"cannot write {path.name}: {reason}; what is done is kept, run the same again to go on"
        ) from None


def _difference(known: Mapping[str, Any], wanted: Mapping[str, Any]) -> str:
    names = [name for name in wanted if known.get(name) != wanted[name]]
    return f"{' and '.join(names) or 'the format'} differ{'s' if len(names) < 2 else ''}"


def _try_lock(file: IO[bytes]) -> bool:
    """Take the system's lock on an open file, where there is one to take."""
    try:
        import fcntl
    except ImportError:  # Windows: nothing is lost without it, shards are the same whoever writes them
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return True
    return True


def _sync_folder(folder: Path) -> None:
    """Make a rename last; not every system can open a folder."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
