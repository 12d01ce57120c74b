"""Addresses of evidence."""

from django.urls import path

from countermark.node.web.evidences import views

urlpatterns = [
    path("capture/<slug:listing_id>/", views.capture, name="evidence-capture"),
    path("<slug:evidence_id>/", views.evidence, name="evidence"),
    path("<slug:evidence_id>/check/", views.check, name="evidence-check"),
    path("<slug:evidence_id>/hold/", views.hold, name="evidence-hold"),
    path("<slug:evidence_id>/bag/", views.bag, name="evidence-bag"),
    path("<slug:evidence_id>/receipt/", views.receipt, name="evidence-receipt"),
    path("<slug:evidence_id>/files/<slug:sha256>/", views.file, name="evidence-file"),
]
