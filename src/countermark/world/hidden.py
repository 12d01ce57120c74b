"""Infringing stories whose words give nothing away: the mark is worn by the goods, or written only into the picture."""

from countermark.model import Kind
from countermark.world.drawing.others import ThingLook
from countermark.world.drawing.sprites import Goods
from countermark.world.infringing import Fake, draft_of
from countermark.world.offers import Desk, Draft, in_language
from countermark.world.phrases import COLOURS, THINGS
from countermark.world.scenes import close_up, counterfeit, in_room, in_stock, small_shop

#: Things that anybody can print a mark on.
_PRINTED = ("shirt", "mug", "cushion")
#: Goods on which no mark can be seen.
_UNMARKED = frozenset({"shawl"})
#: Prints are drawn in so many colours, so that their drawings can be kept.
_SHADES = 2


def worn(desk: Desk, one: Fake) -> Draft:
    """A mark that can be seen on the goods and read nowhere; sometimes smeared, so that only people see it."""
    covered = desk.chance(0.3)
    edit = desk.line(("smeared", "stickers")) if covered else "none"
    kind = Kind.MASKED_MARK if covered else Kind.UNAUTHORISED_USE
    if desk.chance(0.35) or one.model.form in _UNMARKED:
        return _merchandise(desk, one, edit, kind)
    goods = counterfeit(one.model.goods(one.colour), 0)
    scene = in_stock(desk.dice, one.ring.room if one.ring else None)
    if desk.chance(0.2):
        scene = in_room(scene, desk.room())
    near = close_up(scene, goods, desk.dice) if desk.chance(0.7) else scene
    photo = desk.album.shot(goods, near, edit=edit, topic=f"worn {one.model.name} {edit}")
    draft = draft_of(desk, one, "worn", kind, desk.between(0.02, 0.2), ([photo], ""))
    draft.lines = "copied"
    return draft


def _merchandise(desk: Desk, one: Fake, edit: str, kind: Kind) -> Draft:
    """A shirt, mug or cushion with a mark that its house never licensed."""
    form = desk.line(_PRINTED)
    thing = next(thing for thing in THINGS if thing.form == form)
    colour = COLOURS[int(desk.dice.integers(_SHADES))]
    house = one.model.house
    goods = Goods(form, ThingLook(colour.rgb, (0.96, 0.94, 0.9), house=house))
    scene = small_shop(desk.dice)
    near = close_up(scene, goods, desk.dice) if desk.chance(0.4) else scene
    photo = desk.album.shot(goods, near, edit=edit, topic=f"print {house} {form} {edit}")
    draft = draft_of(desk, one, "worn", kind, 0, ([photo], ""))
    draft.lines, draft.euros, draft.category = "merchandise", desk.between(6, 40), thing.category
    draft.words["thing"] = in_language(thing.names, one.shop.language)
    draft.words["colour"] = in_language(colour.names, one.shop.language)
    return draft


def pictured(desk: Desk, one: Fake) -> Draft:
    """The name stands in the picture and nowhere else."""
    house = one.model.house
    said = desk.line(("", "", "1:1", "AAA", "replica", "top copy", "factory", one.model.name.split()[0]))
    name = house.upper() if desk.chance(0.5) else house
    words = f"{name} {said}".strip()
    words = words if words.isascii() else name
    goods = counterfeit(one.model.goods(one.colour), 1, marks=False)
    scene = in_stock(desk.dice) if desk.chance(0.6) else small_shop(desk.dice)
    photo = desk.album.shot(goods, scene, topic=f"worded {one.model.name}", words=words)
    draft = draft_of(desk, one, "pictured", Kind.MASKED_MARK, desk.between(0.02, 0.2), ([photo], ""))
    draft.lines = "copied"
    return draft
