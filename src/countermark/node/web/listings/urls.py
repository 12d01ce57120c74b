"""Addresses of listings and of their imports."""

from django.urls import path

from countermark.node.web.listings import imports, views

urlpatterns = [
    path("", views.listings, name="listings"),
    path("import/", imports.start, name="import-start"),
    path("imports/", imports.imports, name="imports"),
    path("imports/<slug:import_id>/", imports.report, name="import"),
    path("imports/<slug:import_id>/problems.csv", imports.problems, name="import-problems"),
    path("imports/<slug:import_id>/cancel/", imports.cancel, name="import-cancel"),
    path("sellers/<slug:seller_id>/", views.seller, name="shop"),
    path("<slug:listing_id>/", views.listing, name="listing"),
]
