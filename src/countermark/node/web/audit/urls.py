"""Addresses of the audit trail."""

from django.urls import path

from countermark.node.web.audit import views

urlpatterns = [path("", views.trail, name="audit")]
