"""A right that comes after the listings: what the node holds is looked at with it, without loading anything again."""

import random
from io import BytesIO

import pytest
from PIL import Image

from countermark.model import RightStatus, Text
from countermark.node.audit.models import Event
from countermark.node.evidence.keeping import put_in_store
from countermark.node.evidence.selectors import StoreImages
from countermark.node.evidence.services import keep_picture
from countermark.node.findings import engine, fingerprints, looking_back, parts, selectors, services
from countermark.node.findings.models import Finding, PictureFingerprint, Scan
from countermark.node.findings.parts import ClaimedPart
from countermark.node.findings.shown import ScanShown
from countermark.node.findings.states import FindingState, PartOutcome, ScanState
from countermark.node.kernel.errors import Conflict, NotFound, NotPermitted
from countermark.node.kernel.ids import new_id
from countermark.node.listings.factories import make_listing
from countermark.node.listings.models import Listing
from countermark.node.listings.pictures import Gathered
from countermark.node.rights.factories import make_right
from countermark.node.rights.models import Reference, Right
from countermark.node.rights.services import remove_reference, withdraw_right

pytestmark = pytest.mark.django_db

WORKER = "here/1/1"


@pytest.fixture(autouse=True)
def _fresh_plans():
    engine.forget_plans()


def drawn(seed: int, quality: int = 90, side: int = 192) -> bytes:
    """A picture with something on it; another quality or side gives a copy of it."""
    picture = Image.frombytes("RGB", (12, 12), random.Random(seed).randbytes(432)).resize(
        (side, side), Image.Resampling.BICUBIC
    )
    out = BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()


def gathered(data: bytes) -> tuple[Gathered, ...]:
    return (Gathered("photo.jpg", put_in_store(data)),)


def photo_of(member, right: Right, seed: int) -> Reference:
    capture = keep_picture(member, drawn(seed), source="test")
    return Reference.objects.create(right=right, public_id=new_id("ref"), capture=capture, role="official")


def take() -> ClaimedPart:
    claimed = services.claim_part(WORKER)
    assert claimed is not None
    return claimed


def newest(member, right: Right) -> ScanShown:
    shown = selectors.look_back(member, right.core_id)
    assert shown is not None
    return shown


def run_all(worker=WORKER):
    outcomes = []
    while (claimed := services.claim_part(worker)) is not None:
        outcomes.append(services.run_part(claimed, worker))
    return outcomes


def found(member) -> set[str]:
    return {row.external_id for row in selectors.findings(member).rows}


@pytest.fixture
def old(member):
    """An old right of another house, and listings that were scanned with it long ago."""
    make_right(member, brand="Halbrecht", mark="Halbrecht", title="Halbrecht, word mark")
    make_listing(member, title=Text("Corvane replica bag, 1:1 mirror quality", "en"), external_id="words")
    hose = {"title": Text("Garden hose, 20 m", "en"), "brand_text": ""}
    make_listing(member, **hose, external_id="photo", pictures=gathered(drawn(1, quality=40, side=150)))
    make_listing(member, **hose, external_id="hose", pictures=gathered(drawn(2)))
    services.request_scan(member)
    run_all()
    assert not Finding.objects.exists()


def test_a_right_added_after_the_listings_finds_what_names_it_and_what_shows_its_picture(counsel, member, old):
    right = make_right(member)
    photo_of(member, right, 1)
    scan_id = services.look_back(counsel, right.core_id)
    shown = newest(member, right)
    assert (shown.id, shown.state, shown.scope.right_id) == (scan_id, ScanState.QUEUED, right.core_id)
    assert run_all() == [PartOutcome.DONE, PartOutcome.DONE]
    shown = newest(member, right)
    assert (shown.state, shown.listings_total, shown.listings_done) == (ScanState.DONE, 3, 3)
    assert (shown.findings_made, shown.scope_name) == (2, right.title)
    assert found(member) == {"words", "photo"}
    assert {row.external_id for row in selectors.queue_page(member).rows} == {"words", "photo"}


def test_pictures_that_were_scanned_are_not_decoded_again(member, old, monkeypatch):
    right = make_right(member, mark="", title="The photo of the bag", kind="copyright")
    photo_of(member, right, 1)
    assert PictureFingerprint.objects.count() == 2
    services.look_back(member, right.core_id)
    monkeypatch.setattr(fingerprints, "fingerprint", lambda _data: pytest.fail("decoded"))
    run_all()
    # The first right of a house brings its name in as well, as it does for a scan of everything.
    assert found(member) == {"photo", "words"}


def test_pictures_that_no_scan_ever_saw_are_fingerprinted_by_the_look_back(member):
    make_listing(member, title=Text("Hose", "en"), brand_text="", pictures=gathered(drawn(1)), external_id="photo")
    right = make_right(member)
    photo_of(member, right, 1)
    services.look_back(member, right.core_id)
    run_all()
    assert found(member) == {"photo"}
    assert PictureFingerprint.objects.count() == 1


def test_fingerprints_of_an_older_algorithm_are_made_again(member, old):
    PictureFingerprint.objects.update(algorithm="dct256/0", hashes=b"")
    right = make_right(member, mark="")
    photo_of(member, right, 1)
    services.look_back(member, right.core_id)
    run_all()
    assert "photo" in found(member)
    assert not PictureFingerprint.objects.filter(algorithm="dct256/0").exists()


def test_it_finds_what_a_scan_of_everything_finds_and_a_later_scan_doubles_nothing(member, old):
    right = make_right(member)
    photo_of(member, right, 1)
    services.look_back(member, right.core_id)
    run_all()
    before = set(Finding.objects.values_list("core_id", "record", "state", "current"))
    services.request_scan(member)
    run_all()
    assert set(Finding.objects.values_list("core_id", "record", "state", "current")) == before
    assert Scan.objects.latest("pk").findings_made == 0


def test_the_same_right_twice_makes_no_doubles(member, old):
    right = make_right(member)
    first = services.look_back(member, right.core_id)
    assert services.look_back(member, right.core_id) == first
    run_all()
    second = services.look_back(member, right.core_id)
    assert second != first
    run_all()
    assert [scan.findings_made for scan in Scan.objects.filter(scope_right=right).order_by("pk")] == [1, 0]
    assert Finding.objects.count() == 1


def test_a_picture_added_meanwhile_stops_the_look_back_that_did_not_know_it(member, old):
    right = make_right(member)
    first = services.look_back(member, right.core_id)
    photo_of(member, right, 1)
    second = services.look_back(member, right.core_id)
    assert selectors.scan(member, first).state is ScanState.CANCELLED
    run_all()
    assert newest(member, right).id == second
    assert found(member) == {"words", "photo"}


def test_a_picture_taken_away_lets_the_findings_that_rest_on_it_lapse(member, old):
    right = make_right(member)
    reference = photo_of(member, right, 1)
    services.look_back(member, right.core_id)
    run_all()
    remove_reference(member, reference.public_id)
    services.look_back(member, right.core_id)
    run_all()
    assert newest(member, right).findings_lapsed == 1
    assert {row.external_id for row in selectors.queue_page(member).rows} == {"words"}
    assert Finding.objects.get(listing__external_id="photo").state == FindingState.LAPSED


def test_findings_of_other_houses_are_left_alone(member, old):
    make_listing(member, title=Text("Corvane and Halbrecht replica bag", "en"), external_id="both")
    services.request_scan(member)
    run_all()
    theirs = Finding.objects.get(brand="Halbrecht")
    Finding.objects.filter(pk=theirs.pk).update(risk=0.123)
    right = make_right(member)
    services.look_back(member, right.core_id)
    run_all()
    assert set(Finding.objects.filter(current=True).values_list("listing__external_id", "brand", "risk")) >= {
        ("both", "Halbrecht", 0.123)
    }
    assert Finding.objects.filter(listing__external_id="both", brand="Corvane", current=True).count() == 1


def test_a_mark_that_never_fires_alone_finds_its_context_in_the_house(member):
    make_right(member, mark="Corvane Paris", title="Corvane Paris")
    make_listing(member, title=Text("Corvane Paris bag, the Coach replica", "en"), external_id="context", brand_text="")
    make_listing(member, title=Text("Overnight coach to Lyon", "en"), external_id="alone", brand_text="")
    right = make_right(member, mark="Coach", title="Coach, word mark", generic=True)
    services.look_back(member, right.core_id)
    run_all()
    assert found(member) == {"context"}


def test_a_deleted_listing_is_not_found_and_a_deleted_picture_takes_its_fingerprint_along(member, old):
    photo = Listing.objects.get(external_id="photo")
    capture = photo.pictures.get().capture
    assert capture is not None
    photo.delete()
    right = make_right(member)
    photo_of(member, right, 1)
    services.look_back(member, right.core_id)
    run_all()
    assert found(member) == {"words"}
    capture.delete()
    assert PictureFingerprint.objects.count() == 1


def test_listings_of_another_party_never_appear(member, stranger, old):
    make_listing(stranger, title=Text("Corvane replica bag", "en"), external_id="theirs")
    make_listing(stranger, title=Text("Hose", "en"), brand_text="", external_id="p", pictures=gathered(drawn(1)))
    right = make_right(member)
    photo_of(member, right, 1)
    services.look_back(member, right.core_id)
    run_all()
    assert newest(member, right).listings_total == 3
    assert set(Finding.objects.values_list("organisation_id", flat=True)) == {member.organisation_id}
    assert not selectors.findings(stranger).rows
    assert selectors.look_back(stranger, right.core_id) is None
    with pytest.raises(NotFound):
        services.look_back(stranger, right.core_id)
    with pytest.raises(NotFound):
        services.look_back(member, "rgt_\0")
    # The picture of ours and theirs has the same bytes: each organisation keeps, and fingerprints, its own.
    assert PictureFingerprint.objects.filter(pk__in=fingerprints.shown_in(run_of(stranger))).count() == 0


def run_of(member) -> fingerprints.Run:
    return fingerprints.Run(member.organisation_id, 0, 10**9)


def test_a_killed_worker_is_followed_by_another_and_nothing_is_doubled(member, old, monkeypatch, clock):
    monkeypatch.setattr("countermark.node.findings.preparing.LISTINGS_PER_LOOK_BACK", 1)
    right = make_right(member)
    photo_of(member, right, 1)
    services.look_back(member, right.core_id)
    services.run_part(take(), WORKER)

    class Killed(BaseException):
        pass

    def kill(*_args, **_more):
        raise Killed

    claimed = take()
    with monkeypatch.context() as patch:
        patch.setattr(parts, "store", kill)
        with pytest.raises(Killed):
            services.run_part(claimed, WORKER)
    assert not Finding.objects.exists()
    clock.forward(seconds=parts.CLAIM_SECONDS + 1)
    assert run_all("other/2/2") == [PartOutcome.DONE] * 3
    shown = newest(member, right)
    assert (shown.state, shown.listings_done, shown.findings_made) == (ScanState.DONE, 3, 2)
    assert Finding.objects.count() == 2


def test_a_kill_while_fingerprints_are_made_leaves_whole_ones_that_agree_with_the_pictures(member, monkeypatch):
    for seed in range(5):
        make_listing(member, pictures=gathered(drawn(seed)))
    monkeypatch.setattr(fingerprints, "WRITTEN_AT_ONCE", 2)

    class Killed(BaseException):
        pass

    beats = iter(range(10))

    def beat():
        if next(beats) == 2:
            raise Killed

    shown = fingerprints.shown_in(run_of(member))
    with pytest.raises(Killed):
        fingerprints.keep_missing(shown, StoreImages(), beat)
    assert PictureFingerprint.objects.count() == 4
    assert fingerprints.keep_missing(shown, StoreImages()) == 1
    assert fingerprints.keep_missing(shown, StoreImages()) == 0
    keys, hashes = fingerprints.hashes_of(shown)
    assert sorted(set(keys)) == sorted(shown)
    assert {len(one) for one in hashes} == {32}


def test_a_cancel_is_seen_while_the_listings_are_searched(member, old, monkeypatch):
    right = make_right(member)
    scan_id = services.look_back(member, right.core_id)
    services.run_part(take(), WORKER)
    claimed = take()
    services.cancel_scan(member, scan_id)
    monkeypatch.setattr(looking_back, "_named", lambda *_: pytest.fail("searched"))
    assert services.run_part(claimed, WORKER) is PartOutcome.CANCELLED


def test_it_needs_the_permission_and_leaves_an_audit_row(member, reader, old):
    right = make_right(member)
    with pytest.raises(NotPermitted):
        services.look_back(reader, right.core_id)
    scan_id = services.look_back(member, right.core_id)
    event = Event.objects.filter(action="scan.requested").latest("pk")
    assert (event.target, event.actor, event.detail) == (scan_id, member.actor, {"right": right.core_id})
    assert selectors.look_back(reader, right.core_id) is not None


def test_a_right_that_nothing_relies_on_or_that_says_nothing_is_refused(member, old):
    right = make_right(member)
    withdraw_right(member, right.core_id, "sold")
    with pytest.raises(Conflict, match="withdrawn"):
        services.look_back(member, right.core_id)
    lapsed = make_right(member, status=RightStatus.LAPSED.value)
    with pytest.raises(Conflict, match="lapsed"):
        services.look_back(member, lapsed.core_id)
    with pytest.raises(Conflict, match="neither words nor pictures"):
        services.look_back(member, make_right(member, mark="").core_id)
