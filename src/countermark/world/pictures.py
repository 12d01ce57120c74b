"""The album of a market: every picture first planned, then drawn by a few processes, in any order the same."""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from countermark.world.composing import lettered
from countermark.world.drawing.photographs import Scene, jpeg, photograph
from countermark.world.drawing.sprites import Goods
from countermark.world.edits import EDITS, Photo

#: Pictures drawn at most; a larger market shows some of them again, as real ones do.
MOST_DRAWN = 9_000
#: Below so many pictures a second process costs more than it brings.
WORTH_A_POOL = 300
_JOB = 24


@dataclass(frozen=True)
class Shot:
    """A picture taken of goods.

    Attributes:
        uri: where it will lie, relative to the market's folder.
        goods, scene: what is drawn.
        edit: done to it afterwards, a key of EDITS.
        quality: of the JPEG.
        words: written into it at the end, ASCII.
    """

    uri: str
    goods: Goods
    scene: Scene
    edit: str = "none"
    quality: int = 84
    words: str = ""


@dataclass(frozen=True)
class Copy:
    """A picture made from another one of the market; without an edit its bytes are equal.

    Attributes:
        uri, source: where it will lie, and what it is made from.
        edit, seed: what is done to it, and the chance in it.
        quality: of the JPEG.
        words: written into it at the end, ASCII.
    """

    uri: str
    source: str
    edit: str
    seed: int
    quality: int = 80
    words: str = ""


Task = Shot | Copy


@dataclass
class Album:
    """Collects what has to be drawn.

    Attributes:
        folder: the market's.
        most: pictures that are drawn of goods at most.
    """

    folder: Path
    most: int = MOST_DRAWN
    _shots: list[Shot] = field(default_factory=list)
    _copies: list[Copy] = field(default_factory=list)
    _kept: dict[str, list[str]] = field(default_factory=dict)
    _count: int = 0

    def __len__(self) -> int:
        return len(self._shots) + len(self._copies)

    def official(self, shot: Shot) -> str:
        """A picture under the name it asks for."""
        self._shots.append(shot)
        return shot.uri

    def shot(self, goods: Goods, scene: Scene, *, edit: str = "none", topic: str = "", words: str = "") -> str:
        """A picture for a listing; once the album is full, an earlier one of the same topic.

        What makes the picture another one (an edit, words, a close view) belongs into the topic.
        """
        if len(self._shots) >= self.most and self._kept.get(topic):
            earlier = self._kept[topic]
            return earlier[scene.seed % len(earlier)]
        uri = self._next_uri()
        self._shots.append(Shot(uri, goods, scene, edit, 78, words))
        self._kept.setdefault(topic, []).append(uri)
        return uri

    def copy(self, source: str, edit: str, seed: int, *, words: str = "") -> str:
        """A picture for a listing, made from another."""
        uri = self._next_uri()
        self._copies.append(Copy(uri, source, edit, seed, words=words))
        return uri

    def draw(self, done: Callable[[int], None], workers: int) -> None:
        """Draw everything; calls `done` with how many pictures have been finished since the last call."""
        by_goods = sorted(self._shots, key=lambda shot: (shot.goods.form, repr(shot.goods.look)))
        for tasks in (by_goods, self._copies):
            _draw_all(self.folder, tasks, done, workers)

    def _next_uri(self) -> str:
        uri = f"pictures/{self._count // 500:04d}/{self._count:07d}.jpg"
        self._count += 1
        return uri


def _draw_all(folder: Path, tasks: Sequence[Task], done: Callable[[int], None], workers: int) -> None:
    for directory in sorted({(folder / task.uri).parent for task in tasks}):
        directory.mkdir(parents=True, exist_ok=True)
    if workers <= 1 or len(tasks) < WORTH_A_POOL:
        for job in _jobs(tasks):
            done(_draw_job(folder, job))
        return
    # spawn: OpenCV holds threads and locks that a fork would copy in the middle of their work.
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"), initializer=_alone) as pool:
        running = [pool.submit(_draw_job, folder, job) for job in _jobs(tasks)]
        for finished in as_completed(running):
            done(finished.result())


def _alone() -> None:
    cv2.setNumThreads(1)


def _jobs(tasks: Sequence[Task]) -> Iterator[Sequence[Task]]:
    for start in range(0, len(tasks), _JOB):
        yield tasks[start : start + _JOB]


def _draw_job(folder: Path, job: Sequence[Task]) -> int:
    for task in job:
        made = _taken(task) if isinstance(task, Shot) else _copied(folder, task)
        (folder / task.uri).write_bytes(made)
    return len(job)


def _taken(shot: Shot) -> bytes:
    dice = np.random.default_rng([13, shot.scene.seed])
    edited = EDITS[shot.edit](photograph(shot.goods, shot.scene), dice)
    return jpeg(lettered(edited, shot.words, dice) if shot.words else edited, shot.quality)


def _copied(folder: Path, copy: Copy) -> bytes:
    data = (folder / copy.source).read_bytes()
    if copy.edit == "none" and not copy.words:
        return data
    decoded = np.asarray(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR), np.uint8)
    photo: Photo = np.ascontiguousarray(decoded[..., ::-1])
    dice = np.random.default_rng([17, copy.seed])
    edited = EDITS[copy.edit](photo, dice)
    return jpeg(lettered(edited, copy.words, dice) if copy.words else edited, copy.quality)
