"""What every bag holds beside its files: the program that checks it, timestamps, and how to check it by hand."""

from collections.abc import Iterable
from pathlib import Path

from countermark.node.evidence.stamping import NotStamped, authorities, stamp
from countermark.proof import standalone_file

#: Name in a bag -> its bytes, or the file that holds them.
Tags = dict[str, bytes | Path]
_HOW_TO = """How to check this bag
=====================

Nothing here needs a network, the node that made it, or our goodwill.

1. With Countermark:               countermark verify BAG.zip
2. With Python and cryptography:   python countermark_verify.py BAG.zip
   The program lies in proof/. If you do not trust the bag, take the program from somewhere else.
3. By hand, in the unpacked bag:

    sha256sum --check manifest-sha256.txt
    sha256sum --check tagmanifest-sha256.txt
{commands}

What it means: {meaning}
exhibit/ holds papers for readers{papers};
custody names each with its SHA-256. A PDF is signed as a whole (PAdES, Ed25519).
"""


def program() -> Tags:
    """The program for a stranger, where each bag has it."""
    return {"proof/countermark_verify.py": standalone_file()}


def stamp_files(about: str, number: int, token: bytes, certificates: bytes) -> Tags:
    """A timestamp (RFC 3161) over a file of the bag, and the certificates (PEM) to check it with.

    Args:
        about: name of the file in the bag.
        number: of this timestamp among those over the file, from 1.
        token: DER.
        certificates: of the authority.
    """
    return {f"{about}.stamp-{number}.tsr": token, f"{about}.stamp-{number}.pem": certificates}


def stamps_now(about: str, data: bytes) -> Tags:
    """Timestamps of now over a file of the bag, by each authority that answers."""
    tags: Tags = {}
    for number, (url, certificates) in enumerate(authorities(), start=1):
        found = stamp(data, url, certificates)
        if not isinstance(found, NotStamped):
            tags |= stamp_files(about, number, found.token, found.certificates)
    return tags


def how_to_check(names: Iterable[str], meaning: str, papers: str = "") -> Tags:
    """`verify.txt`, in words for a reader who has never heard of us.

    Args:
        names: of all tags; those of timestamps get a command each.
        meaning: what the bag's files are, from “What it means:” on.
        papers: more about `exhibit/`.
    """
    tokens = sorted(name for name in names if name.endswith(".tsr"))
    commands = "\n".join(
        f"    openssl ts -verify -data {name.partition('.stamp-')[0]} -in {name} -CAfile {name[:-3]}pem"
        for name in tokens
    )
    return {"verify.txt": _HOW_TO.format(commands=commands, meaning=meaning.strip(), papers=papers).encode()}
