"""Who said what, when, and that nothing was changed since: see README.md."""

from pathlib import Path

from countermark.proof.agreements import Agreement, OperationalKey, Party, Purpose, SignedAgreement, open_agreement
from countermark.proof.bag_verifying import verify_bag
from countermark.proof.entries import DataClass, Entry, SignedEntry, open_entry, sign_entry
from countermark.proof.extracts import Extract, ExtractEntry, read_extract, write_extract
from countermark.proof.key_ring import KeyRing
from countermark.proof.keys import PrivateKey, PublicKey, Signer
from countermark.proof.refusals import REASONS, Refused
from countermark.proof.timestamps import read_authorities
from countermark.proof.verifying import Check, Report, verify_extract

__all__ = [
    "REASONS",
    "Agreement",
    "Check",
    "DataClass",
    "Entry",
    "Extract",
    "ExtractEntry",
    "KeyRing",
    "OperationalKey",
    "Party",
    "PrivateKey",
    "PublicKey",
    "Purpose",
    "Refused",
    "Report",
    "SignedAgreement",
    "SignedEntry",
    "Signer",
    "open_agreement",
    "open_entry",
    "read_authorities",
    "read_extract",
    "sign_entry",
    "standalone_file",
    "verify_bag",
    "verify_extract",
    "write_extract",
]


def standalone_file() -> Path:
    """The script that checks extracts without this package; give it to whoever does not trust us."""
    return Path(__file__).with_name("standalone") / "countermark_verify.py"
