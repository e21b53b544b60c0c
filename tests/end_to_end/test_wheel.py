"""The built wheel, with no checkout beside it."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Built from a copy of the tree, without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    listing = ["git", "ls-files", "-co", "--exclude-standard"]
    tracked = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=False)
    if tracked.returncode:
        pytest.skip("this is no git checkout")
    for name in tracked.stdout.splitlines():
        if not name.startswith("tests/") and (ROOT / name).is_file():
            target = folder / "tree" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((ROOT / name).read_bytes())
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, folder / "tree"]
    subprocess.run(command, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_has_the_model_once_and_no_tests(wheel):
    """As package data of `assistant`."""
    names = zipfile.ZipFile(wheel).namelist()
    assert [name for name in names if name.endswith(".tflite")] == ["assistant/models/emotion-int8.tflite"]
    assert "assistant/models/emotion-int8.json" in names
    assert "assistant/phrases/en.toml" in names
    assert not [name for name in names if name.startswith(("tests", "benchmarks", "models"))]


def test_the_installed_wheel_runs_from_anywhere(wheel, tmp_path):
    """The same command, with its own model."""
    site = tmp_path / "site"
    install = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target", site, wheel]
    subprocess.run(install, check=True)
    environment = os.environ | {"PYTHONPATH": str(site)}
    where = [sys.executable, "-c", "from assistant.shipped import shipped_model; print(shipped_model())"]
    found = subprocess.run(where, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == str(site / "assistant" / "models" / "emotion-int8.tflite")
    command = [site / "bin" / "assistant", "run", "--camera", "simulated:happy 3", "--fast", "--voice", "print"]
    ran = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert "says: looks happy" in ran.stdout
