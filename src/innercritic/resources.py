"""Find, load and check the files that ship with the package; everything returned is immutable."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from .errors import AssetError, ModelNotFoundError

DEFAULT_MODEL = "neff-fast"

_PACKAGE = Path(__file__).parent
_MODEL_ROOMS = (_PACKAGE / "models", _PACKAGE.parents[1] / "models")
"""Where a wheel puts the models, and where they are in a checkout installed in editable mode."""


def model_folder(name: str | Path) -> Path:
    """Find a model by name or path.

    Parameters
    ----------
    name : str or Path
        A bundled model's name ("neff-fast"), or the path of a model folder.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    ModelNotFoundError
        When neither is there.

    Examples
    --------
    >>> model_folder("neff-fast").name
    'neff-fast'
    """
    if not isinstance(name, str | Path):
        raise TypeError(f"a model is given by its name or path, not by {type(name).__name__}")
    for candidate in (*(room / name for room in _MODEL_ROOMS), Path(name)):
        if (candidate / "metadata.json").is_file():
            return candidate
    raise ModelNotFoundError(str(name), bundled_models())


def bundled_models() -> tuple[str, ...]:
    """Names of the models that came with this installation."""
    return tuple(sorted({path.parent.name for room in _MODEL_ROOMS for path in room.glob("*/metadata.json")}))


@cache
def asset(name: str) -> Mapping[str, Any]:
    """Read an asset file, "cues.toml" say, as a read-only mapping."""
    return MappingProxyType(read_toml(_PACKAGE / "assets" / name))


def asset_text(name: str) -> str:
    """Read an asset that is plain text."""
    return (_PACKAGE / "assets" / name).read_text("utf-8")


def reframe_packs() -> tuple[Path, ...]:
    """The bundled reframe packs, one a compassionate facet."""
    return tuple(sorted((_PACKAGE / "assets" / "reframes").glob("*.toml")))


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file; an `AssetError` names the file when it is not well-formed."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise AssetError(path.name, "whole file", f"not valid TOML ({error})") from None


def word_set(file: str, entry: str, words: object) -> frozenset[str]:
    """Check that an asset entry is a non-empty list of non-empty strings, and freeze it."""
    if not isinstance(words, list) or not words or not all(isinstance(word, str) and word for word in words):
        raise AssetError(file, entry, "expected a non-empty list of words")
    return frozenset(words)
