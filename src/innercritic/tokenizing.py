"""Text -> spaCy's tokens, as plain arrays for a whole batch: no ``Doc`` leaves this room.

spaCy tokenises each run of characters between blanks by itself. So the commonest runs are tokenised once, by spaCy,
into a table, and reading is looking them up; a run that is not in the table is spaCy's to tokenise, unless it is
as plain as most words are (see `chunks`). A test holds all this to what spaCy makes of the whole text. (The one
difference: spaCy takes an emoticon apart when a sign it could share lies beyond the next blank, as in "( :)".)

What spaCy is given of a user is given inside ``nlp.memory_zone()``, so it does not stay in the vocabulary. A zone and
threads sharing one ``nlp`` do not mix, hence one `Tokenizer` a thread. What was made of a user's runs is remembered for
a while under their hashes, salted anew in each process: numbers, and not a letter of them.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, count, repeat
from string import punctuation
from typing import Any, Final, TypeVar

import numpy as np
import spacy
from numpy.typing import NDArray
from spacy.attrs import IDX, LENGTH, NORM
from spacy.attrs import IS_SPACE as BLANK
from spacy.strings import get_string_id
from spacy.tokens import Doc

from .arrays import Lookup, before, true_at
from .chunks import IS_FIRST, IS_GLUED, pieces, traits_of, traits_of_piece

Token = tuple[int, int, int]
"""NORM hash, characters, traits."""

T = TypeVar("T")
Number = TypeVar("Number", bound=np.generic)

_MOST_LEXEMES = 100_000
MOST_MET = 10_000
"""So many runs of a user's are remembered; then all are let go of."""
_MOST_ROOM = 50_000
_MOST_COLUMNS = 16
_GAPS: Final = re.compile(r"(\s+)")


class TokenTable:
    """Runs of characters between blanks ("chunks") and the tokens they are made of.

    Parameters
    ----------
    first : ndarray of int64, shape (chunks + 1,)
        Where the tokens of each chunk start.
    norm : ndarray of uint64, shape (tokens,)
        spaCy's NORM hash a token: lower case, contractions written out.
    length : ndarray of int64, shape (tokens,)
        Characters of each; nothing lies between those of a chunk.
    traits : ndarray of int64, shape (tokens,)
        See `IS_SPACE` and the like.
    cuts : int
        How often it was cut: what was said of its tokens before holds no more.
    """

    __slots__ = ("_columns", "_size", "cuts", "first", "length", "norm", "traits")

    def __init__(self) -> None:
        self._size = self.cuts = 0
        self._columns: dict[int, tuple[object, NDArray[Any]]] = {}
        self.first = np.zeros(1, np.int64)
        self.norm = np.zeros(0, np.uint64)
        self.length, self.traits = np.zeros(0, np.int64), np.zeros(0, np.int64)

    def write(self, plain: Iterable[Sequence[str]], others: Iterable[Sequence[Token]]) -> Iterator[int]:
        """Write the tokens of chunks behind the others: of those cut into `pieces` first, then of those that spaCy cut.

        It gives the place of each.
        """
        sizes = [len(tokens) for tokens in chain(plain, others)]
        pieces, tokens = list(chain.from_iterable(plain)), list(chain.from_iterable(others))
        begin, end = int(self.first[self._size]), self._size + len(sizes)
        written = slice(begin, begin + len(pieces) + len(tokens))
        self._make_room(end, written.stop)
        self.first[self._size : end + 1] = list(accumulate(sizes, initial=begin))
        self.norm[written] = [*map(get_string_id, map(str.lower, pieces)), *[norm for norm, _, _ in tokens]]
        self.length[written] = [*map(len, pieces), *[length for _, length, _ in tokens]]
        self.traits[written] = [*map(traits_of_piece, pieces), *[traits for _, _, traits in tokens]]
        places = count(self._size)
        self._size = end
        return places

    def column(self, key: object, tell: Callable[[NDArray[np.uint64]], NDArray[Any]]) -> NDArray[Any]:
        """What is told of every token by its NORM; each is asked about once. The key stands for whoever tells."""
        if id(key) not in self._columns:
            if len(self._columns) == _MOST_COLUMNS:
                self._columns.clear()
            self._columns[id(key)] = key, tell(self.norm[:0])
        column, size = self._columns[id(key)][1], int(self.first[self._size])
        if len(column) < size:
            column = np.concatenate((column, tell(self.norm[len(column) : size])))
            self._columns[id(key)] = key, column
        return column

    def cut(self, chunks: int) -> None:
        """Keep the first so many chunks, and no more room than much reading needs."""
        self._size = chunks
        self.cuts += 1
        kept = int(self.first[chunks])
        self._columns = {place: (key, column[:kept].copy()) for place, (key, column) in self._columns.items()}
        if len(self.first) > chunks + _MOST_ROOM:
            self.first = self.first[: chunks + 1].copy()
            self.norm, self.length = self.norm[:kept].copy(), self.length[:kept].copy()
            self.traits = self.traits[:kept].copy()

    def _make_room(self, chunks: int, tokens: int) -> None:
        if chunks >= len(self.first):
            self.first = _roomier(self.first, chunks)
        if tokens > len(self.norm):
            self.norm, self.length = _roomier(self.norm, tokens), _roomier(self.length, tokens)
            self.traits = _roomier(self.traits, tokens)


def _roomier(column: NDArray[Number], more: int) -> NDArray[Number]:
    return np.concatenate((column, np.zeros(more, column.dtype)))


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a batch of texts, one after the other.

    Parameters
    ----------
    norms, starts, ends, traits : ndarray, shape (tokens,)
        NORM hash, character offsets in the text, and traits of each.
    first : ndarray of int64, shape (texts + 1,)
        Where each text starts among them.
    rows : ndarray of int64, shape (tokens,)
        Where each stands in the table, as long as that is not cut once more.
    table : TokenTable
        The table.
    cuts : int
        How often it had been cut.
    """

    norms: NDArray[np.uint64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    traits: NDArray[np.int64]
    first: NDArray[np.int64]
    rows: NDArray[np.int64]
    table: TokenTable
    cuts: int

    def found(self, lookup: Lookup) -> NDArray[np.int32]:
        """What a look-up has for the NORM of each token."""
        if self.cuts < self.table.cuts:
            return lookup.find(self.norms)
        return np.asarray(self.table.column(lookup, lookup.find).take(self.rows))

    def noted(self, key: object) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        """Marks on the tokens of the table, for whoever has the key to set, until it is cut; and each token's row."""
        if self.cuts < self.table.cuts:
            return np.zeros(len(self.norms), bool), np.arange(len(self.norms))
        return self.table.column(key, lambda norms: np.zeros(len(norms), bool)), self.rows


class Tokenizer:
    """spaCy's English tokenizer for batches."""

    def __init__(self) -> None:
        self._place: dict[str, int] = {}
        self._met: dict[int, int] = {}
        self._table = TokenTable()
        self._renew()
        self.warm([*self._rules, *punctuation])

    def _renew(self) -> None:
        """Make the tokenizer; after much text again, as a vocabulary's hash tables keep the room of what has left."""
        self._nlp = spacy.blank("en")
        vocab: Any = self._nlp.vocab  # asked for no more than this, it makes new lexemes three times as fast
        vocab.lex_attr_getters = {attr: vocab.lex_attr_getters[attr] for attr in (NORM, BLANK)}
        tokenizer: Any = self._nlp.tokenizer
        self._tokenizer: Callable[[str], Doc] = tokenizer
        self._rules: Mapping[str, object] = tokenizer.rules

    def warm(self, chunks: Iterable[str]) -> None:
        """Put chunks into the table for good. Never a user's."""
        self._forget()
        new = [chunk for chunk in dict.fromkeys(chunks) if chunk not in self._place and [chunk] == chunk.split()]
        self._place = self._place | self._written(new)

    def tokenise(self, texts: Sequence[str]) -> Tokens:
        """Tokenise texts.

        Parameters
        ----------
        texts : sequence of str
            Texts, cleaned.

        Returns
        -------
        Tokens
        """
        chunks: list[str] = []
        attached: list[int] = []
        edges = [0]
        for text in texts:
            words = text.split()
            if " ".join(words) != text:
                words, places = _with_spaces(text)
                attached += [len(chunks) + place for place in places]
            chunks += words
            edges.append(len(chunks))
        table, place = self._table, self._looked_up(chunks)
        first_chunk = np.array(edges)
        is_text = first_chunk[1:] > first_chunk[:-1]
        gap = np.ones(len(chunks), np.int64)
        gap[first_chunk[:-1][is_text]] = 0
        gap[attached] = 0

        first_row = table.first.take(place)
        size = table.first.take(place + 1) - first_row
        past = before(size)
        first = past[first_chunk]
        row = np.arange(past[-1]) + (first_row - past[:-1]).repeat(size)
        norms, length, traits = table.norm.take(row), table.length.take(row), table.traits.take(row)
        blank = np.zeros(len(row), np.int64)
        blank[past[:-1]] = gap
        end = before(length + blank)
        ends = end[1:] - end[first[:-1]].repeat(first[1:] - first[:-1])
        traits[blank == 0] |= IS_GLUED
        traits[first[:-1][is_text]] += IS_FIRST - IS_GLUED
        tokens = Tokens(norms, ends - length, ends, traits, first, row, table, table.cuts)
        if len(self._met) > MOST_MET:
            self._forget()
        return tokens

    def words(self, texts: Sequence[str]) -> list[list[str]]:
        """The NORM string of every token that is not blank."""

        def norms(text: str) -> list[str]:
            return [token.norm_ for token in self._tokenizer(text) if not token.is_space]

        return self._in_zone(lambda: [norms(text) for text in texts])

    def _in_zone(self, work: Callable[[], T]) -> T:
        """Do work of which nothing stays in the vocabulary, also when it fails.

        An exception that crosses the zone leaves the vocabulary dirty (spaCy issue 13924), so it is raised outside.
        """
        if len(self._nlp.vocab) > _MOST_LEXEMES:
            self._renew()
        failure: Exception | None = None
        with self._nlp.memory_zone():
            try:
                return work()
            except Exception as error:
                failure = error
        raise failure

    def _looked_up(self, chunks: Sequence[str]) -> NDArray[np.int64]:
        """The place of each of these chunks in the table, where they stay until `_forget`."""
        place = np.fromiter(map(self._place.get, chunks, repeat(-1)), np.int64, len(chunks))
        unknown = true_at(place < 0)
        if len(unknown):
            names = [chunks[i] for i in unknown.tolist()]
            keys = list(map(hash, names))
            new = {key: name for key, name in zip(keys, names, strict=True) if key not in self._met}
            if new:
                written = self._written(new.values())
                self._met.update(zip(new, map(written.__getitem__, new.values()), strict=True))
            place[unknown] = list(map(self._met.__getitem__, keys))
        return place

    def _forget(self) -> None:
        """Let go of all chunks that are not kept for good, and of the room that a very long text needed."""
        self._met.clear()
        self._table.cut(len(self._place))

    def _written(self, chunks: Iterable[str]) -> dict[str, int]:
        """Write different chunks and their tokens into the table; the place of each."""
        plain = {chunk: pieces(chunk, self._rules) for chunk in chunks}
        hard = [chunk for chunk, found in plain.items() if not found]
        others: dict[str, Sequence[Token]] = {}
        if hard:
            # A line break between them keeps spaCy's exceptions of several tokens from reaching over.
            text = "\n".join(hard)
            others = dict(zip(hard, self._in_zone(lambda: _by_line(text, self._tokenizer(text))), strict=True))
            plain = {chunk: found for chunk, found in plain.items() if found}
        places = self._table.write(plain.values(), others.values())
        return dict(zip(chain(plain, others), places, strict=False))


def _by_line(text: str, doc: Doc) -> list[list[Token]]:
    """The tokens of each line of a text (given too, as ``doc.text`` puts it together anew)."""
    lines: list[list[Token]] = [[]]
    for norm, at, length in doc.to_array([NORM, IDX, LENGTH]).tolist():
        if text[at] == "\n":
            lines.append([])
        else:
            lines[-1].append((norm, length, traits_of(text[at : at + length], norm)))
    return lines


def _with_spaces(text: str) -> tuple[list[str], list[int]]:
    """Split a text with other than single blanks: its chunks, blanks that are tokens among them.

    As spaCy has it, one blank behind a word belongs to it, and what follows is a token. Those chunks that have no blank
    before them are given by their places.
    """
    chunks: list[str] = []
    attached: list[int] = []
    follows_token = False
    for place, part in enumerate(_GAPS.split(text)):
        is_gap = place % 2 == 1
        rest = part[1:] if is_gap and chunks and part[0] == " " else part
        if rest and (follows_token or (is_gap and rest == part)):
            attached.append(len(chunks))
        if rest:
            chunks.append(rest)
        follows_token = is_gap and bool(rest)
    return chunks, attached
