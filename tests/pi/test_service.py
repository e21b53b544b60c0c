"""The service on a booted Debian 13 when something fails; docs/service.md has the table of the results."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from tests.pi import desktop, devices, trees
from tests.pi.booted import (
    ASSISTANT,
    CAMERA,
    RECIPE,
    SETTINGS,
    STARTING,
    UNIT,
    Machine,
    booted,
    load,
    new_tree,
    wait,
)
from tests.pi.program import needed_wheels, wheel_in
from tests.pi.service_faults import CASES, LIVELY, RESTART, SETTINGS_FILE, TOLD_FILE, Case

WITHIN_S = 10.0
STOPS_WITHIN_S = 2.0
"""On a machine that does nothing else; on a busy one so many times longer."""
Record = Callable[[str, object], None]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the tree of a machine on which the program was installed."""
    path = new_tree("service")
    wheel = wheel_in(tmp_path_factory.mktemp("wheel"))
    folders = (
        f"--bind-ro={needed_wheels(trees.made(RECIPE))}:/srv/wheels",
        f"--bind-ro={wheel.parent}:/srv/wheel",
    )
    with booted(path, *folders) as machine:
        machine.camera(CAMERA)
        machine.write(SETTINGS_FILE, SETTINGS)
        machine.write("etc/wrong-clock", "+0\n")
        print(
            machine.check(
                "/srv/clone/systemd/install.sh", "--wheel", f"/srv/wheel/{wheel.name}", "--wheels", "/srv/wheels"
            )
        )
    return path


@pytest.fixture(scope="module")
def machine(tree: Path) -> Iterator[Machine]:
    """Yield the machine, switched on, while the service runs."""
    before = Machine(tree, 0).sounds()
    with booted(tree) as started:
        hear_any(started, before, LIVELY, 60)
        yield started


@pytest.fixture(scope="module")
def table() -> Iterator[list[Sequence[object]]]:
    """Yield rows of fault, expected, seen and seconds, which are written into the folder of the trees at the end."""
    rows: list[Sequence[object]] = [("fault", "expected", "seen", "seconds"), ("---", "---", "---", "---")]
    yield rows
    text = "".join(f"| {' | '.join(map(str, row))} |\n" for row in rows)
    (trees.FOLDER / "service-faults.md").write_text(text, encoding="utf-8")
    print(f"\n{text}")


def hear_any(machine: Machine, before: dict[str, int], phrases: frozenset[str], within_s: float) -> float:
    """Wait for one of these phrases, and return the seconds that took."""
    try:
        return wait(lambda: phrases & set(machine.heard(before)), within_s * load())
    except AssertionError:
        raise AssertionError(f"heard {machine.heard(before)}, not {phrases}\n{machine.journal()[-3000:]}") from None


@pytest.mark.parametrize("name", CASES)
def test_a_fault_is_mended_or_told(
    machine: Machine, table: list[Sequence[object]], record_property: Record, name: str
) -> None:
    """Within ten seconds the headset speaks again or says why not, and it works when the fault is over."""
    case = CASES[name]
    try:
        seen, seconds = observe(machine, case)
    finally:
        mend(machine, case)
    noticed = f", with the watchdog's {case.noticed_s:g} at most" if case.noticed_s else ""
    table.append((name, case.expected, seen, f"{seconds:.1f}{noticed}"))
    record_property("seen", f"{seen}, {seconds:.1f} s")


def observe(machine: Machine, case: Case) -> tuple[str, float]:
    """Return what is heard after a fault, and after how many seconds."""
    before, cursor, restarts = machine.sounds(), machine.cursor(), int(machine.property("NRestarts"))
    machine.shell(case.breaks)
    if case.said == LIVELY:
        before = machine.sounds()  # what it said before does not count
    seconds = hear_any(machine, before, case.said, WITHIN_S + case.noticed_s)
    wait(lambda: machine.property("ActiveState") == "failed" if case.ends else True, 10 * load())
    assert case.journal in machine.journal(cursor)
    if case.tries:
        wait(lambda: int(machine.property("NRestarts")) >= case.tries, 30 * load())
        assert len(played(machine, before)) == 1, "it was said again"
    assert case.restarts or int(machine.property("NRestarts")) <= restarts
    heard = dict.fromkeys(phrase for phrase in machine.heard(before) if phrase in case.said)
    return f"{', '.join(heard)}; {'off' if case.ends else 'on'}", seconds


def played(machine: Machine, before: dict[str, int]) -> list[str]:
    """Return what sounded since `before`, from programs that have opened the sound device since then."""
    return [name for name in machine.sounds() if name not in before and machine.samples(name).any()]


def mend(machine: Machine, case: Case) -> None:
    """Remove the cause, and wait until the headset speaks again."""
    before = machine.sounds()
    if case.mends:
        machine.shell(case.mends)
    hear_any(machine, before, LIVELY, 30)


@pytest.fixture
def without_camera(machine: Machine) -> Iterator[Machine]:
    """Yield a machine that has said that its camera is gone, and is silent."""
    before = machine.sounds()
    machine.shell(CASES["no camera"].breaks)
    hear_any(machine, before, frozenset({"the camera is gone"}), WITHIN_S)
    wait(lambda: "camera_lost" in machine.run("cat", TOLD_FILE).stdout, WITHIN_S * load())
    yield machine
    mend(machine, CASES["no camera"])


def test_a_fault_that_was_said_is_not_said_again_after_a_restart(without_camera: Machine) -> None:
    """A press is answered meanwhile."""
    machine = without_camera
    assert "no camera" in machine.property("StatusText")
    before = machine.sounds()
    machine.shell(f"systemctl kill -s KILL --kill-whom=main {UNIT}")
    hear_any(machine, before, frozenset({"ready"}), WITHIN_S)
    told = wait_for_answer(machine)
    assert "no picture from the camera" in told
    assert "the camera is gone" not in machine.heard(before)


def wait_for_answer(machine: Machine) -> str:
    """Return the answer to a press."""
    wait(lambda: machine.run(ASSISTANT, "ctl", "tell").returncode == 0, WITHIN_S * load())
    return machine.check(ASSISTANT, "ctl", "tell")


def test_a_reload_takes_up_the_settings(machine: Machine) -> None:
    """The same program goes on with the new settings."""
    before, program = machine.sounds(), machine.property("MainPID")
    machine.shell(f"printf '[announce]\\nhappy = \"hedged\"\\n' >>{SETTINGS_FILE}; systemctl reload {UNIT}")
    hear_any(machine, before, frozenset({"maybe happy"}), 20)
    assert machine.property("MainPID") == program
    machine.write(SETTINGS_FILE, SETTINGS)
    machine.shell(f"systemctl reload {UNIT}")


def test_it_stops_within_two_seconds_and_says_so(machine: Machine, table: list[Sequence[object]]) -> None:
    """By systemd's clock, everything has ended two seconds after the order; the last phrase outlives the signal."""
    before = machine.sounds()
    machine.check("systemctl", "stop", UNIT)
    begun, ended = (int(machine.property(f"{name}TimestampMonotonic")) for name in ("ActiveExit", "InactiveEnter"))
    took_s = (ended - begun) / 1e6
    assert 0 < took_s < STOPS_WITHIN_S * load()
    assert machine.property("Result") == "success"
    hear_any(machine, before, frozenset({"stopping"}), 10)
    seconds = f"{took_s:.1f}, by systemd's clock"
    table.append(("`systemctl stop`", "says so and stops within 2 s", "stopping; off", seconds))
    mend(machine, Case("", "", mends=RESTART))


def test_it_is_closed(machine: Machine, record_property: Record) -> None:
    """The service has no network, no rights and no other files; systemd rates its exposure at 1.5 at most."""
    examined = machine.run("systemd-analyze", "security", "--no-pager", "--threshold=15", UNIT)
    record_property("security", examined.stdout.splitlines()[-1])
    assert examined.returncode == 0, examined.stdout
    assert machine.run("systemd-analyze", "verify", f"{UNIT}.service").stderr == ""
    program = machine.property("MainPID")
    status = machine.check("cat", f"/proc/{program}/status")
    record_property("memory", next(line for line in status.splitlines() if line.startswith("VmHWM")))
    assert "NoNewPrivs:\t1" in status
    assert "CapEff:\t0000000000000000" in status
    inside = ("nsenter", "-t", program, "-m", "-n")
    assert machine.check(*inside, "cat", "/proc/net/dev").count(":") == 1  # the loop alone
    for folder in ("/etc", "/opt", "/usr", "/srv"):  # even for root
        assert "Read-only file system" in machine.run(*inside, "touch", f"{folder}/written").stderr, folder


@pytest.mark.parametrize("kind", devices.KINDS)
def test_it_may_open_its_devices_and_no_others(machine: Machine, kind: str) -> None:
    """The kernel refuses other devices, even to root in the service's place."""
    assert devices.may_open(machine, kind) is (kind in devices.ITS_OWN)


@pytest.fixture
def session(machine: Machine) -> Iterator[Machine]:
    """Yield a machine with a person's desktop, whose service was set up for it as docs/service.md says."""
    desktop.make_person(machine)
    machine.write(f"etc/systemd/system/{UNIT}.service.d/session.conf", desktop.documented())
    machine.write(SETTINGS_FILE, f'{SETTINGS}device = "pulse"\n')
    yield machine
    machine.write(SETTINGS_FILE, SETTINGS)
    mend(machine, Case("", "", mends=f"rm /etc/systemd/system/{UNIT}.service.d/session.conf; {RESTART}"))


def test_it_plays_through_the_session_of_a_desktop(session: Machine, record_property: Record) -> None:
    """With either sound server, all phrases come from the session."""
    for server in desktop.SERVERS:
        desktop.serve(session, server)
        before = session.sounds()
        session.shell(RESTART)
        record_property(server, f"{wait(lambda: LIVELY & desktop.recorded(session), 30 * load()):.1f} s")
        assert not played(session, before)


def test_power_cut_at_any_moment(tree: Path, machine: Machine, table: list[Sequence[object]]) -> None:
    """The service starts with the power, also after a cut in the middle of its start."""
    machine.power_off()
    before = Machine(tree, 0).sounds()
    for alive_s in (0.3, 1.0, 2.0):
        with booted(tree, states=STARTING) as again:
            time.sleep(alive_s)
            again.cut_power()
    begun_s = time.monotonic()
    with booted(tree, states=STARTING) as again:
        hear_any(again, before, LIVELY, 30)
    seconds = f"{time.monotonic() - begun_s:.1f} with the system's start"
    table.append(("the power is cut, thrice while it starts", "speaks again", "looks happy; on", seconds))


def test_on_a_read_only_root(tree: Path, machine: Machine, table: list[Sequence[object]]) -> None:
    """The service speaks although what it writes is kept in memory only."""
    before, begun_s = Machine(tree, 0).sounds(), time.monotonic()
    with booted(tree, "--volatile=overlay", states=STARTING) as volatile:
        hear_any(volatile, before, LIVELY, 30)
    seconds = f"{time.monotonic() - begun_s:.1f} with the system's start"
    table.append(("the root is read-only, with an overlay in memory", "speaks", "looks happy; on", seconds))
