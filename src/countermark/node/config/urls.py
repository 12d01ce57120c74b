"""Addresses of the node: accounts by allauth, everything else by the pages."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.urls")),
    path("", include("countermark.node.web.urls")),
]
