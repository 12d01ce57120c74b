"""Which official photos lie in a picture: near corners propose, a placing explains them, pixels decide."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from countermark.signals.image.copies.again import placed_again
from countermark.signals.image.copies.agreement import Agreement, agreement
from countermark.signals.image.copies.candidates import FIRST_VOTES, Candidate, candidates
from countermark.signals.image.copies.features import QUERY_SIDE, Sides, described_sides, framed, query_corners
from countermark.signals.image.copies.placing import LEAST_PAIRS, Placing, moved, place
from countermark.signals.image.copies.references import Photo, References
from countermark.signals.image.dct256 import LEAST_SIDE, GreyPixels
from countermark.signals.image.regions import WHOLE, Corners, common

#: Blocks that must agree closely, whatever their share: less is an outline, not a photograph.
LEAST_CLOSE = 16
#: Share of the compared blocks that must agree closely. Each corner that lies alike lowers it by a sixtieth, from
#: ENOUGH down to where nearly three quarters of a copy may be painted over; without many corners it is MOST_ASKED.
ENOUGH, LEAST_ASKED, MOST_ASKED = 0.78, 0.28, 0.7
CORNERS_EACH = 60
#: Where goods are shown, in the middle of the reference, so large a share must agree closely, of at least so many
#: blocks: photos of different goods before one wall agree only round the goods.
MIDDLE_BLOCKS, MIDDLE_ASKED = 8, 0.35
#: The same of the heart of the reference, for goods that fill little of it.
HEART_BLOCKS, HEART_ASKED = 6, 0.35
#: Goods that are flat, printed or drawn agree in every photo of them: another photo of the model is no copy of this
#: one. So where the picture shows at least so many blocks of the ground round the goods, such a share must agree;
GROUND_BLOCKS, GROUND_ASKED = 12, 0.5
#: and of the plain ones, when they are so many, such a share must have one level, as light falls alike on no two walls;
PLAIN_BLOCKS, LEVEL_ASKED = 6, 0.6
#: a ground that is hardly anywhere plain must agree so far.
PATTERN_ASKED = 0.78
#: Where the middle is plain, or not shown, the rest must say more: share, and corners.
PLAIN_ASKED, PLAIN_CORNERS = 0.75, 10
#: Share of blocks that agree from which it is worth aligning a placing by its pixels.
ALIGNED_FROM = 0.15
#: Corners that must speak for a placing for it to be fitted again.
AGAIN_FROM = 5
#: Corners in different places that must lie alike for a scene to be shared, and the share that must agree closely.
SCENE_CORNERS, SCENE_ASKED = 12, 0.2


@dataclass(frozen=True, slots=True)
class Match:
    """A reference that lies in a picture.

    Attributes:
        number: of the reference.
        copied: whether pixels confirm it; otherwise the two only share a place, such as a wall or a floor.
        mirrored: whether it lies there mirrored.
        surrounded: whether the ground round the goods is shown, and the same; a copy need not show it.
        corners: how many corners in different places lie alike.
        share: share of the compared blocks that agree closely.
        asked: the share from which it is a copy, with so many corners.
        region: its outline on the picture, shares of width and height.
        reference_region: the part of the reference that is shown, likewise.
    """

    number: int
    copied: bool
    mirrored: bool
    surrounded: bool
    corners: int
    share: float
    asked: float
    region: Corners
    reference_region: Corners


def find(references: References, grey: GreyPixels) -> list[Match]:
    """Every reference that lies in a grey picture, or shares its scene; copies first.

    Args:
        references: to look among.
        grey: shape (height, width), of any size; framed here.
    """
    if not len(references):
        return []
    frame = framed(grey, QUERY_SIDE, quickly=True)
    if min(frame.shape) < LEAST_SIDE:
        return []
    found: dict[int, Match] = {}
    sides, proposed = _proposed(references, frame)
    for candidate in proposed:
        placing = _placed(references, sides, candidate)
        if placing is None:
            continue
        match = _judged(references, candidate, placing, sides, frame)
        if match is not None and (match.number not in found or match.copied > found[match.number].copied):
            found[match.number] = match
    return sorted(found.values(), key=lambda match: (not match.copied, -match.share, match.number))


def _proposed(references: References, frame: GreyPixels) -> tuple[Sides, list[Candidate]]:
    """Candidates of the picture and of its mirror image, and the corners they were found by.

    One corner in two comes first: most pictures show no reference at all, and end here.
    """
    corners = query_corners(frame)
    sides = described_sides(frame, corners[::2])
    pairs = references.words.near(sides.bits)
    if not candidates(references, pairs, sides, FIRST_VOTES):
        return sides, []
    rest = described_sides(frame, corners[1::2])
    pairs = pairs.with_more(references.words.near(rest.bits), len(sides))
    sides = sides.with_more(rest)
    return sides, candidates(references, pairs, sides)


def _placed(references: References, sides: Sides, candidate: Candidate) -> Placing | None:
    """Where the pairs of a candidate put it; None where too few corners in different places say so."""
    reference = references.places(candidate.pairs.reference)
    placing = place(sides.places[candidate.pairs.query], reference, candidate.weights)
    return placing if placing is not None and _spread(sides, candidate, placing) >= LEAST_PAIRS else None


def _judged(
    references: References, candidate: Candidate, placing: Placing, sides: Sides, picture: GreyPixels
) -> Match | None:
    """A copy when enough pixels agree, a shared scene when only many corners do, nothing otherwise."""
    frame = np.ascontiguousarray(picture[:, ::-1]) if candidate.side else picture
    photo = references.photos[candidate.number]
    corners = _spread(sides, candidate, placing)
    asked = min(max(ENOUGH - corners / CORNERS_EACH, LEAST_ASKED), MOST_ASKED)
    placings = _placings(references, sides, candidate, placing, corners)
    compared = _compared(placings, frame, photo, corners, asked)
    if compared is None:
        return None
    placing, best = compared
    copied = _enough(best, corners, asked)
    if not copied and (corners < SCENE_CORNERS or best.close < LEAST_CLOSE or _share(best) < SCENE_ASKED):
        return None
    region, reference_region = _regions(placing, frame, photo.frame)
    if candidate.side:
        region = region * (-1.0, 1.0) + (1.0, 0.0)
    return Match(
        number=candidate.number,
        copied=copied,
        mirrored=bool(candidate.side),
        surrounded=best.ground_shown >= GROUND_BLOCKS and _one_ground(best),
        corners=corners,
        share=_share(best),
        asked=asked,
        region=region,
        reference_region=reference_region,
    )


def _placings(
    references: References, sides: Sides, candidate: Candidate, placing: Placing, corners: int
) -> Iterator[Placing]:
    """The placing that was guessed, and where enough corners speak for it the same fitted to more of them."""
    yield placing
    if corners >= AGAIN_FROM:
        again = placed_again(references, sides.of(candidate.side), candidate.number, placing)
        if again is not None:
            yield again


def _compared(
    placings: Iterator[Placing], frame: GreyPixels, photo: Photo, corners: int, asked: float
) -> tuple[Placing, Agreement] | None:
    """The first placing with which the pixels make a copy, else the one with which most of them agree closely."""
    best: tuple[Placing, Agreement] | None = None
    grey = photo.grey()
    for placing in placings:
        for align in (False, True):
            seen = agreement(placing.matrix, frame, grey, photo.frame, align=align)
            if seen is None:
                break
            if _enough(seen, corners, asked):
                return placing, seen
            if best is None or seen.close > best[1].close:
                best = placing, seen
            if seen.share < ALIGNED_FROM:
                break
    return best


def _spread(sides: Sides, candidate: Candidate, placing: Placing) -> int:
    """Corners that agree, those within six pixels of one another counted once."""
    agreeing = sides.places[candidate.pairs.query[placing.agree], :2]
    return len(np.unique(np.rint(agreeing / 6), axis=0))


def _share(one: Agreement) -> float:
    return one.close / max(one.compared, 1)


def _enough(one: Agreement, corners: int, asked: float) -> bool:
    if one.close < LEAST_CLOSE or _share(one) < asked:
        return False
    if one.heart_compared >= HEART_BLOCKS and one.heart_close < HEART_ASKED * one.heart_compared:
        return False
    if not _one_ground(one):
        return False
    if one.middle_compared >= MIDDLE_BLOCKS:
        return one.middle_close >= MIDDLE_ASKED * one.middle_compared
    return _share(one) >= PLAIN_ASKED and corners >= PLAIN_CORNERS


def _one_ground(one: Agreement) -> bool:
    """Whether what lies round the goods is the same; True where the picture does not show it."""
    if one.ground_shown < GROUND_BLOCKS:
        return True
    if one.ground_plain < PLAIN_BLOCKS:
        return one.ground_alike >= PATTERN_ASKED * one.ground_shown
    return one.ground_level >= LEVEL_ASKED * one.ground_plain and one.ground_alike >= GROUND_ASKED * one.ground_shown


def _regions(placing: Placing, frame: GreyPixels, reference: tuple[int, int]) -> tuple[Corners, Corners]:
    """Outlines of the common part on the picture and on the reference, in shares of their sides."""
    size = np.array([frame.shape[1], frame.shape[0]], np.float64)
    reference_size = np.array([reference[1], reference[0]], np.float64)
    region = common(moved(placing.matrix, WHOLE * reference_size) / size)
    if not len(region):
        return WHOLE, WHOLE
    return region, moved(np.asarray(np.linalg.inv(placing.matrix), np.float64), region * size) / reference_size
