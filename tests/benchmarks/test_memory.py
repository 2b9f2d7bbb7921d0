import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="resident memory is read from /proc, as Linux has it")
def test_memory_stays_flat_over_words_never_met():
    command = [sys.executable, "-m", "tests.benchmarks.memory", "100000"]
    run = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)
    assert float(run.stdout) < 10
