"""How many pictures a second the loop takes while the voice is in trouble, compared with a run without trouble.

    python -m benchmarks.pace

The runs come one after another: an engine that hangs or is killed; a sound device that hangs, is busy or goes away; a
cache that cannot be written or is damaged. The camera is simulated, at 15 pictures a second.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from tests.fakes.troubles import TROUBLES, start

FPS = 15.0
LIMIT = 0.95
"""The least share of the pictures a second of the run without trouble."""


def main() -> int:
    """Print the pictures a second of each run; return 1 when a run is slower than the limit."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    slowest = 1.0
    untroubled = 0.0
    for name, trouble in TROUBLES.items():
        with tempfile.TemporaryDirectory() as folder:
            out, _ = start(trouble, Path(folder), FPS).communicate()
        end = json.loads(out.splitlines()[-1])
        untroubled = untroubled or end["fps"]
        slowest = min(slowest, end["fps"] / untroubled)
        share = f"{end['fps'] / untroubled:6.1%} (limit: at least {LIMIT:.0%})"
        print(f"{name:<28}{end['fps']:6.1f} pictures a second   {share}")
    return int(slowest < LIMIT)


if __name__ == "__main__":
    sys.exit(main())
