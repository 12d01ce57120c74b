"""Begin an agreement: the partner's card, from its node or from a file; then a draft with standard terms."""

import re
from typing import Any
from urllib.parse import urlsplit

import msgspec
import structlog
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from countermark.node.exchange import lines, selectors
from countermark.node.exchange.agreeing import cards, drafting
from countermark.node.exchange.documents import Card, read_card
from countermark.node.exchange.rules.terms import standard_terms, write_terms
from countermark.node.exchange.wire.partner_problems import PartnerProblem
from countermark.node.kernel.errors import Conflict, Invalid
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.node.web.door import with_member
from countermark.node.web.exchange import sentences
from countermark.node.web.fields import PageForm, line
from countermark.proof.refusals import Refused

log = structlog.get_logger(__name__)

#: A card holds names and a dozen keys.
LARGEST_CARD = 64 * 1024
_HOST = re.compile(r"(?=.{1,200}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}(?::\d{1,5})?", re.IGNORECASE)
_LOOPBACK = re.compile(r"(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?", re.IGNORECASE)


class PartnerForm(PageForm):
    """Where the card comes from: an address, a file, or a text."""

    address = line(
        gettext_lazy("Address of the partner's node"),
        longest=300,
        help_text=gettext_lazy("Such as node.bazaar.example. Ask the partner for it."),
        inputmode="url",
        autocomplete="off",
        spellcheck="false",
    )
    file = forms.FileField(
        label=gettext_lazy("File of the card"),
        required=False,
        help_text=gettext_lazy("The partner downloads it on its own page “Begin an agreement”. At most 64 KB."),
    )
    text = forms.CharField(
        label=gettext_lazy("Or the card as text"), required=False, max_length=LARGEST_CARD, widget=forms.Textarea
    )

    def clean_address(self) -> str:
        """A host name, with a port where there is one."""
        return node_name(self.cleaned_data["address"]) if self.cleaned_data["address"] else ""

    def clean_file(self) -> bytes:
        """The bytes of the file."""
        file = self.cleaned_data["file"]
        if not file:
            return b""
        if file.size > LARGEST_CARD:
            raise forms.ValidationError(_("The file is larger than any card. Choose the card of the partner's node."))
        return bytes(file.read(LARGEST_CARD + 1))

    def clean(self) -> dict[str, Any]:
        """Exactly one of the three."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        given = [name for name in ("address", "file", "text") if cleaned.get(name)]
        if not self.errors and len(given) != 1:
            raise forms.ValidationError(_("Give either an address, or a file, or the text of a card."))
        return cleaned


def node_name(written: str) -> str:
    """The name of a node in what a person wrote: `https://` before it and `/` after it are forgiven.

    Raises:
        ValidationError: spaces, a name or password in it, a path, no host name, or this machine itself.
    """
    bare = written.strip()
    if any(map(str.isspace, bare)):
        raise forms.ValidationError(_("An address holds no spaces."))
    if bare.lower().startswith("http://") and not settings.COUNTERMARK_LOOPBACK_PARTNERS:
        raise forms.ValidationError(_("Nodes speak to one another by https only. Leave http:// out."))
    parts = _split(bare)
    if "@" in parts.netloc:
        raise forms.ValidationError(_("An address holds no user name and no password. Write the host name alone."))
    if parts.path not in ("", "/") or parts.query or parts.fragment or parts.scheme not in ("https", "http"):
        raise forms.ValidationError(_("Write the host name alone, without anything after it."))
    if _LOOPBACK.fullmatch(parts.netloc):
        if settings.COUNTERMARK_LOOPBACK_PARTNERS:
            return str(parts.netloc).lower()
        raise forms.ValidationError(_("This is the machine on which this node runs, not a partner's."))
    if not _HOST.fullmatch(parts.netloc):
        raise forms.ValidationError(_("This is no host name. Write it like node.bazaar.example."))
    return str(parts.netloc).lower()


def _split(bare: str) -> Any:
    try:
        return urlsplit(bare if "://" in bare else f"https://{bare}")
    except ValueError as error:
        raise forms.ValidationError(_("This is no host name. Write it like node.bazaar.example.")) from error


@require_http_methods(["GET", "HEAD", "POST"])
@with_member
def new(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Ask for the card; then show it."""
    member.require(Permission.AGREEMENTS_MANAGE)
    if request.method != "POST":
        return _form(request, PartnerForm())
    form = PartnerForm(request.POST, request.FILES)
    if not form.is_valid():
        return _form(request, form, status=422)
    card = _card(member, form)
    if card is None:
        return _form(request, form, status=422)
    return _introduced(request, card)


@require_POST
@with_member
def draft(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Write a draft with standard terms for the two kinds of organisations."""
    member.require(Permission.AGREEMENTS_MANAGE)
    try:
        card = read_card(request.POST.get("card", "")[:LARGEST_CARD].encode())
    except Refused as refused:
        raise Invalid.of("card", refused.code, sentences.reason(refused.code), _("Begin anew.")) from refused
    try:
        terms = write_terms(standard_terms(member.organisation_kind, card.kind))
        row = drafting.draft(member, card, terms)
    except (Invalid, Conflict) as problem:
        return _introduced(request, card, problem=problem)
    messages.success(request, _("A draft with standard terms. Read it, change it, then offer it."))
    return HttpResponseRedirect(reverse("web:agreement", args=[row.name]), status=303)


@require_safe
@with_member
def our_card(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Our own card, to be given to a partner that cannot fetch it."""
    member.require(Permission.EXCHANGE_VIEW)
    data = msgspec.json.encode(cards.our_card(member.organisation_id), order="deterministic")
    response = HttpResponse(data + b"\n", content_type="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="card.json"'
    return response


def _card(member: Member, form: PartnerForm) -> Card | None:
    """The card; None when there is none, and the form says why."""
    given = form.cleaned_data
    name = next(one for one in ("address", "file", "text") if given[one])
    try:
        if name == "address":
            return lines.fetch_card(member.organisation_id, given["address"])
        return read_card(given["file"] or given["text"].encode())
    except Refused as refused:
        form.add_error(name, _("This is no card: %(why)s") % {"why": sentences.reason(refused.code)})
    except PartnerProblem as problem:
        log.info("agreements.card_not_fetched", code=problem.code)
        form.add_error(name, _("The card could not be fetched. %(why)s") % {"why": str(problem)})
    except Conflict as problem:
        form.add_error(None, problem.detail)
    except ValueError:
        form.add_error(name, _("This is no address of a node."))
    return None


def _form(request: HttpRequest, form: PartnerForm, *, status: int = 200) -> HttpResponse:
    return render(request, "agreements/new.html", {"form": form}, status=status)


def _introduced(request: HttpRequest, card: Card, *, problem: Invalid | Conflict | None = None) -> HttpResponse:
    shown = {
        "party": selectors.introduced(card),
        "card_json": msgspec.json.encode(card).decode(),
        "problem": problem,
    }
    return render(request, "agreements/card.html", shown, status=problem.status if problem else 200)
