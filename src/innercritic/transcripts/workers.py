"""Shards -> processes -> the job's folder: joblib's engines, loky by default, Dask where it is configured."""

from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Final

from ..errors import JobError
from .scorer import Scored, ScoreOptions, score_shard
from .sources import Shard
from .store import JobFolder

SHARDS_A_WORKER: Final = 16
"""So many shards are handed out at a time to each process; no more than these are ever in memory."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is.

    Parameters
    ----------
    done, total : int
        Bytes of transcripts.
    sentences : int
        Sentences scored by this run.
    """

    done: int
    total: int
    sentences: int


def score_all(
    folder: JobFolder,
    shards: Callable[[], Iterator[Shard]],
    options: ScoreOptions,
    fingerprint: str,
    n_jobs: int | None,
    total: int,
    progress: Callable[[Progress], object] | None,
) -> int:
    """Score every shard that is not done yet.

    Parameters
    ----------
    folder : JobFolder
        Where shards are written, by this process.
    shards : callable
        Gives the shards, always the same ones.
    options : ScoreOptions
        For the workers.
    fingerprint : str
        What a shard that is done bears.
    n_jobs : int or None
        See `batch.analyze`.
    total : int
        Bytes of transcripts in all.
    progress : callable or None
        Called after each shard.

    Returns
    -------
    int
        How many shards there are.
    """
    from joblib import Parallel, delayed, effective_n_jobs

    done = sentences = number = 0
    waiting: dict[int, int] = {}

    def missing() -> Iterator[Shard]:
        nonlocal done, number
        for shard in shards():
            number = shard.number + 1
            if folder.has_part(shard.number, fingerprint):
                done += shard.size
            else:
                waiting[shard.number] = shard.size
                yield shard

    def report() -> None:
        if progress is not None:
            progress(Progress(min(done, total), total, sentences))

    stream = missing()
    with _worker_errors(), Parallel(n_jobs=n_jobs, return_as="generator_unordered") as parallel:
        while handed_out := list(islice(stream, SHARDS_A_WORKER * effective_n_jobs(n_jobs))):
            report()
            # Paths or texts go out, columns come back; spaCy's own n_process sends whole Docs.
            for place, scored in parallel(delayed(_numbered)(shard, options) for shard in handed_out):
                folder.write_part(place, scored, fingerprint)
                done += waiting.pop(place)
                sentences += sum(entry.get("sentences", 0) for entry in scored.log)
                report()
    done = total
    report()
    return number


def _numbered(shard: Shard, options: ScoreOptions) -> tuple[int, Scored]:
    return shard.number, score_shard(shard, options)


@contextmanager
def _worker_errors() -> Iterator[None]:
    try:
        yield
    except BrokenExecutor:
        raise JobError(
            "a worker process was killed (out of memory?); what is done is kept, run the same again to go on"
        ) from None
