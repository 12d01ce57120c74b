"""Addresses of scans."""

from django.urls import path

from countermark.node.web.scans import views

urlpatterns = [
    path("", views.scans, name="scans"),
    path("start/", views.start, name="scan-start"),
    path("<slug:scan_id>/", views.scan, name="scan"),
    path("<slug:scan_id>/cancel/", views.cancel, name="scan-cancel"),
    path("<slug:scan_id>/retry/", views.retry, name="scan-retry"),
]
