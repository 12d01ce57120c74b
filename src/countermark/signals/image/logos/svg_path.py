"""Path data of SVG to polygons: every command of SVG 2, chapter 9, curves cut into short lines, bounded."""

import math
import re
from collections.abc import Iterator

import numpy as np

Point = tuple[float, float]
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_COUNTS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}
_STEPS = 10
MOST_STEPS = 20_000  # commands of one path; a registered mark has a few hundred


def _commands(path: str) -> Iterator[tuple[str, list[float]]]:
    for found in re.finditer(r"([MmLlHhVvCcSsQqTtAaZz])([^MmLlHhVvCcSsQqTtAaZz]*)", path):
        letter, rest = found.group(1), found.group(2)
        count = _COUNTS[letter.upper()]
        if count == 0:
            yield letter, []
            continue
        numbers = _arc_numbers(rest) if letter in "Aa" else [float(n) for n in _NUMBER.findall(rest)]
        for start in range(0, len(numbers) - count + 1, count):
            yield letter, numbers[start : start + count]
            letter = {"M": "L", "m": "l"}.get(letter, letter)


def _arc_numbers(text: str) -> list[float]:
    """Arc flags may stand without separators (`1 1 0 01.5.5`): read them one digit at a time."""
    numbers: list[float] = []
    at = 0
    while True:
        flag = len(numbers) % 7 in (3, 4)
        found = re.compile(r"[\s,]*([01])" if flag else r"[\s,]*(" + _NUMBER.pattern + ")").match(text, at)
        if not found:
            return numbers
        numbers.append(float(found.group(1)))
        at = found.end()


def outlines(path: str) -> list[list[Point]]:
    """Polygons (curves cut into short lines) of a path's sub-paths, in the path's own units; ValueError if too long."""
    done: list[list[Point]] = []
    line: list[Point] = []
    at = start = (0.0, 0.0)
    handle: Point | None = None
    for count, (letter, values) in enumerate(_commands(path)):
        if count >= MOST_STEPS:
            raise ValueError(f"a path has more than {MOST_STEPS} commands")
        kind = letter.upper()
        if kind == "Z":
            at, handle = start, None
            continue
        base = at if letter.islower() else (0.0, 0.0)
        if kind == "M":
            if len(line) > 2:
                done.append(line)
            at = start = (base[0] + values[0], base[1] + values[1])
            line, handle = [at], None
            continue
        if not line or (line[-1] != at):
            if len(line) > 2:
                done.append(line)
            line = [at]
        points, handle = _segment(kind, values, base, at, handle)
        line.extend(points)
        at = points[-1]
    if len(line) > 2:
        done.append(line)
    return done


def _segment(
    kind: str, values: list[float], base: Point, at: Point, handle: Point | None
) -> tuple[list[Point], Point | None]:
    if kind == "H":
        return [(base[0] + values[0], at[1])], None
    if kind == "V":
        return [(at[0], base[1] + values[0])], None
    if kind == "A":
        return _arc(at, values, (base[0] + values[5], base[1] + values[6])), None
    pairs = [(base[0] + values[i], base[1] + values[i + 1]) for i in range(0, len(values), 2)]
    if kind == "L":
        return pairs, None
    if kind in "ST":
        mirrored = at if handle is None else (2 * at[0] - handle[0], 2 * at[1] - handle[1])
        pairs = [mirrored, *pairs]
    return _bezier([at, *pairs]), pairs[-2]


def _bezier(control: list[Point]) -> list[Point]:
    points = np.array(control)
    degree = len(control) - 1
    t = np.linspace(0, 1, _STEPS + 1)[1:, None]
    curve = sum(math.comb(degree, k) * (1 - t) ** (degree - k) * t**k * points[k] for k in range(degree + 1))
    return [(float(x), float(y)) for x, y in np.asarray(curve)]


def _arc(at: Point, values: list[float], end: Point) -> list[Point]:
    """SVG 2, appendix B.2.4: from end points to centre."""
    rx, ry, turn, large, sweep = abs(values[0]), abs(values[1]), math.radians(values[2]), values[3], values[4]
    if rx == 0 or ry == 0 or at == end:
        return [end]
    cos, sin = math.cos(turn), math.sin(turn)
    dx, dy = (at[0] - end[0]) / 2, (at[1] - end[1]) / 2
    x, y = cos * dx + sin * dy, cos * dy - sin * dx
    grow = math.sqrt(max(1.0, (x / rx) ** 2 + (y / ry) ** 2))
    rx, ry = rx * grow, ry * grow
    rest = max(0.0, (rx * ry) ** 2 - (rx * y) ** 2 - (ry * x) ** 2) / ((rx * y) ** 2 + (ry * x) ** 2)
    factor = math.sqrt(rest) * (1 if large != sweep else -1)
    cx, cy = factor * rx * y / ry, -factor * ry * x / rx
    first = math.atan2((y - cy) / ry, (x - cx) / rx)
    span = math.atan2((-y - cy) / ry, (-x - cx) / rx) - first
    if sweep and span < 0:
        span += 2 * math.pi
    elif not sweep and span > 0:
        span -= 2 * math.pi
    angles = first + span * np.linspace(0, 1, 2 * _STEPS + 1)[1:]
    px, py = cx + rx * np.cos(angles), cy + ry * np.sin(angles)
    mx, my = (at[0] + end[0]) / 2, (at[1] + end[1]) / 2
    points = [(float(cos * a - sin * b + mx), float(sin * a + cos * b + my)) for a, b in zip(px, py, strict=True)]
    return [*points[:-1], end]
