"""Draws scenes without people: clouds of several sizes, stripes, shapes with soft rims, noise."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Gray = npt.NDArray[np.uint8]

SCENE_PX = 320


def drawn_scene(rng: np.random.Generator) -> Gray:
    """Draw a gray scene, uint8 [320, 320]: clouds of several sizes, stripes, shapes with soft rims, noise."""
    scene = clouds(rng)
    if rng.random() < 0.5:
        scene += rng.uniform(10, 60) * _stripes(rng)
    for _ in range(int(rng.integers(0, 60))):
        _shape(scene, rng)
    scene += rng.normal(0, rng.uniform(0, 12), scene.shape)
    low, high = np.percentile(scene, (1, 99))
    dark, bright = rng.uniform(0, 90), rng.uniform(150, 255)
    return np.asarray(np.clip(dark + (scene - low) / max(high - low, 1) * (bright - dark), 0, 255), dtype=np.uint8)


def clouds(rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Draw noise of a few octaves, float64 [320, 320], which looks like foliage, cloth or plaster."""
    scene = np.zeros((SCENE_PX, SCENE_PX))
    roughness = rng.uniform(0.3, 1.0)
    for octave in range(2, 8):
        cells = rng.normal(0, 60, (2**octave, 2**octave))
        size = (SCENE_PX, SCENE_PX)
        scene += roughness**octave * cv2.resize(cells, size, interpolation=cv2.INTER_CUBIC)
    return np.asarray(scene / max(scene.std(), 1e-6) * rng.uniform(5, 60), dtype=np.float64)


def _stripes(rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Waves in one direction or in two, which look like blinds, shelves or bricks."""
    down, across = np.mgrid[:SCENE_PX, :SCENE_PX]
    angle, length = rng.uniform(0, np.pi), rng.uniform(8, 80)
    waves = np.sin(2 * np.pi * (np.cos(angle) * across + np.sin(angle) * down) / length)
    if rng.random() < 0.5:
        waves = np.sign(waves)
    if rng.random() < 0.5:
        waves = waves * np.sin(2 * np.pi * (np.sin(angle) * across - np.cos(angle) * down) / rng.uniform(8, 80))
    return np.asarray(waves, dtype=np.float64)


def _shape(scene: npt.NDArray[np.float64], rng: np.random.Generator) -> None:
    """Draw a box or an ellipse in one gray level, sometimes with a blurred rim, into the scene."""
    level = float(rng.normal(0, 80))
    x, y = (int(each) for each in rng.integers(0, SCENE_PX, 2))
    width, height = (int(each) for each in rng.integers(4, 90, 2))
    mask = np.zeros(scene.shape, np.float64)
    if rng.random() < 0.5:
        cv2.ellipse(mask, (x, y), (width // 2 + 1, height // 2 + 1), float(rng.uniform(0, 180)), 0, 360, 1.0, -1)
    else:
        cv2.rectangle(mask, (x, y), (x + width, y + height), 1.0, -1)
    if rng.random() < 0.4:
        mask = np.asarray(cv2.GaussianBlur(mask, (0, 0), float(rng.uniform(1, 5))), np.float64)
    scene += mask * (level - 0.7 * scene)
