"""Trains on several devices and in several processes, on one machine or on several: data parallelism.

Keras distributes over processes only on JAX; TensorFlow's MultiWorkerMirroredStrategy does not work with Keras 3
(github.com/keras-team/keras/issues/20585).
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass

from assistant.errors import ConfigError, DataError
from quantize.networks.keras_files import load_keras


@dataclass(frozen=True, slots=True)
class ProcessGroup:
    """This process among the processes that train together."""

    process: int = 0
    """The number of this process, counted from 0."""
    processes: int = 1
    coordinator: str = ""
    """HOST:PORT of process 0, where the other processes find it."""

    def __post_init__(self) -> None:
        if self.process >= self.processes:
            raise ConfigError(f"--process: {self.process} is not below the number of processes, {self.processes}")
        host, _, port = self.coordinator.rpartition(":")
        if self.processes > 1 and not (host and port.isdecimal()):
            raise ConfigError("--coordinator: HOST:PORT of process 0 is needed, the same for every process")

    def join(self) -> int:
        """Connect to the other processes, before Keras is used for anything else; return the number of all devices.

        Processes that cannot be reached, and a missing JAX, raise DataError.
        """
        if self.processes > 1 and importlib.util.find_spec("jax") is None:
            raise DataError("jax is not installed; install the extra 'jax'")
        keras = load_keras("jax" if self.processes > 1 else None)
        if keras.backend.backend() != "jax":
            return 1
        if self.processes > 1:
            try:
                keras.distribution.initialize(self.coordinator, self.processes, self.process)
            except RuntimeError as error:
                reason = str(error).splitlines()[0]
                raise DataError(f"{self.coordinator}: the other processes cannot be reached: {reason}") from error
        devices = len(keras.distribution.list_devices())
        if devices > 1:
            # The batches come already divided among the processes.
            keras.distribution.set_distribution(keras.distribution.DataParallel(auto_shard_dataset=False))
        return devices
