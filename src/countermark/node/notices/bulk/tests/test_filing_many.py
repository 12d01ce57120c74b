"""Many notices signed once: good rows are filed, bad ones stay drafts with reasons, and nothing is filed twice."""

from datetime import timedelta

import msgspec
import pytest
from django.utils import timezone

from countermark.node.audit import services as audit
from countermark.node.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from countermark.node.notices import factories, sending
from countermark.node.notices.bulk import filing, looking, selectors
from countermark.node.notices.bulk import filing as bulk
from countermark.node.notices.bulk.choosing import MOST_ROWS, Row, Together
from countermark.node.notices.factories import make_ground_for_notice, notice_of, pass_on
from countermark.node.notices.models import Batch, Notice, SignedWords
from countermark.node.parties.factories import make_member
from countermark.node.parties.models import Membership
from countermark.node.parties.permissions import Role


def rows_of(*findings):
    return [Row(finding=one.core_id) for one in findings]


def signed(member, rows, **more):
    together = Together(explanation=factories.EXPLANATION, signer="Ada Quill", **more)
    sight = looking.look(member, together, rows)
    return msgspec.structs.replace(together, declared=tuple(one.version for one in sight.declarations))


def filed(member, rows, key="k", **more):
    name = bulk.start(member, key, signed(member, rows, **more), rows)
    bulk.file_rows(member, name)
    return name


def test_good_rows_are_filed_with_the_signature_each_and_bad_ones_stay_with_their_reasons(team):
    member = team.brand.analyst
    good, other = make_ground_for_notice(member), make_ground_for_notice(member)
    over = make_ground_for_notice(member, valid_to=timezone.now().date() - timedelta(days=9))
    rows = [*rows_of(good, over, other, good), Row(finding="fnd_nothing")]
    shown = selectors.batch(member, filed(member, rows))
    assert [one.state for one in shown.rows] == ["filed", "draft", "filed", "draft", "draft"]
    codes = [{one["code"] for one in row.problems} for row in shown.rows]
    assert codes == [set(), {"right-expired"}, set(), {"duplicate"}, {"finding-unknown"}]
    assert shown.rows[1].problems[0]["right"].startswith("rgt_")
    words = SignedWords.objects.all()
    assert [one.signer for one in words] == ["Ada Quill", "Ada Quill"]
    assert {one.notice.public_id for one in words} == {shown.rows[0].notice, shown.rows[2].notice}


def test_the_same_form_twice_files_nothing_twice(team):
    member = team.brand.analyst
    rows = rows_of(make_ground_for_notice(member))
    assert filed(member, rows) == filed(member, rows)
    assert Notice.objects.count() == 1


def test_killed_between_two_slices_the_worker_goes_on_and_files_each_once(team, monkeypatch):
    member = team.brand.analyst
    rows = rows_of(*(make_ground_for_notice(member) for _ in range(3)))
    name = bulk.start(member, "k", signed(member, rows), rows)
    monkeypatch.setattr(filing, "SLICE", 1)
    assert bulk.file_slice(Batch.objects.get().pk) == 1
    with monkeypatch.context() as broken:

        def fail(_rows):
            raise KeyboardInterrupt

        broken.setattr(audit, "record_all", fail)
        with pytest.raises(KeyboardInterrupt):
            bulk.file_slice(Batch.objects.get().pk)
    assert selectors.batch(member, name).counts["waiting"] == 2
    assert bulk.file_waiting(9) == 2
    assert selectors.batch(member, name).counts["filed"] == Notice.objects.count() == 3


def test_a_batch_can_be_undone_while_it_waits_and_then_nothing_was_said(team):
    member = team.brand.analyst
    rows = rows_of(make_ground_for_notice(member), make_ground_for_notice(member))
    name = filed(member, rows)
    assert bulk.undo_batch(member, name) == 2
    assert set(Notice.objects.values_list("stage", flat=True)) == {"undone"}
    assert sending.send_due() == 0


def test_a_mended_draft_is_filed_when_it_is_tried_again_and_another_can_be_left_out(team):
    member = team.brand.analyst
    first, second = make_ground_for_notice(member), make_ground_for_notice(member)
    wrong = [Row(finding=one.core_id, country="JP") for one in (first, second)]
    name = filed(member, wrong)
    assert selectors.batch(member, name).counts["draft"] == 2
    mended = [Row(finding=first.core_id, country="FR")]
    words = signed(member, mended).declared
    assert bulk.try_again(member, name, mended, [second.core_id], words) == 1
    bulk.file_rows(member, name)
    assert [one.state for one in selectors.batch(member, name).rows] == ["filed", "left_out"]
    with pytest.raises(Conflict, match="signature"):
        bulk.try_again(team.brand.administrator, name)


def test_a_batch_of_one_who_may_no_longer_file_stays_as_drafts(team):
    member = team.brand.analyst
    rows = rows_of(make_ground_for_notice(member))
    name = bulk.start(member, "k", signed(member, rows), rows)
    Membership.objects.filter(user_id=member.user_id).update(role=Role.READER)
    bulk.file_waiting()
    assert selectors.batch(team.brand.administrator, name).rows[0].problems[0]["code"] == "not-permitted"


def test_notices_filed_together_arrive_with_the_country_and_the_name_of_the_signer(team):
    member = team.brand.analyst
    name = filed(member, rows_of(make_ground_for_notice(member), make_ground_for_notice(member)))
    Notice.objects.update(send_after=timezone.now())
    assert sending.send_due() == 2
    assert set(pass_on(team, team.market)) == {"done"}
    there = notice_of(team.market, selectors.batch(member, name).rows[1].notice)
    assert '"country":"FR"' in there.paper
    assert there.signed.get().signer == "Ada Quill"
    assert "good faith" in there.signed.get().words


def test_one_notice_that_cannot_be_said_is_held_back_and_the_others_go(team):
    member = team.brand.analyst
    filed(member, rows_of(*(make_ground_for_notice(member) for _ in range(3))))
    bad = Notice.objects.all()[1]
    Notice.objects.filter(pk=bad.pk).update(paper=bad.paper.replace('"country":"FR"', '"country":"JP"'))
    Notice.objects.update(send_after=timezone.now())
    assert sending.send_due() == 2
    bad.refresh_from_db()
    assert (bad.stage, bool(bad.problem)) == ("held", True)


def test_strangers_and_marketplaces_file_no_batch_and_see_none(team):
    member = team.brand.analyst
    rows = rows_of(make_ground_for_notice(member))
    name, together = filed(member, rows), signed(member, rows)
    with pytest.raises(NotPermitted):
        bulk.start(team.market.administrator, "k", together, rows)
    with pytest.raises(NotFound):
        selectors.batch(make_member(Role.ADMINISTRATOR), name)


def test_too_many_rows_and_texts_that_cannot_be_kept_are_refused_with_the_row(team):
    with pytest.raises(Invalid, match="rows"):
        bulk.start(team.brand.analyst, "k", Together(), [Row(finding="fnd_x")] * (MOST_ROWS + 1))
    with pytest.raises(Invalid, match="Row 2"):
        bulk.start(team.brand.analyst, "k", Together(), [Row(finding="fnd_x"), Row(finding="fnd\0")])
