"""Ratios of CPU time between pieces of work, measured in turns, so that a busy machine is busy for all of them."""

import time
from collections.abc import Callable, Mapping
from statistics import median


def seconds(work: Mapping[str, Callable[[], object]], rounds: int = 7) -> dict[str, float]:
    """CPU time of each piece of work: the median of so many rounds, after one to warm up."""
    times: dict[str, list[float]] = {name: [] for name in work}
    for turn in range(rounds + 1):
        for name, run in work.items():
            start = time.process_time()
            run()
            if turn:
                times[name].append(time.process_time() - start)
    return {name: median(found) for name, found in times.items()}
