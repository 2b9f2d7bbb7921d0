"""Reframe packs: TOML files of templates, checked when they are loaded."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from .errors import AssetError
from .facets import COMPASSIONATE_FACETS, Facet
from .resources import read_toml, reframe_packs
from .slots import SLOTS, Slot, find_slots

VOICES = ("first", "friend")
REGISTERS = ("plain", "gentle", "brief", "teen")
TECHNIQUES = (
    "friend_letter",
    "self_compassion_break",
    "naming_the_critic",
    "soothing_touch",
    "perspective_in_time",
    "part_not_whole",
    "feeling_not_fact",
    "shared_humanity",
    "needs_question",
    "amends",
    "trait_to_event",
)

_TEXTS = ("id", "technique", "source", "register", "example", *VOICES)
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Template:
    """One way to answer a facet.

    Parameters
    ----------
    id : str
        Unique in its pack.
    facet : Facet
        The compassionate facet it speaks for.
    technique : str
        One of `TECHNIQUES`.
    source : str
        Where the technique comes from.
    slots : tuple of str
        Slots that must be filled.
    register : {"plain", "gentle", "brief", "teen"}
        How it is said: "brief" in few words, "teen" at a reading grade of 6 or below.
    example : str
        A sentence it answers; it has the slots the template needs.
    amends : bool
        Whether it leaves room for making amends; such templates answer admitted harm, and nothing else.
    texts : tuple of str
        A text a voice, in the order of `VOICES`.
    """

    id: str
    facet: Facet
    technique: str
    source: str
    slots: tuple[str, ...]
    register: str
    example: str
    amends: bool
    texts: tuple[str, ...]

    def fill(self, voice: str, slots: dict[str, Slot]) -> str:
        """Say it in a voice, with the slots of a sentence."""
        text = self.texts[VOICES.index(voice)]
        return _SLOT.sub(lambda match: slots[match[1]].said_by(voice), text)


@cache
def default_templates() -> tuple[Template, ...]:
    """The templates of all bundled packs."""
    return read_packs(reframe_packs())


def read_packs(paths: Iterable[str | Path]) -> tuple[Template, ...]:
    """Read several reframe packs, one after the other; see `read_pack`. A TypeError where one is no path."""
    try:
        packs = [Path(path) for path in paths]
    except TypeError:
        raise TypeError("packs is a path, or several of them in a list") from None
    return tuple(template for pack in packs for template in read_pack(pack))


def read_pack(path: Path) -> tuple[Template, ...]:
    """Read a reframe pack.

    Parameters
    ----------
    path : Path
        A TOML file: `facet`, a table `sources`, and a list of `template` with `id`, `technique`, `source`, `register`,
        `example`, `first`, `friend`, and maybe `slots` and `amends`.

    Returns
    -------
    tuple of Template

    Raises
    ------
    AssetError
        Naming file, entry and reason.
    """
    content = read_toml(path)
    if content.get("facet") not in COMPASSIONATE_FACETS:
        raise AssetError(path.name, "facet", f"expected one of {', '.join(COMPASSIONATE_FACETS)}")
    entries = content.get("template", [])
    if not entries:
        raise AssetError(path.name, "template", "the pack holds no template")
    sources = content.get("sources", {})
    templates = tuple(_template(path.name, place, entry, content, sources) for place, entry in enumerate(entries, 1))
    ids = [template.id for template in templates]
    if repeated := next((name for name in ids if ids.count(name) > 1), None):
        raise AssetError(path.name, repeated, "this id occurs more than once")
    return templates


def _template(
    file: str, place: int, entry: dict[str, Any], content: dict[str, Any], sources: dict[str, str]
) -> Template:
    name = str(entry.get("id", f"template {place}"))
    if problem := _problem(entry, sources):
        raise AssetError(file, name, problem)
    return Template(
        entry["id"],
        Facet(content["facet"]),
        entry["technique"],
        sources[entry["source"]],
        tuple(entry.get("slots", ())),
        entry["register"],
        entry["example"],
        bool(entry.get("amends", False)),
        tuple(entry[voice] for voice in VOICES),
    )


def _problem(entry: dict[str, Any], sources: dict[str, str]) -> str | None:
    """Say what is wrong with an entry, or None."""
    for key in _TEXTS:
        if not isinstance(entry.get(key), str) or not entry[key].strip():
            return f"{key!r} is missing or empty"
    if unknown := set(entry) - {*_TEXTS, "slots", "amends"}:
        return f"unknown key {min(unknown)!r}"
    for key, known in (("technique", TECHNIQUES), ("register", REGISTERS), ("source", sources)):
        if entry[key] not in known:
            return f"unknown {key} {entry[key]!r}"
    return _slot_problem(entry, set(entry.get("slots", ())))


def _slot_problem(entry: dict[str, Any], slots: set[str]) -> str | None:
    if unknown := slots - set(SLOTS):
        return f"unknown slot {min(unknown)!r}"
    if missing := slots - find_slots(entry["example"]).keys():
        return f"its example has nothing for the slot {min(missing)!r}"
    uneven = next((voice for voice in VOICES if set(_SLOT.findall(entry[voice])) != slots), None)
    return uneven and f"the slots in {uneven!r} are not those it declares"
