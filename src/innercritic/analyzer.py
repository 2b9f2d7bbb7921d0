"""The only place where the order is written: text -> sentences -> scores -> gate -> reframes -> analysis."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from .abstention import default_abstention
from .batching import batches, checked
from .facets import Facet
from .model import LinearModel
from .parsing import thread_parser
from .persistence import METADATA, read_model, verify
from .practices import Practice, compose
from .reading import EXPLAIN, BatchReading, Explain, SentenceReader
from .reframe_rules import Finding, check_text, out_of_place
from .reframes import Shelf, Wish, suggest_all, with_reframes
from .resources import DEFAULT_MODEL, model_folder
from .results import Analysis, Reframe, SafetyVerdict
from .safety import Gate, default_gate, why_off
from .scoring import SentenceScores
from .screening import Screening
from .templates import Template, default_templates, read_packs


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
    gate : Gate or "off", optional
        The safety gate; by default the bundled one. "off" takes a `reason`.
    templates : sequence of Template, optional
        The reframe templates; by default the bundled packs.
    reason : str, optional
        Why the gate is switched off: it stands in every result, and none is ever `clear`.

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
        gate: Gate | Literal["off"] | None = None,
        templates: Sequence[Template] | None = None,
        reason: str | None = None,
    ) -> None:
        missing = [facet for facet in Facet if facet not in model.labels]
        if missing:
            raise ValueError(f"the model does not know {', '.join(missing)}; it can score, but not analyze")
        self.name = name
        self.model = model
        self._folder = folder
        self._own = (gate, templates, reason)
        self._templates = Shelf(default_templates() if templates is None else templates)
        self._screening = Screening(gate if isinstance(gate, Gate) else default_gate(), model, why_off(gate, reason))
        self._reader = SentenceReader(model, default_abstention())

    def __reduce__(self) -> tuple[Callable[..., "InnerCritic"], tuple[Any, ...]]:
        return _restore, (str(self._folder), *self._own)

    def __repr__(self) -> str:
        return f"InnerCritic({self.name!r})"

    @property
    def gate_off(self) -> str | None:
        """Why the safety gate is switched off; None when it is on."""
        return self._screening.off

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
        batch_size: int = 2048,
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
        batch_size : int, default 2048
            How many to read at a time; fewer when they are long. It changes the speed, never the result.
        explain, voice, seed
            See `analyze`.

        Yields
        ------
        Analysis
            One a text, in order.
        """
        if batch_size < 1:
            raise ValueError(f"batch_size is at least 1, not {batch_size}")
        if explain not in EXPLAIN:
            raise ValueError(f"explain is one of {', '.join(EXPLAIN)}, not {explain!r}")
        wish = Wish(voice=voice, seed=seed)
        for batch in batches(texts, batch_size):
            yield from self._analyses(batch, None, explain, wish)

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
        return list(self._analyses(checked(texts), boundaries, explain, Wish(voice=voice, seed=seed)))

    def score(self, texts: Sequence[str]) -> SentenceScores:
        """Score a batch of texts: the facets and the gate that `analyze` gives, as columns, and nothing more.

        Examples
        --------
        >>> scores = load().score(["We had soup. I'm such an idiot."])
        >>> scores.start.tolist(), scores.claimed[:, 0].tolist()
        ([0, 13], [False, True])
        """
        return SentenceScores.of(*self._read_batch(checked(texts)))

    def reframes_for(self, analysis: Analysis, **wish: Any) -> list[tuple[Reframe, ...]]:
        """Offer other reframes for a text that was read already.

        Parameters
        ----------
        analysis : Analysis
            What was read. Past a raised gate there is no reframe, whatever is asked for.
        **wish
            How they are wanted: `voice`, `register`, `techniques`, `recent`, `seed`, `limit`; see `reframes.Wish`.

        Returns
        -------
        list of tuple of Reframe
            One tuple a sentence, empty where none is due; no template twice among the last twenty.

        Examples
        --------
        >>> critic = load()
        >>> analysis = critic.analyze("I'm such an idiot. We had soup.")
        >>> [len(reframes) for reframes in critic.reframes_for(analysis, limit=2, voice="friend")]
        [2, 0]
        """
        if not isinstance(analysis, Analysis):
            raise TypeError(f"expected an Analysis, got {type(analysis).__name__}; analyze the text first")
        found = suggest_all(analysis.sentences, analysis.safety, self._templates, Wish(**wish))
        return [suggestion.reframes for suggestion in found]

    def practice(self, name: str, text: str | Analysis, *, voice: str = "friend") -> Practice | None:
        """Put a one-minute guided practice together for an entry (see `practices.compose`).

        Examples
        --------
        >>> load().practice("friend_letter", "My boss must think I'm useless.").title
        'Three lines from a friend'
        """
        return compose(name, text if isinstance(text, Analysis) else self.analyze(text), voice)

    def check_reframe(
        self, text: str, facet: str, source: str | None = None, recent: Sequence[str] = ()
    ) -> tuple[Finding, ...]:
        """Check a reframe by the rules and with this model; see the function of the same name."""
        found = self.check_template(text, facet, source, recent)
        return found if source is None else (*found, *out_of_place(source, self._read_reframe))

    def check_template(
        self, text: str, facet: str, words: str | None = None, recent: Sequence[str] = ()
    ) -> tuple[Finding, ...]:
        """Check a filled template: `words` are those it takes up, not a whole sentence (see `packs.check_pack`)."""
        return check_text(text, facet, words, self._read_reframe, recent)

    def _analyses(
        self, texts: Sequence[str], boundaries: Sequence[Sequence[int] | None] | None, explain: Explain, wish: Wish
    ) -> Iterator[Analysis]:
        """Read a batch and give the texts of it one after the other."""
        batch, verdicts = self._read_batch(texts, boundaries)
        critical, name, kind = batch.critical_texts(), self.name, self.model.evidence_kind
        readings = self._reader.readings(batch, texts, explain)
        for number, (text, sentences, verdict) in enumerate(zip(texts, readings, verdicts, strict=True)):
            if number in critical or not verdict.clear:
                sentences = with_reframes(sentences, verdict, self._templates, wish)
            yield Analysis(text, tuple(sentences), verdict, name, kind)

    def _read_batch(
        self, texts: Sequence[str], boundaries: Sequence[Sequence[int] | None] | None = None
    ) -> tuple[BatchReading, list[SafetyVerdict]]:
        """Read a batch as far as the gate."""
        batch = self._reader.read(thread_parser(self.model.warm_words).parse(texts, boundaries))
        return batch, self._screening.verdicts(batch, texts)

    def _read_reframe(self, text: str) -> tuple[tuple[str, ...], bool]:
        analysis = self.analyze(text)
        facets = dict.fromkeys(facet for sentence in analysis.sentences for facet in sentence.critic_facets)
        return tuple(facets), not analysis.safety.raised


def load(
    model: str | Path = DEFAULT_MODEL,
    packs: str | Path | Sequence[str | Path] | None = None,
    *,
    gate: Gate | Literal["off"] | None = None,
    reason: str | None = None,
) -> InnerCritic:
    """Load a model and get ready to read.

    Parameters
    ----------
    model : str or Path, default "neff-fast"
        Name of a bundled model, or the path of a model folder.
    packs : str, Path or sequence of these, optional
        Reframe packs to use in place of the bundled ones (those are at `resources.reframe_packs()`, to add to).
    gate, reason
        See `InnerCritic`.

    Returns
    -------
    InnerCritic
        Without further arguments the same object for the same model.

    Raises
    ------
    ModelNotFoundError
        When there is no such model.
    ModelFormatError
        When it is damaged, was tampered with, is too new, or no longer gives the scores it was saved with.
    AssetError
        When a pack breaks its rules; it names file, entry and reason.
    ValueError
        When the gate is switched off without a reason, or a reason is given for a gate that is on.
    TypeError
        When packs are no paths.

    Examples
    --------
    >>> load()
    InnerCritic('neff-fast')
    >>> load(gate="off", reason="annotators compare reframes").analyze("We had soup.").safety.off
    'annotators compare reframes'
    """
    templates = None if packs is None else read_packs([packs] if isinstance(packs, str | Path) else packs)
    return _restore(str(model_folder(model)), gate, templates, reason)


@lru_cache(maxsize=4)
def _load_once(folder: Path, _stamp: int) -> InnerCritic:
    return _load(folder)


def _load(folder: Path, *own: Any) -> InnerCritic:
    model, metadata = read_model(folder)
    critic = InnerCritic(model, str(metadata.get("name", folder.name)), folder, *own)
    verify(model, metadata.get("golden", []), folder)
    return critic


def _restore(folder: str, *own: Any) -> InnerCritic:
    """Load a model with a gate, templates and a reason of one's own, or without any: then once for all."""
    path = Path(folder)
    if all(part is None for part in own):
        return _load_once(path, (path / METADATA).stat().st_mtime_ns)
    return _load(path, *own)
