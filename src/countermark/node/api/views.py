"""One view for each thing that a partner's node asks."""

import msgspec
from django.http import HttpRequest, HttpResponse

from countermark.node.api.doors import answered, check_caller, check_method, with_agreement
from countermark.node.exchange import answering, callers
from countermark.node.exchange.agreeing import arriving
from countermark.node.exchange.agreeing.cards import our_card
from countermark.node.exchange.agreeing.versions import identity_of
from countermark.node.exchange.callers import AgreementRow
from countermark.node.exchange.documents import read_offer, read_refusal, read_signature
from countermark.node.exchange.pages import MOST_ENTRIES
from countermark.node.exchange.wire.django_requests import signed_url
from countermark.proof.ijson import read_object
from countermark.proof.refusals import Refused

_JSON, _TEXT = "application/json", "text/plain; charset=utf-8"


@answered
def card(request: HttpRequest) -> HttpResponse:
    """How this node introduces itself: open to anyone, believed by nobody before people compared the fingerprint."""
    check_method(request, "GET")
    return _json(our_card(callers.organisation_at(request.get_host())))


@answered
def offers(request: HttpRequest) -> HttpResponse:
    """Take an offer of an agreement, to be read by people."""
    check_method(request, "POST")
    organisation = callers.organisation_at(request.get_host())
    document, kind = read_offer(request.body)
    check_caller(request, signed_url(request), callers.key_in_offer(document, identity_of(organisation).party))
    arriving.take_offer(organisation, document, kind)
    return _json({"taken": document.digest}, status=202)


@with_agreement("POST", discussed=True)
def signature(request: HttpRequest, agreement: AgreementRow) -> HttpResponse:
    """Take the partner's signature of a version."""
    said = read_signature(request.body)
    if said.agreement != agreement.name:
        raise Refused("wrong-agreement")
    in_force = arriving.take_signature(agreement.organisation_id, said, agreement.partner)
    return _json({"in_force": in_force})


@with_agreement("POST", discussed=True)
def refusal(request: HttpRequest, agreement: AgreementRow) -> HttpResponse:
    """Take the word that the partner declines."""
    said = read_refusal(request.body)
    if said.agreement != agreement.name:
        raise Refused("wrong-agreement")
    arriving.take_refusal(agreement.organisation_id, said, agreement.partner)
    return _json({"taken": True})


@with_agreement("GET")
def entries(request: HttpRequest, agreement: AgreementRow) -> HttpResponse:
    """Entries of our feed after a place, waiting for news when asked to."""
    after, most, wait = (_number(request, *one) for one in (("after", 0), ("most", MOST_ENTRIES), ("wait", 0)))
    return HttpResponse(answering.entries_after(agreement, after, most, wait), content_type=_JSON)


@with_agreement("POST")
def hint(request: HttpRequest, _agreement: AgreementRow) -> HttpResponse:
    """Hear that there is news: that the partner asks at all has ended our waiting already; nothing of it is kept."""
    said = read_object(request.body)
    seq = said.get("seq")
    if not isinstance(seq, int) or isinstance(seq, bool) or set(said) != {"seq"}:
        raise Refused("not-an-entry", "A hint says how far the feed goes, and nothing else.")
    return HttpResponse(status=204)


@with_agreement("GET", "POST")
def checkpoint(request: HttpRequest, agreement: AgreementRow) -> HttpResponse:
    """Give our newest checkpoint, or witness the partner's."""
    if request.method == "GET":
        return HttpResponse(answering.newest_checkpoint(agreement), content_type=_TEXT)
    return HttpResponse(answering.cosign_checkpoint(agreement, request.body), content_type=_TEXT)


@with_agreement("GET")
def witnessed(request: HttpRequest, agreement: AgreementRow) -> HttpResponse:
    """Give the partner back the newest checkpoint of its own log that we cosigned."""
    return HttpResponse(answering.witnessed_of(agreement), content_type=_TEXT)


@with_agreement("GET")
def log_proof(request: HttpRequest, agreement: AgreementRow, entry_id: str) -> HttpResponse:
    """Prove that an entry stands in our log."""
    return HttpResponse(answering.proof_of(agreement, entry_id), content_type=_TEXT)


def _number(request: HttpRequest, name: str, default: int) -> int:
    text = request.GET.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit()) or len(text) > 15:
        raise Refused("not-an-entry", f"{name} is a whole number.")
    return int(text)


def _json(value: object, status: int = 200) -> HttpResponse:
    return HttpResponse(msgspec.json.encode(value), status=status, content_type=_JSON)
