"""What the price signals mean, how they can be wrong, and worked examples."""

from countermark.model import SignalExample, SignalSpec

BELOW_BAND = SignalSpec(
    name="price.below_band",
    version=2,
    speaks="for",
    unit="logarithm of how many times the price goes into the lowest usual price, 1 at ten times or more",
    meaning="The price is below what the house usually asks for new goods in the same currency.",
    wrong_when=(
        "Wrong when the goods are used, damaged or a part of something, when they are honestly sold off, "
        "or when the usual prices on file are out of date."
    ),
    sentence=(
        "The price, {price} {currency}, is {share} % of the lowest usual price of {brand} for new goods, "
        "{low} {band_currency}."
    ),
    examples=(
        SignalExample(given="24 EUR new, band 300-900 EUR", low=1.0, high=1.0, note="8 % of the lowest usual price"),
        SignalExample(given="30 EUR new, band 300-900 EUR", low=1.0, high=1.0, note="a tenth: here it saturates"),
        SignalExample(given="150 EUR new, band 300-900 EUR", low=0.30, high=0.31, note="half"),
        SignalExample(
            given="299 EUR new, band 300-900 EUR", low=0.001, high=0.002, note="a euro short is next to nothing"
        ),
        SignalExample(given="150 EUR used, band 300-900 EUR", low=0.15, high=0.16, note="used goods cost less: halved"),
        SignalExample(given="150 EUR refurbished, band 300-900 EUR", low=0.22, high=0.23, note="softened by a quarter"),
        SignalExample(given="300 EUR new, band 300-900 EUR", low=0.0, high=0.0, note="the lowest usual price is usual"),
        SignalExample(
            given="24 USD new, band 300-900 EUR", low=0.0, high=0.0, note="another currency: nothing is guessed"
        ),
        SignalExample(
            given="24 USD new, band 300-900 EUR, 1 EUR is 1.16 USD", low=1.0, high=1.0, note="with a file of rates"
        ),
        SignalExample(
            given="24 TRY new, band 300-900 EUR, 1 EUR is 1.16 USD", low=0.0, high=0.0, note="no rate for this currency"
        ),
        SignalExample(given="1 EUR new, band 300-900 EUR", low=0.0, high=0.0, note="a placeholder, not a price"),
        SignalExample(given="0 EUR new, band 300-900 EUR", low=0.0, high=0.0, note="a placeholder, not a price"),
    ),
)

WITHIN_BAND = SignalSpec(
    name="price.within_band",
    version=2,
    speaks="against",
    unit="half at the lowest usual price, rising with the logarithm of the price to 1 in the middle of the band",
    meaning="The price is one the house itself could ask in the same currency.",
    wrong_when="Wrong when a counterfeiter asks the genuine price to be believed.",
    sentence="The price, {price} {currency}, lies in the usual range of {brand}: {low} to {high} {band_currency}.",
    examples=(
        SignalExample(
            given="300 EUR new, band 300-900 EUR", low=0.5, high=0.5, note="careful counterfeiters ask just this"
        ),
        SignalExample(
            given="520 EUR new, band 300-900 EUR", low=1.0, high=1.0, note="past the middle, √(300 × 900) ≈ 519.6"
        ),
        SignalExample(given="900 EUR new, band 300-900 EUR", low=1.0, high=1.0, note="both ends belong to the band"),
        SignalExample(
            given="400 EUR used, band 300-900 EUR", low=0.76, high=0.77, note="the condition does not matter here"
        ),
        SignalExample(
            given="901 EUR new, band 300-900 EUR", low=0.0, high=0.0, note="above the band is not usual either"
        ),
        SignalExample(given="299 EUR new, band 300-900 EUR", low=0.0, high=0.0, note="below the band"),
    ),
)

BELOW_MARKET = SignalSpec(
    name="price.below_market",
    version=2,
    speaks="for",
    unit="robust deviations of the logarithm of the price below the median of the market, 0 at two, 1 at six",
    meaning="Other shops ask much more for the same goods of the house, in the same currency and condition.",
    wrong_when=(
        "Wrong when the goods are damaged, a part of something or of a cheaper line of the same category, "
        "or when the set of listings that the market was learnt from is small, old or one-sided."
    ),
    sentence=(
        "The price, {price} {currency}, is {deviations} deviations below what {shops} shops usually ask for goods of "
        "{brand} of the same sort ({family}, {condition}): {usual} {currency}, over {offers} offers."
    ),
    examples=(
        SignalExample(given="24 EUR new tote, market 400 EUR by 30 shops", low=1.0, high=1.0, note="a sixteenth"),
        SignalExample(given="160 EUR new tote, market 400 EUR by 30 shops", low=0.4, high=0.6, note="four deviations"),
        SignalExample(given="300 EUR new tote, market 400 EUR by 30 shops", low=0.0, high=0.0, note="a sale"),
        SignalExample(given="24 EUR used tote, market 400 EUR by 30 shops", low=0.0, high=0.0, note="another market"),
        SignalExample(given="24 EUR new belt, market 400 EUR by 30 shops", low=0.0, high=0.0, note="other goods"),
        SignalExample(given="24 USD new tote, market 400 EUR by 30 shops", low=0.0, high=0.0, note="another currency"),
        SignalExample(
            given="24 EUR new tote, market 400 EUR by 4 shops", low=0.0, high=0.0, note="four shops are no market"
        ),
    ),
)

SPECS: tuple[SignalSpec, ...] = (BELOW_BAND, WITHIN_BAND, BELOW_MARKET)
