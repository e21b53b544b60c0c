"""What root runs takes no module, program or setting from the folder in which it is called."""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = (
    *("configparser", "ensurepip", "http", "json", "pip", "pkgutil", "setuptools", "shutil", "sitecustomize", "socket"),
    *("ssl", "subprocess", "tempfile", "urllib", "venv", "zipfile"),
)
PROGRAMS = (
    *("apt-get", "bash", "basename", "cat", "cp", "date", "df", "dirname", "dpkg", "dpkg-query", "env", "flock", "id"),
    *("mkdir", "mktemp", "python3", "readlink", "realpath", "rm", "sed", "systemctl", "tail"),
)
NOBODY = 65534


@pytest.fixture
def hostile():
    """Yield a folder that anybody may enter, full of modules and programs that leave a mark when they are run."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        trap, marks = folder / "trap", folder / "marks"
        for each in (trap, marks):
            each.mkdir()
        marks.chmod(0o777)
        for module in MODULES:
            (trap / f"{module}.py").write_text(f"open({str(marks / module)!r}, 'w').close()\n", encoding="utf-8")
        for program in PROGRAMS:
            (trap / program).write_text(f"#!/bin/sh\n: >{marks / program}\n", encoding="utf-8")
            (trap / program).chmod(0o755)
        shutil.copytree(ROOT / "systemd", folder / "systemd")
        (folder / "locked").mkdir()
        for each in (ROOT / "locked").glob("raspberry*"):
            shutil.copy(each, folder / "locked")
        yield trap


def marks(hostile):
    """Return what was run although it must not be."""
    return sorted(path.name for path in (hostile.parent / "marks").iterdir())


def called_in(hostile, *command, path="/usr/bin:/bin", user=None, **variables):
    """Run a command in the folder, which is also first on the PATH and among Python's folders of modules."""
    environment = {"PATH": path, "HOME": "/nonexistent", "PYTHONPATH": ".", **variables}
    options = {} if user is None else {"user": user, "group": user, "extra_groups": []}
    return subprocess.run(
        [str(part) for part in command],
        cwd=hostile,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        **options,
    )


def test_the_trap_works(hostile):
    """A program and a module of the folder leave a mark when they are run, so that the tests below can fail."""
    called_in(hostile, "/bin/sh", "-c", "PATH=.; dirname x")
    called_in(hostile, "/usr/bin/python3", "-c", "import urllib")
    assert marks(hostile) == ["dirname", "sitecustomize", "urllib"]


@pytest.mark.parametrize(
    ("script", "words"),
    [("install.sh", "Only root may install"), ("uninstall.sh", "Only root may uninstall")],
)
def test_the_installers(hostile, script, words):
    """The installers are called by a person who is not root, since as root they would do their work."""
    user = NOBODY if os.geteuid() == 0 else None
    ended = called_in(hostile, hostile.parent / "systemd" / script, path=".:/usr/bin:/bin", user=user, TMPDIR=".")
    assert words in ended.stdout, ended.stderr
    assert marks(hostile) == []


FUNCTIONS = """
set -u
. {scripts}/steps.sh
. {scripts}/checks.sh
. {scripts}/release.sh
here={scripts} folder={folder} wheels={folder} wheel= release={folder}/releases/1
check_python
{function}
"""


@pytest.mark.parametrize(
    ("function", "words"),
    [
        ("list_for_python", "raspberry-pi-os-1"),
        # A proxy that is not there: no network is reached.
        ("https_proxy=http://127.0.0.1:9 check_network || echo $reason", ""),
        # Nothing but the list is looked for in the empty folder.
        (
            "make_environment; install_program; echo ended with $?",
            "No matching distribution found for ai-edge-litert==",
        ),
    ],
)
def test_what_the_installer_does_with_python(hostile, tmp_path, function, words):
    """The steps of the installer run in the folder itself, which the installer leaves first."""
    script = FUNCTIONS.format(scripts=hostile.parent / "systemd", folder=tmp_path, function=function)
    ended = called_in(hostile, "/bin/bash", "-c", script, TMPDIR=str(tmp_path))
    assert words in ended.stdout + ended.stderr, ended.stderr
    assert marks(hostile) == []


def test_the_last_words(hostile):
    """The service's user says the last words after two starts that failed."""
    state, run, fakes = (hostile.parent / name for name in ("state", "run", "fakes"))
    for each in (state, run, fakes):
        each.mkdir()
    for program in ("espeak-ng", "aplay"):
        (fakes / program).write_text(f'#!/bin/sh\necho "{program} $*" >>{fakes}/called\n', encoding="utf-8")
        (fakes / program).chmod(0o755)
    shutil.copy("/usr/bin/true", run / "failed")
    command = (hostile.parent / "systemd" / "last-words", "ended")
    folders = {"RUNTIME_DIRECTORY": str(run), "STATE_DIRECTORY": str(state), "CONFIGURATION_DIRECTORY": str(state)}
    result = {"SERVICE_RESULT": "exit-code", "EXIT_CODE": "exited", "EXIT_STATUS": "1"}
    called_in(hostile, *command, path=f"{fakes}:/usr/bin:/bin", **folders, **result)
    assert "espeak-ng -v en --stdout I cannot start" in (fakes / "called").read_text(encoding="utf-8")
    assert marks(hostile) == []


@pytest.mark.parametrize(("told", "said"), [("[]", True), ('["hot"]', True), ('["hot", "settings_wrong"]', False)])
def test_the_last_words_of_what_is_not_started_again(tmp_path, told, said):
    """After wrong settings or arguments, the last words are said unless the program has said the reason itself."""
    (tmp_path / "told.json").write_text(told, encoding="utf-8")
    for program in ("espeak-ng", "aplay"):
        (tmp_path / program).write_text(f'#!/bin/sh\necho "{program} $*" >>{tmp_path}/called\n', encoding="utf-8")
        (tmp_path / program).chmod(0o755)
    folders = dict.fromkeys(("RUNTIME_DIRECTORY", "STATE_DIRECTORY", "CONFIGURATION_DIRECTORY"), str(tmp_path))
    result = {"SERVICE_RESULT": "exit-code", "EXIT_CODE": "exited", "EXIT_STATUS": "2"}
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", **folders, **result}
    subprocess.run([ROOT / "systemd" / "last-words", "ended"], env=environment, check=True)
    assert (tmp_path / "called").exists() == said


def test_the_packages_making(hostile):
    """What the script reads of setup.cfg runs with stand-ins for the tools, which end it."""
    fakes = hostile.parent / "fakes"
    fakes.mkdir()
    (fakes / "dpkg-query").write_text("#!/bin/sh\necho installed\n", encoding="utf-8")
    (fakes / "dpkg-buildpackage").write_text("#!/bin/sh\nhead -n 1 debian/changelog\nexit 1\n", encoding="utf-8")
    for each in fakes.iterdir():
        each.chmod(0o755)
    ended = called_in(hostile, ROOT / "script" / "build-deb", path=f"{fakes}:/usr/bin:/bin")
    if "made on Raspberry Pi OS or Debian" in ended.stderr:
        pytest.skip("it is made on Debian 12 or 13 alone")
    assert ended.stdout.startswith("emotion-assistant ("), ended.stderr
    assert marks(hostile) == []


ISOLATED = re.compile(r"\bpython3?\"?\s+-(?!I)")
OTHERS = ("systemd/*.sh", "systemd/last-words", "debian/bundle", "debian/rules", "debian/*inst", "debian/*rm")


def test_no_script_of_roots_calls_python_otherwise():
    """Every call of Python in the scripts of root is isolated, also where the tests above do not reach."""
    paths = [path for pattern in OTHERS for path in ROOT.glob(pattern)]
    assert len(paths) > len(OTHERS)
    for path in paths:
        assert not ISOLATED.findall(path.read_text(encoding="utf-8")), path


@pytest.mark.parametrize("name", ["preinst", "postinst", "prerm", "postrm"])
def test_the_packages_own_scripts_leave_the_folder(name):
    """Each script of the Debian package leaves the folder before it does anything else."""
    lines = (ROOT / "debian" / f"emotion-assistant.{name}").read_text(encoding="utf-8").splitlines()
    commands = [line for line in lines if line and not line.startswith("#")]
    assert commands[:2] == ["set -e", "cd /"]
