"""Many texts -> batches of about the same amount of text, so that memory stays the same however long they are."""

from collections.abc import Iterable, Iterator

from .errors import NotTextError, OneTextError

BATCH_CHARACTERS = 200_000
"""How much text is read, or sent to a worker, at a time: about two thousand sentences."""


def checked(texts: Iterable[str], name: str = "texts") -> list[str]:
    """List texts, and raise what `batches` raises for anything else; `name` is what the caller calls them.

    Examples
    --------
    >>> checked("abc")
    Traceback (most recent call last):
    innercritic.errors.OneTextError: texts takes several, got a single str: put it into a list
    """
    if isinstance(texts, list) and {*map(type, texts)} == {str}:
        return list(texts)  # most often, and quickly seen
    return list(_each(texts, name))


def _each(texts: Iterable[str], name: str) -> Iterator[str]:
    if isinstance(texts, str):
        raise OneTextError(name)
    for place, text in enumerate(texts):
        if not isinstance(text, str):
            raise NotTextError(text, place)
        yield text


def batches(texts: Iterable[str], most: int | None = None) -> Iterator[list[str]]:
    """Cut a stream of texts into batches.

    Parameters
    ----------
    texts : iterable of str
        Texts.
    most : int, optional
        How many texts a batch has at most.

    Yields
    ------
    list of str
        Each ends with the text that brings it to `BATCH_CHARACTERS`, or to `most` texts.

    Raises
    ------
    NotTextError
        For what is not ``str``; the batch before it was given already.
    OneTextError
        For a single ``str`` in place of several.

    Examples
    --------
    >>> list(batches(["a", "b", "c"], most=2))
    [['a', 'b'], ['c']]
    """
    batch: list[str] = []
    length = 0
    for text in _each(texts, "texts"):
        batch.append(text)
        length += len(text)
        if length >= BATCH_CHARACTERS or len(batch) == most:
            yield batch
            batch, length = [], 0
    if batch:
        yield batch
