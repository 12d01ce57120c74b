"""Addresses of the law."""

from django.urls import path

from countermark.node.web.lawbook import views

urlpatterns = [
    path("", views.regimes, name="lawbook"),
    path("counting/", views.counting, name="lawbook-counting"),
    path("rule/<path:name>/", views.rule, name="lawbook-rule"),
    path("<slug:regime_id>/", views.regime, name="lawbook-regime"),
]
