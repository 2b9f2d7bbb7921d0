"""Sentences -> vectors that know their context: a small transformer encoder, run by onnxruntime (extra "accurate").

Its weights are stored in eight bits, its arithmetic is in single precision: activations of eight bits, scaled by what
is in the batch, would give a sentence other scores in other company.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .errors import MissingExtraError

IDS, MASK, STATES = "ids", "mask", "states"
"""What the network takes and gives: token numbers and which of them count; a vector a token."""
BATCH = 32
"""Sentences of about the same length that are read at a time."""
LONGEST_TEXT = 2000
"""Characters of a sentence that are looked at; what the tokenizer's limit leaves of them is far less."""
MOST_THREADS = 4

_Numbers = Sequence[int]


class SentenceEncoder:
    """A sentence encoder with mean pooling. Threads may share it; forked and spawned processes may use it.

    Parameters
    ----------
    network : bytes
        An ONNX file: from `IDS` and `MASK`, int64 of shape (sentences, tokens), to `STATES`, float32 of shape
        (sentences, tokens, dimensions).
    tokenizer : str
        A tokenizer.json, which says where to cut long sentences.

    Raises
    ------
    MissingExtraError
        Without the extra "accurate".
    ValueError
        When these are no network and no tokenizer.
    """

    def __init__(self, network: bytes, tokenizer: str) -> None:
        try:
            import onnxruntime
            from tokenizers import Tokenizer
        except ImportError:
            raise MissingExtraError("reading with a sentence encoder (neff-accurate)", "accurate") from None
        onnxruntime.disable_telemetry_events()  # its builds for Windows have some
        options = onnxruntime.SessionOptions()
        # One thread a batch: batches run side by side, and worker processes never multiply threads.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self.network, self.tokenizer = network, tokenizer
        try:
            self._session = onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
            self._tokenizer = Tokenizer.from_str(tokenizer)
            (output,) = self._session.get_outputs()
            self.dimensions = int(output.shape[-1])
        except Exception as error:  # each library raises its own kind, derived from nothing else
            raise ValueError(f"not a sentence encoder ({type(error).__name__})") from None

    def __reduce__(self) -> tuple[Callable[..., "SentenceEncoder"], tuple[bytes, str]]:
        return SentenceEncoder, (self.network, self.tokenizer)

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Read sentences.

        Parameters
        ----------
        texts : sequence of str
            A sentence each.

        Returns
        -------
        ndarray of float32, shape (texts, dimensions)
            The mean of the tokens' states; the same to about six digits in any company.
        """
        return self._pooled([self._tokens(text).ids for text in texts])

    def with_parts_left_out(
        self, texts: Sequence[str], starts: Sequence[_Numbers]
    ) -> list[tuple[list[int], NDArray[np.float32]]]:
        """Read sentences again, without one of their parts each time.

        Parameters
        ----------
        texts : sequence of str
            A sentence each.
        starts : sequence of sequence of int
            Where the parts of each start, words say, in characters and in rising order.

        Returns
        -------
        list of (list of int, ndarray of float32 of shape (parts, dimensions))
            For each sentence the numbers of the parts that the encoder sees, and what it makes of the sentence without
            each. A part past the tokenizer's limit is not seen.
        """
        seen: list[list[int]] = []
        shortened: list[_Numbers] = []
        for text, places in zip(texts, starts, strict=True):
            tokens = self._tokens(text)
            part = np.searchsorted(places, [begin for begin, _ in tokens.offsets], "right") - 1
            part[np.array(tokens.special_tokens_mask, bool)] = -1
            seen.append(sorted(set(part.tolist()) - {-1}))
            ids = np.array(tokens.ids)
            shortened += [ids[part != place].tolist() for place in seen[-1]]
        vectors = self._pooled(shortened)
        ends = np.cumsum([len(parts) for parts in seen], dtype=int)
        return [(parts, vectors[end - len(parts) : end]) for parts, end in zip(seen, ends.tolist(), strict=True)]

    def _tokens(self, text: str) -> Any:
        # A text at a time: `encode_batch` would start threads of its own.
        return self._tokenizer.encode(text[:LONGEST_TEXT].encode("utf-8", "replace").decode("utf-8"))

    def _pooled(self, numbered: Sequence[_Numbers]) -> NDArray[np.float32]:
        result = np.zeros((len(numbered), self.dimensions), np.float32)
        batches = list(_batches(numbered))
        threads = min(_threads(), len(batches))
        if threads < 2:
            parts: Iterator[NDArray[np.float32]] = map(self._read, repeat(numbered), batches)
            result[[place for batch in batches for place in batch]] = _joined(parts, self.dimensions)
        else:
            with ThreadPoolExecutor(threads) as pool:
                parts = pool.map(self._read, repeat(numbered), batches)
                result[[place for batch in batches for place in batch]] = _joined(parts, self.dimensions)
        return result

    def _read(self, numbered: Sequence[_Numbers], places: Sequence[int]) -> NDArray[np.float32]:
        """Pool a batch; what pads the shorter sentences has no part in it."""
        lengths = [len(numbered[place]) for place in places]
        ids = np.zeros((len(places), max(lengths)), np.int64)
        mask = np.zeros_like(ids)
        for row, (place, length) in enumerate(zip(places, lengths, strict=True)):
            ids[row, :length], mask[row, :length] = numbered[place], 1
        (states,) = self._session.run([STATES], {IDS: ids, MASK: mask})
        return np.stack([state[:length].mean(axis=0) for state, length in zip(states, lengths, strict=True)])


def _joined(parts: Iterator[NDArray[np.float32]], dimensions: int) -> NDArray[np.float32]:
    return np.concatenate([np.zeros((0, dimensions), np.float32), *parts])


def _batches(numbered: Sequence[_Numbers]) -> Iterator[list[int]]:
    """Places of sentences of about the same length, so that little is padded."""
    order = sorted(range(len(numbered)), key=lambda place: len(numbered[place]))
    for start in range(0, len(order), BATCH):
        yield order[start : start + BATCH]


def _threads() -> int:
    """How many batches to read side by side: what OMP_NUM_THREADS says, which joblib, Dask and Spark set in workers."""
    asked = os.environ.get("OMP_NUM_THREADS", "")
    if asked.isdigit() and int(asked) > 0:
        return int(asked)
    return min(os.cpu_count() or 1, MOST_THREADS)
