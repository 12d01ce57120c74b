"""Addresses of evidence."""

from django.urls import path

from countermark.node.web.evidences import papers, views

urlpatterns = [
    path("capture/<slug:listing_id>/", views.capture, name="evidence-capture"),
    path("<slug:evidence_id>/", views.evidence, name="evidence"),
    path("<slug:evidence_id>/check/", views.check, name="evidence-check"),
    path("<slug:evidence_id>/hold/", views.hold, name="evidence-hold"),
    path("<slug:evidence_id>/bag/", views.bag, name="evidence-bag"),
    path("<slug:evidence_id>/receipt/", views.receipt, name="evidence-receipt"),
    path("<slug:evidence_id>/exhibit/", papers.exhibit, name="evidence-exhibit"),
    path("<slug:evidence_id>/pack/", papers.pack, name="evidence-pack"),
    path("<slug:evidence_id>/approval/", papers.approve, name="evidence-approval"),
    path("<slug:evidence_id>/papers/<str:name>/", papers.paper, name="evidence-paper"),
    path("<slug:evidence_id>/files/<slug:sha256>/", views.file, name="evidence-file"),
]
