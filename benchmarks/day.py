"""What the headset says, and when, in half an hour of a wearer's day, played at full speed.

    python benchmarks/day.py                          prints the table
    python benchmarks/day.py --write docs/day.md      puts the table into that page
    python benchmarks/day.py --others ...             plays it with the other settings of day.toml too

`day.toml` has the day: who comes and goes, the presses, the battery, the helper's page. The drawn people of the
simulated camera go through the real detector, networks, debouncer, announcer, queue and main loop, on the recording's
clock. A phrase lasts as long as the voice of the settings needs for its words. Not played are the sound, the button's
contact, the battery's chip and the page: their presses, charges and viewers are handed to the loop as those parts do.
"""

from __future__ import annotations

import json
import sys
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from shared.command_line import benchmark_parser
from shared.day_plan import Day
from shared.day_script import scripted_service

LIMITS = {"unasked_in_a_minute": 8, "talking": 0.25, "wrong": 0.1}
"""The most unasked phrases in any minute; the share of the time that is talked; the share of wrong emotions."""

UNASKED = ("presence", "emotion", "head", "attention")
MARKS = ("<!-- the table begins: python benchmarks/day.py --write docs/day.md -->", "<!-- the table ends -->")


def played(day: Day) -> tuple[list[dict[str, Any]], float]:
    """Return the events of the day, and for how many seconds the headset spoke."""
    with tempfile.TemporaryDirectory() as folder:
        events = Path(folder) / "events"
        service, script = scripted_service(day, events)
        service.run()
        return [json.loads(line) for line in events.read_text(encoding="utf-8").splitlines()], script.spoken_s


Row = tuple[float, str, str, str]


def rows(day: Day, events: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Return the time, what happens, what is shown since when, and what the headset says, in the order of time."""
    happened = [(step.at_s, step.what, "", "") for step in day.steps]
    return sorted([*happened, *_heard(day, events)], key=lambda row: row[0])


def _heard(day: Day, events: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Return a row for each thing that begins to sound, and for each that never did."""
    heard: list[Row] = []
    for event in events:
        if event.get("cut"):
            begun_s, what, shown, words = heard.pop()
            heard.append((begun_s, what, shown, f"{words} (cut off after {event['t'] - begun_s:.1f} s)"))
        elif words := _words(event):
            scene, since_s = day.shown_at(event["t"])
            heard.append((event["t"], "", f"{scene.word}, {since_s:.1f} s", words))
    return heard


def _words(event: Mapping[str, Any]) -> str:
    """Return what an event lets the wearer hear; an empty text where it is silent."""
    dropped = " (never said)" if event.get("dropped") else ""
    match event["type"]:
        case "said":
            return f"“{event['text']}”{dropped}"
        case "tone":
            return f"(tone: {event['tone']}){dropped}"
        case "guiding":
            return f"(the sound that leads: {event['guiding']})"
    return ""


def figures(day: Day, events: Sequence[Mapping[str, Any]], spoken_s: float) -> dict[str, float]:
    """Return the figures of the day."""
    said = [event for event in events if event["type"] == "said"]
    begun = [event for event in said if not (event.get("cut") or event.get("dropped"))]
    unasked = [event["t"] for event in begun if event["priority"] in UNASKED]
    emotions = [event for event in begun if event["priority"] == "emotion"]
    wrong = [event for event in emotions if not day.shown_at(event["t"])[0].is_called(event["text"])]
    times = [0.0, *(event["t"] for event in begun), day.length_s]
    return {
        "phrases": len(begun),
        "unasked": len(unasked),
        "unasked_in_a_minute": max((sum(t <= each < t + 60 for each in unasked) for t in unasked), default=0),
        "emotions": len(emotions),
        "wrong": len(wrong) / max(1, len(emotions)),
        "looks": sum(event["priority"] == "attention" for event in begun),
        "cut_off": sum(bool(event.get("cut")) for event in said),
        "dropped": sum(bool(event.get("dropped")) for event in said),
        "talking": spoken_s / day.length_s,
        "longest_silence_s": max(later - earlier for earlier, later in pairwise(times)),
    }


def table(day: Day, events: Sequence[Mapping[str, Any]]) -> str:
    """Return the rows as a table of Markdown; what happens stands in the row of what is said at once."""
    lines = ["| time | what happens | shown, for how long | the headset says |", "| --- | --- | --- | --- |"]
    for t_s, what, shown, said in rows(day, events):
        minutes, seconds = divmod(int(t_s), 60)
        lines.append(f"| {minutes}:{seconds:02} | {what} | {shown} | {said} |")
    return "\n".join(lines)


def summary(measured: Mapping[str, Mapping[str, float]]) -> str:
    """Return the figures as a table of Markdown, with a column for each way in which the day was played."""
    lines = [f"| | {' | '.join(measured)} | limit |", "| --- |" + " --- |" * (len(measured) + 1)]
    for name, words in FIGURES.items():
        limit = _figure(name, LIMITS[name]) if name in LIMITS else ""
        lines.append(f"| {words} | {' | '.join(_figure(name, each[name]) for each in measured.values())} | {limit} |")
    return "\n".join(lines)


FIGURES = {
    "phrases": "phrases that were begun",
    "unasked": "of these, unasked and no fault",
    "unasked_in_a_minute": "unasked phrases in the busiest minute",
    "emotions": "emotions said unasked",
    "wrong": "of these, another one than was shown",
    "looks": "looks said unasked",
    "cut_off": "phrases that were cut off",
    "dropped": "phrases that were dropped",
    "talking": "share of the time in which the headset talks",
    "longest_silence_s": "longest silence, seconds",
}


def _figure(name: str, value: float) -> str:
    return f"{value:.0%}" if name in ("talking", "wrong") else f"{value:.0f}"


def write(page: Path, text: str) -> None:
    """Put the text between the marks of the page."""
    begin, end = MARKS
    whole = page.read_text(encoding="utf-8")
    head, tail = whole[: whole.index(begin)], whole[whole.index(end) :]
    page.write_text(f"{head}{begin}\n\n{text}\n\n{tail}", encoding="utf-8")


def main() -> int:
    """Play the day in each way; print or write the tables; return 1 when a figure is over its limit."""
    parser = benchmark_parser(__doc__)
    parser.add_argument("--write", type=Path, metavar="FILE", help="put the tables into this page")
    parser.add_argument("--minutes", type=float, help="play only the first minutes")
    parser.add_argument("--others", action="store_true", help="play it with the other settings too, for their figures")
    arguments = parser.parse_args()
    plan = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    plan["minutes"] = arguments.minutes or plan["minutes"]
    day = Day(plan)
    measured, shown = {}, ""
    others = plan["others"] if arguments.others else {}
    for name, settings in {"as in the table": plan["settings"], **others}.items():
        events, spoken_s = played(replace(day, settings=settings))
        measured[name] = figures(day, events, spoken_s)
        shown = shown or table(day, events)
    text = f"{summary(measured)}\n\n{shown}"
    if arguments.write is None:
        print(text)
    else:
        write(arguments.write, text)
    return int(any(each[name] > limit for each in measured.values() for name, limit in LIMITS.items()))


if __name__ == "__main__":
    sys.exit(main())
