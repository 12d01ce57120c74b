"""Compare fingerprints aloud, then sign: with a signature made elsewhere, or with a key that lies on the node."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from countermark.node.exchange import selectors
from countermark.node.exchange.agreeing import here
from countermark.node.exchange.agreeing.signing import confirm_fingerprint
from countermark.node.exchange.agreeing.signing import sign as sign_document
from countermark.node.exchange.shown import AgreementShown
from countermark.node.kernel.errors import Conflict, Invalid
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.node.web.agreements import wording
from countermark.node.web.agreements.views import context_of_party, possible
from countermark.node.web.door import with_member
from countermark.node.web.exchange import banner
from countermark.node.web.fields import PageForm
from countermark.node.web.proving import with_proven_member


class SignatureForm(PageForm):
    """A signature that was made elsewhere, or the passphrase of the key that lies here."""

    file = forms.FileField(
        label=gettext_lazy("Signed file"),
        required=False,
        help_text=gettext_lazy("As “countermark node keys sign-agreement” wrote it."),
    )
    signature = forms.CharField(
        label=gettext_lazy("Or the signature as text"), required=False, max_length=here.MOST_FILE, widget=forms.Textarea
    )
    passphrase = forms.CharField(
        label=gettext_lazy("Passphrase of the organisation's key"),
        required=False,
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Used once, kept nowhere."),
    )
    read = forms.BooleanField(
        label=gettext_lazy("I have read the document above, and I may sign for my organisation."), required=False
    )

    def clean_file(self) -> str:
        """The text of the file."""
        file = self.cleaned_data["file"]
        if not file:
            return ""
        if file.size > here.MOST_FILE:
            raise forms.ValidationError(_("The file is larger than any signed agreement."))
        try:
            return bytes(file.read(here.MOST_FILE + 1)).decode()
        except UnicodeDecodeError as error:
            raise forms.ValidationError(_("The file is no signed agreement.")) from error

    def clean_read(self) -> bool:
        """Signing without having read is not offered."""
        if not self.cleaned_data["read"]:
            raise forms.ValidationError(_("Read the document first, then tick this."))
        return True


@require_http_methods(["GET", "HEAD", "POST"])
@with_member
def fingerprints(request: HttpRequest, member: Member, name: str) -> HttpResponseBase:
    """Both fingerprints in large digits, and the tick that a person has compared them."""
    member.require(Permission.AGREEMENTS_MANAGE)
    shown = selectors.agreement(member, name)
    problem = ""
    if request.method == "POST":
        if request.POST.get("compared") == "on":
            confirm_fingerprint(member, name)
            messages.success(request, _("Noted: you have compared the fingerprints by voice."))
            return HttpResponseRedirect(reverse("web:agreement", args=[name]), status=303)
        problem = _("Tick that you have compared both fingerprints by voice. If they differ, decline the agreement.")
    context = context_of_party(shown) | {"problem": problem}
    return render(request, "agreements/fingerprints.html", context, status=422 if problem else 200)


@sensitive_post_parameters("passphrase")
@sensitive_variables("form")
@require_http_methods(["GET", "HEAD", "POST"])
@with_proven_member
def sign(request: HttpRequest, member: Member, name: str) -> HttpResponseBase:
    """The document in words, and the two ways to sign it."""
    member.require(Permission.AGREEMENTS_MANAGE)
    shown = selectors.agreement(member, name)
    if request.method != "POST":
        if not possible(member, shown)["sign"]:
            raise Conflict(_("There is nothing to sign now."))
        return _page(request, shown, SignatureForm())
    form = SignatureForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, shown, form, status=422)
    try:
        _sign(member, shown, form.cleaned_data, request.POST.get("digest", ""))
    except Invalid as problem:
        form.take(problem)
        return _page(request, shown, form, status=422)
    banner.look_again(member)
    state = selectors.agreement(member, name).row
    done = _("Signed. The agreement is in force.") if not state.pending else _("Signed. The partner is told.")
    messages.success(request, done)
    return HttpResponseRedirect(reverse("web:agreement", args=[name]), status=303)


@sensitive_variables()
def _sign(member: Member, shown: AgreementShown, given: dict[str, Any], digest: str) -> None:
    if given["passphrase"]:
        here.sign_here(member, shown.row.name, digest, given["passphrase"])
        return
    ours = next((one.id for one in shown.parties if one.ours), "")
    signature = here.signature_in(given["file"] or given["signature"], ours, digest)
    sign_document(member, shown.row.name, digest, signature)


def _page(request: HttpRequest, shown: AgreementShown, form: SignatureForm, *, status: int = 200) -> HttpResponse:
    discussed = shown.discussed
    if discussed is None:
        raise Conflict(_("There is nothing to sign now."))
    against = wording.to_compare_with(shown, discussed)
    context = context_of_party(shown) | {
        "form": form,
        "read": discussed,
        "reading": wording.reading_of(discussed),
        "difference": wording.difference(discussed, against) if against else None,
        "key_lies_here": here.key_lies_here(),
    }
    return render(request, "agreements/sign.html", context, status=status)
