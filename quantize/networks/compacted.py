"""Makes .tflite files smaller, without a change of what they compute.

A file of the converter has the names of all tensors, which nothing reads. And for each channel of each weight it has a
zero point of eight bytes, all of them 0: a seventh of the emotion network's file.
"""

from __future__ import annotations

from typing import Any

import flatbuffers
from ai_edge_litert.tools import flatbuffer_utils

ALIGNMENT = 16
"""The schema of .tflite files (`force_align`) asks for this alignment of weights, in bytes."""


class _SharingBuilder(flatbuffers.Builder):  # type: ignore[misc]
    """Stores equal vectors once; all tables that have such a vector point to the same place."""

    def __init__(self) -> None:
        super().__init__(1024)
        self._stored: dict[tuple[str, bytes], int] = {}

    def CreateNumpyVector(self, x: Any) -> int:  # noqa: N802 - the library's name
        """Store a vector, unless an equal one is stored; return its place."""
        key = (x.dtype.str, x.tobytes())
        if key not in self._stored:
            self.Prep(ALIGNMENT, x.nbytes)
            self._stored[key] = int(super().CreateNumpyVector(x))
        return self._stored[key]


def compacted(content: bytes) -> bytes:
    """Return a .tflite file without the names of its tensors, and with equal numbers stored once.

    The names of its outputs stay.
    """
    model = flatbuffer_utils.convert_bytearray_to_object(bytearray(content))
    for graph in model.subgraphs:
        for tensor in graph.tensors:
            tensor.name = None
    builder = _SharingBuilder()
    builder.Finish(model.Pack(builder), file_identifier=b"TFL3")
    return bytes(builder.Output())
