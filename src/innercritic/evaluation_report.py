"""Figures -> the evaluation report beside a model: EVALUATION.md and its pictures. Knows nothing of how they arose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .errors import MissingExtraError
from .evaluation import Figures, Indicator, LabelFigures, confusion, reliability
from .facets import CRITIC_FACETS, Facet

if TYPE_CHECKING:
    from matplotlib.axes import Axes

REPORT, PICTURES = "EVALUATION.md", "figures"
_COLOURS = ("#1b6ca8", "#b5532a", "#3f7d3a")
_MARKS = ("o", "s", "^")


@dataclass(frozen=True)
class Sample:
    """Labelled sentences, and what a model and some simple means said of them.

    Parameters
    ----------
    name : str
        What they are ("unheard voices of the corpus").
    figures : Figures
        The model's figures.
    gold, claimed : ndarray of bool, shape (sentences, labels)
        What is true, and what the model claims.
    probabilities : ndarray, shape (sentences, labels)
        Its probabilities.
    baselines : mapping of str to (float, float)
        Macro-F1 over the critic facets and specificity of each simple means.
    groups : mapping of str to (int, float, float)
        By voice or source: sentences, macro-F1, specificity.
    """

    name: str
    figures: Figures
    gold: Indicator
    claimed: Indicator
    probabilities: NDArray[np.float64]
    baselines: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    groups: Mapping[str, tuple[int, float, float]] = field(default_factory=dict)


@dataclass(frozen=True)
class Trial:
    """One training run made only to learn something: how it is called, its size, and macro-F1 by sample."""

    name: str
    sentences: int
    macro_f1: Mapping[str, float]


@dataclass(frozen=True)
class Evaluation:
    """Everything the report tells.

    Parameters
    ----------
    model : str
        Name of the model.
    labels : tuple of str
        Its labels, in the order of the columns of the samples.
    samples : sequence of Sample
        What it was measured on.
    curve, ablations : sequence of Trial
        The learning curve, and the model with parts taken out; may be empty.
    capabilities : sequence of (str, str, int, int)
        Capability, kind, cases, passed; may be empty.
    beside : mapping of str to sequence of Sample
        What other models, by name, said of the same sentences; may be empty.
    """

    model: str
    labels: tuple[str, ...]
    samples: Sequence[Sample]
    curve: Sequence[Trial] = ()
    ablations: Sequence[Trial] = ()
    capabilities: Sequence[tuple[str, str, int, int]] = ()
    beside: Mapping[str, Sequence[Sample]] = field(default_factory=dict)


def write_report(evaluation: Evaluation, folder: Path) -> Path:
    """Write the report and its pictures.

    Parameters
    ----------
    evaluation : Evaluation
        What to tell.
    folder : Path
        The model folder; the pictures go into a folder of their own in it.

    Returns
    -------
    Path
        The Markdown file.

    Raises
    ------
    MissingExtraError
        Without matplotlib (extra "notebook").
    """
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise MissingExtraError("drawing the evaluation", "notebook") from None
    (folder / PICTURES).mkdir(parents=True, exist_ok=True)
    calibration = Figure(figsize=(4.2 * len(evaluation.samples), 4), layout="constrained")
    for axes, sample in zip(
        np.atleast_1d(calibration.subplots(1, len(evaluation.samples))), evaluation.samples, strict=True
    ):
        _draw_calibration(axes, sample, evaluation.labels)
    calibration.savefig(folder / PICTURES / "calibration.png", dpi=110)
    if evaluation.curve:
        curve = Figure(figsize=(6, 4), layout="constrained")
        _draw_curve(curve.subplots(), evaluation.curve)
        curve.savefig(folder / PICTURES / "learning_curve.png", dpi=110)
    path = folder / REPORT
    path.write_text(markdown(evaluation), "utf-8")
    return path


def markdown(evaluation: Evaluation) -> str:
    """The report as Markdown."""
    parts = [
        f"# Evaluation of {evaluation.model}\n",
        "Written by `innercritic evaluate`. Intervals are 95% bootstrap intervals over sentences. Specificity is the "
        "share of sentences without a critic facet on which none is claimed. Read F1 beside the baselines, never "
        "alone.\n",
        *(["## Side by side\n", _side_by_side(evaluation)] if evaluation.beside else []),
        *(_sample_section(sample, evaluation.labels) for sample in evaluation.samples),
        "## Calibration\n",
        "![Claimed probability against the share that is true, for the three critic facets](figures/calibration.png)\n",
    ]
    if evaluation.curve:
        parts += ["## Learning curve\n", _trial_table(evaluation.curve)]
        parts.append("![Macro-F1 by number of training sentences](figures/learning_curve.png)\n")
    if evaluation.ablations:
        parts += ["## What the parts are worth\n", _trial_table(evaluation.ablations)]
    if evaluation.capabilities:
        rows = [(name, kind, n, passed, f"{passed / n:.2f}") for name, kind, n, passed in evaluation.capabilities]
        parts += ["## Capabilities\n", "The behaviour suite (tests/behaviour, after Ribeiro et al. 2020).\n"]
        parts.append(_table(("capability", "kind", "cases", "passed", "rate"), rows))
    return "\n".join(parts)


def _sample_section(sample: Sample, labels: Sequence[str]) -> str:
    measured = sample.figures
    rows = [(name.replace("_", " "), one.support, *_cells(one)) for name, one in measured.labels.items()]
    simple = [(name, f"{f1:.2f}", f"{specificity:.2f}") for name, (f1, specificity) in sample.baselines.items()]
    model = ("this model", _with_interval(measured.macro_f1, measured.interval), f"{measured.specificity:.2f}")
    short = [label.replace("_", " ") for label in labels]
    counts = confusion(sample.gold, sample.claimed)
    confused = [(name, *row) for name, row in zip([*short, "none"], counts.tolist(), strict=True)]
    groups = [(name, n, f"{f1:.2f}", f"{spec:.2f}") for name, (n, f1, spec) in sample.groups.items()]
    return "\n".join(
        [
            f"## {sample.name[:1].upper()}{sample.name[1:]} ({measured.sentences:,} sentences)\n",
            _table(("", "macro-F1, three critic facets", "specificity"), [model, *simple]),
            _table(("label", "n", "precision", "recall", "F1", "calibration error"), rows),
            "True labels (rows) and claimed ones (columns); a sentence counts in every cell of its labels:\n",
            _table(("", *short, "none"), confused),
            _table(("group", "sentences", "macro-F1", "specificity"), groups),
        ]
    )


def _side_by_side(evaluation: Evaluation) -> str:
    """One table of all models on all sentences."""
    models = {evaluation.model: evaluation.samples, **evaluation.beside}
    rows: list[Sequence[object]] = []
    for place, sample in enumerate(evaluation.samples):
        found = [samples[place].figures for samples in models.values()]
        for name in evaluation.labels:
            each = [one.labels[name] for one in found]
            rows.append(
                (sample.name, name.replace("_", " "), each[0].support, *(c for one in each for c in _cells(one)))
            )
        plain, whole = f"{sample.figures.sentences:,}", [_with_interval(one.macro_f1, one.interval) for one in found]
        rows.append((sample.name, "**macro-F1, critic facets**", plain, *(c for f1 in whole for c in ("", "", f1, ""))))
        quiet = [f"{one.specificity:.3f}" for one in found]
        rows.append((sample.name, "**specificity**", plain, *(c for value in quiet for c in ("", "", value, ""))))
    head = [f"{name}: {part}" for name in models for part in ("P", "R", "F1", "calibration error")]
    return _table(("sentences", "label", "n", *head), rows)


def _cells(one: LabelFigures) -> tuple[str, str, str, str]:
    return (
        f"{one.precision:.2f}",
        f"{one.recall:.2f}",
        _with_interval(one.f1, one.interval),
        f"{one.calibration_error:.3f}",
    )


def _with_interval(value: float, interval: tuple[float, float]) -> str:
    return f"{value:.2f} ({interval[0]:.2f} to {interval[1]:.2f})"


def _trial_table(trials: Sequence[Trial]) -> str:
    samples = list(trials[0].macro_f1)
    rows = [(t.name, f"{t.sentences:,}", *(f"{t.macro_f1[name]:.3f}" for name in samples)) for t in trials]
    return _table(("", "training sentences", *(f"macro-F1, {name}" for name in samples)), rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines) + "\n"


def _draw_calibration(axes: "Axes", sample: Sample, labels: Sequence[str]) -> None:
    axes.plot([0, 1], [0, 1], color="#999999", linewidth=1, linestyle=":")
    for facet, colour, mark in zip(CRITIC_FACETS, _COLOURS, _MARKS, strict=True):
        column = labels.index(facet)
        points = np.array(reliability(sample.gold[:, column], sample.probabilities[:, column], bins=20))
        axes.plot(points[:, 0], points[:, 1], color=colour, marker=mark, markersize=4, label=Facet(facet).term)
    axes.set(xlim=(0, 1), ylim=(0, 1), title=sample.name, xlabel="claimed probability", ylabel="share that is true")
    axes.legend(loc="upper left", frameon=False)


def _draw_curve(axes: "Axes", trials: Sequence[Trial]) -> None:
    for name, colour, mark in zip(trials[0].macro_f1, _COLOURS, _MARKS, strict=False):
        points: Any = [(trial.sentences, trial.macro_f1[name]) for trial in trials]
        axes.plot(*zip(*points, strict=True), color=colour, marker=mark, label=name)
    axes.set(xlabel="training sentences", ylabel="macro-F1, three critic facets", ylim=(0, 1))
    axes.legend(loc="lower right", frameon=False)
    axes.grid(axis="y", linewidth=0.3)
