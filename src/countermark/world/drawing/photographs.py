"""Taking a photograph: where goods stand in the picture, how light falls, what the camera adds."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from countermark.world.drawing.canvas import SIZE
from countermark.world.drawing.grounds import PHOTO, Image, ground
from countermark.world.drawing.sprites import Cutout, Goods, cutout

#: Red, green, blue, shape (height, width, 3).
Photo = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Scene:
    """How goods are photographed. Equal scenes with equal goods give equal pictures.

    Attributes:
        ground: a key of `grounds.GROUNDS`.
        seed: decides shades, wrinkles and grain.
        turn: degrees, clockwise.
        size: width of the drawing as a share of the picture.
        tilt: how far the far side is narrower, as a share; negative turns it round.
        place: middle of the goods, in shares of the picture.
        warmth: colour of the light, 0 neutral, positive like a lamp, negative like a cloudy day.
        exposure: factor on everything.
        softness: how far out of focus, in pixels.
        grain: noise of the camera, in shares of full white.
        shadow: how dark the shadow is.
        ground_seed: decides the ground alone, so that two scenes can share a room; None takes `seed`.
    """

    ground: str
    seed: int
    turn: float = 0.0
    size: float = 0.8
    tilt: float = 0.0
    place: tuple[float, float] = (0.5, 0.5)
    warmth: float = 0.0
    exposure: float = 1.0
    softness: float = 0.0
    grain: float = 0.0
    shadow: float = 0.45
    ground_seed: int | None = None


def photograph(goods: Goods, scene: Scene) -> Photo:
    """The picture of PHOTO x PHOTO pixels."""
    room = np.random.default_rng([9, scene.seed if scene.ground_seed is None else scene.ground_seed])
    dice = np.random.default_rng([11, scene.seed])
    image = ground(scene.ground, room)
    _place(image, cutout(goods), scene)
    return _developed(image, scene, dice)


def _place(image: Image, drawn: Cutout, scene: Scene) -> None:
    """Lay goods and their shadow on the ground, touching only the part of the picture where they are."""
    matrix = _matrix(drawn.shape[0], scene)
    top, bottom, left, right = _reach(matrix, drawn.shape[0])
    shifted = np.array([[1.0, 0, -left], [0, 1.0, -top], [0, 0, 1.0]]) @ matrix @ _enlarged(scene)
    laid = cv2.warpPerspective(_reduced(drawn, scene), shifted, (right - left, bottom - top), flags=cv2.INTER_LINEAR)
    planes = np.stack(cv2.split(np.asarray(laid))).astype(np.float32)
    planes *= np.float32(1 / 255)
    cover, part = planes[3], image[:, top:bottom, left:right]
    part *= (1 - scene.shadow * _shadow(cover)) * (1 - cover)
    part += planes[:3]


def _reach(matrix: npt.NDArray[np.float64], side: int) -> tuple[int, int, int, int]:
    """Top, bottom, left and right of the picture's part that goods and their shadow can touch; sides divide by 4."""
    corners = np.array([[0, 0, 1], [side, 0, 1], [side, side, 1], [0, side, 1]], float) @ matrix.T
    points = corners[:, :2] / corners[:, 2:]
    low = np.clip(np.floor((points.min(axis=0) - 40) / 4) * 4, 0, PHOTO - 4).astype(int)
    high = np.clip(np.ceil((points.max(axis=0) + 100) / 4) * 4, low + 4, PHOTO).astype(int)
    return int(low[1]), int(high[1]), int(low[0]), int(high[0])


def _reduced(drawn: Cutout, scene: Scene) -> Cutout:
    """Half as large for small pictures, so that fine lines do not flicker."""
    if not _is_small(scene):
        return drawn
    half = (drawn.shape[1] // 2, drawn.shape[0] // 2)
    return np.asarray(cv2.resize(drawn, half, interpolation=cv2.INTER_AREA), np.uint8)


def _is_small(scene: Scene) -> bool:
    return scene.size * PHOTO / SIZE < 0.6


def _enlarged(scene: Scene) -> npt.NDArray[np.float64]:
    return np.diag([2.0, 2.0, 1.0]) if _is_small(scene) else np.eye(3)


def _matrix(side: int, scene: Scene) -> npt.NDArray[np.float64]:
    """From pixels of the cutout to pixels of the photograph."""
    half = scene.size * PHOTO / 2
    narrow, wide = half * (1 - max(scene.tilt, 0)), half * (1 - max(-scene.tilt, 0))
    corners = np.array([[-narrow, -half], [narrow, -half], [wide, half], [-wide, half]])
    angle = np.radians(scene.turn)
    spin = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    target = corners @ spin + np.array(scene.place) * PHOTO
    source = np.array([[0, 0], [side, 0], [side, side], [0, side]])
    return np.asarray(cv2.getPerspectiveTransform(source.astype(np.float32), target.astype(np.float32)), float)


def _shadow(cover: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """A tight and a wide shadow below and to the right, made small because it is soft."""
    small = cv2.resize(cover, (cover.shape[1] // 4, cover.shape[0] // 4), interpolation=cv2.INTER_AREA)
    size = (small.shape[1], small.shape[0])
    near = cv2.warpAffine(cv2.GaussianBlur(small, (0, 0), 2.2), np.array([[1.0, 0, 1.5], [0, 1.0, 3.2]]), size)
    far = cv2.warpAffine(cv2.GaussianBlur(small, (0, 0), 9), np.array([[1.0, 0, 4.5], [0, 1.0, 9.2]]), size)
    soft = 0.6 * np.asarray(near, np.float32) + 0.5 * np.asarray(far, np.float32)
    large = cv2.resize(np.minimum(soft, 1), (cover.shape[1], cover.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(large, np.float32)


def _developed(image: Image, scene: Scene, dice: np.random.Generator) -> Photo:
    tint = np.array([1 + 0.5 * scene.warmth, 1, 1 - 0.6 * scene.warmth], np.float32) * (255 * scene.exposure)
    image *= tint[:, None, None]
    if scene.grain:
        coarse = dice.standard_normal((PHOTO // 2, PHOTO // 2), np.float32) * (255 * scene.grain)
        image += np.asarray(cv2.resize(coarse, (PHOTO, PHOTO), interpolation=cv2.INTER_LINEAR), np.float32)
    np.clip(image, 0, 255, out=image)
    photo = cv2.merge([plane.astype(np.uint8) for plane in image])
    if scene.softness:
        photo = cv2.GaussianBlur(photo, (0, 0), scene.softness)
    return np.asarray(photo, np.uint8)


def jpeg(photo: Photo, quality: int = 85) -> bytes:
    """The photo as JPEG bytes."""
    done, data = cv2.imencode(".jpg", photo[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise ValueError("the picture could not be written as JPEG")
    return bytes(data)
