"""One process against two, and what a worker takes: ``python -m tests.benchmarks.job [sentences]`` prints the table."""

import os
import re
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from innercritic.transcripts import analyze

from .writing import sentences

A_SESSION = 100
"""Client sentences of a session, about what an hour of counselling has."""

ROUNDS = 3


def write_sessions(folder: Path, number: int) -> None:
    """Write so many sentences as sessions: client and therapist in turns."""
    said = sentences(number)
    for place in range(0, number, A_SESSION):
        lines = (f"P: {text}\nT: Go on.\n" for text in said[place : place + A_SESSION])
        (folder / f"{place:07d}.txt").write_text("".join(lines), "utf-8")


def own_memory(process: int) -> float:
    """Megabytes of a process that it shares with no other (Linux)."""
    rollup = Path(f"/proc/{process}/smaps_rollup").read_text("ascii")
    return sum(map(int, re.findall(r"^Private_\w+:\s+(\d+) kB", rollup, re.M))) / 1024


def workers() -> list[int]:
    """The loky workers of this process."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            parent = int(re.search(r"^PPid:\s+(\d+)", (path / "status").read_text(), re.M)[1])
            if parent == os.getpid() and b"LokyProcess" in (path / "cmdline").read_bytes():
                found.append(int(path.name))
        except (OSError, TypeError):
            continue
    return found


def processor_time(process: int) -> float:
    """Seconds of processor time a process took so far (Linux)."""
    fields = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(number: int) -> dict[str, float]:
    """Seconds with one process and with two, in turns and warm, and the largest worker in megabytes.

    `two` is what two cores that do nothing else would take: as long as the busiest process, and half of what all take.
    """
    wall: dict[int, list[float]] = {1: [], 2: []}
    busy: dict[int, list[float]] = {1: [], 2: []}
    memory = [0.0]
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home, "sessions")
        folder.mkdir()
        write_sessions(folder, number)
        for turn in range(ROUNDS + 1):
            for processes in wall:
                all_ = [os.getpid(), *(workers() if turn else [])]
                before, start = [processor_time(one) for one in all_], time.perf_counter()
                analyze(folder, Path(home, f"{processes}.parquet"), n_jobs=processes, resume=False, on_pii="ignore")
                took = [processor_time(one) - earlier for one, earlier in zip(all_, before, strict=True)]
                if turn:  # the first starts the processes
                    wall[processes].append(time.perf_counter() - start)
                    busy[processes].append(max(max(took), sum(took) / processes))
                    memory.extend(map(own_memory, workers()))
    return {
        "one": median(busy[1]),
        "two": median(busy[2]),
        "wall": median(one / two for one, two in zip(wall[1], wall[2], strict=True)),
        "worker": max(memory),
    }


if __name__ == "__main__":
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    measured = measure(number)
    rate = number / measured["one"]
    print("| a job, from files to Parquet | |\n| --- | --- |")
    print(f"| sentences a second of processor time, one process | {rate:,.0f} |")
    print(f"| two processes, of one, by processor time | {measured['one'] / measured['two']:.2f} |")
    print(f"| the same by the clock | {measured['wall']:.2f} |")
    print(f"| memory of a worker | {measured['worker']:.0f} MB |")
    hours = 1_000_000 * A_SESSION / rate / 3600
    print(f"| a million sessions of {A_SESSION} client sentences, extrapolated | {hours:.1f} core hours |")
