"""How much memory the parts take that the headset cannot do without, before a line of its own is loaded.

    python benchmarks/memory_floor.py

One process loads Python, NumPy, OpenCV, the interpreter, both networks and the cascade, one after the other; networks
and cascade run once. After each, its resident memory is printed (VmRSS), and how much of it is its own (RssAnon); the
rest are pages of files, which the system may take away and read again. At last it imports all modules of the headset.
There is no limit: `benchmarks/pipeline.py` limits the memory of the whole program.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

MODELS = Path(__file__).parent.parent / "models"


def report(what: str) -> None:
    """Print the resident memory of this process."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    known = {name: int(size) / 1024 for name, size in re.findall(r"(VmRSS|RssAnon):\s+(\d+)", status)}
    print(f"{what:36} {known['VmRSS']:6.1f} MB, of its own {known['RssAnon']:6.1f} MB", flush=True)


def ran(interpreter_class: Any, model: Path) -> Any:
    """Return an interpreter on one thread that has run a network once."""
    interpreter = interpreter_class(model_path=str(model), num_threads=1)
    interpreter.allocate_tensors()
    interpreter.invoke()
    return interpreter


def main() -> int:
    """Print the figures."""
    if len(sys.argv) > 1:
        print(__doc__)
        return 0 if sys.argv[1] in ("-h", "--help") else 2
    report("Python")
    import numpy as np

    report("with NumPy")
    import cv2

    cv2.setNumThreads(1)
    report("with OpenCV")
    from ai_edge_litert.interpreter import Interpreter

    report("with the interpreter")
    networks = [ran(Interpreter, MODELS / f"{name}-int8.tflite") for name in ("emotion", "face")]
    report(f"with {len(networks)} networks, each run once")
    cascade = cv2.CascadeClassifier(str(Path(cv2.__file__).parent / "data" / "haarcascade_frontalface_default.xml"))
    cascade.detectMultiScale(np.random.default_rng(1).integers(0, 256, (240, 320), np.uint8))
    report("with the cascade, run once")
    import assistant.app.build  # noqa: F401 - it imports what the headset needs to run

    report("with the modules of the headset")
    return 0


if __name__ == "__main__":
    sys.exit(main())
