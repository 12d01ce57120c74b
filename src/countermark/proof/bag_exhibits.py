"""Papers in a bag: what custody says of them, and whether the PDFs are what their key signed."""

from collections.abc import Sequence
from importlib.util import find_spec

from cryptography import x509

from countermark.proof.agreements import Purpose, open_agreement
from countermark.proof.bag_files import BagFiles
from countermark.proof.bags import digest_of, read_file
from countermark.proof.entries import write_moment
from countermark.proof.extracts import read_extract
from countermark.proof.refusals import Refused
from countermark.proof.seals import CustodyLine
from countermark.proof.timestamps import MOST_BYTES as MOST_OF_CERTIFICATES
from countermark.proof.timestamps import read_authorities
from countermark.proof.verifying import Report

FOLDER, MADE = "exhibit/", "exhibit"
_MOST_BYTES = 64 * 1024 * 1024


def papers_in(files: BagFiles) -> list[str]:
    """Names of the papers, in order; certificates beside them are none."""
    return sorted(name for name in files.sizes if name.startswith(FOLDER) and not name.endswith(".pem"))


def check_named(files: BagFiles, name: str, lines: Sequence[CustodyLine]) -> None:
    """Make sure that a line of custody names a paper with the hash that it has.

    Raises:
        Refused: exhibit-unknown.
    """
    said = {"file": name.removeprefix(FOLDER), "sha256": digest_of(files, name)}
    if not any(line.action == MADE and line.detail == said for line in lines):
        raise Refused("exhibit-unknown", f"It is {name}.")


def check_signature(
    files: BagFiles,
    name: str,
    authorities: Sequence[Sequence[x509.Certificate]],
    agreed: dict[str, str],
    report: Report,
) -> str:
    """Check the signature of a PDF where pyHanko is installed; gives what was found, in a sentence.

    Args:
        files: of the bag.
        name: of the paper.
        authorities: that are believed; none: those that lie beside the paper.
        agreed: names of organisations, by id of their keys for evidence, as signed agreements in the bag say.
        report: takes what is left open, and fingerprints to compare.

    Raises:
        Refused: whatever `check_pdf` refuses.
    """
    if find_spec("pyhanko") is None:
        report.not_shown.append(f"The signature of {name} was not checked: pyHanko is not installed.")
        return "Custody names it with this hash."
    from countermark.proof.pades.checking import check_pdf  # noqa: PLC0415 - only where it is installed

    beside = name.removesuffix("pdf") + "pem"
    if not authorities and beside in files.sizes:
        authorities = [read_authorities(read_file(files, beside, MOST_OF_CERTIFICATES))]
    seal = check_pdf(read_file(files, name, _MOST_BYTES), authorities)
    owner = agreed.get(seal.key.kid)
    if owner is None:
        report.fingerprints[f"Key for evidence, said to be of {seal.organisation}"] = seal.key.spoken
    when = "at a time that no authority confirms"
    if seal.stamped:
        when = f"before {write_moment(seal.stamped)}, as {seal.authority} says"
    who = f"{owner}, as an agreement in the bag says" if owner else f"key {seal.key.kid}"
    return f"Custody names it with this hash; {who} signed it {when}."


def keys_for_evidence(extract: bytes) -> dict[str, str]:
    """Who owns which key for evidence, as the agreements of an extract say, signed by both sides.

    Raises:
        Refused: as reading the extract does.
    """
    parties = [party for signed in read_extract(extract).agreements for party in open_agreement(signed).parties]
    return {key.public.kid: party.name for party in parties for key in party.keys if key.purpose is Purpose.EVIDENCE}
