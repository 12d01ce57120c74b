"""Addresses of tokens."""

from django.urls import path

from countermark.node.web.tokens import views

urlpatterns = [
    path("", views.page, name="tokens"),
    path("add/", views.add, name="token-add"),
    path("<int:key>/revoke/", views.revoke, name="token-revoke"),
]
