"""What the programme of a platform asks of a notice besides a law: whose it is, its codes, its own names for things."""

from countermark.law.asked import Ground, Paper
from countermark.law.drafts import Problem
from countermark.law.regime import Regime
from countermark.model import Right, RightKind
from countermark.node.channels.models import Channel
from countermark.node.exchange.models import Agreement
from countermark.node.notices import lawyer, through
from countermark.node.notices.knowing import Known
from countermark.node.notices.papers import Filed
from countermark.node.notices.programmes import Programme


def followed_by(known: Known, agreement: Agreement | None, channel: Channel | None) -> Programme:
    """What the other side follows: the channel says it, or the record beside the agreement."""
    if channel is not None:
        return Programme(channel.platform)
    return known.programmes.get(agreement.pk, Programme()) if agreement is not None else Programme()


def others_rules(regime: Regime, platform: str) -> list[Problem]:
    """A programme that the other side does not follow would bind nobody there."""
    if lawyer.follows(regime.id, platform):
        return []
    said = f"The other side is not known to follow this: {regime.file.title}."
    mend = "Choose the law of the country, or write on the channel or the agreement whose programme it follows."
    return [Problem("regime", "not-their-programme", said, mend)]


def known_fields(
    regime: Regime,
    channel: Channel | None,
    programme: Programme,
    ground: Ground | None,
    right: Right | None,
    country: str,
) -> dict[str, str]:
    """What nobody has to write: the code of the reason, the platform's own name, the patent, the country.

    A finding is about one listing. The code that is printed in the programme goes before one that somebody noted.
    """
    found = {"complaint_type": "listing", "platform_name": regime.file.applies.names.get(programme.platform, "")}
    if ground is not None:
        found["reason_code"] = ground.code or programme.codes.get(ground.id, "")
        found |= through.known(channel, ground.id) if channel is not None else {}
    if right is not None and right.kind == RightKind.PATENT:
        found["patent_numbers"] = right.number or ""
    found["countries"] = country
    wanted = {one.id for one in regime.file.asked.fields if Paper.NOTICE in one.of and _is_for(one.reasons, ground)}
    return {name: value for name, value in found.items() if value and name in wanted}


def _is_for(reasons: tuple[str, ...], ground: Ground | None) -> bool:
    return not reasons or (ground is not None and ground.id in reasons)


def with_codes(regime_id: str, paper: Filed) -> str:
    """The explanation, and below it what a platform's programme asks besides: codes and names, nothing of a person."""
    lines = [f"{title}: {paper.fields[name]}" for name, title in lawyer.codes(regime_id) if paper.fields.get(name)]
    return "\n".join((paper.explanation, *lines)) if lines else paper.explanation


def without_codes(regime_id: str, text: str) -> tuple[str, dict[str, str]]:
    """The words of an explanation, and the codes that stand in lines of their own: `with_codes`, backwards."""
    names = {title: name for name, title in lawyer.codes(regime_id)}
    words, found = list[str](), dict[str, str]()
    for line in text.split("\n"):
        title, _sep, value = line.partition(": ")
        if title in names:
            found[names[title]] = value.strip()
        else:
            words.append(line)
    return "\n".join(words), found
