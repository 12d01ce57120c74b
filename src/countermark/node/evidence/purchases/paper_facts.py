"""What the exhibit of a test purchase says, gathered from its chain and files; and the photographs that it shows."""

import re
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from countermark.formats.picture import RefusedPicture
from countermark.node.evidence.exhibits import facts
from countermark.node.evidence.exhibits.facts import Contents, stamps_of
from countermark.node.evidence.models import Purchase
from countermark.node.evidence.purchases.acts import Act, Done
from countermark.node.evidence.purchases.chain import DATA, Chain
from countermark.node.evidence.purchases.fields import FIELDS, Asked
from countermark.node.evidence.purchases.recording import CORRECTION
from countermark.node.evidence.purchases.words import Brought
from countermark.node.evidence.showing import shown_copy
from countermark.node.evidence.store import Form, store
from countermark.node.parties.models import Organisation
from countermark.proof.keys import PublicKey
from countermark.proof.seals import CustodyLine

#: Photographs that one paper shows; further ones stand in it by name, size and hash like films.
MOST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Offer:
    """The listing as a higher room has it: not part of the record, and the paper says so.

    Attributes:
        title, marketplace, shop, address: as captured; empty where not known, or not for who asks.
    """

    title: str
    marketplace: str
    shop: str
    address: str


@lru_cache(maxsize=8)
def purchase_words(language: str) -> dict[str, Any]:
    """Every sentence of the paper in a language of LANGUAGES; what papers of captures say alike comes from them."""
    path = Path(facts.__file__).with_name("words") / f"purchase-{language}.yaml"
    own: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return facts.words(language) | own


def contents_of(
    row: Purchase, chain: Chain, names: dict[str, str], language: str, key: PublicKey, offer: Offer | None
) -> Contents:
    """Everything an exhibit shows of a purchase.

    Args:
        row: the purchase; its files were compared with their hashes.
        chain: its lines and words, none of them lost.
        names: of people, by actor (`usr_…`).
        language: of LANGUAGES.
        key: that will sign it.
        offer: the listing that it was ordered from, None where it is not known any more.
    """
    said, organisation = purchase_words(language), Organisation.objects.get(pk=row.organisation_id).name
    writer = _Writer(chain, {**names, "system": said["system"], "worker": said["worker"]}, said)
    acts = [writer.act(done) for done in chain.standing.done]
    shown = {
        "evidence": row.public_id,
        "listing": row.listing_id,
        "offer": asdict(offer) if offer else None,
        "organisation": organisation,
        "organisation_plain": re.sub(r'["\\<>\n\r]', " ", organisation),
        "stage": said["stages"][chain.standing.stage],
        "holder": chain.standing.holder,
        "conclusion": said["choices"].get(chain.standing.opinion, ""),
        "seals": ", ".join(_seals(chain)),
        "last": {"seq": chain.last_act.seq, "at": _moment(chain.last_act.at), "digest": chain.last_act.digest},
        "acts": acts,
        "lines": [writer.line(one) for one in chain.lines],
        **_stamps(row),
        "key_id": key.kid,
        "key_spoken": key.spoken,
    }
    return Contents(shown, writer.pictures)


def _seals(chain: Chain) -> list[str]:
    """The numbers with which the parcel was sealed last, as they stand."""
    sealed = [one.words.get("seals", "") for one in chain.standing.done if one.act is Act.SEAL]
    return sealed[-1].splitlines() if sealed else []


def _stamps(row: Purchase) -> dict[str, Any]:
    rows = list(row.stamps.order_by("seq", "id"))
    stamps = [{"seq": one.seq, **said} for one, said in zip(rows, stamps_of(rows), strict=True)]
    return {"stamps": stamps, "roots": {one["fingerprint"]: one["authority"] for one in stamps}.items()}


def _moment(at: str) -> str:
    """ISO 8601 in UTC, as people read it; the words around it name the zone."""
    return at.replace("T", " ").removesuffix("Z")


class _Writer:
    """Writes acts and lines in one language, and gathers the photographs on the way."""

    def __init__(self, chain: Chain, names: dict[str, str], said: dict[str, Any]) -> None:
        self._chain, self._names, self._said = chain, names, said
        self._lines = {one.seq: one for one in chain.lines}
        self.pictures: dict[str, bytes] = {}

    def line(self, one: CustodyLine) -> dict[str, Any]:
        """One line of the chain."""
        return {
            "seq": one.seq,
            "at": _moment(one.at),
            "who": self._names.get(one.actor, one.actor),
            "act": self._said["acts"].get(one.action, one.action),
            "digest": one.digest,
        }

    def act(self, done: Done) -> dict[str, Any]:
        """One act: its first words, what was written in place of them later, and what came with it."""
        later = [seq for seq, one in sorted(self._chain.words.items()) if one.corrects == done.seq]
        return {
            **self.line(self._lines[done.seq]),
            "rows": [self._row(done.seq, asked, later) for asked in FIELDS[done.act]],
            "files": self._files(done.seq),
            "corrections": [self._correction(seq) for seq in later],
        }

    def _row(self, seq: int, asked: Asked, later: list[int]) -> dict[str, Any]:
        """A field: its first value, and each value that a correction put in place of the one before."""
        values = [(one, self._value(asked, one)) for one in (seq, *later)]
        changed = [{"seq": one, "value": value} for (_, before), (one, value) in pairwise(values) if value != before]
        return {"label": self._said["fields"][asked.name], "value": values[0][1], "later": changed}

    def _value(self, asked: Asked, seq: int) -> str:
        value = self._chain.words[seq].words.get(asked.name, "")
        if asked.kind == "choice":
            return str(self._said["choices"].get(value, value))
        return _moment(value) if asked.kind == "moment" else value

    def _correction(self, seq: int) -> dict[str, Any]:
        wrong = self._chain.words[seq].words.get(CORRECTION, "")
        return {**self.line(self._lines[seq]), "wrong": wrong, "files": self._files(seq)}

    def _files(self, seq: int) -> list[dict[str, Any]]:
        return [self._file(one) for one in self._chain.words[seq].files]

    def _file(self, one: Brought) -> dict[str, Any]:
        kind = one.media_type.partition("/")[0]
        return {
            "name": f"{DATA}{one.name}",
            "brought_as": one.brought_as,
            "kind": self._said["kinds"][kind],
            "media_type": one.media_type,
            "size": one.size,
            "sha256": one.sha256,
            "is_photograph": kind == "image",
            "shown": self._photograph(one) if kind == "image" else "",
        }

    def _photograph(self, one: Brought) -> str:
        """Name of the copy to show; empty for what is not decoded here, or one too many."""
        if len(self.pictures) >= MOST_SHOWN:
            return ""
        name = f"photograph-{len(self.pictures)}"
        try:
            self.pictures[name] = shown_copy(store().evidence_path(one.sha256).read_bytes(), Form.THUMB)
        except RefusedPicture:
            return ""
        return name
