"""Trees like /proc/asound, with the lines that the kernel wrote for real cards."""

from __future__ import annotations

from pathlib import Path

HDMI = ("vc4hdmi", "vc4-hdmi", "vc4-hdmi", "vc4-hdmi")
HEADPHONES = ("Headphones", "bcm2835_headpho", "bcm2835 Headphones", "bcm2835 Headphones")
WM8960 = ("wm8960soundcard", "wm8960-soundcar", "wm8960-soundcard", "wm8960-soundcard")
SEEED = ("seeed2micvoicec", "seeed-2mic-voic", "seeed-2mic-voicecard", "seeed-2mic-voicecard")
ADAPTER = ("Audio", "USB-Audio", "KT USB Audio", "KTMicro KT USB Audio at usb-0000:01:00.0-1.3, full speed")
MICROPHONE = ("Mic", "USB-Audio", "USB Microphone", "A USB Microphone at usb-0000:01:00.0-1.4, full speed")
"""For each card: its name in square brackets, its driver, its title and its second line."""

SILENT = (MICROPHONE,)
"""Cards that cannot play."""


def asound_tree(folder: Path, *cards: tuple[str, str, str, str]) -> Path:
    """Make a tree with these cards, in this order, and return its root."""
    root = folder / "asound"
    root.mkdir()
    lines = []
    for number, (name, driver, title, place) in enumerate(cards):
        lines += [f"{number:2} [{name:<15}]: {driver} - {title}", f"{'':22}{place}"]
        device = root / f"card{number}" / ("pcm0c" if cards[number] in SILENT else "pcm0p")
        device.mkdir(parents=True)
        (device / "info").write_text(f"card: {number}\n", encoding="ascii")
    text = "\n".join(lines) if lines else "--- no soundcards ---"
    (root / "cards").write_text(text + "\n", encoding="ascii")
    return root
