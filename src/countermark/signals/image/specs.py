"""What the image signals mean, how they can be wrong, and worked examples."""

from countermark.model import SignalExample, SignalSpec
from countermark.signals.image.embeddings.specs import LOOKS_LIKE

COPIED_PHOTO = SignalSpec(
    name="image.copied_photo",
    version=3,
    speaks="for",
    unit=(
        "by fingerprint, 1 when all 256 bits agree, falling evenly to 0.5 at the 31 that may differ; "
        "by corners, half and half the share of compared blocks that agree closely"
    ),
    meaning=(
        "A picture of the listing shows an official photograph of the house, or a part of it, perhaps resized, framed, "
        "cropped, mirrored, painted over or in a collage."
    ),
    wrong_when=(
        "Wrong when the seller may use the photograph, when an honest reseller copied it for goods that are genuine, "
        "when both pictures show one stock photograph that neither side made, or when flat printed goods fill both "
        "pictures."
    ),
    sentence=(
        "A picture of the listing shows the official photo {reference} of {brand} ({variant}): "
        "{agreement} % of what was compared agrees, {threshold} % and more count as a copy."
    ),
    examples=(
        SignalExample(given="the official photo itself", low=1.0, high=1.0),
        SignalExample(given="recompressed at quality 10", low=0.8, high=1.0, note="as messengers do"),
        SignalExample(given="resized to 25 %", low=0.8, high=1.0),
        SignalExample(given="in grey", low=0.95, high=1.0, note="colour is not looked at"),
        SignalExample(given="with its hues turned", low=0.7, high=1.0, note="variant: as is, hues turned"),
        SignalExample(given="mirrored", low=0.9, high=1.0, note="variant: mirrored"),
        SignalExample(given="turned by 90 degrees", low=0.8, high=1.0, note="so is one turned by its EXIF data"),
        SignalExample(given="in a red frame of 15 %", low=0.7, high=1.0, note="variant: as is, border cut"),
        SignalExample(given="padded to a square", low=0.7, high=1.0),
        SignalExample(given="under a tiled watermark", low=0.5, high=1.0),
        SignalExample(given="its middle half", low=0.8, high=1.0, note="variant: a part"),
        SignalExample(given="its middle half, mirrored", low=0.8, high=1.0, note="variant: a part, mirrored"),
        SignalExample(given="turned by 15 degrees", low=0.8, high=1.0, note="variant: a part"),
        SignalExample(given="on a screenshot of a phone", low=0.7, high=1.0),
        SignalExample(given="as a quarter of a collage", low=0.7, high=1.0),
        SignalExample(given="another product on the same carpet", low=0.0, high=0.0, note="see image.shared_scene"),
        SignalExample(given="another photo", low=0.0, high=0.0),
        SignalExample(given="a blank picture", low=0.0, high=0.0, note="too plain to compare"),
        SignalExample(given="a placeholder that says No image", low=0.0, high=0.0),
    ),
)

SHARED_SCENE = SignalSpec(
    name="image.shared_scene",
    version=1,
    speaks="for",
    unit="corners that lie alike, divided by 40, at most 1",
    meaning=(
        "A picture of the listing seems to show the place of an official photo, such as its wall or floor, "
        "but not the photo."
    ),
    wrong_when=(
        "Wrong when many shops have such a wall, floor or hanger; "
        "it says nothing about a copy, and little about a seller."
    ),
    sentence=(
        "A picture of the listing seems to be taken in the same place as the official photo {reference} of {brand}: "
        "{corners} corners lie alike, but only {agreement} % of what was compared agrees, so it is no copy."
    ),
    examples=(
        SignalExample(given="another product on the same carpet", low=0.3, high=1.0),
        SignalExample(given="the official photo itself", low=0.0, high=0.0, note="that is a copied photo"),
        SignalExample(given="another photo", low=0.0, high=0.0),
    ),
)

LOGO_FILE = SignalSpec(
    name="image.logo_file",
    version=1,
    speaks="for",
    unit="1 when all 256 bits of the fingerprints agree, falling evenly to 0.5 at the 31 that may differ",
    meaning="A picture of the listing is the registered logo of the house as a drawing, perhaps in inverted colours.",
    wrong_when=(
        "Wrong when the seller may use the logo, when it stands there to say what an accessory fits, "
        "or when another maker has a logo of nearly the same shape."
    ),
    sentence=(
        "A picture of the listing is the registered logo {reference} of {brand} ({variant}): "
        "{agreement} % of what was compared agrees, {threshold} % and more count as the same."
    ),
    examples=(
        SignalExample(given="the logo itself", low=1.0, high=1.0),
        SignalExample(given="the logo recompressed at quality 30", low=0.7, high=1.0),
        SignalExample(given="the logo in inverted colours", low=0.7, high=1.0, note="variant: colours inverted"),
        SignalExample(given="the logo on a wider ground", low=0.6, high=1.0, note="variant: border cut"),
        SignalExample(given="another drawing", low=0.0, high=0.0),
        SignalExample(given="the logo small on a photo", low=0.0, high=0.0, note="scan --logos looks for those"),
    ),
)

#: Signals that say something about a listing of which a mark, logo or photo was found, and accuse nobody by themselves.
HINTS = frozenset({SHARED_SCENE.name})

SPECS: tuple[SignalSpec, ...] = (COPIED_PHOTO, SHARED_SCENE, LOGO_FILE, LOOKS_LIKE)
