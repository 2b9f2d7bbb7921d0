"""Read and check the labelled sentences of data/. Installed code never reads them; training and evaluation do."""

import hashlib
import json
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from .errors import CorpusError
from .facets import LABEL_CODES

SPLITS = ("train", "dev", "test")
SENTENCES, VOICES = "sentences.jsonl", "voices.toml"
NEAR = 0.8
"""Two sentences whose word pairs overlap by this share (Jaccard) are near-duplicates."""

_MIN_PAIRS = 4
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class LabelledSentence:
    """One sentence of the corpus.

    Parameters
    ----------
    id : str
        Stable identifier.
    text : str
        The sentence.
    labels : tuple of str
        Codes of the codebook; empty for none.
    voice : str
        Who is heard: one of the voices in voices.toml.
    topic : str
        What it is about; may be empty.
    split : {"train", "dev", "test"}
        Where its voice belongs.
    """

    id: str
    text: str
    labels: tuple[str, ...]
    voice: str
    topic: str
    split: str


def read_corpus(folder: Path) -> list[LabelledSentence]:
    """Read the corpus and check every rule it must keep.

    Parameters
    ----------
    folder : Path
        The data folder, with sentences.jsonl and voices.toml.

    Returns
    -------
    list of LabelledSentence
        In file order.

    Raises
    ------
    CorpusError
        With all problems: empty or duplicate text, near-duplicates, unknown labels or voices, repeated ids.
    """
    path = folder / SENTENCES
    try:
        voices = tomllib.loads((folder / VOICES).read_text("utf-8"))
        lines = path.read_text("utf-8").splitlines()
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CorpusError([f"{folder}: {type(error).__name__} while reading it"]) from None
    problems = [f"{VOICES}: voice {name} has no split" for name, v in voices.items() if v.get("split") not in SPLITS]
    sentences: list[LabelledSentence] = []
    for number, line in enumerate(lines, 1):
        try:
            sentences.append(_sentence(json.loads(line), voices))
        except (ValueError, KeyError, TypeError) as error:
            problems.append(f"{SENTENCES}, line {number}: {error if isinstance(error, _Broken) else 'not a valid row'}")
    problems += _repeats("id", [s.id for s in sentences]) + _near_duplicates(sentences)
    if problems:
        raise CorpusError(problems)
    return sentences


def corpus_hash(folder: Path) -> str:
    """SHA-256 over the files a model is trained from."""
    digest = hashlib.sha256()
    for name in (SENTENCES, VOICES, "vectors.npz", "golden.txt"):
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()


class _Broken(ValueError):
    """A row breaks a rule; the message names the rule, not the text."""


def _sentence(row: dict[str, Any], voices: dict[str, Any]) -> LabelledSentence:
    text, labels = row["text"], tuple(row["labels"])
    if not isinstance(text, str) or not text.strip():
        raise _Broken("empty text")
    if text != text.strip() or "\n" in text or "\t" in text:
        raise _Broken("white space around the text, or a line break or tab in it")
    if unknown := [label for label in labels if label not in LABEL_CODES]:
        raise _Broken(f"unknown label {unknown[0]!r}")
    if list(labels) != [code for code in LABEL_CODES if code in labels]:
        raise _Broken("labels are not in the order of the codebook, or repeated")
    if row["voice"] not in voices:
        raise _Broken("unknown voice")
    return LabelledSentence(row["id"], text, labels, row["voice"], row["topic"], voices[row["voice"]].get("split", ""))


def _repeats(what: str, values: Sequence[str]) -> list[str]:
    return [f"{what} {value!r} occurs {count} times" for value, count in Counter(values).items() if count > 1]


def _near_duplicates(sentences: Sequence[LabelledSentence]) -> list[str]:
    return [
        f"{sentences[later].id} says the same as {sentences[earlier].id}"
        for earlier, later in near_duplicates([sentence.text for sentence in sentences])
    ]


def near_duplicates(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Find pairs of texts that say the same in nearly the same words.

    Parameters
    ----------
    texts : sequence of str
        Sentences.

    Yields
    ------
    (int, int)
        Places of the earlier and the later one.

    Examples
    --------
    >>> list(near_duplicates(["I can't do this any more.", "Nice day.", "i can't do this any more!!"]))
    [(0, 2)]
    """
    words_seen: dict[tuple[str, ...], int] = {}
    holders: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    pairs_of: list[frozenset[tuple[str, str]]] = []
    for place, text in enumerate(texts):
        words = tuple(_WORD.findall(text.lower().replace("\u2019", "'")))
        pairs = frozenset(pairwise(words))
        pairs_of.append(pairs)
        if words in words_seen:
            yield words_seen[words], place
            continue
        words_seen[words] = place
        if len(pairs) < _MIN_PAIRS:
            continue
        shared = Counter(earlier for pair in pairs for earlier in holders[pair])
        for earlier, common in shared.items():
            if common >= NEAR * (len(pairs) + len(pairs_of[earlier]) - common):
                yield earlier, place
                break
        for pair in pairs:
            holders[pair].append(place)
