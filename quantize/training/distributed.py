"""Trainings by several processes, on one machine or on several, and on several devices: data parallelism.

Keras distributes over processes on JAX alone; TensorFlow's MultiWorkerMirroredStrategy does not go with Keras 3
(github.com/keras-team/keras/issues/20585).
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass

from assistant.errors import ConfigError, DataError
from quantize.networks.keras_files import load_keras


@dataclass(frozen=True, slots=True)
class ProcessGroup:
    """This process among those that train together."""

    process: int = 0
    processes: int = 1
    coordinator: str = ""
    """HOST:PORT of the first of them, where the others find it."""

    def __post_init__(self) -> None:
        if self.process >= self.processes:
            raise ConfigError(f"--process: {self.process} is not below the number of processes, {self.processes}")
        host, _, port = self.coordinator.rpartition(":")
        if self.processes > 1 and not (host and port.isdecimal()):
            raise ConfigError("--coordinator: HOST:PORT of process 0 is needed, the same for every process")

    def join(self) -> int:
        """Meet the others, before Keras is used otherwise; returns how many devices there are in all."""
        if self.processes > 1 and importlib.util.find_spec("jax") is None:
            raise DataError("jax is not installed; install the extra 'jax'")
        keras = load_keras("jax" if self.processes > 1 else None)
        if keras.backend.backend() != "jax":
            return 1
        if self.processes > 1:
            try:
                keras.distribution.initialize(self.coordinator, self.processes, self.process)
            except RuntimeError as error:
                raise DataError(f"{self.coordinator}: the others were not met: {str(error).splitlines()[0]}") from error
        devices = len(keras.distribution.list_devices())
        if devices > 1:
            # The batches come already divided among the processes.
            keras.distribution.set_distribution(keras.distribution.DataParallel(auto_shard_dataset=False))
        return devices
