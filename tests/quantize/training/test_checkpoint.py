"""Tests of checkpoints that are damaged."""

import pytest

from assistant.errors import DataError
from quantize.training.checkpoint import Checkpoint


def test_a_checkpoint_that_is_damaged_is_named(tmp_path):
    """A checkpoint with a damaged log or damaged facts is refused, and the message names the file."""
    facts = {"recipe": {"seed": 1}}
    checkpoint = Checkpoint.beside(tmp_path / "model.keras")
    checkpoint.begin(facts)
    checkpoint.log.write_text("epoch,accuracy,loss,val_accuracy,val_loss\n0,0.5,1,0.5,1\n")
    checkpoint.check_resumable(facts)
    checkpoint.log.write_text("epoch,accuracy,loss,val_accuracy,val_loss\n0,0.5,1,0.5\n")
    with pytest.raises(DataError, match=r"log\.csv: a loss or an accuracy is missing or damaged"):
        checkpoint.check_resumable(facts)
    checkpoint.log.write_text("epoch,accuracy\n0,x\n")
    with pytest.raises(DataError, match=r"log\.csv: epoch 1 is damaged"):
        checkpoint.accuracies()
    (checkpoint.folder / "facts.json").write_text("5")
    with pytest.raises(DataError, match=r"facts\.json: "):
        checkpoint.check_resumable(facts)
