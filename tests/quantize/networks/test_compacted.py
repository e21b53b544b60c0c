"""A .tflite file is made smaller, and computes the same."""

import numpy as np
import pytest

from assistant.networks.shipped import shipped_finder

schema = pytest.importorskip("ai_edge_litert.schema_py_generated")
from ai_edge_litert.interpreter import Interpreter  # noqa: E402

from quantize.networks.compacted import ALIGNMENT, compacted  # noqa: E402


@pytest.fixture(scope="module")
def files():
    """The finder that ships, as the converter wrote it, and made smaller."""
    content = shipped_finder().read_bytes()
    return content, compacted(content)


def answers(content):
    """What a network answers to noise, by the names of its outputs."""
    runner = Interpreter(model_content=content).get_signature_runner()
    (name,) = runner.get_input_details()
    shape = runner.get_input_details()[name]["shape"]
    return runner(**{name: np.random.default_rng(1).integers(-128, 128, shape).astype(np.int8)})


def test_it_computes_the_same(files):
    """The outputs have their names, and are equal to the bit."""
    before, after = map(answers, files)
    assert before.keys() == after.keys()
    assert all((before[name] == after[name]).all() for name in before)


def test_it_is_smaller_and_its_weights_are_aligned(files):
    """Zero points are stored once; the content of each buffer begins where the schema asks."""
    before, after = files
    assert len(after) <= len(before)
    model = schema.Model.GetRootAs(after, 0)
    parts = [model.Buffers(number) for number in range(model.BuffersLength())]
    places = [part._tab.Vector(part._tab.Offset(4)) for part in parts if part.DataLength()]
    assert len(places) > 50
    assert all(place % ALIGNMENT == 0 for place in places)
    tensors = [model.Subgraphs(0).Tensors(number) for number in range(model.Subgraphs(0).TensorsLength())]
    assert not any(tensor.Name() for tensor in tensors)


def test_it_is_made_smaller_once(files):
    """To do it again changes nothing."""
    assert len(compacted(files[1])) == len(files[1])
