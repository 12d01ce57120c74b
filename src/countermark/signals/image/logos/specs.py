"""What the two signals of the logo search mean, how they can be wrong, and worked examples (walked by the tests)."""

from countermark.model import SignalExample, SignalSpec

_UNIT = "0.5 at the least score that counts (about 1 in 190 photographs without a mark reaches it), 1 at certainty"
_WRONG = (
    "Wrong when the goods are genuine or second-hand, when the logo stands there to say what an accessory fits or what "
    "other goods in the picture are, when a plain shape in the picture happens to be the shape of the mark, "
)

LOGO_IN_PHOTO = SignalSpec(
    name="image.logo_in_photo",
    version=1,
    speaks="for",
    unit=_UNIT,
    meaning=(
        "A picture of the listing shows the registered logo of the house in it, on the goods or beside them. "
        "Genuine goods show it too. A logo that is nearly a plain shape (disc, stripes, a letter) is not looked for."
    ),
    wrong_when=_WRONG + "or when another maker has a logo of nearly the same shape.",
    sentence=(
        "A picture of the listing shows the registered logo {reference} of {brand}, {width} % as wide as the picture: "
        "{score} of 100 points of likeness, {threshold} and more count."
    ),
    examples=(
        SignalExample(given="the logo in white on dark cloth, 30 % of the width", low=0.5, high=1.0),
        SignalExample(given="the logo in black on light cloth, 20 % of the width", low=0.5, high=1.0, note="polarity"),
        SignalExample(given="the logo in red on blue cloth, tilted by 15 degrees", low=0.5, high=1.0),
        SignalExample(given="another mark on the same cloth", low=0.0, high=0.0),
        SignalExample(given="a disc, where a disc is registered", low=0.0, high=0.0, note="plain shapes accuse nobody"),
        SignalExample(given="bare cloth", low=0.0, high=0.0),
        SignalExample(given="a blank picture", low=0.0, high=0.0),
        SignalExample(given="the logo with a third under a bar", low=0.0, high=0.0, note="that is a masked logo"),
    ),
)

MASKED_LOGO = SignalSpec(
    name="image.masked_logo",
    version=1,
    speaks="for",
    unit=_UNIT,
    meaning=(
        "A picture of the listing shows the registered logo of the house with one part of it covered, smeared or cut "
        "off, as those do who hide a mark from filters."
    ),
    wrong_when=_WRONG + "or when a fold, a hand or a strap lies over a part of the logo by accident.",
    sentence=(
        "A picture of the listing shows a part of the registered logo {reference} of {brand}, {width} % as wide as the "
        "picture: {seen} % of the outline is seen, the rest seems covered or smeared; {score} of 100 points of "
        "likeness, {threshold} and more count."
    ),
    examples=(
        SignalExample(given="the logo with a third under a bar", low=0.5, high=1.0),
        SignalExample(given="the logo in white on dark cloth, 30 % of the width", low=0.0, high=0.0, note="all shown"),
        SignalExample(given="bare cloth", low=0.0, high=0.0),
    ),
)

SPECS: tuple[SignalSpec, ...] = (LOGO_IN_PHOTO, MASKED_LOGO)
