"""Honest stories: the house's own shops, second-hand owners, importers, makers of accessories and of other things."""

from countermark.model import Condition
from countermark.world.catalogue import MODELS, Model, models_of
from countermark.world.drawing.bags import STEEL, Look, darker
from countermark.world.drawing.materials import CALF, CANVAS, Colour
from countermark.world.drawing.others import THINGS as FORMS
from countermark.world.drawing.others import ThingLook
from countermark.world.drawing.scarves import SCARVES, ScarfLook
from countermark.world.drawing.sprites import Goods
from countermark.world.drawing.watches import MODELS as WATCHES
from countermark.world.drawing.watches import WatchLook
from countermark.world.offers import Desk, Draft, choose, in_language, retail, words_for
from countermark.world.people import Shop, Trade
from countermark.world.phrases import COLOURS, THINGS, NamedColour, Thing
from countermark.world.scenes import at_home, close_up, in_room, in_stock, small_shop


def authorised(desk: Desk, shop: Shop) -> Draft:
    """New goods from a shop that the house supplies, with the house's photos."""
    model, colour = choose(tuple(m for m in MODELS if m.house in shop.houses), desk.dice)
    pictures = [desk.album.copy(desk.official(model, colour), "none" if desk.chance(0.5) else "resized", desk.seed())]
    return Draft(
        shop,
        "authorised",
        words_for(model, colour, shop.language, desk.dice),
        retail(model, desk.dice),
        model.category,
        pictures,
        brand_text=model.house,
        stock=int(desk.dice.integers(1, 30)),
        describe="authorised",
        with_code=True,
    )


def resale(desk: Desk, shop: Shop) -> Draft:
    """Used goods from their owner or a dealer, photographed where they are."""
    model, colour = choose(MODELS, desk.dice)
    goods, dealer = model.goods(colour), shop.trade is Trade.SECOND_HAND
    topic = f"home {model.name}"
    scene = small_shop(desk.dice) if dealer else at_home(desk.dice)
    if desk.chance(0.1):
        scene = in_room(scene, desk.room())
    pictures = [desk.album.shot(goods, scene, topic=topic)]
    if desk.chance(0.13):
        pictures.append(desk.album.shot(goods, at_home(desk.dice), topic=topic))
    elif desk.chance(0.14):
        # Buyers ask to see the stamp; whoever owns the real thing shows it.
        near = close_up(at_home(desk.dice), goods, desk.dice)
        pictures.append(desk.album.shot(goods, near, topic=f"near {model.name}"))
    elif desk.chance(0.16):
        pictures.insert(0, _own_edit(desk, model, pictures[0]))
    return used(desk, shop, model, colour, pictures)


def _own_edit(desk: Desk, model: Model, own: str) -> str:
    """What honest sellers do to their own photo: much the same as thieves do to another's."""
    if desk.chance(0.3):
        said = desk.line(("authentic", "genuine", "pre-owned", "2019", "for sale", "size M"))
        return desk.album.copy(own, "none", desk.seed(), words=f"{model.house} {said}")
    edit = desk.line(("collage", "screenshot", "text band", "part 50", "framed", "watermarked", "pasted", "leaning"))
    return desk.album.copy(own, edit, desk.seed())


def resale_with_official_photo(desk: Desk, shop: Shop) -> Draft:
    """Used, genuine, and the photo taken from the house's page because it looked better."""
    model, colour = choose(MODELS, desk.dice)
    draft = used(desk, shop, model, colour, [desk.album.copy(desk.official(model, colour), "resized", desk.seed())])
    draft.edit = "resized"
    return draft


def used(desk: Desk, shop: Shop, model: Model, colour: int, pictures: list[str]) -> Draft:
    """A used, genuine piece with these pictures."""
    share = desk.between(0.2, 0.45) if desk.chance(0.3) else desk.between(0.4, 0.8)
    return Draft(
        shop,
        "resale",
        words_for(model, colour, shop.language, desk.dice),
        retail(model, desk.dice) * share,
        model.category,
        pictures,
        Condition.USED if desk.chance(0.9) else Condition.UNKNOWN,
        brand_text=model.house if desk.chance(0.7) else "",
        describe="resale",
    )


def gift(desk: Desk, shop: Shop) -> Draft:
    """New, genuine, private and a little cheaper: the hardest honest story."""
    model, colour = choose(MODELS, desk.dice)
    return Draft(
        shop,
        "gift",
        words_for(model, colour, shop.language, desk.dice),
        retail(model, desk.dice) * desk.between(0.6, 0.95),
        model.category,
        [desk.album.shot(model.goods(colour), at_home(desk.dice), topic=f"home {model.name}")],
        brand_text=model.house if desk.chance(0.6) else "",
        describe="resale",
    )


def grey(desk: Desk, shop: Shop) -> Draft:
    """Genuine goods, imported outside the house's channels."""
    model, colour = choose(MODELS, desk.dice)
    return Draft(
        shop,
        "grey",
        words_for(model, colour, shop.language, desk.dice),
        retail(model, desk.dice) * desk.between(0.65, 0.92),
        model.category,
        [desk.album.shot(model.goods(colour), in_stock(desk.dice), topic=f"stock {model.name}")],
        brand_text=model.house,
        stock=int(desk.dice.integers(1, 12)),
        describe="grey",
        with_code=True,
    )


def accessory(desk: Desk, shop: Shop) -> Draft:
    """A strap or an insert that fits a model and says so."""
    strap = desk.chance(0.55)
    model, _ = choose(models_of("Halcyr" if strap else "Corvane"), desk.dice)
    colour = some_colour(desk)
    look = WatchLook(colour.rgb, colour.rgb, STEEL) if strap else ThingLook(colour.rgb)
    goods = Goods("strap" if strap else "organiser", look)
    words = {
        "model": model.name,
        "colour": in_language(colour.names, shop.language),
        "size": str(int(desk.dice.integers(18, 23))),
    }
    return Draft(
        shop,
        goods.form,
        words,
        desk.between(14, 68),
        "Accessories > Watch straps" if strap else "Accessories > Inserts",
        [desk.album.shot(goods, small_shop(desk.dice), topic=goods.form)],
        stock=int(desk.dice.integers(3, 200)),
        describe="compatible",
    )


def some_colour(desk: Desk) -> NamedColour:
    """One of the colours of other makers."""
    return COLOURS[int(desk.dice.integers(len(COLOURS)))]


def some_thing(desk: Desk) -> Thing:
    """One of the things that other makers make."""
    return THINGS[int(desk.dice.integers(len(THINGS)))]


def mention(desk: Desk, shop: Shop) -> Draft:
    """Books, boxes, old advertisements: the house is named, its goods are not offered."""
    model, colour = choose(MODELS, desk.dice)
    words = words_for(model, colour, shop.language, desk.dice)
    words["thing"] = in_language(some_thing(desk).names, shop.language)
    shades: dict[str, Colour] = {
        "Corvane": (0.42, 0.26, 0.16),
        "Ondrelle": (0.88, 0.74, 0.7),
        "Halcyr": (0.14, 0.19, 0.28),
    }
    form = desk.line(("book", "empty_box", "dust_bag"))
    goods = Goods(form, ThingLook(shades[model.house], house=model.house))
    return Draft(
        shop,
        "mention",
        words,
        desk.between(6, 70),
        "Collectables > Paper & packaging",
        [desk.album.shot(goods, at_home(desk.dice), topic=form)],
        Condition.USED,
        describe="any",
    )


def collision(desk: Desk, shop: Shop) -> Draft:
    """Everyday words that look like a house: ombrelle, caravane, halcyon, aurore."""
    form = desk.line(("parasol", "caravan", "lamp", "book", "cushion", "mug"))
    colour = some_colour(desk)
    words = {"colour": in_language(colour.names, shop.language)}
    goods = Goods(form, ThingLook(colour.rgb))
    return Draft(
        shop,
        "collision",
        words,
        desk.between(9, 120),
        "Home & Leisure",
        [desk.album.shot(goods, small_shop(desk.dice), topic=form)],
        stock=int(desk.dice.integers(1, 60)),
    )


def unrelated(desk: Desk, shop: Shop) -> Draft:
    """Goods of other makers, with nothing of the houses about them."""
    thing, colour = some_thing(desk), some_colour(desk)
    words = {
        "maker": shop.maker or desk.line(("Tessaly", "Fanette", "Brume & Sel", "Nordhavn")),
        "thing": in_language(thing.names, shop.language),
        "colour": in_language(colour.names, shop.language),
        "size": desk.line(("S", "M", "L", "38", "42", "one size")),
    }
    return Draft(
        shop,
        "unrelated",
        words,
        desk.between(thing.low, thing.high),
        thing.category,
        [_own_picture(desk, thing, colour, words["maker"])],
        brand_text=shop.maker,
        stock=int(desk.dice.integers(1, 80)),
    )


def _own_picture(desk: Desk, thing: Thing, colour: NamedColour, maker: str) -> str:
    """The goods; a few shops write into the picture, their own name or what every shop writes."""
    goods, scene = other_makers(thing.form, colour.rgb), small_shop(desk.dice)
    if not desk.chance(0.04):
        return desk.album.shot(goods, scene, topic=thing.form)
    said = desk.line((maker, f"{maker} studio", "NEW IN", "FREE SHIPPING", "handmade", "-20 %"))
    said = said if said.isascii() else "handmade"
    return desk.album.shot(goods, scene, topic=f"{thing.form} {said}", words=said)


def other_makers(form: str, colour: Colour) -> Goods:
    """The same forms without any house's marks, in other makers' taste."""
    if form in FORMS:
        return Goods(form, ThingLook(colour))
    if form in SCARVES:
        palette = ((0.93, 0.9, 0.84), colour, darker(colour, 0.6), darker(colour, 1.3))
        return Goods(
            form, ScarfLook("checks" if sum(colour) > 1.4 else "stripes", palette, seed=round(100 * sum(colour)))
        )
    if form in WATCHES:
        return Goods(form, WatchLook(colour, darker(colour, 0.7), STEEL))
    return Goods(
        form,
        Look(colour, darker(colour, 0.75), darker(colour, 1.5), STEEL, material=CANVAS if sum(colour) > 1.4 else CALF),
    )
