"""The journal in a report tells nothing about people, in any language."""

import json
import re
import tomllib
from importlib import resources

import pytest

from assistant.cli.report.journal import journal, tells_nothing_of_people
from assistant.cli.report.measured import MissingError
from assistant.emotions import Emotion
from assistant.speech import phrases
from assistant.speech.phrases import languages
from tests.builders.headset_files import settings_file
from tests.fakes.journal import journal_environment

TABLES = {
    language: tomllib.loads((resources.files(phrases) / f"{language}.toml").read_text(encoding="utf-8"))
    for language in languages()
}
PEOPLE = ("plain", "hedged", "presence", "attention", "movement", "distance")


def words_about_people():
    """Return all phrases about people in all languages, and the names of the emotions."""
    texts = {text for table in TABLES.values() for name in PEOPLE for text in table[name].values()}
    return texts | set(map(str, Emotion))


def found_in(text, words):
    """Return the words that a text has, as whole words."""
    return sorted(word for word in words if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE))


KEPT = [
    "ready",
    "says: ready",
    "says: I cannot start, something is missing",
    "says: the settings on the card are wrong, line, 3",
    "says: battery at, 20, percent",
    "says: die Einstellungen sind falsch",
    '{"type": "fault", "t": 1.0, "fault": "camera_lost"}',
    '{"type": "end", "t": 1.0, "frames": 30}',
    "no camera is found: connect one",
    "Started emotion-assistant.service - Says what the face in front of the camera shows.",
    "the camera's sensor mode 640x480 cannot be used: [Errno 12] Cannot allocate memory",
]
LEFT_OUT = [
    "says: looks happy",
    "says: smiles",
    "says: ready, looks happy",
    "says: jemand, links von dir",
    "tone: found",
    '{"type": "emotion", "t": 1.0, "emotion": "happy"}',
    '{"type": "face", "t": 1.0, "face": "appeared", "box": [1, 2, 3, 4]}',
    '{"type": "said", "t": 1.0, "text": "ready"}',
    '{"type": "attention", "t": 1.0}',
    '{"type": ["fault"]',
    "it looks happy to me",
    "says: raises their brows",
    '{"type": "movement", "t": 1.0, "movement": "smile", "begun": true}',
    "somebody smiles",
    "somebody looks through the camera on the page",
    "Nobody looks through the camera on the page",
    "neutral 0.93",
]


@pytest.mark.parametrize("line", KEPT)
def test_what_is_about_the_headset_is_kept(line):
    """Faults, notices and systemd's own lines are what a helper needs."""
    assert tells_nothing_of_people(line)


@pytest.mark.parametrize("line", LEFT_OUT)
def test_what_is_about_people_is_left_out(line):
    """By its kind where it has one, otherwise by its words."""
    assert not tells_nothing_of_people(line)


@pytest.mark.parametrize("language", languages())
def test_no_phrase_about_people_is_kept(language):
    """Neither as it is said, nor inside of another line."""
    said = [text for name in PEOPLE for text in TABLES[language][name].values()]
    for text in said:
        assert not tells_nothing_of_people(f"says: {text}")
        assert not tells_nothing_of_people(f"rendered: {text}!")


@pytest.mark.parametrize("language", languages())
def test_a_report_of_a_run_with_people_has_no_word_about_them(assistant, tmp_path, language):
    """A run with a simulated camera logs emotions, people and looks; its report has none of them, but the rest."""
    config = settings_file(tmp_path, f"voice.language = '{language}'\n[announce]\nmode = 'full'\nattention = 'words'\n")
    timeline = "simulated:empty 1, neutral 3, happy 4, surprise 4, happy+left 4, empty 3"
    ran = assistant("run", "--camera", timeline, "--fast", "--voice", "print", "--events", "-", "--config", config)
    assert ran.code == 0, ran.err
    lines = [*ran.err.splitlines(), *ran.out.splitlines(), "the camera's driver does not answer"]
    words = words_about_people()
    logged = found_in("\n".join(lines), words)
    assert {"happy", "surprise", TABLES[language]["plain"]["happy"]} <= set(logged)
    (tmp_path / "fakes").mkdir()
    environment = journal_environment(tmp_path / "fakes", lines)
    report = assistant("report", "--out", "-", "--camera", "simulated", **environment)
    assert report.code == 0, report.err
    assert found_in(report.out, words) == []
    assert "the camera's driver does not answer" in report.out
    assert '"type": "end"' in report.out
    left_out = int(re.search(r"(\d+) of \d+ lines tell of people and are left out", report.out)[1])
    assert left_out >= 8


def test_a_line_that_is_no_text_is_read_all_the_same(tmp_path, monkeypatch):
    """The journal gives bytes that are not UTF-8 as numbers; network addresses are removed."""
    for name, value in journal_environment(tmp_path, []).items():
        monkeypatch.setenv(name, value)
    entries = [{"MESSAGE": list(b"bad \xff byte")}, {"MESSAGE": "from 10.0.0.7"}, ["no entry"]]
    (tmp_path / "lines").write_text("\n".join(map(json.dumps, entries)) + "\nnot JSON\n", encoding="utf-8")
    assert journal("emotion-assistant.service").splitlines() == [
        "0 of 2 lines tell of people and are left out",
        "bad \N{REPLACEMENT CHARACTER} byte",
        "from (address)",
    ]


def test_an_empty_journal_says_what_to_do(tmp_path, monkeypatch):
    """Other users than root may not read it."""
    for name, value in journal_environment(tmp_path, []).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(MissingError, match="run it with sudo"):
        journal("emotion-assistant.service")
