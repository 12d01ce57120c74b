"""Honest stories that look like infringing ones: in the style of, not a replica, before the same wall."""

from countermark.world.catalogue import MODELS, house_of
from countermark.world.drawing.photographs import Scene
from countermark.world.honest import other_makers, some_colour, some_thing, used
from countermark.world.offers import Desk, Draft, choose, in_language
from countermark.world.people import Shop
from countermark.world.scenes import at_home, before_wall_of, close_up, in_room, small_shop


def style(desk: Desk, shop: Shop) -> Draft:
    """Goods without a mark that name a house only to say what they resemble, or what they are not."""
    model, _ = choose(MODELS, desk.dice)
    house = model.house
    written = house_of(house).chinese if shop.language == "zh" and desk.chance(0.7) else house
    draft = _made_by_others(desk, shop, "style", small_shop(desk.dice), "")
    draft.words["house"] = written
    return draft


def denial(desk: Desk, shop: Shop) -> Draft:
    """Second-hand goods whose owner says what they are not: no replica, no copy."""
    model, colour = choose(MODELS, desk.dice)
    goods, scene = model.goods(colour), at_home(desk.dice)
    near = desk.chance(0.3)
    topic = f"near {model.name}" if near else f"home {model.name}"
    picture = desk.album.shot(goods, close_up(scene, goods, desk.dice) if near else scene, topic=topic)
    draft = used(desk, shop, model, colour, [picture])
    draft.story = "denial"
    return draft


def same_wall(desk: Desk, shop: Shop) -> Draft:
    """Another maker's goods before the wall of an official photo, or on a carpet that fakes lay on too."""
    model, colour = choose(MODELS, desk.dice)
    if desk.chance(0.6):
        scene, topic = before_wall_of(model, colour % 2, desk.dice), f"wall {model.house}"
    else:
        room = desk.room()
        scene, topic = in_room(small_shop(desk.dice), room), f"room {room[1]}"
    draft = _made_by_others(desk, shop, "same_wall", scene, topic)
    draft.lines = "unrelated"
    return draft


def _made_by_others(desk: Desk, shop: Shop, story: str, scene: Scene, topic: str) -> Draft:
    thing, tint = some_thing(desk), some_colour(desk)
    goods = other_makers(thing.form, tint.rgb)
    return Draft(
        shop,
        story,
        {
            "maker": shop.maker or desk.line(("Tessaly", "Fanette", "Nordhavn")),
            "thing": in_language(thing.names, shop.language),
            "colour": in_language(tint.names, shop.language),
            "size": desk.line(("S", "M", "L", "one size")),
        },
        desk.between(thing.low, thing.high),
        thing.category,
        [desk.album.shot(goods, scene, topic=f"{topic} {thing.form}")],
        brand_text=shop.maker,
        stock=int(desk.dice.integers(1, 80)),
    )
