"""The exhibit of a test purchase: made once for each act, downloaded byte for byte."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from countermark.node.evidence.purchases.papers import make_purchase_exhibit, open_purchase_exhibit
from countermark.node.exchange.hands import evidence_hand
from countermark.node.listings.selectors import offer_of
from countermark.node.parties.access import Member
from countermark.node.web.door import with_member
from countermark.node.web.purchases.views import download


@require_POST
@with_member
def exhibit(request: HttpRequest, member: Member, purchase_id: str) -> HttpResponseBase:
    """Make the exhibit in a language as the purchase stands; one that was made before is the same for ever."""
    language = request.POST.get("language", "")
    make_purchase_exhibit(member, purchase_id, language, lambda: evidence_hand(member), partial(offer_of, member))
    messages.success(request, _("The exhibit is made. It lies below, and in every bag from now on."))
    return HttpResponseRedirect(f"{reverse('web:purchase', args=[purchase_id])}#papers-title", status=303)


@require_safe
@with_member
def paper(request: HttpRequest, member: Member, purchase_id: str, name: str) -> HttpResponseBase:
    """A paper byte for byte as it was made, as a download."""
    opened = open_purchase_exhibit(member, purchase_id, name)
    return download(HttpResponse(opened.data), opened.name)
