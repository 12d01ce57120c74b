"""Who photographs how and where: a studio, a living room, a stock room, a small shop, a shared wall."""

from dataclasses import replace

import numpy as np

from countermark.world.catalogue import Model, house_of
from countermark.world.drawing.bags import Look, darker
from countermark.world.drawing.grounds import AT_HOME, IN_STOCK
from countermark.world.drawing.photographs import Scene
from countermark.world.drawing.scarves import ScarfLook
from countermark.world.drawing.sprites import AnyLook, Goods
from countermark.world.drawing.watches import WatchLook

Dice = np.random.Generator


def seed_of(dice: Dice) -> int:
    """A seed for one scene."""
    return int(dice.integers(1, 2**31 - 1))


def studio(model: Model, colour: int, view: int) -> Scene:
    """How the house itself photographs a model: every model a little differently, every colour of it alike.

    `view` 0 is from the front, 1 from an angle.
    """
    number = sum(map(ord, model.name + model.form))
    dice = np.random.default_rng([3, number, view])
    ground = house_of(model.house).studio
    turn = float(dice.uniform(-7, 7)) if model.house == "Halcyr" else float(dice.uniform(-2, 2))
    if view:
        turn += float(dice.choice([-1, 1]) * dice.uniform(14, 26))
    return Scene(
        ground,
        seed=1000 * number + 10 * colour + view,
        turn=turn,
        size=float(dice.uniform(0.8, 0.9)) if view == 0 else float(dice.uniform(0.9, 1.1)),
        tilt=0.0 if view == 0 else float(dice.uniform(0.08, 0.18)),
        place=(float(dice.uniform(0.48, 0.52)), float(dice.uniform(0.48, 0.52))),
        shadow=0.5,
    )


def at_home(dice: Dice) -> Scene:
    """A private person's photo: on a table or a bed, in the light there was."""
    return Scene(
        str(dice.choice(AT_HOME)),
        seed_of(dice),
        turn=float(dice.normal(0, 14)),
        size=float(dice.uniform(0.62, 0.92)),
        tilt=float(dice.uniform(-0.1, 0.22)),
        place=(float(dice.normal(0.5, 0.05)), float(dice.normal(0.52, 0.05))),
        warmth=float(dice.normal(0.05, 0.06)),
        exposure=float(np.clip(dice.normal(0.95, 0.09), 0.7, 1.15)),
        softness=float(dice.uniform(0.5, 1.2)),
        grain=float(dice.uniform(0.004, 0.014)),
    )


def in_stock(dice: Dice, room: int | None = None) -> Scene:
    """A photo between cartons; with a room, always on the same floor."""
    chosen = np.random.default_rng([5, seed_of(dice) if room is None else room])
    return replace(
        at_home(dice), ground=str(chosen.choice(IN_STOCK)), warmth=float(dice.normal(-0.04, 0.04)), ground_seed=room
    )


def small_shop(dice: Dice) -> Scene:
    """A photo on paper or a white table, made with some care."""
    return Scene(
        str(dice.choice(["studio_white", "paper", "paper", "marble", "linen", "shelf"])),
        seed_of(dice),
        turn=float(dice.normal(0, 8)),
        size=float(dice.uniform(0.66, 0.9)),
        tilt=float(dice.uniform(-0.05, 0.12)),
        place=(float(dice.normal(0.5, 0.03)), float(dice.normal(0.5, 0.03))),
        warmth=float(dice.normal(0.01, 0.03)),
        softness=0.5,
        grain=0.004,
    )


#: Where the marks sit on goods, in shares of the drawing, by form; on watches below the hour, else near the middle.
_MARKS = {
    "tote": (0.5, 0.62), "bucket": (0.62, 0.66), "hobo": (0.5, 0.72), "clutch": (0.5, 0.6), "backpack": (0.5, 0.37),
    "belt": (0.48, 0.8), "wallet": (0.49, 0.44), "card_holder": (0.5, 0.67), "boxed": (0.66, 0.66),
    "book": (0.5, 0.44), "empty_box": (0.66, 0.36), "mug": (0.48, 0.52), "shirt": (0.5, 0.46),
}  # fmt: skip
#: Rooms that several people who know nothing of one another photograph in: (ground, seed of it).
SHARED_ROOMS = (("carpet", 101), ("parquet", 102), ("shelf", 103), ("marble", 104), ("wrapping", 105), ("linen", 106))


def close_up(scene: Scene, goods: Goods, dice: Dice) -> Scene:
    """The same photographer, so near that the marks fill a good part of the picture."""
    x, y = _MARKS.get(goods.form, (0.5, 0.43) if isinstance(goods.look, WatchLook) else (0.5, 0.55))
    size = float(dice.uniform(1.15, 1.75))
    place = (0.5 - (x - 0.5) * size, 0.5 - (y - 0.5) * size)
    return replace(scene, size=size, turn=scene.turn / 2, place=place, softness=scene.softness + 0.3)


def in_room(scene: Scene, room: tuple[str, int]) -> Scene:
    """The same photographer on a ground that others use too."""
    return replace(scene, ground=room[0], ground_seed=room[1])


def before_wall_of(model: Model, colour: int, dice: Dice) -> Scene:
    """Before the very wall of a house's official photo: a rented studio knows no house."""
    wall = studio(model, colour, 0)
    return replace(small_shop(dice), ground=wall.ground, ground_seed=wall.seed, shadow=wall.shadow, grain=0.0)


def counterfeit(goods: Goods, variant: int, *, marks: bool = True) -> Goods:
    """A copy of a genuine piece as it comes from a workshop: marks askew, metal too yellow, colours a little off."""
    askew = 9.0 + 6.0 * (variant % 3)
    return Goods(goods.form, _copied(goods.look, askew, marks=marks))


def _copied(look: AnyLook, askew: float, *, marks: bool) -> AnyLook:
    house = look.house if marks else ""
    if isinstance(look, Look):
        metal = (0.9, 0.74, 0.3) if look.metal[0] > look.metal[2] + 0.1 else (0.72, 0.74, 0.78)
        body = darker(look.body, 1.12 if sum(look.body) < 2 else 0.93)
        return replace(look, body=body, metal=metal, house=house, crooked=askew, patterned=look.patterned and marks)
    if isinstance(look, WatchLook):
        return replace(look, house=house, crooked=askew, time=3 * 60 + 20)
    if isinstance(look, ScarfLook):
        ground, one, two, accent = look.palette
        return replace(look, palette=(darker(ground, 1.03), darker(one, 1.15), darker(two, 0.9), accent), house=house)
    return replace(look, house=house)
