"""The only place where the order is written: text -> sentences -> scores -> gate -> reframes -> analysis."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, get_args

import numpy as np

from .abstention import Abstention
from .errors import GoldenMismatchError, NotTextError
from .facets import Facet, SafetyFlag
from .model import LinearModel
from .parsing import ParsedText, thread_parser
from .persistence import METADATA, read_model
from .reading import Explain, SentenceReader
from .reframe_rules import Finding, check_text
from .reframes import suggest
from .resources import DEFAULT_MODEL, asset, model_folder, word_set
from .results import Analysis, SafetyVerdict, SentenceReading
from .safety import Gate, GateSentence, default_gate
from .templates import Template, default_templates

_GOLDEN_TOLERANCE = 1e-3


class InnerCritic:
    """Reads text and says where the inner critic, or self-compassion, speaks in it.

    It is cheap to share between threads. Pickling it, for worker processes, sends only where its model lies.

    Parameters
    ----------
    model : LinearModel
        The fitted model, with a column for each facet.
    name : str
        The model's name, given in every result.
    folder : Path
        Where the model was loaded from.
    gate : Gate, optional
        The safety gate; by default the bundled one.
    templates : sequence of Template, optional
        The reframe templates; by default the bundled packs.

    Examples
    --------
    >>> critic = load()
    >>> analysis = critic.analyze("We had soup. I'm such an idiot.")
    >>> [[str(facet) for facet in sentence.facets] for sentence in analysis.sentences]
    [[], ['self_judgment']]
    """

    def __init__(
        self,
        model: LinearModel,
        name: str,
        folder: Path,
        gate: Gate | None = None,
        templates: Sequence[Template] | None = None,
    ) -> None:
        missing = [facet for facet in Facet if facet not in model.labels]
        if missing:
            raise ValueError(f"the model does not know {', '.join(missing)}; it can score, but not analyze")
        self.name = name
        self.model = model
        self._folder = folder
        self._own = (gate, templates)
        self._gate = gate or default_gate()
        self._templates = tuple(templates) if templates is not None else default_templates()
        self._dangers = {flag: model.labels.index(flag) for flag in SafetyFlag if flag in model.labels}
        languages = asset("languages.toml")
        abstention = Abstention.from_words(
            word_set("languages.toml", "english", languages["english"]),
            {name: word_set("languages.toml", name, words) for name, words in languages["other"].items()},
        )
        self._reader = SentenceReader(model, abstention)

    def __reduce__(self) -> tuple[Callable[..., "InnerCritic"], tuple[Any, ...]]:
        return _restore, (str(self._folder), *self._own)

    def __repr__(self) -> str:
        return f"InnerCritic({self.name!r})"

    def analyze(self, text: str, *, explain: Explain = "claimed", voice: str = "first", seed: int = 0) -> Analysis:
        """Read one text.

        Parameters
        ----------
        text : str
            English text of any length: a sentence, a journal entry, a transcript. Empty is fine.
        explain : {"claimed", "all"}
            Give evidence for the facets claimed, or for all six.
        voice : {"first", "friend"}
            Who speaks in the reframes.
        seed : int, default 0
            Another seed, another choice among reframes that fit alike.

        Returns
        -------
        Analysis

        Raises
        ------
        NotTextError
            A TypeError: for None, NaN, bytes and whatever else is not ``str``.
        """
        return next(self.pipe([text], explain=explain, voice=voice, seed=seed))

    def pipe(
        self,
        texts: Iterable[str],
        batch_size: int = 256,
        *,
        explain: Explain = "claimed",
        voice: str = "first",
        seed: int = 0,
    ) -> Iterator[Analysis]:
        """Read a stream of texts, in constant memory.

        Parameters
        ----------
        texts : iterable of str
            Texts; the gate judges each as one document.
        batch_size : int, default 256
            How many to read at a time. It changes the speed, never the result.
        explain, voice, seed
            See `analyze`.

        Yields
        ------
        Analysis
            One a text, in order.
        """
        if batch_size < 1:
            raise ValueError(f"batch_size is at least 1, not {batch_size}")
        if explain not in get_args(Explain):
            raise ValueError(f"explain is one of {', '.join(get_args(Explain))}, not {explain!r}")
        stream, position = iter(texts), 0
        while batch := list(islice(stream, batch_size)):
            for place, text in enumerate(batch, position):
                if not isinstance(text, str):
                    raise NotTextError(text, place)
            yield from self.read(batch, explain=explain, voice=voice, seed=seed)
            position += len(batch)

    def read(
        self,
        texts: Sequence[str],
        boundaries: Sequence[Sequence[int] | None] | None = None,
        *,
        explain: Explain = "claimed",
        voice: str = "first",
        seed: int = 0,
    ) -> list[Analysis]:
        """Read a batch whose sentence boundaries may be known already.

        Parameters
        ----------
        texts : sequence of str
            Texts.
        boundaries : sequence of sequence of int, optional
            For each text the offsets at which its sentences start, or None to find them.
        explain, voice, seed
            See `analyze`.

        Returns
        -------
        list of Analysis
        """
        parsed = thread_parser(self.model.warm_words).parse(texts, boundaries)
        scores = self.model.read(parsed)
        analyses, row = [], 0
        for text, tokens in zip(texts, parsed, strict=True):
            rows = range(row, row + len(tokens.sentences))
            row = rows.stop
            sentences = self._reader.readings(text, tokens, scores, rows.start, explain)
            verdict = self._verdict(tokens, sentences, scores.probabilities[rows.start : rows.stop])
            offered = tuple(
                self._with_reframes(sentence, tokens, place, verdict, voice, seed)
                for place, sentence in enumerate(sentences)
            )
            analyses.append(Analysis(text, offered, verdict, self.name))
        return analyses

    def check_reframe(self, text: str, facet: str, source: str | None = None) -> tuple[Finding, ...]:
        """Check a reframe by the rules and with this model (see `reframe_rules.check_text`)."""
        return check_text(text, facet, source, self._read_reframe)

    def verify(self, golden: Sequence[dict[str, Any]]) -> None:
        """Refuse to work when the golden sentences no longer score as they did when the model was made."""
        if not golden:
            return
        parser = thread_parser(self.model.warm_words)
        parsed = parser.parse([item["text"] for item in golden], [()] * len(golden))
        expected = np.array([item["probabilities"] for item in golden])
        worst = float(np.abs(self.model.read(parsed).probabilities - expected).max(initial=0.0))
        if worst > _GOLDEN_TOLERANCE:
            raise GoldenMismatchError(self._folder, worst)

    def _verdict(
        self, tokens: ParsedText, sentences: Sequence[SentenceReading], probabilities: np.ndarray
    ) -> SafetyVerdict:
        """Let the gate read every sentence; its trained voice is not asked about what it cannot read."""
        thresholds, asked = self.model.thresholds, []
        for reading, span, row in zip(sentences, tokens.sentences, probabilities, strict=True):
            readable = reading.abstained in (None, "too_short")
            danger = frozenset(flag for flag, c in self._dangers.items() if readable and row[c] >= thresholds[c])
            clean = tokens.clean.text[slice(*tokens.clean_span(span))]
            asked.append(GateSentence(clean, reading.start, reading.end, reading.text, danger))
        return self._gate.verdict(asked)

    def _with_reframes(
        self, reading: SentenceReading, tokens: ParsedText, place: int, verdict: SafetyVerdict, voice: str, seed: int
    ) -> SentenceReading:
        clean = tokens.clean.text[slice(*tokens.clean_span(tokens.sentences[place]))]
        found = suggest(reading, verdict, self._templates, sentence=clean, voice=voice, seed=seed)
        return replace(reading, reframes=found.reframes, no_reframe=found.reason)

    def _read_reframe(self, text: str) -> tuple[tuple[str, ...], bool]:
        analysis = self.analyze(text)
        facets = dict.fromkeys(facet for sentence in analysis.sentences for facet in sentence.critic_facets)
        return tuple(facets), analysis.safety.clear


def load(model: str | Path = DEFAULT_MODEL) -> InnerCritic:
    """Load a model and get ready to read.

    Parameters
    ----------
    model : str or Path, default "neff-fast"
        Name of a bundled model, or the path of a model folder.

    Returns
    -------
    InnerCritic
        The same object for the same model, as long as its folder does not change.

    Raises
    ------
    ModelNotFoundError
        When there is no such model.
    ModelFormatError
        When it is damaged, was tampered with, is too new, or no longer gives the scores it was saved with.

    Examples
    --------
    >>> load()
    InnerCritic('neff-fast')
    """
    folder = model_folder(model)
    return _load_once(folder, (folder / METADATA).stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _load_once(folder: Path, _stamp: int) -> InnerCritic:
    return _load(folder)


def _load(folder: Path, gate: Gate | None = None, templates: Sequence[Template] | None = None) -> InnerCritic:
    model, metadata = read_model(folder)
    critic = InnerCritic(model, str(metadata.get("name", folder.name)), folder, gate, templates)
    critic.verify(metadata.get("golden", []))
    return critic


def _restore(folder: str, gate: Gate | None, templates: Sequence[Template] | None) -> InnerCritic:
    if gate is None and templates is None:
        return load(folder)
    return _load(Path(folder), gate, templates)


def analyze(text: str, **options: Any) -> Analysis:
    """Read one text with the default model; see `InnerCritic.analyze`.

    Examples
    --------
    >>> analyze("").sentences
    ()
    """
    return load().analyze(text, **options)


def check_reframe(text: str, facet: str, source: str | None = None) -> tuple[Finding, ...]:
    """Check a reframe, a template author's or another program's, by the rules for reframes.

    Parameters
    ----------
    text : str
        The reframe.
    facet : str
        The compassionate facet it is meant to speak for.
    source : str, optional
        The sentence it answers.

    Returns
    -------
    tuple of Finding
        Empty when it is fine.

    Examples
    --------
    >>> [finding.message for finding in check_reframe("This hurts, and you should simply be kinder to yourself.",
    ...                                               "self_kindness")]
    ["'should' is an order, not an offer", '10 words; it takes 11 to 38']
    """
    return load().check_reframe(text, facet, source)
