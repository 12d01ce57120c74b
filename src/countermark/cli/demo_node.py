"""One node of the demo: its people, its keys, its market. Imported only once Django is ready."""

import json
import os
import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice
from pathlib import Path

import msgspec
from django.conf import settings
from django.core.management import call_command

from countermark.cli.demo_cast import Cast
from countermark.cli.talk import Talk
from countermark.formats import FolderImages, read_portfolio
from countermark.model.decoding import convert
from countermark.node.conduct import payees, payments
from countermark.node.exchange.agreeing import cards, drafting
from countermark.node.exchange.documents import read_card
from countermark.node.exchange.keeping import key_folder
from countermark.node.exchange.keeping.passphrases import Passphrase
from countermark.node.exchange.rules.drafts import standard_terms
from countermark.node.exchange.rules.terms import write_terms
from countermark.node.findings import selectors as findings
from countermark.node.findings import services as scans
from countermark.node.jobs.worker import work_until_idle
from countermark.node.kernel.time import now
from countermark.node.listings import selectors as listings_shown
from countermark.node.listings import services as listings
from countermark.node.parties import selectors as parties
from countermark.node.parties import services as membership
from countermark.node.parties.access import Member
from countermark.node.rights import services as rights
from countermark.world import MarketFiles, draw_market

#: Files in a node's folder.
LOGINS, CARD, OFFERED = "logins.json", "card.json", "offered.jsonl"

#: What the payment platform of the demo holds.
A_HOLD = payments.Hold(
    payee="payee-0001",
    kind="payment_hold",
    held="Pay-outs for bags sold since the first of the month",
    reasons="A rights holder says that the bags are copies. You can answer on this page.",
    ends_on=None,
    label="alleged",
    decided_by="",
    decision="",
    evidence="Three offers that Maison Aurelle calls copies; no platform and no court has decided on them.",
    machine="pointed",
)


@dataclass
class Demo:
    """One folder with a database, captures, and a file with the log-ins.

    Attributes:
        folder: of this node.
        cast: whose node it is.
        talk: says how far it is.
    """

    folder: Path
    cast: Cast
    talk: Talk

    def found(self) -> Member:
        """The organisation and its people, with a password each; what is there stays."""
        call_command("migrate", verbosity=0)
        logins = self.logins()
        if not logins:
            logins = {person.email: secrets.token_urlsafe(9) for person in self.cast.people}
            _keep(self.folder / LOGINS, logins)
        founder, *others = self.cast.people
        if not parties.has_organisation():
            membership.found_organisation(
                name=self.cast.name,
                kind=self.cast.kind,
                admin_email=founder.email,
                admin_name=founder.name,
                password=logins[founder.email],
            )
        member = parties.operator(founder.email)
        known = {one.email for one in parties.members(member)}
        for person in others:
            if person.email not in known:
                membership.add_member(
                    member, email=person.email, role=person.role, name=person.name, password=logins[person.email]
                )
        return member

    def introduce(self, member: Member, key_file: Path, passphrase: str) -> None:
        """Hold the key ceremony, and write the card that partners are given.

        The organisation's key lies beside the node, where a real one never should.
        """
        keys = key_folder()
        if not key_file.exists():
            key_file.parent.mkdir(mode=0o700, exist_ok=True)
            keys.make_organisation_key(key_file, Passphrase(passphrase))
        public = keys.organisation()
        assert public is not None
        cards.introduce(member, self.cast.party, settings.COUNTERMARK_NODE_NAME, public)
        (self.folder / CARD).write_bytes(msgspec.json.encode(cards.our_card(member.organisation_id)))

    def scan_market(self, member: Member, *, listings: int, seed: int, left_out: int = 0) -> None:
        """The main job: draw a market, bring it in with its rights, scan it. What is done already is not done again.

        Args:
            member: who does it.
            listings: in the market.
            seed: the same seed draws the same market.
            left_out: listings at its end that the marketplace itself will share.
        """
        files = self._market(listings, seed)
        if not listings_shown.any_listing(member):
            rights.import_portfolio(member, read_portfolio(files.rights))
            self.bring_in(member, _part(files.listings, self.folder / "captured.jsonl", 0, listings - left_out), files)
        if not findings.scans(member):
            scans.request_scan(member)
        with self.talk.count("Scanning", 0) as advance:
            work_until_idle(progress=advance)

    def bring_in(self, member: Member, source: Path, files: MarketFiles) -> None:
        """Bring a file of listings in."""
        with self.talk.progress("Bringing listings in", None) as advance:
            listings.import_folder(member, source, FolderImages(files.images), progress=advance)

    def stock(self, member: Member, market: Path, *, listings: int, left_out: int) -> None:
        """Give the marketplace the listings at the end of the market, to share them."""
        files = _drawn(market)
        if not listings_shown.any_listing(member):
            self.bring_in(member, _part(files.listings, self.folder / OFFERED, listings - left_out, listings), files)

    def offer_to(self, member: Member, card_file: Path) -> str:
        """Draft an agreement with standard terms for whom a card introduces, and offer it; gives its id."""
        card = read_card(card_file.read_bytes())
        terms = write_terms(standard_terms(member.organisation_kind, card.kind))
        row = drafting.draft(member, card, terms)
        drafting.offer(member, row.name)
        return row.name

    def hold_payouts(self) -> None:
        """One hold of pay-outs, on an allegation, to look at its page; what is held stays."""
        officer = parties.operator(self.cast.people[-1].email)
        if not payees.payees(officer):
            payments.propose(officer, replace(A_HOLD, ends_on=now().date() + timedelta(days=30)))

    def logins(self) -> dict[str, str]:
        """Passwords by e-mail; empty before the people are there."""
        file = self.folder / LOGINS
        return json.loads(file.read_text()) if file.exists() else {}

    def _market(self, listings: int, seed: int) -> MarketFiles:
        folder = self.folder / "market"
        if not (folder / "drawn.json").exists():
            with self.talk.count("Drawing the market", listings) as advance:
                files = draw_market(folder, seed=seed, listings=listings, progress=advance)
            (folder / "drawn.json").write_bytes(msgspec.json.encode(files, enc_hook=str))
        return _drawn(folder)


def _drawn(folder: Path) -> MarketFiles:
    told = (folder / "drawn.json").read_bytes()
    return convert(json.loads(told), MarketFiles, dec_hook=lambda _, value: Path(value))


def _part(source: Path, into: Path, first: int, end: int) -> Path:
    """Some lines of a file as a file of its own."""
    with source.open(encoding="utf-8") as lines, into.open("w", encoding="utf-8") as part:
        part.writelines(islice(lines, first, end))
    return into


def _keep(file: Path, logins: dict[str, str]) -> None:
    """Write the passwords; the file is its owner's alone from the moment it exists."""
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as kept:
        json.dump(logins, kept)
