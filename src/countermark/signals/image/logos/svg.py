"""Registered marks as SVG, drawn to pixels: shapes and flat inks only, bounded, nothing fetched, nothing run.

An SVG is hostile until shown otherwise. A file with a script, an entity, a picture, text or a reference to anything is
refused with words on how to mend it; what is left is polygons.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from io import BytesIO
from xml.etree.ElementTree import Element, ParseError

import cv2
import numpy as np
import numpy.typing as npt
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from countermark.signals.image.logos.svg_ink import Style, style_of, styles_of_classes
from countermark.signals.image.logos.svg_path import outlines

MOST_BYTES, MOST_ELEMENTS, MOST_DEPTH, MOST_POINTS = 1 << 20, 5_000, 40, 200_000
_SHIFT, _FINE = 4, 2  # sub-pixel bits of fillPoly; drawn twice as large and averaged
_POLYGON_COST, _STROKE_COST = 100, 20
_REACH = 1 << 20  # coordinates beyond are cut: fillPoly works in 32 bits
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_TRANSFORM = re.compile(r"(matrix|translate|scale|rotate|skewX|skewY)\s*\(([^)]*)\)")
_UNSEEN = {"defs", "clipPath", "mask", "symbol", "marker", "pattern", "title", "desc", "metadata", "style"} | {
    "linearGradient", "radialGradient", "filter", "namedview"
}  # fmt: skip
_REFUSED = {
    "script": "it holds a script; export it as plain SVG",
    "foreignObject": "it holds a foreign object; export it as plain SVG",
    "text": "it holds text; turn the text into outlines",
    "image": "it holds a picture; give the picture itself as PNG",
    "use": "it repeats elements by reference; expand (flatten) it",
}
Matrix = npt.NDArray[np.float64]
Pixels = npt.NDArray[np.uint8]


class RefusedSvg(ValueError):
    """Why an SVG cannot be a reference, and how to mend it."""


@dataclass
class _Canvas:
    """Pixels drawn so far, with what is left of the budget."""

    rgba: Pixels
    points: int = 0
    classes: dict[str, dict[str, str]] = field(default_factory=dict)

    def paint(self, polygons: list[Matrix], style: Style) -> None:
        # A polygon costs a pass over the canvas, a stroke one a segment: both count for what they cost.
        stroked = _STROKE_COST if style.stroke is not None else 1
        self.points += sum(_POLYGON_COST + stroked * len(polygon) for polygon in polygons)
        if self.points > MOST_POINTS:
            raise RefusedSvg(f"its outlines have more than {MOST_POINTS:,} points; simplify it")
        if style.fill is not None and polygons:
            self.rgba[_filled(polygons, self.rgba.shape[:2], even_odd=style.even_odd)] = (*style.fill, 255)
        if style.stroke is not None and style.stroke_width > 0:
            mask = np.zeros(self.rgba.shape[:2], np.uint8)
            width = int(min(max(1, round(style.stroke_width)), max(mask.shape)))
            cv2.polylines(mask, [_fixed(p) for p in polygons], isClosed=False, color=1, thickness=width, shift=_SHIFT)
            self.rgba[mask > 0] = (*style.stroke, 255)


def draw_svg(data: bytes, side: int = 512) -> Pixels:
    """RGBA pixels (H, W, 4), long side `side`, transparent where nothing is drawn; raises RefusedSvg."""
    root = _parsed(data)
    left, top, width, height = _box(root)
    scale = side * _FINE / max(width, height)
    size = max(_FINE, round(height * scale)), max(_FINE, round(width * scale))
    canvas = _Canvas(np.zeros((*size, 4), np.uint8), classes=styles_of_classes(root))
    to_pixels = np.array([[scale, 0, -left * scale], [0, scale, -top * scale], [0, 0, 1.0]])
    _draw(root, to_pixels, Style(), canvas)
    if not canvas.rgba[..., 3].any():
        raise RefusedSvg("nothing is drawn in it that can be read; convert it to outlines with fills")
    return _averaged(canvas.rgba)


def _parsed(data: bytes) -> Element:
    if len(data) > MOST_BYTES:
        raise RefusedSvg("it is larger than 1 MiB; simplify it")
    if b"<!ENTITY" in data.upper() or re.search(rb"<!DOCTYPE[^>]*\[", data, re.IGNORECASE):
        raise RefusedSvg("it declares entities; export it as plain SVG")
    depth = count = 0
    root: Element | None = None
    try:
        for event, element in iterparse(BytesIO(data), ("start", "end")):
            root = element if root is None else root
            depth += 1 if event == "start" else -1
            count += event == "start"
            if depth > MOST_DEPTH or count > MOST_ELEMENTS:
                raise RefusedSvg("it has too many or too deeply nested elements; flatten it")
    except DefusedXmlException as error:
        raise RefusedSvg("it declares entities; export it as plain SVG") from error
    except ParseError as error:
        raise RefusedSvg(f"it is no well-formed XML ({error})") from error
    if root is None or _name(root) != "svg":
        raise RefusedSvg("it is no SVG")
    return root


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _numbers(text: str | None) -> list[float]:
    return [float(number) for number in _NUMBER.findall((text or "")[:10_000])]


def _box(root: Element) -> tuple[float, float, float, float]:
    box = _numbers(root.get("viewBox"))
    if len(box) != 4:
        sizes = [*_numbers(root.get("width"))[:1], *_numbers(root.get("height"))[:1]]
        box = [0.0, 0.0, *sizes] if len(sizes) == 2 else [0.0, 0.0, 24.0, 24.0]
    if not all(map(math.isfinite, box)) or min(box[2:]) <= 0 or max(box[2:]) > 50 * min(box[2:]):
        raise RefusedSvg("its viewBox has no usable width and height")
    return box[0], box[1], box[2], box[3]


def _draw(element: Element, matrix: Matrix, style: Style, canvas: _Canvas) -> None:
    name = _name(element)
    if name in _REFUSED:
        raise RefusedSvg(_REFUSED[name])
    if name in _UNSEEN:
        return
    style = style_of(element, style, canvas.classes)
    if style.hidden:
        return
    matrix = matrix @ _transform(element.get("transform"))
    if not bool((np.abs(matrix) < _REACH**2).all()):
        raise RefusedSvg("a transform in it is out of bounds")
    grown = float(np.sqrt(abs(np.linalg.det(matrix[:2, :2]))))
    lines = [np.asarray(line, np.float64) for line in _lines(element, name)]
    moved = [np.c_[line, np.ones(len(line))] @ matrix[:2].T for line in lines if np.isfinite(line).all()]
    canvas.paint(moved, replace(style, stroke_width=style.stroke_width * grown))
    for child in element:
        _draw(child, matrix, style, canvas)


def _lines(element: Element, name: str) -> Iterator[list[tuple[float, float]]]:
    """Outlines of one shape in its own units."""
    try:
        if name == "path":
            yield from outlines(element.get("d", ""))
        elif name in ("polygon", "polyline", "line"):
            flat = _numbers(element.get("points"))
            if name == "line":
                flat = [value for key in ("x1", "y1", "x2", "y2") for value in _numbers(element.get(key, "0"))[:1]]
            yield list(zip(flat[::2], flat[1::2], strict=False))
        elif name in ("rect", "circle", "ellipse"):
            yield from outlines(_as_path(element, name))
    except (ValueError, OverflowError, ZeroDivisionError) as error:
        raise RefusedSvg(f"a shape in it cannot be read ({error})") from error


def _as_path(element: Element, name: str) -> str:
    def number(key: str) -> float:
        return (_numbers(element.get(key)) or [0.0])[0]

    if name == "rect":
        x, y, width, height = (number(key) for key in ("x", "y", "width", "height"))
        rx = min(number("rx") or number("ry"), width / 2)
        ry = min(number("ry") or number("rx"), height / 2)
        if rx <= 0 or ry <= 0:
            return f"M{x} {y}h{width}v{height}h{-width}z"
        turn = f"a{rx} {ry} 0 0 1 "
        return (
            f"M{x + rx} {y}h{width - 2 * rx}{turn}{rx} {ry}v{height - 2 * ry}{turn}{-rx} {ry}"
            f"h{2 * rx - width}{turn}{-rx} {-ry}v{2 * ry - height}{turn}{rx} {-ry}z"
        )
    rx, ry = (number("r"), number("r")) if name == "circle" else (number("rx"), number("ry"))
    x, y = number("cx"), number("cy")
    return f"M{x - rx} {y}a{rx} {ry} 0 1 0 {2 * rx} 0a{rx} {ry} 0 1 0 {-2 * rx} 0z" if rx > 0 and ry > 0 else ""


def _transform(text: str | None) -> Matrix:
    out = np.eye(3)
    for kind, inside in _TRANSFORM.findall((text or "")[:2_000]):
        v = [*_numbers(inside), 0.0, 0.0][: 6 if kind == "matrix" else 3]
        step = np.eye(3)
        if kind == "matrix" and len(v) == 6:
            step = np.array([[v[0], v[2], v[4]], [v[1], v[3], v[5]], [0, 0, 1.0]])
        elif kind == "translate":
            step[:2, 2] = v[0], v[1]
        elif kind == "scale":
            step[0, 0], step[1, 1] = v[0], v[1] if len(_numbers(inside)) > 1 else v[0]
        elif kind == "rotate":
            cos, sin = math.cos(math.radians(v[0])), math.sin(math.radians(v[0]))
            x, y = (_numbers(inside)[1:3]) if len(_numbers(inside)) >= 3 else (0.0, 0.0)
            step = np.array([[cos, -sin, x - cos * x + sin * y], [sin, cos, y - sin * x - cos * y], [0, 0, 1.0]])
        elif kind.startswith("skew"):
            step[(0, 1) if kind == "skewX" else (1, 0)] = math.tan(math.radians(v[0]))
        out = out @ step
    return out


def _fixed(polygon: Matrix) -> npt.NDArray[np.int32]:
    return np.round(np.clip(polygon, -_REACH, _REACH) * (1 << _SHIFT)).astype(np.int32)


def _filled(polygons: list[Matrix], size: tuple[int, ...], *, even_odd: bool) -> npt.NDArray[np.bool_]:
    """Non-zero rule: polygons of either sense add and take away; even-odd: OpenCV's own rule."""
    if even_odd:
        mask = np.zeros(size, np.uint8)
        cv2.fillPoly(mask, [_fixed(p) for p in polygons], 1, shift=_SHIFT)
        return np.asarray(mask > 0)
    winding = np.zeros(size, np.int16)
    for polygon in polygons:
        layer = np.zeros(size, np.uint8)
        cv2.fillPoly(layer, [_fixed(polygon)], 1, shift=_SHIFT)
        x, y = polygon[:, 0], polygon[:, 1]
        sense = 1 if float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) > 0 else -1
        winding += layer.astype(np.int16) * sense
    return np.asarray(winding != 0)


def _averaged(rgba: Pixels) -> Pixels:
    """Half the size, colours averaged by their cover."""
    size = (rgba.shape[1] // _FINE, rgba.shape[0] // _FINE)
    cover = rgba[..., 3:].astype(np.float32) / 255
    both = np.dstack([rgba[..., :3].astype(np.float32) * cover, cover])
    small = cv2.resize(both, size, interpolation=cv2.INTER_AREA)
    rgb = small[..., :3] / np.maximum(small[..., 3:], 1e-6)
    return np.dstack([rgb, small[..., 3:] * 255]).round().clip(0, 255).astype(np.uint8)
