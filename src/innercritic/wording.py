"""Tokens -> plain words, the way a reader hears them: short forms written out, disguised and stretched words resolved.

A rule then says "want to die" once, and finds "wanna die", "w4nt to d!e" and "want to d i e" too.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise

_LOOKS_LIKE: Mapping[str, str] = {
    "a": "4@",
    "b": "8",
    "e": "3$",
    "g": "9",
    "i": "1!|l",
    "l": "1!|i",
    "o": "0",
    "s": "5$",
    "t": "7+",
}
"""Signs that people type for a letter. spaCy's NORM makes every sign of money a dollar, so that may be an e as well."""
_HOLES = "*#_.~?-"
"""Signs that people type to leave a letter out."""
_HOMOGLYPHS = str.maketrans("авеікмнорѕстухјοαεικνυ", "abeikmhopsctyxjoaeiknu")
SIGNS = frozenset("*#@$|+~")
"""Signs that spaCy splits from a word though they may stand for a letter of it."""

_WORD = re.compile(r"[a-z0-9]+")
_STRETCHED = re.compile(r"(.)\1\1+")  # found twice as fast as by "{2,}"
_MIN_RUN = 3
_LETTERS = re.compile(rf"(?<!\S)[^\W_](?: (?:[._*-] )*[^\W_]){{{_MIN_RUN - 1}}}(?!\S)")
_BETWEEN = frozenset(".-_*")
_WITHOUT_BETWEEN = str.maketrans("", "", "._-*")
_WITHOUT_HOLES = str.maketrans("", "", _HOLES)


@dataclass(frozen=True)
class Wording:
    """A sentence in plain words.

    Parameters
    ----------
    pieces : sequence of str
        What it consists of, in lower case, with the punctuation.
    tokens : sequence of (int, int)
        Which tokens each piece came from, the last one excluded.
    """

    pieces: Sequence[str]
    tokens: Sequence[tuple[int, int]]

    @cached_property
    def text(self) -> str:
        """The pieces with one blank between them."""
        return " ".join(self.pieces)

    @cached_property
    def words(self) -> frozenset[str]:
        """Its different words."""
        return frozenset(_WORD.findall(self.text))

    def token_range(self, start: int, end: int) -> tuple[int, int]:
        """Turn a span of `text` into a range of tokens."""
        starts = list(accumulate((len(piece) + 1 for piece in self.pieces), initial=0))[:-1]
        first, last = bisect_right(starts, start) - 1, bisect_right(starts, end - 1) - 1
        return self.tokens[first][0], self.tokens[last][1]


@dataclass(frozen=True)
class Speller:
    """Knows short forms, and words that people disguise.

    Parameters
    ----------
    short_forms : mapping of str to str
        Spellings, and what they stand for ("wanna" for "want to").
    disguised : frozenset of str
        Words worth recognising in disguise.
    """

    short_forms: Mapping[str, str]
    disguised: frozenset[str]

    def plain(self, token: str) -> str:
        """Give the plain words of one token; what has no letter or digit stays as it is.

        Examples
        --------
        >>> speller = Speller({"wanna": "want to"}, frozenset({"suicide", "die"}))
        >>> [speller.plain(token) for token in ("Wanna", "su1c*de", "dieeee", "well/good", "...")]
        ['want to', 'suicide', 'die', 'well good', '...']
        """
        word = token.lower()
        if word in self.short_forms:
            return self.short_forms[word]
        if word.isascii() and (len(word) == 1 or self.is_plain(word)):
            return word
        folded = _folded(word)
        found = self.short_forms.get(folded) or self._undisguised(folded) or self._shortened(folded)
        return found or " ".join(_WORD.findall(folded)) or word

    def is_plain(self, word: str) -> bool:
        """Whether a word in lower case is one as it stands, by a cheap look: neither a short form nor disguised."""
        return word.isascii() and word.isalpha() and word not in self.short_forms and not _STRETCHED.search(word)

    def _plain_all(self, tokens: Sequence[str]) -> list[str]:
        """Each of them in plain words: `plain` for all, faster where no word is stretched."""
        if _STRETCHED.search(" ".join(tokens).lower().replace(".", "")):
            return list(map(self.plain, tokens))
        forms, lowered = self.short_forms, [token.lower() for token in tokens]
        return [
            forms.get(word) or (word if word.isascii() and (len(word) == 1 or word.isalpha()) else self.plain(word))
            for word in lowered
        ]

    def is_odd(self, token: str) -> bool:
        """Whether a token may be part of a word in disguise that lies across several tokens."""
        return not SIGNS.isdisjoint(token) or (len(token) == 1 and _folded(token.lower()) in self._letters)

    def read(self, tokens: Sequence[str], glued: Sequence[bool]) -> Wording:
        """Read a sentence.

        Parameters
        ----------
        tokens : sequence of str
            Its tokens.
        glued : sequence of bool
            Whether each token follows the one before it without a blank.

        Returns
        -------
        Wording
        """
        if not may_join(tokens):
            return Wording(self._plain_all(tokens), tuple(pairwise(range(len(tokens) + 1))))
        pieces: list[str] = []
        ranges: list[tuple[int, int]] = []
        at = 0
        while at < len(tokens):
            word, end = "", at + 1
            if len(tokens[at]) == 1:
                word, end = self._letter_run(tokens, at) or (word, end)
            if not word and end < len(tokens) and glued[end]:
                word, end = self._around_sign(tokens, glued, at) or (word, end)
            pieces.append(word or self.plain(tokens[at]))
            ranges.append((at, end))
            at = end
        return Wording(pieces, tuple(ranges))

    @cached_property
    def _letters(self) -> frozenset[str]:
        """Letters of which each disguised word has at least one; the commonest short forms are not among them."""
        return frozenset("".join(self.disguised)) - frozenset("aiun")

    @cached_property
    def _patterns(self) -> Mapping[int, tuple[tuple[re.Pattern[str], str], ...]]:
        """By length the disguised words, and what each may look like."""
        by_length: dict[int, tuple[tuple[re.Pattern[str], str], ...]] = {}
        for word in sorted(self.disguised):
            signs = "".join(f"[{re.escape(c + _LOOKS_LIKE.get(c, '') + _HOLES)}]" for c in word)
            by_length[len(word)] = (*by_length.get(len(word), ()), (re.compile(signs), word))
        return by_length

    def _undisguised(self, token: str) -> str | None:
        """Look for a word with signs for letters, with holes, or with something between all its letters."""
        core = token.strip(".,;:?!\"'()[]~-_")
        bare = core.translate(_WITHOUT_BETWEEN)
        if bare in self.disguised and all(len(part) == 1 for part in re.split(r"[._*-]+", core)):
            return bare
        if core.isdigit() or len(core) not in self._patterns:
            return None
        seen = len(core.translate(_WITHOUT_HOLES))
        if seen < 2 or 2 * seen < len(core):
            return None
        return next((word for pattern, word in self._patterns[len(core)] if pattern.fullmatch(core)), None)

    def _shortened(self, token: str) -> str | None:
        """Take the stretching out of a word."""
        if not _STRETCHED.search(token):
            return None
        candidates = (_STRETCHED.sub(r"\1", token), _STRETCHED.sub(r"\1\1", token))
        known = (c for c in candidates if c in self.disguised or c in self.short_forms)
        return self.plain(next(known, candidates[0])) if candidates[0].isalpha() else None

    def _letter_run(self, tokens: Sequence[str], at: int) -> tuple[str, int] | None:
        """A word typed letter by letter: "d i e", "d-i-e"."""
        letters: list[int] = []
        for place in range(at, len(tokens)):
            if _is_letter(tokens[place]):
                letters.append(place)
            elif not letters or tokens[place] not in _BETWEEN:
                break
        for length in range(len(letters), _MIN_RUN - 1, -1):
            word = "".join(_folded(tokens[place].lower()) for place in letters[:length])
            if word in self.disguised:
                return self.short_forms.get(word, word), letters[length - 1] + 1
        return None

    def _around_sign(self, tokens: Sequence[str], glued: Sequence[bool], at: int) -> tuple[str, int] | None:
        """A disguised word that was split at a sign: "kil*", "$uicide"."""
        end = at + 1
        while end < len(tokens) and glued[end] and end - at < 4:
            end += 1
            together = "".join(tokens[at:end])
            if not SIGNS.isdisjoint(together) and (word := self._undisguised(_folded(together.lower()))):
                return word, end
        return None


def may_join(tokens: Sequence[str]) -> bool:
    """Whether several of these tokens may be one word in disguise, by a cheap look; else each is a piece by itself."""
    text = " ".join(tokens)
    return not SIGNS.isdisjoint(text) or _LETTERS.search(text) is not None


def _is_letter(token: str) -> bool:
    return len(token) == 1 and token.isalnum()


def _folded(word: str) -> str:
    """Plain letters for decorated, full-width, mathematical and look-alike ones."""
    if word.isascii():
        return word
    bare = (c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
    return "".join(bare).lower().translate(_HOMOGLYPHS)


def spellings(forms: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Turn ``{"want to": ["wanna", ...]}`` round."""
    return {form: words for words, written in forms.items() for form in written}
