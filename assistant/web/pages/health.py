"""The health of the machine and the headset: a page for people, `/healthz` for monitors, `/metrics` for Prometheus."""

from __future__ import annotations

from collections.abc import Iterator

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from assistant.health.battery import Charge
from assistant.web.pages.metrics import Metrics, metrics_of, versions
from assistant.web.site import render, site_of

METRICS = "text/plain; version=0.0.4; charset=utf-8"
"""prometheus.io/docs/instrumenting/exposition_formats."""


async def show(request: Request) -> Response:
    """Show the page."""
    site = site_of(request)
    entries = [] if site.headset is None else [each for each in site.headset.feed.entries if each.kind == "fault"]
    now = metrics_of(site)
    return render(
        request, "health.html", rows=rows(now), is_well=now.is_well, faults=entries[::-1], versions=versions()
    )


async def healthz(request: Request) -> Response:
    """Answer whether all is well, and nothing more, because this needs no token."""
    well = metrics_of(site_of(request)).is_well
    return PlainTextResponse("ok\n" if well else "no pictures\n", 200 if well else 503)


async def metrics(request: Request) -> Response:
    """Answer the figures in the format of Prometheus."""
    site = site_of(request)
    faults = {} if site.headset is None else dict(site.headset.feed.counts.faults)
    return PlainTextResponse("".join(exposition(metrics_of(site), faults)), media_type=METRICS)


def rows(now: Metrics) -> list[tuple[str, str]]:
    """Return the names and the values that the page shows."""
    machine = now.machine
    shown = [("Running for", spoken_time(now.running_s))]
    if now.has_headset:
        shown += [
            ("Pictures a second", f"{now.pictures_a_second:g}"),
            ("Pictures dropped", f"{now.dropped} of {now.frames + now.dropped}"),
            ("Phrases said", str(now.said)),
            ("Mode", now.mode),
            ("Volume", f"{now.volume:.0%}" + (", muted" if now.muted else "")),
            ("Open streams", str(now.viewers)),
            ("Battery", _battery(now.charge)),
        ]
    return [
        *shown,
        ("Temperature", _known(machine.temperature_c, "{:.0f} °C")),
        ("Voltage", _known(machine.voltage_is_low, {True: "too low", False: "good"})),
        ("Speed", _known(machine.is_throttled, {True: "slowed down", False: "full"})),
        ("Memory", _known(now.memory_bytes and now.memory_bytes / 1e6, "{:.0f} MB")),
        ("Disk", _known(machine.free_bytes and machine.free_bytes / 1e9, "{:.1f} GB free")),
    ]


def exposition(now: Metrics, faults: dict[str, int]) -> Iterator[str]:
    """Yield the lines of `/metrics`."""
    machine = now.machine
    figures = [
        ("uptime_seconds", "gauge", "Seconds since the program started", now.running_s),
        ("memory_bytes", "gauge", "Resident memory of the program", now.memory_bytes),
        ("temperature_celsius", "gauge", "Temperature of the processor", machine.temperature_c),
        ("voltage_low", "gauge", "Whether the supply voltage is too low now", machine.voltage_is_low),
        ("throttled", "gauge", "Whether the processor is slowed down now", machine.is_throttled),
        ("disk_free_bytes", "gauge", "Free bytes of the disk with the rendered phrases", machine.free_bytes),
        ("well", "gauge", "Whether the headset receives pictures", now.is_well),
    ]
    if now.has_headset:
        percent = None if now.charge is None else now.charge.percent
        figures += [
            ("frames_per_second", "gauge", "Pictures a second over the last five seconds", now.pictures_a_second),
            ("frames_total", "counter", "Pictures that the headset took", now.frames),
            ("frames_dropped_total", "counter", "Pictures that the headset dropped", now.dropped),
            ("faces_total", "counter", "Faces that appeared", now.faces),
            ("phrases_total", "counter", "Phrases that were said", now.said),
            ("battery_percent", "gauge", "Charge of the battery", percent),
            ("streams", "gauge", "Open streams of pictures and events", now.viewers),
        ]
    for name, kind, what, value in figures:
        if value is not None:
            yield from _metric(name, kind, what, {"": float(value)})
    if faults:
        labelled = {f'{{fault="{fault}"}}': float(count) for fault, count in faults.items()}
        yield from _metric("faults_total", "counter", "Faults that began or ended", labelled)


def _metric(name: str, kind: str, what: str, values: dict[str, float]) -> Iterator[str]:
    full = f"emotion_assistant_{name}"
    yield f"# HELP {full} {what}\n# TYPE {full} {kind}\n"
    for labels, value in values.items():
        yield f"{full}{labels} {value:.10g}\n"


def spoken_time(seconds: float) -> str:
    """Return a time in hours and minutes, or in seconds when it is less than two minutes."""
    minutes, hours = int(seconds // 60) % 60, int(seconds // 3600)
    if seconds < 120:
        return f"{seconds:.0f} seconds"
    return f"{hours} hours, {minutes} minutes" if hours else f"{minutes} minutes"


def _battery(charge: Charge | None) -> str:
    if charge is None:
        return _known(None, "")
    return f"{charge.percent:.0f}%" + (", charging" if charge.is_charging else "")


def _known(value: float | bool | None, words: str | dict[bool, str]) -> str:
    if value is None:
        return "not known on this machine"
    return words.format(value) if isinstance(words, str) else words[bool(value)]
