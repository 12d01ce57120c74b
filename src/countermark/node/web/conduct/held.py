"""What a seller whose payments are held reads, behind its link and without an account."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.views.decorators.http import require_safe

from countermark.node.conduct import payees
from countermark.node.kernel.errors import NotFound
from countermark.node.web.notices.seller import in_language, language_for, private


@require_safe
def held(request: HttpRequest, token: str) -> HttpResponseBase:
    """What is held and until when, why, how to answer, whom else to ask, and what happened; answers go to `seller`."""
    language = language_for(request, "")
    with translation.override(language):
        shown: dict[str, object] = {"about_payments": True}
        try:
            shown |= {"page": payees.for_payee(token, language), "token": token, "answer_at": "web:payee-measure"}
        except NotFound:
            return private(in_language(request, "notices/seller_closed.html", shown, 404))
        return private(in_language(request, "conduct/held.html", shown, 200))
