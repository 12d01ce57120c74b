"""What tests of negotiating share: a card, a colleague, a page as text, a form as a browser sends it."""

import msgspec
from django.urls import reverse

from countermark.node.exchange.factories import Team
from countermark.node.parties.factories import make_member
from countermark.node.parties.models import Organisation
from countermark.node.parties.permissions import Role


def card_of(team: Team) -> bytes:
    return msgspec.json.encode(team.market.card)


def colleague(team: Team, role: Role):
    return make_member(role, Organisation.objects.get(pk=team.brand.organisation_id))


def text_of(look, answer) -> str:
    return " ".join(look(answer.content).css_first("main").text().split())


def at(team: Team, act: str = "", name: str = "") -> str:
    return reverse(f"web:agreement{act and f'-{act}'}", args=[name or team.brand.agreement_name])


def form_of(look, answer) -> dict[str, list[str]]:
    """What a browser would send back unchanged."""
    sent: dict[str, list[str]] = {}
    form = look(answer.content).css_first("main form.terms")
    for one in form.css("input, textarea, select"):
        name, kind = one.attributes.get("name"), one.attributes.get("type")
        if one.tag == "select":
            chosen = one.css_first("option[selected]") or one.css_first("option")
            sent.setdefault(name, []).append(chosen.attributes.get("value") or "")
        elif kind == "checkbox":
            if "checked" in one.attributes:
                sent.setdefault(name, []).append(one.attributes.get("value") or "on")
        elif name != "csrfmiddlewaretoken":
            value = one.text() if one.tag == "textarea" else one.attributes.get("value")
            sent.setdefault(name, []).append(value or "")
    return sent
