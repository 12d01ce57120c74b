"""Bringing a portfolio in: all or nothing, again without change, bad pictures told."""

from dataclasses import dataclass, field
from decimal import Decimal

import msgspec
import pytest

from countermark import model
from countermark.model import ImageRef, ImageRole, ImageUnavailable, Portfolio, RightKind, RightStatus, Text
from countermark.node.audit.models import Event
from countermark.node.evidence.factories import picture_bytes
from countermark.node.kernel.errors import Invalid, NotPermitted
from countermark.node.rights import selectors, services
from countermark.node.rights.models import Brand, Right

pytestmark = pytest.mark.django_db


@dataclass
class Folder:
    files: dict[str, bytes]

    def read(self, uri: str) -> bytes:
        if uri not in self.files:
            raise ImageUnavailable("there is no such picture.")
        return self.files[uri]


@dataclass
class Reading:
    portfolio: Portfolio
    images: Folder = field(default_factory=lambda: Folder({}))


def right(**more: object) -> model.Right:
    given: dict[str, object] = {
        "brand": "Corvane",
        "kind": RightKind.TRADEMARK,
        "title": "Corvane, word mark",
        "mark": Text("Corvane", "en"),
        "territories": ("EU",),
        "classes": (18,),
        "office": "EM",
        "number": "018",
        "status": RightStatus.IN_FORCE,
        "source": "rights.yaml",
    }
    return model.Right(**(given | more))  # type: ignore[arg-type]


HOUSE = model.Brand(
    name="Corvane",
    owner="Maison Aurelle SA",
    price_bands=(model.PriceBand(currency="EUR", low=Decimal(100), high=Decimal(2500)),),
    authorised_sellers=(model.AuthorisedSeller(name="Corvane Paris"),),
    never_made=(model.NeverMade(words=("neon",), explanation="Never neon."),),
)
PICTURES = Folder({"a.jpg": picture_bytes(), "logo.png": picture_bytes(kind="PNG")})
SHOWN = (
    ImageRef(uri="a.jpg", role=ImageRole.OFFICIAL),
    ImageRef(uri="logo.png", role=ImageRole.LOGO),
    ImageRef(uri="gone.jpg", role=ImageRole.OFFICIAL),
)


def reading() -> Reading:
    rights = (right(references=SHOWN), right(title="Corvane logo", mark=None))
    return Reading(Portfolio(brands=(HOUSE,), rights=rights), PICTURES)


def test_what_comes_in_goes_out_to_the_engine_with_the_same_ids(analyst):
    given = reading()
    report = services.import_portfolio(analyst, given)
    assert (report.brands, report.added, report.references) == (1, 2, 2)
    assert len(report.pictures_refused) == 1
    assert "gone.jpg" in report.pictures_refused[0]
    portfolio = selectors.portfolio(analyst)
    assert portfolio.brands == (HOUSE,)
    assert {r.id for r in portfolio.rights} == {r.id for r in given.portfolio.rights}
    one = next(r for r in portfolio.rights if r.mark)
    assert msgspec.structs.replace(one, given_id="", references=()) == right()
    assert [image.role for image in one.references] == [ImageRole.LOGO, ImageRole.OFFICIAL]


def test_the_same_again_changes_nothing_and_leaves_no_row_in_the_trail(analyst):
    services.import_portfolio(analyst, reading())
    before = selectors.portfolio(analyst).digest()
    again = services.import_portfolio(analyst, reading())
    assert (again.brands, again.added, again.changed, again.unchanged, again.references) == (0, 0, 0, 2, 0)
    assert selectors.portfolio(analyst).digest() == before
    assert Event.objects.filter(action="portfolio.imported").count() == 1


def test_a_changed_right_is_changed_and_one_that_is_not_named_stays(analyst):
    services.import_portfolio(analyst, reading())
    changed = Reading(Portfolio(rights=(right(status=RightStatus.LAPSED),)))
    report = services.import_portfolio(analyst, changed)
    assert (report.added, report.changed, report.unchanged) == (0, 1, 0)
    assert Right.objects.count() == 2
    assert [r.title for r in selectors.portfolio(analyst).rights] == ["Corvane logo"]


def test_a_withdrawn_right_stays_withdrawn(analyst):
    services.import_portfolio(analyst, reading())
    services.withdraw_right(analyst, right().id, "a reason")
    services.import_portfolio(analyst, reading())
    assert right().id not in {r.id for r in selectors.portfolio(analyst).rights}


def test_one_right_that_is_not_acceptable_keeps_all_out_and_is_named(analyst):
    bad = right(title="Bad one", territories=("XX",))
    with pytest.raises(Invalid) as refused:
        services.import_portfolio(analyst, Reading(Portfolio(brands=(HOUSE,), rights=(right(), bad))))
    assert "Bad one" in refused.value.detail
    assert refused.value.problems[0].field == "territories"
    assert not Right.objects.exists()
    assert not Brand.objects.exists()


def test_one_who_may_not_edit_rights_brings_nothing_in(officer):
    with pytest.raises(NotPermitted):
        services.import_portfolio(officer, reading())
