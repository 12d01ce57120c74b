"""What is previewed is what the partner sees; what was shared can be withdrawn; shared listings are scanned."""

from datetime import timedelta

import msgspec
import pytest

from countermark.model import Seller, Text
from countermark.node.cases import bringing, files, given, selectors, services, sharing
from countermark.node.cases.acts import Assign, AttachFile, CloseCase, Comment, OpenCase, SetDue
from countermark.node.cases.factories import PURPOSE, exchange, failed, make_joint_team, open_terms
from countermark.node.cases.models import CaseEvent, SharedItem
from countermark.node.cases.permits import under
from countermark.node.cases.previews import ItemPreview, in_words
from countermark.node.cases.reading import Reader
from countermark.node.cases.states import AttachedKind, Outcome
from countermark.node.cases.tests.conftest import person
from countermark.node.exchange import retention
from countermark.node.exchange.agreeing import lifecycle
from countermark.node.exchange.factories import Team
from countermark.node.exchange.models import Beside, Deletion, FeedEntry
from countermark.node.exchange.rules.terms import Terms, standard_terms
from countermark.node.exchange.signing import set_keys
from countermark.node.findings.factories import make_finding
from countermark.node.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from countermark.node.kernel.time import now
from countermark.node.listings.factories import CAPTURED, make_listing
from countermark.node.listings.models import Import, Listing
from countermark.node.parties.access import Member
from countermark.node.parties.kinds import OrganisationKind
from countermark.node.parties.permissions import Role


def seen_in(preview: ItemPreview) -> dict[str, str]:
    assert not preview.denied
    return {field.name: field.value for field in preview.seen}


@pytest.mark.parametrize("named", ["all", "draft"])
@pytest.mark.parametrize("kind", [AttachedKind.LISTING, AttachedKind.FINDING])
def test_the_preview_is_what_the_partner_sees(db, kind: AttachedKind, named: str):
    standard = standard_terms(OrganisationKind.RIGHTS_HOLDER, OrganisationKind.MARKETPLACE)
    team = make_joint_team(open_terms() if named == "all" else standard)
    ana, omar = team.brand.analyst, person(team.market, Role.OFFICER)
    finding = make_finding(ana)
    ref = finding.listing.core_id if kind is AttachedKind.LISTING else finding.core_id
    name = team.brand.agreement_name
    preview = sharing.preview_sharing(ana, name, kind, ref, purpose=PURPOSE)[0]
    share = sharing.share_listings if kind is AttachedKind.LISTING else sharing.share_findings
    assert share(ana, name, [ref], purpose=PURPOSE).shared == (ref,)
    exchange(team)
    assert not failed(team.market)
    there = given.shared(omar, ours=False).rows[0]
    shown = given.shared_item(omar, there.row)
    assert {field.name: field.value for field in shown.fields} == seen_in(preview)
    assert not {field.name for field in preview.hidden} & {field.name for field in shown.fields}
    assert all(field.why for field in preview.hidden)
    assert shown.retain_until == preview.retain_until
    set_keys(None)


def test_a_preview_in_a_case_is_what_the_partner_reads_there(team: Team, ana: Member, omar: Member):
    opening = OpenCase(title="Corvane totes", summary="Same photos.", brands=("Corvane",))
    scene = services.new_scene(ana, team.brand.agreement_name, PURPOSE, (), "")
    previews = list(services.preview_opening(ana, scene, opening))
    case_id = services.open_case(ana, team.brand.agreement_name, opening, purpose=PURPOSE, case_id=scene.case_id)
    acts = (
        services.with_id(Comment(text="Please look.", mentions=("bazaar/officer", "maison-aurelle"))),
        Assign(to="bazaar"),
        SetDue(on=now().date() + timedelta(days=9)),
        AttachFile(file_id="fil_" + "0" * 26, name="a.txt", media_type="text/plain", data=b"Words."),
        CloseCase(outcome=Outcome.STOPPED),
    )
    for act in acts:
        previews += services.preview(ana, case_id, act)
        services.perform(ana, case_id, act)
    exchange(team)
    assert not failed(team.market)
    reader = Reader(under(team.market.agreement), omar)
    events = CaseEvent.objects.filter(case__organisation_id=omar.organisation_id).order_by("seq")
    read = [{field.field: in_words(field.value) for field in reader.words(event.entry).fields} for event in events]
    bytes_of_file = [place for place, event in enumerate(events) if event.type == "case.file"]
    for place, (preview, there) in enumerate(zip(previews, read, strict=True)):
        if place in bytes_of_file:
            assert files.download(omar, case_id, "fil_" + "0" * 26).data == b"Words."
        else:
            assert there == seen_in(preview)


def without_names_and_files() -> Terms:
    """The standard terms, but nobody's name and no bytes of a file leave."""
    standard = standard_terms(OrganisationKind.RIGHTS_HOLDER, OrganisationKind.MARKETPLACE)
    unnamed = {"author_name", "content"}
    items = {
        kind: msgspec.structs.replace(item, fields={key: one for key, one in item.fields.items() if key not in unnamed})
        for kind, item in standard.items.items()
    }
    return msgspec.structs.replace(standard, items=items)


def test_what_the_agreement_does_not_name_is_shown_as_hidden_with_its_rule(db):
    team = make_joint_team(without_names_and_files())
    ana = team.brand.analyst
    omar = person(team.market, Role.OFFICER)
    name = team.brand.agreement_name
    case_id = services.open_case(ana, name, OpenCase(title="Totes"), purpose=PURPOSE)
    staged = files.stage(ana, "a.txt", b"Words.")
    act = services.staged_act(ana, staged.public_id, "", shows_persons=False)
    described, content = services.preview(ana, case_id, act)
    assert content.left_out
    assert {field.name for field in content.hidden} == {"content"}
    assert "author_name" in {field.name for field in described.hidden}
    services.attach_file(ana, case_id, staged.public_id)
    exchange(team)
    assert not failed(team.market)
    file = selectors.case(omar, case_id).attachments[0]
    assert (file.name, file.downloadable) == ("a.txt", False)
    line = selectors.history(omar, case_id).lines[-1]
    assert line.author.is_pseudonym
    with pytest.raises(NotFound):
        files.download(omar, case_id, file.ref)
    set_keys(None)


def test_a_role_that_the_agreement_does_not_let_share_is_told_so(team: Team, omar: Member):
    listing = make_listing(omar)
    analyst = team.market.analyst
    shared = sharing.share_listings(analyst, team.market.agreement_name, [listing.core_id], purpose=PURPOSE)
    assert not shared.shared
    assert "analyst may not share" in shared.refused[0].message
    with pytest.raises(NotPermitted, match="analyst may not open joint cases"):
        services.open_case(analyst, team.market.agreement_name, OpenCase(title="x"), purpose=PURPOSE)
    with pytest.raises(Conflict, match="no purpose"):
        services.open_case(omar, team.market.agreement_name, OpenCase(title="x"), purpose="curiosity")


def test_good_listings_are_shared_and_each_bad_one_is_named(team: Team, omar: Member, stranger: Member):
    good = [make_listing(omar).core_id for _ in range(3)]
    foreign = make_listing(stranger).core_id
    name = team.market.agreement_name
    first = sharing.share_listings(omar, name, [*good, foreign, "nonsense", good[0]], purpose=PURPOSE)
    assert first.shared == tuple(good)
    assert [one.field for one in first.refused] == [foreign, "nonsense"]
    entries = FeedEntry.objects.count()
    again = sharing.share_listings(omar, name, good, purpose=PURPOSE)
    assert (again.shared, again.known) == ((), tuple(good))
    assert FeedEntry.objects.count() == entries
    outside = sharing.share_listings(omar, name, [make_listing(omar).core_id], purpose=PURPOSE, territories=["US"])
    assert outside.refused[0].code == "territory-outside"


def test_a_listing_of_the_marketplace_is_looked_at_by_the_rights_holder(team: Team, ana: Member, omar: Member):
    listing = make_listing(omar, external_id="bz-77")
    sharing.share_listings(omar, team.market.agreement_name, [listing.core_id], purpose=PURPOSE)
    exchange(team)
    assert not failed(team.brand)
    row = Listing.objects.get(organisation_id=ana.organisation_id, external_id="bz-77")
    assert (row.title, row.price_exact, row.content_hash) == (listing.title, "129.00", listing.content_hash)
    assert row.seller.external_id == "shop-1"
    item = SharedItem.objects.get(organisation_id=ana.organisation_id, ours=False)
    assert (item.listing_id, item.brought_listing) == (row.pk, True)
    make_listing(omar, external_id="bz-77", title=listing_title(), captured_at=CAPTURED + timedelta(days=1))
    sharing.share_listings(omar, team.market.agreement_name, [listing.core_id], purpose=PURPOSE)
    exchange(team)
    row.refresh_from_db()
    assert row.title == "Corvane tote, red"
    assert SharedItem.objects.filter(organisation_id=ana.organisation_id).count() == 1


def listing_title() -> Text:
    return Text("Corvane tote, red", "en")


def test_what_we_saw_ourselves_is_never_overwritten(team: Team, ana: Member, omar: Member):
    seen = make_listing(ana, external_id="bz-88")
    given_there = make_listing(
        omar, external_id="bz-88", title=listing_title(), captured_at=CAPTURED + timedelta(days=9)
    )
    sharing.share_listings(omar, team.market.agreement_name, [given_there.core_id], purpose=PURPOSE)
    exchange(team)
    seen.refresh_from_db()
    assert seen.title == "Corvane leather tote, brown"
    item = SharedItem.objects.get(organisation_id=ana.organisation_id, ours=False)
    assert (item.listing_id, item.brought_listing) == (seen.pk, False)


def test_a_marketplace_links_a_shared_listing_to_its_own(team: Team, ana: Member, omar: Member):
    own = make_listing(omar, external_id="bz-99")
    shared = make_finding(ana, make_listing(ana, external_id="bz-99"))
    sharing.share_findings(ana, team.brand.agreement_name, [shared.core_id], purpose=PURPOSE)
    exchange(team)
    there = given.shared(omar, ours=False, kind="finding").rows[0]
    assert there.listing_id == own.core_id
    assert there.value("status") == "alleged"


def test_a_bad_listing_is_kept_aside_with_its_reason(team: Team, ana: Member, omar: Member):
    bad = make_listing(omar, external_id="bz-1", brand_text="B")
    Listing.objects.filter(pk=bad.pk).update(price_currency="XXQ", title=" ")
    good = make_listing(omar, external_id="bz-2")
    sharing.share_listings(omar, team.market.agreement_name, [bad.core_id, good.core_id], purpose=PURPOSE)
    exchange(team)
    ((code, reason),) = failed(team.brand)
    assert code == "missing-title"
    assert "title" in reason
    assert Listing.objects.filter(organisation_id=ana.organisation_id).get().external_id == "bz-2"


def test_a_withdrawal_shows_since_when_and_sharing_again_counts(team: Team, ana: Member, omar: Member):
    listing = make_listing(ana)
    name = team.brand.agreement_name
    sharing.share_listings(ana, name, [listing.core_id], purpose=PURPOSE)
    exchange(team)
    sharing.withdraw_shared(ana, name, "listing", listing.core_id, "mistake")
    exchange(team)
    there = given.shared(omar, ours=False).rows[0]
    assert there.withdrawn_why == "mistake"
    assert there.withdrawn_at == SharedItem.objects.get(ours=True).withdrawn_at
    with pytest.raises(NotFound):
        sharing.withdraw_shared(ana, name, "listing", listing.core_id, "mistake")
    assert sharing.share_listings(ana, name, [listing.core_id], purpose=PURPOSE).shared
    exchange(team)
    assert given.shared(omar, ours=False).rows[0].withdrawn_at is None
    assert not failed(team.market)


def test_after_retention_the_line_says_so_and_everything_else_stands(team: Team, ana: Member, omar: Member):
    case_id = services.open_case(ana, team.brand.agreement_name, OpenCase(title="Totes"), purpose=PURPOSE)
    services.comment(ana, case_id, "Call Mira Vale.")
    services.assign(ana, case_id, "bazaar")
    exchange(team)
    before = [(line.entry, line.type) for line in selectors.history(omar, case_id).lines]
    for beside in Beside.objects.filter(entry__feed__organisation_id=omar.organisation_id):
        Deletion(entry=beside.entry, reason="retention").save()
        beside.delete()
    lines = selectors.history(omar, case_id).lines
    assert [(line.entry, line.type) for line in lines] == before
    assert all(line.deleted_on and line.deleted_why == "retention" and not line.text for line in lines)
    assert lines[0].assigned_to is not None
    assert lines[0].assigned_to.address == "bazaar"
    shown = selectors.case(omar, case_id)
    assert (shown.row.title, bool(shown.words_deleted_on)) == ("", True)
    services.comment(omar, case_id, "Still here.")
    assert selectors.history(ana, case_id).lines[1].text == "Call Mira Vale."


def test_nothing_is_said_while_the_agreement_is_suspended(team: Team, ana: Member):
    case_id = services.open_case(ana, team.brand.agreement_name, OpenCase(title="Totes"), purpose=PURPOSE)
    lifecycle.suspend(team.brand.administrator, team.brand.agreement_name, "We look into it.")
    with pytest.raises(Conflict, match="suspended"):
        services.comment(ana, case_id, "Hello?")
    assert selectors.history(ana, case_id).total == 1


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.exe", b"MZ\x90", "media-type"),
        ("a.svg", b"<svg/>", "media-type"),
        ("a.html", b"<script>alert(1)</script>", "media-type"),
        ("a.zip", b"PK\x03\x04", "media-type"),
        ("a.txt", b"\xff\xfe\x00", "media-type"),
        ("a.pdf", b"", "empty"),
        ("a.pdf", b"%PDF-" + b"0" * files.LARGEST_FILE, "too-large"),
    ],
)
def test_a_file_that_cannot_be_attached_is_refused_with_its_mend(ana: Member, name: str, data: bytes, code: str):
    with pytest.raises(Invalid) as refused:
        files.stage(ana, name, data)
    assert refused.value.code == code
    assert refused.value.problems[0].mend


def test_a_reader_sees_no_personal_fields(team: Team, ana: Member):
    reader = person(team.market, Role.READER)
    sharing.share_listings(ana, team.brand.agreement_name, [make_listing(ana).core_id], purpose=PURPOSE)
    exchange(team)
    shown = given.shared_item(reader, given.shared(reader, ours=False).rows[0].row)
    name = next(field for field in shown.fields if field.name == "seller_name")
    assert (name.value, bool(name.hidden)) == ("", True)


def test_a_brought_listing_forgets_what_it_said_when_the_bytes_that_said_it_are_deleted(
    clock, team: Team, ana: Member, omar: Member
):
    name = team.market.agreement_name
    shop = Seller(marketplace="Bazaar", external_id="shop-2", name="Shop of Otto Lind")
    there = make_listing(
        omar, external_id="bz-77", seller=shop, description=Text("Ask Mira Vale.", "en"), captured_at=CAPTURED
    )
    own = make_listing(omar, external_id="bz-78", description=Text("Ask Mira Vale.", "en"), captured_at=CAPTURED)
    sharing.share_listings(omar, name, [there.core_id, own.core_id], purpose=PURPOSE)
    exchange(team)
    rows = Listing.objects.filter(organisation_id=ana.organisation_id)
    seen_ourselves = rows.get(external_id="bz-78")
    file = Import.objects.create(organisation_id=ana.organisation_id, public_id="imp_1", name="ours.csv")
    rows.filter(pk=seen_ourselves.pk).update(source_import=file)
    assert bringing.forget_deleted() == 0
    clock.forward(days=100)
    assert retention.delete_all_due() == 4
    row = rows.get(external_id="bz-77")
    assert row.description == "Ask Mira Vale."
    assert bringing.forget_deleted() == 1
    assert bringing.forget_deleted() == 0
    row.refresh_from_db()
    said = [
        row.title,
        row.description,
        row.brand_text,
        row.url,
        row.seller.name,
        row.search_text,
        row.seller.search_text,
    ]
    assert said == ["[deleted]", None, "", None, "", "", ""]
    item = SharedItem.objects.get(listing=row, ours=False)
    assert (item.forgotten_at, item.listing_id) == (now(), row.pk)
    again = make_listing(
        omar, external_id="bz-77", description=Text("Ask Otto.", "en"), captured_at=now() - timedelta(hours=1)
    )
    assert sharing.share_listings(omar, name, [again.core_id], purpose=PURPOSE).shared
    exchange(team)
    row.refresh_from_db()
    assert (row.description, row.title) == ("Ask Otto.", again.title)
    assert SharedItem.objects.get(listing=row, ours=False).forgotten_at is None
