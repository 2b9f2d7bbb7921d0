"""Read and check the labelled sentences of data/. Installed code never reads them; training and evaluation do."""

import hashlib
import json
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from pathlib import Path
from typing import Any, TypeVar

from .errors import CorpusError
from .facets import LABEL_CODES, SafetyFlag

SPLITS = ("train", "encoder", "dev", "test")
"""From the split "encoder" the encoder of neff-accurate learns, and the gate; it taught a model of words nothing."""
SENTENCES, VOICES = "sentences.jsonl", "voices.toml"
SAFETY, SAFETY_SPLITS = "safety", ("train", "dev", "fresh", "heldout")
KINDS = (
    *("direct", "veiled", "past", "evasive"),
    *("idiom", "somebody_else", "news_work_fiction", "body_and_medicine", "self_critical", "anger", "quarrel"),
    *("everyday_eating", "question", "denial", "everyday"),
)
"""How danger is said in the safety set, and what lies near it without being any."""
NEAR = 0.8
"""Two sentences whose word pairs overlap by this share (Jaccard) are near-duplicates."""

Row = TypeVar("Row", "LabelledSentence", "SafetySentence")

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
    split : {"train", "encoder", "dev", "test"}
        Where its voice belongs.
    unaimed : bool, default False
        Whether its voice was written with no label in mind and labelled only afterwards, which is nearest to life.
    """

    id: str
    text: str
    labels: tuple[str, ...]
    voice: str
    topic: str
    split: str
    unaimed: bool = False


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
    return _read(folder, SPLITS, _sentence)


def _read(folder: Path, splits: Sequence[str], make: Callable[[dict[str, Any], dict[str, Any]], Row]) -> list[Row]:
    try:
        voices = tomllib.loads((folder / VOICES).read_text("utf-8"))
        lines = (folder / SENTENCES).read_text("utf-8").splitlines()
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CorpusError([f"{folder}: {type(error).__name__} while reading it"]) from None
    problems = [f"{VOICES}: voice {name} has no split" for name, v in voices.items() if v.get("split") not in splits]
    sentences: list[Row] = []
    for number, line in enumerate(lines, 1):
        try:
            sentences.append(make(json.loads(line), voices))
        except (ValueError, KeyError, TypeError) as error:
            problems.append(f"{SENTENCES}, line {number}: {error if isinstance(error, _Broken) else 'not a valid row'}")
    problems += _repeats("id", [s.id for s in sentences]) + _near_duplicates(sentences)
    if problems:
        raise CorpusError(problems)
    return sentences


@dataclass(frozen=True, slots=True)
class SafetySentence:
    """One sentence of the safety set.

    Parameters
    ----------
    id : str
        Stable identifier.
    text : str
        The sentence.
    flags : tuple of SafetyFlag
        The dangers it tells of; empty for a trap.
    kind : str
        One of `KINDS`: how it is said, or what makes it a trap.
    voice : str
        Who is heard: one of the voices in its voices.toml.
    split : {"train", "dev", "fresh", "heldout"}
        Where its voice belongs. Nothing has learned from the fresh ones yet: they are newer than the models.
    """

    id: str
    text: str
    flags: tuple[SafetyFlag, ...]
    kind: str
    voice: str
    split: str


def read_safety(folder: Path) -> list[SafetySentence]:
    """Read the safety set of a data folder and check every rule it must keep.

    Parameters
    ----------
    folder : Path
        The data folder; the set is in its room ``safety``.

    Returns
    -------
    list of SafetySentence
        In file order.

    Raises
    ------
    CorpusError
        With all problems, as in `read_corpus`.
    """
    return _read(folder / SAFETY, SAFETY_SPLITS, _safety_sentence)


def corpus_hash(folder: Path) -> str:
    """SHA-256 over the files a model is trained from."""
    digest = hashlib.sha256()
    for name in (SENTENCES, VOICES, "vectors.npz", "golden.txt", f"{SAFETY}/{SENTENCES}", f"{SAFETY}/{VOICES}"):
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()


class _Broken(ValueError):
    """A row breaks a rule; the message names the rule, not the text."""


def _sentence(row: dict[str, Any], voices: dict[str, Any]) -> LabelledSentence:
    text, labels = _text(row["text"]), tuple(row["labels"])
    if unknown := [label for label in labels if label not in LABEL_CODES]:
        raise _Broken(f"unknown label {unknown[0]!r}")
    if list(labels) != [code for code in LABEL_CODES if code in labels]:
        raise _Broken("labels are not in the order of the codebook, or repeated")
    if row["voice"] not in voices:
        raise _Broken("unknown voice")
    voice = voices[row["voice"]]
    return LabelledSentence(
        row["id"], text, labels, row["voice"], row["topic"], voice.get("split", ""), voice.get("unaimed", False)
    )


def _safety_sentence(row: dict[str, Any], voices: dict[str, Any]) -> SafetySentence:
    if unknown := [flag for flag in row["flags"] if flag not in list(SafetyFlag)]:
        raise _Broken(f"unknown flag {unknown[0]!r}")
    if row["kind"] not in KINDS:
        raise _Broken(f"unknown kind {row['kind']!r}")
    if row["voice"] not in voices:
        raise _Broken("unknown voice")
    flags = tuple(map(SafetyFlag, row["flags"]))
    split = voices[row["voice"]].get("split", "")
    return SafetySentence(row["id"], _text(row["text"]), flags, row["kind"], row["voice"], split)


def _text(text: object) -> str:
    if not isinstance(text, str) or not text.strip():
        raise _Broken("empty text")
    if text != text.strip() or "\n" in text or "\t" in text:
        raise _Broken("white space around the text, or a line break or tab in it")
    return text


def _repeats(what: str, values: Sequence[str]) -> list[str]:
    return [f"{what} {value!r} occurs {count} times" for value, count in Counter(values).items() if count > 1]


def _near_duplicates(sentences: Sequence[Row]) -> list[str]:
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
    said = [tuple(_WORD.findall(text.lower().replace("\u2019", "'"))) for text in texts]
    pairs_of = [frozenset(pairwise(words)) for words in said]
    how_common = Counter(pair for pairs in pairs_of for pair in pairs)
    first_place: dict[tuple[str, ...], int] = {}
    holders: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for place, (words, pairs) in enumerate(zip(said, pairs_of, strict=True)):
        if words in first_place:
            yield first_place[words], place
            continue
        first_place[words] = place
        if len(pairs) < _MIN_PAIRS:
            continue
        # Texts that share so much share one of their rarest pairs: only those are looked up (a prefix filter).
        rarest = sorted(pairs, key=lambda pair: (how_common[pair], pair))[
            : len(pairs) - ceil(NEAR * len(pairs) - 1e-9) + 1
        ]
        for earlier in sorted({earlier for pair in rarest for earlier in holders[pair]}):
            common = len(pairs & pairs_of[earlier])
            if common >= NEAR * (len(pairs) + len(pairs_of[earlier]) - common):
                yield earlier, place
                break
        for pair in rarest:
            holders[pair].append(place)
