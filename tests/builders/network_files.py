"""Copies of a shipped network and its card, which a test may damage."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

from assistant.networks.cards import card_path


def copied(model: Path, folder: Path) -> Path:
    """Copy a network and its card into a folder; return the copy."""
    copy = folder / model.name
    shutil.copy(model, copy)
    shutil.copy(card_path(model), card_path(copy))
    return copy


def edit(model: Path, **entries: Any) -> None:
    """Change entries of a network's card."""
    card = json.loads(card_path(model).read_text())
    card_path(model).write_text(json.dumps(card | entries))


def no_network(model: Path) -> None:
    """Replace a network by other bytes, and make its card fit them."""
    model.write_bytes(b"no model at all")
    edit(model, sha256=hashlib.sha256(model.read_bytes()).hexdigest())
