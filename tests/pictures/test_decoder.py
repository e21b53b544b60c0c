"""Pictures of strangers are decoded in a child process, so that only the child can end because of them."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import CameraError
from assistant.pictures.decoder import PictureDecoder
from assistant.pictures.decoding_child import ANSWER, REQUEST
from tests.builders import picture_files as files

pytestmark = pytest.mark.runtime

PICTURE = np.kron(np.array([[250, 20], [120, 180]], np.uint8), np.ones((16, 16), np.uint8))


@pytest.fixture
def decoder() -> Iterator[PictureDecoder]:
    """Yield a decoder, which is closed after the test."""
    with closing(PictureDecoder()) as made:
        yield made


def child_of(decoder: PictureDecoder) -> int:
    """Return the process id of the child."""
    assert decoder._child is not None
    return decoder._child.pid


def test_nothing_is_started_before_the_first_picture(decoder):
    """No process runs before the first picture, and one process decodes all of them."""
    assert decoder._child is None
    assert np.array_equal(decoder.decoded(files.coded(PICTURE, ".png"), 1), PICTURE)
    first = child_of(decoder)
    assert decoder.decoded(files.webp_turned(PICTURE[:, :16], 6), 1).shape == (16, 32)
    assert child_of(decoder) == first


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "is not a picture that can be read; these can: JPEG, PNG, WebP"),
        (files.coded(PICTURE, ".tiff"), "these can: JPEG, PNG, WebP"),
        (files.animated_png(PICTURE), "is an animated PNG"),
        (files.coded(PICTURE, ".png")[:60], "is damaged"),
        (files.coded(np.zeros((1000, 1001), np.uint8), ".png"), r"has 1 megapixels \(1001x1000\); at most 1 are"),
    ],
)
def test_what_is_refused_is_refused_in_words(decoder, data, complaint):
    """The error says why, and the process stays."""
    decoder.decoded(files.coded(PICTURE), 1)
    first = child_of(decoder)
    with pytest.raises(CameraError, match=complaint):
        decoder.decoded(data, 1)
    assert child_of(decoder) == first


def test_a_process_that_dies_of_a_picture_is_one_message(decoder):
    """The picture whose process is killed raises an error, and the next picture gets a new process."""
    decoder.decoded(files.coded(PICTURE), 1)
    first = child_of(decoder)
    os.kill(first, signal.SIGSTOP)
    killed = threading.Timer(0.05, os.kill, (first, signal.SIGKILL))
    killed.start()
    with pytest.raises(CameraError, match="ended the program that decodes it: it is damaged, or was made to do harm"):
        decoder.decoded(files.coded(PICTURE), 1)
    killed.join()
    assert decoder.decoded(files.coded(PICTURE, ".png"), 1).shape == PICTURE.shape
    assert child_of(decoder) != first


def test_a_process_that_takes_too_long_is_ended():
    """The error says how much time the process had."""
    with closing(PictureDecoder(limit_s=0.01)) as decoder, pytest.raises(CameraError, match=r"within 0\.01 seconds"):
        decoder.decoded(files.coded(PICTURE), 1)


def test_a_process_that_went_for_want_of_work_is_replaced_without_a_word(decoder):
    """A process that has ended by itself is replaced, and no error is raised."""
    decoder.decoded(files.coded(PICTURE), 1)
    child = decoder._child
    assert child is not None
    assert child.stdin is not None
    child.stdin.close()
    child.wait(10)
    child.stdin = open("/dev/full", "wb")  # noqa: SIM115 - the decoder closes it
    assert decoder.decoded(files.coded(PICTURE, ".png"), 1).shape == PICTURE.shape


def test_what_the_process_says_is_not_believed(decoder):
    """An answer with more or fewer pixels than it states ends the process."""
    for lie in (ANSWER.pack(2000, 1000, 2_000_000), ANSWER.pack(3, 3, 4) + bytes(4), ANSWER.pack(2, 2, 4) + bytes(2)):
        decoder.decoded(files.coded(PICTURE), 1)
        child = decoder._child
        assert child is not None
        assert child.stdout is not None
        child.stdout.close()
        reader, writer = os.pipe()
        os.write(writer, lie)
        os.close(writer)
        child.stdout = os.fdopen(reader, "rb")
        with pytest.raises(CameraError, match="ended the program"):
            decoder.decoded(files.coded(PICTURE), 1)


def test_the_process_is_bound(decoder):
    """Memory, time, files and core dumps are limited, and the process is the first to go when memory is short."""
    decoder.decoded(files.coded(PICTURE), 1)
    folder = Path(f"/proc/{child_of(decoder)}")
    limits = {line[:26].strip(): line[26:47].strip() for line in (folder / "limits").read_text().splitlines()}
    assert int(limits["Max data size"]) < 400e6
    assert int(limits["Max cpu time"]) < 60
    assert (limits["Max file size"], limits["Max core file size"]) == ("0", "0")
    assert (folder / "oom_score_adj").read_text() == "1000\n"


def test_memory_that_a_picture_would_take_beyond_its_limit_is_an_error(decoder):
    """A request for a file of 32 TB ends the process, and the next picture raises an error."""
    decoder.decoded(files.coded(PICTURE), 1)
    child = decoder._child
    assert child is not None
    assert child.stdin is not None
    child.stdin.write(REQUEST.pack(1 << 45, 1.0))
    child.stdin.flush()
    with pytest.raises(CameraError, match="ended the program"):
        decoder.decoded(files.coded(PICTURE), 1)
