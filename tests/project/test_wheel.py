"""The built wheel, without the checkout beside it."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Build the wheel from a copy of the tree, without a network."""
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


def test_the_wheel_has_each_network_once_and_no_tests(wheel):
    """The networks are package data of `assistant`, each of them once."""
    names = zipfile.ZipFile(wheel).namelist()
    networks = ["assistant/models/emotion-int8", "assistant/models/face-int8"]
    assert sorted(name for name in names if name.endswith(".tflite")) == [f"{name}.tflite" for name in networks]
    assert {f"{name}.json" for name in networks} <= set(names)
    assert "assistant/speech/phrases/en.toml" in names
    assert not [name for name in names if name.startswith(("tests", "benchmarks", "models"))]


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Return the folder in which the wheel is installed."""
    folder = tmp_path_factory.mktemp("installed") / "site"
    install = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target", folder, wheel]
    subprocess.run(install, check=True)
    return folder


@pytest.fixture
def site(installed, tmp_path):
    """Return a copy of that folder, which a test may damage."""
    return shutil.copytree(installed, tmp_path / "site")


def test_the_installed_wheel_runs_from_anywhere(site, tmp_path):
    """The command runs from another folder, with the model of the wheel."""
    environment = os.environ | {"PYTHONPATH": str(site)}
    where = [sys.executable, "-c", "from assistant.networks.shipped import shipped_model; print(shipped_model())"]
    found = subprocess.run(where, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == str(site / "assistant" / "models" / "emotion-int8.tflite")
    command = [site / "bin" / "assistant", "run", "--camera", "simulated:happy 3", "--fast", "--voice", "print"]
    ran = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert "says: looks happy" in ran.stdout


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda finder: finder.unlink(), "face-int8.tflite: there is no such model file"),
        (lambda finder: finder.write_bytes(b"x"), "face-int8.tflite: the model is not the file that its card names"),
    ],
)
def test_a_finder_that_is_not_whole_is_named(site, tmp_path, damage, words):
    """The error is one line; `run` ends with 2, so that the service does not try again."""
    damage(site / "assistant" / "models" / "face-int8.tflite")
    environment = os.environ | {"PYTHONPATH": str(site)}
    for command, code in (("run --camera simulated --fast --voice print", 2), ("look any.jpg", 1)):
        line = [site / "bin" / "assistant", *command.split()]
        ran = subprocess.run(line, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert (ran.returncode, len(ran.stderr.splitlines())) == (code, 1)
        assert f"{site / 'assistant' / 'models'}/{words}" in ran.stderr


def test_it_finds_the_wheel_it_was_installed_from(wheel, site, tmp_path):
    """`assistant install` installs that file again; when the file is gone, one line asks for it."""
    environment = os.environ | {"PYTHONPATH": str(site)}
    ask = [sys.executable, "-c", "from assistant.cli.install import origin_wheel; print(origin_wheel())"]
    found = subprocess.run(ask, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == str(wheel)
    (origin,) = site.glob("*.dist-info/direct_url.json")
    origin.write_text(origin.read_text(encoding="utf-8").replace(".whl", "-gone.whl"), encoding="utf-8")
    command = [site / "bin" / "assistant", "install"]
    ended = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.endswith("give --wheel FILE\n")
    assert ended.stderr.count("\n") == 1
