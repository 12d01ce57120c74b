"""Reference pictures of a right: add several at once, take one away."""

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from countermark.model import ImageRole
from countermark.node.kernel.errors import Invalid
from countermark.node.parties.access import Member
from countermark.node.parties.permissions import Permission
from countermark.node.rights import selectors, services
from countermark.node.web.door import with_member
from countermark.node.web.rights import looking_back
from countermark.node.web.rights.views import detail_of

#: Largest picture file that is read; the evidence room refuses smaller ones for other reasons.
LARGEST = 20 * 1024 * 1024


@require_POST
@with_member
def add(request: HttpRequest, member: Member, right_id: str) -> HttpResponseBase:
    """Add each picture that can be taken; say of the others what is wrong with them."""
    member.require(Permission.RIGHTS_EDIT)
    role = ImageRole.LOGO if request.POST.get("role") == ImageRole.LOGO.value else ImageRole.OFFICIAL
    files = request.FILES.getlist("pictures")
    problems = [] if files else [_("No picture was chosen.")]
    added = 0
    for file in files:
        problem = _add(member, right_id, file, role)
        added += not problem
        problems += [problem] if problem else []
    if added:
        looking_back.order(member, right_id)
        messages.success(request, ngettext("%(n)d picture added.", "%(n)d pictures added.", added) % {"n": added})
    if problems:
        shown = detail_of(member, selectors.right(member, right_id)) | {"picture_problems": problems}
        return render(request, "rights/detail.html", shown, status=422)
    return HttpResponseRedirect(f"{reverse('web:right', args=[right_id])}#pictures", status=303)


@require_POST
@with_member
def remove(request: HttpRequest, member: Member, right_id: str, reference_id: str) -> HttpResponseBase:
    """Take a picture away from its right; as evidence it stays."""
    services.remove_reference(member, reference_id)
    looking_back.order(member, right_id)
    messages.success(request, _("Picture removed from the right. Findings that rest on it keep it as evidence."))
    return HttpResponseRedirect(f"{reverse('web:right', args=[right_id])}#pictures", status=303)


def _add(member: Member, right_id: str, file: "UploadedFile[Any]", role: ImageRole) -> str:
    """Add one; gives what is wrong with it, or nothing."""
    name = (file.name or "")[:80]
    if (file.size or 0) > LARGEST:
        return _("%(name)s is larger than 20 MB. Make it smaller and send it again.") % {"name": name}
    try:
        services.add_reference(member, right_id, file.read(), role)
    except Invalid as refused:
        return f"{name}: {refused.detail}"
    return ""
