"""Addresses of test purchases."""

from django.urls import path

from countermark.node.web.purchases import papers, recording, views

urlpatterns = [
    path("", views.purchases, name="purchases"),
    path("order/<slug:listing_id>/", recording.order, name="purchase-order"),
    path("<slug:purchase_id>/", views.purchase, name="purchase"),
    path("<slug:purchase_id>/do/<slug:act>/", recording.act, name="purchase-act"),
    path("<slug:purchase_id>/correct/<int:seq>/", recording.correct, name="purchase-correct"),
    path("<slug:purchase_id>/check/", views.check, name="purchase-check"),
    path("<slug:purchase_id>/bag/", views.bag, name="purchase-bag"),
    path("<slug:purchase_id>/exhibit/", papers.exhibit, name="purchase-exhibit"),
    path("<slug:purchase_id>/papers/<str:name>/", papers.paper, name="purchase-paper"),
    path("<slug:purchase_id>/hold/", views.hold, name="purchase-hold"),
    path("<slug:purchase_id>/data/<path:name>", views.file, name="purchase-file"),
]
