"""Every story of the market: how often it is told, by whom, and which way it is told."""

from collections.abc import Callable, Sequence

from countermark.world import honest, infringing
from countermark.world.hidden import pictured, worn
from countermark.world.honest_doubles import denial, same_wall, style
from countermark.world.infringing import Fake
from countermark.world.offers import Desk, Draft
from countermark.world.people import Shop, Trade

_OWNERS = (Trade.PRIVATE, Trade.PRIVATE, Trade.SECOND_HAND)

#: Honest stories: how many of 1,000 listings, who tells them, and how.
HONEST: tuple[tuple[int, tuple[Trade, ...], Callable[[Desk, Shop], Draft]], ...] = (
    (80, (Trade.AUTHORISED,), honest.authorised),
    (160, _OWNERS, honest.resale),
    (5, (Trade.PRIVATE,), honest.resale_with_official_photo),
    (20, (Trade.PRIVATE,), honest.gift),
    (40, (Trade.IMPORTER,), honest.grey),
    (90, (Trade.ACCESSORIES,), honest.accessory),
    (35, (Trade.PRIVATE, Trade.SECOND_HAND), honest.mention),
    (50, (Trade.MAKER, Trade.PRIVATE), honest.collision),
    (280, (Trade.MAKER,), honest.unrelated),
    (18, (Trade.MAKER,), style),
    (16, _OWNERS, denial),
    (26, (Trade.MAKER,), same_wall),
)
#: Infringing stories: how many of 1,000 listings, and how they are told.
INFRINGING: tuple[tuple[int, Callable[[Desk, Fake], Draft]], ...] = (
    (38, infringing.obvious),
    (9, infringing.never_made),
    (30, infringing.plain),
    (30, infringing.masked),
    (22, infringing.lookalike),
    (29, infringing.copied),
    (12, worn),
    (10, pictured),
)


def shop_for(desk: Desk, shops: Sequence[Shop], trades: tuple[Trade, ...]) -> Shop:
    """A shop of one of these trades."""
    trade = trades[int(desk.dice.integers(len(trades)))]
    of_trade = [shop for shop in shops if shop.trade is trade]
    return of_trade[int(desk.dice.integers(len(of_trade)))]
