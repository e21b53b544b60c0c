"""Keras and the library below it, without the lines that the latter writes when it is loaded."""

from __future__ import annotations

import os
from typing import Any

from assistant.networks.interpreter import standard_error_silenced


def load_keras(backend: str | None = None) -> Any:
    """Keras on this backend; by default on the one that KERAS_BACKEND names, or else on TensorFlow."""
    if backend is not None:
        os.environ["KERAS_BACKEND"] = backend
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    with standard_error_silenced():
        import keras
    return keras
