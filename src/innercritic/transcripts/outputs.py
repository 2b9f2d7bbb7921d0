"""Shards -> one file in the format asked for, and its rows back, as streams."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from ..scoring import DIGITS
from .store import arrow

if TYPE_CHECKING:
    import pyarrow as pa

ENDINGS: Final = (".parquet", ".jsonl", ".csv")
_ROW_GROUP = 100_000
_BATCH = 10_000


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


def read_rows(path: Path, names: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Read some columns of a job's output again, as a stream of arrays by name.

    Parameters
    ----------
    path : Path
        What a job wrote.
    names : sequence of str
        Which columns.

    Yields
    ------
    dict of str to ndarray
        Of some thousand rows at a time, in order.
    """
    pa = arrow()
    batches = _READERS[path.suffix](path, names)
    for batch in batches:
        table = pa.Table.from_batches([batch]) if isinstance(batch, pa.RecordBatch) else batch
        yield {name: table[name].to_numpy() for name in names}


def _read_parquet(path: Path, names: Sequence[str]) -> "Iterator[pa.RecordBatch]":
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        yield from file.iter_batches(columns=list(names))


def _read_jsonl(path: Path, names: Sequence[str]) -> "Iterator[pa.Table]":
    with path.open(encoding="utf-8") as file:
        while lines := list(islice(file, _BATCH)):
            rows = [json.loads(line) for line in lines]
            yield arrow().table({name: [row[name] for row in rows] for name in names})


def _read_csv(path: Path, names: Sequence[str]) -> "Iterator[pa.RecordBatch]":
    import pyarrow.csv as pc

    text = {name: arrow().string() for name in ("source", "session", "client", "role", "abstained")}
    options = pc.ConvertOptions(include_columns=list(names), column_types=text, strings_can_be_null=True)
    parse = pc.ParseOptions(newlines_in_values=True)
    with pc.open_csv(path, convert_options=options, parse_options=parse) as reader:
        yield from reader


_READERS: Final[dict[str, Callable[..., Iterator[Any]]]] = {
    ".parquet": _read_parquet,
    ".jsonl": _read_jsonl,
    ".csv": _read_csv,
}
