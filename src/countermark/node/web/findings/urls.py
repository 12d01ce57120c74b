"""Addresses of findings."""

from django.urls import path

from countermark.node.web.findings import views

urlpatterns = [
    path("", views.findings, name="findings"),
    path("<slug:finding_id>/", views.finding, name="finding"),
]
