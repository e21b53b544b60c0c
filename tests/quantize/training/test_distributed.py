"""Tests of a training in two processes, which must give the result of a training in one process."""

import csv
import os
import socket
import subprocess
import sys

import pytest

from tests.builders.datasets import write_fer2013

pytest.importorskip("jax")
pytest.importorskip("keras")

QUICKLY_COMPILED = "--xla_backend_optimization_level=0"
"""To optimise the few steps of these trainings takes longer than the steps."""


@pytest.fixture
def free_port():
    """Yield a port that no program uses; the kernel gives it to none but those that share it, as the trainings do."""
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def started(data, out, *more):
    """Start a training on JAX, without random changes of the pictures."""
    still = ("--flip", "0", "--turn-deg", "0", "--scale", "0", "--shift", "0", "--brightness", "0", "--erase", "0")
    command = ("train", "--data", data, "--out", out, "--architecture", "simple", "--epochs", "1")
    return subprocess.Popen(
        [sys.executable, "-m", "quantize", *map(str, command), "--batch-size", "30", *still, *map(str, more)],
        env=os.environ | {"KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu", "XLA_FLAGS": QUICKLY_COMPILED},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def log_of(model):
    """Return the loss of each epoch."""
    with model.with_suffix(".log.csv").open(newline="") as file:
        return [float(row["loss"]) for row in csv.DictReader(file)]


def test_two_processes_train_as_one(tmp_path, free_port):
    """Two processes have nearly the loss of one; the first process writes the model, the second one leaves nothing."""
    data = write_fer2013(tmp_path / "fer2013.csv", per_emotion=21)
    alone, together = tmp_path / "alone.keras", tmp_path / "together.keras"
    where = f"127.0.0.1:{free_port}"
    trainings = [
        started(data, alone),
        *(started(data, together, "--processes", 2, "--process", who, "--coordinator", where) for who in range(2)),
    ]
    for training in trainings:
        error = training.communicate(timeout=300)[1]
        assert training.returncode == 0, error
    assert log_of(together) == pytest.approx(log_of(alone), rel=0.02)
    assert not list(tmp_path.glob("*checkpoint*"))
