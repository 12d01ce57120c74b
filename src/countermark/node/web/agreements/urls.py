"""Addresses of agreements."""

from django.urls import path

from countermark.node.web.agreements import acts, beginning, programme, signing, terms_page, views

urlpatterns = [
    path("", views.agreements, name="agreements"),
    path("new/", beginning.new, name="agreement-new"),
    path("card/", beginning.our_card, name="agreement-card"),
    path("new/draft/", beginning.draft, name="agreement-draft"),
    path("<slug:name>/", views.agreement, name="agreement"),
    path("<slug:name>/programme/", programme.follow, name="agreement-programme"),
    path("<slug:name>/terms/", terms_page.edit, name="agreement-terms"),
    path("<slug:name>/fingerprints/", signing.fingerprints, name="agreement-fingerprints"),
    path("<slug:name>/sign/", signing.sign, name="agreement-sign"),
    path("<slug:name>/document/<slug:digest>/", views.document, name="agreement-document"),
    *(
        path(f"<slug:name>/{act}/", acts.act, {"act": act}, name=f"agreement-{act}")
        for act in ("offer", "decline", "suspend", "resume", "end")
    ),
]
