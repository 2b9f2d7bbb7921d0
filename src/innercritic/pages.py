"""Blocks of words, tables and pictures -> one self-contained page. It knows nothing of where they come from.

Everything that comes in is text and is escaped here, in one place; nothing that goes out refers to anything outside.
"""

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined

from .resources import asset_text

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_KEY = re.compile(r"[a-z][a-z0-9_-]*")


class _Block:
    """Something a page shows; the template has a macro for each, named like its class."""

    @property
    def kind(self) -> str:
        return type(self).__name__.lower()


@dataclass(frozen=True, slots=True)
class Prose(_Block):
    """Paragraphs of plain text."""

    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Card(_Block):
    """Something that must be seen before all else, the safety gate's card say."""

    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Picture(_Block):
    """A picture, drawn for light and dark, wide and narrow screens.

    Parameters
    ----------
    light, dark, narrow_light, narrow_dark : bytes
        PNG files.
    alt : str
        What it shows, for who does not see it.
    caption : str
        What stands below it.
    """

    light: bytes
    dark: bytes
    narrow_light: bytes
    narrow_dark: bytes
    alt: str
    caption: str

    def uri(self, name: str) -> str:
        """One of the four pictures as a data URI."""
        return "data:image/png;base64," + base64.b64encode(getattr(self, name)).decode("ascii")


@dataclass(frozen=True, slots=True)
class Table(_Block):
    """A table of words and counts; the first cell of a row names the row."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Terms(_Block):
    """Names and what they mean."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Steps(_Block):
    """Something to do, step by step, folded away until it is wanted."""

    title: str
    steps: tuple[str, ...]
    source: str = ""


@dataclass(frozen=True, slots=True)
class Tag:
    """What a passage is about: a key for colours and filters, and the words people see."""

    key: str
    label: str

    def __post_init__(self) -> None:
        if not _KEY.fullmatch(self.key):
            raise ValueError("a tag's key is a lower-case identifier")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a passage, marked where it has tags; `reason` shows on hover."""

    text: str
    tags: tuple[Tag, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """Somebody's words with what was read in them.

    Parameters
    ----------
    pieces : tuple of Piece
        The words, in order.
    tags : tuple of Tag
        What the whole passage is about.
    heading : str
        Where it stands: a date, a speaker.
    reasons : tuple of (Tag, str)
        A tag and the words that speak for it.
    offers : tuple of str
        Other ways to say it.
    note : str
        A short remark, why it was not judged say.
    """

    pieces: tuple[Piece, ...]
    tags: tuple[Tag, ...] = ()
    heading: str = ""
    reasons: tuple[tuple[Tag, str], ...] = ()
    offers: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Passages(_Block):
    """Passages one below the other; with `filters`, a reader of a page can choose among their tags."""

    passages: tuple[Passage, ...]
    filters: str = ""

    @property
    def tags(self) -> tuple[Tag, ...]:
        """Every tag of a passage, each once, in the order met."""
        return tuple(dict.fromkeys(tag for passage in self.passages for tag in passage.tags))


Block = Prose | Card | Picture | Table | Terms | Steps | Passages


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page, with a heading that the page's contents link to."""

    title: str
    blocks: tuple[Block, ...]


def page(title: str, sections: Sequence[Section], *, lead: Sequence[str] = (), foot: Sequence[str] = ()) -> str:
    """Lay sections out as one HTML page.

    It holds all it needs and refers to nothing outside; a Content-Security-Policy forbids the browser to load
    anything else. It can be used with the keyboard, in the dark, on a phone and on paper.

    Parameters
    ----------
    title : str
        Title and main heading.
    sections : sequence of Section
        What it shows, in order.
    lead, foot : sequence of str
        Paragraphs before the first section, and after the last.

    Returns
    -------
    str
        The page. Encode it as UTF-8.

    Examples
    --------
    >>> html = page("A <page>", [Section("One", (Prose(("Some words.",)),))])
    >>> "<h1>A &lt;page&gt;</h1>" in html
    True
    """
    style, script = asset_text("pages/page.css"), asset_text("pages/page.js")
    return _render(
        "page.html.jinja",
        {
            "title": title,
            "sections": [(f"part-{n}", section) for n, section in enumerate(sections, 1)],
            "lead": lead,
            "foot": foot,
            "style": style,
            "script": script,
            "style_hash": _csp_hash(style),
            "script_hash": _csp_hash(script),
        },
    )


def fragment(blocks: Sequence[Block]) -> str:
    """Lay blocks out for a notebook: the same looks as a page, no script, all of it inside one ``div``.

    Examples
    --------
    >>> "Tom &amp; I" in fragment([Prose(("Tom & I",))])
    True
    """
    return _render("fragment.html.jinja", {"blocks": blocks, "style": asset_text("pages/page.css")})


def _render(template: str, values: Mapping[str, Any]) -> str:
    # A lone surrogate cannot be written as UTF-8, and browsers stumble over control characters.
    return _UNPRINTABLE.sub("\ufffd", _environment().get_template(template).render(values))


@cache
def _environment() -> Environment:
    return Environment(
        loader=FunctionLoader(lambda name: asset_text(f"pages/{name}")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _csp_hash(content: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode("utf-8")).digest()).decode("ascii")
