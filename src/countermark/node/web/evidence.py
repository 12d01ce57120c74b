"""A review item as the screen draws it: sides with numbered pictures, reasons with bars, marked text."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from countermark.model import Direction, Text
from countermark.node.findings.explaining import Explanation, ReasonLine
from countermark.node.findings.shown import FindingDetail, Picture
from countermark.node.web import charts
from countermark.node.web.highlight import highlighted
from countermark.node.web.regions import Outline, outlines

#: Reasons on the screen; the finding's own page has them all.
REASONS_SHOWN = 7


@dataclass(frozen=True, slots=True)
class PictureView:
    """One picture of a side.

    Attributes:
        thumb, full: addresses of its copies, empty when its bytes were never had.
        alt: what it is, for those who do not see it.
        counter: `2/6`.
        reasons: numbers of the reasons that rest on it.
        outlines: what those reasons recognised in it, over `width` times `height` pixels.
    """

    thumb: str
    full: str
    alt: str
    counter: str
    reasons: tuple[int, ...]
    outlines: tuple[Outline, ...] = ()
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class SideView:
    """The offered or the protected side: its pictures, or why there is none."""

    name: str
    pictures: tuple[PictureView, ...]
    none_because: str

    @property
    def first(self) -> PictureView | None:
        """The picture that is shown large at first."""
        return next((p for p in self.pictures if p.full), None)

    @property
    def outlined(self) -> bool:
        """Whether anything is outlined on this side."""
        return any(picture.outlines for picture in self.pictures)

    @property
    def missing(self) -> int:
        """Pictures that were named but never had."""
        return sum(not p.full for p in self.pictures)


@dataclass(frozen=True, slots=True)
class ReasonView:
    """One reason: its sentence with how it can be wrong, and a signed bar."""

    number: int
    direction: Direction
    sentence: str
    wrong_when: str
    bar: SafeString
    weight: float
    strength: str


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """What is drawn of a finding, on the review screen and on its own page.

    Attributes:
        title, description: original text, marked where reasons rest on it.
        offered, protected: the two sides.
        reasons: strongest first; `reasons_left` more are on the finding's own page.
    """

    title: SafeString
    description: SafeString
    offered: SideView
    protected: SideView
    reasons: tuple[ReasonView, ...]
    reasons_left: int


def evidence_of(detail: FindingDetail, explanation: Explanation, most: int = REASONS_SHOWN) -> EvidenceView:
    """Draw a finding."""
    lines = explanation.reasons
    resting = defaultdict(list)
    for line in lines:
        for uri in {line.listing_image, line.reference} - {""}:
            resting[uri].append(line.number)
    regions = _regions(lines)
    marks = [(line.number, span) for line in lines for span in line.spans]
    largest = max((abs(line.weight) for line in lines), default=0.0)
    return EvidenceView(
        title=highlighted(detail.listing.title, "title", marks),
        description=highlighted(detail.listing.description or Text(""), "description", marks),
        offered=SideView(
            "offered",
            _pictures(
                detail.offered, resting, regions, _("Offered: %(title)s") % {"title": detail.listing.title.value[:80]}
            ),
            _("The listing came without pictures."),
        ),
        protected=SideView(
            "protected",
            _pictures(
                detail.protected, resting, regions, _("Protected: %(title)s") % {"title": _right_title(detail)[:80]}
            ),
            _nothing_protected(detail),
        ),
        reasons=tuple(
            ReasonView(
                number=line.number,
                direction=line.direction,
                sentence=line.sentence,
                wrong_when=line.wrong_when,
                bar=charts.signed_bar(line.weight, largest),
                weight=line.weight,
                strength=str(charts.strength(line.weight)),
            )
            for line in lines[:most]
        ),
        reasons_left=max(0, len(lines) - most),
    )


def _right_title(detail: FindingDetail) -> str:
    return detail.right.title if detail.right else detail.record.brand


def _nothing_protected(detail: FindingDetail) -> str:
    house = detail.record.brand
    return _("%(house)s has no reference picture. Add one to a right to compare with.") % {"house": house}


def _regions(lines: Iterable[ReasonLine]) -> dict[str, list[tuple[int, str]]]:
    """What each reason recognised, by the picture it lies in."""
    regions: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for line in lines:
        for uri, fact in ((line.listing_image, "region"), (line.reference, "reference_region")):
            if uri and fact in line.facts:
                regions[uri].append((line.number, line.facts[fact]))
    return regions


def _pictures(
    pictures: tuple[Picture, ...],
    resting: dict[str, list[int]],
    regions: dict[str, list[tuple[int, str]]],
    what: str,
) -> tuple[PictureView, ...]:
    return tuple(
        PictureView(
            thumb=picture_address(p.capture_id, "thumb"),
            full=picture_address(p.capture_id, "full"),
            alt=_("%(what)s, picture %(n)d of %(all)d") % {"what": what, "n": number, "all": len(pictures)},
            counter=f"{number}/{len(pictures)}",
            reasons=tuple(resting.get(p.uri, ())),
            outlines=outlines(regions.get(p.uri, ()), p.width, p.height),
            width=p.width,
            height=p.height,
        )
        for number, p in enumerate(pictures, start=1)
    )


def picture_address(capture_id: str | None, size: str) -> str:
    """Where a kept picture is served; empty when there is none."""
    return f"{reverse('web:picture', args=[capture_id])}?size={size}" if capture_id else ""
