"""Addresses of one's own preferences."""

from django.urls import path

from countermark.node.web.me import views

urlpatterns = [
    path("", views.me, name="me"),
    path("preferences/", views.save, name="me-save"),
    path("keys/reset/", views.reset_keys, name="me-keys-reset"),
]
