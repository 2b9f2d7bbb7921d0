"""Ratios of CPU time between pieces of work, measured in turns, so that a busy machine is busy for all of them."""

import time
from collections.abc import Callable, Iterable, Mapping
from statistics import median
from typing import TypeVar

T = TypeVar("T")


def seconds(work: Mapping[str, Callable[[T], object]], rounds: Iterable[T]) -> dict[str, float]:
    """CPU time of each piece of work: the median over what it is given each round, after the first to warm up."""
    times: dict[str, list[float]] = {name: [] for name in work}
    for given in rounds:
        for name, run in work.items():
            start = time.process_time()
            run(given)
            times[name].append(time.process_time() - start)
    return {name: median(found[1:]) for name, found in times.items()}
