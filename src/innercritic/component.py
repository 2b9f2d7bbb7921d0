"""spaCy's door: the pipeline component ``innercritic``, found by entry point, so nobody has to import us."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, SpanGroup

from .analyzer import InnerCritic, load
from .resources import DEFAULT_MODEL
from .results import Analysis, SentenceReading


@Language.factory(
    "innercritic",
    assigns=["doc.spans"],
    default_config={"model": DEFAULT_MODEL, "spans_key": "innercritic"},
)
def make_innercritic(nlp: Language, name: str, model: str, spans_key: str) -> "InnerCriticComponent":
    """Make the component; spaCy calls this for ``nlp.add_pipe("innercritic")``.

    Parameters
    ----------
    nlp : Language
        An English pipeline.
    name : str
        The component's name in it.
    model : str
        Name or path of the model.
    spans_key : str
        Key of the span group to write.

    Returns
    -------
    InnerCriticComponent
    """
    if nlp.lang not in ("en", "xx"):
        raise ValueError(f"innercritic reads English; this pipeline is for language {nlp.lang!r}")
    return InnerCriticComponent(load(model), name, spans_key=spans_key)


class InnerCriticComponent:
    """Writes a labelled span for every facet of every sentence to ``doc.spans["innercritic"]``.

    It reads the text of the Doc with our own tokenizer, so the numbers are those of every other door. Sentence
    boundaries are the Doc's where it has them, else ours. All that it writes is plain, so it survives ``to_bytes``,
    ``DocBin``, worker processes and displaCy:

    - the spans: the sentence, label the facet;
    - ``.attrs["scores"]``: probability of each span's facet;
    - ``.attrs["sentences"]``: a dict a sentence: start and end (characters), abstained, a probability a facet;
    - ``.attrs["safety"]``: what the gate says: clear, flags, card.

    Parameters
    ----------
    critic : InnerCritic
        What reads.
    name : str
        The component's name.
    spans_key : str
        Key of the span group.

    Examples
    --------
    >>> import spacy
    >>> nlp = spacy.blank("en")
    >>> _ = nlp.add_pipe("innercritic")
    >>> doc = nlp("We had soup. I'm such an idiot.")
    >>> [(span.label_, span.text) for span in doc.spans["innercritic"]]
    [('self_judgment', "I'm such an idiot.")]
    """

    def __init__(self, critic: InnerCritic, name: str = "innercritic", *, spans_key: str = "innercritic") -> None:
        self.critic = critic
        self.name = name
        self.spans_key = spans_key

    def __call__(self, doc: Doc) -> Doc:
        """Read one Doc."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 256) -> Iterator[Doc]:
        """Read a stream of Docs in batches."""
        for docs in _batches(stream, batch_size):
            for doc, analysis in zip(docs, self.predict(docs), strict=True):
                self.set_annotations(doc, analysis)
                yield doc

    def predict(self, docs: list[Doc]) -> list[Analysis]:
        """Read Docs without touching them."""
        boundaries = [
            [sentence.start_char for sentence in doc.sents] if doc.has_annotation("SENT_START") else None
            for doc in docs
        ]
        return self.critic.read([doc.text for doc in docs], boundaries)

    def set_annotations(self, doc: Doc, analysis: Analysis) -> None:
        """Write an analysis to a Doc."""
        claimed = [(sentence, facet) for sentence in analysis.sentences for facet in sentence.facets]
        drawn = [doc.char_span(s.start, s.end, label=facet, alignment_mode="expand") for s, facet in claimed]
        spans = [span for span in drawn if span is not None]  # expanding never fails; the types do not know it
        attrs = {
            "scores": [sentence.probabilities[facet] for sentence, facet in claimed],
            "sentences": [_plain(sentence) for sentence in analysis.sentences],
            "safety": analysis.to_dict(text=False)["safety"],
        }
        doc.spans[self.spans_key] = SpanGroup(doc, name=self.spans_key, attrs=attrs, spans=spans)

    def __reduce__(self) -> tuple[Callable[..., "InnerCriticComponent"], tuple[Any, ...]]:
        return _restore, (self.critic, self.name, self.spans_key)


def _batches(stream: Iterable[Doc], size: int) -> Iterator[list[Doc]]:
    docs = iter(stream)
    while batch := list(islice(docs, size)):
        yield batch


def _plain(sentence: SentenceReading) -> dict[str, Any]:
    probabilities = {str(facet): value for facet, value in sentence.probabilities.items()}
    return {
        "start": sentence.start,
        "end": sentence.end,
        "abstained": sentence.abstained,
        "probabilities": probabilities,
    }


def _restore(critic: InnerCritic, name: str, spans_key: str) -> InnerCriticComponent:
    return InnerCriticComponent(critic, name, spans_key=spans_key)
