"""The sandbox of the service, as systemd rates it: 0 is the best and 10 the worst."""

import shutil
import subprocess
from pathlib import Path

import pytest

SYSTEMD = Path(__file__).parents[2] / "systemd"
UNIT = "emotion-assistant.service"


@pytest.mark.parametrize(("page", "tenths"), [(False, 7), (True, 15)])
def test_the_service_is_closed(tmp_path, page, tenths):
    """The rating is 0.7 at most, or 1.5 with a network for the page."""
    units = tmp_path / "etc" / "systemd" / "system"
    (units / f"{UNIT}.d").mkdir(parents=True)
    shutil.copy(SYSTEMD / UNIT, units)
    if page:
        shutil.copy(SYSTEMD / "page.conf", units / f"{UNIT}.d")
    examine = ["systemd-analyze", "security", "--no-pager", "--offline=true", f"--root={tmp_path}"]
    try:
        ended = subprocess.run([*examine, f"--threshold={tenths}", UNIT], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("systemd is not installed")
    if "unrecognized option" in ended.stderr:
        pytest.skip("this systemd examines no unit that is not loaded")
    assert "Overall exposure level" in ended.stdout, ended.stderr
    assert ended.returncode == 0, ended.stdout
