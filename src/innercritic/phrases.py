"""The little phrase language of the asset files, compiled to regular expressions.

A phrase is words in a row: ``a|b`` is either word, ``a_b`` two words in one alternative, ``word*`` any ending, ``...``
up to four words in between (``... ...`` up to eight), ``(word)`` a word that may be missing, ``@name`` any word of the
list of that name. A phrase is looked for only where a word of its rarest-looking part is there.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

GAP = 4
"""How many words ``...`` may skip."""

_START = 3

_LIST = re.compile(r"((?:[a-z']+_)*)@([a-z]+)")
_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)*")
_COMMON = frozenset(
    """a an and the i i'm im my me he she they him her them it is am was were be been of to in on at for with not no
    don't dont do did if so that this or but up out just want wanted will would could can get got going go like all have
    had his you your any even ever never when how from by let about more""".split()
)


@dataclass(frozen=True, eq=False)
class Phrase:
    """One phrase.

    Parameters
    ----------
    regex : str
        What it is looked for by.
    needs : tuple of tuple of tuple of str
        For its parts, in order, the alternatives, and of each the words that must be there ("word*": the beginning of
        one). Nothing is said of parts that may be missing, nor of words with an apostrophe.
    reach : tuple of int
        Between each two of these parts: at most so many words on from a word of the one stands a word of the other.
    """

    regex: str
    needs: tuple[tuple[tuple[str, ...], ...], ...]
    reach: tuple[int, ...]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The same, compiled when it is first looked for: most never are, and there are thousands."""
        return re.compile(self.regex)

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Find it wherever it occurs in a lower-case text, overlapping too, as spans of the text."""
        at = 0
        while match := self.pattern.search(text, at):
            yield match.span()
            at = match.start() + 1


Phrases = tuple[Phrase, ...]


@dataclass(frozen=True)
class PhraseSet:
    """Phrases compiled for searching.

    Parameters
    ----------
    by_word : dict of str to tuple of Phrase
        For each trigger word the phrases to try where it occurs.
    by_prefix : dict of str to tuple of Phrase
        The same for triggers that are the beginning of a word.
    """

    by_word: dict[str, Phrases]
    by_prefix: dict[str, Phrases]

    def search(self, text: str, words: frozenset[str]) -> re.Match[str] | None:
        """Find the first phrase that occurs.

        Parameters
        ----------
        text : str
            Lower-case text with plain apostrophes.
        words : frozenset of str
            Its words, from `words_of`.
        """
        for phrase in self._worth_trying(words):
            if match := phrase.pattern.search(text):
                return match
        return None

    def spans(self, text: str, words: frozenset[str]) -> Iterator[tuple[int, int]]:
        """Find every phrase that occurs, overlapping ones too, as spans of the text; see `search`."""
        for phrase in self._worth_trying(words):
            yield from phrase.spans(text)

    @property
    def triggers(self) -> frozenset[str]:
        """The words a phrase is looked for by: in a text without any of them, none occurs."""
        return frozenset(self.by_word)

    @property
    def prefixes(self) -> frozenset[str]:
        """The same for beginnings of words."""
        return frozenset(self.by_prefix)

    @cached_property
    def phrases(self) -> Phrases:
        """All of them."""
        listed = (*self.by_word.values(), *self.by_prefix.values())
        return tuple(dict.fromkeys(phrase for phrases in listed for phrase in phrases))

    def _worth_trying(self, words: frozenset[str]) -> Iterator[Phrase]:
        for word in sorted(self.by_word.keys() & words):
            yield from self.by_word[word]
        if not self.by_prefix:
            return
        starts = self._starts
        near = starts.keys() & {word[:_START] for word in words}  # there are none, most often
        here = {start for key in near for start in starts[key] if any(word.startswith(start) for word in words)}
        for start in sorted(here):
            yield from self.by_prefix[start]

    @cached_property
    def _starts(self) -> Mapping[str, list[str]]:
        """The prefixes by their first letters: most sentences have no word that starts like any of them."""
        starts: defaultdict[str, list[str]] = defaultdict(list)
        for prefix in self.by_prefix:
            starts[prefix[:_START]].append(prefix)
        return dict(starts)


def words_of(text: str) -> frozenset[str]:
    """The different words of a lower-case text."""
    return frozenset(_WORD.findall(text))


def compile_phrases(phrases: Iterable[str], lists: Mapping[str, Sequence[str]] = MappingProxyType({})) -> PhraseSet:
    """Compile phrases.

    Parameters
    ----------
    phrases : iterable of str
        Phrases in the little language described above.
    lists : mapping of str to sequence of str
        Words that ``@name`` stands for.

    Returns
    -------
    PhraseSet
        Ready for `PhraseSet.search`.

    Raises
    ------
    ValueError
        When a phrase is empty or consists of optional words and gaps alone, when the beginning of a word that it would
        be looked for by has fewer than three letters, or when it names a list that is not there.

    Examples
    --------
    >>> found = compile_phrases(["can't ... go on"]).search(t := "i really cannot, can't just go on", words_of(t))
    >>> found.group()
    "can't just go on"
    """
    by_word: dict[str, list[Phrase]] = defaultdict(list)
    by_prefix: dict[str, list[Phrase]] = defaultdict(list)
    for phrase in phrases:
        parts = [_LIST.sub(lambda found: _listed(found, lists), part) for part in phrase.lower().split()]
        compiled = Phrase(_regex(parts), *_needs(parts))
        for word in _trigger(phrase, parts):
            if word.endswith("*"):
                if len(word) <= _START:
                    raise ValueError(f"in phrase {phrase!r} the beginning {word!r} is too short to look for")
                by_prefix[word[:-1]].append(compiled)
            else:
                by_word[word].append(compiled)
    return PhraseSet(
        {word: tuple(phrases) for word, phrases in by_word.items()},
        {word: tuple(phrases) for word, phrases in by_prefix.items()},
    )


def _listed(found: re.Match[str], lists: Mapping[str, Sequence[str]]) -> str:
    """Write out ``@name``, and ``my_@name`` as ``my_`` before each word of the list."""
    before, name = found.groups()
    if name not in lists:
        raise ValueError(f"there is no list @{name}")
    return "|".join(before + word for word in lists[name])


def _trigger(phrase: str, parts: Sequence[str]) -> list[str]:
    """The words of one part of the phrase: the part that common words are rarest in."""
    needed = _needed(parts)
    if not needed:
        raise ValueError(f"phrase {phrase!r} has no word that must be there")
    return _keys(needed[0])


def _needed(parts: Sequence[str]) -> list[list[str]]:
    """The parts that must be there, those that common words are rarest in first."""
    needed = [part.split("|") for part in parts if part != "..." and not part.startswith("(")]
    return sorted(needed, key=lambda options: sum(3 if word in _COMMON else 1 / len(word) for word in options))


def _needs(parts: Sequence[str]) -> tuple[tuple[tuple[tuple[str, ...], ...], ...], tuple[int, ...]]:
    """The needs and the reach of a phrase."""
    needs: list[tuple[tuple[str, ...], ...]] = []
    reach: list[int] = []
    skipped = 0
    for part in parts:
        options = [re.split("[_-]", option) for option in part.strip("()").split("|")]
        widest = GAP if part == "..." else max(map(len, options))
        words = tuple(tuple(filter(_is_plain, option)) for option in options)
        if part == "..." or part.startswith("(") or not all(words):
            skipped += widest
            continue
        reach.append(skipped + widest)
        needs.append(words)
        skipped = widest - 1
    return tuple(needs), tuple(reach[1:])


def _is_plain(word: str) -> bool:
    return "'" not in word and "*" not in word[:-1]


def _keys(options: Sequence[str]) -> list[str]:
    """For each alternative of a part the word it is known by."""
    return [spelling for word in options for spelling in sorted(_spellings(_rarest(re.split("[_-]", word))))]


def _rarest(words: Sequence[str]) -> str:
    return max(words, key=lambda word: (word not in _COMMON, len(word)))


def _spellings(word: str) -> set[str]:
    return {word, word.replace("'", "")}


def _regex(parts: Sequence[str]) -> str:
    regex, joint, gap = "", "", 0
    for part in parts:
        if part == "...":
            gap += GAP
            joint = rf"(?:[^\w']+[\w']+){{0,{gap}}}?[^\w']+"
            continue
        optional = part.startswith("(")
        options = "|".join(_option(word) for word in part.strip("()").split("|"))
        if optional:
            regex += rf"(?:{joint}(?:{options})(?![\w']))?"
        else:
            regex += rf"{joint or '(?<![a-z0-9])'}(?:{options})(?![\w'])"
        joint, gap = r"[^\w']+", 0
    return regex


def _option(word: str) -> str:
    escaped = re.escape(word).replace("_", r"\s+").replace("'", "'?")
    return escaped.replace(r"\*", r"[\w']*")
