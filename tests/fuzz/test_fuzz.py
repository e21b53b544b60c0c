"""Tests of the fuzzing: what counts as a fault, that a seed gives the same inputs, and that some inputs end well."""

import multiprocessing
import os
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor

import pytest

from tests.fuzz.case import Case, Result
from tests.fuzz.child import ROOT, started
from tests.fuzz.kinds import KINDS, LIGHT, missing, shared_out
from tests.fuzz.report import Report
from tests.fuzz.seeds import write_seeds
from tests.fuzz.verdict import faults, stamps
from tests.fuzz.worker import drawn

FAST = [name for name, kind in KINDS.items() if kind.group is LIGHT and not missing(name)]
DECODED = [name for name in FAST if name in ("pictures", "videos", "folders", "models", "cards")]
"""OpenCV or the interpreter reads the inputs of these kinds."""
WRITTEN = [name for name in FAST if name not in DECODED]

WRONG = {
    "raise ValueError('inside')": "traceback",
    "os.kill(os.getpid(), 11)": "signal",
    "threading.Event().wait()": "hang",
    "sys.exit(7)": "exit code",
    "sys.exit(1)": "words",
    "print(chr(27) + '[2J')": "words",
    "open('../out/a.json', 'w').write('{'); sys.exit('a word')": "half-written",
    "open('../out/a.json', 'w').write('NaN')": "half-written",
    "open('../in.txt', 'a').write('more')": "half-written",
    "open('beside', 'w')": "half-written",
    "bytearray(200 << 20)": "memory",
}
RIGHT = ("pass", "open('../out/a.json', 'w').write('{}')", "sys.exit('one line')", "open('../home/own', 'w')")


def _found(folder, code):
    """Return the faults of a program that does this."""
    (folder / "program").mkdir()
    (folder / "program" / "wrong.py").write_text(f"import os, sys, threading\n{code}\n", encoding="ascii")
    case = folder / "case"
    for each in (case, case / "cwd", case / "out", case / "home"):
        each.mkdir()
    (case / "in.txt").write_text("in", encoding="ascii")
    before = stamps(case)
    command = Case("", "wrong", (), environment={"PYTHONPATH": str(folder / "program")})
    ended = started(command, case, patience_s=3.0)
    return [name for name, _ in faults(command, case, before, ended, most_mb=150)]


@pytest.fixture(scope="module")
def found():
    """Return the same for a program that a small process starts: a child counts its parent's memory as its own."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as small:
        yield lambda folder, code: small.submit(_found, folder, code).result()


@pytest.mark.parametrize(("code", "fault"), WRONG.items(), ids=WRONG.keys())
def test_what_is_wrong_is_seen(tmp_path, found, code, fault):
    """Each fault has its name, and no other fault is found."""
    assert found(tmp_path, code) == [fault]


@pytest.mark.parametrize("code", RIGHT)
def test_what_is_right_is_not_counted(tmp_path, found, code):
    """Whole outputs, one line with code 1, and files in the program's own home are no faults."""
    assert found(tmp_path, code) == []


def test_what_waits_for_more_must_end_when_told_to(tmp_path):
    """A command may wait for a pipe that nobody writes to, until it gets a signal."""
    (tmp_path / "wait.py").write_text(
        "import signal, sys, threading\n"
        "if sys.argv[1:] == ['deaf']: signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "threading.Event().wait()\n",
        encoding="ascii",
    )
    (tmp_path / "cwd").mkdir()
    environment = {"PYTHONPATH": str(tmp_path)}
    for words, hangs in (((), False), (("deaf",), True)):
        case = Case("", "wait", words, environment=environment, may_wait=True)
        ended = started(case, tmp_path, patience_s=3.0)
        assert ended.hung is hangs
        assert bool(faults(case, tmp_path, {}, ended, most_mb=1000)) is hangs


def test_what_is_closed_is_closed_to_root_too(tmp_path):
    """A file without rights cannot be read, also when root runs the tests."""
    (tmp_path / "read.py").write_text("open('closed').read()\n", encoding="ascii")
    (tmp_path / "cwd").mkdir()
    (tmp_path / "cwd" / "closed").touch(0)
    case = Case("", "read", (), environment={"PYTHONPATH": str(tmp_path)}, overrides_rights=False)
    ended = started(case, tmp_path, patience_s=20.0)
    assert (ended.code, "PermissionError" in (tmp_path / "stderr").read_text()) == (1, True)


@pytest.fixture(scope="module")
def seeds(tmp_path_factory):
    """Return the folder of the valid inputs."""
    folder = tmp_path_factory.mktemp("valid")
    write_seeds(folder / "seeds", keras=False)
    return folder / "seeds"


@pytest.mark.parametrize("kind", [*FAST, "socket", "page", "tls"])
def test_the_same_seed_gives_the_same_inputs(tmp_path, seeds, kind):
    """The inputs are equal to the byte, and another seed gives other inputs."""
    drawn_thrice = []
    for number, seed in enumerate((3, 3, 4)):
        folder = tmp_path / str(number)
        folder.mkdir()
        cases = [drawn(seed, kind, 1, folder, seeds)]
        files = sorted(path for path in folder.rglob("*") if path.is_file() and path.stat().st_size < 1 << 30)
        here = str(folder).encode()
        content = [(path.relative_to(folder), path.read_bytes().replace(here, b"")) for path in files]
        drawn_thrice.append((str(cases).replace(str(folder), ""), content))
    assert drawn_thrice[0] == drawn_thrice[1]
    assert drawn_thrice[0] != drawn_thrice[2]


def test_each_kind_has_its_share():
    """Every kind has one input at least, also of a small number."""
    assert min(shared_out(10, KINDS).values()) == 1
    assert 9_900 < sum(shared_out(10_000, KINDS).values()) < 10_100


def test_failures_that_are_alike_are_told_once():
    """Equal failures are one line, with their number and the first input."""
    report = Report()
    for number in (5, 3):
        report.add(Result("cards", number, "a list", "assistant look", 1, 0.1, (("traceback", f"KeyError: {number}"),)))
    report.add(Result("cards", 4, "", "", 0, 0.1))
    lines = list(report.failures())
    assert lines[0] == "2 x cards: traceback: 'KeyError: 3'"
    assert (report.tried, report.failed, len(lines)) == (3, 2, 3)


@pytest.mark.parametrize(
    ("kinds", "count"), [pytest.param(DECODED, 60, marks=pytest.mark.runtime, id="decoded"), (WRITTEN, 40)]
)
def test_some_of_each_fast_kind(tmp_path, kinds, count):
    """None of these inputs with a fixed seed shows a fault."""
    command = [sys.executable, "-m", "tests.fuzz", "--count", str(count), "--seed", "2013", "--workers", "2"]
    ran = subprocess.run(
        [*command, "--keep", str(tmp_path / "kept"), "--kinds", *kinds],
        cwd=ROOT,
        env=os.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert not (tmp_path / "kept").exists()
