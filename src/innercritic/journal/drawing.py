"""What every picture is made of: colours for light and dark, axes, the band of an interval, its words, its files."""

import io
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from ..pages import Picture

if TYPE_CHECKING:
    import pandas as pd

Drawn = Axes | Figure
Size = tuple[float, float]

LIGHT: Final[Mapping[str, Any]] = MappingProxyType(
    {"paper": "#fdfcf9", "ink": "#22252a", "quiet": "#5a5d63", "grid": "#d9d5cb", "line": "#1f4f8f", "band": "#b9cdea"}
)
DARK: Final[Mapping[str, Any]] = MappingProxyType(
    {"paper": "#17191d", "ink": "#e6e3dc", "quiet": "#aaa79f", "grid": "#3a3d43", "line": "#9cc3f5", "band": "#2f4a6d"}
)


def band(ax: Axes, rates: "pd.DataFrame", style: Mapping[str, Any]) -> None:
    """Draw rates as line and dots over the band of their intervals; a gap stays a gap."""
    x = _middles(rates["period"].to_numpy())
    low, rate, high = (rates[name].to_numpy() for name in ("low", "rate", "high"))
    ax.fill_between(x, low, high, color=style["band"], linewidth=0, zorder=1)
    # A period that stands alone between empty ones has no width: its interval is a bar.
    gap = np.isnan(np.r_[np.nan, rate, np.nan])
    alone = ~gap[1:-1] & gap[:-2] & gap[2:]
    ax.vlines(x[alone], low[alone], high[alone], color=style["band"], linewidth=5, zorder=1)
    ax.plot(x, rate, color=style["line"], linewidth=1.6, marker="o", markersize=3.2, zorder=2)
    if len(x):
        pad = max((x[-1] - x[0]) * 0.02, np.timedelta64(2, "D"))
        ax.set_xlim(x[0] - pad, x[-1] + pad)


def top(rates: "pd.DataFrame") -> float:
    """Where the scale ends: just above the highest interval."""
    highest = rates["high"].max()
    return 10.0 if np.isnan(highest) else float(np.clip(1.08 * highest, 10, 105))


def _middles(starts: np.ndarray) -> np.ndarray:
    """The middle of each period; of a single one its start."""
    return starts + np.diff(starts).min() / 2 if len(starts) > 1 else starts


def square(x: float, y: float, size: float, **looks: Any) -> Any:
    """A square around a point."""
    return Rectangle((x - size / 2, y - size / 2), size, size, **looks)


def axes(ax: Axes | None, size: Size) -> Axes:
    """The axes given, or those of a new figure."""
    return ax if ax is not None else new_figure(size).subplots()


def new_figure(size: Size) -> Figure:
    """A figure that notebooks show and the caller may save."""
    from matplotlib import pyplot

    return pyplot.figure(figsize=size, layout="constrained")


def dress(ax: Axes, style: Mapping[str, Any], title: str, xlabel: str = "", ylabel: str = "") -> None:
    """Colours, title and labels; no more lines than needed."""
    ax.set_facecolor(style["paper"])
    figure = ax.get_figure(root=True)
    if figure is not None:
        figure.set_facecolor(style["paper"])
    ax.set_title(title, loc="left", color=style["ink"], fontsize="medium")
    ax.set_xlabel(xlabel, color=style["ink"], fontsize="small")
    ax.set_ylabel(ylabel, color=style["ink"], fontsize="small")
    ax.tick_params(colors=style["ink"], labelsize="small", length=3)
    ax.grid(axis="y", color=style["grid"], linewidth=0.8)
    ax.set_axisbelow(True)
    for side, spine in ax.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color(style["quiet"])


def dates(ax: Axes) -> None:
    """Few, short date labels."""
    locator = AutoDateLocator(minticks=2, maxticks=7)  # type: ignore[no-untyped-call]
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]


def describe(drawn: Drawn, words: str) -> None:
    """Keep what a picture shows, in words, as the label of its figure."""
    figure = drawn if isinstance(drawn, Figure) else drawn.get_figure(root=True)
    if figure is not None:
        figure.set_label(words)


def for_page(
    draw: Callable[[Figure, Mapping[str, Any], bool], object], wide: Size, narrow: Size, caption: str
) -> Picture:
    """Draw a picture for a page: for light and dark, wide and narrow screens.

    Parameters
    ----------
    draw : callable
        Given an empty figure, the colours and whether the screen is narrow, draws and describes it (`describe`).
    wide, narrow : (float, float)
        Width and height on either screen, in inches.
    caption : str
        What stands below it.

    Returns
    -------
    pages.Picture
    """
    files: dict[str, bytes] = {}
    words = ""
    for prefix, size in (("", wide), ("narrow_", narrow)):
        for name, style in (("light", LIGHT), ("dark", DARK)):
            figure = Figure(figsize=size, layout="constrained", dpi=110)
            draw(figure, style, bool(prefix))
            file = io.BytesIO()
            figure.savefig(file, format="png", metadata={"Software": None})
            files[prefix + name], words = file.getvalue(), str(figure.get_label())
    return Picture(**files, alt=words, caption=caption)
