"""scikit-learn's door: estimators that learn facets from labelled sentences.

`FacetClassifier` takes raw text. `TermFeatures` and `heads.FacetHead` are its two halves for those who build their own
`Pipeline`.
"""

from collections.abc import Collection, Hashable, Iterable, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from .batching import checked
from .facets import LABEL_CODES, Facet
from .features import encode, occurrences, vector_sums
from .heads import FacetHead
from .model import WEIGHT_DIGITS, LinearModel
from .parsing import ParsedTexts, Parser, thread_parser
from .persistence import read_model, write_model
from .resources import model_folder
from .space import FeatureSpace
from .vectors import WordVectors
from .vocabulary import default_lexicon, learn_space, warm_words

Labels = ArrayLike | Sequence[Collection[str]]


class FacetClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Learn facets, or any labels of your own, from labelled sentences. Several labels a sentence, or none.

    Parameters
    ----------
    min_count : int, default 3
        In how many sentences a term must occur to count; a pair with a word between, in twice as many.
    C : float, default 10.0
        Inverse strength of the L2 penalty.
    vectors : str or None, default "neff-fast"
        Static word vectors to use beside the terms: a model's name or path, a vector table (.npz), or None.
    folds : int, default 5
        Folds for calibration and thresholds; below 2 scores stay uncalibrated and thresholds are one half.
    specificity : float, default 0.98
        Share of the sentences without a label on which that label must not be claimed; it sets the thresholds.

    Attributes
    ----------
    classes_ : ndarray of str
        The labels, a column each in everything predicted.
    model_ : LinearModel
        What was learned; the other doors read text with the same object.

    Examples
    --------
    >>> texts = ["I'm such an idiot.", "We had soup.", "I hate myself.", "The bus was late."] * 3
    >>> labels = [["self_judgment"], [], ["self_judgment"], []] * 3
    >>> clf = FacetClassifier(min_count=1, vectors=None, folds=0).fit(texts, labels)
    >>> clf.classes_
    array(['self_judgment'], dtype='<U13')
    >>> clf.predict(["I hate the idiot I am.", "The soup was late."]).ravel()
    array([1, 0])
    """

    def __init__(
        self,
        min_count: int = 3,
        C: float = 10.0,
        vectors: str | None = "neff-fast",
        folds: int = 5,
        specificity: float = 0.98,
    ) -> None:
        self.min_count = min_count
        self.C = C
        self.vectors = vectors
        self.folds = folds
        self.specificity = specificity

    def fit(
        self,
        X: Iterable[str],
        y: Labels,
        groups: Sequence[Hashable] | None = None,
        *,
        unlabelled: Iterable[str] = (),
        unlabelled_groups: Sequence[Hashable] = (),
    ) -> "FacetClassifier":
        """Learn from labelled sentences.

        Parameters
        ----------
        X : iterable of str
            Sentences: a list, an array, a pandas Series.
        y : array-like, shape (sentences, labels), or sequence of collections of str
            An indicator matrix (the columns of a DataFrame name the labels; six columns without names are the facets
            in the order of `Facet`), or for each sentence the labels it carries, as names ("self_judgment") or codes
            ("SJ").
        groups : sequence of hashable, optional
            Who wrote each sentence: calibration then never knows the writer, and a term needs two writers to count.
        unlabelled : iterable of str, optional
            More sentences: terms are chosen and counted in these too, but no label is learned from them.
        unlabelled_groups : sequence of hashable, optional
            Who wrote each of these; needed where `groups` is given.

        Returns
        -------
        FacetClassifier
            Itself.
        """
        texts = _texts(X)
        self.classes_, indicator = _indicator(y)
        if len(texts) != len(indicator):
            raise ValueError(f"{len(texts)} sentences but {len(indicator)} rows of labels")
        parser = thread_parser()
        more = _texts(unlabelled)
        writers = None if groups is None else [*groups, *unlabelled_groups]
        if writers is not None and len(writers) != len(texts) + len(more):
            raise ValueError(f"{len(texts) + len(more)} sentences but {len(writers)} groups")
        words = parser.words([*texts, *more])
        space = learn_space(words, default_lexicon(), self.min_count, writers, _vectors(self.vectors))
        features = feature_matrix(space, parse_whole(parser, texts))
        wanted = indicator if indicator.shape[1] > 1 else indicator.ravel()
        head = FacetHead(C=self.C, folds=self.folds).fit(features, wanted, groups=groups)
        self.out_of_fold_ = head.out_of_fold_
        self.model_ = LinearModel(
            space=space,
            labels=tuple(map(str, self.classes_)),
            weights=np.round(head.coef_.T, WEIGHT_DIGITS).astype(np.float32),
            baseline=np.round(head.intercept_, 5).astype(np.float32),
            thresholds=_thresholds(head.out_of_fold_, indicator, self.specificity),
            base_rates=indicator.mean(axis=0).astype(np.float32),
            warm_words=warm_words([*texts, *more], writers),
        )
        return self

    def predict_proba(self, X: Iterable[str]) -> NDArray[np.float64]:
        """Calibrated probabilities, shape (sentences, labels). Each text is read as one sentence."""
        check_is_fitted(self)
        texts = _texts(X)
        parsed = parse_whole(thread_parser(self.model_.warm_words), texts)
        result = np.tile(self.model_.base_rates.astype(np.float64), (len(texts), 1))
        result[parsed.text] = self.model_.read(parsed).probabilities
        return result

    def predict(self, X: Iterable[str]) -> NDArray[np.int_]:
        """Indicator matrix of the labels over their thresholds, shape (sentences, labels)."""
        return (self.predict_proba(X) >= self.model_.thresholds).astype(int)

    def save(self, folder: str | Path) -> None:
        """Write the model to a folder (arrays and JSON, no pickle) that `load` and `innercritic.load` read."""
        check_is_fitted(self)
        write_model(self.model_, Path(folder), {"parameters": self.get_params()})

    @classmethod
    def load(cls, model: str | Path = "neff-fast") -> "FacetClassifier":
        """Read a bundled model by name, or one that was saved to a folder, as a fitted estimator."""
        stored, metadata = read_model(model_folder(model))
        classifier = cls(**metadata.get("parameters", {}))
        classifier.model_, classifier.classes_ = stored, np.array(stored.labels)
        return classifier

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "model_")

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string, tags.input_tags.two_d_array = True, False
        tags.classifier_tags.multi_label = True
        return tags


class TermFeatures(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Raw sentences to a sparse matrix of terms, cues and static vectors.

    Parameters
    ----------
    min_count : int, default 3
        In how many sentences a term must occur.
    vectors : str or None, default "neff-fast"
        Static word vectors to use: the name or path of a model that has them, the path of a vector table (.npz), or
        None for none.

    Attributes
    ----------
    space_ : FeatureSpace
        The terms learned.
    """

    def __init__(self, min_count: int = 3, vectors: str | None = "neff-fast") -> None:
        self.min_count = min_count
        self.vectors = vectors

    def fit(self, X: Iterable[str], y: object = None, groups: Sequence[Hashable] | None = None) -> "TermFeatures":
        """Choose the terms of these sentences."""
        words = thread_parser().words(_texts(X))
        self.space_ = learn_space(words, default_lexicon(), self.min_count, groups, _vectors(self.vectors))
        return self

    def transform(self, X: Iterable[str]) -> sp.csr_matrix:
        """Look the sentences up; the matrix is of shape (sentences, features)."""
        check_is_fitted(self)
        return feature_matrix(self.space_, parse_whole(thread_parser(), _texts(X)))

    def get_feature_names_out(self, input_features: object = None) -> NDArray[np.object_]:
        """Names: the terms, ``cue:...``, ``vector:...``."""
        check_is_fitted(self)
        space = self.space_
        names = [*space.terms, *(f"cue:{name}" for name in space.lexicon.cues)]
        return np.array([*names, *(f"vector:{i}" for i in range(space.vectors.shape[1]))], dtype=object)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string, tags.input_tags.two_d_array = True, False
        return tags


def parse_whole(parser: Parser, texts: Sequence[str]) -> ParsedTexts:
    """Parse texts that are one sentence each, whatever punctuation is in them."""
    return parser.parse(texts, boundaries=[()] * len(texts))


def feature_matrix(space: FeatureSpace, parsed: ParsedTexts) -> sp.csr_matrix:
    """Give the features as a matrix: what `LinearModel.read` multiplies, laid out for scikit-learn.

    A text without a sentence, blank that is, becomes a row of zeros.
    """
    rows = parsed.text
    batch = encode(space, parsed)
    found = occurrences(space, batch)
    split = space.first_vector_feature
    terms = sp.csr_matrix((found.value, (rows[found.sentence], found.feature)), shape=(len(parsed), split))
    vectors = np.zeros((len(parsed), space.vectors.shape[1]), np.float32)
    sums, lengths = vector_sums(space, batch)
    vectors[rows] = sums / lengths[:, None]
    return sp.hstack([terms, sp.csr_matrix(vectors)], format="csr")


def _texts(sentences: Iterable[str]) -> list[str]:
    return [str(text) for text in checked(sentences, "X")]  # numpy's own strings do not suit spaCy


def _indicator(y: Labels) -> tuple[NDArray[np.str_], NDArray[np.int_]]:
    rows = y if getattr(y, "ndim", 0) == 2 else list(cast("Iterable[Collection[str]]", y))
    if isinstance(rows, list) and all(isinstance(row, Collection) and not isinstance(row, str) for row in rows):
        if all(isinstance(label, str) for row in rows for label in row):
            return _from_label_sets([{str(LABEL_CODES.get(label, label)) for label in row} for row in rows])
        rows = np.array(rows) if len({len(row) for row in rows}) == 1 else rows
    if isinstance(rows, list):
        raise ValueError("labels are a 2-D indicator matrix, or for each sentence a list of labels (maybe empty)")
    matrix = np.asarray(rows)
    if not np.isin(matrix, (0, 1)).all():
        raise ValueError("an indicator matrix holds zeros and ones only")
    columns: Iterable[object] = Facet if matrix.shape[1] == len(Facet) else range(matrix.shape[1])
    return np.array([str(name) for name in getattr(y, "columns", columns)]), matrix.astype(int)


def _from_label_sets(sets: list[set[str]]) -> tuple[NDArray[np.str_], NDArray[np.int_]]:
    order = {str(label): place for place, label in enumerate(LABEL_CODES.values())}
    classes = sorted(set().union(*sets), key=lambda label: (order.get(label, len(order)), label))
    if not classes:
        raise ValueError("no sentence carries any label")
    return np.array(classes), np.array([[label in labels for label in classes] for labels in sets], int)


def _thresholds(unseen: NDArray[np.float64], indicator: NDArray[np.int_], specificity: float) -> NDArray[np.float32]:
    """For each label the lowest threshold that keeps to the specificity on sentences unseen in fitting."""
    thresholds = []
    for probabilities, wanted in zip(unseen.T, indicator.T, strict=True):
        without = probabilities[(wanted == 0) & ~np.isnan(probabilities)]
        thresholds.append(float(np.quantile(without, specificity)) if len(without) else 0.5)
    return np.array(thresholds, np.float32)


def _vectors(name: str | None) -> WordVectors | None:
    if name is None:
        return None
    if name.endswith(".npz"):
        return WordVectors.read(Path(name))
    space = read_model(model_folder(name))[0].space
    return WordVectors(space.vector_words, space.vectors, space.vector_scale)
