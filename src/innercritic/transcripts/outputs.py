"""Shards -> one file in the format asked for, as a stream."""

import csv
import io
import json
from collections.abc import Callable, Iterable
from typing import IO, TYPE_CHECKING, Any, Final

from ..scoring import DIGITS
from .store import arrow

if TYPE_CHECKING:
    import pyarrow as pa

ENDINGS: Final = (".parquet", ".jsonl", ".csv")
_ROW_GROUP = 100_000


def write_output(tables: "Iterable[pa.Table]", schema: "pa.Schema", file: IO[bytes], ending: str) -> int:
    """Write tables one after another into one file.

    Parameters
    ----------
    tables : iterable of Table
        In order; held one at a time, in Parquet some hundred thousand rows at a time.
    schema : Schema
        Of all of them.
    file : binary file
        Where to.
    ending : {".parquet", ".jsonl", ".csv"}
        The format. Missing values are null in Parquet and JSON, and empty in CSV.

    Returns
    -------
    int
        How many rows were written.
    """
    return _WRITERS[ending](tables, schema, file)


def _write_parquet(tables: "Iterable[pa.Table]", schema: "pa.Schema", file: IO[bytes]) -> int:
    import pyarrow.parquet as pq

    waiting: list[pa.Table] = []
    rows = 0
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for table in tables:
            waiting.append(table)
            rows += len(table)
            if sum(map(len, waiting)) >= _ROW_GROUP:
                writer.write_table(arrow().concat_tables(waiting))
                waiting = []
        if waiting:
            writer.write_table(arrow().concat_tables(waiting))
    return rows


def _write_jsonl(tables: "Iterable[pa.Table]", schema: "pa.Schema", file: IO[bytes]) -> int:
    del schema
    rows = 0
    for table in tables:
        for row in table.to_pylist():
            file.write(json.dumps(_rounded(row), ensure_ascii=True).encode() + b"\n")
        rows += len(table)
    return rows


def _write_csv(tables: "Iterable[pa.Table]", schema: "pa.Schema", file: IO[bytes]) -> int:
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    writer = csv.DictWriter(text, schema.names, lineterminator="\n")
    writer.writeheader()
    rows = 0
    for table in tables:
        writer.writerows(map(_rounded, table.to_pylist()))
        rows += len(table)
    text.detach()
    return rows


def _rounded(row: dict[str, Any]) -> dict[str, Any]:
    """Numbers as short as they are exact: 0.1 is no 0.10000000149011612."""
    return {name: round(value, DIGITS) if isinstance(value, float) else value for name, value in row.items()}


_WRITERS: Final[dict[str, Callable[..., int]]] = {
    ".parquet": _write_parquet,
    ".jsonl": _write_jsonl,
    ".csv": _write_csv,
}
