"""`signer_for`: one door, whether this process or another one holds the keys."""

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from django.core.exceptions import ImproperlyConfigured

from countermark.node.exchange.keeping import key_folder, rotation_material, signer_for, usable_keys
from countermark.node.exchange.keeping.problems import NoKey, SignerAway, WrongPassphrase
from countermark.node.exchange.keeping.tests.conftest import NOW, PASSPHRASE
from countermark.node.exchange.keeping.tests.messages import entry_of
from countermark.proof import Agreement, KeyRing, Party, PrivateKey, Purpose, sign_entry
from countermark.proof.key_ring import ROTATED

FEED = "a-b:aurelle"


@pytest.fixture
def node(folder, settings):
    """A node in earnest: nothing is made on first use."""
    settings.COUNTERMARK_HOME = folder.path.parent
    settings.COUNTERMARK_KEYS_ON_FIRST_USE = False
    settings.COUNTERMARK_KEY_PASSPHRASE = lambda: PASSPHRASE
    return folder


def ring_of(node) -> tuple[KeyRing, str]:
    """What a partner knows after the agreement, and the agreement's digest."""
    ours = Party(
        "aurelle",
        "Maison Aurelle",
        "node.aurelle.example",
        PrivateKey.generate().public.text,
        tuple(node.public_keys()),
    )
    theirs = Party("bazaar", "Bazaar", "node.bazaar.example", PrivateKey.generate().public.text, ())
    agreement = Agreement(1, "a-b", 1, (ours, theirs), {})
    return KeyRing.of([agreement]), agreement.digest


def announce(node, purpose, digest, moment, seq=1):
    """The entry that tells a partner of the newest key."""
    rotation = rotation_material(purpose, FEED, moment)
    entry = msgspec.structs.replace(
        entry_of(),
        type=ROTATED,
        agreement=digest,
        data=rotation.data,
        time="2026-12-01T00:00:00.000Z",
    )
    return rotation, sign_entry(entry, rotation.by)


def test_the_newest_key_of_the_node_signs(node):
    assert signer_for(Purpose.LOG, NOW).public == node.usable(Purpose.LOG, NOW)[0].public.public
    new = node.renew(Purpose.LOG, NOW)
    assert signer_for(Purpose.LOG, NOW).public.kid == new.kid
    assert usable_keys(Purpose.LOG, NOW)[0].public.kid == new.kid


def test_without_a_moment_the_nodes_clock_counts(node, clock):
    assert signer_for(Purpose.LOG).public == node.usable(Purpose.LOG, NOW)[0].public.public
    clock.forward(days=366)
    with pytest.raises(NoKey, match="ended at"):
        signer_for(Purpose.LOG)
    assert usable_keys(Purpose.LOG) == []


def test_on_a_node_in_earnest_no_key_is_made_by_signing(tmp_path, settings):
    settings.COUNTERMARK_HOME = tmp_path
    settings.COUNTERMARK_KEYS_ON_FIRST_USE = False
    with pytest.raises(Exception, match="countermark node keys init"):
        signer_for(Purpose.LOG, NOW)
    assert list(tmp_path.iterdir()) == []


def test_in_the_demo_and_in_tests_keys_are_made_when_first_needed_and_again_when_ended(tmp_path, settings):
    settings.COUNTERMARK_HOME = tmp_path
    first = signer_for(Purpose.EVIDENCE, NOW)
    first.public.verify(first.sign(b"x"), b"x")
    assert signer_for(Purpose.EVIDENCE, NOW + timedelta(days=300)).public == first.public
    assert signer_for(Purpose.EVIDENCE, NOW + timedelta(days=400)).public != first.public
    assert signer_for(Purpose.EVIDENCE, NOW - timedelta(days=400)).public != first.public
    assert len(key_folder().all_keys()) == 15


def test_a_partner_accepts_the_next_key_that_the_old_one_announces(node):
    ring, digest = ring_of(node)
    later = NOW + timedelta(days=300)
    old = signer_for(Purpose.ENTRIES, later).public
    new = node.renew(Purpose.ENTRIES, later)
    rotation, signed = announce(node, Purpose.ENTRIES, digest, later)
    assert (signed.kid, rotation.key) == (old.kid, new.public)
    assert new.kid not in ring.keys
    assert new.kid in ring.changed_by(signed.token).keys


@pytest.mark.parametrize("purpose", [Purpose.LOG, Purpose.WITNESS, Purpose.HTTP, Purpose.EVIDENCE])
def test_keys_of_other_purposes_are_announced_by_the_key_for_entries(node, purpose):
    ring, digest = ring_of(node)
    new = node.renew(purpose, NOW + timedelta(days=10))
    rotation, signed = announce(node, purpose, digest, NOW + timedelta(days=10))
    assert rotation.by.public == signer_for(Purpose.ENTRIES, NOW).public
    assert ring.changed_by(signed.token).keys[new.kid].key.purpose is purpose


def test_without_a_newer_key_for_entries_there_is_nothing_to_announce(node):
    with pytest.raises(NoKey, match="countermark node keys renew entries"):
        rotation_material(Purpose.ENTRIES, FEED, NOW)
    # The old one has ended: nobody whom the partner knows can introduce the new one.
    node.renew(Purpose.ENTRIES, NOW + timedelta(days=300))
    with pytest.raises(NoKey, match="before the old one ends"):
        rotation_material(Purpose.ENTRIES, FEED, NOW + timedelta(days=400))


def test_a_setting_that_lacks_the_passphrase_is_a_problem_with_its_name(node, settings):
    def missing() -> str:
        raise ImproperlyConfigured("COUNTERMARK_KEY_PASSPHRASE is not set: it opens the keys.")

    settings.COUNTERMARK_KEY_PASSPHRASE = missing
    with pytest.raises(WrongPassphrase, match="COUNTERMARK_KEY_PASSPHRASE is not set"):
        signer_for(Purpose.LOG, NOW)


def test_with_a_signer_set_the_nodes_own_folder_is_not_touched(node, settings, tmp_path, monkeypatch):
    settings.COUNTERMARK_SIGNER = str(tmp_path / "nobody.sock")
    monkeypatch.setattr("countermark.node.exchange.keeping.signers.SignerSocket", _at_once)
    settings.COUNTERMARK_KEY_PASSPHRASE = lambda: pytest.fail("no passphrase is needed")
    with pytest.raises(SignerAway, match="countermark node signer"):
        signer_for(Purpose.LOG)


def _at_once(path: Path):
    from countermark.node.exchange.keeping.remote import SignerSocket

    return SignerSocket(path, retry_for=0)
