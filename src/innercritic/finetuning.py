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
SEEDS = tuple(range(6))
"""A run each; their weights are averaged (Wortsman et al. 2022, Model soups)."""
HIDDEN = 0.25
"""Share of the tokens that are hidden."""
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


def finetune(encoder: Encoder, texts: Sequence[str], indicator: NDArray[Any], seeds: Sequence[int] = SEEDS) -> None:
    """Train an encoder, in place, to tell labels; on a graphics card where there is one.

    It is trained once a seed, always from the same start, and its weights become the mean of all runs.

    Parameters
    ----------
    encoder : Encoder
        What to train.
    texts : sequence of str
        Sentences.
    indicator : ndarray of float, shape (sentences, labels)
        Which labels each carries: 1, 0, or NaN where nobody has said.
    seeds : sequence of int
        For the order of the sentences, the first weights and the hidden tokens of each run. Threads make the sums of a
        CPU differ in the last bits, and a card has its own.
    """
    import torch

    device = "cuda" if torch.cuda.is_available() else "cpu"
    start = {name: weights.clone() for name, weights in encoder.model.state_dict().items()}
    mean = [torch.zeros_like(weights) for weights in encoder.model.parameters()]
    for seed in seeds:
        encoder.model.load_state_dict(start)
        _run(encoder, texts, indicator, seed, device)
        for total, weights in zip(mean, encoder.model.parameters(), strict=True):
            total.add_(weights.detach(), alpha=1 / len(seeds))
    with torch.no_grad():
        for weights, total in zip(encoder.model.parameters(), mean, strict=True):
            weights.copy_(total)
    encoder.fine_tuning = {
        "seeds": list(seeds),
        "sentences": len(texts),
        "epochs": EPOCHS,
        "batch": BATCH,
        "learning_rate": LEARNING_RATE,
        "hidden": HIDDEN,
        "device": device,
    }


def _run(encoder: Encoder, texts: Sequence[str], indicator: NDArray[Any], seed: int, device: str) -> None:
    """One run of the training."""
    import torch
    from torch import nn

    torch.manual_seed(seed)
    shuffler, numbered = random.Random(seed), encoder.tokens(texts)
    wanted = torch.tensor(np.asarray(indicator, np.float32), device=device)
    encoder.model.to(device).get_input_embeddings().requires_grad_(False)
    head = nn.Sequential(nn.Dropout(0.1), nn.Linear(encoder.model.config.hidden_size, wanted.shape[1])).to(device)
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
        for places in _batches(numbered, shuffler):
            gold, read = wanted[places], [encoder.partly_hidden(numbered[i], shuffler) for i in places]
            with torch.autocast(device, dtype=torch.bfloat16):
                scores = head(encoder.pooled(read)).float()
            losses = nn.functional.binary_cross_entropy_with_logits(scores, gold.nan_to_num(), reduction="none")
            optimizer.zero_grad()
            torch.autograd.backward((losses * ~gold.isnan()).sum(1).mean())
            nn.utils.clip_grad_norm_(learned, 1.0)
            optimizer.step()
            schedule.step()
    encoder.model.train(False).to("cpu")


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
