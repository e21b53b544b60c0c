"""Fixtures for the tests of training, conversion and evaluation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from quantize.cli import main
from tests.builders.datasets import write_fer2013
from tests.running.commands import Ran


@pytest.fixture
def run(capsys) -> Callable[..., Ran]:
    """The command `quantize`, run in this process; what was printed before it does not count."""

    def run_here(*arguments: object) -> Ran:
        capsys.readouterr()
        code = main([str(each) for each in arguments])
        printed = capsys.readouterr()
        return Ran(code, printed.out, printed.err)

    return run_here


@pytest.fixture(scope="module")
def uncompiled() -> Iterator[None]:
    """TensorFlow runs each step of a training as it is written: to compile it takes longer than these few steps."""
    config = pytest.importorskip("tensorflow").config
    config.run_functions_eagerly(True)
    yield
    config.run_functions_eagerly(False)


@pytest.fixture(scope="session")
def table(tmp_path_factory) -> Path:
    """fer2013.csv with 98 drawn pictures, of which every seventh of each emotion is PublicTest."""
    return write_fer2013(tmp_path_factory.mktemp("data") / "fer2013.csv")
