"""Partners hear of renewed and revoked keys by entries of the feed, once, signed by a key that they know."""

from datetime import datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import transaction

from countermark.node.exchange import retention, rotating
from countermark.node.exchange.agreeing import lifecycle
from countermark.node.exchange.factories import KeysInMemory, Team, make_team
from countermark.node.exchange.models import Feed, FeedEntry
from countermark.node.exchange.rings import ring_of
from countermark.node.exchange.signing import Keys, set_keys
from countermark.node.kernel.time import now
from countermark.proof.agreements import OperationalKey, Purpose
from countermark.proof.entries import open_entry, said_in, write_moment
from countermark.proof.keys import PrivateKey


class Drawer:
    """Keys of both sides, of which the brand's can be renewed and revoked."""

    def __init__(self, kept: KeysInMemory, team: Team) -> None:
        self.kept, self.team, self.organisation = kept, team, team.brand.organisation_id
        organisation = self.organisation
        self.first = kept.public(organisation)
        self.newer: list[tuple[OperationalKey, PrivateKey]] = []
        self.lost: dict[str, datetime] = {}

    def renew(self, purpose: Purpose) -> str:
        private = PrivateKey.generate()
        end = write_moment(now() + timedelta(days=300))
        self.newer.append(
            (OperationalKey(purpose, private.public.text, write_moment(now() - timedelta(hours=1)), end), private)
        )
        return private.public.kid

    def public(self, row: int) -> list[OperationalKey]:
        found = self.first if row == self.organisation else self.kept.public(row)
        newer = [key for key, _ in self.newer] if row == self.organisation else []
        return [key for key in [*newer[::-1], *found] if key.public.kid not in self.lost]

    def signer(self, row, purpose, known=None):
        for key, private in self.newer[::-1]:
            usable = row == self.organisation and key.purpose is purpose and key.public.kid not in self.lost
            if usable and (known is None or key.public.kid in known):
                return private
        return self.kept.signer(row, purpose)

    def revoked(self, row: int):
        return self.lost if row == self.organisation else {}


@pytest.fixture
def drawer(db):
    keys = KeysInMemory()
    team = make_team(keys=keys)
    drawer = Drawer(keys, team)
    set_keys(Keys(drawer.signer, drawer.public, drawer.revoked))
    yield drawer
    set_keys(None)


def kids(team, kind):
    rows = FeedEntry.objects.filter(feed=team.market.partners_feed, type=kind).order_by("seq")
    return list(rows.values_list("subject", flat=True))


def test_a_renewed_key_is_announced_once_and_then_signs(drawer):
    team = drawer.team
    assert rotating.announce_key_changes(team.brand.organisation_id) == 0
    new = [drawer.renew(purpose) for purpose in (Purpose.ENTRIES, Purpose.LOG)]
    assert rotating.announce_key_changes(team.brand.organisation_id) == 2
    assert rotating.announce_key_changes(team.brand.organisation_id) == 0
    team.brand.say()
    assert team.pull(team.market).refused is None
    assert set(kids(team, "key.rotated")) == set(new)
    last = FeedEntry.objects.get(feed=team.market.partners_feed, seq=team.market.partners_feed.seq)
    assert open_entry(last.token, ring_of(team.market.agreement).find_for_entries).kid == new[0]


def test_a_revoked_key_is_announced_and_counts_for_nothing_after(drawer):
    team = drawer.team
    old = drawer.first[0].public.kid
    new = drawer.renew(Purpose.ENTRIES)
    rotating.announce_key_changes(team.brand.organisation_id)
    drawer.lost[old] = now()
    assert rotating.announce_key_changes(team.brand.organisation_id) == 1
    assert rotating.announce_key_changes(team.brand.organisation_id) == 0
    team.pull(team.market)
    assert kids(team, "key.revoked") == [old]
    assert ring_of(team.market.agreement).keys[old].revoked is not None
    drawer.lost.pop(old)
    drawer.lost[new] = now()  # whoever has the old key now signs with it
    with transaction.atomic():
        team.brand.say()
        assert team.pull(team.market).code == "key-revoked"


def test_nothing_is_announced_that_the_partner_could_not_believe(drawer):
    team = drawer.team
    drawer.renew(Purpose.ENTRIES)
    drawer.lost[drawer.first[0].public.kid] = now()
    assert rotating.announce_key_changes(team.brand.organisation_id) == 0


def test_a_key_change_that_was_taken_back_is_in_no_ring_of_another_change(drawer):
    team = drawer.team
    taken_back = drawer.renew(Purpose.ENTRIES)
    with transaction.atomic():
        rotating.announce_key_changes(team.brand.organisation_id)
        assert taken_back in ring_of(team.brand.agreement).keys
        transaction.set_rollback(True)
    assert taken_back not in ring_of(team.brand.agreement).keys
    drawer.newer.clear()
    kept = drawer.renew(Purpose.ENTRIES)
    rotating.announce_key_changes(team.brand.organisation_id)
    known = ring_of(team.brand.agreement).keys
    assert kept in known
    assert taken_back not in known


def test_a_node_of_before_finds_its_last_key_change_when_it_is_renewed(drawer):
    team = drawer.team
    drawer.renew(Purpose.LOG)
    rotating.announce_key_changes(team.brand.organisation_id)
    feed = team.brand.feed
    Feed.objects.filter(pk=feed.pk).update(keys_entry="")
    import_module("countermark.node.exchange.migrations.0003_joint_team").name_last_key_change(apps, None)
    assert team.brand.feed.keys_entry == feed.keys_entry != ""
    assert team.market.feed.keys_entry == ""


def test_after_the_end_a_renewed_key_still_signs_that_data_were_deleted(drawer):
    team = drawer.team
    row = team.market.say_beside(retain_until=now().date() + timedelta(days=90))
    team.pull(team.brand)
    lifecycle.give_notice(team.brand.administrator, team.brand.agreement_name, "The season is over.")
    assert team.brand.agreement.state == "ended"
    new = drawer.renew(Purpose.ENTRIES)
    assert rotating.announce_key_changes(team.brand.organisation_id) == 1
    assert retention.delete_all_due() >= 1
    assert team.pull(team.market).refused is None
    last = FeedEntry.objects.get(feed=team.market.partners_feed, type="retention.deleted")
    assert open_entry(last.token, ring_of(team.market.agreement).find_for_entries).kid == new
    assert row.entry_id in str(said_in(last.token).data)
