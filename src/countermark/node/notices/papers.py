"""What a notice says, as one record: the same on both nodes, and what travels between them."""

from collections.abc import Mapping

import msgspec

from countermark.law.drafts import Proof
from countermark.model.decoding import decode
from countermark.node.exchange.rules.values import Value
from countermark.node.kernel.folding import is_storable

#: Characters of the explanation; the exchange carries no longer text.
LONGEST_EXPLANATION = 10_000
#: Pieces of evidence that one notice names.
MOST_EVIDENCE = 20
#: Fields of a notice that an answer can bring; which offer, house and country it is about stays.
_COMPLETED = ("url", "right_id", "right_office", "right_number", "right_owner", "ground")


class Filed(msgspec.Struct, frozen=True, kw_only=True):
    """A notice as it was filed.

    Attributes:
        url, external_id, marketplace, title: the offer.
        brand: house whose right it is.
        right_id, right_title, right_kind, right_office, right_number, right_owner: the right relied on.
        ground: id of a ground of the regime.
        explanation: what infringes and why.
        country: to which the offer is directed, ISO 3166-1 alpha-2.
        fields: further fields of the regime; may hold personal data.
        evidence: kind and SHA-256 of each piece.
        declarations: the words that were signed.
        role: role of the member who filed it; empty for a notice that came from a partner.
        withheld: names of fields that did not reach the other side.
        lacks: what a received notice still lacks: ids of fields and declarations of the regime, or `items` (the exact
            location), `ground`, `evidence`.
    """

    url: str
    external_id: str
    marketplace: str
    title: str
    brand: str
    right_id: str = ""
    right_title: str = ""
    right_kind: str = ""
    right_office: str = ""
    right_number: str = ""
    right_owner: str = ""
    ground: str = ""
    explanation: str = ""
    country: str = ""
    fields: dict[str, str] = {}
    evidence: tuple[Proof, ...] = ()
    declarations: tuple[str, ...] = ()
    role: str = ""
    withheld: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()


def write(paper: Filed) -> str:
    """As text for a column."""
    return msgspec.json.encode(paper).decode()


def read(text: str) -> Filed:
    """From its column."""
    return decode(text, Filed)


def from_partner(said: Mapping[str, Value]) -> Filed:
    """What a partner's fields say; every value was fitted to its shape before, unknown ones are gone."""
    kinds, hashes = texts(said, "evidence_ids"), texts(said, "evidence_hashes")
    pieces = tuple(Proof(kind[:40], digest[:64]) for kind, digest in zip(kinds, hashes, strict=False))
    return Filed(
        url=next(iter(texts(said, "urls")), ""),
        external_id=next(iter(texts(said, "external_ids")), "")[:200],
        marketplace="",
        title="",
        brand=text(said, "brand")[:200],
        right_id=text(said, "right_id")[:40],
        right_office=text(said, "right_office")[:10],
        right_number=text(said, "right_number")[:60],
        right_owner=text(said, "right_owner")[:300],
        ground=text(said, "ground")[:40],
        explanation=text(said, "explanation")[:LONGEST_EXPLANATION],
        country=text(said, "country")[:2],
        evidence=pieces[:MOST_EVIDENCE],
        declarations=(text(said, "statement"),) if said.get("statement") else (),
    )


def completed(paper: Filed, said: Mapping[str, Value], *, in_words: bool) -> Filed:
    """A notice that lacked something, with what an answer brings: fields are put in, evidence is added.

    `in_words`: the words of the answer are part of what was missing, so they join the explanation.
    """
    more = from_partner(said)
    kept = {name: getattr(more, name) or getattr(paper, name) for name in _COMPLETED}
    words = (paper.explanation, more.explanation) if in_words else (paper.explanation,)
    return msgspec.structs.replace(
        paper,
        **kept,
        explanation="\n".join(one for one in words if one.strip())[:LONGEST_EXPLANATION],
        evidence=tuple(dict.fromkeys((*paper.evidence, *more.evidence)))[:MOST_EVIDENCE],
        declarations=tuple(dict.fromkeys((*paper.declarations, *more.declarations))),
    )


def with_offer(paper: Filed, *, marketplace: str, title: str) -> Filed:
    """The notice with what the marketplace itself knows of the offer."""
    return msgspec.structs.replace(paper, marketplace=marketplace, title=title[:500])


def without_words(paper: Filed) -> Filed:
    """The notice as it stays when its words have gone: offer, right, reason, and the hashes of its papers."""
    return msgspec.structs.replace(paper, explanation="", fields={})


def text(said: Mapping[str, Value], name: str) -> str:
    """A field as storable text; empty when it is absent or no text."""
    value = said.get(name)
    return value if isinstance(value, str) and is_storable(value) else ""


def texts(said: Mapping[str, Value], name: str) -> tuple[str, ...]:
    """A field as storable texts."""
    value = said.get(name)
    return tuple(one for one in value if is_storable(one)) if isinstance(value, tuple) else ()
