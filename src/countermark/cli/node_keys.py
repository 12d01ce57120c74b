"""`countermark node keys`: make, list, renew, revoke and check the keys of a node."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from countermark.cli import node_agreement
from countermark.cli.exits import FOUND, REFUSED, USAGE
from countermark.cli.node_folder import PassphraseFile, folder_of_node, passphrase_source, told
from countermark.cli.talk import Talk
from countermark.proof import PublicKey, Purpose

if TYPE_CHECKING:
    from countermark.node.exchange.keeping.keyring import KeyFolder
    from countermark.node.exchange.keeping.manifest import KeptKey

app = typer.Typer(help="Make, renew and look after the keys that a node signs with.", no_args_is_help=True)
app.command("sign-agreement")(node_agreement.sign)

#: The exchange tells partners of a renewed key within a minute; they ask every few seconds.
_TOLD_WITHIN = timedelta(minutes=2)

AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Days = Annotated[int, typer.Option("--days", min=1, max=365, help="How many days before its end a key is near it.")]
Months = Annotated[int, typer.Option("--months", min=1, max=12, help="How long new keys last.")]


@app.command("init")
def init(
    organisation_key: Annotated[
        Path | None,
        typer.Option("--organisation-key", help="Also make the organisation's key, in this file outside the node."),
    ] = None,
    organisation_public: Annotated[
        str, typer.Option("--organisation-public", help="Public key of the organisation, made on another machine.")
    ] = "",
    organisation_passphrase_file: Annotated[
        Path | None, typer.Option("--organisation-passphrase-file", help="Passphrase of the organisation's key.")
    ] = None,
    passphrase_file: PassphraseFile = None,
    months: Months = 12,
    as_json: AsJson = False,
) -> None:
    """Make a key for each purpose that has none, and print what partners need to know.

    [dim]Example[/]  countermark node keys init --organisation-public Qm9…
    """
    if organisation_key and organisation_public:
        Talk().error("Give --organisation-key or --organisation-public, not both.")
        raise typer.Exit(USAGE)
    with told():
        folder = folder_of_node(passphrase_file, twice=True)
        made = folder.make_operational_keys(_now(), months)
        if organisation_public:
            folder.record_organisation(PublicKey.from_text(organisation_public))
        if organisation_key:
            source = passphrase_source(
                organisation_passphrase_file, "Passphrase of the organisation's key (not the node's)", twice=True
            )
            folder.make_organisation_key(organisation_key, source())
        public = folder.organisation()
    if as_json:
        said = {"organisation": _facts(public), "made": [_row(kept, folder, _now()) for kept in made]}
        typer.echo(msgspec.json.encode(said).decode())
        return
    typer.echo(f"{len(made)} keys made in {folder.path}." if made else "Every purpose has a key already.")
    _tell_rows(folder, made)
    if public is None:
        Talk().say("The organisation's key is not known here yet: see docs/how-to/keep-keys.md.")
        return
    _tell_organisation(public, organisation_key)


@app.command("organisation")
def organisation(
    file: Annotated[Path, typer.Argument(help="File of the organisation's key, best on a stick.")],
    check: Annotated[bool, typer.Option("--check", help="Open a file that is there, such as a second copy.")] = False,
    passphrase_file: PassphraseFile = None,
    as_json: AsJson = False,
) -> None:
    """Make the organisation's key on a machine without network; needs no node and no settings."""
    with told():
        from countermark.node.exchange.keeping.pems import make_organisation_key, read_organisation_key

        source = passphrase_source(passphrase_file, "Passphrase of the organisation's key", twice=not check)
        public = read_organisation_key(file, source()).public if check else make_organisation_key(file, source())
    if as_json:
        typer.echo(msgspec.json.encode(_facts(public)).decode())
        return
    _tell_organisation(public, None if check else file)


@app.command("list")
def list_keys(as_json: AsJson = False) -> None:
    """Show every key with its purpose, its id, the fingerprint to read aloud, and the days it has left."""
    with told():
        folder = folder_of_node()
        rows = [_row(kept, folder, _now()) for kept in folder.all_keys()]
        public = folder.organisation()
    if as_json:
        typer.echo(msgspec.json.encode({"organisation": _facts(public), "keys": rows}).decode())
        return
    if public is not None:
        typer.echo(f"organisation  {public.kid}\n              {public.spoken}")
    _tell_rows(folder, list(folder.all_keys()))


@app.command("renew")
def renew(
    purpose: Annotated[Purpose, typer.Argument(help="What the key is for.")],
    passphrase_file: PassphraseFile = None,
    months: Months = 12,
    as_json: AsJson = False,
) -> None:
    """Make the next key for a purpose. The one before stays good until its end, so that partners can be told."""
    with told():
        folder = folder_of_node(passphrase_file)
        kept = folder.renew(purpose, _now(), months)
    if as_json:
        typer.echo(msgspec.json.encode(_row(kept, folder, _now())).decode())
        return
    _tell_rows(folder, [kept])


#: An id may begin with a dash; it is no option then.
_TAKES_ID = {"ignore_unknown_options": True, "help_option_names": ["--help"]}


@app.command("retire", context_settings=_TAKES_ID)
def retire(kid: Annotated[str, typer.Argument(metavar="KID", help="Id of the key.")]) -> None:
    """Stop using a key; what it signed stays good."""
    with told():
        folder = folder_of_node()
        _tell_rows(folder, [folder.retire(kid, _now())])


@app.command("revoke", context_settings=_TAKES_ID)
def revoke(
    kid: Annotated[str, typer.Argument(metavar="KID", help="Id of the key.")],
    since: Annotated[
        datetime,
        typer.Option(
            "--since",
            help="Since when others may have had it (UTC).",
            formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S"],
        ),
    ],
    at_once: Annotated[
        bool,
        typer.Option(
            "--at-once", help="Also when partners know no other key for entries: each agreement must be amended."
        ),
    ] = False,
) -> None:
    """Stop using a key that others may hold. Renew it two minutes before; partners are told by an entry.

    Only a key for entries that a partner knows can tell it of this: the last one is revoked with --at-once alone.
    """
    moment = since.replace(tzinfo=UTC)
    if moment > _now():
        Talk().error("--since lies in the future. Give the moment since when others may have had the key.")
        raise typer.Exit(USAGE)
    with told():
        folder = folder_of_node()
        if not at_once and _speaks_alone(folder, kid):
            Talk().error(
                "Partners know no other key for entries yet, so nothing could be signed any more. First run "
                "“countermark node keys renew entries”; two minutes later, while “countermark node exchange” runs, "
                "revoke this one. With --at-once it is revoked now, and each agreement has to be amended."
            )
            raise typer.Exit(REFUSED)
        kept = folder.revoke(kid, moment)
        _tell_rows(folder, [kept])
    if not folder.usable(kept.purpose, _now()):
        Talk().say(f"Make the next one now: countermark node keys renew {kept.purpose}")


def _speaks_alone(folder: "KeyFolder", kid: str) -> bool:
    """Whether no key for entries but this one has been here for long enough that partners were told of it."""
    from countermark.proof.entries import read_moment

    usable = folder.usable(Purpose.ENTRIES, _now())
    told_of = [one.kid for one in usable if read_moment(one.made_at) <= _now() - _TOLD_WITHIN]
    return kid in {one.kid for one in usable} and not set(told_of) - {kid}


@app.command("check")
def check(passphrase_file: PassphraseFile = None, days: Days = 30, as_json: AsJson = False) -> None:
    """Open every key that is used, and look at modes, list and ends. Exit code 1: renew something; 4: not usable."""
    from countermark.cli.node_key_check import check_folder

    with told():
        report = check_folder(folder_of_node(passphrase_file), _now(), days)
    if as_json:
        typer.echo(msgspec.json.encode({"usable": report.usable, "lines": report.lines}).decode())
    else:
        for line in report.lines:
            typer.echo(f"{line.state:5}  {line.part}: {line.words}")
    if not report.usable:
        raise typer.Exit(REFUSED)
    if report.due:
        raise typer.Exit(FOUND)


def _now() -> datetime:
    from countermark.node.kernel import time

    return time.now()


def _facts(public: PublicKey | None) -> dict[str, str] | None:
    return None if public is None else {"kid": public.kid, "key": public.text, "fingerprint": public.spoken}


def _row(kept: "KeptKey", folder: "KeyFolder", now: datetime) -> dict[str, object]:
    from countermark.node.exchange.keeping.manifest import days_left

    return {
        "purpose": kept.purpose.value,
        "kid": kept.kid,
        "fingerprint": kept.public.public.spoken,
        "key": kept.key,
        "valid_from": kept.valid_from,
        "valid_until": kept.valid_until,
        "days_left": max(0, days_left(kept, now)),
        "state": folder.state_of(kept, now),
    }


def _tell_rows(folder: "KeyFolder", keys: "list[KeptKey]") -> None:
    for kept in keys:
        row = _row(kept, folder, _now())
        typer.echo(
            f"{row['purpose']:12}  {row['kid']}  until {kept.valid_until[:10]}, {row['days_left']} days, {row['state']}"
        )
        typer.echo(f"{'':12}  {row['fingerprint']}")


def _tell_organisation(public: PublicKey, made_in: Path | None) -> None:
    typer.echo(f"\nThe organisation's key\n  public key   {public.text}\n  key id       {public.kid}")
    typer.echo(f"  fingerprint  {public.spoken}")
    if made_in is not None:
        typer.echo(
            f"\nIt lies in {made_in}. Make a second copy, open both with\n"
            "  countermark node keys organisation --check FILE\n"
            "keep them offline in two places, and the passphrase in neither. No copy stays on this machine.\n"
            "Partners compare the fingerprint by voice before they sign an agreement."
        )
