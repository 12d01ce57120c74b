"""Infringing stories: replicas that say so, hidden names, near names, stolen photos, fakes that say nothing."""

from dataclasses import dataclass

from countermark.model import Kind
from countermark.world.catalogue import HOUSES, MODELS, Model, house_of
from countermark.world.disguises import disguised, disguised_chinese, misspelt
from countermark.world.edits import stolen
from countermark.world.offers import Desk, Draft, choose, retail, words_for
from countermark.world.people import Part, Shop
from countermark.world.phrases import LOOKALIKES
from countermark.world.rings import Ring
from countermark.world.scenes import counterfeit, in_room, in_stock, small_shop

#: Stock by part in a ring; a shop alone has that of a seller.
_STOCK = {Part.PRODUCER: (800, 5000), Part.DISTRIBUTOR: (60, 400), Part.SELLER: (2, 60), None: (1, 90)}


@dataclass(frozen=True)
class Fake:
    """A copy that is going to be offered.

    Attributes:
        model, colour: what it copies.
        shop, ring: who offers it.
        words: slots of the title.
    """

    model: Model
    colour: int
    shop: Shop
    ring: Ring | None
    words: dict[str, str]


def fake(desk: Desk, shop: Shop, ring: Ring | None) -> Fake:
    """Decide what is copied. Rings keep to a few models, so that their shops overlap."""
    houses = ring.houses if ring else tuple(house.name for house in HOUSES)
    models = tuple(model for model in MODELS if model.house in houses)
    if ring:
        models = models[sum(map(ord, ring.name)) % 2 :: 2]
    model, colour = choose(models, desk.dice)
    return Fake(model, colour % 2, shop, ring, words_for(model, colour % 2, shop.language, desk.dice))


def obvious(desk: Desk, one: Fake) -> Draft:
    """It says what it is: in the title, or under a plain one in the description."""
    draft = draft_of(desk, one, "obvious", Kind.OBVIOUS_FAKE, desk.between(0.02, 0.09))
    if desk.chance(0.25):
        draft.lines, draft.describe = "plain", "replica"
    draft.brand_text = one.model.house if desk.chance(0.25) else ""
    return draft


def never_made(desk: Desk, one: Fake) -> Draft:
    """It describes goods that the house never made."""
    draft = draft_of(desk, one, "never_made", Kind.OBVIOUS_FAKE, desk.between(0.03, 0.14))
    draft.lines = f"never_made {one.model.house}"
    return draft


def plain(desk: Desk, one: Fake) -> Draft:
    """A fake under the plain mark: cheap, half price, or carefully dear."""
    share = desk.between(0.04, 0.15) if desk.chance(0.4) else desk.between(0.25, 0.6)
    if desk.chance(0.22):
        share = desk.between(0.88, 1.05)
    draft = draft_of(desk, one, "plain", Kind.UNAUTHORISED_USE, share)
    draft.brand_text = one.model.house if desk.chance(0.6) else ""
    return draft


def masked(desk: Desk, one: Fake) -> Draft:
    """The name is written so that people read it and filters do not."""
    chinese = one.shop.language == "zh" and desk.chance(0.7)
    house = one.model.house
    one.words["mark"] = (
        disguised_chinese(house_of(house).chinese, desk.dice) if chinese else disguised(house, desk.dice)
    )
    return draft_of(desk, one, "masked", Kind.MASKED_MARK, desk.between(0.03, 0.13), _pictures(desk, one, hide=True))


def lookalike(desk: Desk, one: Fake) -> Draft:
    """A near name, as if it were a brand of its own."""
    house = one.model.house
    chinese = one.shop.language == "zh" and desk.chance(0.3)
    near = LOOKALIKES[house].chinese if chinese else LOOKALIKES[house].latin
    one.words["mark"] = misspelt(house, desk.dice) if not chinese and desk.chance(0.3) else desk.line(near)
    draft = draft_of(desk, one, "lookalike", Kind.CONFUSING_LOOKALIKE, desk.between(0.02, 0.12))
    draft.brand_text = one.words["mark"]
    return draft


def copied(desk: Desk, one: Fake) -> Draft:
    """The house's own photo; often without its name."""
    share = desk.between(0.03, 0.16) if desk.chance(0.7) else desk.between(0.3, 0.8)
    edit = stolen(desk.dice)
    words = one.model.house if desk.chance(0.06) else ""
    photo = desk.album.copy(desk.official(one.model, one.colour), edit, desk.seed(), words=words)
    draft = draft_of(desk, one, "copied", Kind.COPIED_PHOTO, share, ([photo], f"{edit} with words" if words else edit))
    if desk.chance(0.25):
        draft.brand_text = one.model.house
    return draft


def draft_of(
    desk: Desk, one: Fake, story: str, kind: Kind, share: float, shown: tuple[list[str], str] | None = None
) -> Draft:
    """What every fake has in common; `shown` are its pictures and what was done to them, own choice when None."""
    shop, ring = one.shop, one.ring
    pictures, edit = shown or _pictures(desk, one)
    draft = Draft(
        shop,
        story,
        one.words,
        retail(one.model, desk.dice) * share,
        one.model.category,
        pictures,
        stock=int(desk.dice.integers(*_STOCK[shop.part])),
        infringes=one.model.house,
        kind=kind,
        describe="fake",
        edit=edit,
    )
    if ring:
        draft.cents = ring.cents
        draft.description_tail = ring.phrase[shop.language]
        if desk.chance(0.6):
            draft.title_tail = f" {ring.code}-{int(desk.dice.integers(100, 999))}"
    return draft


def _pictures(desk: Desk, one: Fake, *, hide: bool = False) -> tuple[list[str], str]:
    """Own photos of the copy, a ring's common ones, or the house's."""
    if desk.chance(0.3):
        edit = stolen(desk.dice) if not hide or desk.chance(0.5) else desk.line(("smeared", "stickers"))
        return [desk.album.copy(desk.official(one.model, one.colour), edit, desk.seed())], edit
    if one.ring:
        return [_from_pool(desk, one, one.ring)], ""
    goods = counterfeit(one.model.goods(one.colour), 0)
    scene = in_stock(desk.dice) if desk.chance(0.65) else small_shop(desk.dice)
    if desk.chance(0.15):
        scene = in_room(scene, desk.room())
    edit = desk.line(("smeared", "stickers")) if hide and desk.chance(0.5) else "none"
    return [desk.album.shot(goods, scene, edit=edit, topic=f"fake {one.model.name}")], ""


def _from_pool(desk: Desk, one: Fake, ring: Ring) -> str:
    """A picture that several shops of the ring show, as it is or slightly changed."""
    name = one.model.name
    pool = ring.pool.setdefault(name, [])
    if len(pool) < 3 and (not pool or desk.chance(0.3)):
        goods = counterfeit(one.model.goods(one.colour), sum(map(ord, ring.name)) % 3)
        pool.append(desk.album.shot(goods, in_stock(desk.dice, ring.room), topic=f"{ring.name} {name}"))
        return pool[-1]
    edit = desk.line(("none", "none", "resized", "recompressed", "mirrored", "watermarked", "brightened"))
    return desk.album.copy(pool[int(desk.dice.integers(len(pool)))], edit, desk.seed())
