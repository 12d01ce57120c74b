"""A notice to a marketplace without a node: said through a channel, in plain fields that every connector knows."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from countermark.law.drafts import Problem
from countermark.law.regime import Regime
from countermark.node.channels import outbox
from countermark.node.channels.letters import Cargo, Enclosed, Letter
from countermark.node.channels.models import Channel
from countermark.node.channels.selectors import open_channels
from countermark.node.channels.shelf import connector
from countermark.node.notices import lawyer, papers, reasons
from countermark.node.notices.attachments import Attachment
from countermark.node.notices.models import Notice
from countermark.node.notices.papers import Filed
from countermark.node.notices.states import Deed
from countermark.node.parties.access import Member

_CARGO = {
    "notice.withdrawn": Cargo.WITHDRAWAL,
    "notice.answered": Cargo.ANSWER,
    "notice.replied": Cargo.ANSWER,
    "notice.accepted": Cargo.ANSWER,
    "notice.complained": Cargo.ANSWER,
    "notice.suit": Cargo.SUIT,
}


@dataclass(frozen=True, slots=True)
class ChannelChoice:
    """A channel that a notice can go through: its id, its name, and the marketplace at its end."""

    id: str
    name: str
    marketplace: str


def open_to(member: Member) -> tuple[Channel, ...]:
    """Channels of the member's organisation that carry notices, by name."""
    return open_channels(member.organisation_id, Cargo.NOTICE)


def choice_of(channel: Channel) -> ChannelChoice:
    """A channel as it is offered."""
    return ChannelChoice(channel.public_id, channel.name, channel.marketplace)


def problems(channel: Channel, letter: Letter) -> list[Problem]:
    """What the channel would refuse, as the pre-flight says it."""
    found = [Problem(one.field, one.code, one.message, one.mend) for one in outbox.problems_of(channel, letter)]
    if letter.enclosed and not connector(channel.connector).limits.enclosed:
        said, mend = "This channel carries no papers.", "Bring them to the marketplace in another way if it asks."
        found.append(Problem("evidence", "channel-no-papers", said, mend, blocks=False))
    return found


def known(channel: Channel, ground: str) -> dict[str, str]:
    """Fields of a notice that a channel knows of itself."""
    return dict(connector(channel.connector).known(outbox.place_of(channel), ground))


def letter(notice_id: str, regime: Regime, paper: Filed, signer: str, enclosed: tuple[Enclosed, ...]) -> Letter:
    """A notice as a letter."""
    grounds = {one.id: one.title for one in regime.file.asked.grounds}
    kinds = regime.file.asked.evidence
    fields = {
        **_about(notice_id, paper),
        "law": regime.file.title,
        "ground": paper.ground,
        "ground_title": grounds.get(paper.ground, paper.ground),
        "explanation": paper.explanation,
        "declarations": "\n".join(paper.declarations),
        "signer": signer,
        "evidence": "\n".join(f"{kinds.get(one.kind, one.kind)}: SHA-256 {one.digest}" for one in paper.evidence),
    }
    fields |= {name: paper.fields.get(name, "") for name, _title in lawyer.codes(regime.id)}
    return Letter(cargo=Cargo.NOTICE, subject=notice_id, key=f"file {notice_id}", fields=fields, enclosed=enclosed)


def enclosed_of(evidence: tuple[tuple[str, Attachment], ...]) -> tuple[Enclosed, ...]:
    """Papers that were brought with a notice, as they go along."""
    return tuple(Enclosed(one.name, one.media_type, one.sha256, one.data) for _, one in evidence)


def say(notice: Notice, channel: Channel) -> str:
    """Put a filed notice on its way, in the caller's transaction; gives the id of the dispatch.

    Raises:
        Invalid: the channel would refuse it now.
    """
    pieces = tuple(Enclosed(p.name, p.media_type, p.sha256, bytes(p.data)) for p in notice.pieces.order_by("pk"))
    signer = notice.signed.order_by("pk").values_list("signer", flat=True).first() or ""
    made = letter(notice.public_id, lawyer.regime(notice.regime), papers.read(notice.paper), signer, pieces)
    tries = notice.happenings.filter(deed=Deed.FAIL).count()
    if tries:
        # The platform could not take it before: this is another message, no repetition of that one.
        made = replace(made, key=f"{made.key} again {tries}")
    return outbox.put(channel, made).public_id


def tell(notice: Notice, channel: Channel, kind: str, fields: Mapping[str, object]) -> str:
    """Put what was done later on its way: a withdrawal, an answer, a suit; gives the id of the dispatch.

    What the channel does not carry stands in it as failed, until a person says that it was told in another way.
    """
    reason = str(fields.get("withdrawn_reason", ""))
    said = {
        **_about(notice.public_id, papers.read(notice.paper)),
        "reason": reasons.words_of(reason) if reason else "",
        "words": _whose(kind) + str(fields.get("explanation", "")),
    }
    key = f"{kind} {notice.public_id} {notice.happenings.count()}"
    made = Letter(cargo=_CARGO[kind], subject=notice.public_id, key=key, fields=said)
    return outbox.put(channel, made).public_id


def _whose(kind: str) -> str:
    """Whom the words are for, where it is not the platform itself."""
    return "For the seller: " if kind == "notice.replied" else ""


def _about(notice_id: str, paper: Filed) -> dict[str, str]:
    return {
        "notice_id": notice_id,
        "marketplace": paper.marketplace,
        "item_id": paper.external_id,
        "url": paper.url,
        "title": paper.title,
        "country": paper.country,
        "brand": paper.brand,
        "right_title": paper.right_title,
        "right_kind": paper.right_kind,
        "right_office": paper.right_office,
        "right_number": paper.right_number,
        "right_owner": paper.fields.get("holder_identity") or paper.right_owner,
        "contact": paper.fields.get("contact") or paper.fields.get("notifier_email", ""),
    }
