"""Fine-tune a small sentence encoder on the corpus: a build-time step (extra "train"), never needed to read text.

Plain multi-label training: mean-pooled states under one linear layer, binary cross-entropy a label. The encoder's own
word embeddings stay as they are: a corpus of some ten thousand sentences moves the layers, not a vocabulary. Some words
of a sentence are hidden each time it is read (the encoder's own mask), so that it is told by more than its key word.
"""

import hashlib
import json
import random
from collections.abc import Sequence
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .errors import MissingExtraError

if TYPE_CHECKING:
    from torch import Tensor

ENCODER = "sentence-transformers/all-MiniLM-L6-v2"
ENCODER_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
LONGEST = 72
"""Tokens of a sentence that are read; 99.9% of the corpus is shorter."""
EPOCHS, BATCH, LEARNING_RATE, WARM_UP = 5, 128, 2e-4, 0.06
HIDDEN = 0.25
"""Share of the tokens that are hidden."""
JOINED, JOINED_LONGEST = 0.3, 60
"""Share of the sentences that are read with another one behind them, and carry the labels of both; and their tokens."""
KEPT = 0.8
"""How far the weights go from the encoder's own towards the fine-tuned ones: the corpus is not all there is to read
(Wortsman et al. 2022, "Robust fine-tuning of zero-shot models", arXiv:2109.01903)."""
_POOL = 40
"""Batches are cut from pools of so many, sorted by length, so that little is padded."""


class Encoder:
    """A sentence encoder with mean pooling.

    Parameters
    ----------
    folder : Path
        Folder of all-MiniLM-L6-v2 (Apache-2.0), with its model.safetensors.

    Attributes
    ----------
    fine_tuning : dict
        How it was fine-tuned: empty when it was not, or when nothing is known.

    Raises
    ------
    MissingExtraError
        Without the extra "train".
    ValueError
        When the encoder is not the one named here.
    """

    def __init__(self, folder: Path) -> None:
        try:
            from transformers import AutoModel, AutoTokenizer
        except ImportError:
            raise MissingExtraError("reading a sentence encoder", "train") from None
        digest = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
        if digest != ENCODER_SHA256:
            raise ValueError(f"{folder / 'model.safetensors'} is not {ENCODER}: SHA-256 {digest}")
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.model = AutoModel.from_pretrained(folder).train(False)
        self.fine_tuning: dict[str, Any] = {}

    def save(self, path: Path) -> None:
        """Write the weights to a safetensors file, so that a long run of `finetune` need not be repeated."""
        from safetensors.torch import save_file

        save_file(self.model.state_dict(), path, {"fine_tuning": json.dumps(self.fine_tuning)})

    def restore(self, path: Path) -> None:
        """Take over weights that `save` wrote."""
        from safetensors import safe_open

        with safe_open(path, "pt") as stored:
            self.model.load_state_dict({name: stored.get_tensor(name) for name in stored.keys()})  # noqa: SIM118
            self.fine_tuning = json.loads((stored.metadata() or {}).get("fine_tuning", "{}"))

    @property
    def whole_words(self) -> set[str]:
        """The whole words in the encoder's own vocabulary."""
        return {w for w in self.tokenizer.get_vocab() if len(w) > 1 and w.isascii() and w.isalpha()}

    def embed(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Mean-pooled states of some texts, shape (texts, 384)."""
        import torch

        numbered = self.tokens(texts)
        order = sorted(range(len(texts)), key=lambda i: len(numbered[i]))
        result = np.zeros((len(texts), self.model.config.hidden_size))
        with torch.inference_mode():
            for start in range(0, len(order), 256):
                places = order[start : start + 256]
                result[places] = self.pooled([numbered[i] for i in places]).double().numpy()
        return result

    def tokens(self, texts: Sequence[str]) -> list[list[int]]:
        """Token numbers of some texts."""
        numbered: list[list[int]] = self.tokenizer(list(texts), truncation=True, max_length=LONGEST)["input_ids"]
        return numbered

    def partly_hidden(self, row: Sequence[int], chance: random.Random) -> list[int]:
        """Some of the tokens of a sentence behind the mask; its first and last are marks and stay."""
        inner = [self.tokenizer.mask_token_id if chance.random() < HIDDEN else token for token in row[1:-1]]
        return [row[0], *inner, row[-1]]

    def pooled(self, numbered: Sequence[Sequence[int]]) -> "Tensor":
        """Mean-pooled states of one padded batch."""
        import torch

        width, device = max(map(len, numbered)), self.model.device
        ids = torch.tensor([[*row, *[0] * (width - len(row))] for row in numbered], device=device)
        mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in numbered], device=device)
        hidden = self.model(input_ids=ids, attention_mask=mask).last_hidden_state
        weights = mask[:, :, None].float()
        means: Tensor = (hidden * weights).sum(1) / weights.sum(1)
        return means


def finetune(encoder: Encoder, texts: Sequence[str], indicator: NDArray[Any], seed: int = 0) -> None:
    """Train an encoder, in place, to tell labels; on a graphics card where there is one.

    Parameters
    ----------
    encoder : Encoder
        What to train.
    texts : sequence of str
        Sentences.
    indicator : ndarray of float, shape (sentences, labels)
        Which labels each carries: 1, 0, or NaN where nobody has said.
    seed : int, default 0
        For the order of the sentences, the first weights, the hidden tokens, and what is joined to what. Threads make
        the sums of a CPU differ in the last bits.
    """
    import torch
    from torch import nn

    torch.manual_seed(seed)
    shuffler, numbered, told = random.Random(seed), encoder.tokens(texts), np.asarray(indicator, np.float32)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    encoder.model.to(device).get_input_embeddings().requires_grad_(False)
    head = nn.Sequential(nn.Dropout(0.1), nn.Linear(encoder.model.config.hidden_size, told.shape[1])).to(device)
    own = {name: weights.clone() for name, weights in encoder.model.state_dict().items()}
    learned = [p for p in (*encoder.model.parameters(), *head.parameters()) if p.requires_grad]
    groups = [
        {"params": [p for p in learned if p.ndim > 1], "weight_decay": 0.01},
        {"params": [p for p in learned if p.ndim <= 1], "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=LEARNING_RATE, fused=True)
    total = EPOCHS * ceil(len(texts) / BATCH)
    warm = WARM_UP * total
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warm, (total - step) / (total - warm))
    )
    encoder.model.train()
    head.train()
    for _ in range(EPOCHS):
        rows, labels = joined(numbered, told, shuffler)
        wanted = torch.tensor(labels, device=device)
        for places in _batches(rows, shuffler):
            gold, read = wanted[places], [encoder.partly_hidden(rows[i], shuffler) for i in places]
            with torch.autocast(device, dtype=torch.bfloat16):
                scores = head(encoder.pooled(read)).float()
            losses = nn.functional.binary_cross_entropy_with_logits(scores, gold.nan_to_num(), reduction="none")
            optimizer.zero_grad()
            torch.autograd.backward((losses * ~gold.isnan()).sum(1).mean())
            nn.utils.clip_grad_norm_(learned, 1.0)
            optimizer.step()
            schedule.step()
    tuned = encoder.model.state_dict()
    encoder.model.load_state_dict({name: torch.lerp(own[name].float(), tuned[name].float(), KEPT) for name in own})
    encoder.model.train(False).to("cpu")
    encoder.fine_tuning = {
        "seed": seed,
        "sentences": len(texts),
        "epochs": EPOCHS,
        "batch": BATCH,
        "learning_rate": LEARNING_RATE,
        "hidden": HIDDEN,
        "joined": JOINED,
        "kept": KEPT,
        "device": device,
    }


def joined(
    numbered: Sequence[list[int]], told: NDArray[np.float32], chance: random.Random
) -> tuple[list[list[int]], NDArray[np.float32]]:
    """Put another sentence behind some, where the two are not too long.

    Parameters
    ----------
    numbered : sequence of list of int
        Token numbers of sentences, each between two marks.
    told : ndarray of float32, shape (sentences, labels)
        What each carries: 1, 0, or NaN where nobody has said.
    chance : random.Random
        Draws which.

    Returns
    -------
    numbered, told
        The same of the sentences as they are now: two together carry what one of them carries, and nobody has said of
        a label that neither is known to carry and one of them may.
    """
    rows, labels = list(numbered), told.copy()
    for place, row in enumerate(numbered):
        other = chance.randrange(len(numbered))
        if chance.random() < JOINED and len(row) + len(numbered[other]) - 2 <= JOINED_LONGEST:
            rows[place] = [*row[:-1], *numbered[other][1:]]
            one, two = told[place], told[other]
            labels[place] = np.where(np.fmax(one, two) == 1, 1, one + two)
    return rows, labels


def _batches(numbered: Sequence[Sequence[int]], shuffler: random.Random) -> list[list[int]]:
    """Shuffled batches of sentences of about the same length."""
    order = list(range(len(numbered)))
    shuffler.shuffle(order)
    alike = [i for pool in _cut(order, BATCH * _POOL) for i in sorted(pool, key=lambda i: len(numbered[i]))]
    batches = _cut(alike, BATCH)
    shuffler.shuffle(batches)
    return batches


def _cut(places: list[int], size: int) -> list[list[int]]:
    return [places[start : start + size] for start in range(0, len(places), size)]
