"""The usual way to find copies beyond a hash: ORB corners, faiss votes, RANSAC."""

import cv2
import faiss
import numpy as np


class OrbPeer:
    """500 corners at 400 pixels, all references in one flat binary index, 10 candidates checked, 12 inliers count.

    As measured in many copy detectors: `cv2.findHomography` with RANSAC, 5 pixels; no mirror, no pixels compared.
    """

    side, corners, candidates, inliers = 400, 500, 10, 12

    def __init__(self, references: dict[str, bytes]) -> None:
        self._orb = cv2.ORB_create(self.corners)
        self._names = list(references)
        self._points, bits, owner = [], [], []
        for number, data in enumerate(references.values()):
            points, described = self._features(data)
            self._points.append((points, described))
            bits.append(described)
            owner += [number] * len(described)
        self._owner = np.array(owner)
        faiss.omp_set_num_threads(1)
        self._index = faiss.IndexBinaryHash(256, 16)
        self._index.nflip = 1
        self._index.add(np.concatenate(bits))

    def seen(self, data: bytes) -> set[str]:
        """Names of the references that verify."""
        points, described = self._features(data)
        if not len(described):
            return set()
        _, nearest = self._index.search(described, 2)
        found = nearest.ravel()
        votes = np.bincount(self._owner[found[found >= 0]], minlength=len(self._names))
        return {
            self._names[number]
            for number in np.argsort(-votes, kind="stable")[: self.candidates]
            if votes[number] and self._verified(points, described, *self._points[number])
        }

    def _verified(self, points: np.ndarray, bits: np.ndarray, other: np.ndarray, other_bits: np.ndarray) -> bool:
        if not len(other_bits):
            return False
        pairs = cv2.BFMatcher(cv2.NORM_HAMMING, crossCheck=True).match(bits, other_bits)
        if len(pairs) < self.inliers:
            return False
        here = np.float32([points[m.queryIdx] for m in pairs])
        there = np.float32([other[m.trainIdx] for m in pairs])
        _, mask = cv2.findHomography(there, here, cv2.RANSAC, 5.0)
        return mask is not None and int(mask.sum()) >= self.inliers

    def _features(self, data: bytes) -> tuple[np.ndarray, np.ndarray]:
        grey = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
        share = self.side / max(grey.shape)
        grey = cv2.resize(grey, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
        found, described = self._orb.detectAndCompute(grey, None)
        points = np.array([k.pt for k in found], np.float32).reshape(-1, 2)
        return points, np.zeros((0, 32), np.uint8) if described is None else described
