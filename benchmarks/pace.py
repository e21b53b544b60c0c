"""Whether the loop keeps its pace while the voice is in trouble: pictures a second, beside those without any.

    python -m benchmarks.pace

One run after the other: an engine that hangs or is killed, a sound device that hangs, is busy or goes away, a cache
that cannot be written or is damaged. The camera is simulated, at 15 pictures a second.
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


def main() -> int:
    """Print the pace of each; 1 when one is slower than the limit."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    slowest = 1.0
    untroubled = 0.0
    for name, trouble in TROUBLES.items():
        with tempfile.TemporaryDirectory() as folder:
            out, _ = start(trouble, Path(folder), FPS).communicate()
        end = json.loads(out.splitlines()[-1])
        untroubled = untroubled or end["fps"]
        slowest = min(slowest, end["fps"] / untroubled)
        print(f"{name:<28}{end['fps']:6.1f} pictures a second   {end['fps'] / untroubled:6.1%} (limit {LIMIT:.0%})")
    return int(slowest < LIMIT)


if __name__ == "__main__":
    sys.exit(main())
