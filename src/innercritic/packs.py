"""Check a whole reframe pack: every template, in every voice, with every slot filled in several ways."""

from collections.abc import Callable, Iterator
from pathlib import Path

from .reframe_rules import Finding, has_hedge
from .slots import Slot
from .templates import VOICES, Template, read_pack

Check = Callable[[str, str, str | None], tuple[Finding, ...]]
"""Checks a text for a facet as the answer to a sentence; see `reframe_rules.check_text`."""

FILLERS = {
    "event": ("missing the bus", "yelling at my sister", "forgetting the form", "messing up the talk"),
    "fear": ("losing my job", "being late", "failing the course"),
    "role": ("a mother", "an artist", "a friend"),
    "theme": ("life", "all this thinking", "my body", "these feelings", "the kids"),
    "feeling": ("embarrassed", "guilty", "hopeless", "on edge"),
    "topic": ("my boss", "the exam", "this house", "work"),
    "others": ("everyone else", "my friends", "the other parents"),
    "absolute": ("always", "everything", "all the time"),
}
"""Words to fill slots with, shaped as `slots.find_slots` shapes them."""

SHARE_HEDGED = 0.5


def renderings(template: Template) -> Iterator[tuple[str, str]]:
    """Say a template in every voice, each filler of its slots at least once; with the words taken up."""
    rounds = max((len(FILLERS[slot]) for slot in template.slots), default=1)
    for voice in VOICES:
        for place in range(rounds):
            chosen = {slot: FILLERS[slot][place % len(FILLERS[slot])] for slot in template.slots}
            text = template.fill(voice, {slot: Slot(words, 0, 0) for slot, words in chosen.items()})
            yield text, " ".join(chosen.values())


def check_pack(path: Path, check: Check) -> Iterator[tuple[str, Finding]]:
    """Check all templates of a pack.

    Parameters
    ----------
    path : Path
        The pack.
    check : callable
        See `Check`.

    Yields
    ------
    (str, Finding)
        Identifier of the template (or the pack's file name) and what is wrong; each finding once a template.
    """
    templates = read_pack(path)
    for template in templates:
        texts = renderings(template)
        found = dict.fromkeys(
            finding for text, words in texts for finding in check(text, template.facet, words or None)
        )
        for finding in found:
            yield template.id, finding
    hedged = sum(has_hedge(template.texts[0]) for template in templates) / len(templates)
    if hedged < SHARE_HEDGED:
        yield path.name, Finding(5, f"only {hedged:.0%} of the templates leave room (a hedge, both sides)")
