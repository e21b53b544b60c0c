"""Pictures that are sent to the page, and frames of a browser's camera."""

from __future__ import annotations

import csv
import io
import json
import struct
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import cv2
import numpy as np
import pytest

from assistant.emotions import EMOTIONS
from assistant.web.access.limits import Limits
from assistant.web.pages.try_page import plain_cell
from tests.builders.picture_files import coded
from tests.web.client import Client


def bomb(width: int = 10_000, height: int = 10_000) -> bytes:
    """Return a white PNG of a hundred megapixels in half a megabyte."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = b"IDAT" + zlib.compress(bytes(width + 1) * height, 1)
    chunks = [struct.pack(">I", len(each) - 4) + each + struct.pack(">I", zlib.crc32(each)) for each in (head, data)]
    return b"\x89PNG\r\n\x1a\n" + b"".join([*chunks, struct.pack(">I", 0) + b"IEND" + b"\xae\x42\x60\x82"])


def test_a_picture_is_judged_as_by_assistant_look(client, assistant, portrait, tmp_path):
    """The answer has the same faces as `assistant look --json`."""
    (tmp_path / "portrait.jpg").write_bytes(portrait)
    looked = json.loads(assistant("look", "--json", tmp_path / "portrait.jpg").out)
    answer = client.upload(("portrait.jpg", portrait), **{"as": "json"})
    assert answer.status == 200
    assert [face["emotion"] for face in answer.json[0]["faces"]] == ["happy"]
    assert answer.json[0]["faces"] == looked[0]["faces"]


def test_several_come_back_as_a_page(client, portrait):
    """Each picture has a small image, its words and its bars; a file that is no picture has its error."""
    answer = client.upload(("a.jpg", portrait), ("b.txt", b"some words"), ("c.png", coded(np.zeros((9, 9)), ".png")))
    assert answer.status == 200
    assert answer.text.count("<article") == 3
    assert "looks happy, 100 per cent" in answer.text
    assert "b.txt: is not a picture that can be read; these can: JPEG, PNG, WebP" in answer.text
    assert "No face was found." in answer.text
    assert answer.text.count("data:image/jpeg;base64,") == 2


def test_several_come_back_as_csv(client, portrait):
    """Each face has one line, and no name is a formula."""
    answer = client.upload(("=1+1.jpg", portrait), ("b.txt", b"x"), **{"as": "csv"})
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["picture"] for row in rows] == ["'=1+1.jpg", "b.txt"]
    assert rows[0]["emotion"] == "happy"
    assert sum(float(rows[0][emotion]) for emotion in EMOTIONS) == pytest.approx(1, abs=0.01)
    assert rows[1]["error"].startswith("b.txt: is not a picture that can be read")
    assert answer.headers["content-disposition"] == 'attachment; filename="faces.csv"'


def test_no_picture_is_told(client):
    """A form without a picture, as a browser sends it, gets an error."""
    answer = client.upload(("", b""))
    assert answer.status == 422
    assert "No picture was chosen" in answer.text


def test_a_bomb_is_refused_before_it_is_unpacked(client):
    """A picture with too many pixels is refused by its header, at once."""
    packed = bomb()
    began_s = time.monotonic()
    answer = client.upload(("bomb.png", packed))
    assert answer.status == 422
    assert "bomb.png: has 100 megapixels (10000x10000); at most 25 are read" in answer.text
    assert time.monotonic() - began_s < 5


@pytest.mark.parametrize(
    ("limits", "status", "words"),
    [
        (Limits(pictures=1), 413, "at most 1 pictures at once"),
        (Limits(pictures_bytes=150_000), 413, "at most 0.17 MB"),
        (Limits(picture_bytes=1000), 422, "is larger than 0.001 MB"),
        (Limits(pixels=1000), 422, "at most 0.001 are read"),
    ],
)
def test_too_much_is_refused(serve, portrait, limits, status, words):
    """The answer says how much is allowed."""
    answer = Client(serve(limits).address.url).upload(("a.jpg", portrait), ("b.jpg", portrait))
    assert (answer.status, words in answer.text) == (status, True), answer.text


def test_a_body_that_grows_without_end_is_cut_off(client):
    """A body that does not state its length is cut off at the limit."""
    head = {"transfer-encoding": "chunked", "x-csrf-token": client.form_token(), "x-visitor": "0" * 16}
    with closing(client.connect()) as connection:
        connection.putrequest("POST", "/try/frame")
        for name, value in head.items():
            connection.putheader(name, value)
        connection.endheaders()
        with pytest.raises((BrokenPipeError, ConnectionResetError)):
            connection.send((b"2000\r\n" + bytes(0x2000) + b"\r\n") * 4000)


def test_a_name_is_shown_without_what_it_might_do(client):
    """Tags, folders and control characters of a name are not shown."""
    answer = client.upload(("../../<script>alert(1)</script>\x07.jpg", b"x"))
    assert "<script>alert" not in answer.text
    assert "../" not in answer.text


def test_frames_are_followed_as_the_headset_follows_them(client, portrait):
    """First a face arrives, then its emotion settles and is said once."""
    token, seen = client.form_token(), []
    until_s = time.monotonic() + 10
    while time.monotonic() < until_s and not (seen and seen[-1]["emotion"]):
        seen.append(client.frame(portrait, token=token).json)
    assert seen[0]["state"] == "arriving"
    assert seen[-1]["emotion"] == "happy"
    assert [phrase for each in seen for phrase in each["said"]] == ["looks happy"]
    assert seen[-1]["aim"]
    assert client.frame(portrait, "f" * 16, token).json["state"] == "arriving"


def test_the_newest_frame_wins(client, portrait):
    """A frame that is replaced before its turn is answered without being classified."""
    token = client.form_token()
    with ThreadPoolExecutor(8) as others:
        answers = list(others.map(lambda _: client.frame(portrait, token=token), range(24)))
    statuses = {answer.status for answer in answers}
    assert statuses == {200, 204}


@pytest.mark.parametrize(
    ("picture", "visitor", "status"),
    [
        (b"no picture", "0" * 16, 422),
        (b"", "0" * 16, 422),
        (bytes(1_000_001), "0" * 16, 413),
        (bytes(2_000_000), "0" * 16, 413),
        (bomb(2000, 2000), "0" * 16, 422),
        (b"", "", 400),
        (b"", "../../etc", 400),
    ],
)
def test_a_frame_that_is_none_is_refused(client, picture, visitor, status):
    """A frame that is no picture, too large, or without a proper visitor is refused."""
    assert client.frame(picture, visitor).status == status


def test_a_visitor_too_many_waits(serve, portrait):
    """A visitor too many gets 503, until another one has gone."""
    client = Client(serve(viewers=1).address.url)
    assert client.frame(portrait, "a" * 16).status == 200
    answer = client.frame(portrait, "b" * 16)
    assert (answer.status, answer.headers["retry-after"]) == (503, "2")


def test_nothing_of_a_picture_is_left(serve, state, tmp_path, monkeypatch, portrait):
    """After an upload neither the state folder nor the temporary folder has a new file."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    client = Client(serve().address.url)
    large = coded(cv2.resize(cv2.imdecode(np.frombuffer(portrait, np.uint8), 0), (2000, 2000)), ".png")
    assert len(large) > 1_000_000
    assert client.upload(("a.png", large)).status == 200
    assert [each.name for each in state.iterdir()] == ["page-token"]
    assert not list((tmp_path / "temporary").iterdir())


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@A1", "\tx"])
def test_no_cell_is_a_formula(text):
    """A cell that a spreadsheet would run gets a quotation mark."""
    assert plain_cell(text) == f"'{text}"
    assert plain_cell(f"a{text}") == f"a{text}"
