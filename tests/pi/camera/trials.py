"""Runs in the tree: what is tried with the camera adapter, by name; each prints as JSON what it saw.

`command ARGUMENT...` runs the command `assistant` with that camera.
"""

import gc
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from itertools import pairwise
from pathlib import Path

import virtual_camera  # must come before the adapter opens anything

from assistant.app.configuration.settings import Settings
from assistant.camera.drivers.picamera import PicameraSource
from assistant.cli.main import main
from assistant.emotion.perception import Perception
from assistant.emotion.tflite import TFLiteClassifier
from assistant.errors import CameraError
from assistant.face.detectors.registry import build_detector
from assistant.face.scan import ScanSchedule
from assistant.face.tracker import FaceTracker
from assistant.networks.shipped import shipped_model

CARRIED = Path("/carried")
FRAMES = 200
STUCK_S = 8.0


def source():
    """Return the camera driver as the program makes it."""
    return PicameraSource(640, 480, 15)


def frames():
    """Send 200 frames through the whole pipeline."""
    settings, camera = Settings(), source()
    schedule = ScanSchedule(settings.search)
    tracker = FaceTracker(settings.tracking, settings.debounce.lost_s)
    perception = Perception(build_detector(), TFLiteClassifier(shipped_model()), tracker, schedule)
    camera.open()
    began_s = time.monotonic()
    seen, means = [], []
    for _ in range(FRAMES):
        frame = camera.grab()
        means.append(round(float(frame.gray.mean()), 1))
        seen.append(perception.perceive(frame.gray, frame.t_s))
    seconds = time.monotonic() - began_s
    camera.close()
    judged = [each.face.scores for each in seen if each.face is not None and each.face.scores is not None]
    best = [str(scores.best) for scores in judged]
    return {"frames": len(seen), "shape": frame.gray.shape, "means": means, "best": best, "seconds": seconds}


def reopened():
    """Open and close the camera again and again; give the threads and open files after the first and the last time."""
    camera, left = source(), []
    for _ in range(5):
        camera.open()
        camera.grab()
        camera.close()
        gc.collect()  # Picamera2 leaves circles
        left.append([threading.active_count(), len(os.listdir("/proc/self/fd"))])
    return {"left": left}


def unplugged():
    """Remove the camera while it is closed, then plug it in again."""
    camera = source()
    camera.open()
    camera.close()
    tell("unplugged", True)
    complaints = [complaint(camera.open) for _ in range(2)]
    tell("unplugged", False)
    camera.open()
    shape = camera.grab().gray.shape
    camera.close()
    return {"complaints": complaints, "shape": shape}


def no_pictures():
    """Stop the pictures during a run, and open the camera again, first without success."""
    camera = source()
    camera.open()
    camera.grab()
    tell("no-pictures", True)
    complaints = [complaint_of_grabbing(camera)]
    camera.close()
    camera.open()
    complaints.append(complaint_of_grabbing(camera))
    tell("no-pictures", False)
    camera.close()
    camera.open()
    shape = camera.grab().gray.shape
    camera.close()
    return {"complaints": complaints, "shape": shape}


def stuck():
    """Let the driver hang for a while; give also how long Python stood still meanwhile."""
    camera = source()
    camera.open()
    camera.grab()
    tell("stuck", True)
    subprocess.Popen(["sh", "-c", f"sleep {STUCK_S}; rm {CARRIED}/stuck"])  # a thread might stand still too
    ticks = Ticks()
    complaints = [complaint_of_grabbing(camera)]
    camera.close()
    stood_still_s = ticks.longest_pause_s()
    camera.open()
    shape = camera.grab().gray.shape
    camera.close()
    return {"complaints": complaints, "stood_still_s": stood_still_s, "shape": shape}


def hung():
    """Let the driver hang for ever, in a picture and while it is closed."""
    camera = source()
    camera.open()
    camera.grab()
    tell("stuck", True)
    complaint_of_grabbing(camera)
    tell("closing", True)
    camera.close()


def modes():
    """Give the configurations of a camera with modes, opened twice, and how long each opening takes."""
    virtual_camera.give_modes(
        {(1536, 864): (768, 432, 3072, 1728), (2304, 1296): (0, 0, 4608, 2592), (4608, 2592): (0, 0, 4608, 2592)}
    )
    camera, configurations, counts, times_s = source(), [], [], []
    for _ in range(2):
        began_s = time.monotonic()
        camera.open()
        times_s.append(time.monotonic() - began_s)
        configuration = camera._camera.camera_configuration()
        configurations.append([configuration["sensor"], configuration["raw"], camera.grab().gray.shape])
        counts.append(camera._camera.configure_count)
        camera.close()
    return {"configurations": configurations, "counts": counts, "times_s": times_s}


def short():
    """Give the configuration of a camera whose three modes need more memory than there is, opened twice."""
    shown = {(1536, 864): (768, 432, 3072, 1728), (2304, 1296): (0, 0, 4608, 2592), (4608, 2592): (0, 0, 4608, 2592)}
    virtual_camera.give_modes({None: (768, 432, 3072, 1728), **shown})
    virtual_camera.OwnBuffers.refused = len(shown)
    camera, configurations = source(), []
    for _ in range(2):
        camera.open()
        configuration = camera._camera.camera_configuration()
        configurations.append([configuration["sensor"], configuration["raw"], camera.grab().gray.shape])
        camera.close()
    return {"configurations": configurations, "still refused": virtual_camera.OwnBuffers.refused}


def plain():
    """Give the configuration of a camera without modes and with a fixed lens, and how long the opening takes."""
    camera = source()
    camera.open()
    opened = camera._camera
    configuration = opened.camera_configuration()
    controls = sorted(opened.camera_controls)
    opened.stop()
    times_s = []
    for _ in range(10):
        began_s = time.monotonic()
        opened.configure(configuration)
        times_s.append(time.monotonic() - began_s)
    camera.close()
    return {
        "sensor": configuration["sensor"],
        "controls asked for": sorted(configuration["controls"]),
        "controls": controls,
        "configured_s": statistics.median(times_s),
    }


class Ticks:
    """A thread that wants to run twenty times a second."""

    def __init__(self):
        self._times_s = [time.monotonic()]
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self):
        while not self._stop.wait(0.05):
            self._times_s.append(time.monotonic())

    def longest_pause_s(self):
        """Return the longest time between two ticks, and end the thread."""
        self._stop.set()
        self._thread.join()
        return max(after - before for before, after in pairwise([*self._times_s, time.monotonic()]))


def tell(name, on):
    """Do this to the camera; world.c lists what can be done."""
    (CARRIED / name).touch() if on else (CARRIED / name).unlink()


def complaint_of_grabbing(camera):
    """Grab up to twenty frames, since some may be under way, and return the error."""

    def grab():
        for _ in range(20):
            camera.grab()

    return complaint(grab)


def complaint(attempt):
    """Return the error of the driver, and after how many seconds it was raised."""
    began_s = time.monotonic()
    try:
        attempt()
    except CameraError as error:
        return [str(error), time.monotonic() - began_s]
    return ["nothing", 0]


TRIALS = {each.__name__: each for each in (frames, modes, short, plain, reopened, unplugged, no_pictures, stuck, hung)}

if __name__ == "__main__":
    if sys.argv[1] == "command":
        sys.exit(main(sys.argv[2:]))
    print(json.dumps(TRIALS[sys.argv[1]]()))
