"""Tests of Keras files that are damaged."""

import json
import zipfile
from pathlib import Path

import pytest

from assistant.errors import DataError

MODELS = Path(__file__).parents[3] / "models"


def test_a_keras_file_with_a_wrong_byte_is_one_line(tmp_path):
    """A file that is damaged or cut off is refused in one line, without the many lines of Keras."""
    pytest.importorskip("tensorflow")
    from quantize.networks.keras_files import load

    model = tmp_path / "model.keras"
    whole = (MODELS / "emotion.keras").read_bytes()
    wrong = bytearray(whole)
    wrong[len(whole) // 2] ^= 1
    with zipfile.ZipFile(MODELS / "emotion.keras") as parts:
        config = json.loads(parts.read("config.json"))
        texts = (bytes(wrong), whole[: len(whole) // 2], b"", rebuilt(parts, tmp_path, "5"))
        texts += (rebuilt(parts, tmp_path, json.dumps(config | {"config": 5})), rebuilt(parts, tmp_path, "[" * 9000))
    for content in texts:
        model.write_bytes(content)
        with pytest.raises(DataError, match=r"model\.keras: is not a Keras model: it is ") as refused:
            load(model)
        assert len(str(refused.value).splitlines()) == 1
        assert "object" not in str(refused.value)


def rebuilt(parts, folder, config):
    """Return the content of the .keras file with another configuration."""
    path = folder / "rebuilt.keras"
    with zipfile.ZipFile(path, "w") as target:
        for name in parts.namelist():
            target.writestr(name, config if name == "config.json" else parts.read(name))
    return path.read_bytes()
