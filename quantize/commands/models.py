"""The command `quantize models`."""

from __future__ import annotations

import argparse
from typing import Any

from quantize.commands.arguments import TRAINING, add_command, require, write_json


def add(subparsers: Any) -> None:
    """Add the parser of this command."""
    what = "list the networks that can be trained"
    add_command(subparsers, "models", run, what, "quantize models --json models.json")


def run(arguments: argparse.Namespace) -> None:
    """Build each network, and print its size and cost."""
    require(TRAINING)
    from quantize.networks.architectures.cost import int8_bytes, multiply_adds
    from quantize.networks.architectures.registry import ARCHITECTURES, TRANSFERABLE
    from quantize.networks.keras_files import load_keras

    load_keras()
    table = {}
    print(f"{'name':<20}{'parameters':>12}{'multiply-adds':>15}{'int8 bytes':>12}  takes --weights")
    for name, build in ARCHITECTURES.items():
        model = build()
        row = (int(model.count_params()), multiply_adds(model), int8_bytes(model))
        table[name] = dict(zip(("parameters", "multiply_adds", "int8_bytes"), row, strict=True))
        transfer = "yes" if name in TRANSFERABLE else "no"
        print(f"{name:<20}{row[0]:>12,}{row[1]:>15,}{row[2]:>12,}  {transfer}", flush=True)
    write_json(arguments.json, table)
