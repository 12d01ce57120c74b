"""What `image.looks_like` means."""

from countermark.model import SignalExample, SignalSpec

LOOKS_LIKE = SignalSpec(
    name="image.looks_like",
    version=1,
    speaks="for",
    unit="0.5 at the cosine that the user asked for, rising evenly to 1 at a cosine of 1",
    meaning="A learned network finds a picture of the listing alike to an official photograph of the house.",
    wrong_when=(
        "Wrong when the goods only look alike, when genuine goods were photographed anew, "
        "or when the network was never tested on such goods."
    ),
    sentence=(
        "A learned network ({network}) finds a picture of the listing alike to the official photo {reference} "
        "of {brand}: cosine {cosine}, from {threshold} on counted."
    ),
    examples=(
        SignalExample(given="the official photo itself", low=0.99, high=1.0, note="with a network, else nothing"),
        SignalExample(given="another photo", low=0.0, high=0.0),
    ),
)
