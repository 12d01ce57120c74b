"""One message of each purpose, as the protocol really makes them."""

from datetime import datetime

from countermark.node.exchange.keeping.keyring import KeyFolder
from countermark.node.exchange.keeping.tests.conftest import NOW, ORIGIN
from countermark.proof import DataClass, Entry, PublicKey, Purpose, sign_entry
from countermark.proof.checkpoints import Checkpoint, cosign, sign_checkpoint
from countermark.proof.entries import NOTHING_BEFORE

SIGNATURE_BASE = (
    '"@method": POST\n'
    '"@target-uri": https://bazaar.example/api/entries?after=7\n'
    '"content-digest": sha-512=:AAAA:\n'
    '"x-note";sf;key="a": (a "b: c")\n'
    '"@signature-params": ("@method" "@target-uri" "content-digest" "x-note";sf;key="a")'
    ';created=1772442000;keyid="k";alg="ed25519"'
)


class Recorder:
    """A signer that keeps what it was asked to sign."""

    def __init__(self, public: PublicKey) -> None:
        self.public = public
        self.message = b""

    def sign(self, message: bytes) -> bytes:
        self.message = message
        return bytes(64)


def entry_of() -> Entry:
    return Entry(
        feed="a-b:aurelle",
        seq=1,
        prev=NOTHING_BEFORE,
        id="01890a5d-ac96-774b-bcce-b302099a8057",
        type="finding.shared",
        subject="fnd_1",
        time="2026-03-02T09:00:00.000Z",
        agreement="ab" * 32,
        purpose="counterfeit-removal",
        data_class=DataClass.PUBLIC,
        data={"note": "x"},
    )


def messages(folder: KeyFolder, moment: datetime = NOW) -> dict[Purpose, bytes]:
    """By purpose, what its key is asked to sign; keys are those of the folder."""
    recorders = {kept.purpose: Recorder(kept.public.public) for kept in folder.all_keys()}
    checkpoint = Checkpoint(ORIGIN, 7, bytes(range(32)))
    sign_entry(entry_of(), recorders[Purpose.ENTRIES])
    sign_checkpoint(checkpoint, recorders[Purpose.LOG])
    cosign(Checkpoint("node.bazaar.example", 9, bytes(32)), ORIGIN, recorders[Purpose.WITNESS], moment)
    recorders[Purpose.HTTP].sign(SIGNATURE_BASE.encode())
    recorders[Purpose.EVIDENCE].sign(b"\x31\x80 signed attributes of a PDF")
    return {purpose: recorder.message for purpose, recorder in recorders.items()}
