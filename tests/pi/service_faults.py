"""The faults of the service: how each is made, what is heard then, and how it is mended."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.app.configuration.card import CARD_FILE as CARD
from tests.pi.booted import CAMERA, START, UNIT

LIVELY = frozenset({"looks happy", "looks surprised"})
WATCHDOG_S = 30.0
SETTINGS_FILE = f"/etc/{UNIT}/settings.toml"
TOLD_FILE = f"/run/{UNIT}/told.json"
"""The faults that the wearer has heard, kept over a restart."""

CASCADE = f"/opt/{UNIT}/current/lib/python3*/site-packages/cv2/data/haarcascade_frontalface_default.xml"
MODEL = f"/opt/{UNIT}/current/lib/python3*/site-packages/assistant/models/emotion-int8.tflite"
FINDER = f"/opt/{UNIT}/current/lib/python3*/site-packages/assistant/models/face-int8.tflite"


@dataclass(frozen=True, slots=True)
class Case:
    """A fault, with what is heard and written then."""

    expected: str
    breaks: str
    said: frozenset[str] = LIVELY
    mends: str = ""
    ends: bool = False
    """Whether the service then stays off, having said why."""
    journal: str = ""
    noticed_s: float = 0.0
    """What it takes to notice by design, which does not count."""
    restarts: bool = False
    """Whether systemd has to start it again."""

    tries: int = 0
    """How often systemd starts it in vain until it is looked whether that was said just once."""


FAULT_FILE = f"/etc/systemd/system/{UNIT}.service.d/fault.conf"
RESTART = f"systemctl daemon-reload; systemctl --no-block restart {UNIT}"
UNCHANGED = f"rm {FAULT_FILE}; {RESTART}"
BAD_SETTINGS = f"echo 'speed = 5' >>{SETTINGS_FILE}"
GOOD_SETTINGS = f"sed -i '/speed/d' {SETTINGS_FILE}"


def changed(*lines: str) -> str:
    """Return a script that starts the service with these further lines in its unit."""
    words = " ".join(f"'{line}'" for line in ("[Service]", *lines))
    return f"printf '%s\\n' {words} >{FAULT_FILE}; {RESTART}"


CASES = {
    "killed (SIGKILL)": Case("speaks again", f"systemctl kill -s KILL --kill-whom=main {UNIT}", restarts=True),
    "hangs (SIGSTOP)": Case(
        "the watchdog ends it, and it speaks again",
        f"systemctl kill -s STOP --kill-whom=main {UNIT}",
        journal="Watchdog timeout",
        noticed_s=WATCHDOG_S,
        restarts=True,
    ),
    "what plays the sound is killed": Case("speaks again", "pkill -KILL -x aplay"),
    "the voice engine is killed, again and again for 3 s": Case(
        "speaks when it can",
        f"systemctl stop {UNIT}; rm -rf /var/cache/{UNIT}/phrases; systemctl --no-block start {UNIT}; "
        "for each in $(seq 30); do pkill -KILL -f [r]ender_speech.py || true; sleep 0.1; done",
    ),
    "no camera": Case(
        "says so and waits for one",
        changed("ExecStart=", f"ExecStart={START}"),
        frozenset({"the camera is gone"}),
        UNCHANGED,
    ),
    "the camera stalls": Case(
        "says so and opens it again",
        changed("ExecStart=", f'ExecStart={START} --camera "{CAMERA.replace("happy 4", "stall 8, happy 4", 1)}"'),
        frozenset({"the camera has stopped"}),
    ),
    "wrong settings": Case(
        "says so and stays off",
        f"{BAD_SETTINGS}; {RESTART}",
        frozenset({"the settings are wrong"}),
        f"{GOOD_SETTINGS}; {RESTART}",
        ends=True,
        journal="voice.speed = 5: no such setting",
    ),
    "wrong settings, at a reload": Case(
        "says so and goes on",
        f"{BAD_SETTINGS}; systemctl reload {UNIT}",
        frozenset({"the settings are wrong"}),
        GOOD_SETTINGS,
        journal="voice.speed = 5: no such setting",
    ),
    "wrong settings on the memory card": Case(
        "says so and goes on without them",
        f"mkdir -p {CARD.parent}; printf '[voice]\\n\\nvolume = 3\\n' >{CARD}; {RESTART}",
        frozenset({"the settings on the card are wrong"}),
        f"rm {CARD}; {RESTART}",
        journal=f"{CARD}: line 3: voice.volume = 3: allowed is a number from 0 to 1",
    ),
    "a model that is not its card's": Case(
        "says so and stays off",
        f"echo >>$(echo {MODEL}); {RESTART}",
        frozenset({"the model cannot be used"}),
        f"truncate -s -1 $(echo {MODEL}); {RESTART}",
        ends=True,
        journal="emotion-int8.tflite",
    ),
    "a finder that is not its card's": Case(
        "says so and stays off",
        f"echo >>$(echo {FINDER}); {RESTART}",
        frozenset({"the model cannot be used"}),
        f"truncate -s -1 $(echo {FINDER}); {RESTART}",
        ends=True,
        journal="face-int8.tflite",
    ),
    "its Python is gone": Case(
        "says so while it is tried again",
        f"mv /opt/{UNIT}/current/bin/python /opt/{UNIT}/python; {RESTART}",
        frozenset({"i cannot start something is missing"}),
        f"mv /opt/{UNIT}/python /opt/{UNIT}/current/bin/python",
        journal="203/EXEC",
        restarts=True,
        tries=4,
    ),
    "a file of OpenCV is gone": Case(
        "says so while it is tried again",
        f"file=$(echo {CASCADE}); mv $file $file.gone; {RESTART}",
        frozenset({"i cannot start something is missing"}),
        f"file=$(echo {CASCADE}.gone); mv $file ${{file%.gone}}",
        journal="haarcascade_frontalface_default.xml is missing",
        restarts=True,
        tries=4,
    ),
    "the disk is full": Case(
        "says so and goes on",
        f"systemctl stop {UNIT}; for each in lib cache; do mount -t tmpfs -o size=64k tmpfs /var/$each/{UNIT}; "
        f"head -c 100k /dev/zero >/var/$each/{UNIT}/full || true; done; systemctl --no-block start {UNIT}",
        frozenset({"the memory card is full"}),
        f"systemctl stop {UNIT}; umount /var/lib/{UNIT} /var/cache/{UNIT}; systemctl --no-block start {UNIT}",
    ),
    "the clock is set back ten years": Case(
        "goes on",
        changed(
            "Environment=LD_PRELOAD=/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1",
            "Environment=FAKETIME_TIMESTAMP_FILE=/etc/wrong-clock FAKETIME_CACHE_DURATION=1",
            "Environment=FAKETIME_DONT_FAKE_MONOTONIC=1",
        )
        + "; sleep 8; echo -10y >/etc/wrong-clock.new; mv /etc/wrong-clock.new /etc/wrong-clock; sleep 1",
        mends=f"{UNCHANGED}; echo +0 >/etc/wrong-clock",
    ),
}
