"""A table of texts -> a tidy table of scored sentences. pandas and joblib are imported where they are used."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from .analyzer import InnerCritic, load
from .batching import batches
from .errors import ColumnError, MissingExtraError
from .resources import DEFAULT_MODEL
from .schema import SCHEMA, columns
from .scoring import SentenceScores
from .tidy import tidy

if TYPE_CHECKING:
    import pandas as pd


def score_frame(
    df: "pd.DataFrame",
    text: str = "text",
    *,
    keep: str | Sequence[str] = (),
    model: str | Path | InnerCritic = DEFAULT_MODEL,
    include_text: bool = False,
    n_jobs: int | None = None,
) -> "pd.DataFrame":
    """Score every sentence of a table of texts: facets and the safety gate, no reframes.

    It is pure and at module level, so that engines call it on the parts of a table and get the very rows that the
    whole table gives: ``map_partitions`` in Dask, ``mapInPandas`` in Spark (see `schema.empty_frame` and
    `schema.spark_ddl`).

    Parameters
    ----------
    df : DataFrame
        The table. The text of a row is one document to the gate.
    text : str, default "text"
        The column with the texts.
    keep : str or sequence of str
        Columns to carry over to every sentence of their row: ids, dates, a person.
    model : str, Path or InnerCritic, default "neff-fast"
        Name of a bundled model, path of a model folder, or a critic that was loaded already. Names and paths are
        loaded once a process.
    include_text : bool, default False
        Whether to add the sentence itself, as the last column, ``text``. Without it the result holds no word of the
        user but what you `keep`.
    n_jobs : int, optional
        Processes; -1 is one a core. By default this process alone, or what ``joblib.parallel_config`` says. Starting
        processes takes seconds, so it pays from about 50,000 sentences.

    Returns
    -------
    DataFrame
        A row a sentence, in order: the columns of `keep`, then those of `SCHEMA`. The index is that of `df`, repeated.
        A text without sentences, and a cell that is no text, gives one row that says so in ``abstained``.

    Raises
    ------
    ColumnError
        When a column is not there, is there twice, or is named like one of `SCHEMA`.
    MissingExtraError
        Without pandas.

    Examples
    --------
    >>> import pandas as pd
    >>> entries = pd.DataFrame({"text": ["We had soup. I'm such an idiot.", None], "day": [1, 2]}, index=["a", "b"])
    >>> score_frame(entries, keep="day")[["day", "start", "end", "abstained", "self_judgment"]]
       day  start  end abstained  self_judgment
    a    1      0   12      <NA>          False
    a    1     13   31      <NA>           True
    b    2      0    0   missing          False
    """
    try:
        import pandas as pd
    except ImportError:
        raise MissingExtraError("score_frame", "notebook") from None

    if not isinstance(df, pd.DataFrame):
        raise TypeError(f"expected a pandas DataFrame, got {type(df).__name__}")
    kept = [keep] if isinstance(keep, str) else list(keep)
    _check(df.columns.tolist(), text, kept)
    cells = df[text].tolist()
    texts, unread = cells.copy(), np.full(len(cells), None, object)
    for place in [place for place, cell in enumerate(cells) if not isinstance(cell, str)]:
        texts[place], unread[place] = "", _unread(cells[place])
    scores = score_texts(texts, model, n_jobs)
    gate_off = model.gate_off if isinstance(model, InnerCritic) else None
    rows, values = tidy(scores, texts, unread, gate_off=gate_off, include_text=include_text)
    data = {name: df[name].array.take(rows) for name in kept}
    for column in columns(include_text):
        value = values[column.name]
        data[column.name] = pd.array(value, dtype="string") if column.dtype == "string" else value
    return pd.DataFrame(data, index=df.index.take(rows))


def _check(names: list[Any], text: str, kept: list[str]) -> None:
    for name in (text, *kept):
        if names.count(name) != 1:
            raise ColumnError(name, "is there more than once" if name in names else "is not there")
    for name in kept:
        if name in {column.name for column in SCHEMA}:
            raise ColumnError(name, "cannot be kept: a column of the result has this name; rename it first")


def _unread(cell: object) -> str:
    """Say why a cell that is no text cannot be read at all."""
    import pandas as pd

    return "missing" if pd.api.types.is_scalar(cell) and pd.isna(cell) else "not_text"


def score_texts(texts: Sequence[str], model: str | Path | InnerCritic, n_jobs: int | None) -> SentenceScores:
    """Score texts some at a time, so that memory depends on `BATCH_CHARACTERS` and not on how many there are."""
    from joblib import Parallel, delayed, effective_n_jobs

    chunks = list(batches(texts))
    sizes = [len(chunk) for chunk in chunks]
    if effective_n_jobs(n_jobs) == 1 or len(chunks) < 2:
        return SentenceScores.join([_score_chunk(chunk, model) for chunk in chunks], sizes)
    # Texts go out, small arrays come back: spaCy's own n_process sends whole Docs and is ten times slower than none.
    parts = Parallel(n_jobs=n_jobs)(delayed(_score_chunk)(chunk, model) for chunk in chunks)
    return SentenceScores.join(parts, sizes)


def _score_chunk(texts: Sequence[str], model: str | Path | InnerCritic) -> SentenceScores:
    critic = model if isinstance(model, InnerCritic) else load(model)
    return critic.score(texts)
