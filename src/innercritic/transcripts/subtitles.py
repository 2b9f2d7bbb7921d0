"""WebVTT and SRT: the same cues, written a little differently.

Own code, because the parsers that exist merge two speakers of one cue, or give nothing at all, without an error, for
a file they do not understand.
"""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ..errors import TranscriptError
from .roles import split_label, true_labels
from .turns import CLOCK, Spoken, seconds

_ARROW = "-->"
_TIMING = re.compile(rf"\s*({CLOCK})\s*-->\s*({CLOCK})(?:\s.*)?", re.ASCII)
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?(?:\s+([^>]*))?>")
_TAG = re.compile(r"</?(?:[cibuv]|ruby|rt|lang|font|\d{1,3}:)[^<>]{0,200}>")
_BLOCK = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")


@dataclass(slots=True)
class _Cue:
    line: int
    start: float | None
    end: float | None
    lines: list[str] = field(default_factory=list)


def read_vtt(lines: Sequence[str], file: str, declared: Mapping[str, str]) -> Iterator[Spoken]:
    """Read WebVTT: ``<v Name>`` spans, several a cue, or ``Name:`` at the start of a cue, or no speakers at all."""
    if not lines or not re.match(r"WEBVTT(?:\s|$)", lines[0]):
        raise TranscriptError(file, 1, "no WEBVTT header")
    return _spoken(_cues(lines, file, first=1), declared)


def read_srt(lines: Sequence[str], file: str, declared: Mapping[str, str]) -> Iterator[Spoken]:
    """Read SubRip, with decimal commas or points, with or without numbers."""
    return _spoken(_cues(lines, file, first=0), declared)


def _cues(lines: Sequence[str], file: str, first: int) -> list[_Cue]:
    cues: list[_Cue] = []
    after_blank, skipping = True, first > 0  # what follows the header up to a blank line belongs to it
    for number, line in enumerate(lines[first:], first + 1):
        blank = not line.strip()
        if skipping and not blank and _ARROW not in line:
            continue
        skipping = after_blank and _BLOCK.match(line) is not None
        if _ARROW in line and not skipping:
            cues.append(_timed(line, number, file))
        elif not blank and not skipping and not (after_blank and _names_a_cue(lines, number)):
            if not cues:
                raise TranscriptError(file, number, "text before the first cue")
            if after_blank and line.strip().isdecimal() and number == len(lines):
                raise TranscriptError(file, number, "the file is torn: a cue has a number and nothing else")
            cues[-1].lines.append(line)
        after_blank = blank
    if not cues:
        raise TranscriptError(file, None, "no cues in it")
    if not cues[-1].lines:
        raise TranscriptError(file, cues[-1].line, "the file is torn: its last cue says nothing")
    return cues


def _timed(line: str, number: int, file: str) -> _Cue:
    match = _TIMING.fullmatch(line)
    if match is None:
        raise TranscriptError(file, number, "not a cue's times (00:00:01.000 --> 00:00:02.000), or a torn file")
    return _Cue(number, seconds(match[1]), seconds(match[2]))


def _names_a_cue(lines: Sequence[str], number: int) -> bool:
    """Whether the line of this number, from 1, is only the name of the cue that follows."""
    return number < len(lines) and _ARROW in lines[number]


def _spoken(cues: Sequence[_Cue], declared: Mapping[str, str]) -> Iterator[Spoken]:
    """Voices where there are any, else what stands before a colon, else whoever spoke before."""
    pieces = [(cue, voice, text) for cue in cues for voice, text in _voices(cue.lines)]
    split = [split_label(text) if voice is None else ("", "", text) for _, voice, text in pieces]
    labels = true_labels((label for label, _, _ in split), declared)
    speaker = ""
    for (cue, voice, whole), (label, _, rest) in zip(pieces, split, strict=True):
        labelled = label in labels
        speaker = voice if voice is not None else label if labelled else speaker
        text = (rest if labelled else whole).strip()
        if text:
            yield Spoken(speaker, text, cue.line + 1, cue.start, cue.end)


def _voices(lines: Sequence[str]) -> Iterator[tuple[str | None, str]]:
    """Split a cue at its voice spans; without any, its lines are nobody's."""
    whole = "\n".join(lines)
    pieces = _VOICE.split(whole) if "<v" in whole else [whole]
    for voice, words in zip([None, *pieces[1::2]], pieces[::2], strict=True):
        plain = html.unescape(_TAG.sub("", words)).strip()
        if voice is not None or len(pieces) > 1:
            yield html.unescape(voice or "").strip(), " ".join(plain.split("\n"))
        else:
            yield from ((None, line) for line in plain.split("\n"))
