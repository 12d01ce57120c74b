"""The demo's node: an invented group with its people, its rights and a market. Imported only once Django is ready."""

import json
import secrets
from dataclasses import dataclass
from pathlib import Path

import msgspec
import typer
from django.core.management import call_command

from countermark.cli.talk import Talk
from countermark.formats import FolderImages, read_portfolio
from countermark.node.findings import selectors as findings
from countermark.node.findings import services as scans
from countermark.node.jobs.worker import work_until_idle
from countermark.node.listings import selectors as listings_shown
from countermark.node.listings import services as listings
from countermark.node.parties import selectors as parties
from countermark.node.parties import services as membership
from countermark.node.parties.access import Member
from countermark.node.rights import services as rights
from countermark.world import MarketFiles, draw_market

GROUP = "Maison Aurelle"
#: (name, e-mail, role); the first one founds the organisation.
PEOPLE = (
    ("Odile Marchetti", "admin@aurelle.example", "administrator"),
    ("Ana Duval", "ana@aurelle.example", "analyst"),
    ("Claire Benoit", "counsel@aurelle.example", "counsel"),
    ("Oscar Lind", "officer@aurelle.example", "officer"),
    ("Rui Reader", "reader@aurelle.example", "reader"),
)


@dataclass
class Demo:
    """One folder with a market, a database, captures and a file with the log-ins."""

    folder: Path
    talk: Talk

    def prepare(self, *, listings: int, seed: int) -> None:
        """Make what is missing, keep what is there."""
        files = self._market(listings, seed)
        call_command("migrate", verbosity=0)
        member = self._people()
        if not listings_shown.any_listing(member):
            self._import(member, files)
        if not findings.scans(member):
            scans.request_scan(member)
        self._work()

    def tell(self, address: str, *, as_json: bool) -> None:
        """Where to look, and how to log in."""
        logins = self._logins()
        if as_json:
            typer.echo(json.dumps({"address": address, "logins": logins}))
            return
        lines = ["", f"Countermark is at {address}", "", "Log in as", ""]
        lines += [f"  {email:24} {logins[email]:18} {name}, {role}" for name, email, role in PEOPLE if email in logins]
        lines += ["", "Start with Ana: open Review, decide with I, N or U, undo with Z. Press ? for all keys.", ""]
        lines += ["Ctrl-C stops it; everything is kept.", ""]
        typer.echo("\n".join(lines))

    def _market(self, listings: int, seed: int) -> MarketFiles:
        folder = self.folder / "market"
        drawn = folder / "drawn.json"
        if drawn.exists():
            return msgspec.json.decode(drawn.read_bytes(), type=MarketFiles, dec_hook=lambda _, value: Path(value))
        with self.talk.count("Drawing the market", listings) as advance:
            files = draw_market(folder, seed=seed, listings=listings, progress=advance)
        drawn.write_bytes(msgspec.json.encode(files, enc_hook=str))
        return files

    def _people(self) -> Member:
        logins = self._logins()
        if not logins:
            logins = {email: secrets.token_urlsafe(9) for _, email, _ in PEOPLE}
            self._keep_logins(logins)
        (name, founder, _), *others = PEOPLE
        if not parties.has_organisation():
            membership.found_organisation(
                name=GROUP, kind="rights_holder", admin_email=founder, admin_name=name, password=logins[founder]
            )
        member = parties.operator(founder)
        known = {m.email for m in parties.members(member)}
        for name, email, role in others:
            if email not in known:
                membership.add_member(member, email=email, role=role, name=name, password=logins[email])
        return member

    def _import(self, member: Member, files: MarketFiles) -> None:
        reading = read_portfolio(files.rights)
        rights.import_portfolio(member, reading)
        with self.talk.progress("Bringing listings in", None) as advance:
            listings.import_folder(member, files.listings, FolderImages(files.images), progress=advance)

    def _work(self) -> None:
        with self.talk.count("Scanning", 0) as advance:
            work_until_idle(progress=advance)

    def _logins(self) -> dict[str, str]:
        file = self.folder / "logins.json"
        return msgspec.json.decode(file.read_bytes(), type=dict[str, str]) if file.exists() else {}

    def _keep_logins(self, logins: dict[str, str]) -> None:
        file = self.folder / "logins.json"
        file.touch(mode=0o600)
        file.write_bytes(msgspec.json.encode(logins))
