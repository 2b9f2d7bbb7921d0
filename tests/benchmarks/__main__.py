"""Print the table of speeds: ``python -m tests.benchmarks [sentences]``."""

import sys

from .measuring import seconds
from .work import batches
from .writing import sentences

if __name__ == "__main__":
    measured = seconds(batches(sentences(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)))
    print("| | of spaCy tokenising and sentencizing | of VADER |\n| --- | --- | --- |")
    for name in ("score_frame", "pipe"):
        ratios = (measured[peer] / measured[name] for peer in ("spaCy", "VADER"))
        print(f"| `{name}` | " + " | ".join(f"{ratio:.2f}" for ratio in ratios) + " |")
