"""What installs the headset at Raspberry Pi OS's first start, with programs that only note how they are called."""

import subprocess
from pathlib import Path

import pytest

INSTALL = Path(__file__).parents[2] / "card" / "first-boot" / "install"
FAKES = {
    "apt-get": 'case "$*" in *update*) exit ${UPDATE:-0} ;; *"$FAILING"*) exit ${INSTALLS:-0} ;; esac',
    "apt-cache": 'case "$2" in python3-lgpio) ;; *) echo "$2 | 1 | archive" ;; esac',
    "aplay": "exit ${SOUND:-0}",
    "cp": "",
    "dpkg": "echo arm64",
    "rm": "",
    "sleep": '[ "$1" != 60 ] || exec /bin/sleep 60',
    "systemctl": "",
}
"""Each of these is called instead of the real program."""


@pytest.fixture
def boot(tmp_path: Path) -> Path:
    """Return a boot partition with the script and the sounds of two languages, and the fakes beside it."""
    for name, body in FAKES.items():
        fake = tmp_path / "bin" / name
        fake.parent.mkdir(exist_ok=True)
        fake.write_text(f'#!/bin/bash\necho "{name} $*" >>{tmp_path}/called\n{body}\n', encoding="utf-8")
        fake.chmod(0o755)
    folder = tmp_path / "firmware" / "emotion-assistant"
    for language in ("en", "de"):
        (folder / "sounds" / language).mkdir(parents=True)
    (folder / "install").write_bytes(INSTALL.read_bytes())
    return folder


def ran(boot: Path, **environment: str) -> tuple[int, str, list[str]]:
    """Run the script, and return its exit code, what it said, and the programs that it called."""
    variables = {"PATH": f"{boot.parents[1]}/bin:/usr/bin:/bin", "FAILING": "emotion-assistant.deb", **environment}
    command = ["bash", boot / "install"]
    ended = subprocess.run(command, env=variables, capture_output=True, text=True, check=False, timeout=60)
    called = (boot.parents[1] / "called").read_text(encoding="utf-8").splitlines()
    said = [line.removeprefix("says: ") for line in ended.stdout.splitlines() if line.startswith("says: ")]
    return ended.returncode, " ".join(said), called


def test_it_installs_the_package_and_what_apt_has_of_the_rest(boot):
    """The service that runs the script is removed afterwards."""
    code, said, called = ran(boot)
    assert (code, said) == (0, "installing installed")
    (install,) = [line for line in called if "--no-install-recommends" in line]
    assert "python3-picamera2 python3-evdev /" in install
    assert "lgpio" not in install
    assert "systemctl disable emotion-assistant-install.service" in called


def test_without_a_network_it_asks_for_it_and_is_tried_again(boot):
    """An exit code other than 0 makes systemd start it again."""
    code, said, called = ran(boot, UPDATE="1")
    assert (code, said) == (1, "installing needs_network")
    assert not any("systemctl" in line for line in called)


def test_a_failed_installation_is_said_and_tried_again(boot):
    """Neither the service nor the files are removed."""
    code, said, called = ran(boot, INSTALLS="100")
    assert (code, said) == (1, "installing failed")
    assert not any("systemctl" in line for line in called)


@pytest.mark.parametrize(
    ("settings", "language", "device"),
    [
        ("", "en", "default"),
        ('[voice]\nlanguage = "de"\ndevice = "plughw:1,0"\n', "de", "plughw:1,0"),
        ('[voice]\nlanguage = "tlh"\n', "en", "default"),
        ('[voice]\nlanguage = "../../.."\ndevice = "file:|reboot"\n', "en", "default"),
        ('[camera]\nlanguage = "de"\n', "en", "default"),
        ("this is no TOML", "en", "default"),
    ],
)
def test_it_speaks_as_the_settings_say(boot, settings, language, device):
    """What is wrong in them leaves the default, since nothing else could say so."""
    (boot.parent / "emotion-assistant.toml").write_text(settings, encoding="utf-8")
    _, _, called = ran(boot)
    assert f"aplay -q -D {device} {boot}/sounds/{language}/installing.wav" in called


def test_the_file_of_settings_may_have_windows_name(boot):
    """Windows hides the end of a name, and adds one."""
    (boot.parent / "emotion-assistant.toml.txt").write_bytes(b'[voice]\r\nlanguage = "de"\r\n')
    _, _, called = ran(boot)
    assert f"aplay -q -D default {boot}/sounds/de/installing.wav" in called


def test_without_a_sound_device_it_installs_all_the_same(boot):
    """Silence does not stop it."""
    code, _, _ = ran(boot, SOUND="1")
    assert code == 0
