"""What the logo search sees of a picture: edges without polarity and without colour."""

import cv2
import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
Field = npt.NDArray[np.float32]

CHANNELS = 3
_KEEP = 4.0  # grey levels added under the local mean, so that flat cloth and JPEG noise stay weak


def edge_field(rgb: Pixels) -> Field:
    """Double-angle edge field of an RGB picture (H, W, 3): float32 (3, H, W).

    The colour structure tensor (Di Zenzo 1986) summed over channels gives direction modulo 180 degrees, so a black
    mark on white and a white mark on black look the same. Channels: strength x cos 2a, strength x sin 2a, strength;
    strength is divided by its own local mean, so that shade and faint print do not matter much.
    """
    smooth = rgb.astype(np.float32)
    dx = cv2.Sobel(smooth, cv2.CV_32F, 1, 0, ksize=3, scale=0.25, borderType=cv2.BORDER_REPLICATE)
    dy = cv2.Sobel(smooth, cv2.CV_32F, 0, 1, ksize=3, scale=0.25, borderType=cv2.BORDER_REPLICATE)
    along = (dx * dx - dy * dy).sum(axis=2)
    across = (2.0 * dx * dy).sum(axis=2)
    energy = np.sqrt((dx * dx + dy * dy).sum(axis=2))
    mean = cv2.blur(energy, (33, 33), borderType=cv2.BORDER_REFLECT)
    scale = 1.0 / (2.0 * mean + _KEEP)
    strength = energy * scale
    norm = np.sqrt(along * along + across * across) + 1e-3
    return np.stack([strength * along / norm, strength * across / norm, strength]).astype(np.float32)
