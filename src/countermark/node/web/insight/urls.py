"""Addresses of figures."""

from django.urls import path

from countermark.node.web.insight import views

urlpatterns = [
    path("", views.joint, name="insight"),
    path("<str:name>/", views.one, name="figures"),
    path("<str:name>/figures.csv", views.table, name="figures-table"),
]
