"""The little phrase language of the asset files, compiled to regular expressions.

A phrase is words in a row: ``a|b`` is either word, ``a_b`` two words in one alternative, ``word*`` any ending, ``...``
up to four words in between, ``(word)`` a word that may be missing, ``@name`` any word of the list of that name. Looking for a phrase starts from its rarest-looking
word, so that a sentence without any of these words costs one dictionary look-up a word.
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


Patterns = tuple[re.Pattern[str], ...]


@dataclass(frozen=True)
class PhraseSet:
    """Phrases compiled for searching.

    Parameters
    ----------
    by_word : dict of str to tuple of pattern
        For each trigger word the patterns to try where it occurs.
    by_prefix : dict of str to tuple of pattern
        The same for triggers that are the beginning of a word.
    """

    by_word: dict[str, Patterns]
    by_prefix: dict[str, Patterns]

    def search(self, text: str, words: frozenset[str]) -> re.Match[str] | None:
        """Find the first phrase that occurs.

        Parameters
        ----------
        text : str
            Lower-case text with plain apostrophes.
        words : frozenset of str
            Its words, from `words_of`.
        """
        for pattern in self._worth_trying(words):
            if match := pattern.search(text):
                return match
        return None

    def spans(self, text: str, words: frozenset[str]) -> Iterator[tuple[int, int]]:
        """Find every phrase that occurs, overlapping ones too, as spans of the text; see `search`."""
        for pattern in self._worth_trying(words):
            at = 0
            while match := pattern.search(text, at):
                yield match.span()
                at = match.start() + 1

    @property
    def triggers(self) -> frozenset[str]:
        """The words a phrase is looked for by: in a text without any of them, none occurs."""
        return frozenset(self.by_word)

    @property
    def prefixes(self) -> frozenset[str]:
        """The same for beginnings of words."""
        return frozenset(self.by_prefix)

    def _worth_trying(self, words: frozenset[str]) -> Iterator[re.Pattern[str]]:
        for word in sorted(self.by_word.keys() & words):
            yield from self.by_word[word]
        if self._starts.isdisjoint(word[:_START] for word in words):
            return
        for prefix, patterns in self.by_prefix.items():
            if any(word.startswith(prefix) for word in words):
                yield from patterns

    @cached_property
    def _starts(self) -> frozenset[str]:
        """First letters of all prefixes: most sentences have no word that starts like any of them."""
        return frozenset(prefix[:_START] for prefix in self.by_prefix)


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
    by_word: dict[str, list[re.Pattern[str]]] = defaultdict(list)
    by_prefix: dict[str, list[re.Pattern[str]]] = defaultdict(list)
    for phrase in phrases:
        parts = [_LIST.sub(lambda found: _listed(found, lists), part) for part in phrase.lower().split()]
        pattern = re.compile(_regex(parts))
        for word in _trigger(phrase, parts):
            if word.endswith("*"):
                if len(word) <= _START:
                    raise ValueError(f"in phrase {phrase!r} the beginning {word!r} is too short to look for")
                by_prefix[word[:-1]].append(pattern)
            else:
                by_word[word].append(pattern)
    return PhraseSet(
        {word: tuple(patterns) for word, patterns in by_word.items()},
        {word: tuple(patterns) for word, patterns in by_prefix.items()},
    )


def _listed(found: re.Match[str], lists: Mapping[str, Sequence[str]]) -> str:
    """Write out ``@name``, and ``my_@name`` as ``my_`` before each word of the list."""
    before, name = found.groups()
    if name not in lists:
        raise ValueError(f"there is no list @{name}")
    return "|".join(before + word for word in lists[name])


def _trigger(phrase: str, parts: Sequence[str]) -> list[str]:
    """The words of one part of the phrase: the part that common words are rarest in."""
    needed = [part.split("|") for part in parts if part != "..." and not part.startswith("(")]
    if not needed:
        raise ValueError(f"phrase {phrase!r} has no word that must be there")
    words = min(needed, key=lambda options: sum(3 if word in _COMMON else 1 / len(word) for word in options))
    return [spelling for word in words for spelling in _spellings(_rarest(re.split("[_-]", word)))]


def _rarest(words: Sequence[str]) -> str:
    return max(words, key=lambda word: (word not in _COMMON, len(word)))


def _spellings(word: str) -> set[str]:
    return {word, word.replace("'", "")}


def _regex(parts: Sequence[str]) -> str:
    regex, joint = "", ""
    for part in parts:
        if part == "...":
            joint = rf"(?:[^\w']+[\w']+){{0,{GAP}}}?[^\w']+"
            continue
        optional = part.startswith("(")
        options = "|".join(_option(word) for word in part.strip("()").split("|"))
        if optional:
            regex += rf"(?:{joint}(?:{options})(?![\w']))?"
        else:
            regex += rf"{joint or '(?<![a-z0-9])'}(?:{options})(?![\w'])"
        joint = r"[^\w']+"
    return regex


def _option(word: str) -> str:
    escaped = re.escape(word).replace("_", r"\s+").replace("'", "'?")
    return escaped.replace(r"\*", r"[\w']*")
