"""Scored sentences -> the columns of `SCHEMA`, for frames and for jobs over many files."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .abstention import REASONS
from .schema import columns
from .scoring import SentenceScores


def tidy(
    scores: SentenceScores,
    texts: Sequence[str],
    unread: NDArray[np.object_] | None = None,
    *,
    documents: NDArray[np.int32] | None = None,
    gate_off: str | None = None,
    include_text: bool = False,
) -> tuple[NDArray[np.intp], dict[str, NDArray[Any]]]:
    """Lay out the scores of texts as the columns of `SCHEMA`, a row a sentence, without pandas.

    Parameters
    ----------
    scores : SentenceScores
        The scores of `texts`.
    texts : sequence of str
        The texts that were scored.
    unread : ndarray of object, shape (texts,), optional
        Why a text could not be read ("missing", "not_text"), else None.
    documents : ndarray of int32, shape (texts,), optional
        Which document each text is part of, from 0; by default each is its own.
    gate_off : str, optional
        The reason for which the gate was switched off; what it did not read is not clear.
    include_text : bool, default False
        Whether to give the sentences themselves.

    Returns
    -------
    rows : ndarray of int, shape (rows,)
        Which text a row is of. A text without sentences has one row.
    columns : dict of str to ndarray
        By name, in the order of `SCHEMA`.
    """
    unread = np.full(len(texts), None, object) if unread is None else unread
    documents = np.arange(len(texts), dtype=np.int32) if documents is None else documents
    rows = np.repeat(np.arange(len(texts)), np.maximum(np.bincount(scores.text, minlength=len(texts)), 1))
    is_sentence = np.isin(rows, scores.text)
    raised = np.zeros((len(texts), scores.flags.shape[1]), bool)
    np.logical_or.at(raised, documents[scores.text], scores.flags)
    raised = raised[documents]

    def spread(values: NDArray[Any], otherwise: Any) -> NDArray[Any]:
        """Give a sentence's row the sentence's value, and the row of a text without sentences another."""
        result = np.full((len(rows), *values.shape[1:]), otherwise, values.dtype)
        result[is_sentence] = values
        return result

    reasons = spread(np.array(REASONS, object)[scores.abstained], "empty")
    reasons = np.where(unread[rows] == None, reasons, unread[rows])  # noqa: E711 - a comparison of arrays
    values: list[NDArray[Any]] = [
        spread(scores.number, -1),
        spread(scores.start, 0),
        spread(scores.end, 0),
        reasons,
        *spread(scores.probabilities, np.nan).T,
        *spread(scores.claimed, False).T,
        *spread(scores.flags, False).T,
        *raised[rows].T,
        (~raised.any(axis=1) & (unread != "not_text") & (gate_off is None))[rows],
        np.array([gate_off] * len(rows) + [None], object)[:-1],
    ]
    if include_text:
        spans = zip(scores.text.tolist(), scores.start.tolist(), scores.end.tolist(), strict=True)
        pieces = [storable(texts[text][start:end]) for text, start, end in spans]
        values.append(spread(np.array([*pieces, None], object)[:-1], None))
    names = (column.name for column in columns(include_text))
    return rows, dict(zip(names, values, strict=True))


def storable(text: str) -> str:
    """The text as columns of Arrow, Parquet and JSON can hold it: a lone surrogate becomes U+FFFD."""
    return text if text.isascii() else text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
