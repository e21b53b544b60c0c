"""Runs another program's worker in the environment of this program, and reads its result."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

WORKERS = Path(__file__).parent.parent / "peer_workers"

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"), "1")
"""These limit the threads of NumPy and TensorFlow; the processor on which all run limits the others."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A program with which this one is compared."""

    folder: str
    """The folder of its environment."""
    title: str
    """Its name and version in the table."""
    worker: str
    """The file of its worker: in Python, or otherwise for node."""


PEERS = (
    Peer("fer", "fer 25.10.3", "fer_peer.py"),
    Peer("mini_xception", "mini-Xception", "mini_xception_peer.py"),
    Peer("deepface", "DeepFace 0.0.103", "deepface_peer.py"),
    Peer("human", "human 3.3.6", "human_peer.cjs"),
)


@dataclass(frozen=True, slots=True)
class PeerResult:
    """What was measured of a program."""

    cpu_ms_per_frame: float
    frames_with_face: int
    named: Sequence[str | None] = ()
    """The emotion of each photograph, None where no face was found."""
    cpu_ms_per_photograph: float | None = None
    missing: str | None = None
    """What its network lacks, so that this is its search for faces alone."""


def measured_peer(peer: Peer, environments: Path, pictures: Path, runs: int) -> PeerResult | str:
    """Run a worker on the pictures in a folder; return its result, or a sentence that says why there is none."""
    environment = environments / peer.folder
    interpreter = shutil.which(environment / "bin" / "python" if peer.worker.endswith(".py") else "node")
    if not environment.is_dir() or interpreter is None:
        return f"not installed: script/setup-peers makes {environment}"
    result = pictures / "result.json"
    result.unlink(missing_ok=True)
    variables = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    ended = subprocess.run(
        [interpreter, WORKERS / peer.worker, pictures, str(runs)],
        cwd=environment,
        env={**variables, **ONE_THREAD, "TF_CPP_MIN_LOG_LEVEL": "3", "DEEPFACE_HOME": str(environment)},
        capture_output=True,
        text=True,
        check=False,
    )
    if not result.exists():
        last = ended.stderr.strip().splitlines()[-1:] or ["it wrote nothing"]
        return f"failed with exit code {ended.returncode}: {last[0]}"
    measured = json.loads(result.read_text(encoding="utf-8"))
    if "error" in measured:
        return f"failed: {measured['error']}"
    return PeerResult(**measured)
