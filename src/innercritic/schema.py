"""The columns of a scored frame, in one place: their names, types and meaning, and every other spelling of them."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from .facets import Facet, SafetyFlag

if TYPE_CHECKING:
    import pandas as pd

_SPARK: Final = {"int32": "int", "float32": "float", "bool": "boolean", "string": "string"}


class Column(NamedTuple):
    """One column.

    Parameters
    ----------
    name : str
        Its name.
    dtype : {"int32", "float32", "bool", "string"}
        Its type, as pandas calls it.
    meaning : str
        What it holds, with its unit.
    """

    name: str
    dtype: str
    meaning: str

    @property
    def spark_type(self) -> str:
        """The same type, as Spark calls it."""
        return _SPARK[self.dtype]


TEXT: Final = Column("text", "string", "the sentence itself; only with include_text=True")

SCHEMA: Final[tuple[Column, ...]] = (
    Column("sentence", "int32", "number of the sentence in its text, from 0; -1 in the one row of a text without any"),
    Column("start", "int32", "where the sentence starts in its text, in characters"),
    Column("end", "int32", "where it ends: text[start:end] is the sentence"),
    Column(
        "abstained",
        "string",
        "why it was not judged: missing (None, NaN), not_text (a number, a list, bytes), empty (no sentence), "
        "no_words, too_short, not_english; else NA",
    ),
    *(Column(f"p_{facet}", "float32", f"probability of {facet.term}, 0 to 1; NaN if not judged") for facet in Facet),
    *(Column(facet, "bool", f"whether {facet.term} is claimed: {facet.definition}") for facet in Facet),
    *(Column(flag, "bool", f"whether the gate names, in this sentence, {flag.definition}") for flag in SafetyFlag),
    *(Column(f"document_{flag}", "bool", f"whether it names it anywhere in this text ({flag})") for flag in SafetyFlag),
    Column(
        "document_clear",
        "bool",
        "whether nothing in this text raised the gate, which is no proof of safety; False too for what is not_text",
    ),
    Column("gate_off", "string", "why the gate was switched off, for whoever reads this table; NA when it was not"),
    TEXT,
)
"""Every column `score_frame` adds, in order. It grows at its end only, and only with an entry in CHANGELOG.md."""


def columns(include_text: bool = False) -> tuple[Column, ...]:
    """The columns there are with, or without, the user's words.

    Examples
    --------
    >>> [column.name for column in columns()][:4]
    ['sentence', 'start', 'end', 'abstained']
    """
    return tuple(column for column in SCHEMA if include_text or column is not TEXT)


def empty_frame(keep: "Mapping[str, str] | pd.DataFrame | None" = None, include_text: bool = False) -> "pd.DataFrame":
    """A scored frame without rows: the ``meta`` that Dask asks for.

    Parameters
    ----------
    keep : mapping of str to str, or DataFrame, optional
        The columns that are kept, with their types: ``{"id": "int64"}``, or a frame of these columns.
    include_text : bool, default False
        Whether there is a column with the sentences.

    Returns
    -------
    DataFrame

    Examples
    --------
    >>> empty_frame({"id": "int64"}).dtypes.iloc[:2].astype(str).to_dict()
    {'id': 'int64', 'sentence': 'int32'}
    """
    import pandas as pd

    kept = dict(keep.dtypes) if isinstance(keep, pd.DataFrame) else dict(keep or {})
    types = kept | {str(column.name): column.dtype for column in columns(include_text)}
    index = keep.index[:0] if isinstance(keep, pd.DataFrame) else None
    return pd.DataFrame({name: pd.Series([], index, dtype) for name, dtype in types.items()}, index=index)


def spark_ddl(keep: Mapping[str, str] | Iterable[tuple[str, str]] = (), include_text: bool = False) -> str:
    """The schema as Spark writes it, for ``mapInPandas``.

    Parameters
    ----------
    keep : mapping of str to str
        The columns that are kept, with their Spark types.
    include_text : bool, default False
        Whether there is a column with the sentences.

    Returns
    -------
    str

    Examples
    --------
    >>> spark_ddl({"id": "string"})[:36]
    'id string, sentence int, start int, '
    """
    kept = [*dict(keep).items(), *((column.name, column.spark_type) for column in columns(include_text))]
    return ", ".join(f"{name} {spark}" for name, spark in kept)
