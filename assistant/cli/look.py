"""`assistant look`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from assistant.cli.common import MODEL_HELP, Subparsers, add_command, positive

EXAMPLES = """examples:
  assistant look portrait.jpg
  assistant look --json holiday/*.jpg > faces.json
"""


def add(commands: Subparsers) -> None:
    """Add the command with its arguments."""
    look = add_command(commands, "look", _look, "classify the faces in pictures", EXAMPLES)
    look.add_argument("pictures", nargs="+", type=Path, metavar="PICTURE")
    look.add_argument("--json", action="store_true", help="print a JSON list with all boxes and scores")
    look.add_argument(
        "--megapixels",
        type=positive,
        default=50.0,
        metavar="N",
        help="refuse pictures of more than N megapixels (default: 50)",
    )
    look.add_argument("--model", type=Path, metavar="FILE", help=MODEL_HELP)


def _look(arguments: argparse.Namespace) -> int:
    from assistant.emotion.classified_pictures import classify_picture, write_json, write_text
    from assistant.emotion.tflite import TFLiteClassifier
    from assistant.face.detectors.registry import build_detector
    from assistant.networks.shipped import shipped_model

    detector, classifier = build_detector(), TFLiteClassifier(arguments.model or shipped_model())
    pictures = [classify_picture(path, detector, classifier, arguments.megapixels) for path in arguments.pictures]
    if arguments.json:
        write_json(pictures, sys.stdout)
    else:
        write_text(pictures, sys.stdout, sys.stderr)
    return int(any(each.error for each in pictures))
