"""What the seller signals mean, how they can be wrong, and worked examples."""

from countermark.model import SignalExample, SignalSpec

AUTHORISED = SignalSpec(
    name="seller.authorised",
    version=2,
    speaks="against",
    unit="1 when the marketplace's own id of the shop is on the list, 0.7 when only the name is",
    meaning="The shop is on the house's list of sellers that it supplies or allows.",
    wrong_when="Wrong when the list is out of date, or, by name alone, when somebody else took the name.",
    sentence="The seller is on the list of authorised sellers of {brand}, matched {how}.",
    examples=(
        SignalExample(given="listed Bazaar/77, seller Bazaar/77 any name", low=1.0, high=1.0, note="the id decides"),
        SignalExample(
            given="listed Bazaar/77 Aurelle Outlet, seller Bazaar/78 Aurelle Outlet",
            low=0.0,
            high=0.0,
            note="the list gives an id: a copied name is not enough",
        ),
        SignalExample(given="listed bazaar/77, seller Bazaar/77 any name", low=1.0, high=1.0, note="one marketplace"),
        SignalExample(given="listed Aurelle Outlet, seller Bazaar/78 AURELLE  outlet.", low=0.7, high=0.7),
        SignalExample(
            given="listed Aurelle Outlet, seller Bazaar/78 Aurelle Outlet Store",
            low=0.0,
            high=0.0,
            note="part of a name is another name",
        ),
    ),
)

NEW_SHOP = SignalSpec(
    name="seller.new_shop",
    version=1,
    speaks="for",
    unit="1 up to 30 days of age on the day of capture, falling evenly to 0 at 180 days",
    meaning="The shop opened shortly before the listing was seen.",
    wrong_when="Wrong when an honest seller has just begun, or moved an old business to a new shop.",
    sentence="The shop was {days} days old when the listing was seen.",
    examples=(
        SignalExample(given="opened 2026-10-22, seen 2026-11-01", low=1.0, high=1.0, note="10 days"),
        SignalExample(given="opened 2026-07-19, seen 2026-11-01", low=0.5, high=0.5, note="105 days"),
        SignalExample(given="opened 2026-05-05, seen 2026-11-01", low=0.0, high=0.0, note="180 days"),
        SignalExample(given="opened 2026-11-09, seen 2026-11-01", low=0.0, high=0.0, note="a date that cannot be"),
        SignalExample(given="opened unknown, seen 2026-11-01", low=0.0, high=0.0),
    ),
)

ESTABLISHED = SignalSpec(
    name="seller.established",
    version=1,
    speaks="against",
    unit="half for years (from 1 year to 6), half for completed sales (from 100 to 10,000 by their logarithm)",
    meaning="The shop has been open for years and has completed many sales.",
    wrong_when="Wrong when the account was bought or hacked, when sales were feigned, or when an old shop turned.",
    sentence="The shop had been open for {years} years and its marketplace reported {sales} sales.",
    examples=(
        SignalExample(given="opened 2018-01-01, seen 2026-11-01, 25000 sales", low=1.0, high=1.0),
        SignalExample(given="opened 2018-01-01, seen 2026-11-01, unknown sales", low=0.5, high=0.5),
        SignalExample(given="opened 2023-05-01, seen 2026-11-01, 1000 sales", low=0.49, high=0.51, note="3.5 years"),
        SignalExample(
            given="opened 2026-10-22, seen 2026-11-01, 25000 sales",
            low=0.0,
            high=0.0,
            note="thousands of sales in ten days vouch for nobody",
        ),
        SignalExample(given="opened unknown, seen 2026-11-01, 25000 sales", low=0.0, high=0.0),
    ),
)

SHIPS_FROM_ELSEWHERE = SignalSpec(
    name="seller.ships_from_elsewhere",
    version=2,
    speaks="for",
    unit="1 when the countries differ",
    meaning="The goods ship from another country than the one where the seller says to be.",
    wrong_when="Wrong when the seller uses a warehouse abroad, as many honest ones do.",
    sentence="The goods ship from {ships_from}, while the seller says to be in {country}.",
    examples=(
        SignalExample(given="seller in FR, ships from CN", low=1.0, high=1.0),
        SignalExample(given="seller in CN, ships from CN", low=0.0, high=0.0),
        SignalExample(given="seller in FR, ships from DE", low=0.0, high=0.0, note="one customs union, one warehouse"),
        SignalExample(given="seller in RE, ships from FR", low=0.0, high=0.0, note="a part of it with its own code"),
        SignalExample(given="seller in NO, ships from SE", low=0.0, high=0.0, note="marks are exhausted together"),
        SignalExample(given="seller in FR, ships from GB", low=1.0, high=1.0),
        SignalExample(given="seller in unknown, ships from CN", low=0.0, high=0.0),
    ),
)

AUTHORISED_ELSEWHERE = SignalSpec(
    name="seller.authorised_elsewhere",
    version=1,
    speaks="against",
    unit="0.5 when a shop of the same name is on the list for another marketplace",
    meaning="The house supplies or allows a shop of that name, on another marketplace: the goods may be genuine.",
    wrong_when="Wrong when somebody else took the name, as a counterfeiter would.",
    sentence="A shop of the same name is on the list of authorised sellers of {brand}, for {place}, not for here.",
    examples=(
        SignalExample(given="listed Agora/77 Aurelle Outlet, seller Bazaar/78 Aurelle Outlet", low=0.5, high=0.5),
        SignalExample(
            given="listed Bazaar/77 Aurelle Outlet, seller Bazaar/78 Aurelle Outlet",
            low=0.0,
            high=0.0,
            note="listed here, under another id: a copied name",
        ),
    ),
)

MANY_COPIES = SignalSpec(
    name="seller.many_copies",
    version=1,
    speaks="for",
    unit="logarithm of how many offers of the same title the shop has, 0 up to 5, 1 at 50",
    meaning="The shop offers the same title many times, as shops do that expect some offers to be taken down.",
    wrong_when="Wrong when sizes, colours or single second-hand pieces are listed apart under one title.",
    sentence="The shop had {count} offers with this title in the listings that were counted.",
    examples=(
        SignalExample(given="5 offers of one title", low=0.0, high=0.0, note="sizes are listed apart"),
        SignalExample(given="16 offers of one title", low=0.5, high=0.51),
        SignalExample(given="50 offers of one title", low=1.0, high=1.0),
    ),
)

LARGE_STOCK = SignalSpec(
    name="listing.large_stock",
    version=1,
    speaks="for",
    unit="logarithm of the units offered, 0 up to 50, 1 at 1,000",
    meaning="More units are on offer than a shop outside the house's channels usually comes by.",
    wrong_when="Wrong when the shop is a wholesaler, sells many sizes at once, or writes a number that is no count.",
    sentence="The listing offers {stock} units.",
    examples=(
        SignalExample(given="50 new units", low=0.0, high=0.0),
        SignalExample(given="224 new units", low=0.49, high=0.51),
        SignalExample(given="1000 new units", low=1.0, high=1.0),
        SignalExample(given="99999 new units", low=0.0, high=0.0, note="a filler, not a count"),
        SignalExample(given="unknown new units", low=0.0, high=0.0),
    ),
)

USED_IN_NUMBERS = SignalSpec(
    name="listing.used_in_numbers",
    version=1,
    speaks="for",
    unit="logarithm of the units offered as used, 0 up to 3, 1 at 30",
    meaning="Goods said to be second-hand are offered in numbers, as only new goods are.",
    wrong_when="Wrong when a dealer lists many used pieces at once, or the shop's form fills in a number.",
    sentence="The listing says the goods are used, and offers {stock} of them.",
    examples=(
        SignalExample(given="1 used units", low=0.0, high=0.0),
        SignalExample(given="3 used units", low=0.0, high=0.0),
        SignalExample(given="30 used units", low=1.0, high=1.0),
        SignalExample(given="30 new units", low=0.0, high=0.0),
    ),
)

NEVER_MADE = SignalSpec(
    name="listing.never_made",
    version=3,
    speaks="for",
    unit="1 when every word of a rule of the house, or one of its alternatives, is in the title",
    meaning="The title describes goods of a sort that the house says it never produced.",
    wrong_when=(
        "Wrong when the words mean something else in this title, when the goods are of another maker, "
        "or when the house forgot a product of its own."
    ),
    sentence="The title joins the words “{words}”; {brand} states that it never made such goods: {explanation}.",
    examples=(
        SignalExample(given="rule canvas + neon: Corvane NEON pink canvas tote", low=1.0, high=1.0),
        SignalExample(given="rule canvas + neon: Corvane canvas tote", low=0.0, high=0.0, note="one word of two"),
        SignalExample(given="rule canvas + neon: Corvane canvas tote, neonatal", low=0.0, high=0.0, note="whole words"),
        SignalExample(
            given="rule canvas|toile + neon|fluo: Cabas Corvane toile fluo", low=1.0, high=1.0, note="alternatives"
        ),
        SignalExample(given="rule 帆布 + 荧光: 珂梵荧光帆布托特包", low=1.0, high=1.0, note="Chinese has no spaces"),
        SignalExample(given="rule silk + 5 cm: Corvane silk scarf 17.5 cm", low=0.0, high=0.0, note="whole numbers"),
    ),
)

SPECS: tuple[SignalSpec, ...] = (
    AUTHORISED,
    AUTHORISED_ELSEWHERE,
    NEW_SHOP,
    ESTABLISHED,
    SHIPS_FROM_ELSEWHERE,
    MANY_COPIES,
    LARGE_STOCK,
    USED_IN_NUMBERS,
    NEVER_MADE,
)
