"""What the programme of a platform asks of a notice besides a law: whose it is, its codes, its own names for things."""

from countermark.law.asked import Ground, Paper
from countermark.law.drafts import Problem
from countermark.law.regime import Regime
from countermark.node.channels.models import Channel
from countermark.node.exchange.models import Agreement
from countermark.node.notices import lawyer, through
from countermark.node.notices.knowing import Known
from countermark.node.notices.papers import Filed


def followed_by(known: Known, agreement: Agreement | None, channel: Channel | None) -> str:
    """Whose programme the other side follows: the channel says it, or the record beside the agreement."""
    if channel is not None:
        return channel.platform
    return known.followed.get(agreement.pk, "") if agreement is not None else ""


def others_rules(regime: Regime, platform: str) -> list[Problem]:
    """A programme that the other side does not follow would bind nobody there."""
    if lawyer.follows(regime.id, platform):
        return []
    said = f"The other side is not known to follow this: {regime.file.title}."
    mend = "Choose the law of the country, or write on the channel or the agreement whose programme it follows."
    return [Problem("regime", "not-their-programme", said, mend)]


def known_fields(regime: Regime, channel: Channel | None, platform: str, ground: Ground | None) -> dict[str, str]:
    """What nobody has to write: the code of the reason, the platform's own name; a finding is about one listing."""
    wanted = {one.id for one in regime.file.asked.fields if Paper.NOTICE in one.of}
    found = {"complaint_type": "listing", "platform_name": regime.file.applies.names.get(platform, "")}
    if ground is not None:
        found["reason_code"] = ground.code
        found |= through.known(channel, ground.id) if channel is not None else {}
    return {name: value for name, value in found.items() if value and name in wanted}


def with_codes(regime_id: str, paper: Filed) -> str:
    """The explanation, and below it what a platform's programme asks besides: codes and names, nothing of a person."""
    lines = [f"{title}: {paper.fields[name]}" for name, title in lawyer.codes(regime_id) if paper.fields.get(name)]
    return "\n".join((paper.explanation, *lines)) if lines else paper.explanation
