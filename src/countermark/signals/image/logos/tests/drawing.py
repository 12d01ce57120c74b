"""Invented marks and cloth for the tests (no registered mark of anybody)."""

import cv2
import numpy as np

from countermark.signals.image.logos import LogoReference


def cloth(seed=1, width=400, height=520, colour=(60, 80, 140)):
    rng = np.random.default_rng(seed)
    weave = rng.normal(0, 7, (height, width, 1)) + 6 * np.sin(np.arange(width) / 2.0)[None, :, None]
    light = np.linspace(1.15, 0.8, height)[:, None, None]
    return np.clip((np.array(colour) + weave) * light, 0, 255).astype(np.uint8)


def corvane(side=240):
    """A C around an arrow head."""
    alpha = np.zeros((side, side), np.uint8)
    middle = (side // 2, side // 2)
    cv2.ellipse(alpha, middle, (side * 2 // 5, side * 2 // 5), 0, 45, 315, 255, side // 8)
    cv2.fillPoly(
        alpha, [np.array([[side // 2, side // 3], [side * 4 // 5, side // 2], [side // 2, side * 2 // 3]])], 255
    )
    return alpha


def halcyr(side=240):
    """An H with a diamond on its bar."""
    alpha = np.zeros((side, side), np.uint8)
    bar = side // 7
    cv2.rectangle(alpha, (bar, bar), (2 * bar, side - bar), 255, -1)
    cv2.rectangle(alpha, (side - 2 * bar, bar), (side - bar, side - bar), 255, -1)
    half = side // 2
    cv2.fillPoly(alpha, [np.array([[half, half - 45], [half + 45, half], [half, half + 45], [half - 45, half]])], 255)
    cv2.line(alpha, (bar, half), (side - bar, half), 255, side // 20)
    return alpha


def ondrelle(side=240):
    """Three leaves."""
    alpha = np.zeros((side, side), np.uint8)
    for turn in (0, 120, 240):
        angle = np.deg2rad(turn - 90)
        centre = (int(side / 2 + side * 0.24 * np.cos(angle)), int(side / 2 + side * 0.24 * np.sin(angle)))
        cv2.ellipse(alpha, centre, (side // 4, side // 9), turn - 90, 0, 360, 255, -1)
    return alpha


def reference(name, alpha):
    return LogoReference(name, np.dstack([np.zeros((*alpha.shape, 3), np.uint8), alpha]))


def references():
    return [reference("corvane", corvane()), reference("halcyr", halcyr()), reference("ondrelle", ondrelle())]


def printed(photo, alpha, centre, long, turn=0.0, ink=(235, 230, 220)):
    """The photo with the mark's square (`long` pixels a side) printed around `centre`, turned by `turn` degrees."""
    scale = long / alpha.shape[0]
    small = cv2.resize(alpha, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    middle = (small.shape[1] - 1) / 2
    matrix = cv2.getRotationMatrix2D((middle, middle), -turn, 1.0)
    matrix[:, 2] += np.array(centre) - middle
    cover = cv2.warpAffine(small, matrix, (photo.shape[1], photo.shape[0])).astype(np.float32)[..., None] / 255
    return (photo * (1 - cover) + np.array(ink) * cover).astype(np.uint8)
