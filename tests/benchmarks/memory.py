"""How much memory reading sentences of words never met takes: ``python -m tests.benchmarks.memory 500000``."""

import random
import sys

import pandas as pd

import innercritic as ic

from .writing import rare_word

CHUNK = 5000


def resident() -> float:
    """Memory this process holds now, in megabytes (Linux)."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * 4096 / 1e6


def growth(number: int) -> float:
    """Megabytes gained by reading the second half of so many sentences; what is kept on purpose fills in the first."""
    draw = random.Random(0)
    start = 0.0
    for done in range(0, number, CHUNK):
        if done == number // 2 // CHUNK * CHUNK:
            start = resident()
        texts = [f"I am {rare_word(draw)}{done + i} and {rare_word(draw)}x{i}, honestly." for i in range(CHUNK)]
        ic.score_frame(pd.DataFrame({"text": texts}))
    return resident() - start


if __name__ == "__main__":
    print(f"{growth(int(sys.argv[1])):.1f}")
