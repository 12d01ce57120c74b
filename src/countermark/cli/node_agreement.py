"""`countermark node keys sign-agreement`: read an agreement, compare it by voice, sign it away from the network."""

import hashlib
import json
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from countermark.cli.exits import REFUSED
from countermark.cli.node_folder import PassphraseFile, passphrase_source, told
from countermark.cli.talk import Talk
from countermark.formats.writing import whole_file
from countermark.proof import Agreement, Party, PublicKey, Refused, SignedAgreement, open_agreement
from countermark.proof.agreements import MOST_BYTES, check_signature, read_agreement, sign_agreement
from countermark.proof.encoding import from_base64url, to_base64url
from countermark.proof.ijson import read_object
from countermark.proof.keys import spoken
from countermark.proof.shapes import as_record

#: Base64 and two signatures around an agreement.
_MOST_FILE = MOST_BYTES * 2


def sign(
    file: Annotated[Path, typer.Argument(help="The agreement, as the node or a partner wrote it.")],
    key: Annotated[Path, typer.Option("--key", help="File of the organisation's key.")],
    out: Annotated[Path, typer.Option("--out", help="New file for the agreement with your signature.")],
    passphrase_file: PassphraseFile = None,
) -> None:
    """Show an agreement with its fingerprints and digest, ask, and sign it with the organisation's key.

    Run it on the machine that has no network. Nothing is signed until you type yes.
    """
    with told():
        from countermark.node.exchange.keeping.pems import read_organisation_key
        from countermark.node.exchange.keeping.problems import NotWritten

        if out.exists():
            raise NotWritten(f"{out} is there already and is not written over. Choose another name.")
        agreement, signatures = _read(file)
        private = read_organisation_key(
            key, passphrase_source(passphrase_file, "Passphrase of the organisation's key")()
        )
        ours = _party_of(agreement, private.public)
        if ours.id in signatures:
            raise NotWritten(f"{ours.id} has signed it already. Pass it on to the other side.")
        _show(agreement, ours, signatures)
        if typer.prompt("\nType yes to sign, anything else to leave", default="no", show_default=False) != "yes":
            Talk().error("Not signed.")
            raise typer.Exit(REFUSED)
        signed = SignedAgreement(
            to_base64url(agreement.to_bytes()), {**signatures, ours.id: sign_agreement(agreement, private)}
        )
        if len(signed.signatures) == len(agreement.parties):
            open_agreement(signed)
        with whole_file(out) as written:
            written.write(msgspec.json.encode(signed) + b"\n")
    missing = [party.name for party in agreement.parties if party.id not in signed.signatures]
    what = f"Now {missing[0]} signs." if missing else "Both have signed; bring it to the node."
    typer.echo(_plain(f"Signed for {ours.name} in {out}. {what}"))


def _read(file: Path) -> tuple[Agreement, dict[str, str]]:
    """An agreement, and the signatures that are there already, each of them checked."""
    with file.open("rb") as opened:
        data = opened.read(_MOST_FILE + 1)
    if len(data) > _MOST_FILE:
        raise Refused("too-large", f"An agreement has at most {MOST_BYTES} bytes.")
    data = data.removesuffix(b"\n")
    said = read_object(data)
    if "signatures" not in said:
        return read_agreement(data), {}
    signed = as_record(said, SignedAgreement, what="Signed agreement: ")
    agreement = read_agreement(from_base64url(signed.agreement, "not-an-entry"))
    by_id = {party.id: party for party in agreement.parties}
    for identifier, signature in signed.signatures.items():
        if identifier not in by_id:
            raise Refused("bad-signature", "Both parties sign an agreement, and nobody else.")
        check_signature(agreement, by_id[identifier], signature)
    return agreement, dict(signed.signatures)


def _party_of(agreement: Agreement, public: PublicKey) -> Party:
    for party in agreement.parties:
        if party.public == public:
            return party
    raise Refused("wrong-signer", "This key belongs to neither party of the agreement.")


def _show(agreement: Agreement, ours: Party, signatures: dict[str, str]) -> None:
    lines = [f"Agreement {agreement.id}, version {agreement.version}", "", "Terms"]
    lines += [f"  {line}" for line in json.dumps(agreement.terms, indent=2, ensure_ascii=False).split("\n")]
    for party in agreement.parties:
        signed = "has signed, and the signature fits" if party.id in signatures else "has not signed yet"
        lines += ["", f"{party.name} ({party.id}, {party.node}){', that is you' if party == ours else ''}; {signed}"]
        lines += [f"  fingerprint  {party.public.spoken}", f"  key id       {party.public.kid}"]
        lines += [f"  {one.purpose:11}  {one.public.kid}  until {one.valid_until[:10]}" for one in party.keys]
    lines += [
        "",
        "Read aloud, on a number that you know from elsewhere: your fingerprint, and this digest of the whole.",
    ]
    lines += [f"  {spoken(hashlib.sha256(agreement.to_bytes()).digest())}", f"  SHA-256 {agreement.digest}"]
    for line in lines:
        typer.echo(_plain(line))


def _plain(text: str) -> str:
    """Without letters that move the cursor, change colours, or turn the direction of writing."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)
