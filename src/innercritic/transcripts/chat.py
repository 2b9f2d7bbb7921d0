"""CHAT, the format of TalkBank: the main tiers, without the marks of transcription.

Own code, because the parser that exists puts what was said into its warnings and refuses roles such as Client.
The format: MacWhinney, B. (2000). The CHILDES project (3rd ed.); https://talkbank.org/0info/manuals/CHAT.html
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from ..errors import TranscriptError
from .turns import Spoken

_TIER = re.compile(r"\*([^\s:]{1,20}):\s?(.*)", re.DOTALL)
_TIMES = re.compile("\x15(\\d{1,12})_(\\d{1,12})\x15")
_REWRITES = (
    (re.compile("\x15[^\x15]{0,60}\x15"), " "),
    (re.compile(r"<([^<>]{0,2000})>\s*\[/{1,3}-?\]|\S+\s*\[/{1,3}-?\]"), " "),  # said again right away
    (re.compile(r"\S+\s*\[::?\s*([^\[\]]{1,200})\]"), r"\1"),  # what was meant
    (re.compile(r"\[[^\[\]]{0,400}\]|[<>]"), " "),
    (re.compile(r"(?<!\S)(?:&\S*|\(\.{1,3}\)|\(\d[\d:.]*\)|xxx|yyy|www|0\S*|\+[<^,+\"]\S*)(?!\S)"), " "),
    (re.compile(r"\+\.\.([.?])"), r"..\1"),  # trailing off
    (re.compile(r"\+[/\"!.]*([.?!])"), r"\1"),  # interrupted, quoted
    (re.compile(r"@\w[\w:$]{0,10}|[()]|[↑↓↗↘→∙∆∇⌈⌉⌊⌋°▔▁☺♋⁎§≋∾]"), ""),
    (re.compile(r"[„‡]"), ","),
    (re.compile(r"_"), " "),
    (re.compile(r"\s+([.,?!])"), r"\1"),
    (re.compile(r"\s+"), " "),
)


def read_chat(lines: Sequence[str], file: str, declared: Mapping[str, str]) -> Iterator[Spoken]:
    """Read the main tiers of a CHAT file; roles come from its ``@Participants``."""
    del declared  # the label of a tier is always a label
    if not any(line.startswith("@Begin") for line in lines[:20]):
        raise TranscriptError(file, 1, "no @Begin among its first lines, so not CHAT")
    roles: dict[str, str] = {}
    for number, line in _joined(lines):
        if line.startswith("@Participants:"):
            roles |= _participants(line.partition(":")[2])
        elif line.startswith("*"):
            yield from _tier(line, number, file, roles)
    if not any(line.startswith("@End") for line in lines[-20:]):
        raise TranscriptError(file, len(lines), "the file is torn: no @End")


def _joined(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Lines that start with a tab go on with the line before."""
    start, parts = 1, list[str]()
    for number, line in enumerate(lines, 1):
        if line.startswith(("\t", " ")) and parts:
            parts.append(line.strip())
            continue
        if parts:
            yield start, " ".join(parts)
        start, parts = number, [line.rstrip()]
    if parts:
        yield start, " ".join(parts)


def _participants(text: str) -> dict[str, str]:
    words = [entry.split() for entry in text.split(",")]
    return {entry[0]: entry[-1].rpartition("/")[2] for entry in words if len(entry) > 1}


def _tier(line: str, number: int, file: str, roles: Mapping[str, str]) -> Iterator[Spoken]:
    match = _TIER.match(line)
    if match is None:
        raise TranscriptError(file, number, "a main tier without a speaker (*PAR:)")
    times = _TIMES.search(match[2])
    text = match[2]
    for pattern, replacement in _REWRITES:
        text = pattern.sub(replacement, text)
    if any(map(str.isalnum, text)):
        start, end = (int(times[1]) / 1000, int(times[2]) / 1000) if times else (None, None)
        yield Spoken(match[1], text.strip(), number, start, end, roles.get(match[1], ""))
