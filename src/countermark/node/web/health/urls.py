"""Addresses of health."""

from django.urls import path

from countermark.node.web.health import views

urlpatterns = [
    path("live", views.live, name="health-live"),
    path("ready", views.ready, name="health-ready"),
]
