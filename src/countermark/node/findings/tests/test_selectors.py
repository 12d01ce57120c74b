import pytest

from countermark.model import Kind, Level, Text
from countermark.node.audit.models import Event
from countermark.node.evidence.factories import make_capture
from countermark.node.findings import counting, selectors
from countermark.node.findings.factories import make_finding, make_reason
from countermark.node.findings.filters import FindingFilters
from countermark.node.findings.models import Finding
from countermark.node.findings.querying import ORDER, ahead_of, matching
from countermark.node.findings.states import FindingState
from countermark.node.kernel.errors import NotFound, NotPermitted
from countermark.node.listings.factories import make_listing
from countermark.node.rights.factories import make_reference, make_right

pytestmark = pytest.mark.django_db


def ids(page):
    return [row.core_id for row in page.rows]


def test_most_expected_harm_comes_first_and_among_equals_the_older(member):
    old, new = make_finding(member, expected_harm=5.0), make_finding(member, expected_harm=5.0)
    worst = make_finding(member, expected_harm=9.0)
    assert ids(selectors.findings(member)) == [worst.core_id, old.core_id, new.core_id]


def test_pages_show_each_finding_once_also_when_some_have_equal_harm(member):
    made = {make_finding(member, expected_harm=harm).core_id for harm in (3.0, 1.0, 1.0, 1.0, 2.0, 0.1 + 0.2, 0.3)}
    seen, cursor = [], ""
    while True:
        page = selectors.findings(member, cursor=cursor, size=2)
        seen += ids(page)
        if page.next_cursor is None:
            break
        cursor = page.next_cursor
    assert len(seen) == len(made)
    assert set(seen) == made


def test_a_page_does_not_skip_a_row_when_one_before_it_is_decided(member):
    first, *rest = [make_finding(member, expected_harm=float(10 - n)) for n in range(5)]
    page = selectors.queue_page(member, size=2)
    Finding.objects.filter(pk=first.pk).update(state=FindingState.DECIDED)
    assert page.next_cursor
    assert ids(selectors.queue_page(member, cursor=page.next_cursor, size=2)) == [row.core_id for row in rest[1:3]]


def test_a_broken_cursor_begins_at_the_start(member):
    made = make_finding(member)
    assert ids(selectors.findings(member, cursor="what's this?")) == [made.core_id]


@pytest.mark.parametrize(
    "filters",
    [
        FindingFilters(brand="Ondrelle"),
        FindingFilters(marketplace="Souk"),
        FindingFilters(level=Level.HIGH),
        FindingFilters(kind=Kind.COPIED_PHOTO),
        FindingFilters(states=frozenset({FindingState.ESCALATED})),
        FindingFilters(states=frozenset({FindingState.ESCALATED, FindingState.DECIDED})),
        FindingFilters(words="blue scarf"),
        FindingFilters(words="  SCARF, ｂｌｕｅ "[:8]),
    ],
)
def test_each_filter_narrows_the_list(member, filters):
    make_finding(member)
    listing = make_listing(member, title=Text("A blue scarf, silk"), marketplace="Souk")
    wanted = make_finding(
        member,
        listing,
        brand="Ondrelle",
        level=Level.HIGH,
        kind=Kind.COPIED_PHOTO,
        state=FindingState.ESCALATED,
    )
    assert ids(selectors.findings(member, filters)) == [wanted.core_id]


@pytest.mark.parametrize("of", ["core_id", "listing", "seller"])
def test_an_id_in_the_search_finds_what_it_names(member, of):
    made, _other = make_finding(member), make_finding(member, make_listing(member, marketplace="Souk"))
    words = {"core_id": made.core_id, "listing": made.listing.core_id, "seller": made.seller_core_id}[of]
    assert ids(selectors.findings(member, FindingFilters(words=words))) == [made.core_id]
    assert ids(selectors.findings(member, FindingFilters(seller=made.seller_core_id))) == [made.core_id]


@pytest.mark.parametrize("text", ["\0", "\ud800", "' OR 1=1 --", "%", "😀" * 99])
def test_hostile_filters_find_nothing_and_break_nothing(member, text):
    make_finding(member)
    for filters in (FindingFilters(words=text), FindingFilters(brand=text), FindingFilters(scan=text)):
        assert selectors.findings(member, filters).rows == ()
    with pytest.raises(NotFound):
        selectors.finding(member, text)


def test_superseded_findings_are_shown_only_when_asked_for(member):
    row = make_finding(member, state=FindingState.SUPERSEDED)
    Finding.objects.update(current=False)
    assert selectors.findings(member).rows == ()
    assert ids(selectors.findings(member, FindingFilters(states=frozenset({FindingState.SUPERSEDED})))) == [row.core_id]


def test_another_organisation_sees_nothing(member, stranger):
    made = make_finding(member)
    assert selectors.findings(stranger).rows == ()
    assert selectors.queue_page(stranger).rows == ()
    assert set(map(str, selectors.level_counts(stranger).values())) == {"0"}
    with pytest.raises(NotFound):
        selectors.finding(stranger, made.core_id)


def test_a_row_shows_the_first_picture_that_was_kept(member):
    listing = make_listing(member)
    capture = make_capture(member)
    listing.pictures.create(position=0, uri="gone.jpg")
    listing.pictures.create(position=1, uri="a.jpg", capture=capture)
    made = make_finding(member, listing)
    assert selectors.findings(member).rows[0].capture_id == capture.public_id
    assert selectors.finding(member, made.core_id).row.capture_id == capture.public_id


def test_a_finding_shows_both_sides_with_the_matched_pictures_first(member):
    right = make_right(member)
    plain, matched = make_reference(member, right), make_reference(member, right, colour=(200, 10, 10))
    listing = make_listing(member)
    copied = make_capture(member, colour=(5, 5, 200))
    listing.pictures.create(position=0, uri="plain.jpg")
    listing.pictures.create(position=1, uri="copied.jpg", capture=copied)
    reason = make_reason(
        "image.copied_photo",
        reference=f"sha256:{matched.capture.sha256}",
        listing_image=f"sha256:{copied.sha256}",
    )
    made = make_finding(member, listing, reasons=(reason,), right_id=right.core_id)
    Finding.objects.update(right=right)
    detail = selectors.finding(member, made.core_id)
    assert [(p.capture_id, p.matched) for p in detail.offered] == [(copied.public_id, True), (None, False)]
    assert [(p.capture_id, p.matched) for p in detail.protected] == [
        (matched.capture.public_id, True),
        (plain.capture.public_id, False),
    ]
    assert detail.right
    assert detail.right.id == right.core_id
    assert detail.offered[0].width == copied.width


def test_pictures_of_another_organisation_are_never_shown_as_protected(member, stranger):
    make_reference(member, make_right(stranger))
    assert selectors.finding(member, make_finding(member).core_id).protected == ()


def test_seeing_the_seller_is_logged_and_needs_the_permission(member, reader):
    made = make_finding(member)
    seen = selectors.finding(member, made.core_id)
    assert (seen.seller.name, seen.listing.seller.name) == ("Shop of Mira Vale", "Shop of Mira Vale")
    event = Event.objects.get(action="seller.viewed")
    assert (event.actor, event.target, event.detail) == (
        member.actor,
        made.listing.seller.core_id,
        {"finding": made.core_id},
    )
    hidden = selectors.finding(reader, made.core_id)
    assert (hidden.seller.name, hidden.seller.name_hidden, hidden.listing.seller.name) == ("", True, "")
    assert Event.objects.filter(action="seller.viewed").count() == 1


def test_a_listing_that_changed_since_is_said_to_have_changed(member):
    made = make_finding(member)
    assert not selectors.finding(member, made.core_id).listing_changed
    Finding.objects.update(content_hash="f" * 64)
    assert selectors.finding(member, made.core_id).listing_changed


def test_a_superseded_finding_says_what_took_its_place(member):
    listing = make_listing(member)
    old = make_finding(member, listing, state=FindingState.SUPERSEDED)
    Finding.objects.update(current=False)
    new = make_finding(member, listing)
    Finding.objects.filter(pk=old.pk).update(superseded_by=new)
    assert selectors.finding(member, old.core_id).superseded_by == new.core_id


def test_levels_are_counted_under_the_other_filters(member):
    make_finding(member, level=Level.HIGH)
    make_finding(member, level=Level.HIGH, brand="Ondrelle")
    make_finding(member, level=Level.LOW)
    counted = selectors.level_counts(member, FindingFilters(brand="Corvane"))
    assert {level: count.value for level, count in counted.items()} == {Level.HIGH: 1, Level.MEDIUM: 0, Level.LOW: 1}


def test_counting_stops_at_the_cap_and_says_so(member):
    for _ in range(4):
        make_finding(member)
    every, none = Finding.objects.all(), Finding.objects.none()
    assert [str(c) for c in counting.count_up_to(3, [every, none])] == ["3+", "0"]
    assert [str(c) for c in counting.count_up_to(4, [every])] == ["4"]


def test_the_position_counts_what_comes_before_also_among_equals(member):
    rows = [make_finding(member, expected_harm=harm) for harm in (1.0, 5.0, 5.0, 7.0)]
    queue = matching(member, FindingFilters())
    order = [row.pk for row in queue.order_by(*ORDER)]
    for row in rows:
        assert ahead_of(queue, row.expected_harm, row.pk).count() == order.index(row.pk)


@pytest.mark.parametrize("ask", [selectors.findings, selectors.queue_page, selectors.level_counts, selectors.scans])
def test_reading_needs_a_permission(member, ask, monkeypatch):
    monkeypatch.setattr("countermark.node.parties.access.may", lambda _role, _permission: False)
    with pytest.raises(NotPermitted):
        ask(member)


def test_a_page_of_the_list_costs_one_question_whatever_its_length(member, django_assert_num_queries):
    for _ in range(5):
        make_finding(member)
    with django_assert_num_queries(1):
        assert len(selectors.findings(member).rows) == 5


def test_one_finding_costs_four_questions(member, django_assert_num_queries):
    made = make_finding(member)
    with django_assert_num_queries(4):
        selectors.explanation(member, selectors.finding(member, made.core_id))


def test_the_explanation_speaks_for_and_against(member):
    made = make_finding(member, reasons=(make_reason(), make_reason("seller.authorised", -1.0)))
    explained = selectors.explanation(member, selectors.finding(member, made.core_id))
    assert explained.finding_id == made.core_id
    assert explained.summary[0].text == "What text.mark says."
    assert explained.strongest_against.text == "What seller.authorised says."
