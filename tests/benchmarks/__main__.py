"""Print the table of speeds: ``python -m tests.benchmarks [sentences]``."""

import sys

from .measuring import seconds
from .work import batches, new_texts, same_texts, singles
from .writing import sentences

PEERS = ("spaCy", "spaCy, sentencizing", "VADER")
ROUNDS = 7

if __name__ == "__main__":
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    print(
        "| speed, as a multiple of that of | spaCy tokenising | and sentencizing | VADER |\n| --- | --- | --- | --- |"
    )
    for told, texts in (("text never met", new_texts), ("text that spaCy has met", same_texts)):
        measured = seconds(batches(), texts(number, ROUNDS))
        for name in ("score_frame", "pipe"):
            ratios = " | ".join(f"{measured[peer] / measured[name]:.2f}" for peer in PEERS)
            print(f"| `{name}`, {told} | {ratios} |")
    one = seconds(singles(), sentences(1000))
    taken, ratio = one["analyze"] * 1000, one["analyze"] / one["VADER"]
    print(
        f"\nHalf of single sentences take at most {taken:.2f} ms of processor time, {ratio:.0f} times what VADER takes."
    )
