"""Plain text with the speakers' labels: one line a turn, or blocks under a name and a time (Otter, Rev, Teams)."""

import re
from collections.abc import Iterator, Mapping, Sequence

from ..errors import TranscriptError
from .roles import ANYBODY, split_label, true_labels
from .turns import CLOCK, Spoken, seconds

_BLOCK = re.compile(rf"\s*(?P<label>[^\W\d_][^\n:]{{0,39}}?)[\s,]+[\[(]?(?P<time>{CLOCK})[\])]?\s*:?\s*")
"""A name and a time with nothing behind them: the speech follows on the next lines."""

_FOOTER = re.compile(r"\s*Transcribed by https?://otter\.ai/?\s*", re.IGNORECASE)


def read_labelled(lines: Sequence[str], file: str, declared: Mapping[str, str]) -> Iterator[Spoken]:
    """Read labelled text: ``CLIENT: ...``, ``T1: ...``, ``[00:12] Anna: ...``, or blocks under ``Speaker 1  00:12``.

    Lines without a label go on with the turn before them. What stands before the first label is a heading, not speech.
    Text without any label is one speaker's, where a role for anybody is declared: a turn a paragraph.
    """
    heads = [_head(line) for line in lines]
    labels = true_labels((label for label, _, _, timed in heads if not timed), declared) | {
        label for label, _, _, timed in heads if timed
    }
    if not labels:
        if ANYBODY not in declared:
            raise TranscriptError(file, None, 'no speaker labels ("CLIENT: ...") in it')
        yield from _paragraphs(lines)
        return
    said: list[str] = []
    speaker, first, time = "", 0, ""
    for number, (line, (label, clock, rest, _)) in enumerate(zip(lines, heads, strict=True), 1):
        if label in labels:
            yield from _turn(speaker, said, first, time)
            speaker, first, time, said = label, number, clock, [rest]
        elif first and not _FOOTER.fullmatch(line):
            said.append(line)
    yield from _turn(speaker, said, first, time)


def _head(line: str) -> tuple[str, str, str, bool]:
    """What may be a label, its time, what follows it, and whether it stands alone with a time."""
    block = _BLOCK.fullmatch(line)
    if block:
        return block["label"].strip(), block["time"], "", True
    return *split_label(line), False


def _turn(speaker: str, said: Sequence[str], first: int, time: str) -> Iterator[Spoken]:
    text = "\n".join(said).strip()
    if text:
        yield Spoken(speaker, text, first, seconds(time))


def _paragraphs(lines: Sequence[str]) -> Iterator[Spoken]:
    start = 0
    for end in [*(i for i, line in enumerate(lines) if not line.strip()), len(lines)]:
        yield from _turn("", lines[start:end], start + 1, "")
        start = end + 1
