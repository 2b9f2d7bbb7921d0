"""Where somebody can turn to, country by country: a small dated table that a host application may replace."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from .errors import AssetError
from .facets import SafetyFlag
from .resources import asset, read_toml

_FILE = "helplines.toml"
_ALSO = {"UK": "GB", "USA": "US"}
"""What people write for an ISO code."""
_FIELDS = ("name", "flags", "phone", "text", "url", "source", "checked")


@dataclass(frozen=True, slots=True)
class Service:
    """One service.

    Parameters
    ----------
    name : str
        What it is called.
    flags : tuple of SafetyFlag
        What it is for.
    phone, text, url : str
        How to reach it; empty where there is no such way.
    source : str
        Where this was looked up.
    checked : str
        When, as an ISO date. Numbers change: check them again before you rely on them.
    """

    name: str
    flags: tuple[SafetyFlag, ...]
    phone: str
    text: str
    url: str
    source: str
    checked: str

    def to_dict(self) -> dict[str, Any]:
        """Give a JSON-ready dictionary."""
        return {**asdict(self), "flags": [str(flag) for flag in self.flags]}


def help_resources(
    country: str | None = None, flags: str | Collection[str] = (), table: str | Path | None = None
) -> tuple[Service, ...]:
    """Give services for a country, and international directories.

    Parameters
    ----------
    country : str, optional
        ISO 3166 code of two letters, "GB" say. For none, and for a country that is not in the table, there are only
        directories: no number is ever guessed.
    flags : str or collection of str
        Only services for one of these flags (``analysis.safety.flags``); by default all.
    table : str or Path, optional
        Your own table, in the format of assets/helplines.toml.

    Returns
    -------
    tuple of Service
        The country's services, then the directories.

    Raises
    ------
    AssetError
        When the table breaks its rules; it names file, entry and reason.
    ValueError
        For a flag that there is none of.

    Examples
    --------
    >>> [service.name for service in help_resources("GB", ["crisis"])][:1]
    ['Samaritans']
    >>> {service.phone for service in help_resources("ZZ")}
    {''}
    """
    file = _FILE if table is None else Path(table).name
    content = asset(_FILE) if table is None else read_toml(Path(table))
    here = content.get("country", {}).get(country_code(country), [])
    wanted = {SafetyFlag(flag) for flag in ([flags] if isinstance(flags, str) else flags)}
    found = [_service(file, entry) for entry in (*here, *content.get("directory", []))]
    return tuple(service for service in found if not wanted or not wanted.isdisjoint(service.flags))


def country_code(country: str | None) -> str:
    """The ISO 3166 code of two letters that is meant: "GB" for "uk".

    Examples
    --------
    >>> country_code(" uk "), country_code(None)
    ('GB', '')
    """
    if country is not None and not isinstance(country, str):
        raise TypeError(f'a country is given by its code, "GB" say, not by {type(country).__name__}')
    code = (country or "").strip().upper()
    return _ALSO.get(code, code)


def countries() -> tuple[str, ...]:
    """The countries that the bundled table knows, as ISO 3166 codes of two letters."""
    return tuple(sorted(asset(_FILE)["country"]))


def _service(file: str, entry: dict[str, Any]) -> Service:
    name = str(entry.get("name", "a service without name"))
    try:
        unknown = set(entry) - set(_FIELDS)
        if unknown:
            raise ValueError(f"unknown key {sorted(unknown)[0]!r}")
        return Service(
            entry["name"],
            tuple(map(SafetyFlag, entry["flags"])),
            entry.get("phone", ""),
            entry.get("text", ""),
            entry.get("url", ""),
            entry["source"],
            str(entry["checked"]),
        )
    except (KeyError, ValueError, TypeError) as error:
        raise AssetError(file, name, str(error)) from None
